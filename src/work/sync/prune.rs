//! Taking away what is no longer in the folder: detached first, deleted after, and only what this sync has put there.

use std::collections::{BTreeSet, HashSet};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};
use std::thread;

use super::report::{Fate, Report};
use super::shared::Shared;
use super::{Sync, Wanted};
use crate::api::{Client, Error};
use crate::context::Context;
use crate::input::reason;
use crate::journal::{SyncEvent, SyncRecord};
use crate::output::{Messages, safe_line};
use crate::sync::{Prune, Reason};

/// Detaches and deletes, where that is wanted. An older version goes only if the new one is completed; what is gone only if
/// all is well, because it may have a new name. `uploaded` are the ids that this run has attached.
pub(super) fn run(
    (sync, uploaded): (&Sync, &HashSet<String>),
    report: &mut Report,
    shared: &Shared,
    (client, context): (&Client, &Context),
) {
    if !sync.prunes || sync.plan.prune.is_empty() {
        return;
    }
    let all_is_well = report.all_is_well();
    let old = sync.plan.prune.iter().filter(|prune| !uploaded.contains(&prune.file_id));
    let (may_go, kept): (Vec<&Prune>, Vec<&Prune>) = old.partition(|prune| match prune.reason {
        Reason::Gone => all_is_well,
        Reason::Replaced { by } => report.is_well(by),
    });
    let deletion = Deletion::new(&sync.wanted, client, context);
    let (journal, record) = (context.journal(), sync.wanted.record());
    let (next, fates) = (AtomicUsize::new(0), Mutex::new(Vec::with_capacity(may_go.len())));
    let work = || {
        while let Some(prune) = may_go.get(next.fetch_add(1, Relaxed)).filter(|_| !shared.is_stopped()) {
            // Killed between the two, it would be an upload that nobody knows of.
            let detached = Some(prune.file_id.clone());
            let _ = journal.append(&SyncRecord { detached, ..record.then(SyncEvent::Detaching) });
            let fate = deletion.take_away(prune);
            fates.lock().unwrap_or_else(PoisonError::into_inner).push((prune.path.clone(), fate));
        }
    };
    thread::scope(|scope| {
        for _ in 1..sync.wanted.jobs.get().min(may_go.len()) {
            // What no thread can be had for, this one does.
            let _ = thread::Builder::new().spawn_scoped(scope, work);
        }
        work();
    });
    let mut fates = fates.into_inner().unwrap_or_else(PoisonError::into_inner);
    fates.extend(kept.into_iter().map(|prune| {
        let why = match prune.reason {
            Reason::Gone => "not all files here are completed",
            Reason::Replaced { .. } => "the file that takes its place is not completed",
        };
        (prune.path.clone(), fate(prune, "kept", Some(why.to_owned())))
    }));
    fates.sort_by(|(one, _), (other, _)| one.cmp(other));
    for (path, fate) in fates {
        report.note_pruned(path, fate);
    }
}

fn fate(prune: &Prune, status: &str, error: Option<String>) -> Fate {
    Fate { file_id: Some(prune.file_id.clone()), status: status.to_owned(), error, ..Fate::default() }
}

/// Deletes uploaded files, but for those that another store has.
pub(super) struct Deletion<'a> {
    store: &'a str,
    client: &'a Client,
    /// The other stores at this service that the journal knows; or why it cannot tell.
    others: Result<BTreeSet<String>, String>,
}

impl<'a> Deletion<'a> {
    pub(super) fn new(wanted: &'a Wanted, client: &'a Client, context: &Context) -> Self {
        let journal = context.journal();
        let known = journal.batches(&wanted.base_url).and_then(|batches| {
            let mut stores = journal.synced_stores(&wanted.base_url)?;
            stores.extend(batches.into_iter().map(|batch| batch.record.vector_store_id));
            stores.remove(&wanted.store);
            Ok(stores)
        });
        let others = known.map_err(|error| format!("{journal} cannot be read: {}", reason(&error)));
        Self { store: &wanted.store, client, others }
    }

    /// Detaches a file and deletes it, unless another store has it as well.
    fn take_away(&self, prune: &Prune) -> Fate {
        let user = match self.user_of(&prune.file_id) {
            Ok(user) => user,
            Err(why) => return fate(prune, "kept", Some(format!("whether another store has it is not known: {why}"))),
        };
        match self.client.detach_file(self.store, &prune.file_id) {
            Err(error) if !error.is_missing() => return fate(prune, "not_detached", Some(error.with_reason())),
            _ => {}
        }
        if let Some(store) = user {
            return fate(prune, "detached", Some(format!("`{store}` has it as well")));
        }
        match self.delete(&prune.file_id) {
            Ok(()) => fate(prune, "deleted", None),
            Err(error) => fate(prune, "not_deleted", Some(error.with_reason())),
        }
    }

    /// One of the other stores that has a file.
    ///
    /// # Errors
    /// When that cannot be found out.
    fn user_of(&self, file_id: &str) -> Result<Option<&str>, String> {
        for store in self.others.as_ref().map_err(String::clone)? {
            match self.client.retrieve_file(store, file_id) {
                Err(error) if error.is_missing() => {}
                Err(error) => return Err(error.with_reason()),
                Ok(_) => return Ok(Some(store)),
            }
        }
        Ok(None)
    }

    /// Deletes files that are not attached here, and says so; gives those that may still be there. Leaves those alone that
    /// another store has.
    pub(super) fn delete_all(&self, ids: &[String], shared: &Shared, messages: Messages) -> Vec<String> {
        let may_be_left = |id: &&String| {
            if shared.is_stopped() {
                return true;
            }
            let deleted = match self.user_of(id) {
                Ok(Some(_)) => return false,
                Ok(None) => self.delete(id).map_err(|error| error.with_reason()),
                Err(why) => Err(why),
            };
            let id = safe_line(id);
            match &deleted {
                Ok(()) => messages.note(&format!("the orphan `{id}` is deleted")),
                Err(why) => messages.error(&format!("the orphan `{id}` is not deleted: {why}")),
            }
            deleted.is_err()
        };
        ids.iter().filter(may_be_left).cloned().collect()
    }

    fn delete(&self, file_id: &str) -> Result<(), Error> {
        self.client.delete_file(file_id).map(drop).or_else(|error| if error.is_missing() { Ok(()) } else { Err(error) })
    }
}
