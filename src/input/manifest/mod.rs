//! `--files-from`: the files of a batch, or of many, as a list of ids, JSON Lines, a JSON array or CSV.
//!
//! A manifest may be larger than the memory and is gone through more than once, so entries are read one by one and what
//! cannot be read twice is put into a temporary file first. References (`@path`) in it are text.

mod array;
mod format;
mod lines;
mod rows;
mod sidecar;
mod tests;

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read, Seek as _, SeekFrom};
use std::time::SystemTime;

pub(crate) use format::ManifestFormat;
pub(crate) use sidecar::Sidecar;
pub(crate) use sidecar::sidecar;

use super::stdin::{Stdin, spooled};
use super::{UsageError, is_stdin, reason};
use crate::api::validate::{id_fault, problems_of_file};
use crate::json::Value;

/// The most bytes of one line, array element or CSV row. A file with full attributes stays below a tenth of it.
const LONGEST: usize = 1024 * 1024;
/// What says which file of the service an item is.
const FILE_ID: &str = "file_id";
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// A list of files that can be gone through again and again.
#[derive(Debug)]
pub(crate) struct Manifest {
    file: File,
    format: ManifestFormat,
    /// Where the text begins, in bytes: behind a byte order mark.
    start: u64,
    stamp: Stamp,
    /// Whether the service's limits are checked.
    validates: bool,
}

/// What tells that a file has been written to: its length, and when it was changed.
type Stamp = (u64, Option<SystemTime>);

/// A file of a manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    /// Where it begins, from 1.
    pub(crate) line: u64,
    pub(crate) file_id: String,
    /// The JSON text of the whole element of `files`, where it has settings of its own.
    pub(crate) own: Option<String>,
}

/// Something in a manifest that is no file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) line: u64,
    /// Names the line, too.
    pub(crate) message: String,
}

impl Manifest {
    /// Opens a file, or takes stdin where `path` is `-`. Without a format its name says it, else its first line.
    ///
    /// # Errors
    /// When it cannot be read.
    pub(crate) fn open(path: &str, format: Option<ManifestFormat>, stdin: &mut Stdin) -> Result<Self, UsageError> {
        Self::open_for("--files-from", path, format, stdin)
    }

    /// The same for the flag of that name.
    fn open_for(flag: &str, path: &str, format: Option<ManifestFormat>, stdin: &mut Stdin) -> Result<Self, UsageError> {
        let file = if is_stdin(path) {
            stdin.spool(&format!("`{flag} {path}`"))?
        } else {
            open(path).map_err(|error| failed(flag, path, &error))?
        };
        Self::of(file, format.or_else(|| ManifestFormat::by_name(path))).map_err(|error| failed(flag, path, &error))
    }

    fn of(mut file: File, format: Option<ManifestFormat>) -> io::Result<Self> {
        let stamp = stamp(&file)?;
        file.rewind()?;
        let first = format::beginning(&file)?;
        let start = if first.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 };
        let format = format.unwrap_or_else(|| ManifestFormat::by_text(first.get(start..).unwrap_or_default()));
        Ok(Self { file, format, start: start as u64, stamp, validates: true })
    }

    /// The same, in which whatever has an id is a file.
    pub(crate) fn unvalidated(self) -> Self {
        Self { validates: false, ..self }
    }

    /// The same again. Both share their place in the file, so one is gone through after the other.
    ///
    /// # Errors
    /// When the system has no handle to give.
    pub(crate) fn again(&self) -> io::Result<Self> {
        Ok(Self { file: self.file.try_clone()?, ..*self })
    }

    /// All entries from the beginning, and a problem for each thing that is wrong with a line. Memory does not grow with
    /// the number of lines.
    ///
    /// # Errors
    /// When the file has been changed since it was opened, or cannot be read any more. What happens to it later is a
    /// problem of the next entry.
    pub(crate) fn entries(&mut self) -> io::Result<impl Iterator<Item = Result<Entry, Problem>> + '_> {
        let items = self.items(FILE_ID)?;
        Ok(Entries { items, validates: self.validates, problems: VecDeque::new() })
    }

    /// What stands there. `key` is the column of CSV that no attribute is.
    fn items(&self, key: &'static str) -> io::Result<Items<'_>> {
        let unchanged = Unchanged { file: &self.file, stamp: self.stamp };
        unchanged.check()?;
        (&self.file).seek(SeekFrom::Start(self.start))?;
        let input: Input<'_> = BufReader::with_capacity(64 * 1024, unchanged);
        Ok(match self.format {
            ManifestFormat::Ids => Box::new(lines::ids(input)),
            ManifestFormat::Jsonl => Box::new(lines::elements(input)),
            ManifestFormat::Json => Box::new(array::Elements::new(input)),
            ManifestFormat::Csv => Box::new(rows::Rows::new(input, key)),
        })
    }
}

/// A file that fails to be read once it has been written to: a run of many batches may take hours.
struct Unchanged<'a> {
    file: &'a File,
    stamp: Stamp,
}

impl Unchanged<'_> {
    fn check(&self) -> io::Result<()> {
        if stamp(self.file)? == self.stamp {
            Ok(())
        } else {
            Err(io::Error::other("it was changed while it was in use"))
        }
    }
}

impl Read for Unchanged<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read(buffer)?;
        self.check().map(|()| count)
    }
}

/// What the formats are read from.
type Input<'a> = BufReader<Unchanged<'a>>;
type Items<'a> = Box<dyn Iterator<Item = Item> + 'a>;

/// A file as a manifest has it, still to be checked.
struct Item {
    line: u64,
    /// Which element of an array it is, from 1: all of them may stand in one line.
    element: Option<u64>,
    /// An id, or an element of `files`; or why it is neither.
    file: Result<Value, String>,
}

impl Item {
    /// One that has a line to itself.
    const fn new(line: u64, file: Result<Value, String>) -> Self {
        Self { line, element: None, file }
    }

    /// Where it stands, in words.
    fn place(&self) -> String {
        place(self.line, self.element)
    }

    /// The entry, or everything that is wrong with it; without `validates`, only that it has no id.
    fn checked(self, validates: bool) -> Result<Entry, VecDeque<Problem>> {
        let Self { line, element, file } = self;
        let place = || place(line, element);
        let messages = match file {
            Err(message) => vec![format!("{}: {message}", place())],
            Ok(Value::String(file_id)) if is_id(&file_id) => return Ok(Entry { line, file_id, own: None }),
            Ok(file) => {
                let id = if let Value::String(id) = &file { Some(id.as_str()) } else { id_of(&file) };
                let is_sendable = !validates && id.is_some_and(is_id);
                let mut messages = if is_sendable { Vec::new() } else { problems_of_file(&file, &place()) };
                if let Some(id) = id.filter(|id| id.starts_with('@')) {
                    messages.push(format!("{}: `{id}` is no id; a manifest refers to no other files", place()));
                }
                match id.filter(|_| messages.is_empty()) {
                    Some(file_id) => return Ok(Entry { line, file_id: file_id.to_owned(), own: own(&file) }),
                    None => messages,
                }
            }
        };
        Err(messages.into_iter().map(|message| Problem { line, message }).collect())
    }
}

fn place(line: u64, element: Option<u64>) -> String {
    match element {
        None => format!("line {line}"),
        Some(element) => format!("line {line}, element {element}"),
    }
}

fn is_id(text: &str) -> bool {
    id_fault(text).is_none() && !text.starts_with('@')
}

fn id_of(file: &Value) -> Option<&str> {
    file.get(FILE_ID).and_then(Value::as_str)
}

/// The text of an element that has more than its id.
fn own(file: &Value) -> Option<String> {
    matches!(file, Value::Object(members) if members.len() > 1).then(|| {
        // Most have room in this: a text that grows is moved several times.
        let mut text = String::with_capacity(256);
        file.append_to(&mut text);
        text
    })
}

/// The items, checked.
struct Entries<'a> {
    items: Items<'a>,
    validates: bool,
    /// Those of an item that has more than one.
    problems: VecDeque<Problem>,
}

impl Iterator for Entries<'_> {
    type Item = Result<Entry, Problem>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.problems.is_empty() {
            match self.items.next()?.checked(self.validates) {
                Ok(entry) => return Some(Ok(entry)),
                Err(problems) => self.problems = problems,
            }
        }
        self.problems.pop_front().map(Err)
    }
}

/// Opens what is at `path` in such a way that it can be read again. A pipe cannot, `<(…)` in a shell for one.
fn open(path: &str) -> io::Result<File> {
    let file = File::open(path)?;
    if file.metadata()?.is_file() { Ok(file) } else { spooled(file) }
}

fn failed(flag: &str, path: &str, error: &io::Error) -> UsageError {
    UsageError::new(format!("failed to read {flag} {path}: {}", reason(error)))
}

fn stamp(file: &File) -> io::Result<Stamp> {
    let metadata = file.metadata()?;
    Ok((metadata.len(), metadata.modified().ok()))
}

const NOT_UTF_8: &str = "the text is not UTF-8";

fn unreadable(error: &io::Error) -> String {
    format!("failed to read on: {}", reason(error))
}

/// The next byte, which stays the next.
fn peek(input: &mut Input<'_>) -> Result<Option<u8>, String> {
    let bytes = input.fill_buf().map_err(|error| unreadable(&error))?;
    Ok(bytes.first().copied())
}

fn newlines(bytes: &[u8]) -> u64 {
    bytes.iter().map(|byte| u64::from(*byte == b'\n')).sum()
}
