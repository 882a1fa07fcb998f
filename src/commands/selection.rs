//! The flags that say which files of this machine are meant, and what they are to have in the store.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::folder::{Found, Inspected, Inspection, Problem, Selection, find, inspect, paths_from};
use crate::input::manifest::{Sidecar, sidecar};
use crate::input::maps::attributes;
use crate::input::stdin::Stdin;
use crate::input::{UsageError, reason};
use crate::json::Value;
use crate::output::{Messages, human, safe_line};
use crate::sync;

/// Files in one vector store. Source: the service's limits, August 2026. Stores from before November 2025 take fewer.
const MOST_FILES: u64 = 100_000_000;
/// How many things of a kind are told.
const MOST_TOLD: usize = 20;

/// Which files are meant.
#[derive(Args, Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
#[command(next_help_heading = "Files")]
pub(crate) struct SelectionArgs {
    /// Files, and folders with all that is in them
    #[arg(value_name = "PATH", hide_short_help = true)]
    paths: Vec<PathBuf>,

    /// A list of paths; `-` is stdin
    ///
    /// One a line, or ended by NUL bytes.
    #[arg(long, value_name = "FILE")]
    paths_from: Option<String>,

    /// Only files that match; repeatable
    #[arg(long, value_name = "GLOB")]
    include: Vec<String>,

    /// No files that match; repeatable
    ///
    /// Nor what is in folders that match.
    #[arg(long, value_name = "GLOB")]
    exclude: Vec<String>,

    /// Hidden files and folders, too
    #[arg(long, hide_short_help = true)]
    hidden: bool,

    /// What .gitignore leaves out, too
    #[arg(long, hide_short_help = true)]
    no_ignore: bool,

    /// Send text whose extension the service does not take as .txt
    #[arg(long, hide_short_help = true)]
    as_text: bool,

    /// Go on without files that the service would refuse
    #[arg(long, hide_short_help = true)]
    skip_invalid: bool,

    /// Attributes of all files; repeatable
    ///
    /// A map or key=value; repeat it to add more, where a later key wins.
    #[arg(long, value_name = "MAP|KEY=VALUE", help_heading = "Metadata")]
    attributes: Vec<String>,

    /// Attributes by path: CSV with a column `path`, or JSON Lines with `path` and `attributes`
    #[arg(long, value_name = "FILE", help_heading = "Metadata", hide_short_help = true)]
    attributes_from: Option<String>,
}

impl SelectionArgs {
    /// The name of the folder that is meant, if there is one.
    pub(crate) fn folder(&self) -> Option<String> {
        let folder = match self.paths.as_slice() {
            [] => Path::new(".").canonicalize().ok(),
            [path] if path.is_dir() => path.canonicalize().ok(),
            [path] => match path.canonicalize() {
                Ok(path) => path.parent().map(PathBuf::from),
                // What is wrong with it is said of it as a file.
                Err(_) => Some(path.clone()),
            },
            _ => None,
        };
        folder.as_deref().and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned())
    }

    /// Which files are meant.
    ///
    /// # Errors
    /// When there is no list of them.
    pub(crate) fn selection(&self, stdin: &mut Stdin) -> Result<Selection, UsageError> {
        Ok(Selection {
            paths: self.paths.clone(),
            listed: self.listed(stdin)?,
            hidden: self.hidden,
            ignored: self.no_ignore,
            include: self.include.clone(),
            exclude: self.exclude.clone(),
        })
    }

    /// The files that are meant, read through once, and all that is wrong with them.
    ///
    /// # Errors
    /// When flags or lists cannot be right.
    pub(crate) fn inspect(
        &self,
        selection: &Selection,
        stdin: &mut Stdin,
        messages: Messages,
    ) -> Result<Inspected, UsageError> {
        let members = match attributes(&self.attributes, "--attributes", stdin)? {
            Some(Value::Object(members)) => members,
            _ => Vec::new(),
        };
        let problems = sync::problems_of_attributes(&Value::Object(members.clone()), &"--attributes");
        if !problems.is_empty() {
            return Err(UsageError::new(problems.join("\n  ")));
        }
        let sidecar = match &self.attributes_from {
            Some(path) => sidecar(path, stdin)?,
            None => Sidecar::default(),
        };
        let Found { files, mut problems } = find(selection)?;
        let inspection =
            Inspection { attributes: &members, sidecar: &sidecar, as_text: self.as_text, most_files: MOST_FILES };
        let threads = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        let mut inspected = inspect(&files, &inspection, threads);
        problems.append(&mut inspected.problems);
        for path in inspected.unmatched.iter().take(MOST_TOLD) {
            messages.warning(&format!("--attributes-from: no file has the path `{}`", safe_line(path)));
        }
        if let Some(more) = inspected.unmatched.len().checked_sub(MOST_TOLD + 1) {
            messages.warning(&format!("--attributes-from: nor has any one of {} more paths", more + 1));
        }
        Ok(Inspected { problems, ..inspected })
    }

    fn listed(&self, stdin: &mut Stdin) -> Result<Vec<PathBuf>, UsageError> {
        match self.paths_from.as_deref() {
            None if self.paths.is_empty() => {
                Err(UsageError::with_hint("no files: name a file or a folder", "or give a list with --paths-from"))
            }
            None => Ok(Vec::new()),
            Some("-") => paths_from(&stdin.read("`--paths-from -`")?),
            Some(path) => {
                let failed = |error| format!("failed to read --paths-from {path}: {}", reason(&error));
                paths_from(&std::fs::read(path).map_err(|error| UsageError::new(failed(error)))?)
            }
        }
    }

    /// Refuses files with problems, or says that they are left out.
    ///
    /// # Errors
    /// When the others are not to be sent without them.
    pub(crate) fn judge(&self, problems: &[Problem], messages: Messages) -> Result<(), UsageError> {
        if problems.is_empty() {
            return Ok(());
        }
        let listed: Vec<_> = problems.iter().take(MOST_TOLD).map(|problem| format!("\n  {problem}")).collect();
        let more = problems.len().saturating_sub(MOST_TOLD);
        let more = if more > 0 { format!("\n  and {more} more") } else { String::new() };
        let told = format!("{}{more}", listed.concat());
        let files = human::files(problems.len());
        if self.skip_invalid && problems.iter().all(Problem::is_skippable) {
            messages.warning(&format!("left out, {files}:{told}"));
            return Ok(());
        }
        Err(UsageError::with_hint(
            format!("{files} cannot be sent:{told}"),
            "nothing was sent; --skip-invalid goes on without them",
        ))
    }
}
