//! `@` references in values that the user typed: `"@path"` becomes the file's content.
//!
//! Only typed values are searched. Data from stdin or a file may not be the user's own, and `"@/etc/passwd"` in it would
//! leave the machine.

use std::fs::File;
use std::io;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::stdin::Stdin;
use super::{UsageError, is_stdin, read_bounded, reason};
use crate::json::Value;

/// How a file's content becomes a string.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Encoding {
    /// Text as it is, anything else base64.
    Either,
    Text,
    Base64,
}

/// Replaces the references in `value`, in values at any depth but not in keys. `flag` is for messages.
///
/// # Errors
/// When a file that is surely meant cannot be read, or is not text where text is asked for.
pub(crate) fn embed(value: Value, flag: &str, stdin: &mut Stdin) -> Result<Value, UsageError> {
    Ok(match value {
        Value::String(text) => Value::String(resolve(text, flag, stdin)?),
        Value::Array(items) => {
            Value::Array(items.into_iter().map(|item| embed(item, flag, stdin)).collect::<Result<_, _>>()?)
        }
        Value::Object(members) => Value::Object(
            members
                .into_iter()
                .map(|(key, value)| Ok((key, embed(value, flag, stdin)?)))
                .collect::<Result<_, UsageError>>()?,
        ),
        other => other,
    })
}

fn resolve(text: String, flag: &str, stdin: &mut Stdin) -> Result<String, UsageError> {
    if text.starts_with("\\@") {
        return Ok(text.trim_start_matches('\\').to_owned());
    }
    let Some((path, encoding)) = reference(&text) else { return Ok(text) };
    let content = if is_stdin(path) {
        stdin.read(&format!("`{text}` in {flag}"))?
    } else {
        match File::open(path).and_then(read_bounded) {
            Ok(content) => content,
            // `@username` is more likely a name than a file.
            Err(_) if encoding == Encoding::Either && !path.contains(['.', '/', '\\']) => return Ok(text),
            Err(error) => return Err(unreadable(&text, flag, &error)),
        }
    };
    encode(content, encoding).ok_or_else(|| {
        UsageError::with_hint(
            format!("{flag}: the file of `{text}` is not UTF-8 text"),
            format!("`@data://{path}` sends it in base64"),
        )
    })
}

/// The path that `text` refers to, if it is a reference.
fn reference(text: &str) -> Option<(&str, Encoding)> {
    let rest = text.strip_prefix('@')?;
    if let Some(path) = rest.strip_prefix("file://") {
        return Some((path, Encoding::Text));
    }
    if let Some(path) = rest.strip_prefix("data://") {
        return Some((path, Encoding::Base64));
    }
    Some((rest, Encoding::Either))
}

fn unreadable(text: &str, flag: &str, error: &io::Error) -> UsageError {
    UsageError::with_hint(
        format!("{flag}: failed to read the file of `{text}`: {}", reason(error)),
        format!("if the text itself is meant, write `\\{text}`"),
    )
}

fn encode(content: Vec<u8>, encoding: Encoding) -> Option<String> {
    let is_text = |text: &&str| encoding == Encoding::Text || !text.contains(is_binary);
    let text = std::str::from_utf8(&content).ok().filter(is_text);
    match (encoding, text) {
        (Encoding::Either | Encoding::Text, Some(text)) => Some(text.to_owned()),
        (Encoding::Text, None) => None,
        (Encoding::Either | Encoding::Base64, _) => Some(STANDARD.encode(content)),
    }
}
/// Control characters other than white space do not occur in text.
fn is_binary(character: char) -> bool {
    character.is_control() && !character.is_whitespace()
}

/// Strings in `value` that would have been references had they been typed, and whose file is there.
pub(crate) fn sent_as_text(value: &Value) -> Vec<&str> {
    let mut found = Vec::new();
    collect(value, &mut found);
    found
}

fn collect<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
    match value {
        Value::String(text) => {
            let names_file = |(path, _): (&str, Encoding)| Path::new(path).is_file();
            if reference(text).is_some_and(names_file) {
                found.push(text);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
        Value::Object(members) => members.iter().for_each(|(_, value)| collect(value, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{embed, sent_as_text};
    use crate::input::stdin::Stdin;
    use crate::json::{Value, quote};

    fn embedded(text: &str) -> Result<String, String> {
        match embed(Value::String(text.to_owned()), "--attributes", &mut Stdin::default()) {
            Ok(Value::String(text)) => Ok(text),
            Ok(other) => panic!("{other}"),
            Err(error) => Err(format!("{}; {}", error.message, error.hint.unwrap_or_default())),
        }
    }

    #[test]
    fn a_reference_becomes_the_content() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
        fs::write(path("t.txt"), "two\nlines\té").unwrap();
        fs::write(path("b.bin"), b"\x00\xff").unwrap();
        fs::write(path("c.txt"), "bell\u{7}").unwrap();
        assert_eq!(embedded(&format!("@{}", path("t.txt"))).unwrap(), "two\nlines\té");
        assert_eq!(embedded(&format!("@{}", path("b.bin"))).unwrap(), "AP8=");
        assert_eq!(embedded(&format!("@{}", path("c.txt"))).unwrap(), "YmVsbAc=");
        assert_eq!(embedded(&format!("@file://{}", path("c.txt"))).unwrap(), "bell\u{7}");
        assert_eq!(embedded(&format!("@data://{}", path("c.txt"))).unwrap(), "YmVsbAc=");
        let refused = embedded(&format!("@file://{}", path("b.bin"))).unwrap_err();
        assert!(refused.contains("is not UTF-8 text; `@data://"), "{refused}");
    }

    #[test]
    fn names_stay_and_missing_files_are_errors() {
        assert_eq!(embedded("@username").unwrap(), "@username");
        assert_eq!(embedded("@").unwrap(), "@");
        assert_eq!(embedded("\\@file.txt").unwrap(), "@file.txt");
        assert_eq!(embedded("me@example.com").unwrap(), "me@example.com");
        assert_eq!(
            embedded("@no/such").unwrap_err(),
            "--attributes: failed to read the file of `@no/such`: no such file or directory; if the text itself is meant, write `\\@no/such`"
        );
        assert!(embedded("@file://nosuch").is_err());
    }

    #[test]
    fn values_at_any_depth_are_searched_and_keys_are_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("t.txt").to_str().unwrap().to_owned();
        fs::write(&path, "in").unwrap();
        let reference = quote(&format!("@{path}"));
        let value = Value::from_json(&format!(r#"{{{reference}:[{{"a":{reference}}},1]}}"#)).unwrap();
        let embedded = embed(value.clone(), "--file", &mut Stdin::default()).unwrap();
        assert_eq!(embedded.to_string(), format!(r#"{{{reference}:[{{"a":"in"}},1]}}"#));
        assert_eq!(sent_as_text(&value), [format!("@{path}")]);
    }
}
