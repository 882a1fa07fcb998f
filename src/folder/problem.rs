//! What is wrong with a file.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::output::safe_line;

/// Something for which a file cannot be in the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    /// The path that it would have there; of a folder, that of what is in it. Empty for the folder as a whole.
    pub(crate) path: String,
    pub(crate) location: PathBuf,
    pub(crate) fault: Fault,
}

/// What it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Why the system does not let it be read.
    Unreadable(String),
    /// Given by name; others are passed over.
    Link,
    /// A socket, a device and the like, given by name.
    NoFile,
    Name,
    /// Its name cannot be sent.
    Control,
    /// Another file that would have the same path.
    SamePath(PathBuf),
    TooManyFiles {
        files: u64,
        most: u64,
    },
    /// None or one that the service does not take.
    Extension(String),
    Empty,
    TooLarge,
    NoText,
    Changed,
    /// In words.
    Attributes(String),
}

impl Problem {
    /// Whether the others can be sent without this one.
    pub(crate) const fn is_skippable(&self) -> bool {
        !matches!(self.fault, Fault::TooManyFiles { .. })
    }
}

/// A name may have line breaks, and what steers a terminal.
fn on_one_line(location: &Path) -> String {
    safe_line(&location.display().to_string()).into_owned()
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.location.as_os_str().is_empty() {
            write!(formatter, "{}: ", on_one_line(&self.location))?;
        }
        self.fault.fmt(formatter)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(reason) => write!(formatter, "cannot be read: {reason}"),
            Self::Link => formatter.write_str("is a symbolic link, which is not followed; give what it points to"),
            Self::NoFile => formatter.write_str("is neither a file nor a folder"),
            Self::Name => formatter.write_str("its name is not UTF-8"),
            Self::Control => formatter.write_str("its name has a control character, which no request can hold"),
            Self::SamePath(other) => {
                let other = on_one_line(other);
                write!(formatter, "has the same path in the store as {other}; give a folder that has both")
            }
            Self::TooManyFiles { files, most } => write!(formatter, "{files} files; the store takes at most {most}"),
            Self::Extension(extension) if extension.is_empty() => {
                formatter.write_str("has no extension, without which the service takes no file; see --as-text")
            }
            Self::Extension(extension) => {
                write!(formatter, "the service does not take files with the extension .{extension}; see --as-text")
            }
            Self::Empty => formatter.write_str("is empty"),
            Self::TooLarge => formatter.write_str("is larger than 512 MB"),
            Self::NoText => formatter.write_str("is no text in UTF-8, UTF-16 or ASCII"),
            Self::Changed => formatter.write_str("was changed while it was read; run again"),
            Self::Attributes(problem) => formatter.write_str(problem),
        }
    }
}
