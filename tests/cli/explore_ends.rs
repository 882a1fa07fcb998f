//! How `--format explore` ends: left, ended by a signal, without a terminal or a service; and where there is none of it.

use std::time::Duration;

use rustix::process::Signal;

use super::explore::{before, explore, leaves, steps};
use super::samples::{BATCH, COMPLETED, FAILED, page, page_of_many};
use super::support::command::Outcome;
use super::support::message::Answer;
use super::support::seat::Seat;
use super::support::server::Server;
use super::support::terminal::Terminal;

#[test]
fn q_escape_and_ctrl_c_leave() {
    for key in ["q", "\u{1b}", "\u{3}"] {
        let (_server, _vsfb, mut seat) = before(BATCH);
        seat.await_texts(&["q quit"]);
        leaves(seat, key);
    }
}

#[test]
fn a_value_is_printed_as_it_is() {
    for (keys, printed) in [("p", "vsfb_abc123\n"), ("jjp", "1699061776\n"), ("jjjjjljp", "12\n")] {
        let (_server, _vsfb, mut seat) = before(BATCH);
        seat.await_texts(&["q quit"]);
        seat.press(keys);
        let left = seat.finish();
        assert_eq!((left.code, left.stderr.as_str()), (0, ""));
        let (_, after) = left.written.rsplit_once("\u{1b}[?1049l").unwrap();
        assert_eq!(after, printed);
    }
}

#[test]
fn a_signal_gives_the_terminal_back() {
    for (signal, code) in [(Signal::TERM, 143), (Signal::HUP, 129), (Signal::INT, 130), (Signal::QUIT, 131)] {
        let (_server, _vsfb, mut seat) = before(BATCH);
        seat.await_texts(&["q quit"]);
        seat.signal(signal);
        let left = seat.finish();
        assert_eq!((left.code, left.stderr.as_str(), left.screen.as_str()), (code, "", ""));
    }
}

#[test]
fn a_terminal_that_is_gone_ends_it() {
    let (_server, _vsfb, mut seat) = before(BATCH);
    seat.await_texts(&["q quit"]);
    let outcome = seat.hang_up();
    assert_eq!((outcome.code, outcome.stderr.as_str()), (1, "error: the terminal is gone\n"));
}

#[test]
fn one_can_leave_while_the_service_is_silent() {
    let server = Server::answering([Answer::silence()]);
    let mut vsfb = explore(&server, "list-files");
    let mut seat = Seat::start(80, 24, &mut vsfb);
    seat.await_texts(&["0/0, loading"]);
    server.await_requests(1);
    leaves(seat, "q");
}

#[test]
fn a_service_that_dies_leaves_what_is_there() {
    let server = Server::answering([Answer::json(200, page_of_many(&[COMPLETED, FAILED])), Answer::hang_up()]);
    let mut vsfb = explore(&server, "list-files");
    let mut seat = Seat::start(80, 24, vsfb.args(["--max-retries", "0"]));
    seat.await_texts(&["1/2, broken off\n", "file-abc123", "without an answer"]);
    steps(&mut seat, &[("j", &["> failed     file-def456"])]);
    seat.press("q");
    let left = seat.finish();
    assert_eq!((left.code, left.screen.as_str()), (1, ""));
    let action = "error: failed to list the files of the file batch `vsfb_abc123` of `vs_abc123`: ";
    assert!(left.stderr.starts_with(action) && left.stderr.contains("\nhint: "), "{}", left.stderr);
}

#[test]
fn a_terminal_that_takes_nothing_for_a_while_is_given_back() {
    let server = Server::answering([Answer::json(200, page_of_many(&[COMPLETED, FAILED])), Answer::hang_up()]);
    let mut vsfb = explore(&server, "list-files");
    let mut seat = Seat::start_around(80, 24, vsfb.args(["--max-retries", "0"]));
    seat.await_texts(&["without an answer"]);
    seat.fill();
    seat.press("q");
    assert!(!seat.ends_within(Duration::from_millis(500)), "it waits for the terminal");
    let left = seat.finish();
    assert!(left.code == 1 && left.screen.contains("error: failed to list the files"), "{}", left.screen);
}

#[test]
fn a_signal_does_not_wait_for_a_terminal_that_takes_nothing() {
    for keys in ["", "?"] {
        let (_server, _vsfb, mut seat) = before(BATCH);
        seat.await_texts(&["q quit"]);
        seat.fill();
        seat.press(keys);
        seat.signal(Signal::TERM);
        assert!(seat.ends_within(Duration::from_secs(20)));
    }
}

#[test]
fn what_is_traced_is_said_afterwards() {
    let server = Server::answering([Answer::json(200, page(&[COMPLETED]))]);
    let mut vsfb = explore(&server, "list-files");
    let mut seat = Seat::start_around(80, 24, vsfb.arg("--debug"));
    let screen = seat.await_texts(&["1/1\n"]);
    assert!(!screen.contains("GET"), "{screen}");
    seat.press("q");
    let left = seat.finish();
    assert!(left.screen.contains("< 200 OK after"), "{}", left.screen);
}

#[test]
fn what_a_signal_has_ended_is_written() {
    let server = Server::with(|_| Answer::json(200, BATCH));
    let mut vsfb = explore(&server, "wait");
    let seat = Seat::start(80, 24, vsfb.args(["--poll-interval", "10ms", "--quiet"]).env("NO_COLOR", "1"));
    server.await_requests(2);
    seat.signal(Signal::TERM);
    let left = seat.finish();
    assert_eq!((left.code, left.stderr.contains("error")), (143, false), "{}", left.stderr);
    assert!(left.written.starts_with("{\n  \"id\": \"vsfb_abc123\""), "{:?}", left.written);
}

#[test]
fn elsewhere_it_is_json() {
    let json = serde_json::to_string_pretty(&serde_json::from_str::<serde_json::Value>(BATCH).unwrap()).unwrap() + "\n";
    let note = "note: --format explore needs a terminal; this is JSON\n";
    let server = Server::answering([Answer::json(200, BATCH), Answer::json(200, BATCH), Answer::json(200, BATCH)]);
    let outcome = Terminal::sized(80, 24).typing("").stderr().run(explore(&server, "retrieve").env("NO_COLOR", "1"));
    assert_eq!(outcome, Outcome { stderr: note.to_owned(), ..Outcome::success(json.clone()) });
    let outcome = Terminal::sized(80, 24).typing("").run(explore(&server, "retrieve").arg("--quiet"));
    assert_eq!(outcome, Outcome::success(json.clone()));
    let mut dumb = explore(&server, "retrieve");
    let outcome = Terminal::around(80, 24).run(dumb.env("TERM", "dumb"));
    assert_eq!(outcome, Outcome { stderr: note.to_owned(), ..Outcome::success(json) });
}
