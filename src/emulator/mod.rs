//! The service on this machine: vector stores, files and file batches, held in memory.
//!
//! It shares no type with `api`, so that it cannot repeat that layer's mistakes. All but `server`, `exchange`, `wire`,
//! `upload`, `record`, `guest` and `signals` is pure over the time it is given.

mod catalogue;
mod distortion;
mod endpoints;
mod exchange;
pub(crate) mod faults;
mod fields;
mod fuzz;
pub(crate) mod guest;
mod limits;
mod message;
mod objects;
mod pages;
pub(crate) mod processing;
mod random;
pub(crate) mod record;
mod refusal;
mod requests;
mod routes;
pub(crate) mod server;
#[cfg(unix)]
pub(crate) mod signals;
mod state;
mod store;
mod tests;
mod upload;
mod wire;

use std::time::Duration;

use self::distortion::distort;
use self::endpoints::{Request, Service};
use self::faults::{Fault, Faults, Plan, Target};
use self::message::{Answer, Body, Head, Wanted};
use self::refusal::Refusal;
use self::routes::{Endpoint, authorize};

/// Milliseconds since 1970.
pub(crate) type Millis = u64;

/// How the service behaves.
#[derive(Clone, Debug)]
pub(crate) struct Options {
    /// How long one file takes to process.
    pub(crate) file_time: Duration,
    /// How many files of one batch are processed at once; at least one.
    pub(crate) parallel: usize,
    /// Whether only what was created here exists.
    pub(crate) strict: bool,
    /// Whether the limits per minute hold.
    pub(crate) limits: bool,
    /// What goes wrong, for every request that it applies to.
    pub(crate) faults: Vec<Fault>,
    /// What ids and random faults are made from: the same seed and the same requests give the same answers.
    pub(crate) seed: u64,
}

/// The service: what it holds, and what goes wrong with it.
pub(crate) struct Emulator {
    service: Service,
    faults: Faults,
}

/// A request whose head has been looked at.
pub(crate) struct Call {
    /// How the body is to be read; [`Wanted::Nothing`] also where the answer is known without it.
    pub(crate) wanted: Wanted,
    /// What goes wrong with it.
    pub(crate) plan: Plan,
    /// Its `x-request-id`.
    pub(crate) request_id: String,
    endpoint: Result<Endpoint, Refusal>,
    query: String,
}

impl Emulator {
    /// An empty service that begins now.
    pub(crate) fn new(mut options: Options, now: Millis) -> Self {
        let faults = Faults::new(std::mem::take(&mut options.faults), options.seed);
        Self { service: Service::new(options, now), faults }
    }

    /// Looks at a request before its body is read: whether there is such an endpoint, who asks, what goes wrong with it.
    pub(crate) fn admit(&mut self, head: &Head) -> Call {
        let found = Endpoint::find(&head.method, &head.path);
        let target = found.as_ref().map_or(Target::Read, Endpoint::target);
        let struck = self.faults.strike(target, head.fault.as_deref());
        let (plan, refused) = match struck {
            Ok(plan) => (plan, Ok(())),
            Err(problem) => (Plan::default(), Err(Refusal::parameter("x-vsfb-fault", "invalid_value", problem))),
        };
        let checked = refused.and_then(|()| authorize(head)).and(found).and_then(|endpoint| {
            let wanted = endpoint.wanted(head)?;
            Ok((endpoint, wanted))
        });
        let wanted = match &checked {
            Ok((_, wanted)) if plan.instead.is_none() => *wanted,
            _ => Wanted::Nothing,
        };
        let request_id = self.service.fresh_id("req_").to_string();
        Call { wanted, plan, request_id, endpoint: checked.map(|(endpoint, _)| endpoint), query: head.query.clone() }
    }

    /// Does what is asked for and gives the answer, its `x-request-id` included; `openai-processing-ms` is the server's.
    pub(crate) fn answer(&mut self, call: &Call, body: Body, now: Millis) -> Answer {
        let request = Request { query: &call.query, plan: &call.plan, now };
        let mut answer = match (&call.plan.instead, &call.endpoint) {
            (Some(instead), _) => instead.clone(),
            (None, Err(refusal)) => refusal.clone().into_answer(),
            (None, Ok(endpoint)) => match self.service.perform(endpoint, body, &request) {
                Ok(value) => Answer::json(200, value),
                Err(refusal) => refusal.into_answer(),
            },
        };
        distort(&call.plan, &mut answer);
        answer.with("x-request-id", call.request_id.as_str()).with("openai-version", "2020-10-01")
    }
}
