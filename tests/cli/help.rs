//! The help: there without arguments, complete, wrapped, and in colour where colour is wanted.

use std::collections::BTreeSet;

#[cfg(unix)]
use crate::support::command::spawnable_vsfb;
use crate::support::command::{Outcome, run, vsfb, vsfb_without_key};

/// Every command but `help`.
pub const COMMANDS: [&str; 11] = [
    "create",
    "retrieve",
    "cancel",
    "list-files",
    "wait",
    "retry",
    "sync",
    "journal",
    "doctor",
    "emulator",
    "completions",
];

const TOPICS: [&str; 5] = ["values", "stdin", "exit-status", "environment", "formats"];

/// What flags are grouped by, in their order.
const HEADINGS: [&str; 14] = [
    "Target",
    "Files",
    "Listening",
    "Behaviour",
    "Metadata",
    "Input",
    "Selection",
    "Sending",
    "Taking away",
    "Waiting",
    "Output",
    "Connection",
    "Help",
    "Values",
];

/// What a help prints, which must be on stdout and a success.
fn help(arguments: &[&str]) -> String {
    let outcome = run(vsfb().args(arguments));
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""), "{arguments:?}");
    outcome.stdout
}

#[test]
fn the_summary_is_a_title_a_usage_and_a_few_flags() {
    let expected = "\
List the batches that were created from here

Usage: vsfb journal [OPTIONS]

Options:
      --vector-store-id <VECTOR_STORE_ID>  Only batches of this vector store
      --filter <STATUS>                    Only batches in this state
      --max-items <NUMBER>                 List at most so many batches
      --refresh                            Ask the service how open ones stand
  -o, --format <FORMAT>                    How data is written: json, table, …
  -h, --help                               A summary; --help is all

`vsfb journal --help` tells all: every flag, the exit status, examples.
";
    assert_eq!(help(&["journal", "-h"]), expected);
}

#[cfg(unix)]
#[test]
fn the_summary_is_one_screen() {
    use crate::support::terminal::Terminal;
    for command in COMMANDS.map(|command| vec![command, "-h"]).into_iter().chain([vec!["-h"]]) {
        let outcome = Terminal::around(80, 24).run(spawnable_vsfb().args(&command).env("NO_COLOR", "1"));
        assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""), "{command:?}");
        let lines: Vec<_> = outcome.stdout.lines().collect();
        // One line is left for the prompt.
        assert!(lines.len() < 24, "{command:?}:\n{}", outcome.stdout);
        assert!(lines.iter().all(|line| line.chars().count() <= 80), "{command:?}:\n{}", outcome.stdout);
        let flags = lines.iter().filter(|line| line.trim_start().starts_with('-'));
        assert!(flags.clone().count() > 0 && flags.clone().all(|line| line.contains("  ")), "{command:?}");
        assert!(lines.last().is_some_and(|line| line.contains("tells all")), "{command:?}");
    }
}

#[test]
fn the_long_help_is_grouped_and_its_examples_stand_last() {
    for command in COMMANDS.map(|command| vec![command, "--help"]).into_iter().chain([vec!["--help"]]) {
        let text = help(&command);
        let headings: Vec<_> =
            text.lines().filter(|line| !line.starts_with(' ')).filter_map(|line| line.strip_suffix(':')).collect();
        let places = headings.iter().filter_map(|heading| HEADINGS.iter().position(|known| known == heading));
        assert!(places.is_sorted(), "{command:?}: {headings:?}");
        assert!(
            headings.ends_with(&["Exit status", "Examples"]) || command[0] == "completions",
            "{command:?}: {headings:?}"
        );
        let others = ["Values", "Commands", "Topics, for `vsfb help TOPIC`", "Environment", "Exit status", "Examples"];
        let unknown: Vec<_> =
            headings.iter().filter(|heading| !HEADINGS.contains(heading) && !others.contains(heading)).collect();
        assert!(unknown.is_empty(), "{command:?}: {unknown:?}");
        assert!(headings.contains(&"Output") && headings.contains(&"Connection"), "{command:?}: {headings:?}");
    }
}

#[test]
fn the_long_help_has_what_the_short_one_leaves_out() {
    for command in COMMANDS.map(|command| vec![command]).into_iter().chain([vec![]]) {
        let command = command.as_slice();
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
fn what_is_unknown_has_no_help() {
    for (word, meant) in [
        ("retreive", "retrieve"),
        ("show", "retrieve"),
        ("exit", "exit-status"),
        ("environmnt", "environment"),
        ("env", "environment"),
        ("output", "formats"),
    ] {
        let complaint = format!("error: unknown command or topic `{word}`\nhint: did you mean `vsfb help {meant}`?\n");
        assert_eq!(run(vsfb().args(["help", word])), Outcome::failure(2, complaint));
        help(&["help", meant]);
    }
    let complaint = "error: unknown command `environment`\nhint: did you mean `vsfb help environment`?\n";
    assert_eq!(run(vsfb().arg("environment")), Outcome::failure(2, complaint));
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
    let text = help(&["help"]);
    for topic in TOPICS {
        assert!(text.contains(&format!("\n  {topic} ")), "{topic}");
    }
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

/// The variables that the program asks for by name.
fn variables_of_source() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for (_, text) in crate::layering::sources().into_iter().filter(|(path, _)| !path.starts_with("emulator/")) {
        let text = crate::layering::code(&text);
        for call in [".raw(\"", ".text(\"", ".get(\"", ".has(\""] {
            names.extend(text.split(call).skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned));
        }
    }
    names.retain(|name| name.chars().all(|character| character.is_ascii_uppercase() || character == '_'));
    names
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
    let asked = variables_of_source();
    assert!(["CI", "LESS", "TERM"].iter().all(|name| asked.contains(*name)), "{asked:?}");
    let environment = help(&["help", "environment"]);
    for name in &asked {
        assert!(environment.split([' ', ',', '\n']).any(|word| word == name), "{name} is not in the help");
    }
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
            &["help", "values"],
            &["help", "environment"],
            &["help", "exit-status"],
            &["help", "formats"],
        ] {
            let mut command = spawnable_vsfb();
            command.args(arguments).env("NO_COLOR", "1");
            let outcome = Terminal::around(columns, rows).run(&mut command);
            assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""));
            // A flag with its placeholder is one word, and so is a usage; some of them are longer than 40 columns.
            // So are the commands of the first steps, which are to be copied.
            let is_fixed = |line: &&str| {
                let is_step = arguments.is_empty() && line.starts_with("  vsfb ");
                is_step || line.trim_start().starts_with('-') || line.contains("[OPTIONS]")
            };
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
        for arguments in [&["--help"] as &[&str], &["-h"], &["help", "values"], &[]] {
            // With a flag there is more than nothing.
            if arguments.is_empty() && !flags.is_empty() {
                continue;
            }
            let mut command = spawnable_vsfb();
            command.args(arguments).args(flags.split_whitespace()).env("TERM", "xterm").envs(variable.split_once('='));
            let terminal = Terminal::sized(100, 24);
            let outcome = if is_terminal { terminal.stdout() } else { terminal }.run(&mut command);
            assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""));
            assert_eq!(outcome.stdout.contains('\u{1b}'), coloured, "{arguments:?} {is_terminal} {flags} {variable}");
        }
    }
}
