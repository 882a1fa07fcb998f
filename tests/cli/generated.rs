//! The files under `completions/` are what the program prints. The man pages have the same test beside their generator.

use std::fs;
use std::path::{Path, PathBuf};

use crate::help::COMMANDS;
use crate::support::command::{Outcome, run, vsfb};

/// Each shell with the name that it looks for.
const SCRIPTS: [(&str, &str); 6] = [
    ("bash", "vsfb.bash"),
    ("zsh", "_vsfb"),
    ("fish", "vsfb.fish"),
    ("powershell", "_vsfb.ps1"),
    ("elvish", "vsfb.elv"),
    ("nushell", "vsfb.nu"),
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("completions")
}

fn script(shell: &str) -> String {
    let outcome = run(vsfb().args(["completions", shell]));
    assert_eq!(outcome, Outcome::success(&outcome.stdout), "{shell}");
    outcome.stdout
}

#[test]
fn the_completions_are_those_of_the_program() {
    for (shell, name) in SCRIPTS {
        let kept = fs::read_to_string(folder().join(name)).unwrap_or_default();
        assert!(kept == script(shell), "completions/{name} is stale; CONTRIBUTING.md says how to write it anew");
    }
    assert_eq!(
        fs::read_dir(folder()).unwrap().count(),
        SCRIPTS.len(),
        "completions/ holds these scripts and no others"
    );
}

#[test]
fn every_script_knows_every_command() {
    for (shell, _) in SCRIPTS {
        let script = script(shell);
        for word in COMMANDS.into_iter().chain(["exit-status", "file.chunking-strategy"]) {
            assert!(script.contains(word), "{shell} does not know {word}");
        }
    }
}

#[test]
#[ignore = "writes completions/ anew"]
fn write_the_completions() {
    fs::create_dir_all(folder()).unwrap();
    for (shell, name) in SCRIPTS {
        fs::write(folder().join(name), script(shell)).unwrap();
    }
}
