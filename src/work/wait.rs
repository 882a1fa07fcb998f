//! Waiting for batches: requests go out on threads of their own, and this one waits for their answers, the next time to
//! ask, or a signal. What all of it means is for `poll.rs` to say.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use super::failed::can_succeed;
use super::reasons::Faulty;
use super::verdict::{commands, ids, open, pronounce, quoted, tell_cancelled, with_failed_files};
use super::{interrupt, journaled, reasons};
use crate::api::types::BatchId;
use crate::api::{Client, Error, Reply};
use crate::context::Context;
use crate::exit::{Exit, unless_closed};
use crate::input::manifest::Manifest;
use crate::input::reason;
use crate::journal::Record;
use crate::output::failures::{FailedFile, table_of};
use crate::output::progress::Progress;
use crate::output::{Messages, Ui};
use crate::poll::{Awaited, Remark, State, Step, Stop, Terms, Watch};

pub(crate) use super::verdict::Aim;

/// How long the service may say that there is no such batch after it has been created.
pub(crate) const GRACE: Duration = Duration::from_secs(30);
/// What is asked after the wait, for the reasons or to cancel, may take so long.
const AFTERWARDS: Duration = Duration::from_secs(10);

/// How to wait.
#[derive(Debug)]
pub(crate) struct Wait {
    pub(crate) terms: Terms,
    pub(crate) aim: Aim,
    /// Whether Ctrl-C cancels the batches.
    pub(crate) cancel_on_interrupt: bool,
    /// Where the files come from. Without it, the manifests are those that the journal names.
    pub(crate) manifest: Option<Manifest>,
}

/// What comes while we wait.
enum Event {
    Answered(usize, Result<Reply, Error>),
    Cancelled(usize, Result<Reply, Error>),
    /// The failed files, and what kept us from seeing all that were wanted.
    Listed(Vec<FailedFile>, Option<Error>),
    Signal(Exit),
}

/// Waits for these batches, shows each on stdout as it was last seen, and says how it ended. The time counts from now.
///
/// # Errors
/// When the service refuses to answer, or nothing could be learnt of a batch; the others are shown all the same.
pub(crate) fn run(wait: &Wait, batches: Vec<Awaited>, client: &Client, context: &mut Context) -> anyhow::Result<Exit> {
    let (outcome, _) = follow(wait, batches, client, context);
    outcome
}

/// The same, with the batches as they are known at the end.
pub(super) fn follow(
    wait: &Wait,
    batches: Vec<Awaited>,
    client: &Client,
    context: &mut Context,
) -> (anyhow::Result<Exit>, Vec<Awaited>) {
    let (sender, events) = channel();
    let signals = sender.clone();
    // Whoever hears of it may be gone.
    if let Err(error) = interrupt::on_first(move |exit| drop(signals.send(Event::Signal(exit)))) {
        context.messages().warning(&format!("failed to catch signals: {}", reason(&error)));
    }
    let mut watch = Watch::new(wait.terms, batches);
    let progress = Progress::new(&watch, context.messages());
    let mut crew = Crew { wait, client: client.clone(), sender, events, messages: context.messages() };
    let outcome = crew.follow(&mut watch, progress);
    if outcome.is_err() && wait.cancel_on_interrupt {
        crew.cancel(&mut watch);
    }
    let outcome = crew.end(&mut watch, outcome, context);
    (outcome, watch.into_batches())
}

fn action(BatchId { store, id }: &BatchId) -> String {
    format!("failed to wait for the file batch `{id}` of `{store}`")
}

/// Says why a batch was never seen, where that is so: the time was up before anything was heard of it.
fn tell_unseen(batches: &[Awaited], failure: Option<&(BatchId, Error)>, messages: Messages) {
    match (failure, batches.iter().find(|batch| batch.object.is_none())) {
        (Some((id, error)), _) => messages.error(&format!("{}: {error}", action(id))),
        (None, Some(batch)) => messages.error(&format!("{}: there was no answer in time", action(&batch.id))),
        (None, None) => {}
    }
}

/// Shows batches as they were last seen. A reader who has left misses nothing else.
pub(super) fn show<'a>(mut objects: impl Iterator<Item = &'a Reply>, ui: &mut Ui) -> anyhow::Result<()> {
    let mut shown = ui.batches();
    unless_closed(objects.try_for_each(|object| shown.show(object)).and_then(|()| shown.end()))
}

/// Those who ask, and where their answers arrive.
struct Crew<'a> {
    wait: &'a Wait,
    client: Client,
    sender: Sender<Event>,
    events: Receiver<Event>,
    messages: Messages,
}

impl Crew<'_> {
    /// Does what is to be done next until the wait is over, or a signal comes.
    ///
    /// # Errors
    /// The status to end with when a signal came.
    fn follow(&mut self, watch: &mut Watch, mut progress: Progress) -> Result<Stop, Exit> {
        let start = Instant::now();
        let timeout = self.wait.terms.timeout;
        // What lies too far ahead is as good as never.
        let deadline = start.checked_add(timeout).filter(|_| !timeout.is_zero());
        loop {
            let pause = match watch.step(start.elapsed()) {
                Step::Stop(stop) => return Ok(stop),
                Step::Sleep(pause) => pause,
                Step::Ask(index) => {
                    let Some(id) = watch.batches().get(index).map(|batch| batch.id.clone()) else { continue };
                    let interval = self.wait.terms.interval;
                    let ask = move |client: &Client| client.poll_batch(&id, interval);
                    self.send(deadline, ask, move |answer| Event::Answered(index, answer));
                    continue;
                }
            };
            match self.events.recv_timeout(pause) {
                Ok(Event::Answered(index, answer)) => {
                    let now = start.elapsed();
                    let remark = watch.answer(index, answer, now);
                    if let Some(batch) = watch.batches().get(index) {
                        if let Some(remark) = remark {
                            let once = watch.looks_once();
                            self.messages.warning(&worded(&remark, &batch.id, once));
                        }
                        progress.update(index, batch, now);
                    }
                }
                Ok(Event::Signal(exit)) => return Err(exit),
                Ok(Event::Cancelled(..) | Event::Listed(..)) | Err(RecvTimeoutError::Timeout) => {}
                // We hold a sender ourselves.
                Err(RecvTimeoutError::Disconnected) => return Ok(Stop::Refused),
            }
        }
    }

    /// Shows the batches, and says how the wait ended: with a reason to stop, or a signal.
    fn end(&self, watch: &mut Watch, outcome: Result<Stop, Exit>, context: &mut Context) -> anyhow::Result<Exit> {
        let objects = watch.batches().iter().filter_map(|batch| batch.object.as_ref());
        // First: whoever explores the batches may take long, and may end it all.
        let journaled = journaled::settle(watch.batches(), context);
        let shown = if self.wait.aim == Aim::Files { Ok(()) } else { show(objects, &mut context.ui) };
        let outcome = match outcome {
            Ok(stop) if self.wait.aim == Aim::Completion => {
                self.tell_reasons(watch.batches(), journaled).map(|()| stop)
            }
            outcome => outcome,
        };
        let stop = match outcome {
            Ok(stop) => stop,
            Err(signal) => {
                self.explain_interrupt(watch.batches());
                if let Err(error) = shown {
                    self.messages.warning(&format!("{error:#}"));
                }
                return Ok(signal);
            }
        };
        let is_late = matches!(stop, Stop::Deadline | Stop::Stalled) && !watch.looks_once();
        let failure = watch.take_failure();
        if is_late {
            tell_unseen(watch.batches(), failure.as_ref(), self.messages);
        }
        let exit = pronounce(watch.batches(), stop, (&self.wait.terms, self.wait.aim), self.messages);
        shown?;
        match failure {
            Some((id, error)) if !is_late && !matches!(stop, Stop::Ended | Stop::Failed) => {
                Err(anyhow::Error::from(error).context(action(&id)))
            }
            _ => Ok(exit),
        }
    }

    /// Asks on a thread of its own; `event` makes of the answer what is to arrive here.
    fn send<T>(
        &self,
        deadline: Option<Instant>,
        ask: impl FnOnce(&Client) -> Result<T, Error> + Send + 'static,
        event: impl Fn(Result<T, Error>) -> Event + Send + Clone + 'static,
    ) {
        let (client, sender, make) = (self.client.until(deadline), self.sender.clone(), event.clone());
        // Whoever asked may have gone on.
        let asking = thread::Builder::new().spawn(move || drop(sender.send(make(ask(&client)))));
        if let Err(error) = asking {
            let message = format!("failed to start a thread: {}", reason(&error));
            // We hold the other end.
            let _ = self.sender.send(event(Err(Error::Setup { message, hint: None })));
        }
    }

    /// Asks for all that go on to be cancelled.
    fn cancel(&self, watch: &mut Watch) {
        let deadline = Instant::now().checked_add(AFTERWARDS);
        let mut left = 0;
        let open = watch.batches().iter().enumerate().filter(|(_, batch)| batch.state() == State::Open);
        for (index, batch) in open {
            let BatchId { store, id } = batch.id.clone();
            let ask = move |client: &Client| client.cancel_batch(&store, &id);
            self.send(deadline, ask, move |answer| Event::Cancelled(index, answer));
            left += 1;
        }
        while left > 0 {
            let Ok(Event::Cancelled(index, answer)) = self.events.recv() else { continue };
            left -= 1;
            let Some(batch) = watch.batches().get(index) else { continue };
            tell_cancelled(&batch.id, &answer, self.messages);
            // Only a look at the batch counts; a failure has been told.
            if answer.is_ok() {
                watch.answer(index, answer, Duration::ZERO);
            }
        }
    }

    /// After Ctrl-C: what goes on, and how to wait for it.
    fn explain_interrupt(&self, batches: &[Awaited]) {
        let open = open(batches);
        if !open.is_empty() {
            let what = if self.wait.cancel_on_interrupt { "wait for the end" } else { "wait on; the service goes on" };
            self.messages.hint(&format!("{} to {what}", commands("wait", ids(&open))));
        }
    }

    /// Shows why files failed, those of all batches together.
    ///
    /// # Errors
    /// The status to end with when a signal came.
    fn tell_reasons(&self, batches: &[Awaited], journaled: Vec<Option<Record>>) -> Result<(), Exit> {
        let failed = batches.iter().zip(journaled).filter(|(batch, _)| batch.has_failed_files());
        let faulty: Vec<_> = failed.map(|(batch, record)| Faulty { id: batch.id.clone(), record }).collect();
        if faulty.is_empty() {
            return Ok(());
        }
        // Without a further handle there are no lines.
        let manifest = self.wait.manifest.as_ref().and_then(|manifest| manifest.again().ok());
        let list = move |client: &Client| Ok(reasons::list(client, &faulty, manifest));
        let event = |listed: Result<_, _>| {
            let (files, error) = listed.unwrap_or_else(|error| (Vec::new(), Some(error)));
            Event::Listed(files, error)
        };
        self.send(Instant::now().checked_add(AFTERWARDS), list, event);
        loop {
            match self.events.recv() {
                Ok(Event::Listed(files, error)) => {
                    let shown = files.len() as u64;
                    let can_succeed = files.iter().any(|failed| can_succeed(&failed.file));
                    if shown > 0 {
                        self.messages.verbatim(&table_of(files, self.messages.style));
                    }
                    if let Some(error) = error {
                        self.messages.warning(&format!("failed to list the failed files: {error}"));
                    }
                    self.tell_rest(batches, shown);
                    if can_succeed {
                        let failed = with_failed_files(batches);
                        self.messages
                            .hint(&format!("{} to try again what can succeed", commands("retry", ids(&failed))));
                    }
                    return Ok(());
                }
                Ok(Event::Signal(exit)) => return Err(exit),
                Ok(Event::Answered(..) | Event::Cancelled(..)) => {}
                // We hold a sender ourselves.
                Err(_) => return Ok(()),
            }
        }
    }

    /// How to list the failed files that were not shown.
    fn tell_rest(&self, batches: &[Awaited], shown: u64) {
        let failed = with_failed_files(batches);
        let count = |batch: &&Awaited| batch.batch().and_then(|batch| batch.file_counts.failed).unwrap_or_default();
        let all: u64 = failed.iter().map(count).sum();
        if all <= shown {
            return;
        }
        let BatchId { store, id } = match failed.as_slice() {
            [.., last] => &last.id,
            [] => return,
        };
        let command = format!("vsfb list-files {} {} --filter failed", quoted(store), quoted(id));
        let of_which = if failed.len() > 1 { ", and so on for each batch" } else { "" };
        self.messages.hint(&format!("{shown} of {all} failed files are shown; `{command}` lists all{of_which}"));
    }
}

/// What is odd about an answer. Where there is only one look, nothing is asked again.
fn worded(remark: &Remark, BatchId { store, id }: &BatchId, once: bool) -> String {
    match remark {
        Remark::UnknownStatus(status) if status.is_empty() => {
            format!("the file batch `{id}` of `{store}` has no status; it counts as in progress")
        }
        Remark::UnknownStatus(status) => {
            format!("the file batch `{id}` of `{store}` has the unknown status `{status}`; it counts as in progress")
        }
        Remark::OtherObject => {
            let next = if once { "" } else { "; it is asked again" };
            format!("the service answered with something else than the file batch `{id}` of `{store}`{next}")
        }
        Remark::Passing(why) if once => why.clone(),
        Remark::Passing(why) => format!("{why}; asking again until the time is up"),
    }
}
