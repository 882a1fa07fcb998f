//! What ends a create of many batches from outside, and where its output goes: signals, and a reader that leaves.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use serde_json::json;

use crate::many::{batch, created_from, files_of, flags, ids, notes, service};
use crate::samples::error;
use crate::support::command::{Outcome, spawnable_vsfb_at};
use crate::support::emulator::Emulator;
use crate::support::message::{Answer, Gate, Request};
use crate::support::running::{Limited, start};
use crate::support::server::Server;

const INTERRUPTED: &str = "error: of 3 files not all were sent:\n  files 1 to 2 are in `vsfb_1`\n  file 3 is in no batch of this run\nhint: the same command with --resume goes on from there\n";

const UNDER_WAY: &str = "error: --resume: the run is still under way, in another process\nhint: nothing was sent; `vsfb journal` lists what was sent before, and without --resume a new run begins\n";

#[test]
fn a_signal_between_two_batches_ends_it_at_once_and_it_can_be_resumed() {
    for (terminate, code) in [(false, 130), (true, 143)] {
        let server = service(|_| None);
        let mut vsfb = spawnable_vsfb_at(&server);
        // The second batch may go a minute after the first.
        let line = format!("create vs_1 --batch-size 2 --rate 2 -o jsonl{}", flags(3));
        let mut running = start(vsfb.args(line.split(' ')));
        assert_eq!(running.next_line(), batch(1, 2));
        // As long as it is under way, nobody else goes on with it.
        let mut other = spawnable_vsfb_at(&server);
        other.env("XDG_STATE_HOME", vsfb.home().join("state"));
        let other = start(other.args(line.split(' ')).arg("--resume")).finish();
        assert_eq!(other, Outcome::failure(2, UNDER_WAY));
        if terminate {
            running.terminate();
        } else {
            running.interrupt();
        }
        let length = "note: 2 batches take about 1m at this pace; --rate changes it\n";
        let stderr = format!("{length}note: batch 1 of 2 is `vsfb_1`: files 1 to 2\n{INTERRUPTED}");
        assert_eq!(running.finish(), Outcome { code, stdout: batch(1, 2) + "\n", stderr });

        let outcome = start(vsfb.args(["--rate", "off", "--resume"])).finish();
        let stderr = "note: batch 2 of 2 is `vsfb_2`: file 3\n".to_owned();
        assert_eq!(outcome, Outcome { code: 0, stdout: batch(2, 1) + "\n", stderr });
        assert_eq!(created_from(&server), [ids(3)[..2].to_vec(), ids(3)[2..].to_vec()]);
    }
}

#[test]
fn a_retry_that_is_under_way_is_not_gone_on_with_either() {
    let failed: Vec<_> = ids(3).iter().map(|id| json!({"id": id, "object": "vector_store.file", "created_at": 1, "usage_bytes": 0, "vector_store_id": "vs_1", "status": "failed", "last_error": {"code": "server_error", "message": "Sorry."}})).collect();
    let list = json!({"object": "list", "data": failed, "has_more": false}).to_string();
    let ended = batch(1, 3).replace("in_progress", "completed");
    let server = Server::with(move |request: &Request| match request.method.as_str() {
        "POST" => Answer::json(200, batch(2, files_of(&request.json()).len())),
        _ if request.target.contains("filter=failed") => Answer::json(200, list.clone()),
        _ if request.target.contains("/files?") => {
            Answer::json(200, r#"{"object": "list", "data": [], "has_more": false}"#)
        }
        _ => Answer::json(200, ended.clone()),
    });
    let line = "retry vs_1 vsfb_1 --batch-size 2 --rate 2 -o jsonl";
    let mut vsfb = spawnable_vsfb_at(&server);
    let mut running = start(vsfb.args(line.split(' ')));
    assert_eq!(running.next_line(), batch(2, 2));
    let mut other = spawnable_vsfb_at(&server);
    other.env("XDG_STATE_HOME", vsfb.home().join("state"));
    let other = start(other.args(line.split(' ')).arg("--resume")).finish();
    assert_eq!((other.code, other.stdout.as_str()), (2, ""));
    assert!(other.stderr.ends_with(UNDER_WAY), "{}", other.stderr);
    running.terminate();
    assert_eq!(running.finish().code, 143);
    assert_eq!(created_from(&server), [ids(3)[..2].to_vec()]);
}

#[test]
fn an_interrupt_can_cancel_what_was_created() {
    let server = Server::with(|request: &Request| {
        let count = if request.target.ends_with("/cancel") { 2 } else { files_of(&request.json()).len() };
        Answer::json(200, batch(1, count))
    });
    let mut vsfb = spawnable_vsfb_at(&server);
    let line = format!("create vs_1 --batch-size 2 --rate 2 -o jsonl --wait --cancel-on-interrupt{}", flags(3));
    let running = start(vsfb.args(line.split(' ')));
    server.await_requests(1);
    running.interrupt();
    let outcome = running.finish();
    assert_eq!((outcome.code, outcome.stdout), (130, batch(1, 2) + "\n"));
    let stderr = "note: the service was asked to cancel the file batch `vsfb_1` of `vs_1`\nhint: `vsfb retry vs_1 vsfb_1` attaches what was cancelled once more; --resume does not\n";
    assert!(outcome.stderr.ends_with(stderr), "{}", outcome.stderr);
    let targets: Vec<_> = server.requests().into_iter().map(|request| request.target).collect();
    let path = "/v1/vector_stores/vs_1/file_batches";
    assert_eq!(targets, [path.to_owned(), format!("{path}/vsfb_1/cancel")]);
}

#[test]
fn a_signal_during_the_last_request_ends_the_wait_before_it_begins() {
    let gate = Gate::new();
    let held = gate.clone();
    let server = service(move |number| (number == 2).then(|| Answer::json(200, batch(2, 1)).held_by(&held)));
    let mut vsfb = spawnable_vsfb_at(&server);
    let line = format!("create vs_1 --batch-size 2 -o jsonl --wait{}", flags(3));
    let mut child = vsfb.args(line.split(' ')).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let (stdout, stderr) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
    let id = rustix::process::Pid::from_child(&child);
    let child = Limited::new(child);
    server.await_requests(2);
    rustix::process::kill_process(id, rustix::process::Signal::INT).unwrap();
    let mut lines = BufReader::new(stderr).lines().map(Result::unwrap);
    let mut said: Vec<_> = lines.by_ref().take(2).collect();
    gate.open();
    said.extend(lines);
    let said = said.join("\n") + "\n";
    let stdout = std::io::read_to_string(stdout).unwrap();
    let [one, two] = [1, 2].map(|part| notes(&[2, 1]).lines().nth(part - 1).unwrap().to_owned());
    let stopping = "note: stopping after the request that is under way; once more stops at once";
    let hint = "hint: all files were sent; `vsfb wait vs_1 vsfb_1 vsfb_2` to wait for their end; the service goes on";
    assert_eq!(said, format!("{one}\n{stopping}\n{two}\n{hint}\n"));
    assert_eq!((child.wait().code(), stdout), (Some(130), format!("{}\n{}\n", batch(1, 2), batch(2, 1))));
    assert!(server.requests().iter().all(|request| request.method == "POST"), "nothing was waited for");
}

#[test]
fn a_signal_while_an_answer_is_looked_for_leaves_that_to_resume() {
    let is_there = Arc::new(AtomicBool::new(false));
    let found = Arc::clone(&is_there);
    let server = Server::with(move |request: &Request| match (request.method.as_str(), found.load(Relaxed)) {
        ("POST", false) => Answer::hang_up(),
        ("POST", true) => Answer::json(200, batch(2, 1)),
        (_, false) => Answer::json(404, error("No such file", "")),
        (_, true) => Answer::json(200, r#"{"id":"file-1","object":"vector_store.file"}"#),
    });
    let mut vsfb = spawnable_vsfb_at(&server);
    vsfb.args(format!("create vs_1 --batch-size 2 --quiet -o jsonl{}", flags(3)).split(' '));
    let running = start(&mut vsfb);
    server.await_requests(2);
    running.interrupt();
    let stderr = "error: of 3 files not all were sent:\n  what came of files 1 to 2 is not known\n  file 3 is in no batch of this run\nhint: the same command with --resume goes on from there\n";
    assert_eq!(running.finish(), Outcome::failure(130, stderr));
    is_there.store(true, Relaxed);
    assert_eq!(start(vsfb.arg("--resume")).finish(), Outcome::success(batch(2, 1) + "\n"));
}

#[test]
fn a_reader_that_leaves_ends_nothing() {
    let server = service(|_| None);
    let mut vsfb = spawnable_vsfb_at(&server);
    let outcome = start(vsfb.args(format!("create vs_1 --batch-size 2{}", flags(5)).split(' '))).stop_reading();
    assert_eq!(outcome, Outcome { stderr: notes(&[2, 2, 1]), ..Outcome::success("") });
    assert_eq!(created_from(&server).concat(), ids(5));
}

#[test]
fn a_reader_that_leaves_hides_no_failed_file() {
    let emulator = Emulator::start(&["--file-time", "0"]);
    let mut vsfb = spawnable_vsfb_at(&emulator);
    vsfb.args([
        "create",
        "vs_1",
        "--batch-size",
        "1",
        "--wait",
        "--quiet",
        "--file-id=file-a",
        "--file-id=file-fail-server",
    ]);
    vsfb.args(["--file-id=file-b"]);
    let outcome = start(&mut vsfb).stop_reading();
    assert_eq!((outcome.code, outcome.stdout.as_str()), (3, ""), "{}", outcome.stderr);
    assert!(outcome.stderr.contains("file-fail-server  An internal error"), "{}", outcome.stderr);
}
