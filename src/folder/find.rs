//! The files that are meant by paths, without a look into them.

use std::ffi::OsString;
use std::fs::{self, FileType};
use std::io;
use std::path::{Component, Path, PathBuf};

use super::ignored::Rules;
use super::patterns::Patterns;
use super::{Fault, Problem};
use crate::input::{UsageError, reason};

/// What the user means.
#[derive(Clone, Debug, Default)]
pub(crate) struct Selection {
    /// Files, and folders with all that is in them. The paths in the store begin in the outermost folder of these; that of a
    /// file that is in none is its name.
    pub(crate) paths: Vec<PathBuf>,
    /// Those of a list. The paths in the store are those of the list, as seen from the current folder; that of a file that is
    /// elsewhere is its name.
    pub(crate) listed: Vec<PathBuf>,
    /// Whether names that begin with a dot are taken. A file or folder that is given by name always is.
    pub(crate) hidden: bool,
    /// Whether files are taken that a `.gitignore` names. A file or folder that is given by name always is.
    pub(crate) ignored: bool,
    /// Patterns for paths in the store. Where there are any, a file is taken only if one matches it or a folder it is in.
    pub(crate) include: Vec<String>,
    /// A file is not taken if one of these matches it or a folder it is in.
    pub(crate) exclude: Vec<String>,
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Found {
    /// By path, each of which is there once.
    pub(crate) files: Vec<FoundFile>,
    pub(crate) problems: Vec<Problem>,
}

/// A file that nobody has looked into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FoundFile {
    /// Its path in the store.
    pub(crate) path: String,
    pub(crate) location: PathBuf,
}

/// Finds the files that are meant. Symbolic links are not followed; `.git` is never gone into.
///
/// # Errors
/// When a pattern cannot be one. What cannot be read is a problem of its own.
pub(crate) fn find(selection: &Selection) -> Result<Found, UsageError> {
    let include = Patterns::of_flag(&selection.include, "--include")?;
    let exclude = Patterns::of_flag(&selection.exclude, "--exclude")?;
    let found = Found::default();
    let mut walk = Walk { selection, include, exclude, found, rules: Rules::default(), prefix: String::new() };
    let folders = outermost_folders(&selection.paths);
    for location in &selection.paths {
        walk.given(location, path_within(location, &folders));
    }
    let here = fs::canonicalize(".").unwrap_or_default();
    for location in &selection.listed {
        walk.given(location, joined(location.strip_prefix(&here).unwrap_or(location)));
    }
    Ok(walk.found.in_order())
}

/// Where a folder is for good, if it is one.
fn real_folder(location: &Path) -> Option<PathBuf> {
    location.symlink_metadata().ok().filter(fs::Metadata::is_dir).and_then(|_| fs::canonicalize(location).ok())
}

/// Where those of these paths are that are folders, but for folders that lie in others of them.
pub(super) fn outermost_folders(paths: &[PathBuf]) -> Vec<PathBuf> {
    let folders: Vec<PathBuf> = paths.iter().filter_map(|location| real_folder(location)).collect();
    let is_outermost =
        |folder: &&PathBuf| folder.ancestors().skip(1).all(|above| folders.iter().all(|other| other != above));
    folders.iter().filter(is_outermost).cloned().collect()
}

/// The path in that of these folders that it is in, if it is in one. None of them lies in another.
fn path_within(location: &Path, folders: &[PathBuf]) -> Option<String> {
    let is_link = location.symlink_metadata().is_ok_and(|metadata| metadata.is_symlink());
    let location = if is_link { None } else { fs::canonicalize(location).ok() }?;
    let within = folders.iter().find_map(|folder| location.strip_prefix(folder).ok());
    within.filter(|path| !path.as_os_str().is_empty()).and_then(joined)
}

/// A path with `/` between the names; none if it leads out of where it begins or is no text.
fn joined(path: &Path) -> Option<String> {
    let mut names = Vec::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::Normal(name) => names.push(name.to_str()?),
            Component::Prefix(_) | Component::RootDir | Component::ParentDir => return None,
        }
    }
    Some(names.join("/"))
}

struct Walk<'a> {
    selection: &'a Selection,
    include: Patterns,
    exclude: Patterns,
    found: Found,
    rules: Rules,
    /// What the paths in the store of the files of this folder begin with.
    prefix: String,
}

impl Walk<'_> {
    /// Takes what the user names. `path` is the one in the store, where it is not its name.
    fn given(&mut self, location: &Path, path: Option<String>) {
        // What is not known to be a file may be a folder with all that the store has.
        let whole = path.clone().unwrap_or_default();
        match location.symlink_metadata() {
            Err(error) => self.problem(whole, location, unreadable(&error)),
            Ok(metadata) if metadata.is_symlink() => self.problem(whole, location, Fault::Link),
            Ok(metadata) if metadata.is_dir() => {
                self.prefix = path.filter(|path| !path.is_empty()).map(|path| path + "/").unwrap_or_default();
                match self.rules(location) {
                    Ok(_) if !self.prefix.is_empty() && matches_any(&self.exclude, &self.prefix) => {}
                    Ok(rules) => {
                        self.rules = rules;
                        self.folder(location, "");
                    }
                    Err(error) => self.problem(whole, location, unreadable(&error)),
                }
            }
            Ok(metadata) if metadata.is_file() => {
                let name = || location.file_name().and_then(|name| name.to_str()).map(str::to_owned);
                match path.or_else(name) {
                    Some(path) if matches_any(&self.exclude, &path) || !self.includes(&path) => {}
                    Some(path) => self.file(path, location),
                    None => self.problem(location.display().to_string(), location, Fault::Name),
                }
            }
            Ok(_) => self.problem(whole, location, Fault::NoFile),
        }
    }

    fn rules(&self, folder: &Path) -> io::Result<Rules> {
        if self.selection.ignored { Ok(Rules::default()) } else { Rules::above(folder) }
    }

    /// Takes what is in a folder. `relative` leads there from the one that was given, with a `/` behind each name.
    fn folder(&mut self, location: &Path, relative: &str) {
        match self.enter(location, relative) {
            Err(error) => {
                let path = format!("{}{relative}", self.prefix);
                self.problem(path.trim_end_matches('/').to_owned(), location, unreadable(&error));
            }
            Ok(entries) => {
                for (name, file_type) in entries {
                    let location = location.join(&name);
                    self.entry(&location, relative, file_type);
                }
                self.rules.leave();
            }
        }
    }

    /// What is in a folder, whose rules hold from now on.
    fn enter(&mut self, location: &Path, relative: &str) -> io::Result<Vec<(OsString, FileType)>> {
        let entries = entries(location)?;
        if !self.selection.ignored {
            self.rules.enter(location, relative)?;
        }
        Ok(entries)
    }

    fn entry(&mut self, location: &Path, relative: &str, file_type: FileType) {
        let is_folder = file_type.is_dir();
        if !is_folder && !file_type.is_file() {
            return;
        }
        let name = location.file_name().unwrap_or_default();
        if name == ".git" || (!self.selection.hidden && name.as_encoded_bytes().starts_with(b".")) {
            return;
        }
        // A name that is no text matters only if it is not passed over anyway.
        let relative = format!("{relative}{}", name.to_string_lossy());
        if !self.selection.ignored && self.rules.ignore(&relative, is_folder) {
            return;
        }
        let path = format!("{}{relative}", self.prefix);
        if self.exclude.decide(&path, is_folder).is_some() || !(is_folder || self.includes(&path)) {
            return;
        }
        if name.to_str().is_none() {
            return self.problem(path, location, Fault::Name);
        }
        if is_folder {
            self.folder(location, &(relative + "/"));
        } else {
            self.file(path, location);
        }
    }

    /// Whether `--include` names a path or a folder that it is in, or there is none.
    fn includes(&self, path: &str) -> bool {
        self.include.is_empty() || matches_any(&self.include, path)
    }

    fn file(&mut self, path: String, location: &Path) {
        self.found.files.push(FoundFile { path, location: location.to_owned() });
    }

    fn problem(&mut self, path: String, location: &Path, fault: Fault) {
        self.found.problems.push(Problem { path, location: location.to_owned(), fault });
    }
}

/// Whether a pattern matches the path of a file or of a folder that it is in.
fn matches_any(patterns: &Patterns, path: &str) -> bool {
    let mut folders = path.match_indices('/').filter_map(|(end, _)| path.get(..end));
    patterns.decide(path, false).is_some() || folders.any(|folder| patterns.decide(folder, true).is_some())
}

/// What is in a folder, which is closed again: as many as are open at once lie within each other.
fn entries(folder: &Path) -> io::Result<Vec<(OsString, FileType)>> {
    let entries =
        fs::read_dir(folder)?.map(|entry| entry.and_then(|entry| Ok((entry.file_name(), entry.file_type()?))));
    entries.collect()
}

fn unreadable(error: &io::Error) -> Fault {
    Fault::Unreadable(reason(error))
}

impl Found {
    /// Sorted by path. Of several with one path, the first that was found stays, and those that are not the same file are
    /// problems.
    fn in_order(self) -> Self {
        let Self { mut files, mut problems } = self;
        files.sort_by(|one, other| one.path.cmp(&other.path));
        let mut kept: Vec<FoundFile> = Vec::with_capacity(files.len());
        for file in files {
            match kept.last() {
                Some(first) if first.path == file.path => {
                    if !is_same_file(&first.location, &file.location) {
                        let fault = Fault::SamePath(first.location.clone());
                        problems.push(Problem { path: file.path, location: file.location, fault });
                    }
                }
                _ => kept.push(file),
            }
        }
        problems.sort_by(|one, other| (&one.path, &one.location).cmp(&(&other.path, &other.location)));
        Self { files: kept, problems }
    }
}

fn is_same_file(one: &Path, other: &Path) -> bool {
    match (fs::canonicalize(one), fs::canonicalize(other)) {
        (Ok(one), Ok(other)) => one == other,
        _ => one == other,
    }
}
