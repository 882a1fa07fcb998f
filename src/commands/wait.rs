//! `vsfb wait`

use std::time::{Duration, SystemTime};

use clap::Args;

use super::target::BatchesArgs;
use super::waiting::WaitingArgs;
use crate::api::Reply;
use crate::context::Context;
use crate::exit::Exit;
use crate::input::batches::GivenBatch;
use crate::poll::Awaited;
use crate::work::wait::{self, Aim, GRACE};

/// Wait until file batches have ended
///
/// Looks at each batch until its status says that it has ended, and prints it as it was last seen, whatever the exit
/// status. A batch that was created from here needs no store. Without ids it waits for the batches on stdin, as `vsfb
/// create` prints them in json, jsonl or yaml. Where files have failed, the first of them are on stderr with the
/// reasons. On a terminal bars show how far it is.
#[derive(Args, Debug)]
#[command(
    override_usage = "vsfb wait [OPTIONS] [VECTOR_STORE_ID] <BATCH_ID>...
       vsfb wait [OPTIONS] --last
       vsfb create ... | vsfb wait [OPTIONS]",
    after_long_help = "Examples:
  vsfb wait vs_abc123 vsfb_abc123
  vsfb wait vs_abc123 vsfb_abc123 vsfb_def456 --timeout 2h --stall-timeout 10m
  vsfb wait vs_abc123 vsfb_abc123 --timeout 0 --transform status -r
  vsfb create vs_abc123 --file-id file-abc123 | vsfb wait"
)]
pub(crate) struct WaitArgs {
    #[command(flatten)]
    batches: BatchesArgs,

    #[command(flatten)]
    waiting: WaitingArgs,
}

pub(crate) fn run(args: WaitArgs, context: &mut Context) -> anyhow::Result<Exit> {
    let wait = args.waiting.wait(Aim::Completion);
    let now = SystemTime::now();
    let batches = args.batches.resolve(context)?.into_iter().map(|given| awaited(given, now)).collect();
    let client = context.client()?;
    wait::run(&wait, batches, &client, context)
}

fn awaited(given: GivenBatch, now: SystemTime) -> Awaited {
    let object = given.object.and_then(|json| Reply::parse(json.as_bytes()).ok());
    Awaited::new(given.batch, object, given.created_at.map_or(Duration::ZERO, |created_at| grace(created_at, now)))
}

/// What is left of the time in which the service may deny a new batch. The two clocks need not agree: what is not created
/// yet has all of it.
fn grace(created_at: i64, now: SystemTime) -> Duration {
    let seconds = Duration::from_secs(u64::try_from(created_at).unwrap_or_default());
    let created = SystemTime::UNIX_EPOCH.checked_add(seconds);
    created.map_or(Duration::ZERO, |created| GRACE.saturating_sub(now.duration_since(created).unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use super::grace;

    #[test]
    fn the_service_may_deny_a_batch_for_half_a_minute_after_its_creation() {
        let at = |seconds| grace(1000, SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)).as_secs();
        assert_eq!([at(900), at(1000), at(1010), at(1030), at(9000)], [30, 30, 20, 0, 0]);
    }
}
