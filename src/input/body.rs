//! A request body, or ids, as one YAML or JSON map from stdin or a file.

use std::fs::File;

use super::stdin::Stdin;
use super::value::{document, places_of_keys};
use super::{UsageError, is_stdin, read_bounded, reason};
use crate::api::types::is_file_batch;
use crate::api::validate::advice;
use crate::json::Value;

/// The members of the map that have not been used yet; none where there was no input.
#[derive(Clone, Debug, Default)]
pub(crate) struct Body {
    members: Vec<(String, Value)>,
    origin: Origin,
    /// What was read, to find the place of a member that is refused.
    text: String,
}

/// Where a body came from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
enum Origin {
    #[default]
    Nowhere,
    /// stdin, which nobody has asked us to read.
    Stdin,
    /// `--body`, with its value.
    Flag(String),
}

impl Origin {
    fn name(&self) -> String {
        match self {
            Self::Nowhere | Self::Stdin => "stdin".to_owned(),
            Self::Flag(path) => format!("--body {path}"),
        }
    }

    /// What to do about a body that is none.
    fn hint(&self) -> Option<String> {
        (*self == Self::Stdin)
            .then(|| "stdin was taken as the body; in a loop or `bash -s`, add </dev/null to the command".to_owned())
    }
}

impl Body {
    /// Reads `--body FILE`, or stdin with `-`.
    ///
    /// # Errors
    /// When it cannot be read, or is not one map.
    pub(crate) fn read(path: &str, stdin: &mut Stdin) -> Result<Self, UsageError> {
        let bytes = if is_stdin(path) {
            stdin.read(&format!("`--body {path}`"))?
        } else {
            File::open(path)
                .and_then(read_bounded)
                .map_err(|error| UsageError::new(format!("failed to read --body {path}: {}", reason(&error))))?
        };
        Self::parse(bytes, Origin::Flag(path.to_owned()))
    }

    /// Takes what stdin held, unasked. Nothing but white space is no body.
    ///
    /// # Errors
    /// When it is not one map.
    pub(crate) fn from_stdin(bytes: Vec<u8>) -> Result<Self, UsageError> {
        let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
        if text.trim_ascii().is_empty() { Ok(Self::default()) } else { Self::parse(bytes, Origin::Stdin) }
    }

    fn parse(bytes: Vec<u8>, origin: Origin) -> Result<Self, UsageError> {
        let refused = |message: String| UsageError { message, hint: origin.hint() };
        let text = String::from_utf8(bytes).map_err(|error| {
            let good =
                String::from_utf8_lossy(error.as_bytes().get(..error.utf8_error().valid_up_to()).unwrap_or_default());
            let line = good.matches('\n').count() + 1;
            let column = good.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
            refused(format!("{}: the text is not UTF-8 (line {line}, column {column})", origin.name()))
        })?;
        match document(&text) {
            Ok(Value::Object(members)) => Ok(Self { members, origin, text }),
            Ok(other) => Err(refused(format!(
                "{}: the body must be one map, not {} (line 1, column 1)",
                origin.name(),
                other.kind()
            ))),
            Err(error) => Err(refused(format!("{}: {error}", origin.name()))),
        }
    }

    /// Whether this is a file batch as the service describes one.
    pub(crate) fn is_batch(&self) -> bool {
        let object = self.members.iter().find(|(key, _)| key == "object").and_then(|(_, value)| value.as_str());
        object.is_some_and(is_file_batch)
    }

    /// Takes the ids out of a file batch, of which nothing else matters.
    pub(crate) fn identify(&mut self) {
        if self.is_batch() {
            self.members.retain(|(key, _)| matches!(key.as_str(), "id" | "vector_store_id"));
            for (key, _) in self.members.iter_mut().filter(|(key, _)| key == "id") {
                "batch_id".clone_into(key);
            }
        }
    }

    /// Whether there is a member of one of these names that has not been used.
    pub(crate) fn has_any(&self, keys: &[&str]) -> bool {
        self.members.iter().any(|(key, _)| keys.contains(&key.as_str()))
    }

    /// Takes the store's id out of a file batch: a request for another batch is made from nothing else of it.
    pub(crate) fn identify_store(&mut self) {
        if self.is_batch() {
            self.members.retain(|(key, _)| key == "vector_store_id");
        }
    }

    /// The flag's value, else the body's scalar under `key`, which is used up either way.
    ///
    /// # Errors
    /// When the body has no text or number there.
    pub(crate) fn fill(&mut self, flag: Option<String>, key: &str) -> Result<Option<String>, UsageError> {
        let position = self.members.iter().position(|(name, _)| name == key);
        let member = position.map(|position| self.members.remove(position).1);
        if flag.is_some() {
            return Ok(flag);
        }
        match member {
            None => Ok(None),
            Some(Value::String(text) | Value::Number(text)) => Ok(Some(text)),
            Some(Value::Bool(value)) => Ok(Some(value.to_string())),
            Some(other) => Err(UsageError {
                message: format!("{}: `{key}` must be text, not {}", self.origin.name(), other.kind()),
                hint: self.origin.hint(),
            }),
        }
    }

    /// Succeeds if nothing is left that nobody has used. `known` are the keys that could have been meant.
    ///
    /// # Errors
    /// When a key is unknown.
    pub(crate) fn used_up(&self, known: &[&str]) -> Result<(), UsageError> {
        match self.unknown_keys(known).into_iter().next() {
            None => Ok(()),
            Some(message) => Err(UsageError { message, hint: self.origin.hint() }),
        }
    }

    /// A sentence for each key that is left and not in `known`.
    pub(crate) fn unknown_keys(&self, known: &[&str]) -> Vec<String> {
        let mut unknown = self.members.iter().filter(|(key, _)| !known.contains(&key.as_str())).peekable();
        if unknown.peek().is_none() {
            return Vec::new();
        }
        let places = places_of_keys(&self.text);
        unknown
            .map(|(key, _)| {
                let place = places.get(key).map(|(line, column)| format!(" (line {line}, column {column})"));
                let (origin, place) = (self.origin.name(), place.unwrap_or_default());
                format!("{origin}: unknown key `{key}`{place}; {}", advice(key, known))
            })
            .collect()
    }

    /// What is left, and what to say where it turns out not to be a body.
    pub(crate) fn into_members(self) -> (Vec<(String, Value)>, Option<String>) {
        let hint = self.origin.hint();
        (self.members, hint)
    }
}

#[cfg(test)]
mod tests {
    use super::Body;

    fn body(text: &str) -> Result<Body, String> {
        Body::from_stdin(text.as_bytes().to_vec()).map_err(|error| error.message)
    }

    #[test]
    fn a_body_is_one_map() {
        assert!(body("{file_ids: [a]}").is_ok());
        assert!(body(" \n").unwrap().used_up(&[]).is_ok());
        assert_eq!(body("[1]").unwrap_err(), "stdin: the body must be one map, not a list (line 1, column 1)");
        assert_eq!(body("word").unwrap_err(), "stdin: the body must be one map, not a string (line 1, column 1)");
        let malformed = body("{\"a\": 1,\n \"b\" 2}").unwrap_err();
        assert!(malformed.starts_with("stdin: ") && malformed.contains("(line 2, column "), "{malformed}");
        let error = Body::from_stdin(b"a: b\nc: \xff".to_vec()).unwrap_err();
        assert_eq!(error.message, "stdin: the text is not UTF-8 (line 2, column 4)");
        assert!(error.hint.unwrap().contains("</dev/null"));
    }

    #[test]
    fn flags_win_and_keys_are_used_up() {
        let mut found = body("{vector_store_id: vs_1, batch_id: 12, limit: null, x: 1}").unwrap();
        assert_eq!(found.fill(Some("vs_2".to_owned()), "vector_store_id").unwrap().as_deref(), Some("vs_2"));
        assert_eq!(found.fill(None, "batch_id").unwrap().as_deref(), Some("12"));
        assert_eq!(found.fill(None, "limit").unwrap_err().message, "stdin: `limit` must be text, not null");
        assert_eq!(
            found.used_up(&["batch_id"]).unwrap_err().message,
            "stdin: unknown key `x` (line 1, column 52); known are `batch_id`"
        );
    }

    #[test]
    fn the_places_of_many_unknown_keys_are_found_in_one_pass() {
        let text = (0..5_000).map(|index| format!("k{index}: é\n")).collect::<Vec<_>>().concat();
        let unknown = body(&text).unwrap().unknown_keys(&["files"]);
        assert_eq!(unknown.len(), 5_000);
        assert_eq!(unknown[4_999], "stdin: unknown key `k4999` (line 5000, column 1); known are `files`");
    }

    #[test]
    fn a_batch_identifies_itself() {
        for object in ["vector_store.file_batch", "vector_store.files_batch"] {
            let text =
                format!(r#"{{"id":"vsfb_1","object":"{object}","vector_store_id":"vs_1","status":"completed"}}"#);
            let mut found = body(&text).unwrap();
            found.identify();
            assert_eq!(found.fill(None, "batch_id").unwrap().as_deref(), Some("vsfb_1"));
            assert_eq!(found.fill(None, "vector_store_id").unwrap().as_deref(), Some("vs_1"));
            assert!(found.used_up(&[]).is_ok());
        }
        let mut other = body(r#"{"id":"x","object":"vector_store"}"#).unwrap();
        other.identify();
        assert_eq!(other.fill(None, "batch_id").unwrap(), None);
    }
}
