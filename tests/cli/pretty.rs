//! `--format pretty`: golden screens in terminals of several sizes, with and without colours and characters beyond ASCII.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::samples::{BATCH, COMPLETED, FAILED, TARGET, WAITING, ask, golden, list, page, page_of_many, retrieve};
use crate::support::command::{Outcome, spawnable_vsfb_at};
use crate::support::message::Answer;
use crate::support::server::Server;
use crate::support::terminal::Terminal;

/// When the samples were created.
const CREATED: &str = "1699061776";
const LATER: &str = "1699061777";
/// The same as they are shown.
const SHOWN: &str = "2023-11-04 01:36:16";
const SHOWN_LATER: &str = "2023-11-04 01:36:17";

/// A time two hours and a half ago, in seconds since 1970.
fn recently() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("a time after 1970");
    now.as_secs() - 9000
}

/// What such a time looks like.
fn written(seconds: u64) -> String {
    let time = jiff::Timestamp::from_second(seconds.try_into().expect("a near time")).expect("a near time");
    time.strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// `retrieve`, or `list-files` where there are several pages, in a terminal.
fn shown(size: (u16, u16), pages: &[String], variables: &[(&str, &str)]) -> Outcome {
    let created = recently();
    let recent = |page: &String| page.replace(CREATED, &created.to_string()).replace(LATER, &(created + 1).to_string());
    let answers = pages.iter().map(|page| Answer::json(200, recent(page)));
    let server = Server::answering(answers);
    let mut vsfb = spawnable_vsfb_at(&server);
    let command = if pages[0].contains("\"data\"") { "list-files" } else { "retrieve" };
    vsfb.arg(command)
        .args(TARGET)
        .args(["--format", "pretty", "--no-pager"])
        .env("TERM", "xterm")
        .envs(variables.iter().copied());
    let outcome = Terminal::around(size.0, size.1).run(&mut vsfb);
    let stdout = outcome.stdout.replace(&written(created), SHOWN).replace(&written(created + 1), SHOWN_LATER);
    Outcome { stdout, ..outcome }
}

const PLAIN: [(&str, &str); 2] = [("LC_ALL", "C.UTF-8"), ("NO_COLOR", "1")];

#[test]
fn a_batch_is_a_card_that_fits_the_terminal() {
    for (columns, rows) in [(40, 12), (80, 24), (200, 60)] {
        let expected = golden(&format!("batch-{columns}.pretty"));
        assert!(expected.lines().all(|line| line.chars().count() <= usize::from(columns)), "{expected}");
        assert_eq!(shown((columns, rows), &[BATCH.to_owned()], &PLAIN), Outcome::success(expected), "{columns}");
    }
}

#[test]
fn a_list_is_a_block_an_item_over_all_pages() {
    let pages = [page_of_many(&[COMPLETED, FAILED]), page(&[WAITING])];
    for (columns, rows) in [(40, 12), (80, 24), (200, 60)] {
        let expected = golden(&format!("list-{columns}.pretty"));
        assert!(expected.lines().all(|line| line.chars().count() <= usize::from(columns)), "{expected}");
        assert_eq!(shown((columns, rows), &pages, &PLAIN), Outcome::success(expected), "{columns}");
    }
}

#[test]
fn colours_are_an_extra_and_follow_the_rules() {
    let utf8 = ("LC_ALL", "C.UTF-8");
    let coloured = shown((80, 24), &[BATCH.to_owned()], &[utf8]);
    assert_eq!(coloured, Outcome::success(golden("batch.pretty.colours")));
    assert_eq!(
        shown((80, 24), &[BATCH.to_owned()], &[utf8, ("NO_COLOR", "1"), ("FORCE_COLOR", "1")]).stdout,
        golden("batch-80.pretty")
    );
}

#[test]
fn without_utf8_it_is_ascii() {
    let odd = BATCH.replace("vs_abc123", "vs_日本");
    for variables in
        [&[("LC_ALL", "C")] as &[_], &[("LANG", "de_DE.ISO-8859-1")], &[], &[("LC_ALL", "C.UTF-8"), ("TERM", "dumb")]]
    {
        let plain = [variables, &[("NO_COLOR", "1")]].concat();
        let outcome = shown((80, 24), std::slice::from_ref(&odd), &plain);
        assert_eq!(outcome, Outcome::success(golden("batch.pretty.ascii")), "{variables:?}");
        assert!(outcome.stdout.is_ascii());
    }
    let utf8 = shown((80, 24), &[odd], &[("LANG", "de_DE.UTF-8"), ("NO_COLOR", "1")]);
    assert!(utf8.stdout.contains("vs_日本\n"), "{utf8:?}");
}

#[test]
fn it_is_the_same_in_a_pipe_with_lines_as_long_as_they_like() {
    let long = FAILED.replace("The file type is not supported.", &"so ".repeat(80));
    let outcome = list(&[&long], &["--format", "pretty", "--transform", "last_error"]);
    let expected = format!("code     unsupported_file\nmessage  {}\n", "so ".repeat(80));
    assert_eq!(outcome, Outcome::success(expected));
}

#[test]
fn parts_and_errors_are_shown_like_wholes() {
    assert_eq!(retrieve(BATCH, &["-o", "Pretty", "--transform", "file_counts.failed"]), Outcome::success("2\n"));
    assert_eq!(retrieve(BATCH, &["-o", "pretty", "-r", "--transform", "id"]), Outcome::success("vsfb_abc123\n"));
    let both = list(&[COMPLETED, FAILED], &["-o", "pretty", "--transform", "{id,status}"]);
    let expected = "id      file-abc123\nstatus  completed\n\nid      file-def456\nstatus  failed\n";
    assert_eq!(both, Outcome::success(expected));
    let bare = list(&[COMPLETED, FAILED], &["-o", "pretty", "-r", "--transform", "id"]);
    assert_eq!(bare, Outcome::success("file-abc123\nfile-def456\n"));
    let words = list(&[COMPLETED, FAILED], &["-o", "pretty", "--transform", "status"]);
    assert_eq!(words, Outcome::success("completed\nfailed\n"));
    let refused = Answer::json(404, crate::samples::error("no such batch", "gone"));
    let outcome = ask("retrieve", refused, &["--format-error", "pretty"]);
    assert_eq!((outcome.code, outcome.stdout.as_str()), (1, ""));
    let error = "message  no such batch\ntype     invalid_request_error\nparam    -\ncode     gone\n";
    assert!(outcome.stderr.contains(error), "{outcome:?}");
}

/// A key such as `@this` sent the official program round in circles.
#[test]
fn keys_are_data_and_not_paths() {
    let odd = r##"{"@this":{"@this":"@this"},"a.b|@tostr":"#","*":[]}"##;
    let expected = "@this\n  @this  @this\na.b|@tostr  #\n*           []\n";
    assert_eq!(retrieve(odd, &["-o", "pretty"]), Outcome::success(expected));
}
