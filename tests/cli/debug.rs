//! `--debug`: every request and answer on stderr.

use crate::samples::{BATCH, ask, error};
use crate::support::command::{KEY, Outcome, run, vsfb_at};
use crate::support::message::Answer;
use crate::support::server::Server;

/// What was said, with the times and the address taken out.
fn trace(server: &Server, outcome: Outcome) -> Outcome {
    let mut stderr = String::new();
    for line in outcome.stderr.replace(&server.url(), "http://host").split_inclusive('\n') {
        match line.split_once(" after ") {
            Some((head, _)) if line.starts_with('<') => stderr.push_str(&format!("{head} after TIME\n")),
            _ => stderr.push_str(line),
        }
    }
    Outcome { stderr, ..outcome }
}

const HEADERS: &str = "> accept: application/json
> user-agent: vsfb/0.1.0
> openai-beta: assistants=v2
> authorization: Bearer [hidden]
";

#[test]
fn shows_request_and_answer_without_secrets() {
    let answer = Answer::json(200, BATCH).header("X-Request-Id", "req_1").header("Set-Cookie", "session=s3cret");
    let server = Server::answering([answer]);
    let outcome = run(vsfb_at(&server)
        .args(["create", "vs_abc123", "--file-id", "file-abc123", "--format", "jsonl", "--debug"])
        .env("OPENAI_CUSTOM_HEADERS", "api-key: s3cret"));
    assert_eq!(server.request().header("authorization"), Some(format!("Bearer {KEY}").as_str()));
    let length = BATCH.len();
    let stderr = format!(
        "> POST http://host/v1/vector_stores/vs_abc123/file_batches
{HEADERS}> api-key: [hidden]
> content-type: application/json
> x-stainless-retry-count: 0
> {{\"file_ids\":[\"file-abc123\"]}}
< 200 OK after TIME
< content-type: application/json
< x-request-id: req_1
< set-cookie: [hidden]
< content-length: {length}
< {BATCH}
"
    );
    assert_eq!(trace(&server, outcome), Outcome { stderr, ..Outcome::success(format!("{BATCH}\n")) });
}

#[test]
fn shows_each_retry_and_why() {
    let busy = Answer::json(503, "").header("Retry-After-Ms", "1");
    let server = Server::answering([busy, Answer::json(200, "{}")]);
    let outcome = run(vsfb_at(&server).args(["retrieve", "vs", "b", "--debug"]));
    let stderr = format!(
        "> GET http://host/v1/vector_stores/vs/file_batches/b
{HEADERS}> x-stainless-retry-count: 0
< 503 Service Unavailable after TIME
< content-type: application/json
< retry-after-ms: 1
< content-length: 0
note: GET http://host/v1/vector_stores/vs/file_batches/b: 503 Service Unavailable; trying again in 0.0 s (1 of 2)
> GET http://host/v1/vector_stores/vs/file_batches/b
{HEADERS}> x-stainless-retry-count: 1
< 200 OK after TIME
< content-type: application/json
< content-length: 2
< {{}}
"
    );
    assert_eq!(trace(&server, outcome), Outcome { stderr, ..Outcome::success("{}\n") });
}

#[test]
fn bodies_are_cut_at_4_kib_and_made_safe() {
    let body = format!("\"\u{9b}31m{}\"", "x".repeat(5000));
    let outcome = ask("retrieve", Answer::json(200, body.clone()), &["--debug"]);
    let shown = outcome.stderr.lines().rev().take(2).collect::<Vec<_>>();
    // The escape of the control character is longer than the character itself.
    let beginning = format!("< \"\\u009b31m{}", "x".repeat(4096 - 6));
    assert_eq!(shown, [format!("< … {} bytes in all", body.len()), beginning]);
    assert_eq!((outcome.code, outcome.stdout), (0, format!("{body}\n")));
}

#[test]
fn shows_the_answers_that_are_errors() {
    let body = error("No such batch", "");
    let outcome = ask("retrieve", Answer::json(404, body.clone()), &["--debug", "--format-error", "raw"]);
    assert!(outcome.stderr.contains("\n< 404 Not Found after "), "{}", outcome.stderr);
    assert!(outcome.stderr.contains(&format!("\n< {body}\n")), "{}", outcome.stderr);
    assert_eq!((outcome.code, outcome.stdout.as_str()), (1, ""));
}
