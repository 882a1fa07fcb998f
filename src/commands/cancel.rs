//! `vsfb cancel`

use std::time::Duration;

use anyhow::Context as _;
use clap::Args;

use super::target::BatchArgs;
use super::waiting::WaitFlags;
use crate::api::types::BatchId;
use crate::context::Context;
use crate::exit::Exit;
use crate::poll::Awaited;
use crate::work::wait::{self, Aim};

/// Cancel a file batch
///
/// Asks the service to stop processing the files of a batch as soon as possible and prints the batch as the service
/// answers, which may still be `in_progress`. Files that are done stay in the vector store. With --wait it prints the
/// batch as it has ended, and any end is a success.
#[derive(Args, Debug)]
#[command(
    override_usage = "vsfb cancel [OPTIONS] <VECTOR_STORE_ID> <BATCH_ID>",
    after_long_help = "Examples:
  vsfb cancel vs_abc123 vsfb_abc123
  vsfb cancel --vector-store-id vs_abc123 --batch-id vsfb_abc123 --dry-run"
)]
pub(crate) struct CancelArgs {
    #[command(flatten)]
    batch: BatchArgs,

    /// Show the request and send nothing
    ///
    /// It is shown on stderr; needs no key.
    #[arg(long, help_heading = "Sending")]
    dry_run: bool,

    #[command(flatten)]
    waiting: WaitFlags,
}

pub(crate) fn run(args: CancelArgs, context: &mut Context) -> anyhow::Result<Exit> {
    let waiting = args.waiting.given()?;
    let (batch, body) = args.batch.resolve(context)?;
    body.used_up(&["vector_store_id", "batch_id"])?;
    if args.dry_run {
        return show(&batch, context);
    }
    let client = context.client()?;
    let reply = client
        .cancel_batch(&batch.store, &batch.id)
        .with_context(|| format!("failed to cancel the file batch `{}` of `{}`", batch.id, batch.store))?;
    let Some(waiting) = waiting else {
        context.ui.show(&reply)?;
        return Ok(Exit::Success);
    };
    let awaited = Awaited::new(batch, Some(reply), Duration::ZERO);
    wait::run(&waiting.wait(Aim::End), vec![awaited], &client, context)
}

fn show(batch: &BatchId, context: &Context) -> anyhow::Result<Exit> {
    let request = context.connection_without_key()?.cancel_batch(&batch.store, &batch.id)?;
    context.messages().request(&request);
    Ok(Exit::Success)
}
