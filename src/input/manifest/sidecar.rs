//! `--attributes-from`: attributes for single files, by their paths, in CSV, JSON Lines or a JSON array.

use std::collections::HashMap;

use super::{Item, Manifest, ManifestFormat};
use crate::api::validate::advice;
use crate::input::UsageError;
use crate::input::stdin::Stdin;
use crate::json::Value;
use crate::sync::problems_of_attributes;

/// Attributes by the path of the file that they are for.
pub(crate) type Sidecar = HashMap<String, Attributes>;
type Attributes = Vec<(String, Value)>;

const FLAG: &str = "--attributes-from";
const PATH: &str = "path";
const KEYS: [&str; 2] = [PATH, "attributes"];
/// How many problems are told in words.
const MOST_PROBLEMS: usize = 20;

/// Reads the attributes of single files; stdin where `path` is `-`. In CSV the column `path` says whose they are, and every
/// other column is an attribute; elsewhere each element is `{path, attributes}`.
///
/// # Errors
/// When it cannot be read, or with all that is wrong in it.
pub(crate) fn sidecar(path: &str, stdin: &mut Stdin) -> Result<Sidecar, UsageError> {
    read(&mut Manifest::open_for(FLAG, path, None, stdin)?, path)
}

fn read(manifest: &mut Manifest, path: &str) -> Result<Sidecar, UsageError> {
    // A list without a structure has no attributes; its heading alone looks like one.
    if manifest.format == ManifestFormat::Ids {
        manifest.format = ManifestFormat::Csv;
    }
    let items = manifest.items(PATH).map_err(|error| super::failed(FLAG, path, &error))?;
    let mut sidecar = Sidecar::new();
    let mut problems = Vec::new();
    for item in items {
        let place = item.place();
        match entry(item, &place) {
            Ok((path, attributes)) => {
                let quoted = crate::json::quote(&path);
                if sidecar.insert(path, attributes).is_some() {
                    problems.push(format!("{place}: the path {quoted} stands twice"));
                }
            }
            Err(found) => problems.extend(found),
        }
    }
    if problems.is_empty() && sidecar.is_empty() {
        // What was to write it has failed, rather than that all files should lose what they have.
        let hint = "leave the flag out where no file has attributes of its own";
        return Err(UsageError::with_hint(format!("{FLAG} {path}: there is no path in it"), hint));
    }
    if problems.is_empty() {
        return Ok(sidecar);
    }
    let more = problems.len().saturating_sub(MOST_PROBLEMS);
    problems.truncate(MOST_PROBLEMS);
    problems.extend((more > 0).then(|| format!("and {more} more")));
    let list = match problems.as_slice() {
        [problem] => problem.clone(),
        problems => format!("{} problems:\n  {}", problems.len() - usize::from(more > 0) + more, problems.join("\n  ")),
    };
    Err(UsageError::new(format!("{FLAG} {path}: {list}")))
}

/// The path and the attributes that an item has, or all that is wrong with it.
fn entry(item: Item, place: &str) -> Result<(String, Attributes), Vec<String>> {
    let Value::Object(members) = item.file.map_err(|message| vec![format!("{place}: {message}")])? else {
        return Err(vec![format!("{place}: must be a map with `path` and `attributes`")]);
    };
    let mut problems = Vec::new();
    let (mut path, mut attributes) = (None, Attributes::new());
    for (key, value) in members {
        match (key.as_str(), value) {
            (PATH, Value::String(text)) if !text.is_empty() => path = Some(text),
            (PATH, _) => problems.push(format!("{place}: `path` must be a string that is not empty")),
            ("attributes", value) => {
                problems.extend(problems_of_attributes(&value, &place));
                if let Value::Object(members) = value {
                    attributes = members;
                }
            }
            (key, _) => problems.push(format!("{place}: unknown key `{key}`; {}", advice(key, &KEYS))),
        }
    }
    if path.is_none() && problems.is_empty() {
        problems.push(format!("{place}: `path` is missing"));
    }
    match path.filter(|_| problems.is_empty()) {
        Some(path) => Ok((path.strip_prefix("./").unwrap_or(&path).to_owned(), attributes)),
        None => Err(problems),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::{Manifest, read};

    fn told(text: &str) -> Vec<String> {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        match read(&mut Manifest::of(file, None).unwrap(), "a.csv") {
            Ok(sidecar) => {
                let line = |(path, members)| format!("{path} {}", crate::json::Value::Object(members));
                let mut lines: Vec<String> = sidecar.into_iter().map(line).collect();
                lines.sort();
                lines
            }
            Err(error) => error.message.lines().map(str::to_owned).collect(),
        }
    }

    #[test]
    fn every_column_but_the_path_is_an_attribute() {
        assert_eq!(
            told("path,page,title,ok\na.md,7,\"Intro: part 1\",true\n./b/c.md,,\"7\",\n"),
            [r#"a.md {"page":7,"title":"Intro: part 1","ok":true}"#, r#"b/c.md {"title":7}"#]
        );
        assert_eq!(told("path\na.md\n"), ["a.md {}"]);
    }

    #[test]
    fn an_empty_one_is_refused_rather_than_taking_all_attributes_away() {
        for text in ["", "path,team\n", "[]"] {
            assert_eq!(told(text), ["--attributes-from a.csv: there is no path in it"], "{text:?}");
        }
    }

    #[test]
    fn lines_and_arrays_have_a_map_for_each_file() {
        let lines = "{\"path\":\"a.md\",\"attributes\":{\"n\":1e3}}\n{\"path\":\"b.md\"}\n";
        let expected = ["a.md {\"n\":1e3}", "b.md {}"];
        assert_eq!(told(lines), expected);
        assert_eq!(told(&format!("[{}]", lines.trim().replace('\n', ","))), expected);
    }

    #[test]
    fn all_that_is_wrong_is_told_at_once() {
        let lines = [
            r#"{"path":"a.md","attributes":{"path":"x","n":[]}}"#,
            r#"{"paht":"a.md"}"#,
            r#"{"path":""}"#,
            r#"{"attributes":{}}"#,
            r#"{"path":"b.md"}"#,
            r#"{"path":"./b.md"}"#,
            r#"{"path":"c.md","attributes":7}"#,
        ];
        assert_eq!(
            told(&lines.join("\n")),
            [
                "--attributes-from a.csv: 7 problems:",
                "  line 1: the value of `n` must be a string, a number or a boolean, not a list",
                "  line 1: the attribute `path` is set by the sync itself",
                "  line 2: unknown key `paht`; did you mean `path`?",
                "  line 3: `path` must be a string that is not empty",
                "  line 4: `path` is missing",
                "  line 6: the path \"b.md\" stands twice",
                "  line 7: must be a map or null, not a number",
            ]
        );
        assert_eq!(
            told("file,team\na.md,red\n"),
            [
                "--attributes-from a.csv: line 1: no column `path`; the first line names the columns, with commas between them"
            ]
        );
        assert_eq!(
            told("path,chunking_strategy\na.md,auto\n"),
            ["--attributes-from a.csv: line 2: unknown key `chunking_strategy`; known are `path`, `attributes`"]
        );
        let many = told(&"{}\n".repeat(25));
        assert_eq!((many.len(), many[0].as_str()), (22, "--attributes-from a.csv: 25 problems:"));
        assert_eq!(many[21], "  and 5 more");
    }
}
