//! The values of flags that take a map: `--attributes`, `--chunking-strategy`, `--file` and their inner kin.

use super::UsageError;
use super::embed::embed;
use super::stdin::Stdin;
use super::value::{document, pair};
use crate::json::Value;

/// Reads a map as YAML or JSON and embeds the files that it refers to.
///
/// # Errors
/// When the text is neither, or no map.
pub(crate) fn map(text: &str, flag: &str, stdin: &mut Stdin) -> Result<Value, UsageError> {
    embed(unembedded_map(text, flag)?, flag, stdin)
}

/// The same without looking for references.
pub(super) fn unembedded_map(text: &str, flag: &str) -> Result<Value, UsageError> {
    if text.starts_with('@') {
        return Err(UsageError::with_hint(
            format!("{flag}: takes a map, not the name of a file"),
            format!("give the file's content: {} \"$(cat {})\"", name(flag), text.trim_start_matches('@')),
        ));
    }
    match document(text).map_err(|error| UsageError::new(format!("{flag}: {error}")))? {
        map @ Value::Object(_) => Ok(map),
        other => Err(UsageError::with_hint(format!("{flag}: must be a map, not {}", other.kind()), example(flag))),
    }
}

/// What the flag takes.
fn example(flag: &str) -> String {
    let name = name(flag);
    match name.rsplit(['.', '-']).next() {
        Some("strategy") => format!("{name} takes auto, static:MAX:OVERLAP or a map with `type`"),
        Some("attributes") => format!("such as {name} '{{key: value}}' or {name} key=value"),
        _ => format!("such as {name} '{{file_id: FILE_ID}}'"),
    }
}

/// The flag's name out of "--file 3".
fn name(flag: &str) -> &str {
    flag.split(' ').next().unwrap_or(flag)
}

/// Merges every `--attributes`, in order: maps and `key=value` pairs, where a later key wins and `null` starts anew.
///
/// # Errors
/// When one of them cannot be read.
pub(crate) fn attributes(texts: &[String], flag: &str, stdin: &mut Stdin) -> Result<Option<Value>, UsageError> {
    let mut merged: Option<Value> = None;
    for text in texts {
        let next = if let Some((key, value)) = pair(text) {
            embed(Value::Object(vec![(key, value)]), flag, stdin)?
        } else if is_null(text) {
            Value::Null
        } else {
            map(text, flag, stdin)?
        };
        merged = Some(match (merged, next) {
            (Some(Value::Object(mut members)), Value::Object(later)) => {
                for (key, value) in later {
                    set(&mut members, key, value);
                }
                Value::Object(members)
            }
            (_, next) => next,
        });
    }
    Ok(merged)
}

/// Whether the text spells null. An empty text does not, though it is null in YAML: it is more likely a mistake.
fn is_null(text: &str) -> bool {
    matches!(text.trim(), "null" | "Null" | "NULL" | "~")
}

/// Replaces the member named `key`, or adds it at the end.
pub(crate) fn set(members: &mut Vec<(String, Value)>, key: String, value: Value) {
    match members.iter_mut().find(|(name, _)| *name == key) {
        Some(member) => member.1 = value,
        None => members.push((key, value)),
    }
}

/// Reads a chunking strategy: `auto`, `static:MAX:OVERLAP`, `null` or a map.
///
/// # Errors
/// When it is none of these.
pub(crate) fn chunking_strategy(text: &str, flag: &str, stdin: &mut Stdin) -> Result<Value, UsageError> {
    embed(unembedded_chunking_strategy(text, flag)?, flag, stdin)
}

/// The same without looking for references.
pub(super) fn unembedded_chunking_strategy(text: &str, flag: &str) -> Result<Value, UsageError> {
    let member = |key: &str, value: Value| (key.to_owned(), value);
    let typed = |name: &str| member("type", Value::String(name.to_owned()));
    if text == "auto" {
        return Ok(Value::Object(vec![typed("auto")]));
    }
    if is_null(text) {
        return Ok(Value::Null);
    }
    let Some(sizes) = text.strip_prefix("static:").filter(|sizes| !sizes.contains([' ', '\n', '{'])) else {
        return unembedded_map(text, flag);
    };
    let number = |text: &str| {
        let digits = Some(text).filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
        digits.and_then(|digits| digits.parse::<u32>().ok()).map(|number| Value::Number(number.to_string()))
    };
    match sizes.split_once(':').map(|(largest, overlap)| (number(largest), number(overlap))) {
        Some((Some(largest), Some(overlap))) => {
            let sizes = vec![member("max_chunk_size_tokens", largest), member("chunk_overlap_tokens", overlap)];
            Ok(Value::Object(vec![typed("static"), member("static", Value::Object(sizes))]))
        }
        _ => Err(UsageError::new(format!(
            "{flag}: `{text}` is not static:MAX:OVERLAP with two whole numbers, such as static:800:400"
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::{attributes, chunking_strategy};
    use crate::input::stdin::Stdin;

    fn merged(texts: &[&str]) -> String {
        let texts: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
        attributes(&texts, "--attributes", &mut Stdin::default())
            .map_or_else(|error| error.message, |value| value.map_or_else(String::new, |value| value.to_string()))
    }

    #[test]
    fn later_attributes_win_key_by_key() {
        assert_eq!(merged(&["{a: 1, b: x}", "b=2", r#"{"c":1e3,"a":null}"#]), r#"{"a":null,"b":2,"c":1e3}"#);
        assert_eq!(merged(&["a=1", "null"]), "null");
        assert_eq!(merged(&["null", "a=1"]), r#"{"a":1}"#);
        assert_eq!(["~", "Null", " NULL "].map(|text| merged(&[text])), ["null"; 3]);
        assert_eq!(merged(&[]), "");
        assert_eq!(merged(&["title=Intro: part 1", "version=1.10"]), r#"{"title":"Intro: part 1","version":"1.10"}"#);
    }

    #[test]
    fn attributes_are_a_map() {
        assert_eq!(merged(&["[1]"]), "--attributes: must be a map, not a list");
        assert_eq!(merged(&["# none"]), "--attributes: must be a map, not null");
        assert_eq!(merged(&["word"]), "--attributes: must be a map, not a string");
        assert_eq!(merged(&["@attributes.json"]), "--attributes: takes a map, not the name of a file");
    }

    #[test]
    fn a_chunking_strategy_has_short_forms() {
        let read = |text: &str| {
            chunking_strategy(text, "--chunking-strategy", &mut Stdin::default())
                .map_or_else(|error| error.message, |value| value.to_string())
        };
        assert_eq!(read("auto"), r#"{"type":"auto"}"#);
        assert_eq!(
            read("static:800:400"),
            r#"{"type":"static","static":{"max_chunk_size_tokens":800,"chunk_overlap_tokens":400}}"#
        );
        assert_eq!(read("{type: auto}"), r#"{"type":"auto"}"#);
        for text in ["static:800", "static:a:b", "static:800:400:1", "static:800:-1", "static:800:+400"] {
            assert!(read(text).contains("is not static:MAX:OVERLAP"), "{text}");
        }
        assert_eq!(read("automatic"), "--chunking-strategy: must be a map, not a string");
    }
}
