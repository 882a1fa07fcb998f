//! What the journal has on the batches of a wait, and what it is told of their end.

use crate::api::types::BatchId;
use crate::context::Context;
use crate::journal::{Event, JournaledBatch, Record};
use crate::poll::{Awaited, State};

/// Records the ends that the journal does not know of, and gives what it has on each batch, in the order of `batches`.
pub(super) fn settle(batches: &[Awaited], context: &Context) -> Vec<Option<Record>> {
    let matters = |batch: &Awaited| batch.state() != State::Open || batch.has_failed_files();
    let journaled = if batches.iter().any(matters) { context.journaled() } else { Vec::new() };
    let find = |id: &BatchId| journaled.iter().find(|known| known.is(id));
    let known: Vec<_> = batches.iter().map(|batch| find(&batch.id)).collect();
    let ends = batches.iter().zip(&known).filter_map(|(batch, known)| end(batch, (*known)?));
    // Where one cannot be written, nor can the others.
    ends.into_iter().all(|end| context.record(&end));
    known.into_iter().map(|known| known.map(|known| known.record.clone())).collect()
}

/// The record of a batch's end, if that is news.
fn end(batch: &Awaited, known: &JournaledBatch) -> Option<Record> {
    let is_news = known.is_open() && batch.state() != State::Open;
    let status = batch.batch().and_then(|batch| batch.status.as_ref()).filter(|_| is_news)?;
    Some(Record { status: Some(status.to_string()), ..known.record.then(Event::Ended) })
}
