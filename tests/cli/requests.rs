//! What goes over the wire: methods, paths, headers, and who is asked.

use serde_json::Value;

use super::answers::{BATCH, batch, file, page};
use super::support::command::{KEY, Outcome, run, vsfb, vsfb_at, vsfb_without_key};
use super::support::message::{Answer, Request};
use super::support::relay::Relay;
use super::support::server::Server;

/// The ids of the fixtures, as positionals.
const IDS: [&str; 2] = ["vs_abc123", "vsfb_abc123"];
const NO_KEY: &str = "error: no API key: OpenAI's service answers nobody without one\n\
    hint: set OPENAI_API_KEY, or give --api-key; a compatible server that needs none is named with --base-url\n";

/// The names and values of all headers but `Host`, sorted.
fn headers(request: &Request) -> Vec<(String, String)> {
    let named = request.headers.iter().map(|(name, value)| (name.to_ascii_lowercase(), value.clone()));
    let mut headers: Vec<_> = named.filter(|(name, _)| name != "host").collect();
    headers.sort();
    headers
}

fn expected_headers(more: &[(&str, &str)]) -> Vec<(String, String)> {
    let always = [
        ("accept", "application/json"),
        ("accept-encoding", "gzip"),
        ("authorization", "Bearer sk-test-key"),
        ("openai-beta", "assistants=v2"),
        ("user-agent", concat!("vsfb/", env!("CARGO_PKG_VERSION"))),
        ("x-stainless-retry-count", "0"),
    ];
    let mut headers: Vec<_> =
        always.iter().chain(more).map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    headers.sort();
    headers
}

#[test]
fn each_command_sends_one_request_to_its_documented_path() {
    let body = r#"{"file_ids":["file-abc123"]}"#;
    let base = "/v1/vector_stores/vs_1/file_batches";
    let cases: [(&str, &[&str], &str, &str, &str); 4] = [
        ("create", &["--file-id", "file-abc123"], "POST", "", body),
        ("retrieve", &["--batch-id", "BATCH"], "GET", "/BATCH", ""),
        ("cancel", &["--batch-id", "BATCH"], "POST", "/BATCH/cancel", ""),
        ("list-files", &["--batch-id", "BATCH"], "GET", "/BATCH/files?limit=100", ""),
    ];
    for (command, arguments, method, path, body) in cases {
        let relay = Relay::start(&["--file-time", "1h"]);
        let batch = relay.make_batch(&["file-abc123"]);
        let arguments = arguments.iter().map(|argument| argument.replace("BATCH", &batch));
        let outcome = run(vsfb_at(&relay).args([command, "vs_1"]).args(arguments));
        assert_eq!((outcome.code, &*outcome.stderr), (0, ""), "{command}");
        let answer: Value = serde_json::from_str(&outcome.stdout).unwrap();
        let object = if command == "list-files" { "vector_store.file" } else { "vector_store.file_batch" };
        assert_eq!((&answer["object"], &answer["vector_store_id"]), (&object.into(), &"vs_1".into()), "{command}");
        let request = relay.request();
        let target = format!("{base}{}", path.replace("BATCH", &batch));
        assert_eq!((request.method.as_str(), request.target.as_str()), (method, &*target));
        assert_eq!(request.text(), body);
        assert_eq!(request.header("host"), Some(&*relay.address().to_string()));
        let length = body.len().to_string();
        let more: &[(&str, &str)] = match command {
            "create" => &[("content-length", &length), ("content-type", "application/json")],
            "cancel" => &[("content-length", "0")],
            _ => &[],
        };
        assert_eq!(headers(&request), expected_headers(more), "{command}");
        assert_eq!(relay.connections(), 1);
    }
}

#[test]
fn an_id_stays_one_segment_whatever_it_holds() {
    let cases = [
        ("a/b", "a%2Fb"),
        (".", "%2E"),
        ("..", "%2E%2E"),
        ("...", "..."),
        ("%2e%2e", "%252e%252e"),
        ("a?b#c", "a%3Fb%23c"),
        ("a\\b", "a%5Cb"),
        ("é", "%C3%A9"),
        ("~1~", "~1~"),
        ("~dots~", "~dots~"),
        ("@ids.txt", "@ids.txt"),
    ];
    for (id, segment) in cases {
        let server = Server::answering([batch(), batch(), page(&[], false), batch()]);
        let store = format!("--vector-store-id={id}");
        let batch = format!("--batch-id={id}");
        for arguments in [&["retrieve", &batch] as &[&str], &["cancel", &batch]] {
            assert_eq!(run(vsfb_at(&server).args(arguments).arg(&store)), Outcome::success(BATCH), "{id}");
        }
        let listed = run(vsfb_at(&server).args(["list-files", &store, &batch, "--after", id]));
        assert_eq!(listed, Outcome::success(""), "{id}");
        assert_eq!(run(vsfb_at(&server).args(["create", &store, "--file-id=f"])), Outcome::success(BATCH), "{id}");
        let targets: Vec<_> = server.requests().into_iter().map(|request| request.target).collect();
        let base = format!("/v1/vector_stores/{segment}/file_batches");
        assert_eq!(targets[0], format!("{base}/{segment}"));
        assert_eq!(targets[1], format!("{base}/{segment}/cancel"));
        let (path, query) = targets[2].split_once('?').unwrap();
        assert_eq!(path, format!("{base}/{segment}/files"));
        let pairs: Vec<_> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(pairs, [pair("after", id), pair("limit", "100")]);
        assert_eq!(targets[3], base);
    }
}

#[test]
fn blank_ids_and_ids_with_white_space_are_refused() {
    let server = Server::expecting_none();
    let cases = [
        ("retrieve", " ", "vsfb_1", "the vector store id \" \" is blank"),
        ("retrieve", "vs_1", "\u{a0}", "the batch id \"\u{a0}\" is blank"),
        ("cancel", "vs_1", "a b", "the batch id \"a b\" holds white space"),
        ("list-files", "vs_1\t", "vsfb_1", "the vector store id \"vs_1\\t\" holds white space"),
    ];
    for (command, store, batch, complaint) in cases {
        let outcome = run(vsfb_at(&server).args([command, store, batch]));
        assert_eq!(outcome, Outcome::failure(2, format!("error: {complaint}\n")));
    }
}

#[test]
fn a_base_url_may_have_a_prefix_slashes_at_its_end_and_any_case_of_scheme() {
    let server = Server::with(|_| batch());
    let address = server.address();
    let cases = [
        (format!("http://{address}/v1/"), "/v1"),
        (format!("http://{address}/proxy/openai/v1"), "/proxy/openai/v1"),
        (format!("http://{address}/v1//"), "/v1"),
        (format!("http://{address}"), ""),
        (format!("http://{address}/"), ""),
        (format!("HTTP://{address}/v1"), "/v1"),
        (format!("http://{address}/a%2Fb/v1"), "/a%2Fb/v1"),
        (server.base_url_by_name(), "/v1"),
    ];
    for (url, prefix) in cases {
        for by_flag in [true, false] {
            let mut command = vsfb();
            let command = if by_flag {
                // A flag wins over the variable, even over one that is no URL.
                command.env("OPENAI_BASE_URL", "no url").args(["--base-url", &url])
            } else {
                command.env("OPENAI_BASE_URL", &url)
            };
            assert_eq!(run(command.arg("retrieve").args(IDS)), Outcome::success(BATCH), "{url}");
            let target = server.requests().pop().unwrap().target;
            assert_eq!(target, format!("{prefix}/vector_stores/vs_abc123/file_batches/vsfb_abc123"), "{url}");
        }
    }
}

#[test]
fn a_base_url_that_cannot_be_right_is_refused_and_its_secrets_are_not_shown() {
    let cases = [
        ("api.example.com/v1", " needs a scheme: http:// or https://"),
        ("localhost:8000", " needs a scheme: http:// or https://"),
        ("ftp://h/v1", " needs a scheme: http:// or https://"),
        (" http://h/v1", " needs a scheme: http:// or https://"),
        ("http://", " is not a URL: empty host"),
        ("http:///v1", " is not a URL: empty host"),
        ("http://h\n/v1", " holds control characters"),
        ("http://h/v1\r", " holds control characters"),
        ("http://h:99999", " is not a URL: invalid port number"),
        ("http://h/v1?key=s3cret", " must not hold a query (?) or a fragment (#)"),
        ("http://h/v1#s3cret", " must not hold a query (?) or a fragment (#)"),
        ("http://me:s3cret@h/v1", " must not hold a user name or password; give the key with OPENAI_API_KEY"),
        ("http://s3cret@h/v1", " must not hold a user name or password; give the key with OPENAI_API_KEY"),
        ("http://:s3cret@h/v1", " must not hold a user name or password; give the key with OPENAI_API_KEY"),
    ];
    for (url, complaint) in cases {
        for more in [&[] as &[&str], &["--debug"]] {
            let by_flag = run(vsfb().args(["retrieve", "--base-url", url]).args(IDS).args(more));
            assert_eq!(by_flag, Outcome::failure(2, format!("error: --base-url{complaint}\n")), "{url}");
            let by_variable = run(vsfb().env("OPENAI_BASE_URL", url).arg("retrieve").args(IDS).args(more));
            assert_eq!(by_variable, Outcome::failure(2, format!("error: OPENAI_BASE_URL{complaint}\n")), "{url}");
        }
    }
}

#[test]
fn bad_variables_do_not_break_help() {
    let plain = run(vsfb().arg("--help"));
    assert_eq!((plain.code, plain.stderr.as_str()), (0, ""));
    let variables = [("OPENAI_BASE_URL", "no url"), ("OPENAI_API_KEY", "\u{7}"), ("OPENAI_CUSTOM_HEADERS", "s3cret")];
    assert_eq!(run(vsfb().envs(variables).arg("--help")), plain);
}

#[test]
fn empty_variables_count_as_unset() {
    let server = Server::answering([batch()]);
    let names = ["OPENAI_ORG_ID", "OPENAI_PROJECT_ID", "OPENAI_CUSTOM_HEADERS", "OPENAI_API_KEY"];
    let more = ["OPENAI_MTLS_CLIENT_CERT_FILE", "OPENAI_MTLS_CLIENT_KEY_FILE", "HTTP_PROXY", "VSFB_FORMAT"];
    let empty = names.iter().chain(&more).map(|name| (*name, ""));
    assert_eq!(run(vsfb_at(&server).envs(empty).arg("retrieve").args(IDS)), Outcome::success(BATCH));
    let mut expected = expected_headers(&[]);
    expected.retain(|(name, _)| name != "authorization");
    assert_eq!(headers(&server.request()), expected);
    // Without a base URL it is OpenAI's own service that is meant, which needs a key.
    let outcome = run(vsfb_without_key().env("OPENAI_BASE_URL", "").arg("retrieve").args(IDS));
    assert_eq!(outcome, Outcome::failure(4, NO_KEY));
}

#[test]
fn empty_flags_are_refused() {
    let server = Server::expecting_none();
    let flags = [
        "--base-url",
        "--api-key",
        "--organization",
        "--project",
        "--mtls-client-cert-file",
        "--mtls-client-key-file",
        "--max-retries",
        "--request-timeout",
        "--after",
        "--before",
        "--filter",
        "--order",
        "--limit",
        "--max-items",
    ];
    for flag in flags {
        let refused = Outcome::failure(
            2,
            format!("error: `{flag}` has an empty value; leave the flag out, or give it a value\n"),
        );
        assert_eq!(run(vsfb_at(&server).arg("list-files").args(IDS).args([flag, ""])), refused);
        assert_eq!(run(vsfb_at(&server).arg("list-files").args(IDS).arg(format!("{flag}="))), refused);
    }
}

#[test]
fn flags_win_over_variables() {
    let server = Server::answering([batch(), batch()]);
    let variables =
        [("OPENAI_API_KEY", "sk-variable"), ("OPENAI_ORG_ID", "org-variable"), ("OPENAI_PROJECT_ID", "proj-variable")];
    let flags = ["--api-key", "sk-flag", "--organization", "org-flag", "--project", "proj-flag"];
    for flags in [&[] as &[&str], &flags] {
        let outcome = run(vsfb_at(&server).envs(variables).arg("retrieve").args(IDS).args(flags));
        assert_eq!(outcome, Outcome::success(BATCH));
    }
    let requests = server.requests();
    for (request, from) in requests.iter().zip(["variable", "flag"]) {
        assert_eq!(request.header("authorization"), Some(&*format!("Bearer sk-{from}")));
        assert_eq!(request.header("openai-organization"), Some(&*format!("org-{from}")));
        assert_eq!(request.header("openai-project"), Some(&*format!("proj-{from}")));
    }
}

#[test]
fn custom_headers_extend_and_replace_the_others() {
    let server = Server::answering([batch()]);
    let lines = "api-key: s3cret\n\nX-Trace:  a:b \r\nOpenAI-Beta: other\nX-Empty:\n";
    let outcome = run(vsfb_at(&server).env("OPENAI_CUSTOM_HEADERS", lines).arg("retrieve").args(IDS));
    assert_eq!(outcome, Outcome::success(BATCH));
    let mut expected = expected_headers(&[("api-key", "s3cret"), ("x-trace", "a:b"), ("x-empty", "")]);
    expected.retain(|(name, _)| name != "openai-beta");
    expected.push(("openai-beta".to_owned(), "other".to_owned()));
    expected.sort();
    assert_eq!(headers(&server.request()), expected);
}

#[test]
fn custom_headers_that_cannot_be_sent_are_refused_without_being_repeated() {
    let server = Server::expecting_none();
    let cases = [
        ("a: b\ns3cret", "line 2 of OPENAI_CUSTOM_HEADERS is not `Name: value`"),
        (": s3cret", "line 1 of OPENAI_CUSTOM_HEADERS is not `Name: value`"),
        ("a b: s3cret", "the header \"a b\" of OPENAI_CUSTOM_HEADERS cannot be sent: invalid HTTP header name"),
        ("a: s3\u{7}cret", "the header \"a\" of OPENAI_CUSTOM_HEADERS cannot be sent: failed to parse header value"),
    ];
    for (lines, complaint) in cases {
        let outcome = run(vsfb_at(&server).env("OPENAI_CUSTOM_HEADERS", lines).arg("retrieve").args(IDS));
        assert_eq!(outcome, Outcome::failure(2, format!("error: {complaint}\n")));
    }
}

#[test]
fn without_a_key_openais_service_is_not_asked() {
    for (variable, base_url) in [(None, None), (Some("  "), None), (None, Some("https://api.openai.com/v1/"))] {
        for arguments in [
            &["create", "vs_1", "--file-id", "f"] as &[&str],
            &["retrieve", "vs_1", "b"],
            &["cancel", "vs_1", "b"],
            &["list-files", "vs_1", "b"],
            &["list-files", "vs_1", "b", "--format", "raw"],
        ] {
            let mut command = vsfb_without_key();
            variable.map(|key| command.env("OPENAI_API_KEY", key));
            base_url.map(|url| command.args(["--base-url", url]));
            assert_eq!(run(command.args(arguments)), Outcome::failure(4, NO_KEY), "{arguments:?}");
        }
    }
}

#[test]
fn without_a_key_other_servers_are_asked_without_authorization() {
    let server = Server::answering([batch(), page(&["file-1"], false)]);
    for (command, stdout) in [("retrieve", BATCH.to_owned()), ("list-files", file("file-1"))] {
        let mut vsfb = vsfb_without_key();
        let outcome = run(vsfb.env("OPENAI_BASE_URL", server.base_url()).arg(command).args(IDS));
        assert_eq!(outcome, Outcome::success(stdout));
    }
    assert!(server.requests().iter().all(|request| request.header("authorization").is_none()));
}

#[test]
fn white_space_around_a_key_is_dropped() {
    let server = Server::with(|_| batch());
    for key in ["sk-test-key\n", "\r\n sk-test-key\t\r\n"] {
        for by_flag in [true, false] {
            let mut command = vsfb_at(&server);
            let command = if by_flag { command.args(["--api-key", key]) } else { command.env("OPENAI_API_KEY", key) };
            assert_eq!(run(command.arg("retrieve").args(IDS)), Outcome::success(BATCH));
            let request = server.requests().pop().unwrap();
            assert_eq!(request.header("authorization"), Some(&*format!("Bearer {KEY}")));
        }
    }
}

#[test]
fn control_characters_in_who_asks_are_refused_and_never_shown() {
    let server = Server::expecting_none();
    let garbled = "s3\u{1b}[2Jcret";
    let cases = [
        ("--api-key", "OPENAI_API_KEY", "the API key", "the API key"),
        ("--organization", "OPENAI_ORG_ID", "--organization", "OPENAI_ORG_ID"),
        ("--project", "OPENAI_PROJECT_ID", "--project", "OPENAI_PROJECT_ID"),
    ];
    for value in [garbled, "s3\ncret", "s3\u{7f}cret", "s3\u{85}cret"] {
        for (flag, variable, flag_name, variable_name) in cases {
            let by_flag = run(vsfb_at(&server).args(["retrieve", "--debug", flag, value]).args(IDS));
            assert_eq!(by_flag, Outcome::failure(2, format!("error: {flag_name} holds control characters\n")));
            let by_variable = run(vsfb_at(&server).env(variable, value).args(["retrieve", "--debug"]).args(IDS));
            assert_eq!(by_variable, Outcome::failure(2, format!("error: {variable_name} holds control characters\n")));
        }
    }
}

#[test]
fn a_compressed_answer_and_one_in_chunks_are_read() {
    for answer in [batch().gzip(), batch().chunked(), batch().gzip().chunked(), batch().closing(), batch().dropping()] {
        let server = Server::answering([answer]);
        assert_eq!(run(vsfb_at(&server).arg("retrieve").args(IDS)), Outcome::success(BATCH));
        assert_eq!(server.request().header("accept-encoding"), Some("gzip"));
    }
}

#[test]
fn the_body_of_an_answer_decides_not_its_type() {
    let types = ["text/html", "text/plain; charset=latin-1", "application/octet-stream", ""];
    for answer in types.map(|name| Answer::typed(200, name, BATCH)).into_iter().chain([Answer::json(201, BATCH)]) {
        let server = Server::answering([answer]);
        assert_eq!(run(vsfb_at(&server).arg("retrieve").args(IDS)), Outcome::success(BATCH));
        assert_eq!(server.requests().len(), 1);
    }
}
