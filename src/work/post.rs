//! One batch of many: sent at the right time, with a word in the journal before and after, and looked for where its answer
//! is lost.

use std::cell::Cell;
use std::collections::HashMap;
use std::num::NonZeroU64;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use serde::Serialize;

use crate::api::types::{FileBatch, Status, VectorStoreFile};
use crate::api::{self, Client, Decision, Error, Failed, Reply};
use crate::context::Context;
use crate::exit::Exit;
use crate::input::reason;
use crate::journal::{self, Event, Journal, Record};
use crate::json::Value;
use crate::output::Messages;
use crate::plan::{Pace, stated_limit};

use super::run::{Run, id_of};

/// A request that nobody waits for any more may still be carried out: its files are looked for until so long after it was
/// given up.
pub(super) const SETTLED: Duration = Duration::from_secs(5);
/// The pause between the first two looks; each is twice as long as the one before.
const FIRST_LOOK: Duration = Duration::from_millis(250);
/// How often one batch is sent again after a rate limit; the pace drops each time.
pub(super) const MOST_SLOWDOWNS: u32 = 20;
/// The longest wait after a rate limit that the service may ask for: a run of many batches takes its time anyway.
pub(super) const LONGEST_SLOWDOWN: Duration = Duration::from_secs(600);
/// A file that came into the store so many seconds before the request was there before; clocks may differ by less.
const CLOCKS_DIFFER: i64 = 3600;

/// When failed and cancelled files came into the store, by their ids: seconds since 1970, where the service tells that.
pub(crate) type FailedSince = HashMap<String, Option<i64>>;

/// Sends batches.
pub(super) struct Post<'a> {
    pub(super) run: &'a Run,
    pub(super) client: &'a Client,
    pub(super) journal: Journal,
    /// Whether the user is to hear when it cannot be written to.
    pub(super) needs_journal: bool,
    /// Whether it could not be.
    pub(super) journal_fails: Cell<bool>,
    pub(super) messages: Messages,
    pub(super) pace: Pace,
    pub(super) started: Instant,
    pub(super) signals: Receiver<Exit>,
    /// Whether a signal finds a request that is to be seen through.
    pub(super) is_under_way: Arc<AtomicBool>,
    /// The files that are in the store already, as failed or cancelled ones, and since when.
    pub(super) failed: FailedSince,
    /// The request of which it is not known what came of it.
    pub(super) unsettled: Option<Record>,
}

/// What became of one batch.
pub(super) enum Posted {
    Created(Reply),
    /// The answer is lost, and the files are in the store.
    Found,
    /// The service takes no more than so many files in a batch.
    TooMany(NonZeroU64),
}

/// How often one batch was sent again.
#[derive(Default)]
struct Tries {
    /// After a passing failure.
    retries: u32,
    /// After a rate limit.
    slowdowns: u32,
}

impl Tries {
    const fn all(&self) -> u32 {
        self.retries + self.slowdowns
    }
}

/// Why no more is sent.
pub(crate) enum Halt {
    Failed(anyhow::Error),
    /// A signal came; the status to end with.
    Interrupted(Exit),
}

impl From<anyhow::Error> for Halt {
    fn from(error: anyhow::Error) -> Self {
        Self::Failed(error)
    }
}

impl<'a> Post<'a> {
    /// Of a run that begins now. `signals` tells when it is to end.
    pub(super) fn new(
        run: &'a Run,
        pace: Pace,
        signals: Receiver<Exit>,
        (client, context): (&'a Client, &Context),
    ) -> Self {
        let journal = context.journal();
        Self {
            run,
            client,
            needs_journal: journal.is_asked_for(),
            journal,
            journal_fails: Cell::new(false),
            messages: context.messages(),
            pace,
            started: Instant::now(),
            signals,
            is_under_way: Arc::default(),
            failed: HashMap::new(),
            unsettled: None,
        }
    }

    /// Sends one batch. `sending` is what the journal says of it beforehand; `name` is what the user knows it by.
    pub(super) fn send(&mut self, sending: &Record, files: &[Value], name: &str) -> Result<Posted, Halt> {
        let count = files.len() as u64;
        self.pause(self.pace.wait(self.started.elapsed(), count))?;
        self.note_down(sending);
        let body = self.run.body(files.to_vec());
        let mut tries = Tries::default();
        loop {
            self.is_under_way.store(true, Relaxed);
            let created = self.client.create_batch_once(&self.run.store, &body, tries.all());
            self.is_under_way.store(false, Relaxed);
            let failed = match created {
                Ok(reply) => {
                    self.pace.sent(self.started.elapsed(), count);
                    self.note_down(&created_as(sending, &reply));
                    return Ok(Posted::Created(reply));
                }
                Err(failed) => failed,
            };
            if let Some(limit) = smaller_limit(&failed.error, count) {
                self.note_down(&sending.then(Event::Refused));
                return Ok(Posted::TooMany(limit));
            }
            let is_lost = failed.may_have_acted;
            if is_lost {
                self.messages.warning(&format!(
                    "the answer to the create of {name} is lost ({}); looking for what came of it in `{}`",
                    failed.error, self.run.store
                ));
                let lost = sending.then(Event::Lost);
                self.note_down(&lost);
                self.unsettled = Some(lost.clone());
                let is_found = self.is_found(&lost, files, name)?;
                self.unsettled = None;
                if is_found {
                    return Ok(Posted::Found);
                }
            }
            if let Err(halt) = self.try_again(failed, &mut tries, count) {
                if !is_lost {
                    self.note_down(&sending.then(Event::Refused));
                }
                return Err(halt);
            }
            if is_lost {
                self.note_down(&sending.then(Event::Sending));
            }
        }
    }

    /// Waits until the same can be sent again, if that can help.
    fn try_again(&mut self, failed: Failed, tries: &mut Tries, files: u64) -> Result<(), Halt> {
        let Failed { error, decision, .. } = failed;
        let most = self.client.max_retries();
        match decision {
            Decision::Wait(wait) | Decision::AsksTooLong(wait)
                if error.is_rate_limit() && tries.slowdowns < MOST_SLOWDOWNS && wait <= LONGEST_SLOWDOWN =>
            {
                tries.slowdowns += 1;
                self.pace.slow_down(self.started.elapsed(), wait);
                let pause = self.pace.wait(self.started.elapsed(), files);
                let seconds = pause.as_secs_f64();
                self.messages.note(&format!("{error}; going on more slowly, in {seconds:.1} s"));
                self.pause(pause)
            }
            Decision::Wait(wait) if tries.retries < most => {
                tries.retries += 1;
                let (why, retry) = (error.to_string(), tries.retries);
                self.messages.event(&api::Event::Retrying { why: &why, wait, retry, most });
                self.pause(wait)
            }
            _ => Err(Halt::Failed(error.into())),
        }
    }

    /// Whether files that were sent are in the store though no answer says so; the journal is told.
    pub(super) fn is_found(&self, sent: &Record, files: &[Value], name: &str) -> Result<bool, Halt> {
        let is_there = self.is_there(sent, files)?;
        self.note_down(&sent.then(if is_there { Event::Found } else { Event::Refused }));
        if is_there {
            let (store, verb) = (&self.run.store, if files.len() == 1 { "is" } else { "are" });
            self.messages.warning(&format!("{name} {verb} in `{store}` already; the id of their batch is lost"));
        }
        Ok(is_there)
    }

    /// Whether the first or the last of these files is in the store. Looks again until what is under way has settled.
    fn is_there(&self, sent: &Record, files: &[Value]) -> Result<bool, Halt> {
        let since = u64::try_from(journal::now().saturating_sub(sent.time)).unwrap_or_default();
        let until = Instant::now() + SETTLED.saturating_sub(Duration::from_secs(since));
        let mut pause = FIRST_LOOK;
        loop {
            for id in files.first().into_iter().chain(files.last()).map(id_of) {
                if self.is_attached(sent, id)? {
                    return Ok(true);
                }
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(false);
            }
            self.pause(pause.min(left))?;
            pause *= 2;
        }
    }

    /// Whether a file has come into the store by this request, as far as can be told.
    fn is_attached(&self, sent: &Record, id: &str) -> Result<bool, Halt> {
        let reply = match self.client.retrieve_file(&self.run.store, id) {
            Ok(reply) => reply,
            Err(error) if error.is_missing() => return Ok(false),
            Err(error) => {
                let action = format!("failed to look for the file `{id}` in `{}`", self.run.store);
                return Err(Halt::Failed(anyhow::Error::from(error).context(action)));
            }
        };
        let Some(file) = VectorStoreFile::read(reply.json()) else { return Ok(true) };
        let is_old = file.created_at.is_some_and(|time| time > 0 && time < sent.time.saturating_sub(CLOCKS_DIFFER));
        let is_over = matches!(file.status, Some(Status::Failed | Status::Cancelled));
        let is_as_before = is_over && self.failed.get(id) == Some(&file.created_at);
        Ok(!is_old && !is_as_before)
    }

    /// Waits until so many files can be sent, and counts them.
    pub(super) fn pause_for(&mut self, files: u64) -> Result<(), Halt> {
        self.pause(self.pace.wait(self.started.elapsed(), files))?;
        self.pace.sent(self.started.elapsed(), files);
        Ok(())
    }

    /// Waits, unless a signal has come or comes.
    pub(super) fn pause(&self, length: Duration) -> Result<(), Halt> {
        match self.signals.recv_timeout(length) {
            Ok(exit) => Err(Halt::Interrupted(exit)),
            Err(RecvTimeoutError::Timeout) => Ok(()),
            // Signals cannot be caught.
            Err(RecvTimeoutError::Disconnected) => {
                std::thread::sleep(length);
                Ok(())
            }
        }
    }

    /// Adds to the journal. That it cannot be written to is told once: disks do not get larger.
    pub(super) fn note_down(&self, record: &impl Serialize) {
        if let Err(error) = self.journal.append(record)
            && !self.journal_fails.replace(true)
            && self.needs_journal
        {
            let why = reason(&error);
            let Self { journal, messages, .. } = self;
            messages
                .warning(&format!("failed to write to {journal}: {why}; if this breaks off, --resume cannot go on"));
        }
    }
}

/// What the journal says of a batch that was created. An answer that is something else does not tell its id.
pub(super) fn created_as(sending: &Record, reply: &Reply) -> Record {
    let status = FileBatch::read(reply.json()).and_then(|batch| batch.status);
    Record { batch_id: reply.batch_id(), status: status.map(|it| it.to_string()), ..sending.then(Event::Created) }
}

/// The number of files that the service takes in a batch, if it says so and it is a smaller one.
pub(super) fn smaller_limit(error: &Error, files: u64) -> Option<NonZeroU64> {
    let failure = error.failure().filter(|failure| failure.status == 400)?;
    let limit = stated_limit(&failure.detail("message")?)? as u64;
    NonZeroU64::new(limit).filter(|limit| limit.get() < files)
}
