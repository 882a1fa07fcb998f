//! The journal: what `create` writes into it, and what `vsfb journal` makes of that.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;
use tempfile::TempDir;

use crate::samples::error;
use crate::support::command::{KEY, Outcome, Vsfb, run, vsfb};
use crate::support::message::{Answer, Request};
use crate::support::server::Server;

/// A user's journal, and the service that the user works with.
pub struct Desk {
    folder: TempDir,
    base_url: String,
}

impl Desk {
    pub fn at(base_url: String) -> Self {
        Self { folder: TempDir::new().unwrap(), base_url }
    }

    pub fn path(&self) -> PathBuf {
        self.folder.path().join("batches.jsonl")
    }

    /// A command at this desk.
    pub fn command(&self, line: &str) -> Vsfb {
        let mut vsfb = vsfb();
        vsfb.env("OPENAI_BASE_URL", &self.base_url).env("VSFB_JOURNAL", self.path()).args(line.split(' '));
        vsfb
    }

    pub fn run(&self, line: &str) -> Outcome {
        run(&mut self.command(line))
    }

    /// The id of a batch that is created by this.
    pub fn create(&self, line: &str) -> String {
        let outcome = self.run(&format!("create {line} --transform id -r"));
        assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""));
        outcome.stdout.trim_end().to_owned()
    }

    pub fn lines(&self) -> Vec<Value> {
        let text = fs::read_to_string(self.path()).unwrap_or_default();
        text.lines().map(|line| serde_json::from_str(line).expect(line)).collect()
    }

    /// The events with their ids and states.
    pub fn events(&self) -> Vec<String> {
        let word = |line: &Value, name: &str| line[name].as_str().unwrap_or("-").to_owned();
        self.lines().iter().map(|line| ["event", "batch_id", "status"].map(|name| word(line, name)).join(" ")).collect()
    }

    /// What `vsfb journal` lists with these flags: ids and states.
    pub fn listed(&self, flags: &str) -> Vec<String> {
        let outcome = self.run(format!("journal --format csv {flags}").trim_end());
        assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""), "{flags}");
        let row = |line: &str| {
            line.split(',')
                .enumerate()
                .filter(|(index, _)| [0, 2].contains(index))
                .map(|(_, cell)| cell.to_owned())
                .collect::<Vec<_>>()
                .join(" ")
        };
        outcome.stdout.lines().skip(1).map(row).collect()
    }

    /// A line as another process would have left it.
    fn append(&self, event: &str, (id, store): (Option<&str>, &str), status: Option<&str>) {
        let line = serde_json::json!({
            "time": 1_699_061_776, "event": event, "base_url": self.base_url, "vector_store_id": store, "batch_id": id,
            "files": 3, "part": 1, "parts": 1, "first": 0, "plan": "0f", "files_from": null, "status": status,
        });
        self.append_line(&line);
    }

    /// The same for a line of any kind.
    pub fn append_line(&self, line: &Value) {
        let text = fs::read_to_string(self.path()).unwrap_or_default();
        fs::write(self.path(), format!("{text}{line}\n")).unwrap();
    }
}

fn batch(id: &str, status: &str) -> Answer {
    Answer::json(
        200,
        format!(
            r#"{{"id":"{id}","object":"vector_store.file_batch","created_at":1699061776,"vector_store_id":"vs_1","status":"{status}","file_counts":{{"total":1}}}}"#
        ),
    )
}

#[test]
fn a_create_is_recorded_before_and_after_its_request() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("batches.jsonl");
    let seen = path.clone();
    let server = Server::with(move |_: &Request| {
        let lines = fs::read_to_string(&seen).unwrap();
        assert!(lines.contains("\"event\":\"sending\"") && lines.lines().count() == 1, "{lines}");
        batch("vsfb_1", "in_progress")
    });
    let desk = Desk { folder, base_url: server.base_url() };
    desk.create("vs_1 --file-id file-a --file-id file-b --attributes name=secret");
    let lines = desk.lines();
    let plan = lines[0]["plan"].as_str().unwrap().to_owned();
    assert!(plan.len() == 64 && lines[0]["time"].as_i64() > Some(1_699_061_776), "{lines:?}");
    let expected = |event: &str, id: Value, status: Value, line: &Value| {
        serde_json::json!({
            "time": line["time"], "event": event, "base_url": server.base_url(), "vector_store_id": "vs_1", "batch_id": id,
            "files": 2, "part": 1, "parts": 1, "first": 0, "plan": plan, "files_from": null, "status": status,
        })
    };
    let created = expected("created", "vsfb_1".into(), "in_progress".into(), &lines[1]);
    assert_eq!(lines, [expected("sending", Value::Null, Value::Null, &lines[0]), created]);
    let text = fs::read_to_string(desk.path()).unwrap();
    assert!(!text.contains(KEY) && !text.contains("file-a") && !text.contains("secret"), "{text}");
}

#[test]
fn the_other_commands_and_a_dry_run_record_nothing() {
    let server = Server::with(|_: &Request| batch("vsfb_1", "completed"));
    let desk = Desk::at(server.base_url());
    for line in ["retrieve vs_1 vsfb_1", "cancel vs_1 vsfb_1", "create vs_1 --file-id file-a --dry-run"] {
        assert_eq!(desk.run(line).code, 0, "{line}");
    }
    assert!(!desk.path().exists());
}

#[test]
fn what_became_of_a_create_is_told_apart() {
    let refused = || Answer::json(400, error("no", "invalid_request_error"));
    let ids = || batch("vsfb_1", "in_progress");
    let store = || Answer::json(200, r#"{"id":"vs_1","object":"vector_store","status":"completed"}"#);
    let cases: [(Vec<Answer>, &[&str], &[&str]); 6] = [
        (vec![refused()], &["refused - -"], &[]),
        (vec![Answer::hang_up()], &["lost - -"], &[" lost"]),
        (vec![Answer::json(200, "<html>")], &["lost - -"], &[" lost"]),
        (vec![Answer::hang_up(), ids()], &["lost - -", "created vsfb_1 in_progress"], &["vsfb_1 in_progress", " lost"]),
        (vec![Answer::hang_up(), refused()], &["lost - -"], &[" lost"]),
        (vec![store()], &["created - -"], &[" created"]),
    ];
    for (answers, events, rows) in cases {
        let retries = answers.len() - 1;
        let server = Server::answering(answers);
        let desk = Desk::at(server.base_url());
        desk.run(&format!("create vs_1 --file-id file-a --max-retries {retries}"));
        assert_eq!(desk.events()[0], "sending - -");
        assert_eq!(desk.events()[1..], *events);
        assert_eq!(desk.listed(""), rows);
    }
}

#[cfg(unix)]
#[test]
fn it_is_the_users_own_and_in_the_folder_for_states() {
    use std::os::unix::fs::PermissionsExt as _;
    let server = Server::with(|_: &Request| batch("vsfb_1", "in_progress"));
    let folder = TempDir::new().unwrap();
    let mut create = vsfb();
    create.env("OPENAI_BASE_URL", server.base_url()).args(["create", "vs_1", "--file-id", "a"]);
    create.env("HOME", folder.path()).env_remove("XDG_STATE_HOME");
    assert_eq!(run(&mut create).code, 0);
    let path = folder.path().join(if cfg!(target_os = "macos") {
        "Library/Application Support/vsfb/batches.jsonl"
    } else {
        ".local/state/vsfb/batches.jsonl"
    });
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(fs::metadata(path.parent().unwrap()).unwrap().permissions().mode() & 0o777, 0o700);
    let elsewhere = TempDir::new().unwrap();
    create.env("XDG_STATE_HOME", elsewhere.path());
    assert_eq!(run(&mut create).code, 0);
    assert_eq!(elsewhere.path().join("vsfb/batches.jsonl").exists(), cfg!(not(target_os = "macos")));
}

#[test]
fn a_journal_that_cannot_be_is_missed_only_by_those_who_asked_for_it() {
    let server = Server::with(|_: &Request| batch("vsfb_1", "in_progress"));
    let file = tempfile::NamedTempFile::new().unwrap();
    let nowhere = file.path().join("batches.jsonl");
    let with = |variable: (&str, &std::path::Path), line: &str| {
        let mut vsfb = vsfb();
        vsfb.env("OPENAI_BASE_URL", server.base_url()).env(variable.0, variable.1).args(line.split(' '));
        let outcome = run(&mut vsfb);
        (outcome.code, outcome.stderr)
    };
    let create = "create vs_1 --file-id a";
    for name in ["HOME", "XDG_STATE_HOME", "XDG_DATA_HOME"] {
        assert_eq!(with((name, file.path()), create), (0, String::new()));
    }
    let complaint = format!("failed to write to the journal `{}`: not a directory\n", nowhere.display());
    assert_eq!(with(("VSFB_JOURNAL", &nowhere), create), (0, format!("warning: {complaint}")));
    assert_eq!(with(("VSFB_JOURNAL", &nowhere), &format!("{create} --quiet")), (0, String::new()));
    let (code, stderr) = with(("VSFB_JOURNAL", &nowhere), "journal");
    assert_eq!((code, stderr.replace("read", "write to")), (1, format!("error: {complaint}")));
    assert_eq!(with(("VSFB_JOURNAL", "OFF".as_ref()), create), (0, String::new()));
    let off = "error: there is no journal: VSFB_JOURNAL is off\n".to_owned();
    assert_eq!(with(("VSFB_JOURNAL", "off".as_ref()), "journal"), (2, off));
}

#[test]
fn the_list_is_in_every_format() {
    let desk = Desk::at("http://127.0.0.1:9/v1".to_owned());
    desk.append("created", (Some("vsfb_1"), "vs_1"), Some("completed"));
    desk.append("lost", (None, "vs_2"), None);
    let first = r#"{"id":"vsfb_1","object":"vector_store.file_batch","vector_store_id":"vs_1","status":"completed","created_at":1699061776,"files":3,"part":1,"parts":1,"plan":"0f","files_from":null}"#;
    let lost = first.replace("\"vsfb_1\"", "null").replace("vs_1", "vs_2").replace("completed", "lost");
    for format in ["jsonl", "raw"] {
        assert_eq!(desk.run(&format!("journal --format {format}")), Outcome::success(format!("{lost}\n{first}\n")));
    }
    assert_eq!(desk.run("journal --transform status -r"), Outcome::success("lost\ncompleted\n"));
    assert!(desk.run("journal").stdout.starts_with("{\n  \"id\": null,\n"));
    assert!(desk.run("journal --format yaml").stdout.contains("\n---\nid: vsfb_1\n"));
    let csv = "id,vector_store_id,status,created_at,files,part,parts,plan,files_from\n,vs_2,lost,1699061776,3,1,1,0f,\nvsfb_1,vs_1,completed,1699061776,3,1,1,0f,\n";
    assert_eq!(desk.run("journal --format csv"), Outcome::success(csv));
    let table = "\
id      store  status     created              files
-       vs_2   lost       2023-11-04 01:36:16      3
vsfb_1  vs_1   completed  2023-11-04 01:36:16      3
";
    assert_eq!(desk.run("journal --format table"), Outcome::success(table));
}

#[test]
fn only_what_is_wanted_is_listed_and_only_of_this_service() {
    let desk = Desk::at("http://127.0.0.1:9/v1".to_owned());
    assert_eq!(desk.listed(""), [""; 0]);
    desk.append("created", (Some("vsfb_1"), "vs_1"), Some("completed"));
    desk.append("created", (Some("vsfb_2"), "vs_2"), Some("in_progress"));
    desk.append("lost", (None, "vs_1"), None);
    desk.append("created", (Some("vsfb_3"), "vs_1"), Some("failed"));
    let cases: [(&str, &[&str]); 8] = [
        ("", &["vsfb_3 failed", " lost", "vsfb_2 in_progress", "vsfb_1 completed"]),
        ("--vector-store-id vs_1", &["vsfb_3 failed", " lost", "vsfb_1 completed"]),
        ("--filter lost", &[" lost"]),
        ("--filter in_progress", &["vsfb_2 in_progress"]),
        ("--max-items 1", &["vsfb_3 failed"]),
        ("--max-items 1 --filter completed", &["vsfb_1 completed"]),
        ("--max-items 0", &[]),
        ("--base-url http://127.0.0.1:9/v2", &[]),
    ];
    for (flags, rows) in cases {
        assert_eq!(desk.listed(flags), rows, "{flags}");
    }
    let outcome = desk.run("journal --filter nope");
    let states = "in_progress, completed, failed, cancelled, sending, lost, found, created";
    assert_eq!(outcome, Outcome::failure(2, format!("error: `--filter nope`: the values are {states}\n")));
}

#[test]
fn a_refresh_asks_for_what_had_not_ended_and_remembers_what_has() {
    let answers = [batch("vsfb_3", "in_progress"), Answer::json(404, error("no", "")), batch("vsfb_1", "failed")];
    let server = Server::answering(answers);
    let desk = Desk::at(server.base_url());
    for (id, status) in
        [("vsfb_0", "completed"), ("vsfb_1", "in_progress"), ("vsfb_2", "in_progress"), ("vsfb_3", "in_progress")]
    {
        desk.append("created", (Some(id), "vs_1"), Some(status));
    }
    desk.append("lost", (None, "vs_1"), None);
    let outcome = desk.run("journal --refresh --transform [id,status]|@ugly");
    let gone = "warning: the service does not know the file batch `vsfb_2` of `vs_1`\n";
    let rows = "[null,\"lost\"]\n[\"vsfb_3\",\"in_progress\"]\n[\"vsfb_2\",\"in_progress\"]\n[\"vsfb_1\",\"failed\"]\n[\"vsfb_0\",\"completed\"]\n";
    let compact = outcome.stdout.replace("\n  ", "").replace("\n]", "]").replace(", ", ",");
    assert_eq!((outcome.code, outcome.stderr.as_str(), compact.as_str()), (0, gone, rows));
    assert_eq!(desk.events().last().unwrap(), "ended vsfb_1 failed");
    assert_eq!(desk.listed("--filter failed"), ["vsfb_1 failed"]);
}

#[test]
fn a_refresh_without_an_answer_fails() {
    let server = Server::answering([Answer::hang_up()]);
    let desk = Desk::at(server.base_url());
    desk.append("created", (Some("vsfb_1"), "vs_1"), Some("in_progress"));
    let outcome = desk.run("journal --refresh --max-retries 0");
    assert_eq!((outcome.code, outcome.stdout.as_str()), (1, ""));
    assert!(
        outcome.stderr.starts_with("error: failed to retrieve the file batch `vsfb_1` of `vs_1`: "),
        "{}",
        outcome.stderr
    );
}

#[cfg(unix)]
#[test]
fn many_processes_write_whole_lines() {
    use crate::support::command::HasBaseUrl as _;
    use crate::support::emulator::Emulator;
    let emulator = Emulator::start(&[]);
    let desk = Desk::at(emulator.base_url());
    std::thread::scope(|scope| {
        for process in 0..8 {
            let desk = &desk;
            scope.spawn(move || {
                for create in 0..50 {
                    desk.create(&format!("vs_{process} --file-id file-{create}"));
                }
            });
        }
    });
    let events: Vec<_> = desk.lines().iter().map(|line| line["event"].as_str().unwrap().to_owned()).collect();
    assert_eq!((events.len(), events.iter().filter(|event| *event == "created").count()), (800, 400));
    assert_eq!(desk.listed("").len(), 400);
    assert_eq!(desk.listed("--vector-store-id vs_7").len(), 50);
}

#[cfg(unix)]
#[test]
fn a_command_of_the_emulator_has_a_journal_of_its_own() {
    let mut command = vsfb();
    let script = "vsfb create vs_1 --file-id file-a >/dev/null; vsfb journal --transform files; echo $VSFB_JOURNAL";
    command.env("PATH", std::env::var_os("PATH").unwrap()).args(["emulator", "--", "sh", "-c", script]);
    let state = command.home().join("state");
    let outcome = run(&mut command);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""));
    let path = outcome.stdout.strip_prefix("1\n").unwrap().trim_end();
    assert!(path.ends_with("batches.jsonl") && !fs::exists(path).unwrap() && !state.exists(), "{path}");
}
