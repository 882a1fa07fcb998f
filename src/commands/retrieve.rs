//! `vsfb retrieve`

use anyhow::Context as _;
use clap::Args;

use super::target::BatchArgs;
use crate::context::Context;
use crate::exit::Exit;

/// Show a file batch
///
/// Prints the batch as it is now: its status and how many of its files are in which state. A batch whose files failed
/// still ends as `completed`; look at `file_counts.failed`, and list the files with `vsfb list-files --filter failed`.
#[derive(Args, Debug)]
#[command(
    override_usage = "vsfb retrieve [OPTIONS] <VECTOR_STORE_ID> <BATCH_ID>",
    after_long_help = "Examples:
  vsfb retrieve vs_abc123 vsfb_abc123
  vsfb retrieve vs_abc123 vsfb_abc123 --transform file_counts.failed
  vsfb create --vector-store-id vs_abc123 --file-id file-abc123 | vsfb retrieve"
)]
pub(crate) struct RetrieveArgs {
    #[command(flatten)]
    batch: BatchArgs,
}

pub(crate) fn run(args: RetrieveArgs, context: &mut Context) -> anyhow::Result<Exit> {
    let (batch, body) = args.batch.resolve(context)?;
    body.used_up(&["vector_store_id", "batch_id"])?;
    let reply = context
        .client()?
        .retrieve_batch(&batch.store, &batch.id)
        .with_context(|| format!("failed to retrieve the file batch `{}` of `{}`", batch.id, batch.store))?;
    context.ui.show(&reply)?;
    Ok(Exit::Success)
}
