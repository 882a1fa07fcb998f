//! `vsfb doctor`: a finding for each thing that can be wrong, and what to do about it.

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::command::{KEY, Outcome, Vsfb, run, vsfb, vsfb_at, vsfb_without_key};
use crate::support::message::Answer;
use crate::support::peers::{DeafPort, RefusedPort};
use crate::support::server::Server;
use crate::support::tls::Certificates;

const STORES: &str = r#"{"object":"list","data":[],"has_more":false}"#;

/// What the service answers where all is well.
pub fn stores() -> Answer {
    Answer::json(200, STORES).header("x-request-id", "req_1")
}

/// The outcome without the time that the request took.
fn untimed(outcome: Outcome) -> Outcome {
    let Some((before, after)) = outcome.stdout.split_once("(after ") else { return outcome };
    let after = after.trim_start_matches(|character: char| character.is_ascii_digit() || character == '.');
    Outcome { stdout: format!("{before}(after N{after}"), ..outcome }
}

/// What the command prints as JSON Lines; nothing may be on stderr.
pub fn examine(command: &mut assert_cmd::Command) -> (i32, Vec<Value>) {
    let outcome = untimed(run(command.args(["doctor", "-o", "jsonl"])));
    assert_eq!(outcome.stderr, "", "{}", outcome.stdout);
    (outcome.code, outcome.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect())
}

/// The status, the finding and the advice of one check.
pub fn found<'a>(findings: &'a [Value], check: &str) -> (&'a str, &'a str, &'a str) {
    let finding = findings.iter().find(|finding| finding["check"] == check).expect(check);
    let text = |name: &str| finding[name].as_str().unwrap_or_default();
    (text("status"), text("finding"), text("advice"))
}

const NOT_TRIED: (&str, &str, &str) = ("skipped", "not tried, since it cannot succeed", "");

/// The program with this base URL.
pub fn vsfb_to(base_url: &str) -> Vsfb {
    let mut command = vsfb();
    command.env("OPENAI_BASE_URL", base_url);
    command
}

#[test]
fn all_is_well_after_exactly_one_request() {
    let server = Server::answering([stores()]);
    let expected = format!(
        r#"{{"check":"key","status":"ok","finding":"OPENAI_API_KEY, 11 characters","advice":null}}
{{"check":"base_url","status":"ok","finding":"{} (OPENAI_BASE_URL)","advice":null}}
{{"check":"headers","status":"ok","finding":"organization, 1 of OPENAI_CUSTOM_HEADERS","advice":null}}
{{"check":"proxy","status":"ok","finding":"none: this machine is reached directly","advice":null}}
{{"check":"certificates","status":"ok","finding":"not needed: http:// is not encrypted","advice":null}}
{{"check":"service","status":"ok","finding":"it answers (after N s, x-request-id: req_1)","advice":null}}
"#,
        server.base_url()
    );
    let mut command = vsfb_at(&server);
    command.env("OPENAI_ORG_ID", "org-1").env("OPENAI_CUSTOM_HEADERS", "api-key: s3cret");
    assert_eq!(untimed(run(command.args(["doctor", "-o", "jsonl", "--max-retries", "5"]))), Outcome::success(expected));
    let request = server.request();
    assert_eq!((request.method.as_str(), request.target.as_str()), ("GET", "/v1/vector_stores?limit=1"));
    assert_eq!(request.header("openai-organization"), Some("org-1"));
}

#[test]
fn findings_are_data_in_every_format() {
    let server = Server::answering([stores(), stores(), stores()]);
    let ask = |flags: &[&str]| untimed(run(vsfb_at(&server).arg("doctor").args(flags)));
    let csv = ask(&["-o", "csv"]).stdout;
    assert!(csv.starts_with("check,status,finding,advice\nkey,ok,\"OPENAI_API_KEY, 11 characters\",\n"), "{csv}");
    assert_eq!(csv.lines().count(), 7);
    assert_eq!(ask(&["--transform", "status", "-r"]), Outcome::success("ok\n".repeat(6)));
    let yaml = ask(&["-o", "yaml"]).stdout;
    assert!(yaml.starts_with("check: key\nstatus: ok\n") && yaml.matches("---\n").count() == 5, "{yaml}");
}

#[cfg(unix)]
#[test]
fn on_a_terminal_it_is_a_list_with_hints() {
    use crate::support::command::spawnable_vsfb;
    use crate::support::terminal::Terminal;
    let mut command = spawnable_vsfb();
    command.arg("doctor").env("OPENAI_API_KEY", "'sk-s3cret'").env("OPENAI_BASE_URL", "http://vsfb.example/v1");
    command.env("HTTP_PROXY", RefusedPort::new().base_url()).env("NO_COLOR", "1");
    command.env("OPENAI_MTLS_CLIENT_CERT_FILE", "a.pem");
    let outcome = Terminal::around(80, 24).run(&mut command);
    let proxy = outcome.stdout.split("http://127.0.0.1:").nth(1).unwrap().split(' ').next().unwrap();
    let expected = format!(
        "\
warning  key                 OPENAI_API_KEY, 11 characters: it has quotation
                             marks around it, which are sent with it
                             hint: set it without them
warning  base url            http://vsfb.example/v1 (OPENAI_BASE_URL): it is not
                             encrypted
                             hint: begin it with https://, or whoever is on the
                             way can read the key and the data
ok       headers             none of your own
ok       proxy               http://127.0.0.1:{proxy} (HTTP_PROXY)
ok       certificates        not needed: http:// is not encrypted
problem  client certificate  --mtls-client-cert-file and --mtls-client-key-file
                             go together; only one of them is given
                             hint: give both files, and an https:// URL, or
                             neither
skipped  service             not tried, since it cannot succeed
"
    );
    assert_eq!(outcome, Outcome { code: 2, stdout: expected, stderr: String::new() });
    for columns in [40, 200] {
        let outcome = Terminal::around(columns, 24).run(&mut command);
        assert!(outcome.stdout.lines().all(|line| line.chars().count() <= usize::from(columns)), "{}", outcome.stdout);
    }
}

#[test]
fn without_a_key_for_the_default_service_nothing_is_sent() {
    let proxy = Server::expecting_none();
    for key in ["", " \n"] {
        let mut command = vsfb_without_key();
        command.env("HTTPS_PROXY", proxy.url()).env("OPENAI_API_KEY", key);
        command.env("SSL_CERT_FILE", Certificates::new().authority_pem());
        let (code, findings) = examine(&mut command);
        let advice =
            "set OPENAI_API_KEY, or give --api-key; a compatible server that needs none is named with --base-url";
        let expected = ("problem", "no API key: OpenAI's service answers nobody without one", advice);
        assert_eq!((code, found(&findings, "key"), found(&findings, "service")), (4, expected, NOT_TRIED));
        assert_eq!(found(&findings, "base_url"), ("ok", "https://api.openai.com/v1 (the default)", ""));
    }
    assert_eq!(proxy.connections(), 0);
    let server = Server::answering([stores()]);
    let (code, findings) = examine(vsfb_without_key().env("OPENAI_BASE_URL", server.base_url()));
    assert_eq!((code, found(&findings, "key")), (0, ("ok", "none, which a compatible server may not need", "")));
}

#[test]
fn elsewhere_at_openai_a_missing_key_stops_no_command() {
    let refused = || Answer::json(401, r#"{"error":{"message":"no key","code":"no_key"}}"#);
    let proxy = Server::answering([stores(), refused(), refused()]);
    let keyless = || {
        let mut command = vsfb_without_key();
        command.env("OPENAI_BASE_URL", "http://api.openai.com").env("HTTP_PROXY", proxy.url());
        command
    };
    let advice = "set OPENAI_API_KEY, or give --api-key; a compatible server that needs none is named with --base-url";
    for expected in [0, 4] {
        let (code, findings) = examine(&mut keyless());
        let key = ("warning", "no API key: OpenAI's service answers nobody without one", advice);
        assert_eq!((code, found(&findings, "key")), (expected, key));
    }
    assert_eq!(run(keyless().args(["retrieve", "vs_1", "vsfb_1"])).code, 4);
    let targets: Vec<_> = proxy.requests().into_iter().map(|request| request.target).collect();
    let asked = "http://api.openai.com/vector_stores?limit=1";
    assert_eq!(targets, [asked, asked, "http://api.openai.com/vector_stores/vs_1/file_batches/vsfb_1"]);
}

#[test]
fn a_reader_who_has_left_does_not_change_the_exit_status() {
    use crate::support::command::spawnable_vsfb;
    let port = RefusedPort::new();
    for (key, status) in [("sk-test", 1), ("a\u{7}b", 2)] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut command = spawnable_vsfb();
        command.arg("doctor").env("OPENAI_BASE_URL", port.base_url()).env("OPENAI_API_KEY", key);
        let output = command.stdout(writer).output().unwrap();
        assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(status), b"".as_slice()));
    }
}

#[test]
fn a_setting_that_cannot_be_right_is_told_and_nothing_is_sent() {
    let server = Server::expecting_none();
    let set_anew = "set it anew, or unset it";
    let pair = "--mtls-client-cert-file and --mtls-client-key-file";
    let cases = [
        (
            "OPENAI_BASE_URL",
            "localhost:1",
            "base_url",
            "OPENAI_BASE_URL needs a scheme: http:// or https://",
            "such as https://api.openai.com/v1",
        ),
        (
            "OPENAI_API_KEY",
            "a\u{7}s3cret",
            "key",
            "OPENAI_API_KEY, 8 characters: the API key holds control characters",
            "set it anew: it was garbled on its way",
        ),
        ("OPENAI_ORG_ID", "a\u{7}b", "headers", "OPENAI_ORG_ID holds control characters", set_anew),
        (
            "OPENAI_CUSTOM_HEADERS",
            "s3cret",
            "headers",
            "line 1 of OPENAI_CUSTOM_HEADERS is not `Name: value`",
            set_anew,
        ),
        (
            "OPENAI_MTLS_CLIENT_KEY_FILE",
            "k.pem",
            "client_certificate",
            &format!("{pair} go together; only one of them is given"),
            "give both files, and an https:// URL, or neither",
        ),
    ];
    for (name, value, check, finding, advice) in cases {
        let (code, findings) = examine(vsfb_at(&server).env(name, value));
        assert_eq!((code, found(&findings, check)), (2, ("problem", finding, advice)), "{name}");
        assert_eq!(found(&findings, "service"), NOT_TRIED);
    }
    let (code, findings) = examine(vsfb_to("http://vsfb.example/v1").env("HTTP_PROXY", "s3cret garbage"));
    let finding =
        ("problem", "HTTP_PROXY is not the URL of a proxy, such as http://proxy:8080", "correct it, or unset it");
    assert_eq!((code, found(&findings, "proxy")), (2, finding));
    let (code, findings) = examine(vsfb_at(&server).args(["--api-key", " "]));
    let finding = ("problem", "--api-key is blank", "give the key, or leave the flag out");
    assert_eq!((code, found(&findings, "key")), (2, finding));
}

#[test]
fn a_refusal_tells_what_to_do_and_is_not_repeated() {
    let masked = r#"{"error":{"message":"Incorrect API key provided: sk-te***-key","code":"invalid_api_key"}}"#;
    let message = |text: &str, code: &str| format!(r#"{{"error":{{"message":"{text}","code":"{code}"}}}}"#);
    let base_url = "check the base URL: `/vector_stores` follows it, so it mostly ends with /v1; not every compatible server has vector stores";
    let trouble = "the service has trouble, or a proxy before it: try again later";
    let cases = [
        (
            Answer::json(401, masked),
            4,
            "401 Unauthorized: invalid_api_key",
            "check the API key: OPENAI_API_KEY or --api-key",
        ),
        (
            Answer::json(403, message("not for you", "")),
            4,
            "403 Forbidden: not for you",
            "this key may not do that: check its permissions, --project and --organization",
        ),
        (Answer::new(404), 1, "404 Not Found", base_url),
        (
            Answer::json(429, message("slow", "rate_limit_exceeded")),
            1,
            "429 Too Many Requests: slow",
            "the rate limit is reached: try again later, or raise --max-retries",
        ),
        (
            Answer::json(429, message("pay", "insufficient_quota")),
            1,
            "429 Too Many Requests: pay",
            "waiting does not help: raise the limit or add credit in the organization's billing settings",
        ),
        (Answer::new(503), 1, "503 Service Unavailable", trouble),
        (
            Answer::new(302).header("Location", "https://login.example/?token=s3cret"),
            1,
            "302 Found",
            "redirects are not followed (this one leads to https://login.example/); correct the base URL (--base-url or OPENAI_BASE_URL)",
        ),
        (Answer::new(400), 1, "400 Bad Request", "check the base URL, and what the service says in full with --debug"),
    ];
    for (answer, status, told, advice) in cases {
        let server = Server::answering([answer.header("x-request-id", "req_7")]);
        let (code, findings) = examine(&mut vsfb_at(&server));
        let finding = format!("it answers {told} (after N s, x-request-id: req_7)");
        assert_eq!((code, found(&findings, "service")), (status, ("problem", finding.as_str(), advice)), "{told}");
        assert_eq!(server.requests().len(), 1, "{told}");
    }
}

#[test]
fn an_answer_that_is_no_list_is_a_problem() {
    let advice = "check the base URL (--base-url) and any proxy between here and the service";
    let page = Answer::typed(200, "text/html", "<html>Welcome</html>");
    for (answer, told) in [(page, "the answer is not JSON: "), (Answer::json(200, "{}"), "the answer is no list: ")] {
        let (code, findings) = examine(&mut vsfb_at(&Server::answering([answer])));
        let (status, finding, hint) = found(&findings, "service");
        assert_eq!((code, status, hint), (1, "problem", advice));
        assert!(finding.starts_with(told), "{finding}");
    }
}

#[test]
fn a_service_that_is_not_there_is_told_with_what_to_check() {
    let port = RefusedPort::new();
    let (code, findings) = examine(&mut vsfb_to(&port.base_url()));
    let host = |base_url: String| base_url.replace("http://", "").replace("/v1", "");
    let finding = format!("could not connect to {}: connection refused (after N s)", host(port.base_url()));
    let advice = "check the base URL (--base-url), the network and the proxy variables (HTTPS_PROXY, NO_PROXY)";
    assert_eq!((code, found(&findings, "service")), (1, ("problem", finding.as_str(), advice)));

    let port = DeafPort::new();
    let begun = Instant::now();
    let (code, findings) = examine(vsfb_to(&port.base_url()).args(["--request-timeout", "300ms"]));
    assert!(begun.elapsed() < Duration::from_secs(8));
    let finding = format!("{} did not answer within 300ms (after N s)", host(port.base_url()));
    assert_eq!(
        (code, found(&findings, "service")),
        (1, ("problem", finding.as_str(), "--request-timeout moves this limit"))
    );

    let server = Server::https_expecting_none(&Certificates::new());
    let (code, findings) = examine(&mut vsfb_to(&server.base_url().replace("https", "http")));
    let (status, finding, advice) = found(&findings, "service");
    assert!(code == 1 && status == "problem" && finding.contains("does not answer in HTTP"), "{finding}");
    assert_eq!(advice, "check the base URL (--base-url): its port, and whether it should begin with https://");
}

#[test]
fn certificates_are_counted_and_tried() {
    let certificates = Certificates::new();
    let server = Server::https_answering(&certificates, [stores()]);
    let authority = certificates.authority_pem();
    let (code, findings) = examine(vsfb_to(&server.base_url()).env("SSL_CERT_FILE", &authority));
    let finding = format!("1 trusted (SSL_CERT_FILE: {})", authority.display());
    assert_eq!((code, found(&findings, "certificates")), (0, ("ok", finding.as_str(), "")));

    let server = Server::https_expecting_none(&certificates);
    let mut command = vsfb_to(&server.base_url());
    let (code, findings) = examine(command.env("SSL_CERT_FILE", certificates.client_pem()));
    let finding = format!(
        "the certificate of {} is not trusted: it is signed by an unknown authority (after N s)",
        server.address()
    );
    let advice = "if a company proxy or a private CA signs it, name the CA's PEM file with SSL_CERT_FILE";
    assert_eq!((code, found(&findings, "service")), (1, ("problem", finding.as_str(), advice)));

    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().join("empty.pem");
    std::fs::write(&empty, "").unwrap();
    let (code, findings) = examine(vsfb_to("https://vsfb.example/v1").env("SSL_CERT_FILE", &empty));
    let finding = format!(
        "no certificate authorities were found, so no server can be trusted (SSL_CERT_FILE: {})",
        empty.display()
    );
    let advice = "install the system's ca-certificates, or name a PEM file of certificates with SSL_CERT_FILE; where that or SSL_CERT_DIR is set, it names none";
    assert_eq!((code, found(&findings, "certificates")), (1, ("problem", finding.as_str(), advice)));
    assert_eq!(found(&findings, "service"), NOT_TRIED);

    let (_, findings) = examine(
        vsfb_to(&Server::https_answering(&certificates, [stores()]).base_url())
            .env("SSL_CERT_FILE", &authority)
            .env("SSL_CERT_DIR", folder.path().join("nowhere")),
    );
    let (status, finding, advice) = found(&findings, "certificates");
    assert!(finding.starts_with("1 trusted") && finding.contains("one that cannot be read: "), "{finding}");
    assert_eq!((status, advice), ("warning", "check what SSL_CERT_FILE and SSL_CERT_DIR name"));
}

#[test]
fn a_client_certificate_is_looked_at_before_it_is_shown() {
    let certificates = Certificates::requiring_a_client();
    let server = Server::https_answering(&certificates, [stores()]);
    let (certificate, key) = (certificates.client_pem(), certificates.client_key_pem());
    let mut command = vsfb_to(&server.base_url());
    command.env("SSL_CERT_FILE", certificates.authority_pem());
    command.env("OPENAI_MTLS_CLIENT_CERT_FILE", &certificate).env("OPENAI_MTLS_CLIENT_KEY_FILE", &key);
    let (code, findings) = examine(&mut command);
    let paths = format!("{}, key {}", certificate.display(), key.display());
    assert_eq!((code, found(&findings, "client_certificate")), (0, ("ok", paths.as_str(), "")));

    let mut command = vsfb_to("https://vsfb.example/v1");
    command.env("SSL_CERT_FILE", certificates.authority_pem());
    let other = Certificates::new();
    command.env("OPENAI_MTLS_CLIENT_CERT_FILE", &certificate);
    let (code, findings) = examine(command.env("OPENAI_MTLS_CLIENT_KEY_FILE", other.client_key_pem()));
    let advice = "--mtls-client-cert-file and --mtls-client-key-file name PEM files that belong together";
    let finding = ("problem", "the client certificate is not one of this key", advice);
    assert_eq!((code, found(&findings, "client_certificate")), (2, finding));
    assert_eq!(found(&findings, "service"), NOT_TRIED);
}

#[test]
fn no_secret_ever_shows() {
    let repeated = format!(r#"{{"error":{{"message":"{KEY} he4der-s3cret","code":"{KEY}"}}}}"#);
    for status in [401, 403, 500] {
        for format in ["table", "json", "csv", "yaml", "raw"] {
            let proxy = Server::answering([Answer::json(status, repeated.clone())
                .header("x-request-id", KEY)
                .header("set-cookie", "c00kie")]);
            let mut command = vsfb_to("http://vsfb.example/v1");
            command.env("HTTP_PROXY", proxy.url().replace("http://", "http://me:pr0xy-s3cret@"));
            command.env("OPENAI_CUSTOM_HEADERS", "x-auth: he4der-s3cret").args(["doctor", "--debug", "-o", format]);
            let outcome = run(&mut command);
            assert!(outcome.stderr.contains("authorization: Bearer [hidden]"), "{}", outcome.stderr);
            let all = outcome.stdout + &outcome.stderr;
            for secret in [KEY, "he4der", "pr0xy", "c00kie", "bWU6"] {
                assert!(!all.contains(secret), "{secret} at {status} as {format}:\n{all}");
            }
            assert_eq!(proxy.request().header("authorization"), Some(format!("Bearer {KEY}").as_str()));
        }
    }
}
