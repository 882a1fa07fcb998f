//! A file in the store, as a list tells it.

use super::{LocalFile, OWN_KEYS, PATH, SHA256, SOURCE};
use crate::api::types::{LastError, Status, VectorStoreFile};
use crate::json::Value;

/// A file in the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RemoteFile {
    pub(crate) file_id: String,
    pub(crate) status: Option<Status>,
    /// Why it failed.
    pub(crate) last_error: Option<LastError>,
    /// When it was attached, in seconds since 1970.
    pub(crate) created_at: Option<i64>,
    pub(crate) path: Option<String>,
    pub(crate) sha256: Option<String>,
    pub(crate) source: Option<String>,
    /// All of them, the three above among them; nothing where the list tells none.
    pub(crate) attributes: Option<Vec<(String, Value)>>,
}

/// What may still come of a file in the store; the better one is greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Standing {
    /// It failed and would fail again.
    Failed,
    /// It failed or was cancelled, and may succeed if it is attached once more.
    Again,
    /// It is being processed, for all that is known.
    OnTheWay,
    Completed,
}

impl RemoteFile {
    pub(crate) fn new(file: &VectorStoreFile) -> Self {
        let attributes = match file.attributes.as_deref().map(Value::from_json) {
            Some(Ok(Value::Object(members))) if !members.is_empty() => Some(members),
            _ => None,
        };
        let text = |key| {
            let value = attributes.iter().flatten().find(|(name, _)| name == key).map(|(_, value)| value);
            value.and_then(Value::as_str).map(str::to_owned)
        };
        Self {
            file_id: file.id.clone(),
            status: file.status.clone(),
            last_error: file.last_error.clone(),
            created_at: file.created_at,
            path: text(PATH),
            sha256: text(SHA256),
            source: text(SOURCE),
            attributes,
        }
    }

    /// Puts in what we know ourselves of a file of which the list does not tell the attributes. While it is in progress
    /// there are services that keep them to themselves; after that it has none.
    pub(crate) fn recall(&mut self, path: &str, sha256: &str, source: &str) {
        if self.attributes.is_none() {
            self.attributes = (!self.is_on_the_way()).then(Vec::new);
            let own = [path, sha256, source].map(|text| Some(text.to_owned()));
            [self.path, self.sha256, self.source] = own;
        }
    }

    /// Whether it is being processed, for all that is known.
    pub(crate) fn is_on_the_way(&self) -> bool {
        self.standing() == Standing::OnTheWay
    }

    pub(super) fn standing(&self) -> Standing {
        match &self.status {
            Some(Status::Completed) => Standing::Completed,
            Some(Status::Cancelled) => Standing::Again,
            Some(Status::Failed) if self.last_error.as_ref().is_some_and(LastError::may_pass) => Standing::Again,
            Some(Status::Failed) => Standing::Failed,
            Some(Status::InProgress | Status::Unknown(_)) | None => Standing::OnTheWay,
        }
    }

    /// Whether it has the user's attributes of `file` and, beside the three own ones, no others, as far as is known.
    pub(super) fn has_attributes_of(&self, file: &LocalFile) -> bool {
        let Some(attributes) = &self.attributes else { return true };
        let own = attributes.iter().filter(|(key, _)| OWN_KEYS.contains(&key.as_str())).count();
        let has = |(key, value): &(String, Value)| {
            attributes.iter().any(|(name, other)| name == key && is_same(other, value))
        };
        own == OWN_KEYS.len() && attributes.len() == own + file.attributes.len() && file.attributes.iter().all(has)
    }
}

/// Whether two values are the same to the service, which spells numbers in its own way.
fn is_same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => {
            let number = |text: &str| text.parse::<f64>().ok();
            one == other || (number(one).is_some() && number(one) == number(other))
        }
        _ => one == other,
    }
}

#[cfg(test)]
mod tests {
    use super::{RemoteFile, Standing, is_same};
    use crate::api::types::VectorStoreFile;
    use crate::json::Value;

    fn remote(rest: &str) -> RemoteFile {
        let json = format!(r#"{{"id":"file-1","object":"vector_store.file"{rest}}}"#);
        RemoteFile::new(&VectorStoreFile::read(&json).unwrap())
    }

    #[test]
    fn the_store_tells_path_content_and_source() {
        let file = remote(
            r#","created_at":7,"status":"completed","attributes":{"n":1e3,"path":"a/b.md","sha256":"00","source":"docs"}"#,
        );
        assert_eq!((file.path.as_deref(), file.sha256.as_deref()), (Some("a/b.md"), Some("00")));
        assert_eq!((file.source.as_deref(), file.created_at), (Some("docs"), Some(7)));
        let attributes = file.attributes.unwrap();
        assert_eq!(attributes.len(), 4);
        assert_eq!(attributes[0], ("n".to_owned(), Value::Number("1e3".to_owned())));
    }

    #[test]
    fn attributes_may_be_missing_or_odd() {
        for rest in ["", r#","attributes":null"#, r#","attributes":[1]"#, r#","attributes":{"path":1}"#] {
            let file = remote(rest);
            assert_eq!((file.path, file.sha256, file.source), (None, None, None), "{rest}");
        }
    }

    #[test]
    fn what_failed_for_lack_of_luck_may_be_attached_again() {
        let failed = |code: &str| format!(r#","status":"failed","last_error":{{"code":"{code}"}}"#);
        for (rest, standing) in [
            (r#","status":"completed""#.to_owned(), Standing::Completed),
            (r#","status":"in_progress""#.to_owned(), Standing::OnTheWay),
            (r#","status":"queued""#.to_owned(), Standing::OnTheWay),
            (String::new(), Standing::OnTheWay),
            (r#","status":"cancelled""#.to_owned(), Standing::Again),
            (failed("server_error"), Standing::Again),
            (failed("rate_limit_exceeded"), Standing::Again),
            (failed("invalid_file"), Standing::Failed),
            (r#","status":"failed""#.to_owned(), Standing::Failed),
        ] {
            assert_eq!(remote(&rest).standing(), standing, "{rest}");
        }
    }

    #[test]
    fn numbers_are_the_same_however_they_are_spelled() {
        let number = |text: &str| Value::Number(text.to_owned());
        assert!(is_same(&number("1e3"), &number("1000.0")));
        assert!(is_same(&number("123456789012345678901234567890"), &number("1.2345678901234568e29")));
        assert!(!is_same(&number("1"), &number("2")));
        assert!(!is_same(&number("1"), &Value::String("1".to_owned())));
        assert!(is_same(&Value::Bool(true), &Value::Bool(true)));
    }
}
