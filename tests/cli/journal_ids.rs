//! Batches that the journal knows are named without their store, or not at all.

use crate::journal::Desk;
use crate::support::command::{Outcome, run};
use crate::support::message::{Answer, Request};
use crate::support::server::Server;

/// A service that names each batch after the store it is created in, and answers everything else with what it was asked.
fn service() -> Server {
    Server::with(|request: &Request| {
        let (method, path) = (&request.method, request.target.split('?').next().unwrap());
        let store = path.split('/').nth(3).unwrap();
        let id = if path.ends_with("/file_batches") { format!("batch_of_{store}") } else { format!("{method} {path}") };
        let object = r#""object":"vector_store.file_batch","status":"in_progress""#;
        Answer::json(200, format!(r#"{{"id":"{id}",{object},"data":[{{"id":"{id}"}}],"has_more":false}}"#))
    })
}

/// What a command asks the service for.
fn asked(desk: &Desk, line: &str, stdin: &str) -> (String, String) {
    let outcome = run(desk.command(&format!("{line} --transform id -r")).write_stdin(stdin));
    assert_eq!(outcome.code, 0, "{line}: {}", outcome.stderr);
    (outcome.stdout.trim_end().to_owned(), outcome.stderr)
}

#[test]
fn a_single_id_is_a_batch_that_was_created_from_here() {
    let server = service();
    let desk = Desk::at(server.base_url());
    for store in ["vs_1", "vs_2"] {
        desk.create(&format!("{store} --file-id file-a"));
    }
    let base = "/v1/vector_stores/vs_1/file_batches/batch_of_vs_1";
    for (command, request) in [
        ("retrieve", format!("GET {base}")),
        ("cancel", format!("POST {base}/cancel")),
        ("list-files", format!("GET {base}/files")),
    ] {
        // What stands on stdin is not looked at where nothing is missing.
        let found = asked(&desk, &format!("{command} batch_of_vs_1"), "- no\n- map\n");
        assert_eq!(found, (request, String::new()));
    }
    let body =
        desk.command("list-files batch_of_vs_1 --body - --transform id -r").write_stdin("filter: failed").output();
    assert!(body.unwrap().status.success());
    assert!(server.requests().last().unwrap().target.contains("filter=failed"));
}

#[test]
fn a_journal_that_cannot_be_read_is_missed_only_where_an_id_is() {
    let server = service();
    let desk = Desk::at(server.base_url());
    std::fs::create_dir(desk.path()).unwrap();
    let (request, _) = asked(&desk, "retrieve vs_9", "batch_id: b");
    assert_eq!(request, "GET /v1/vector_stores/vs_9/file_batches/b");
    let outcome = run(desk.command("retrieve b").write_stdin(""));
    let error = format!("error: failed to use the journal `{}`: it is no regular file\n", desk.path().display());
    assert_eq!(outcome, Outcome { code: 2, stdout: String::new(), stderr: error });
}

#[test]
fn ids_on_stdin_leave_a_single_one_what_it_was() {
    let server = service();
    let desk = Desk::at(server.base_url());
    desk.create("vs_1 --file-id file-a");
    let (request, _) = asked(&desk, "retrieve vs_9", "batch_id: b");
    assert_eq!(request, "GET /v1/vector_stores/vs_9/file_batches/b");
    let (request, _) = asked(&desk, "retrieve --vector-store-id vs_9 batch_of_vs_1", "");
    assert_eq!(request, "GET /v1/vector_stores/vs_9/file_batches/batch_of_vs_1");
    let (request, _) = asked(&desk, "retrieve batch_of_vs_1 b", "");
    assert_eq!(request, "GET /v1/vector_stores/batch_of_vs_1/file_batches/b");
}

#[test]
fn a_batch_that_the_journal_does_not_know_needs_its_store() {
    let server = service();
    let desk = Desk::at(server.base_url());
    desk.create("vs_1 --file-id file-a");
    let complaint = |id: &str, place: &str| {
        let hint = "hint: name the store with --vector-store-id, or give both ids: VECTOR_STORE_ID BATCH_ID\n";
        let error = format!(
            "error: the vector store of the file batch \"{id}\" is not known: no such batch was created from here at {place}\n"
        );
        Outcome::failure(2, error + hint)
    };
    for command in ["retrieve", "cancel", "list-files", "wait"] {
        assert_eq!(desk.run(&format!("{command} vsfb_9")), complaint("vsfb_9", &server.base_url()));
    }
    let elsewhere = "http://127.0.0.1:9/v1";
    assert_eq!(
        desk.run(&format!("retrieve batch_of_vs_1 --base-url {elsewhere}")),
        complaint("batch_of_vs_1", elsewhere)
    );
    for line in ["retrieve batch_of_vs_1", "wait batch_of_vs_1", "wait --batch-id batch_of_vs_1"] {
        let off = run(desk.command(line).env("VSFB_JOURNAL", "off"));
        assert_eq!(off, complaint("batch_of_vs_1", &server.base_url()));
    }
}

#[test]
fn the_last_batch_needs_no_id() {
    let server = service();
    let desk = Desk::at(server.base_url());
    for store in ["vs_1", "vs_2"] {
        desk.create(&format!("{store} --file-id file-a"));
    }
    let said = |store: &str| format!("note: the last batch is `batch_of_{store}` of `{store}`\n");
    let base = "/v1/vector_stores/vs_2/file_batches/batch_of_vs_2";
    for (command, request) in [
        ("retrieve", format!("GET {base}")),
        ("cancel", format!("POST {base}/cancel")),
        ("list-files", format!("GET {base}/files")),
    ] {
        assert_eq!(asked(&desk, &format!("{command} --last"), "- no\n- map\n"), (request, said("vs_2")));
    }
    let (request, note) = asked(&desk, "retrieve --last --vector-store-id vs_1", "");
    assert_eq!(request, "GET /v1/vector_stores/vs_1/file_batches/batch_of_vs_1");
    assert_eq!(note, said("vs_1"));
}

#[test]
fn a_wait_takes_batches_that_were_created_from_here() {
    let server = Server::with(|request: &Request| {
        let words: Vec<_> = request.target.split('/').skip(3).collect();
        let id = if let [_, _, id] = words[..] { id.to_owned() } else { format!("batch_of_{}", words[0]) };
        let object = r#""object":"vector_store.file_batch","status":"completed""#;
        Answer::json(200, format!(r#"{{"id":"{id}",{object},"vector_store_id":"{}"}}"#, words[0]))
    });
    let desk = Desk::at(server.base_url());
    for store in ["vs_1", "vs_2"] {
        desk.create(&format!("{store} --file-id file-a"));
    }
    let note = "note: the last batch is `batch_of_vs_2` of `vs_2`\n";
    for (line, batches, said) in [
        ("batch_of_vs_2 batch_of_vs_1", &[["vs_2", "batch_of_vs_2"], ["vs_1", "batch_of_vs_1"]] as &[[&str; 2]], ""),
        ("--batch-id batch_of_vs_1", &[["vs_1", "batch_of_vs_1"]], ""),
        ("--batch-id batch_of_vs_1 vs_9 b", &[["vs_9", "batch_of_vs_1"], ["vs_9", "b"]], ""),
        ("vs_2 --batch-id batch_of_vs_1 --batch-id c", &[["vs_2", "batch_of_vs_1"], ["vs_2", "c"]], ""),
        ("--last", &[["vs_2", "batch_of_vs_2"]], note),
        ("--last --vector-store-id vs_2", &[["vs_2", "batch_of_vs_2"]], note),
        ("vs_1 --last", &[["vs_1", "batch_of_vs_1"]], "note: the last batch is `batch_of_vs_1` of `vs_1`\n"),
    ] {
        // What stands on stdin is not looked at where nothing is missing.
        let mut wait =
            desk.command(&format!("wait {line} --timeout 0 --format jsonl --transform [vector_store_id,id]"));
        let outcome = run(wait.write_stdin("- no\n- batch\n"));
        let lines: Vec<_> = batches.iter().map(|[store, id]| format!("[\"{store}\",\"{id}\"]\n")).collect();
        let stdout = lines.concat();
        assert_eq!(outcome, Outcome { code: 0, stdout, stderr: said.to_owned() }, "{line}");
    }
}

#[cfg(unix)]
#[test]
fn a_wait_knows_from_the_journal_how_new_a_batch_is() {
    use crate::support::command::HasBaseUrl as _;
    use crate::support::emulator::Emulator;
    let emulator = Emulator::start(&["--fault", "not-found-at-first=1h"]);
    let desk = Desk::at(emulator.base_url());
    let id = desk.create("vs_1 --file-id file-a");
    let requests = |line: &str, journal: &str| {
        let before = emulator.requests().len();
        let mut wait = desk.command(&format!("{line} --timeout 300ms --poll-interval 5ms"));
        if journal == "off" {
            wait.env("VSFB_JOURNAL", journal);
        }
        assert_eq!(run(&mut wait).code, if journal == "off" { 1 } else { 8 });
        emulator.requests().len() - before
    };
    // First the one that leaves no request under way at its end.
    assert_eq!(requests(&format!("wait vs_1 {id}"), "off"), 1);
    for line in [format!("wait {id}"), format!("wait vs_1 {id}"), "wait --last".to_owned()] {
        assert!(requests(&line, "") > 1, "{line}");
    }
}

#[test]
fn what_the_journal_lists_can_be_piped_on() {
    let server = service();
    let desk = Desk::at(server.base_url());
    desk.create("vs_1 --file-id file-a");
    let listed = desk.run("journal --max-items 1").stdout;
    let (request, note) = asked(&desk, "retrieve", &listed);
    assert_eq!((request.as_str(), note.as_str()), ("GET /v1/vector_stores/vs_1/file_batches/batch_of_vs_1", ""));
}

#[test]
fn there_may_be_no_last_batch() {
    let server = Server::answering([Answer::hang_up()]);
    let desk = Desk::at(server.base_url());
    let none = |place: &str| {
        let error = format!("error: --last: no batch was created from here{place} at {}\n", server.base_url());
        Outcome::failure(2, error + "hint: `vsfb journal` lists those that were\n")
    };
    assert_eq!(desk.run("retrieve --last"), none(""));
    desk.run("create vs_1 --file-id file-a --max-retries 0");
    assert_eq!(desk.run("cancel --last --vector-store-id vs_2"), none(" in `vs_2`"));
    let unknown = "error: --last: no answer has told the id of the last batch (lost)\nhint: `vsfb journal` lists those whose ids are known\n";
    for line in ["cancel --last", "wait --last"] {
        assert_eq!(desk.run(line), Outcome::failure(2, unknown));
    }
    let both = "error: --last is given beside the id of a batch\nhint: leave out one of them; --vector-store-id says in which store the last batch is looked for\n";
    for line in ["retrieve --last b", "retrieve vs_1 b --last", "retrieve --last --batch-id b", "wait vs_1 b --last"] {
        assert_eq!(desk.run(line), Outcome::failure(2, both), "{line}");
    }
    let off = run(desk.command("retrieve --last").env("VSFB_JOURNAL", "off"));
    assert_eq!(off, Outcome::failure(2, "error: failed to use the journal: VSFB_JOURNAL is off\n"));
}

#[test]
fn the_last_of_several_batches_stands_for_its_run() {
    let server =
        crate::many::service(|number| (number == 5).then(|| Answer::json(400, crate::samples::error("No.", ""))));
    let desk = Desk::at(server.base_url());
    // The first run is another one of the same files, and the second is done in two goes.
    let create = |more: &str| desk.run(&format!("create vs_1 --batch-size 2 -q{more}{}", crate::many::flags(6))).code;
    assert_eq!([create(""), create(""), create(" --resume")], [0, 1, 0]);
    let targets = || server.requests().into_iter().map(|request| request.target).filter(|it| !it.ends_with("es"));
    let asked = |line: &str| {
        let before = targets().count();
        let outcome = desk.run(line);
        (outcome.stderr.lines().next().unwrap_or_default().to_owned(), targets().skip(before).collect::<Vec<_>>())
    };
    let of_run = |note: &str| {
        let path = |number: u8| format!("/v1/vector_stores/vs_1/file_batches/vsfb_{number}");
        (format!("note: {note}"), vec![path(4), path(6), path(7)])
    };
    let note = "the last run is 3 batches of `vs_1`, from `vsfb_4` to `vsfb_7`";
    assert_eq!(asked("wait --last --timeout 0").0, of_run(note).0);
    let (said, mut paths) = asked("wait vs_1 --last --timeout 0");
    paths.sort_unstable();
    assert_eq!((said, paths), of_run(note));
    let single = "the last batch is `vsfb_7` of `vs_1`";
    assert_eq!(asked("retrieve --last"), (format!("note: {single}"), of_run("").1.split_off(2)));
}
