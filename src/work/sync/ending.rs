//! How the files that were attached end.

use std::collections::{HashMap, HashSet};
use std::time::{Duration, Instant};

use super::attach::AttachedBatch;
use super::report::{Fate, Report, UNKNOWN};
use super::shared::Shared;
use super::{Halt, Sync};
use crate::api::types::{BatchId, LastError, Status, VectorStoreFile};
use crate::api::{Client, Error, ListQuery, Pages};
use crate::context::Context;
use crate::exit::Exit;
use crate::output::{Messages, human};
use crate::poll::{Awaited, Pauses, State, Terms};
use crate::work::wait::{self, GRACE, Wait};

const COMPLETED: &str = "completed";
const IN_PROGRESS: &str = "in_progress";

/// How files stand, by their ids: the status, and why they failed.
type States = HashMap<String, (Status, Option<LastError>)>;

/// Waits until the files have ended, and notes how. Gives whether the time was up before.
pub(super) fn see_through(
    sync: &Sync,
    attached: &[AttachedBatch],
    report: &mut Report,
    (wait, shared, client, context): (&Wait, &Shared, &Client, &mut Context),
) -> Result<bool, Halt> {
    let start = Instant::now();
    // What has failed already is not made good by its end.
    let on_the_way = sync.on_the_way.iter().filter(|(index, _)| !report.has_failed(*index));
    let mut loose: Vec<(usize, String)> = on_the_way.cloned().collect();
    let mut batches: HashMap<&str, Vec<(usize, String)>> = HashMap::new();
    for attached in attached {
        match &attached.batch {
            Some(id) => batches.entry(&id.id).or_default().extend(attached.files.iter().cloned()),
            None => loose.extend(attached.files.iter().cloned()),
        }
    }
    if let Some(exit) = shared.exit() {
        return Err(Halt::Interrupted(exit));
    }
    let mut exit = Ok(Exit::Success);
    if !batches.is_empty() {
        let in_order = attached.iter().filter_map(|attached| attached.batch.clone());
        let awaited = in_order.map(|id| Awaited::new(id, None, GRACE)).collect();
        let ended;
        (exit, ended) = wait::follow(wait, awaited, client, context);
        let is_over = matches!(exit, Ok(Exit::Interrupted | Exit::Terminated) | Err(_));
        for batch in &ended {
            let files = batches.get(batch.id.id.as_str()).map(Vec::as_slice).unwrap_or_default();
            let is_cancelled = batch.batch().is_some_and(|batch| batch.status == Some(Status::Cancelled));
            let states = if is_over && !is_cancelled {
                None
            } else {
                states_in((batch, files.len()), client, context.messages())
            };
            for (index, file_id) in files {
                report.note(sync, *index, fate(batch, file_id, states.as_ref()));
            }
        }
    }
    match exit? {
        Exit::Success => follow_loose(sync, &loose, report, (&wait.terms, start, shared, client, context.messages())),
        Exit::FilesFailed | Exit::StillInProgress => {
            let once = Terms { timeout: Duration::ZERO, ..wait.terms };
            follow_loose(sync, &loose, report, (&once, start, shared, client, context.messages()))?;
            Ok(true)
        }
        signal => Err(Halt::Interrupted(signal)),
    }
}

/// How a file of a batch ended, as far as that is known.
fn fate(batch: &Awaited, file_id: &str, seen: Option<&(States, &str)>) -> Fate {
    let known = seen.and_then(|(states, _)| states.get(file_id));
    let rest = match (seen, batch.state()) {
        (Some((_, rest)), _) => rest,
        (None, State::Completed) => COMPLETED,
        (None, State::Open) => IN_PROGRESS,
        (None, State::Faulty) => UNKNOWN,
    };
    Fate { batch_id: Some(batch.id.id.clone()), ..Fate::of(file_id, known, rest) }
}

/// The files of a batch with their states, and the state of those that are not among them; nothing where that cannot be
/// found out. Of completed files no more is asked than has to be.
fn states_in((batch, files): (&Awaited, usize), client: &Client, messages: Messages) -> Option<(States, &'static str)> {
    let known = batch.batch()?;
    let mut states = States::new();
    let (BatchId { store, id }, counts) = (&batch.id, &known.file_counts);
    // A batch that has lost some of them says nothing of those.
    let is_whole = counts.total == Some(files as u64);
    if batch.state() == State::Completed && is_whole {
        return Some((states, COMPLETED));
    }
    let query = |filter: &str| ListQuery { filter: Some(filter.to_owned()), ..ListQuery::default() };
    let counted = [("in_progress", counts.in_progress), ("failed", counts.failed), ("cancelled", counts.cancelled)];
    // Cancelled and failed batches have been seen with counts that do not add up.
    let is_sound = is_whole && matches!(known.status, Some(Status::Completed | Status::InProgress));
    let mut expected = is_sound.then_some(0_u64);
    for (filter, count) in counted.into_iter().filter(|(_, count)| *count != Some(0)) {
        expected = expected.zip(count).and_then(|(sum, count)| sum.checked_add(count));
        if expected.is_some() {
            let listed = add(&mut states, Pages::new(client, (store, id), query(filter), None));
            expected = expected.filter(|_| listed.is_ok());
        }
    }
    if expected == Some(states.len() as u64) {
        return Some((states, COMPLETED));
    }
    match add(&mut states, Pages::new(client, (store, id), ListQuery::default(), None)) {
        Ok(()) => Some((states, UNKNOWN)),
        Err(error) => {
            messages.warning(&format!("failed to list the files of the file batch `{id}` of `{store}`: {error}"));
            None
        }
    }
}

/// Adds the files of a list.
fn add(states: &mut States, pages: Pages) -> Result<(), Error> {
    for page in pages {
        let (reply, _) = page?;
        let page = reply.page()?;
        states.extend(page.items.iter().filter_map(|item| VectorStoreFile::read(item)).map(state));
    }
    Ok(())
}

/// How a file stands. What has no status is in progress.
fn state(file: VectorStoreFile) -> (String, (Status, Option<LastError>)) {
    (file.id, (file.status.unwrap_or(Status::InProgress), file.last_error))
}

/// Waits for files whose batch is not known, or that have none. `start` is when the wait began. Gives whether the time was
/// up before.
fn follow_loose(
    sync: &Sync,
    loose: &[(usize, String)],
    report: &mut Report,
    (terms, start, shared, client, messages): (&Terms, Instant, &Shared, &Client, Messages),
) -> Result<bool, Halt> {
    if loose.is_empty() {
        return Ok(false);
    }
    if !terms.timeout.is_zero() {
        messages.note(&format!("waiting for {} in progress", human::files(loose.len())));
    }
    // A single look takes the time that it takes.
    let deadline = start.checked_add(terms.timeout).filter(|_| !terms.timeout.is_zero());
    let client = client.until(deadline);
    let (mut pauses, mut states) = (Pauses::default(), States::new());
    loop {
        let left = terms.timeout.saturating_sub(start.elapsed());
        match look(sync, loose, &client) {
            Ok(seen) => states = seen,
            Err(error) if error.may_pass() && !terms.timeout.is_zero() => {}
            Err(error) => {
                let action = format!("failed to list the files of `{}`", sync.wanted.store);
                return Err(Halt::Failed(anyhow::Error::from(error).context(action)));
            }
        }
        let is_open = |id: &String| states.get(id).map_or(start.elapsed() < GRACE, |(status, _)| !status.has_ended());
        let open = loose.iter().filter(|(_, id)| is_open(id)).count();
        let has_failed = states.values().any(|(status, _)| matches!(status, Status::Failed | Status::Cancelled));
        if open == 0 || left.is_zero() || (terms.fail_fast && has_failed) {
            for (index, id) in loose {
                let otherwise = if is_open(id) { IN_PROGRESS } else { UNKNOWN };
                report.note(sync, *index, Fate::of(id, states.get(id), otherwise));
            }
            if open > 0 {
                tell_open(open, terms, messages);
            }
            return Ok(open > 0);
        }
        let pause = terms.interval.unwrap_or_else(|| pauses.longer());
        shared.pause(pause.min(left)).map_err(|_| Halt::Interrupted(shared.exit().unwrap_or(Exit::Interrupted)))?;
    }
}

/// Says how many files go on, at the end of the wait.
fn tell_open(files: usize, terms: &Terms, messages: Messages) {
    let after =
        if terms.timeout.is_zero() { String::new() } else { format!("after {}, ", human::duration(terms.timeout)) };
    let verb = if files == 1 { "is" } else { "are" };
    messages.error(&format!("{after}{} {verb} in progress", human::files(files)));
    messages.hint("the same command waits on");
}

/// How these files stand. The newest are asked for first, because they are.
fn look(sync: &Sync, loose: &[(usize, String)], client: &Client) -> Result<States, Error> {
    let mut wanted: HashSet<&str> = loose.iter().map(|(_, id)| id.as_str()).collect();
    let mut states = States::new();
    let query = ListQuery { order: Some("desc".to_owned()), ..ListQuery::default() };
    for page in Pages::of_store(client, &sync.wanted.store, query) {
        let (reply, _) = page?;
        let page = reply.page()?;
        let read = page.items.iter().filter_map(|item| VectorStoreFile::read(item));
        states.extend(read.filter(|file| wanted.remove(file.id.as_str())).map(state));
        if wanted.is_empty() {
            break;
        }
    }
    Ok(states)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{COMPLETED, States, UNKNOWN, fate, state};
    use crate::api::Reply;
    use crate::api::types::{BatchId, VectorStoreFile};
    use crate::poll::Awaited;

    fn batch(status: &str, failed: u64) -> Awaited {
        let counts = format!(r#"{{"completed":1,"failed":{failed},"in_progress":0,"cancelled":0,"total":2}}"#);
        let object = format!(
            r#"{{"id":"vsfb_1","object":"vector_store.file_batch","status":"{status}","file_counts":{counts}}}"#
        );
        let id = BatchId { store: "vs_1".to_owned(), id: "vsfb_1".to_owned() };
        Awaited::new(id, Reply::parse(object.as_bytes()).ok(), Duration::ZERO)
    }

    fn states(files: &[&str]) -> States {
        let read =
            |rest: &&str| VectorStoreFile::read(&format!(r#"{{"id":"file-{rest},"object":"vector_store.file"}}"#));
        files.iter().map(|rest| state(read(rest).unwrap())).collect()
    }

    /// The status and the error of `file-1`.
    fn told(batch: &Awaited, states: Option<&(States, &str)>) -> (String, Option<String>) {
        let fate = fate(batch, "file-1", states);
        assert_eq!((fate.file_id.as_deref(), fate.batch_id.as_deref()), (Some("file-1"), Some("vsfb_1")));
        (fate.status, fate.error)
    }

    #[test]
    fn a_list_tells_how_a_file_ended() {
        let files = states(&[
            r#"1","status":"failed","last_error":{"code":"server_error","message":"try again"}"#,
            r#"2","status":"failed","last_error":null"#,
            r#"3","status":"queued""#,
            r#"4""#,
        ]);
        let told: Vec<_> = ["1", "2", "3", "4"]
            .map(|id| &files[&format!("file-{id}")])
            .map(|(s, e)| (s.to_string(), e.as_ref().map(ToString::to_string)))
            .into();
        let expected =
            [("failed", Some("server_error: try again")), ("failed", None), ("queued", None), ("in_progress", None)];
        assert_eq!(told, expected.map(|(status, error)| (status.to_owned(), error.map(str::to_owned))));
    }

    #[test]
    fn a_file_that_no_list_has_is_as_the_others_of_its_batch() {
        let failed = r#"1","status":"failed","last_error":{"code":"invalid_file","message":"empty"}"#;
        let faulty = batch("completed", 1);
        let listed = (states(&[failed]), COMPLETED);
        assert_eq!(told(&faulty, Some(&listed)), ("failed".to_owned(), Some("invalid_file: empty".to_owned())));
        for rest in [COMPLETED, UNKNOWN] {
            assert_eq!(told(&faulty, Some(&(States::new(), rest))), (rest.to_owned(), None));
        }
    }

    #[test]
    fn without_a_list_the_batch_tells() {
        for (batch, status) in [
            (batch("completed", 0), "completed"),
            (batch("in_progress", 1), "in_progress"),
            (batch("completed", 1), "unknown"),
            (batch("failed", 0), "unknown"),
        ] {
            assert_eq!(told(&batch, None), (status.to_owned(), None));
        }
    }
}
