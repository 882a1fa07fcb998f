//! The help: there without arguments, complete, wrapped, and in colour where colour is wanted.

use std::collections::BTreeSet;

#[cfg(unix)]
use crate::support::command::spawnable_vsfb;
use crate::support::command::{Outcome, run, vsfb, vsfb_without_key};

const COMMANDS: [&str; 10] =
    ["create", "retrieve", "cancel", "list-files", "wait", "retry", "sync", "journal", "emulator", "completions"];

/// What a help prints, which must be on stdout and a success.
fn help(arguments: &[&str]) -> String {
    let outcome = run(vsfb().args(arguments));
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""), "{arguments:?}");
    outcome.stdout
}

#[test]
fn no_arguments_and_the_resource_word_alone_are_help() {
    let short = help(&["-h"]);
    assert!(
        short.starts_with("The command line for OpenAI vector store file batches\n\nUsage: vsfb [OPTIONS] [COMMAND]\n")
    );
    assert_eq!(run(&mut vsfb_without_key()), Outcome::success(short.clone()));
    assert_eq!(help(&["vector-stores:file-batches"]), short);
}

#[test]
fn the_long_help_has_what_the_short_one_leaves_out() {
    for command in [
        &[] as &[&str],
        &["create"],
        &["retrieve"],
        &["cancel"],
        &["list-files"],
        &["wait"],
        &["retry"],
        &["journal"],
        &["emulator"],
    ] {
        let ask = |flag| help(&[command, &[flag]].concat());
        let (short, long) = (ask("-h"), ask("--help"));
        assert!(short.len() < long.len(), "{command:?}");
        assert!(!short.contains("Examples:") && long.contains("\nExamples:\n"), "{command:?}");
        assert_eq!(ask("-help"), long);
        assert_eq!(help(&[&["help"], command].concat()), long);
        assert_eq!(help(&[&["help"], command, &["--color", "never", "--debug"]].concat()), long);
    }
}

#[test]
fn help_wins_over_what_is_missing_and_over_bad_variables() {
    let expected = help(&["retrieve", "--help"]);
    let outcome = run(vsfb_without_key().args(["retrieve", "--help"]).envs([
        ("OPENAI_BASE_URL", "nonsense"),
        ("VSFB_FORMAT", "nonsense"),
        ("OPENAI_CUSTOM_HEADERS", "nonsense"),
        ("OPENAI_MTLS_CLIENT_CERT_FILE", "nonsense"),
    ]));
    assert_eq!(outcome, Outcome::success(expected));
}

#[test]
fn an_unknown_command_has_no_help() {
    let complaint = "error: unknown command `retreive`\nhint: did you mean `vsfb retrieve`?\n";
    assert_eq!(run(vsfb().args(["help", "retreive"])), Outcome::failure(2, complaint));
}

#[test]
fn help_says_what_a_user_needs() {
    for (command, needed) in [
        (
            "create",
            &[
                "<FILE_ID>",
                "<VECTOR_STORE_ID>",
                "(required",
                "2000, which is the most",
                "--file.file-id",
                "--file.attributes",
                "--file.chunking-strategy",
                "stdin",
                "\"@PATH\"",
                "[default: 10m]",
                "[default: 2]",
            ] as &[&str],
        ),
        ("retrieve", &["<VECTOR_STORE_ID> <BATCH_ID>", "(required", "stdin", "[default: `https://api.openai.com/v1`]"]),
        (
            "list-files",
            &["<NUMBER>", "asc, desc", "in_progress, completed, failed, cancelled", "1 to 100", "[default: all]"],
        ),
        ("cancel", &["--dry-run", "(required", "possible values: auto, json, jsonl, raw, yaml, table, csv"]),
    ] {
        let text = help(&[command, "--help"]).split_whitespace().collect::<Vec<_>>().join(" ");
        for word in needed {
            assert!(text.contains(word), "{command}: {word}");
        }
    }
    let text = help(&["--help"]);
    for heading in ["\nUsage: ", "\nCommands:\n", "\nEnvironment:\n", "\nExit status:\n", "\nExamples:\n"] {
        assert!(text.contains(heading), "{heading}");
    }
}

#[test]
fn flags_that_do_nothing_are_not_shown() {
    for command in COMMANDS {
        let text = help(&[command, "--help"]);
        assert!(!text.contains("admin-api-key") && !text.contains("webhook-secret"), "{command}");
    }
}

/// The words in the program's own text that look like this, tests left out.
fn words_of_source(keep: impl Fn(&str) -> bool) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    for (_, text) in crate::layering::sources() {
        let text = crate::layering::code(&text);
        let is_part = |character: char| character.is_ascii_alphanumeric() || "-_.".contains(character);
        let all = text.split(|character| !is_part(character)).map(|word| word.trim_end_matches(['.', '-']));
        words.extend(all.filter(|word| keep(word)).map(str::to_owned));
    }
    words
}

#[test]
fn every_flag_and_variable_that_the_source_names_is_in_the_help() {
    let mut all = help(&["--help"]);
    for command in COMMANDS {
        all += &help(&[command, "--help"]);
    }
    let known: BTreeSet<&str> =
        all.split(|character: char| !character.is_ascii_alphanumeric() && !"-_.".contains(character)).collect();
    let flags = words_of_source(|word| {
        word.strip_prefix("--").is_some_and(|name| name.starts_with(|first: char| first.is_ascii_lowercase()))
    });
    assert!(flags.len() > 15, "{flags:?}");
    let prefixes = ["OPENAI_", "VSFB_", "SSL_CERT_", "HTTP_", "HTTPS_", "NO_", "FORCE_", "CLICOLOR_"];
    let variables = words_of_source(|word| {
        prefixes.iter().any(|prefix| word.strip_prefix(prefix).is_some_and(|rest| rest.len() > 2))
            && word.chars().all(|character| character.is_ascii_uppercase() || character == '_')
    });
    assert!(variables.len() > 12, "{variables:?}");
    // Constants of our own that look like variables.
    let others = ["NO_FILES", "NO_SPACE"];
    for word in flags.union(&variables).filter(|word| !others.contains(&word.as_str())) {
        assert!(known.contains(word.trim_end_matches('.')), "{word} is not in the help");
    }
}

#[cfg(unix)]
#[test]
fn help_is_wrapped_to_the_terminal() {
    use crate::support::terminal::Terminal;
    for (columns, rows) in [(40, 12), (60, 20), (66, 20), (80, 24), (200, 60)] {
        for arguments in [
            &[] as &[&str],
            &["-h"],
            &["--help"],
            &["create", "-h"],
            &["create", "--help"],
            &["list-files", "--help"],
            &["emulator", "--help"],
        ] {
            let mut command = spawnable_vsfb();
            command.args(arguments).env("NO_COLOR", "1");
            let outcome = Terminal::around(columns, rows).run(&mut command);
            assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""));
            // A flag with its placeholder is one word, and so is a usage; some of them are longer than 40 columns.
            let is_fixed = |line: &&str| line.trim_start().starts_with('-') || line.contains("[OPTIONS]");
            let wrappable = outcome.stdout.lines().filter(|line| !is_fixed(line));
            let widest = wrappable.map(|line| line.chars().count()).max();
            assert!(widest <= Some(usize::from(columns).min(100)), "{widest:?} of {columns}: {arguments:?}");
        }
    }
}

#[cfg(unix)]
#[test]
fn help_is_coloured_on_a_terminal_only() {
    use crate::support::terminal::Terminal;
    let cases = [
        (true, "", "TERM=xterm", true),
        (true, "", "NO_COLOR=1", false),
        (true, "", "TERM=dumb", false),
        (true, "--color never", "TERM=xterm", false),
        (false, "", "TERM=xterm", false),
        (false, "", "FORCE_COLOR=1", true),
        (false, "--color=always", "NO_COLOR=1", true),
        (true, "--color never --color always", "TERM=dumb", true),
    ];
    for (is_terminal, flags, variable, coloured) in cases {
        let mut command = spawnable_vsfb();
        command.arg("--help").args(flags.split_whitespace()).env("TERM", "xterm").envs(variable.split_once('='));
        let terminal = Terminal::sized(100, 24);
        let outcome = if is_terminal { terminal.stdout() } else { terminal }.run(&mut command);
        assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""));
        assert_eq!(outcome.stdout.contains('\u{1b}'), coloured, "{is_terminal} {flags} {variable}");
    }
}
