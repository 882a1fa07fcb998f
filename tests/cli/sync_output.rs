//! What `vsfb sync` prints: a record a file in each format, plans, and how it ends where something failed.

use super::support::command::Outcome;
use super::support::message::Answer;
use super::support::synced::Synced;
use super::support::terminal::Terminal;
use super::sync::{done, touched};

const WHY: &str = "invalid_file: The file is empty or cannot be parsed.";

/// One file completes and one fails.
fn mixed() -> Synced {
    Synced::of(&["a.md", "fail-invalid.md"])
}

fn told() -> String {
    format!(
        "note: files: 2 new; 19 B to upload\nerror: 1 file is not as it should be:\n  fail-invalid.md: failed: {WHY}\n"
    )
}

#[test]
fn each_format_has_a_record_a_file() {
    let pretty = |path: &str, status: &str, error: &str| {
        format!(
            "{{\n  \"path\": \"{path}\",\n  \"file_id\": \"<{path}>\",\n  \"batch_id\": \"<batch 1>\",\n  \
             \"action\": \"new\",\n  \"status\": \"{status}\",\n  \"error\": {error}\n}}\n"
        )
    };
    let json = pretty("a.md", "completed", "null") + &pretty("fail-invalid.md", "failed", &format!("\"{WHY}\""));
    let jsonl = done("a.md", "a.md", 1, "new")
        + &done("fail-invalid.md", "fail-invalid.md", 1, "new")
            .replace("completed\",\"error\":null", &format!("failed\",\"error\":\"{WHY}\""));
    let yaml = format!(
        "path: a.md\nfile_id: <a.md>\nbatch_id: <batch 1>\naction: new\nstatus: completed\nerror: null\n---\n\
         path: fail-invalid.md\nfile_id: <fail-invalid.md>\nbatch_id: <batch 1>\naction: new\nstatus: failed\n\
         error: \"{WHY}\"\n"
    );
    let csv = format!(
        "path,file_id,batch_id,action,status,error\na.md,<a.md>,<batch 1>,new,completed,\n\
         fail-invalid.md,<fail-invalid.md>,<batch 1>,new,failed,{WHY}\n"
    );
    for (format, stdout) in
        [("auto", &json), ("json", &json), ("jsonl", &jsonl), ("raw", &jsonl), ("yaml", &yaml), ("csv", &csv)]
    {
        let outcome = mixed().sync(&["--format", format]);
        assert_eq!(outcome, Outcome { code: 3, stdout: stdout.clone(), stderr: told() }, "{format}");
    }
}

#[test]
fn a_table_has_the_reasons_below_the_rows() {
    let synced = mixed();
    let outcome = synced.sync(&["--format", "table", "-q"]);
    let rows: Vec<_> =
        outcome.stdout.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    let reason = format!("reason: {WHY}");
    let failed = "new failed fail-invalid.md <fail-invalid.md>";
    let expected = ["action status path file", "new completed a.md <a.md>", failed, &reason];
    assert_eq!((outcome.code, rows), (3, expected.map(str::to_owned).to_vec()));
}

#[test]
fn a_transform_selects_of_each_record() {
    assert_eq!(mixed().sync(&["-q", "--transform", "status", "-r"]).stdout, "completed\nfailed\n");
    let stdout = "[\"a.md\",\"new\"]\n[\"fail-invalid.md\",\"new\"]\n";
    assert_eq!(mixed().sync(&["-q", "--transform", "[path,action]", "-o", "jsonl"]).stdout, stdout);
}

#[test]
fn nothing_is_printed_of_what_was_not_touched() {
    let synced = Synced::of(&["a.md"]);
    assert_eq!(synced.sync(&[]).code, 0);
    for (format, stdout) in
        [("json", ""), ("table", ""), ("yaml", ""), ("csv", "path,file_id,batch_id,action,status,error\n")]
    {
        synced.syncs(&["--format", format], "1 unchanged", stdout);
    }
    let mut vsfb = synced.spawnable(&[]);
    let outcome = synced.run(|| Terminal::around(80, 24).run(vsfb.env("NO_COLOR", "1")));
    let stderr = "note: files: 1 unchanged\nnote: nothing had to be done\n".to_owned();
    assert_eq!(outcome, Outcome { stderr, ..Outcome::success("") });
}

#[test]
fn a_file_that_failed_for_good_is_reported_and_not_repeated() {
    let synced = mixed();
    assert_eq!(synced.sync(&["-q"]).code, 3);
    let outcome = synced.sync(&["-o", "jsonl"]);
    let stdout = touched("fail-invalid.md", "<fail-invalid.md>", ["failed"; 2], Some(WHY));
    let stderr = format!(
        "note: files: 1 failed before, 1 unchanged\nerror: 1 file is not as it should be:\n  \
         fail-invalid.md: failed: {WHY}\n"
    );
    assert_eq!(outcome, Outcome { code: 3, stdout, stderr });
    assert_eq!(synced.did(), [""; 0]);
}

#[test]
fn a_file_that_can_succeed_is_attached_again_without_an_upload() {
    let synced = Synced::of(&["fail-server.md"]);
    assert_eq!(synced.sync(&["-q"]).code, 3);
    let outcome = synced.sync(&["-q", "--transform", "[action,status,batch_id]", "-o", "jsonl"]);
    assert_eq!((outcome.code, outcome.stdout.as_str()), (3, "[\"again\",\"failed\",\"<batch 2>\"]\n"));
    assert_eq!(synced.did(), ["POST /v1/vector_stores/vs_1/file_batches fail-server.md"]);
    assert_eq!(synced.uploads(), ["fail-server.md"]);
}

#[test]
fn a_dry_run_tells_what_would_be_done_from_lists_alone() {
    let synced = Synced::of(&["a.md", "b.md", "c.md", "fail-invalid.md", "fail-server.md"]);
    assert_eq!(synced.sync(&["-q"]).code, 3);
    synced.write("b.md", "other");
    synced.write("copy.md", "a.md");
    synced.write("d.md", "new");
    synced.write("e.md", "");
    synced.remove("c.md");
    std::fs::write(synced.place().join("by-path.csv"), "path,team\na.md,red\n").unwrap();
    let arguments = ["--dry-run", "--skip-invalid", "--attributes-from", "by-path.csv", "--batch-size", "2"];
    let stderr = "warning: left out, 1 file:\n  docs/e.md: is empty\n";
    let outcome = synced.sync(&[&arguments[..], &["-o", "table"]].concat());
    let stdout = "\
action      path
attributes  a.md
changed     b.md
duplicate   copy.md
    reason:  has the content of a.md
new         d.md
failed      fail-invalid.md
    reason:  invalid_file: The file is empty or cannot be parsed.
again       fail-server.md
prune       b.md
prune       c.md
invalid     e.md
    reason:  is empty

new            1
changed        1
attributes     1
again          1
failed before  1
duplicate      1
to prune       2
invalid        1
to upload      8 B
batches        2
time           less than 1 min
";
    assert_eq!(outcome, Outcome { code: 0, stdout: stdout.to_owned(), stderr: stderr.to_owned() });
    let outcome = synced.sync(&[&arguments[..], &["-o", "raw", "--transform", "@this|@ugly"]].concat());
    let counts = "{\"vector_store_id\":\"vs_1\",\"source\":\"docs\",\"files\":6,\"new\":1,\"changed\":1,\"unchanged\":0,\
                  \"attributes_only\":1,\"again\":1,\"failed\":1,\"duplicate\":1,\"prune\":2,\"kept\":0,\"invalid\":1,\"bytes\":8,\
                  \"batches\":2,\"minutes\":0,\"actions\":[{\"path\":\"a.md\",\"action\":\"attributes\",";
    assert!(outcome.stdout.starts_with(counts), "{}", outcome.stdout);
    let outcome = synced.sync(&["--dry-run"]);
    let stderr = "error: 1 file cannot be sent:\n  docs/e.md: is empty\n\
                  hint: nothing was sent; --skip-invalid goes on without them\n";
    assert_eq!((outcome.code, outcome.stderr.as_str()), (2, stderr), "the plan is shown all the same");
    assert!(outcome.stdout.starts_with("{\n  \"vector_store_id\": \"vs_1\",\n"), "{}", outcome.stdout);
    assert!(synced.requests().iter().all(|request| request["method"] == "GET"));
}

#[test]
fn a_plan_tells_the_minutes_at_the_limits() {
    let synced = Synced::of(&[]);
    (0..1_001).for_each(|number| synced.write(&format!("{number}.md"), number.to_string()));
    let minutes = |flags: &[&str]| {
        let outcome =
            synced.sync(&[flags, &["--dry-run", "--transform", "[new,batches,minutes]", "-o", "jsonl"]].concat());
        (outcome.code, outcome.stdout)
    };
    // A thousand are uploaded at once, and one after a minute.
    assert_eq!(minutes(&[]), (0, "[1001,6,1]\n".to_owned()));
    assert_eq!(minutes(&["--rate", "500", "--batch-size", "500"]), (0, "[1001,3,2]\n".to_owned()));
}

#[test]
fn a_terminal_has_a_bar_that_leaves_nothing_behind() {
    let synced = Synced::of(&["a.md", "b.md"]);
    let server = synced.before(|_, answer| answer);
    let mut vsfb = synced.spawnable_at(&server, &["-o", "jsonl"]);
    let outcome = synced.run(|| Terminal::sized(120, 24).stderr().run(vsfb.env("TERM", "xterm")));
    assert_eq!((outcome.code, outcome.stdout), (0, ["a.md", "b.md"].map(|name| done(name, name, 1, "new")).concat()));
    assert!(outcome.stderr.contains("8 B/8 B") || outcome.stderr.contains("/8 B"), "{:?}", outcome.stderr);
    assert!(outcome.stderr.contains("of 2 files ["), "{:?}", outcome.stderr);
    assert!(outcome.stderr.ends_with("\u{1b}[2K"), "{:?}", outcome.stderr);
}

#[test]
fn what_the_service_refuses_ends_it_with_the_reason() {
    let ids = "hint: check the ids, and that key, project and base URL are those of the vector store; what was just \
               created may take some seconds to appear\n";
    let key = "hint: check the API key: OPENAI_API_KEY or --api-key\n";
    for (status, code, reason, hint) in [(401, 4, "Unauthorized", key), (404, 1, "Not Found", ids)] {
        let synced = Synced::of(&["a.md"]);
        let server = synced.before(move |_, _| Answer::json(status, r#"{"error":{"message":"no"}}"#));
        let outcome = synced.sync_at(&server, &["-o", "jsonl"]);
        let url = format!("{}/vector_stores/vs_1/files?limit=100", server.base_url());
        let stderr = format!(
            "GET {url}: {status} {reason}\n{{\n  \"message\": \"no\"\n}}\nerror: failed to list the files of `vs_1`\n{hint}"
        );
        assert_eq!(outcome, Outcome::failure(code, stderr));
        assert_eq!(server.requests().len(), 1);
    }
}

#[test]
fn one_refused_upload_does_not_sink_the_others() {
    let synced = Synced::of(&["a.md", "b.md", "c.md"]);
    let server = synced.refusing(|request| request.target == "/v1/files" && request.text().contains("\"b.md\""));
    let outcome = synced.sync_at(&server, &["-o", "jsonl"]);
    let why = format!("POST {}/files: 400 Bad Request: no", server.base_url());
    let stdout = done("a.md", "a.md", 1, "new")
        + &touched("b.md", "", ["new", "not_uploaded"], Some(&why))
        + &done("c.md", "c.md", 1, "new");
    let stderr = format!(
        "note: files: 3 new; 12 B to upload\nerror: 1 file is not as it should be:\n  b.md: not uploaded: {why}\n\
         hint: the same command tries again what can succeed\n"
    );
    assert_eq!(outcome, Outcome { code: 3, stdout, stderr });
}
