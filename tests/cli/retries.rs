//! Which failures are repeated, how often, after which wait, and what is said of it.

use std::time::Duration;

use super::answers::{BATCH, RATE_LIMIT, SERVER_ERROR, batch, error_value, page};
use super::support::command::{Outcome, run, spawnable_vsfb_at, vsfb, vsfb_at};
use super::support::message::{Answer, Request};
use super::support::peers::RefusedPort;
use super::support::server::Server;
#[cfg(unix)]
use super::support::terminal::Terminal;

const RETRIEVE: [&str; 3] = ["retrieve", "vs_abc123", "vsfb_abc123"];
const CREATE: [&str; 4] = ["create", "vs_abc123", "--file-id", "file-abc123"];
const CANCEL: [&str; 3] = ["cancel", "vs_abc123", "vsfb_abc123"];
const LIST: [&str; 3] = ["list-files", "vs_abc123", "vsfb_abc123"];

/// How an answer ends that is shorter than it promised.
const EOF: &str = "end of file before message length reached";

/// A header of an answer.
type Header = (&'static str, &'static str);

/// Asks to be asked again at once.
fn at_once(answer: Answer) -> Answer {
    answer.header("retry-after-ms", "1")
}

fn counts(requests: &[Request]) -> Vec<&str> {
    requests.iter().map(|request| request.header("x-stainless-retry-count").unwrap()).collect()
}

/// What stderr says of an error answer to a retrieve.
fn refused(server: &Server, status: &str, body: &str, hint: &str) -> Outcome {
    let url = format!("{}/vector_stores/vs_abc123/file_batches/vsfb_abc123", server.base_url());
    let attempted = "error: failed to retrieve the file batch `vsfb_abc123` of `vs_abc123`\n";
    Outcome::failure(1, format!("GET {url}: {status}\n{body}{attempted}{hint}"))
}

#[test]
fn passing_failures_are_repeated() {
    for status in [408, 409, 429, 500, 502, 503, 504, 529, 599] {
        let server = Server::answering([at_once(Answer::json(status, SERVER_ERROR)), batch()]);
        assert_eq!(run(vsfb_at(&server).args(RETRIEVE)), Outcome::success(BATCH), "{status}");
        assert_eq!(counts(&server.requests()), ["0", "1"], "{status}");
        assert_eq!(server.connections(), 1, "{status}");
    }
}

#[test]
fn other_failures_are_not_repeated() {
    let hint = |status| match status {
        401 => "hint: check the API key: OPENAI_API_KEY or --api-key\n",
        403 => "hint: this key may not do that: check its permissions, --project and --organization\n",
        404 => {
            "hint: check the ids, and that key, project and base URL are those of the vector store; what was just created may take some seconds to appear\n"
        }
        _ => "",
    };
    let cases = [
        (400, "Bad Request"),
        (401, "Unauthorized"),
        (403, "Forbidden"),
        (404, "Not Found"),
        (405, "Method Not Allowed"),
        (413, "Payload Too Large"),
        (422, "Unprocessable Entity"),
    ];
    for (status, reason) in cases {
        let server = Server::answering([at_once(Answer::json(status, SERVER_ERROR))]);
        let expected = refused(&server, &format!("{status} {reason}"), &error_value(SERVER_ERROR), hint(status));
        let code = if hint(status).contains("key") && status != 404 { 4 } else { 1 };
        assert_eq!(run(vsfb_at(&server).args(RETRIEVE)), Outcome { code, ..expected });
        assert_eq!(counts(&server.requests()), ["0"]);
    }
}

#[test]
fn three_attempts_are_made_unless_told_otherwise() {
    let cases: [(&[&str], usize); 4] =
        [(&[], 3), (&["--max-retries", "0"], 1), (&["--max-retries=1"], 2), (&["--max-retries", "4"], 5)];
    for (flags, attempts) in cases {
        let failure = || at_once(Answer::json(503, SERVER_ERROR));
        let server = Server::answering((0..attempts).map(|_| failure()));
        let expected = refused(&server, "503 Service Unavailable", &error_value(SERVER_ERROR), "");
        assert_eq!(run(vsfb_at(&server).args(RETRIEVE).args(flags)), expected, "{flags:?}");
        let expected: Vec<_> = (0..attempts).map(|attempt| attempt.to_string()).collect();
        assert_eq!(counts(&server.requests()), expected, "{flags:?}");
    }
}

#[test]
fn every_request_has_its_own_attempts_and_sends_the_same_again() {
    let body = r#"{"file_ids":["file-abc123"]}"#;
    let server = Server::answering([at_once(Answer::new(429)), at_once(Answer::new(409)), batch()]);
    assert_eq!(run(vsfb_at(&server).args(CREATE)), Outcome::success(BATCH));
    let requests = server.requests();
    assert_eq!(counts(&requests), ["0", "1", "2"]);
    assert!(requests.iter().all(|request| request.text() == body && request.target == requests[0].target));

    let page_of = |id: &str, more| page(&[id], more);
    let server = Server::answering([
        at_once(Answer::new(500)),
        page_of("file-1", true),
        at_once(Answer::new(500)),
        at_once(Answer::new(500)),
        page_of("file-2", false),
    ]);
    let outcome = run(vsfb_at(&server).args(LIST).args(["--transform", "id", "-r"]));
    assert_eq!(outcome, Outcome::success("file-1\nfile-2\n"));
    assert_eq!(counts(&server.requests()), ["0", "1", "0", "1", "2"]);
}

#[test]
fn the_service_may_overrule_the_status() {
    for (status, answer) in [(400, "true"), (404, "TRUE")] {
        let refused = at_once(Answer::new(status)).header("x-should-retry", answer);
        let server = Server::answering([refused, batch()]);
        assert_eq!(run(vsfb_at(&server).args(RETRIEVE)), Outcome::success(BATCH), "{status}");
    }
    for (status, reason) in [(503, "503 Service Unavailable"), (409, "409 Conflict")] {
        let server = Server::answering([at_once(Answer::new(status)).header("x-should-retry", "false")]);
        assert_eq!(run(vsfb_at(&server).args(RETRIEVE)), refused(&server, reason, "", ""));
    }
    // What is neither is as good as nothing.
    let server = Server::answering([at_once(Answer::new(503)).header("x-should-retry", "maybe"), batch()]);
    assert_eq!(run(vsfb_at(&server).args(RETRIEVE)), Outcome::success(BATCH));
    // On a success it means nothing.
    let server = Server::answering([batch().header("x-should-retry", "true")]);
    assert_eq!(run(vsfb_at(&server).args(RETRIEVE)), Outcome::success(BATCH));
}

/// Runs a command with nothing but its stderr on a terminal, where each wait is told.
#[cfg(unix)]
fn watched(server: &Server, arguments: &[&str]) -> Outcome {
    Terminal::sized(200, 24).stderr().run(spawnable_vsfb_at(server).env("NO_COLOR", "1").args(arguments))
}

#[cfg(unix)]
#[test]
fn the_wait_is_the_one_that_the_service_asks_for_and_a_terminal_is_told() {
    let past = "Sun, 06 Nov 1994 08:49:37 GMT";
    let cases: [(&[Header], &str, u64); 8] = [
        (&[("retry-after-ms", "60")], "0.1", 60),
        (&[("retry-after-ms", "60"), ("Retry-After", "9")], "0.1", 60),
        (&[("retry-after-ms", "soon"), ("Retry-After", "0.06")], "0.1", 60),
        (&[("Retry-After", "0.06")], "0.1", 60),
        (&[("Retry-After", "0")], "0.0", 0),
        (&[("Retry-After", past)], "0.0", 0),
        (&[("retry-after-ms", " 60 "), ("Retry-After", "61")], "0.1", 60),
        (&[("retry-after-ms", "1.5")], "0.0", 1),
    ];
    for (headers, seconds, milliseconds) in cases {
        let busy = headers.iter().fold(Answer::new(503), |answer, (name, value)| answer.header(name, value));
        let server = Server::answering([busy, batch()]);
        let url = format!("{}/vector_stores/vs_abc123/file_batches/vsfb_abc123", server.base_url());
        let note = format!("note: GET {url}: 503 Service Unavailable; trying again in {seconds} s (1 of 2)\n");
        let expected = Outcome { code: 0, stdout: BATCH.to_owned(), stderr: note };
        assert_eq!(watched(&server, &RETRIEVE), expected, "{headers:?}");
        let requests = server.requests();
        assert!(requests[1].at - requests[0].at >= Duration::from_millis(milliseconds), "{headers:?}");
    }
}

#[cfg(unix)]
#[test]
fn without_advice_the_wait_is_half_a_second_doubled_less_up_to_a_quarter() {
    let server = Server::answering([Answer::new(503), Answer::new(503).header("Retry-After", "-1"), batch()]);
    let outcome = watched(&server, &RETRIEVE);
    assert_eq!((outcome.code, outcome.stdout.as_str()), (0, BATCH));
    let url = format!("{}/vector_stores/vs_abc123/file_batches/vsfb_abc123", server.base_url());
    let wait_of = |line: &str, number| {
        let line = line.strip_prefix(&*format!("note: GET {url}: 503 Service Unavailable; trying again in ")).unwrap();
        line.strip_suffix(&*format!(" s ({number} of 2)")).unwrap().to_owned()
    };
    let lines: Vec<_> = outcome.stderr.lines().collect();
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert!(["0.4", "0.5"].contains(&&*wait_of(lines[0], 1)), "{lines:?}");
    assert!(["0.8", "0.9", "1.0"].contains(&&*wait_of(lines[1], 2)), "{lines:?}");
    let requests = server.requests();
    assert!(requests[1].at - requests[0].at >= Duration::from_millis(375));
    assert!(requests[2].at - requests[1].at >= Duration::from_millis(750));
}

#[cfg(unix)]
#[test]
fn quiet_tells_a_terminal_nothing_of_waits() {
    let server = Server::answering([at_once(Answer::new(503)), batch()]);
    let outcome = watched(&server, &["--quiet", RETRIEVE[0], RETRIEVE[1], RETRIEVE[2]]);
    assert_eq!(outcome, Outcome::success(BATCH));
}

#[test]
fn a_wait_of_more_than_a_minute_is_reported_and_not_slept() {
    let cases: [(&[Header], &str); 4] = [
        (&[("Retry-After", "61")], "61"),
        (&[("retry-after-ms", "60001"), ("Retry-After", "1")], "61"),
        (&[("Retry-After", "7200.5")], "7201"),
        (&[("Retry-After", "1e30")], "3153600000"),
    ];
    for (headers, seconds) in cases {
        let busy = Answer::json(429, RATE_LIMIT);
        let server = Server::answering([headers.iter().fold(busy, |answer, (name, value)| answer.header(name, value))]);
        let hint = format!("hint: the service asks to wait {seconds} s; try again after that\n");
        let expected = refused(&server, "429 Too Many Requests", &error_value(RATE_LIMIT), &hint);
        assert_eq!(run(vsfb_at(&server).args(RETRIEVE)), expected, "{headers:?}");
    }
    // A date in the year 9999 is one of those; how many seconds that is depends on the day.
    let far = Answer::new(503).header("Retry-After", "Fri, 31 Dec 9999 23:59:59 GMT");
    let server = Server::answering([far]);
    let outcome = run(vsfb_at(&server).args(RETRIEVE));
    let (before, after) = outcome.stderr.split_once("hint: the service asks to wait ").unwrap();
    let seconds: u64 = after.strip_suffix(" s; try again after that\n").unwrap().parse().unwrap();
    assert!(seconds > 1_000_000, "{seconds}");
    let expected = refused(&server, "503 Service Unavailable", "", "");
    assert_eq!(Outcome { stderr: before.to_owned(), ..outcome }, expected);
}

#[test]
fn a_limit_that_needs_a_person_is_not_waited_for() {
    let codes = [
        "insufficient_quota",
        "credit_balance_exhausted",
        "organization_spend_limit_exceeded",
        "project_spend_limit_exceeded",
        "organization_usage_limit_exceeded",
    ];
    let hint = "hint: waiting does not help: raise the limit or add credit in the organization's billing settings\n";
    for code in codes {
        let body = RATE_LIMIT.replace("rate_limit_exceeded", code);
        for should_retry in ["true", "maybe"] {
            let answer = at_once(Answer::json(429, body.clone())).header("x-should-retry", should_retry);
            let server = Server::answering([answer]);
            let expected = refused(&server, "429 Too Many Requests", &error_value(&body), hint);
            assert_eq!(run(vsfb_at(&server).args(RETRIEVE)), expected, "{code}");
        }
    }
    for code in ["rate_limit_exceeded", "slow_down"] {
        let body = RATE_LIMIT.replace("rate_limit_exceeded", code);
        let server = Server::answering([at_once(Answer::json(429, body)), batch()]);
        assert_eq!(run(vsfb_at(&server).args(RETRIEVE)), Outcome::success(BATCH), "{code}");
    }
}

#[test]
fn a_connection_that_fails_is_made_again() {
    let server = Server::answering([Answer::reset(), Answer::hang_up(), batch()]);
    assert_eq!(run(vsfb_at(&server).args(RETRIEVE)), Outcome::success(BATCH));
    assert_eq!(counts(&server.requests()), ["0", "1", "2"]);
    assert_eq!(server.connections(), 3);
}

#[cfg(unix)]
#[test]
fn a_refused_connection_is_tried_again() {
    let port = RefusedPort::new();
    let host = port.base_url().replace("http://", "").replace("/v1", "");
    let mut command = super::support::command::spawnable_vsfb();
    let command = command.env("OPENAI_BASE_URL", port.base_url()).env("NO_COLOR", "1").args(RETRIEVE);
    let outcome = Terminal::sized(200, 24).stderr().run(command.args(["--max-retries", "1"]));
    let why = format!("could not connect to {host}: connection refused");
    let again = ["0.4", "0.5"].map(|wait| format!("note: {why}; trying again in {wait} s (1 of 1)\n"));
    let attempted = format!("error: failed to retrieve the file batch `vsfb_abc123` of `vs_abc123`: {why}\n");
    let hint = "hint: check the base URL (--base-url), the network and the proxy variables (HTTPS_PROXY, NO_PROXY)\n";
    assert!(again.iter().any(|note| outcome == Outcome::failure(1, format!("{note}{attempted}{hint}"))), "{outcome:?}");
}

#[test]
fn an_answer_that_breaks_off_is_asked_for_again() {
    let cut = || [batch().truncated_to(40), batch().reset_after(40)];
    for broken in cut() {
        let server = Server::answering([broken.clone(), broken.chunked(), batch()]);
        assert_eq!(run(vsfb_at(&server).args(RETRIEVE)), Outcome::success(BATCH));
        assert_eq!(counts(&server.requests()), ["0", "1", "2"]);
    }
}

#[test]
fn an_answer_to_a_post_that_breaks_off_is_not_asked_for_again() {
    let warning = |host: &str| {
        format!(
            "warning: the answer to this create is lost (the answer of {host} broke off: {EOF}); the batch may have been created all the same\n"
        )
    };
    let hint = "hint: try again; check the proxy between here and the service\n";
    for (arguments, what) in [
        (&CREATE as &[&str], "create a file batch in `vs_abc123`"),
        (&CANCEL, "cancel the file batch `vsfb_abc123` of `vs_abc123`"),
    ] {
        let server = Server::answering([batch().truncated_to(40)]);
        let host = server.address().to_string();
        let error = format!("error: failed to {what}: the answer of {host} broke off: {EOF}\n");
        let warning = if arguments[0] == "create" { warning(&host) } else { String::new() };
        // The id of the batch may be in it, and there is no other way to it.
        let remains = format!("{}\n", BATCH[..40].trim());
        let stderr = format!("{warning}{error}{remains}{hint}");
        assert_eq!(run(vsfb_at(&server).args(arguments)), Outcome::failure(1, stderr));
    }
}

#[test]
fn a_create_whose_answer_is_lost_is_repeated_with_a_warning_said_once() {
    let first = |why: &str| {
        format!(
            "warning: the answer to this create is lost ({why}); the batch may have been created all the same, and sending it again can make a second one; --max-retries 0 sends it once\n"
        )
    };
    let server = Server::answering([at_once(Answer::new(502)), at_once(Answer::new(500)), batch()]);
    let url = format!("{}/vector_stores/vs_abc123/file_batches", server.base_url());
    let warned = Outcome { stderr: first(&format!("POST {url}: 502 Bad Gateway")), ..Outcome::success(BATCH) };
    assert_eq!(run(vsfb_at(&server).args(CREATE)), warned);

    let server = Server::answering([Answer::hang_up(), batch()]);
    let outcome = run(vsfb_at(&server).args(CREATE));
    let host = server.address();
    let why = format!("{host} closed the connection without an answer: connection closed before message completed");
    assert_eq!(outcome, Outcome { stderr: first(&why), ..Outcome::success(BATCH) });

    let server = Server::answering([at_once(Answer::new(502)), batch()]);
    assert_eq!(run(vsfb_at(&server).args(CREATE).arg("--quiet")), Outcome::success(BATCH));
}

#[test]
fn a_create_that_was_not_carried_out_warns_of_nothing() {
    let server = Server::answering([at_once(Answer::new(429)), at_once(Answer::new(408)), batch()]);
    assert_eq!(run(vsfb_at(&server).args(CREATE)), Outcome::success(BATCH));
    let port = RefusedPort::new();
    let outcome = run(vsfb().env("OPENAI_BASE_URL", port.base_url()).args(CREATE).args(["--max-retries", "0"]));
    let host = port.base_url().replace("http://", "").replace("/v1", "");
    let expected = format!(
        "error: failed to create a file batch in `vs_abc123`: could not connect to {host}: connection refused\nhint: check the base URL (--base-url), the network and the proxy variables (HTTPS_PROXY, NO_PROXY)\n"
    );
    assert_eq!(outcome, Outcome::failure(1, expected));
}

#[test]
fn a_create_that_fails_for_good_after_a_lost_answer_says_what_may_have_happened() {
    let server = Server::answering([Answer::json(500, SERVER_ERROR)]);
    let url = format!("{}/vector_stores/vs_abc123/file_batches", server.base_url());
    let expected = format!(
        "warning: the answer to this create is lost (POST {url}: 500 Internal Server Error); the batch may have been created all the same\n\
         POST {url}: 500 Internal Server Error\n{}error: failed to create a file batch in `vs_abc123`\n",
        error_value(SERVER_ERROR)
    );
    let outcome = run(vsfb_at(&server).args(CREATE).args(["--max-retries", "0"]));
    assert_eq!(outcome, Outcome::failure(1, expected));
}
