//! The service's objects as it writes them, at a given time.

use serde_json::{Value, json};

use super::Millis;
use super::pages::Item;
use super::state::File;
use super::store::{Attached, Batch, Counts, Status, Store};

/// Seconds in a day.
const DAY: u64 = 86_400;

/// Whole seconds.
pub(crate) const fn seconds(time: Millis) -> u64 {
    time / 1000
}

impl Item for &File {
    fn id(&self) -> &str {
        &self.id
    }

    fn created_at(&self) -> u64 {
        seconds(self.created_at)
    }
}

impl Item for &Attached {
    fn id(&self) -> &str {
        &self.file().file_id
    }

    fn created_at(&self) -> u64 {
        seconds(self.since())
    }
}

impl Item for &Store {
    fn id(&self) -> &str {
        Store::id(self)
    }

    fn created_at(&self) -> u64 {
        seconds(self.created_at)
    }
}

/// An uploaded file.
pub(crate) fn file(file: &File) -> Value {
    json!({
        "id": &*file.id,
        "object": "file",
        "bytes": file.bytes,
        "created_at": seconds(file.created_at),
        "expires_at": file.expires_at,
        "filename": &*file.filename,
        "purpose": file.purpose,
        "status": "processed",
        "status_details": null,
    })
}

/// A vector store.
pub(crate) fn store(store: &Store, now: Millis) -> Value {
    let mut counts = Counts::default();
    let mut usage_bytes = 0;
    for file in store.files() {
        counts.add(file.status(now));
        usage_bytes += file.usage_bytes(now);
    }
    let profile = &store.profile;
    let expires_at = profile.expires_after.map(|days| seconds(store.last_active_at) + days * DAY);
    let status = match expires_at {
        Some(end) if end <= seconds(now) => "expired",
        _ if counts.in_progress > 0 => "in_progress",
        _ => "completed",
    };
    json!({
        "id": &**Store::id(store),
        "object": "vector_store",
        "created_at": seconds(store.created_at),
        "name": profile.name,
        "description": profile.description,
        "usage_bytes": usage_bytes,
        "file_counts": file_counts(counts),
        "status": status,
        "expires_after": profile.expires_after.map(|days| json!({"anchor": "last_active_at", "days": days})),
        "expires_at": expires_at,
        "last_active_at": seconds(store.last_active_at),
        "metadata": map(profile.metadata.as_deref()),
    })
}

/// A file batch of a store.
pub(crate) fn batch(store: &Store, batch: &Batch, now: Millis) -> Value {
    json!({
        "id": &*batch.id,
        "object": "vector_store.file_batch",
        "created_at": seconds(batch.created_at),
        "vector_store_id": &**store.id(),
        "status": store.status(batch, now).name(),
        "file_counts": file_counts(store.counts(batch, now)),
    })
}

/// An attached file of a store.
pub(crate) fn attached(store_id: &str, attached: &Attached, now: Millis) -> Value {
    let file = attached.file();
    let error = file.ending.error().filter(|_| attached.status(now) == Status::Failed);
    json!({
        "id": &*file.file_id,
        "object": "vector_store.file",
        "usage_bytes": attached.usage_bytes(now),
        "created_at": seconds(attached.since()),
        "vector_store_id": store_id,
        "status": attached.status(now).name(),
        "last_error": error.map(|(code, message)| json!({"code": code, "message": message})),
        "chunking_strategy": {
            "type": "static",
            "static": {
                "max_chunk_size_tokens": file.settings.max_chunk_size_tokens,
                "chunk_overlap_tokens": file.settings.chunk_overlap_tokens,
            },
        },
        "attributes": map(file.settings.attributes.as_deref()),
    })
}

/// What is left of something that was deleted.
pub(crate) fn deleted(id: &str, object: &str) -> Value {
    json!({"id": id, "object": object, "deleted": true})
}

fn file_counts(counts: Counts) -> Value {
    json!({
        "in_progress": counts.in_progress,
        "completed": counts.completed,
        "failed": counts.failed,
        "cancelled": counts.cancelled,
        "total": counts.total(),
    })
}

/// A map that is kept as text; none is an empty one.
fn map(text: Option<&str>) -> Value {
    text.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_else(|| json!({}))
}
