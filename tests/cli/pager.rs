//! The pager: which one, when, and that nothing is lost whatever it does. Those here are shell commands.

use std::time::Instant;

use rustix::fs::{Mode, OFlags};

use crate::samples::{TARGET, page, page_of_many};
use crate::support::command::{LIMIT, Outcome, Vsfb, spawnable_vsfb_at};
use crate::support::message::{Answer, Gate};
use crate::support::server::Server;
use crate::support::terminal::Terminal;

/// The terminal of these tests.
const ROWS: u16 = 10;

/// A page of so many files, whose ids begin with this.
fn files(name: &str, count: usize) -> Vec<String> {
    let file = |index| format!(r#"{{"id":"file-{name}{index}","object":"vector_store.file"}}"#);
    (0..count).map(file).collect()
}

fn last_page(name: &str, count: usize) -> Answer {
    let files = files(name, count);
    Answer::json(200, page(&files.iter().map(String::as_str).collect::<Vec<_>>()))
}

fn first_page(name: &str, count: usize) -> Answer {
    let files = files(name, count);
    Answer::json(200, page_of_many(&files.iter().map(String::as_str).collect::<Vec<_>>()))
}

/// What `--transform id -r` prints of so many files.
fn ids(name: &str, count: usize) -> String {
    (0..count).map(|index| format!("file-{name}{index}\n")).collect::<Vec<_>>().concat()
}

/// `vsfb list-files --transform id -r` with this pager.
fn listing(server: &Server, pager: &str) -> Vsfb<std::process::Command> {
    let mut vsfb = spawnable_vsfb_at(server);
    vsfb.arg("list-files").args(TARGET).args(["--transform", "id", "-r"]);
    attended(&mut vsfb, pager);
    vsfb
}

/// As it is where somebody sits, with this pager.
fn attended(vsfb: &mut std::process::Command, pager: &str) {
    vsfb.env_remove("CI").env("PATH", "/usr/bin:/bin").env("VSFB_PAGER", pager).env("TERM", "xterm");
}

/// The same in the terminal, of a list that this one page is.
fn shown(count: usize, pager: &str, flags: &[&str]) -> Outcome {
    let server = Server::answering([last_page("", count)]);
    Terminal::around(80, ROWS).run(listing(&server, pager).args(flags))
}

/// Every line with a mark before it.
fn marked(text: &str) -> String {
    text.lines().map(|line| format!("| {line}\n")).collect::<Vec<_>>().concat()
}

const MARK: &str = "sed 's/^/| /'";

#[test]
fn a_list_goes_to_the_pager_if_it_outgrows_the_terminal() {
    assert_eq!(shown(9, MARK, &[]), Outcome::success(ids("", 9)), "one row is left for the prompt");
    assert_eq!(shown(10, MARK, &[]), Outcome::success(marked(&ids("", 10))));
    let server = Server::answering([first_page("a", 6), last_page("b", 6)]);
    let outcome = Terminal::around(80, ROWS).run(&mut listing(&server, MARK));
    assert_eq!(outcome, Outcome::success(marked(&format!("{}{}", ids("a", 6), ids("b", 6)))));
    // Lines that are wrapped take more rows than one.
    let long = Server::answering([last_page(&"x".repeat(100), 5)]);
    let outcome = Terminal::around(80, ROWS).run(&mut listing(&long, MARK));
    assert_eq!(outcome, Outcome::success(marked(&ids(&"x".repeat(100), 5))));
}

#[test]
fn every_format_of_a_list_is_paged_and_one_object_is_not() {
    for (format, rows) in [("table", 11), ("json", 40), ("jsonl", 10), ("yaml", 29), ("csv", 11), ("pretty", 19)] {
        let server = Server::answering([last_page("", 10)]);
        let mut vsfb = spawnable_vsfb_at(&server);
        vsfb.arg("list-files").args(TARGET).args(["-o", format]).env("NO_COLOR", "1");
        attended(&mut vsfb, MARK);
        let outcome = Terminal::around(80, ROWS).run(&mut vsfb);
        assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""));
        assert!(outcome.stdout.lines().all(|line| line.starts_with("| ")), "{format}: {}", outcome.stdout);
        assert_eq!(outcome.stdout.lines().count(), rows, "{format}: {}", outcome.stdout);
    }
    let server = Server::answering([Answer::json(200, format!("[{}1]", "0,".repeat(20)))]);
    let mut vsfb = spawnable_vsfb_at(&server);
    vsfb.arg("retrieve").args(TARGET).env("NO_COLOR", "1");
    attended(&mut vsfb, MARK);
    let outcome = Terminal::around(80, ROWS).run(&mut vsfb);
    assert_eq!(outcome, Outcome::success(format!("[\n{}  1\n]\n", "  0,\n".repeat(20))));
}

#[test]
fn the_program_has_its_own_variable_and_words_are_quoted_as_in_a_shell() {
    let run = |own: &str, general: &str| {
        let server = Server::answering([last_page("", 10)]);
        Terminal::around(80, ROWS).run(listing(&server, own).env("PAGER", general)).stdout
    };
    assert_eq!(run(MARK, "sed s/^/no/"), marked(&ids("", 10)));
    assert_eq!(run("", "sed -e \"s/^/| /\" -e 's/file/a file/'"), marked(&ids("", 10)).replace("file", "a file"));
    assert_eq!(run("", "sed s/^/|\\ /"), marked(&ids("", 10)));
}

#[test]
fn a_less_that_the_user_has_not_instructed_is_told_to_let_colours_through() {
    let said = |variables: &[(&str, &str)]| {
        let server = Server::answering([last_page("", 10)]);
        let pager = "sh -c 'cat >/dev/null; echo \"<$LESS>\"'";
        Terminal::around(80, ROWS).run(listing(&server, pager).envs(variables.iter().copied())).stdout
    };
    assert_eq!(said(&[]), "<FRX>\n");
    assert_eq!(said(&[("LESS", "-i")]), "<-i>\n");
    // Whatever they have instructed, colours are let through.
    let folder = tempfile::tempdir().expect("a folder");
    let less = folder.path().join("less");
    std::fs::write(&less, "#!/bin/sh\ncat >/dev/null; echo \"$@\"\n").expect("a program");
    std::fs::set_permissions(&less, std::os::unix::fs::PermissionsExt::from_mode(0o755)).expect("a program");
    assert_eq!(shown(20, &format!("{} -i", less.display()), &[]), Outcome::success("-i -R\n"));
}

#[test]
fn there_is_none_off_a_terminal_on_a_dumb_one_in_ci_or_where_it_is_not_wanted() {
    let plain = Outcome::success(ids("", 20));
    assert_eq!(shown(20, MARK, &["--no-pager"]), plain);
    let server = Server::answering([last_page("", 20)]);
    assert_eq!(Terminal::around(80, ROWS).run(listing(&server, MARK).env("CI", "1")), plain);
    let server = Server::answering([last_page("", 20)]);
    assert_eq!(Terminal::around(80, ROWS).run(listing(&server, MARK).env("TERM", "dumb")), plain);
    let server = Server::answering([last_page("", 20)]);
    assert_eq!(Terminal::sized(80, ROWS).typing("").stderr().run(&mut listing(&server, MARK)), plain);
}

#[test]
fn without_any_pager_it_is_written_as_it_is() {
    let server = Server::answering([last_page("", 20)]);
    let outcome = Terminal::around(80, ROWS).run(listing(&server, "").env("PATH", "/nowhere"));
    assert_eq!(outcome, Outcome::success(ids("", 20)));
}

#[test]
fn a_pager_that_does_not_start_is_told_and_loses_nothing() {
    for (pager, why) in [
        ("no-such-pager -R", "no such file or directory"),
        ("less 'open", "it is no command line: is a quote open?"),
        ("  ", "it is no command line: is a quote open?"),
    ] {
        let stderr =
            format!("warning: the pager `{pager}` (VSFB_PAGER) does not start: {why}; --no-pager does without\n");
        let outcome = shown(20, pager, &["--color", "never"]);
        assert_eq!(outcome, Outcome { stderr, ..Outcome::success(ids("", 20)) });
    }
}

#[test]
fn what_a_pager_that_fails_was_given_may_not_have_been_seen() {
    for (count, pager, status) in
        [(20, "sh -c 'cat >/dev/null; exit 3'", 3), (20_000, "sh -c no-such-pager", 127), (20, "sh -c 'exit 3'", 3)]
    {
        let outcome = shown(count, pager, &["--color", "never"]);
        let error = format!(
            "error: the pager `{pager}` (VSFB_PAGER) ended with exit status {status}; --no-pager does without\n"
        );
        // A shell has words of its own.
        assert!(outcome.stderr.ends_with(&error), "{pager}: {}", outcome.stderr);
        assert_eq!((outcome.code, outcome.stdout.as_str()), (1, ""), "{pager}");
    }
    // Whom a signal ends has been left.
    assert_eq!(shown(20, "sh -c 'kill -TERM $$'", &[]), Outcome::success(""));
}

#[test]
fn whoever_leaves_it_early_is_done_at_once_and_well() {
    // More than the pipe holds.
    assert_eq!(shown(20_000, "head -n 3", &[]), Outcome::success(ids("", 3)));
    // The next page never comes, and nobody waits for it.
    let server = Server::answering([first_page("a", 12), Answer::silence()]);
    let (_folder, pipe) = pipe();
    let mut vsfb = listing(&server, &format!("sh -c 'head -n 3; cat {}'", pipe.display()));
    let seated = Terminal::around(80, ROWS).start(&mut vsfb);
    server.await_requests(2);
    std::fs::write(&pipe, "left\n").expect("a reader");
    assert_eq!(seated.finish(), Outcome::success(format!("{}left\n", ids("a", 3))));
}

/// A pipe by which a pager and its test wait for each other, and the folder that it is in.
fn pipe() -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let pipe = folder.path().join("pipe");
    rustix::fs::mkfifoat(rustix::fs::CWD, &pipe, Mode::RWXU).expect("a pipe");
    (folder, pipe)
}

#[test]
fn pages_that_are_there_are_shown_while_the_next_is_on_its_way() {
    let gate = Gate::new();
    let answers = [first_page("a", 2), last_page("b", 1).held_by(&gate)];
    let server = Server::answering(answers);
    let (_folder, pipe) = pipe();
    let pager = format!("sh -c 'read first; read second; echo $first $second >{}; cat'", pipe.display());
    let mut vsfb = listing(&server, &pager);
    let seated = Terminal::around(80, ROWS).start(&mut vsfb);
    assert_eq!(std::fs::read_to_string(&pipe).expect("what the pager has"), "file-a0 file-a1\n");
    gate.open();
    assert_eq!(seated.finish(), Outcome::success("file-b0\n"));
}

#[test]
fn ctrl_c_is_meant_for_the_pager() {
    let pager = "sh -c 'trap \"\" INT; kill -INT $PPID; cat'";
    assert_eq!(shown(20, pager, &[]), Outcome::success(ids("", 20)));
}

#[test]
fn a_signal_that_ends_the_command_ends_the_pager_with_it() {
    let (_folder, pipe) = pipe();
    // It would go on for ever; nobody else holds the pipe.
    let pager = format!("sh -c 'exec >&- 2>&-; kill -TERM $PPID; read line <>{}'", pipe.display());
    let outcome = shown(20, &pager, &[]);
    assert_eq!((outcome.code, outcome.stdout.as_str()), (143, ""), "{}", outcome.stderr);
    let deadline = Instant::now() + LIMIT;
    let is_held = || rustix::fs::open(&pipe, OFlags::WRONLY | OFlags::NONBLOCK, Mode::empty()).is_ok();
    while is_held() {
        assert!(Instant::now() < deadline, "the pager is still there");
        std::thread::yield_now();
    }
}

#[test]
fn what_came_before_an_error_is_shown_and_the_error_after_it() {
    for (count, expected) in [(12, marked(&ids("a", 12))), (2, ids("a", 2))] {
        let server = Server::answering([first_page("a", count), Answer::json(403, "{}")]);
        let outcome = Terminal::around(80, ROWS).run(listing(&server, MARK).args(["--color", "never"]));
        assert_eq!((outcome.code, outcome.stdout), (4, expected));
        assert!(outcome.stderr.contains("error: failed to list the files of the file batch"), "{}", outcome.stderr);
    }
}

#[test]
fn what_is_said_meanwhile_is_said_after_it() {
    let busy = Answer::json(503, "").header("Retry-After-Ms", "1");
    let server = Server::answering([first_page("a", 12), busy, last_page("b", 1)]);
    let mut vsfb = listing(&server, "sh -c 'cat; echo pager >&2'");
    let outcome = Terminal::around(80, ROWS).run(vsfb.args(["--color", "never"]));
    assert_eq!((outcome.code, outcome.stdout), (0, format!("{}{}", ids("a", 12), ids("b", 1))));
    let said: Vec<_> = outcome.stderr.lines().map(|line| line.split(' ').next()).collect();
    assert_eq!(said, [Some("pager"), Some("note:")], "{}", outcome.stderr);
}
