//! Which vector store and which batch a command is about: from flags, else positionals in order, else stdin.

use clap::Args;

use crate::api::types::BatchId;
use crate::api::validate::id_fault;
use crate::input::UsageError;
use crate::input::body::Body;
use crate::input::stdin::{self, Look, Stdin};
use crate::output::Messages;

/// Flags and positionals of the commands that are about one batch.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Target")]
pub(crate) struct BatchArgs {
    /// The vector store (required; the first argument or `vector_store_id` on stdin do as well)
    #[arg(long, value_name = "VECTOR_STORE_ID")]
    pub(crate) vector_store_id: Option<String>,

    /// The file batch (required; the next argument, `batch_id` or a whole batch on stdin do as well)
    #[arg(long, value_name = "BATCH_ID")]
    pub(crate) batch_id: Option<String>,

    /// Values for --vector-store-id and --batch-id, in this order, where the flags are not given
    #[arg(value_name = "ID")]
    pub(crate) ids: Vec<String>,

    /// Read the ids from a YAML or JSON map in this file, or on stdin with `-`; flags win
    #[arg(long, value_name = "FILE", help_heading = "Input")]
    pub(crate) body: Option<String>,
}

impl BatchArgs {
    /// The batch that is meant, and what else stdin held. Reads stdin only where an id is missing.
    ///
    /// # Errors
    /// When an id is missing or blank, or stdin cannot be used.
    pub(crate) fn resolve(mut self, messages: Messages) -> Result<(BatchId, Body), UsageError> {
        let ids = [&mut self.vector_store_id, &mut self.batch_id];
        fill_from_positionals(ids, self.ids, "two ids are taken: VECTOR_STORE_ID BATCH_ID")?;
        let is_missing = self.vector_store_id.is_none() || self.batch_id.is_none();
        let mut body = match &self.body {
            Some(path) => Body::read(path, &mut Stdin::default())?,
            None if is_missing => match stdin::rest(messages)? {
                Look::Read(bytes) => Body::from_stdin(bytes)?,
                Look::Silent | Look::NoInput => Body::default(),
            },
            None => Body::default(),
        };
        body.identify();
        let store = body.fill(self.vector_store_id, "vector_store_id")?;
        let id = body.fill(self.batch_id, "batch_id")?;
        match (store, id) {
            (Some(store), Some(id)) => {
                check_id("the vector store id", &store)?;
                check_id("the batch id", &id)?;
                Ok((BatchId { store, id }, body))
            }
            (store, id) => Err(missing(&[("--vector-store-id", store.is_none()), ("--batch-id", id.is_none())])),
        }
    }
}

/// Gives positionals to the ids that no flag has set.
pub(crate) fn fill_from_positionals<const N: usize>(
    ids: [&mut Option<String>; N],
    positionals: Vec<String>,
    hint: &str,
) -> Result<(), UsageError> {
    let mut left = positionals.into_iter();
    for id in ids {
        if id.is_none() {
            *id = left.next();
        }
    }
    let extra: Vec<_> = left.map(|word| format!("`{word}`")).collect();
    if extra.is_empty() {
        return Ok(());
    }
    Err(UsageError::with_hint(format!("unexpected arguments: {}", extra.join(", ")), hint))
}

/// Refuses what cannot be an id.
pub(crate) fn check_id(what: &str, id: &str) -> Result<(), UsageError> {
    match id_fault(id) {
        Some(fault) => Err(UsageError::new(format!("{what} {} {fault}", crate::json::quote(id)))),
        None => Ok(()),
    }
}

/// Names the flags that are missing.
pub(crate) fn missing(flags: &[(&str, bool)]) -> UsageError {
    let names: Vec<_> =
        flags.iter().filter(|(_, is_missing)| *is_missing).map(|(name, _)| format!("`{name}`")).collect();
    let verb = if names.len() == 1 { "is" } else { "are" };
    UsageError::with_hint(
        format!("{} {verb} required", names.join(" and ")),
        "an id is given as a flag, as an argument, or in a map on stdin; `--help` shows how",
    )
}
