//! `vsfb list-files`

use anyhow::Context as _;
use clap::Args;
use clap::builder::PossibleValuesParser;

use super::target::BatchArgs;
use crate::api::types::{BatchId, Status};
use crate::api::validate::advice;
use crate::api::{self, ListQuery, Pages, Reply};
use crate::context::Context;
use crate::exit::Exit;
use crate::input::UsageError;
use crate::input::body::Body;
use crate::output::Format;
use crate::settings::parse_integer;

/// The keys of a map on stdin.
const BODY_KEYS: [&str; 7] = ["vector_store_id", "batch_id", "filter", "order", "limit", "after", "before"];
const ORDERS: [&str; 2] = ["asc", "desc"];

/// List the files of a file batch
///
/// Follows the pages of the list and prints each file as its page arrives, one after another rather than in one list.
/// `--format raw` prints a single page as the service sent it.
#[derive(Args, Debug)]
#[command(
    override_usage = "vsfb list-files [OPTIONS] <VECTOR_STORE_ID> <BATCH_ID>",
    after_long_help = "Examples:
  vsfb list-files vs_abc123 vsfb_abc123
  vsfb list-files vs_abc123 vsfb_abc123 --filter failed --format csv
  vsfb list-files vs_abc123 vsfb_abc123 --transform id -r"
)]
pub(crate) struct ListFilesArgs {
    #[command(flatten)]
    batch: BatchArgs,

    #[command(flatten)]
    query: QueryArgs,

    /// List at most so many files
    ///
    /// A negative number means all [default: all]
    #[arg(long, value_name = "NUMBER", value_parser = parse_most, help_heading = "Selection")]
    max_items: Option<i64>,
}

/// What the service is asked.
#[derive(Args, Debug)]
#[command(next_help_heading = "Selection")]
struct QueryArgs {
    /// Only files in this state
    #[arg(long, value_name = "STATUS", value_parser = PossibleValuesParser::new(Status::names()))]
    filter: Option<String>,

    /// By creation time: asc, or desc
    ///
    /// Without it, as the service has it: desc.
    #[arg(long, value_name = "ORDER", value_parser = PossibleValuesParser::new(ORDERS))]
    order: Option<String>,

    /// Files in one request, 1 to 100
    ///
    /// By default as many as are needed.
    #[arg(long, value_name = "NUMBER", value_parser = parse_limit)]
    limit: Option<u8>,

    /// Begin after this file
    #[arg(long, value_name = "FILE_ID")]
    after: Option<String>,

    /// End before this file
    #[arg(long, value_name = "FILE_ID", hide_short_help = true)]
    before: Option<String>,
}

impl QueryArgs {
    /// The query, with what stdin adds to the flags.
    fn into_query(self, body: &mut Body) -> Result<ListQuery, UsageError> {
        let limit = body.fill(self.limit.map(|limit| limit.to_string()), "limit")?;
        Ok(ListQuery {
            after: body.fill(self.after, "after")?,
            before: body.fill(self.before, "before")?,
            filter: known(body.fill(self.filter, "filter")?, "filter", &Status::names())?,
            limit: limit
                .as_deref()
                .map(parse_limit)
                .transpose()
                .map_err(|error| UsageError::new(format!("limit: {error}")))?
                .map(u16::from),
            order: known(body.fill(self.order, "order")?, "order", &ORDERS)?,
        })
    }
}

fn parse_limit(text: &str) -> Result<u8, String> {
    parse_integer(text, 1..=100).map(|limit| u8::try_from(limit).unwrap_or_default())
}

fn parse_most(text: &str) -> Result<i64, String> {
    parse_integer(text, i64::MIN..=i64::MAX)
}

fn known(value: Option<String>, name: &str, values: &[&str]) -> Result<Option<String>, UsageError> {
    match value {
        Some(value) if !values.contains(&value.as_str()) => {
            Err(UsageError::new(format!("{name} is `{value}`; {}", advice(&value, values))))
        }
        value => Ok(value),
    }
}

pub(crate) fn run(args: ListFilesArgs, context: &mut Context) -> anyhow::Result<Exit> {
    let (batch, mut body) = args.batch.resolve(context)?;
    let query = args.query.into_query(&mut body)?;
    body.used_up(&BODY_KEYS)?;
    let most = args.max_items.and_then(|most| u64::try_from(most).ok());
    let action = || format!("failed to list the files of the file batch `{}` of `{}`", batch.id, batch.store);
    if context.ui.format() == Format::Raw {
        let client = context.client()?;
        let reply = client.list_files(&batch.store, &batch.id, &query).with_context(action)?;
        reply.page().map_err(|error| client.hiding(error)).with_context(action)?;
        context.ui.show(&reply)?;
        return Ok(Exit::Success);
    }
    list(&batch, query, most, context).map_err(|error| match error.downcast::<api::Error>() {
        Ok(error) => anyhow::Error::from(error).context(action()),
        Err(other) => other,
    })
}

fn list(batch: &BatchId, query: ListQuery, most: Option<u64>, context: &mut Context) -> anyhow::Result<Exit> {
    let mut pages = Pages::new(&context.client()?, (&batch.store, &batch.id), query, most).map(items);
    let mut listing = context.ui.list();
    if most == Some(0) {
        // Where nothing is wanted, that nothing was listed says nothing.
        pages.try_for_each(|page| listing.page(&page?))?;
    } else {
        listing.pages(&format!("files of {}", batch.id), pages)?;
    }
    Ok(Exit::Success)
}

/// The items of a page that are wanted.
fn items(page: Result<(Reply, usize), api::Error>) -> anyhow::Result<Vec<String>> {
    let (reply, wanted) = page?;
    Ok(reply.page()?.items.into_iter().take(wanted).map(str::to_owned).collect())
}
