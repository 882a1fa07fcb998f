//! `vsfb create` of many files that breaks off, and `--resume`, which goes on from there.

use std::fs;

use serde_json::{Value, json};

use crate::journal::Desk;
use crate::many::{batch, created_from, flags, ids, notes, service};
use crate::samples::error;
use crate::support::command::{HasBaseUrl as _, Outcome, run, vsfb};
use crate::support::emulator::Emulator;
use crate::support::message::{Answer, Request};
use crate::support::server::Server;

/// A service that refuses the create of this number, and the desk of somebody who has sent five files to it in twos.
fn broken_off(number: usize, status: u16) -> (Server, Desk, Outcome) {
    let refused = move || Answer::json(status, error("No.", "")).header("x-request-id", "req_1");
    let server = service(move |create| (create == number).then(refused));
    let desk = Desk::at(server.base_url());
    let outcome = desk.run(&create(5, ""));
    (server, desk, outcome)
}

/// The command line that creates batches of two of so many files.
fn create(files: usize, more: &str) -> String {
    format!("create vs_1 --batch-size 2 -o jsonl{more}{}", flags(files))
}

fn note(part: &str, number: usize, files: &str) -> String {
    format!("note: batch {part} is `vsfb_{number}`: {files}\n")
}

#[test]
fn a_failure_half_way_says_what_was_sent_and_the_same_with_resume_sends_the_rest() {
    for (status, text, code, hint) in [
        (400, "400 Bad Request", 1, ""),
        (401, "401 Unauthorized", 4, "hint: check the API key: OPENAI_API_KEY or --api-key\n"),
    ] {
        let (server, desk, outcome) = broken_off(2, status);
        let url = format!("{}/vector_stores/vs_1/file_batches", server.base_url());
        let stderr = format!(
            "{}error: of 5 files not all were sent:\n  files 1 to 2 are in `vsfb_1`\n  files 3 to 5 are in no batch of this run\nhint: the same command with --resume goes on from there\nPOST {url}: {text}\n{{\n  \"message\": \"No.\",\n  \"type\": \"invalid_request_error\",\n  \"param\": null,\n  \"code\": null\n}}\nerror: failed to create a file batch of files 3 to 4 in `vs_1` (x-request-id: req_1)\n{hint}",
            note("1 of 3", 1, "files 1 to 2")
        );
        assert_eq!(outcome, Outcome { code, stdout: batch(1, 2) + "\n", stderr });

        let outcome = desk.run(&create(5, " --resume"));
        let stdout = format!("{}\n{}\n", batch(3, 2), batch(4, 1));
        let stderr = note("2 of 3", 3, "files 3 to 4") + &note("3 of 3", 4, "file 5");
        assert_eq!(outcome, Outcome { code: 0, stdout, stderr });
        let sent = created_from(&server);
        assert_eq!(sent[2..].concat(), ids(5)[2..]);

        let outcome = desk.run(&create(5, " --resume"));
        let stderr = "note: all 5 files were sent before; nothing is left to send\n".to_owned();
        assert_eq!(outcome, Outcome { code: 0, stdout: String::new(), stderr });
        assert_eq!(created_from(&server).len(), 4);
    }
}

#[test]
fn what_is_resumed_can_be_cut_otherwise() {
    let (server, desk, _) = broken_off(2, 400);
    let outcome = desk.run(&create(5, " --resume").replace("--batch-size 2", "--batch-size 3"));
    assert_eq!((outcome.code, outcome.stderr), (0, note("2 of 2", 3, "files 3 to 5")));
    assert_eq!(created_from(&server)[2], ids(5)[2..]);
}

#[test]
fn what_failed_before_its_first_batch_begins_with_it() {
    let (server, desk, outcome) = broken_off(1, 400);
    let begin = "error: of 5 files not all were sent:\n  files 1 to 5 are in no batch of this run\nhint: the same command with --resume goes on from there\n";
    assert!(outcome.code == 1 && outcome.stderr.starts_with(begin), "{}", outcome.stderr);
    assert_eq!(desk.run(&create(5, " --resume --quiet")).code, 0);
    assert_eq!(created_from(&server)[1..].concat(), ids(5));
}

#[test]
fn a_batch_whose_request_was_lost_is_looked_for_before_it_is_sent_again() {
    let has_file = |number: &str| Answer::json(200, json!({"id": number, "object": "vector_store.file"}).to_string());
    for (is_there, sent) in [(true, vec![5]), (false, vec![3, 4, 5])] {
        let (server, desk, _) = broken_off(2, 400);
        // As if the process had been killed while it waited for the answer, an hour ago.
        let lines: Vec<_> = desk.lines().into_iter().filter(|line| line["event"] != "refused").collect();
        let aged = |mut line: Value| {
            line["time"] = (line["time"].as_i64().unwrap() - 3600).into();
            line.to_string().replace(&server.base_url(), "BASE") + "\n"
        };
        let text: String = lines.into_iter().map(aged).collect();
        let server = Server::with(move |request: &Request| match request.target.as_str() {
            "/v1/vector_stores/vs_1/files/file-4" if is_there => has_file("file-4"),
            "/v1/vector_stores/vs_1/files/file-3" | "/v1/vector_stores/vs_1/files/file-4" => {
                Answer::json(404, error("No such file", ""))
            }
            _ => Answer::json(200, batch(7, 1)),
        });
        let desk = Desk::at(server.base_url());
        fs::write(desk.path(), text.replace("BASE", &server.base_url())).unwrap();
        let outcome = desk.run(&create(5, " --resume"));
        let stderr = if is_there {
            "warning: files 3 to 4 are in `vs_1` already; the id of their batch is lost\n".to_owned()
                + &note("3 of 3", 7, "file 5")
        } else {
            note("2 of 3", 7, "files 3 to 4") + &note("3 of 3", 7, "file 5")
        };
        assert_eq!((outcome.code, outcome.stderr), (0, stderr));
        let expected: Vec<_> = sent.iter().map(|number| format!("file-{number}")).collect();
        assert_eq!(created_from(&server).concat(), expected);
    }
}

#[test]
fn a_failure_half_way_of_a_create_that_waits_shows_what_was_created() {
    let server = service(|create| (create == 2).then(|| Answer::json(400, error("No.", ""))));
    let outcome = Desk::at(server.base_url()).run(&create(5, " --wait"));
    assert_eq!((outcome.code, outcome.stdout), (1, batch(1, 2) + "\n"), "{}", outcome.stderr);
    let told = "error: of 5 files not all were sent:\n  files 1 to 2 are in `vsfb_1`\n";
    assert!(outcome.stderr.contains(told), "{}", outcome.stderr);
    assert!(server.requests().iter().all(|request| request.method == "POST"));
}

#[test]
fn resume_is_refused_with_the_reason() {
    const HINT: &str =
        "hint: nothing was sent; `vsfb journal` lists what was sent before, and without --resume a new run begins\n";
    let (server, desk, _) = broken_off(2, 400);
    let before = server.requests().len();
    let refused = |line: &str, why: &str| {
        let outcome = desk.run(line);
        assert_eq!(outcome, Outcome::failure(2, format!("error: --resume: {why}\n{HINT}")), "{line}");
    };
    let resume = create(5, " --resume");
    let changed = "the files, their order or their settings are not those of any run in `vs_1` from here";
    refused(&create(4, " --resume"), changed);
    refused(&create(5, " --resume --attributes team=red"), changed);
    refused(&resume.replace("file-1 --file-id file-2", "file-2 --file-id file-1"), changed);
    refused(&resume.replace("vs_1", "vs_2"), "no run in `vs_2` was begun from here; the last one was in `vs_1`");
    refused(
        &create(5, " --resume --dry-run").replace("vs_1", "vs_2"),
        "no run in `vs_2` was begun from here; the last one was in `vs_1`",
    );
    let elsewhere = "http://127.0.0.1:9/v1";
    refused(&format!("{resume} --base-url {elsewhere}"), &format!("no run was begun from here at {elsewhere}"));
    let mut off = desk.command(&resume);
    let off = run(off.env("VSFB_JOURNAL", "off"));
    let why = "it needs the journal: VSFB_JOURNAL is off";
    assert_eq!(off, Outcome::failure(2, format!("error: --resume: {why}\n{HINT}")));
    assert_eq!(server.requests().len(), before, "nothing was sent");
}

#[test]
fn a_run_that_was_never_begun_cannot_be_resumed() {
    let server = Server::expecting_none();
    let outcome = Desk::at(server.base_url()).run(&create(5, " --resume"));
    let why = format!("error: --resume: no run was begun from here at {}\n", server.base_url());
    assert!(outcome.code == 2 && outcome.stderr.starts_with(&why), "{}", outcome.stderr);
    let file = tempfile::NamedTempFile::new().unwrap();
    let path = file.path().join("batches.jsonl");
    let mut nowhere = vsfb();
    nowhere.env("VSFB_JOURNAL", &path).args(create(5, " --resume").split(' '));
    let outcome = run(nowhere.env("OPENAI_BASE_URL", server.base_url()));
    let why = format!("error: --resume: it needs the journal `{}`: not a directory\n", path.display());
    assert!(outcome.code == 2 && outcome.stderr.starts_with(&why), "{}", outcome.stderr);
}

#[test]
fn the_last_run_counts_where_one_was_finished_and_begun_anew() {
    let server = service(|create| (create == 5).then(|| Answer::json(400, error("No.", ""))));
    let desk = Desk::at(server.base_url());
    // Creates 1 to 3 are the first run, 4 and 5 the second.
    assert_eq!(desk.run(&create(5, "")).stderr, notes(&[2, 2, 1]));
    let outcome = desk.run(&create(5, ""));
    assert!(outcome.stderr.starts_with(&note("1 of 3", 4, "files 1 to 2")), "{}", outcome.stderr);
    let outcome = desk.run(&create(5, " --resume"));
    assert_eq!((outcome.code, outcome.stderr), (0, note("2 of 3", 6, "files 3 to 4") + &note("3 of 3", 7, "file 5")));
    assert_eq!(created_from(&server)[5..].concat(), ids(5)[2..]);
}

#[test]
fn whoever_begins_anew_what_broke_off_is_warned() {
    let (_server, desk, _) = broken_off(2, 400);
    let outcome = desk.run(&create(5, ""));
    let warning = "warning: a run of these files broke off before or is still under way; this is a new one, --resume would have gone on\n";
    assert!(outcome.code == 0 && outcome.stderr.starts_with(warning), "{}", outcome.stderr);
    let outcome = desk.run(&create(5, ""));
    assert!(outcome.code == 0 && !outcome.stderr.contains("warning"), "{}", outcome.stderr);
}

#[test]
fn a_dry_run_shows_what_is_left_to_resume() {
    let (server, desk, _) = broken_off(2, 400);
    let before = server.requests().len();
    let outcome = desk.run(&create(5, " --resume --dry-run --transform {files,attached,batches}"));
    assert_eq!(outcome, Outcome::success("{\"files\":5,\"attached\":2,\"batches\":2}\n"));
    assert_eq!(server.requests().len(), before);
}

#[test]
fn what_was_sent_before_is_waited_for_too() {
    let emulator = Emulator::start(&["--file-time", "0"]);
    let desk = Desk::at(emulator.base_url());
    assert_eq!(desk.run(&create(5, " --quiet")).code, 0);
    let outcome = desk.run(&create(5, " --resume --wait --quiet --transform {status,total:file_counts.total}"));
    let shown = |total: u64| format!("{{\"status\":\"completed\",\"total\":{total}}}\n");
    assert_eq!(outcome, Outcome::success([2, 2, 1].map(shown).concat()));
    assert!(emulator.requests()[3..].iter().all(|request| request["method"] == "GET"));
}

#[test]
fn a_retry_that_breaks_off_names_the_batches_it_was_of() {
    let failed = |id: &str| json!({"id": id, "object": "vector_store.file", "status": "failed", "last_error": {"code": "server_error", "message": "x"}});
    let files =
        json!({"object": "list", "has_more": false, "data": [failed("file-1"), failed("file-2"), failed("file-3")]});
    let creates = std::sync::atomic::AtomicUsize::new(0);
    let server = Server::with(move |request: &Request| {
        if request.method == "GET" {
            let is_list = request.target.contains("/files?");
            return Answer::json(200, if is_list { files.to_string() } else { batch(1, 3) });
        }
        match creates.fetch_add(1, std::sync::atomic::Ordering::Relaxed) + 1 {
            3 => Answer::json(400, error("No.", "")),
            number => Answer::json(200, batch(number, 2)),
        }
    });
    let desk = Desk::at(server.base_url());
    desk.create(&format!("vs_1{}", flags(3)));
    let outcome = desk.run("retry --last --batch-size 2 -q");
    let said: Vec<_> = outcome.stderr.lines().filter(|line| line.starts_with("hint")).collect();
    // `--last` is the retry itself by now.
    assert_eq!(said, ["hint: `vsfb retry vs_1 vsfb_1`, with --resume and the flags as before, goes on from there"]);
    assert_eq!(outcome.code, 1);
    assert_eq!(desk.run("retry vs_1 vsfb_1 --resume --batch-size 2 -q").code, 0);
    assert_eq!(created_from(&server)[1..].concat(), ["file-1", "file-2", "file-3", "file-3"]);
    let error = "error: --last is given beside --resume, but the last batch may be one of the retry that broke off\nhint: nothing was sent; name the batches that were retried, `vsfb journal` lists them\n";
    assert_eq!(desk.run("retry --last --resume"), Outcome::failure(2, error));
}

#[test]
fn a_cancelled_batch_is_not_passed_off_as_attached() {
    let server = service(|number| {
        (number == 2).then(|| Answer::json(200, batch(1, 2).replace("in_progress\",", "cancelled\",")))
    });
    let desk = Desk::at(server.base_url());
    desk.create("vs_1 --file-id file-1 --file-id file-2");
    // The second POST is the cancel.
    assert_eq!(desk.run("cancel --last --wait -q").code, 0);
    let stderr = "note: all 2 files were sent before; nothing is left to send\nwarning: batches of this run were cancelled, so not all of its files are in the store\nhint: `vsfb retry vs_1 vsfb_1` attaches what was cancelled once more\n";
    let outcome = desk.run("create vs_1 --file-id file-1 --file-id file-2 --resume");
    assert_eq!(outcome, Outcome { code: 0, stdout: String::new(), stderr: stderr.to_owned() });
}
