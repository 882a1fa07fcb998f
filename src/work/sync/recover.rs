//! What earlier requests have uploaded without a word of it: those of a run that broke off, and those whose answers were
//! lost. Uploads are known again by their names and sizes, because the service tells no more of them.

use std::collections::{HashMap, HashSet};
use std::time::UNIX_EPOCH;

use anyhow::Context as _;

use super::send::Sent;
use super::shared::Shared;
use super::{Halt, Sync};
use crate::api::types::UploadedFile;
use crate::api::{Client, Error, ListQuery, Pages, item_id};
use crate::journal::{self, BrokenOff, SentRecord};
use crate::output::{Messages, human};
use crate::sync::LocalFile;

/// How far the clocks of the service and of this machine may differ, in seconds.
const CLOCKS_DIFFER: i64 = 60;
/// An upload may be carried out so many seconds after it was begun.
const UPLOAD_LASTS: i64 = 3600;
/// Without a journal it is looked whether other vector stores use what might be ours. Where there are more stores than
/// this, it is uploaded once more instead.
const MOST_STORES: usize = 50;

/// Names and sizes of the files here.
#[derive(Debug)]
pub(super) struct Names<'a>(HashMap<(&'a str, u64), Place>);

/// Whose a name and a size are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// Those of the file with this index alone.
    Of(usize),
    /// Those of several, of which it cannot be told which is meant.
    Several,
}

impl<'a> Names<'a> {
    pub(super) fn new(files: &'a [LocalFile]) -> Self {
        let mut names = HashMap::with_capacity(files.len());
        for (index, file) in files.iter().enumerate() {
            let name = (file.filename.as_str(), file.bytes);
            names.entry(name).and_modify(|place| *place = Place::Several).or_insert(Place::Of(index));
        }
        Self(names)
    }

    fn place(&self, uploaded: &UploadedFile) -> Option<Place> {
        self.0.get(&(uploaded.filename.as_deref()?, uploaded.bytes?)).copied()
    }

    /// The only file here that it can be, by its index.
    pub(super) fn index_of(&self, uploaded: &UploadedFile) -> Option<usize> {
        match self.place(uploaded) {
            Some(Place::Of(index)) => Some(index),
            Some(Place::Several) | None => None,
        }
    }

    /// Whether the name and the size of this file are those of several.
    pub(super) fn is_ambiguous(&self, file: &LocalFile) -> bool {
        self.0.get(&(file.filename.as_str(), file.bytes)) == Some(&Place::Several)
    }
}

/// The ids of files that were uploaded before and need not be once more, by the places of the local ones.
///
/// # Errors
/// When a run broke off and the uploaded files cannot be listed.
pub(super) fn adopt(sync: &Sync, client: &Client, messages: Messages) -> anyhow::Result<HashMap<usize, String>> {
    let wanted: HashSet<usize> = sync.plan.uploads().collect();
    let adopted = match sync.past.broken_off {
        _ if wanted.is_empty() => HashMap::new(),
        Some(broken_off) => after(broken_off, sync, &wanted, client).context("failed to look for earlier uploads")?,
        // All runs that are known have come to their end.
        None if sync.past.has_begun => HashMap::new(),
        None => unjournaled(sync, &wanted, client).unwrap_or_else(|error| {
            messages.note(&format!("whether files were uploaded before is not known: {error}"));
            HashMap::new()
        }),
    };
    if !adopted.is_empty() {
        messages.note(&format!("{} uploaded before, taken over", human::files(adopted.len())));
    }
    Ok(adopted)
}

/// What runs have uploaded that broke off: the journal knows the ids of those whose answers came, and what was under way.
fn after(
    broken_off: BrokenOff,
    sync: &Sync,
    wanted: &HashSet<usize>,
    client: &Client,
) -> Result<HashMap<usize, String>, Error> {
    let past = &sync.past;
    let listed = uploaded_since(client, broken_off.began.saturating_sub(CLOCKS_DIFFER))?;
    let free = listed.iter().filter(|uploaded| !sync.attached.contains(&uploaded.id));
    let (known, unknown): (Vec<_>, Vec<_>) =
        free.filter(|uploaded| !past.foreign.contains(&uploaded.id)).partition(|it| past.uploads.contains_key(&it.id));
    let mut by_content: HashMap<&str, &str> = HashMap::new();
    for uploaded in known {
        by_content
            .extend(past.uploads.get(&uploaded.id).map(|(upload, _)| (upload.sha256.as_str(), uploaded.id.as_str())));
    }
    let under_way = under_way(&past.sent, &unknown);
    if !under_way.is_empty() {
        // By name and size alone it may be somebody else's.
        let others = in_other_stores(sync, client)?;
        let is_free = |id: &str| others.as_ref().is_some_and(|others| !others.contains(id));
        by_content.extend(under_way.into_iter().filter(|(_, id)| is_free(id)));
    }
    let file = |index: &usize| {
        let content = sync.wanted.local.get(*index)?.sha256.as_str();
        Some((*index, (*by_content.get(content)?).to_owned()))
    };
    Ok(wanted.iter().filter_map(file).collect())
}

/// The uploads that these requests must have made, by content. Where it cannot be told which has made which, none.
fn under_way<'a>(sent: &'a [(SentRecord, i64)], unknown: &[&'a UploadedFile]) -> HashMap<&'a str, &'a str> {
    let mut found = HashMap::new();
    for (request, _) in sent {
        let rivals: Vec<_> =
            sent.iter().filter(|(it, _)| (&it.filename, it.bytes) == (&request.filename, request.bytes)).collect();
        let is_certain = rivals.iter().all(|(rival, _)| rival.sha256 == request.sha256);
        let made: Vec<_> =
            unknown.iter().filter(|file| rivals.iter().any(|(rival, since)| may_be(file, rival, *since))).collect();
        if is_certain && made.len() <= rivals.len() {
            found.extend(made.first().map(|file| (request.sha256.as_str(), file.id.as_str())));
        }
    }
    found
}

/// Whether an upload may be what this request has made, which was under way since then.
fn may_be(uploaded: &UploadedFile, request: &SentRecord, since: i64) -> bool {
    let times = since.saturating_sub(CLOCKS_DIFFER)..=since.saturating_add(UPLOAD_LASTS);
    uploaded.filename.as_ref() == Some(&request.filename)
        && uploaded.bytes == Some(request.bytes)
        && uploaded.created_at.is_some_and(|time| times.contains(&time))
}

/// The same where no journal tells of any run, as on a machine that starts anew for each.
fn unjournaled(sync: &Sync, wanted: &HashSet<usize>, client: &Client) -> Result<HashMap<usize, String>, Error> {
    let times = wanted.iter().filter_map(|index| modified(sync.wanted.local.get(*index)?));
    let Some(oldest) = times.min() else { return Ok(HashMap::new()) };
    let mut adopted = HashMap::new();
    by_name(sync, wanted, &uploaded_since(client, oldest)?, &mut adopted);
    if !adopted.is_empty() {
        match in_other_stores(sync, client)? {
            Some(others) => adopted.retain(|_, id| !others.contains(id)),
            None => adopted.clear(),
        }
    }
    Ok(adopted)
}

/// Takes files with the right name and size that are newer than the local ones and of which nothing else is known.
fn by_name(sync: &Sync, wanted: &HashSet<usize>, listed: &[UploadedFile], adopted: &mut HashMap<usize, String>) {
    let names = Names::new(&sync.wanted.local);
    for uploaded in listed {
        let Some(index) = names.index_of(uploaded).filter(|index| wanted.contains(index)) else { continue };
        let is_known = sync.attached.contains(&uploaded.id) || sync.past.knows(&uploaded.id);
        let is_newer = sync.wanted.local.get(index).is_some_and(|file| is_newer(uploaded, file));
        if is_newer && !is_known {
            adopted.entry(index).or_insert_with(|| uploaded.id.clone());
        }
    }
}

/// Uploads that nobody uses.
#[derive(Debug, Default)]
pub(super) struct Strays {
    pub(super) ids: Vec<String>,
    /// Files that were taken out of the store before and are to be deleted.
    pub(super) detached: Vec<String>,
    /// Whether there are too many vector stores to be sure.
    pub(super) may_be_used: bool,
}

/// The uploads that nobody uses: those that the journal's broken-off runs have made or taken out of the store, and those that
/// may be what requests without an answer have made, of these runs or of this one.
///
/// # Errors
/// When the uploaded files, or those of other stores, cannot be listed.
pub(super) fn strays(sync: &Sync, sent: &Sent, shared: &Shared, client: &Client) -> Result<Strays, Halt> {
    let past = &sync.past;
    let mut requests = shared.strays();
    requests.extend(past.sent.iter().cloned());
    let began = past.broken_off.map_or(i64::MAX, |broken_off| broken_off.began);
    // What was to be taken away may have been uploaded at any time.
    let oldest =
        if past.detached.is_empty() { requests.iter().map(|(_, since)| *since).fold(began, i64::min) } else { 0 };
    let oldest = oldest.saturating_sub(CLOCKS_DIFFER);
    let listed = uploaded_since(client, oldest).context("failed to look for uploads that are in no use")?;
    let is_ours = |uploaded: &UploadedFile| match past.uploads.get(&uploaded.id) {
        _ if past.detached.contains(&uploaded.id) => true,
        Some((_, time)) => *time >= began,
        None if past.foreign.contains(&uploaded.id) => false,
        None => requests.iter().any(|(request, since)| may_be(uploaded, request, *since)),
    };
    let is_used =
        |uploaded: &UploadedFile| sent.uploaded.contains(&uploaded.id) || sync.attached.contains(&uploaded.id);
    let strays = listed.into_iter().filter(|uploaded| is_ours(uploaded) && !is_used(uploaded));
    let ids = strays.map(|uploaded| uploaded.id);
    let (detached, ids) = ids.partition(|id| sync.prunes && past.detached.contains(id));
    let mut strays = Strays { ids, detached, may_be_used: false };
    if !strays.ids.is_empty() {
        // Others may have uploaded such files as well, and into a store of which no journal here knows.
        match in_other_stores(sync, client).context("failed to look whether other vector stores use uploads")? {
            Some(others) => strays.ids.retain(|id| !others.contains(id)),
            None => strays.may_be_used = true,
        }
    }
    Ok(strays)
}

/// The files that were uploaded since then, the newest first.
fn uploaded_since(client: &Client, oldest: i64) -> Result<Vec<UploadedFile>, Error> {
    let query = ListQuery { order: Some("desc".to_owned()), ..ListQuery::default() };
    let mut files = Vec::new();
    for page in Pages::of_uploads(client, query) {
        let (reply, _) = page?;
        let before = files.len();
        files.extend(reply.page()?.items.iter().filter_map(|item| UploadedFile::read(item)));
        let is_old = |file: &UploadedFile| file.created_at.is_some_and(|time| time < oldest);
        if files.get(before..).is_some_and(|page| page.iter().all(is_old)) {
            break;
        }
    }
    Ok(files)
}

/// The ids of all files that other vector stores have; nothing where there are too many stores.
fn in_other_stores(sync: &Sync, client: &Client) -> Result<Option<HashSet<String>>, Error> {
    let mut stores = Vec::new();
    for page in Pages::of_stores(client) {
        let (reply, _) = page?;
        stores.extend(reply.page()?.items.iter().filter_map(|item| item_id(item)));
        if stores.len() > MOST_STORES {
            return Ok(None);
        }
    }
    let mut files = HashSet::new();
    for store in stores.iter().filter(|store| **store != sync.wanted.store) {
        for page in Pages::of_store(client, store, ListQuery::default()) {
            let (reply, _) = match page {
                // It was deleted since the stores were listed.
                Err(error) if error.is_missing() => break,
                page => page?,
            };
            for item in &reply.page()?.items {
                files.insert(item_id(item).ok_or_else(|| unreadable(item))?);
            }
        }
    }
    Ok(Some(files))
}

/// An item without an id: taken for nothing, it would be a file that is in no use.
fn unreadable(item: &str) -> Error {
    Error::Decode { message: "an item of the list has no id".to_owned(), body: item.to_owned() }
}

/// Whether a file was uploaded after the local one was last changed. In the same second it may have been before.
fn is_newer(uploaded: &UploadedFile, file: &LocalFile) -> bool {
    let times = uploaded.created_at.zip(modified(file));
    times.is_some_and(|(uploaded, modified)| uploaded > modified && uploaded <= journal::now() + CLOCKS_DIFFER)
}

/// In seconds since 1970.
fn modified(file: &LocalFile) -> Option<i64> {
    i64::try_from(file.modified?.duration_since(UNIX_EPOCH).ok()?.as_secs()).ok()
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::{Names, is_newer};
    use crate::api::types::UploadedFile;
    use crate::sync::LocalFile;

    fn local(path: &str, bytes: u64) -> LocalFile {
        LocalFile {
            path: path.to_owned(),
            location: path.into(),
            filename: path.rsplit('/').next().unwrap().to_owned(),
            bytes,
            modified: Some(UNIX_EPOCH + Duration::from_millis(10_900)),
            sha256: "00".to_owned(),
            attributes: Vec::new(),
        }
    }

    fn uploaded(rest: &str) -> UploadedFile {
        UploadedFile::read(&format!(r#"{{"id":"file-1","object":"file"{rest}}}"#)).unwrap()
    }

    #[test]
    fn an_upload_is_known_by_name_and_size_where_one_file_here_has_both() {
        let files = [local("a.md", 1), local("x/b.md", 1), local("y/b.md", 1), local("z/b.md", 2)];
        let names = Names::new(&files);
        let index = |rest| names.index_of(&uploaded(rest));
        assert_eq!(index(r#","filename":"a.md","bytes":1"#), Some(0));
        assert_eq!(index(r#","filename":"b.md","bytes":2"#), Some(3));
        for unknown in [
            r#","filename":"a.md","bytes":2"#,
            r#","filename":"A.md","bytes":1"#,
            r#","filename":"b.md","bytes":1"#,
            r#","filename":"a.md""#,
            r#","bytes":1"#,
        ] {
            assert_eq!(index(unknown), None, "{unknown}");
        }
        assert_eq!(files.each_ref().map(|file| names.is_ambiguous(file)), [false, true, true, false]);
    }

    #[test]
    fn an_upload_from_before_the_last_change_is_another_content() {
        let file = local("a.md", 1);
        for (rest, is_later) in [(r#","created_at":9"#, false), (r#","created_at":11"#, true), ("", false)] {
            assert_eq!(is_newer(&uploaded(rest), &file), is_later, "{rest}");
        }
        assert!(!is_newer(&uploaded(r#","created_at":11"#), &LocalFile { modified: None, ..file }));
    }
}
