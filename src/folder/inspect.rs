//! One pass over the contents: their hashes, and everything for which the service would refuse a file.

use std::collections::HashSet;
use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, Read};
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::SystemTime;
#[cfg(unix)]
use std::time::{Duration, UNIX_EPOCH};

use ring::digest::{Context, SHA256};

use super::text::TextCheck;
use super::types::{Sent, sent};
use super::{Fault, FoundFile, Problem};
use crate::api::validate::LONGEST_TEXT;
use crate::input::manifest::Sidecar;
use crate::input::{maps, reason};
use crate::json::Value;
use crate::plan::hexadecimal;
use crate::sync::{LocalFile, too_many};

/// The most bytes of a file.
const LARGEST: u64 = 512 << 20;
/// How much of a file is in memory, for each thread.
const PIECE: usize = 128 * 1024;

/// How files are to be sent.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Inspection<'a> {
    /// Those of all files.
    pub(crate) attributes: &'a [(String, Value)],
    /// Those of single files, by path, which win.
    pub(crate) sidecar: &'a Sidecar,
    /// Whether files of other extensions are sent as text.
    pub(crate) as_text: bool,
    /// How many the store takes.
    pub(crate) most_files: u64,
}

/// What the files are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Inspected {
    /// In the order in which they were given, without those that have a problem.
    pub(crate) files: Vec<LocalFile>,
    /// In the order of the files; what is wrong with all of them together comes first.
    pub(crate) problems: Vec<Problem>,
    /// Paths of the sidecar that no file has, sorted.
    pub(crate) unmatched: Vec<String>,
}

/// Reads every file once, on so many threads, and finds all that is wrong. Memory does not grow with the size of files.
pub(crate) fn inspect(found: &[FoundFile], inspection: &Inspection, threads: NonZeroUsize) -> Inspected {
    let mut inspected = Inspected { unmatched: unmatched(found, inspection.sidecar), ..Inspected::default() };
    let (files, most) = (found.len() as u64, inspection.most_files);
    if files > most {
        let fault = Fault::TooManyFiles { files, most };
        inspected.problems.push(Problem { path: String::new(), location: "".into(), fault });
    }
    for (_, result) in each_looked_into(found, inspection, threads) {
        match result {
            Ok(file) => inspected.files.push(file),
            Err(problems) => inspected.problems.extend(problems),
        }
    }
    inspected
}

fn unmatched(found: &[FoundFile], sidecar: &Sidecar) -> Vec<String> {
    let paths: HashSet<&str> = found.iter().map(|file| file.path.as_str()).collect();
    let mut unmatched: Vec<String> = sidecar.keys().filter(|path| !paths.contains(path.as_str())).cloned().collect();
    unmatched.sort();
    unmatched
}

/// A file, or all that is wrong with it.
type Looked = Result<LocalFile, Vec<Problem>>;

fn each_looked_into(found: &[FoundFile], inspection: &Inspection, threads: NonZeroUsize) -> Vec<(usize, Looked)> {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut buffer = vec![0; PIECE];
        let mut done = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(file) = found.get(index) else { return done };
            done.push((index, look(file, inspection, &mut buffer)));
        }
    };
    let mut looked = thread::scope(|scope| {
        let others: Vec<_> = (1..threads.get()).map(|_| scope.spawn(work)).collect();
        let mut looked = work();
        for other in others {
            // A panic ends the program.
            looked.extend(other.join().unwrap_or_default());
        }
        looked
    });
    looked.sort_unstable_by_key(|(index, _)| *index);
    looked
}

fn look(found: &FoundFile, inspection: &Inspection, buffer: &mut [u8]) -> Looked {
    let FoundFile { path, location } = found;
    let mut faults = Vec::new();
    let name = location.file_name().and_then(|name| name.to_str()).unwrap_or(path);
    let sent = sent(name, inspection.as_text).map_err(|extension| faults.push(Fault::Extension(extension)));
    let attributes = attributes(path, inspection);
    faults.extend(too_many(attributes.len()).map(Fault::Attributes));
    faults.extend(too_long(path).map(Fault::Attributes));
    if name.chars().any(|character| character.is_control() && !"\r\n\t".contains(character)) {
        faults.push(Fault::Control);
    }
    let content = read(found, sent.as_ref().ok(), buffer).map_err(|fault| faults.push(fault));
    match (sent, content) {
        (Ok(Sent { filename, .. }), Ok(content)) if faults.is_empty() => Ok(LocalFile {
            path: path.clone(),
            location: location.clone(),
            filename,
            bytes: content.stamp.0,
            modified: content.stamp.1,
            sha256: content.sha256,
            attributes,
        }),
        _ => {
            let problem = |fault| Problem { path: path.clone(), location: location.clone(), fault };
            Err(faults.into_iter().map(problem).collect())
        }
    }
}

/// The user's attributes for a file.
fn attributes(path: &str, inspection: &Inspection) -> Vec<(String, Value)> {
    let mut attributes = inspection.attributes.to_vec();
    for (key, value) in inspection.sidecar.get(path).into_iter().flatten() {
        maps::set(&mut attributes, key.clone(), value.clone());
    }
    attributes
}

fn too_long(path: &str) -> Option<String> {
    let length = path.chars().count();
    (length > LONGEST_TEXT)
        .then(|| format!("its path has {length} characters; the attribute `path` takes at most {LONGEST_TEXT}"))
}

/// Its length, and when it was changed.
type Stamp = (u64, Option<SystemTime>);

struct Content {
    stamp: Stamp,
    sha256: String,
}

/// Reads a file of the right size and type to its end.
fn read(found: &FoundFile, sent: Option<&Sent>, buffer: &mut [u8]) -> Result<Content, Fault> {
    let unreadable = |error: io::Error| Fault::Unreadable(reason(&error));
    let mut file =
        open_file(&found.location).map_err(|error| fault_of(&found.location).unwrap_or_else(|| unreadable(error)))?;
    let before = stamp(&file).map_err(unreadable)?;
    match before.0 {
        0 => return Err(Fault::Empty),
        length if length > LARGEST => return Err(Fault::TooLarge),
        _ => {}
    }
    let mut hash = Context::new(&SHA256);
    let mut text = sent.filter(|sent| sent.is_text).map(|_| TextCheck::default());
    let mut length = 0;
    // One of another type is not sent anyway.
    while sent.is_some() && length <= before.0 {
        let piece = piece(&mut file, buffer).map_err(unreadable)?;
        if piece.is_empty() {
            break;
        }
        length += piece.len() as u64;
        hash.update(piece);
        if let Some(text) = &mut text {
            text.add(piece);
        }
    }
    if sent.is_some() && (length != before.0 || stamp(&file).map_err(unreadable)? != before) {
        return Err(Fault::Changed);
    }
    if text.is_some_and(|text| !text.is_text()) {
        return Err(Fault::NoText);
    }
    Ok(Content { stamp: before, sha256: hexadecimal(hash.finish().as_ref()) })
}

/// Opens a file that was one when it was found. What has taken its place since then is not followed if it is a link, and does
/// not keep us waiting if it is a pipe; links among the folders on the way are.
///
/// # Errors
/// Also when it is no regular file any more.
pub(crate) fn open_file(location: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use rustix::fs::OFlags;
        use std::os::unix::fs::OpenOptionsExt as _;
        let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
        options.custom_flags(i32::try_from(flags.bits()).unwrap_or_default());
    }
    let file = options.open(location)?;
    if file.metadata()?.is_file() { Ok(file) } else { Err(io::Error::other("it is no regular file any more")) }
}

/// What something that does not open as a file is instead.
fn fault_of(location: &Path) -> Option<Fault> {
    match location.symlink_metadata() {
        Ok(metadata) if metadata.is_symlink() => Some(Fault::Link),
        Ok(metadata) if !metadata.is_file() => Some(Fault::NoFile),
        _ => None,
    }
}

/// Fills the buffer as far as the file goes.
fn piece<'a>(file: &mut File, buffer: &'a mut [u8]) -> io::Result<&'a [u8]> {
    let mut length = 0;
    while let Some(room) = buffer.get_mut(length..).filter(|room| !room.is_empty()) {
        match file.read(room) {
            Ok(0) => break,
            Ok(count) => length += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(buffer.get(..length).unwrap_or_default())
}

fn stamp(file: &File) -> io::Result<Stamp> {
    let metadata = file.metadata()?;
    Ok((metadata.len(), metadata.modified().ok().max(changed(&metadata))))
}

/// When anything of it was last changed: whoever copies a file may give it an old time of modification.
#[cfg(unix)]
fn changed(metadata: &Metadata) -> Option<SystemTime> {
    use std::os::unix::fs::MetadataExt as _;
    let seconds = Duration::from_secs(u64::try_from(metadata.ctime()).ok()?);
    UNIX_EPOCH.checked_add(seconds + Duration::from_nanos(u64::try_from(metadata.ctime_nsec()).ok()?))
}

#[cfg(not(unix))]
fn changed(metadata: &Metadata) -> Option<SystemTime> {
    metadata.created().ok()
}
