//! What the lines of the journal come to: each batch with what is last known of it. Pure.

use std::collections::HashMap;

use super::{Event, Record};
use crate::api::types::{BatchId, Status};

/// A batch with what is last known of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct JournaledBatch {
    /// The record of its request, with the last event, status and id put into it. The time stays that of the request.
    pub(crate) record: Record,
}

impl JournaledBatch {
    /// What a batch can be beside the states of the service.
    pub(crate) const OWN_STATES: [&str; 4] = ["sending", "lost", "found", "created"];

    /// The status as the service spelled it last. Where it has told none: `sending` (no word of what came of the
    /// request), `lost` (its answer is lost), `found` (after that its files were found in the store) or `created`.
    pub(crate) fn status(&self) -> &str {
        let [sending, lost, found, created] = Self::OWN_STATES;
        self.record.status.as_deref().unwrap_or(match self.record.event {
            Event::Sending => sending,
            Event::Lost => lost,
            Event::Found => found,
            Event::Created | Event::Ended | Event::Refused => created,
        })
    }

    /// Its ids, where they are known.
    pub(crate) fn batch_id(&self) -> Option<BatchId> {
        let id = self.record.batch_id.clone();
        id.map(|id| BatchId { store: self.record.vector_store_id.clone(), id })
    }

    /// Whether it is the batch of these ids.
    pub(crate) fn is(&self, BatchId { store, id }: &BatchId) -> bool {
        self.record.batch_id.as_ref() == Some(id) && self.record.vector_store_id == *store
    }

    /// Whether it was still on its way when it was last heard of.
    pub(crate) fn is_open(&self) -> bool {
        !Status::named(self.status()).has_ended()
    }
}

/// Puts the records of one service together, from the newest batch to the oldest.
pub(super) fn fold(records: impl Iterator<Item = Record>) -> Vec<JournaledBatch> {
    let mut folding = Folding::default();
    for record in records {
        folding.add(record);
    }
    folding.batches.into_iter().flatten().rev().collect()
}

#[derive(Default)]
struct Folding {
    /// In the order in which their requests were sent; `None` for those that were refused.
    batches: Vec<Option<JournaledBatch>>,
    /// Where the batches are that have these ids.
    known: HashMap<(String, String), usize>,
    /// Where the requests are that have no outcome, or one that is lost.
    unsettled: Vec<usize>,
}

impl Folding {
    fn add(&mut self, record: Record) {
        let index = self.find(&record);
        if record.event == Event::Refused {
            if let Some(index) = index {
                self.unsettled.retain(|other| *other != index);
                self.batches[index] = None;
            }
            return;
        }
        let index = index.unwrap_or_else(|| {
            self.batches.push(None);
            self.batches.len() - 1
        });
        self.unsettled.retain(|other| *other != index);
        if matches!(record.event, Event::Sending | Event::Lost) {
            self.unsettled.push(index);
        }
        if let Some(id) = &record.batch_id {
            self.known.insert((record.vector_store_id.clone(), id.clone()), index);
        }
        let place = &mut self.batches[index];
        let record = match place.take() {
            Some(JournaledBatch { record: sent }) => Record {
                event: record.event,
                batch_id: record.batch_id.or(sent.batch_id),
                status: record.status.or(sent.status),
                ..sent
            },
            None => record,
        };
        *place = Some(JournaledBatch { record });
    }

    /// The batch that a record is about, where there is one yet.
    ///
    /// An outcome belongs to the newest request of its kind that has none: where two processes send the same, it does
    /// not matter which of them it was.
    fn find(&self, record: &Record) -> Option<usize> {
        let settles: &[Event] = match record.event {
            Event::Sending => return None,
            Event::Ended => {
                let key = (record.vector_store_id.clone(), record.batch_id.clone()?);
                return self.known.get(&key).copied();
            }
            Event::Created | Event::Lost => &[Event::Sending],
            Event::Refused | Event::Found => &[Event::Sending, Event::Lost],
        };
        let kind = |record: &Record| (record.vector_store_id.clone(), record.plan.clone(), record.part);
        let wanted = kind(record);
        let is_meant = |index: &usize| {
            let sent = self.batches.get(*index).and_then(Option::as_ref).map(|batch| &batch.record);
            sent.is_some_and(|sent| settles.contains(&sent.event) && kind(sent) == wanted)
        };
        self.unsettled.iter().rev().copied().find(is_meant)
    }
}
