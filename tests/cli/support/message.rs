//! The two messages of HTTP/1.1: a request as it came over the wire, and the answer a test scripts for it,
//! with the faults an answer can have.

use std::io::{self, BufRead, Read, Write};
use std::net::SocketAddr;
use std::sync::{Arc, Condvar, Mutex};
use std::time::Instant;

use serde_json::Value;

/// How much of a body goes into one chunk of a chunked answer: small enough that a page takes several.
const CHUNK: usize = 1000;

/// One request, exactly as the server read it.
#[derive(Clone, Debug)]
pub struct Request {
    pub method: String,
    /// The request target as it was on the wire: path and query, or a whole URL when a proxy is asked.
    pub target: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    /// When its last byte had been read.
    pub at: Instant,
}

impl Request {
    /// Reads the next request, or `None` where the client closed the connection between two requests.
    pub fn read(wire: &mut impl BufRead, connection: usize) -> io::Result<Option<Self>> {
        let start = read_line(wire)?;
        if start.is_empty() {
            return Ok(None);
        }
        let mut words = start.split(' ');
        let (Some(method), Some(target), Some("HTTP/1.1"), None) =
            (words.next(), words.next(), words.next(), words.next())
        else {
            panic!("connection {connection}: not the first line of an HTTP/1.1 request: {start:?}");
        };
        let headers = read_headers(wire)?;
        let mut request = Self {
            method: method.to_owned(),
            target: target.to_owned(),
            headers,
            body: Vec::new(),
            at: Instant::now(),
        };
        request.body = read_body(wire, &request)?;
        request.at = Instant::now();
        Ok(Some(request))
    }

    /// The value of a header, by its name in any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The body as text.
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("the request's body is UTF-8")
    }

    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("the request's body is JSON")
    }
}

/// One line without its CRLF; nothing at the end of the stream.
fn read_line(wire: &mut impl BufRead) -> io::Result<String> {
    let mut line = Vec::new();
    wire.read_until(b'\n', &mut line)?;
    if line.is_empty() {
        return Ok(String::new());
    }
    let Some(text) = line.strip_suffix(b"\r\n") else {
        return Err(io::ErrorKind::UnexpectedEof.into());
    };
    Ok(String::from_utf8(text.to_vec()).expect("a request's head is UTF-8"))
}

fn read_headers(wire: &mut impl BufRead) -> io::Result<Vec<(String, String)>> {
    let mut headers = Vec::new();
    loop {
        let line = read_line(wire)?;
        if line.is_empty() {
            return Ok(headers);
        }
        let (name, value) = line.split_once(':').unwrap_or_else(|| panic!("not a header: {line:?}"));
        headers.push((name.to_owned(), value.trim().to_owned()));
    }
}

fn read_body(wire: &mut impl BufRead, request: &Request) -> io::Result<Vec<u8>> {
    let mut body = Vec::new();
    if request.header("transfer-encoding").is_some_and(|coding| coding.eq_ignore_ascii_case("chunked")) {
        loop {
            let line = read_line(wire)?;
            let size = u64::from_str_radix(&line, 16).unwrap_or_else(|_| panic!("not a chunk's size: {line:?}"));
            read_exactly(wire, size, &mut body)?;
            // After a chunk its line ends; after the last, empty one, so does the body.
            read_line(wire)?;
            if size == 0 {
                return Ok(body);
            }
        }
    }
    let length = request.header("content-length").map_or(0, |text| text.parse().expect("a Content-Length"));
    read_exactly(wire, length, &mut body)?;
    Ok(body)
}

fn read_exactly(wire: &mut impl BufRead, count: u64, into: &mut Vec<u8>) -> io::Result<()> {
    if wire.by_ref().take(count).read_to_end(into)? as u64 == count {
        Ok(())
    } else {
        Err(io::ErrorKind::UnexpectedEof.into())
    }
}

/// What becomes of the connection once an answer's turn has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// The answer is sent and the next request awaited.
    KeepAlive,
    /// The answer says `Connection: close`, and the connection is closed after it.
    Closing,
    /// The connection is closed after the answer, which did not say so.
    Dropping,
    /// Only this much of the body is sent, then the connection is closed in order.
    Truncated(usize),
    /// Only this much of the body is sent, then the connection is reset.
    ResetAfter(usize),
    /// The connection is reset before a byte of the answer.
    Reset,
    /// The connection is closed in order before a byte of the answer.
    HungUp,
    /// Nothing is ever sent, and the connection stays open until the server is dropped.
    Silent,
    /// The answer is sent, and then all bytes go to this address and back.
    Tunnel(SocketAddr),
}

/// What the server is to answer to one request.
#[derive(Clone, Debug)]
pub struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    chunked: bool,
    hold: Option<(Option<usize>, Gate)>,
    fate: Fate,
}

impl Answer {
    /// An answer with a status and nothing else.
    pub fn new(status: u16) -> Self {
        let (headers, body) = (Vec::new(), Vec::new());
        Self { status, headers, body, chunked: false, hold: None, fate: Fate::KeepAlive }
    }

    /// A JSON answer. The body need not be JSON at all.
    pub fn json(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self { body: body.into(), ..Self::new(status) }.header("Content-Type", "application/json")
    }

    /// An answer of any other type.
    pub fn typed(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self { body: body.into(), ..Self::new(status) }.header("Content-Type", content_type)
    }

    /// The connection is reset before a byte of an answer.
    pub fn reset() -> Self {
        Self { fate: Fate::Reset, ..Self::new(0) }
    }

    /// The connection is closed in order before a byte of an answer.
    pub fn hang_up() -> Self {
        Self { fate: Fate::HungUp, ..Self::new(0) }
    }

    /// The request is read and never answered.
    pub fn silence() -> Self {
        Self { fate: Fate::Silent, ..Self::new(0) }
    }

    /// A proxy's yes to `CONNECT`: from then on all bytes go to this address and back.
    pub fn tunnel(to: SocketAddr) -> Self {
        Self { fate: Fate::Tunnel(to), ..Self::new(200) }
    }

    /// Adds one more header.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// With this body.
    pub fn body(self, body: Vec<u8>) -> Self {
        Self { body, ..self }
    }

    /// Sends the body in chunks instead of with a `Content-Length`.
    pub fn chunked(self) -> Self {
        Self { chunked: true, ..self }
    }

    /// Sends the body as gzip. Byte counts given to other methods then count the encoded bytes.
    pub fn gzip(self) -> Self {
        Self { body: gzip_stored(&self.body), ..self }.header("Content-Encoding", "gzip")
    }

    /// Waits for the gate to be opened before answering.
    pub fn held_by(self, gate: &Gate) -> Self {
        Self { hold: Some((None, gate.clone())), ..self }
    }

    /// Sends the head and this many bytes of the body, then waits for the gate to be opened.
    pub fn held_at(self, offset: usize, gate: &Gate) -> Self {
        Self { hold: Some((Some(offset), gate.clone())), ..self }
    }

    /// Says `Connection: close`, and closes.
    pub fn closing(self) -> Self {
        Self { fate: Fate::Closing, ..self }.header("Connection", "close")
    }

    /// Closes the connection after the answer without having said so.
    pub fn dropping(self) -> Self {
        Self { fate: Fate::Dropping, ..self }
    }

    /// Promises the whole body, sends this many bytes of it and closes.
    pub fn truncated_to(self, length: usize) -> Self {
        Self { fate: Fate::Truncated(length), ..self }
    }

    /// Promises the whole body, sends this many bytes of it and resets the connection.
    pub fn reset_after(self, length: usize) -> Self {
        Self { fate: Fate::ResetAfter(length), ..self }
    }

    /// What becomes of the connection.
    pub fn fate(&self) -> Fate {
        self.fate
    }

    /// Writes the answer as far as its fate lets it. `pause` is how it waits at a gate.
    pub fn write(&self, wire: &mut impl Write, mut pause: impl FnMut(&Gate)) -> io::Result<()> {
        if let Some((None, gate)) = &self.hold {
            pause(gate);
        }
        let sent = match self.fate {
            Fate::Reset | Fate::HungUp | Fate::Silent => return Ok(()),
            Fate::Truncated(length) | Fate::ResetAfter(length) => length.min(self.body.len()),
            _ => self.body.len(),
        };
        // One write for a small answer, as a real server does; a hold is the reason to break it.
        let mut bytes = self.head().into_bytes();
        let mut from = 0;
        if let Some((Some(offset), gate)) = &self.hold {
            from = sent.min(*offset);
            self.frame(&self.body[..from], &mut bytes);
            wire.write_all(&bytes)?;
            wire.flush()?;
            bytes.clear();
            pause(gate);
        }
        self.frame(&self.body[from..sent], &mut bytes);
        if self.chunked && !matches!(self.fate, Fate::Truncated(_) | Fate::ResetAfter(_)) {
            bytes.extend_from_slice(b"0\r\n\r\n");
        }
        wire.write_all(&bytes)?;
        wire.flush()
    }

    fn head(&self) -> String {
        let mut head = format!("HTTP/1.1 {} \r\n", self.status);
        for (name, value) in &self.headers {
            head.extend([name, ": ", value, "\r\n"]);
        }
        if self.chunked {
            head.push_str("Transfer-Encoding: chunked\r\n");
        } else if !matches!(self.fate, Fate::Tunnel(_)) {
            head.extend(["Content-Length: ", &self.body.len().to_string(), "\r\n"]);
        }
        head + "\r\n"
    }

    fn frame(&self, part: &[u8], bytes: &mut Vec<u8>) {
        if !self.chunked {
            bytes.extend_from_slice(part);
            return;
        }
        for chunk in part.chunks(CHUNK) {
            bytes.extend_from_slice(format!("{:x}\r\n", chunk.len()).as_bytes());
            bytes.extend_from_slice(chunk);
            bytes.extend_from_slice(b"\r\n");
        }
    }
}

/// A gate that is closed until someone opens it, once and for all. Clones are the same gate.
#[derive(Clone, Debug, Default)]
pub struct Gate(Arc<(Mutex<bool>, Condvar)>);

impl Gate {
    /// A closed gate.
    pub fn new() -> Self {
        Self::default()
    }

    /// Lets everything pass that waits here.
    pub fn open(&self) {
        *self.0.0.lock().unwrap() = true;
        self.0.1.notify_all();
    }

    /// Whether it has been opened.
    pub fn is_open(&self) -> bool {
        *self.0.0.lock().unwrap()
    }

    /// Waits until it is open.
    pub fn wait(&self) {
        drop(self.0.1.wait_while(self.0.0.lock().unwrap(), |open| !*open).unwrap());
    }
}

/// A gzip file of stored, uncompressed blocks: a client cannot tell it from a compressed one.
fn gzip_stored(data: &[u8]) -> Vec<u8> {
    let mut file = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    for block in data.chunks(usize::from(u16::MAX)) {
        let length = u16::try_from(block.len()).expect("a block of at most 65,535 bytes");
        file.push(0);
        file.extend(length.to_le_bytes());
        file.extend((!length).to_le_bytes());
        file.extend_from_slice(block);
    }
    // The last block says that it is the last; an empty one saves knowing which of the others is.
    file.extend([1, 0, 0, 255, 255]);
    file.extend((!data.iter().fold(u32::MAX, |sum, byte| crc32_step(sum, *byte))).to_le_bytes());
    file.extend(u32::try_from(data.len()).expect("a body under 4 GiB").to_le_bytes());
    file
}

fn crc32_step(sum: u32, byte: u8) -> u32 {
    (0..8).fold(sum ^ u32::from(byte), |sum, _| (sum >> 1) ^ (0xedb8_8320 & (sum & 1).wrapping_neg()))
}
