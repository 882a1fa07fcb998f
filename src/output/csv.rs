//! Rows for spreadsheets and scripts: every column always, in this order; times in seconds, sizes in bytes, maps as JSON.

use crate::api::types::{FileBatch, VectorStoreFile};

/// The columns of a batch.
pub(super) const BATCH_COLUMNS: [&str; 9] =
    ["id", "vector_store_id", "status", "created_at", "completed", "in_progress", "failed", "cancelled", "total"];

/// The columns of a file.
pub(super) const FILE_COLUMNS: [&str; 9] = [
    "id",
    "vector_store_id",
    "status",
    "usage_bytes",
    "created_at",
    "error_code",
    "error_message",
    "attributes",
    "chunking_strategy",
];

/// The row of a batch.
pub(super) fn batch(batch: &FileBatch) -> anyhow::Result<String> {
    let counts = &batch.file_counts;
    row(&[
        batch.id.clone(),
        text(batch.vector_store_id.as_ref()),
        text(batch.status.as_ref()),
        text(batch.created_at.as_ref()),
        text(counts.completed.as_ref()),
        text(counts.in_progress.as_ref()),
        text(counts.failed.as_ref()),
        text(counts.cancelled.as_ref()),
        text(counts.total.as_ref()),
    ])
}

/// The row of a file.
pub(super) fn file(file: &VectorStoreFile) -> anyhow::Result<String> {
    let error = file.last_error.clone().unwrap_or_default();
    row(&[
        file.id.clone(),
        text(file.vector_store_id.as_ref()),
        text(file.status.as_ref()),
        text(file.usage_bytes.as_ref()),
        text(file.created_at.as_ref()),
        text(error.code.as_ref()),
        text(error.message.as_ref()),
        text(file.attributes.as_ref()),
        text(file.chunking_strategy.as_ref()),
    ])
}

/// One line, quoted where it must be.
pub(super) fn row<T: AsRef<[u8]>>(fields: &[T]) -> anyhow::Result<String> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(fields)?;
    Ok(String::from_utf8(writer.into_inner()?)?)
}

fn text<T: ToString>(value: Option<&T>) -> String {
    value.map(ToString::to_string).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{FILE_COLUMNS, batch, file, row};
    use crate::api::types::{FileBatch, VectorStoreFile};

    #[test]
    fn a_file_has_every_column_with_raw_values() {
        let json = r#"{"id":"file-1","object":"vector_store.file","usage_bytes":1234,"created_at":1699061776,
            "vector_store_id":"vs_1","status":"failed","last_error":{"code":"server_error","message":"no, \"really\""},
            "chunking_strategy":{"type":"auto"},"attributes":{"a": 1e3}}"#;
        let expected = "file-1,vs_1,failed,1234,1699061776,server_error,\"no, \"\"really\"\"\",\"{\"\"a\"\": 1e3}\",\"{\"\"type\"\":\"\"auto\"\"}\"\n";
        assert_eq!(file(&VectorStoreFile::read(json).unwrap()).unwrap(), expected);
        let bare = VectorStoreFile::read(r#"{"id":"file-1","object":"vector_store.file"}"#).unwrap();
        assert_eq!(file(&bare).unwrap(), "file-1,,,,,,,,\n");
        assert_eq!(row(&FILE_COLUMNS).unwrap().matches(',').count(), 8);
    }

    #[test]
    fn a_batch_has_its_counts() {
        let json = r#"{"id":"b","object":"vector_store.file_batch","created_at":7,"vector_store_id":"vs_1","status":"completed",
            "file_counts":{"in_progress":1,"completed":2,"failed":3,"cancelled":4,"total":10}}"#;
        assert_eq!(batch(&FileBatch::read(json).unwrap()).unwrap(), "b,vs_1,completed,7,2,1,3,4,10\n");
    }
}
