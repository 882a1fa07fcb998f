//! A file on this machine.

use std::path::PathBuf;
use std::time::SystemTime;

use super::{PATH, SHA256, SOURCE};
use crate::json::Value;

/// A file that is to be in the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LocalFile {
    /// Relative to the folder that was given, with `/` between the names; of a file that was given itself, its name.
    pub(crate) path: String,
    /// Where to open it.
    pub(crate) location: PathBuf,
    /// The name it is uploaded under: its own with the extension in lower case, or with `.txt` behind it.
    pub(crate) filename: String,
    pub(crate) bytes: u64,
    /// When it was last changed, as of when its content was read; `None` where the system does not know.
    pub(crate) modified: Option<SystemTime>,
    /// In hexadecimal.
    pub(crate) sha256: String,
    /// The user's, those for this file over those for all.
    pub(crate) attributes: Vec<(String, Value)>,
}

impl LocalFile {
    /// All attributes that it has in the store.
    pub(crate) fn attributes_in_store(&self, source: &str) -> Value {
        let own = [(PATH, self.path.as_str()), (SHA256, &self.sha256), (SOURCE, source)];
        let own = own.into_iter().map(|(key, value)| (key.to_owned(), Value::String(value.to_owned())));
        Value::Object(own.chain(self.attributes.iter().cloned()).collect())
    }
}
