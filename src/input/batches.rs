//! Batches on stdin, as other commands print them: one, a list, or one after another.

use serde_json::value::RawValue;

use super::UsageError;
use super::value::document;
use crate::api::types::{BatchId, FileBatch, is_file_batch};
use crate::json::Value;

/// A batch that the user names.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct GivenBatch {
    pub(crate) batch: BatchId,
    /// JSON text of the whole batch, where stdin holds all of it.
    pub(crate) object: Option<String>,
    /// Seconds since 1970, where it is known.
    pub(crate) created_at: Option<i64>,
}

/// Reads the batches; `store` goes before what they say of theirs.
///
/// # Errors
/// When there is none, something else is there, or a batch does not name its store.
pub(crate) fn read(bytes: Vec<u8>, store: Option<&str>) -> Result<Vec<GivenBatch>, UsageError> {
    let text = String::from_utf8(bytes).map_err(|_| UsageError::new("stdin: the text is not UTF-8"))?;
    let mut given = Vec::new();
    for document in documents(&text)? {
        let values = match document {
            Value::Array(values) => values,
            other => vec![other],
        };
        for value in values {
            given.push(batch(&value, given.len() + 1, store)?);
        }
    }
    if given.is_empty() {
        return Err(UsageError::with_hint(
            "stdin holds no batch",
            "the command before has printed none; see whether it failed (in bash, `set -o pipefail` tells)",
        ));
    }
    Ok(given)
}

/// The values in a text: JSON one after another, else documents in YAML.
fn documents(text: &str) -> Result<Vec<Value>, UsageError> {
    let text = crate::json::without_byte_order_mark(text);
    let stream = serde_json::Deserializer::from_str(text).into_iter::<&RawValue>();
    if let Ok(values) = stream.collect::<Result<Vec<_>, _>>()
        && let Ok(values) = values.into_iter().map(|value| Value::from_json(value.get())).collect()
    {
        return Ok(values);
    }
    let mut values = Vec::new();
    for part in parts(text) {
        let value = document(&part).map_err(|error| UsageError::new(format!("stdin: {error}")))?;
        // Between two marks there may be nothing.
        values.extend(Some(value).filter(|value| *value != Value::Null));
    }
    Ok(values)
}

/// The documents of a YAML text. Each has empty lines in place of what is before it, so that errors name the right one.
fn parts(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    for (number, line) in text.lines().enumerate() {
        if line.trim_end() == "---" {
            parts.push("\n".repeat(number + 1));
        } else if let Some(part) = parts.last_mut() {
            part.push_str(line);
            part.push('\n');
        }
    }
    parts
}

/// The batch that a value names: all of a batch, or a map with `batch_id`.
fn batch(value: &Value, number: usize, store: Option<&str>) -> Result<GivenBatch, UsageError> {
    let text = |key: &str| value.get(key).and_then(Value::as_str);
    let is_batch = text("object").is_some_and(is_file_batch);
    let Some(id) = text(if is_batch { "id" } else { "batch_id" }) else {
        let what = text("object").map_or_else(|| value.kind().to_owned(), |object| format!("a {object}"));
        return Err(UsageError::with_hint(
            format!("stdin: value {number} is no file batch, but {what}"),
            "`vsfb wait` takes batches as `vsfb create` prints them in json, jsonl or yaml, without --transform",
        ));
    };
    let Some(store) = store.or_else(|| text("vector_store_id")) else {
        return Err(UsageError::with_hint(
            format!("stdin: the batch `{id}` does not name its vector store"),
            "give it with --vector-store-id",
        ));
    };
    let batch = BatchId { store: store.to_owned(), id: id.to_owned() };
    let object = is_batch.then(|| value.to_string());
    let created_at = object.as_deref().and_then(FileBatch::read).and_then(|batch| batch.created_at);
    Ok(GivenBatch { batch, object, created_at })
}

#[cfg(test)]
mod tests {
    use super::{GivenBatch, read};

    const ONE: &str = r#"{"id":"b1","object":"vector_store.file_batch","vector_store_id":"vs_1","x":1e3}"#;
    const TWO: &str = r#"{"id":"b2","object":"vector_store.files_batch","vector_store_id":"vs_2"}"#;

    fn ids(text: &str, store: Option<&str>) -> Result<Vec<String>, String> {
        let name = |GivenBatch { batch, .. }: GivenBatch| format!("{} {}", batch.store, batch.id);
        let given = read(text.as_bytes().to_vec(), store).map_err(|error| error.message)?;
        Ok(given.into_iter().map(name).collect())
    }

    #[test]
    fn batches_come_in_every_form_that_create_prints() {
        let yaml = "id: b1\nobject: vector_store.file_batch\nvector_store_id: vs_1\n---\nid: b2\nobject: vector_store.file_batch\nvector_store_id: vs_2\n";
        for text in [
            format!("{ONE}\n{TWO}\n"),
            format!("[{ONE},{TWO}]"),
            format!("{ONE}{TWO}"),
            ONE.replace(',', ",\n ") + &TWO.replace(',', ",\n "),
            yaml.to_owned(),
            format!("---\n{yaml}---\n"),
            "{batch_id: b1, vector_store_id: vs_1}\n---\n{batch_id: b2, vector_store_id: vs_2}".to_owned(),
        ] {
            assert_eq!(ids(&text, None).unwrap(), ["vs_1 b1", "vs_2 b2"], "{text}");
        }
        assert_eq!(ids(ONE, Some("vs_9")).unwrap(), ["vs_9 b1"]);
        assert_eq!(read(ONE.into(), None).unwrap()[0].object.as_deref(), Some(ONE));
    }

    #[test]
    fn what_is_no_batch_is_refused() {
        for (text, message) in [
            ("", "stdin holds no batch"),
            (" \n[]\n", "stdin holds no batch"),
            (r#"{"id":"vs_1","object":"vector_store"}"#, "stdin: value 1 is no file batch, but a vector_store"),
            ("vsfb_1\n", "stdin: value 1 is no file batch, but a string"),
            ("{batch_id: b1}", "stdin: the batch `b1` does not name its vector store"),
            ("a: b\n---\nc: [\n", "stdin: expected a value (line 4, column 1)"),
        ] {
            assert_eq!(ids(text, None).unwrap_err(), message, "{text}");
        }
    }
}
