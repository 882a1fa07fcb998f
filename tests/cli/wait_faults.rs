//! What a wait makes of each fault of the emulator, as one table: how it ends, what it says, and that it loses nothing.
//! A further command that waits is one more of `COMMANDS`, and one more column.

use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::support::command::{Outcome, run, vsfb, vsfb_at};
use super::support::emulator::Emulator;
use super::support::message::{Answer, Request};
use super::support::server::Server;
use super::wait::in_progress;

/// A command that meets the faults, for a batch of one file that completes and one that fails.
struct Command {
    name: &'static str,
    /// What it is given on stdin, and its arguments, where the batch was printed as this.
    words: fn(&Value) -> (String, Vec<String>),
    /// Whether it knows the batch before it asks for it.
    knows: bool,
}

const COMMANDS: [Command; 4] = [
    Command {
        name: "wait, with the batch on stdin",
        words: |batch| (batch.to_string(), vec!["wait".to_owned()]),
        knows: true,
    },
    Command {
        name: "wait, with ids",
        words: |batch| {
            let id = batch["id"].as_str().unwrap();
            (String::new(), ["wait", "vs_1", id].map(str::to_owned).to_vec())
        },
        knows: false,
    },
    Command { name: "create --wait", words: |_| (String::new(), create(&["--wait"])), knows: false },
    Command {
        name: RETRY,
        words: |batch| {
            let id = batch["id"].as_str().unwrap();
            (String::new(), ["retry", "vs_1", id, "--all", "--wait"].map(str::to_owned).to_vec())
        },
        knows: false,
    },
];

const RETRY: &str = "retry --wait";

fn create(more: &[&str]) -> Vec<String> {
    let fixed = ["create", "vs_1", "--file-id", "file-a", "--file-id", "file-fail-invalid"];
    fixed.iter().chain(more).copied().map(str::to_owned).collect()
}

/// A fault with the exit status of each of [`COMMANDS`], and a piece of what it then says.
struct Row(&'static str, [(i32, &'static str); COMMANDS.len()]);

const FAILED: &str = "is completed: 1 of 2 files completed, 1 failed\n";
const FAILED_AGAIN: &str = "is completed: 0 of 1 files completed, 1 failed\n";
const NOT_LISTED: &str = "error: failed to list the failed files of the file batch `";
const LATE: &str = "` to wait on\n";
const UNSEEN: &str = "error: failed to wait for the file batch `";
const NOT_CREATED: &str = "error: failed to create a file batch in `vs_1`";

/// One that is none to this command, or is got over.
const fn harmless(fault: &'static str) -> Row {
    Row(fault, [(3, FAILED), (3, FAILED), (3, FAILED), (3, FAILED_AGAIN)])
}

/// One that might pass, but lasts until the time is up.
const fn lasting(fault: &'static str) -> Row {
    Row(fault, [(8, LATE), (8, UNSEEN), (1, NOT_CREATED), (1, NOT_LISTED)])
}

/// One that no waiting mends.
const fn final_one(fault: &'static str, code: i32) -> Row {
    Row(fault, [(code, UNSEEN), (code, UNSEEN), (code, NOT_CREATED), (code, NOT_LISTED)])
}

const TABLE: [Row; 34] = [
    harmless("latency=1ms..5ms"),
    lasting("latency=1h"),
    harmless("retry-after=0"),
    lasting("rate-limit-exceeded"),
    lasting("rate-limit-exceeded, retry-after=0"),
    lasting("slow-down"),
    lasting("slow-down, retry-after=3600"),
    final_one("insufficient-quota", 1),
    final_one("credit-balance-exhausted", 1),
    final_one("organization-spend-limit-exceeded", 1),
    final_one("project-spend-limit-exceeded", 1),
    final_one("organization-usage-limit-exceeded", 1),
    lasting("500"),
    lasting("502"),
    lasting("503"),
    final_one("unauthorized", 4),
    lasting("html"),
    final_one("redirect", 1),
    lasting("reset"),
    lasting("reset-after-first-byte"),
    Row("lost-answer", [(3, FAILED), (3, FAILED), (1, NOT_CREATED), (1, "the answer to the create of file 1 is lost")]),
    lasting("truncated-body"),
    Row("not-found-at-first=1h", [(8, LATE), (1, UNSEEN), (8, LATE), (1, NOT_LISTED)]),
    Row("wrong-object", [(8, "something else than the file batch"), (8, UNSEEN), (8, LATE), (1, NOT_LISTED)]),
    Row("stuck", [(8, LATE), (8, LATE), (8, LATE), (8, LATE)]),
    harmless("stale-counts"),
    Row("batch-limit=1", [(3, FAILED), (3, FAILED), (3, FAILED_AGAIN), (3, FAILED_AGAIN)]),
    harmless("has-more-always"),
    harmless("has-more-never"),
    Row("repeated-cursor", [(3, FAILED), (3, FAILED), (3, FAILED), (1, NOT_LISTED)]),
    harmless("null-cursors"),
    harmless("unknown-values"),
    harmless("extra-fields"),
    harmless("control-characters"),
];

/// Runs a command with this fault in all of its requests; gives how it ended, and how long it took.
fn meet(emulator: &Emulator, command: &Command, (fault, code, batch): (&str, i32, &Value)) -> (Outcome, Duration) {
    let (stdin, words) = (command.words)(batch);
    let timeout = match (code, fault) {
        // A busy machine may take its time where the end is to be seen.
        (3, _) => "40s",
        (_, "stuck") => "1s",
        _ => "400ms",
    };
    let mut vsfb = vsfb_at(emulator);
    vsfb.args(words).args(["--timeout", timeout, "--poll-interval", "10ms", "--max-retries", "1"]);
    vsfb.args(["--transform", "[id,status]", "--format", "jsonl"]).write_stdin(stdin);
    vsfb.env("OPENAI_CUSTOM_HEADERS", format!("X-Vsfb-Fault: {fault}"));
    if fault == "latency=1h" {
        // The time of a wait does not cover the create before it.
        vsfb.args(["--request-timeout", "300ms"]);
    }
    let start = Instant::now();
    (run(&mut vsfb), start.elapsed())
}

/// Creates the batch of a test; what lies in how it is made strikes here. One that is retried has ended.
fn new_batch(emulator: &Emulator, fault: &str, command: &str) -> Value {
    let mut vsfb = vsfb_at(emulator);
    if command == RETRY {
        let outcome = run(vsfb.args(create(&["--format", "jsonl", "--wait"])));
        assert_eq!(outcome.code, 3, "{outcome:?}");
        return serde_json::from_str(&outcome.stdout).unwrap();
    }
    vsfb.args(create(&["--format", "jsonl"]));
    if ["stuck", "not-found-at-first=1h"].contains(&fault) {
        vsfb.env("OPENAI_CUSTOM_HEADERS", format!("X-Vsfb-Fault: {fault}"));
    }
    let outcome = run(&mut vsfb);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""), "{fault}");
    serde_json::from_str(&outcome.stdout).unwrap()
}

/// Claims that a command meets a fault so, in time, and prints the last that is known of its batch.
fn assert_met(emulator: &Emulator, command: &Command, (fault, (code, piece)): (&str, (i32, &str))) {
    let batch = new_batch(emulator, fault, command.name);
    let (outcome, elapsed) = meet(emulator, command, (fault, code, &batch));
    let case = format!("{}, {fault}: {outcome:?}", command.name);
    assert_eq!(outcome.code, code, "{case}");
    assert!(outcome.stderr.contains(piece), "{case}");
    assert!(elapsed < Duration::from_secs(20), "{case}: {elapsed:?}");
    assert!(!outcome.stderr.contains(|character: char| character.is_control() && character != '\n'), "{case}");
    let status = match code {
        3 => "completed",
        _ if command.knows || (code == 8 && piece != UNSEEN) => "in_progress",
        _ => {
            assert_eq!(outcome.stdout, "", "{case}");
            return;
        }
    };
    let shown: Value =
        serde_json::from_str(outcome.stdout.lines().next().unwrap_or_default()).unwrap_or_else(|_| panic!("{case}"));
    assert_eq!(shown[1], status, "{case}");
    // What it creates itself has an id of its own.
    assert!(shown[0] == batch["id"] || !command.name.starts_with("wait"), "{case}");
}

#[test]
fn each_fault_is_met_in_time_and_loses_nothing() {
    let emulator = &Emulator::start(&["--file-time", "20ms"]);
    for rows in TABLE.chunks(6) {
        thread::scope(|scope| {
            for Row(fault, met) in rows {
                for (command, met) in COMMANDS.iter().zip(met) {
                    scope.spawn(move || assert_met(emulator, command, (fault, *met)));
                }
            }
        });
    }
}

#[test]
fn the_table_has_each_fault_that_the_emulator_lists() {
    let listed = run(vsfb().args(["emulator", "--list-faults"])).stdout;
    let listed: Vec<_> = listed.lines().filter_map(|line| Some(line.split_once("[=")?.0.trim())).collect();
    assert!(listed.len() > 30, "{listed:?}");
    let mut known: Vec<_> = TABLE.iter().map(|Row(fault, _)| fault.split(['=', ',']).next().unwrap()).collect();
    known.dedup();
    assert_eq!(known, listed);
}

#[test]
fn a_batch_that_was_created_is_printed_though_nothing_more_is_heard_of_it() {
    let cases: [(fn() -> Answer, i32); 8] = [
        (|| Answer::json(503, "{}"), 8),
        (|| Answer::json(429, "{}"), 8),
        (|| Answer::json(200, "<html>"), 8),
        (|| Answer::json(404, "{}"), 8),
        (Answer::reset, 8),
        (Answer::silence, 8),
        (|| Answer::json(400, "{}"), 1),
        (|| Answer::json(403, "{}"), 4),
    ];
    for (answer, code) in cases {
        let server = Server::with(
            move |request: &Request| {
                if request.method == "POST" { Answer::json(200, in_progress()) } else { answer() }
            },
        );
        let mut vsfb = vsfb_at(&server);
        vsfb.args(create(&["--wait", "--timeout", "300ms", "--max-retries", "0", "-o", "jsonl"]));
        let outcome = run(&mut vsfb);
        assert_eq!((outcome.code, outcome.stdout), (code, in_progress() + "\n"), "{}", outcome.stderr);
        if code == 8 {
            assert!(outcome.stderr.ends_with("hint: `vsfb wait vs_1 vsfb_abc123` to wait on\n"), "{}", outcome.stderr);
        }
    }
}
