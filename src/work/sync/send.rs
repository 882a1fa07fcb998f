//! Several threads upload while this one makes batches of what is there.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use super::Sync;
use super::attach::{AttachedBatch, Attacher, Ready};
use super::report::{Fate, NOT_ATTACHED, Report};
use super::shared::{Shared, Stopped};
use super::upload::{NotUploaded, Uploader};
use crate::api::types::Status;
use crate::api::{Client, Error, Failure};
use crate::context::Context;
use crate::exit::Exit;
use crate::input::reason;
use crate::json::Value;
use crate::output::transfer::Transfer;
use crate::sync::Action;
use crate::work::interrupt;
use crate::work::post::{Halt, Post};

/// After so many files in a row that found no service, or one that refuses everything, the others are not tried.
const MOST_UNANSWERED: usize = 10;
/// How often progress is shown at least.
const TICK: Duration = Duration::from_millis(200);

/// What came of uploading and attaching.
pub(super) struct Sent {
    pub(super) attached: Vec<AttachedBatch>,
    /// The ids of all files that this run has uploaded or taken over.
    pub(super) uploaded: HashSet<String>,
    /// The ids of those that the service refuses to attach.
    pub(super) refused: Vec<String>,
    /// The ids of those that are not attached because it ended before.
    pub(super) left: Vec<String>,
    /// Why it ended before its time.
    pub(super) halt: Option<Halt>,
}

/// What a thread does next.
enum Job {
    Upload(usize),
    /// Gives the file in the store its new attributes.
    Update(usize, String),
}

/// What comes from the threads.
enum News {
    Uploaded(usize, Result<String, NotUploaded>),
    Updated(usize, String, Result<(), Error>),
    Signal(Exit),
    /// One of the threads has come to its end.
    Done,
}

/// Uploads and attaches what is not in the store. `adopted` are files that an earlier run has uploaded, by their places.
pub(super) fn run(
    sync: &Sync,
    adopted: HashMap<usize, String>,
    report: &mut Report,
    (shared, client, context): (&Arc<Shared>, &Client, &Context),
) -> Sent {
    let (news, heard) = channel();
    let (sender, signals) = channel();
    let messages = context.messages();
    let (raised, told) = (Arc::clone(shared), news.clone());
    let tell = move |exit| {
        raised.interrupt(exit);
        // Whoever hears of it may be done. A terminal that takes no text keeps nobody from hearing.
        let _ = (sender.send(exit), told.send(News::Signal(exit)));
        if raised.is_sending() {
            messages.note("stopping after the requests that are under way; once more stops at once");
        }
    };
    if let Err(error) = interrupt::on_first(tell) {
        messages.warning(&format!("failed to catch signals: {}", reason(&error)));
    }
    let run = sync.as_run();
    let mut post = Post::new(&run, sync.wanted.pace.clone(), signals, (client, context));
    // That the journal cannot be written to was told when the sync began.
    (post.failed, post.needs_journal) = (sync.failed.clone(), false);
    let jobs = jobs(sync, &adopted);
    let count = jobs.len();
    let uploads = sync.plan.uploads().filter(|index| !adopted.contains_key(index));
    let bytes = uploads.filter_map(|index| sync.wanted.local.get(index)).map(|file| file.bytes).sum();
    let uploader = Uploader::new(sync, (client, context), shared);
    let mut coordinator = Coordinator {
        sync,
        attacher: Attacher::new(post, sync.wanted.batch_size),
        uploaded: adopted.values().cloned().collect(),
        ready: ready(sync, adopted),
        report,
        shared,
        progress: Transfer::new(count, bytes, messages),
        unanswered: 0,
        halt: None,
    };
    let queue = Mutex::new(jobs);
    thread::scope(|scope| {
        let mut threads = 0;
        for _ in 0..sync.wanted.jobs.get().min(count) {
            let (news, queue, uploader) = (news.clone(), &queue, &uploader);
            let work = move || work(queue, (sync, shared, uploader, client), &news);
            match thread::Builder::new().spawn_scoped(scope, work) {
                Ok(_) => threads += 1,
                Err(error) => {
                    let error = anyhow::anyhow!("failed to start a thread: {}", reason(&error));
                    coordinator.halt_with(Halt::Failed(error));
                }
            }
        }
        coordinator.listen(&heard, threads);
    });
    coordinator.finish()
}

fn jobs(sync: &Sync, adopted: &HashMap<usize, String>) -> VecDeque<Job> {
    let actions = sync.plan.actions.iter().enumerate();
    let jobs = actions.filter_map(|(index, action)| match action {
        _ if action.is_upload() && !adopted.contains_key(&index) => Some(Job::Upload(index)),
        Action::AttributesOnly { file_id } => Some(Job::Update(index, file_id.clone())),
        _ => None,
    });
    jobs.collect()
}

/// What can be attached without an upload.
fn ready(sync: &Sync, adopted: HashMap<usize, String>) -> Vec<Ready> {
    let again = sync.plan.actions.iter().enumerate().filter_map(|(index, action)| match action {
        Action::Again { file_id } => Some((index, file_id.clone())),
        _ => None,
    });
    let mut files: Vec<_> = again.chain(adopted).collect();
    files.sort_unstable();
    files.into_iter().filter_map(|(index, file_id)| element(sync, index, file_id)).collect()
}

/// A file as a batch lists it.
fn element(sync: &Sync, index: usize, file_id: String) -> Option<Ready> {
    let attributes = sync.wanted.local.get(index)?.attributes_in_store(&sync.wanted.source);
    let mut members =
        vec![("file_id".to_owned(), Value::String(file_id.clone())), ("attributes".to_owned(), attributes)];
    members.extend(sync.wanted.chunking_strategy.clone().map(|strategy| ("chunking_strategy".to_owned(), strategy)));
    Some(Ready { index, file_id, element: Value::Object(members) })
}

/// Does what is next until there is nothing left, or all is to stop.
fn work(
    queue: &Mutex<VecDeque<Job>>,
    (sync, shared, uploader, client): (&Sync, &Shared, &Uploader<'_>, &Client),
    news: &Sender<News>,
) {
    while !shared.is_stopped() {
        let next = queue.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
        let tidings = match next {
            None => break,
            Some(Job::Upload(index)) => match sync.wanted.local.get(index) {
                Some(file) => News::Uploaded(index, uploader.upload(file)),
                None => continue,
            },
            Some(Job::Update(index, file_id)) => {
                let attributes = sync.wanted.local.get(index).map(|file| file.attributes_in_store(&sync.wanted.source));
                let attributes = attributes.unwrap_or(Value::Null);
                match uploader.patiently(|| client.update_attributes(&sync.wanted.store, &file_id, &attributes)) {
                    Ok(updated) => News::Updated(index, file_id, updated.map(|_| ())),
                    Err(Stopped) => break,
                }
            }
        };
        // Whoever hears of it waits for the end of this thread.
        let _ = news.send(tidings);
    }
    let _ = news.send(News::Done);
}

/// Makes batches of what the threads have uploaded.
struct Coordinator<'a> {
    sync: &'a Sync,
    attacher: Attacher<'a>,
    uploaded: HashSet<String>,
    ready: Vec<Ready>,
    report: &'a mut Report,
    shared: &'a Shared,
    progress: Transfer,
    /// Files in a row that found no service, or one that refuses everything.
    unanswered: usize,
    halt: Option<Halt>,
}

impl Coordinator<'_> {
    /// Hears what the threads tell until all of them have ended.
    fn listen(&mut self, heard: &Receiver<News>, mut threads: usize) {
        while threads > 0 {
            match heard.recv_timeout(TICK) {
                Ok(News::Done) => threads -= 1,
                Ok(news) => self.hear(news),
                // We hold a sender ourselves.
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {}
            }
            self.progress.update(self.shared.sent());
            if self.attacher.is_enough(self.ready.len()) {
                self.attach();
            }
        }
        self.attach();
    }

    fn hear(&mut self, news: News) {
        match news {
            News::Uploaded(index, Ok(file_id)) => {
                self.unanswered = 0;
                self.progress.count();
                self.uploaded.insert(file_id.clone());
                self.ready.extend(element(self.sync, index, file_id));
            }
            News::Uploaded(_, Err(NotUploaded::Stopped)) | News::Done => {}
            News::Uploaded(index, Err(NotUploaded::Unreadable(why))) => self.fail(index, None, why),
            News::Uploaded(index, Err(NotUploaded::Refused(error))) => {
                self.fail(index, None, error.with_reason());
                self.consider(error);
            }
            News::Updated(index, file_id, Ok(())) => {
                self.unanswered = 0;
                self.progress.count();
                let fate = Fate { file_id: Some(file_id), status: "updated".to_owned(), ..Fate::default() };
                self.report.note(self.sync, index, fate);
            }
            News::Updated(index, file_id, Err(error)) => {
                self.fail(index, Some(file_id), error.with_reason());
                self.consider(error);
            }
            News::Signal(exit) => self.halt_with(Halt::Interrupted(exit)),
        }
    }

    fn fail(&mut self, index: usize, file_id: Option<String>, why: String) {
        self.progress.count();
        let status = if file_id.is_some() { "not_updated" } else { "not_uploaded" }.to_owned();
        self.report.note(self.sync, index, Fate { file_id, status, error: Some(why), ..Fate::default() });
    }

    /// Ends it all where the same would happen to every file.
    fn consider(&mut self, error: Error) {
        let is_about_the_file = |failure: &Failure| matches!(failure.status, 400 | 413 | 415 | 422);
        self.unanswered = if error.failure().is_some_and(is_about_the_file) { 0 } else { self.unanswered + 1 };
        let is_about_us = error.is_rate_limit() || error.failure().is_some_and(Failure::is_about_credentials);
        if is_about_us || self.unanswered >= MOST_UNANSWERED {
            self.halt_with(Halt::Failed(anyhow::Error::from(error).context("failed to send a file")));
        }
    }

    fn halt_with(&mut self, halt: Halt) {
        self.shared.stop();
        self.halt.get_or_insert(halt);
    }

    /// Attaches what is ready, unless it is over.
    fn attach(&mut self) {
        if self.halt.is_some() || self.shared.is_stopped() || self.ready.is_empty() {
            return;
        }
        let ready = std::mem::take(&mut self.ready);
        if let Err((halt, left)) = self.attacher.attach(ready) {
            self.ready = left;
            self.halt_with(halt);
        }
    }

    fn finish(mut self) -> Sent {
        let status = NOT_ATTACHED;
        let mut refused = Vec::new();
        for (Ready { index, file_id, .. }, why) in std::mem::take(&mut self.attacher.refused) {
            // What the store has, as a failed file, is no orphan.
            refused.extend((!self.sync.attached.contains(&file_id)).then(|| file_id.clone()));
            let (file_id, status) = (Some(file_id), status.to_owned());
            self.report.note(self.sync, index, Fate { file_id, status, error: Some(why), ..Fate::default() });
        }
        let mut left = Vec::new();
        for Ready { index, file_id, .. } in std::mem::take(&mut self.ready) {
            left.extend((!self.sync.attached.contains(&file_id)).then(|| file_id.clone()));
            self.report.note(
                self.sync,
                index,
                Fate { file_id: Some(file_id), status: status.to_owned(), ..Fate::default() },
            );
        }
        let attached = std::mem::take(&mut self.attacher.attached);
        for AttachedBatch { batch, files } in &attached {
            for (index, file_id) in files {
                let batch_id = batch.as_ref().map(|batch| batch.id.clone());
                let status = Status::InProgress.to_string();
                self.report.note(
                    self.sync,
                    *index,
                    Fate { file_id: Some(file_id.clone()), batch_id, status, ..Fate::default() },
                );
            }
        }
        // A signal may be the last that is heard of.
        let halt = self.halt.or_else(|| self.shared.exit().map(Halt::Interrupted));
        self.shared.end_sending();
        Sent { attached, uploaded: self.uploaded, refused, left, halt }
    }
}
