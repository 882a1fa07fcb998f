//! What the user gives beside plain flags: maps, references to files, stdin, bodies.

pub(crate) mod batches;
pub(crate) mod body;
pub(crate) mod embed;
pub(crate) mod files;
pub(crate) mod manifest;
pub(crate) mod maps;
mod message;
mod scalar;
mod spacing;
pub(crate) mod stdin;
mod value;
mod yaml;

pub(crate) use crate::output::human::reason;

use std::fmt;
use std::io::{self, Read};

/// Something that the user gave and that cannot be right: flags, variables, input. Nothing has been sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct UsageError {
    pub(crate) message: String,
    /// What to do instead.
    pub(crate) hint: Option<String>,
}

impl UsageError {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), hint: None }
    }

    pub(crate) fn with_hint(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { message: message.into(), hint: Some(hint.into()) }
    }
}

impl fmt::Display for UsageError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for UsageError {}

/// The most that is read from a file or from stdin. A full batch with full attributes stays below a third of it.
const LARGEST_INPUT: u64 = 64 * 1024 * 1024;

/// Reads to the end, up to the limit.
fn read_bounded(reader: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    reader.take(LARGEST_INPUT + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST_INPUT {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, format!("it is larger than {LARGEST_INPUT} bytes")));
    }
    Ok(bytes)
}

/// Names of stdin that are not a plain dash.
fn is_stdin(path: &str) -> bool {
    matches!(path, "-" | "/dev/stdin" | "/dev/fd/0")
}
