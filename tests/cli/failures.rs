//! What the user is told when a request fails, and with which exit status.

use super::answers::{BATCH, RATE_LIMIT, SERVER_ERROR, batch, error_value, page};
use super::support::command::{KEY, Outcome, Vsfb, run, vsfb, vsfb_at};
use super::support::message::Answer;
use super::support::peers::{DeafPort, RefusedPort};
use super::support::server::Server;

const PORTAL: &str = include_str!("../fixtures/answers/portal.html");
const NO_DETAIL: &str = include_str!("../fixtures/answers/no_detail.json");
const NO_KEY: &str = include_str!("../fixtures/answers/no_key.json");
const CHECK_PROXY: &str = "hint: check the base URL (--base-url) and any proxy between here and the service\n";
const CHECK_KEY: &str = "hint: check the API key: OPENAI_API_KEY or --api-key\n";
const CHECK_IDS: &str = "hint: check the ids, and that key, project and base URL are those of the vector store; \
    what was just created may take some seconds to appear\n";
const TRY_LATER: &str = "hint: the rate limit is reached: try again later, or raise --max-retries\n";

/// Each command with its arguments, its endpoint and what its errors say was attempted.
const COMMANDS: [(&[&str], &str, &str); 4] = [
    (
        &["create", "vs_abc123", "--file-id", "file-abc123"],
        "POST /v1/vector_stores/vs_abc123/file_batches",
        "failed to create a file batch in `vs_abc123`",
    ),
    (
        &["retrieve", "vs_abc123", "vsfb_abc123"],
        "GET /v1/vector_stores/vs_abc123/file_batches/vsfb_abc123",
        "failed to retrieve the file batch `vsfb_abc123` of `vs_abc123`",
    ),
    (
        &["cancel", "vs_abc123", "vsfb_abc123"],
        "POST /v1/vector_stores/vs_abc123/file_batches/vsfb_abc123/cancel",
        "failed to cancel the file batch `vsfb_abc123` of `vs_abc123`",
    ),
    (
        &["list-files", "vs_abc123", "vsfb_abc123"],
        "GET /v1/vector_stores/vs_abc123/file_batches/vsfb_abc123/files?limit=100",
        "failed to list the files of the file batch `vsfb_abc123` of `vs_abc123`",
    ),
];

/// The command that makes one attempt.
fn once_at(server: &Server) -> Vsfb {
    let mut command = vsfb_at(server);
    command.args(["--max-retries", "0"]);
    command
}

/// What is warned of before the error of a command.
fn warning(arguments: &[&str], why: &str) -> String {
    if arguments[0] != "create" {
        return String::new();
    }
    format!("warning: the answer to this create is lost ({why}); the batch may have been created all the same\n")
}

/// Lets every command fail by this answer with this status, told in these words: body, request id, hint.
fn every_command(answer: &Answer, status: &str, (body, id, hint): (&str, &str, &str)) {
    for (arguments, endpoint, attempted) in COMMANDS {
        let server = Server::answering([answer.clone()]);
        let head = format!("{}: {status}", endpoint.replace(' ', &format!(" {}", server.url())));
        let lost = if status.starts_with('5') { warning(arguments, &head) } else { String::new() };
        let stderr = format!("{lost}{head}\n{body}error: {attempted}{id}\n{hint}");
        let code = if ["401", "403"].contains(&&status[..3]) { 4 } else { 1 };
        assert_eq!(run(once_at(&server).args(arguments)), Outcome::failure(code, stderr), "{arguments:?}");
    }
}

#[test]
fn an_error_of_the_service_is_shown_with_what_was_attempted() {
    let value = error_value(SERVER_ERROR);
    every_command(&Answer::json(400, SERVER_ERROR), "400 Bad Request", (&value, "", ""));
    every_command(&Answer::json(500, SERVER_ERROR), "500 Internal Server Error", (&value, "", ""));
}

#[test]
fn the_request_id_that_support_asks_for_is_shown() {
    let answer = Answer::json(400, SERVER_ERROR).header("x-request-id", "req_123");
    let value = error_value(SERVER_ERROR);
    every_command(&answer, "400 Bad Request", (&value, " (x-request-id: req_123)", ""));
}

#[test]
fn refused_credentials_have_their_own_status_and_hint() {
    let value = "{\n  \"message\": \"Authentication required\"\n}\n";
    every_command(&Answer::json(401, NO_KEY), "401 Unauthorized", (value, "", CHECK_KEY));
    let hint = "hint: this key may not do that: check its permissions, --project and --organization\n";
    every_command(&Answer::json(403, NO_KEY), "403 Forbidden", (value, "", hint));
}

#[test]
fn missing_things_and_reached_limits_have_hints() {
    let value = error_value(SERVER_ERROR);
    every_command(&Answer::json(404, SERVER_ERROR), "404 Not Found", (&value, "", CHECK_IDS));
    let value = error_value(RATE_LIMIT);
    every_command(&Answer::json(429, RATE_LIMIT), "429 Too Many Requests", (&value, "", TRY_LATER));
}

#[test]
fn a_body_without_error_is_shown_as_it_is() {
    let long = "é".repeat(3000);
    let shortened = format!("{}…\n", "é".repeat(1024));
    let cases = [
        (NO_DETAIL, NO_DETAIL),
        ("", ""),
        (" \n", ""),
        ("Not here.\nGo away.\n", "Not here.\nGo away.\n"),
        ("{\"error\":null}", "{\"error\":null}\n"),
        ("{\"error\":{\"mess", "{\"error\":{\"mess\n"),
        ("[1]", "[1]\n"),
        (&long, &shortened),
    ];
    for (body, shown) in cases {
        every_command(&Answer::typed(404, "text/plain", body), "404 Not Found", (shown, "", CHECK_IDS));
    }
    every_command(&Answer::json(400, "{\"error\":\"no\"}"), "400 Bad Request", ("\"no\"\n", "", ""));
}

#[test]
fn the_error_can_be_formatted_and_transformed() {
    let cases: [(&[&str], &str); 5] = [
        (&["--transform-error", "code"], "\"rate_limit_exceeded\"\n"),
        (
            &["--format-error", "yaml"],
            "message: Rate limit reached for this vector store.\ntype: requests\nparam: null\ncode: rate_limit_exceeded\n",
        ),
        (&["--format-error", "JSONL", "--transform-error", "{code}"], "{\"code\":\"rate_limit_exceeded\"}\n"),
        // The formats of data do not concern it.
        (&["--format", "yaml", "--transform", "id"], &error_value(RATE_LIMIT)),
        (&["--quiet"], &error_value(RATE_LIMIT)),
    ];
    for (flags, shown) in cases {
        let server = Server::answering([Answer::json(429, RATE_LIMIT)]);
        let (arguments, endpoint, attempted) = COMMANDS[1];
        let head = endpoint.replace(' ', &format!(" {}", server.url()));
        let stderr = format!("{head}: 429 Too Many Requests\n{shown}error: {attempted}\n{TRY_LATER}");
        let outcome = run(once_at(&server).args(arguments).args(flags));
        assert_eq!(outcome, Outcome::failure(1, stderr), "{flags:?}");
    }
}

#[test]
fn redirects_are_errors_that_are_not_followed() {
    let elsewhere = Server::expecting_none();
    let to = elsewhere.base_url();
    let cases = [
        (301, "Moved Permanently"),
        (302, "Found"),
        (303, "See Other"),
        (307, "Temporary Redirect"),
        (308, "Permanent Redirect"),
    ];
    for (status, reason) in cases {
        let hint = format!(
            "hint: redirects are not followed (this one leads to {to}); correct the base URL (--base-url or OPENAI_BASE_URL)\n"
        );
        let answer = Answer::new(status).header("Location", &to);
        every_command(&answer, &format!("{status} {reason}"), ("", "", &hint));
    }
    let hint = "hint: redirects are not followed; correct the base URL (--base-url or OPENAI_BASE_URL)\n";
    every_command(&Answer::typed(300, "text/html", PORTAL), "300 Multiple Choices", (PORTAL, "", hint));
    assert_eq!(elsewhere.connections(), 0);
}

#[test]
fn a_success_that_is_not_json_is_an_error_and_nothing_is_printed() {
    let cut = "{\"id\": \"vsfb_abc123\", \"obj";
    let cases = [
        (Answer::typed(200, "text/html", PORTAL), PORTAL, "not JSON: expected value (line 1, column 1)"),
        (Answer::json(200, cut), cut, "not JSON: EOF while parsing a string (line 1, column 26)"),
        (Answer::json(200, ""), "", "empty where JSON was expected"),
        (Answer::new(204), "", "empty where JSON was expected"),
        (Answer::json(200, "{} x"), "{} x", "not JSON: trailing characters (line 1, column 4)"),
        (
            Answer::json(200, b"\"\xff\"".as_slice()),
            "\"\u{fffd}\"",
            "not JSON: the text is not UTF-8 (line 1, column 2)",
        ),
    ];
    for (answer, body, why) in cases {
        for (arguments, _, attempted) in COMMANDS {
            for format in ["auto", "raw", "table"] {
                let server = Server::answering([answer.clone()]);
                let why = format!("the answer is {why}");
                let lost = warning(arguments, &why);
                let body = if body.is_empty() { String::new() } else { format!("{}\n", body.trim_end()) };
                let stderr = format!("{lost}error: {attempted}: {why}\n{body}{CHECK_PROXY}");
                // One request each: asking again would bring the same page.
                let outcome = run(vsfb_at(&server).args(arguments).args(["--format", format]));
                assert_eq!(outcome, Outcome::failure(1, stderr), "{arguments:?} {format}");
            }
        }
    }
}

#[test]
fn a_byte_order_mark_is_no_fault() {
    let server = Server::answering([Answer::json(200, "\u{feff}{\"id\":\"vsfb_abc123\"}")]);
    let outcome = run(vsfb_at(&server).args(COMMANDS[1].0));
    assert_eq!(outcome, Outcome::success("{\n  \"id\": \"vsfb_abc123\"\n}\n"));
}

#[test]
fn a_service_that_is_not_there_is_named() {
    let port = RefusedPort::new();
    let host = port.base_url().replace("http://", "").replace("/v1", "");
    let hint = "hint: check the base URL (--base-url), the network and the proxy variables (HTTPS_PROXY, NO_PROXY)\n";
    for (arguments, _, attempted) in COMMANDS {
        let outcome = run(vsfb().args(["--base-url", &port.base_url(), "--max-retries", "0"]).args(arguments));
        let stderr = format!("error: {attempted}: could not connect to {host}: connection refused\n{hint}");
        assert_eq!(outcome, Outcome::failure(1, stderr));
    }
}

#[test]
fn a_service_that_is_silent_is_named_with_the_flag_that_moves_the_limit() {
    let port = DeafPort::new();
    let host = port.base_url().replace("http://", "").replace("/v1", "");
    let flags = ["--base-url", &port.base_url(), "--max-retries", "0", "--request-timeout", "200ms"];
    for (arguments, _, attempted) in COMMANDS {
        let outcome = run(vsfb().args(flags).args(arguments));
        let why = format!("{host} did not answer within 200ms");
        let lost = warning(arguments, &why);
        let hint = "hint: --request-timeout moves this limit\n";
        assert_eq!(outcome, Outcome::failure(1, format!("{lost}error: {attempted}: {why}\n{hint}")));
    }
}

#[test]
fn an_answer_that_breaks_off_is_no_data_but_that_to_a_post_is_shown() {
    for (arguments, _, attempted) in COMMANDS {
        let whole = if arguments[0] == "list-files" { page(&["file-abc123"], false) } else { batch() };
        let is_post = ["create", "cancel"].contains(&arguments[0]);
        let begin = if is_post { format!("{}\n", &BATCH[..100]) } else { String::new() };
        for (answer, remains) in [(whole.clone().truncated_to(100), begin.as_str()), (whole.gzip().truncated_to(8), "")]
        {
            let server = Server::answering([answer]);
            let why =
                format!("the answer of {} broke off: end of file before message length reached", server.address());
            let lost = warning(arguments, &why);
            let hint = "hint: try again; check the proxy between here and the service\n";
            let stderr = format!("{lost}error: {attempted}: {why}\n{remains}{hint}");
            assert_eq!(run(once_at(&server).args(arguments)), Outcome::failure(1, stderr), "{arguments:?}");
        }
    }
}

#[test]
fn the_key_is_never_shown_whatever_fails() {
    // A server that repeats what it was sent, as some do in their errors.
    let echo = format!("{{\"error\":{{\"message\":\"wrong key {KEY}\",\"code\":\"{KEY}\"}}}}");
    let answers = [
        Answer::json(401, echo.clone()),
        Answer::json(500, format!("Authorization: Bearer {KEY}")),
        Answer::json(200, format!("<p>Bearer {KEY}</p>")),
        Answer::json(200, format!("{{\"dat\":\"{KEY}\"}}")),
        Answer::new(302).header("Location", &format!("http://127.0.0.1:9/?key={KEY}")),
        Answer::json(404, "").header("x-request-id", KEY).header("Set-Cookie", KEY),
        Answer::json(200, echo).truncated_to(50),
        Answer::reset(),
        Answer::hang_up(),
    ];
    for answer in answers {
        for (arguments, _, _) in COMMANDS {
            for by_flag in [true, false] {
                let server = Server::answering([answer.clone()]);
                let mut command = once_at(&server);
                command.env("OPENAI_CUSTOM_HEADERS", format!("api-key: {KEY}")).args(arguments).arg("--debug");
                if by_flag {
                    command.env_remove("OPENAI_API_KEY").args(["--api-key", KEY]);
                }
                let outcome = run(&mut command);
                assert!(!outcome.stderr.contains(KEY), "{}", outcome.stderr);
                assert!(outcome.stderr.contains("authorization: Bearer [hidden]"), "{}", outcome.stderr);
                assert!(outcome.stderr.contains("api-key: [hidden]"), "{}", outcome.stderr);
                // What a success holds is data, and reaches stdout as it came.
                assert!(outcome.code == 0 || !outcome.stdout.contains(KEY), "{}", outcome.stdout);
                assert!(server.request().header("authorization").unwrap().contains(KEY));
            }
        }
    }
}

#[test]
fn no_half_of_a_key_is_shown_where_an_answer_is_cut_short() {
    let page = format!("{{\"dat\":\"{}{KEY}\"}}", "a".repeat(2036));
    let server = Server::answering([Answer::json(200, page)]);
    let outcome = run(once_at(&server).args(["list-files", "vs_abc123", "vsfb_abc123"]));
    assert!(outcome.stderr.contains("aaa[hid"), "{outcome:?}");
    assert_eq!((outcome.code, outcome.stdout.as_str()), (1, ""));
}

#[test]
fn an_answer_that_repeats_a_key_is_checked_as_it_came() {
    let body = [b"{\"id\":\"\xff\",\"key\":\"", KEY.as_bytes(), b"\"}"].concat();
    let server = Server::answering([Answer::json(200, body)]);
    let outcome = run(once_at(&server).args(["retrieve", "vs_abc123", "vsfb_abc123"]));
    let stderr = format!(
        "error: failed to retrieve the file batch `vsfb_abc123` of `vs_abc123`: \
         the answer is not JSON: the text is not UTF-8 (line 1, column 8)\n\
         {{\"id\":\"\u{fffd}\",\"key\":\"[hidden]\"}}\n{CHECK_PROXY}"
    );
    assert_eq!(outcome, Outcome::failure(1, stderr));
}

#[test]
fn a_request_that_is_not_sent_shows_no_key() {
    let server = Server::expecting_none();
    for (arguments, _, _) in [COMMANDS[0], COMMANDS[2]] {
        let outcome = run(vsfb_at(&server)
            .env("OPENAI_CUSTOM_HEADERS", format!("api-key: {KEY}"))
            .args(arguments)
            .args(["--dry-run", "--debug"]));
        assert_eq!(outcome.code, 0);
        assert!(outcome.stderr.contains("> authorization: Bearer [hidden]\n"), "{outcome:?}");
        assert!(outcome.stderr.contains("> api-key: [hidden]\n"), "{outcome:?}");
        assert!(!format!("{outcome:?}").contains(KEY), "{outcome:?}");
    }
}
