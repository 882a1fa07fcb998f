//! `--files-from`: the files of a create from a manifest, in each format and from wherever it comes.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::bodies::{created, run_unsent};
use crate::many::{batch, created_from, files_of, ids};
use crate::support::command::{Outcome, run, vsfb, vsfb_at};
use crate::support::message::{Answer, Request};
use crate::support::relay::Relay;
use crate::support::server::Server;

const IDS: &str = "# the files of today\nfile-a\n\n  file-b\t\n";
const JSONL: &str = "{\"file_id\": \"file-a\"}\n\n\"file-b\"\n";
const JSON: &str = "[\"file-a\",\n {\"file_id\": \"file-b\"}]";
const CSV: &str = "file_id\nfile-a\nfile-b\n";
const BODY: &str = r#"{"file_ids":["file-a","file-b"]}"#;

/// A folder with this file in it.
fn written(name: &str, text: &str) -> (TempDir, PathBuf) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, text).unwrap();
    (folder, path)
}

/// A create from this manifest with these flags sends this body, and a service takes it.
#[track_caller]
fn sends(path: &Path, flags: &[&str], body: &str) {
    let relay = Relay::start(&[]);
    let outcome = run(vsfb_at(&relay).args(["create", "vs_1", "--files-from"]).arg(path).args(flags));
    created(&relay, &outcome, body);
}

/// A create from this manifest with these flags sends nothing and says this.
#[track_caller]
fn refuses(path: &Path, flags: &[&str], why: &str) {
    let outcome = run_unsent(vsfb().args(["create", "vs_1", "--files-from"]).arg(path).args(flags));
    let hint =
        "hint: nothing was sent; --files-format says what it is written in, --no-validate sends whatever has an id\n";
    let stderr = format!("error: --files-from {}: {why}\n{hint}", path.display());
    assert_eq!(outcome, Outcome::failure(2, stderr));
}

#[test]
fn a_name_says_the_format() {
    for (name, text) in [
        ("a.txt", IDS),
        ("a.ids", IDS),
        ("a.jsonl", JSONL),
        ("a.ndjson", JSONL),
        ("a.JSON", JSON),
        ("a.csv", CSV),
        ("a.csv", "\u{feff}file_id\r\nfile-a\r\nfile-b\r\n"),
    ] {
        let (_folder, path) = written(name, text);
        sends(&path, &[], BODY);
    }
}

#[test]
fn else_the_first_line_says_it() {
    for text in [IDS, JSONL, JSON, CSV, "file-a\nfile-b", "\"file-a\"\n\"file-b\"\n"] {
        let (_folder, path) = written("manifest", text);
        sends(&path, &[], BODY);
    }
}

#[test]
fn a_flag_says_it_before_either() {
    let (_folder, path) = written("a.csv", IDS);
    sends(&path, &["--files-format", "ids"], BODY);
    refuses(&path, &[], "line 1: no column `file_id`; the first line names the columns, with commas between them");
    let (_folder, path) = written("a.txt", JSONL);
    sends(&path, &["--files-format", "JSONL"], BODY);
}

#[test]
fn a_manifest_may_come_through_stdin_or_a_pipe() {
    let relay = Relay::start(&[]);
    for (arguments, text) in
        [(&["--files-from", "-"] as &[&str], JSON), (&["--files-from=-", "--files-format=csv"], CSV)]
    {
        let mut create = vsfb_at(&relay);
        create.args(["create", "vs_1", "--batch-size", "2"]).args(arguments).write_stdin(text);
        let outcome = run(&mut create);
        assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""), "{text}");
        assert_eq!(relay.requests().last().unwrap().text(), BODY);
    }

    let folder = TempDir::new().unwrap();
    let path = folder.path().join("pipe");
    assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
    let pipe = path.clone();
    let writer = thread::spawn(move || fs::write(pipe, IDS).unwrap());
    let mut create = vsfb_at(&relay);
    let outcome = run(create.args(["create", "vs_1", "--batch-size", "1", "-q", "--files-from"]).arg(&path));
    writer.join().unwrap();
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""));
    let sent: Vec<_> = created_from(&relay)[2..].to_vec();
    assert_eq!(sent, [["file-a"], ["file-b"]]);
}

#[test]
fn attributes_in_csv_are_typed_and_those_of_all_go_to_the_files_without() {
    let text = "file_id,page,title,draft,code,chunking_strategy\nfile-a,7,\"Intro, part 1\",true,007,static:800:400\nfile-b,,,,,\n";
    let (_folder, path) = written("a.csv", text);
    let first = r#"{"file_id":"file-a","attributes":{"page":7,"title":"Intro, part 1","draft":true,"code":"007"},"chunking_strategy":{"type":"static","static":{"max_chunk_size_tokens":800,"chunk_overlap_tokens":400}}}"#;
    sends(&path, &[], &format!(r#"{{"files":[{first},{{"file_id":"file-b"}}]}}"#));
    let second = r#"{"file_id":"file-b","attributes":{"team":"red"},"chunking_strategy":{"type":"auto"}}"#;
    let flags = ["--attributes", "team=red", "--chunking-strategy", "auto"];
    sends(&path, &flags, &format!(r#"{{"files":[{first},{second}]}}"#));
    // Where no file has settings of its own, the service takes them for the whole batch.
    let (_folder, path) = written("a.csv", CSV);
    sends(&path, &flags[..2], r#"{"file_ids":["file-a","file-b"],"attributes":{"team":"red"}}"#);
}

#[test]
fn files_of_a_manifest_keep_their_settings_in_each_batch() {
    let relay = Relay::start(&[]);
    let (_folder, path) = written("a.jsonl", "\"file-a\"\n{\"file_id\": \"file-b\", \"attributes\": {\"n\": 1e3}}\n");
    let flags = ["create", "vs_1", "-q", "--batch-size", "1", "--attributes", "team=red", "--files-from"];
    let outcome = run(vsfb_at(&relay).args(flags).arg(&path));
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""));
    let bodies: Vec<_> = relay.requests().iter().map(|request| request.text().to_owned()).collect();
    let expected = [
        r#"{"files":[{"file_id":"file-a","attributes":{"team":"red"}}]}"#,
        r#"{"files":[{"file_id":"file-b","attributes":{"n":1e3}}]}"#,
    ];
    assert_eq!(bodies, expected);
}

#[test]
fn bad_lines_are_told_by_their_numbers_and_nothing_is_sent() {
    let (_folder, path) = written("a.txt", "file-a\nfile b\n");
    refuses(&path, &[], "line 2: the id \"file b\" holds white space");
    let (_folder, path) = written("a.jsonl", "\"file-a\"\n{\"file_id\": 1}\n{\n{\"file\": \"b\"}\n\"@x\"\n");
    let why = "5 problems:\n  line 2: the id must be a string, not a number\n  line 3: the text ends within an object (column 1)\n  line 4: unknown key `file`; did you mean `file_id`?\n  line 4: `file_id` is missing\n  line 5: `@x` is no id; a manifest refers to no other files";
    refuses(&path, &[], why);
    let (_folder, path) = written("a.json", "[\"file-a\", \"\",\n3]");
    let why = "2 problems:\n  line 1, element 2: the id \"\" is blank\n  line 2, element 3: must be a map with `file_id`, not a number";
    refuses(&path, &[], why);
    let (_folder, path) = written("a.csv", "file_id,page\nfile-a,1\nfile-b\n,2\nfile-c,3,4\n");
    let why = "3 problems:\n  line 3: cells: 1; columns in the heading: 2\n  line 4: the id \"\" is blank\n  line 5: cells: 3; columns in the heading: 2";
    refuses(&path, &[], why);
}

#[test]
fn twenty_bad_lines_are_told_and_how_many_more_there_are() {
    let (_folder, path) = written("a.txt", &"a b\n".repeat(23));
    let lines: String =
        (1..=20).map(|line| format!("\n  line {line}: the id \"a b\" holds white space")).collect::<Vec<_>>().concat();
    refuses(&path, &["--batch-size", "5"], &format!("23 problems:{lines}\n  and 3 more"));
}

#[test]
fn a_manifest_without_a_file_is_refused() {
    for (name, text) in
        [("a.txt", ""), ("a.txt", "# nothing\n\n"), ("a.json", "[]"), ("a.csv", "file_id,page\n"), ("a.jsonl", "\n")]
    {
        let (_folder, path) = written(name, text);
        let outcome = run_unsent(vsfb().args(["create", "vs_1", "--files-from"]).arg(&path));
        let stderr = format!("error: --files-from {}: there is no file in it\n", path.display());
        assert_eq!(outcome, Outcome::failure(2, stderr), "{name} {text:?}");
    }
    let outcome = run_unsent(vsfb().args(["create", "vs_1", "--files-from", "/nowhere/ids.txt"]));
    let stderr = "error: failed to read --files-from /nowhere/ids.txt: no such file or directory\n";
    assert_eq!(outcome, Outcome::failure(2, stderr));
}

#[test]
fn files_are_given_in_one_way_only() {
    let (_folder, path) = written("a.txt", IDS);
    for (flags, list) in [(["--file-id", "file-c"], "file_ids"), (["--file", "{file_id: file-c}"], "files")] {
        let outcome = run_unsent(vsfb().args(["create", "vs_1", "--files-from"]).arg(&path).args(flags));
        let stderr = format!(
            "error: files are given both with --files-from and as `{list}`\nhint: give all of them in one of these ways\n"
        );
        assert_eq!(outcome, Outcome::failure(2, stderr));
    }
    let mut both = vsfb();
    both.args(["create", "vs_1", "--files-from", "-", "--body", "-"]).write_stdin(IDS);
    let stderr = "error: stdin cannot be read twice: by `--files-from -` and by `--body -`\n";
    assert_eq!(run_unsent(&mut both), Outcome::failure(2, stderr));
}

#[test]
fn without_validation_whatever_has_an_id_is_sent() {
    let attributes: serde_json::Map<String, Value> =
        (1..=17).map(|number| (format!("a{number}"), json!(number))).collect();
    let file = json!({"file_id": "file-a", "attributes": attributes, "priority": "high"});
    let (_folder, path) = written("a.jsonl", &format!("{file}\n\"file-b\"\n"));
    let why = "2 problems:\n  line 1 (file-a): unknown key `priority`; known are `file_id`, `attributes`, `chunking_strategy`\n  line 1 (file-a): attributes: 17 attributes; at most 16 are allowed";
    refuses(&path, &[], why);
    let server = Server::with(|request: &Request| Answer::json(200, batch(1, files_of(&request.json()).len())));
    let mut create = vsfb_at(&server);
    let outcome = run(create.args(["create", "vs_1", "--no-validate", "-o", "jsonl", "--files-from"]).arg(&path));
    assert_eq!(outcome, Outcome::success(batch(1, 2) + "\n"));
    assert_eq!(server.request().text(), format!(r#"{{"files":[{file},{{"file_id":"file-b"}}]}}"#));

    let (_folder, path) = written("a.jsonl", "{\"file\": \"file-a\"}\n3\n\"a b\"\n{\n");
    let why = "5 problems:\n  line 1: unknown key `file`; did you mean `file_id`?\n  line 1: `file_id` is missing\n  line 2: must be a map with `file_id`, not a number\n  line 3: the id \"a b\" holds white space\n  line 4: the text ends within an object (column 1)";
    refuses(&path, &["--no-validate"], why);
}

#[test]
fn ids_that_are_there_twice_are_told() {
    let (_folder, path) = written("a.txt", "file-a\nfile-b\nfile-a\nfile-a\n");
    let relay = Relay::start(&[]);
    let outcome = run(vsfb_at(&relay).args(["create", "vs_1", "--files-from"]).arg(&path));
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, "warning: the file id `file-a` is given 3 times\n"));
}

#[test]
fn a_manifest_that_is_changed_before_it_is_counted_is_said() {
    let (folder, path) = written("a.txt", IDS);
    let pipe = folder.path().join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let (manifest, attribute) = (path.clone(), pipe.clone());
    // The pipe has a reader as soon as the manifest has been opened.
    let changer = thread::spawn(move || {
        let mut pipe = OpenOptions::new().write(true).open(attribute).unwrap();
        fs::write(manifest, "file-c\n").unwrap();
        pipe.write_all(b"red").unwrap();
    });
    let mut create = vsfb();
    create.args(["create", "vs_1", "--attributes", &format!("{{team: \"@{}\"}}", pipe.display()), "--files-from"]);
    let outcome = run_unsent(create.arg(&path));
    changer.join().unwrap();
    let stderr = format!("error: failed to read --files-from {}: it was changed while it was in use\n", path.display());
    assert_eq!(outcome, Outcome::failure(2, stderr));
}

#[test]
fn a_manifest_that_is_changed_while_it_is_sent_ends_the_run() {
    let all: Vec<_> = ids(20_000);
    let (_folder, path) = written("a.txt", &all.join("\n"));
    let manifest = path.clone();
    let server = Server::with(move |request: &Request| {
        OpenOptions::new().append(true).open(&manifest).unwrap().write_all(b"\nfile-x").unwrap();
        Answer::json(200, batch(1, files_of(&request.json()).len()))
    });
    let mut create = vsfb_at(&server);
    create.args(["create", "vs_1", "--rate", "off", "-o", "jsonl", "-q", "--files-from"]);
    let outcome = run(create.arg(&path));
    assert_eq!(outcome.code, 1, "{outcome:?}");
    let why = ": failed to read on: it was changed while it was in use\n";
    assert!(
        outcome.stderr.contains("error: failed to read the manifest again: line ") && outcome.stderr.ends_with(why),
        "{}",
        outcome.stderr
    );
    let sent = created_from(&server).concat();
    assert!(sent.len() < all.len() && all.starts_with(&sent), "{}", sent.len());
    assert!(outcome.stderr.starts_with("error: of 20000 files not all were sent:\n"), "{}", outcome.stderr);
    // What is left is another run now, and that is said.
    let resumed = run(create.arg("--resume"));
    let why =
        "error: --resume: the files, their order or their settings are not those of any run in `vs_1` from here\n";
    assert!(resumed.code == 2 && resumed.stderr.starts_with(why), "{}", resumed.stderr);
}
