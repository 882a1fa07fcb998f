//! What each command makes of the emulator's faults that replace an answer or its delivery: what it says, how it ends,
//! how often it asks.

use std::thread;

use serde_json::{Value, json};

use super::emulator_sockets::exchange;
use super::support::command::{HasBaseUrl as _, Outcome, run, vsfb, vsfb_at};
use super::support::emulator::Emulator;

type Words<'a> = &'a [&'a str];

/// How the id of the batch is shown.
pub const BATCH: &str = "vsfb_abc123";
const EOF: &str = "end of file before message length reached";
const TRY_AGAIN: &str = "hint: try again; check the proxy between here and the service\n";

/// A command that is to meet a fault, and what it asks for.
pub struct Command {
    pub name: &'static str,
    /// What it is about to do, as it says when that fails.
    attempted: &'static str,
    pub method: &'static str,
    /// The end of its request's path, after the one of the batch where it speaks of one.
    path: &'static str,
}

pub const COMMANDS: [Command; 4] = [
    Command { name: "create", attempted: "create a file batch in `vs_abc123`", method: "POST", path: "" },
    Command {
        name: "retrieve",
        attempted: "retrieve the file batch `vsfb_abc123` of `vs_abc123`",
        method: "GET",
        path: "/vsfb_abc123",
    },
    Command {
        name: "cancel",
        attempted: "cancel the file batch `vsfb_abc123` of `vs_abc123`",
        method: "POST",
        path: "/vsfb_abc123/cancel",
    },
    Command {
        name: "list-files",
        attempted: "list the files of the file batch `vsfb_abc123` of `vs_abc123`",
        method: "GET",
        path: "/vsfb_abc123/files?limit=100",
    },
];

impl Command {
    /// Whether it is the one that can make a second batch.
    fn creates(&self) -> bool {
        self.name == "create"
    }

    /// What it says when its request, or the last of its requests, was refused.
    pub fn refused(&self, status: &str, body: &str, hint: &str) -> String {
        let Self { method, path, attempted, .. } = self;
        format!(
            "{method} BASE/vector_stores/vs_abc123/file_batches{path}: {status}\n{body}error: failed to {attempted} (x-request-id: REQUEST)\n{hint}"
        )
    }

    /// What it says when it has no usable answer.
    fn failed(&self, why: &str, more: &str) -> String {
        format!("error: failed to {}: {why}\n{more}", self.attempted)
    }

    /// The warning that a create begins with when it cannot know what became of its request.
    fn lost(&self, why: &str, repeated: bool) -> String {
        let again = "; the batch may have been created all the same, and sending it again can make a second one; --max-retries 0 sends it once";
        let once = "; the batch may have been created all the same";
        let end = if repeated { again } else { once };
        if self.creates() {
            format!("warning: the answer to this create is lost ({why}){end}\n")
        } else {
            String::new()
        }
    }

    /// The same for an answer of the service's that may come after the work was done.
    fn lost_to(&self, status: &str, repeated: bool) -> String {
        let url = format!("{} BASE/vector_stores/vs_abc123/file_batches{}", self.method, self.path);
        self.lost(&format!("{url}: {status}"), repeated)
    }

    /// Runs it for this batch. Successes print the states alone.
    pub fn run(&self, emulator: &Emulator, batch: &str, (header, flags): (&str, Words<'_>)) -> Outcome {
        let mut vsfb = vsfb_at(emulator);
        let target = if self.creates() { ["--file-id", "file-abc123"].as_slice() } else { &[batch] };
        vsfb.args([self.name, "vs_abc123"]).args(target).args(["--transform", "status", "-r"]).args(flags);
        if !header.is_empty() {
            vsfb.env("OPENAI_CUSTOM_HEADERS", format!("X-Vsfb-Fault: {header}"));
        }
        run(&mut vsfb)
    }
}

/// What a command made of a fault.
pub struct Met {
    /// With `BASE`, `HOST` and `REQUEST` in place of the base URL, the address and the last request's id.
    pub outcome: Outcome,
    /// The statuses of its requests, none where no answer arrived.
    pub statuses: Vec<Value>,
}

/// What all the commands make of it, side by side, in an emulator that nobody has asked for `batch` yet. `header` has
/// the faults of these requests alone.
pub fn meet(emulator: &Emulator, batch: &str, how: (&str, Words<'_>)) -> [Met; 4] {
    let before = emulator.requests().len();
    let outcomes = thread::scope(|scope| {
        let runs = COMMANDS.each_ref().map(|command| scope.spawn(move || command.run(emulator, batch, how)));
        runs.map(|run| run.join().unwrap())
    });
    let requests = emulator.requests().split_off(before);
    let mut outcomes = outcomes.into_iter();
    COMMANDS.each_ref().map(|command| {
        let path = format!("/v1/vector_stores/vs_abc123/file_batches{}", command.path.replace(BATCH, batch));
        let own = requests.iter().filter(|request| request["path"] == path && request["method"] == command.method);
        let last = own.clone().next_back().and_then(|request| request["request_id"].as_str()).unwrap();
        let outcome = outcomes.next().unwrap();
        let address = emulator.address().to_string();
        let names = [(&*emulator.base_url(), "BASE"), (&address, "HOST"), (last, "REQUEST"), (batch, BATCH)];
        let stderr = names.iter().fold(outcome.stderr.clone(), |text, (value, name)| text.replace(value, name));
        Met { outcome: Outcome { stderr, ..outcome }, statuses: own.map(|request| request["status"].clone()).collect() }
    })
}

/// An emulator where each request meets these faults, and none needs a batch for it.
fn struck(faults: Words<'_>, flags: Words<'_>) -> [Met; 4] {
    let faults: Vec<_> = faults.iter().flat_map(|fault| ["--fault", fault]).collect();
    meet(&Emulator::start(&faults), BATCH, ("", flags))
}

/// The same where the work is done for a batch that is there.
fn struck_at_work(fault: &str, flags: Words<'_>) -> [Met; 4] {
    let emulator = Emulator::start(&["--file-time", "0"]);
    let batch = new_batch(&emulator);
    meet(&emulator, &batch, (fault, flags))
}

/// Creates a batch of two files, one of which fails when it is processed.
pub fn new_batch(emulator: &Emulator) -> String {
    let arguments = ["vs_abc123", "--file-id", "file-abc123", "--file-id", "file-fail-invalid"];
    let outcome = run(vsfb_at(emulator).arg("create").args(arguments).args(["--transform", "id", "-r"]));
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""));
    outcome.stdout.trim_end().to_owned()
}

/// Claims that each command fails so, after as many requests as there are statuses.
pub fn assert_all_fail(all: [Met; 4], (code, statuses): (i32, &[Value]), stderr: impl Fn(&Command) -> String) {
    for (command, met) in COMMANDS.iter().zip(all) {
        assert_eq!(met.outcome, Outcome::failure(code, stderr(command)), "{}", command.name);
        assert_eq!(met.statuses, statuses, "{}", command.name);
    }
}

/// The `error` of a refusal that was asked for, as it is printed.
fn error_of(kind: &str, code: &Value) -> String {
    format!(
        "{{\n  \"message\": \"This fault was asked for.\",\n  \"type\": \"{kind}\",\n  \"param\": null,\n  \"code\": {code}\n}}\n"
    )
}

#[test]
fn a_limit_that_passes_is_waited_for() {
    let raise = "hint: the rate limit is reached: try again later, or raise --max-retries\n";
    let wait = "hint: the service asks to wait 61 s; try again after that\n";
    let cases: [(&str, Words<'_>, usize, &str); 4] = [
        ("retry-after=0", &[], 3, raise),
        ("retry-after=0", &["--max-retries", "0"], 1, raise),
        ("retry-after=off", &["--max-retries", "1"], 2, raise),
        ("retry-after=61", &[], 1, wait),
    ];
    for fault in ["rate-limit-exceeded", "slow-down"] {
        let body = error_of("requests", &json!(fault.replace('-', "_")));
        for (after, flags, count, hint) in cases {
            let all = struck(&[fault, after], flags);
            assert_all_fail(all, (1, &vec![json!(429); count]), |command| {
                command.refused("429 Too Many Requests", &body, hint)
            });
        }
    }
}

#[test]
fn a_limit_that_needs_a_person_is_reported_at_once() {
    let hint = "hint: waiting does not help: raise the limit or add credit in the organization's billing settings\n";
    for fault in [
        "insufficient-quota",
        "credit-balance-exhausted",
        "organization-spend-limit-exceeded",
        "project-spend-limit-exceeded",
        "organization-usage-limit-exceeded",
    ] {
        let body = error_of("insufficient_quota", &json!(fault.replace('-', "_")));
        for faults in [&[fault] as Words<'_>, &[fault, "retry-after=0"]] {
            assert_all_fail(struck(faults, &[]), (1, &[json!(429)]), |command| {
                command.refused("429 Too Many Requests", &body, hint)
            });
        }
    }
}

#[test]
fn a_refused_key_is_reported_at_once_with_a_status_of_its_own() {
    let body = error_of("invalid_request_error", &json!("invalid_api_key"));
    assert_all_fail(struck(&["unauthorized"], &[]), (4, &[json!(401)]), |command| {
        command.refused("401 Unauthorized", &body, "hint: check the API key: OPENAI_API_KEY or --api-key\n")
    });
}

#[test]
fn an_error_of_the_service_is_met_again() {
    let page = "<!doctype html>\n<title>502</title>\n<h1>Bad gateway</h1>\n";
    for (fault, status, body) in [
        ("500", "500 Internal Server Error", error_of("server_error", &Value::Null)),
        ("502", "502 Bad Gateway", page.to_owned()),
        ("503", "503 Service Unavailable", error_of("server_error", &Value::Null)),
    ] {
        let number: u16 = fault.parse().unwrap();
        for (retries, count) in [("0", 1), ("1", 2)] {
            let all = struck(&[fault], &["--max-retries", retries]);
            assert_all_fail(all, (1, &vec![json!(number); count]), |command| {
                command.lost_to(status, count > 1) + &command.refused(status, &body, "")
            });
        }
    }
}

#[test]
fn a_page_in_place_of_the_answer_is_no_success() {
    let page = "<!doctype html>\n<title>Sign in</title>\n<h1>Sign in to this network</h1>\n";
    let hint = "hint: check the base URL (--base-url) and any proxy between here and the service\n";
    let why = "the answer is not JSON: expected value (line 1, column 1)";
    assert_all_fail(struck(&["html"], &[]), (1, &[json!(200)]), |command| {
        command.lost(why, false) + &command.failed(why, &format!("{page}{hint}"))
    });
}

#[test]
fn a_redirect_is_not_followed() {
    let hint = "hint: redirects are not followed (this one leads to /moved); correct the base URL (--base-url or OPENAI_BASE_URL)\n";
    assert_all_fail(struck(&["redirect"], &[]), (1, &[json!(302)]), |command| command.refused("302 Found", "", hint));
}

#[test]
fn a_connection_that_is_reset_is_made_again() {
    let why = "HOST closed the connection without an answer: connection reset by peer";
    for (retries, count) in [("0", 1), ("1", 2)] {
        let flags = ["--max-retries", retries];
        for all in [struck(&["reset"], &flags), struck_at_work("reset-after-first-byte", &flags)] {
            assert_all_fail(all, (1, &vec![Value::Null; count]), |command| {
                command.lost(why, count > 1) + &command.failed(why, TRY_AGAIN)
            });
        }
    }
}

#[test]
fn a_lost_answer_is_asked_for_again() {
    let why = "HOST closed the connection without an answer: connection reset by peer";
    let all = struck_at_work("lost-answer", &["--max-retries", "1"]);
    for (command, met) in COMMANDS.iter().zip(all) {
        if command.method == "POST" {
            let stderr = command.lost(why, true) + &command.failed(why, TRY_AGAIN);
            assert_eq!(met.outcome, Outcome::failure(1, stderr), "{}", command.name);
            assert_eq!(met.statuses, [Value::Null, Value::Null], "{}", command.name);
        } else {
            assert_eq!((met.outcome.code, met.outcome.stderr.as_str()), (0, ""), "{}", command.name);
            assert_eq!(met.statuses, [200], "{}", command.name);
        }
    }
}

#[test]
fn an_answer_that_breaks_off_is_asked_for_again_where_that_changes_nothing() {
    let why = &format!("the answer of HOST broke off: {EOF}");
    let all = struck_at_work("truncated-body", &["--max-retries", "1"]);
    for (command, mut met) in COMMANDS.iter().zip(all) {
        if command.method == "POST" {
            // The id of a batch cannot be had again, so what came of the answer is shown.
            let (before, rest) = met.outcome.stderr.split_once("{\"id\":\"vsfb_").expect("the half of a batch");
            met.outcome.stderr = format!("{before}{}", rest.split_once('\n').expect("further lines").1);
        }
        let stderr = command.lost(why, false) + &command.failed(why, TRY_AGAIN);
        assert_eq!(met.outcome, Outcome::failure(1, stderr), "{}", command.name);
        let count = if command.method == "GET" { 2 } else { 1 };
        assert_eq!(met.statuses, vec![json!(200); count], "{}", command.name);
    }
}

#[test]
fn what_passes_is_got_over() {
    // The same seed gives the same ids, so the batch is known though its answer is lost.
    let batch = &new_batch(&Emulator::start(&["--seed", "1"]));
    let faults = ["500=1", "502=1", "503=1", "reset=1", "rate-limit-exceeded=1", "slow-down=1"];
    let got_over = |fault: &str, command: &Command| {
        let flags = ["--seed", "1", "--file-time", "0", "--fault", fault, "--fault", "retry-after=0"];
        let emulator = Emulator::start(&flags);
        // A fault of its own leaves those of all requests to others.
        let lost = COMMANDS[0].run(&emulator, "", ("lost-answer", &["--max-retries", "0"]));
        assert_eq!(lost.code, 1);
        let outcome = command.run(&emulator, batch, ("", &["--quiet"]));
        assert_eq!(outcome, Outcome::success("completed\n"), "{} {fault}", command.name);
        let statuses: Vec<_> = emulator.requests().iter().skip(1).map(|request| request["status"].clone()).collect();
        assert_eq!((statuses.len(), &statuses[1]), (2, &json!(200)), "{} {fault}", command.name);
    };
    thread::scope(|scope| {
        for fault in faults {
            for command in &COMMANDS {
                scope.spawn(move || got_over(fault, command));
            }
        }
    });
}

#[test]
fn a_create_whose_answer_is_lost_makes_a_second_batch_unless_it_is_sent_once() {
    for (flags, code, requests) in [
        (&[] as Words<'_>, 0, vec![json!([null, ["lost-answer"]]), json!([200, []])]),
        (&["--max-retries", "0"], 1, vec![json!([null, ["lost-answer"]])]),
    ] {
        let emulator = Emulator::start(&["--file-time", "0", "--fault", "lost-answer=1"]);
        let outcome = COMMANDS[0].run(&emulator, "", ("", flags));
        let host = emulator.address();
        let why = format!("{host} closed the connection without an answer: connection reset by peer");
        let warning = COMMANDS[0].lost(&why, code == 0);
        let stdout = if code == 0 { "completed\n" } else { "" };
        let error = if code == 0 { String::new() } else { COMMANDS[0].failed(&why, TRY_AGAIN) };
        assert_eq!(outcome, Outcome { code, stdout: stdout.to_owned(), stderr: warning + &error });
        assert_eq!(emulator.recorded(&["status", "faults"]), requests);
        // The first was carried out, also where nobody heard of it.
        let list = "GET /v1/vector_stores/vs_abc123/files HTTP/1.1\r\nhost: x\r\nauthorization: Bearer k\r\nconnection: close\r\n\r\n";
        let answer = exchange(host, list);
        assert!(answer.contains("\"id\":\"file-abc123\""), "{answer}");
    }
}

#[test]
fn an_answer_that_is_late_is_waited_for_as_long_as_allowed() {
    for met in struck_at_work("latency=1ms..2ms", &[]) {
        assert_eq!((met.outcome.code, met.outcome.stderr.as_str(), met.statuses), (0, "", vec![json!(200)]));
    }
    let emulator = Emulator::start(&["--fault", "latency=1h"]);
    let why = &format!("{} did not answer within 500ms", emulator.address());
    let at = &emulator;
    thread::scope(|scope| {
        for (command, retries) in COMMANDS.iter().zip(["0", "0", "0", "1"]) {
            scope.spawn(move || {
                let flags = ["--request-timeout", "500ms", "--max-retries", retries];
                let outcome = command.run(at, BATCH, ("", &flags));
                let stderr =
                    command.lost(why, false) + &command.failed(why, "hint: --request-timeout moves this limit\n");
                assert_eq!(outcome, Outcome::failure(1, stderr), "{}", command.name);
            });
        }
    });
    let statuses: Vec<_> = emulator.finish().iter().map(|request| request["status"].clone()).collect();
    assert_eq!(statuses, vec![Value::Null; 5]);
}

#[test]
fn each_fault_has_a_test_here() {
    let tests = [include_str!("faults.rs"), include_str!("faulty_answers.rs")].concat();
    let listed = run(vsfb().args(["emulator", "--list-faults"])).stdout;
    let names: Vec<_> = listed.lines().filter_map(|line| line.split_once("[=")).map(|(name, _)| name.trim()).collect();
    assert!(names.len() > 30, "{names:?}");
    for name in names {
        let is_tested = [format!("\"{name}\""), format!("\"{name}=")].iter().any(|text| tests.contains(text));
        assert!(is_tested, "the fault `{name}` has no test");
    }
}
