//! The emulator as a process of its own, for tests of commands that talk to the service.

use std::fs;
use std::net::SocketAddr;
use std::path::PathBuf;

use serde_json::Value;

use super::command::{HasBaseUrl, Vsfb, spawnable_vsfb};
use super::running::{Running, start};

/// A running emulator. Dropping it ends it, and panics unless it ends well and had nothing to complain of.
pub struct Emulator {
    base_url: String,
    record: PathBuf,
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
        Self { base_url, record, running: Some(running), _vsfb: vsfb }
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
