//! What a terminal changes: tables, colours, notes, and what must never reach it.

use crate::samples::{BATCH, COMPLETED, TARGET, error, page};
use crate::support::command::{Outcome, spawnable_vsfb, spawnable_vsfb_at};
use crate::support::message::Answer;
use crate::support::server::Server;
use crate::support::terminal::Terminal;

type Words<'a> = &'a [&'a str];
type Variables<'a> = &'a [(&'a str, &'a str)];

/// A command about the batch in this terminal.
fn shown(terminal: Terminal<'_>, answer: Answer, flags: Words<'_>, variables: Variables<'_>) -> Outcome {
    let server = Server::answering([answer]);
    let mut vsfb = spawnable_vsfb_at(&server);
    let command = if flags.contains(&"--limit") { "list-files" } else { "retrieve" };
    vsfb.arg(command).args(TARGET).args(flags).envs(variables.iter().copied());
    let outcome = terminal.run(&mut vsfb);
    Outcome { stderr: outcome.stderr.replace(&server.address().to_string(), "HOST"), ..outcome }
}

/// What is said of a refusal, with these paints around the label of the error and of the hint.
fn refusal(value: &str, error: &str, hint: &str) -> String {
    let end = if error.is_empty() { "" } else { "\u{1b}[0m" };
    format!(
        "GET http://HOST/v1/vector_stores/vs_abc123/file_batches/vsfb_abc123: 403 Forbidden
{value}
{error}error:{end} failed to retrieve the file batch `vsfb_abc123` of `vs_abc123`
{hint}hint:{end} this key may not do that: check its permissions, --project and --organization
"
    )
}

const COLOURED: &str = "{\n  \u{1b}[1;34m\"a\"\u{1b}[0m: \u{1b}[36m1e3\u{1b}[0m\n}\n";
const PLAIN: &str = "{\n  \"a\": 1e3\n}\n";

#[test]
fn colour_follows_the_flag_then_the_variables_then_the_terminal() {
    let flag = |value| ["--color", value];
    let cases: [(Words<'_>, Variables<'_>, bool, bool); 15] = [
        (&[], &[], true, false),
        (&[], &[("NO_COLOR", "1")], false, false),
        (&[], &[("NO_COLOR", "")], true, false),
        (&[], &[("FORCE_COLOR", "1")], true, true),
        (&[], &[("FORCE_COLOR", "0")], false, false),
        (&[], &[("CLICOLOR_FORCE", "1")], true, true),
        (&[], &[("CLICOLOR_FORCE", "0")], false, false),
        (&[], &[("FORCE_COLOR", "0"), ("CLICOLOR_FORCE", "1")], false, false),
        (&[], &[("NO_COLOR", "1"), ("FORCE_COLOR", "1")], false, false),
        (&[], &[("TERM", "dumb")], false, false),
        (&[], &[("TERM", "dumb"), ("FORCE_COLOR", "1")], true, true),
        (&flag("always"), &[("NO_COLOR", "1"), ("TERM", "dumb")], true, true),
        (&flag("never"), &[("FORCE_COLOR", "1")], false, false),
        (&flag("auto"), &[("FORCE_COLOR", "1")], true, true),
        (&flag("auto"), &[("TERM", "xterm")], true, false),
    ];
    for (flags, variables, on_terminal, elsewhere) in cases {
        let answer = || Answer::json(200, r#"{"a":1e3}"#);
        let terminal = Terminal::sized(80, 24);
        let text = |coloured| Outcome::success(if coloured { COLOURED } else { PLAIN });
        assert_eq!(shown(terminal.stdout(), answer(), flags, variables), text(on_terminal), "{flags:?} {variables:?}");
        assert_eq!(shown(terminal.stderr(), answer(), flags, variables), text(elsewhere), "{flags:?} {variables:?}");
    }
}

#[test]
fn each_stream_has_its_own_colours() {
    let refused = || Answer::json(403, error("no", ""));
    let flags = ["--transform-error", "message"];
    let coloured = refusal("\u{1b}[32m\"no\"\u{1b}[0m", "\u{1b}[1;31m", "\u{1b}[36m");
    let plain = refusal("\"no\"", "", "");
    let terminal = Terminal::sized(80, 24);
    assert_eq!(shown(terminal.stderr(), refused(), &flags, &[]), Outcome::failure(4, coloured.clone()));
    assert_eq!(shown(terminal.stdout(), refused(), &flags, &[]), Outcome::failure(4, plain.clone()));
    assert_eq!(shown(terminal.stdout(), refused(), &flags, &[("FORCE_COLOR", "1")]), Outcome::failure(4, coloured));
    assert_eq!(shown(terminal.stderr(), refused(), &flags, &[("NO_COLOR", "1")]), Outcome::failure(4, plain));
}

#[test]
fn auto_is_a_table_only_on_a_terminal_and_for_what_has_one() {
    let plain = [("NO_COLOR", "1")];
    let terminal = Terminal::around(80, 24);
    let batch = || Answer::json(200, BATCH);
    let table = Outcome::success(crate::samples::golden("batch.table"));
    assert_eq!(shown(terminal, batch(), &[], &plain), table);
    assert_eq!(shown(terminal, batch(), &["-o", "auto"], &plain), table);
    let id = Outcome::success("\"vsfb_abc123\"\n");
    assert_eq!(shown(terminal, batch(), &["--transform", "id"], &plain), id);
    let line = Outcome::success(format!("{BATCH}\n"));
    assert_eq!(shown(terminal, batch(), &["-o", "jsonl"], &plain), line);
    assert_eq!(shown(terminal, batch(), &[], &[("VSFB_FORMAT", "jsonl"), ("NO_COLOR", "1")]), line);
    assert_eq!(shown(Terminal::sized(80, 24).stderr(), batch(), &["-o", "jsonl"], &[]), line);
    assert_eq!(shown(terminal, Answer::json(200, r#"{"a":1e3}"#), &[], &plain), Outcome::success(PLAIN));
    assert_eq!(shown(terminal, Answer::json(200, r#"{"a":1e3}"#), &[], &[]), Outcome::success(COLOURED));
    let file = "id           status     usage     created              attributes\nfile-abc123  completed  123.5 kB  2023-11-04 01:36:16  team=red year=2024\n";
    assert_eq!(shown(terminal, Answer::json(200, COMPLETED), &[], &plain), Outcome::success(file));
}

#[test]
fn an_empty_list_says_so_on_a_terminal() {
    let empty = || Answer::json(200, page(&[]));
    let plain = [("NO_COLOR", "1")];
    let said = Outcome { stderr: "note: no files\n".to_owned(), ..Outcome::success("") };
    let terminal = Terminal::around(80, 24);
    assert_eq!(shown(terminal, empty(), &["--limit", "5"], &plain), said);
    assert_eq!(shown(terminal, empty(), &["--limit", "5", "-o", "json"], &plain), said);
    assert_eq!(shown(terminal, empty(), &["--limit", "5", "--quiet"], &plain), Outcome::success(""));
    assert_eq!(shown(Terminal::sized(80, 24).stderr(), empty(), &["--limit", "5"], &plain), Outcome::success(""));
    let some = Answer::json(200, page(&[COMPLETED]));
    assert_eq!(shown(terminal, some, &["--limit", "5", "--max-items", "0"], &plain), Outcome::success(""));
}

/// Everything that could steer a terminal, in an id, as raw characters and as escapes.
const STEERING: &str =
    "{\"id\":\"a\u{9b}31m\u{202e}\\u001b[2J\\u0007\\u009b\\n\\rz\",\"object\":\"vector_store.file_batch\"}";

#[test]
fn control_characters_never_reach_a_terminal() {
    let plain = [("NO_COLOR", "1")];
    for flags in [
        &["-o", "table"] as &[&str],
        &["-o", "json"],
        &["-o", "jsonl"],
        &["-o", "raw"],
        &["-o", "yaml"],
        &["-o", "csv"],
        &["-r", "--transform", "id"],
        &["-o", "yaml", "--transform", "id"],
        &["-o", "raw", "--transform", "id"],
        &["--debug"],
    ] {
        let outcome = shown(Terminal::around(80, 24), Answer::json(200, STEERING), flags, &plain);
        assert_eq!(outcome.code, 0, "{outcome:?}");
        assert!(outcome.stdout.contains("31m"), "{flags:?}: {outcome:?}");
        is_harmless(&outcome, flags);
    }
    let file = STEERING.replace("file_batch", "file");
    for format in ["table", "json", "csv", "yaml", "jsonl", "raw"] {
        let flags = ["--limit", "5", "-o", format];
        let outcome = shown(Terminal::around(80, 24), Answer::json(200, page(&[&file])), &flags, &plain);
        assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""), "{outcome:?}");
        is_harmless(&outcome, &flags);
    }
    for answer in [
        Answer::json(400, format!("{{\"error\":{STEERING}}}")),
        Answer::json(400, STEERING),
        Answer::json(200, format!("{STEERING}{{")),
        Answer::json(400, "").header("X-Request-Id", "a\u{9b}31m"),
        Answer::json(302, "").header("Location", "http://a/\u{9b}31m"),
    ] {
        for format in ["json", "yaml", "raw"] {
            let flags = ["--debug", "--format-error", format];
            let outcome = shown(Terminal::around(80, 24), answer.clone(), &flags, &plain);
            assert_eq!((outcome.code, outcome.stdout.as_str()), (1, ""), "{outcome:?}");
            is_harmless(&outcome, &flags);
        }
    }
}

#[track_caller]
fn is_harmless(outcome: &Outcome, flags: &[&str]) {
    let steers = |character: char| (character.is_control() && character != '\n') || character == '\u{202e}';
    for text in [&outcome.stdout, &outcome.stderr] {
        assert!(!text.contains(steers), "{flags:?}: {text:?}");
    }
}

#[test]
fn elsewhere_they_stay_as_they_came() {
    let outcome = shown(Terminal::sized(80, 24).stderr(), Answer::json(200, STEERING), &["-o", "jsonl"], &[]);
    assert_eq!(outcome, Outcome::success(format!("{STEERING}\n")));
}

#[test]
fn a_wait_is_said_on_a_terminal() {
    let answers = || [Answer::json(503, "").header("Retry-After-Ms", "1"), Answer::json(200, r#"{"a":1e3}"#)];
    let run = |terminal: Terminal<'_>, flags: &[&str]| {
        let server = Server::answering(answers());
        let mut vsfb = spawnable_vsfb_at(&server);
        vsfb.arg("retrieve").args(TARGET).args(flags).env("NO_COLOR", "1");
        let outcome = terminal.run(&mut vsfb);
        Outcome { stderr: outcome.stderr.replace(&server.address().to_string(), "HOST"), ..outcome }
    };
    let note = "note: GET http://HOST/v1/vector_stores/vs_abc123/file_batches/vsfb_abc123: 503 Service Unavailable; trying again in 0.0 s (1 of 2)\n";
    let said = Outcome { stderr: note.to_owned(), ..Outcome::success(PLAIN) };
    assert_eq!(run(Terminal::sized(80, 24).stderr(), &[]), said);
    assert_eq!(run(Terminal::sized(80, 24).stderr(), &["--quiet"]), Outcome::success(PLAIN));
    assert_eq!(run(Terminal::sized(80, 24).stdout(), &[]), Outcome::success(PLAIN));
}

#[test]
fn a_refused_command_line_follows_the_colour_flag_too() {
    let said = |arguments: &[&str]| {
        let mut vsfb = spawnable_vsfb();
        Terminal::sized(80, 24).stderr().run(vsfb.args(arguments)).stderr
    };
    assert!(said(&["bogus"]).starts_with("\u{1b}[1;31merror:\u{1b}[0m unknown command"));
    assert!(said(&["--color", "never", "bogus"]).starts_with("error: unknown command"));
}
