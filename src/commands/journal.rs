//! `vsfb journal`

use anyhow::Context as _;
use clap::Args;
use clap::builder::PossibleValuesParser;
use serde::Serialize;

use crate::api::Client;
use crate::api::types::{FileBatch, Status};
use crate::context::Context;
use crate::exit::Exit;
use crate::input::UsageError;
use crate::journal::{Event, JournaledBatch};
use crate::settings::parse_integer;

/// List the batches that were created from here
///
/// The service cannot list the batches of a vector store, so `create` keeps a journal: one line before each request and
/// one after its answer, without keys and without contents. This lists the batches at the base URL, the newest first,
/// with what was last known of them. A batch without an id is `sending` where no word came of its request, which may
/// still be on its way or was killed, and `lost` where its answer was lost: look into the store whether its files are
/// there. Which batches are listed is up to this machine; for others, `vsfb retrieve` takes both ids.
#[derive(Args, Debug)]
#[command(
    override_usage = "vsfb journal [OPTIONS]",
    after_long_help = "Examples:
  vsfb journal
  vsfb journal --refresh --filter in_progress
  vsfb journal --vector-store-id vs_abc123 --max-items 5 --format csv"
)]
pub(crate) struct JournalArgs {
    /// Only batches of this vector store
    #[arg(long, value_name = "VECTOR_STORE_ID", help_heading = "Selection")]
    vector_store_id: Option<String>,

    /// Only batches in this state
    #[arg(long, value_name = "STATUS", value_parser = PossibleValuesParser::new(states()), help_heading = "Selection")]
    filter: Option<String>,

    /// List at most so many batches
    ///
    /// A negative number means all [default: all]
    #[arg(long, value_name = "NUMBER", value_parser = parse_most, help_heading = "Selection")]
    max_items: Option<i64>,

    /// Ask the service how open ones stand
    ///
    /// Those that had not ended when they were last heard of.
    #[arg(long, help_heading = "Selection")]
    refresh: bool,
}

/// What `--filter` takes.
fn states() -> impl Iterator<Item = &'static str> {
    Status::names().into_iter().chain(JournaledBatch::OWN_STATES)
}

fn parse_most(text: &str) -> Result<i64, String> {
    parse_integer(text, i64::MIN..=i64::MAX)
}

/// What is printed of a batch: a file batch like those of the service, but for what the journal does not know of it, and
/// what only the journal knows.
#[derive(Serialize)]
struct Item<'a> {
    id: Option<&'a str>,
    object: &'static str,
    vector_store_id: &'a str,
    status: &'a str,
    created_at: i64,
    files: u64,
    part: u32,
    parts: u32,
    plan: &'a str,
    files_from: Option<&'a str>,
}

impl<'a> Item<'a> {
    fn new(batch: &'a JournaledBatch) -> Self {
        let record = &batch.record;
        Self {
            id: record.batch_id.as_deref(),
            object: "vector_store.file_batch",
            vector_store_id: &record.vector_store_id,
            status: batch.status(),
            created_at: record.time,
            files: record.files,
            part: record.part,
            parts: record.parts,
            plan: &record.plan,
            files_from: record.files_from.as_deref(),
        }
    }
}

pub(crate) fn run(args: &JournalArgs, context: &mut Context) -> anyhow::Result<Exit> {
    let base_url = context.base_url()?;
    let journal = context.journal();
    if journal.is_off() {
        return Err(UsageError::new("there is no journal: VSFB_JOURNAL is off").into());
    }
    let unreadable = || format!("failed to read {journal}");
    journal.insist().map_err(anyhow::Error::msg).with_context(unreadable)?;
    let batches = journal.batches(&base_url).with_context(unreadable)?;
    let client = if args.refresh { Some(context.client()?) } else { None };
    let most = args.max_items.and_then(|most| usize::try_from(most).ok()).unwrap_or(usize::MAX);
    let mut items = Vec::new();
    for mut batch in batches {
        if items.len() == most {
            break;
        }
        if args.vector_store_id.as_ref().is_some_and(|store| *store != batch.record.vector_store_id) {
            continue;
        }
        if let Some(client) = &client {
            refresh(&mut batch, client, context)?;
        }
        if args.filter.as_deref().is_none_or(|status| status == batch.status()) {
            items.push(serde_json::to_string(&Item::new(&batch))?);
        }
    }
    let mut listing = context.ui.journal();
    if most == 0 {
        // Where nothing is wanted, that nothing was listed says nothing.
        listing.page(&items)?;
    } else {
        listing.all(&items)?;
    }
    Ok(Exit::Success)
}

/// Asks what became of a batch, unless it had ended or has no id. One that the service no longer knows stays as it was.
fn refresh(batch: &mut JournaledBatch, client: &Client, context: &Context) -> anyhow::Result<()> {
    let Some(known) = batch.batch_id().filter(|_| batch.is_open()) else { return Ok(()) };
    let reply = match client.retrieve_batch(&known.store, &known.id) {
        Err(error) if error.is_missing() => {
            let warning = format!("the service does not know the file batch `{}` of `{}`", known.id, known.store);
            context.messages().warning(&warning);
            return Ok(());
        }
        reply => {
            reply.with_context(|| format!("failed to retrieve the file batch `{}` of `{}`", known.id, known.store))?
        }
    };
    let Some(status) = FileBatch::read(reply.json()).and_then(|batch| batch.status) else { return Ok(()) };
    batch.record.status = Some(status.to_string());
    if status.has_ended() {
        context.record(&batch.record.then(Event::Ended));
    }
    Ok(())
}
