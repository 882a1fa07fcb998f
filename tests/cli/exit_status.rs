//! The table of exit statuses: every row of the help has a case here.

use std::collections::BTreeSet;

use crate::samples::{BATCH, TARGET, ask, error};
use crate::support::command::{Outcome, run, vsfb_at, vsfb_without_key};
use crate::support::message::Answer;
use crate::support::server::Server;

/// The statuses that the help lists.
fn listed() -> BTreeSet<i32> {
    let outcome = run(vsfb_without_key().arg("--help"));
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""));
    let (_, table) = outcome.stdout.split_once("Exit status:\n").expect("a table of exit statuses");
    let rows = table.lines().take_while(|line| !line.is_empty());
    rows.filter_map(|row| row.split_whitespace().next()?.parse().ok()).collect()
}

#[test]
fn every_listed_status_has_a_test_here() {
    assert_eq!(listed(), BTreeSet::from([0, 1, 2, 3, 4, 8, 130, 143]));
}

#[test]
fn done_is_0() {
    assert_eq!(ask("retrieve", Answer::json(200, BATCH), &["-o", "jsonl"]), Outcome::success(format!("{BATCH}\n")));
    let failed = BATCH.replace("\"in_progress\",", "\"failed\",");
    let outcome = ask("retrieve", Answer::json(200, failed.clone()), &["-o", "jsonl"]);
    assert_eq!(outcome, Outcome::success(format!("{failed}\n")));
}

#[test]
fn a_failed_request_is_1() {
    for status in [300, 400, 404, 409, 422, 429, 500, 503] {
        let outcome = ask("cancel", Answer::json(status, error("no", "")), &["--max-retries", "0"]);
        assert_eq!((outcome.code, outcome.stdout.as_str()), (1, ""), "{status}: {}", outcome.stderr);
    }
}

#[test]
fn what_cannot_be_right_is_2_and_is_not_sent() {
    let cases: [(&[&str], (&str, &str), &str); 6] = [
        (
            &["retrieve", "--vector-store-id", "vs"],
            ("X", ""),
            "error: `--batch-id` is required\nhint: an id is given as a flag, as an argument, or in a map on stdin; `--help` shows how\n",
        ),
        (
            &["create", "vs"],
            ("X", ""),
            "error: no files: give at least one with --file-id, --file or --files-from, or as `file_ids` or `files` in the body\nhint: --no-validate sends it as it stands\n",
        ),
        (&["retrieve", "vs", "b"], ("OPENAI_ORG_ID", "a\u{7}b"), "error: OPENAI_ORG_ID holds control characters\n"),
        (&["retrieve", "vs", "b"], ("OPENAI_API_KEY", "a\u{7}b"), "error: the API key holds control characters\n"),
        (
            &["retrieve", "vs", "b"],
            ("OPENAI_BASE_URL", "localhost"),
            "error: OPENAI_BASE_URL needs a scheme: http:// or https://\n",
        ),
        (&["retrieve", "vs", "b"], ("VSFB_FORMAT", "jsom"), "error: VSFB_FORMAT is `jsom`; did you mean `json`?\n"),
    ];
    for (arguments, (name, value), complaint) in cases {
        let outcome = run(vsfb_at(&Server::expecting_none()).args(arguments).env(name, value));
        assert_eq!(outcome, Outcome::failure(2, complaint), "{arguments:?} {name}");
    }
}

#[test]
fn input_that_is_no_body_is_2_and_is_not_sent() {
    let complaint = "error: stdin: the body must be one map, not a list (line 1, column 1)\nhint: stdin was taken as the body; in a loop or `bash -s`, add </dev/null to the command\n";
    let outcome = run(vsfb_at(&Server::expecting_none()).args(["retrieve", "vs"]).write_stdin("[1]"));
    assert_eq!(outcome, Outcome::failure(2, complaint));
    let unreadable = ["create", "vs", "--file-id", "f", "--attributes", "{a: \"@./missing.txt\"}"];
    let outcome = run(vsfb_at(&Server::expecting_none()).args(unreadable));
    assert_eq!((outcome.code, outcome.stdout.as_str()), (2, ""), "{}", outcome.stderr);
    assert!(outcome.stderr.contains("missing.txt"), "{}", outcome.stderr);
}

#[test]
fn refused_credentials_are_4() {
    for status in [401, 403] {
        let outcome = ask("retrieve", Answer::json(status, error("no", "")), &[]);
        assert_eq!((outcome.code, outcome.stdout.as_str()), (4, ""), "{}", outcome.stderr);
    }
}

#[test]
fn missing_credentials_are_4_and_nothing_is_sent() {
    let stderr = "error: no API key: OpenAI's service answers nobody without one\nhint: set OPENAI_API_KEY, or give --api-key; a compatible server that needs none is named with --base-url\n";
    for command in ["retrieve", "cancel", "list-files"] {
        assert_eq!(run(vsfb_without_key().arg(command).args(TARGET)), Outcome::failure(4, stderr), "{command}");
    }
    let outcome = run(vsfb_without_key().args(["create", "vs", "--file-id", "f"]).env("OPENAI_API_KEY", " \n"));
    assert_eq!(outcome, Outcome::failure(4, stderr));
}

#[cfg(unix)]
#[test]
fn a_signal_ends_a_command_that_waits_for_a_silent_server() {
    use crate::support::command::spawnable_vsfb_at;
    use crate::support::running::start;
    for (command, status) in [("retrieve", 130), ("list-files", 143)] {
        let server = Server::answering([Answer::silence()]);
        let mut command = {
            let mut vsfb = spawnable_vsfb_at(&server);
            vsfb.arg(command).args(TARGET);
            vsfb
        };
        let running = start(&mut command);
        server.await_requests(1);
        if status == 130 {
            running.interrupt();
        } else {
            running.terminate();
        }
        assert_eq!(running.finish(), Outcome::failure(status, ""));
    }
}
