//! A vector store: the files attached to it, alone or in batches, and how far each is.

use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

use super::Millis;
use super::limits::Window;
use super::processing::Ending;

/// What a vector store was created with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Profile {
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    /// JSON, as sent.
    pub(crate) metadata: Option<Box<str>>,
    /// Days after it was last active.
    pub(crate) expires_after: Option<u64>,
}

/// How one attached file is searched and cut.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Settings {
    /// A map in JSON; none is an empty one.
    pub(crate) attributes: Option<Box<str>>,
    pub(crate) max_chunk_size_tokens: u64,
    pub(crate) chunk_overlap_tokens: u64,
}

impl Settings {
    /// What `auto` is.
    pub(crate) const AUTO: Self = Self { attributes: None, max_chunk_size_tokens: 800, chunk_overlap_tokens: 400 };
}

/// How far a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    InProgress,
    Completed,
    Failed,
    Cancelled,
}

impl Status {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::InProgress => "in_progress",
            Self::Completed => "completed",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }
}

/// How many files are how far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) in_progress: usize,
    pub(crate) completed: usize,
    pub(crate) failed: usize,
    pub(crate) cancelled: usize,
}

impl Counts {
    pub(crate) const fn total(self) -> usize {
        self.in_progress + self.completed + self.failed + self.cancelled
    }

    /// One more that is so far.
    pub(crate) const fn add(&mut self, status: Status) {
        match status {
            Status::InProgress => self.in_progress += 1,
            Status::Completed => self.completed += 1,
            Status::Failed => self.failed += 1,
            Status::Cancelled => self.cancelled += 1,
        }
    }
}

/// A file to be attached.
#[derive(Clone, Debug)]
pub(crate) struct Attachment {
    pub(crate) file_id: Rc<str>,
    pub(crate) settings: Rc<Settings>,
    pub(crate) bytes: u64,
    /// When it will have been processed, and how that ends.
    pub(crate) ends_at: Millis,
    pub(crate) ending: Ending,
}

/// A file that is attached. Its state is not kept: it follows from the time.
#[derive(Clone, Debug)]
pub(crate) struct Attached {
    file: Attachment,
    /// When it was attached.
    since: Millis,
    cancelled_at: Millis,
    is_detached: bool,
}

impl Attached {
    pub(crate) const fn file(&self) -> &Attachment {
        &self.file
    }

    pub(crate) const fn since(&self) -> Millis {
        self.since
    }

    pub(crate) const fn status(&self, now: Millis) -> Status {
        if self.file.ends_at <= now && self.file.ends_at <= self.cancelled_at {
            match self.file.ending {
                Ending::Completed => Status::Completed,
                _ => Status::Failed,
            }
        } else if self.cancelled_at <= now {
            Status::Cancelled
        } else {
            Status::InProgress
        }
    }

    /// What it takes in the store, in bytes: nothing until it is completed.
    pub(crate) fn usage_bytes(&self, now: Millis) -> u64 {
        if self.status(now) == Status::Completed { self.file.bytes } else { 0 }
    }
}

/// A file batch.
#[derive(Clone, Debug)]
pub(crate) struct Batch {
    pub(crate) id: Rc<str>,
    pub(crate) created_at: Millis,
    files: Range<usize>,
    is_cancelled: bool,
    /// The counts as they were when it was cancelled, where they are to stay so.
    stale: Option<Counts>,
}

/// A vector store.
#[derive(Clone, Debug)]
pub(crate) struct Store {
    id: Rc<str>,
    pub(crate) profile: Profile,
    pub(crate) created_at: Millis,
    pub(crate) last_active_at: Millis,
    /// Every file ever attached; those of a batch stand together. What is attached again stands here again.
    attached: Vec<Attached>,
    /// By file id, the place of the last one in `attached`, unless it was detached.
    current: HashMap<Rc<str>, usize>,
    batches: HashMap<Rc<str>, Batch>,
    /// Attach writes of the last minute.
    pub(crate) writes: Window,
}

impl Store {
    pub(crate) fn new(id: Rc<str>, profile: Profile, created_at: Millis) -> Self {
        Self {
            id,
            profile,
            created_at,
            last_active_at: created_at,
            attached: Vec::new(),
            current: HashMap::new(),
            batches: HashMap::new(),
            writes: Window::default(),
        }
    }

    pub(crate) const fn id(&self) -> &Rc<str> {
        &self.id
    }

    /// Attaches files. The ids must differ.
    pub(crate) fn attach(&mut self, files: Vec<Attachment>, now: Millis) -> Range<usize> {
        self.last_active_at = now;
        let start = self.attached.len();
        for file in files {
            self.current.insert(Rc::clone(&file.file_id), self.attached.len());
            let attached = Attached { file, since: now, cancelled_at: Millis::MAX, is_detached: false };
            self.attached.push(attached);
        }
        start..self.attached.len()
    }

    /// Attaches files as a batch.
    pub(crate) fn attach_batch(&mut self, id: Rc<str>, files: Vec<Attachment>, now: Millis) -> Batch {
        let files = self.attach(files, now);
        let batch = Batch { id: Rc::clone(&id), created_at: now, files, is_cancelled: false, stale: None };
        self.batches.insert(id, batch.clone());
        batch
    }

    pub(crate) fn batch(&self, id: &str) -> Option<&Batch> {
        self.batches.get(id)
    }

    /// Cancels what is not finished of a batch, if there is such a batch. `stale` leaves its counts as they are.
    pub(crate) fn cancel(&mut self, id: &str, stale: bool, now: Millis) {
        let Some(batch) = self.batches.get(id).filter(|batch| self.status(batch, now) == Status::InProgress) else {
            return;
        };
        let counts = self.counts(batch, now);
        let files = batch.files.clone();
        for file in self.attached.get_mut(files).into_iter().flatten() {
            file.cancelled_at = now;
        }
        if let Some(batch) = self.batches.get_mut(id) {
            batch.is_cancelled = true;
            batch.stale = stale.then_some(counts);
        }
    }

    /// How far a batch is. One whose files failed is completed.
    pub(crate) fn status(&self, batch: &Batch, now: Millis) -> Status {
        if batch.is_cancelled {
            Status::Cancelled
        } else if self.count(&batch.files, now).in_progress > 0 {
            Status::InProgress
        } else {
            Status::Completed
        }
    }

    /// How far the files of a batch are.
    pub(crate) fn counts(&self, batch: &Batch, now: Millis) -> Counts {
        batch.stale.unwrap_or_else(|| self.count(&batch.files, now))
    }

    fn count(&self, files: &Range<usize>, now: Millis) -> Counts {
        let mut counts = Counts::default();
        for file in self.attached.get(files.clone()).unwrap_or_default() {
            counts.add(file.status(now));
        }
        counts
    }

    /// The files of a batch that are still attached, in the order they were sent.
    pub(crate) fn batch_files(&self, batch: &Batch) -> impl Iterator<Item = &Attached> {
        self.attached.get(batch.files.clone()).unwrap_or_default().iter().filter(|file| !file.is_detached)
    }

    /// The attached files in the order they were attached, each as it was attached last.
    pub(crate) fn files(&self) -> impl Iterator<Item = &Attached> {
        let is_current = |(place, file): &(usize, &Attached)| self.current.get(&file.file.file_id) == Some(place);
        self.attached.iter().enumerate().filter(is_current).map(|(_, file)| file)
    }

    /// An attached file.
    pub(crate) fn file(&self, id: &str) -> Option<&Attached> {
        self.current.get(id).and_then(|place| self.attached.get(*place))
    }

    /// Gives a file other attributes, a map in JSON, in the store and in the lists of its batches.
    pub(crate) fn update(&mut self, id: &str, attributes: Option<&str>) {
        for attached in self.every(id) {
            let settings = Settings { attributes: attributes.map(Into::into), ..(*attached.file.settings).clone() };
            attached.file.settings = Rc::new(settings);
        }
    }

    /// Takes a file out of the store and of the lists of its batches; gives whether it was there.
    pub(crate) fn detach(&mut self, id: &str) -> bool {
        if self.current.remove(id).is_none() {
            return false;
        }
        for attached in self.every(id) {
            attached.is_detached = true;
        }
        true
    }

    /// A file as often as it was attached: batches that had it before it was attached again list it, too.
    fn every(&mut self, id: &str) -> impl Iterator<Item = &mut Attached> {
        self.attached.iter_mut().filter(move |attached| &*attached.file.file_id == id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Files that are completed after so many milliseconds.
    fn files(ends: &[(&str, Millis)]) -> Vec<Attachment> {
        let file = |(id, ends_at): &(&str, Millis)| Attachment {
            file_id: (*id).into(),
            settings: Rc::new(Settings::AUTO),
            bytes: 7,
            ends_at: *ends_at,
            ending: if id.contains("bad") { Ending::ServerError } else { Ending::Completed },
        };
        ends.iter().map(file).collect()
    }

    fn store() -> Store {
        Store::new("vs_1".into(), Profile::default(), 0)
    }

    fn counts(counts: Counts) -> [usize; 4] {
        [counts.in_progress, counts.completed, counts.failed, counts.cancelled]
    }

    #[test]
    fn a_batch_goes_from_in_progress_to_completed_as_time_goes_by() {
        let mut store = store();
        let batch = store.attach_batch("vsfb_1".into(), files(&[("a", 10), ("bad", 20), ("c", 30)]), 0);
        for (now, status, expected) in [
            (0, Status::InProgress, [3, 0, 0, 0]),
            (10, Status::InProgress, [2, 1, 0, 0]),
            (29, Status::InProgress, [1, 1, 1, 0]),
            (30, Status::Completed, [0, 2, 1, 0]),
        ] {
            assert_eq!((store.status(&batch, now), counts(store.counts(&batch, now))), (status, expected), "at {now}");
        }
        assert_eq!(store.counts(&batch, 30).total(), 3);
    }

    #[test]
    fn a_cancel_leaves_what_is_finished_and_ends_the_rest() {
        let mut store = store();
        store.attach_batch("vsfb_1".into(), files(&[("a", 10), ("b", 20), ("bad", 30)]), 0);
        store.cancel("vsfb_1", false, 15);
        let batch = store.batch("vsfb_1").unwrap();
        for now in [15, 100] {
            assert_eq!(store.status(batch, now), Status::Cancelled);
            assert_eq!(counts(store.counts(batch, now)), [0, 1, 0, 2]);
        }
    }

    #[test]
    fn a_cancel_changes_nothing_of_a_batch_that_has_ended() {
        let mut store = store();
        store.attach_batch("vsfb_1".into(), files(&[("a", 10), ("b", 20)]), 0);
        store.cancel("vsfb_1", false, 20);
        assert_eq!(store.status(store.batch("vsfb_1").unwrap(), 20), Status::Completed);
        store.attach_batch("vsfb_2".into(), files(&[("c", 10), ("d", 30)]), 0);
        store.cancel("vsfb_2", false, 15);
        store.cancel("vsfb_2", false, 40);
        assert_eq!(counts(store.counts(store.batch("vsfb_2").unwrap(), 50)), [0, 1, 0, 1], "cancelled twice");
    }

    #[test]
    fn stale_counts_stay_as_they_were_and_the_files_do_not() {
        let mut store = store();
        store.attach_batch("vsfb_1".into(), files(&[("a", 10), ("b", 20)]), 0);
        store.cancel("vsfb_1", true, 15);
        let batch = store.batch("vsfb_1").unwrap();
        assert_eq!(store.status(batch, 16), Status::Cancelled);
        assert_eq!(counts(store.counts(batch, 16)), [1, 1, 0, 0]);
        assert_eq!(store.file("b").unwrap().status(16), Status::Cancelled);
    }

    #[test]
    fn a_file_attached_again_is_listed_once_in_the_store_and_in_each_batch() {
        let mut store = store();
        let one = store.attach_batch("vsfb_1".into(), files(&[("a", 10), ("b", 10)]), 0);
        let two = store.attach_batch("vsfb_2".into(), files(&[("a", 30)]), 20);
        let ids = |files: Vec<&Attached>| files.iter().map(|file| &*file.file.file_id).collect::<Vec<_>>().concat();
        assert_eq!(ids(store.files().collect()), "ba");
        assert_eq!(ids(store.batch_files(&one).collect()), "ab");
        assert_eq!(ids(store.batch_files(&two).collect()), "a");
        assert_eq!(store.file("a").unwrap().status(20), Status::InProgress);
    }

    #[test]
    fn a_detached_file_is_in_no_list_and_the_batch_still_counts_it() {
        let mut store = store();
        let batch = store.attach_batch("vsfb_1".into(), files(&[("a", 10), ("b", 10)]), 0);
        assert!(store.detach("a"));
        assert!(!store.detach("a"));
        assert!(store.file("a").is_none());
        assert_eq!((store.files().count(), store.batch_files(&batch).count()), (1, 1));
        assert_eq!(store.counts(&batch, 10).total(), 2);
    }

    #[test]
    fn a_file_that_was_attached_twice_is_detached_from_both_batches() {
        let mut store = store();
        let one = store.attach_batch("vsfb_1".into(), files(&[("a", 10)]), 0);
        let two = store.attach_batch("vsfb_2".into(), files(&[("a", 10)]), 0);
        assert!(store.detach("a"));
        assert_eq!((store.batch_files(&one).count(), store.batch_files(&two).count()), (0, 0));
    }

    #[test]
    fn only_completed_files_take_room() {
        let mut store = store();
        store.attach(files(&[("a", 10), ("bad", 10)]), 0);
        let usage = |store: &Store, now| store.files().map(|file| file.usage_bytes(now)).sum::<u64>();
        assert_eq!((usage(&store, 9), usage(&store, 10)), (0, 7));
    }
}
