//! What a wait tells the journal, and what the journal tells a wait: ends, and the lines of failed files.

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use serde_json::{Value, json};

use crate::journal::Desk;
use crate::support::command::{HasBaseUrl as _, Outcome, run};
use crate::support::emulator::Emulator;

#[test]
fn a_wait_records_the_ends_that_the_journal_does_not_know() {
    let emulator = Emulator::start(&["--file-time", "20ms"]);
    let desk = Desk::at(emulator.base_url());
    let ids = ["file-a", "file-fail-invalid", "file-slow-1"].map(|file| desk.create(&format!("vs_1 --file-id {file}")));
    let [good, bad, slow] = &ids;
    let before = desk.events().len();
    assert_eq!(desk.run(&format!("wait {good} {bad} -q --poll-interval 5ms")).code, 3);
    // Not twice, and nothing of one that is not known here.
    assert_eq!(desk.run(&format!("wait {good} {bad} -q")).code, 3);
    let unknown = run(desk.command("create vs_1 --file-id file-b --transform id -r").env("VSFB_JOURNAL", "off"));
    assert_eq!(desk.run(&format!("wait vs_1 {} -q --poll-interval 5ms", unknown.stdout.trim_end())).code, 0);
    assert_eq!(desk.events()[before..], [format!("ended {good} completed"), format!("ended {bad} completed")]);
    assert_eq!(desk.run(&format!("wait {slow} -q --poll-interval 5ms")).code, 0);
    let [good, bad, slow] = ids.map(|id| format!("{id} completed"));
    assert_eq!(desk.listed(""), [slow, bad, good]);
}

#[test]
fn create_and_cancel_record_the_end_that_they_wait_for() {
    let emulator = Emulator::start(&["--file-time", "20ms"]);
    let desk = Desk::at(emulator.base_url());
    assert_eq!(desk.run("create vs_1 --file-id file-a --wait -q --poll-interval 5ms").code, 0);
    let endless = Emulator::start(&["--file-time", "1h"]);
    let other = Desk::at(endless.base_url());
    other.create("vs_1 --file-id file-a");
    assert_eq!(other.run("cancel --last --wait -q --poll-interval 5ms").code, 0);
    for (desk, end) in [(desk, "completed"), (other, "cancelled")] {
        let lines = desk.lines();
        let states: Vec<_> = lines.iter().map(|line| [&line["event"], &line["status"]].map(Value::clone)).collect();
        let expected = [("sending", Value::Null), ("created", json!("in_progress")), ("ended", json!(end))];
        assert_eq!(states, expected.map(|(event, status)| [json!(event), status]));
    }
}

#[test]
fn a_journal_that_cannot_be_used_fails_no_wait() {
    let emulator = Emulator::start(&["--file-time", "0"]);
    let desk = Desk::at(emulator.base_url());
    let id = desk.create("vs_1 --file-id file-a");
    let folder = desk.path().parent().unwrap().to_owned();
    let line = format!("wait vs_1 {id} --transform status -r");
    let asked = run(desk.command(&line).env("VSFB_JOURNAL", &folder));
    let stderr = format!("warning: failed to read the journal `{}`: it is no regular file\n", folder.display());
    assert_eq!(asked, Outcome { code: 0, stdout: "completed\n".to_owned(), stderr });
    let mut silent = desk.command(&line);
    silent.env_remove("VSFB_JOURNAL").env("HOME", desk.path()).env("XDG_STATE_HOME", desk.path());
    assert_eq!(run(&mut silent), Outcome::success("completed\n"));
}

/// A desk with a manifest of this name, and a batch that the journal says was created from it.
struct Origin {
    emulator: Emulator,
    desk: Desk,
    manifest: PathBuf,
    id: String,
}

impl Origin {
    fn new(name: &str, text: &str) -> Self {
        let emulator = Emulator::start(&["--file-time", "0"]);
        let desk = Desk::at(emulator.base_url());
        let manifest = desk.path().with_file_name(name);
        fs::write(&manifest, text).unwrap();
        let id = emulator.make_batch(&["file-a", "file-fail-server", "file-fail-invalid"]);
        let origin = Self { emulator, desk, manifest, id };
        origin.record(&json!(origin.manifest));
        origin
    }

    /// What the journal says of where the files come from.
    fn record(&self, files_from: &Value) {
        let time = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
        let line = json!({
            "time": time, "event": "created", "base_url": self.emulator.base_url(), "vector_store_id": "vs_1",
            "batch_id": self.id, "files": 3, "part": 1, "parts": 1, "first": 0, "plan": "0f", "files_from": files_from,
            "status": "in_progress",
        });
        fs::remove_file(self.desk.path()).unwrap_or_default();
        self.desk.append_line(&line);
    }

    /// The table of failed files: their codes and ids, and their lines where there is a column of them.
    fn table(&self) -> Vec<String> {
        let outcome = self.desk.run(&format!("wait {} --transform status -r", self.id));
        assert_eq!((outcome.code, outcome.stdout.as_str()), (3, "completed\n"), "{}", outcome.stderr);
        let (table, rest) = outcome.stderr.split_once("hint: `vsfb retry").expect("how to go on");
        assert!(rest.ends_with("is completed: 1 of 3 files completed, 2 failed\n"), "{rest}");
        let columns = if table.contains("  line  ") { 3 } else { 2 };
        let row = |line: &str| line.split_whitespace().take(columns).collect::<Vec<_>>().join(" ");
        table.lines().map(row).collect()
    }
}

const WITHOUT_LINES: [&str; 3] = ["error id", "invalid_file file-fail-invalid", "server_error file-fail-server"];

#[test]
fn failed_files_are_shown_with_their_lines_in_the_manifest() {
    let csv = "file_id,team\nfile-a,red\nfile-fail-server,blue\n\nfile-fail-invalid,\nfile-fail-server,green\n";
    let json = "[\"file-a\",\n{\"file_id\": \"file-fail-server\"},\nnonsense,\n\n\"file-fail-invalid\"]";
    for (name, text) in [("files.csv", csv), ("files", csv), ("files.JSON", &json.replace("nonsense", "7"))] {
        let origin = Origin::new(name, text);
        assert_eq!(
            origin.table(),
            ["error id line", "invalid_file file-fail-invalid 5", "server_error file-fail-server 3"]
                .map(|row| if name == "files.JSON" { row.replace(" 3", " 2") } else { row.to_owned() })
        );
    }
    let origin = Origin::new("ids.txt", "# which\nfile-fail-server\n");
    assert_eq!(origin.table()[1..], ["invalid_file file-fail-invalid -", "server_error file-fail-server 2"]);
}

#[test]
fn a_manifest_that_is_gone_or_another_one_tells_no_lines() {
    let text = "file-a\nfile-fail-server\nfile-fail-invalid\n";
    let origin = Origin::new("ids.txt", text);
    assert_eq!(origin.table()[0], "error id line");
    let later = SystemTime::now() + Duration::from_secs(60);
    fs::File::options().write(true).open(&origin.manifest).unwrap().set_modified(later).unwrap();
    assert_eq!(origin.table(), WITHOUT_LINES);
    fs::remove_file(&origin.manifest).unwrap();
    assert_eq!(origin.table(), WITHOUT_LINES);
    // A pipe would keep the wait waiting, and what is on its own stdin is not meant.
    rustix::fs::mkfifoat(rustix::fs::CWD, &origin.manifest, rustix::fs::Mode::RWXU).unwrap();
    assert_eq!(origin.table(), WITHOUT_LINES);
    for files_from in [json!("-"), json!("ids.txt"), json!("/"), Value::Null] {
        origin.record(&files_from);
        assert_eq!(origin.table(), WITHOUT_LINES, "{files_from}");
    }
}
