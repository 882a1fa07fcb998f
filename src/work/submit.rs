//! A create of more files than one batch takes: one batch after another, so that a run that broke off can go on.

use std::num::NonZeroU64;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::mpsc::channel;
use std::time::Duration;

use anyhow::Context as _;

use super::interrupt;
use super::past::Past;
use super::post::{Halt, Post, Posted};
use super::run::Run;
use crate::api::types::BatchId;
use crate::api::{Client, Reply};
use crate::context::Context;
use crate::exit::Exit;
use crate::input::reason;
use crate::journal::{Event, Record};
use crate::json::Value;
use crate::output::{Messages, human};
use crate::plan::{Pace, gaps, parts};

pub(crate) use super::post::FailedSince;

/// How many batches an error tells one by one.
const MOST_TOLD: usize = 20;

/// How a run is sent.
#[derive(Clone, Debug)]
pub(crate) struct Means {
    /// The most files in one batch.
    pub(crate) batch_size: NonZeroU64,
    pub(crate) pace: Pace,
    /// The files that are in the store already, as failed or cancelled ones, and since when.
    pub(crate) failed: FailedSince,
}

/// Some files of a run, by their places in it, that are in the store.
#[derive(Debug)]
pub(crate) struct Attached {
    pub(crate) places: Range<u64>,
    /// Nothing where the id of their batch is lost.
    pub(crate) batch: Option<BatchId>,
    /// The batch as the service described it now; nothing where it was created earlier.
    pub(crate) object: Option<Reply>,
}

/// A run that is being sent.
pub(crate) struct Submission<'a> {
    run: &'a Run,
    post: Post<'a>,
    batch_size: NonZeroU64,
    messages: Messages,
    attached: Vec<Attached>,
    /// What was sent before without an answer that tells what came of it.
    unknown: Vec<(Range<u64>, Record)>,
}

/// The files of a run, from the first on.
type FilesInOrder<'a> = dyn Iterator<Item = anyhow::Result<Value>> + 'a;

impl<'a> Submission<'a> {
    /// From now on a signal ends the run after the request that is under way.
    pub(crate) fn new(run: &'a Run, means: Means, client: &'a Client, context: &Context) -> Self {
        let messages = context.messages();
        let (sender, signals) = channel();
        let is_under_way = Arc::new(AtomicBool::new(false));
        let must_wait = Arc::clone(&is_under_way);
        let tell = move |exit| {
            let is_late = must_wait.load(Relaxed);
            // First of all, since the request may be answered meanwhile. Whoever hears of it may be done.
            let _ = sender.send(exit);
            if is_late {
                messages.note("stopping after the request that is under way; once more stops at once");
            }
        };
        if let Err(error) = interrupt::on_first(tell) {
            messages.warning(&format!("failed to catch signals: {}", reason(&error)));
        }
        let Means { batch_size, pace, failed } = means;
        let mut post = Post::new(run, pace, signals, (client, context));
        post.needs_journal |= run.plan.files > batch_size.get();
        (post.is_under_way, post.failed) = (is_under_way, failed);
        Self { run, post, batch_size, messages, attached: Vec::new(), unknown: Vec::new() }
    }

    /// Takes over what earlier runs have left behind.
    pub(crate) fn go_on_from(mut self, past: Vec<(Range<u64>, Past)>) -> Self {
        self.post.needs_journal = true;
        for (places, past) in past {
            let batch = match past {
                Past::Created(id) => Some(BatchId { store: self.run.store.clone(), id }),
                Past::Found => None,
                Past::Unknown(record) => {
                    self.unknown.push((places, record));
                    continue;
                }
            };
            self.attached.push(Attached { places, batch, object: None });
        }
        self
    }

    /// What is attached, by earlier runs too, in the order of the files.
    pub(crate) fn into_attached(mut self) -> Vec<Attached> {
        self.attached.sort_by_key(|attached| attached.places.start);
        self.attached
    }

    /// Whether the journal has all of it, so that a later run can go on from here.
    pub(crate) fn is_journaled(&self) -> bool {
        !self.post.journal.is_off() && !self.post.journal_fails.get()
    }

    /// How many batches are to come and how long that takes, where it takes minutes.
    pub(crate) fn length(&self) -> Option<String> {
        let stretches = self.stretches().into_iter();
        let batches: Vec<_> = stretches.flat_map(|(places, _)| parts(places, self.batch_size)).collect();
        let count = batches.len();
        let minutes = self.post.pace.clone().time_for(batches.into_iter()).as_secs().div_ceil(60);
        let time = human::duration(Duration::from_secs(minutes * 60));
        (minutes > 0).then(|| format!("{count} batches take about {time} at this pace; --rate changes it"))
    }

    /// The status to end with, where a signal came too late to keep anything from being sent.
    pub(crate) fn late_signal(&self) -> Option<Exit> {
        self.post.signals.try_recv().ok()
    }

    /// Sends what is not attached yet; `tell` hears of each new batch.
    ///
    /// # Errors
    /// When a batch cannot be created, the files cannot be read, or a signal comes. What is attached is known all the same.
    pub(crate) fn send(
        &mut self,
        files: &mut FilesInOrder<'_>,
        tell: &mut dyn FnMut(&Reply) -> anyhow::Result<()>,
    ) -> Result<(), Halt> {
        let mut files = Numbered { files, next: 0 };
        for (stretch, sent) in self.stretches() {
            if let Some(record) = sent {
                let found = files.read(stretch.clone())?;
                let is_found = self.post.is_found(&record, &found, &named(&stretch))?;
                self.unknown.retain(|(places, _)| *places != stretch);
                if is_found {
                    self.attached.push(Attached { places: stretch, batch: None, object: None });
                } else {
                    self.create(stretch.start, found, tell)?;
                }
                continue;
            }
            let mut first = stretch.start;
            while first < stretch.end {
                let places = first..stretch.end.min(first.saturating_add(self.batch_size.get()));
                let found = files.read(places.clone())?;
                self.create(first, found, tell)?;
                first = places.end;
            }
        }
        Ok(())
    }

    /// What is to be sent, in order, with the last record of what was sent before.
    fn stretches(&self) -> Vec<(Range<u64>, Option<Record>)> {
        let done = self.attached.iter().map(|attached| &attached.places);
        let covered = done.chain(self.unknown.iter().map(|(places, _)| places)).cloned();
        let new = gaps(self.run.plan.files, covered).into_iter().map(|places| (places, None));
        let sent = self.unknown.iter().map(|(places, record)| (places.clone(), Some(record.clone())));
        let mut stretches: Vec<_> = new.chain(sent).collect();
        stretches.sort_by_key(|(places, _)| places.start);
        stretches
    }

    /// Creates batches of these files, the first of which stands at `first`.
    fn create(
        &mut self,
        mut first: u64,
        mut files: Vec<Value>,
        tell: &mut dyn FnMut(&Reply) -> anyhow::Result<()>,
    ) -> Result<(), Halt> {
        while !files.is_empty() {
            let most = usize::try_from(self.batch_size.get()).unwrap_or(usize::MAX);
            let later = files.split_off(most.min(files.len()));
            let places = first..first + files.len() as u64;
            let part = self.part(first);
            let name = named(&places);
            let sending = self.run.record(&places, part, Event::Sending);
            let action = || format!("failed to create a file batch of {name} in `{}`", self.run.store);
            let posted = self.post.send(&sending, &files, &name);
            self.unknown.extend(self.post.unsettled.take().map(|record| (places.clone(), record)));
            let posted = match posted {
                Err(Halt::Failed(error)) => return Err(Halt::Failed(error.context(action()))),
                posted => posted?,
            };
            match posted {
                Posted::TooMany(limit) => {
                    self.messages.note(&too_many(limit));
                    self.batch_size = limit;
                    files.extend(later);
                    continue;
                }
                Posted::Created(reply) => {
                    let told = tell(&reply);
                    self.created(&places, part, reply);
                    told.context("the file batch was created, but")?;
                }
                Posted::Found => self.attached.push(Attached { places: places.clone(), batch: None, object: None }),
            }
            first = places.end;
            files = later;
        }
        Ok(())
    }

    /// Which batch of how many the next one is, if it begins at this place.
    fn part(&self, first: u64) -> (u64, u64) {
        let before = self.attached.len() as u64;
        let done = self.attached.iter().map(|attached| attached.places.clone()).chain(std::iter::once(0..first));
        let left = gaps(self.run.plan.files, done).into_iter();
        let later: u64 = left.map(|gap| (gap.end - gap.start).div_ceil(self.batch_size.get())).sum();
        (before + 1, before + later)
    }

    fn created(&mut self, places: &Range<u64>, (part, parts): (u64, u64), reply: Reply) {
        let id = reply.batch_id();
        if parts > 1 {
            let id = id.as_ref().map_or_else(|| "has no id".to_owned(), |id| format!("is `{id}`"));
            self.messages.note(&format!("batch {part} of {parts} {id}: {}", named(places)));
        }
        let batch = id.map(|id| BatchId { store: self.run.store.clone(), id });
        self.attached.push(Attached { places: places.clone(), batch, object: Some(reply) });
    }

    /// Which files are in which batch, and which were not sent, one a line.
    pub(crate) fn told(&self) -> Vec<String> {
        let lines = self.attached.iter().take(MOST_TOLD).map(|Attached { places, batch, .. }| match batch {
            Some(BatchId { id, .. }) => format!("{} in `{id}`", named_are(places)),
            None => format!("{} in the store; the id of their batch is lost", named_are(places)),
        });
        let more = self.attached.len().saturating_sub(MOST_TOLD);
        let more = (more > 0).then(|| format!("and {more} batches more; `vsfb journal` lists them"));
        let unknown = self.unknown.iter().map(|(places, _)| format!("what came of {} is not known", named(places)));
        let told = self.attached.iter().map(|attached| &attached.places).chain(self.unknown.iter().map(|(it, _)| it));
        let left = gaps(self.run.plan.files, told.cloned());
        let left = left.iter().map(|places| format!("{} in no batch of this run", named_are(places)));
        lines.chain(more).chain(unknown).chain(left).collect()
    }
}

/// Files with their places, of which some are passed over.
struct Numbered<'a, 'b> {
    files: &'a mut FilesInOrder<'b>,
    next: u64,
}

impl Numbered<'_, '_> {
    /// Those at these places, which must not lie before the last ones.
    fn read(&mut self, places: Range<u64>) -> anyhow::Result<Vec<Value>> {
        let mut found = Vec::new();
        while self.next < places.end {
            let file = self.files.next().context("the files have become fewer since they were counted")?;
            if places.contains(&self.next) {
                found.push(file?);
            }
            self.next += 1;
        }
        Ok(found)
    }
}

/// Says that the service takes fewer files in a batch.
pub(crate) fn too_many(limit: NonZeroU64) -> String {
    format!("the service takes {limit} files in a batch; going on with that")
}

/// `files 1 to 2000`, as people count.
fn named(places: &Range<u64>) -> String {
    match places.end - places.start {
        1 => format!("file {}", places.end),
        _ => format!("files {} to {}", places.start + 1, places.end),
    }
}

/// `files 1 to 2000 are`
fn named_are(places: &Range<u64>) -> String {
    let verb = if places.end - places.start == 1 { "is" } else { "are" };
    format!("{} {verb}", named(places))
}
