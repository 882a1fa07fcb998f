//! The entries of `files`, from the flags `--file` and `--file.*` in the order typed.

use super::UsageError;
use super::embed::embed;
use super::maps::{attributes, chunking_strategy, unembedded_map};
use super::stdin::Stdin;
use crate::json::Value;

/// One of the flags that build entries, with its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum FileFlag {
    /// `--file`: a whole entry.
    File(String),
    /// `--file.file-id`
    FileId(String),
    /// `--file.attributes`
    Attributes(String),
    /// `--file.chunking-strategy`
    ChunkingStrategy(String),
}

/// Builds the entries. `--file` begins one; an inner flag writes into the last one, or begins one where that key is
/// taken.
///
/// # Errors
/// When a value cannot be read, or an id is the name of a file.
pub(crate) fn entries(flags: &[FileFlag], stdin: &mut Stdin) -> Result<Vec<Value>, UsageError> {
    let mut entries: Vec<Vec<(String, Value)>> = Vec::new();
    for flag in flags {
        let (key, name, text) = match flag {
            FileFlag::File(text) => {
                let place = format!("--file {}", entries.len() + 1);
                entries.push(entry(text, &place, stdin)?);
                continue;
            }
            FileFlag::FileId(id) => ("file_id", "--file.file-id", id),
            FileFlag::Attributes(text) => ("attributes", "--file.attributes", text),
            FileFlag::ChunkingStrategy(text) => ("chunking_strategy", "--file.chunking-strategy", text),
        };
        if entries.last().is_none_or(|last| last.iter().any(|(name, _)| name == key)) {
            entries.push(Vec::new());
        }
        let place = format!("{name} of file {}", entries.len());
        let value = inner(key, text, &place, stdin)?;
        if let Some(last) = entries.last_mut() {
            last.push((key.to_owned(), value));
        }
    }
    Ok(entries.into_iter().map(Value::Object).collect())
}

/// The value of an inner flag for `key`.
fn inner(key: &str, text: &str, place: &str, stdin: &mut Stdin) -> Result<Value, UsageError> {
    match key {
        "file_id" => Ok(Value::String(checked_id(text, place)?.to_owned())),
        "attributes" => Ok(attributes(&[text.to_owned()], place, stdin)?.unwrap_or(Value::Null)),
        _ => chunking_strategy(text, place, stdin),
    }
}

/// A `--file` map with its references resolved, the id excepted.
fn entry(text: &str, place: &str, stdin: &mut Stdin) -> Result<Vec<(String, Value)>, UsageError> {
    let Value::Object(members) = unembedded_map(text, place)? else { return Ok(Vec::new()) };
    let resolve = |(key, value): (String, Value)| match value {
        Value::String(id) if key == "file_id" => {
            checked_id(&id, place)?;
            Ok((key, Value::String(id)))
        }
        value => Ok((key, embed(value, place, stdin)?)),
    };
    members.into_iter().map(resolve).collect()
}

/// Refuses a reference where an id belongs.
///
/// # Errors
/// When `id` begins with `@`.
pub(crate) fn checked_id<'a>(id: &'a str, flag: &str) -> Result<&'a str, UsageError> {
    match id.strip_prefix('@') {
        None => Ok(id),
        Some("") => Err(not_an_id(id, "FILE", flag)),
        Some(path) => Err(not_an_id(id, path, flag)),
    }
}

/// Says how the ids in the file at `path` are sent.
pub(crate) fn not_an_id(id: &str, path: &str, flag: &str) -> UsageError {
    UsageError::with_hint(
        format!("{flag}: `{id}` is no id; a file of ids is not read here"),
        format!(
            "send the ids in a file so: (echo file_ids:; sed 's/.*/- \"&\"/' {path}) | vsfb create VECTOR_STORE_ID"
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::{FileFlag, entries};
    use crate::input::stdin::Stdin;

    fn built(flags: &[(&str, &str)]) -> String {
        let flags: Vec<FileFlag> = flags
            .iter()
            .map(|(name, value)| match *name {
                "file" => FileFlag::File((*value).to_owned()),
                "id" => FileFlag::FileId((*value).to_owned()),
                "attributes" => FileFlag::Attributes((*value).to_owned()),
                _ => FileFlag::ChunkingStrategy((*value).to_owned()),
            })
            .collect();
        match entries(&flags, &mut Stdin::default()) {
            Ok(entries) => entries.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
            Err(error) => error.message,
        }
    }

    #[test]
    fn inner_flags_fill_the_last_entry_until_a_key_is_taken() {
        assert_eq!(
            built(&[("id", "a"), ("attributes", "{x: 1}"), ("id", "b"), ("chunking", "auto")]),
            r#"{"file_id":"a","attributes":{"x":1}} {"file_id":"b","chunking_strategy":{"type":"auto"}}"#
        );
        assert_eq!(built(&[("attributes", "k=v"), ("id", "a")]), r#"{"attributes":{"k":"v"},"file_id":"a"}"#);
    }

    #[test]
    fn whole_entries_and_inner_flags_combine_in_the_order_typed() {
        assert_eq!(
            built(&[("id", "a"), ("file", "{file_id: b}"), ("attributes", "{x: 1}"), ("file", "{file_id: c}")]),
            r#"{"file_id":"a"} {"file_id":"b","attributes":{"x":1}} {"file_id":"c"}"#
        );
    }

    #[test]
    fn an_id_is_never_a_reference() {
        assert_eq!(
            built(&[("id", "@ids.txt")]),
            "--file.file-id of file 1: `@ids.txt` is no id; a file of ids is not read here"
        );
        assert_eq!(
            built(&[("file", "{file_id: a}"), ("file", r#"{file_id: "@x"}"#)]),
            "--file 2: `@x` is no id; a file of ids is not read here"
        );
    }

    #[test]
    fn messages_name_the_position() {
        assert_eq!(built(&[("file", "{file_id: a}"), ("file", "[1]")]), "--file 2: must be a map, not a list");
        let inner = [("id", "a"), ("attributes", "x=1"), ("attributes", "[1]")];
        assert_eq!(built(&inner), "--file.attributes of file 2: must be a map, not a list");
    }
}
