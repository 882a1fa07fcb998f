//! One request and its answer, between the sockets and the emulator.

use std::error::Error;
use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use http_body_util::{BodyExt as _, Full};
use hyper::body::{Body as _, Bytes, Frame, Incoming, SizeHint};
use hyper::header::{AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, EXPECT, HeaderMap};
use hyper::http::request::Parts;
use hyper::{Request, Response};
use tokio::task::spawn_local;
use tokio::time::{sleep, timeout};

use super::message::{Answer, Body, Content, Head, Wanted};
use super::record::Entry;
use super::refusal::Refusal;
use super::server::Shared;
use super::upload::{self, Stopped};
use super::wire::Cutter;

/// How long to wait for the next piece of a body.
const PATIENCE: Duration = Duration::from_secs(60);
/// How much of a body that nobody wants is read before the answer, for the record.
const UNWANTED: usize = 1 << 20;
/// How much of a body is thrown away after the answer, and how long that may take. A connection that is closed on a
/// client which still sends is reset, and the answer may be lost with it.
const LEFTOVER: usize = 64 << 20;
const LEFTOVER_TIME: Duration = Duration::from_secs(5);
/// How much longer than its file a form may be.
const FORM_OVERHEAD: u64 = 8 << 20;

/// Why a connection ends without an answer.
type Broken = Box<dyn Error + Send + Sync>;

/// Reads a request, has it answered, and says how the answer travels.
pub(super) async fn exchange(
    request: Request<Incoming>,
    connection: u64,
    shared: Rc<Shared>,
    cutter: Cutter,
) -> Result<Response<Full<Bytes>>, Broken> {
    let begun = Instant::now();
    let (parts, body) = request.into_parts();
    let head = head(&parts);
    let mut entry = Entry::new(&shared.record, connection, &head, shared.now());
    let call = shared.emulator.borrow_mut().admit(&head);
    entry.admitted(&call);
    if !call.plan.latency.is_zero() {
        sleep(call.plan.latency).await;
    }
    let body = Counted { body, bytes: Arc::clone(&entry.bytes) };
    let answer = match receive(body, &parts.headers, call.wanted, &mut entry).await {
        Ok(body) => shared.emulator.borrow_mut().answer(&call, body, shared.now()),
        Err(Stopped::Late) => {
            Refusal::late(PATIENCE.as_secs()).into_answer().with("x-request-id", call.request_id.clone())
        }
        Err(Stopped::Broken) => return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into()),
    };
    let status = answer.status;
    let response = response(answer, begun)?;
    let length = usize::try_from(response.body().size_hint().lower()).unwrap_or_default();
    if cutter.set(call.plan.delivery, length) {
        entry.answered(status);
    }
    Ok(response)
}

fn head(parts: &Parts) -> Head {
    let headers = &parts.headers;
    let text = |name| headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
    let faults: Vec<_> =
        headers.get_all("x-vsfb-fault").iter().map(|value| String::from_utf8_lossy(value.as_bytes())).collect();
    Head {
        method: parts.method.as_str().to_owned(),
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        authorization: text(AUTHORIZATION),
        content_type: text(CONTENT_TYPE),
        content_encoding: text(CONTENT_ENCODING),
        fault: (!faults.is_empty()).then(|| faults.join(",")),
    }
}

/// Reads the body as it is wanted.
async fn receive(mut body: Counted, headers: &HeaderMap, wanted: Wanted, entry: &mut Entry) -> Result<Body, Stopped> {
    let declared = body.size_hint().exact().unwrap_or_default();
    let limit = match wanted {
        Wanted::Nothing => u64::MAX,
        Wanted::Json => Wanted::JSON_LIMIT as u64,
        Wanted::Form => Wanted::FILE_LIMIT + FORM_OVERHEAD,
    };
    // A client that asks first whether it may send is not waited for in vain.
    let asks = headers.contains_key(EXPECT);
    let received = match wanted {
        _ if declared > limit => Body::TooLarge,
        Wanted::Nothing if asks => Body::Nothing,
        Wanted::Nothing => {
            if let Some(bytes) = read(&mut body, UNWANTED).await? {
                entry.json(&bytes);
            }
            Body::Nothing
        }
        Wanted::Json => read(&mut body, Wanted::JSON_LIMIT).await?.map_or(Body::TooLarge, Body::Json),
        Wanted::Form => {
            let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
            upload::read(&mut body, content_type, PATIENCE).await?
        }
    };
    entry.body(&received);
    let is_withheld = asks && body.is_untouched();
    if !body.is_end_stream() && !is_withheld {
        spawn_local(timeout(LEFTOVER_TIME, throw_away(body)));
    }
    Ok(received)
}

/// Reads a body of at most so many bytes; nothing where there are more.
async fn read(body: &mut Counted, limit: usize) -> Result<Option<Vec<u8>>, Stopped> {
    let mut bytes = Vec::new();
    while let Some(frame) = timeout(PATIENCE, body.frame()).await.map_err(|_| Stopped::Late)? {
        let frame = frame.map_err(|_| Stopped::Broken)?;
        let piece = frame.data_ref().map_or(&[] as &[u8], Bytes::as_ref);
        if bytes.len() + piece.len() > limit {
            return Ok(None);
        }
        bytes.extend_from_slice(piece);
    }
    Ok(Some(bytes))
}

async fn throw_away(mut body: Counted) {
    let mut left = LEFTOVER;
    while let Some(Ok(frame)) = body.frame().await {
        let piece = frame.data_ref().map_or(0, Bytes::len);
        if piece > left {
            return;
        }
        left -= piece;
    }
}

fn response(answer: Answer, begun: Instant) -> Result<Response<Full<Bytes>>, Broken> {
    let (content_type, content) = match answer.content {
        Content::Json(value) => (Some("application/json"), serde_json::to_vec(&value)?),
        Content::Html(text) => (Some("text/html; charset=utf-8"), text.as_bytes().to_vec()),
        Content::Nothing => (None, Vec::new()),
    };
    let mut response = Response::builder().status(answer.status);
    if let Some(content_type) = content_type {
        response = response.header(CONTENT_TYPE, content_type);
    }
    for (name, value) in answer.headers {
        response = response.header(name, value);
    }
    response = response.header("openai-processing-ms", begun.elapsed().as_millis().to_string());
    Ok(response.body(Full::new(content.into()))?)
}

/// A body that tells how much of it has come.
struct Counted {
    body: Incoming,
    bytes: Arc<AtomicU64>,
}

impl Counted {
    fn is_untouched(&self) -> bool {
        self.bytes.load(Relaxed) == 0
    }
}

impl hyper::body::Body for Counted {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(context));
        if let Some(Ok(frame)) = &frame {
            self.bytes.fetch_add(frame.data_ref().map_or(0, Bytes::len) as u64, Relaxed);
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
