//! `vsfb cancel`

use anyhow::Context as _;
use clap::Args;

use super::target::BatchArgs;
use super::with_reference;
use crate::api::types::BatchId;
use crate::context::Context;
use crate::exit::Exit;

/// Cancel a file batch
///
/// Asks the service to stop processing the files of a batch as soon as possible and prints the batch as the service
/// answers, which may still be `in_progress`. Files that are done stay in the vector store.
#[derive(Args, Debug)]
#[command(
    override_usage = "vsfb cancel [OPTIONS] <VECTOR_STORE_ID> <BATCH_ID>",
    after_long_help = with_reference(
        "Examples:
  vsfb cancel vs_abc123 vsfb_abc123
  vsfb cancel --vector-store-id vs_abc123 --batch-id vsfb_abc123 --dry-run"
    )
)]
pub(crate) struct CancelArgs {
    #[command(flatten)]
    batch: BatchArgs,

    /// Show the request on stderr and send nothing; needs no key
    #[arg(long, help_heading = "Input")]
    dry_run: bool,
}

pub(crate) fn run(args: CancelArgs, context: &mut Context) -> anyhow::Result<Exit> {
    let (batch, body) = args.batch.resolve(context)?;
    body.used_up(&["vector_store_id", "batch_id"])?;
    if args.dry_run {
        return show(&batch, context);
    }
    let reply = context
        .client()?
        .cancel_batch(&batch.store, &batch.id)
        .with_context(|| format!("failed to cancel the file batch `{}` of `{}`", batch.id, batch.store))?;
    context.ui.show(&reply)?;
    Ok(Exit::Success)
}

fn show(batch: &BatchId, context: &Context) -> anyhow::Result<Exit> {
    let request = context.connection_without_key()?.cancel_batch(&batch.store, &batch.id)?;
    context.messages().request(&request);
    Ok(Exit::Success)
}
