//! A run from its first batch to its last, and on to the end of them where that is wanted: what `create` and `retry` have
//! in common.

use std::time::Duration;

use anyhow::Context as _;

use super::journaled;
use super::post::Halt;
use super::resume;
use super::run::{Files, Run};
use super::submit::{Attached, Means, Submission};
use super::verdict::{commands, tell_cancelled};
use super::wait::{self, Wait};
use crate::api::types::{BatchId, Status};
use crate::api::{Client, Reply};
use crate::context::Context;
use crate::exit::{Exit, unless_closed};
use crate::journal::JournaledBatch;
use crate::output::{Batches, Messages};
use crate::poll::Awaited;

/// How a run is carried out.
pub(crate) struct Delivery<'a> {
    pub(crate) run: &'a Run,
    pub(crate) means: Means,
    /// Whether it goes on with an earlier run.
    pub(crate) resumes: bool,
    /// How to wait for the end of the batches, where that is wanted.
    pub(crate) wait: Option<Wait>,
    /// The batches of which files are sent once more, if that is what the run does.
    pub(crate) retried: &'a [BatchId],
}

/// Sends the run. Shows each batch as it is created, or as it has ended where that is waited for. A reader who has left
/// ends neither.
///
/// # Errors
/// What kept a batch from being created, what was created being told; or why there is no run to go on with.
pub(crate) fn run(
    delivery: Delivery<'_>,
    mut files: Files,
    client: &Client,
    context: &mut Context,
) -> anyhow::Result<Exit> {
    let Delivery { run, means, resumes, wait, retried } = delivery;
    let (messages, journal) = (context.messages(), context.journal());
    // Taken before the journal is read, and until it has all of the run.
    let hold = resume::hold(run, resumes, &journal)?;
    let left = if resumes { Some(resume::find(run, &journal)?) } else { None };
    if !resumes && run.plan.files > means.batch_size.get() && resume::has_broken_off(run, &journal) {
        messages.warning("a run of these files broke off before or is still under way; this is a new one, --resume would have gone on");
    }
    let mut submission = Submission::new(run, means, client, context);
    if let Some(left) = left {
        submission = submission.go_on_from(left);
    }
    if let Some(length) = submission.length() {
        messages.note(&length);
    }
    let mut shown = context.ui.batches();
    let sent = send(&mut submission, &mut files, wait.is_some(), &mut shown)?;
    drop(hold);
    let shown = unless_closed(shown.end());
    if let Err(halt) = sent {
        let told = submission.told();
        messages.error(&format!("of {} files not all were sent:\n  {}", run.plan.files, told.join("\n  ")));
        if submission.is_journaled() {
            messages.hint(&format!("{} goes on from there", same_command(retried)));
        }
        return after_halt(halt, wait.as_ref(), &submission.into_attached(), (client, context));
    }
    shown.context("the file batches were created, but")?;
    let signal = submission.late_signal();
    let attached = submission.into_attached();
    if attached.iter().all(|attached| attached.object.is_none()) {
        messages.note(&format!("all {} files were sent before; nothing is left to send", run.plan.files));
    }
    if wait.is_none() {
        warn_of_cancelled(&attached, context);
    }
    match (wait, signal) {
        (Some(wait), Some(exit)) => {
            tell_way_on(&attached, &wait, messages);
            after_halt(Halt::Interrupted(exit), Some(&wait), &attached, (client, context))
        }
        (Some(wait), None) => follow(&wait, attached, client, context),
        (None, _) => Ok(Exit::Success),
    }
}

/// The command that goes on with a run. By now `--last` and what is piped in are other batches than those that a retry
/// was of.
fn same_command(retried: &[BatchId]) -> String {
    if retried.is_empty() {
        return "the same command with --resume".to_owned();
    }
    format!("{}, with --resume and the flags as before,", commands("retry", retried))
}

/// Warns of batches that a run has gone on from, though they were cancelled. A wait tells of them anyway.
fn warn_of_cancelled(attached: &[Attached], context: &Context) {
    let earlier: Vec<_> =
        attached.iter().filter(|batch| batch.object.is_none()).filter_map(|batch| batch.batch.clone()).collect();
    let journaled = if earlier.is_empty() { Vec::new() } else { context.journaled() };
    let is_cancelled = |batch: &JournaledBatch| Status::named(batch.status()) == Status::Cancelled;
    let cancelled: Vec<_> =
        journaled.iter().rev().filter(|batch| is_cancelled(batch)).filter_map(JournaledBatch::batch_id).collect();
    let cancelled: Vec<_> = cancelled.into_iter().filter(|batch| earlier.contains(batch)).collect();
    if !cancelled.is_empty() {
        let messages = context.messages();
        messages.warning("batches of this run were cancelled, so not all of its files are in the store");
        messages.hint(&format!("{} attaches what was cancelled once more", commands("retry", &cancelled)));
    }
}

/// Sends, and shows each batch unless it is waited for.
fn send(
    submission: &mut Submission<'_>,
    files: &mut Files,
    is_waited_for: bool,
    shown: &mut Batches<'_>,
) -> anyhow::Result<Result<(), Halt>> {
    let mut tell = |reply: &Reply| if is_waited_for { Ok(()) } else { unless_closed(shown.show(reply)) };
    Ok(submission.send(&mut *files.all()?, &mut tell))
}

/// After a signal that came before the wait: how to wait.
fn tell_way_on(attached: &[Attached], wait: &Wait, messages: Messages) {
    let ids: Vec<_> = attached.iter().filter_map(|attached| attached.batch.as_ref()).collect();
    if !ids.is_empty() {
        let command = commands("wait", ids);
        let end = if wait.cancel_on_interrupt { "" } else { "; the service goes on" };
        messages.hint(&format!("all files were sent; {command} to wait for their end{end}"));
    }
}

/// Shows what was created, cancels it where a signal means that, and ends as the run did.
fn after_halt(
    halt: Halt,
    wait: Option<&Wait>,
    attached: &[Attached],
    (client, context): (&Client, &mut Context),
) -> anyhow::Result<Exit> {
    let created = attached.iter().filter_map(|attached| attached.object.as_ref());
    if wait.is_some()
        && let Err(error) = wait::show(created, &mut context.ui)
    {
        context.messages().warning(&format!("{error:#}"));
    }
    let exit = match halt {
        Halt::Failed(error) => return Err(error),
        Halt::Interrupted(exit) => exit,
    };
    if wait.is_some_and(|wait| wait.cancel_on_interrupt) {
        let created = attached.iter().filter(|attached| attached.object.is_some());
        cancel(created.filter_map(|attached| attached.batch.clone()), client, context);
    }
    Ok(exit)
}

/// Cancels these, which the journal is told, and says how to attach their files after all.
fn cancel(batches: impl Iterator<Item = BatchId>, client: &Client, context: &Context) {
    let messages = context.messages();
    let mut asked = Vec::new();
    for batch in batches {
        let answer = client.cancel_batch(&batch.store, &batch.id);
        tell_cancelled(&batch, &answer, messages);
        asked.extend(answer.ok().map(|reply| Awaited::new(batch, Some(reply), Duration::ZERO)));
    }
    if !asked.is_empty() {
        journaled::settle(&asked, context);
        let command = commands("retry", asked.iter().map(|batch| &batch.id));
        messages.hint(&format!("{command} attaches what was cancelled once more; --resume does not"));
    }
}

/// Waits for all of it. Of what has no id nobody can say how it ended.
fn follow(wait: &Wait, attached: Vec<Attached>, client: &Client, context: &mut Context) -> anyhow::Result<Exit> {
    let mut batches = Vec::new();
    let mut lost = 0;
    for Attached { places, batch, object } in attached {
        let grace = if object.is_some() { wait::GRACE } else { Duration::ZERO };
        match batch {
            Some(id) => batches.push(Awaited::new(id, object, grace)),
            None => lost += places.end - places.start,
        }
    }
    let exit = if batches.is_empty() { Exit::Success } else { wait::run(wait, batches, client, context)? };
    if lost > 0 {
        context.messages().error(&format!("{lost} files were not waited for: the id of their batch is lost"));
    }
    Ok(if lost > 0 && exit == Exit::Success { Exit::Failure } else { exit })
}
