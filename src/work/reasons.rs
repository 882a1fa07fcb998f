//! Why files failed: the first of them, each with its line in the manifest where that is known.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::Path;
use std::time::SystemTime;

use crate::api::types::{BatchId, VectorStoreFile};
use crate::api::{Client, Error, ListQuery, Pages};
use crate::input::manifest::Manifest;
use crate::input::stdin::Stdin;
use crate::journal::Record;
use crate::output::failures::FailedFile;

/// How many failed files are shown.
const MOST_FAILED: u64 = 20;

/// A batch of which files have failed.
pub(super) struct Faulty {
    pub(super) id: BatchId,
    /// What the journal has on it.
    pub(super) record: Option<Record>,
}

/// The first failed files of these batches, and what kept us from seeing all that were wanted. Lines are those in
/// `manifest`, else in the one that the journal names.
pub(super) fn list(
    client: &Client,
    batches: &[Faulty],
    manifest: Option<Manifest>,
) -> (Vec<FailedFile>, Option<Error>) {
    let mut files = Vec::new();
    let mut paths = Vec::new();
    let mut failure = None;
    for batch in batches {
        let wanted = MOST_FAILED.saturating_sub(files.len() as u64);
        if wanted == 0 || failure.is_some() {
            break;
        }
        failure = list_of(&batch.id, (client, wanted), &mut files).err();
        paths.resize(files.len(), batch.record.as_ref().and_then(manifest_of));
    }
    if let Some(manifest) = manifest {
        put_lines(manifest, &mut files.iter_mut().collect::<Vec<_>>());
        return (files, failure);
    }
    let mut by_path: BTreeMap<&str, Vec<&mut FailedFile>> = BTreeMap::new();
    for (file, path) in files.iter_mut().zip(paths) {
        if let Some(path) = path {
            by_path.entry(path).or_default().push(file);
        }
    }
    for (path, mut files) in by_path {
        if let Ok(manifest) = Manifest::open(path, None, &mut Stdin::default()) {
            put_lines(manifest, &mut files);
        }
    }
    (files, failure)
}

/// Adds the first failed files of a batch, as many as are wanted.
fn list_of(batch: &BatchId, (client, wanted): (&Client, u64), files: &mut Vec<FailedFile>) -> Result<(), Error> {
    let query = ListQuery { filter: Some("failed".to_owned()), ..ListQuery::default() };
    for page in Pages::new(client, (&batch.store, &batch.id), query, Some(wanted)) {
        let (reply, wanted) = page?;
        let page = reply.page()?;
        let read = page.items.iter().take(wanted).filter_map(|item| VectorStoreFile::read(item));
        files.extend(read.map(|file| FailedFile { line: None, file }));
    }
    Ok(())
}

/// The manifest that a batch was created from, if it has not been written to since. Anything but a file may have no end,
/// or keep us waiting.
pub(super) fn manifest_of(record: &Record) -> Option<&str> {
    let path = record.files_from.as_deref().filter(|path| Path::new(path).is_absolute())?;
    let metadata = fs::metadata(path).ok().filter(fs::Metadata::is_file)?;
    let changed = metadata.modified().ok()?.duration_since(SystemTime::UNIX_EPOCH).ok()?.as_secs();
    (i64::try_from(changed).ok()? <= record.time).then_some(path)
}

/// Puts the lines of these files into them, each the first that names it. A manifest that cannot be read has none.
fn put_lines(mut manifest: Manifest, files: &mut [&mut FailedFile]) {
    let mut unknown: HashMap<String, Vec<&mut Option<u64>>> = HashMap::new();
    for file in files {
        unknown.entry(file.file.id.clone()).or_default().push(&mut file.line);
    }
    let Ok(entries) = manifest.entries() else { return };
    for entry in entries.flatten() {
        if unknown.is_empty() {
            return;
        }
        for line in unknown.remove(&entry.file_id).into_iter().flatten() {
            *line = Some(entry.line);
        }
    }
}
