//! What is said when the service says no, or nothing at all. All of it is on stderr.

use std::time::Duration;

use crate::samples::{BATCH, COMPLETED, TARGET, ask, error, page_of_many};
use crate::support::command::{Outcome, run, vsfb, vsfb_at};
use crate::support::message::Answer;
use crate::support::peers::{DeafPort, RefusedPort};
use crate::support::server::Server;
use crate::support::tls::Certificates;

/// `vsfb retrieve` that gets this answer, with the server's address taken out of what it says.
fn refused(answer: Answer, flags: &[&str]) -> Outcome {
    let server = Server::answering([answer]);
    let outcome = run(vsfb_at(&server).arg("retrieve").args(TARGET).args(flags).args(["--max-retries", "0"]));
    Outcome { stderr: outcome.stderr.replace(&server.address().to_string(), "HOST"), ..outcome }
}

const LINE: &str = "GET http://HOST/v1/vector_stores/vs_abc123/file_batches/vsfb_abc123: ";
const ATTEMPT: &str = "error: failed to retrieve the file batch `vsfb_abc123` of `vs_abc123`";

#[test]
fn an_error_is_method_url_status_and_the_services_words() {
    let answer = Answer::json(400, error("Bad \\u00e9", "")).header("X-Request-Id", "req_123");
    let expected = format!(
        "{LINE}400 Bad Request
{{
  \"message\": \"Bad \\u00e9\",
  \"type\": \"invalid_request_error\",
  \"param\": null,
  \"code\": null
}}
{ATTEMPT} (x-request-id: req_123)
"
    );
    assert_eq!(refused(answer, &[]), Outcome::failure(1, expected));
}

#[test]
fn every_command_names_what_it_attempted() {
    let target = "the file batch `vsfb_abc123` of `vs_abc123`";
    for (command, attempt) in [
        ("cancel", format!("cancel {target}")),
        ("retrieve", format!("retrieve {target}")),
        ("list-files", format!("list the files of {target}")),
    ] {
        let outcome = ask(command, Answer::json(400, error("no", "")), &["--transform-error", "message", "-q"]);
        let last = outcome.stderr.lines().last().unwrap_or_default();
        assert_eq!(
            (outcome.code, outcome.stdout.as_str(), last),
            (1, "", format!("error: failed to {attempt}").as_str())
        );
    }
    let server = Server::answering([Answer::json(400, "")]);
    let outcome = run(vsfb_at(&server).args(["create", "vs_abc123", "--file-id", "f"]));
    let url = format!("POST {}/vector_stores/vs_abc123/file_batches", server.base_url());
    let stderr = format!("{url}: 400 Bad Request\nerror: failed to create a file batch in `vs_abc123`\n");
    assert_eq!(outcome, Outcome::failure(1, stderr));
}

#[test]
fn the_error_has_formats_of_its_own() {
    let json = r#"{"message":"gone","code":1e3}"#;
    for (flags, words) in [
        (&["--format-error", "json"] as &[&str], "{\n  \"message\": \"gone\",\n  \"code\": 1e3\n}\n"),
        (&["--format-error", "JSONL"], "{\"message\":\"gone\",\"code\":1e3}\n"),
        (&["--format-error", "raw"], "{\"message\":\"gone\",\"code\":1e3}\n"),
        (&["--format-error", "yaml"], "message: gone\ncode: 1e3\n"),
        (&["--transform-error", "message"], "\"gone\"\n"),
        (&["--transform-error", "message", "--format-error", "yaml"], "gone\n"),
        (&["--transform-error", "nope", "--format-error", "jsonl"], "{\"message\":\"gone\",\"code\":1e3}\n"),
        (&["--format", "yaml", "--transform", "id"], "{\n  \"message\": \"gone\",\n  \"code\": 1e3\n}\n"),
    ] {
        let outcome = refused(Answer::json(400, format!("{{\"error\":{json}}}")), flags);
        assert_eq!(outcome, Outcome::failure(1, format!("{LINE}400 Bad Request\n{words}{ATTEMPT}\n")), "{flags:?}");
    }
}

#[test]
fn a_body_without_an_error_is_shown_shortened_and_safe() {
    let long = "é".repeat(5000);
    for (body, shown) in [
        ("", String::new()),
        ("{\"error\":null}", "{\"error\":null}\n".to_owned()),
        ("{\"detail\":\"gone\"}", "{\"detail\":\"gone\"}\n".to_owned()),
        ("<h1>Bad\u{1b}[2J gateway</h1>\n", "<h1>Bad\\u001b[2J gateway</h1>\n".to_owned()),
        (long.as_str(), format!("{}…\n", "é".repeat(1024))),
    ] {
        let outcome = refused(Answer::typed(422, "text/html", body), &["--format-error", "yaml"]);
        assert_eq!(outcome, Outcome::failure(1, format!("{LINE}422 Unprocessable Entity\n{shown}{ATTEMPT}\n")));
    }
}

#[test]
fn what_a_user_can_mend_has_a_hint() {
    let key = "check the API key: OPENAI_API_KEY or --api-key";
    let may_not = "this key may not do that: check its permissions, --project and --organization";
    let missing = "check the ids, and that key, project and base URL are those of the vector store; what was just created may take some seconds to appear";
    let rate = "the rate limit is reached: try again later, or raise --max-retries";
    let quota = "waiting does not help: raise the limit or add credit in the organization's billing settings";
    for (status, reason, code, hint) in [
        (401, "Unauthorized", "invalid_api_key", key),
        (403, "Forbidden", "", may_not),
        (404, "Not Found", "", missing),
        (429, "Too Many Requests", "rate_limit_exceeded", rate),
        (429, "Too Many Requests", "insufficient_quota", quota),
        (429, "Too Many Requests", "project_spend_limit_exceeded", quota),
    ] {
        let exit = if matches!(status, 401 | 403) { 4 } else { 1 };
        let outcome = refused(Answer::json(status, error("no", code)), &["--transform-error", "message", "--quiet"]);
        let expected = format!("{LINE}{status} {reason}\n\"no\"\n{ATTEMPT}\nhint: {hint}\n");
        assert_eq!(outcome, Outcome::failure(exit, expected), "{status} {code}");
    }
}

#[test]
fn a_redirect_points_at_the_base_url() {
    let answer = Answer::new(302).header("Location", "http://elsewhere/v1/x?token=t0ken#t0ken");
    let hint = "hint: redirects are not followed (this one leads to http://elsewhere/v1/x); correct the base URL (--base-url or OPENAI_BASE_URL)";
    assert_eq!(refused(answer, &[]), Outcome::failure(1, format!("{LINE}302 Found\n{ATTEMPT}\n{hint}\n")));
    let bare = "hint: redirects are not followed; correct the base URL (--base-url or OPENAI_BASE_URL)";
    assert_eq!(
        refused(Answer::new(307), &[]),
        Outcome::failure(1, format!("{LINE}307 Temporary Redirect\n{ATTEMPT}\n{bare}\n"))
    );
}

#[test]
fn a_failed_connection_has_a_hint() {
    let port = RefusedPort::new();
    let outcome = run(vsfb().arg("retrieve").args(TARGET).args(["--max-retries", "0", "--base-url", &port.base_url()]));
    let host = port.base_url().replace("http://", "").replace("/v1", "");
    let expected = format!(
        "{ATTEMPT}: could not connect to {host}: connection refused\nhint: check the base URL (--base-url), the network and the proxy variables (HTTPS_PROXY, NO_PROXY)\n"
    );
    assert_eq!(outcome, Outcome::failure(1, expected));
}

#[test]
fn a_time_out_says_which_and_what_moves_it() {
    let flags = ["--max-retries", "0", "--request-timeout", "50ms"];
    let moves = "hint: --request-timeout moves this limit\n";
    let port = DeafPort::new();
    let outcome = run(vsfb().arg("retrieve").args(TARGET).args(flags).args(["--base-url", &port.base_url()]));
    let host = port.base_url().replace("http://", "").replace("/v1", "");
    assert_eq!(outcome, Outcome::failure(1, format!("{ATTEMPT}: {host} did not answer within 50ms\n{moves}")));

    // Here one limit must not be mistaken for another, however busy the machine is.
    let flags = ["--max-retries", "0", "--request-timeout", "1s"];
    // The port takes the connection and never answers the TLS greeting, which is part of connecting.
    let certificates = Certificates::new();
    let base_url = port.base_url().replace("http://", "https://");
    let mut command = vsfb();
    command.arg("retrieve").args(TARGET).args(flags).args(["--base-url", &base_url]);
    let outcome = run(command.env("SSL_CERT_FILE", certificates.authority_pem()));
    let hint = "hint: check the network and the proxy variables (HTTPS_PROXY, NO_PROXY); connecting may take 30 s, or --request-timeout where that is shorter";
    assert_eq!(outcome, Outcome::failure(1, format!("{ATTEMPT}: could not connect to {host} within 1s\n{hint}\n")));

    let gate = crate::support::message::Gate::new();
    let server = Server::answering([Answer::json(200, BATCH).held_at(10, &gate)]);
    let outcome = run(vsfb_at(&server).arg("retrieve").args(TARGET).args(flags));
    let host = server.address();
    let expected = format!("{ATTEMPT}: the answer of {host} was not complete within 1s\n{moves}");
    assert_eq!(outcome, Outcome::failure(1, expected));
}

#[test]
fn an_answer_that_never_comes_or_breaks_off_has_a_hint() {
    let again = "hint: try again; check the proxy between here and the service\n";
    let outcome = refused(Answer::hang_up(), &[]);
    assert_eq!((outcome.code, outcome.stdout.as_str()), (1, ""));
    let begin = format!("{ATTEMPT}: HOST closed the connection without an answer: ");
    assert!(outcome.stderr.starts_with(&begin) && outcome.stderr.ends_with(again), "{}", outcome.stderr);
    let outcome = refused(Answer::json(200, BATCH).truncated_to(20), &[]);
    assert_eq!((outcome.code, outcome.stdout.as_str()), (1, ""));
    let begin = format!("{ATTEMPT}: the answer of HOST broke off: ");
    assert!(outcome.stderr.starts_with(&begin) && outcome.stderr.ends_with(again), "{}", outcome.stderr);
}

#[test]
fn what_came_before_an_error_stays_on_stdout() {
    let pages = || [Answer::json(200, page_of_many(&[COMPLETED])), Answer::json(404, error("no", ""))];
    let server = Server::answering(pages());
    let outcome =
        run(vsfb_at(&server).arg("list-files").args(TARGET).args(["-o", "jsonl", "--transform-error", "message"]));
    assert_eq!((outcome.code, outcome.stdout), (1, format!("{COMPLETED}\n")));
    let url = format!("{}/vector_stores/vs_abc123/file_batches/vsfb_abc123/files", server.base_url());
    let expected = format!(
        "GET {url}?after=file-abc123&limit=100: 404 Not Found\n\"no\"\nerror: failed to list the files of the file batch `vsfb_abc123` of `vs_abc123`\nhint: check the ids, and that key, project and base URL are those of the vector store; what was just created may take some seconds to appear\n"
    );
    assert_eq!(outcome.stderr, expected);
}

#[test]
fn a_wait_of_more_than_a_minute_is_reported() {
    let answer = Answer::json(429, error("slow down", "")).header("Retry-After", "61");
    let server = Server::answering([answer]);
    let begun = std::time::Instant::now();
    let outcome = run(vsfb_at(&server).arg("retrieve").args(TARGET).args(["--transform-error", "message"]));
    assert!(begun.elapsed() < Duration::from_secs(30));
    let stderr = outcome.stderr.replace(&server.address().to_string(), "HOST");
    let hint = "hint: the service asks to wait 61 s; try again after that";
    assert_eq!(
        Outcome { stderr, ..outcome },
        Outcome::failure(1, format!("{LINE}429 Too Many Requests\n\"slow down\"\n{ATTEMPT}\n{hint}\n"))
    );
}
