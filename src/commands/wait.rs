//! `vsfb wait`

use std::time::{Duration, SystemTime};

use clap::Args;

use super::target::{check_id, missing};
use super::waiting::WaitingArgs;
use super::with_reference;
use crate::api::Reply;
use crate::api::types::{BatchId, FileBatch};
use crate::context::Context;
use crate::exit::Exit;
use crate::input::UsageError;
use crate::input::batches::{self, GivenBatch};
use crate::input::stdin::{self, Look};
use crate::output::Messages;
use crate::poll::Awaited;
use crate::work::wait::{self, Aim, GRACE};

/// Wait until file batches have ended
///
/// Looks at each batch until its status says that it has ended, and prints it as it was last seen, whatever the exit
/// status. Without ids it waits for the batches on stdin, as `vsfb create` prints them in json, jsonl or yaml. Where
/// files have failed, the first of them are on stderr with the reasons. On a terminal bars show how far it is.
#[derive(Args, Debug)]
#[command(
    override_usage = "vsfb wait [OPTIONS] <VECTOR_STORE_ID> <BATCH_ID>...
       vsfb create ... | vsfb wait [OPTIONS]",
    after_long_help = with_reference(
        "Examples:
  vsfb wait vs_abc123 vsfb_abc123
  vsfb wait vs_abc123 vsfb_abc123 vsfb_def456 --timeout 2h --stall-timeout 10m
  vsfb wait vs_abc123 vsfb_abc123 --timeout 0 --transform status -r
  vsfb create vs_abc123 --file-id file-abc123 | vsfb wait"
    )
)]
pub(crate) struct WaitArgs {
    /// The vector store (required; a first argument that begins with `vs_`, or the batches on stdin, do as well)
    #[arg(long, value_name = "VECTOR_STORE_ID", help_heading = "Target")]
    vector_store_id: Option<String>,

    /// A file batch (required; arguments or the batches on stdin do as well); repeat it
    #[arg(long, value_name = "BATCH_ID", help_heading = "Target")]
    batch_id: Vec<String>,

    /// The vector store, where it begins with `vs_` and the flag is not given, then values for --batch-id
    #[arg(value_name = "ID", help_heading = "Target")]
    ids: Vec<String>,

    #[command(flatten)]
    waiting: WaitingArgs,
}

pub(crate) fn run(args: WaitArgs, context: &mut Context) -> anyhow::Result<Exit> {
    let wait = args.waiting.wait(Aim::Completion);
    let batches = args.batches(context.messages())?;
    let client = context.client()?;
    wait::run(&wait, batches, &client, context)
}

impl WaitArgs {
    /// The batches that are meant, each once. Reads stdin only where no batch is named.
    fn batches(mut self, messages: Messages) -> Result<Vec<Awaited>, UsageError> {
        if self.vector_store_id.is_none() && self.ids.first().is_some_and(|id| id.starts_with("vs_")) {
            self.vector_store_id = Some(self.ids.remove(0));
        }
        self.batch_id.append(&mut self.ids);
        let store = self.vector_store_id;
        let given = if self.batch_id.is_empty() {
            match stdin::rest(messages)? {
                Look::Read(bytes) => batches::read(bytes, store.as_deref())?,
                Look::Silent | Look::NoInput => {
                    return Err(missing(&[("--vector-store-id", store.is_none()), ("--batch-id", true)]));
                }
            }
        } else {
            let store = store.ok_or_else(|| missing(&[("--vector-store-id", true)]))?;
            let of_store = |id| GivenBatch { batch: BatchId { store: store.clone(), id }, object: None };
            self.batch_id.into_iter().map(of_store).collect()
        };
        let mut found: Vec<Awaited> = Vec::new();
        for GivenBatch { batch, object } in given {
            check_id("the vector store id", &batch.store)?;
            check_id("the batch id", &batch.id)?;
            if found.iter().all(|known| known.id != batch) {
                let object = object.and_then(|json| Reply::parse(json.as_bytes()).ok());
                let grace = object.as_ref().map_or(Duration::ZERO, |object| grace(object, SystemTime::now()));
                found.push(Awaited::new(batch, object, grace));
            }
        }
        Ok(found)
    }
}

/// What is left of the time in which the service may deny a batch that it has described itself. The two clocks need not
/// agree: what is not created yet has all of it.
fn grace(object: &Reply, now: SystemTime) -> Duration {
    let created = FileBatch::read(object.json()).and_then(|batch| u64::try_from(batch.created_at?).ok());
    let created = created.and_then(|seconds| SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(seconds)));
    created.map_or(Duration::ZERO, |created| GRACE.saturating_sub(now.duration_since(created).unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use super::grace;
    use crate::api::Reply;

    #[test]
    fn the_service_may_deny_a_batch_for_half_a_minute_after_its_creation() {
        let json = br#"{"id":"b","object":"vector_store.file_batch","created_at":1000}"#;
        let object = Reply::parse(json).unwrap();
        let at = |seconds| grace(&object, SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)).as_secs();
        assert_eq!([at(900), at(1000), at(1010), at(1030), at(9000)], [30, 30, 20, 0, 0]);
    }
}
