//! What each command makes of the emulator's faults in what is done and in what an answer says: lists that lie, states
//! that never end, values nobody documented, hostile messages.

use serde_json::{Value, json};

use super::emulator_sockets::exchange;
use super::faults::{BATCH, COMMANDS, meet, new_batch};
use super::support::command::{HasBaseUrl as _, Outcome, run, spawnable_vsfb_at, vsfb_at};
use super::support::emulator::Emulator;
use super::support::terminal::Terminal;

type Words<'a> = &'a [&'a str];

/// An emulator with this fault whose files are processed at once, and a batch of two files in it: `file-abc123`
/// completes, `file-fail-invalid` fails.
fn with_batch(fault: &str) -> (Emulator, String) {
    let emulator = Emulator::start(&["--file-time", "0", "--fault", fault]);
    let batch = new_batch(&emulator);
    (emulator, batch)
}

/// Runs a command for this batch.
fn shown(emulator: &Emulator, batch: &str, words: Words<'_>) -> Outcome {
    let (command, flags) = words.split_first().unwrap();
    run(vsfb_at(emulator).args([command, "vs_abc123", batch]).args(flags))
}

/// What is printed by a command that succeeds for this batch.
fn printed(emulator: &Emulator, batch: &str, words: Words<'_>) -> String {
    let outcome = shown(emulator, batch, words);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""), "{words:?}");
    outcome.stdout
}

#[test]
fn a_fault_of_one_command_leaves_the_others_alone() {
    let emulator = Emulator::start(&["--file-time", "0"]);
    let batch = new_batch(&emulator);
    for (own, faults) in [
        ("create", "retry-after=0,stuck,batch-limit=1"),
        ("retrieve", "retry-after=0,wrong-object"),
        ("cancel", "retry-after=0,stale-counts"),
        ("list-files", "retry-after=0,has-more-always,repeated-cursor,null-cursors"),
        ("list-files", "retry-after=0,has-more-never"),
    ] {
        for (command, met) in COMMANDS.iter().zip(meet(&emulator, &batch, (faults, &[]))) {
            let states = if command.name == "list-files" { "completed\nfailed\n" } else { "completed\n" };
            if command.name != own {
                assert_eq!(met.outcome, Outcome::success(states), "{} {faults}", command.name);
                assert_eq!(met.statuses, [200], "{} {faults}", command.name);
            }
        }
    }
}

#[test]
fn a_batch_that_is_not_found_yet_is_said_to_need_time_and_not_asked_for_again() {
    let emulator = Emulator::start(&["--file-time", "0"]);
    let batch = new_batch(&emulator);
    let body = format!(
        "{{\n  \"message\": \"No file batch found with id '{BATCH}'.\",\n  \"type\": \"invalid_request_error\",\n  \"param\": null,\n  \"code\": null\n}}\n"
    );
    let hint = "hint: check the ids, and that key, project and base URL are those of the vector store; what was just created may take some seconds to appear\n";
    let all = meet(&emulator, &batch, ("not-found-at-first=1h", &[]));
    for (command, met) in COMMANDS.iter().zip(all).filter(|(command, _)| command.name != "create") {
        let stderr = command.refused("404 Not Found", &body, hint);
        assert_eq!(met.outcome, Outcome::failure(1, stderr), "{}", command.name);
        assert_eq!(met.statuses, [404], "{}", command.name);
    }
}

#[test]
fn a_file_that_is_not_found_yet_is_refused_once() {
    let emulator = Emulator::start(&["--fault", "not-found-at-first=1h"]);
    let form = "--b\r\ncontent-disposition: form-data; name=\"purpose\"\r\n\r\nassistants\r\n--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\nhello\r\n--b--\r\n";
    let length = form.len();
    let head = format!(
        "POST /v1/files HTTP/1.1\r\nhost: x\r\nauthorization: Bearer k\r\ncontent-type: multipart/form-data; boundary=b\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n"
    );
    let answer = exchange(emulator.address(), &(head + form));
    let uploaded: Value = serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap();
    let file = uploaded["id"].as_str().unwrap();
    let outcome = run(vsfb_at(&emulator).args(["create", "vs_abc123", "--file-id", file]));
    let requests = emulator.requests();
    assert_eq!((requests.len(), &requests[1]["status"]), (2, &json!(400)));
    let body = format!(
        "{{\n  \"message\": \"Cannot find file '{file}'.\",\n  \"type\": \"invalid_request_error\",\n  \"param\": \"file_ids[0]\",\n  \"code\": \"invalid_value\"\n}}\n"
    );
    let stderr = COMMANDS[0].refused("400 Bad Request", &body, "");
    let stderr = stderr.replace("BASE", &emulator.base_url());
    assert_eq!(outcome, Outcome::failure(1, stderr.replace("REQUEST", requests[1]["request_id"].as_str().unwrap())));
}

#[test]
fn a_batch_of_more_files_than_allowed_is_cut_unless_it_is_to_be_sent_as_it_stands() {
    let emulator = Emulator::start(&["--file-time", "0", "--fault", "batch-limit=1"]);
    let create = |files: Words<'_>, flags: Words<'_>| {
        let files = files.iter().flat_map(|file| ["--file-id", file]);
        run(vsfb_at(&emulator).args(["create", "vs_abc123", "--transform", "status", "-r"]).args(files).args(flags))
    };
    assert_eq!(create(&["file-a"], &[]), Outcome::success("completed\n"));
    let outcome = create(&["file-a", "file-b"], &["-q"]);
    assert_eq!(outcome, Outcome::success("completed\ncompleted\n"));
    let statuses: Vec<_> = emulator.requests().iter().map(|request| request["status"].clone()).collect();
    assert_eq!(statuses, [200, 400, 200, 200].map(|status| json!(status))[..]);
    let outcome = create(&["file-a", "file-b"], &["--no-validate"]);
    let body = "{\n  \"message\": \"Invalid 'file_ids': array too long; expected an array with maximum length 1, got one of 2.\",\n  \"type\": \"invalid_request_error\",\n  \"param\": \"file_ids\",\n  \"code\": \"array_above_max_length\"\n}\n";
    let stderr = COMMANDS[0].refused("400 Bad Request", body, "").replace("BASE", &emulator.base_url());
    let requests = emulator.requests();
    assert_eq!(outcome, Outcome::failure(1, stderr.replace("REQUEST", requests[4]["request_id"].as_str().unwrap())));
}

#[test]
fn a_batch_that_is_stuck_can_be_cancelled_though_the_counts_do_not_tell() {
    let emulator = Emulator::start(&["--file-time", "0", "--fault", "stuck", "--fault", "stale-counts"]);
    let batch = &new_batch(&emulator);
    let counts =
        |command| printed(&emulator, batch, &[command, "--transform", "[status,file_counts]", "--format", "jsonl"]);
    let line = |status| {
        format!("[\"{status}\",{{\"in_progress\":1,\"completed\":1,\"failed\":0,\"cancelled\":0,\"total\":2}}]\n")
    };
    let states = || printed(&emulator, batch, &["list-files", "--transform", "status", "-r"]);
    assert_eq!(counts("retrieve"), line("in_progress"));
    assert_eq!(states(), "completed\nin_progress\n");
    assert_eq!(counts("cancel"), line("cancelled"));
    assert_eq!(counts("retrieve"), line("cancelled"));
    assert_eq!(states(), "completed\ncancelled\n");
    assert_eq!(counts("cancel"), line("cancelled"));
    assert_eq!(emulator.requests().len(), 7);
}

#[test]
fn a_vector_store_in_place_of_the_batch_is_no_success() {
    let (emulator, batch) = with_batch("wrong-object");
    let complaint = "error: failed to retrieve the file batch `vsfb_abc123` of `vs_abc123`: the answer is the vector store, not the batch\nhint: try again: the service mixes them up at times\n";
    for flags in [&["retrieve"] as Words<'_>, &["retrieve", "--transform", "status", "-r"]] {
        assert_eq!(shown(&emulator, &batch, flags), Outcome::failure(1, complaint.replace(BATCH, &batch)));
    }
    assert_eq!(emulator.recorded(&["status"])[1..], [json!([200]), json!([200])]);
}

#[test]
fn a_list_that_lies_ends_and_repeats_nothing() {
    let repeats = "error: failed to list the files of the file batch `vsfb_abc123` of `vs_abc123`: the service repeats itself: a page held only files that were listed before\n";
    let first = "?limit=1";
    let second = "?after=file-abc123&limit=1";
    let third = "?after=file-fail-invalid&limit=1";
    let cases: [(&str, Words<'_>, &str, Words<'_>); 4] = [
        ("has-more-always", &["file-abc123", "file-fail-invalid"], "", &[first, second, third]),
        // There is no telling this page from a last one.
        ("has-more-never", &["file-abc123"], "", &[first]),
        ("repeated-cursor", &["file-abc123"], repeats, &[first, second]),
        ("null-cursors", &["file-abc123", "file-fail-invalid"], "", &[first, second]),
    ];
    for (fault, ids, complaint, queries) in cases {
        let (emulator, batch) = with_batch(fault);
        let outcome = shown(&emulator, &batch, &["list-files", "--limit", "1", "--transform", "id", "-r"]);
        let stdout: String = ids.iter().flat_map(|id| [id, "\n"]).collect();
        let code = i32::from(!complaint.is_empty());
        assert_eq!(outcome, Outcome { code, stdout, stderr: complaint.replace(BATCH, &batch) }, "{fault}");
        let path = |query: &&str| json!([format!("/v1/vector_stores/vs_abc123/file_batches/{batch}/files{query}")]);
        assert_eq!(emulator.recorded(&["path"])[1..], queries.iter().map(path).collect::<Vec<_>>(), "{fault}");
    }
}

/// The first two words of each line.
fn first_words(table: &str) -> Vec<Vec<&str>> {
    table.lines().map(|line| line.split_whitespace().take(2).collect()).collect()
}

#[test]
fn values_that_nobody_documented_are_shown_as_they_are() {
    let emulator = Emulator::start(&["--file-time", "1h", "--fault", "unknown-values"]);
    let batch = &new_batch(&emulator);
    assert_eq!(COMMANDS[0].run(&emulator, "", ("", &[])), Outcome::success("finalizing\n"));
    let table = printed(&emulator, batch, &["retrieve", "--format", "table"]);
    assert_eq!(first_words(&table)[2], ["status", "finalizing"]);
    let table = printed(&emulator, batch, &["list-files", "--format", "table"]);
    assert_eq!(first_words(&table)[1..], [["file-abc123", "queued"], ["file-fail-invalid", "queued"]]);
    assert_eq!(printed(&emulator, batch, &["cancel", "--transform", "status", "-r"]), "cancelled\n");
    assert_eq!(emulator.requests().len(), 5);

    let (emulator, batch) = with_batch("unknown-values");
    let csv = printed(&emulator, &batch, &["list-files", "--format", "csv"]);
    let failed = csv.lines().nth(2).unwrap();
    assert!(failed.contains(",failed,0,") && failed.contains(",quota_exhausted_for_embedding,"), "{failed}");
    let strategy = printed(&emulator, &batch, &["list-files", "--transform", "chunking_strategy.type", "-r"]);
    assert_eq!(strategy, "semantic\nsemantic\n");
}

#[test]
fn fields_that_nobody_documented_are_passed_on_and_disturb_no_table() {
    let (emulator, batch) = with_batch("extra-fields");
    for (command, revisions) in [("retrieve", "7\n"), ("cancel", "7\n"), ("list-files", "7\n7\n")] {
        assert_eq!(printed(&emulator, &batch, &[command, "--transform", "revision"]), revisions);
        let table = printed(&emulator, &batch, &[command, "--format", "table"]);
        let strange = ["revision", "provenance", "skipped"].into_iter().find(|name| table.contains(name));
        assert_eq!(strange, None, "{table}");
    }
    let create = ["create", "vs_abc123", "--file-id", "file-abc123", "--transform", "[revision,file_counts.skipped]"];
    assert_eq!(run(vsfb_at(&emulator).args(create).args(["--format", "jsonl"])), Outcome::success("[7,0]\n"));
    let refused = shown(&emulator, "vsfb_none", &["retrieve", "--transform-error", "revision"]);
    assert_eq!((refused.code, refused.stdout.as_str()), (1, ""));
    assert_eq!(refused.stderr.lines().nth(1), Some("7"), "{}", refused.stderr);
    assert_eq!(emulator.requests().len(), 9);
}

#[test]
fn control_characters_never_reach_a_terminal() {
    let (emulator, batch) = with_batch("control-characters");
    let is_steering = |character: char| (character.is_control() && character != '\n') || character == '\u{202e}';
    let mut cases: Vec<(i32, Vec<&str>)> = vec![(1, vec!["create", "vs_abc123", "--file-id", "file-a.exe"])];
    for command in ["retrieve", "cancel", "list-files"] {
        cases.push((1, vec![command, "vs_abc123", BATCH]));
        cases.push((0, vec![command, "vs_abc123", &batch]));
    }
    for flags in [["--format", "json"], ["--format", "csv"], ["--format", "yaml"], ["--format", "jsonl"]] {
        cases.push((0, [["list-files", "vs_abc123", &batch].as_slice(), &flags].concat()));
    }
    cases.push((0, vec!["list-files", "vs_abc123", &batch, "--transform", "last_error.message", "-r"]));
    for (count, (code, arguments)) in cases.iter().enumerate() {
        let mut vsfb = spawnable_vsfb_at(&emulator);
        let outcome = Terminal::around(200, 50).run(vsfb.args(arguments).env("NO_COLOR", "1"));
        assert_eq!(outcome.code, *code, "{arguments:?}");
        let all = outcome.stdout + &outcome.stderr;
        assert!(!all.contains(is_steering), "{arguments:?}: {all:?}");
        let is_told = *code == 1 || arguments.contains(&"list-files");
        assert_eq!(all.contains("\\u001b[2J"), is_told, "{arguments:?}: {all:?}");
        assert_eq!(emulator.requests().len(), count + 2, "{arguments:?}");
    }
}
