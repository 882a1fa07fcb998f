//! How a list is followed: pages, limits, cursors, and the guards against those that lie.

use std::collections::BTreeSet;

use serde_json::Value;

use super::answers::{SERVER_ERROR, error_value, file, files, page, page_body};
use super::support::command::{Outcome, run, spawnable_vsfb_at, vsfb_at};
use super::support::emulator::Emulator;
use super::support::message::{Answer, Gate, Request};
use super::support::running::start;
use super::support::server::Server;
#[cfg(unix)]
use super::support::terminal::Terminal;

const LIST: [&str; 3] = ["list-files", "vs_abc123", "vsfb_abc123"];
const IDS_ONLY: [&str; 3] = ["--transform", "id", "-r"];
const PATH: &str = "/v1/vector_stores/vs_abc123/file_batches/vsfb_abc123/files";
const ACTION: &str = "failed to list the files of the file batch `vsfb_abc123` of `vs_abc123`";

/// Words: the ids on a page, or flags.
type Words = &'static [&'static str];

/// The queries of the requests, in order.
fn queries(requests: &[Request]) -> Vec<&str> {
    let query = |request: &'_ Request| request.target.strip_prefix(PATH).map(str::len);
    requests.iter().map(|request| &request.target[request.target.len() - query(request).unwrap()..]).collect()
}

/// A batch of the files `file-1` and so on in an emulator.
fn service(count: usize) -> (Emulator, String) {
    let emulator = Emulator::start(&["--file-time", "0"]);
    let ids: Vec<_> = (1..=count).map(|number| format!("file-{number}")).collect();
    let batch = emulator.make_batch(&ids.iter().map(String::as_str).collect::<Vec<_>>());
    (emulator, batch)
}

/// What is asked of a batch with each of these queries.
fn asks(batch: &str, queries: &[&str]) -> Vec<String> {
    queries.iter().map(|query| format!("GET /v1/vector_stores/vs_1/file_batches/{batch}/files{query}")).collect()
}

/// The service's ids up to this number, one a line.
fn ids(count: usize) -> String {
    (1..=count).flat_map(|number| [format!("file-{number}"), "\n".to_owned()]).collect()
}

fn list_error(why: &str) -> String {
    format!("error: {ACTION}: {why}\n")
}

#[test]
fn pages_are_followed_to_the_end_a_hundred_at_a_time() {
    let cases: [(usize, &[&str]); 4] = [
        (1, &["?limit=100"]),
        (100, &["?limit=100"]),
        (101, &["?limit=100", "?after=file-100&limit=100"]),
        (250, &["?limit=100", "?after=file-100&limit=100", "?after=file-200&limit=100"]),
    ];
    for (count, expected) in cases {
        let (emulator, batch) = service(count);
        let outcome = run(vsfb_at(&emulator).args(["list-files", "vs_1", &batch]).args(IDS_ONLY));
        assert_eq!(outcome, Outcome::success(ids(count)), "{count}");
        assert_eq!(emulator.asked(), asks(&batch, expected), "{count}");
        let connections: BTreeSet<_> =
            emulator.recorded(&["connection"]).iter().skip(1).map(Value::to_string).collect();
        assert_eq!(connections.len(), 1);
    }
    let (emulator, batch) = service(1);
    let outcome = run(vsfb_at(&emulator).args(["list-files", "vs_1", &batch, "--filter", "failed"]));
    assert_eq!(outcome, Outcome::success(""));
    assert_eq!(emulator.asked(), asks(&batch, &["?filter=failed&limit=100"]));
}

#[test]
fn no_more_is_asked_for_than_is_wanted() {
    let cases: [(&[&str], usize, &[&str]); 11] = [
        (&["--max-items", "3"], 3, &["?limit=3"]),
        (&["--max-items", "100"], 100, &["?limit=100"]),
        (&["--max-items", "150"], 150, &["?limit=100", "?after=file-100&limit=50"]),
        (&["--max-items", "0"], 0, &["?limit=1"]),
        (&["--max-items", "0", "--limit", "5"], 0, &["?limit=5"]),
        (&["--max-items", "-1", "--limit", "100"], 160, &["?limit=100", "?after=file-100&limit=100"]),
        (&["--max-items=-7", "--limit=100"], 160, &["?limit=100", "?after=file-100&limit=100"]),
        (&["--limit", "2", "--max-items", "3"], 3, &["?limit=2", "?after=file-2&limit=2"]),
        (&["--limit", "2", "--max-items", "4"], 4, &["?limit=2", "?after=file-2&limit=2"]),
        (&["--limit", "010", "--max-items", "10"], 10, &["?limit=10"]),
        (&["--max-items", "9223372036854775807"], 160, &["?limit=100", "?after=file-100&limit=100"]),
    ];
    let (emulator, batch) = service(160);
    let mut before = 0;
    for (flags, count, expected) in cases {
        let outcome = run(vsfb_at(&emulator).args(["list-files", "vs_1", &batch]).args(IDS_ONLY).args(flags));
        assert_eq!(outcome, Outcome::success(ids(count)), "{flags:?}");
        let asked = emulator.asked();
        assert_eq!(asked[before..], asks(&batch, expected), "{flags:?}");
        before = asked.len();
    }
}

#[test]
fn what_is_asked_stays_in_the_query_of_every_page() {
    let emulator = Emulator::start(&["--file-time", "0"]);
    let names: Vec<_> = (1..=5).map(|number| format!("file-fail-server-{number}")).collect();
    let [first, second, third, fourth, last] = &names[..] else { panic!("five names") };
    let batch = emulator.make_batch(&[first, second, "file-good", third, fourth, last]);
    let flags = ["--limit", "2", "--order", "asc", "--after", first, "--before", last, "--filter", "failed"];
    let outcome = run(vsfb_at(&emulator).args(["list-files", "vs_1", &batch]).args(flags).args(IDS_ONLY));
    assert_eq!(outcome, Outcome::success(format!("{second}\n{third}\n{fourth}\n")));
    let rest = format!("&before={last}&filter=failed&limit=2&order=asc");
    let expected = [first, third].map(|id| format!("?after={id}{rest}"));
    assert_eq!(emulator.asked(), asks(&batch, &[&expected[0], &expected[1]]));
}

#[test]
fn a_cursor_arrives_as_it_is() {
    let server = Server::answering([page(&["a b&c=d/ü+%"], true), page(&["last"], false)]);
    let outcome = run(vsfb_at(&server).args(LIST).args(IDS_ONLY));
    assert_eq!(outcome, Outcome::success("a b&c=d/ü+%\nlast\n"));
    assert_eq!(queries(&server.requests())[1], "?after=a+b%26c%3Dd%2F%C3%BC%2B%25&limit=100");
}

#[test]
fn every_filter_order_and_page_size_is_sent_as_it_is() {
    let flags = [
        ("--filter", "in_progress", ""),
        ("--filter", "completed", "file-a\nfile-b\n"),
        ("--filter", "failed", "file-fail-server\n"),
        ("--filter", "cancelled", ""),
        ("--order", "asc", "file-a\nfile-fail-server\nfile-b\n"),
        ("--order", "desc", "file-a\nfile-fail-server\nfile-b\n"),
        ("--limit", "1", "file-a\nfile-fail-server\nfile-b\n"),
        ("--limit", "100", "file-a\nfile-fail-server\nfile-b\n"),
    ];
    let emulator = Emulator::start(&["--file-time", "0"]);
    let batch = emulator.make_batch(&["file-a", "file-fail-server", "file-b"]);
    for (flag, value, shown) in flags {
        let before = emulator.asked().len();
        let list = ["list-files", "vs_1", &batch, flag, value];
        assert_eq!(run(vsfb_at(&emulator).args(list).args(IDS_ONLY)), Outcome::success(shown), "{flag} {value}");
        let asked = emulator.asked().split_off(before);
        assert!(asked.iter().all(|line| line.contains(&format!("{}={value}", &flag[2..]))), "{asked:?}");
        assert_eq!(asked.len(), if value == "1" { 3 } else { 1 }, "{asked:?}");
    }
}

#[test]
fn what_cannot_be_asked_is_refused() {
    let page_size = ": a whole number from 1 to 100 is expected";
    let statuses = |near: &str| {
        format!(": the values are in_progress, completed, failed, cancelled\nhint: did you mean `{near}`?")
    };
    let cases = [
        ("--filter", "complete", &*statuses("completed")),
        ("--filter", "Failed", &*statuses("failed")),
        ("--order", "ascending", ": the values are asc, desc\nhint: did you mean `asc`?"),
        ("--limit", "0", page_size),
        ("--limit", "101", page_size),
        ("--limit", "-1", page_size),
        ("--limit", "1.0", page_size),
        ("--max-items", "many", ": a whole number is expected"),
    ];
    let server = Server::expecting_none();
    for (flag, value, why) in cases {
        let stderr = format!("error: `{flag} {value}`{why}\n");
        assert_eq!(run(vsfb_at(&server).args(LIST).args([flag, value])), Outcome::failure(2, stderr), "{flag}");
    }
}

#[test]
fn items_are_written_while_later_pages_are_awaited() {
    let gate = Gate::new();
    let server =
        Server::answering([page(&["f1", "f2"], true), page(&["f3"], true).held_by(&gate), page(&["f4"], false)]);
    let mut command = spawnable_vsfb_at(&server);
    let mut running = start(command.args(LIST).args(["--format", "jsonl"]));
    let line = |id: &str| {
        let value: serde_json::Value = serde_json::from_str(id).unwrap();
        value["id"].as_str().unwrap().to_owned()
    };
    assert_eq!([line(&running.next_line()), line(&running.next_line())], ["f1", "f2"]);
    assert!(!gate.is_open());
    gate.open();
    let outcome = running.finish();
    assert_eq!(outcome.stdout.lines().map(line).collect::<Vec<_>>(), ["f1", "f2", "f3", "f4"]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""));
    assert_eq!(server.connections(), 1);
}

#[test]
fn an_error_on_a_later_page_leaves_the_earlier_items() {
    let cases = [
        (500, "Internal Server Error", 1, ""),
        (401, "Unauthorized", 4, "hint: check the API key: OPENAI_API_KEY or --api-key\n"),
    ];
    for (status, reason, code, hint) in cases {
        let server = Server::answering([page(&["f1", "f2"], true), Answer::json(status, SERVER_ERROR)]);
        let outcome = run(vsfb_at(&server).args(LIST).args(["--max-retries", "0"]));
        let url = format!("{}?after=f2&limit=100", server.url() + PATH);
        let stderr = format!("GET {url}: {status} {reason}\n{}error: {ACTION}\n{hint}", error_value(SERVER_ERROR));
        assert_eq!(outcome, Outcome { code, stdout: files(&["f1", "f2"]), stderr });
    }
}

#[test]
fn a_list_ends_where_has_more_says_so_or_nothing_comes() {
    // What the first page says, and whether a second is asked for.
    let cases = [
        (",\"has_more\": false", false),
        (",\"has_more\": 0", false),
        (",\"has_more\": true", true),
        (",\"has_more\": null", true),
        (",\"has_more\": \"false\"", true),
        ("", true),
    ];
    for (has_more, follows) in cases {
        let mut answers = vec![Answer::json(200, page_body(&["f1"], has_more))];
        if follows {
            // An empty page ends it, whatever it says.
            answers.push(page(&[], true));
        }
        let server = Server::answering(answers);
        assert_eq!(run(vsfb_at(&server).args(LIST)), Outcome::success(file("f1")), "{has_more}");
    }
}

#[test]
fn a_list_that_repeats_itself_is_an_error_and_no_loop() {
    let why = "the service repeats itself: a page held only files that were listed before";
    let again = "the service repeats itself: a page ended with the same file as one before";
    let cases: [(Words, &[Words], Words, &str); 5] = [
        // The same page again and again.
        (&[], &[&["f1", "f2"], &["f1", "f2"]], &["f1", "f2"], why),
        (&["--max-items", "4"], &[&["f1", "f2"], &["f1", "f2"]], &["f1", "f2"], why),
        // The files of a page in another order.
        (&[], &[&["f1", "f2"], &["f2", "f1"]], &["f1", "f2"], why),
        // A new file, and the old cursor.
        (&[], &[&["f1", "f2"], &["f3", "f2"]], &["f1", "f2", "f3", "f2"], again),
        // The user's own cursor.
        (&["--after", "f2"], &[&["f1", "f2"]], &["f1", "f2"], again),
    ];
    for (flags, pages, shown, why) in cases {
        let server = Server::answering(pages.iter().map(|ids| page(ids, true)));
        let outcome = run(vsfb_at(&server).args(LIST).args(flags));
        assert_eq!(outcome, Outcome { code: 1, stdout: files(shown), stderr: list_error(why) }, "{pages:?}");
    }
}

#[test]
fn a_connection_that_is_closed_between_pages_is_made_again() {
    // Some compatible servers close connections without having said so.
    let server =
        Server::answering([page(&["f1"], true).dropping(), page(&["f2"], true).closing(), page(&["f3"], false)]);
    assert_eq!(run(vsfb_at(&server).args(LIST).args(IDS_ONLY)), Outcome::success("f1\nf2\nf3\n"));
    assert_eq!(server.connections(), 3);
}

#[test]
fn files_that_moved_onto_the_next_page_are_no_error() {
    let server = Server::answering([page(&["f1", "f2"], true), page(&["f2", "f3"], true), page(&["f4"], false)]);
    let outcome = run(vsfb_at(&server).args(LIST).args(IDS_ONLY));
    assert_eq!(outcome, Outcome::success("f1\nf2\nf2\nf3\nf4\n"));
}

#[test]
fn items_without_ids_are_printed_and_an_error_if_more_would_follow() {
    let why = "the service lists files without ids, so the next page cannot be asked for";
    for item in ["{}", "{\n  \"id\": null\n}", "{\n  \"id\": \"\"\n}", "7"] {
        let body = |has_more| format!("{{\"data\":[{item}],\"has_more\":{has_more}}}");
        let server = Server::answering([Answer::json(200, body("true"))]);
        let stdout = format!("{item}\n");
        let expected = Outcome { code: 1, stdout: stdout.clone(), stderr: list_error(why) };
        assert_eq!(run(vsfb_at(&server).args(LIST)), expected);
        let server = Server::answering([Answer::json(200, body("false"))]);
        assert_eq!(run(vsfb_at(&server).args(LIST)), Outcome::success(&stdout));
        let server = Server::answering([Answer::json(200, body("true"))]);
        let outcome = run(vsfb_at(&server).args(LIST).args(["--max-items", "1"]));
        assert_eq!(outcome, Outcome::success(stdout));
    }
}

#[test]
fn a_body_that_is_no_list_is_an_error() {
    let no_list = "the answer is no list: it has no `data` with the files";
    let hint = "hint: check the base URL (--base-url) and any proxy between here and the service\n";
    let cases = [
        ("{}", no_list),
        ("[]", no_list),
        ("7", no_list),
        ("{\"data\":null}", no_list),
        ("{\"data\":{}}", no_list),
        ("{\"data\":[]} {}", "the answer is not JSON: trailing characters (line 1, column 13)"),
        (
            "{\"data\":[{\"id\":\"f\u{1}\"}]}",
            "the answer is not JSON: control character (\\u0000-\\u001F) found while parsing a string (line 1, column 17)",
        ),
    ];
    for (body, why) in cases {
        for more in [&[] as &[&str], &["--format", "raw"], &["--format", "csv"]] {
            let server = Server::answering([Answer::json(200, body)]);
            let outcome = run(vsfb_at(&server).args(LIST).args(more));
            let body = body.replace('\u{1}', "\\u0001");
            assert_eq!(outcome, Outcome::failure(1, format!("{}{body}\n{hint}", list_error(why))), "{more:?}");
        }
    }
}

#[test]
fn raw_prints_one_page_as_it_came_and_sends_only_what_was_given() {
    let body = "{\"object\":\"list\",  \"data\":[{\"id\":\"f1\",\"n\":1e3}],\r\n\"has_more\":true,\"has_more\":true}";
    for (flags, query) in [
        (&[] as &[&str], ""),
        (&["--limit", "7"], "?limit=7"),
        (&["--max-items", "3", "--order", "desc"], "?order=desc"),
    ] {
        let server = Server::answering([Answer::json(200, body)]);
        let outcome = run(vsfb_at(&server).args(LIST).args(["--format", "RAW"]).args(flags));
        assert_eq!(outcome, Outcome::success(format!("{body}\n")));
        assert_eq!(queries(&server.requests()), [query]);
    }
}

#[cfg(unix)]
#[test]
fn only_a_terminal_is_told_that_there_are_no_files() {
    let (emulator, batch) = service(1);
    let list = ["list-files", "vs_1", &batch, "--filter", "failed"];
    assert_eq!(run(vsfb_at(&emulator).args(list)), Outcome::success(""));
    let outcome = Terminal::around(80, 24).run(spawnable_vsfb_at(&emulator).env("NO_COLOR", "1").args(list));
    assert_eq!(outcome, Outcome { stderr: "note: no files\n".to_owned(), ..Outcome::success("") });
    assert_eq!(emulator.asked().len(), 2);
}
