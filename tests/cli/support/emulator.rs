//! The emulator as a process of its own, for tests of commands that talk to the service.

use std::fs;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use serde_json::Value;

use super::command::{HasBaseUrl, Vsfb, run, spawnable_vsfb, vsfb_at};
use super::running::{Running, start};

/// A running emulator. Dropping it ends it, and panics unless it ends well and had nothing to complain of.
pub struct Emulator {
    base_url: String,
    record: PathBuf,
    /// How many requests there had been when the last batch was made.
    made: AtomicUsize,
    running: Option<Running>,
    // Holds the record; goes last.
    _vsfb: Vsfb<std::process::Command>,
}

impl Emulator {
    /// Starts it on a free port with these flags.
    pub fn start(flags: &[&str]) -> Self {
        let mut vsfb = spawnable_vsfb();
        let record = vsfb.home().join("record.jsonl");
        vsfb.args(["emulator", "--port", "0", "--record"]).arg(&record).args(flags);
        let mut running = start(&mut vsfb);
        let line = running.next_line();
        let base_url = line.strip_prefix("# ").map(str::to_owned);
        let base_url = base_url.unwrap_or_else(|| panic!("no base URL but {line:?}"));
        Self { base_url, record, made: AtomicUsize::new(0), running: Some(running), _vsfb: vsfb }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        let address = self.base_url.strip_prefix("http://").and_then(|rest| rest.strip_suffix("/v1"));
        address.and_then(|address| address.parse().ok()).expect("an address in the base URL")
    }

    /// The requests so far, in the order in which they were over, as `--record` writes them. A request is there before
    /// its answer is sent.
    pub fn requests(&self) -> Vec<Value> {
        let text = fs::read_to_string(&self.record).expect("a record");
        text.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect()
    }

    /// Ends it, and gives all requests, those too whose answer was still to come.
    pub fn finish(mut self) -> Vec<Value> {
        self.end();
        self.requests()
    }

    /// What these fields of the record hold, one row a request, such as `["method", "path"]`.
    pub fn recorded(&self, fields: &[&str]) -> Vec<Value> {
        let row = |request: Value| fields.iter().map(|field| request[field].clone()).collect();
        self.requests().into_iter().map(row).collect()
    }

    /// The method, the target and any JSON body of each request since the last [`Emulator::make_batch`], as
    /// `POST /v1/… {…}`.
    pub fn asked(&self) -> Vec<String> {
        let line = |request: &Value| {
            let text = |name: &str| request[name].as_str().expect("text").to_owned();
            let body = if request["request"].is_null() { String::new() } else { format!(" {}", request["request"]) };
            format!("{} {}{body}", text("method"), text("path"))
        };
        self.requests().iter().skip(self.made.load(Relaxed)).map(line).collect()
    }

    /// Creates a batch of these files of `vs_1` and gives its id.
    pub fn make_batch(&self, file_ids: &[&str]) -> String {
        let flags = file_ids.iter().flat_map(|id| ["--file-id", id]);
        let outcome = run(vsfb_at(self).args(["create", "vs_1", "--transform", "id", "-r"]).args(flags));
        assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""));
        self.made.store(self.requests().len(), Relaxed);
        outcome.stdout.trim_end().to_owned()
    }
}

impl HasBaseUrl for Emulator {
    fn base_url(&self) -> String {
        self.base_url.clone()
    }
}

impl Emulator {
    fn end(&mut self) {
        let Some(running) = self.running.take() else { return };
        #[cfg(unix)]
        {
            running.terminate();
            let outcome = running.finish();
            let is_well = (outcome.code, outcome.stderr.as_str()) == (0, "");
            assert!(
                is_well || std::thread::panicking(),
                "the emulator ended with {}: {}",
                outcome.code,
                outcome.stderr
            );
        }
        // Elsewhere it is killed with the last handle on it.
        #[cfg(not(unix))]
        drop(running);
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        self.end();
    }
}
