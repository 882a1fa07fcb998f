//! How `vsfb sync` waits, and what ends it before its time: the clock, a failure, signals, and another sync.

use super::support::command::{Outcome, run};
use super::support::message::{Answer, Gate, Request};
use super::support::running::start;
use super::support::server::Server;
use super::support::synced::Synced;
use super::sync::{done, touched};

const JSONL: [&str; 2] = ["-o", "jsonl"];
/// As long as a test may take: files that never end.
const NEVER: [&str; 2] = ["--file-time", "1h"];

fn open(path: &str, action: &str) -> String {
    done(path, path, 1, action).replace("completed", "in_progress")
}

/// Keeps the answer to the upload of a file with this content back until the gate opens, when the file is there already.
pub fn holding(synced: &Synced, content: &'static str, gate: &Gate) -> Server {
    let gate = gate.clone();
    synced.before(move |request, answer| if is_upload_of(request, content) { answer.held_by(&gate) } else { answer })
}

fn is_upload_of(request: &Request, content: &str) -> bool {
    request.target == "/v1/files" && request.text().contains(&format!("\r\n\r\n{content}\r\n"))
}

#[test]
fn a_timeout_leaves_the_files_to_the_service() {
    let synced = Synced::at(&NEVER, &["a.md", "b.md"]);
    let where_it_stands =
        "the file batch `<batch 1>` of `vs_1` is in_progress: 0 of 2 files completed, 2 in progress\n";
    let hint = "hint: `vsfb wait vs_1 <batch 1>` to wait on\n";
    let outcome = synced.sync(&["--timeout", "0", "-o", "jsonl"]);
    let stderr = format!("note: files: 2 new; 8 B to upload\nerror: {where_it_stands}{hint}");
    let stdout = open("a.md", "new") + &open("b.md", "new");
    assert_eq!(outcome, Outcome { code: 8, stdout, stderr });
    for (flag, why) in [("--timeout", "after 500ms, "), ("--stall-timeout", "no count has moved for 500ms: ")] {
        let synced = Synced::at(&NEVER, &["a.md", "b.md"]);
        let outcome = synced.sync(&[flag, "500ms", "--poll-interval", "5ms", "-q", "-o", "jsonl"]);
        let stdout = open("a.md", "new") + &open("b.md", "new");
        assert_eq!(
            outcome,
            Outcome { code: 8, stdout, stderr: format!("error: {why}{where_it_stands}{hint}") },
            "{flag}"
        );
    }
}

#[test]
fn what_an_earlier_run_left_in_progress_is_waited_for() {
    let synced = Synced::at(&["--file-time", "1s"], &["a.md", "b.md", "fail-invalid.md"]);
    assert_eq!(synced.sync(&["--timeout", "0", "-q"]).code, 8);
    let outcome = synced.sync(&["--poll-interval", "10ms", "-o", "jsonl"]);
    let why = "invalid_file: The file is empty or cannot be parsed.";
    let stdout =
        ["a.md", "b.md"].map(|name| touched(name, &format!("<{name}>"), ["unchanged", "completed"], None)).concat()
            + &touched("fail-invalid.md", "<fail-invalid.md>", ["unchanged", "failed"], Some(why));
    let stderr = format!(
        "note: files: 3 unchanged\nnote: waiting for 3 files in progress\n\
         error: 1 file is not as it should be:\n  fail-invalid.md: failed: {why}\n"
    );
    assert_eq!(outcome, Outcome { code: 3, stdout, stderr });
    assert_eq!(synced.did(), [""; 0]);
}

#[test]
fn it_gives_up_at_the_first_failure_where_that_is_wanted() {
    let synced = Synced::at(&["--file-time", "300ms"], &["fail-server.md", "slow.md"]);
    let outcome = synced.sync(&["--fail-fast", "--poll-interval", "10ms", "-q", "-o", "jsonl"]);
    let why = "server_error: An internal error occurred while the file was processed.";
    let failed = done("fail-server.md", "fail-server.md", 1, "new");
    let stdout = failed.replace("completed\",\"error\":null", &format!("failed\",\"error\":\"{why}\""))
        + &open("slow.md", "new");
    let stderr = format!(
        "error: the file batch `<batch 1>` of `vs_1` is in_progress: 0 of 2 files completed, 1 failed, 1 in progress\n\
         hint: `vsfb wait vs_1 <batch 1>` to wait on\n\
         error: 1 file is not as it should be:\n  fail-server.md: failed: {why}\n\
         hint: the same command tries again what can succeed\n"
    );
    assert_eq!(outcome, Outcome { code: 3, stdout, stderr });
}

#[test]
fn an_interrupt_while_uploading_lets_the_next_run_go_on() {
    for (terminate, code) in [(false, 130), (true, 143)] {
        let synced = Synced::of(&["a.md", "b.md", "c.md"]);
        let gate = Gate::new();
        let server = holding(&synced, "b.md", &gate);
        let mut vsfb = synced.spawnable_at(&server, &JSONL);
        let outcome = synced.run(|| {
            let running = start(&mut vsfb);
            // Lists of the store and of uploads, and two of these.
            server.await_requests(4);
            if terminate {
                running.terminate();
            } else {
                running.interrupt();
            }
            running.await_said("once more stops at once\n");
            gate.open();
            running.finish()
        });
        let stdout =
            ["a.md", "b.md"].map(|name| touched(name, &format!("<{name}>"), ["new", "not_attached"], None)).concat();
        let stderr = "note: files: 3 new; 12 B to upload\n\
                      note: stopping after the requests that are under way; once more stops at once\n\
                      error: 2 files uploaded and not attached yet:\n  <a.md>\n  <b.md>\n\
                      hint: the same command attaches them\n";
        assert_eq!((outcome.code, outcome.stdout), (code, stdout));
        assert_eq!(outcome.stderr, stderr);
        assert_eq!(synced.did(), ["POST /v1/files a.md", "POST /v1/files b.md"]);

        synced.let_time_pass();
        let outcome = synced.sync_at(&server, &JSONL);
        let stdout = ["a.md", "b.md", "c.md"].map(|name| done(name, name, 1, "new")).concat();
        let stderr = "note: files: 3 new; 12 B to upload\nnote: 2 files uploaded before, taken over\n";
        assert_eq!(outcome, Outcome { code: 0, stdout, stderr: stderr.to_owned() });
        assert_eq!(synced.did()[0], "POST /v1/files c.md");
        assert_eq!(synced.uploads(), ["a.md", "b.md", "c.md"]);
    }
}

#[test]
fn a_second_signal_ends_it_at_once() {
    let synced = Synced::of(&["a.md"]);
    let server = synced.before(|request, answer| if request.method == "POST" { Answer::silence() } else { answer });
    let mut vsfb = synced.spawnable_at(&server, &[]);
    let running = start(&mut vsfb);
    server.await_requests(3);
    running.terminate();
    running.await_said("once more stops at once\n");
    running.interrupt();
    let stderr = "note: files: 1 new; 4 B to upload\n\
                  note: stopping after the requests that are under way; once more stops at once\n";
    assert_eq!(running.finish(), Outcome::failure(130, stderr));
}

#[test]
fn an_interrupt_while_waiting_leaves_the_rest_to_the_service() {
    for (terminate, code) in [(false, 130), (true, 143)] {
        let synced = Synced::at(&NEVER, &["a.md"]);
        let server = synced.before(|_, answer| answer);
        let mut vsfb = synced.spawnable_at(&server, &["--poll-interval", "1ms", "-q", "-o", "jsonl"]);
        let outcome = synced.run(|| {
            let running = start(&mut vsfb);
            // Two lists, an upload, a batch, and a look at it.
            server.await_requests(6);
            if terminate {
                running.terminate();
            } else {
                running.interrupt();
            }
            running.finish()
        });
        let stderr = "hint: `vsfb wait vs_1 <batch 1>` to wait on; the service goes on\n".to_owned();
        assert_eq!(outcome, Outcome { code, stdout: open("a.md", "new"), stderr });
        assert_eq!(synced.did(), ["POST /v1/files a.md", "POST /v1/vector_stores/vs_1/file_batches a.md"]);
        synced.let_time_pass();
        let outcome = synced.run(|| {
            let mut command = synced.command(&["--timeout", "0", "-o", "jsonl", "-q"]);
            run(command.env("OPENAI_BASE_URL", server.base_url()))
        });
        let stdout = touched("a.md", "<a.md>", ["unchanged", "in_progress"], None);
        assert_eq!((outcome.code, outcome.stdout, synced.did()), (8, stdout, Vec::new()));
    }
}

#[test]
fn two_syncs_of_one_source_do_not_run_at_once() {
    let synced = Synced::of(&["a.md"]);
    let gate = Gate::new();
    let server = holding(&synced, "a.md", &gate);
    let mut vsfb = synced.spawnable_at(&server, &["-q"]);
    let running = start(&mut vsfb);
    server.await_requests(3);
    let mut second = synced.command(&JSONL);
    second.env("OPENAI_BASE_URL", server.base_url());
    let before = server.requests().len();
    let outcome = run(&mut second);
    let stderr = "error: another process syncs `docs` with `vs_1` at this moment\n\
                  hint: nothing was sent; wait for its end, or give this one another --source\n";
    assert_eq!(outcome, Outcome::failure(2, stderr));
    assert_eq!(server.requests().len(), before);
    synced.let_time_pass();
    let plan = synced
        .run(|| run(synced.command(&["--dry-run", "--transform", "new"]).env("OPENAI_BASE_URL", server.base_url())));
    assert_eq!(plan, Outcome::success("1\n"), "a plan changes nothing");
    gate.open();
    assert_eq!(running.finish().code, 0);
    assert_eq!(synced.run(|| run(&mut second)).stderr, "note: files: 1 unchanged\n");
}

#[test]
fn a_timeout_is_said_also_where_no_batch_is_known() {
    let synced = Synced::at(&NEVER, &["a.md", "b.md"]);
    assert_eq!(synced.sync(&["--timeout", "0", "-q"]).code, 8);
    let stdout =
        ["a.md", "b.md"].map(|name| touched(name, &format!("<{name}>"), ["unchanged", "in_progress"], None)).concat();
    for (timeout, said) in [("0", ""), ("20ms", "after 20ms, ")] {
        let outcome = synced.sync(&["--timeout", timeout, "--poll-interval", "5ms", "-q", "-o", "jsonl"]);
        let stderr = format!("error: {said}2 files are in progress\nhint: the same command waits on\n");
        assert_eq!(outcome, Outcome { code: 8, stdout: stdout.clone(), stderr });
    }
}

#[test]
fn an_interrupt_can_cancel_the_batch() {
    let synced = Synced::at(&NEVER, &["a.md"]);
    let server = synced.before(|_, answer| answer);
    let mut vsfb =
        synced.spawnable_at(&server, &["--poll-interval", "1ms", "--cancel-on-interrupt", "-q", "-o", "jsonl"]);
    let outcome = synced.run(|| {
        let running = start(&mut vsfb);
        server.await_requests(6);
        running.interrupt();
        running.finish()
    });
    let stdout = open("a.md", "new").replace("in_progress", "cancelled");
    assert_eq!((outcome.code, outcome.stdout), (130, stdout));
    assert_eq!(synced.did().last().unwrap(), "POST /v1/vector_stores/vs_1/file_batches/<batch 1>/cancel");
}
