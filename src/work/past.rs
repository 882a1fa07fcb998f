//! What an earlier run has left behind, from what the journal says. Pure.

use std::ops::Range;

use crate::journal::{Event, Record};
use crate::plan::gaps;

/// How the journal last speaks of files that stand together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Past {
    /// They are this batch.
    Created(String),
    /// They are in the store, though nobody knows as which batch.
    Found,
    /// They were sent, and nobody knows what came of it. The record is the last that speaks of them.
    Unknown(Record),
}

impl Past {
    /// Whether they are in the store for sure.
    pub(crate) const fn is_attached(&self) -> bool {
        matches!(self, Self::Created(_) | Self::Found)
    }
}

/// What the records of a plan of so many files say of the files of its last run, by their places, in order. What was
/// refused is not among it.
pub(crate) fn past(records: impl IntoIterator<Item = Record>, files_of_run: u64) -> Vec<(Range<u64>, Past)> {
    let mut known: Vec<(Range<u64>, Option<Past>)> = Vec::new();
    let mut broken_off = Vec::new();
    for record in records.into_iter().filter(|record| record.event != Event::Ended) {
        let files = record.first..record.first.saturating_add(record.files);
        // A run begins. One that goes on sends its first files again only after a word that they were refused.
        if record.event == Event::Sending && record.first == 0 && is_known(&known, 0) {
            let earlier = std::mem::take(&mut known);
            broken_off = if is_complete(&earlier, files_of_run) { Vec::new() } else { earlier };
        }
        let past = match record.event {
            Event::Created => {
                Some(record.batch_id.clone().map_or_else(|| Past::Unknown(record.clone()), Past::Created))
            }
            Event::Found => Some(Past::Found),
            Event::Sending | Event::Lost => Some(Past::Unknown(record.clone())),
            Event::Refused | Event::Ended => None,
        };
        match known.iter_mut().rev().find(|(known, _)| *known == files) {
            // What is attached stays so, whatever was tried beside it.
            Some((_, Some(Past::Created(_) | Past::Found))) => {}
            Some((_, earlier)) => *earlier = past,
            None => known.push((files, past)),
        }
        // A run of which nothing came has not begun: there is still the one before to go on with.
        if !broken_off.is_empty() && known.iter().all(|(_, past)| past.is_none()) {
            known = std::mem::take(&mut broken_off);
        }
    }
    known.sort_by_key(|(files, _)| (files.start, files.end));
    known.into_iter().filter_map(|(files, past)| Some((files, past?))).collect()
}

/// Whether anything is known of the files that begin at this place.
fn is_known(known: &[(Range<u64>, Option<Past>)], place: u64) -> bool {
    known.iter().any(|(files, past)| files.start == place && past.is_some())
}

/// Whether all of so many files are in the store.
fn is_complete(known: &[(Range<u64>, Option<Past>)], files: u64) -> bool {
    let attached = known.iter().filter(|(_, past)| past.as_ref().is_some_and(Past::is_attached));
    gaps(files, attached.map(|(places, _)| places.clone())).is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(event: Event, first: u64, files: u64, batch: Option<&str>) -> Record {
        Record {
            time: 0,
            event,
            base_url: String::new(),
            vector_store_id: "vs_1".to_owned(),
            batch_id: batch.map(str::to_owned),
            files,
            part: 1,
            parts: 1,
            first,
            plan: String::new(),
            files_from: None,
            status: None,
        }
    }

    #[test]
    fn the_last_word_on_files_counts_unless_they_are_attached() {
        let lost = record(Event::Lost, 4, 2, None);
        let records = [
            record(Event::Sending, 0, 4, None),
            record(Event::Created, 0, 4, Some("vsfb_1")),
            record(Event::Sending, 4, 2, None),
            record(Event::Ended, 0, 4, Some("vsfb_1")),
            record(Event::Sending, 8, 2, None),
            lost.clone(),
            record(Event::Sending, 6, 2, None),
            record(Event::Refused, 6, 2, None),
            record(Event::Lost, 8, 2, None),
            record(Event::Found, 8, 2, None),
            record(Event::Sending, 8, 2, None),
        ];
        let expected = [(0..4, Past::Created("vsfb_1".to_owned())), (4..6, Past::Unknown(lost)), (8..10, Past::Found)];
        assert_eq!(past(records, 8), expected);
    }

    #[test]
    fn first_files_that_are_sent_again_after_a_refusal_begin_no_other_run() {
        let records = [
            record(Event::Sending, 0, 4, None),
            record(Event::Created, 0, 4, None),
            record(Event::Sending, 4, 4, None),
            record(Event::Created, 4, 4, Some("vsfb_2")),
            record(Event::Refused, 0, 4, None),
            record(Event::Sending, 0, 2, None),
            record(Event::Created, 0, 2, Some("vsfb_3")),
        ];
        let expected = [(0..2, Past::Created("vsfb_3".to_owned())), (4..8, Past::Created("vsfb_2".to_owned()))];
        assert_eq!(past(records, 8), expected);
    }

    #[test]
    fn a_run_that_begins_again_owes_nothing_to_the_one_before() {
        let again = record(Event::Sending, 0, 4, None);
        let records = [
            record(Event::Sending, 0, 4, None),
            record(Event::Created, 0, 4, Some("vsfb_1")),
            record(Event::Sending, 4, 4, None),
            record(Event::Created, 4, 4, Some("vsfb_2")),
            again.clone(),
        ];
        assert_eq!(past(records, 8), [(0..4, Past::Unknown(again))]);
    }

    #[test]
    fn a_run_that_was_refused_at_once_leaves_the_one_that_broke_off() {
        let begun = |last| {
            vec![
                record(Event::Sending, 0, 4, None),
                record(Event::Created, 0, 4, Some("vsfb_1")),
                record(Event::Sending, 4, 4, None),
                record(last, 4, 4, Some("vsfb_2")),
                record(Event::Sending, 0, 4, None),
                record(Event::Refused, 0, 4, None),
            ]
        };
        let first = (0..4, Past::Created("vsfb_1".to_owned()));
        assert_eq!(past(begun(Event::Refused), 8), std::slice::from_ref(&first));
        // Nor does a second such run end it; one that comes further does.
        let again = [record(Event::Sending, 0, 2, None), record(Event::Refused, 0, 2, None)];
        assert_eq!(past(begun(Event::Refused).into_iter().chain(again), 8), [first]);
        let third = [record(Event::Sending, 0, 4, None), record(Event::Created, 0, 4, Some("vsfb_3"))];
        let expected = [(0..4, Past::Created("vsfb_3".to_owned()))];
        assert_eq!(past(begun(Event::Refused).into_iter().chain(third), 8), expected);
        // Whoever begins anew after a run that came to its end means that.
        assert_eq!(past(begun(Event::Created), 8), []);
    }
}
