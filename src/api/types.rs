//! The objects of the API, read tolerantly: what is missing or of another type is `None`, what is unknown is kept as text.
//! Names are those of the service's own description.

use std::fmt;

use serde::de::{Deserialize, DeserializeOwned, Deserializer};
use serde_json::value::RawValue;

/// Where a batch or one of its files stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    InProgress,
    Completed,
    Failed,
    Cancelled,
    /// A state that this program does not know, as the service spells it.
    Unknown(String),
}

impl Status {
    /// The known states with the service's spelling, in the order of its documentation.
    const KNOWN: [(&'static str, Self); 4] = [
        ("in_progress", Self::InProgress),
        ("completed", Self::Completed),
        ("failed", Self::Failed),
        ("cancelled", Self::Cancelled),
    ];

    /// The spellings of the known states.
    pub(crate) fn names() -> [&'static str; 4] {
        Self::KNOWN.map(|(name, _)| name)
    }

    /// The state that is spelled like this.
    pub(crate) fn named(text: &str) -> Self {
        let known = Self::KNOWN.into_iter().find(|(name, _)| *name == text);
        known.map_or_else(|| Self::Unknown(text.to_owned()), |(_, status)| status)
    }

    /// Whether nothing follows. A state that this program does not know is one on the way.
    pub(crate) const fn has_ended(&self) -> bool {
        matches!(self, Self::Completed | Self::Failed | Self::Cancelled)
    }
}

impl<'de> Deserialize<'de> for Status {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::named(&String::deserialize(deserializer)?))
    }
}

impl fmt::Display for Status {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown(text) => formatter.write_str(text),
            known => Self::KNOWN
                .iter()
                .filter(|(_, status)| status == known)
                .try_for_each(|(name, _)| formatter.write_str(name)),
        }
    }
}

/// How many files of a batch are in which state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(default)]
pub(crate) struct FileCounts {
    #[serde(deserialize_with = "count")]
    pub(crate) completed: Option<u64>,
    #[serde(deserialize_with = "count")]
    pub(crate) in_progress: Option<u64>,
    #[serde(deserialize_with = "count")]
    pub(crate) failed: Option<u64>,
    #[serde(deserialize_with = "count")]
    pub(crate) cancelled: Option<u64>,
    #[serde(deserialize_with = "count")]
    pub(crate) total: Option<u64>,
}

/// A batch by its ids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BatchId {
    pub(crate) store: String,
    pub(crate) id: String,
}

/// A batch of files attached to a vector store.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
pub(crate) struct FileBatch {
    pub(crate) id: String,
    /// `vector_store.file_batch` or `vector_store.files_batch`: the documentation says both.
    #[serde(default, deserialize_with = "lenient")]
    pub(crate) object: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub(crate) vector_store_id: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub(crate) status: Option<Status>,
    /// Seconds since 1970.
    #[serde(default, deserialize_with = "seconds")]
    pub(crate) created_at: Option<i64>,
    #[serde(default, deserialize_with = "counts")]
    pub(crate) file_counts: FileCounts,
}

/// What `object` says of a file batch.
pub(crate) fn is_file_batch(object: &str) -> bool {
    matches!(object, "vector_store.file_batch" | "vector_store.files_batch")
}

impl FileBatch {
    /// The batch that `json` is, if it says so.
    pub(crate) fn read(json: &str) -> Option<Self> {
        let batch: Self = serde_json::from_str(json).ok()?;
        batch.object.as_deref().is_some_and(is_file_batch).then_some(batch)
    }
}

/// A file attached to a vector store.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
pub(crate) struct VectorStoreFile {
    pub(crate) id: String,
    #[serde(default, deserialize_with = "lenient")]
    pub(crate) object: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub(crate) vector_store_id: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub(crate) status: Option<Status>,
    /// What the file takes in the store, which may differ from its own size.
    #[serde(default, deserialize_with = "count")]
    pub(crate) usage_bytes: Option<u64>,
    /// Seconds since 1970; 0 for files that wait.
    #[serde(default, deserialize_with = "seconds")]
    pub(crate) created_at: Option<i64>,
    #[serde(default, deserialize_with = "lenient")]
    pub(crate) last_error: Option<LastError>,
    /// JSON text of the map, as it came.
    #[serde(default, deserialize_with = "text")]
    pub(crate) attributes: Option<String>,
    /// JSON text of the strategy, as it came.
    #[serde(default, deserialize_with = "text")]
    pub(crate) chunking_strategy: Option<String>,
}

impl VectorStoreFile {
    /// The file that `json` is, if it says so.
    pub(crate) fn read(json: &str) -> Option<Self> {
        let file: Self = serde_json::from_str(json).ok()?;
        (file.object.as_deref() == Some("vector_store.file") && !file.id.is_empty()).then_some(file)
    }
}

/// A vector store.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
pub(crate) struct VectorStore {
    #[serde(default, deserialize_with = "lenient")]
    object: Option<String>,
    /// Seconds since 1970.
    #[serde(default, deserialize_with = "seconds")]
    pub(crate) created_at: Option<i64>,
}

impl VectorStore {
    /// The store that `json` is, if it says so.
    pub(crate) fn read(json: &str) -> Option<Self> {
        let store: Self = serde_json::from_str(json).ok()?;
        (store.object.as_deref() == Some("vector_store")).then_some(store)
    }
}

/// A file that was uploaded, attached or not.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
pub(crate) struct UploadedFile {
    pub(crate) id: String,
    #[serde(default, deserialize_with = "lenient")]
    object: Option<String>,
    /// As it was sent, or as the service decodes it.
    #[serde(default, deserialize_with = "lenient")]
    pub(crate) filename: Option<String>,
    #[serde(default, deserialize_with = "count")]
    pub(crate) bytes: Option<u64>,
    /// Seconds since 1970.
    #[serde(default, deserialize_with = "seconds")]
    pub(crate) created_at: Option<i64>,
    /// `assistants` for those that we upload.
    #[serde(default, deserialize_with = "lenient")]
    pub(crate) purpose: Option<String>,
}

impl UploadedFile {
    /// The file that `json` is, if it says so.
    pub(crate) fn read(json: &str) -> Option<Self> {
        let file: Self = serde_json::from_str(json).ok()?;
        (file.object.as_deref() == Some("file") && !file.id.is_empty()).then_some(file)
    }
}

/// Why a file failed.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(default)]
pub(crate) struct LastError {
    /// `server_error`, `unsupported_file`, `invalid_file`, and whatever comes.
    #[serde(deserialize_with = "lenient")]
    pub(crate) code: Option<String>,
    #[serde(deserialize_with = "lenient")]
    pub(crate) message: Option<String>,
}

/// `code: message`, as far as they are known.
impl fmt::Display for LastError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts: Vec<_> = [&self.code, &self.message].into_iter().flatten().map(String::as_str).collect();
        formatter.write_str(&parts.join(": "))
    }
}

impl LastError {
    /// Whether a file that failed so may succeed if it is attached once more.
    pub(crate) fn may_pass(&self) -> bool {
        self.code.as_deref().is_some_and(|code| code == SERVER_ERROR || code.contains(RATE_LIMIT))
    }
}

/// The code of a failure of the service's own.
const SERVER_ERROR: &str = "server_error";
/// What the codes of limits that pass with time have in common.
const RATE_LIMIT: &str = "rate_limit";

/// No counts for a value that is no map.
fn counts<'de, D: Deserializer<'de>>(deserializer: D) -> Result<FileCounts, D::Error> {
    lenient(deserializer).map(Option::unwrap_or_default)
}

/// `None` for a value of another type.
fn lenient<'de, D: Deserializer<'de>, T: DeserializeOwned>(deserializer: D) -> Result<Option<T>, D::Error> {
    let raw = <&RawValue>::deserialize(deserializer)?;
    Ok(serde_json::from_str(raw.get()).ok())
}

/// A whole number, also where a compatible server writes it as `1.0`.
#[expect(clippy::cast_possible_truncation, reason = "bounded before the cast")]
fn seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    let raw = <&RawValue>::deserialize(deserializer)?;
    let float = || raw.get().parse::<f64>().ok().filter(|number| number.abs() < 1e15).map(|number| number as i64);
    Ok(raw.get().parse().ok().or_else(float))
}

fn count<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    Ok(seconds(deserializer)?.and_then(|number| u64::try_from(number).ok()))
}

/// The JSON text itself; `None` for null.
fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let raw = <&RawValue>::deserialize(deserializer)?;
    Ok((raw.get() != "null").then(|| raw.get().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::{FileBatch, FileCounts, Status, UploadedFile, VectorStoreFile};

    #[test]
    fn reads_a_batch_whatever_its_object_is_called() {
        for object in ["vector_store.file_batch", "vector_store.files_batch"] {
            let json = format!(
                r#"{{"id":"vsfb_1","object":"{object}","created_at":1699061776,"vector_store_id":"vs_1","status":"in_progress",
                "file_counts":{{"in_progress":1,"completed":2,"failed":0,"cancelled":0,"total":3}},"extra":[1]}}"#
            );
            let batch = FileBatch::read(&json).unwrap();
            assert_eq!(batch.status, Some(Status::InProgress));
            assert_eq!((batch.file_counts.completed, batch.file_counts.total), (Some(2), Some(3)));
        }
        assert_eq!(FileBatch::read(r#"{"id":"vs_1","object":"vector_store"}"#), None);
    }

    #[test]
    fn what_is_odd_is_left_out_and_the_rest_is_read() {
        let json =
            r#"{"id":"b","object":"vector_store.file_batch","created_at":1.0,"status":"paused","vector_store_id":7}"#;
        let batch = FileBatch::read(json).unwrap();
        assert_eq!(batch.status, Some(Status::Unknown("paused".to_owned())));
        assert_eq!((batch.created_at, batch.vector_store_id), (Some(1), None));
        assert_eq!(batch.file_counts, FileCounts::default());
        let null = r#"{"id":"b","object":"vector_store.file_batch","file_counts":null}"#;
        assert_eq!(FileBatch::read(null).unwrap().file_counts, FileCounts::default());
    }

    #[test]
    fn an_uploaded_file_is_told_from_an_attached_one() {
        let json = r#"{"id":"file-1","object":"file","bytes":140,"created_at":1613779121,"filename":"puppy.md",
            "purpose":"assistants","status":"processed","expires_at":null}"#;
        let file = UploadedFile::read(json).unwrap();
        assert_eq!((file.filename.as_deref(), file.bytes), (Some("puppy.md"), Some(140)));
        assert_eq!((file.created_at, file.purpose.as_deref()), (Some(1_613_779_121), Some("assistants")));
        assert_eq!(UploadedFile::read(r#"{"id":"file-1","object":"vector_store.file"}"#), None);
        assert_eq!(UploadedFile::read(r#"{"id":"file-1","object":"file","bytes":"7"}"#).unwrap().bytes, None);
    }

    #[test]
    fn a_file_in_progress_may_lack_most_fields() {
        let json = r#"{"id":"file-1","object":"vector_store.file","status":"in_progress","last_error":null,"attributes":null}"#;
        let file = VectorStoreFile::read(json).unwrap();
        assert_eq!((file.usage_bytes, file.last_error, file.attributes), (None, None, None));
    }
}
