//! The recipes for machines on which nobody looks on work as written: each step of theirs, against the emulator.

#![cfg(unix)]

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use crate::support::command::HasBaseUrl as _;
use crate::support::emulator::Emulator;

/// The only block of the README in this language.
fn block(language: &str) -> String {
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    let fence = format!("```{language}\n");
    let mut blocks = readme.split(&fence).skip(1).map(|rest| rest.split("```").next().unwrap());
    let block = blocks.next().unwrap().to_owned();
    assert_eq!(blocks.next(), None);
    block
}

/// A folder with documents, and `vsfb` in its `bin`.
fn home() -> TempDir {
    let home = tempfile::tempdir().unwrap();
    fs::create_dir(home.path().join("docs")).unwrap();
    fs::write(home.path().join("docs/a.md"), "one\n").unwrap();
    fs::write(home.path().join("docs/b.md"), "two\n").unwrap();
    fs::create_dir(home.path().join("bin")).unwrap();
    symlink(env!("CARGO_BIN_EXE_vsfb"), home.path().join("bin/vsfb")).unwrap();
    home
}

/// Runs a step as a job would: without a terminal, in an environment of its own. Gives its status and what it wrote to
/// stdout and stderr.
fn step(home: &Path, shell: &[&str], variables: &[(&str, String)]) -> (i32, String) {
    let mut command = Command::new(shell[0]);
    command.args(&shell[1..]).current_dir(home).env_clear().env("HOME", home);
    command.envs(variables.iter().map(|(name, value)| (name, value)));
    let output = command.output().unwrap();
    let text = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
    (output.status.code().unwrap(), text)
}

fn uploads(emulator: &Emulator) -> usize {
    let requests = emulator.requests();
    requests.iter().filter(|request| request["method"] == "POST" && request["path"] == "/v1/files").count()
}

/// The scripts of the steps of a workflow.
fn scripts(workflow: &str) -> Vec<String> {
    let steps = workflow.split("run: |\n").skip(1);
    let lines = |step: &str| {
        let lines = step.lines().take_while(|line| line.starts_with("          "));
        lines.map(str::trim_start).collect::<Vec<_>>().join("\n")
    };
    steps.map(lines).collect()
}

#[test]
fn the_workflow_syncs_once_and_finds_nothing_to_do_the_next_time() {
    let workflow = block("yaml");
    let scripts = scripts(&workflow);
    assert_eq!(scripts.len(), 2, "{workflow}");
    let (emulator, home) = (Emulator::start(&["--file-time", "0"]), home());
    let journal = workflow.split("VSFB_JOURNAL: ").nth(1).unwrap().lines().next().unwrap();
    let variables = [
        ("PATH", format!("{}:/usr/bin:/bin", home.path().join("bin").display())),
        ("CI", "true".to_owned()),
        ("OPENAI_API_KEY", "sk-test".to_owned()),
        ("OPENAI_BASE_URL", emulator.base_url()),
        ("VSFB_JOURNAL", journal.to_owned()),
        ("GITHUB_STEP_SUMMARY", "summary".to_owned()),
    ];
    let job = || {
        for script in &scripts {
            // As GitHub runs it.
            let (status, told) = step(home.path(), &["bash", "-e", "-c", script], &variables);
            assert_eq!(status, 0, "{script}\n{told}");
        }
        fs::read_to_string(home.path().join("synced.csv")).unwrap()
    };
    let first = job();
    assert_eq!(first.lines().next(), Some("path,file_id,batch_id,action,status,error"));
    assert_eq!((first.lines().count(), first.matches(",new,completed,").count(), uploads(&emulator)), (3, 2, 2));
    fs::remove_file(home.path().join("docs/b.md")).unwrap();
    let second = job();
    assert_eq!((second.lines().count(), uploads(&emulator)), (2, 2), "{second}");
    assert!(second.lines().nth(1).unwrap().starts_with("b.md,") && second.contains(",pruned,deleted,"), "{second}");
    assert_eq!(fs::read_to_string(home.path().join("summary")).unwrap(), first + &second);
    assert!(fs::read_to_string(home.path().join(journal)).unwrap().contains("sync_ended"));
}

#[test]
fn the_line_for_cron_mails_only_when_something_is_wrong() {
    let crontab = block("crontab");
    let [path, line] = crontab.lines().collect::<Vec<_>>()[..] else { panic!("{crontab}") };
    let command = line.splitn(6, ' ').nth(5).unwrap();
    // There it ends the command.
    assert!(!command.contains('%'), "{command}");
    let (emulator, home) = (Emulator::start(&["--file-time", "0"]), home());
    let secrets = format!("export OPENAI_API_KEY=sk-test OPENAI_BASE_URL={}\n", emulator.base_url());
    fs::write(home.path().join(".vsfb.env"), secrets).unwrap();
    let path = path.strip_prefix("PATH=").unwrap();
    let variables = [("PATH", format!("{}:{path}", home.path().join("bin").display()))];
    let run = || step(home.path(), &["sh", "-c", command], &variables);
    let records = || fs::read_to_string(home.path().join("synced.jsonl")).unwrap().lines().count();
    assert_eq!(run(), (0, String::new()));
    assert_eq!((records(), uploads(&emulator)), (2, 2));
    assert_eq!(run(), (0, String::new()));
    assert_eq!((records(), uploads(&emulator)), (2, 2));
    fs::write(home.path().join("docs/c.md"), "").unwrap();
    let (status, mail) = run();
    assert_eq!(status, 2);
    assert!(mail.starts_with("error: 1 file cannot be sent:\n") && mail.contains("/docs/c.md: is empty\n"), "{mail}");
}

#[test]
fn examples_of_the_help_work_as_written() {
    let help = crate::support::command::run(crate::support::command::vsfb().args(["sync", "--help"])).stdout;
    let section = help.split("Examples:\n").nth(1).unwrap().split("\n\n").next().unwrap();
    let examples: Vec<_> = section.lines().map(str::trim).collect();
    assert!(examples.len() >= 4, "{help}");
    let (emulator, home) = (Emulator::start(&["--file-time", "0"]), home());
    let variables = [
        ("PATH", format!("{}:/usr/bin:/bin", home.path().join("bin").display())),
        ("OPENAI_API_KEY", "sk-test".to_owned()),
        ("OPENAI_BASE_URL", emulator.base_url()),
    ];
    for example in examples {
        let (status, told) = step(home.path(), &["sh", "-c", example], &variables);
        assert_eq!(status, 0, "{example}\n{told}");
    }
    // The first uploads both; of another source they are other files.
    assert_eq!(uploads(&emulator), 4);
}
