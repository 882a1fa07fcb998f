//! Tables for people, in terminals of several sizes.

use crate::samples::{BATCH, COMPLETED, FAILED, TARGET, WAITING, golden, list, page, page_of_many, retrieve};
use crate::support::command::{Outcome, spawnable_vsfb_at};
use crate::support::message::Answer;
use crate::support::server::Server;
use crate::support::terminal::Terminal;

/// A file with everything that a table shows, and more of it than fits.
const LONG: &str = r#"{"id":"file-AbCdEfGhIjKlMnOpQrStUv","object":"vector_store.file","usage_bytes":2500000,"created_at":1699061776,"vector_store_id":"vs_abc123","status":"failed","last_error":{"code":"unsupported_file","message":"The file could not be parsed because it is not well formed."},"attributes":{"team":"red","title":"A long title"}}"#;

/// The command in a terminal of that size, without colours.
fn shown(size: (u16, u16), command: &str, pages: &[String]) -> Outcome {
    let server = Server::answering(pages.iter().map(|page| Answer::json(200, page.as_str())));
    let mut vsfb = spawnable_vsfb_at(&server);
    vsfb.arg(command).args(TARGET).env("NO_COLOR", "1");
    Terminal::around(size.0, size.1).run(&mut vsfb)
}

#[test]
fn a_batch_is_what_it_is_and_its_counts() {
    let expected = Outcome::success(golden("batch.table"));
    assert_eq!(retrieve(BATCH, &["--format", "table"]), expected);
    for size in [(80, 24), (200, 60)] {
        assert_eq!(shown(size, "retrieve", &[BATCH.to_owned()]), expected, "{size:?}");
    }
    assert_eq!(shown((40, 12), "cancel", &[BATCH.to_owned()]), Outcome::success(golden("batch-40.table")));
}

#[test]
fn created_is_local_time() {
    let server = Server::answering([Answer::json(200, BATCH)]);
    let mut vsfb = spawnable_vsfb_at(&server);
    vsfb.arg("retrieve").args(TARGET).args(["--format", "table"]).env("TZ", "XYZ-9");
    let output = vsfb.output().expect("the command can be started");
    let expected = golden("batch.table").replace("2023-11-04 01:36:16", "2023-11-04 10:36:16");
    assert_eq!(Outcome::new(output.status, output.stdout, output.stderr), Outcome::success(expected));
}

#[test]
fn what_is_missing_or_zero_is_a_dash() {
    let bare = r#"{"id":"b","object":"vector_store.file_batch","created_at":0,"file_counts":{"total":3}}"#;
    let expected = "batch    b
store    -
status   -
created  -

completed  in progress  failed  cancelled  total
        -            -       -          -      3
";
    assert_eq!(retrieve(bare, &["-o", "table"]), Outcome::success(expected));
}

#[test]
fn a_file_is_a_row_and_empty_columns_are_left_out() {
    assert_eq!(list(&[COMPLETED, FAILED, WAITING], &["-o", "table"]), Outcome::success(golden("list.table")));
    let expected = "id           status       usage\nfile-ghi789  in_progress    0 B\n";
    assert_eq!(list(&[WAITING], &["-o", "table"]), Outcome::success(expected));
    assert_eq!(list(&[], &["-o", "table"]), Outcome::success(""));
}

#[test]
fn a_list_fits_the_terminal() {
    let pages = [page(&[COMPLETED, LONG, WAITING])];
    for (columns, rows) in [(40, 12), (80, 24), (200, 60)] {
        let expected = golden(&format!("list-{columns}.table"));
        let widest = expected.lines().map(|line| line.chars().count()).max();
        assert!(widest <= Some(usize::from(columns)), "{widest:?}");
        assert_eq!(shown((columns, rows), "list-files", &pages), Outcome::success(expected));
    }
}

#[test]
fn the_first_page_decides_columns_and_widths_and_the_header_stands_once() {
    let pages = [page_of_many(&[WAITING]), page(&[LONG])];
    let expected = "id           status       usage
file-ghi789  in_progress    0 B
file-AbCdEf  failed         2.5
GhIjKlMnOpQ                  MB
rStUv
";
    assert_eq!(shown((80, 24), "list-files", &pages), Outcome::success(expected));
}

#[test]
fn what_stands_below_a_row_does_so_on_every_page() {
    let pages = [page_of_many(&[LONG]), page_of_many(&[WAITING]), page(&[COMPLETED])];
    let expected = "id                           status  usage   created
file-AbCdEfGhIjKlMnOpQrStUv  failed  2.5 MB  2023-11-04 01:36:16
    error:       unsupported_file
    message:     The file could not be parsed because it is not well formed.
    attributes:  team=red title=A long title
file-ghi789                  in_pro     0 B  -
                             gress
file-abc123                  comple   123.5  2023-11-04 01:36:16
                             ted         kB
    attributes:  team=red year=2024
";
    assert_eq!(shown((80, 24), "list-files", &pages), Outcome::success(expected));
}

#[test]
fn colours_follow_the_state_and_never_break_a_line() {
    let server = Server::with(|request| {
        let body = if request.target.contains("/files") { page(&[COMPLETED, LONG, WAITING]) } else { BATCH.to_owned() };
        Answer::json(200, body)
    });
    for (command, name) in [("retrieve", "batch"), ("list-files", "list-80")] {
        let mut vsfb = spawnable_vsfb_at(&server);
        vsfb.arg(command).args(TARGET).env("TERM", "xterm");
        let outcome = Terminal::around(80, 24).run(&mut vsfb);
        assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""));
        assert_eq!(outcome.stdout, golden(&format!("{name}.colours")));
        assert_eq!(without_colours(&outcome.stdout), golden(&format!("{name}.table")));
    }
}

/// Text without its escape sequences, which must all be colours.
fn without_colours(text: &str) -> String {
    let mut parts = text.split("\u{1b}[");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (colour, rest) = part.split_once('m').expect("the end of a colour");
        assert!(colour.chars().all(|character| character.is_ascii_digit() || character == ';'), "{colour}");
        plain.push_str(rest);
    }
    plain
}

#[test]
fn what_is_no_file_stands_as_json_between_the_rows() {
    let expected = "id           status       usage
file-ghi789  in_progress    0 B
{
  \"id\": \"x\",
  \"object\": \"other\"
}
file-ghi789  in_progress    0 B
";
    let other = r#"{"id":"x","object":"other"}"#;
    assert_eq!(list(&[WAITING, other, WAITING], &["-o", "table"]), Outcome::success(expected));
}
