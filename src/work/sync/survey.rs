//! What is in the store already, and what is to be done.

use std::collections::HashSet;
use std::thread::sleep;
use std::time::Duration;

use anyhow::Context as _;

use super::{Sync, Wanted};
use crate::api::types::{Status, VectorStore, VectorStoreFile};
use crate::api::{Client, ListQuery, Pages};
use crate::context::Context;
use crate::folder::still_here;
use crate::input::{UsageError, reason};
use crate::journal::{self, BrokenOff, Hold, SyncPast};
use crate::output::{Messages, human};
use crate::plan::PlanBuilder;
use crate::sync::{self, Action, RemoteFile, SyncPlan};
use crate::work::post::SETTLED;

/// How many files a vector store takes that was created before [`LIMIT_ROSE`]. Source: the service's limits, August 2026.
const MOST_FILES_BEFORE: usize = 10_000;
/// Since when it takes more: 1 November 2025, in seconds since 1970.
const LIMIT_ROSE: i64 = 1_761_955_200;

impl Wanted {
    /// Takes the sync of this source with this store, so that no other process does the same at the same time.
    ///
    /// # Errors
    /// When another process is at it.
    pub(crate) fn hold(&self, context: &Context) -> Result<Option<Hold>, UsageError> {
        let Self { store, source, base_url, .. } = self;
        let key = PlanBuilder::new(store, &format!("sync {source} {base_url}")).finish().unwrap_or_default();
        context.journal().hold(&key.hash).map_err(|_| {
            UsageError::with_hint(
                format!("another process syncs `{source}` with `{store}` at this moment"),
                "nothing was sent; wait for its end, or give this one another --source",
            )
        })
    }

    /// Compares it with what the store has.
    ///
    /// # Errors
    /// When the store cannot be listed, or takes fewer files.
    pub(crate) fn survey(self, hold: Option<Hold>, client: &Client, context: &Context) -> anyhow::Result<Sync> {
        let past = self.past(context);
        // What is under way may change what the store has.
        if !self.is_dry {
            past.broken_off.iter().for_each(|broken_off| settle(broken_off, context.messages()));
        }
        let mut remote = list(client, &self.store)?;
        for file in &mut remote {
            if let Some((upload, _)) = past.uploads.get(&file.file_id) {
                file.recall(&upload.path, &upload.sha256, &self.source);
            }
        }
        let mut plan = sync::plan(&self.local, &remote, &self.source, &self.staying(&remote));
        let again = if self.is_dry { Vec::new() } else { without_upload(&plan, client) };
        for index in again {
            plan.upload_anew(index, self.local.get(index).map_or(0, |file| file.bytes));
        }
        let on_the_way = plan.actions.iter().enumerate().filter_map(|(index, action)| match action {
            Action::Unchanged { file_id } | Action::AttributesOnly { file_id } => Some((index, file_id.clone())),
            _ => None,
        });
        let open = remote.iter().filter(|file| file.is_on_the_way()).map(|file| &file.file_id);
        let open: HashSet<_> = open.collect();
        let on_the_way = on_the_way.filter(|(_, file_id)| open.contains(file_id)).collect();
        let files = remote.len() + plan.uploads().count();
        if files > MOST_FILES_BEFORE && is_old(client, &self.store)? {
            let message =
                format!("`{}` would have {files} files; as old as it is it takes {MOST_FILES_BEFORE}", self.store);
            return Err(UsageError::with_hint(message, "nothing was sent; a new vector store takes more").into());
        }
        let failed = remote.iter().filter(|file| matches!(file.status, Some(Status::Failed | Status::Cancelled)));
        let failed = failed.map(|file| (file.file_id.clone(), file.created_at)).collect();
        let attached = remote.into_iter().map(|file| file.file_id).collect();
        Ok(Sync { wanted: self, plan, prunes: false, attached, on_the_way, failed, past, hold })
    }

    /// Paths of the store that are not gone, though no file that is to be sent has them.
    fn staying(&self, remote: &[RemoteFile]) -> Vec<String> {
        let local: HashSet<&str> = self.local.iter().map(|file| file.path.as_str()).collect();
        let ours = remote.iter().filter(|file| file.source.as_ref() == Some(&self.source));
        let others = ours.filter_map(|file| file.path.as_deref()).filter(|path| !local.contains(path));
        let mut staying = still_here(&self.selection, others);
        staying.extend(self.skipped.iter().cloned());
        staying
    }

    fn past(&self, context: &Context) -> SyncPast {
        let journal = context.journal();
        journal.past_of(&self.record()).unwrap_or_else(|error| {
            if journal.is_asked_for() {
                context.messages().warning(&format!("failed to read {journal}: {}", reason(&error)));
            }
            SyncPast::default()
        })
    }
}

/// Files to be attached again of which somebody has deleted the upload.
fn without_upload(plan: &SyncPlan, client: &Client) -> Vec<usize> {
    let again = plan.actions.iter().enumerate().filter_map(|(index, action)| match action {
        Action::Again { file_id } => Some((index, file_id)),
        _ => None,
    });
    let is_gone = |id: &str| client.retrieve_upload(id).is_err_and(|error| error.is_missing());
    again.filter(|(_, id)| is_gone(id)).map(|(index, _)| index).collect()
}

/// Lets the last requests of a killed run come to their end.
fn settle(broken_off: &BrokenOff, messages: Messages) {
    let since = journal::now().saturating_sub(broken_off.last);
    // A clock that was set back makes the wait no longer.
    let left = SETTLED.saturating_sub(Duration::from_secs(u64::try_from(since).unwrap_or_default()));
    if !left.is_zero() {
        messages.note(&format!("a run broke off just now; waiting {} for its last requests", human::duration(left)));
        sleep(left);
    }
}

/// All files of the store.
fn list(client: &Client, store: &str) -> anyhow::Result<Vec<RemoteFile>> {
    let mut files = Vec::new();
    let action = || format!("failed to list the files of `{store}`");
    for page in Pages::of_store(client, store, ListQuery::default()) {
        let (reply, _) = page.with_context(action)?;
        let page = reply.page().with_context(action)?;
        for item in &page.items {
            // Passed over, it would be uploaded once more.
            let file = VectorStoreFile::read(item).context("an item of the list is no file").with_context(action)?;
            files.push(RemoteFile::new(&file));
        }
    }
    Ok(files)
}

/// Whether the store is from the time of the lower limit.
fn is_old(client: &Client, store: &str) -> anyhow::Result<bool> {
    let reply = client.retrieve_store(store).with_context(|| format!("failed to retrieve `{store}`"))?;
    let created = VectorStore::read(reply.json()).and_then(|store| store.created_at);
    Ok(created.is_some_and(|time| (1..LIMIT_ROSE).contains(&time)))
}
