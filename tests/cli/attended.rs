//! Somebody looks at an explorer or a pager: what must not wait for that, and what is not shown to them any more.

use std::fs;

use rustix::process::Signal;

use crate::samples::BATCH;
use crate::support::command::{run, spawnable_vsfb_at, vsfb_at};
use crate::support::message::Answer;
use crate::support::seat::Seat;
use crate::support::server::Server;
use crate::support::synced::Synced;
use crate::support::terminal::Terminal;

const EXPLORER: &str = "\u{1b}[?1049h";

/// A folder with more files than the terminal has rows.
fn many() -> Synced {
    let names: Vec<_> = (0..12).map(|number| format!("{number:02}.md")).collect();
    Synced::of(&names.iter().map(String::as_str).collect::<Vec<_>>())
}

#[test]
fn a_run_that_a_signal_ends_is_written() {
    let server = Server::with(|_| Answer::json(200, BATCH));
    let mut vsfb = spawnable_vsfb_at(&server);
    vsfb.args(["create", "vs_abc123", "--file-id", "a", "--file-id", "b", "--batch-size", "1", "--rate", "1"]);
    vsfb.args(["-o", "explore"]).envs([("TERM", "xterm"), ("NO_COLOR", "1")]);
    let mut seat = Seat::start_around(80, 24, &mut vsfb);
    // The next one is to be sent in a minute.
    seat.await_texts(&["batch 1 of 2"]);
    seat.signal(Signal::TERM);
    let left = seat.finish();
    assert_eq!((left.code, left.written.contains(EXPLORER)), (143, false), "{}", left.screen);
    assert!(left.written.contains("{\n  \"id\": \"vsfb_abc123\","), "{}", left.written);
}

#[test]
fn the_journal_knows_how_a_wait_ended_before_anybody_looks_at_it() {
    let server = Server::with(|request| {
        let is_over = request.method == "GET";
        Answer::json(200, if is_over { BATCH.replace("in_progress\",", "completed\",") } else { BATCH.to_owned() })
    });
    let folder = tempfile::tempdir().expect("a folder");
    let journal = folder.path().join("journal");
    let mut create = vsfb_at(&server);
    assert_eq!(run(create.env("VSFB_JOURNAL", &journal).args(["create", "vs_abc123", "--file-id", "a"])).code, 0);
    let mut vsfb = spawnable_vsfb_at(&server);
    vsfb.args(["wait", "vs_abc123", "vsfb_abc123", "-o", "explore"]).env("VSFB_JOURNAL", &journal).env("TERM", "xterm");
    let mut seat = Seat::start(80, 24, &mut vsfb);
    seat.await_texts(&["q quit"]);
    let known = fs::read_to_string(&journal).expect("a journal");
    assert!(known.lines().last().is_some_and(|line| line.contains("\"ended\"")), "{known}");
    seat.press("q");
    seat.finish();
}

#[test]
fn a_pager_keeps_nobody_else_from_syncing() {
    let synced = many();
    let other = synced.spawnable(&["--quiet"]);
    let words: Vec<_> = other.get_args().map(|word| word.to_string_lossy().into_owned()).collect();
    let again = format!("sh -c 'cat; {} {}; echo status $?'", other.get_program().display(), words.join(" "));
    let mut vsfb = synced.spawnable(&["--quiet"]);
    vsfb.env_remove("CI").env("PATH", "/usr/bin:/bin").env("VSFB_PAGER", again).env("TERM", "xterm");
    let outcome = Terminal::around(80, 10).run(&mut vsfb);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""));
    assert!(outcome.stdout.ends_with("status 0\n"), "{}", outcome.stdout);
}

#[test]
fn ctrl_c_is_meant_for_the_pager_however_often() {
    let synced = many();
    let mut vsfb = synced.spawnable(&["--quiet"]);
    let pager = "sh -c 'trap \"\" INT; kill -INT $PPID; kill -INT $PPID; sed \"s/^/| /\"'";
    vsfb.env_remove("CI").env("PATH", "/usr/bin:/bin").env("VSFB_PAGER", pager).env("TERM", "xterm");
    let outcome = Terminal::around(80, 10).run(&mut vsfb);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""));
    assert_eq!(outcome.stdout.lines().filter(|line| line.starts_with("| ")).count(), 13, "{}", outcome.stdout);
}

#[test]
fn a_sync_that_a_signal_ends_opens_no_pager() {
    let names: Vec<_> = (0..12).map(|number| format!("slow-{number:02}.md")).collect();
    let names: Vec<_> = names.iter().map(String::as_str).collect();
    let synced = Synced::at(&["--file-time", "1h"], &names);
    let mut vsfb = synced.spawnable(&[]);
    vsfb.env("PATH", "/usr/bin:/bin").env("VSFB_PAGER", "sed 's/^/| /'").envs([("TERM", "xterm"), ("NO_COLOR", "1")]);
    let mut seat = Seat::start_around(80, 10, &mut vsfb);
    seat.await_texts(&["0/12"]);
    seat.signal(Signal::TERM);
    let left = seat.finish();
    assert_eq!(left.code, 143, "{}", left.screen);
    assert!(left.written.contains("slow-11.md") && !left.written.contains("| "), "{}", left.written);
}
