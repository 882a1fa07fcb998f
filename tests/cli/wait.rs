//! `vsfb wait`, and `--wait` on create and cancel: what is printed, how it ends, what is asked.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::command::{Outcome, run, vsfb, vsfb_at};
use crate::support::emulator::Emulator;
use crate::support::message::{Answer, Request};
use crate::support::server::Server;

pub const BATCH: &str = "vsfb_abc123";

/// A batch of four files as the service shows it.
pub fn batch(id: &str, status: &str, (completed, failed): (u64, u64)) -> String {
    let counts = json!({"completed": completed, "failed": failed, "in_progress": 4 - completed - failed, "cancelled": 0, "total": 4});
    let object = json!({"id": id, "object": "vector_store.file_batch", "created_at": 1_699_061_776, "vector_store_id": "vs_abc123", "status": status, "file_counts": counts});
    object.to_string()
}

pub fn in_progress() -> String {
    batch(BATCH, "in_progress", (1, 0))
}

pub fn completed() -> String {
    batch(BATCH, "completed", (4, 0))
}

/// `vsfb wait` for the batch with these flags, which prints states.
fn wait(server: &Server, flags: &[&str]) -> Outcome {
    let fixed = ["wait", "vs_abc123", BATCH, "--poll-interval", "1ms", "--quiet", "--transform", "status", "-r"];
    run(vsfb_at(server).args(fixed).args(flags))
}

/// A command at an emulator, which meets these faults, and prints ids and states.
fn at(emulator: &Emulator, arguments: &[&str], faults: &str) -> Outcome {
    let mut vsfb = vsfb_at(emulator);
    vsfb.args(arguments).args(["--transform", "status", "-r", "--quiet"]);
    if !faults.is_empty() {
        vsfb.env("OPENAI_CUSTOM_HEADERS", format!("X-Vsfb-Fault: {faults}"));
    }
    run(&mut vsfb)
}

/// Creates a batch and gives its id.
fn created(emulator: &Emulator, files: &[&str], faults: &str) -> String {
    let mut vsfb = vsfb_at(emulator);
    vsfb.args(["create", "vs_abc123", "--transform", "id", "-r"]).args(files.iter().flat_map(|id| ["--file-id", id]));
    if !faults.is_empty() {
        vsfb.env("OPENAI_CUSTOM_HEADERS", format!("X-Vsfb-Fault: {faults}"));
    }
    let outcome = run(&mut vsfb);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""));
    outcome.stdout.trim_end().to_owned()
}

#[test]
fn a_wait_asks_until_the_status_says_that_it_is_over() {
    let misleading = batch(BATCH, "in_progress", (4, 0));
    let server = Server::answering([in_progress(), misleading, completed()].map(|body| Answer::json(200, body)));
    assert_eq!(wait(&server, &[]), Outcome::success("completed\n"));
    let requests = server.requests();
    assert_eq!(requests.len(), 3);
    for request in requests {
        assert_eq!(request.target, format!("/v1/vector_stores/vs_abc123/file_batches/{BATCH}"));
        assert_eq!(request.header("x-stainless-poll-helper"), Some("true"));
        assert_eq!(request.header("x-stainless-custom-poll-interval"), Some("1"));
    }
}

#[test]
fn without_an_interval_the_service_says_when_to_ask_again() {
    let later = Answer::json(200, in_progress()).header("openai-poll-after-ms", "600");
    let server = Server::answering([later, Answer::json(200, completed())]);
    let before = Instant::now();
    let outcome = run(vsfb_at(&server).args(["wait", "vs_abc123", BATCH, "-q", "-o", "jsonl"]));
    assert_eq!(outcome, Outcome::success(completed() + "\n"));
    assert!(before.elapsed() >= Duration::from_millis(600));
    assert_eq!(server.requests()[0].header("x-stainless-custom-poll-interval"), None);
}

#[test]
fn failed_files_are_listed_with_their_reasons_and_the_status_is_3() {
    let emulator = Emulator::start(&["--file-time", "0"]);
    let files = ["file-a", "file-fail-server-1", "file-fail-invalid", "file-fail-server-2"];
    let id = created(&emulator, &files, "");
    let expected = Outcome {
        code: 3,
        stdout: "completed\n".to_owned(),
        stderr: format!(
            "\
error         id                  message
invalid_file  file-fail-invalid   The file is empty or cannot be parsed.
server_error  file-fail-server-1  An internal error occurred while the file was processed.
server_error  file-fail-server-2  An internal error occurred while the file was processed.
hint: `vsfb retry vs_abc123 {id}` to try again what can succeed
error: the file batch `{id}` of `vs_abc123` is completed: 1 of 4 files completed, 3 failed
"
        ),
    };
    let outcome = at(&emulator, &["wait", "vs_abc123", &id], "");
    assert_eq!(sorted(&outcome), sorted(&expected));
}

/// The same with the lines of stderr in a fixed order: files of one time come in any.
fn sorted(outcome: &Outcome) -> Outcome {
    let mut lines: Vec<_> = outcome.stderr.split_inclusive('\n').collect();
    lines.sort_unstable();
    Outcome { stderr: lines.concat(), ..outcome.clone() }
}

#[test]
fn twenty_failed_files_are_shown_and_how_to_list_the_rest() {
    let emulator = Emulator::start(&["--file-time", "0"]);
    let files: Vec<_> = (0..25).map(|index| format!("file-fail-invalid-{index:02}")).collect();
    let id = created(&emulator, &files.iter().map(String::as_str).collect::<Vec<_>>(), "");
    let outcome = at(&emulator, &["wait", "vs_abc123", &id], "");
    assert_eq!((outcome.code, outcome.stdout.as_str()), (3, "completed\n"));
    assert_eq!(outcome.stderr.matches("invalid_file").count(), 20, "{}", outcome.stderr);
    let hint =
        format!("hint: 20 of 25 failed files are shown; `vsfb list-files vs_abc123 {id} --filter failed` lists all\n");
    assert!(outcome.stderr.contains(&hint), "{}", outcome.stderr);
}

#[test]
fn create_waits_and_prints_the_last_state_in_place_of_the_first() {
    let emulator = Emulator::start(&["--file-time", "20ms"]);
    let create = ["create", "vs_abc123", "--file-id", "file-a", "--wait", "--poll-interval", "5ms"];
    assert_eq!(at(&emulator, &create, ""), Outcome::success("completed\n"));
    let cancelled = ["create", "vs_abc123", "--file-id", "file-slow", "--wait", "--timeout", "0"];
    assert_eq!(at(&emulator, &cancelled, "").code, 8);
}

#[test]
fn cancel_waits_for_the_end_whatever_it_looks_like() {
    let emulator = Emulator::start(&["--file-time", "0"]);
    let id = created(&emulator, &["file-a", "file-fail-invalid"], "");
    assert_eq!(at(&emulator, &["cancel", "vs_abc123", &id, "--wait"], ""), Outcome::success("completed\n"));
    let id = created(&emulator, &["file-a"], "stuck");
    assert_eq!(at(&emulator, &["cancel", "vs_abc123", &id, "--wait"], ""), Outcome::success("cancelled\n"));
}

#[test]
fn a_batch_that_goes_on_is_8_at_the_deadline_and_when_nothing_moves() {
    let emulator = Emulator::start(&["--file-time", "0"]);
    let id = created(&emulator, &["file-a", "file-b"], "stuck");
    for (flags, reason) in [
        (["--timeout", "0"], ""),
        (["--timeout", "40ms"], "after 40ms, "),
        (["--stall-timeout", "30ms"], "no count has moved for 30ms: "),
    ] {
        let outcome = at(&emulator, &[&["wait", "vs_abc123", &id, "--poll-interval", "5ms"], &flags[..]].concat(), "");
        let stderr = format!(
            "error: {reason}the file batch `{id}` of `vs_abc123` is in_progress: 1 of 2 files completed, 1 in progress\nhint: `vsfb wait vs_abc123 {id}` to wait on\n"
        );
        assert_eq!(outcome, Outcome { code: 8, stdout: "in_progress\n".to_owned(), stderr }, "{flags:?}");
    }
}

#[test]
fn the_first_failed_file_ends_the_wait_where_that_is_wanted() {
    let server = Server::with(|request: &Request| {
        let is_list = request.target.contains("/files");
        Answer::json(
            200,
            if is_list {
                r#"{"object":"list","data":[],"has_more":false}"#.to_owned()
            } else {
                batch(BATCH, "in_progress", (1, 1))
            },
        )
    });
    let stderr = "error: the file batch `vsfb_abc123` of `vs_abc123` is in_progress: 1 of 4 files completed, 1 failed, 2 in progress\nhint: `vsfb wait vs_abc123 vsfb_abc123` to wait on\n";
    let hint =
        "hint: 0 of 1 failed files are shown; `vsfb list-files vs_abc123 vsfb_abc123 --filter failed` lists all\n";
    let expected = Outcome { code: 3, stdout: "in_progress\n".to_owned(), stderr: format!("{hint}{stderr}") };
    assert_eq!(wait(&server, &["--fail-fast"]), expected);
}

#[test]
fn several_batches_are_shown_in_the_order_given_in_every_format() {
    let server = || {
        Server::with(|request: &Request| {
            let id = request.target.rsplit('/').next().unwrap().to_owned();
            Answer::json(200, batch(&id, "completed", (4, 0)))
        })
    };
    let shown = |flags: &[&str]| {
        let outcome = run(vsfb_at(&server()).args(["wait", "vs_abc123", "b2", "b1", "b2", "-q"]).args(flags));
        assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""));
        outcome.stdout
    };
    let (one, two) = (batch("b1", "completed", (4, 0)), batch("b2", "completed", (4, 0)));
    assert_eq!(shown(&["-o", "jsonl"]), format!("{two}\n{one}\n"));
    assert_eq!(shown(&["-o", "raw"]), format!("{two}\n{one}\n"));
    assert_eq!(shown(&["--transform", "id", "-r"]), "b2\nb1\n");
    let csv = shown(&["-o", "csv"]);
    assert_eq!(csv.lines().map(|line| &line[..3]).collect::<Vec<_>>(), ["id,", "b2,", "b1,"]);
    assert_eq!(shown(&["-o", "yaml"]).split("---\n").count(), 2);
    assert_eq!(shown(&["-o", "table"]).split("\n\nbatch  ").count(), 2);
}

#[test]
fn the_output_of_create_is_what_wait_takes() {
    for format in ["json", "jsonl", "yaml", "raw"] {
        let emulator = Emulator::start(&["--file-time", "0"]);
        let create = ["create", "vs_abc123", "--file-id", "file-a", "-o", format];
        let objects = [(); 2].map(|()| run(vsfb_at(&emulator).args(create)).stdout);
        let input = objects.join(if format == "yaml" { "---\n" } else { "" });
        let mut vsfb = vsfb_at(&emulator);
        vsfb.args(["wait", "-q", "--transform", "status", "-r"]).write_stdin(input.clone());
        assert_eq!(run(&mut vsfb), Outcome::success("completed\ncompleted\n"), "{input}");
    }
}

#[test]
fn what_names_no_batch_is_refused_before_anything_is_sent() {
    let nothing = "error: stdin holds no batch\nhint: the command before has printed none; see whether it failed (in bash, `set -o pipefail` tells)\n";
    let blank = "error: the batch id \"\" is blank\n";
    for (arguments, complaint) in
        [(&["wait"] as &[&str], nothing), (&["wait", "vs_1"], nothing), (&["wait", "vs_1", "vsfb_1", ""], blank)]
    {
        assert_eq!(
            run(vsfb_at(&Server::expecting_none()).args(arguments)),
            Outcome::failure(2, complaint),
            "{arguments:?}"
        );
    }
}

#[test]
fn flags_of_a_wait_without_one_are_refused() {
    for (command, flags) in [
        ("create", &["--timeout", "5m"] as &[&str]),
        ("create", &["--stall-timeout", "5m"]),
        ("cancel", &["--fail-fast"]),
        ("cancel", &["--poll-interval", "1s"]),
        ("create", &["--cancel-on-interrupt"]),
    ] {
        let target = if command == "create" { ["vs_abc123", "--file-id=file-a"] } else { ["vs_abc123", BATCH] };
        let outcome = run(vsfb().arg(command).args(target).args(flags));
        let complaint = format!(
            "error: `{}` says how to wait, but `--wait` is not given\nhint: add --wait, or leave it out\n",
            flags[0]
        );
        assert_eq!(outcome, Outcome::failure(2, complaint));
    }
}

#[test]
fn what_may_pass_is_waited_out_and_said_once() {
    let error = || Answer::json(503, r#"{"error":{"message":"busy"}}"#);
    let server = Server::answering([error(), Answer::reset(), error(), Answer::json(200, completed())]);
    let fixed = ["wait", "vs_abc123", BATCH, "--poll-interval", "1ms", "--max-retries", "0", "-o", "jsonl"];
    let outcome = run(vsfb_at(&server).args(fixed));
    let url = format!("{}/vector_stores/vs_abc123/file_batches/{BATCH}", server.base_url());
    let stderr = format!("warning: GET {url}: 503 Service Unavailable; asking again until the time is up\n");
    assert_eq!(outcome, Outcome { code: 0, stdout: completed() + "\n", stderr });
}

#[test]
fn who_looks_once_does_not_claim_to_ask_again() {
    let other = r#"{"id":"vs_abc123","object":"vector_store"}"#;
    let server = Server::answering([Answer::json(503, "{}"), Answer::json(200, other)]);
    let url = format!("{}/vector_stores/vs_abc123/file_batches/{BATCH}", server.base_url());
    for warning in [
        format!("warning: GET {url}: 503 Service Unavailable\n"),
        "warning: the service answered with something else than the file batch `vsfb_abc123` of `vs_abc123`\n"
            .to_owned(),
    ] {
        let mut vsfb = vsfb_at(&server);
        vsfb.args(["wait", "--timeout", "0", "--max-retries", "0", "-o", "jsonl"]).write_stdin(in_progress());
        let outcome = run(&mut vsfb);
        assert_eq!((outcome.code, outcome.stdout), (8, in_progress() + "\n"));
        assert!(outcome.stderr.starts_with(&warning), "{}", outcome.stderr);
        assert!(!outcome.stderr.contains("again"), "{}", outcome.stderr);
    }
}

#[test]
fn a_refusal_ends_the_wait_with_its_status_and_the_others_are_shown() {
    for (status, code) in [(404, 1), (400, 1), (401, 4), (403, 4)] {
        let server = Server::with(move |request: &Request| {
            let is_other = request.target.ends_with("other");
            if is_other { Answer::json(200, batch("other", "in_progress", (1, 0))) } else { Answer::json(status, "{}") }
        });
        let arguments = ["wait", "vs_abc123", "other", BATCH, "-q", "--transform", "id", "-r"];
        let outcome = run(vsfb_at(&server).args(arguments));
        assert_eq!(outcome.code, code, "{}", outcome.stderr);
        // Who is refused needs no look at the others.
        assert!(outcome.stdout == "other\n" || (code == 4 && outcome.stdout.is_empty()), "{}", outcome.stdout);
        let words = format!("error: failed to wait for the file batch `{BATCH}` of `vs_abc123`\n");
        assert!(outcome.stderr.contains(&words), "{}", outcome.stderr);
    }
}

#[test]
fn a_new_batch_that_is_not_found_at_first_is_waited_for() {
    let emulator = Emulator::start(&["--file-time", "20ms", "--fault", "not-found-at-first=50ms"]);
    let create = ["create", "vs_abc123", "--file-id", "file-a", "--wait", "--poll-interval", "5ms"];
    assert_eq!(at(&emulator, &create, ""), Outcome::success("completed\n"));
    let statuses: Vec<Value> = emulator.recorded(&["status"]).into_iter().map(|row| row[0].clone()).collect();
    assert!(statuses.contains(&json!(404)), "{statuses:?}");
}

#[test]
fn what_is_not_the_batch_is_asked_for_again() {
    let emulator = Emulator::start(&["--file-time", "20ms", "--fault", "wrong-object=2"]);
    let create = ["create", "vs_abc123", "--file-id", "file-a", "--wait", "--poll-interval", "5ms"];
    let outcome = run(vsfb_at(&emulator).args(create).args(["-o", "jsonl"]));
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    let shown: Value = serde_json::from_str(&outcome.stdout).unwrap();
    let id = shown["id"].as_str().unwrap();
    let warning = format!(
        "warning: the service answered with something else than the file batch `{id}` of `vs_abc123`; it is asked again\n"
    );
    assert_eq!(outcome.stderr.matches("warning").count(), 1, "{}", outcome.stderr);
    assert!(outcome.stderr.contains(&warning), "{}", outcome.stderr);
}

#[test]
fn an_unknown_status_counts_as_in_progress_and_is_said_once() {
    let other = || Answer::json(200, batch(BATCH, "paused", (1, 0)));
    let server = Server::answering([other(), other(), Answer::json(200, completed())]);
    let outcome = run(vsfb_at(&server).args(["wait", "vs_abc123", BATCH, "--poll-interval", "1ms", "-o", "jsonl"]));
    let stderr = "warning: the file batch `vsfb_abc123` of `vs_abc123` has the unknown status `paused`; it counts as in progress\nnote: `vsfb_abc123` is paused: 1 of 4 files completed, 3 in progress\n";
    assert_eq!(outcome, Outcome { code: 0, stdout: completed() + "\n", stderr: stderr.to_owned() });
}

#[test]
fn the_deadline_covers_requests_that_hang() {
    let server = Server::answering([Answer::json(200, in_progress()), Answer::silence()]);
    let before = Instant::now();
    let outcome = wait(&server, &["--timeout", "200ms"]);
    assert_eq!((outcome.code, outcome.stdout.as_str()), (8, "in_progress\n"), "{}", outcome.stderr);
    assert!(before.elapsed() < Duration::from_secs(20));
}

#[test]
fn a_batch_that_could_never_be_seen_in_time_is_said_to_be_so() {
    let server = Server::answering([Answer::silence()]);
    let outcome = wait(&server, &["--timeout", "100ms"]);
    assert_eq!((outcome.code, outcome.stdout.as_str()), (8, ""), "{}", outcome.stderr);
    let words = format!("error: failed to wait for the file batch `{BATCH}` of `vs_abc123`");
    assert!(outcome.stderr.contains(&words), "{}", outcome.stderr);
}
