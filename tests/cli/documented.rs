//! Every command that README and help show works as written, against a server that answers as the service does.

#![cfg(unix)]

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::support::command::vsfb;
use crate::support::message::{Answer, Request};
use crate::support::server::Server;

const BATCH: &str = r#"{"id":"vsfb_abc123","object":"vector_store.file_batch","created_at":1699061776,
"vector_store_id":"vs_abc123","status":"completed",
"file_counts":{"in_progress":0,"completed":2,"failed":0,"cancelled":0,"total":2}}"#;

const FILES: &str = r#"{"object":"list","data":[
{"id":"file-abc123","object":"vector_store.file","created_at":1699061776,"vector_store_id":"vs_abc123","status":"failed",
"usage_bytes":0,"last_error":{"code":"server_error","message":"late"}}],
"first_id":"file-abc123","last_id":"file-abc123","has_more":false}"#;

fn service() -> Server {
    Server::with(|request: &Request| {
        if request.target.contains("/files") || request.target.ends_with("/vector_stores?limit=1") {
            return Answer::json(200, FILES);
        }
        let id = request.target.split('/').find(|segment| segment.starts_with("vsfb_")).unwrap_or("vsfb_abc123");
        Answer::json(200, BATCH.replace("vsfb_abc123", id))
    })
}

/// The fenced blocks of the README in this language.
fn blocks(language: &str) -> Vec<String> {
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    let fence = format!("```{language}\n");
    readme.split(&fence).skip(1).map(|rest| rest.split("```").next().unwrap().to_owned()).collect()
}

/// The lines under "Examples:" of every help.
fn examples() -> Vec<String> {
    let commands =
        [&[][..], &["create"], &["retrieve"], &["cancel"], &["list-files"], &["wait"], &["retry"], &["doctor"]];
    let found: Vec<_> = commands.into_iter().flat_map(examples_of).collect();
    assert!(found.len() > 10, "{found:?}");
    found
}

fn examples_of(command: &[&str]) -> Vec<String> {
    let help = crate::support::command::run(vsfb().args(command).arg("--help")).stdout;
    let section = help.split("Examples:\n").nth(1).unwrap().split("\n\n").next().unwrap();
    section.lines().map(|line| line.trim().to_owned()).collect()
}

/// Runs a script in a folder with the files that the README speaks of; gives what it printed.
fn script(text: &str, server: &Server) -> String {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("ids.txt"), "file-abc123\nfile-def456\n").unwrap();
    fs::write(folder.path().join("title.txt"), "A title\n").unwrap();
    fs::write(folder.path().join("pipeline.sh"), "vsfb create vs_abc123 --file-id file-abc123\n").unwrap();
    fs::create_dir(folder.path().join("docs")).unwrap();
    fs::write(folder.path().join("docs").join("intro.md"), "# A beginning\n").unwrap();
    fs::write(folder.path().join("body.json"), r#"{"file_ids":["file-abc123"]}"#).unwrap();
    let programs = Path::new(env!("CARGO_BIN_EXE_vsfb")).parent().unwrap();
    let path = format!("{}:{}", programs.display(), std::env::var("PATH").unwrap());
    let mut command = Command::new("sh");
    command.args(["-c", text]).current_dir(&folder).env_clear().env("PATH", path).env("HOME", folder.path());
    command.env("OPENAI_API_KEY", "sk-test").env("OPENAI_BASE_URL", server.base_url());
    let output = command.output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{text}\n{stderr}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn recipes_of_the_readme_work_as_written() {
    let recipes: Vec<_> = blocks("sh").into_iter().filter(|text| !text.contains("jq")).collect();
    assert!(recipes.len() >= 7, "{recipes:?}");
    for recipe in recipes {
        // A recipe with a service of its own must not ask another.
        let has_its_own = recipe.contains("vsfb emulator");
        let server = if has_its_own { Server::expecting_none() } else { service() };
        script(&recipe, &server);
        assert!(has_its_own || !server.requests().is_empty(), "{recipe}");
    }
}

#[test]
fn the_list_of_ids_arrives_as_a_batch() {
    let recipe = blocks("sh").into_iter().find(|text| text.contains("ids.txt")).unwrap();
    let server = service();
    script(&recipe, &server);
    let expected = serde_json::json!({
        "file_ids": ["file-abc123", "file-def456"], "attributes": {"team": "red", "year": 2024}
    });
    assert_eq!(server.requests()[0].json(), expected);
}

#[test]
#[ignore = "needs jq"]
fn recipes_with_jq_work_as_written() {
    let recipes: Vec<_> = blocks("sh").into_iter().filter(|text| text.contains("jq")).collect();
    assert!(!recipes.is_empty());
    for recipe in recipes {
        assert_eq!(script(&recipe, &service()), "file-abc123\tlate\n");
    }
}

#[test]
fn examples_of_the_help_work_as_written() {
    for example in examples().into_iter().filter(|line| line.starts_with("vsfb") && !line.contains("completions")) {
        let server = service();
        script(&example, &server);
        let is_dry = example.contains("--dry-run");
        if is_dry {
            // A server that nobody asks fails its test.
            script("vsfb retrieve vs_abc123 vsfb_abc123", &server);
        }
        assert!(!server.requests().is_empty(), "{example}");
    }
}

#[test]
fn examples_of_the_emulator_work_as_written() {
    let examples = examples_of(&["emulator"]);
    let (with_command, others): (Vec<_>, Vec<_>) = examples.iter().partition(|line| line.contains(" -- "));
    assert!(with_command.len() >= 2 && others.len() >= 2, "{examples:?}");
    for example in with_command.into_iter().chain(others) {
        // One that serves goes on until it is ended.
        let serves = !example.contains(" -- ") && !example.contains("--list-faults");
        let text = if serves {
            format!("mkfifo out; {example} >out & read -r line <out; kill $!; wait $!; echo \"$line\"")
        } else {
            example.clone()
        };
        let printed = script(&text, &Server::expecting_none());
        assert!(!serves || printed.starts_with("# http://127.0.0.1:"), "{example}: {printed}");
    }
}

#[test]
fn the_readme_knows_every_flag_and_every_variable() {
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    for command in ["create", "cancel", "list-files", "wait", "retry", "sync", "journal", "emulator"] {
        let help = crate::support::command::run(vsfb().args([command, "-h"])).stdout;
        for word in help.split_whitespace().filter(|word| word.starts_with("--") && word.len() > 2) {
            let flag = word.trim_end_matches([',', ')', ';', '.', '\'']).trim_end_matches(".*");
            assert!(readme.contains(flag), "the README does not know {flag}");
        }
    }
    let help = crate::support::command::run(vsfb().arg("--help")).stdout;
    let section = help.split("Environment:\n").nth(1).unwrap().split("\n\n").next().unwrap();
    for line in section.lines() {
        let names = line.trim().split("  ").next().unwrap();
        for name in names.split(", ") {
            assert!(readme.contains(&format!("`{name}`")), "the README does not know {name}");
        }
    }
}
