//! `--record`: a line of JSON for every request, without its headers, for they hold the key.

use std::cell::RefCell;
use std::fs::File;
use std::io::{self, Write as _};
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use serde::Serialize;
use serde_json::Value;

use super::message::{Body, FormFile, Head};
use super::{Call, Millis};

/// Where the requests are written down; nowhere, unless a file is given.
#[derive(Default)]
pub(crate) struct Record {
    file: Option<File>,
    /// Why nothing is written any more.
    failure: Option<io::Error>,
}

impl Record {
    /// Appends to this file, which is made where there is none.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        let file = File::options().append(true).create(true).open(path)?;
        Ok(Self { file: Some(file), failure: None })
    }

    /// What went wrong with it.
    ///
    /// # Errors
    /// The first failure to write to the file.
    pub(crate) fn finish(&mut self) -> io::Result<()> {
        self.failure.take().map_or(Ok(()), Err)
    }

    fn add(&mut self, line: &Line) {
        let Some(file) = &mut self.file else { return };
        let written = serde_json::to_vec(line).map_err(io::Error::from).and_then(|mut text| {
            text.push(b'\n');
            // In one piece, so that no reader sees half of it.
            file.write_all(&text)
        });
        if let Err(error) = written {
            self.file = None;
            self.failure = Some(error);
        }
    }
}

/// A request in the record.
#[derive(Serialize)]
struct Line {
    /// When its head had come, in seconds since 1970.
    time: f64,
    /// Which connection it came on, counted from 1.
    connection: u64,
    method: String,
    path: String,
    /// `null` where no status reached the client.
    status: Option<u16>,
    request_id: String,
    faults: Vec<&'static str>,
    /// How much of its body came.
    bytes: u64,
    /// The body, if it is JSON.
    request: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<FormFile>,
}

/// A request that goes into the record when this goes, however it ended.
pub(crate) struct Entry {
    record: Rc<RefCell<Record>>,
    /// How much of its body has come.
    pub(crate) bytes: Arc<AtomicU64>,
    line: Line,
}

impl Entry {
    pub(crate) fn new(record: &Rc<RefCell<Record>>, connection: u64, head: &Head, now: Millis) -> Self {
        let query = if head.query.is_empty() { String::new() } else { format!("?{}", head.query) };
        let line = Line {
            time: Duration::from_millis(now).as_secs_f64(),
            connection,
            method: head.method.clone(),
            path: format!("{}{query}", head.path),
            status: None,
            request_id: String::new(),
            faults: Vec::new(),
            bytes: 0,
            request: None,
            file: None,
        };
        Self { record: Rc::clone(record), bytes: Arc::default(), line }
    }

    /// What was made of it.
    pub(crate) fn admitted(&mut self, call: &Call) {
        self.line.request_id.clone_from(&call.request_id);
        self.line.faults.clone_from(&call.plan.names);
    }

    /// What its body was.
    pub(crate) fn body(&mut self, body: &Body) {
        match body {
            Body::Json(bytes) => self.json(bytes),
            Body::Form(form) => self.line.file.clone_from(&form.file),
            Body::Nothing | Body::TooLarge | Body::Malformed(_) => {}
        }
    }

    /// The bytes of its body, which may be JSON.
    pub(crate) fn json(&mut self, bytes: &[u8]) {
        if self.record.borrow().file.is_some() {
            self.line.request = serde_json::from_slice(bytes).ok();
        }
    }

    /// The status that the client is given.
    pub(crate) fn answered(&mut self, status: u16) {
        self.line.status = Some(status);
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        self.line.bytes = self.bytes.load(Relaxed);
        self.record.borrow_mut().add(&self.line);
    }
}
