//! What ends a wait from outside, and where its output goes: signals, a reader that leaves, a terminal.

use crate::support::command::{Outcome, spawnable_vsfb_at};
use crate::support::emulator::Emulator;
use crate::support::message::{Answer, Request};
use crate::support::running::start;
use crate::support::server::Server;
use crate::support::terminal::Terminal;
use crate::wait::{BATCH, batch, completed, in_progress};

#[test]
fn an_interrupted_wait_leaves_the_batch_and_says_how_to_go_on() {
    for (terminate, code) in [(false, 130), (true, 143)] {
        let server = Server::with(|_: &Request| Answer::json(200, in_progress()));
        let mut vsfb = spawnable_vsfb_at(&server);
        vsfb.args(["wait", "vs_abc123", BATCH, "-q", "--poll-interval", "1ms", "--transform", "status", "-r"]);
        let running = start(&mut vsfb);
        server.await_requests(2);
        if terminate {
            running.terminate();
        } else {
            running.interrupt();
        }
        let stderr = "hint: `vsfb wait vs_abc123 vsfb_abc123` to wait on; the service goes on\n".to_owned();
        assert_eq!(running.finish(), Outcome { code, stdout: "in_progress\n".to_owned(), stderr });
        assert!(server.requests().iter().all(|request| request.method == "GET"));
    }
}

#[test]
fn an_interrupt_can_cancel() {
    let server = Server::with(|request: &Request| {
        let is_cancel = request.target.ends_with("/cancel");
        Answer::json(200, if is_cancel { batch(BATCH, "cancelled", (1, 0)) } else { in_progress() })
    });
    let mut vsfb = spawnable_vsfb_at(&server);
    vsfb.args(["wait", "vs_abc123", BATCH, "--cancel-on-interrupt", "--transform", "status", "-r"]);
    let running = start(&mut vsfb);
    server.await_requests(1);
    running.interrupt();
    let stderr = "note: the service was asked to cancel the file batch `vsfb_abc123` of `vs_abc123`\n";
    let outcome = running.finish();
    assert_eq!((outcome.code, outcome.stdout.as_str()), (130, "cancelled\n"));
    // How far it was is said only if an answer came before the signal.
    assert!(outcome.stderr.ends_with(stderr), "{}", outcome.stderr);
}

#[test]
fn a_second_interrupt_ends_it_at_once() {
    let server = Server::with(|request: &Request| {
        if request.target.ends_with("/cancel") { Answer::silence() } else { Answer::json(200, in_progress()) }
    });
    let mut vsfb = spawnable_vsfb_at(&server);
    vsfb.args(["wait", "vs_abc123", BATCH, "-q", "--poll-interval", "10s", "--cancel-on-interrupt"]);
    let running = start(&mut vsfb);
    server.await_requests(1);
    running.interrupt();
    server.await_requests(2);
    running.interrupt();
    assert_eq!(running.finish(), Outcome::failure(130, ""));
}

#[test]
fn a_reader_that_leaves_ends_no_wait_and_hides_no_status() {
    let server = Server::with(|request: &Request| {
        let is_list = request.target.contains("/files");
        Answer::json(
            200,
            if is_list {
                r#"{"object":"list","data":[],"has_more":false}"#.to_owned()
            } else {
                batch(BATCH, "failed", (0, 4))
            },
        )
    });
    let mut vsfb = spawnable_vsfb_at(&server);
    vsfb.args(["wait", "vs_abc123", BATCH, "-q"]);
    let outcome = start(&mut vsfb).stop_reading();
    assert_eq!((outcome.code, outcome.stdout.as_str()), (3, ""), "{}", outcome.stderr);
    assert!(outcome.stderr.contains("is failed: 0 of 4 files completed, 4 failed\n"), "{}", outcome.stderr);
}

#[test]
fn a_create_without_a_reader_is_waited_for_to_the_end_and_says_why_files_failed() {
    let emulator = Emulator::start(&["--file-time", "500ms"]);
    let mut vsfb = spawnable_vsfb_at(&emulator);
    vsfb.args(["create", "vs_1", "--file-id", "file-a", "--file-id", "file-fail-invalid"]);
    vsfb.args(["--wait", "--poll-interval", "5ms", "-q"]);
    let outcome = start(&mut vsfb).stop_reading();
    assert_eq!((outcome.code, outcome.stdout.as_str()), (3, ""), "{}", outcome.stderr);
    let lines: Vec<_> = outcome.stderr.lines().collect();
    assert!(lines[1].starts_with("invalid_file  file-fail-invalid  "), "{lines:?}");
    assert!(lines[2].ends_with("is completed: 1 of 2 files completed, 1 failed"), "{lines:?}");
    let paths: Vec<_> = emulator.asked().into_iter().filter(|line| !line.contains("?filter=failed")).collect();
    assert!(paths.len() > 2 && paths[0].starts_with("POST "), "{paths:?}");
}

#[test]
fn a_terminal_has_bars_that_leave_nothing_behind() {
    let server = Server::answering([in_progress(), in_progress(), completed()].map(|body| Answer::json(200, body)));
    let mut vsfb = spawnable_vsfb_at(&server);
    vsfb.args(["wait", "vs_abc123", BATCH, "--poll-interval", "100ms", "-o", "jsonl"]).env("TERM", "xterm");
    let outcome = Terminal::sized(120, 24).stderr().run(&mut vsfb);
    assert_eq!((outcome.code, outcome.stdout), (0, completed() + "\n"));
    assert!(
        outcome.stderr.contains("vsfb_abc123 [█████░░░░░░░░░░░░░░░] 1/4 0.0/s ETA - 1 completed, 3 in progress"),
        "{:?}",
        outcome.stderr
    );
    assert!(outcome.stderr.ends_with("\u{1b}[2K"), "{:?}", outcome.stderr);
}

#[test]
fn a_narrow_terminal_has_a_line_for_each_batch() {
    let long = "vsfb_0123456789abcdef0123456789abcdef";
    let other = format!("{long}2");
    for (columns, line) in
        [(80, "vsfb_0123456789… [██░░░░░░░░] 1/4 0.0/s ETA - 1 completed"), (40, "vsfb_0123… [█░░░░] 1/4 - ")]
    {
        let server = Server::with(|request: &Request| {
            let id = request.target.rsplit('/').next().unwrap();
            Answer::json(200, batch(id, "in_progress", (1, 0)))
        });
        let mut vsfb = spawnable_vsfb_at(&server);
        vsfb.args(["wait", "vs_abc123", long, &other, "--timeout", "400ms", "--poll-interval", "50ms"])
            .env("TERM", "xterm");
        let outcome = Terminal::sized(columns, 20).stderr().run(&mut vsfb);
        assert_eq!(outcome.code, 8);
        assert!(outcome.stderr.contains(line), "{:?}", outcome.stderr);
        for bar in outcome.stderr.split("vsfb_").filter(|text| text.contains('░')) {
            let text = bar.split('\u{1b}').next().unwrap().trim_end();
            assert!("vsfb_".len() + text.chars().count() <= usize::from(columns), "{bar:?}");
        }
    }
}
