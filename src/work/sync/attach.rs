//! Attaching what was uploaded, a batch at a time. A file that the service refuses does not sink the others.

use std::num::NonZeroU64;
use std::time::Duration;

use crate::api::types::{BatchId, FileBatch};
use crate::api::{self, Failure, Reply};
use crate::journal::Event;
use crate::json::Value;
use crate::work::post::{Halt, Post, Posted};
use crate::work::submit::too_many;
use crate::work::wait::GRACE;

/// After so many refusals of single files in a row the others are not tried: it is not the files.
const MOST_REFUSED: usize = 10;
/// The first pause before a file that was uploaded just now is tried again; each is twice as long as the one before.
const FIRST_PAUSE: Duration = Duration::from_millis(500);

/// A file to be attached: its place among the local ones, its id, and the element of `files` that it becomes.
#[derive(Clone, Debug)]
pub(super) struct Ready {
    pub(super) index: usize,
    pub(super) file_id: String,
    pub(super) element: Value,
}

/// Some files that are in the store now.
#[derive(Debug)]
pub(super) struct AttachedBatch {
    /// Nothing where the id is lost, or they were attached one by one.
    pub(super) batch: Option<BatchId>,
    /// Places among the local files, and ids.
    pub(super) files: Vec<(usize, String)>,
}

/// Attaches files.
pub(super) struct Attacher<'a> {
    pub(super) post: Post<'a>,
    batch_size: NonZeroU64,
    pub(super) attached: Vec<AttachedBatch>,
    /// Files that the service refuses, with the reason.
    pub(super) refused: Vec<(Ready, String)>,
    /// How many files were sent so far.
    sent: u64,
    refused_in_a_row: usize,
    /// How long it was waited for files that are said not to be there, since more became ready.
    waited: Duration,
    /// Whether the service makes empty batches of files with attributes.
    is_one_by_one: bool,
}

/// What becomes of files that were to be attached.
enum Attempt {
    Done,
    /// Some go first, the others later.
    Again(Vec<Vec<Ready>>),
    Halted(Halt, Vec<Ready>),
}

impl<'a> Attacher<'a> {
    pub(super) fn new(post: Post<'a>, batch_size: NonZeroU64) -> Self {
        let (attached, refused) = (Vec::new(), Vec::new());
        Self {
            post,
            batch_size,
            attached,
            refused,
            sent: 0,
            refused_in_a_row: 0,
            waited: Duration::ZERO,
            is_one_by_one: false,
        }
    }

    /// Whether so many files are worth a batch before the others are there.
    pub(super) fn is_enough(&self, files: usize) -> bool {
        files as u64 >= self.batch_size.get()
    }

    /// Attaches these.
    ///
    /// # Errors
    /// When it cannot go on, with the files that are not attached.
    pub(super) fn attach(&mut self, files: Vec<Ready>) -> Result<(), (Halt, Vec<Ready>)> {
        // A service that found nothing lately is not waited for anew.
        if self.refused_in_a_row == 0 {
            self.waited = Duration::ZERO;
        }
        let mut waiting = vec![files];
        while let Some(mut files) = waiting.pop() {
            let most = usize::try_from(self.batch_size.get()).unwrap_or(usize::MAX);
            if files.len() > most {
                waiting.push(files.split_off(most));
            }
            let attempt = if self.is_one_by_one { self.try_each(files) } else { self.try_batch(files) };
            match attempt {
                Attempt::Done => {}
                Attempt::Again(parts) => waiting.extend(parts.into_iter().rev()),
                Attempt::Halted(halt, mut files) => {
                    files.extend(waiting.into_iter().rev().flatten());
                    return Err((halt, files));
                }
            }
        }
        Ok(())
    }

    fn try_batch(&mut self, mut files: Vec<Ready>) -> Attempt {
        match self.send_until_known(&files) {
            Ok(Posted::Created(reply)) if is_empty(&reply) => {
                self.post.messages.note(
                    "the service makes empty batches of files with attributes; attaching them one by one instead",
                );
                self.is_one_by_one = true;
                Attempt::Again(vec![files])
            }
            Ok(Posted::Created(reply)) => {
                let store = self.post.run.store.clone();
                self.note(reply.batch_id().map(|id| BatchId { store, id }), files);
                Attempt::Done
            }
            Ok(Posted::Found) => {
                self.note(None, files);
                Attempt::Done
            }
            Ok(Posted::TooMany(limit)) => {
                self.post.messages.note(&too_many(limit));
                self.batch_size = limit;
                Attempt::Again(vec![files])
            }
            Err(Halt::Failed(error)) if is_about_a_file(&error) && self.refused_in_a_row < MOST_REFUSED => {
                if files.len() == 1 {
                    self.refuse(files, &told(&error));
                    return Attempt::Done;
                }
                // One of them is at fault: by halves it is found.
                let later = files.split_off(files.len() / 2);
                Attempt::Again(vec![files, later])
            }
            Err(halt) => Attempt::Halted(halt, files),
        }
    }

    /// Sends these. A file that was uploaded just now may be unknown for a while.
    fn send_until_known(&mut self, files: &[Ready]) -> Result<Posted, Halt> {
        let mut pause = FIRST_PAUSE;
        loop {
            match self.send(files) {
                Err(Halt::Failed(error)) if is_too_early(&error) && self.waited + pause < GRACE => {
                    self.waited += pause;
                    self.post.pause(pause)?;
                    pause *= 2;
                }
                posted => return posted,
            }
        }
    }

    fn send(&mut self, files: &[Ready]) -> Result<Posted, Halt> {
        let places = self.sent..self.sent + files.len() as u64;
        let part = self.attached.len() as u64 + 1;
        let left = self.post.run.plan.files.saturating_sub(places.end).div_ceil(self.batch_size.get());
        let sending = self.post.run.record(&places, (part, part + left), Event::Sending);
        let elements: Vec<_> = files.iter().map(|file| file.element.clone()).collect();
        let name = if files.len() == 1 { "a file".to_owned() } else { format!("{} files", files.len()) };
        let action = || format!("failed to create a file batch of {name} in `{}`", self.post.run.store);
        match self.post.send(&sending, &elements, &name) {
            Err(Halt::Failed(error)) => Err(Halt::Failed(error.context(action()))),
            posted => posted,
        }
    }

    /// Attaches these without a batch.
    fn try_each(&mut self, files: Vec<Ready>) -> Attempt {
        let mut files = files.into_iter();
        while let Some(file) = files.next() {
            let attached = self.post.pause_for(1).and_then(|()| {
                self.post.client.attach_file(&self.post.run.store, &file.element).map_err(|error| {
                    let action = format!("failed to attach the file `{}` to `{}`", file.file_id, self.post.run.store);
                    Halt::Failed(anyhow::Error::from(error).context(action))
                })
            });
            match attached {
                Ok(_) => self.note(None, vec![file]),
                Err(Halt::Failed(error)) if is_about_a_file(&error) && self.refused_in_a_row < MOST_REFUSED => {
                    self.refuse(vec![file], &told(&error));
                }
                Err(halt) => return Attempt::Halted(halt, std::iter::once(file).chain(files).collect()),
            }
        }
        Attempt::Done
    }

    fn refuse(&mut self, files: Vec<Ready>, why: &str) {
        self.refused_in_a_row += 1;
        self.refused.extend(files.into_iter().map(|file| (file, why.to_owned())));
    }

    fn note(&mut self, batch: Option<BatchId>, files: Vec<Ready>) {
        self.refused_in_a_row = 0;
        self.sent += files.len() as u64;
        let files = files.into_iter().map(|file| (file.index, file.file_id)).collect();
        self.attached.push(AttachedBatch { batch, files });
    }
}

/// A refusal with the service's reason.
fn told(error: &anyhow::Error) -> String {
    match error.downcast_ref::<api::Error>() {
        Some(cause) => format!("{error}: {}", cause.with_reason()),
        None => format!("{error:#}"),
    }
}

/// Whether a batch that was created says that it has no files.
fn is_empty(reply: &Reply) -> bool {
    FileBatch::read(reply.json()).is_some_and(|batch| batch.file_counts.total == Some(0))
}

/// A refusal of the request itself. That of a look for what came of it says nothing of the files.
fn refusal(error: &anyhow::Error) -> Option<&Failure> {
    let failure = error.downcast_ref::<api::Error>().and_then(api::Error::failure);
    failure.filter(|failure| failure.status == 400 && failure.method == "POST")
}

/// Whether a refusal may be about one of the files, so that the others could do without it.
fn is_about_a_file(error: &anyhow::Error) -> bool {
    refusal(error).is_some()
}

/// Whether a file is said not to be there.
fn is_too_early(error: &anyhow::Error) -> bool {
    let message = refusal(error).and_then(|failure| failure.detail("message"));
    message.is_some_and(|message| message.to_ascii_lowercase().contains("cannot find file"))
}
