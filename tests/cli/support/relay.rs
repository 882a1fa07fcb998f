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
        let emulator = Emulator::start(flags);
        let address = emulator.address();
        Self { server: Server::with(move |request| pass_on(request, address)), emulator }
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
fn pass_on(request: &Request, address: SocketAddr) -> Answer {
    let mut bytes = format!("{} {} HTTP/1.1\r\nconnection: close\r\n", request.method, request.target).into_bytes();
    for (name, value) in &request.headers {
        bytes.extend_from_slice(format!("{name}: {value}\r\n").as_bytes());
    }
    bytes.extend_from_slice(b"\r\n");
    bytes.extend_from_slice(&request.body);
    let mut wire = TcpStream::connect(address).expect("the emulator listens");
    wire.write_all(&bytes).expect("the emulator reads");
    let mut answer = String::new();
    wire.read_to_string(&mut answer).expect("an answer in UTF-8");
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head and a body");
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
    Answer::json(status, body)
}
