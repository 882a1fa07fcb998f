//! The program as a shell runs it: here-documents, closed streams, pipelines and loops.

use std::process::{self, Stdio};

use super::create::ANSWER;
use super::stdin::LOOP;
use super::support::command::{Outcome, spawnable_vsfb_at};
use super::support::message::Answer;
use super::support::running::start;
use super::support::server::Server;

/// Runs a script in which `$V` is the command and `server` is where it sends.
fn shell(server: &Server, script: &str) -> Outcome {
    let vsfb = spawnable_vsfb_at(server);
    let mut shell = process::Command::new("sh");
    shell.env_clear().env("PATH", "/usr/bin:/bin").env("V", vsfb.get_program()).current_dir(vsfb.home());
    shell.envs(vsfb.get_envs().filter_map(|(name, value)| Some((name, value?))));
    start(shell.args(["-c", script]).stdin(Stdio::null())).finish()
}

#[test]
fn a_shell_gives_a_body_by_every_means() {
    let server = Server::with(|_| {
        Answer::json(200, r#"{"id":"b_1","object":"vector_store.file_batch","vector_store_id":"vs_1"}"#)
    });
    let scripts = [
        (
            "$V create vs_1 --file-id a -q -o raw <<E\nattributes: {x: 1}\nE\n",
            r#"{"attributes":{"x":1},"file_ids":["a"]}"#,
        ),
        ("$V create vs_1 --file-id a -o raw <&-", r#"{"file_ids":["a"]}"#),
        (
            "printf 'a b\\nc\\n' | tr ' ' '\\n' > ids.txt; (echo file_ids:; sed 's/.*/- \"&\"/' ids.txt) | $V create vs_1 -o raw",
            r#"{"file_ids":["a","b","c"]}"#,
        ),
        ("echo 'file_ids: [a]' > body; $V create vs_1 --body body -o raw", r#"{"file_ids":["a"]}"#),
    ];
    let answer = r#"{"id":"b_1","object":"vector_store.file_batch","vector_store_id":"vs_1"}"#;
    for (script, body) in scripts {
        assert_eq!(shell(&server, script), Outcome::success(format!("{answer}\n")), "{script}");
        assert_eq!(server.requests().last().unwrap().text(), body, "{script}");
    }
    let outcome = shell(&server, "$V create vs_1 --file-id a | $V retrieve -o raw");
    assert_eq!(outcome, Outcome::success(format!("{answer}\n")));
    let last = server.requests().pop().unwrap();
    assert_eq!((&*last.method, &*last.target), ("GET", "/v1/vector_stores/vs_1/file_batches/b_1"));
}

#[test]
fn a_loop_keeps_its_input() {
    for (command, suffix, method) in
        [("retrieve", "", "GET"), ("cancel", "/cancel", "POST"), ("list-files", "/files?limit=100", "GET")]
    {
        let server = Server::with(|_| Answer::json(200, r#"{"id":"x","data":[]}"#));
        let transform = if command == "list-files" { "" } else { "-r --transform id" };
        let script = format!("printf 'one\\ntwo\\n' | while read id; do $V {command} vs_1 $id {transform}; done");
        let shown = if command == "list-files" { "" } else { "x\nx\n" };
        assert_eq!(shell(&server, &script), Outcome::success(shown), "{command}");
        let asked: Vec<_> = server.requests().into_iter().map(|request| (request.method, request.target)).collect();
        let expected =
            ["one", "two"].map(|id| (method.to_owned(), format!("/v1/vector_stores/vs_1/file_batches/{id}{suffix}")));
        assert_eq!(asked, expected, "{command}");
    }
    let server = Server::expecting_none();
    let outcome = shell(&server, "printf 'a\\nb\\n' | while read id; do $V create vs_1 --file-id $id; done");
    let stderr = format!("error: stdin: the body must be one map, not a string (line 1, column 1)\n{LOOP}");
    assert_eq!(outcome, Outcome::failure(2, stderr));
    let server = Server::with(|_| Answer::json(200, ANSWER));
    let outcome =
        shell(&server, "printf 'a\\nb\\n' | while read id; do $V create vs_1 --file-id $id -o raw </dev/null; done");
    assert_eq!(outcome, Outcome::success(format!("{ANSWER}\n{ANSWER}\n")));
    let bodies: Vec<_> = server.requests().iter().map(|request| request.text().to_owned()).collect();
    assert_eq!(bodies, [r#"{"file_ids":["a"]}"#, r#"{"file_ids":["b"]}"#]);
}
