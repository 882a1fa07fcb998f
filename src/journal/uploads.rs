//! What the journal says of a sync beside its batches: what was uploaded, so that a sync that broke off can go on.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::io;

use serde::{Deserialize, Serialize};

use super::{Journal, now};

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SyncEvent {
    /// A sync begins to send.
    SyncBegan,
    /// A file is to be uploaded, or is to be once more after a request of which it is not known what came of it.
    Uploading,
    /// A file has been uploaded.
    Uploaded,
    /// A file is to be taken out of the store, and deleted after that.
    Detaching,
    /// The run is over, with all requests answered, and has left something to be looked for.
    SyncStopped,
    /// All that was uploaded is attached, or deleted again.
    SyncEnded,
}

/// A step of the sync of one source with one store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SyncRecord {
    /// Seconds since 1970.
    pub(crate) time: i64,
    pub(crate) event: SyncEvent,
    pub(crate) base_url: String,
    pub(crate) vector_store_id: String,
    pub(crate) source: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) file: Option<UploadRecord>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) sent: Option<SentRecord>,
    /// The id of a file that is taken out of the store.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) detached: Option<String>,
}

/// A file that was uploaded, and what it was here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct UploadRecord {
    pub(crate) file_id: String,
    pub(crate) path: String,
    pub(crate) sha256: String,
}

/// A file that is being uploaded: what the service will tell of it, and its content, whatever becomes of it here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SentRecord {
    pub(crate) filename: String,
    pub(crate) bytes: u64,
    pub(crate) sha256: String,
}

impl SyncRecord {
    /// What happens to the same sync now.
    pub(crate) fn then(&self, event: SyncEvent) -> Self {
        Self { time: now(), event, file: None, sent: None, detached: None, ..self.clone() }
    }

    fn is_of_the_same_as(&self, other: &Self) -> bool {
        self.vector_store_id == other.vector_store_id && self.source == other.source
    }
}

/// What earlier runs of a sync have done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct SyncPast {
    /// Whether there was any.
    pub(crate) has_begun: bool,
    /// The runs since the last that came to its end.
    pub(crate) broken_off: Option<BrokenOff>,
    /// All that was ever uploaded, by file ids, with the time.
    pub(crate) uploads: HashMap<String, (UploadRecord, i64)>,
    /// What runs that broke off were uploading without an answer, and since when.
    pub(crate) sent: Vec<(SentRecord, i64)>,
    /// The ids of files that they were taking out of the store.
    pub(crate) detached: HashSet<String>,
    /// The ids of what was uploaded for others.
    pub(crate) foreign: HashSet<String>,
}

impl SyncPast {
    fn note_upload(&mut self, file: UploadRecord, time: i64) {
        if let Some(place) = self.sent.iter().position(|(sent, _)| sent.sha256 == file.sha256) {
            self.sent.swap_remove(place);
        }
        self.uploads.insert(file.file_id.clone(), (file, time));
    }

    /// Whether it is known whose upload this is.
    pub(crate) fn knows(&self, file_id: &str) -> bool {
        self.uploads.contains_key(file_id) || self.foreign.contains(file_id)
    }
}

/// Runs that began and did not end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BrokenOff {
    /// When the first of them began: seconds since 1970.
    pub(crate) began: i64,
    /// When the last was last heard of; 0 where nothing of it is under way any more.
    pub(crate) last: i64,
}

impl Journal {
    /// What there was of the sync that `like` is a step of.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) fn past_of(&self, like: &SyncRecord) -> io::Result<SyncPast> {
        Ok(fold(self.parsed()?.filter(|record: &SyncRecord| record.base_url == like.base_url), like))
    }

    /// The stores of one service with which folders were synced.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) fn synced_stores(&self, base_url: &str) -> io::Result<BTreeSet<String>> {
        let records = self.parsed()?.filter(|record: &SyncRecord| record.base_url == base_url);
        Ok(records.map(|record| record.vector_store_id).collect())
    }
}

/// What records of one service tell of the sync that `like` is of.
fn fold(records: impl Iterator<Item = SyncRecord>, like: &SyncRecord) -> SyncPast {
    let mut past = SyncPast::default();
    for record in records {
        let is_foreign = !record.is_of_the_same_as(like);
        let SyncRecord { time, event, file, sent, detached, .. } = record;
        if is_foreign {
            past.foreign.extend(file.map(|file| file.file_id));
            continue;
        }
        past.has_begun = true;
        match event {
            SyncEvent::SyncEnded => {
                past.broken_off = None;
                past.sent.clear();
                past.detached.clear();
            }
            // Of several runs that were killed one after another, all have left something.
            SyncEvent::SyncBegan => drop(past.broken_off.get_or_insert(BrokenOff { began: time, last: time })),
            SyncEvent::SyncStopped => {}
            SyncEvent::Uploading => past.sent.extend(sent.map(|sent| (sent, time))),
            SyncEvent::Uploaded => file.into_iter().for_each(|file| past.note_upload(file, time)),
            SyncEvent::Detaching => past.detached.extend(detached),
        }
        if let Some(broken_off) = &mut past.broken_off {
            broken_off.last = if event == SyncEvent::SyncStopped { 0 } else { time };
        }
    }
    past
}

#[cfg(test)]
mod tests {
    use super::{BrokenOff, SentRecord, SyncEvent, SyncPast, SyncRecord, UploadRecord, fold};

    fn record(time: i64, event: SyncEvent, file: Option<&str>) -> SyncRecord {
        let file =
            file.map(|id| UploadRecord { file_id: id.to_owned(), path: "a.md".to_owned(), sha256: "0a".to_owned() });
        let texts = ["http://h/v1", "vs_1", "docs"].map(str::to_owned);
        let [base_url, vector_store_id, source] = texts;
        SyncRecord { time, event, base_url, vector_store_id, source, file, sent: None, detached: None }
    }

    fn ids(past: &SyncPast) -> Vec<&str> {
        let mut ids: Vec<_> = past.uploads.keys().map(String::as_str).collect();
        ids.sort_unstable();
        ids
    }

    #[test]
    fn a_run_that_did_not_end_broke_off_with_those_after_it() {
        let mut records = vec![
            record(1, SyncEvent::SyncBegan, None),
            record(2, SyncEvent::Uploaded, Some("file-old")),
            record(3, SyncEvent::SyncEnded, None),
        ];
        let like = record(0, SyncEvent::SyncBegan, None);
        let past = fold(records.clone().into_iter(), &like);
        assert_eq!((past.has_begun, past.broken_off, ids(&past)), (true, None, vec!["file-old"]));
        records.extend([
            record(4, SyncEvent::SyncBegan, None),
            record(5, SyncEvent::Uploaded, Some("file-a")),
            record(6, SyncEvent::SyncBegan, None),
            record(7, SyncEvent::Uploaded, Some("file-b")),
        ]);
        let mut other = record(8, SyncEvent::Uploaded, Some("file-c"));
        other.source = "others".to_owned();
        records.push(other);
        let past = fold(records.into_iter(), &like);
        assert_eq!(past.broken_off, Some(BrokenOff { began: 4, last: 7 }));
        assert_eq!(ids(&past), ["file-a", "file-b", "file-old"]);
        assert_eq!(past.uploads["file-b"].1, 7);
        assert!(past.knows("file-a") && past.knows("file-c") && !past.knows("file-d"));
        assert_eq!(fold(std::iter::empty(), &like), SyncPast::default());
    }

    #[test]
    fn what_a_run_that_broke_off_was_about_is_known() {
        let uploading = |filename: &str, sha256: &str| {
            let sent = SentRecord { filename: filename.to_owned(), bytes: 7, sha256: sha256.to_owned() };
            SyncRecord { sent: Some(sent), ..record(2, SyncEvent::Uploading, None) }
        };
        let mut detaching = record(4, SyncEvent::Detaching, None);
        detaching.detached = Some("file-b".to_owned());
        let records = [
            record(1, SyncEvent::SyncBegan, None),
            // Once more, after a lost answer.
            uploading("a.md", "0a"),
            uploading("a.md", "0a"),
            uploading("b.md", "0b"),
            record(3, SyncEvent::Uploaded, Some("file-a")),
            detaching,
            record(5, SyncEvent::SyncEnded, None),
        ];
        let past = fold(records[..6].iter().cloned(), &records[0]);
        let mut sent: Vec<_> = past.sent.iter().map(|(sent, time)| (sent.filename.as_str(), *time)).collect();
        sent.sort_unstable();
        assert_eq!((sent, past.detached), (vec![("a.md", 2), ("b.md", 2)], ["file-b".to_owned()].into()));
        let past = fold(records.iter().cloned(), &records[0]);
        assert_eq!((past.sent, past.detached), (vec![], [].into()));
    }

    #[test]
    fn a_line_is_as_short_as_it_can_be() {
        let line = serde_json::to_string(&record(4, SyncEvent::SyncBegan, None)).unwrap();
        let expected =
            r#"{"time":4,"event":"sync_began","base_url":"http://h/v1","vector_store_id":"vs_1","source":"docs"}"#;
        assert_eq!(line, expected);
    }
}
