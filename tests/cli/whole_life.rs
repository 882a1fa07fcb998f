//! Each command over the whole life of a batch: what was given comes back, what is in progress ends, what failed is found.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::support::command::{HasBaseUrl, Outcome, run, vsfb_at};
use super::support::emulator::Emulator;

/// What a command prints that succeeds without a word on stderr, with this on stdin: its JSON values.
#[track_caller]
fn values(server: &impl HasBaseUrl, arguments: &[&str], input: &str) -> Vec<Value> {
    let outcome = run(vsfb_at(server).args(arguments).args(["--format", "jsonl"]).write_stdin(input));
    assert_eq!((outcome.code, &*outcome.stderr), (0, ""), "{arguments:?}: {outcome:?}");
    outcome.stdout.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

/// The only value that a command prints.
#[track_caller]
fn value(server: &impl HasBaseUrl, arguments: &[&str]) -> Value {
    let [value] = &values(server, arguments, "")[..] else { panic!("not one value: {arguments:?}") };
    value.clone()
}

/// Creates a batch in `vs_1` and gives its id.
#[track_caller]
fn create(server: &impl HasBaseUrl, arguments: &[&str], input: &str) -> String {
    let batches = values(server, &[&["create", "vs_1"], arguments].concat(), input);
    batches[0]["id"].as_str().expect("an id").to_owned()
}

/// The counts as in progress, completed, failed, cancelled, total.
fn counts(batch: &Value) -> [u64; 5] {
    ["in_progress", "completed", "failed", "cancelled", "total"]
        .map(|name| batch["file_counts"][name].as_u64().expect("a count"))
}

#[test]
fn two_thousand_files_from_stdin_are_listed_in_twenty_pages_over_one_connection() {
    let emulator = Emulator::start(&["--file-time", "0"]);
    let ids: Vec<_> = (1..=2000).map(|number| format!("file-{number}")).collect();
    let id = create(&emulator, &[], &format!("file_ids:\n- {}\n", ids.join("\n- ")));
    assert_eq!(counts(&value(&emulator, &["retrieve", "vs_1", &id])), [0, 2000, 0, 0, 2000]);
    let outcome = run(vsfb_at(&emulator).args(["list-files", "vs_1", &id, "--transform", "id", "-r"]));
    assert_eq!(outcome, Outcome::success(ids.join("\n") + "\n"));
    let requests = emulator.recorded(&["connection", "path", "status"]).split_off(2);
    let files = format!("/v1/vector_stores/vs_1/file_batches/{id}/files");
    let after = |page: usize| if page == 0 { String::new() } else { format!("after=file-{}&", page * 100) };
    let expected = (0..20).map(|page| json!([3, format!("{files}?{}limit=100", after(page)), 200]));
    assert_eq!(requests, expected.collect::<Vec<_>>());
}

#[test]
fn a_batch_is_in_progress_and_then_completed() {
    let emulator = Emulator::start(&["--file-time", "20ms", "--parallel", "2"]);
    let files: Vec<_> = (1..=8).map(|number| format!("--file-id=file-{number}")).collect();
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    let begun = Instant::now();
    let batch = value(&emulator, &[&["create", "vs_1"], &files[..]].concat());
    let id = batch["id"].as_str().expect("an id");
    let mut before = counts(&batch);
    assert_eq!((&batch["status"], before), (&json!("in_progress"), [8, 0, 0, 0, 8]));
    loop {
        let batch = value(&emulator, &["retrieve", "vs_1", id]);
        let now = counts(&batch);
        assert!(now[1] >= before[1] && now[0] + now[1] == 8 && now[4] == 8, "{before:?}, then {now:?}");
        assert_eq!(batch["status"] == "completed", now[0] == 0, "{batch}");
        before = now;
        if now[0] == 0 {
            break;
        }
        assert!(begun.elapsed() < Duration::from_secs(30), "{batch}");
    }
    let listed = values(&emulator, &["list-files", "vs_1", id, "--filter", "completed"], "");
    assert_eq!(listed.len(), 8);
}

#[test]
fn a_cancel_leaves_what_was_done_and_ends_the_rest() {
    let emulator = Emulator::start(&["--file-time", "0", "--fault", "stuck"]);
    let id = create(&emulator, &["--file-id=file-a", "--file-id=file-fail-invalid", "--file-id=file-c"], "");
    let batch = value(&emulator, &["retrieve", "vs_1", &id]);
    assert_eq!((&batch["status"], counts(&batch)), (&json!("in_progress"), [1, 1, 1, 0, 3]));
    for _ in 0..2 {
        let batch = value(&emulator, &["cancel", "vs_1", &id]);
        assert_eq!((&batch["status"], counts(&batch)), (&json!("cancelled"), [0, 1, 1, 1, 3]));
        assert_eq!(value(&emulator, &["retrieve", "vs_1", &id]), batch);
    }
    for (filter, file) in
        [("in_progress", ""), ("completed", "file-a\n"), ("failed", "file-fail-invalid\n"), ("cancelled", "file-c\n")]
    {
        let list = ["list-files", "vs_1", &id, "--filter", filter, "--transform", "id", "-r"];
        assert_eq!(run(vsfb_at(&emulator).args(list)), Outcome::success(file), "{filter}");
    }
}

#[test]
fn a_whole_batch_can_be_cancelled_before_anything_is_done() {
    let emulator = Emulator::start(&["--file-time", "1h"]);
    let id = create(&emulator, &["--file-id=file-a", "--file-id=file-b"], "");
    let batch = value(&emulator, &["cancel", "vs_1", &id]);
    assert_eq!((&batch["status"], counts(&batch)), (&json!("cancelled"), [0, 0, 0, 2, 2]));
}

#[test]
fn files_that_failed_are_found_with_their_reasons() {
    let emulator = Emulator::start(&["--file-time", "0"]);
    let files = ["file-a", "file-fail-unsupported", "file-fail-invalid", "file-b", "file-fail-server"];
    let flags = files.map(|id| format!("--file-id={id}"));
    let id = create(&emulator, &flags.each_ref().map(String::as_str), "");
    let batch = value(&emulator, &["retrieve", "vs_1", &id]);
    assert_eq!((&batch["status"], counts(&batch)), (&json!("completed"), [0, 2, 3, 0, 5]));
    let failed = ["list-files", "vs_1", &id, "--filter", "failed", "--limit", "2"];
    let listed = values(&emulator, &[&failed[..], &["--transform", "[id,last_error.code]"]].concat(), "");
    let expected = [
        json!(["file-fail-unsupported", "unsupported_file"]),
        json!(["file-fail-invalid", "invalid_file"]),
        json!(["file-fail-server", "server_error"]),
    ];
    assert_eq!(listed, expected);
    let csv = run(vsfb_at(&emulator).args(failed).args(["--format", "csv"]));
    assert_eq!((csv.code, &*csv.stderr, csv.stdout.lines().count()), (0, "", 4), "{}", csv.stdout);
}

/// The attributes and chunk sizes of each file of a batch, by id.
#[track_caller]
fn settings(server: &impl HasBaseUrl, arguments: &[&str], input: &str) -> Value {
    let id = create(server, arguments, input);
    let chunks = "chunking_strategy.static.max_chunk_size_tokens,chunking_strategy.static.chunk_overlap_tokens";
    let path = format!("[id,attributes,{chunks}]");
    Value::Array(values(server, &["list-files", "vs_1", &id, "--order", "asc", "--transform", &path], ""))
}

#[test]
fn what_is_given_for_all_files_comes_back_with_each() {
    let emulator = Emulator::start(&["--file-time", "0"]);
    let ids = ["--file-id=file-a", "--file-id=file-b"];
    let given = ["--attributes=team=red", "--attributes={page: 7, draft: true}", "--chunking-strategy=static:200:100"];
    let attributes = json!({"team": "red", "page": 7, "draft": true});
    let expected = json!([["file-a", attributes, 200, 100], ["file-b", attributes, 200, 100]]);
    assert_eq!(settings(&emulator, &[&ids[..], &given].concat(), ""), expected);
    let expected = json!([["file-a", {}, 800, 400], ["file-b", {}, 800, 400]]);
    assert_eq!(settings(&emulator, &ids, ""), expected);
    assert_eq!(settings(&emulator, &[&ids[..], &["--chunking-strategy=auto"]].concat(), ""), expected);
}

#[test]
fn what_is_given_for_one_file_comes_back_with_it() {
    let emulator = Emulator::start(&["--file-time", "0"]);
    let files = [
        "--file={file_id: file-a, attributes: {title: 'Intro: part 1', year: 2024}}",
        "--file.file-id=file-b",
        "--file.attributes=page=7",
        "--file.chunking-strategy=static:100:0",
        "--file={file_id: file-c}",
    ];
    let titled = json!({"title": "Intro: part 1", "year": 2024});
    let expected = json!([["file-a", titled, 800, 400], ["file-b", {"page": 7}, 100, 0], ["file-c", {}, 800, 400]]);
    assert_eq!(settings(&emulator, &files, ""), expected);
    // What is for all goes to those that have none of their own.
    let for_all = ["--attributes=team=red", "--chunking-strategy=static:4096:2048"];
    let expected = json!([
        ["file-a", titled, 4096, 2048],
        ["file-b", {"page": 7}, 100, 0],
        ["file-c", {"team": "red"}, 4096, 2048],
    ]);
    assert_eq!(settings(&emulator, &[&files[..], &for_all].concat(), ""), expected);
}

#[test]
fn what_a_body_gives_comes_back_in_yaml_and_in_json() {
    let emulator = Emulator::start(&["--file-time", "0"]);
    let yaml = "
files:
  - file_id: file-a
    attributes: {page: 7, ok: no, ratio: 0.5}
  - file_id: file-b
    chunking_strategy:
      type: static
      static: {max_chunk_size_tokens: 400, chunk_overlap_tokens: 200}
";
    let json = r#"{"files": [
        {"file_id": "file-a", "attributes": {"page": 7, "ok": "no", "ratio": 0.5}},
        {"file_id": "file-b", "chunking_strategy":
            {"type": "static", "static": {"max_chunk_size_tokens": 400, "chunk_overlap_tokens": 200}}}
    ]}"#;
    for body in [yaml, json] {
        let page = json!({"page": 7, "ok": "no", "ratio": 0.5});
        let expected = json!([["file-a", page, 800, 400], ["file-b", {}, 400, 200]]);
        assert_eq!(settings(&emulator, &[], body), expected);
        let expected = json!([["file-a", page, 800, 400], ["file-b", {"team": "red"}, 400, 200]]);
        assert_eq!(settings(&emulator, &["--attributes=team=red"], body), expected);
    }
}

#[test]
fn a_batch_lists_its_own_files_only_and_is_found_in_its_own_store_only() {
    let emulator = Emulator::start(&["--file-time", "0"]);
    let one = create(&emulator, &["--file-id=file-a", "--file-id=file-b"], "");
    let two = create(&emulator, &["--file-id=file-b", "--file-id=file-c"], "");
    let ids = |batch: &str| -> BTreeSet<String> {
        let files = values(&emulator, &["list-files", "vs_1", batch, "--transform", "id"], "");
        files.iter().map(|id| id.as_str().expect("an id").to_owned()).collect()
    };
    assert_eq!(ids(&one), ["file-a", "file-b"].map(str::to_owned).into());
    assert_eq!(ids(&two), ["file-b", "file-c"].map(str::to_owned).into());
    for command in ["retrieve", "cancel", "list-files"] {
        let outcome = run(vsfb_at(&emulator).args([command, "vs_2", &one]));
        assert_eq!((outcome.code, &*outcome.stdout), (1, ""), "{command}: {outcome:?}");
        assert!(outcome.stderr.contains(": 404 Not Found\n"), "{command}: {outcome:?}");
    }
}
