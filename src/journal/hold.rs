//! One process at a time carries out a run: two that went on with the same one would both send what is left of it.

use std::fs::File;
use std::path::PathBuf;

use super::{Journal, Place};

/// A run is this process's, until this is dropped.
#[derive(Debug)]
pub(crate) struct Hold {
    path: PathBuf,
    /// Open as long as the run is held.
    _file: File,
}

/// Another process carries out the run.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Taken;

impl Drop for Hold {
    fn drop(&mut self) {
        // What is left behind is an empty file, which holds nobody up.
        let _ = std::fs::remove_file(&self.path);
    }
}

impl Journal {
    /// Takes the run with this plan. There is nothing to hold where there is no journal, or no lock on files.
    ///
    /// # Errors
    /// When another process holds it.
    pub(crate) fn hold(&self, plan: &str) -> Result<Option<Hold>, Taken> {
        let Place::At(journal) = &self.place else { return Ok(None) };
        let mut name = journal.file_name().unwrap_or_default().to_owned();
        name.push(format!(".{}.lock", plan.get(..16).unwrap_or(plan)));
        hold(journal.with_file_name(name))
    }
}

#[cfg(unix)]
fn hold(path: PathBuf) -> Result<Option<Hold>, Taken> {
    use std::os::unix::fs::MetadataExt as _;

    use rustix::fs::{FlockOperation, flock};

    loop {
        let Ok(file) = super::open(&path) else { return Ok(None) };
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => {}
            Err(rustix::io::Errno::WOULDBLOCK) => return Err(Taken),
            Err(_) => return Ok(None),
        }
        // Whoever held it before may have removed the file in the meantime; then others lock another one.
        let number = |metadata: std::io::Result<std::fs::Metadata>| metadata.ok().map(|found| found.ino());
        if number(file.metadata()) == number(std::fs::metadata(&path)) {
            return Ok(Some(Hold { path, _file: file }));
        }
    }
}

#[cfg(not(unix))]
fn hold(_path: PathBuf) -> Result<Option<Hold>, Taken> {
    Ok(None)
}

#[cfg(all(test, unix))]
mod tests {
    use super::Taken;
    use crate::journal::Journal;

    #[test]
    fn a_run_is_held_by_one_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::locate(Some(folder.path().join("new").join("batches.jsonl").into()));
        let plan = "0123456789abcdef0123";
        let held = journal.hold(plan).unwrap();
        assert!(held.is_some());
        assert_eq!(journal.hold(plan).unwrap_err(), Taken);
        assert!(journal.hold("another").unwrap().is_some());
        drop(held);
        assert!(journal.hold(plan).unwrap().is_some());
        assert_eq!(std::fs::read_dir(folder.path().join("new")).unwrap().count(), 0, "nothing is left behind");
        assert!(Journal::locate(Some("off".into())).hold(plan).unwrap().is_none());
    }
}
