//! The layers of the source: imports point downwards, and what belongs to one place stays there.

use std::fs;
use std::path::Path;

/// From the top down. A module may import those below it.
const LAYERS: [&str; 22] = [
    "main",
    "manual",
    "cli",
    "help",
    "arguments",
    "commands",
    "work",
    "context",
    "settings",
    "environment",
    "exit",
    "journal",
    "folder",
    "input",
    "output",
    "sync",
    "plan",
    "poll",
    "prose",
    "api",
    "json",
    "emulator",
];

/// Imports that point upwards or sideways, and why that is right.
const EXCEPTIONS: [(&str, &str, &str); 3] = [
    ("commands/completions.rs", "cli", "a completion script describes the whole command line"),
    ("commands/completions.rs", "help", "so does it what help tells about"),
    ("input/stdin.rs", "output", "waiting for input is said to the user"),
];

/// Every file under `src` as its path from there and its text, sorted.
pub fn sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders = vec![root.clone()];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("the source is there") {
            let path = entry.expect("the source is there").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(&root).expect("a path under src").display().to_string();
                found.push((name.replace('\\', "/"), fs::read_to_string(&path).expect("the source is text")));
            }
        }
    }
    found.sort();
    assert!(found.len() > 30, "only {} files", found.len());
    found
}

/// A file's text without its tests and comments.
pub fn code(text: &str) -> String {
    let text = text.split("[cfg(test)]").next().unwrap_or_default();
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// The layer that a file belongs to, counted from the top.
fn layer(module: &str) -> Option<usize> {
    LAYERS.iter().position(|name| *name == module)
}

/// The modules of this program that a text names with `crate::`.
fn imports(text: &str) -> impl Iterator<Item = &str> {
    let names = text.split("crate::").skip(1);
    names.filter_map(|rest| rest.split(|character: char| !character.is_ascii_lowercase() && character != '_').next())
}

#[test]
fn imports_point_downwards() {
    for (path, text) in sources() {
        let module = path.split(['/', '.']).next().unwrap_or_default();
        let own = layer(module).unwrap_or_else(|| panic!("{path} is in no layer"));
        for import in imports(&code(&text)) {
            let is_excepted = EXCEPTIONS.iter().any(|(file, name, _)| *file == path && *name == import);
            let other = layer(import).unwrap_or_else(|| panic!("{path} imports {import}, which is in no layer"));
            assert!(own <= other || is_excepted, "{path} imports {import}, which is above it");
        }
    }
}

#[test]
fn the_emulator_shares_nothing_with_what_it_is_to_test() {
    for (path, text) in sources().into_iter().filter(|(path, _)| path.starts_with("emulator/")) {
        assert_eq!(imports(&code(&text)).next(), None, "{path} imports from this program");
    }
}

#[test]
fn what_is_excepted_is_still_there() {
    for (file, name, why) in EXCEPTIONS {
        let (_, text) = sources().into_iter().find(|(path, _)| path == file).expect(file);
        assert!(imports(&code(&text)).any(|import| import == name), "{file} no longer imports {name}: {why}");
    }
}

#[test]
fn each_dependency_has_its_place() {
    let places: [(&str, &[&str]); 17] = [
        ("reqwest::", &["api/"]),
        ("rustls::", &["api/"]),
        ("comfy_table::", &["output/table"]),
        ("clap::", &["cli.rs", "help.rs", "settings.rs", "commands/", "manual.rs"]),
        ("saphyr_parser::", &["input/"]),
        ("std::env::", &["environment.rs", "main.rs", "emulator/guest.rs"]),
        ("crate::emulator", &["commands/emulator.rs"]),
        ("tokio::", &["emulator/"]),
        ("hyper::", &["emulator/", "api/attempt.rs", "api/proxy.rs"]),
        ("multer::", &["emulator/"]),
        ("directories::", &["journal/"]),
        ("signal_hook::", &["emulator/", "work/interrupt.rs", "output/pager.rs", "output/explore/terminal.rs"]),
        ("ratatui_core::", &["output/explore/"]),
        ("textwrap::", &["output/", "prose.rs"]),
        ("shlex::", &["output/pager.rs"]),
        ("hyper_util::", &["emulator/", "api/proxy.rs"]),
        ("indicatif::", &["output/bars.rs", "output/progress.rs", "output/transfer.rs"]),
    ];
    for (path, text) in sources() {
        for (name, folders) in places {
            let is_used = code(&text).contains(name);
            assert!(!is_used || folders.iter().any(|folder| path.starts_with(folder)), "{path} uses {name}");
        }
        let reads = code(&text).contains("env::var");
        assert!(!reads || path == "environment.rs", "{path} reads the environment");
    }
}

#[test]
fn every_module_says_what_it_is_for() {
    for (path, text) in sources() {
        assert!(text.starts_with("//! "), "{path} does not begin with its purpose");
    }
}

#[test]
fn no_file_is_too_long() {
    for (path, text) in sources() {
        let lines = text.split("[cfg(test)]").next().unwrap_or_default().lines().count();
        assert!(lines <= 400, "{path} has {lines} lines");
    }
    for (name, text) in tests() {
        let lines = text.lines().count();
        assert!(lines <= 400, "tests/cli/{name} has {lines} lines");
    }
}

/// Every file of this test by its name.
fn tests() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli");
    let entries = fs::read_dir(folder).expect("the tests are there").map(|entry| entry.expect("a file").path());
    entries
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .map(|path| {
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            (name, fs::read_to_string(path).expect("a test is text"))
        })
        .collect()
}

#[test]
fn every_test_file_is_part_of_the_test() {
    let tests = tests();
    let (_, main) = tests.iter().find(|(name, _)| name == "main.rs").expect("main.rs");
    for (name, text) in &tests {
        let module = name.trim_end_matches(".rs");
        assert!(module == "main" || main.contains(&format!("\nmod {module};")), "{name} is not in main.rs");
        assert!(text.starts_with("//! "), "{name} does not begin with its purpose");
    }
}
