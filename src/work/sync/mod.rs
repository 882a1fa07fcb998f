//! A folder into a store: what is there already, uploads, batches, the wait for them, and what is taken away at the end.

mod attach;
mod ending;
mod prune;
mod recover;
mod report;
mod send;
mod shared;
mod survey;
mod upload;

use std::collections::HashSet;
use std::num::{NonZeroU32, NonZeroU64, NonZeroUsize};
use std::sync::Arc;

use self::prune::Deletion;
use self::recover::Strays;
use self::report::Report;
use self::send::Sent;
use self::shared::Shared;
use super::post::{FailedSince, Halt};
use super::run::Run;
use super::wait::Wait;
use crate::api::Client;
use crate::context::Context;
use crate::exit::{Exit, unless_closed};
use crate::folder::Selection;
use crate::input::UsageError;
use crate::journal::{self, Hold, SyncEvent, SyncPast, SyncRecord};
use crate::json::Value;
use crate::output::{Messages, human, safe_line};
use crate::plan::{Pace, PlanBuilder};
use crate::sync::{LocalFile, SyncPlan};

/// How many things of one kind are told of one by one.
const MOST_TOLD: usize = 20;

/// What is to be in a store, and how it gets there.
#[derive(Debug)]
pub(crate) struct Wanted {
    pub(crate) base_url: String,
    pub(crate) store: String,
    pub(crate) source: String,
    pub(crate) selection: Selection,
    /// The files that it selects.
    pub(crate) local: Vec<LocalFile>,
    /// Paths that are left out for what is wrong with them.
    pub(crate) skipped: Vec<String>,
    /// How all files are cut.
    pub(crate) chunking_strategy: Option<Value>,
    pub(crate) jobs: NonZeroUsize,
    pub(crate) batch_size: NonZeroU64,
    /// Of attaching.
    pub(crate) pace: Pace,
    /// Uploads that begin in a minute.
    pub(crate) uploads_per_minute: Option<NonZeroU32>,
    pub(crate) deletes_orphans: bool,
    /// Whether it is only to be looked what would be done.
    pub(crate) is_dry: bool,
}

/// The same, compared with what the store has.
#[derive(Debug)]
pub(crate) struct Sync {
    pub(crate) wanted: Wanted,
    pub(crate) plan: SyncPlan,
    /// Whether what is gone or outdated is taken away at the end.
    pub(crate) prunes: bool,
    /// The ids of all files that the store has.
    attached: HashSet<String>,
    /// Files that earlier runs have attached and that are not through yet: their places here, and ids.
    on_the_way: Vec<(usize, String)>,
    /// The failed and cancelled files of the store.
    failed: FailedSince,
    past: SyncPast,
    /// Held until all is done.
    hold: Option<Hold>,
}

impl Wanted {
    /// What the journal says of it first.
    fn record(&self) -> SyncRecord {
        SyncRecord {
            time: journal::now(),
            event: SyncEvent::SyncBegan,
            base_url: self.base_url.clone(),
            vector_store_id: self.store.clone(),
            source: self.source.clone(),
            file: None,
            sent: None,
            detached: None,
        }
    }
}

impl Sync {
    /// It as a run of batches, of which the files come as they are uploaded.
    fn as_run(&self) -> Run {
        let Wanted { base_url, store, source, local, .. } = &self.wanted;
        let mut builder = PlanBuilder::new(store, source);
        for (file, action) in local.iter().zip(&self.plan.actions) {
            if action.is_attached() {
                builder.file(&file.path, Some(&file.sha256));
            }
        }
        // Only a manifest has problems.
        Run::streamed(base_url.clone(), store.clone(), builder.finish().unwrap_or_default())
    }

    /// Refuses to take away what may be of another folder: the store knows none of the files here.
    ///
    /// # Errors
    /// When that is so.
    pub(crate) fn guard(&self) -> Result<(), UsageError> {
        let (kept, Wanted { store, source, .. }) = (self.plan.counts.kept, &self.wanted);
        if kept == 0 {
            return Ok(());
        }
        Err(UsageError::with_hint(
            format!(
                "--prune: `{store}` has {kept} files of the source `{source}` and none of those here, as if this were another folder"
            ),
            "nothing was sent; give this folder another --source, or first sync it without --prune if it is the right one",
        ))
    }

    /// What is to be done, in a line.
    pub(crate) fn summary(&self) -> String {
        let counts = &self.plan.counts;
        let kinds = [
            (counts.new, "new"),
            (counts.changed, "changed"),
            (counts.attributes_only, "with other attributes"),
            (counts.again, "to try again"),
            (counts.failed, "failed before"),
            (counts.duplicate, "with the content of another"),
            (counts.unchanged, "unchanged"),
        ];
        let kinds = kinds.into_iter().filter(|(count, _)| *count > 0).map(|(count, kind)| format!("{count} {kind}"));
        let kinds = kinds.collect::<Vec<_>>().join(", ");
        let files = if kinds.is_empty() { "no files here".to_owned() } else { format!("files: {kinds}") };
        let upload =
            if self.plan.bytes > 0 { format!("; {} to upload", human::bytes(self.plan.bytes)) } else { String::new() };
        let kept = match counts.kept {
            0 => String::new(),
            kept => {
                format!("; the store has {kept} others of this source and none of these: is this the right folder?")
            }
        };
        let superfluous = match (counts.prune, self.prunes) {
            (0, _) => String::new(),
            (count, true) => format!("; {count} to take out of the store"),
            (count, false) => format!("; {count} in the store are outdated or gone here (--prune takes them out)"),
        };
        format!("{files}{upload}{superfluous}{kept}")
    }
}

/// Carries it out; prints what became of each file that was touched.
///
/// # Errors
/// When it cannot go on. What was done is told all the same.
pub(crate) fn run(sync: &mut Sync, wait: &Wait, client: &Client, context: &mut Context) -> anyhow::Result<Exit> {
    let (hold, messages) = (sync.hold.take(), context.messages());
    let sync = &*sync;
    let mut report = Report::of(sync);
    let adopted = recover::adopt(sync, client, messages)?;
    let is_recorded = (sync.plan.uploads().next().is_some() || sync.past.broken_off.is_some() || sync.prunes)
        && context.record(&sync.wanted.record());
    let shared = Arc::<Shared>::default();
    let mut sent = send::run(sync, adopted, &mut report, (&shared, client, context));
    let all_sent = sent.halt.is_none();
    let seen = match sent.halt.take() {
        None => ending::see_through(sync, &sent.attached, &mut report, (wait, &shared, client, context)),
        Some(halt) => Err(halt),
    };
    let outcome = seen.and_then(|is_late| {
        prune::run((sync, &sent.uploaded), &mut report, &shared, (client, context));
        let left = orphans(sync, &sent, (&shared, client, context))?;
        shared.exit().map_or(Ok((is_late, left)), |exit| Err(Halt::Interrupted(exit)))
    });
    // A run after one that left something behind looks for it.
    let has_left = report.leaves_doubts() || !matches!(outcome, Ok((_, Left { orphans: 0, strays: 0 })));
    if is_recorded && all_sent && (outcome.is_ok() || shared.strays().is_empty()) {
        let end = if has_left { SyncEvent::SyncStopped } else { SyncEvent::SyncEnded };
        context.record(&sync.wanted.record().then(end));
    }
    tell_unattached(&sent.left, messages);
    report.tell_failures(messages);
    let (has_failures, has_open) = (report.has_failures(), report.has_open());
    // Whoever reads the list may take long.
    drop(hold);
    let shown = show(report, context);
    if outcome.is_ok() {
        shown?;
    } else if let Err(error) = shown {
        messages.warning(&format!("{error:#}"));
    }
    match outcome {
        Err(Halt::Failed(error)) => Err(error),
        Err(Halt::Interrupted(exit)) => Ok(exit),
        Ok((_, left)) if left.orphans > 0 || has_failures => Ok(Exit::FilesFailed),
        Ok((is_late, _)) if is_late || has_open => Ok(Exit::StillInProgress),
        Ok(_) => Ok(Exit::Success),
    }
}

/// How many uploads are left that nothing uses.
#[derive(Clone, Copy, Debug)]
struct Left {
    /// Of this run, for sure.
    orphans: usize,
    /// For all that is known.
    strays: usize,
}

/// Names what was uploaded and cannot be attached, or deletes it where that is wanted.
fn orphans(sync: &Sync, sent: &Sent, (shared, client, context): (&Shared, &Client, &Context)) -> Result<Left, Halt> {
    let messages = context.messages();
    let mut strays = Strays::default();
    if sync.past.broken_off.is_some() || !shared.strays().is_empty() {
        shared.settle().map_err(|_| Halt::Interrupted(shared.exit().unwrap_or(Exit::Interrupted)))?;
        strays = recover::strays(sync, sent, shared, client)?;
    }
    let deletes = sync.wanted.deletes_orphans;
    // The journal is read only where there is something to delete.
    let delete = |ids: &[String]| match ids {
        [] => Vec::new(),
        ids => Deletion::new(&sync.wanted, client, context).delete_all(ids, shared, messages),
    };
    let undeleted = delete(&strays.detached);
    let refused = if deletes { delete(&sent.refused) } else { sent.refused.clone() };
    let strays_go = deletes && !strays.may_be_used;
    let left = if strays_go { delete(&strays.ids) } else { strays.ids };
    if !refused.is_empty() {
        let files = human::files(refused.len());
        messages.error(&format!("{files} uploaded that cannot be attached:{}", listed(&refused)));
        messages.hint(if deletes {
            "the same command tries again"
        } else {
            "the same command tries again; with --delete-orphans it deletes what it cannot attach"
        });
    }
    if !left.is_empty() {
        messages.warning(&format!(
            "{} in no use, left by a request without an answer or by an earlier run:{}",
            human::files(left.len()),
            listed(&left)
        ));
        messages.hint(if strays.may_be_used {
            "there are too many vector stores to look whether one has them, so they are not deleted"
        } else if deletes {
            "the same command tries again"
        } else {
            "--delete-orphans deletes such files"
        });
    }
    let undeleted = undeleted.len() + if strays_go { left.len() } else { 0 };
    Ok(Left { orphans: refused.len() + undeleted, strays: left.len() })
}

/// Says what was uploaded and not attached because it all ended before.
fn tell_unattached(ids: &[String], messages: Messages) {
    if !ids.is_empty() {
        messages.error(&format!("{} uploaded and not attached yet:{}", human::files(ids.len()), listed(ids)));
        messages.hint("the same command attaches them");
    }
}

/// Ids, one a line.
fn listed(ids: &[String]) -> String {
    ids.iter().map(|id| format!("\n  {}", safe_line(id))).collect::<Vec<_>>().concat()
}

/// Prints a record of each file that was touched.
fn show(report: Report, context: &mut Context) -> anyhow::Result<()> {
    let items: Vec<_> =
        report.into_touched().map(|touched| serde_json::to_string(&touched)).collect::<Result<_, _>>()?;
    unless_closed(context.ui.synced().all(&items))
}
