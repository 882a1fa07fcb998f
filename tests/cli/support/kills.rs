//! Kills a command at random moments, has it resumed, and looks in the emulator's record whether every file got into one
//! batch and no file into two.

use std::collections::HashMap;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

use super::emulator::Emulator;

/// What a command is to do to an emulator, over and over.
pub struct Trial<'a, C> {
    pub emulator: &'a Emulator,
    /// What is in the store at the end, each file in one batch.
    pub files: &'a [String],
    /// Makes the command.
    pub command: C,
}

/// One run of the command under test.
pub struct Run<'a> {
    /// The store it is to fill, which nothing else uses.
    pub store: &'a str,
    /// A folder that the killed run and the one that resumes it share, for the journal.
    pub folder: &'a Path,
    /// Whether a run before this one was killed.
    pub resumes: bool,
}

impl<C: Fn(&Run<'_>) -> Command> Trial<'_, C> {
    /// Runs the command to its end to see how long it takes; then kills it so many times, each time at another moment of
    /// a sequence that `seed` fixes, resumes it, and checks the store. Panics at the first store that is not as it should
    /// be, and says which moment that was. Gives how many runs were killed: some have ended before.
    pub fn survives(&self, seed: u64, moments: usize) -> usize {
        let (whole, _) = self.run("vs_whole", None);
        let mut killed = 0;
        for (moment, share) in shares(seed).take(moments).enumerate() {
            let (_, was_killed) = self.run(&format!("vs_{moment}"), Some(whole.mul_f64(share)));
            killed += usize::from(was_killed);
        }
        killed
    }

    /// Fills a store, with a kill after that time where one is given; gives how long it took until then, and whether it
    /// was killed.
    fn run(&self, store: &str, after: Option<Duration>) -> (Duration, bool) {
        let folder = TempDir::new().expect("a temporary folder");
        let command = |resumes| (self.command)(&Run { store, folder: folder.path(), resumes });
        let (time, status) = run_for(&mut command(false), after);
        assert!(after.is_some() || status.success(), "the command fails even where nobody kills it: {status}");
        if !status.success() {
            settle(self.emulator);
            let mut output = command(true).output().expect("the command can be started");
            let path = format!("/v1/vector_stores/{store}/file_batches");
            if output.status.code() == Some(2) && self.emulator.requests().iter().all(|request| request["path"] != path)
            {
                // It was killed before it began, so there was nothing to resume.
                output = command(false).output().expect("the command can be started");
            }
            let stderr = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{store}, killed after {after:?}, cannot be resumed: {stderr}");
        }
        if let Err(fault) = each_once(&self.emulator.requests(), store, self.files) {
            panic!("{store}, killed after {after:?}: {fault}");
        }
        (time, !status.success())
    }
}

/// Numbers from 0 to 1 that look like chance and follow from `seed`.
pub fn shares(seed: u64) -> impl Iterator<Item = f64> {
    let next = |state: u64| state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    let states = std::iter::successors(Some(next(seed)), move |state| Some(next(*state)));
    states.map(|state| f64::from(u32::try_from(state >> 33).expect("31 bits")) / f64::from(1_u32 << 31))
}

/// Runs a command to its end, or kills it after that time where one is given; gives how long it took, and how it ended.
pub fn run_for(command: &mut Command, after: Option<Duration>) -> (Duration, ExitStatus) {
    let begun = Instant::now();
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the command can be started");
    if let Some(after) = after {
        thread::sleep(after);
        child.kill().expect("a child can be killed");
    }
    let status = child.wait().expect("a child can be waited for");
    (begun.elapsed(), status)
}

/// Waits until the emulator has come to the end of what a killed command had sent. A request that is still in the socket
/// when somebody looks for what came of it is one that nobody can find.
pub fn settle(emulator: &Emulator) {
    let mut quiet = 0;
    while quiet < 3 {
        let before = emulator.requests().len();
        let mut stream = TcpStream::connect(emulator.address()).expect("the emulator listens");
        stream.write_all(b"GET /v1/quiet HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").expect("it reads");
        stream.read_to_end(&mut Vec::new()).expect("it answers");
        let is_quiet = emulator.requests().len() == before + 1;
        quiet = if is_quiet { quiet + 1 } else { 0 };
    }
}

/// Whether, by this record, each of the files is in one batch of the store, and nothing else is.
///
/// # Errors
/// Says what is not so.
pub fn each_once(record: &[Value], store: &str, files: &[String]) -> Result<(), String> {
    let path = format!("/v1/vector_stores/{store}/file_batches");
    let mut counts: HashMap<&str, usize> = files.iter().map(|file| (file.as_str(), 0)).collect();
    for request in record.iter().filter(|request| request["method"] == "POST" && request["path"] == path.as_str()) {
        let struck =
            |fault: &str| request["faults"].as_array().is_some_and(|faults| faults.iter().any(|it| it == fault));
        let is_lost = request["status"].is_null() && !request["request"].is_null();
        if is_lost && !struck("lost-answer") && !struck("reset") {
            return Err(format!("it is not known whether this was carried out: {request}"));
        }
        if request["status"] != 200 && !struck("lost-answer") {
            continue;
        }
        let lists = ["file_ids", "files"].map(|key| request["request"][key].as_array());
        for file in lists.into_iter().flatten().flatten() {
            let id = file.as_str().or_else(|| file["file_id"].as_str()).expect("an id");
            *counts.get_mut(id).ok_or_else(|| format!("{id} was not asked for"))? += 1;
        }
    }
    let wrong = |wanted: fn(usize) -> bool| files.iter().filter(move |file| wanted(counts[file.as_str()]));
    let missing: Vec<_> = wrong.clone()(|count| count == 0).collect();
    let repeated: Vec<_> = wrong(|count| count > 1).collect();
    match (missing.first(), repeated.first()) {
        (None, None) => Ok(()),
        (first_missing, first_repeated) => Err(format!(
            "{} files are in no batch, the first {first_missing:?}; {} are in more than one, the first {first_repeated:?}",
            missing.len(),
            repeated.len()
        )),
    }
}
