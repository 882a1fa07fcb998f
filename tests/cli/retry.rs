//! `vsfb retry`: which files, with what, and what it says of the others.

use std::fs;
use std::time::{Duration, SystemTime};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::command::{HasBaseUrl as _, Outcome, run, vsfb_at};
use crate::support::emulator::Emulator;
use crate::support::message::{Answer, Request};
use crate::support::server::Server;
use crate::wait::{BATCH, batch};

const FAILED: [&str; 4] = ["file-a", "file-fail-server-1", "file-fail-unsupported-2", "file-fail-invalid-3"];
const LEFT_OUT: &str = "warning: left out because they would fail again: 1 invalid_file (file-fail-invalid-3), 1 unsupported_file (file-fail-unsupported-2); --all takes them\n";

/// An emulator with a batch that has ended, of which three files of four have failed.
fn ended() -> (Emulator, String) {
    let emulator = Emulator::start(&["--file-time", "0"]);
    let id = emulator.make_batch(&FAILED);
    let outcome = run(vsfb_at(&emulator).args(["wait", "vs_1", &id, "-q", "--transform", "status", "-r"]));
    assert_eq!((outcome.code, outcome.stdout.as_str()), (3, "completed\n"));
    (emulator, id)
}

fn retry(emulator: &Emulator, id: &str, flags: &[&str]) -> Outcome {
    run(vsfb_at(emulator).args(["retry", "vs_1", id, "--transform", "file_counts.total"]).args(flags))
}

/// The last body that was posted.
fn posted(emulator: &Emulator) -> Value {
    let mut posts = emulator.requests().into_iter().filter(|request| request["method"] == "POST");
    posts.next_back().expect("a request")["request"].clone()
}

/// The ids in a body.
fn ids(body: &Value) -> Vec<&str> {
    body["file_ids"].as_array().expect("ids").iter().map(|id| id.as_str().expect("an id")).collect()
}

#[test]
fn what_can_succeed_is_retried_and_the_rest_is_named() {
    let (emulator, id) = ended();
    let outcome = retry(&emulator, &id, &[]);
    assert_eq!(outcome, Outcome { code: 0, stdout: "1\n".to_owned(), stderr: LEFT_OUT.to_owned() });
    assert_eq!(ids(&posted(&emulator)), ["file-fail-server-1"]);
    let asked: Vec<_> = emulator.recorded(&["method", "path"]).split_off(2);
    let path = |rest: &str| format!("/v1/vector_stores/vs_1/file_batches{rest}");
    assert_eq!(
        asked[asked.len() - 3..],
        [
            json!(["GET", path(&format!("/{id}"))]),
            json!(["GET", path(&format!("/{id}/files?filter=failed&limit=100"))]),
            json!(["POST", path("")]),
        ]
    );
}

#[test]
fn all_takes_all_that_failed_and_nothing_else() {
    let (emulator, id) = ended();
    assert_eq!(retry(&emulator, &id, &["--all"]), Outcome::success("3\n"));
    let body = posted(&emulator);
    let mut ids = ids(&body);
    ids.sort_unstable();
    assert_eq!(ids, ["file-fail-invalid-3", "file-fail-server-1", "file-fail-unsupported-2"]);
}

#[test]
fn files_keep_their_attributes_and_chunking() {
    let emulator = Emulator::start(&["--file-time", "0"]);
    let arguments = ["create", "vs_1", "--wait", "-q", "--transform", "id", "-r", "--file-id", "file-fail-server-1"];
    let settings = ["--attributes", "{n: 1e3, team: red}", "--chunking-strategy", "static:200:100"];
    let id = run(vsfb_at(&emulator).args(arguments).args(settings)).stdout;
    assert_eq!(retry(&emulator, id.trim_end(), &[]).code, 0);
    let expected = json!({
        "file_ids": ["file-fail-server-1"],
        "attributes": {"n": 1000.0, "team": "red"},
        "chunking_strategy": {"type": "static", "static": {"max_chunk_size_tokens": 200, "chunk_overlap_tokens": 100}},
    });
    assert_eq!(posted(&emulator), expected);
}

#[test]
fn waiting_ends_with_3_as_long_as_files_are_left_out() {
    // Nothing makes a file succeed the second time in the emulator, so the service is one that forgives.
    let files = json!({"object": "list", "has_more": false, "data": [failed("f1", "server_error"), failed("f2", "invalid_file")]});
    let server = Server::with(move |request: &Request| {
        let is_list = request.target.contains("/files?");
        Answer::json(200, if is_list { files.to_string() } else { batch(BATCH, "completed", (4, 0)) })
    });
    let arguments = ["retry", "vs_abc123", BATCH, "--wait", "-q", "--transform", "status", "-r"];
    assert_eq!(
        run(vsfb_at(&server).args(arguments)),
        Outcome { code: 3, stdout: "completed\n".to_owned(), stderr: String::new() }
    );
    assert_eq!(run(vsfb_at(&server).args(arguments).arg("--all")), Outcome::success("completed\n"));
}

fn failed(id: &str, code: &str) -> Value {
    json!({"id": id, "object": "vector_store.file", "status": "failed", "last_error": {"code": code, "message": "x"}})
}

#[test]
fn nothing_to_retry_is_said() {
    let emulator = Emulator::start(&["--file-time", "0"]);
    let id = emulator.make_batch(&["file-a"]);
    let note = "note: no file has failed or was cancelled; there is nothing to retry\n";
    assert_eq!(retry(&emulator, &id, &[]), Outcome { code: 0, stdout: String::new(), stderr: note.to_owned() });
    let id = emulator.make_batch(&["file-fail-invalid-1"]);
    let error = "error: none of the failed files can succeed as it is: 1 invalid_file (file-fail-invalid-1)\nhint: mend the files, upload and create them anew; --all retries them as they are\n";
    assert_eq!(retry(&emulator, &id, &[]), Outcome::failure(3, error));
    assert!(emulator.requests().iter().filter(|request| request["method"] == "POST").count() == 2);
}

#[test]
fn what_was_cancelled_is_retried() {
    for flags in [&[] as &[&str], &["--fault", "stale-counts"]] {
        let emulator = Emulator::start(flags);
        let attached = emulator.make_batch(&["file-slow-1", "file-slow-2"]);
        let cancelled = run(vsfb_at(&emulator).args(["cancel", "vs_1", &attached, "--transform", "status", "-r"]));
        assert_eq!(cancelled, Outcome::success("cancelled\n"));
        assert_eq!(retry(&emulator, &attached, &[]), Outcome::success("2\n"), "{flags:?}");
        assert_eq!(ids(&posted(&emulator)), ["file-slow-1", "file-slow-2"]);
    }
}

#[test]
fn a_batch_that_goes_on_is_retried_as_far_as_it_is() {
    let emulator = Emulator::start(&["--file-time", "0", "--fault", "stuck"]);
    let id = emulator.make_batch(&["file-fail-server-1", "file-b"]);
    let warning = format!("warning: the file batch `{id}` of `vs_1` goes on; more of its files may fail later\n");
    let expected = Outcome { code: 0, stdout: "1\n".to_owned(), stderr: warning };
    assert_eq!(retry(&emulator, &id, &[]), expected);
}

#[test]
fn several_batches_of_a_store_become_one() {
    let emulator = Emulator::start(&["--file-time", "0"]);
    let batches: Vec<_> = ["file-fail-server-1", "file-fail-server-2"].map(|file| emulator.make_batch(&[file])).into();
    assert_eq!(retry(&emulator, &batches[0], &[&batches[1]]), Outcome::success("2\n"));
    assert_eq!(ids(&posted(&emulator)), ["file-fail-server-1", "file-fail-server-2"]);
    let stores = format!(
        r#"[{{"batch_id":"{}","vector_store_id":"vs_1"}},{{"batch_id":"{}","vector_store_id":"vs_2"}}]"#,
        batches[0], batches[1]
    );
    let error =
        "error: the batches are of several stores: `vs_1` and `vs_2`\nhint: retry those of one store at a time\n";
    assert_eq!(run(vsfb_at(&emulator).arg("retry").write_stdin(stores)), Outcome::failure(2, error));
}

#[test]
fn what_the_service_does_not_tell_is_in_the_manifest_or_said_to_be_unknown() {
    let folder = TempDir::new().unwrap();
    let manifest = folder.path().join("files.jsonl");
    let own = r#"{"file_id":"f1","attributes":{"n":1e3}}"#;
    fs::write(&manifest, format!("{own}\n\"f2\"\n")).unwrap();
    let files = json!({"object": "list", "has_more": false, "data": [failed("f1", "server_error"), failed("f2", "server_error")]});
    let server = Server::with(move |request: &Request| {
        let is_list = request.target.contains("/files?");
        Answer::json(200, if is_list { files.to_string() } else { batch(BATCH, "completed", (2, 2)) })
    });
    let command = |arguments: &[&str]| {
        let mut vsfb = vsfb_at(&server);
        vsfb.env("VSFB_JOURNAL", folder.path().join("journal")).args(arguments).args(["--transform", "status", "-r"]);
        run(&mut vsfb)
    };
    let created = command(&["create", "vs_abc123", "--files-from", manifest.to_str().unwrap()]);
    assert_eq!(created, Outcome::success("completed\n"));
    let outcome = command(&["retry", "--last"]);
    let stderr = "note: the last batch is `vsfb_abc123` of `vs_abc123`\n\
        warning: neither the service nor a manifest tells the attributes that 1 of the files had; they are sent without\n\
        warning: neither the service nor a manifest tells the chunking strategies that 2 of the files had; they are sent without\n";
    assert_eq!(outcome, Outcome { code: 0, stdout: "completed\n".to_owned(), stderr: stderr.to_owned() });
    let last = server.requests().pop().unwrap();
    assert_eq!(last.text(), r#"{"files":[{"file_id":"f1","attributes":{"n":1e3}},{"file_id":"f2"}]}"#);
    // What was written to it since is not what the files had.
    let file = fs::OpenOptions::new().append(true).open(&manifest).unwrap();
    file.set_modified(SystemTime::now() + Duration::from_secs(60)).unwrap();
    let outcome = command(&["retry", "vs_abc123", BATCH]);
    assert!(outcome.stderr.contains("tells the attributes that 2 of the files had"), "{}", outcome.stderr);
    assert_eq!(server.requests().pop().unwrap().text(), r#"{"file_ids":["f1","f2"]}"#);
}

#[test]
fn a_dry_run_creates_nothing() {
    let (emulator, id) = ended();
    let outcome = run(vsfb_at(&emulator).args(["retry", "vs_1", &id, "--dry-run", "--transform", "file_ids"]));
    assert_eq!(outcome.code, 0);
    assert_eq!(serde_json::from_str::<Value>(&outcome.stdout).unwrap(), json!(["file-fail-server-1"]));
    assert!(outcome.stderr.contains(&format!("> POST {}/vector_stores/vs_1/file_batches\n", emulator.base_url())));
    assert_eq!(emulator.requests().iter().filter(|request| request["method"] == "POST").count(), 1);
}

#[test]
fn failed_files_that_cannot_all_be_listed_are_not_retried_in_part() {
    let files = json!({"object": "list", "has_more": true, "data": [failed("f1", "server_error")]});
    let server = Server::with(move |request: &Request| {
        let is_list = request.target.contains("/files?");
        Answer::json(200, if is_list { files.to_string() } else { batch(BATCH, "completed", (2, 2)) })
    });
    let outcome = run(vsfb_at(&server).args(["retry", "vs_abc123", BATCH]));
    let error = "error: failed to list the failed files of the file batch `vsfb_abc123` of `vs_abc123`: the service repeats itself: a page held only files that were listed before\n";
    assert_eq!(outcome, Outcome::failure(1, error));
    assert!(server.requests().iter().all(|request| request.method == "GET"));
}

#[test]
fn a_lost_answer_is_not_taken_for_the_files_that_failed_before() {
    let files = json!({"object": "list", "has_more": false, "data": [failed("f1", "server_error")]});
    let server = Server::with(move |request: &Request| {
        let (is_post, is_list) = (request.method == "POST", request.target.contains("/files?"));
        match request.target.as_str() {
            _ if is_list => Answer::json(200, files.to_string()),
            target if target.ends_with("/files/f1") => Answer::json(200, failed("f1", "server_error").to_string()),
            // The first time it has not been heard.
            _ if is_post && request.header("x-stainless-retry-count") == Some("0") => Answer::hang_up(),
            _ => Answer::json(200, batch(BATCH, "completed", (4, 0))),
        }
    });
    let outcome = run(vsfb_at(&server).args(["retry", "vs_abc123", BATCH, "-q", "--transform", "status", "-r"]));
    assert_eq!(outcome, Outcome::success("completed\n"));
    assert_eq!(server.requests().iter().filter(|request| request.method == "POST").count(), 2);
}

#[test]
fn failed_files_that_are_counted_but_not_listed_are_no_success() {
    let server = Server::with(move |request: &Request| {
        let is_list = request.target.contains("/files?");
        let none = r#"{"object":"list","data":[],"has_more":false}"#.to_owned();
        Answer::json(200, if is_list { none } else { batch(BATCH, "completed", (2, 2)) })
    });
    let error = "error: failed to list the failed files of the file batch `vsfb_abc123` of `vs_abc123`: it counts 2, of which the service lists none\n";
    assert_eq!(run(vsfb_at(&server).args(["retry", "vs_abc123", BATCH])), Outcome::failure(1, error));
}
