//! The journal on disk, and what its lines come to.

use std::fs;

use super::{Event, Journal, JournaledBatch, Record};

fn record(event: Event, plan: &str) -> Record {
    Record {
        time: 1_699_061_776,
        event,
        base_url: "http://127.0.0.1:1/v1".to_owned(),
        vector_store_id: "vs_1".to_owned(),
        batch_id: None,
        files: 2,
        part: 1,
        parts: 1,
        first: 0,
        plan: plan.to_owned(),
        files_from: None,
        status: None,
    }
}

fn with(event: Event, plan: &str, id: &str, status: &str) -> Record {
    Record { batch_id: Some(id.to_owned()), status: Some(status.to_owned()), ..record(event, plan) }
}

/// Ids and states from the newest batch on.
fn states(records: Vec<Record>) -> Vec<(String, String)> {
    let row = |batch: JournaledBatch| (batch.record.batch_id.clone().unwrap_or_default(), batch.status().to_owned());
    super::batches::fold(records.into_iter()).into_iter().map(row).collect()
}

fn pairs(rows: &[(&str, &str)]) -> Vec<(String, String)> {
    rows.iter().map(|(id, status)| ((*id).to_owned(), (*status).to_owned())).collect()
}

#[test]
fn a_batch_is_what_was_last_heard_of_it() {
    let records = vec![
        record(Event::Sending, "a"),
        with(Event::Created, "a", "b1", "in_progress"),
        record(Event::Sending, "b"),
        with(Event::Created, "b", "b2", "in_progress"),
        Record { files: 0, plan: String::new(), ..with(Event::Ended, "", "b1", "completed") },
    ];
    let batches = super::batches::fold(records.clone().into_iter());
    assert_eq!((batches[1].record.files, batches[1].is_open(), batches[0].is_open()), (2, false, true));
    assert_eq!(states(records), pairs(&[("b2", "in_progress"), ("b1", "completed")]));
}

#[test]
fn a_request_without_an_answer_stays_visible() {
    let killed = vec![record(Event::Sending, "a")];
    assert_eq!(states(killed), pairs(&[("", "sending")]));
    let again =
        vec![record(Event::Sending, "a"), record(Event::Sending, "a"), with(Event::Created, "a", "b1", "in_progress")];
    assert_eq!(states(again), pairs(&[("b1", "in_progress"), ("", "sending")]));
    let repeated =
        vec![record(Event::Sending, "a"), record(Event::Lost, "a"), with(Event::Created, "a", "b1", "in_progress")];
    assert_eq!(states(repeated), pairs(&[("b1", "in_progress"), ("", "lost")]));
}

#[test]
fn a_lost_answer_can_be_made_good_and_a_refused_request_is_no_batch() {
    let found = vec![record(Event::Sending, "a"), record(Event::Lost, "a"), record(Event::Found, "a")];
    assert_eq!(states(found), pairs(&[("", "found")]));
    let refused = vec![record(Event::Sending, "a"), record(Event::Lost, "a"), record(Event::Refused, "a")];
    assert_eq!(states(refused), []);
    let other_part = vec![record(Event::Sending, "a"), Record { part: 2, ..record(Event::Refused, "a") }];
    assert_eq!(states(other_part), pairs(&[("", "sending")]));
}

#[test]
fn an_id_that_is_given_again_is_another_batch() {
    let records = vec![
        record(Event::Sending, "a"),
        with(Event::Created, "a", "b1", "completed"),
        record(Event::Sending, "a"),
        with(Event::Created, "a", "b1", "in_progress"),
        with(Event::Ended, "a", "b1", "failed"),
    ];
    assert_eq!(states(records), pairs(&[("b1", "failed"), ("b1", "completed")]));
}

fn journal(folder: &tempfile::TempDir) -> Journal {
    Journal::locate(Some(folder.path().join("new/batches.jsonl").into()))
}

fn read(journal: &Journal) -> Vec<Record> {
    journal.records().unwrap().collect()
}

#[test]
fn what_is_appended_is_read_again() {
    let folder = tempfile::tempdir().unwrap();
    let journal = journal(&folder);
    assert_eq!(read(&journal), []);
    let records = [record(Event::Sending, "a"), with(Event::Created, "a", "b\n\"1", "in_progress")];
    for record in &records {
        journal.append(record).unwrap();
    }
    assert_eq!(read(&journal), records);
    assert_eq!(journal.batches("http://127.0.0.1:1/v1").unwrap().len(), 1);
    assert_eq!(journal.batches("http://127.0.0.1:2/v1").unwrap(), []);
}

#[cfg(unix)]
#[test]
fn what_is_made_is_the_users_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    journal(&folder).append(&record(Event::Sending, "a")).unwrap();
    for (path, mode) in [("new", 0o700), ("new/batches.jsonl", 0o600)] {
        assert_eq!(fs::metadata(folder.path().join(path)).unwrap().permissions().mode() & 0o777, mode, "{path}");
    }
}

#[test]
fn what_is_no_record_is_read_over() {
    let folder = tempfile::tempdir().unwrap();
    let journal = journal(&folder);
    let line = serde_json::to_string(&record(Event::Sending, "a")).unwrap();
    let later = line.replace("\"sending\"", "\"weighed\"");
    let more = line.replacen('{', "{\"colour\":\"red\",", 1);
    fs::create_dir(folder.path().join("new")).unwrap();
    let text = format!("{line}\n\n{later}\nnonsense \u{fffd}\n{more}\n{}", &line[..40]);
    fs::write(folder.path().join("new/batches.jsonl"), text).unwrap();
    let sent = record(Event::Sending, "a");
    assert_eq!(read(&journal), [sent.clone(), sent.clone()]);
    journal.append(&sent).unwrap();
    assert_eq!(read(&journal), [sent.clone(), sent.clone(), sent]);
}

#[test]
fn off_is_no_journal() {
    let journal = Journal::locate(Some("off".into()));
    journal.append(&record(Event::Sending, "a")).unwrap();
    assert_eq!(read(&journal), []);
    assert_eq!(journal.insist().unwrap_err(), "VSFB_JOURNAL is off");
}

#[test]
fn what_is_no_file_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    for path in [folder.path().to_owned(), "/dev/null".into()] {
        let journal = Journal::locate(Some(path.into()));
        assert!(journal.append(&record(Event::Sending, "a")).is_err());
        assert!(journal.records().is_err());
    }
}
