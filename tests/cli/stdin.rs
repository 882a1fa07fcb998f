//! When standard input is read, what it may hold, and what becomes of it: pipes, files and terminals.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, PipeReader, Write as _, pipe};
use std::process::Stdio;

use tempfile::TempDir;

use super::bodies::{ANSWER, NO_VALIDATE, SHOWN, check, check_odd, created, is_batch_of};
use super::support::command::{Outcome, run, spawnable_vsfb, spawnable_vsfb_at, vsfb_at};
use super::support::emulator::Emulator;
use super::support::message::{Answer, Gate};
use super::support::relay::Relay;
use super::support::running::{Limited, start};
use super::support::server::Server;
#[cfg(unix)]
use super::support::terminal::Terminal;

pub(super) const LOOP: &str =
    "hint: stdin was taken as the body; in a loop or `bash -s`, add </dev/null to the command\n";
const NO_FILES: &str = "error: no files: give at least one with --file-id, --file or --files-from, or as `file_ids` or `files` in the body\n";

/// A pipe that holds this and has ended.
fn piped(input: impl AsRef<[u8]>) -> PipeReader {
    let (reader, mut writer) = pipe().unwrap();
    writer.write_all(input.as_ref()).unwrap();
    reader
}

/// `vsfb create` with these arguments and this on stdin posts this body, and gets a batch of these files.
fn posts(arguments: &[&str], input: &str, body: &str) {
    let relay = Relay::start(&[]);
    let mut command = spawnable_vsfb_at(&relay);
    let outcome = start(command.arg("create").args(arguments).stdin(piped(input))).finish();
    created(&relay, &outcome, body);
}

/// `vsfb` with these arguments and this on stdin sends nothing and says this.
fn refuses(arguments: &[&str], input: impl AsRef<[u8]>, stderr: &str) {
    let server = Server::expecting_none();
    let mut command = spawnable_vsfb_at(&server);
    let outcome = start(command.args(arguments).stdin(piped(input))).finish();
    assert_eq!(outcome, Outcome::failure(2, stderr), "{arguments:?}");
}

/// `vsfb` with these arguments and this on stdin asks for this and prints the answer, whatever the ids are.
fn asks_oddly(arguments: &[&str], input: &'static str, target: &str) {
    let server = Server::answering([Answer::json(200, ANSWER)]);
    let outcome = run(vsfb_at(&server).args(arguments).args(["--format", "raw"]).write_stdin(input));
    assert_eq!(outcome, Outcome::success(format!("{ANSWER}\n")), "{arguments:?}");
    let request = server.request();
    assert_eq!((&*request.target, request.text()), (target, ""), "{arguments:?}");
}

/// `vsfb` with these arguments and this on stdin asks for this of a batch, and gets it. The batch is `vsfb_1` here, is in
/// `vs_1`, and has the files `file-1`, `file-2` and `file-3`, in progress.
fn asks(arguments: &[&str], input: &str, asked: &str, ids: &str) {
    let emulator = Emulator::start(&["--file-time", "1h"]);
    let batch = emulator.make_batch(&["file-1", "file-2", "file-3"]);
    let mut command = vsfb_at(&emulator);
    command.args(arguments).args(["--transform", "id", "-r"]).write_stdin(input.replace("vsfb_1", &batch));
    assert_eq!(run(&mut command), Outcome::success(ids.replace("vsfb_1", &batch)), "{arguments:?}");
    assert_eq!(emulator.asked(), [asked.replace("vsfb_1", &batch)], "{arguments:?}");
}

#[test]
fn a_map_on_stdin_gives_what_the_flags_lack() {
    let cases: [(&[&str], &str, &str); 8] = [
        (
            &["vs_1"],
            r#"{"file_ids":["file-a"],"attributes":{"x":1e3}}"#,
            r#"{"file_ids":["file-a"],"attributes":{"x":1e3}}"#,
        ),
        (&["vs_1"], "file_ids:\n- file-a\n- file-b\n", r#"{"file_ids":["file-a","file-b"]}"#),
        (&[], "{vector_store_id: vs_1, file_ids: [file-a]}", r#"{"file_ids":["file-a"]}"#),
        (&["--file-id", "file-b"], "{vector_store_id: vs_1}", r#"{"file_ids":["file-b"]}"#),
        (&["vs_1"], "\u{feff}file_ids: [file-a]", r#"{"file_ids":["file-a"]}"#),
        (&["vs_1", "--file-id", "file-a"], "", r#"{"file_ids":["file-a"]}"#),
        (&["vs_1", "--file-id", "file-a"], "\u{feff} \n", r#"{"file_ids":["file-a"]}"#),
        (
            &["vs_1", "--attributes", "x=1"],
            "{files: [{file_id: file-a}, {file_id: file-b, attributes: {y: 2}}]}",
            r#"{"files":[{"file_id":"file-a","attributes":{"x":1}},{"file_id":"file-b","attributes":{"y":2}}]}"#,
        ),
    ];
    for (arguments, input, body) in cases {
        posts(arguments, input, body);
    }
}

#[test]
fn flags_win_key_by_key() {
    posts(
        &["vs_1", "--file-id", "file-b", "--attributes", "y=2"],
        "{vector_store_id: vs_9, file_ids: [file-a], attributes: {x: 1}, chunking_strategy: {type: auto}}",
        r#"{"file_ids":["file-b"],"attributes":{"y":2},"chunking_strategy":{"type":"auto"}}"#,
    );
    posts(
        &["vs_1", "--file", "{file_id: file-b}"],
        "{files: [{file_id: file-a}]}",
        r#"{"files":[{"file_id":"file-b"}]}"#,
    );
    let batch = "/v1/vector_stores/vs_1/file_batches/vsfb_1";
    let ids = "{vector_store_id: vs_2, batch_id: vsfb_1}";
    asks(&["retrieve", "vs_1"], ids, &format!("GET {batch}"), "vsfb_1\n");
    asks(&["cancel", "--vector-store-id", "vs_1"], ids, &format!("POST {batch}/cancel"), "vsfb_1\n");
}

#[test]
fn ids_and_the_query_of_a_list_come_from_stdin() {
    let ids = "vector_store_id: vs_1, batch_id: vsfb_1";
    let query = "limit: 3, order: asc, after: file-1, before: file-3, filter: in_progress";
    let base = "GET /v1/vector_stores/vs_1/file_batches/vsfb_1";
    let asked = format!("{base}/files?after=file-1&before=file-3&filter=in_progress&limit=3&order=asc");
    asks(&["list-files"], &format!("{{{ids}, {query}}}"), &asked, "file-2\n");
    let asked = format!("{base}/files?limit=7");
    asks(&["list-files", "--limit", "7"], &format!("{{{ids}, limit: 3}}"), &asked, "file-1\nfile-2\nfile-3\n");
    asks(&["retrieve"], &format!("{{{ids}}}"), base, "vsfb_1\n");
    asks(&["retrieve", "--body", "-"], &format!("{{{ids}}}"), base, "vsfb_1\n");
    asks_oddly(&["retrieve"], "{vector_store_id: 12, batch_id: b}", "/v1/vector_stores/12/file_batches/b");
}

#[test]
fn ids_on_stdin_are_text() {
    let cases = [
        ("{vector_store_id: null, file_ids: [a]}", "stdin: `vector_store_id` must be text, not null"),
        ("{vector_store_id: [vs_1], file_ids: [a]}", "stdin: `vector_store_id` must be text, not a list"),
    ];
    for (input, problem) in cases {
        refuses(&["create"], input, &format!("error: {problem}\n{LOOP}"));
    }
    refuses(
        &["retrieve", "vs_1"],
        "{batch_id: {}}",
        &format!("error: stdin: `batch_id` must be text, not a map\n{LOOP}"),
    );
    refuses(&["cancel", "vs_1"], "{batch_id: ' '}", "error: the batch id \" \" is blank\n");
}

#[test]
fn a_batch_on_stdin_identifies_itself() {
    for object in ["vector_store.file_batch", "vector_store.files_batch"] {
        let batch = format!(
            r#"{{"id":"vsfb_1","object":"{object}","status":"completed","vector_store_id":"vs_1","file_counts":{{}}}}"#
        );
        let path = "/v1/vector_stores/vs_1/file_batches/vsfb_1";
        asks(&["retrieve"], &batch, &format!("GET {path}"), "vsfb_1\n");
        let elsewhere = batch.replace("vs_1", "vs_2");
        asks(&["cancel", "vs_1"], &elsewhere, &format!("POST {path}/cancel"), "vsfb_1\n");
    }
    refuses(
        &["retrieve", "vs_1"],
        r#"{"id":"b_1","object":"vector_store"}"#,
        "error: `--batch-id` is required\nhint: an id is given as a flag, as an argument, or in a map on stdin; `--help` shows how\n",
    );
}

#[test]
fn a_batch_on_stdin_names_the_store_of_another() {
    let batch = r#"{"id":"vsfb_1","object":"vector_store.file_batch","vector_store_id":"vs_1","status":"completed"}"#;
    posts(&["--file-id", "file-a"], batch, r#"{"file_ids":["file-a"]}"#);
}

#[test]
fn what_is_not_one_map_is_refused_with_line_and_column() {
    let cases: [(&[u8], &str); 9] = [
        (b"[a]", "stdin: the body must be one map, not a list (line 1, column 1)"),
        (b"word\n", "stdin: the body must be one map, not a string (line 1, column 1)"),
        (b"null", "stdin: the body must be one map, not null (line 1, column 1)"),
        (b"{\"file_ids\": [\"a\"],\n \"b\" 2}", "stdin: unexpected text after the closing quote (line 2, column 6)"),
        (b"a: 1\nb: [\n", "stdin: expected a value (line 3, column 1)"),
        (b"file_ids: [a]\n---\nfile_ids: [b]\n", "stdin: more than one document (line 2, column 1)"),
        (b"{\"file_ids\": [],\n \"file_ids\": []}", "stdin: the key \"file_ids\" stands twice (line 2, column 14)"),
        (b"file_ids:\n- \xff\n", "stdin: the text is not UTF-8 (line 2, column 3)"),
        (b"file_ids: [a]\nfilez: 1\n", "stdin: unknown key `filez` (line 2, column 1); did you mean `files`?"),
    ];
    for (input, problem) in cases {
        for flags in [&["create", "vs_1"] as &[&str], &["create", "vs_1", "--file-id", "a"]] {
            refuses(flags, input, &format!("error: {problem}\n{LOOP}"));
        }
    }
    let known = "known are `vector_store_id`, `batch_id`";
    for command in ["retrieve", "cancel"] {
        refuses(
            &[command, "vs_1"],
            "{batch_id: b}\n---\n",
            &format!("error: stdin: more than one document (line 2, column 1)\n{LOOP}"),
        );
        refuses(
            &[command, "vs_1"],
            "{batch_id: b, x: 1}",
            &format!("error: stdin: unknown key `x` (line 1, column 15); {known}\n{LOOP}"),
        );
    }
}

#[test]
fn what_stdin_gave_is_told_by_its_key() {
    let problems = "error: the request has 2 problems:
  file_ids 2: the id \"\" is blank
  --attributes: the value of `k` must be a string, a number or a boolean, not a list
";
    let input = r#"{"file_ids": ["a", ""]}"#;
    refuses(&["create", "vs_1", "--attributes", "{k: []}"], input, &format!("{problems}{LOOP}"));
}

#[test]
fn problems_are_listed_up_to_a_hundred() {
    let ids = vec![r#""""#; 103].join(",");
    let listed: Vec<_> = (1..=100).map(|position| format!("  file_ids {position}: the id \"\" is blank\n")).collect();
    let stderr = format!("error: the request has 103 problems:\n{}  and 3 more\n{LOOP}", listed.concat());
    refuses(&["create", "vs_1"], format!(r#"{{"file_ids":[{ids}]}}"#), &stderr);
}

#[test]
fn a_file_given_with_body_is_read_and_named() {
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    fs::write(path("body.yaml"), "vector_store_id: vs_1\nfile_ids: [file-a]\n").unwrap();
    fs::write(path("list.json"), "[]").unwrap();
    fs::write(path("typo.yaml"), "file_ids: [file-a]\nlimt: 3\n").unwrap();
    check(
        &["--body", &path("body.yaml"), "--attributes=x=1"],
        |_| {},
        r#"{"file_ids":["file-a"],"attributes":{"x":1}}"#,
        "",
    );
    // It is the body: nobody looks at stdin as well.
    posts(&["--body", &path("body.yaml")], "[not read]", r#"{"file_ids":["file-a"]}"#);
    let known = "known are `file_ids`, `files`, `attributes`, `chunking_strategy`";
    let cases = [
        ("list.json", "--body PATH: the body must be one map, not a list (line 1, column 1)\n".to_owned()),
        ("typo.yaml", format!("--body PATH: unknown key `limt` (line 2, column 1); {known}\n{NO_VALIDATE}")),
        ("no.yaml", "failed to read --body PATH: no such file or directory\n".to_owned()),
        (".", "failed to read --body PATH: is a directory\n".to_owned()),
    ];
    for (name, problem) in cases {
        refuses(
            &["create", "vs_1", "--body", &path(name)],
            "",
            &format!("error: {}", problem.replace("PATH", &path(name))),
        );
    }
    refuses(
        &["create", "vs_1", "--file-id=file-a", "--body=-"],
        "",
        "error: --body -: the body must be one map, not null (line 1, column 1)\n",
    );
}

#[test]
fn data_is_sent_as_text_where_it_looks_like_a_reference() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("secret.txt"), "secret").unwrap();
    let input = r#"{"file_ids":["\\@x","@y"],"attributes":{"a":"@secret.txt","b":"@nothing.txt","c":"\\@x"}}"#;
    fs::write(folder.path().join("body.json"), input).unwrap();
    let note = "note: `@secret.txt` is sent as text: files are read only for values that are typed as flags\n";
    for (arguments, stderr) in
        [(&["vs_1"] as &[&str], note), (&["vs_1", "--body=body.json"], note), (&["vs_1", "--body=-", "-q"], "")]
    {
        let enter = |command: &mut assert_cmd::Command| {
            command.current_dir(&folder).write_stdin(input);
        };
        check_odd(arguments, enter, input, stderr);
    }
}

#[test]
fn stdin_has_one_reader() {
    let typed = "--attributes=k=@-";
    posts(&["vs_1", "--file-id=file-a", typed], "[text]\n", r#"{"file_ids":["file-a"],"attributes":{"k":"[text]\n"}}"#);
    let also = "--file={file_id: file-a, attributes: {k: '@-'}}";
    posts(&["vs_1", also], "x", r#"{"files":[{"file_id":"file-a","attributes":{"k":"x"}}]}"#);
    let cases = [
        ([typed, "--body=-"], "by `@-` in --attributes and by `--body -`"),
        (
            [typed, "--attributes=l=@file:///dev/stdin"],
            "by `@-` in --attributes and by `@file:///dev/stdin` in --attributes",
        ),
        ([typed, also], "by `@-` in --file 1 and by `@-` in --attributes"),
    ];
    for (arguments, readers) in cases {
        let arguments = [&["create", "vs_1"], &arguments[..]].concat();
        refuses(&arguments, "x", &format!("error: stdin cannot be read twice: {readers}\n"));
    }
    refuses(&["create", "vs_1", typed], "{file_ids: [file-a]}", &format!("{NO_FILES}{NO_VALIDATE}"));
}

#[test]
fn a_file_on_stdin_is_a_body_and_the_null_device_is_not() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("body.yaml"), "attributes: {x: 1}").unwrap();
    let relay = Relay::start(&[]);
    let mut command = spawnable_vsfb_at(&relay);
    command.args(["create", "vs_1", "--file-id", "file-a"]);
    for input in [Stdio::from(File::open(folder.path().join("body.yaml")).unwrap()), Stdio::null()] {
        let outcome = start(command.stdin(input)).finish();
        assert_eq!((outcome.code, &*outcome.stderr), (0, ""));
        is_batch_of(&outcome.stdout, r#"{"file_ids":["file-a"]}"#);
    }
    let bodies: Vec<_> = relay.requests().iter().map(|request| request.text().to_owned()).collect();
    assert_eq!(bodies, [r#"{"attributes":{"x":1},"file_ids":["file-a"]}"#, r#"{"file_ids":["file-a"]}"#]);
    let mut command = spawnable_vsfb();
    assert_eq!(
        start(command.args(["create", "vs_1"])).finish(),
        Outcome::failure(2, format!("{NO_FILES}{NO_VALIDATE}"))
    );
}

#[cfg(unix)]
#[test]
fn a_terminal_is_never_read() {
    let typed = Terminal::sized(80, 24).typing("{file_ids: [file-b]}\n\u{4}");
    let mut command = spawnable_vsfb();
    let outcome = typed.run(command.args(["create", "vs_1"]));
    assert_eq!(outcome, Outcome::failure(2, format!("{NO_FILES}{NO_VALIDATE}")));
    let relay = Relay::start(&[]);
    let mut command = spawnable_vsfb_at(&relay);
    let outcome = typed.run(command.args(["create", "vs_1", "--file-id", "file-a"]));
    created(&relay, &outcome, r#"{"file_ids":["file-a"]}"#);
    let cases: [(&[&str], &str); 2] = [
        (&["create", "vs_1", "--body", "-"], "`--body -`"),
        (&["create", "vs_1", "--file-id", "file-a", "--attributes", "{k: \"@-\"}"], "`@-` in --attributes"),
    ];
    for (arguments, reader) in cases {
        let outcome = typed.run(spawnable_vsfb().args(arguments));
        let stderr =
            format!("error: {reader} reads stdin, which is a terminal\nhint: put the input into a pipe or a file\n");
        assert_eq!(outcome, Outcome::failure(2, stderr), "{arguments:?}");
    }
}

#[cfg(unix)]
#[test]
fn create_does_not_wait_for_a_silent_pipe_and_warns_of_what_comes_late() {
    for (late, stderr) in [("", ""), ("x", "warning: input on stdin was not used; give it with --body -\n")] {
        let gate = Gate::new();
        let server = Server::answering([Answer::json(200, ANSWER).held_by(&gate)]);
        let (reader, mut writer) = pipe().unwrap();
        let mut command = spawnable_vsfb_at(&server);
        let running = start(command.args(["create", "vs_1", "--file-id", "a"]).stdin(reader));
        server.await_requests(1);
        writer.write_all(late.as_bytes()).unwrap();
        gate.open();
        assert_eq!(running.finish(), Outcome { stderr: stderr.to_owned(), ..Outcome::success(SHOWN) });
        assert_eq!(server.request().text(), r#"{"file_ids":["a"]}"#);
    }
}

#[test]
fn a_body_that_has_begun_or_is_needed_is_awaited_to_its_end() {
    let attributes: &[&str] = &["vs_1", "--file-id", "file-a"];
    let both = r#"{"attributes":{"x":1},"file_ids":["file-a"]}"#;
    let cases: [(&[&str], &str, &str, &str); 4] = [
        (attributes, "{attributes: ", "{x: 1}}", both),
        (&["vs_1", "--file-id", "file-a", "--body", "-"], "", "{attributes: {x: 1}}", both),
        (&["vs_1"], "", "{file_ids: [file-a]}", r#"{"file_ids":["file-a"]}"#),
        (&["--file-id", "file-a"], "{vector_", "store_id: vs_1}", r#"{"file_ids":["file-a"]}"#),
    ];
    for (arguments, early, late, body) in cases {
        let relay = Relay::start(&[]);
        let (reader, mut writer) = pipe().unwrap();
        writer.write_all(early.as_bytes()).unwrap();
        let mut command = spawnable_vsfb_at(&relay);
        let running = start(command.arg("create").args(arguments).stdin(reader));
        writer.write_all(late.as_bytes()).unwrap();
        drop(writer);
        // The command's own copy of the reading end is no writer, so the pipe has ended.
        created(&relay, &running.finish(), body);
    }
}

#[cfg(unix)]
#[test]
fn waiting_for_what_is_missing_is_said_after_two_seconds() {
    let emulator = Emulator::start(&[]);
    let (reader, mut writer) = pipe().unwrap();
    let mut command = spawnable_vsfb_at(&emulator);
    command.args(["create", "vs_1"]).stdin(reader).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut stderr = BufReader::new(child.stderr.take().unwrap());
    let mut stdout = child.stdout.take().unwrap();
    let child = Limited::new(child);
    let mut note = String::new();
    stderr.read_line(&mut note).unwrap();
    writer.write_all(b"{file_ids: [file-a]}").unwrap();
    drop(writer);
    let (mut out, mut err) = (Vec::new(), note.into_bytes());
    std::io::Read::read_to_end(&mut stdout, &mut out).unwrap();
    std::io::Read::read_to_end(&mut stderr, &mut err).unwrap();
    let stderr =
        "note: waiting for input on stdin, because the flags lack something; end it with Ctrl-D, or see --help\n";
    let outcome = Outcome::new(child.wait(), out, err);
    assert_eq!((outcome.code, &*outcome.stderr), (0, stderr));
    is_batch_of(&outcome.stdout, r#"{"file_ids":["file-a"]}"#);
}
