//! What a faulty service, somebody else's uploads and odd names cannot make `vsfb sync` do: lose a file, delete what is not
//! its own, or say what is not so.

use std::fmt::Write as _;
use std::fs;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use ring::digest::{SHA256, digest};
use serde_json::json;

use super::support::command::{HasBaseUrl as _, Outcome, run};
use super::support::message::{Answer, Request};
use super::support::relay::pass_on;
use super::support::server::Server;
use super::support::synced::Synced;
use super::sync::{done, touched};

const JSONL: [&str; 2] = ["-o", "jsonl"];
const YES: [&str; 4] = ["--prune", "--yes", "-o", "jsonl"];
const PRUNED: [&str; 2] = ["pruned", "deleted"];
const MINUTE: u64 = 60;
const DAY: u64 = 24 * 60 * MINUTE;
const AGAIN: &str = "hint: the same command tries again what can succeed\n";

fn is_upload(request: &Request) -> bool {
    request.method == "POST" && request.target == "/v1/files"
}

fn creates(request: &Request) -> bool {
    request.method == "POST" && request.target.ends_with("/file_batches")
}

/// A server that answers uploads of files with these contents itself, with these ids.
fn answering_uploads(synced: &Synced, ids: Vec<(&'static str, String)>) -> Server {
    let address = synced.emulator.address();
    Server::with(move |request| {
        let is_of = |content: &str| is_upload(request) && request.text().contains(&format!("\r\n\r\n{content}\r\n"));
        match ids.iter().find(|(content, _)| is_of(content)) {
            Some((_, id)) => Answer::json(200, format!(r#"{{"id":"{id}","object":"file"}}"#)),
            None => pass_on(request, address),
        }
    })
}

/// Uploads a file as somebody else does.
fn upload_as_a_stranger(synced: &Synced, filename: &str, content: &str) {
    let part = |disposition: &str, content: &str| {
        format!("--x\r\nContent-Disposition: form-data; {disposition}\r\n\r\n{content}\r\n")
    };
    let file = part(&format!("name=\"file\"; filename=\"{filename}\""), content);
    let body = (part("name=\"purpose\"", "assistants") + &file + "--x--\r\n").into_bytes();
    let headers = [
        ("host", "x".to_owned()),
        ("authorization", "Bearer k".to_owned()),
        ("content-type", "multipart/form-data; boundary=x".to_owned()),
        ("content-length", body.len().to_string()),
    ];
    let headers = headers.map(|(name, value)| (name.to_owned(), value)).into();
    let (method, target) = ("POST".to_owned(), "/v1/files".to_owned());
    let before = synced.uploads().len();
    pass_on(&Request { method, target, headers, body, at: Instant::now() }, synced.emulator.address());
    assert_eq!(synced.uploads().len(), before + 1);
}

/// Has the journal tell of a run that was killed so many seconds ago while it uploaded this.
fn note_a_killed_upload(synced: &Synced, seconds: u64, filename: &str, content: &str) {
    let time = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs() - seconds;
    let sha256 = digest(&SHA256, content.as_bytes()).as_ref().iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    });
    let sent = json!({"filename": filename, "bytes": content.len(), "sha256": sha256});
    let base_url = synced.emulator.base_url();
    let mut began = json!({
        "time": time, "event": "sync_began", "base_url": base_url, "vector_store_id": "vs_1", "source": "docs"
    });
    let mut journal = fs::read_to_string(synced.journal()).unwrap_or_default();
    writeln!(journal, "{began}").unwrap();
    began["event"] = "uploading".into();
    began["sent"] = sent;
    writeln!(journal, "{began}").unwrap();
    fs::write(synced.journal(), journal).unwrap();
}

#[test]
fn what_a_batch_has_lost_is_unknown_and_its_older_version_stays() {
    let synced = Synced::of(&["a.md", "b.md"]);
    assert_eq!(synced.sync(&["-q"]).code, 0);
    synced.write("a.md", "other a");
    synced.write("b.md", "other b");
    let address = synced.emulator.address();
    // It makes batches without the last of their files.
    let server = Server::with(move |request| {
        if !creates(request) {
            return pass_on(request, address);
        }
        let mut body = request.json();
        body["files"].as_array_mut().unwrap().pop();
        let body = body.to_string().into_bytes();
        let mut headers = request.headers.clone();
        headers.retain(|(name, _)| !name.eq_ignore_ascii_case("content-length"));
        headers.push(("content-length".to_owned(), body.len().to_string()));
        pass_on(&Request { headers, body, ..request.clone() }, address)
    });
    let outcome = synced.sync_at(&server, &[&YES[..], &["-q"]].concat());
    let stdout = [
        done("a.md", "a.md 2", 2, "changed"),
        done("b.md", "b.md 2", 2, "changed").replace("completed", "unknown"),
        touched("a.md", "<a.md>", PRUNED, None),
        touched("b.md", "<b.md>", ["pruned", "kept"], Some("the file that takes its place is not completed")),
    ];
    let stderr = format!("error: 1 file is not as it should be:\n  b.md: unknown\n{AGAIN}");
    assert_eq!((outcome.code, outcome.stdout.as_str()), (3, stdout.concat().as_str()), "{}", outcome.stderr);
    assert!(outcome.stderr.contains(&stderr), "{}", outcome.stderr);
    assert_eq!(synced.store(), ["a.md completed source=docs", "b.md completed source=docs"]);
    assert_eq!(synced.uploads(), ["a.md", "b.md", "b.md"]);
}

#[test]
fn an_upload_is_no_file_that_the_store_has_already() {
    let synced = Synced::of(&["a.md", "b.md", "gone.md"]);
    assert_eq!(synced.sync(&["-q"]).code, 0);
    synced.write("a.md", "other");
    synced.remove("gone.md");
    for named in ["a.md", "b.md", "gone.md"] {
        let server = answering_uploads(&synced, vec![("other", synced.id_of(&format!("<{named}>")))]);
        let outcome = synced.sync_at(&server, &[&YES[..], &["-q"]].concat());
        let why = format!("the service answered with the file `<{named}>`, which is another one");
        let stdout = touched("a.md", "", ["changed", "not_uploaded"], Some(&why))
            + &touched("a.md", "<a.md>", ["pruned", "kept"], Some("the file that takes its place is not completed"))
            + &touched("gone.md", "<gone.md>", ["pruned", "kept"], Some("not all files here are completed"));
        let stderr = format!("error: 1 file is not as it should be:\n  a.md: not uploaded: {why}\n{AGAIN}");
        assert_eq!(outcome, Outcome { code: 3, stdout, stderr }, "{named}");
        assert_eq!(synced.did(), [""; 0], "{named}");
    }
}

#[test]
fn one_id_is_one_upload() {
    let synced = Synced::of(&["a.md", "b.md"]);
    let ids = ["a.md", "b.md"].map(|content| (content, "file-same".to_owned()));
    let server = answering_uploads(&synced, ids.into());
    let outcome = synced.sync_at(&server, &[&YES[..], &["-q"]].concat());
    let why = "the service answered with the file `file-same`, which is another one";
    let stdout = done("a.md", "", 1, "new").replace("<>", "file-same")
        + &touched("b.md", "", ["new", "not_uploaded"], Some(why));
    let stderr = format!("error: 1 file is not as it should be:\n  b.md: not uploaded: {why}\n{AGAIN}");
    assert_eq!(outcome, Outcome { code: 3, stdout, stderr });
    assert_eq!(synced.store(), ["a.md completed source=docs"]);
}

#[test]
fn a_strangers_upload_is_not_taken_over() {
    for (seconds, is_attached_elsewhere, is_taken) in
        [(10 * MINUTE, false, true), (30 * DAY, false, false), (10 * MINUTE, true, false)]
    {
        let case = format!("{seconds} s, {is_attached_elsewhere}");
        let synced = Synced::of(&["a.md"]);
        note_a_killed_upload(&synced, seconds, "a.md", "a.md");
        upload_as_a_stranger(&synced, "a.md", "A.MD");
        if is_attached_elsewhere {
            let id = synced.get("/files")["data"][0]["id"].as_str().unwrap().to_owned();
            synced.attach("vs_2", &id, "{x: 1}");
        }
        let outcome = synced.sync(&JSONL);
        let (file, note, uploads) =
            if is_taken { ("a.md", "note: 1 file uploaded before, taken over\n", 1) } else { ("a.md 2", "", 2) };
        let stderr = format!("note: files: 1 new; 4 B to upload\n{note}");
        assert_eq!(outcome, Outcome { stderr, ..Outcome::success(done("a.md", file, 1, "new")) }, "{case}");
        assert_eq!(synced.uploads().len(), uploads, "{case}");
    }
}

#[test]
fn a_strangers_upload_of_an_unchanged_file_is_no_orphan() {
    let synced = Synced::of(&["a.md"]);
    assert_eq!(synced.sync(&["-q"]).code, 0);
    upload_as_a_stranger(&synced, "a.md", "A.MD");
    // The lost one, and what the file is now.
    note_a_killed_upload(&synced, 10 * MINUTE, "b.md", "older");
    upload_as_a_stranger(&synced, "b.md", "older");
    assert_eq!(synced.sync(&["--dry-run", "-q"]).code, 0, "it learns the ids");
    synced.write("b.md", "b.md");
    let outcome = synced.sync(&["--delete-orphans", "-o", "jsonl"]);
    let stderr = "note: files: 1 new, 1 unchanged; 4 B to upload\nnote: the orphan `<b.md>` is deleted\n".to_owned();
    assert_eq!(
        outcome,
        Outcome { stderr, ..Outcome::success(done("b.md", "b.md 2", 1, "new").replace("<batch 1>", "<batch 2>")) }
    );
    assert_eq!(synced.uploads(), ["a.md", "a.md", "b.md"]);
}

/// A folder of which one file has failed and may be attached again.
fn failed_once() -> Synced {
    let synced = Synced::of(&["fail-server.md"]);
    assert_eq!(synced.sync(&["-q"]).code, 3);
    assert_eq!(synced.store(), ["fail-server.md failed source=docs"]);
    synced
}

#[test]
fn what_the_store_lists_as_failed_is_no_orphan() {
    let synced = failed_once();
    let server = synced.refusing(creates);
    let outcome =
        synced.sync_at(&server, &["--delete-orphans", "-q", "-o", "jsonl", "--transform", "[action,status,file_id]"]);
    let stdout = r#"["again","not_attached","<fail-server.md>"]"#;
    assert_eq!((outcome.code, outcome.stdout.trim_end()), (3, stdout), "{}", outcome.stderr);
    assert!(!outcome.stderr.contains("orphan"), "{}", outcome.stderr);
    assert_eq!(synced.did(), [""; 0]);
    assert_eq!(synced.uploads(), ["fail-server.md"]);
}

#[test]
fn a_file_to_try_again_does_not_speak_for_the_new_ones_of_its_batch() {
    // A look that is refused says nothing of the batch either, which is not sent again in parts.
    for status in [410, 400] {
        let synced = failed_once();
        synced.write("new.md", "new.md");
        let (address, again) =
            (synced.emulator.address(), format!("/vector_stores/vs_1/files/{}", synced.id_of("<fail-server.md>")));
        // It looks for both, and that it does for the new one is what there is to see.
        let server = Server::with(move |request| match request.target.as_str() {
            _ if creates(request) => Answer::json(500, r#"{"error":{"message":"oops"}}"#),
            target if target.starts_with("/v1/vector_stores/vs_1/files/") && !target.ends_with(&again) => {
                Answer::json(status, r#"{"error":{"message":"no"}}"#)
            }
            _ => pass_on(request, address),
        });
        let outcome =
            synced.sync_at(&server, &["-q", "--max-retries", "0", "--transform", "[action,status]", "-o", "jsonl"]);
        let stdout = "[\"again\",\"not_attached\"]\n[\"new\",\"not_attached\"]\n";
        assert_eq!((outcome.code, outcome.stdout.as_str()), (1, stdout), "{}", outcome.stderr);
        let look = format!("/vector_stores/vs_1/files/<new.md>: {status} ");
        assert!(outcome.stderr.contains(&look), "{}", outcome.stderr);
        assert_eq!(server.requests().iter().filter(|request| creates(request)).count(), 1);
    }
}

#[test]
fn a_name_with_a_line_break_says_nothing_of_its_own() {
    let forged = |outcome: &Outcome| {
        let lines: Vec<_> = outcome.stderr.lines().filter(|line| line.starts_with("error: forged")).collect();
        assert!(lines.is_empty() && outcome.stderr.contains("forged"), "{}", outcome.stderr);
    };
    let synced = Synced::of(&["n\nerror: forged.md"]);
    let server = synced.refusing(is_upload);
    let outcome = synced.sync_at(&server, &[]);
    assert_eq!(outcome.code, 3);
    forged(&outcome);
    assert_eq!(synced.sync(&["-q"]).code, 0);
    assert_eq!(synced.uploads().len(), 1);
    synced.write("n\nerror: forged.md", "");
    let outcome = synced.sync(&[]);
    assert_eq!(outcome.code, 2);
    forged(&outcome);
    let outcome = synced.sync(&["--skip-invalid"]);
    assert_eq!(outcome.code, 0);
    forged(&outcome);
    synced.write("n\nerror: forged.md", "other");
    let server = synced.refusing(|request| request.method == "DELETE");
    let outcome = synced.sync_at(&server, &["--prune", "--yes"]);
    assert_eq!(outcome.code, 3);
    forged(&outcome);
}

#[test]
fn a_store_that_cannot_be_read_gets_nothing() {
    let synced = Synced::of(&["a.md"]);
    for item in ["7", "null", "{}", r#"{"object":"vector_store.file"}"#, r#"{"id":null,"object":"vector_store.file"}"#]
    {
        let list = format!(r#"{{"object":"list","data":[{item}],"has_more":false}}"#);
        let server = synced.before(move |request, answer| {
            let is_list = request.target.starts_with("/v1/vector_stores/vs_1/files?");
            if is_list { Answer::json(200, list.clone()) } else { answer }
        });
        let outcome = synced.sync_at(&server, &JSONL);
        assert_eq!((outcome.code, outcome.stdout.as_str()), (1, ""), "{item}");
        assert!(outcome.stderr.contains("error: failed to list the files of `vs_1`"), "{item}: {}", outcome.stderr);
        assert_eq!((synced.did(), synced.uploads().len()), (Vec::new(), 0), "{item}");
    }
}

#[test]
fn without_a_journal_that_can_be_read_nothing_is_deleted() {
    let synced = Synced::of(&["a.md", "b.md"]);
    assert_eq!(synced.sync(&["-q"]).code, 0);
    synced.remove("a.md");
    synced.write("b.md", "other");
    let outcome = synced.run(|| run(synced.command(&YES).env("VSFB_JOURNAL", synced.folder())));
    let why =
        "whether another store has it is not known: the journal `<place>/docs` cannot be read: it is no regular file";
    let stdout = done("b.md", "b.md 2", 2, "changed")
        + &touched("a.md", "<a.md>", ["pruned", "kept"], Some(why))
        + &touched("b.md", "<b.md>", ["pruned", "kept"], Some(why));
    assert_eq!((outcome.code, outcome.stdout.as_str()), (0, stdout.as_str()), "{}", outcome.stderr);
    assert!(synced.did().iter().all(|line| !line.starts_with("DELETE")), "{:?}", synced.did());
    assert_eq!((synced.store().len(), synced.uploads().len()), (3, 3));
}

#[test]
fn chunking_that_the_service_would_refuse_is_refused_before_anything_is_sent() {
    let synced = Synced::of(&["a.md"]);
    for strategy in ["static:800:401", "static:99:0", "static:4097:0", "{type: odd}", "{type: static}"] {
        let outcome = synced.sync(&["--chunking-strategy", strategy]);
        assert_eq!((outcome.code, outcome.stdout.as_str()), (2, ""), "{strategy}: {}", outcome.stderr);
        assert!(outcome.stderr.starts_with("error: --chunking-strategy"), "{strategy}: {}", outcome.stderr);
        assert_eq!(synced.requests().len(), 0, "{strategy}");
    }
}

#[test]
fn a_name_that_no_request_can_hold_is_refused_before_anything_is_sent() {
    for character in ["\u{1b}", "\u{7f}", "\u{1}"] {
        let synced = Synced::of(&["a.md", &format!("b{character}[2J.md")]);
        let outcome = synced.sync(&[]);
        assert_eq!((outcome.code, outcome.stdout.as_str()), (2, ""), "{}", outcome.stderr);
        assert!(outcome.stderr.starts_with("error: 1 file cannot be sent:\n  docs/b"), "{}", outcome.stderr);
        let why = ": its name has a control character, which no request can hold\n";
        assert!(outcome.stderr.contains(why) && !outcome.stderr.contains(character), "{}", outcome.stderr);
        assert_eq!(synced.requests().len(), 0);
    }
}

#[test]
fn a_service_that_knows_no_uploads_is_not_asked_for_each_file() {
    let synced = Synced::of(&[]);
    for number in 100..200 {
        synced.write(&format!("{number}.md"), number.to_string());
    }
    let address = synced.emulator.address();
    let refusal = || Answer::json(404, r#"{"error":{"message":"no such place"}}"#);
    let server = Server::with(move |request| if is_upload(request) { refusal() } else { pass_on(request, address) });
    let outcome = synced.sync_at(&server, &["-q", "--transform", "status", "-r"]);
    assert_eq!(outcome.code, 1, "{}", outcome.stderr);
    assert!(outcome.stderr.contains("error: failed to send a file"), "{}", outcome.stderr);
    // The next may have begun when the tenth has come to nothing.
    let tried = server.requests().iter().filter(|request| is_upload(request)).count();
    assert!((10..=12).contains(&tried), "{tried}");
}

#[test]
fn attributes_wait_for_a_rate_limit_that_is_over_at_once() {
    let synced = Synced::of(&["a.md", "b.md"]);
    assert_eq!(synced.sync(&["-q"]).code, 0);
    let (address, count) = (synced.emulator.address(), AtomicUsize::new(0));
    // One more than what each request is repeated for.
    let limit = || {
        let body = r#"{"error":{"message":"slow","type":"requests","code":"rate_limit_exceeded"}}"#;
        Answer::json(429, body).header("retry-after", "0")
    };
    let server = Server::with(move |request| {
        let is_update = request.method == "POST" && request.target.starts_with("/v1/vector_stores/vs_1/files/");
        if is_update && count.fetch_add(1, Relaxed) < 4 { limit() } else { pass_on(request, address) }
    });
    let outcome = synced.sync_at(&server, &["--attributes=team=red", "-q", "-o", "jsonl"]);
    let stdout =
        ["a.md", "b.md"].map(|name| touched(name, &format!("<{name}>"), ["attributes", "updated"], None)).concat();
    assert_eq!((outcome.code, outcome.stdout), (0, stdout), "{}", outcome.stderr);
    assert_eq!(synced.store(), ["a.md", "b.md"].map(|name| format!("{name} completed source=docs team=red")));
}

#[test]
fn what_was_detached_and_not_deleted_is_deleted_by_the_next_prune() {
    let synced = Synced::of(&["a.md", "b.md"]);
    assert_eq!(synced.sync(&["-q"]).code, 0);
    synced.remove("a.md");
    let has_been_asked = AtomicBool::new(false);
    let server = synced.refusing(move |request| {
        let is_deleting = request.method == "DELETE" && request.target.starts_with("/v1/files/");
        is_deleting && !has_been_asked.swap(true, Relaxed)
    });
    let outcome = synced.sync_at(&server, &["--prune", "--yes", "-q", "--transform", "status", "-r"]);
    assert_eq!((outcome.code, outcome.stdout.as_str()), (3, "not_deleted\n"));
    assert_eq!((synced.store().len(), synced.uploads().len()), (1, 2));
    // No time has passed, and none need.
    let outcome = synced.sync_at(&server, &["--prune", "--yes"]);
    let stderr = "note: files: 1 unchanged\nnote: the orphan `<a.md>` is deleted\n".to_owned();
    assert_eq!(outcome, Outcome { stderr, ..Outcome::success("") });
    assert_eq!(synced.uploads(), ["b.md"]);
    let outcome = synced.sync_at(&server, &["--prune", "--yes"]);
    assert_eq!(outcome.stderr, "note: files: 1 unchanged\n");
}
