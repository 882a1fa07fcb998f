//! `--dry-run`: the whole request is shown and nothing is sent.

use std::fs;

use super::bodies::{NO_VALIDATE, is_batch_of, run_unsent};
use super::support::command::{Outcome, run, vsfb, vsfb_at, vsfb_without_key};
use super::support::relay::Relay;
use super::support::server::Server;

/// What stderr shows of a request to this URL.
fn head(url: &str, with_key: bool, with_body: bool) -> String {
    let key = if with_key { "> authorization: Bearer [hidden]\n" } else { "" };
    let body = if with_body { "> content-type: application/json\n" } else { "" };
    let version = env!("CARGO_PKG_VERSION");
    format!(
        "> POST {url}\n> accept: application/json\n> user-agent: vsfb/{version}\n> openai-beta: assistants=v2\n{key}{body}"
    )
}

/// The arguments with `--dry-run` show the request to this path with this on stdout and send nothing.
fn shows(arguments: &[&str], path: &str, has_body: bool, stdout: &str) {
    let server = Server::expecting_none();
    let outcome = run(vsfb_at(&server).args(arguments).arg("--dry-run"));
    let stderr = head(&format!("{}{path}", server.base_url()), true, has_body);
    assert_eq!(outcome, Outcome { stderr, ..Outcome::success(stdout) }, "{arguments:?}");
}

#[test]
fn create_shows_the_body_in_the_format_asked_for() {
    let arguments = ["create", "vs/1", "--file-id=a", r#"--attributes={"x":1e3,"y":"é\t"}"#];
    let pretty =
        "{\n  \"file_ids\": [\n    \"a\"\n  ],\n  \"attributes\": {\n    \"x\": 1e3,\n    \"y\": \"é\\t\"\n  }\n}\n";
    let compact = "{\"file_ids\":[\"a\"],\"attributes\":{\"x\":1e3,\"y\":\"é\\t\"}}";
    let cases: [(&[&str], &str); 6] = [
        (&[], pretty),
        (&["--quiet"], pretty),
        (&["--debug"], pretty),
        (&["--format=jsonl"], &format!("{compact}\n")),
        (&["--format=raw"], &format!("{compact}\n")),
        (&["--format=yaml"], "file_ids:\n  - a\nattributes:\n  x: 1e3\n  \"y\": \"é\\t\"\n"),
    ];
    for (format, stdout) in cases {
        shows(&[&arguments[..], format].concat(), "/vector_stores/vs%2F1/file_batches", true, stdout);
    }
}

#[test]
fn cancel_has_nothing_for_stdout() {
    for format in ["auto", "json", "yaml", "raw", "table"] {
        shows(&["cancel", "vs_1", "b", "--format", format], "/vector_stores/vs_1/file_batches/b/cancel", false, "");
    }
}

#[test]
fn needs_no_key_and_shows_none() {
    for (arguments, path, has_body, stdout) in [
        (&["create", "vs_1", "--file-id=a", "-o=raw"] as &[&str], "/file_batches", true, "{\"file_ids\":[\"a\"]}\n"),
        (&["cancel", "vs_1", "b"], "/file_batches/b/cancel", false, ""),
    ] {
        let outcome = run(vsfb_without_key().args(arguments).arg("--dry-run"));
        let stderr = head(&format!("https://api.openai.com/v1/vector_stores/vs_1{path}"), false, has_body);
        assert_eq!(outcome, Outcome { stderr, ..Outcome::success(stdout) });
    }
    let server = Server::expecting_none();
    let mut command = vsfb_at(&server);
    command.args(["cancel", "vs_1", "b", "--dry-run", "--organization=org", "--project=p", "--api-key=sk-s3cret"]);
    let outcome = run(command.env("OPENAI_CUSTOM_HEADERS", "X-Gate: s3cret"));
    let url = format!("{}/vector_stores/vs_1/file_batches/b/cancel", server.base_url());
    let stderr = head(&url, true, false) + "> openai-organization: org\n> openai-project: p\n> x-gate: [hidden]\n";
    assert_eq!(outcome, Outcome { stderr, ..Outcome::success("") });
}

#[test]
fn validation_applies() {
    let cases: [(&[&str], String); 3] = [
        (&["create", "vs_1", "--file-id= "], format!("error: --file-id 1: the id \" \" is blank\n{NO_VALIDATE}")),
        (
            &["create", "vs_1", "--file-id=a", "--attributes={"],
            "error: --attributes: expected a value (line 1, column 2)\n".to_owned(),
        ),
        (&["cancel", "vs_1", "b c"], "error: the batch id \"b c\" holds white space\n".to_owned()),
    ];
    for (arguments, stderr) in cases {
        let outcome = run_unsent(vsfb().args(arguments).arg("--dry-run"));
        assert_eq!(outcome, Outcome::failure(2, stderr), "{arguments:?}");
    }
}

#[test]
fn what_it_prints_is_a_body_that_sends_the_same() {
    let arguments = [
        "create",
        "vs_1",
        r#"--attributes={"big":123456789012345678901234567890,"e":1e3,"z":-0.0,"date":"2024-01-01","no":"no","n":"017"}"#,
        "--file={file_id: file-a, attributes: {q: \"'quoted'\", at: '\\@x', t: \"tab\\t é\", m: \"two\\nlines\\n\"}}",
        "--file={file_id: file-b, chunking_strategy: {type: auto}}",
        "--file.file-id=file-c",
        "--chunking-strategy=static:800:400",
    ];
    let relay = Relay::start(&[]);
    let outcome = run(vsfb_at(&relay).args(arguments));
    assert_eq!((outcome.code, &*outcome.stderr), (0, ""));
    let sent = relay.request().text().to_owned();
    is_batch_of(&outcome.stdout, &sent);
    for format in ["auto", "json", "jsonl", "raw", "yaml", "table"] {
        let shown = run(vsfb().args(arguments).args(["--dry-run", "--format", format]));
        let mut command = vsfb_at(&relay);
        let file = command.home().join("body");
        fs::write(&file, &shown.stdout).unwrap();
        let outcome = run(command.args(["create", "vs_1", "--body"]).arg(&file));
        assert_eq!((outcome.code, &*outcome.stderr), (0, ""), "{format}");
        assert_eq!(relay.requests().last().unwrap().text(), sent, "{format}");
        is_batch_of(&outcome.stdout, &sent);
    }
}
