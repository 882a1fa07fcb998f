//! `vsfb create` of more files than one batch takes: what is sent, printed and written down, and what becomes of it where
//! the service is in a bad mood.

use std::fs;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::bodies::SHOWN;
use crate::journal::Desk;
use crate::samples::error;
use crate::support::command::{HasBaseUrl as _, Outcome, run, vsfb, vsfb_at};
use crate::support::emulator::Emulator;
use crate::support::kills::each_once;
use crate::support::message::{Answer, Request};
use crate::support::server::Server;

/// `file-1`, `file-2` and so on.
pub fn ids(count: usize) -> Vec<String> {
    (1..=count).map(|number| format!("file-{number}")).collect()
}

/// The flags that name so many files.
pub fn flags(count: usize) -> String {
    ids(count).iter().flat_map(|id| [" --file-id ", id]).collect()
}

/// A batch of so many files as the scripted service shows it.
pub fn batch(number: usize, files: usize) -> String {
    json!({"id": format!("vsfb_{number}"), "object": "vector_store.file_batch", "created_at": 1_699_061_776,
        "vector_store_id": "vs_1", "status": "in_progress",
        "file_counts": {"in_progress": files, "completed": 0, "failed": 0, "cancelled": 0, "total": files}})
    .to_string()
}

/// A service that creates `vsfb_1`, `vsfb_2` and so on, unless there is another answer to the create of that number. No
/// file is in its store.
pub fn service(other: impl Fn(usize) -> Option<Answer> + Send + Sync + 'static) -> Server {
    let creates = AtomicUsize::new(0);
    Server::with(move |request: &Request| {
        if request.method == "GET" {
            return Answer::json(404, error("No such file", ""));
        }
        let number = creates.fetch_add(1, Relaxed) + 1;
        other(number).unwrap_or_else(|| Answer::json(200, batch(number, files_of(&request.json()).len())))
    })
}

/// The ids in the body of a create.
pub fn files_of(body: &Value) -> Vec<String> {
    let lists = ["file_ids", "files"].map(|key| body[key].as_array().into_iter().flatten());
    let id = |file: &Value| file.as_str().or(file["file_id"].as_str()).expect("an id").to_owned();
    lists.into_iter().flatten().map(id).collect()
}

/// The files of each create that a server was asked for.
pub fn created_from(server: &Server) -> Vec<Vec<String>> {
    let creates = server.requests().into_iter().filter(|request| request.method == "POST");
    creates.map(|request| files_of(&request.json())).collect()
}

/// How many they were.
fn sizes(server: &Server) -> Vec<usize> {
    created_from(server).iter().map(Vec::len).collect()
}

/// What is said of batches of so many files from the first on.
pub fn notes(files: &[usize]) -> String {
    let mut first = 1;
    let line = |(index, count): (usize, &usize)| {
        let last = first + count - 1;
        let named = if *count == 1 { format!("file {last}") } else { format!("files {first} to {last}") };
        first = last + 1;
        format!("note: batch {} of {} is `vsfb_{}`: {named}\n", index + 1, files.len(), index + 1)
    };
    files.iter().enumerate().map(line).collect()
}

#[test]
fn two_thousand_and_one_files_are_two_batches() {
    let emulator = Emulator::start(&[]);
    let all = ids(2001);
    let mut create = vsfb_at(&emulator);
    create.args(["create", "vs_1", "--rate", "off", "-o", "jsonl"]).args(all.iter().flat_map(|id| ["--file-id", id]));
    let outcome = run(&mut create);
    let batches: Vec<Value> = outcome.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let totals: Vec<_> = batches.iter().map(|batch| &batch["file_counts"]["total"]).collect();
    assert_eq!((outcome.code, totals), (0, vec![&json!(2000), &json!(1)]));
    let id = |index: usize| batches[index]["id"].as_str().unwrap();
    let stderr =
        format!("note: batch 1 of 2 is `{}`: files 1 to 2000\nnote: batch 2 of 2 is `{}`: file 2001\n", id(0), id(1));
    assert_eq!(outcome.stderr, stderr);
    let sent: Vec<_> = emulator.requests().iter().flat_map(|request| files_of(&request["request"])).collect();
    assert_eq!(sent, all);
}

#[test]
fn batches_are_printed_one_after_another_in_every_format() {
    let shown = |format: &str| {
        let server = service(|_| None);
        let line = format!("create vs_1 --batch-size 2 --quiet {format}{}", flags(3));
        let outcome = Desk::at(server.base_url()).run(&line);
        assert_eq!((outcome.code, outcome.stderr.as_str(), sizes(&server)), (0, "", vec![2, 1]), "{format}");
        outcome.stdout
    };
    let (one, two) = (batch(1, 2), batch(2, 1));
    assert_eq!(shown("-o jsonl"), format!("{one}\n{two}\n"));
    assert_eq!(shown("-o raw"), format!("{one}\n{two}\n"));
    let indented =
        |text: &str| serde_json::to_string_pretty(&serde_json::from_str::<Value>(text).unwrap()).unwrap() + "\n";
    let json = indented(&one) + &indented(&two);
    assert_eq!(shown("-o json"), json);
    assert_eq!(shown("-o auto"), json);
    let yaml = shown("-o yaml");
    let [first, second] = yaml.split("---\n").collect::<Vec<_>>()[..] else { panic!("{yaml}") };
    assert!(first.contains("id: vsfb_1\n") && second.contains("id: vsfb_2\n"), "{yaml}");
    let table = shown("-o table");
    let [first, second] = table.split("\n\nbatch").collect::<Vec<_>>()[..] else { panic!("{table}") };
    assert!(first.starts_with("batch    vsfb_1\n") && second.starts_with("    vsfb_2\n"), "{table}");
    let csv = "id,vector_store_id,status,created_at,completed,in_progress,failed,cancelled,total\nvsfb_1,vs_1,in_progress,1699061776,0,2,0,0,2\nvsfb_2,vs_1,in_progress,1699061776,0,1,0,0,1\n";
    assert_eq!(shown("-o csv"), csv);
    assert_eq!(shown("--transform id -r"), "vsfb_1\nvsfb_2\n");
}

#[test]
fn what_fits_into_one_batch_looks_as_it_always_did() {
    let server = Server::answering([Answer::json(200, crate::bodies::ANSWER)]);
    let outcome = Desk::at(server.base_url()).run(&format!("create vs_1 --batch-size 3{}", flags(3)));
    assert_eq!(outcome, Outcome::success(SHOWN));
    assert_eq!(server.request().text(), r#"{"file_ids":["file-1","file-2","file-3"]}"#);
}

#[test]
fn what_is_said_for_all_files_is_in_every_batch() {
    let server = service(|_| None);
    let shared = "--attributes team=red --chunking-strategy static:800:400";
    let outcome = Desk::at(server.base_url()).run(&format!("create vs_1 --batch-size 2 {shared}{}", flags(3)));
    assert_eq!((outcome.code, outcome.stderr), (0, notes(&[2, 1])));
    let bodies: Vec<_> = server.requests().iter().map(|request| request.text().to_owned()).collect();
    let rest = r#""attributes":{"team":"red"},"chunking_strategy":{"type":"static","static":{"max_chunk_size_tokens":800,"chunk_overlap_tokens":400}}}"#;
    let expected = [r#"{"file_ids":["file-1","file-2"],"#, r#"{"file_ids":["file-3"],"#];
    assert_eq!(bodies, expected.map(|begin| format!("{begin}{rest}")));
}

#[test]
fn files_keep_their_own_settings_in_whichever_batch_they_are() {
    let server = service(|_| None);
    let mut create = vsfb_at(&server);
    create.args(["create", "vs_1", "--batch-size", "1", "--attributes", "team=red"]);
    let outcome = run(create.args(["--file", "{file_id: a, attributes: {page: 7}}", "--file", "{file_id: b}"]));
    assert_eq!((outcome.code, outcome.stderr), (0, notes(&[1, 1])));
    let bodies: Vec<_> = server.requests().iter().map(|request| request.text().to_owned()).collect();
    let expected = [
        r#"{"files":[{"file_id":"a","attributes":{"page":7}}]}"#,
        r#"{"files":[{"file_id":"b","attributes":{"team":"red"}}]}"#,
    ];
    assert_eq!(bodies, expected);
}

#[test]
fn each_batch_is_in_the_journal_before_it_is_sent() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("batches.jsonl");
    let seen = path.clone();
    let server = Server::with(move |request: &Request| {
        let text = fs::read_to_string(&seen).unwrap();
        let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let (last, before) = lines.split_last().unwrap();
        let files = files_of(&request.json());
        assert_eq!((&last["event"], &last["files"]), (&json!("sending"), &json!(files.len())), "{text}");
        let number = before.len() / 2 + 1;
        assert_eq!((&last["part"], &last["parts"]), (&json!(number), &json!(3)), "{text}");
        assert_eq!(files[0], format!("file-{}", last["first"].as_u64().unwrap() + 1), "{text}");
        let created = before.iter().filter(|line| line["event"] == "created");
        assert_eq!(created.count(), number - 1, "{text}");
        Answer::json(200, batch(number, files.len()))
    });
    let mut create = vsfb_at(&server);
    create.env("VSFB_JOURNAL", &path).args(["create", "vs_1", "--batch-size", "2", "--quiet"]);
    let outcome = run(create.args(ids(5).iter().flat_map(|id| ["--file-id", id])));
    assert_eq!((outcome.code, outcome.stderr.as_str(), server.requests().len()), (0, "", 3));
    let text = fs::read_to_string(&path).unwrap();
    assert!(!text.contains("file-") && text.matches("\"created\"").count() == 3, "{text}");
}

/// A create of five files in batches of two at an emulator with these faults: how it ends, and each file is in one batch.
fn with_faults(faults: &[&str], more: &str) -> (Outcome, Desk) {
    let given: Vec<_> = faults.iter().flat_map(|fault| ["--fault", fault]).collect();
    let emulator = Emulator::start(&[&["--file-time", "0"], &given[..]].concat());
    let desk = Desk::at(emulator.base_url());
    let outcome = desk.run(&format!("create vs_1 --transform id -r {more}{}", flags(5)));
    assert_eq!(each_once(&emulator.requests(), "vs_1", &ids(5)), Ok(()), "{faults:?}: {outcome:?}");
    let address = emulator.address().to_string();
    (Outcome { stderr: outcome.stderr.replace(&address, "HOST"), ..outcome }, desk)
}

/// What is said of these batches, and each id on a line of stdout.
fn printed(outcome: &Outcome, lines: &[(&str, &str)]) -> String {
    let ids: Vec<_> = outcome.stdout.lines().collect();
    assert_eq!(ids.len(), lines.len(), "{outcome:?}");
    let line = |((part, files), id): (&(&str, &str), &str)| format!("note: batch {part} is `{id}`: {files}\n");
    lines.iter().zip(ids).map(line).collect()
}

#[test]
fn a_lost_answer_is_found_said_and_not_repeated() {
    let (outcome, desk) = with_faults(&["lost-answer=1"], "--batch-size 2");
    let later = printed(&outcome, &[("2 of 3", "files 3 to 4"), ("3 of 3", "file 5")]);
    let stderr = format!(
        "warning: the answer to the create of files 1 to 2 is lost (HOST closed the connection without an answer: connection reset by peer); looking for what came of it in `vs_1`\nwarning: files 1 to 2 are in `vs_1` already; the id of their batch is lost\n{later}"
    );
    assert_eq!((outcome.code, outcome.stderr), (0, stderr));
    let events: Vec<_> = desk.lines().iter().map(|line| line["event"].as_str().unwrap().to_owned()).collect();
    assert_eq!(events, ["sending", "lost", "found", "sending", "created", "sending", "created"]);
}

#[test]
fn what_a_lost_request_did_not_do_is_done_again() {
    let (outcome, desk) = with_faults(&["reset=1"], "--batch-size 3");
    let batches = printed(&outcome, &[("1 of 2", "files 1 to 3"), ("2 of 2", "files 4 to 5")]);
    let stderr = format!(
        "warning: the answer to the create of files 1 to 3 is lost (HOST closed the connection without an answer: connection reset by peer); looking for what came of it in `vs_1`\n{batches}"
    );
    assert_eq!((outcome.code, outcome.stderr), (0, stderr));
    let events: Vec<_> = desk.lines().iter().map(|line| line["event"].as_str().unwrap().to_owned()).collect();
    assert_eq!(events, ["sending", "lost", "refused", "sending", "created", "sending", "created"]);
}

#[test]
fn a_rate_limit_slows_down_and_ends_nothing() {
    let faults = ["rate-limit-exceeded=2", "retry-after=0"];
    let (outcome, _) = with_faults(&faults, "--batch-size 3 --rate off --max-retries 0");
    let batches = printed(&outcome, &[("1 of 2", "files 1 to 3"), ("2 of 2", "files 4 to 5")]);
    let slower = "note: POST http://HOST/v1/vector_stores/vs_1/file_batches: 429 Too Many Requests; going on more slowly, in 0.0 s\n";
    assert_eq!((outcome.code, outcome.stderr), (0, format!("{slower}{slower}{batches}")));
}

#[test]
fn a_quota_that_is_spent_ends_it_at_once() {
    let emulator = Emulator::start(&["--fault", "insufficient-quota"]);
    let outcome = Desk::at(emulator.base_url()).run(&format!("create vs_1 --batch-size 3{}", flags(5)));
    assert_eq!((outcome.code, outcome.stdout.as_str(), emulator.requests().len()), (1, "", 1), "{}", outcome.stderr);
}

#[test]
fn a_limit_that_the_service_states_is_kept_to() {
    let emulator = Emulator::start(&["--fault", "batch-limit=7"]);
    let desk = Desk::at(emulator.base_url());
    let outcome = desk.run(&format!("create vs_1 --batch-size 20 --transform id -r{}", flags(30)));
    let files = ["files 1 to 7", "files 8 to 14", "files 15 to 20", "files 21 to 27", "files 28 to 30"];
    let parts = ["1 of 5", "2 of 5", "3 of 5", "4 of 5", "5 of 5"];
    let lines: Vec<_> = parts.into_iter().zip(files).collect();
    let stderr =
        format!("note: the service takes 7 files in a batch; going on with that\n{}", printed(&outcome, &lines));
    assert_eq!((outcome.code, &outcome.stderr), (0, &stderr));
    assert_eq!(each_once(&emulator.requests(), "vs_1", &ids(30)), Ok(()));
    // So is one batch, which nobody asked to be several.
    let outcome = desk.run(&format!("create vs_1 --transform file_counts.total{}", flags(8)));
    let told = "note: the service takes 7 files in a batch; going on with that\nnote: batch 1 of 2 is";
    assert_eq!((outcome.code, outcome.stdout.as_str()), (0, "7\n1\n"));
    assert!(outcome.stderr.starts_with(told), "{}", outcome.stderr);
}

#[test]
fn a_batch_without_an_id_is_told_and_cannot_be_waited_for() {
    let nameless = |number| (number == 1).then(|| Answer::json(200, r#"{"object":"vector_store.file_batch"}"#));
    let server = service(nameless);
    let outcome = Desk::at(server.base_url()).run(&format!("create vs_1 --batch-size 2 -o jsonl{}", flags(3)));
    let stdout = format!("{{\"object\":\"vector_store.file_batch\"}}\n{}\n", batch(2, 1));
    let stderr = "note: batch 1 of 2 has no id: files 1 to 2\nnote: batch 2 of 2 is `vsfb_2`: file 3\n";
    assert_eq!(outcome, Outcome { code: 0, stdout, stderr: stderr.to_owned() });

    let done =
        batch(2, 1).replace("\"in_progress\":1", "\"in_progress\":0").replace("\"completed\":0", "\"completed\":1");
    let done = done.replace("\"status\":\"in_progress\"", "\"status\":\"completed\"");
    let last = done.clone();
    let created = AtomicUsize::new(0);
    let server = Server::with(move |request: &Request| {
        if request.method == "GET" {
            return Answer::json(200, last.clone());
        }
        let number = created.fetch_add(1, Relaxed) + 1;
        nameless(number).unwrap_or_else(|| Answer::json(200, batch(number, 1)))
    });
    let outcome =
        Desk::at(server.base_url()).run(&format!("create vs_1 --batch-size 2 -o jsonl --wait -q{}", flags(3)));
    let stderr = "error: 2 files were not waited for: the id of their batch is lost\n";
    assert_eq!(outcome, Outcome { code: 1, stdout: done + "\n", stderr: stderr.to_owned() });
}

#[test]
fn a_wait_for_several_batches_prints_each_once_as_it_is_at_the_end() {
    let emulator = Emulator::start(&["--file-time", "10ms"]);
    let desk = Desk::at(emulator.base_url());
    let line = "create vs_1 --batch-size 2 --wait --poll-interval 2ms --quiet --transform {id,status,total:file_counts.completed} -o jsonl";
    let outcome = desk.run(&format!("{line}{}", flags(5)));
    let shown: Vec<Value> = outcome.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let ids: Vec<_> = desk.lines().iter().filter_map(|line| line["batch_id"].as_str().map(str::to_owned)).collect();
    let expected =
        [2, 2, 1].into_iter().zip(&ids).map(|(total, id)| json!({"id": id, "status": "completed", "total": total}));
    assert_eq!((outcome.code, outcome.stderr.as_str(), shown), (0, "", expected.collect()));
}

#[test]
fn a_journal_that_cannot_be_is_told_only_where_a_run_may_break_off() {
    let server = service(|_| None);
    let file = tempfile::NamedTempFile::new().unwrap();
    let with = |line: String| {
        let mut create = vsfb();
        create.env("OPENAI_BASE_URL", server.base_url()).args(line.split(' '));
        for name in ["HOME", "XDG_STATE_HOME", "XDG_DATA_HOME"] {
            create.env(name, file.path());
        }
        let outcome = run(&mut create);
        (outcome.code, outcome.stderr)
    };
    assert_eq!(with(format!("create vs_1{}", flags(2))), (0, String::new()));
    let (code, stderr) = with(format!("create vs_1 --batch-size 1{}", flags(2)));
    let (begin, end) = (
        "warning: failed to write to the journal `",
        "`: not a directory; if this breaks off, --resume cannot go on\nnote: batch 1 of 2 is `vsfb_2`: file 1\nnote: batch 2 of 2 is `vsfb_3`: file 2\n",
    );
    assert!(code == 0 && stderr.starts_with(begin) && stderr.ends_with(end), "{code} {stderr}");
    // Who wants none has been told by himself.
    let mut create = vsfb_at(&server);
    create.env("VSFB_JOURNAL", "off").args(format!("create vs_1 --batch-size 1 --quiet{}", flags(2)).split(' '));
    let outcome = run(&mut create);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""));
}

#[test]
fn no_resume_is_promised_without_a_journal() {
    let server = service(|number| (number == 2).then(|| Answer::json(401, "{}")));
    let desk = Desk::at(server.base_url());
    // It is there, and cannot be written to.
    std::fs::create_dir(desk.path()).unwrap();
    let outcome = desk.run(&format!("create vs_1 --batch-size 1 --transform id -r{}", flags(2)));
    let warning = format!(
        "warning: failed to write to the journal `{}`: is a directory; if this breaks off, --resume cannot go on\n",
        desk.path().display()
    );
    assert_eq!((outcome.code, outcome.stdout.as_str()), (4, "vsfb_1\n"), "{}", outcome.stderr);
    assert!(outcome.stderr.starts_with(&warning), "{}", outcome.stderr);
    assert_eq!(outcome.stderr.matches("the journal").count(), 1, "{}", outcome.stderr);
    assert_eq!(outcome.stderr.matches("--resume").count(), 1, "{}", outcome.stderr);
}

#[test]
fn a_dry_run_of_several_batches_says_how_many_and_how_long() {
    let server = Server::expecting_none();
    let desk = Desk::at(server.base_url());
    let outcome = desk.run(&format!("create vs_1 --batch-size 2 --rate 2 --dry-run -o jsonl{}", flags(5)));
    let plan: Value = serde_json::from_str(&outcome.stdout).unwrap();
    let expected = json!({"vector_store_id": "vs_1", "files": 5, "attached": 0, "batches": 3, "batch_size": 2, "files_per_minute": 2, "minutes": 2, "plan": plan["plan"]});
    assert_eq!((outcome.code, outcome.stderr.as_str(), &plan), (0, "", &expected));
    assert_eq!(plan["plan"].as_str().map(str::len), Some(64));
    let outcome = desk.run(&format!("create vs_1 --batch-size 2 --rate off --dry-run -o jsonl{}", flags(5)));
    let plan: Value = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!((&plan["files_per_minute"], &plan["minutes"]), (&Value::Null, &json!(0)));
    assert!(!desk.path().exists());
}
