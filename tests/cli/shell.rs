//! The program as a shell runs it: here-documents, closed streams, pipelines and loops.

use std::process::{self, Stdio};

use serde_json::{Value, json};

use super::stdin::LOOP;
use super::support::command::{HasBaseUrl, Outcome, spawnable_vsfb_at};
use super::support::emulator::Emulator;
use super::support::running::start;
use super::support::server::Server;

/// Runs a script in which `$V` is the command and `server` is where it sends.
fn shell(server: &impl HasBaseUrl, script: &str) -> Outcome {
    let vsfb = spawnable_vsfb_at(server);
    let mut shell = process::Command::new("sh");
    shell.env_clear().env("PATH", "/usr/bin:/bin").env("V", vsfb.get_program()).current_dir(vsfb.home());
    shell.envs(vsfb.get_envs().filter_map(|(name, value)| Some((name, value?))));
    start(shell.args(["-c", script]).stdin(Stdio::null())).finish()
}

/// What a script printed that went well: a JSON value a line.
#[track_caller]
fn values(outcome: &Outcome) -> Vec<Value> {
    assert_eq!((outcome.code, &*outcome.stderr), (0, ""), "{outcome:?}");
    outcome.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn a_shell_gives_a_body_by_every_means() {
    let emulator = Emulator::start(&[]);
    let scripts = [
        (
            "$V create vs_1 --file-id file-a -q -o raw <<E\nattributes: {x: 1}\nE\n",
            json!({"attributes": {"x": 1}, "file_ids": ["file-a"]}),
        ),
        ("$V create vs_1 --file-id file-a -o raw <&-", json!({"file_ids": ["file-a"]})),
        (
            "printf 'file-a file-b\\nfile-c\\n' | tr ' ' '\\n' > ids.txt; (echo file_ids:; sed 's/.*/- \"&\"/' ids.txt) | $V create vs_1 -o raw",
            json!({"file_ids": ["file-a", "file-b", "file-c"]}),
        ),
        ("echo 'file_ids: [file-a]' > body; $V create vs_1 --body body -o raw", json!({"file_ids": ["file-a"]})),
    ];
    for (script, body) in scripts {
        let batches = values(&shell(&emulator, script));
        let total = body["file_ids"].as_array().unwrap().len();
        assert_eq!((batches.len(), &batches[0]["file_counts"]["total"]), (1, &json!(total)), "{script}");
        assert_eq!(emulator.requests().last().unwrap()["request"], body, "{script}");
    }
}

#[test]
fn one_command_pipes_into_the_next() {
    let emulator = Emulator::start(&["--file-time", "1h"]);
    let batches = values(&shell(&emulator, "$V create vs_1 --file-id file-a | tee batch | $V retrieve -o raw"));
    let id = batches[0]["id"].as_str().unwrap();
    let path = "/v1/vector_stores/vs_1/file_batches";
    let created = format!(r#"POST {path} {{"file_ids":["file-a"]}}"#);
    assert_eq!(emulator.asked(), [created, format!("GET {path}/{id}")]);
    let script = format!("$V retrieve vs_1 {id} | $V cancel | $V list-files --transform status -r");
    assert_eq!(shell(&emulator, &script), Outcome::success("cancelled\n"));
    let rest = ["GET", "POST", "GET"].into_iter().zip(["", "/cancel", "/files?limit=100"]);
    let expected: Vec<_> = rest.map(|(method, rest)| format!("{method} {path}/{id}{rest}")).collect();
    assert_eq!(emulator.asked()[2..], expected);
}

#[test]
fn a_loop_keeps_its_input() {
    for (command, suffix, method) in
        [("retrieve", "", "GET"), ("cancel", "/cancel", "POST"), ("list-files", "/files?limit=100", "GET")]
    {
        let emulator = Emulator::start(&["--file-time", "1h"]);
        let [one, two] = [["file-a"], ["file-b"]].map(|files| emulator.make_batch(&files));
        let script =
            format!("printf '{one}\\n{two}\\n' | while read id; do $V {command} vs_1 $id -r --transform id; done");
        let shown = if command == "list-files" { "file-a\nfile-b\n".to_owned() } else { format!("{one}\n{two}\n") };
        assert_eq!(shell(&emulator, &script), Outcome::success(shown), "{command}");
        let expected = [one, two].map(|id| format!("{method} /v1/vector_stores/vs_1/file_batches/{id}{suffix}"));
        assert_eq!(emulator.asked(), expected, "{command}");
    }
    let server = Server::expecting_none();
    let outcome = shell(&server, "printf 'a\\nb\\n' | while read id; do $V create vs_1 --file-id $id; done");
    let stderr = format!("error: stdin: the body must be one map, not a string (line 1, column 1)\n{LOOP}");
    assert_eq!(outcome, Outcome::failure(2, stderr));
    let emulator = Emulator::start(&[]);
    let script = "printf 'file-a\\nfile-b\\n' | while read id; do $V create vs_1 --file-id $id -o raw </dev/null; done";
    assert_eq!(values(&shell(&emulator, script)).len(), 2);
    assert_eq!(emulator.recorded(&["request"]), [json!([{"file_ids": ["file-a"]}]), json!([{"file_ids": ["file-b"]}])]);
}
