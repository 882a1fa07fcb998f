//! A create of one batch: one request, repeated like any other.

use std::num::NonZeroU64;

use anyhow::{Context as _, bail};

use super::deliver::Delivery;
use super::post::{created_as, smaller_limit};
use super::run::Files;
use super::wait::{self, GRACE, Wait};
use crate::api::types::BatchId;
use crate::api::{Client, Creation, Reply, item_id};
use crate::context::Context;
use crate::exit::{Exit, unless_closed};
use crate::journal::{Event, Record};
use crate::poll::Awaited;

/// What came of it.
pub(crate) enum Outcome {
    Done(anyhow::Result<Exit>),
    /// The service takes no more than so many files in a batch, as it says in this error.
    TooMany(NonZeroU64, anyhow::Error),
}

/// Creates the batch and shows it, as it has ended where that is waited for.
///
/// # Errors
/// When the files cannot be read; nothing was sent.
pub(crate) fn create(
    delivery: &Delivery<'_>,
    files: &mut Files,
    (client, context): (&Client, &mut Context),
) -> anyhow::Result<Outcome> {
    let Delivery { run, wait, .. } = delivery;
    let body = run.body(files.all()?.collect::<Result<_, _>>()?);
    let sending = run.record(&(0..run.plan.files), (1, 1), Event::Sending);
    let is_recorded = context.record(&sending);
    let creation = client.create_batch(&run.store, &body);
    if is_recorded {
        outcome(&sending, &creation).iter().all(|record| context.record(record));
    }
    let limit = creation.reply.as_ref().err().filter(|_| run.can_be_cut());
    let limit = limit.and_then(|error| smaller_limit(error, run.plan.files));
    let reply = creation.reply.with_context(|| format!("failed to create a file batch in `{}`", run.store));
    Ok(match (reply, limit) {
        (Ok(reply), _) => Outcome::Done(show(reply, &run.store, wait.as_ref(), (client, context))),
        (Err(error), Some(limit)) => Outcome::TooMany(limit, error),
        (Err(error), None) => Outcome::Done(Err(error)),
    })
}

/// Shows what was created, as it has ended where that is waited for.
fn show(
    reply: Reply,
    store: &str,
    wait: Option<&Wait>,
    (client, context): (&Client, &mut Context),
) -> anyhow::Result<Exit> {
    if let Some(wait) = wait {
        return wait_for(reply, store.to_owned(), wait, (client, context));
    }
    let created = || format!("the file batch{} was created, but", id_of(&reply));
    context.ui.show(&reply).with_context(created)?;
    Ok(Exit::Success)
}

/// What the journal says after it was sent.
fn outcome(sending: &Record, creation: &Creation) -> Vec<Record> {
    let mut records = Vec::new();
    if creation.lost_answer {
        records.push(sending.then(Event::Lost));
    }
    match &creation.reply {
        Ok(reply) => records.push(created_as(sending, reply)),
        Err(_) if !creation.lost_answer => records.push(sending.then(Event::Refused)),
        Err(_) => {}
    }
    records
}

/// Waits for what was created. Its id is the one that the service has given it here, whatever it says later.
fn wait_for(
    reply: Reply,
    store: String,
    wait: &Wait,
    (client, context): (&Client, &mut Context),
) -> anyhow::Result<Exit> {
    let Some(id) = reply.batch_id() else {
        unless_closed(context.ui.show(&reply))?;
        bail!("the file batch in `{store}` was created, but the answer does not name it, so it cannot be waited for");
    };
    let awaited = Awaited::new(BatchId { store, id }, Some(reply), GRACE);
    wait::run(wait, vec![awaited], client, context)
}

/// The id that a reply is about, for messages: where it cannot be shown, it must not be lost.
fn id_of(reply: &Reply) -> String {
    item_id(reply.json()).map(|id| format!(" `{id}`")).unwrap_or_default()
}
