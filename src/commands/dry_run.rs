//! `--dry-run` of what is created.

use std::num::{NonZeroU32, NonZeroU64};

use serde::Serialize;

use super::sending::SendingArgs;
use crate::context::Context;
use crate::exit::Exit;
use crate::plan::{gaps, parts};
use crate::work::resume;
use crate::work::run::{Files, Run};

/// Shows one batch: the body on stdout, the rest of the request on stderr.
fn show_one(run: &Run, files: &mut Files, context: &mut Context) -> anyhow::Result<Exit> {
    let body = run.body(files.all()?.collect::<Result<_, _>>()?);
    let prepared = context.connection_without_key()?.create_batch(&run.store, &body)?;
    context.messages().request(&prepared);
    context.ui.document(prepared.body.as_deref().unwrap_or_default())?;
    Ok(Exit::Success)
}

/// A run that is not sent.
pub(super) struct DryRun<'a> {
    pub(super) run: &'a Run,
    pub(super) batch_size: NonZeroU64,
    pub(super) sending: &'a SendingArgs,
}

impl DryRun<'_> {
    /// Shows what would be sent: one batch, or how many there are and how long they take.
    pub(super) fn show(self, files: &mut Files, context: &mut Context) -> anyhow::Result<Exit> {
        let Self { run, batch_size, sending } = self;
        if !sending.resume && run.plan.files <= batch_size.get() {
            return show_one(run, files, context);
        }
        let left = if sending.resume { resume::find(run, &context.journal())? } else { Vec::new() };
        let attached = left.into_iter().filter(|(_, past)| past.is_attached());
        let done: Vec<_> = attached.map(|(places, _)| places).collect();
        let attached: u64 = done.iter().map(|places| places.end - places.start).sum();
        let parts: Vec<_> = gaps(run.plan.files, done).into_iter().flat_map(|gap| parts(gap, batch_size)).collect();
        let document = Document {
            vector_store_id: &run.store,
            files: run.plan.files,
            attached,
            batches: parts.len(),
            batch_size,
            files_per_minute: sending.rate(),
            minutes: sending.pace().time_for(parts.into_iter()).as_secs().div_ceil(60),
            plan: &run.plan.hash,
        };
        context.ui.document(&serde_json::to_string(&document)?)?;
        Ok(Exit::Success)
    }
}

/// What is printed of it.
#[derive(Serialize)]
struct Document<'a> {
    vector_store_id: &'a str,
    files: u64,
    /// By the run that `--resume` goes on with.
    attached: u64,
    batches: usize,
    batch_size: NonZeroU64,
    files_per_minute: Option<NonZeroU32>,
    /// At this pace, if nothing is refused.
    minutes: u64,
    /// What the journal knows the run by.
    plan: &'a str,
}
