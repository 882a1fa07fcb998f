//! The record of batches that were created from here, because the service cannot list them: one JSON object a line, only
//! ever appended to, by any number of processes at once.

mod batches;
mod hold;
mod record;
mod uploads;

pub(crate) use batches::JournaledBatch;
pub(crate) use hold::Hold;
pub(crate) use record::{Event, Record, now};
pub(crate) use uploads::{BrokenOff, SentRecord, SyncEvent, SyncPast, SyncRecord, UploadRecord};

use std::ffi::OsString;
use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::{self, BufRead as _, BufReader, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use directories::BaseDirs;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::input::reason;

/// Where the journal is, and who says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Journal {
    place: Place,
    /// Whether the user has named the file, and is to hear when it cannot be used.
    is_asked_for: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Place {
    /// The user wants none.
    Off,
    /// The user has no folder for it.
    Nowhere,
    At(PathBuf),
}

impl Journal {
    /// Finds its place: what `VSFB_JOURNAL` says, else the user's folder for the state of programs, or the one for their
    /// data on systems that have no such thing. Touches nothing.
    pub(crate) fn locate(variable: Option<OsString>) -> Self {
        let is_asked_for = variable.is_some();
        let place = match variable {
            Some(word) if word.eq_ignore_ascii_case("off") => Place::Off,
            Some(path) => Place::At(path.into()),
            None => match BaseDirs::new() {
                Some(folders) => {
                    let folder = folders.state_dir().unwrap_or_else(|| folders.data_local_dir());
                    Place::At(folder.join("vsfb").join("batches.jsonl"))
                }
                None => Place::Nowhere,
            },
        };
        Self { place, is_asked_for }
    }

    /// Whether the user wants none.
    pub(crate) fn is_off(&self) -> bool {
        self.place == Place::Off
    }

    /// Whether the user has named the file.
    pub(crate) const fn is_asked_for(&self) -> bool {
        self.is_asked_for
    }

    /// Adds one line. Where there is to be no journal, nothing is done and that is no error.
    ///
    /// Lines of processes that append at once do not mix. What was appended survives the end of this process, but not
    /// one of the machine within the next seconds.
    ///
    /// # Errors
    /// When the file cannot be made or written to, or there is no place for it.
    pub(crate) fn append(&self, record: &impl Serialize) -> io::Result<()> {
        self.opened()?.append(record)
    }

    /// Opens it for several lines.
    ///
    /// # Errors
    /// When the file cannot be made, or there is no place for it.
    pub(crate) fn opened(&self) -> io::Result<Lines> {
        match &self.place {
            Place::Off => Ok(Lines(None)),
            Place::Nowhere => Err(io::Error::other(NOT_AT_HOME)),
            Place::At(path) => Ok(Lines(Some(open(path)?))),
        }
    }

    /// All lines, from the oldest on; none where there is no file. What is no record is read over: a broken line, or one
    /// of a later version of this program.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) fn records(&self) -> io::Result<impl Iterator<Item = Record>> {
        self.parsed()
    }

    /// All lines that are of one kind.
    fn parsed<T: DeserializeOwned>(&self) -> io::Result<impl Iterator<Item = T> + use<T>> {
        let file = match &self.place {
            Place::At(path) => match File::open(path).and_then(regular) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => None,
                opened => Some(opened?),
            },
            Place::Off | Place::Nowhere => None,
        };
        let lines = file.into_iter().flat_map(|file| BufReader::new(file).split(b'\n'));
        Ok(lines.map_while(Result::ok).filter_map(|line| serde_json::from_slice(&line).ok()))
    }

    /// The batches of one service, from the newest on.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) fn batches(&self, base_url: &str) -> io::Result<Vec<JournaledBatch>> {
        Ok(batches::fold(self.records()?.filter(|record| record.base_url == base_url)))
    }

    /// Succeeds if there is a journal, or one can be begun, for those who cannot do without.
    ///
    /// # Errors
    /// Why there is none, as a phrase.
    pub(crate) fn insist(&self) -> Result<(), String> {
        match &self.place {
            Place::Off => Err("VSFB_JOURNAL is off".to_owned()),
            Place::Nowhere => Err(format!("{NOT_AT_HOME}; VSFB_JOURNAL names a file")),
            Place::At(path) if path.exists() => Ok(()),
            Place::At(path) => open(path).map(|_| ()).map_err(|error| reason(&error)),
        }
    }
}

/// The journal, open to be added to.
#[derive(Debug)]
pub(crate) struct Lines(Option<File>);

impl Lines {
    /// Adds one line, as [`Journal::append`] does.
    ///
    /// # Errors
    /// When the file cannot be written to.
    pub(crate) fn append(&mut self, record: &impl Serialize) -> io::Result<()> {
        let Some(file) = &mut self.0 else { return Ok(()) };
        let mut line = serde_json::to_string(record)?;
        line.push('\n');
        lock(file);
        let written = ends_a_line(file).and_then(|ends_a_line| {
            if !ends_a_line {
                // What was cut off by a full disk or the end of the machine must not take this line with it.
                line.insert(0, '\n');
            }
            file.write_all(line.as_bytes())
        });
        unlock(file);
        written
    }
}

/// Its name in messages.
impl fmt::Display for Journal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            Place::At(path) => write!(formatter, "the journal `{}`", path.display()),
            Place::Off | Place::Nowhere => formatter.write_str("the journal"),
        }
    }
}

/// Why there is no place for it.
const NOT_AT_HOME: &str = "there is no home directory to keep it in";

/// Opens the file to append to; makes it, and its folder, where they are missing. What is made is the user's alone.
fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let opened = match (options.open(path), path.parent()) {
        (Err(error), Some(folder)) if error.kind() == io::ErrorKind::NotFound => {
            make(folder)?;
            options.open(path)
        }
        (opened, _) => opened,
    };
    opened.and_then(regular)
}

fn make(folder: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// The file, if it is one: what else has a path may never end, or be a folder.
fn regular(file: File) -> io::Result<File> {
    if file.metadata()?.is_file() { Ok(file) } else { Err(io::Error::other("it is no regular file")) }
}

/// Waits until nobody else appends. Where files cannot be locked one write is still one
/// line, because it appends.
#[cfg(unix)]
fn lock(file: &File) {
    use rustix::fs::{FlockOperation, flock};
    while flock(file, FlockOperation::LockExclusive) == Err(rustix::io::Errno::INTR) {}
}

#[cfg(unix)]
fn unlock(file: &File) {
    use rustix::fs::{FlockOperation, flock};
    // Where it cannot be given back, it goes with the file.
    let _ = flock(file, FlockOperation::Unlock);
}

#[cfg(not(unix))]
const fn lock(_file: &File) {}

#[cfg(not(unix))]
const fn unlock(_file: &File) {}

fn ends_a_line(file: &mut File) -> io::Result<bool> {
    let length = file.metadata()?.len();
    if length == 0 {
        return Ok(true);
    }
    let mut last = [0];
    file.seek(SeekFrom::Start(length - 1))?;
    file.read_exact(&mut last)?;
    Ok(last == *b"\n")
}

#[cfg(test)]
mod tests;
