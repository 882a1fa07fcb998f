//! Whether, when and how stdin is read. It has one reader; a terminal and the null device are nobody's input.

use std::fs::File;
use std::io::{self, IsTerminal as _, Read};

use super::{UsageError, read_bounded, reason};
use crate::output::Messages;

/// Who reads stdin in this process.
#[derive(Debug, Default)]
pub(crate) struct Stdin {
    reader: Option<String>,
}

/// What a look at stdin found.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Look {
    /// Everything up to the end, which may be nothing.
    Read(Vec<u8>),
    /// A pipe that is open and has been silent so far.
    Silent,
    /// Nothing that a program is given its input with.
    NoInput,
}

impl Stdin {
    /// Reads to the end because the user says so. `by` names the flag or value.
    ///
    /// # Errors
    /// When something else has read it, or it cannot be read.
    pub(crate) fn read(&mut self, by: &str) -> Result<Vec<u8>, UsageError> {
        self.take(by)?;
        read_to_end()
    }

    /// Has all of it in a file without a name, of any size, because the user says so and it is read more than once. `by`
    /// names the flag or value.
    ///
    /// # Errors
    /// When something else has read it, it cannot be read, or there is no room for the file.
    pub(crate) fn spool(&mut self, by: &str) -> Result<File, UsageError> {
        self.take(by)?;
        spooled(io::stdin().lock())
            .map_err(|error| UsageError::new(format!("failed to put stdin into a temporary file: {}", reason(&error))))
    }

    /// Makes `by` the reader.
    fn take(&mut self, by: &str) -> Result<(), UsageError> {
        if io::stdin().is_terminal() {
            return Err(UsageError::with_hint(
                format!("{by} reads stdin, which is a terminal"),
                "put the input into a pipe or a file",
            ));
        }
        if let Some(first) = self.reader.replace(by.to_owned()) {
            return Err(UsageError::new(format!("stdin cannot be read twice: by {first} and by {by}")));
        }
        Ok(())
    }

    /// Whether stdin is still free to be looked at.
    pub(crate) const fn is_free(&self) -> bool {
        self.reader.is_none()
    }
}

/// Reads to the end because something is missing; says what it waits for when nothing comes.
///
/// # Errors
/// When it cannot be read.
pub(crate) fn rest(messages: Messages) -> Result<Look, UsageError> {
    if !system::is_input() {
        return Ok(Look::NoInput);
    }
    if !system::is_ready(SILENCE) {
        messages
            .note("waiting for input on stdin, because the flags lack something; end it with Ctrl-D, or see --help");
    }
    Ok(Look::Read(read_to_end()?))
}

/// Takes what is there at once, up to its end; nothing is missing without it.
///
/// # Errors
/// When it cannot be read.
pub(crate) fn at_hand() -> Result<Look, UsageError> {
    if !system::is_input() || !system::CAN_LOOK {
        return Ok(Look::NoInput);
    }
    if !system::is_ready(GLANCE) {
        return Ok(Look::Silent);
    }
    Ok(Look::Read(read_to_end()?))
}

/// Whether something has come to a pipe that was silent.
pub(crate) fn has_arrived() -> bool {
    system::has_bytes()
}

/// In milliseconds: as long as the official program waits for a body.
const GLANCE: i32 = 10;
/// In milliseconds: after this the user may wonder.
const SILENCE: i32 = 2000;

/// What a reader that can be read once gives, in a file that goes when it is closed.
pub(super) fn spooled(mut reader: impl Read) -> io::Result<File> {
    let mut file = tempfile::tempfile()?;
    io::copy(&mut reader, &mut file)?;
    Ok(file)
}

fn read_to_end() -> Result<Vec<u8>, UsageError> {
    read_bounded(io::stdin().lock())
        .map_err(|error| UsageError::new(format!("failed to read stdin: {}", reason(&error))))
}

#[cfg(unix)]
mod system {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    use rustix::fs::{FileType, fstat};
    use rustix::io::ioctl_fionread;
    use rustix::stdio::stdin;

    /// Whether a pipe can be looked at without waiting for it.
    pub(super) const CAN_LOOK: bool = true;

    /// Whether stdin is a file, a pipe or a socket. Terminals and the null device are character devices.
    pub(super) fn is_input() -> bool {
        let kind = fstat(stdin()).map(|stat| FileType::from_raw_mode(stat.st_mode));
        matches!(kind, Ok(FileType::RegularFile | FileType::Fifo | FileType::Socket))
    }

    /// Whether bytes or the end come within so many milliseconds.
    pub(super) fn is_ready(milliseconds: i32) -> bool {
        let stdin = stdin();
        let mut waited = [PollFd::new(&stdin, PollFlags::IN)];
        let limit =
            Timespec { tv_sec: i64::from(milliseconds / 1000), tv_nsec: i64::from(milliseconds % 1000) * 1_000_000 };
        // An interrupted wait counts as ready: reading then waits instead.
        poll(&mut waited, Some(&limit)).map_or(true, |ready| ready > 0)
    }

    pub(super) fn has_bytes() -> bool {
        ioctl_fionread(stdin()).is_ok_and(|count| count > 0)
    }
}

#[cfg(not(unix))]
mod system {
    use std::io::{IsTerminal as _, stdin};

    pub(super) const CAN_LOOK: bool = false;

    pub(super) fn is_input() -> bool {
        !stdin().is_terminal()
    }

    pub(super) fn is_ready(_milliseconds: i32) -> bool {
        true
    }

    pub(super) fn has_bytes() -> bool {
        false
    }
}
