//! `vsfb retry`

use std::collections::BTreeMap;

use clap::Args;

use super::dry_run::DryRun;
use super::sending::SendingArgs;
use super::target::BatchesArgs;
use super::waiting::WaitFlags;
use crate::api::types::{BatchId, VectorStoreFile};
use crate::context::Context;
use crate::exit::Exit;
use crate::input::UsageError;
use crate::journal::Record;
use crate::output::Messages;
use crate::work::deliver::{self, Delivery};
use crate::work::failed::{self, can_succeed, code};
use crate::work::run::Run;
use crate::work::submit::Means;
use crate::work::wait::Aim;

/// Attach the files that failed or were cancelled once more
///
/// Lists the failed and the cancelled files and creates a new batch of them, with the attributes and the chunking that they
/// had: as the service tells them, else as the manifest does that the batch was created from. Files that failed for
/// reasons of their own are left out, because they would fail again; --all takes them, too. Several batches of one store
/// are retried together.
#[derive(Args, Debug)]
#[command(
    override_usage = "vsfb retry [OPTIONS] [VECTOR_STORE_ID] <BATCH_ID>...
       vsfb retry [OPTIONS] --last
       vsfb create ... | vsfb wait | vsfb retry [OPTIONS]",
    after_long_help = "Examples:
  vsfb retry vs_abc123 vsfb_abc123 --wait
  vsfb retry vs_abc123 vsfb_abc123 vsfb_def456 --all
  vsfb create vs_abc123 --file-id file-abc123 --wait || vsfb retry --last --wait"
)]
pub(crate) struct RetryArgs {
    #[command(flatten)]
    batches: BatchesArgs,

    /// Those that would fail again, too
    ///
    /// Files that failed for reasons of their own.
    #[arg(long, help_heading = "Files")]
    all: bool,

    /// Show the request and create nothing
    ///
    /// List the files, print the body that would be sent, and the rest of the request on stderr.
    #[arg(long, help_heading = "Sending")]
    dry_run: bool,

    #[command(flatten)]
    sending: SendingArgs,

    #[command(flatten)]
    waiting: WaitFlags,
}

pub(crate) fn run(args: RetryArgs, context: &mut Context) -> anyhow::Result<Exit> {
    let waiting = args.waiting.given()?;
    if args.batches.are_last() && args.sending.resume {
        return Err(last_beside_resume().into());
    }
    let batches: Vec<_> = args.batches.resolve(context)?.into_iter().map(|given| given.batch).collect();
    let store = one_store(&batches)?;
    let client = context.client()?;
    let messages = context.messages();
    let failed = failed::list(&batches, &client, messages)?;
    let (files, left_out): (Vec<_>, Vec<_>) = failed.into_iter().partition(|file| args.all || can_succeed(file));
    if files.is_empty() {
        return Ok(nothing(&left_out, messages));
    }
    if !left_out.is_empty() {
        messages.warning(&format!("left out because they would fail again: {}; --all takes them", by_code(&left_out)));
    }
    let failed_since = files.iter().map(|file| (file.id.clone(), file.created_at)).collect();
    let body = failed::members(&files, &records(&batches, context), messages);
    let (run, mut files) = Run::listed(context.base_url()?, store, body);
    let (batch_size, resumes) = (args.sending.batch_size(), args.sending.resume);
    if args.dry_run {
        return DryRun { run: &run, batch_size, sending: &args.sending }.show(&mut files, context);
    }
    let means = Means { batch_size, pace: args.sending.pace(), failed: failed_since };
    let wait = waiting.map(|waiting| waiting.wait(Aim::Completion));
    let is_waited_for = wait.is_some();
    let exit = deliver::run(Delivery { run: &run, means, resumes, wait, retried: &batches }, files, &client, context)?;
    // What was left out has failed for good, so not all is well.
    let is_incomplete = is_waited_for && exit == Exit::Success && !left_out.is_empty();
    Ok(if is_incomplete { Exit::FilesFailed } else { exit })
}

fn last_beside_resume() -> UsageError {
    UsageError::with_hint(
        "--last is given beside --resume, but the last batch may be one of the retry that broke off",
        "nothing was sent; name the batches that were retried, `vsfb journal` lists them",
    )
}

/// The store that all of these are of.
fn one_store(batches: &[BatchId]) -> Result<String, UsageError> {
    let store = batches.first().map(|batch| batch.store.clone()).unwrap_or_default();
    match batches.iter().find(|batch| batch.store != store) {
        None => Ok(store),
        Some(other) => Err(UsageError::with_hint(
            format!("the batches are of several stores: `{store}` and `{}`", other.store),
            "retry those of one store at a time",
        )),
    }
}

/// Says why nothing is retried.
fn nothing(left_out: &[VectorStoreFile], messages: Messages) -> Exit {
    if left_out.is_empty() {
        messages.note("no file has failed or was cancelled; there is nothing to retry");
        return Exit::Success;
    }
    messages.error(&format!("none of the failed files can succeed as it is: {}", by_code(left_out)));
    messages.hint("mend the files, upload and create them anew; --all retries them as they are");
    Exit::FilesFailed
}

/// `3 unsupported_file (file-a, file-b, file-c)`, for each reason.
fn by_code(files: &[VectorStoreFile]) -> String {
    let mut codes: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for file in files {
        codes.entry(code(file)).or_default().push(&file.id);
    }
    let told = codes.into_iter().map(|(code, ids)| {
        let more = if ids.len() > MOST_IDS { ", …" } else { "" };
        format!("{} {code} ({}{more})", ids.len(), ids.iter().take(MOST_IDS).copied().collect::<Vec<_>>().join(", "))
    });
    told.collect::<Vec<_>>().join(", ")
}

/// How many ids are told for each reason.
const MOST_IDS: usize = 5;

/// What the journal has on these batches.
fn records(batches: &[BatchId], context: &Context) -> Vec<Record> {
    let journaled = context.journaled();
    let known = journaled.into_iter().filter(|known| batches.iter().any(|batch| known.is(batch)));
    known.map(|known| known.record).collect()
}
