//! The claims about `vsfb create` that several files make: that it sends a body, which a service takes or none need take,
//! or that it sends nothing.

use std::collections::BTreeSet;

use serde_json::Value;

use super::support::command::{Outcome, run, vsfb, vsfb_at};
use super::support::message::Answer;
use super::support::relay::Relay;
use super::support::server::Server;

/// What a scripted service answers here, and how it is shown.
pub(super) const ANSWER: &str = r#"{"id":"vsfb_1"}"#;
pub(super) const SHOWN: &str = "{\n  \"id\": \"vsfb_1\"\n}\n";
pub(super) const NO_VALIDATE: &str = "hint: --no-validate sends it as it stands\n";

/// `vsfb create` with these arguments sends this body, says nothing but this on stderr, and gets a batch of these files.
pub(super) fn check(
    arguments: &[&str],
    adjust: impl FnOnce(&mut assert_cmd::Command),
    body: &str,
    stderr: impl Into<String>,
) {
    let relay = Relay::start(&[]);
    let outcome = sends_to(&relay, (arguments, adjust), body);
    assert_eq!((outcome.code, outcome.stderr), (0, stderr.into()), "{arguments:?}");
    is_batch_of(&outcome.stdout, body);
}

/// The same of a body that no service need take.
pub(super) fn check_odd(
    arguments: &[&str],
    adjust: impl FnOnce(&mut assert_cmd::Command),
    body: &str,
    stderr: impl Into<String>,
) {
    let server = Server::answering([Answer::json(200, ANSWER)]);
    let outcome = sends_to(&server, (arguments, adjust), body);
    assert_eq!(outcome, Outcome { stderr: stderr.into(), ..Outcome::success(SHOWN) }, "{arguments:?}");
}

fn sends_to(
    server: &Server,
    (arguments, adjust): (&[&str], impl FnOnce(&mut assert_cmd::Command)),
    body: &str,
) -> Outcome {
    let mut command = vsfb_at(server);
    command.arg("create").args(arguments);
    adjust(&mut command);
    let outcome = run(&mut command);
    let request = server.request();
    assert_eq!(request.text(), body, "{arguments:?}: {outcome:?}");
    assert_eq!((&*request.method, &*request.target), ("POST", "/v1/vector_stores/vs_1/file_batches"), "{arguments:?}");
    outcome
}

/// Exactly this body was sent, and the outcome is the batch of its files.
#[track_caller]
pub(super) fn created(relay: &Relay, outcome: &Outcome, body: &str) {
    assert_eq!((outcome.code, &*outcome.stderr), (0, ""), "{outcome:?}");
    let request = relay.request();
    assert_eq!((&*request.target, request.text()), ("/v1/vector_stores/vs_1/file_batches", body));
    is_batch_of(&outcome.stdout, body);
}

/// What was printed is a batch in `vs_1` of the files in this body.
#[track_caller]
pub(super) fn is_batch_of(printed: &str, body: &str) {
    let [batch, body]: [Value; 2] = [printed, body].map(|text| serde_json::from_str(text).expect("JSON"));
    let files = body["file_ids"].as_array().or(body["files"].as_array()).expect("files");
    let ids: BTreeSet<_> = files.iter().map(|file| file["file_id"].as_str().or(file.as_str())).collect();
    assert_eq!(
        (&batch["object"], &batch["vector_store_id"], &batch["file_counts"]["total"]),
        (&"vector_store.file_batch".into(), &"vs_1".into(), &ids.len().into()),
        "{printed}"
    );
}

/// `vsfb create vs_1` with these arguments sends this body, and the service takes it.
pub(super) fn sends(arguments: &[&str], body: &str) {
    check(&[&["vs_1"], arguments].concat(), |_| {}, body, "");
}

/// `vsfb create vs_1` with these arguments sends this body, whatever a service makes of it.
pub(super) fn sends_odd(arguments: &[&str], body: &str) {
    check_odd(&[&["vs_1"], arguments].concat(), |_| {}, body, "");
}

/// `vsfb create vs_1` with these arguments sends nothing, exits 2 and says this.
pub(super) fn refuses(arguments: &[&str], stderr: impl Into<String>) {
    let outcome = run_unsent(vsfb().args(["create", "vs_1"]).args(arguments));
    assert_eq!(outcome, Outcome::failure(2, stderr), "{arguments:?}");
}

/// Runs a command that must send nothing: its base URL is a server that expects nothing.
pub(super) fn run_unsent(command: &mut assert_cmd::Command) -> Outcome {
    let server = Server::expecting_none();
    let outcome = run(command.env("OPENAI_BASE_URL", server.base_url()));
    drop(server);
    outcome
}
