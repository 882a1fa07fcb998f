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
    /// Files, and folders with all that is in them. The paths in the store begin in the folder; that of a file is its name.
    pub(crate) paths: Vec<PathBuf>,
    /// Those of a list. The paths in the store are those of the list, unless they lead out of here.
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
    for location in &selection.paths {
        walk.given(location, None);
    }
    for location in &selection.listed {
        walk.given(location, listed_path(location));
    }
    Ok(walk.found.in_order())
}

/// The path in the store of a file of a list; none if it leads out of here or is no text.
fn listed_path(location: &Path) -> Option<String> {
    let mut names = Vec::new();
    for component in location.components() {
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
                    Some(path) if self.excludes(&path) => {}
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
        let entered = if self.selection.ignored { Ok(()) } else { self.rules.enter(location, relative) };
        match entered.and_then(|()| entries(location)) {
            Err(error) => {
                let path = format!("{}{relative}", self.prefix);
                self.problem(path.trim_end_matches('/').to_owned(), location, unreadable(&error));
            }
            Ok(entries) => {
                for (name, file_type) in entries {
                    let location = location.join(&name);
                    self.entry(&location, relative, file_type);
                }
            }
        }
        self.rules.leave();
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
        let Some(name) = name.to_str() else {
            let path = format!("{}{relative}{}", self.prefix, name.display());
            return self.problem(path, location, Fault::Name);
        };
        let relative = format!("{relative}{name}");
        if !self.selection.ignored && self.rules.ignore(&relative, is_folder) {
            return;
        }
        let path = format!("{}{relative}", self.prefix);
        if self.exclude.decide(&path, is_folder).is_some() {
            return;
        }
        if is_folder {
            self.folder(location, &(relative + "/"));
        } else {
            self.file(path, location);
        }
    }

    /// Whether `--exclude` names a path or a folder that it is in.
    fn excludes(&self, path: &str) -> bool {
        matches_any(&self.exclude, path)
    }

    /// Takes a file, if `--include` does.
    fn file(&mut self, path: String, location: &Path) {
        if self.include.is_empty() || matches_any(&self.include, &path) {
            self.found.files.push(FoundFile { path, location: location.to_owned() });
        }
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
