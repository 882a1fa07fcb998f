//! The failed and cancelled files of batches, and what they had been given.

use std::collections::{HashMap, HashSet};

use anyhow::{Context as _, ensure};

use super::reasons::manifest_of;
use crate::api::types::{BatchId, FileBatch, LastError, Status, VectorStoreFile};
use crate::api::{Client, ListQuery, Pages};
use crate::input::manifest::Manifest;
use crate::input::stdin::Stdin;
use crate::journal::Record;
use crate::json::Value;
use crate::output::Messages;

/// The failed and cancelled files of these batches of one store, each once. Says what makes the list a part of the truth.
///
/// # Errors
/// When not all of them can be listed.
pub(crate) fn list(batches: &[BatchId], client: &Client, messages: Messages) -> anyhow::Result<Vec<VectorStoreFile>> {
    let mut files = Vec::new();
    for batch in batches {
        let BatchId { store, id } = batch;
        let action = || format!("failed to list the failed files of the file batch `{id}` of `{store}`");
        let reply = client.retrieve_batch(store, id).with_context(action)?;
        let known = FileBatch::read(reply.json());
        let status = known.as_ref().and_then(|batch| batch.status.clone());
        if status.as_ref().is_some_and(|status| !status.has_ended()) {
            messages.warning(&format!("the file batch `{id}` of `{store}` goes on; more of its files may fail later"));
        }
        let counts = known.map(|batch| batch.file_counts).unwrap_or_default();
        files.append(&mut of_status(("failed", counts.failed), batch, client, messages)?);
        // There are cancelled batches whose counts stay as they were.
        if status == Some(Status::Cancelled) || counts.cancelled.is_some_and(|count| count > 0) {
            files.append(&mut of_status(("cancelled", counts.cancelled), batch, client, messages)?);
        }
    }
    let mut seen = HashSet::new();
    files.retain(|file| seen.insert(file.id.clone()));
    Ok(files)
}

/// The files of a batch that have this status. Says so where they are fewer than the batch counts.
fn of_status(
    (status, count): (&str, Option<u64>),
    BatchId { store, id }: &BatchId,
    client: &Client,
    messages: Messages,
) -> anyhow::Result<Vec<VectorStoreFile>> {
    let action = || format!("failed to list the {status} files of the file batch `{id}` of `{store}`");
    let query = ListQuery { filter: Some(status.to_owned()), ..ListQuery::default() };
    let mut files = Vec::new();
    for page in Pages::new(client, (store, id), query, None) {
        let (reply, _) = page.with_context(action)?;
        let page = reply.page().with_context(action)?;
        let items = page.items.iter().filter_map(|item| VectorStoreFile::read(item));
        files.extend(items.filter(|file| may_be(status, file)));
    }
    let listed = files.len() as u64;
    if let Some(count) = count.filter(|count| *count > listed) {
        ensure!(listed > 0, "{}: it counts {count}, of which the service lists none", action());
        messages.warning(&format!("`{id}` counts {count} {status} files, of which the service lists {listed}"));
    }
    Ok(files)
}

/// Whether a file that was listed under this status can have it: there are servers that filter nothing.
fn may_be(status: &str, file: &VectorStoreFile) -> bool {
    match &file.status {
        None | Some(Status::Unknown(_)) => true,
        Some(known) => known.to_string() == status,
    }
}

/// Whether the same file may succeed if it is sent once more.
pub(crate) fn can_succeed(file: &VectorStoreFile) -> bool {
    file.status == Some(Status::Cancelled) || file.last_error.as_ref().is_some_and(LastError::may_pass)
}

/// Why a file failed; `unknown` where the service does not say.
pub(crate) fn code(file: &VectorStoreFile) -> &str {
    file.last_error.as_ref().and_then(|error| error.code.as_deref()).unwrap_or("unknown")
}

/// The members of a request for these files, with the settings that they had: those that the service tells, else those in
/// the manifests of the batches' records. Says how many there are of which nobody knows.
pub(crate) fn members(files: &[VectorStoreFile], records: &[Record], messages: Messages) -> Value {
    let untold: HashSet<&str> =
        files.iter().filter(|file| told(file).contains(&None)).map(|file| file.id.as_str()).collect();
    let listed = if untold.is_empty() { HashMap::new() } else { from_manifests(records, &untold) };
    let mut unknown = [0; 2];
    let elements: Vec<_> = files
        .iter()
        .map(|file| {
            let mut members = vec![("file_id".to_owned(), Value::String(file.id.clone()))];
            for ((key, told), unknown) in SETTINGS.into_iter().zip(told(file)).zip(&mut unknown) {
                let own = listed.get(&file.id).and_then(|own| own.get(key)).cloned();
                match told.or(own) {
                    None => *unknown += 1,
                    Some(Value::Null) => {}
                    Some(value) => members.push((key.to_owned(), value)),
                }
            }
            members
        })
        .collect();
    for (what, count) in ["attributes", "chunking strategies"].into_iter().zip(unknown).filter(|(_, count)| *count > 0)
    {
        messages.warning(&format!(
            "neither the service nor a manifest tells the {what} that {count} of the files had; they are sent without"
        ));
    }
    Value::Object(together(elements))
}

/// The members of a request for these files: ids alone where all have the same settings, which more services understand.
fn together(elements: Vec<Vec<(String, Value)>>) -> Vec<(String, Value)> {
    let settings = elements.first().and_then(|first| first.get(1..)).unwrap_or_default().to_vec();
    if elements.iter().any(|members| members.get(1..) != Some(settings.as_slice())) {
        return vec![("files".to_owned(), Value::Array(elements.into_iter().map(Value::Object).collect()))];
    }
    let ids = elements.into_iter().filter_map(|members| members.into_iter().next()).map(|(_, id)| id).collect();
    [("file_ids".to_owned(), Value::Array(ids))].into_iter().chain(settings).collect()
}

/// What a file may have of its own, in the order in which it is sent.
const SETTINGS: [&str; 2] = ["attributes", "chunking_strategy"];

/// What the service tells of them: a value, null for none, or nothing.
fn told(file: &VectorStoreFile) -> [Option<Value>; 2] {
    let read = |text: &Option<String>| Value::from_json(text.as_deref()?).ok();
    let attributes = read(&file.attributes).map(|value| match value {
        Value::Object(members) if members.is_empty() => Value::Null,
        value => value,
    });
    // Files from before there was a choice have the type `other`, which no request takes.
    let is_known = |strategy: &Value| matches!(strategy.get("type").and_then(Value::as_str), Some("auto" | "static"));
    [attributes, read(&file.chunking_strategy).filter(is_known)]
}

/// The elements of manifests that are these files. A manifest that is gone, that was changed since or that cannot be read
/// has none.
fn from_manifests(records: &[Record], wanted: &HashSet<&str>) -> HashMap<String, Value> {
    let mut found = HashMap::new();
    let mut paths: Vec<_> = records.iter().filter_map(manifest_of).collect();
    paths.dedup();
    // The newest is gone through last, and counts where several have a file.
    for path in paths.into_iter().rev() {
        let Ok(mut manifest) = Manifest::open(path, None, &mut Stdin::default()) else { continue };
        let Ok(entries) = manifest.entries() else { continue };
        for entry in entries.flatten().filter(|entry| wanted.contains(entry.file_id.as_str())) {
            if let Some(Ok(own)) = entry.own.map(|own| Value::from_json(&own)) {
                found.insert(entry.file_id, own);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{can_succeed, members};
    use crate::api::types::VectorStoreFile;
    use crate::output::Messages;

    fn file(more: &str) -> VectorStoreFile {
        VectorStoreFile::read(&format!(r#"{{"id":"f","object":"vector_store.file","status":"failed"{more}}}"#)).unwrap()
    }

    #[test]
    fn what_was_not_the_files_fault_can_succeed() {
        let with = |code: &str| can_succeed(&file(&format!(r#","last_error":{{"code":"{code}","message":""}}"#)));
        assert_eq!(
            ["server_error", "rate_limit_exceeded", "unsupported_file", "invalid_file", "else"].map(with),
            [true, true, false, false, false]
        );
        let cancelled =
            VectorStoreFile::read(r#"{"id":"f","object":"vector_store.file","status":"cancelled"}"#).unwrap();
        assert!(can_succeed(&cancelled) && !can_succeed(&file("")) && !can_succeed(&file(r#","last_error":null"#)));
    }

    #[test]
    fn files_keep_what_they_had() {
        let body =
            |more: &str| members(&[file(more)], &[], Messages { quiet: true, ..Messages::default() }).to_string();
        let auto = r#","chunking_strategy":{"type":"auto"}"#;
        assert_eq!(
            body(&format!(r#","attributes":{{"n":1e3}}{auto}"#)),
            r#"{"file_ids":["f"],"attributes":{"n":1e3},"chunking_strategy":{"type":"auto"}}"#
        );
        assert_eq!(body(r#","attributes":{},"chunking_strategy":{"type":"other"}"#), r#"{"file_ids":["f"]}"#);
        assert_eq!(body(r#","attributes":null"#), r#"{"file_ids":["f"]}"#);
        let files = [file(&format!(r#","attributes":{{"n":1}}{auto}"#)), file(auto)];
        assert_eq!(
            members(&files, &[], Messages { quiet: true, ..Messages::default() }).to_string(),
            r#"{"files":[{"file_id":"f","attributes":{"n":1},"chunking_strategy":{"type":"auto"}},{"file_id":"f","chunking_strategy":{"type":"auto"}}]}"#
        );
    }
}
