//! What `vsfb sync` uploads is attached or named: refused files, files that change on the way, runs that broke off.

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use super::support::command::{Outcome, run, vsfb_at};
use super::support::message::{Answer, Gate, Request};
use super::support::relay::pass_on;
use super::support::running::{let_a_second_begin, start};
use super::support::server::Server;
use super::support::synced::Synced;
use super::sync::{done, touched};
use super::sync_waits::holding;

const JSONL: [&str; 2] = ["-o", "jsonl"];

fn attaches(request: &Request, path: &str) -> bool {
    request.target.ends_with("/file_batches") && request.text().contains(&format!(r#""path":"{path}""#))
}

/// Why one of a batch of one is not attached, as long as the server refuses it.
fn refusal(server: &Server) -> String {
    let request = format!("POST {}/vector_stores/vs_1/file_batches", server.base_url());
    format!("failed to create a file batch of a file in `vs_1`: {request}: 400 Bad Request: no")
}

/// A folder of three whose first two are uploaded, but not attached, by a run that was interrupted before this server.
fn interrupted() -> (Synced, Server) {
    let synced = Synced::of(&["a.md", "b.md", "c.md"]);
    let_a_second_begin();
    let gate = Gate::new();
    let server = holding(&synced, "b.md", &gate);
    let mut vsfb = synced.spawnable_at(&server, &["--transform", "status", "-r"]);
    let outcome = synced.run(|| {
        let running = start(&mut vsfb);
        // Lists of the store and of uploads, and two of these.
        server.await_requests(4);
        running.interrupt();
        running.await_said("once more stops at once\n");
        gate.open();
        running.finish()
    });
    assert_eq!((outcome.code, outcome.stdout.as_str()), (130, "not_attached\nnot_attached\n"));
    assert_eq!(synced.uploads(), ["a.md", "b.md"]);
    synced.let_time_pass();
    (synced, server)
}

#[test]
fn a_file_that_cannot_be_attached_is_named_and_the_others_are_attached() {
    let synced = Synced::of(&["a.md", "bad.md", "c.md"]);
    let server = synced.refusing(|request| attaches(request, "bad.md"));
    let outcome = synced.sync_at(&server, &["-o", "jsonl", "-q"]);
    let why = refusal(&server);
    let bad = touched("bad.md", "<bad.md>", ["new", "not_attached"], Some(&why));
    let stdout = done("a.md", "a.md", 1, "new") + &bad + &done("c.md", "c.md", 2, "new");
    let stderr = format!(
        "error: 1 file uploaded that cannot be attached:\n  <bad.md>\n\
         hint: the same command tries again; with --delete-orphans it deletes what it cannot attach\n\
         error: 1 file is not as it should be:\n  bad.md: not attached: {why}\n\
         hint: the same command tries again what can succeed\n"
    );
    assert_eq!(outcome, Outcome { code: 3, stdout, stderr });

    // It is not uploaded once more, and deleted where that is wanted.
    synced.let_time_pass();
    let outcome = synced.sync_at(&server, &["-o", "jsonl", "-q", "--delete-orphans"]);
    let stderr = format!(
        "error: 1 file is not as it should be:\n  bad.md: not attached: {why}\n\
         hint: the same command tries again what can succeed\n"
    );
    assert_eq!(outcome, Outcome { code: 3, stdout: bad, stderr });
    assert_eq!(synced.did(), ["DELETE /v1/files/<bad.md>"]);
    assert_eq!(synced.uploads(), ["a.md", "c.md"]);
}

#[test]
fn a_file_that_changes_before_it_is_sent_is_noticed() {
    let synced = Synced::of(&["a.md", "b.md", "c.md", "d.md", "e.md"]);
    let gate = Gate::new();
    let server = holding(&synced, "a.md", &gate);
    let mut vsfb = synced.spawnable_at(&server, &JSONL);
    let outcome = synced.run(|| {
        let running = start(&mut vsfb);
        server.await_requests(3);
        synced.write("b.md", "B.MD");
        synced.write("c.md", "longer");
        synced.write("d.md", "");
        synced.remove("e.md");
        gate.open();
        running.finish()
    });
    let changed = "it was changed while it was uploaded";
    let faults = [
        ("b.md", changed),
        ("c.md", changed),
        ("d.md", changed),
        ("e.md", "the file cannot be opened: no such file or directory"),
    ];
    let records = faults.map(|(path, why)| touched(path, "", ["new", "not_uploaded"], Some(why)));
    let lines = faults.map(|(path, why)| format!("\n  {path}: not uploaded: {why}"));
    let stderr = format!(
        "note: files: 5 new; 20 B to upload\nerror: 4 files are not as they should be:{}\n\
         hint: the same command tries again what can succeed\n",
        lines.concat()
    );
    assert_eq!(outcome, Outcome { code: 3, stdout: done("a.md", "a.md", 1, "new") + &records.concat(), stderr });
    assert_eq!(synced.did(), ["POST /v1/files a.md", "POST /v1/vector_stores/vs_1/file_batches a.md"]);
    assert_eq!(synced.uploads(), ["a.md"]);
}

#[test]
fn without_a_journal_earlier_uploads_are_known_by_name_and_size() {
    let (synced, server) = interrupted();
    synced.write("c.md", "changed since");
    let outcome = synced.run(|| {
        let mut command = synced.command(&JSONL);
        run(command.env("OPENAI_BASE_URL", server.base_url()).env("VSFB_JOURNAL", "off"))
    });
    let stderr = "note: files: 3 new; 21 B to upload\nnote: 2 files uploaded before, taken over\n";
    let stdout = ["a.md", "b.md", "c.md"].map(|name| done(name, name, 1, "new")).concat();
    assert_eq!(outcome, Outcome { code: 0, stdout, stderr: stderr.to_owned() });
    assert_eq!(synced.did()[0], "POST /v1/files c.md");
    assert_eq!(synced.uploads(), ["a.md", "b.md", "c.md"]);
}

#[test]
fn what_another_store_has_is_not_taken_over() {
    let synced = Synced::of(&["a.md"]);
    let_a_second_begin();
    let other = ["--vector-store-id", "vs_2", "-q", "--transform", "status", "-r"];
    let mut command = vsfb_at(&synced.emulator);
    command.current_dir(synced.place()).args(["sync", "docs"]).args(other);
    assert_eq!(run(&mut command), Outcome::success("completed\n"));
    // Another home, so that nothing is known of it but what the service tells.
    let outcome = synced.run(|| run(synced.command(&JSONL).env_remove("VSFB_JOURNAL")));
    let stderr = "note: files: 1 new; 4 B to upload\n".to_owned();
    assert_eq!(outcome, Outcome { stderr, ..Outcome::success(done("a.md", "a.md 2", 1, "new")) });
    assert_eq!(synced.uploads(), ["a.md", "a.md"]);
}

#[test]
fn uploads_of_a_run_that_broke_off_are_named_or_deleted_where_nobody_needs_them() {
    let (synced, server) = interrupted();
    synced.remove("b.md");
    let outcome = synced.sync_at(&server, &["-o", "jsonl", "--timeout", "10s"]);
    let stdout = ["a.md", "c.md"].map(|name| done(name, name, 1, "new")).concat();
    assert_eq!((outcome.code, outcome.stdout), (0, stdout));
    let warning = "warning: 1 file in no use, left by a request without an answer or by an earlier run:\n  <b.md>\nhint: --delete-orphans deletes such files\n";
    assert!(outcome.stderr.ends_with(warning), "{}", outcome.stderr);

    let (synced, server) = interrupted();
    synced.remove("b.md");
    let outcome = synced.sync_at(&server, &["-o", "jsonl", "--delete-orphans"]);
    let stdout = ["a.md", "c.md"].map(|name| done(name, name, 1, "new")).concat();
    assert_eq!((outcome.code, outcome.stdout), (0, stdout));
    assert!(outcome.stderr.ends_with("note: the orphan `<b.md>` is deleted\n"), "{}", outcome.stderr);
    assert_eq!(synced.uploads(), ["a.md", "c.md"]);
}

#[test]
fn attributes_that_are_refused_are_told() {
    let synced = Synced::of(&["a.md", "b.md"]);
    assert_eq!(synced.sync(&[]).code, 0);
    let id = synced.id_of("<b.md>");
    let server = synced.refusing(move |request| request.method == "POST" && request.target.ends_with(&id));
    let outcome = synced.sync_at(&server, &["--attributes", "team=red", "-q", "-o", "jsonl"]);
    let why = format!("POST {}/vector_stores/vs_1/files/<b.md>: 400 Bad Request: no", server.base_url());
    let stdout = touched("a.md", "<a.md>", ["attributes", "updated"], None)
        + &touched("b.md", "<b.md>", ["attributes", "not_updated"], Some(&why));
    let stderr = format!(
        "error: 1 file is not as it should be:\n  b.md: not updated: {why}\n\
         hint: the same command tries again what can succeed\n"
    );
    assert_eq!(outcome, Outcome { code: 3, stdout, stderr });
}

#[test]
fn a_key_that_is_refused_ends_it_all() {
    let synced = Synced::of(&["a.md", "b.md"]);
    let address = synced.emulator.address();
    let server = Server::with(move |request| {
        let is_refused = request.target == "/v1/files" && request.text().contains("\"b.md\"");
        let refusal = || Answer::json(401, r#"{"error":{"message":"no"}}"#);
        if is_refused { refusal() } else { pass_on(request, address) }
    });
    let outcome = synced.sync_at(&server, &JSONL);
    let why = format!("POST {}/files: 401 Unauthorized", server.base_url());
    let stdout = touched("a.md", "<a.md>", ["new", "not_attached"], None)
        + &touched("b.md", "", ["new", "not_uploaded"], Some(&format!("{why}: no")));
    let stderr = format!(
        "note: files: 2 new; 8 B to upload\n\
         error: 1 file uploaded and not attached yet:\n  <a.md>\nhint: the same command attaches them\n\
         error: 1 file is not as it should be:\n  b.md: not uploaded: {why}: no\n\
         hint: the same command tries again what can succeed\n{why}\n{{\n  \"message\": \"no\"\n}}\n\
         error: failed to send a file\nhint: check the API key: OPENAI_API_KEY or --api-key\n"
    );
    assert_eq!(outcome, Outcome { code: 4, stdout, stderr });
    assert_eq!(synced.did(), ["POST /v1/files a.md"]);
}

#[test]
fn after_ten_uploads_without_an_answer_the_rest_is_not_tried() {
    let synced = Synced::of(&[]);
    for number in 10..30 {
        synced.write(&format!("{number}.md"), number.to_string());
    }
    let address = synced.emulator.address();
    let server =
        Server::with(move |request| if is_upload(request) { Answer::reset() } else { pass_on(request, address) });
    let outcome = synced.sync_at(&server, &["--max-retries", "0", "-q", "--transform", "status", "-r"]);
    assert_eq!(outcome.code, 1);
    let last = outcome.stderr.lines().find(|line| line.starts_with("error: failed to send a file: "));
    assert!(last.is_some_and(|line| line.contains("closed the connection without an answer")), "{}", outcome.stderr);
    // The next may have begun when the tenth has come to nothing.
    let tried = server.requests().iter().filter(|request| is_upload(request)).count();
    assert!((10..=12).contains(&tried), "{tried}");
    let told: Vec<&str> = outcome.stdout.lines().collect();
    assert!((10..=tried).contains(&told.len()) && told.iter().all(|status| *status == "not_uploaded"), "{told:?}");
}

fn is_upload(request: &Request) -> bool {
    request.method == "POST" && request.target == "/v1/files"
}

#[test]
fn a_detached_file_that_was_not_deleted_is_found_again() {
    let synced = Synced::of(&["a.md", "b.md"]);
    let has_been_asked = AtomicBool::new(false);
    let server = synced.refusing(move |request| {
        let is_deleting = request.method == "DELETE" && request.target.starts_with("/v1/files/");
        is_deleting && !has_been_asked.swap(true, Relaxed)
    });
    assert_eq!(synced.sync_at(&server, &[]).code, 0);
    synced.remove("a.md");
    let outcome = synced.sync_at(&server, &["--prune", "--yes", "-q", "--transform", "status", "-r"]);
    assert_eq!((outcome.code, outcome.stdout.as_str()), (3, "not_deleted\n"));
    assert_eq!((synced.store().len(), synced.uploads().len()), (1, 2));
    // Nothing but the journal knows of it now.
    synced.let_time_pass();
    let outcome = synced.sync_at(&server, &["--prune", "--yes", "--delete-orphans", "-q"]);
    assert_eq!(outcome, Outcome::success(""));
    assert_eq!(synced.uploads(), ["b.md"]);
}

#[test]
fn attributes_that_are_refused_are_told_of_a_file_in_progress_as_well() {
    let synced = Synced::at(&["--file-time", "300ms"], &["a.md"]);
    assert_eq!(synced.sync(&["--timeout", "0"]).code, 8);
    let id = synced.id_of("<a.md>");
    let server = synced.refusing(move |request| request.method == "POST" && request.target.ends_with(&id));
    let arguments = ["--attributes", "team=red", "-q", "--poll-interval", "10ms", "--transform", "status", "-r"];
    let outcome = synced.sync_at(&server, &arguments);
    assert_eq!((outcome.code, outcome.stdout.as_str()), (3, "not_updated\n"), "{}", outcome.stderr);
}

#[test]
fn a_file_that_was_changed_in_the_second_of_its_upload_is_uploaded_again() {
    let (synced, server) = interrupted();
    let list = synced.get("/files?limit=1000");
    let created_at =
        list["data"].as_array().unwrap().iter().find(|file| file["filename"] == "b.md").unwrap()["created_at"].as_u64();
    synced.write_at(
        "b.md",
        "B.MD",
        std::time::UNIX_EPOCH + std::time::Duration::from_millis(created_at.unwrap() * 1000 + 900),
    );
    let outcome = synced.run(|| {
        let mut command = synced.command(&["-q", "--transform", "status", "-r"]);
        run(command.env("OPENAI_BASE_URL", server.base_url()).env("VSFB_JOURNAL", "off"))
    });
    assert_eq!(outcome, Outcome::success("completed\ncompleted\ncompleted\n"));
    assert_eq!(synced.did()[..2], ["POST /v1/files b.md", "POST /v1/files c.md"]);
}
