//! Uploading files, several at once, each from disk as it is sent.

use std::collections::{HashSet, VecDeque};
use std::fs::File;
use std::io::{self, Read};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use ring::digest::{Context as Digest, SHA256};

use super::Sync;
use super::recover::Names;
use super::shared::{Shared, Stopped};
use crate::api::types::UploadedFile;
use crate::api::{Client, Decision, Error, Failed, ListQuery, Reply, Upload};
use crate::context::Context;
use crate::folder::open_file;
use crate::journal::{self, Lines, SentRecord, SyncEvent, SyncRecord, UploadRecord};
use crate::output::Messages;
use crate::plan::hexadecimal;
use crate::sync::LocalFile;
use crate::work::post::{LONGEST_SLOWDOWN, MOST_SLOWDOWNS};

const MINUTE: Duration = Duration::from_secs(60);
/// How far the clocks may differ for an upload to be known as the one that was just made, in seconds. Where they differ by
/// more, it is made once more.
const CLOCKS_DIFFER: i64 = 5;
/// The first wait after one of which the service does not say how long it lasts; each is twice as long as the one before.
const FIRST_SLOWDOWN: Duration = Duration::from_secs(1);

/// Uploads files of one sync. Shared by its threads.
pub(super) struct Uploader<'a> {
    sync: &'a Sync,
    client: &'a Client,
    messages: Messages,
    /// The journal. Nothing where it cannot be opened, which has been told when the sync began.
    journal: Option<Mutex<Lines>>,
    /// What its lines begin with.
    record: SyncRecord,
    limiter: Limiter,
    shared: Arc<Shared>,
    names: Names<'a>,
    /// The ids of all that was uploaded now.
    known: Mutex<HashSet<String>>,
}

/// Why a file was not uploaded.
#[derive(Debug)]
pub(super) enum NotUploaded {
    /// All is to stop.
    Stopped,
    /// It cannot be read, or is not what it was when it was looked at.
    Unreadable(String),
    Refused(Error),
}

impl<'a> Uploader<'a> {
    pub(super) fn new(sync: &'a Sync, (client, context): (&'a Client, &Context), shared: &Arc<Shared>) -> Self {
        Self {
            sync,
            client,
            messages: context.messages(),
            journal: context.journal().opened().ok().map(Mutex::new),
            record: sync.wanted.record(),
            limiter: Limiter::new(sync.wanted.uploads_per_minute.map(|most| most.get() as usize)),
            shared: Arc::clone(shared),
            names: Names::new(&sync.wanted.local),
            known: Mutex::default(),
        }
    }

    /// Uploads a file, as often as it takes; gives its id. The journal has a word of it before and after.
    ///
    /// # Errors
    /// Why it is not there.
    pub(super) fn upload(&self, file: &LocalFile) -> Result<String, NotUploaded> {
        let (filename, sha256) = (file.filename.clone(), file.sha256.clone());
        let sent = SentRecord { filename, bytes: file.bytes, sha256 };
        let file_id = self.send(file, &sent)?;
        let (path, sha256) = (file.path.clone(), file.sha256.clone());
        let uploaded = UploadRecord { file_id: file_id.clone(), path, sha256 };
        self.note_down(&SyncRecord { file: Some(uploaded), ..self.record.then(SyncEvent::Uploaded) });
        Ok(file_id)
    }

    fn note_sending(&self, sent: &SentRecord) {
        self.note_down(&SyncRecord { sent: Some(sent.clone()), ..self.record.then(SyncEvent::Uploading) });
    }

    fn note_down(&self, record: &SyncRecord) {
        if let Some(journal) = &self.journal {
            // That there is no writing to it has been told as well.
            let _ = journal.lock().unwrap_or_else(PoisonError::into_inner).append(record);
        }
    }

    fn send(&self, file: &LocalFile, sent: &SentRecord) -> Result<String, NotUploaded> {
        let began = journal::now();
        let (mut retries, mut slowdowns) = (0, 0);
        self.note_sending(sent);
        loop {
            self.wait_for_a_place()?;
            let open = || Ok(Box::new(self.checked(file)?) as Box<dyn Read + Send>);
            let upload = Upload { filename: &file.filename, length: file.bytes, open: &open };
            let failed = match self.client.upload_once(&upload, retries + slowdowns) {
                Ok(reply) => return self.id_of(&reply, sent, began),
                Err(failed) => failed,
            };
            let found = if failed.may_have_acted && !self.shared.is_stopped() { self.find(file, began) } else { None };
            if let Some(id) = found {
                return self.noted(id);
            }
            if failed.may_have_acted {
                self.shared.note_stray(sent.clone(), began);
            }
            if self.shared.is_stopped() {
                return Err(NotUploaded::Stopped);
            }
            let Failed { error, decision, may_have_acted } = failed;
            if let Error::File(why) = error {
                return Err(NotUploaded::Unreadable(why));
            }
            match decision {
                Decision::Wait(wait) | Decision::AsksTooLong(wait)
                    if error.is_rate_limit() && slowdowns < MOST_SLOWDOWNS && wait <= LONGEST_SLOWDOWN =>
                {
                    slowdowns += 1;
                    self.slow_down(&error, wait);
                }
                Decision::Wait(wait) if retries < self.client.max_retries() => {
                    retries += 1;
                    self.pause(wait)?;
                }
                _ => return Err(NotUploaded::Refused(error)),
            }
            if may_have_acted {
                self.note_sending(sent);
            }
        }
    }

    /// Sends what may be repeated until it is no more refused for a rate limit; all uploads wait meanwhile.
    ///
    /// # Errors
    /// When all is to stop.
    pub(super) fn patiently<T>(&self, attempt: impl Fn() -> Result<T, Error>) -> Result<Result<T, Error>, Stopped> {
        let mut wait = FIRST_SLOWDOWN;
        for _ in 0..MOST_SLOWDOWNS {
            match attempt() {
                Err(error) if error.is_rate_limit() && error.may_pass() => {
                    let asked = error.failure().and_then(|failure| failure.asked_wait);
                    self.slow_down(&error, asked.unwrap_or(wait).min(LONGEST_SLOWDOWN));
                    wait *= 2;
                }
                other => return Ok(other),
            }
            self.shared.pause(self.limiter.held())?;
        }
        Ok(attempt())
    }

    fn slow_down(&self, error: &Error, wait: Duration) {
        if self.limiter.hold(wait) {
            self.messages.note(&format!("{error}; all files wait for {:.1} s", wait.as_secs_f64()));
        }
    }

    fn id_of(&self, reply: &Reply, sent: &SentRecord, began: i64) -> Result<String, NotUploaded> {
        if let Some(file) = UploadedFile::read(reply.json()) {
            return self.noted(file.id);
        }
        self.shared.note_stray(sent.clone(), began);
        Err(refused("the answer is no uploaded file", reply.json()))
    }

    /// A file that was uploaded since then, though no answer says so. Of several with its name and size, here or there, it
    /// cannot be told which it is.
    fn find(&self, file: &LocalFile, began: i64) -> Option<String> {
        if self.names.is_ambiguous(file) {
            return None;
        }
        // Where the list cannot be had, the file is uploaded once more.
        let newest = newest(self.client).ok()?;
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let times = began - CLOCKS_DIFFER..=journal::now() + CLOCKS_DIFFER;
        let is_it = |candidate: &UploadedFile| {
            candidate.filename.as_deref() == Some(&file.filename)
                && candidate.bytes == Some(file.bytes)
                && candidate.created_at.is_some_and(|time| times.contains(&time))
                && !known.contains(&candidate.id)
                && !self.sync.attached.contains(&candidate.id)
                && !self.sync.past.knows(&candidate.id)
        };
        let mut fitting = newest.into_iter().filter(is_it);
        fitting.next().filter(|_| fitting.next().is_none()).map(|candidate| candidate.id)
    }

    /// An id that no other upload has got: who answers with one twice has one file only.
    fn noted(&self, id: String) -> Result<String, NotUploaded> {
        let is_new = self.known.lock().unwrap_or_else(PoisonError::into_inner).insert(id.clone());
        if is_new && !self.sync.attached.contains(&id) {
            return Ok(id);
        }
        Err(refused(&format!("the service answered with the file `{id}`, which is another one"), ""))
    }

    /// The content of a file, which ends in an error if it is not what it was when it was looked at.
    fn checked(&self, file: &LocalFile) -> io::Result<Checked> {
        let opened = open_file(&file.location)?;
        let (digest, sha256) = (Some(Digest::new(&SHA256)), file.sha256.clone());
        Ok(Checked { opened, left: file.bytes, digest, sha256, shared: Arc::clone(&self.shared) })
    }

    /// Waits until an upload may begin.
    fn wait_for_a_place(&self) -> Result<(), NotUploaded> {
        self.pause(self.limiter.take())?;
        // Others may have been told to wait in the meantime.
        loop {
            match self.limiter.held() {
                Duration::ZERO => return Ok(()),
                held => self.pause(held)?,
            }
        }
    }

    fn pause(&self, length: Duration) -> Result<(), NotUploaded> {
        self.shared.pause(length).map_err(|_| NotUploaded::Stopped)
    }
}

fn refused(message: &str, body: &str) -> NotUploaded {
    NotUploaded::Refused(Error::Decode { message: message.to_owned(), body: body.to_owned() })
}

/// The files that were uploaded last.
fn newest(client: &Client) -> Result<Vec<UploadedFile>, Error> {
    let query = ListQuery { order: Some("desc".to_owned()), limit: Some(100), ..ListQuery::default() };
    let reply = client.list_uploaded_files(&query)?;
    Ok(reply.page()?.items.iter().filter_map(|item| UploadedFile::read(item)).collect())
}

const CHANGED: &str = "it was changed while it was uploaded";

/// A file that is read to be sent, and hashed once more on its way.
struct Checked {
    opened: File,
    /// Bytes to come.
    left: u64,
    /// Taken at the end.
    digest: Option<Digest>,
    sha256: String,
    shared: Arc<Shared>,
}

impl Read for Checked {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.shared.is_stopped() {
            return Err(io::Error::other("stopped"));
        }
        let count = self.opened.read(buffer)?;
        let Some(digest) = &mut self.digest else { return Ok(count) };
        digest.update(buffer.get(..count).unwrap_or_default());
        self.shared.add_sent(count);
        self.left = self.left.saturating_sub(count as u64);
        if (count == 0 || self.left == 0)
            && self.digest.take().is_some_and(|digest| hexadecimal(digest.finish().as_ref()) != self.sha256)
        {
            return Err(io::Error::other(CHANGED));
        }
        Ok(count)
    }
}

/// No more than so many begin in a minute.
struct Limiter {
    most: Option<usize>,
    times: Mutex<Times>,
}

struct Times {
    /// When the uploads of the last minute began, or are to begin.
    begun: VecDeque<Instant>,
    /// Nothing begins before.
    held_until: Instant,
}

impl Limiter {
    fn new(most: Option<usize>) -> Self {
        Self { most, times: Mutex::new(Times { begun: VecDeque::new(), held_until: Instant::now() }) }
    }

    /// Takes the next place; gives how long to wait for it.
    fn take(&self) -> Duration {
        let now = Instant::now();
        let mut times = self.times.lock().unwrap_or_else(PoisonError::into_inner);
        let mut at = now.max(times.held_until);
        if let Some(most) = self.most {
            if times.begun.len() >= most {
                at = times.begun.pop_front().map_or(at, |oldest| at.max(oldest + MINUTE));
            }
            times.begun.push_back(at);
        }
        at.saturating_duration_since(now)
    }

    /// How long nothing begins.
    fn held(&self) -> Duration {
        let times = self.times.lock().unwrap_or_else(PoisonError::into_inner);
        times.held_until.saturating_duration_since(Instant::now())
    }

    /// Nothing begins for so long. Gives whether that is news.
    fn hold(&self, length: Duration) -> bool {
        let now = Instant::now();
        let mut times = self.times.lock().unwrap_or_else(PoisonError::into_inner);
        let is_news = times.held_until <= now;
        times.held_until = times.held_until.max(now + length);
        is_news
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::sync::Arc;
    use std::time::Duration;

    use ring::digest::{Context, SHA256, digest};

    use super::{Checked, Limiter, MINUTE, open_file};
    use crate::plan::hexadecimal;
    use crate::work::sync::shared::Shared;

    /// Whether a pause is as long as this, but for the time that has passed since.
    fn is_about(pause: Duration, length: Duration) -> bool {
        pause <= length && pause + Duration::from_secs(10) > length
    }

    #[test]
    fn so_many_begin_at_once_and_the_others_a_minute_later() {
        let limiter = Limiter::new(Some(2));
        let pauses: Vec<_> = (0..5).map(|_| limiter.take()).collect();
        assert_eq!(pauses[..2], [Duration::ZERO; 2]);
        assert!(pauses[2..4].iter().all(|pause| is_about(*pause, MINUTE)), "{pauses:?}");
        assert!(is_about(pauses[4], 2 * MINUTE), "{pauses:?}");
        let free = Limiter::new(None);
        assert!((0..5).all(|_| free.take().is_zero()));
    }

    #[test]
    fn nothing_begins_while_it_is_held() {
        let limiter = Limiter::new(None);
        assert!(limiter.hold(MINUTE));
        assert!(!limiter.hold(MINUTE / 2), "that is no news");
        assert!(is_about(limiter.take(), MINUTE));
        assert!(!limiter.hold(3 * MINUTE));
        assert!(is_about(limiter.take(), 3 * MINUTE));
    }

    /// What reading a file gives that had another content when it was looked at.
    fn read(content: &[u8], before: &[u8], shared: &Arc<Shared>) -> Result<Vec<u8>, String> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(content).unwrap();
        let mut checked = Checked {
            opened: open_file(file.path()).unwrap(),
            left: before.len() as u64,
            digest: Some(Context::new(&SHA256)),
            sha256: hexadecimal(digest(&SHA256, before).as_ref()),
            shared: Arc::clone(shared),
        };
        // As much as the length that was announced: what follows is for the request to notice.
        let mut bytes = vec![0; before.len()];
        checked.read_exact(&mut bytes).map(|()| bytes).map_err(|error| error.to_string())
    }

    #[test]
    fn a_content_is_known_again_by_its_hash() {
        let shared = Arc::<Shared>::default();
        assert_eq!(read(b"same", b"same", &shared), Ok(b"same".to_vec()));
        assert_eq!(shared.sent(), 4);
        let changed = "it was changed while it was uploaded".to_owned();
        for content in [&b"SAME"[..], b"sam", b""] {
            assert_eq!(read(content, b"same", &shared), Err(changed.clone()), "{content:?}");
        }
        shared.stop();
        assert_eq!(read(b"same", b"same", &shared), Err("stopped".to_owned()));
    }

    #[test]
    fn what_is_no_file_any_more_is_not_opened() {
        let folder = tempfile::tempdir().unwrap();
        assert!(open_file(&folder.path().join("gone")).is_err());
        let error = open_file(folder.path()).unwrap_err();
        assert_eq!(error.to_string(), "it is no regular file any more");
    }
}
