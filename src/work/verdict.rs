//! How a wait ended, in words and as an exit status.

use crate::api::types::BatchId;
use crate::api::{Error, Reply};
use crate::exit::Exit;
use crate::output::Messages;
use crate::output::human::{duration, standing};
use crate::poll::{Awaited, State, Stop, Terms};

/// How many batches of one kind are told of one by one.
const MOST_TOLD: usize = 20;

/// What a wait is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Aim {
    /// All files completed.
    Completion,
    /// The end of the batches, however it looks.
    End,
    /// The end of their files, of which whoever waits tells, instead of the batches.
    Files,
}

/// Says how it ended, unless all is well.
pub(crate) fn pronounce(batches: &[Awaited], stop: Stop, (terms, aim): (&Terms, Aim), messages: Messages) -> Exit {
    let faulty =
        if aim == Aim::Completion { select(batches, |batch| batch.state() == State::Faulty) } else { Vec::new() };
    if !faulty.is_empty() {
        messages.error(&listed(&faulty, ""));
    }
    let open = open(batches);
    if stop == Stop::Failed {
        let failed = select(batches, |batch| batch.state() == State::Open && batch.has_failed_files());
        if !failed.is_empty() {
            messages.error(&listed(&failed, ""));
        }
    }
    let reason = match stop {
        Stop::Stalled => terms.stall_timeout.map(|most| format!("no count has moved for {}: ", duration(most))),
        Stop::Deadline if !terms.timeout.is_zero() => Some(format!("after {}, ", duration(terms.timeout))),
        Stop::Deadline => Some(String::new()),
        Stop::Ended | Stop::Failed | Stop::Refused => None,
    };
    // Of what has never been seen, the failure is reported.
    let seen: Vec<_> = open.iter().copied().filter(|batch| batch.object.is_some()).collect();
    if let Some(reason) = reason.filter(|_| !seen.is_empty()) {
        messages.error(&listed(&seen, &reason));
    }
    if !open.is_empty() && stop != Stop::Refused {
        messages.hint(&format!("{} to wait on", commands("wait", ids(&open))));
    }
    match stop {
        _ if !faulty.is_empty() => Exit::FilesFailed,
        Stop::Failed => Exit::FilesFailed,
        Stop::Deadline | Stop::Stalled => Exit::StillInProgress,
        Stop::Refused => Exit::Failure,
        Stop::Ended => Exit::Success,
    }
}

/// The ids of these.
pub(crate) fn ids<'a>(batches: &[&'a Awaited]) -> impl Iterator<Item = &'a BatchId> {
    batches.iter().map(|batch| &batch.id)
}

/// Says what came of asking for a batch to be cancelled.
pub(crate) fn tell_cancelled(BatchId { store, id }: &BatchId, answer: &Result<Reply, Error>, messages: Messages) {
    match answer {
        Ok(_) => messages.note(&format!("the service was asked to cancel the file batch `{id}` of `{store}`")),
        Err(error) => messages.warning(&format!("failed to cancel the file batch `{id}` of `{store}`: {error}")),
    }
}

/// Those that go on.
pub(crate) fn open(batches: &[Awaited]) -> Vec<&Awaited> {
    select(batches, |batch| batch.state() == State::Open)
}

/// Those of which files have failed.
pub(crate) fn with_failed_files(batches: &[Awaited]) -> Vec<&Awaited> {
    select(batches, Awaited::has_failed_files)
}

fn select(batches: &[Awaited], keep: impl Fn(&Awaited) -> bool) -> Vec<&Awaited> {
    batches.iter().filter(|batch| keep(batch)).collect()
}

/// Where these stand, one a line if there are several.
fn listed(batches: &[&Awaited], reason: &str) -> String {
    let one = |batch: &&Awaited| {
        let where_it_stands = batch.batch().map_or_else(|| "in an unknown state".to_owned(), standing);
        format!("the file batch `{}` of `{}` is {where_it_stands}", batch.id.id, batch.id.store)
    };
    let mut lines: Vec<_> = batches.iter().take(MOST_TOLD).map(one).collect();
    if batches.len() > MOST_TOLD {
        lines.push(format!("and {} more", batches.len() - MOST_TOLD));
    }
    format!("{reason}{}", lines.join("\n  "))
}

/// The commands that do something with these, one for each store.
pub(crate) fn commands<'a>(verb: &str, batches: impl IntoIterator<Item = &'a BatchId>) -> String {
    let mut stores: Vec<(&str, String)> = Vec::new();
    for BatchId { store, id } in batches {
        let id = quoted(id);
        if let Some((_, command)) = stores.iter_mut().find(|(known, _)| known == store) {
            command.push_str(&format!(" {id}"));
        } else {
            // Other ids than these are not taken for one without the flag.
            let flag = if store.starts_with("vs_") { "" } else { "--vector-store-id " };
            stores.push((store, format!("vsfb {verb} {flag}{} {id}", quoted(store))));
        }
    }
    stores.into_iter().map(|(_, command)| format!("`{command}`")).collect::<Vec<_>>().join(" and ")
}

/// A word as a shell takes it.
pub(crate) fn quoted(word: &str) -> String {
    let is_plain = |character: char| character.is_ascii_alphanumeric() || "_-.".contains(character);
    if !word.is_empty() && word.chars().all(is_plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{commands, listed, quoted};
    use crate::api::Reply;
    use crate::api::types::BatchId;
    use crate::poll::Awaited;

    fn awaited(store: &str, id: &str) -> Awaited {
        let object = format!(r#"{{"id":"{id}","object":"vector_store.file_batch","status":"failed"}}"#);
        let id = BatchId { store: store.to_owned(), id: id.to_owned() };
        Awaited::new(id, Reply::parse(object.as_bytes()).ok(), Duration::ZERO)
    }

    #[test]
    fn a_wait_is_resumed_store_by_store() {
        let batches = [awaited("vs_1", "a"), awaited("other", "b"), awaited("vs_1", "c d")];
        let batches = batches.iter().map(|batch| &batch.id);
        assert_eq!(commands("wait", batches), "`vsfb wait vs_1 a 'c d'` and `vsfb wait --vector-store-id other b`");
    }

    #[test]
    fn words_are_quoted_where_a_shell_would_read_them() {
        assert_eq!(["a_B-1.c", "", "a b", "it's"].map(quoted), ["a_B-1.c", "''", "'a b'", r"'it'\''s'"]);
    }

    #[test]
    fn many_batches_are_told_of_in_part() {
        let batches: Vec<_> = (0..25).map(|index| awaited("vs_1", &format!("b{index}"))).collect();
        let text = listed(&batches.iter().collect::<Vec<_>>(), "after 5m, ");
        assert!(text.starts_with("after 5m, the file batch `b0` of `vs_1` is failed\n  the file batch `b1`"), "{text}");
        assert!(text.ends_with("`b19` of `vs_1` is failed\n  and 5 more"), "{text}");
    }
}
