//! The documented limits of a create request, as a pure check that finds every problem at once.
//!
//! Source of the limits: the service's description of `POST /vector_stores/{id}/file_batches`, August 2026.

use std::fmt::Display;

use crate::json::Value;

/// Files in one batch.
pub(crate) const MOST_FILES: u64 = 2000;
/// Attributes of one file.
pub(crate) const MOST_ATTRIBUTES: usize = 16;
/// In characters.
const LONGEST_KEY: usize = 64;
/// Of an attribute's value, in characters.
pub(crate) const LONGEST_TEXT: usize = 512;
const SMALLEST_CHUNK: f64 = 100.0;
const LARGEST_CHUNK: f64 = 4096.0;

/// The keys of a request body.
pub(crate) const BODY_KEYS: [&str; 4] = ["file_ids", "files", "attributes", "chunking_strategy"];
/// The keys of one element of `files`.
const FILE_KEYS: [&str; 3] = ["file_id", "attributes", "chunking_strategy"];

/// Every way in which the service is known to refuse `body`, one sentence each, but for keys that are not in
/// [`BODY_KEYS`]: their place is known where the body was read.
///
/// `typed` are the keys that flags have given: their problems are told by the flags' names, others by the keys.
pub(crate) fn problems(body: &Value, typed: &[String]) -> Vec<String> {
    let mut found = Vec::new();
    match (body.get("file_ids"), body.get("files")) {
        (None, None) => found.push(NO_FILES.to_owned()),
        (Some(_), Some(_)) => found.push(
            "both `file_ids` (--file-id) and `files` (--file) are given; a batch takes one or the other".to_owned(),
        ),
        _ => {}
    }
    if let Some(ids) = body.get("file_ids").and_then(|ids| list(ids, "file_ids", &mut found)) {
        for (index, id) in ids.iter().enumerate() {
            id_problem(Some(id), &format_args!("{} {}", name(typed, "file_ids", "--file-id"), index + 1), &mut found);
        }
    }
    if let Some(files) = body.get("files").and_then(|files| list(files, "files", &mut found)) {
        for (index, file) in files.iter().enumerate() {
            file_problems(file, &format_args!("{} {}", name(typed, "files", "--file"), index + 1), &mut found);
        }
    }
    found.extend(problems_beside_files(body, typed));
    found
}

/// The same of all that is no file: for a request whose files stand elsewhere.
pub(crate) fn problems_beside_files(body: &Value, typed: &[String]) -> Vec<String> {
    let mut found = Vec::new();
    if let Some(attributes) = body.get("attributes") {
        attribute_problems(attributes, &name(typed, "attributes", "--attributes"), &mut found);
    }
    if let Some(strategy) = body.get("chunking_strategy") {
        chunking_problems(strategy, &name(typed, "chunking_strategy", "--chunking-strategy"), &mut found);
    }
    found
}

/// What the user knows a key by.
fn name(typed: &[String], key: &'static str, flag: &'static str) -> &'static str {
    if typed.iter().any(|it| it == key) { flag } else { key }
}

/// Every way in which the service is known to refuse one file: an id, or an element of `files`. `place` is where it
/// stands.
pub(crate) fn problems_of_file(file: &Value, place: &dyn Display) -> Vec<String> {
    let mut found = Vec::new();
    match file {
        Value::String(_) => id_problem(Some(file), place, &mut found),
        _ => file_problems(file, place, &mut found),
    }
    found
}

/// Every way in which the service is known to refuse these attributes. `place` is where they stand.
pub(crate) fn problems_of_attributes(attributes: &Value, place: &dyn Display) -> Vec<String> {
    let mut found = Vec::new();
    attribute_problems(attributes, place, &mut found);
    found
}

const NO_FILES: &str =
    "no files: give at least one with --file-id, --file or --files-from, or as `file_ids` or `files` in the body";

/// What is wrong with an id, if anything. An id is one word.
pub(crate) fn id_fault(id: &str) -> Option<&'static str> {
    // What nearly all ids are made of, seen at once.
    let is_plain = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_graphic());
    if is_plain {
        None
    } else if id.trim().is_empty() {
        Some("is blank")
    } else if id.contains(char::is_whitespace) {
        Some("holds white space")
    } else {
        None
    }
}

/// `verbose` and `version` are less alike than this, `output` and `raw-output` are more.
const LEAST_LIKENESS: f64 = 0.83;

/// The one of `names` that is nearest to `name`, if one is near enough to be meant.
pub(crate) fn nearest<'a>(name: &str, names: &[&'a str]) -> Option<&'a str> {
    let name = name.to_ascii_lowercase();
    let likeness = |candidate: &&'a str| (strsim::jaro_winkler(&name, candidate), *candidate);
    let best = names.iter().map(likeness).max_by(|one, other| one.0.total_cmp(&other.0));
    best.filter(|(likeness, _)| *likeness > LEAST_LIKENESS).map(|(_, name)| name)
}

/// The elements of `value`, with a problem where it is no list or is empty.
fn list<'a>(value: &'a Value, key: &str, found: &mut Vec<String>) -> Option<&'a [Value]> {
    let Value::Array(items) = value else {
        found.push(format!("`{key}` must be a list, not {}", value.kind()));
        return None;
    };
    if items.is_empty() {
        found.push(NO_FILES.to_owned());
    }
    Some(items)
}

fn id_problem(id: Option<&Value>, place: &dyn Display, found: &mut Vec<String>) {
    match id {
        None => found.push(format!("{place}: `file_id` is missing")),
        Some(Value::String(id)) => {
            if let Some(fault) = id_fault(id) {
                found.push(format!("{place}: the id {} {fault}", crate::json::quote(id)));
            }
        }
        Some(other) => found.push(format!("{place}: the id must be a string, not {}", other.kind())),
    }
}

fn file_problems(file: &Value, place: &dyn Display, found: &mut Vec<String>) {
    let id = file.get("file_id").and_then(Value::as_str).filter(|id| id_fault(id).is_none());
    let [begin, id, end] = id.map_or([""; 3], |id| [" (", id, ")"]);
    let place = &format_args!("{place}{begin}{id}{end}");
    if !matches!(file, Value::Object(_)) {
        found.push(format!("{place}: must be a map with `file_id`, not {}", file.kind()));
        return;
    }
    unknown_keys(file, &FILE_KEYS, place, found);
    id_problem(file.get("file_id"), place, found);
    if let Some(attributes) = file.get("attributes") {
        attribute_problems(attributes, &format_args!("{place}: attributes"), found);
    }
    if let Some(strategy) = file.get("chunking_strategy") {
        chunking_problems(strategy, &format_args!("{place}: chunking_strategy"), found);
    }
}

/// Whether a text has more characters than that. A text of few bytes need not be counted.
fn is_longer(text: &str, most: usize) -> bool {
    text.len() > most && text.chars().count() > most
}

fn attribute_problems(attributes: &Value, place: &dyn Display, found: &mut Vec<String>) {
    let members = match attributes {
        Value::Object(members) => members,
        Value::Null => return,
        other => return found.push(format!("{place}: must be a map or null, not {}", other.kind())),
    };
    if members.len() > MOST_ATTRIBUTES {
        found.push(format!("{place}: {} attributes; at most {MOST_ATTRIBUTES} are allowed", members.len()));
    }
    for (key, value) in members {
        if is_longer(key, LONGEST_KEY) {
            let length = key.chars().count();
            let begin: String = key.chars().take(20).collect();
            found.push(format!(
                "{place}: the key `{begin}…` has {length} characters; at most {LONGEST_KEY} are allowed"
            ));
        }
        match value {
            Value::String(text) if is_longer(text, LONGEST_TEXT) => found.push(format!(
                "{place}: the value of `{key}` has {} characters; at most {LONGEST_TEXT} are allowed",
                text.chars().count()
            )),
            Value::String(_) | Value::Number(_) | Value::Bool(_) => {}
            other => found.push(format!(
                "{place}: the value of `{key}` must be a string, a number or a boolean, not {}",
                other.kind()
            )),
        }
    }
}

/// Everything that is wrong with a chunking strategy. `place` is where it stands.
pub(crate) fn problems_of_chunking(strategy: &Value, place: &dyn Display) -> Vec<String> {
    let mut found = Vec::new();
    chunking_problems(strategy, place, &mut found);
    found
}

fn chunking_problems(strategy: &Value, place: &dyn Display, found: &mut Vec<String>) {
    if !matches!(strategy, Value::Object(_)) {
        found.push(format!(
            "{place}: must be `auto`, `static:MAX:OVERLAP` or a map with `type`, not {}",
            strategy.kind()
        ));
        return;
    }
    match strategy.get("type").and_then(Value::as_str) {
        Some("auto") => unknown_keys(strategy, &["type"], place, found),
        Some("static") => {
            unknown_keys(strategy, &["type", "static"], place, found);
            match strategy.get("static") {
                Some(sizes @ Value::Object(_)) => static_problems(sizes, place, found),
                _ => found.push(format!(
                    "{place}: `static` needs a map with `max_chunk_size_tokens` and `chunk_overlap_tokens`"
                )),
            }
        }
        _ => found.push(format!("{place}: `type` must be `auto` or `static`")),
    }
}

fn static_problems(sizes: &Value, place: &dyn Display, found: &mut Vec<String>) {
    unknown_keys(sizes, &["max_chunk_size_tokens", "chunk_overlap_tokens"], place, found);
    let mut number = |key: &str| {
        let number = match sizes.get(key) {
            Some(Value::Number(text)) => text.parse::<f64>().ok().filter(|number| number.fract() == 0.0),
            _ => None,
        };
        if number.is_none() {
            found.push(format!("{place}: `{key}` must be given, as a whole number"));
        }
        number
    };
    let (largest, overlap) = (number("max_chunk_size_tokens"), number("chunk_overlap_tokens"));
    if let Some(largest) = largest.filter(|largest| !(SMALLEST_CHUNK..=LARGEST_CHUNK).contains(largest)) {
        found.push(format!(
            "{place}: `max_chunk_size_tokens` is {largest}; {SMALLEST_CHUNK} to {LARGEST_CHUNK} are allowed"
        ));
    }
    if let Some(overlap) = overlap {
        if overlap < 0.0 {
            found.push(format!("{place}: `chunk_overlap_tokens` is {overlap}; it must not be negative"));
        } else if let Some(largest) = largest.filter(|largest| overlap * 2.0 > *largest) {
            found.push(format!(
                "{place}: `chunk_overlap_tokens` is {overlap}; at most half of `max_chunk_size_tokens` ({}) is allowed",
                (largest / 2.0).floor()
            ));
        }
    }
}

fn unknown_keys(map: &Value, known: &[&str], place: &dyn Display, found: &mut Vec<String>) {
    let Value::Object(members) = map else { return };
    for (key, _) in members.iter().filter(|(key, _)| !known.contains(&key.as_str())) {
        found.push(format!("{place}: unknown key `{key}`; {}", advice(key, known)));
    }
}

/// What to write instead of an unknown key.
pub(crate) fn advice(key: &str, known: &[&str]) -> String {
    match nearest(key, known) {
        Some(name) => format!("did you mean `{name}`?"),
        None => format!("known are {}", names(known)),
    }
}

fn names(known: &[&str]) -> String {
    known.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::problems;
    use crate::json::Value;

    fn found(json: &str) -> Vec<String> {
        let typed = ["file_ids", "files", "attributes", "chunking_strategy"].map(str::to_owned);
        problems(&Value::from_json(json).unwrap(), &typed)
    }

    fn one(json: &str) -> String {
        let found = found(json);
        assert_eq!(found.len(), 1, "{found:?}");
        found.into_iter().next().unwrap()
    }

    fn attributes(inner: &str) -> String {
        one(&format!(r#"{{"file_ids":["a"],"attributes":{inner}}}"#))
    }

    fn chunking(inner: &str) -> String {
        one(&format!(r#"{{"file_ids":["a"],"chunking_strategy":{inner}}}"#))
    }

    #[test]
    fn takes_what_the_documentation_shows() {
        let bodies = [
            r#"{"file_ids":["file-abc123","file-abc456"]}"#,
            r#"{"files":[{"file_id":"file-abc123","attributes":{"category":"finance","n":1e3,"ok":true}},
               {"file_id":"file-abc456","chunking_strategy":{"type":"static","static":
               {"max_chunk_size_tokens":1200,"chunk_overlap_tokens":200}}}]}"#,
            r#"{"file_ids":["a"],"attributes":null,"chunking_strategy":{"type":"auto"}}"#,
            r#"{"file_ids":["a"],"chunking_strategy":{"type":"static","static":{"max_chunk_size_tokens":100.0,"chunk_overlap_tokens":50}}}"#,
        ];
        for body in bodies {
            assert_eq!(found(body), Vec::<String>::new(), "{body}");
        }
    }

    #[test]
    fn a_batch_takes_one_kind_of_files_and_at_least_one() {
        let none = "no files: give at least one with --file-id, --file or --files-from, or as `file_ids` or `files` in the body";
        assert_eq!(one("{}"), none);
        assert_eq!(one(r#"{"file_ids":[]}"#), none);
        assert_eq!(
            one(r#"{"file_ids":["a"],"files":[{"file_id":"b"}]}"#),
            "both `file_ids` (--file-id) and `files` (--file) are given; a batch takes one or the other"
        );
        assert_eq!(one(r#"{"file_ids":"a"}"#), "`file_ids` must be a list, not a string");
    }

    #[test]
    fn an_id_is_one_word() {
        assert_eq!(
            found(r#"{"file_ids":["ok"," ","","a b","a\u00a0b",7,null]}"#),
            [
                "--file-id 2: the id \" \" is blank",
                "--file-id 3: the id \"\" is blank",
                "--file-id 4: the id \"a b\" holds white space",
                "--file-id 5: the id \"a\u{a0}b\" holds white space",
                "--file-id 6: the id must be a string, not a number",
                "--file-id 7: the id must be a string, not null",
            ]
        );
    }

    #[test]
    fn an_element_of_files_needs_its_id_and_knows_its_keys() {
        assert_eq!(
            found(r#"{"files":[{"attributes":{}},{"file_id":"b","atributes":{}},"c",{"file_id":"d","zzz":1}]}"#),
            [
                "--file 1: `file_id` is missing",
                "--file 2 (b): unknown key `atributes`; did you mean `attributes`?",
                "--file 3: must be a map with `file_id`, not a string",
                "--file 4 (d): unknown key `zzz`; known are `file_id`, `attributes`, `chunking_strategy`",
            ]
        );
    }

    #[test]
    fn what_no_flag_gave_is_told_by_its_key() {
        let told = |json: &str| problems(&Value::from_json(json).unwrap(), &["attributes".to_owned()]);
        assert_eq!(
            told(r#"{"file_ids":["a",""],"attributes":[],"chunking_strategy":1}"#),
            [
                "file_ids 2: the id \"\" is blank",
                "--attributes: must be a map or null, not a list",
                "chunking_strategy: must be `auto`, `static:MAX:OVERLAP` or a map with `type`, not a number",
            ]
        );
        assert_eq!(told(r#"{"files":[{"file_id":"a"},{}]}"#), ["files 2: `file_id` is missing"]);
    }

    #[test]
    fn attributes_are_bounded() {
        let many: Vec<_> = (0..17).map(|index| format!(r#""k{index}":1"#)).collect();
        assert_eq!(
            attributes(&format!("{{{}}}", many.join(","))),
            "--attributes: 17 attributes; at most 16 are allowed"
        );
        assert_eq!(
            attributes(&format!(r#"{{"{}":1}}"#, "ä".repeat(65))),
            format!("--attributes: the key `{}…` has 65 characters; at most 64 are allowed", "ä".repeat(20))
        );
        assert_eq!(
            attributes(&format!(r#"{{"k":"{}"}}"#, "x".repeat(513))),
            "--attributes: the value of `k` has 513 characters; at most 512 are allowed"
        );
        assert_eq!(
            attributes(r#"{"k":[1]}"#),
            "--attributes: the value of `k` must be a string, a number or a boolean, not a list"
        );
        assert_eq!(attributes("[]"), "--attributes: must be a map or null, not a list");
        let fine = format!(r#"{{"file_ids":["a"],"attributes":{{"{}":"{}"}}}}"#, "ä".repeat(64), "ö".repeat(512));
        assert_eq!(found(&fine), Vec::<String>::new());
    }

    #[test]
    fn chunking_is_bounded() {
        let sizes = |max: &str, overlap: &str| {
            chunking(&format!(
                r#"{{"type":"static","static":{{"max_chunk_size_tokens":{max},"chunk_overlap_tokens":{overlap}}}}}"#
            ))
        };
        assert_eq!(sizes("99", "0"), "--chunking-strategy: `max_chunk_size_tokens` is 99; 100 to 4096 are allowed");
        assert_eq!(sizes("4097", "0"), "--chunking-strategy: `max_chunk_size_tokens` is 4097; 100 to 4096 are allowed");
        assert_eq!(
            sizes("101", "51"),
            "--chunking-strategy: `chunk_overlap_tokens` is 51; at most half of `max_chunk_size_tokens` (50) is allowed"
        );
        assert_eq!(sizes("800", "-1"), "--chunking-strategy: `chunk_overlap_tokens` is -1; it must not be negative");
        assert_eq!(
            sizes("800", "\"400\""),
            "--chunking-strategy: `chunk_overlap_tokens` must be given, as a whole number"
        );
        assert_eq!(chunking(r#"{"type":"other"}"#), "--chunking-strategy: `type` must be `auto` or `static`");
        assert_eq!(
            chunking(r#"{"type":"static"}"#),
            "--chunking-strategy: `static` needs a map with `max_chunk_size_tokens` and `chunk_overlap_tokens`"
        );
        assert_eq!(
            chunking("null"),
            "--chunking-strategy: must be `auto`, `static:MAX:OVERLAP` or a map with `type`, not null"
        );
        assert_eq!(
            one(r#"{"files":[{"file_id":"f","chunking_strategy":{"type":"auto","statik":1}}]}"#),
            "--file 1 (f): chunking_strategy: unknown key `statik`; known are `type`"
        );
    }
}
