//! What happens during a request, for whoever watches.

use std::time::Duration;

/// One step of an exchange. Secrets are hidden already; text of the service is as it came.
#[derive(Debug)]
pub(crate) enum Event<'a> {
    /// A request goes out.
    Sent { method: &'a str, url: &'a str, headers: &'a [(String, String)], body: Option<&'a str> },
    /// An answer is complete.
    Answered { status: u16, reason: &'a str, elapsed: Duration, headers: &'a [(String, String)], body: &'a [u8] },
    /// An attempt has failed and is repeated after `wait`; this is repetition `retry` of at most `most`.
    Retrying { why: &'a str, wait: Duration, retry: u32, most: u32 },
    /// The answer to a create is lost, so that it may have been carried out; `repeated` says whether it is sent again.
    MayHaveCreated { why: &'a str, repeated: bool },
}

/// Told of events as they happen.
pub(crate) struct Observer {
    /// Whether it wants to hear of every request and answer, which cost a search for secrets each.
    pub(crate) traces: bool,
    pub(crate) tell: Box<dyn Fn(&Event<'_>) + Send + Sync>,
}
