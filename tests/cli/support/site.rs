//! A folder that is synced over and over, whatever happens to the runs, and what is to come of it in the end.

use std::fs;
use std::process::{Command, Output, Stdio};
use std::sync::mpsc::Receiver;
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

use super::command::KEY;
use super::emulator::Emulator;
use super::holdings::{Folder, Holdings};
use super::running::let_a_second_begin;

/// What is peculiar to a folder, or happens to it after the kill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Variant {
    Plain,
    /// There is no journal.
    Unjournaled,
    /// All files have one name and one size, each in a folder of its own.
    SameNames,
    /// Some get another content and another size.
    Changed,
    /// Some are deleted.
    Deleted,
}

/// All of them.
pub const VARIANTS: [Variant; 5] =
    [Variant::Plain, Variant::Unjournaled, Variant::SameNames, Variant::Changed, Variant::Deleted];

impl Variant {
    fn folder(self, files: usize) -> Folder {
        let path = |number| match self {
            Self::SameNames => format!("{number:03}/index.md"),
            _ => format!("{}/file-{number:03}.md", number % 7),
        };
        Folder::with((0..files).map(|number| (path(number), format!("what file {number:03} says\n"))))
    }

    /// What happens to every second file between the killed run and the next.
    pub fn alter(self, folder: &mut Folder) {
        for path in folder.paths().into_iter().step_by(2) {
            match self {
                Self::Changed => folder.write(&path, &format!("{path} says something new\n")),
                Self::Deleted => folder.remove(&path),
                _ => return,
            }
        }
    }

    /// Whether an upload can be left of which the next run cannot tell which file it was.
    const fn may_leave_orphans(self) -> bool {
        !matches!(self, Self::Plain | Self::Unjournaled)
    }
}

/// A folder, and a place for the journal beside it.
pub struct Site {
    pub variant: Variant,
    pub folder: Folder,
    place: TempDir,
    base_url: String,
    jobs: usize,
    batch_size: usize,
    /// How long a run waits for the end of the files.
    pub timeout: &'static str,
    pub store: &'static str,
}

impl Site {
    /// A place with so many files, of which so many are in a batch, and so many are uploaded at once.
    pub fn new(variant: Variant, base_url: String, (files, batch_size, jobs): (usize, usize, usize)) -> Self {
        let (folder, place) = (variant.folder(files), TempDir::new().unwrap());
        if variant == Variant::Unjournaled {
            let_a_second_begin();
        }
        Self { variant, folder, place, base_url, jobs, batch_size, timeout: "30s", store: "vs_1" }
    }

    /// The sync of the folder, with more flags.
    pub fn command(&self, more: &[&str]) -> Command {
        let mut command = Command::new(assert_cmd::cargo::cargo_bin!("vsfb"));
        command.env_clear().env("OPENAI_BASE_URL", &self.base_url).env("OPENAI_API_KEY", KEY);
        let journal = match self.variant {
            Variant::Unjournaled => "off".into(),
            _ => self.place.path().join("batches.jsonl"),
        };
        command.env("VSFB_JOURNAL", journal);
        command.args(["sync", "--vector-store-id", self.store, "--source", "docs", "--rate", "off"]);
        command.args(["--poll-interval", "10ms", "--timeout", self.timeout, "--jobs", &self.jobs.to_string()]);
        command.args(["--batch-size", &self.batch_size.to_string(), "--prune", "--yes"]).args(more);
        command.arg(self.folder.path());
        command
    }

    /// Kills it at the moment that this tells of.
    pub fn kill_when_held(&self, heard: &Receiver<()>) {
        let mut command = self.command(&[]);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let held = heard.recv_timeout(Duration::from_secs(30));
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(held.is_ok(), "{:?}: it never came to its moment", self.variant);
    }

    /// As if the kill had been some time ago: a run does not wait for what can no longer happen.
    pub fn let_time_pass(&self, seconds: i64) {
        let journal = self.place.path().join("batches.jsonl");
        let Ok(text) = fs::read_to_string(&journal) else { return };
        let lines = text.lines().map(|line| {
            let mut line: Value = serde_json::from_str(line).unwrap();
            line["time"] = (line["time"].as_i64().unwrap() - seconds).into();
            line.to_string() + "\n"
        });
        fs::write(&journal, lines.collect::<String>()).unwrap();
    }

    /// As on a machine that has never run it.
    pub fn forget(&self) {
        fs::remove_file(self.place.path().join("batches.jsonl")).unwrap();
    }

    /// Runs it to a good end; gives what it says.
    pub fn complete(&self, more: &[&str]) -> String {
        let Output { status, stderr, .. } = self.command(more).output().expect("the command can be started");
        let stderr = String::from_utf8_lossy(&stderr).into_owned();
        assert!(status.success(), "{:?}, {status}: {stderr}", self.variant);
        stderr
    }

    /// Runs it to its end after a kill, and claims that all is well then. Gives how many uploads it took over, and how many
    /// it named as orphans.
    pub fn recover(&self, emulator: &Emulator) -> Recovery {
        let before = Holdings::of(emulator.address(), "vs_1");
        let stderr = self.complete(&[]);
        let case = format!("{:?}: {stderr}\nat first there were the orphans {:?}", self.variant, before.orphans());
        let after = Holdings::of(emulator.address(), "vs_1");
        after.each_once(&self.folder).unwrap_or_else(|fault| panic!("{fault}; {case}"));
        let orphans = after.orphans();
        assert!(orphans.is_empty() || self.variant.may_leave_orphans(), "{orphans:?} are left; {case}");
        let is_named = |id: &&&str| stderr.contains(**id);
        let named = orphans.iter().filter(is_named).count();
        assert_eq!(named, orphans.len(), "not all of {orphans:?} are named; {case}");
        if !orphans.is_empty() {
            self.let_time_pass(10);
            let stderr = self.complete(&["--delete-orphans"]);
            let last = Holdings::of(emulator.address(), "vs_1");
            last.each_once(&self.folder).unwrap_or_else(|fault| panic!("{fault}; {stderr}; {case}"));
            assert!(last.orphans().is_empty(), "{:?} are not deleted: {stderr}; {case}", last.orphans());
        }
        self.assert_all_is_done(emulator, &case);
        let spared = before.orphans().len() - orphans.len().min(before.orphans().len());
        Recovery { found: before.orphans().len(), spared, named: orphans.len() }
    }

    /// Claims that one more run changes nothing.
    fn assert_all_is_done(&self, emulator: &Emulator, case: &str) {
        let before = emulator.requests().len();
        let stderr = self.complete(&["--delete-orphans"]);
        let writes = emulator.requests().into_iter().skip(before).filter(|request| request["method"] != "GET");
        assert_eq!(writes.count(), 0, "one more run changes something: {stderr}; {case}");
    }
}

/// What a run after a kill found.
#[derive(Clone, Copy, Debug, Default)]
pub struct Recovery {
    /// Uploads that were not attached.
    pub found: usize,
    /// Those of them that were not uploaded once more, or were taken away.
    pub spared: usize,
    /// Those that were named as orphans.
    pub named: usize,
}
