//! A server in front of the emulator: it hands every request on and gives the emulator's answer, so that a test can both
//! look at a request's bytes and know that a service took it which the test did not script.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::ops::Deref;

use super::command::HasBaseUrl;
use super::emulator::Emulator;
use super::message::{Answer, Request};
use super::server::Server;

/// A running relay. What a [`Server`] tells of its requests, this tells.
pub struct Relay {
    // Goes first, so that no request is on its way to an emulator that has ended.
    server: Server,
    emulator: Emulator,
}

impl Relay {
    /// Starts an emulator with these flags, and what stands before it.
    pub fn start(flags: &[&str]) -> Self {
        Self::with(flags, |request, pass_on| pass_on(request))
    }

    /// The same, where `answer` answers each request, and has the emulator do it if it likes.
    pub fn with(
        flags: &[&str],
        answer: impl Fn(&Request, &dyn Fn(&Request) -> Answer) -> Answer + Send + Sync + 'static,
    ) -> Self {
        let emulator = Emulator::start(flags);
        let address = emulator.address();
        Self { server: Server::with(move |request| answer(request, &|request| pass_on(request, address))), emulator }
    }

    /// The emulator behind it.
    pub fn emulator(&self) -> &Emulator {
        &self.emulator
    }

    /// Creates a batch of these files of `vs_1`, behind the server's back, and gives its id.
    pub fn make_batch(&self, file_ids: &[&str]) -> String {
        self.emulator.make_batch(file_ids)
    }
}

impl Deref for Relay {
    type Target = Server;

    fn deref(&self) -> &Server {
        &self.server
    }
}

impl HasBaseUrl for Relay {
    fn base_url(&self) -> String {
        self.server.base_url()
    }
}

/// Sends a request as it came, on a connection of its own, and gives the answer.
pub fn pass_on(request: &Request, address: SocketAddr) -> Answer {
    let mut bytes = format!("{} {} HTTP/1.1\r\nconnection: close\r\n", request.method, request.target).into_bytes();
    for (name, value) in &request.headers {
        bytes.extend_from_slice(format!("{name}: {value}\r\n").as_bytes());
    }
    bytes.extend_from_slice(b"\r\n");
    bytes.extend_from_slice(&request.body);
    let mut wire = TcpStream::connect(address).expect("the emulator listens");
    wire.write_all(&bytes).expect("the emulator reads");
    let mut bytes = Vec::new();
    // What ends in the middle is passed on so.
    let _ = wire.read_to_end(&mut bytes);
    let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else { return Answer::reset() };
    let (head, body) = (String::from_utf8_lossy(&bytes[..end]), &bytes[end + 4..]);
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
    let mut answer = Answer::new(status);
    let mut length = body.len();
    for (name, value) in head.lines().skip(1).filter_map(|line| line.split_once(": ")) {
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.parse().expect("a length"),
            "connection" => {}
            _ => answer = answer.header(name, value),
        }
    }
    let mut whole = body.to_vec();
    whole.resize(length, b' ');
    let answer = answer.body(whole);
    if body.len() < length { answer.truncated_to(body.len()) } else { answer }
}
