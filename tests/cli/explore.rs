//! `--format explore`, key by key, on a terminal.

use std::process::Command;

use super::samples::{BATCH, COMPLETED, FAILED, TARGET, WAITING, page};
use super::support::command::{Vsfb, spawnable_vsfb_at};
use super::support::emulator::Emulator;
use super::support::message::Answer;
use super::support::seat::Seat;
use super::support::server::Server;

/// A command about the batch whose answer is explored.
pub fn explore(server: &Server, command: &str) -> Vsfb<Command> {
    let mut vsfb = spawnable_vsfb_at(server);
    vsfb.arg(command).args(TARGET).args(["--format", "explore"]);
    vsfb
}

/// Somebody before this object.
pub fn before(object: &str) -> (Server, Vsfb<Command>, Seat) {
    let server = Server::answering([Answer::json(200, object)]);
    let mut vsfb = explore(&server, "retrieve");
    let seat = Seat::start(80, 24, vsfb.env("LC_ALL", "C.UTF-8"));
    (server, vsfb, seat)
}

/// Somebody before a batch of so many files of an emulator.
fn before_files(count: usize) -> (Emulator, Vsfb<Command>, Seat) {
    let emulator = Emulator::start(&["--file-time", "0"]);
    let ids: Vec<_> = (1..=count).map(|number| format!("file-{number:04}")).collect();
    let batch = emulator.make_batch(&ids.iter().map(String::as_str).collect::<Vec<_>>());
    let mut vsfb = spawnable_vsfb_at(&emulator);
    vsfb.args(["list-files", "vs_1", &batch, "--order", "asc", "-o", "explore"]);
    let seat = Seat::start(80, 24, &mut vsfb);
    (emulator, vsfb, seat)
}

/// Presses each of these and waits for what is to be seen then.
#[track_caller]
pub fn steps(seat: &mut Seat, steps: &[(&str, &[&str])]) {
    for (keys, texts) in steps {
        seat.press(keys);
        seat.await_texts(texts);
    }
}

/// Leaves with this key, which is a success without a word.
#[track_caller]
pub fn leaves(mut seat: Seat, key: &str) {
    seat.press(key);
    let left = seat.finish();
    assert_eq!((left.code, left.stderr.as_str(), left.screen.as_str()), (0, "", ""));
}

#[test]
fn an_object_is_its_members() {
    let (_server, _vsfb, mut seat) = before(BATCH);
    let screen = seat.await_texts(&["q quit"]);
    let lines: Vec<_> = screen.lines().collect();
    assert_eq!(lines[0], "vector_store.file_batch vsfb_abc123  1/6");
    assert_eq!(lines[1], "> id               vsfb_abc123");
    assert_eq!(lines[6], "  file_counts      {5}");
    leaves(seat, "q");
}

#[test]
fn each_key_moves_as_it_says() {
    let (emulator, _vsfb, mut seat) = before_files(250);
    seat.await_texts(&["> completed  file-0001"]);
    let up = "\u{1b}[A";
    let down = "\u{1b}[B";
    steps(
        &mut seat,
        &[
            ("j", &["> completed  file-0002"]),
            (down, &["> completed  file-0003"]),
            ("k", &["> completed  file-0002"]),
            (up, &["> completed  file-0001"]),
            (" ", &["> completed  file-0023"]),
            ("\u{1b}[6~", &["> completed  file-0045"]),
            ("\u{6}", &["> completed  file-0067"]),
            ("\u{2}", &["> completed  file-0045"]),
            ("\u{1b}[5~", &["> completed  file-0023"]),
            ("\u{4}", &["> completed  file-0034"]),
            ("\u{15}", &["> completed  file-0023"]),
            ("g", &["> completed  file-0001"]),
        ],
    );
    assert_eq!(emulator.asked().len(), 1);
    steps(
        &mut seat,
        &[
            ("G", &["> completed  file-0250", "250/250\n"]),
            ("\u{1b}[H", &["> completed  file-0001"]),
            ("\u{1b}[F", &["> completed  file-0250"]),
        ],
    );
    leaves(seat, "q");
}

#[test]
fn pages_are_loaded_as_one_gets_to_them() {
    let (emulator, _vsfb, mut seat) = before_files(250);
    seat.await_texts(&["1/100, more follow"]);
    steps(&mut seat, &[("   ", &["67/100"]), (" ", &["89/200, more follow"])]);
    assert_eq!(emulator.asked().len(), 2);
    leaves(seat, "q");
}

#[test]
fn the_last_page_is_known_to_be_the_last() {
    let (emulator, _vsfb, mut seat) = before_files(60);
    seat.await_texts(&["1/60\n", "file-0022"]);
    assert_eq!(emulator.asked().len(), 1);
    leaves(seat, "q");
}

#[test]
fn the_first_screen_of_two_thousand_files_takes_one_page() {
    let (emulator, _vsfb, mut seat) = before_files(2000);
    seat.await_texts(&["file-0001", "file-0022", "1/100, more follow"]);
    assert_eq!(emulator.asked().len(), 1);
    steps(&mut seat, &[("G", &["file-2000", "2000/2000\n", "file-1979"])]);
    leaves(seat, "q");
}

#[test]
fn what_is_selected_is_opened_and_left() {
    let (_server, _vsfb, mut seat) = before(COMPLETED);
    seat.await_texts(&["q quit"]);
    steps(
        &mut seat,
        &[
            (
                "jjjjjjjl",
                &["vector_store.file file-abc123 > chunking_strategy  1/2", "> type    static", "static  {2}"],
            ),
            ("j\r", &["max_chunk_size_tokens  800"]),
            ("\u{1b}[D", &["type    static"]),
            ("\u{7f}", &["> chunking_strategy  {2}"]),
            ("j\u{1b}[C", &["> team  red", "  year  2024"]),
            ("h", &["> attributes         {2}"]),
        ],
    );
    leaves(seat, "q");
}

#[test]
fn a_search_goes_over_keys_and_values_and_loads_more() {
    let (emulator, _vsfb, mut seat) = before_files(250);
    seat.await_texts(&["> completed  file-0001"]);
    steps(
        &mut seat,
        &[
            ("/FILE-007", &["/FILE-007", "> completed  file-0070"]),
            ("\u{7f}6\r", &["> completed  file-0060", "/FILE-006"]),
            ("n", &["> completed  file-0061"]),
            ("NN", &["> completed  file-0069"]),
            ("/x\u{1b}", &["> completed  file-0069", "/FILE-006"]),
        ],
    );
    assert_eq!(emulator.asked().len(), 1);
    steps(
        &mut seat,
        &[
            ("n", &["> completed  file-0060", "the search goes on from the beginning", "/250  "]),
            ("/0234\r", &["> completed  file-0234", "/0234"]),
            ("/nowhere\r", &["nowhere is not found", "/250"]),
        ],
    );
    leaves(seat, "q");
}

#[test]
fn a_list_is_filtered_by_status() {
    let server = Server::answering([Answer::json(200, page(&[COMPLETED, FAILED, WAITING]))]);
    let mut vsfb = explore(&server, "list-files");
    let mut seat = Seat::start(80, 24, &mut vsfb);
    seat.await_texts(&["files of vsfb_abc123  1/3\n", "file-def456  -         unsupported_file"]);
    steps(
        &mut seat,
        &[
            ("f", &["1/1 of 3  only failed", "> failed       file-def456"]),
            ("f", &["only in_progress", "> in_progress  file-ghi789"]),
            ("f", &["only completed", "> completed    file-abc123  123.5 kB"]),
            ("f", &["1/3\n"]),
        ],
    );
    leaves(seat, "q");
}

#[test]
fn raw_json_and_help_lie_on_top() {
    let (_server, _vsfb, mut seat) = before(BATCH);
    seat.await_texts(&["q quit"]);
    steps(
        &mut seat,
        &[
            ("Gr", &["> JSON", "  \"in_progress\": 1,"]),
            ("\u{1b}", &["> file_counts      {5}"]),
            ("?", &["> keys", "esc               close what is open on top"]),
            ("\u{1b}", &["> file_counts      {5}"]),
        ],
    );
    leaves(seat, "\u{1b}");
}

#[test]
fn an_id_is_copied_through_the_terminal() {
    let (_server, _vsfb, mut seat) = before(BATCH);
    seat.await_texts(&["q quit"]);
    steps(&mut seat, &[("y", &["vsfb_abc123 was given to the terminal to copy"])]);
    seat.press("q");
    let left = seat.finish();
    assert!(left.written.contains("\u{1b}]52;c;dnNmYl9hYmMxMjM=\u{7}"), "{:?}", left.written);
}

#[test]
fn a_terminal_of_another_size_is_filled() {
    let (_emulator, _vsfb, mut seat) = before_files(100);
    seat.await_texts(&["file-0022"]);
    for (columns, rows) in [(40, 12), (5, 2), (1, 1), (200, 60), (80, 24)] {
        seat.resize(columns, rows);
        let last = format!("file-{:04}", rows.saturating_sub(2));
        seat.await_screen(|screen| match rows {
            1 => screen.contents().starts_with('>'),
            2 => screen.contents().starts_with("> com\n"),
            _ => screen.contents().contains(&last),
        });
    }
    leaves(seat, "q");
}

#[test]
fn hostile_text_steers_nothing() {
    let deep = "[".repeat(100) + &"]".repeat(100);
    let (key, text) = ("k".repeat(100_000), "日".repeat(30_000));
    let object = format!(
        r#"{{"@this":"\u001b[2Ja\u0007\u009b31m\u202e\r\nb","a.b":1e3,"a.b":"e\u0301","{key}":"{text}","deep":{deep},"Z":"{}"}}"#,
        "\\u0301".repeat(1000)
    );
    let (_server, _vsfb, mut seat) = before(&object);
    seat.await_texts(&["> @this", "\\u001b[2Ja\\u0007\\u009b31m\\u202e b", "a.b", "1e3", "日日", "[1]"]);
    steps(&mut seat, &[("jjjl", &["> value"]), ("h", &["4/6"]), ("jl", &["deep"])]);
    seat.press(&"l".repeat(200));
    steps(&mut seat, &[("?", &["> keys"]), ("\u{1b}r", &["nothing"])]);
    seat.press("q");
    let left = seat.finish();
    assert_eq!((left.code, left.stderr.as_str(), left.screen.as_str()), (0, "", ""));
    assert!(!left.written.contains("\u{9b}") && !left.written.contains("\u{202e}"));
}

#[test]
fn colours_follow_the_flag_and_the_variables() {
    for (flags, variable, is_coloured) in [
        (&[] as &[&str], None, true),
        (&["--color", "never"], None, false),
        (&[], Some(("NO_COLOR", "1")), false),
        (&["--color", "always"], Some(("NO_COLOR", "1")), true),
    ] {
        let server = Server::answering([Answer::json(200, BATCH)]);
        let mut vsfb = explore(&server, "retrieve");
        let mut seat = Seat::start(80, 24, vsfb.args(flags).envs(variable));
        seat.await_texts(&["q quit"]);
        seat.press("q");
        let left = seat.finish();
        assert_eq!(left.written.contains(";34m"), is_coloured, "{flags:?} {variable:?}");
    }
}

#[test]
fn a_terminal_that_shows_only_ascii_gets_nothing_else() {
    let server = Server::answering([Answer::json(200, r#"{"id":"\u00db","é":"日"}"#)]);
    let mut vsfb = explore(&server, "retrieve");
    let mut seat = Seat::start(80, 24, vsfb.env("LC_ALL", "C"));
    seat.await_texts(&["\\u00db  1/2", "\\u00e9  \\u65e5"]);
    seat.press("q");
    assert!(seat.finish().written.is_ascii());
}

#[test]
fn a_transform_selects_what_is_explored() {
    let server = Server::answering([Answer::json(200, page(&[COMPLETED, FAILED]))]);
    let mut vsfb = explore(&server, "list-files");
    let mut seat = Seat::start(80, 24, vsfb.args(["--transform", "last_error.code"]));
    seat.await_texts(&["1/1\n", "> unsupported_file"]);
    leaves(seat, "q");
    let server = Server::answering([Answer::json(200, page(&[COMPLETED]))]);
    let mut vsfb = explore(&server, "list-files");
    let mut seat = Seat::start(80, 24, vsfb.args(["--transform", "nope"]));
    seat.await_texts(&["--transform nope matches nothing"]);
    seat.press("q");
    let left = seat.finish();
    assert_eq!((left.code, left.stderr.as_str()), (1, "error: --transform nope matches nothing\n"));
}

#[test]
fn batches_are_explored_at_their_end() {
    let emulator = Emulator::start(&["--file-time", "0"]);
    let batches = [emulator.make_batch(&["file-1"]), emulator.make_batch(&["file-2"])];
    let mut vsfb = spawnable_vsfb_at(&emulator);
    let mut seat = Seat::start(80, 24, vsfb.args(["wait", "vs_1", "--quiet", "-o", "explore"]).args(&batches));
    seat.await_texts(&["batches  1/2\n", &batches[0], &batches[1], "> completed", "1 completed"]);
    leaves(seat, "q");
}

#[test]
fn what_is_there_at_once_is_explored_as_well() {
    let emulator = Emulator::start(&["--file-time", "0"]);
    let mut create = spawnable_vsfb_at(&emulator);
    create.args(["create", "vs_1", "--file-id", "file-1", "-o", "explore"]);
    let mut seat = Seat::start(80, 24, create.arg("--dry-run"));
    seat.await_texts(&["JSON  1/1\n", "> file_ids  [1]"]);
    seat.press("q");
    let left = seat.finish();
    assert_eq!((left.code, left.screen.as_str()), (0, ""));
    assert!(left.stderr.starts_with("> POST "), "{}", left.stderr);
    let journal = create.home().join("journal");
    let mut create = spawnable_vsfb_at(&emulator);
    create.env("VSFB_JOURNAL", &journal).args(["create", "vs_1", "--file-id", "file-1", "-o", "explore"]);
    let mut seat = Seat::start(80, 24, &mut create);
    seat.await_texts(&["vector_store.file_batch vsfb_", "> id"]);
    leaves(seat, "q");
    let mut list = spawnable_vsfb_at(&emulator);
    let mut seat = Seat::start(80, 24, list.env("VSFB_JOURNAL", &journal).args(["journal", "-o", "explore"]));
    seat.await_texts(&["batches  1/1\n", "> completed  vsfb_"]);
    leaves(seat, "q");
}
