//! What the emulator bears: many connections, many files, clients that never finish.

use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Barrier;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::thread;
use std::time::{Duration, Instant};

use crate::measure::{Program, give_up, medians};
use crate::table::{Row, grouped, milliseconds};

const CONNECTIONS: usize = 200;
const BATCHES: usize = 50;
const FILES_IN_BATCH: usize = 2000;
/// Reads by each connection while the batches are made, and again when they are there.
const READS: usize = 50;
/// Connections that send half a request and wait.
const HALF_OPEN: usize = 100;

/// A running emulator.
pub struct Emulator {
    process: Child,
    address: SocketAddr,
}

impl Emulator {
    pub fn start(vsfb: &str, folder: &Path, options: &[&str]) -> Self {
        let mut command = Command::new(vsfb);
        command.args(["emulator", "--port", "0"]).args(options).env_clear().env("HOME", folder);
        let mut process =
            command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().expect("the emulator can be started");
        let mut line = String::new();
        BufReader::new(process.stdout.take().expect("a pipe")).read_line(&mut line).expect("a line");
        let address = line.trim().strip_prefix("# http://").and_then(|rest| rest.strip_suffix("/v1"));
        let Some(address) = address.and_then(|address| address.parse().ok()) else {
            give_up(&format!("no address in {line:?}"));
        };
        Self { process, address }
    }

    pub fn base_url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    /// What it has in memory, in bytes, where the system tells.
    fn memory(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id())).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
        line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A connection that is kept.
struct Connection(BufReader<TcpStream>);

impl Connection {
    fn open(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).expect("a connection");
        stream.set_read_timeout(Some(Duration::from_secs(30))).expect("a time-out");
        stream.set_nodelay(true).expect("a connection");
        Self(BufReader::new(stream))
    }

    /// The status and body of an answer; nothing where there was none.
    fn ask(&mut self, method: &str, path: &str, body: &str) -> Option<(u16, String)> {
        let length = body.len();
        let head = format!(
            "{method} /v1{path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer x\r\ncontent-type: application/json\r\n\
             content-length: {length}\r\n\r\n"
        );
        self.0.get_mut().write_all((head + body).as_bytes()).ok()?;
        let (mut status, mut length) = (0, 0);
        loop {
            let mut line = String::new();
            self.0.read_line(&mut line).ok()?;
            let line = line.trim_end();
            if let Some(rest) = line.strip_prefix("HTTP/1.1 ") {
                status = rest.get(..3)?.parse().ok()?;
            } else if let Some(value) = line.strip_prefix("content-length: ") {
                length = value.parse().ok()?;
            } else if line.is_empty() {
                break;
            }
        }
        let mut body = vec![0; length];
        self.0.read_exact(&mut body).ok()?;
        (status > 0).then_some((status, String::from_utf8(body).ok()?))
    }
}

/// Measures the emulator.
pub fn emulator(vsfb: &str, folder: &Path, runs: usize, rows: &mut Vec<Row>) {
    let emulator = Emulator::start(vsfb, folder, &["--file-time", "1ms"]);
    let _half_open: Vec<TcpStream> = (0..HALF_OPEN).map(|_| half_open(emulator.address)).collect();
    let empty = emulator.memory();
    let begun = Instant::now();
    let (asked, failed) = storm(&emulator, BATCHES);
    let wall = begun.elapsed();
    let full = emulator.memory();
    let (more_asked, more_failed) = storm(&emulator, 0);
    let after = emulator.memory();

    let files = BATCHES * FILES_IN_BATCH;
    println!(
        "The emulator: {} requests, {files} files in {BATCHES} batches among them, in {} on {CONNECTIONS} connections, \
         beside {HALF_OPEN} that never finish theirs; then {} reads more.",
        grouped(asked as u64),
        milliseconds(wall),
        grouped(more_asked as u64),
    );
    let failed = failed + more_failed;
    rows.push(Row::absolute("emulator: requests that failed", failed.to_string(), "= 0", failed == 0));
    if let (Some(empty), Some(full), Some(after)) = (empty, full, after) {
        let each = full.saturating_sub(empty) / files as u64;
        rows.push(Row::absolute("emulator: memory for a file", format!("{each} bytes"), "<= 400 bytes", each <= 400));
        let growth = after.saturating_sub(full);
        let text = format!("{} bytes", grouped(growth));
        rows.push(Row::absolute("emulator: growth by reads alone", text, "<= 1,000,000 bytes", growth <= 1_000_000));
    }
    let around_nothing = Program::new(vsfb, &["emulator", "--", "true"]).variable("PATH", "/usr/bin:/bin");
    let wall = medians(&[&around_nothing], runs)[0].wall;
    let limit = Duration::from_millis(20);
    rows.push(Row::absolute("emulator -- true: wall", milliseconds(wall), "< 20 ms", wall < limit));
}

/// A connection whose request never ends.
fn half_open(address: SocketAddr) -> TcpStream {
    let mut stream = TcpStream::connect(address).expect("a connection");
    let head = "POST /v1/vector_stores HTTP/1.1\r\nhost: x\r\nauthorization: Bearer x\r\ncontent-length: 100\r\n";
    stream.write_all(head.as_bytes()).expect("a connection");
    stream
}

/// Has all connections ask at once, the first ones for so many new batches; gives how many requests there were and how
/// many of them failed.
fn storm(emulator: &Emulator, batches: usize) -> (usize, usize) {
    let (asked, failed) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let start = Barrier::new(CONNECTIONS);
    thread::scope(|scope| {
        for number in 0..CONNECTIONS {
            let (asked, failed, start) = (&asked, &failed, &start);
            scope.spawn(move || {
                let mut connection = Connection::open(emulator.address);
                start.wait();
                let create = (number < batches).then(|| batch(number));
                let requests = create.map(|body| ("POST", "/vector_stores/vs_1/file_batches".to_owned(), body));
                let read = |turn| ("GET", format!("/vector_stores/vs_{turn}"), String::new());
                for (method, path, body) in requests.into_iter().chain((0..READS).map(read)) {
                    asked.fetch_add(1, Relaxed);
                    let answer = connection.ask(method, &path, &body);
                    failed.fetch_add(usize::from(!matches!(answer, Some((200, _)))), Relaxed);
                }
            });
        }
    });
    (asked.into_inner(), failed.into_inner())
}

fn batch(number: usize) -> String {
    let mut body = r#"{"file_ids":["#.to_owned();
    for file in 0..FILES_IN_BATCH {
        let separator = if file > 0 { "," } else { "" };
        write!(body, r#"{separator}"file-{number:04}{file:020}""#).expect("a text can be written to");
    }
    body + "]}"
}
