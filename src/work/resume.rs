//! Which earlier run a create goes on with.

use std::ops::Range;

use super::past::{Past, past};
use super::run::Run;
use crate::input::{UsageError, reason};
use crate::journal::{Event, Hold, Journal, Record};
use crate::plan::gaps;

/// What an earlier run of the same files has left behind, by their places.
pub(crate) type Left = Vec<(Range<u64>, Past)>;

/// Takes a run, so that no other process carries it out at the same time. A new run may go beside another; it is warned
/// of that when it begins.
///
/// # Errors
/// When the run is to be gone on with and another process still does so.
pub(crate) fn hold(run: &Run, resumes: bool, journal: &Journal) -> Result<Option<Hold>, UsageError> {
    match journal.hold(&run.plan.hash) {
        Err(_) if resumes => Err(refused("the run is still under way, in another process")),
        held => Ok(held.ok().flatten()),
    }
}

/// What the last run of these files has left behind.
///
/// # Errors
/// When there was none, or no journal says so.
pub(crate) fn find(run: &Run, journal: &Journal) -> Result<Left, UsageError> {
    journal.insist().map_err(|why| refused(&format!("it needs {journal}: {why}")))?;
    let unreadable = |error| refused(&format!("failed to read {journal}: {}", reason(&error)));
    if !run.can_be_cut() {
        return Err(refused("the request has no one list of files"));
    }
    let mut records = Vec::new();
    let mut other = None;
    for record in journal.records().map_err(unreadable)?.filter(|record| record.base_url == run.base_url) {
        if record.plan == run.plan.hash {
            records.push(record);
        } else if record.event == Event::Sending {
            other = Some(nearer(run, other, record));
        }
    }
    if records.is_empty() { Err(refused(&difference(run, other.as_ref()))) } else { Ok(past(records, run.plan.files)) }
}

/// Whether the journal knows of a run of these files that broke off.
pub(crate) fn has_broken_off(run: &Run, journal: &Journal) -> bool {
    let Ok(records) = journal.records() else { return false };
    let records = records.filter(|record| record.base_url == run.base_url && record.plan == run.plan.hash);
    let left = past(records, run.plan.files);
    let is_unsure = left.iter().any(|(_, past)| matches!(past, Past::Unknown(_)));
    let done = left.iter().map(|(places, _)| places.clone());
    !left.is_empty() && (is_unsure || !gaps(run.plan.files, done).is_empty())
}

/// The run that is more likely to be meant: the later one, but one of the same store before any other.
fn nearer(run: &Run, earlier: Option<Record>, later: Record) -> Record {
    match earlier {
        Some(earlier) if earlier.vector_store_id == run.store && later.vector_store_id != run.store => earlier,
        _ => later,
    }
}

/// Why no run is the one that is meant.
fn difference(run: &Run, other: Option<&Record>) -> String {
    let Run { store, base_url, .. } = run;
    match other {
        Some(other) if other.vector_store_id == *store => {
            format!("the files, their order or their settings are not those of any run in `{store}` from here")
        }
        Some(other) => {
            format!("no run in `{store}` was begun from here; the last one was in `{}`", other.vector_store_id)
        }
        None => format!("no run was begun from here at {base_url}"),
    }
}

fn refused(why: &str) -> UsageError {
    UsageError::with_hint(
        format!("--resume: {why}"),
        "nothing was sent; `vsfb journal` lists what was sent before, and without --resume a new run begins",
    )
}
