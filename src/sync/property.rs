//! Made-up folders and stores: a sync that was carried out leaves nothing to do.

#![cfg(test)]

use std::path::PathBuf;
use std::time::Instant;

use super::{Action, LocalFile, RemoteFile, SyncPlan, plan};
use crate::api::types::{LastError, Status};
use crate::json::Value;

/// Numbers that look like chance and are the same in every run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

fn local(number: u64, chance: &mut Chance) -> LocalFile {
    let attributes = vec![("team".to_owned(), Value::Number(chance.below(2).to_string()))];
    LocalFile {
        path: format!("d{}/{number}.md", number % 3),
        location: PathBuf::new(),
        filename: String::new(),
        bytes: 1,
        modified: None,
        sha256: format!("{:064}", chance.below(8)),
        attributes,
    }
}

/// The file as the store has it.
fn stored(file: &LocalFile, file_id: String, source: &str) -> RemoteFile {
    let Value::Object(attributes) = file.attributes_in_store(source) else { panic!("attributes are a map") };
    RemoteFile {
        file_id,
        status: Some(Status::Completed),
        last_error: None,
        created_at: Some(1),
        path: Some(file.path.clone()),
        sha256: Some(file.sha256.clone()),
        source: Some(source.to_owned()),
        attributes: Some(attributes),
    }
}

fn is_of(remote: &RemoteFile, local: &LocalFile) -> bool {
    remote.source.as_deref() == Some("docs") && remote.path.as_deref() == Some(&local.path)
}

fn remote(number: u64, chance: &mut Chance) -> RemoteFile {
    let source = if chance.below(4) == 0 { "other" } else { "docs" };
    let place = chance.below(12);
    let mut file = stored(&local(place, chance), format!("file-{number}"), source);
    let states = [Status::Completed, Status::Completed, Status::InProgress, Status::Cancelled, Status::Failed];
    file.status = states.into_iter().nth(usize::try_from(chance.below(5)).unwrap());
    let code = if chance.below(2) == 0 { "server_error" } else { "invalid_file" };
    let error = || LastError { code: Some(code.to_owned()), message: None };
    file.last_error = (file.status == Some(Status::Failed)).then(error);
    file.created_at = Some(i64::try_from(chance.below(3)).unwrap());
    file
}

/// The store after the plan was carried out, with or without its pruning.
fn carried_out(plan: &SyncPlan, local: &[LocalFile], remote: &[RemoteFile], prunes: bool) -> Vec<RemoteFile> {
    let mut after = remote.to_vec();
    for (index, (action, file)) in plan.actions.iter().zip(local).enumerate() {
        match action {
            Action::New | Action::Changed { .. } => after.push(stored(file, format!("file-new-{index}"), "docs")),
            Action::AttributesOnly { file_id } | Action::Again { file_id } => {
                after.retain(|other| other.file_id != *file_id);
                after.push(stored(file, file_id.clone(), "docs"));
            }
            Action::Unchanged { .. } | Action::Failed { .. } | Action::Duplicate { .. } => {}
        }
    }
    after.retain(|file| !prunes || plan.prune.iter().all(|prune| prune.file_id != file.file_id));
    after
}

#[test]
fn the_plan_of_a_synced_store_is_empty() {
    let mut chance = Chance(1);
    for round in 0..2_000 {
        let numbers: Vec<u64> = (0..12).filter(|_| chance.below(2) == 0).collect();
        let files: Vec<LocalFile> = numbers.into_iter().map(|number| local(number, &mut chance)).collect();
        let there: Vec<RemoteFile> = (0..chance.below(16)).map(|number| remote(number, &mut chance)).collect();
        let first = plan(&files, &there, "docs", &[]);
        // What is left alone now may go the next time.
        let is_on_its_way = |file: &RemoteFile| file.status == Some(Status::InProgress);
        let waits = first.counts.kept > 0 || there.iter().any(is_on_its_way);
        for prunes in [false, true] {
            let after = carried_out(&first, &files, &there, prunes);
            let second = plan(&files, &after, "docs", &[]);
            let is_done = |action: &Action| {
                matches!(action, Action::Unchanged { .. } | Action::Failed { .. } | Action::Duplicate { .. })
            };
            assert!(second.actions.iter().all(is_done), "round {round}: {second:?} after {first:?}");
            assert_eq!(second.bytes, 0);
            let is_left = prunes && !waits && !second.prune.is_empty();
            assert!(!is_left, "round {round}: {second:?} after {first:?}");
        }
        let others = |files: &[RemoteFile]| files.iter().filter(|file| file.source.as_deref() == Some("other")).count();
        assert_eq!(others(&carried_out(&first, &files, &there, true)), others(&there), "round {round}");
        let contents: std::collections::HashSet<&str> = files.iter().map(|file| file.sha256.as_str()).collect();
        let after = carried_out(&first, &files, &there, true);
        let held = |content: &&str| after.iter().any(|file| file.sha256.as_deref() == Some(content));
        assert!(contents.iter().all(held), "round {round}: a content is lost: {first:?}");
        let completed = |files: &[RemoteFile], local: &LocalFile| {
            let is_completed = |file: &RemoteFile| file.status == Some(Status::Completed) && is_of(file, local);
            files.iter().any(is_completed)
        };
        for (file, action) in files.iter().zip(&first.actions) {
            let is_lost = completed(&there, file) && !completed(&after, file);
            // For these whoever carries the plan out finds out first what became of them.
            let is_excused =
                matches!(action, Action::Duplicate { .. } | Action::Failed { .. } | Action::Unchanged { .. });
            assert!(!is_lost || is_excused, "round {round}: {} is lost: {first:?}", file.path);
        }
    }
}

#[test]
#[ignore = "a measurement"]
fn a_hundred_thousand_unchanged_files_are_planned() {
    let file = |number: u64| LocalFile { sha256: format!("{number:064}"), ..local(number, &mut Chance(number)) };
    let files: Vec<LocalFile> = (0..100_000).map(file).collect();
    let there: Vec<RemoteFile> =
        files.iter().enumerate().map(|(number, file)| stored(file, format!("file-{number}"), "docs")).collect();
    let start = Instant::now();
    let plan = plan(&files, &there, "docs", &[]);
    let elapsed = start.elapsed();
    assert_eq!(plan.counts.unchanged, 100_000);
    assert!(elapsed.as_millis() < 1000, "{elapsed:?}");
}
