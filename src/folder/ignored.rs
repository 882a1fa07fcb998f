//! What the `.gitignore` files of a repository say about the paths in a folder.
//!
//! They mean what they mean to git, with three differences. A file that is ignored is passed over even if it is tracked: the
//! index is not read. Rules outside of the repository (`core.excludesFile`) do not count, so that all machines take the same
//! files; nor does `info/exclude` where `.git` is a file, as in submodules and further worktrees. A `.gitignore` that is a
//! symbolic link is followed: what it names is better left out than sent.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;

use super::patterns::Patterns;

const FILE: &str = ".gitignore";
/// What the top of a repository has.
const REPOSITORY: &str = ".git";
/// In it, the rules that are not shared.
const EXCLUDE: &str = "info/exclude";

/// The rules of all folders from the repository's top down to where a walk is. Deeper ones decide first.
#[derive(Debug, Default)]
pub(super) struct Rules {
    levels: Vec<Level>,
    /// From the repository's top to the folder in which the walk began, with a `/` behind each name.
    base: String,
}

#[derive(Debug)]
struct Level {
    /// How many bytes of a path lead to this level.
    begin: usize,
    /// Whether a repository begins here, for whose files the levels above do not count.
    is_top: bool,
    patterns: Patterns,
}

impl Rules {
    /// Those of the folders above this one, if it is in a repository.
    ///
    /// # Errors
    /// When a file of rules cannot be read.
    pub(super) fn above(folder: &Path) -> io::Result<Self> {
        let folder = fs::canonicalize(folder)?;
        let is_top = |folder: &&Path| folder.join(REPOSITORY).symlink_metadata().is_ok();
        let mut rules = Self::default();
        let Some(top) = folder.ancestors().find(is_top) else { return Ok(rules) };
        let mut above = top.to_owned();
        for name in folder.strip_prefix(top).unwrap_or(Path::new("")) {
            rules.push(&above, rules.base.len())?;
            above.push(name);
            rules.base.push_str(&name.to_string_lossy());
            rules.base.push('/');
        }
        Ok(rules)
    }

    /// Adds those of a folder, which the walk goes into. `relative` leads there from where the walk began, with a `/` behind
    /// each name.
    ///
    /// # Errors
    /// When one of its files of rules cannot be read.
    pub(super) fn enter(&mut self, folder: &Path, relative: &str) -> io::Result<()> {
        self.push(folder, self.base.len() + relative.len())
    }

    /// Drops those of the folder that was entered last.
    pub(super) fn leave(&mut self) {
        self.levels.pop();
    }

    fn push(&mut self, folder: &Path, begin: usize) -> io::Result<()> {
        let repository = folder.join(REPOSITORY);
        let is_top = repository.symlink_metadata().is_ok();
        let mut patterns = Patterns::default();
        if is_top {
            patterns.append(Patterns::of_file(&content(&repository.join(EXCLUDE))?));
        }
        patterns.append(Patterns::of_file(&content(&folder.join(FILE))?));
        self.levels.push(Level { begin, is_top, patterns });
        Ok(())
    }

    /// Whether a path in the folder entered last is ignored. It is relative to where the walk began.
    pub(super) fn ignore(&self, path: &str, is_folder: bool) -> bool {
        let path = format!("{}{path}", self.base);
        let said = |level: &Level| level.patterns.decide(path.get(level.begin..)?, is_folder);
        let top = self.levels.iter().rposition(|level| level.is_top).unwrap_or(0);
        self.levels.iter().skip(top).rev().find_map(said).unwrap_or(false)
    }
}

/// What is in a file of rules; nothing if it is not there, or no file.
fn content(location: &Path) -> io::Result<Vec<u8>> {
    match location.metadata() {
        Ok(metadata) if metadata.is_file() => fs::read(location),
        Ok(_) => Ok(Vec::new()),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}
