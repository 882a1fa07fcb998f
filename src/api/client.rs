//! The HTTP client: one method per endpoint, one private `send`.

use std::io::Read as _;
use std::sync::Arc;
use std::thread::sleep;
use std::time::{Duration, Instant, SystemTime};

use reqwest::blocking::{Body, Client as HttpClient, Response};
use reqwest::header::{CONTENT_LENGTH, HeaderName, HeaderValue};
use reqwest::redirect;

use super::attempt::{Attempt, Failed, classify, innermost};
use super::endpoint::{BaseUrl, ListQuery, Segment};
use super::error::{Error, TransportKind};
use super::event::{Event, Observer};
use super::reply::{Reply, shortened};
use super::request::{Identity, Method, Request, shown};
use super::retry::{Decision, asked_wait};
use super::tls::{self, ClientCertificate};
use super::types::BatchId;
use crate::json::Value;

/// How long connecting may take, unless the whole request is given less.
const CONNECT_LIMIT: Duration = Duration::from_secs(30);
/// No answer of the service comes near this; what does is not the service.
const LARGEST_ANSWER: u64 = 64 * 1024 * 1024;

/// How to reach the service. A value: nothing is opened by making one.
#[derive(Clone, Debug)]
pub(crate) struct Connection {
    pub(crate) base_url: BaseUrl,
    pub(crate) identity: Identity,
    pub(crate) client_certificate: Option<ClientCertificate>,
    /// Whether the proxies of the environment count.
    pub(crate) uses_proxies: bool,
    /// Repetitions after the first attempt.
    pub(crate) max_retries: u32,
    /// For one attempt, its answer's body included.
    pub(crate) request_timeout: Duration,
}

impl Connection {
    /// `POST {base}/vector_stores/{store}/file_batches`.
    pub(crate) fn create_batch(&self, store: &str, body: &Value) -> anyhow::Result<Request> {
        Ok(self.request(Method::Post, store, &[])?.creating(body))
    }

    /// `POST …/{batch}/cancel`.
    pub(crate) fn cancel_batch(&self, store: &str, batch: &str) -> anyhow::Result<Request> {
        self.request(Method::Post, store, &[Segment::Id(batch), Segment::Fixed("cancel")])
    }

    fn request(&self, method: Method, store: &str, rest: &[Segment<'_>]) -> anyhow::Result<Request> {
        Ok(Request::new(method, self.base_url.file_batches(store, rest)?, self.identity.headers()?))
    }

    /// The limit for connecting.
    pub(super) fn connect_limit(&self) -> Duration {
        CONNECT_LIMIT.min(self.request_timeout)
    }
}

/// What came of a request that creates something.
pub(crate) struct Creation {
    pub(crate) reply: Result<Reply, Error>,
    /// Whether an attempt before the last, or the last itself, may have created it though no answer says so.
    pub(crate) lost_answer: bool,
}

/// The body of one attempt.
pub(super) struct Sending<'a> {
    pub(super) body: Option<Body>,
    /// The same for people to read.
    pub(super) shown: Option<&'a str>,
}

/// An open way to the service. A clone goes the same way.
#[derive(Clone)]
pub(crate) struct Client {
    pub(super) connection: Arc<Connection>,
    http: HttpClient,
    observer: Arc<Observer>,
    /// When the last attempt has to be over.
    deadline: Option<Instant>,
}

impl Client {
    /// Reads certificates where the base URL asks for them; sends nothing.
    pub(crate) fn new(connection: Connection, observer: Observer) -> Result<Self, Error> {
        let tls = tls::configuration(connection.base_url.is_https(), connection.client_certificate.as_ref())?;
        let mut builder = HttpClient::builder()
            .tls_backend_preconfigured(tls)
            .redirect(redirect::Policy::none())
            // A little less than the whole, so that the report names the right one.
            .connect_timeout(connection.connect_limit().mul_f64(0.95))
            .timeout(None);
        if !connection.uses_proxies {
            builder = builder.no_proxy();
        }
        let http = builder
            .build()
            .map_err(|error| Error::Setup { message: format!("HTTP cannot be set up: {error}"), hint: None })?;
        Ok(Self { connection: Arc::new(connection), http, observer: Arc::new(observer), deadline: None })
    }

    /// The same way, where all attempts at a request and the waits between them end at this time. Without one, only the
    /// limit of each attempt holds.
    pub(crate) fn until(&self, deadline: Option<Instant>) -> Self {
        Self { deadline, ..self.clone() }
    }

    /// The same way, of which this observer is told.
    #[cfg(test)]
    pub(crate) fn observed_by(&self, observer: Observer) -> Self {
        Self { observer: Arc::new(observer), ..self.clone() }
    }

    /// Creates a file batch from `body`. Repeated like every other request, though the service knows no idempotency key;
    /// the observer hears of it.
    pub(crate) fn create_batch(&self, store: &str, body: &Value) -> Creation {
        match self.connection.create_batch(store, body) {
            Ok(request) => self.exchange(&request),
            Err(error) => Creation { reply: Err(error.into()), lost_answer: false },
        }
    }

    /// Sends a create once; whoever sends several decides what a failure means. `retry` counts the repetitions.
    ///
    /// # Errors
    /// What failed, and whether the batch may exist all the same.
    pub(crate) fn create_batch_once(&self, store: &str, body: &Value, retry: u32) -> Result<Reply, Failed> {
        let request = self.connection.create_batch(store, body).map_err(|error| Failed::unsent(error.into()))?;
        self.attempt(&request, retry)
    }

    /// How often a request is repeated after a passing failure.
    pub(crate) fn max_retries(&self) -> u32 {
        self.connection.max_retries
    }

    /// Retrieves a file batch.
    ///
    /// # Errors
    /// Also [`Error::WrongObject`]: the service has been seen to answer with the vector store, whose `status` and counts
    /// would pass for those of the batch.
    pub(crate) fn retrieve_batch(&self, store: &str, batch: &str) -> Result<Reply, Error> {
        let reply = self.send(&self.connection.request(Method::Get, store, &[Segment::Id(batch)])?)?;
        if reply.is_vector_store() { Err(Error::WrongObject) } else { Ok(reply) }
    }

    /// Retrieves a file batch as one of many looks at it, `interval` apart where the user has chosen that. What the answer
    /// is, is for the caller to judge.
    pub(crate) fn poll_batch(&self, batch: &BatchId, interval: Option<Duration>) -> Result<Reply, Error> {
        let request = self.connection.request(Method::Get, &batch.store, &[Segment::Id(&batch.id)])?;
        self.send(&request.polling(interval))
    }

    /// Asks for a file batch to be cancelled; the answer may still say `in_progress`.
    pub(crate) fn cancel_batch(&self, store: &str, batch: &str) -> Result<Reply, Error> {
        self.send(&self.connection.cancel_batch(store, batch)?)
    }

    /// One page of the files of a batch.
    pub(crate) fn list_files(&self, store: &str, batch: &str, query: &ListQuery) -> Result<Reply, Error> {
        let path = [Segment::Id(batch), Segment::Fixed("files")];
        let mut request = self.connection.request(Method::Get, store, &path)?;
        query.append_to(&mut request.url);
        self.send(&request)
    }

    pub(super) fn send(&self, request: &Request) -> Result<Reply, Error> {
        self.exchange(request).reply
    }

    /// Sends a request as often as it takes.
    fn exchange(&self, request: &Request) -> Creation {
        let most = self.connection.max_retries;
        let mut lost_answer = false;
        let mut retry = 0;
        loop {
            let failed = match self.attempt(request, retry) {
                Ok(reply) => return Creation { reply: Ok(reply), lost_answer },
                Err(failed) => failed,
            };
            let wait = match failed.decision {
                Decision::Wait(wait) if retry < most && self.remaining().is_none_or(|left| left > wait) => Some(wait),
                _ => None,
            };
            let why = failed.error.to_string();
            if request.creates && failed.may_have_acted && !lost_answer {
                lost_answer = true;
                (self.observer.tell)(&Event::MayHaveCreated { why: &why, repeated: wait.is_some() });
            }
            let Some(wait) = wait else { return Creation { reply: Err(failed.error), lost_answer } };
            retry += 1;
            (self.observer.tell)(&Event::Retrying { why: &why, wait, retry, most });
            sleep(wait);
        }
    }

    /// How much time is left, where it is limited.
    fn remaining(&self) -> Option<Duration> {
        self.deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()))
    }

    fn attempt(&self, request: &Request, retry: u32) -> Result<Reply, Failed> {
        let shown = request.body.as_deref();
        self.deliver(request, Sending { body: shown.map(|body| body.to_owned().into()), shown }, retry)
    }

    /// Makes one attempt.
    pub(super) fn deliver(&self, request: &Request, sending: Sending<'_>, retry: u32) -> Result<Reply, Failed> {
        let limit = self.connection.request_timeout;
        let limit = self.remaining().map_or(limit, |left| left.min(limit));
        let attempt = Attempt { connection: &self.connection, request, retry, limit, started: Instant::now() };
        let mut headers = request.headers.clone();
        headers.insert(HeaderName::from_static("x-stainless-retry-count"), HeaderValue::from(retry));
        if self.observer.traces {
            (self.observer.tell)(&Event::Sent {
                method: request.method.name(),
                url: request.url.as_str(),
                headers: &shown(&headers),
                body: sending.shown,
            });
        }
        let method = match request.method {
            Method::Get => reqwest::Method::GET,
            Method::Post => reqwest::Method::POST,
            Method::Delete => reqwest::Method::DELETE,
        };
        let builder = self.http.request(method, request.url.clone()).headers(headers);
        let builder = match sending.body {
            Some(body) => builder.body(body),
            // Some servers answer 411 to a POST that does not say that it has no body, and nobody else says it.
            None if request.method == Method::Post => builder.header(CONTENT_LENGTH, HeaderValue::from(0)),
            None => builder,
        };
        match builder.timeout(limit).send() {
            Ok(response) => self.receive(&attempt, response),
            Err(error) => {
                let (kind, cause) = classify(&error);
                Err(attempt.without_answer(kind, cause))
            }
        }
    }

    fn receive(&self, attempt: &Attempt<'_>, response: Response) -> Result<Reply, Failed> {
        let status = response.status();
        let headers = response.headers().clone();
        let (body, broken) = read_bounded(response);
        if self.observer.traces {
            let identity = &self.connection.identity;
            let shown_headers = shown(&headers).into_iter().map(|(name, value)| (name, identity.hide_text(&value)));
            (self.observer.tell)(&Event::Answered {
                status: status.as_u16(),
                reason: status.canonical_reason().unwrap_or(""),
                elapsed: attempt.started.elapsed(),
                headers: &shown_headers.collect::<Vec<_>>(),
                body: &identity.hide(&body),
            });
        }
        match broken {
            _ if !status.is_success() => Err(attempt.refused(status, &headers, &body)),
            Some(broken) => Err(self.broken_off(attempt, broken, &body)),
            None => {
                let after = headers.get("openai-poll-after-ms").and_then(|value| value.to_str().ok());
                let poll_after = asked_wait(after, None, SystemTime::now());
                let reply = Reply::parse(&body).map_err(|error| Failed::for_good(self.hiding(error)))?;
                Ok(reply.asking_for(poll_after))
            }
        }
    }

    /// An answer that is not complete, with what came of it where it cannot be asked for again.
    fn broken_off(&self, attempt: &Attempt<'_>, (kind, cause): (TransportKind, String), body: &[u8]) -> Failed {
        let mut failed = attempt.without_answer(kind, cause);
        if let Error::Transport(transport) = &mut failed.error
            && !attempt.request.is_idempotent
        {
            transport.remains = shortened(&self.connection.identity.hide(body));
        }
        failed
    }

    /// The error as it may be shown: the beginning of an unusable answer, without what it repeats of our secrets.
    pub(crate) fn hiding(&self, error: Error) -> Error {
        match error {
            // Hidden before it is shortened: half a secret is one still.
            Error::Decode { message, body } => {
                let hidden = self.connection.identity.hide(body.as_bytes());
                Error::Decode { message, body: shortened(&hidden) }
            }
            error => error,
        }
    }
}

/// A request that cannot be built.
impl From<anyhow::Error> for Error {
    fn from(error: anyhow::Error) -> Self {
        Self::Setup { message: format!("{error:#}"), hint: None }
    }
}

/// Reads the body up to the limit; what was read stays, also when it broke off.
fn read_bounded(response: Response) -> (Vec<u8>, Option<(TransportKind, String)>) {
    let mut body = Vec::new();
    let broken = match response.take(LARGEST_ANSWER + 1).read_to_end(&mut body) {
        Ok(read) if read as u64 > LARGEST_ANSWER => {
            Some((TransportKind::TooLarge, format!("more than {LARGEST_ANSWER} bytes")))
        }
        Ok(_) => None,
        Err(error) => {
            let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<reqwest::Error>());
            let timed_out = inner.map_or(error.kind() == std::io::ErrorKind::TimedOut, reqwest::Error::is_timeout);
            let kind = if timed_out { TransportKind::BodyTimeout } else { TransportKind::BrokenOff };
            Some((kind, innermost(&error)))
        }
    };
    (body, broken)
}
