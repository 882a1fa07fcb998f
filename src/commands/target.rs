//! Which vector store and which batches a command is about: from flags, else positionals in order, else stdin, else the
//! journal.

use clap::Args;

use crate::api::types::BatchId;
use crate::api::validate::id_fault;
use crate::context::Context;
use crate::input::batches::{self, GivenBatch};
use crate::input::body::Body;
use crate::input::stdin::{self, Look, Stdin};
use crate::input::{UsageError, reason};
use crate::journal::{JournaledBatch, Record};
use crate::work::past::{Past, past};

/// Flags and positionals of the commands that are about one batch.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Target")]
pub(crate) struct BatchArgs {
    /// The vector store (required)
    ///
    /// The first argument or `vector_store_id` on stdin do as well.
    #[arg(long, value_name = "VECTOR_STORE_ID")]
    pub(crate) vector_store_id: Option<String>,

    /// The file batch (required)
    ///
    /// The next argument, `batch_id` or a whole batch on stdin do as well.
    #[arg(long, value_name = "BATCH_ID")]
    pub(crate) batch_id: Option<String>,

    /// Values for --vector-store-id and --batch-id, in this order, where the flags are not given; a single one, with no id
    /// elsewhere, is a batch that was created from here
    #[arg(value_name = "ID", hide_short_help = true)]
    pub(crate) ids: Vec<String>,

    /// A map with the ids; `-` is stdin
    ///
    /// YAML or JSON in this file; flags win.
    #[arg(long, value_name = "FILE", help_heading = "Input")]
    pub(crate) body: Option<String>,

    /// The batch created last from here
    ///
    /// In any store, or in that of --vector-store-id; see `vsfb journal`.
    #[arg(long)]
    pub(crate) last: bool,
}

/// What the ids of vector stores begin with.
const STORE_PREFIX: &str = "vs_";
/// Where the ids stand in a map.
const ID_KEYS: [&str; 2] = ["vector_store_id", "batch_id"];

impl BatchArgs {
    /// The batch that is meant, and what else stdin held. Reads stdin only where an id is missing.
    ///
    /// # Errors
    /// When an id is missing or blank, or stdin or the journal cannot be used.
    pub(crate) fn resolve(mut self, context: &Context) -> Result<(BatchId, Body), UsageError> {
        if self.last {
            self.take_last(context)?;
        }
        let alone = self.single();
        // Ids on stdin need no journal, so that it cannot be read counts only where there are none.
        let journaled = alone.as_deref().map_or(Ok(None), |id| find(id, context));
        let ids = [&mut self.vector_store_id, &mut self.batch_id];
        fill_from_positionals(ids, self.ids, "two ids are taken: VECTOR_STORE_ID BATCH_ID")?;
        let is_missing =
            !matches!(journaled, Ok(Some(_))) && (self.vector_store_id.is_none() || self.batch_id.is_none());
        let mut body = match &self.body {
            Some(path) => Body::read(path, &mut Stdin::default())?,
            None if is_missing => match stdin::rest(context.messages())? {
                Look::Read(bytes) => Body::from_stdin(bytes)?,
                Look::Silent | Look::NoInput => Body::default(),
            },
            None => Body::default(),
        };
        body.identify();
        let has_ids = body.has_any(&ID_KEYS);
        if !has_ids && let Some(batch) = journaled? {
            return Ok((batch, body));
        }
        let store = body.fill(self.vector_store_id, "vector_store_id")?;
        let id = body.fill(self.batch_id, "batch_id")?;
        match (store, id) {
            (Some(store), Some(id)) => {
                check_id("the vector store id", &store)?;
                check_id("the batch id", &id)?;
                Ok((BatchId { store, id }, body))
            }
            // What looks like a store lacks its batch rather.
            (Some(id), None) if alone.is_some() && !has_ids && !id.starts_with(STORE_PREFIX) => {
                Err(not_journaled(&id, context))
            }
            (store, id) => Err(missing(&[("--vector-store-id", store.is_none()), ("--batch-id", id.is_none())])),
        }
    }

    /// The id that is given alone, as a positional.
    fn single(&self) -> Option<String> {
        match self.ids.as_slice() {
            [id] if self.vector_store_id.is_none() && self.batch_id.is_none() => Some(id.clone()),
            _ => None,
        }
    }

    /// Puts the ids of the last batch in the places of those that were not given.
    fn take_last(&mut self, context: &Context) -> Result<(), UsageError> {
        if self.batch_id.is_some() || !self.ids.is_empty() {
            return Err(last_beside_an_id());
        }
        let (batch, _) = last_batch(self.vector_store_id.as_deref(), context)?;
        context.messages().note(&format!("the last batch is `{}` of `{}`", batch.id, batch.store));
        self.vector_store_id = Some(batch.store);
        self.batch_id = Some(batch.id);
        Ok(())
    }
}

fn last_beside_an_id() -> UsageError {
    UsageError::with_hint(
        "--last is given beside the id of a batch",
        "leave out one of them; --vector-store-id says in which store the last batch is looked for",
    )
}

/// The batch that was created last from here, in this store or in any, with its record.
///
/// # Errors
/// When there is none, when its id is not known, or when the journal cannot be used.
fn last_batch(store: Option<&str>, context: &Context) -> Result<(BatchId, Record), UsageError> {
    let journal = context.journal();
    journal.insist().map_err(|why| unusable(&why, context))?;
    let mut batches = journaled(context)?.into_iter();
    let place = store.map(|store| format!(" in `{store}`")).unwrap_or_default();
    let Some(last) = batches.find(|batch| store.is_none_or(|store| batch.record.vector_store_id == store)) else {
        let base_url = context.base_url()?;
        return Err(UsageError::with_hint(
            format!("--last: no batch was created from here{place} at {base_url}"),
            "`vsfb journal` lists those that were",
        ));
    };
    let Some(batch) = last.batch_id() else {
        // An earlier batch would be another one than is meant.
        return Err(UsageError::with_hint(
            format!("--last: no answer has told the id of the last batch{place} ({})", last.status()),
            "`vsfb journal` lists those whose ids are known",
        ));
    };
    Ok((batch, last.record))
}

/// The store and the batches of the run that the last batch is of, in the order of its files. Says which they are, and
/// how many files of it are in others.
///
/// # Errors
/// As for the last batch.
fn last_run(store: Option<&str>, context: &Context) -> Result<(String, Vec<String>), UsageError> {
    let (BatchId { store, id }, newest) = last_batch(store, context)?;
    let journal = context.journal();
    let records = journal.records().map_err(|error| unusable(&reason(&error), context))?;
    let (mut ids, mut lost) = (Vec::new(), 0);
    let is_of_run = |record: &Record| (&record.base_url, &record.plan) == (&newest.base_url, &newest.plan);
    // How many files the run has does not matter: its last batch is known, so it has begun.
    for (places, past) in past(records.filter(is_of_run), u64::MAX) {
        match past {
            Past::Created(id) => ids.push(id),
            Past::Found | Past::Unknown(_) => lost += places.end - places.start,
        }
    }
    let messages = context.messages();
    if let [first, .., end] = ids.as_slice() {
        messages.note(&format!("the last run is {} batches of `{store}`, from `{first}` to `{end}`", ids.len()));
    } else {
        messages.note(&format!("the last batch is `{id}` of `{store}`"));
        ids = vec![id];
    }
    if lost > 0 {
        messages.warning(&format!("{lost} files of the last run are left out: the id of their batch is not known"));
    }
    Ok((store, ids))
}

/// Flags and positionals of the commands that are about any number of batches.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Target")]
pub(crate) struct BatchesArgs {
    /// The vector store
    ///
    /// A first argument that begins with `vs_`, the batches on stdin or the journal do as well.
    #[arg(long, value_name = "VECTOR_STORE_ID")]
    vector_store_id: Option<String>,

    /// A file batch (required); repeatable
    ///
    /// Arguments or the batches on stdin do as well.
    #[arg(long, value_name = "BATCH_ID")]
    batch_id: Vec<String>,

    /// The vector store, where it begins with `vs_` and the flag is not given, then values for --batch-id; without a store
    /// they are batches that were created from here
    #[arg(value_name = "ID", hide_short_help = true)]
    ids: Vec<String>,

    /// The batch created last from here
    ///
    /// With all batches of the same run, in any store or in the one that is given; see `vsfb journal`.
    #[arg(long)]
    last: bool,
}

impl BatchesArgs {
    /// Whether the journal is to tell which they are.
    pub(crate) const fn are_last(&self) -> bool {
        self.last
    }

    /// The batches that are meant, each once. Reads stdin only where no batch is named otherwise.
    ///
    /// # Errors
    /// When none is named or an id is blank, when stdin or the journal cannot be used, or when the journal is to know a
    /// batch and does not.
    pub(crate) fn resolve(mut self, context: &Context) -> Result<Vec<GivenBatch>, UsageError> {
        if self.vector_store_id.is_none() && self.ids.first().is_some_and(|id| id.starts_with(STORE_PREFIX)) {
            self.vector_store_id = Some(self.ids.remove(0));
        }
        self.batch_id.append(&mut self.ids);
        let store = self.vector_store_id.as_deref();
        if let Some(store) = store {
            check_id("the vector store id", store)?;
        }
        let given = match (self.last, self.batch_id.is_empty()) {
            (true, false) => return Err(last_beside_an_id()),
            (true, true) => {
                let (store, ids) = last_run(store, context)?;
                named(Some(&store), ids, context)?
            }
            (false, false) => named(store, self.batch_id, context)?,
            (false, true) => match stdin::rest(context.messages())? {
                Look::Read(bytes) => batches::read(bytes, store)?,
                Look::Silent | Look::NoInput => {
                    return Err(missing(&[("--vector-store-id", store.is_none()), ("--batch-id", true)]));
                }
            },
        };
        let mut found: Vec<GivenBatch> = Vec::new();
        for given in given {
            check_id("the vector store id", &given.batch.store)?;
            check_id("the batch id", &given.batch.id)?;
            if found.iter().all(|known| known.batch != given.batch) {
                found.push(given);
            }
        }
        Ok(found)
    }
}

/// The batches of these ids. Without a store each is the batch of that id which was created last from here.
fn named(store: Option<&str>, ids: Vec<String>, context: &Context) -> Result<Vec<GivenBatch>, UsageError> {
    let journaled = match journaled(context) {
        // With a store the journal only tells how new a batch is.
        Err(_) if store.is_some() => Vec::new(),
        journaled => journaled?,
    };
    let named = |id: String| {
        check_id("the batch id", &id)?;
        let is_meant = |known: &BatchId| known.id == id && store.is_none_or(|store| store == known.store);
        let known = journaled.iter().find_map(|known| Some((known.batch_id().filter(is_meant)?, known.record.time)));
        let created_at = known.as_ref().map(|(_, time)| *time);
        let batch = match (store, known) {
            (Some(store), _) => BatchId { store: store.to_owned(), id },
            (None, Some((batch, _))) => batch,
            (None, None) => return Err(not_journaled(&id, context)),
        };
        Ok(GivenBatch { batch, object: None, created_at })
    };
    ids.into_iter().map(named).collect()
}

/// The batch of that id which was created last from here.
fn find(id: &str, context: &Context) -> Result<Option<BatchId>, UsageError> {
    Ok(journaled(context)?.iter().filter_map(JournaledBatch::batch_id).find(|batch| batch.id == id))
}

/// What the journal knows of the service that is asked, from the newest batch on.
fn journaled(context: &Context) -> Result<Vec<JournaledBatch>, UsageError> {
    context.journal().batches(&context.base_url()?).map_err(|error| unusable(&reason(&error), context))
}

fn unusable(why: &str, context: &Context) -> UsageError {
    UsageError::new(format!("failed to use {}: {why}", context.journal()))
}

/// Says that a batch needs its store.
fn not_journaled(id: &str, context: &Context) -> UsageError {
    let quoted = crate::json::quote(id);
    let place = context.base_url().map(|url| format!(" at {url}")).unwrap_or_default();
    UsageError::with_hint(
        format!("the vector store of the file batch {quoted} is not known: no such batch was created from here{place}"),
        "name the store with --vector-store-id, or give both ids: VECTOR_STORE_ID BATCH_ID",
    )
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
