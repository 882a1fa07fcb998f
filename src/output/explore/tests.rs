//! What keys come to, and what the screens look like.

use ratatui_core::buffer::Buffer;
use ratatui_core::layout::Rect;
use ratatui_core::style::Modifier;

use super::draw::{draw, lines_of};
use super::keys::Key;
use super::model::{Effect, Explorer, Feeding};
use crate::output::Style;

const BATCH: &str = r#"{"id":"vsfb_1","object":"vector_store.file_batch","status":"in_progress","usage_bytes":1500,"file_counts":{"total":15},"errors":[]}"#;

fn file(number: usize) -> String {
    let (status, error) = match number % 3 {
        0 => ("failed", r#"{"code":"invalid_file","message":"It is empty."}"#),
        1 => ("completed", "null"),
        _ => ("in_progress", "null"),
    };
    format!(
        r#"{{"id":"file-{number}","object":"vector_store.file","status":"{status}","usage_bytes":{},"last_error":{error}}}"#,
        number * 700
    )
}

fn files(numbers: std::ops::RangeInclusive<usize>) -> Vec<String> {
    numbers.map(file).collect()
}

const fn style(unicode: bool) -> Style {
    Style { terminal: true, colour: false, unicode, attended: true, width: None }
}

fn of_value(json: &str) -> Explorer {
    Explorer::of_value(json, style(true))
}

fn of_list(title: &str) -> Explorer {
    Explorer::of_list(title, style(true))
}

/// A list whose first page has come, on a screen with room for so many items.
fn list(count: usize, lines: usize) -> Explorer {
    let mut explorer = of_list("files");
    explorer.resize(lines);
    assert!(explorer.asks_for_page());
    explorer.add(files(1..=count));
    explorer
}

fn type_keys(explorer: &mut Explorer, keys: &str) {
    for character in keys.chars() {
        let key = if character == '\n' { Key::Enter } else { Key::Char(character) };
        assert_eq!(explorer.press(key), Effect::None, "{key:?}");
    }
}

fn screen(explorer: &mut Explorer, width: u16, height: u16) -> Buffer {
    explorer.resize(lines_of(explorer, (width, height)));
    let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
    draw(explorer, &mut buffer);
    buffer
}

fn text(explorer: &mut Explorer, width: u16, height: u16) -> String {
    let buffer = screen(explorer, width, height);
    let rows = buffer.content().chunks(usize::from(width));
    let lines = rows.map(|row| row.iter().map(ratatui_core::buffer::Cell::symbol).collect::<String>());
    lines.map(|line| line.trim_end().to_owned() + "\n").collect()
}

#[test]
fn an_object_is_drawn_with_its_keys_aligned() {
    let expected = "\
vector_store.file_batch vsfb_1  1/6
> id           vsfb_1
  object       vector_store.file_batch
  status       in_progress
  usage_bytes  1500  1.5 kB
  file_counts  {1}
  errors       [0]

? help  q quit  enter open  left back  / find  f filter  r raw
";
    assert_eq!(text(&mut of_value(BATCH), 64, 9), expected);
}

#[test]
fn a_list_is_drawn_with_its_columns_aligned() {
    let mut explorer = list(4, 20);
    assert!(text(&mut explorer, 48, 7).starts_with("files  1/4, more follow\n"));
    explorer.end(None);
    let expected = "\
files  1/4
> completed    file-1  700 B
  in_progress  file-2  1.4 kB
  failed       file-3  2.1 kB  invalid_file
  completed    file-4  2.8 kB

? help  q quit  enter open  left back  / find  f
";
    assert_eq!(text(&mut explorer, 48, 7), expected);
    type_keys(&mut explorer, "f");
    explorer.end(Some("no connection on any of the seven ways; check the network".to_owned()));
    let expected = "\
files  1/1 of 4, broken off  only failed
> failed       file-3  2.1 kB  invalid_f


no connection on any of the seven ways;
check the network
";
    assert_eq!(text(&mut explorer, 40, 6), expected);
    type_keys(&mut explorer, "\n");
    assert!(text(&mut explorer, 48, 7).starts_with("files > file-3  1/5\n> id"));
}

#[test]
fn a_terminal_without_unicode_gets_none() {
    let json = r#"{"id":"\u00e9","日":"é","list":[{"é":"日"}]}"#;
    for keys in ["", "r", "l", "/é", "/é\n", "/ü\n", "y", "jl", "jjl", "jjll"] {
        for unicode in [true, false] {
            let mut explorer = Explorer::of_value(json, style(unicode));
            keys.chars().for_each(|key| drop(explorer.press(if key == '\n' { Key::Enter } else { Key::Char(key) })));
            assert_eq!(text(&mut explorer, 60, 9).is_ascii(), !unicode, "{keys}");
        }
    }
    let mut explorer = Explorer::of_list("files", style(false));
    explorer.end(Some("ü".to_owned()));
    assert!(text(&mut explorer, 60, 9).contains("\\u00fc"));
}

#[test]
fn the_title_says_the_innermost_where_there_is_no_room_for_all() {
    let mut explorer = of_value(r#"{"a_long_key":{"another_key":[7,8]}}"#);
    type_keys(&mut explorer, "\n\n");
    for (width, title) in [
        (60, "JSON > a_long_key > another_key  1/2"),
        (36, "JSON > a_long_key > another_key  1/2"),
        (35, "... > a_long_key > another_key  1/2"),
        (30, "... > another_key  1/2"),
        (20, "... > anothe...  1/2"),
    ] {
        assert_eq!(text(&mut explorer, width, 5).lines().next(), Some(title));
    }
}

#[test]
fn the_end_of_what_is_typed_is_seen() {
    let mut explorer = list(3, 20);
    type_keys(&mut explorer, "/0123456789");
    assert!(text(&mut explorer, 9, 4).ends_with("\n...56789\n"));
}

#[test]
fn no_screen_is_too_small() {
    for (width, height) in [(1, 1), (5, 2), (2, 3), (0, 0), (300, 1)] {
        for keys in ["", "/x", "r", "?", "G"] {
            let mut explorer = list(5, 1);
            type_keys(&mut explorer, keys);
            let _ = screen(&mut explorer, width, height);
        }
    }
    assert_eq!(text(&mut list(4, 1), 5, 2), "> com\n? hel\n");
}

#[test]
fn the_selection_is_turned_round() {
    let mut explorer = list(3, 20);
    type_keys(&mut explorer, "j");
    let buffer = screen(&mut explorer, 20, 6);
    let turned: Vec<_> = (0..6).map(|y| buffer[(0, y)].modifier.contains(Modifier::REVERSED)).collect();
    assert_eq!(turned, [false, false, true, false, false, false]);
}

#[test]
fn a_page_is_asked_for_a_screen_before_it_is_seen() {
    let mut explorer = list(100, 20);
    assert!(!explorer.asks_for_page());
    for _ in 0..3 {
        explorer.press(Key::PageDown);
        assert!(!explorer.asks_for_page());
    }
    explorer.press(Key::PageDown);
    assert!(explorer.asks_for_page());
    assert!(!explorer.asks_for_page(), "one at a time");
    explorer.add(files(101..=200));
    assert!(!explorer.asks_for_page());
}

#[test]
fn what_a_filter_leaves_is_filled_up() {
    let mut explorer = list(30, 20);
    type_keys(&mut explorer, "f");
    assert!(explorer.asks_for_page(), "ten failed of thirty are less than a screen");
    explorer.add(files(31..=90));
    assert!(!explorer.asks_for_page());
    assert_eq!(explorer.root.shown.len(), 30);
}

#[test]
fn the_end_is_where_all_is_loaded() {
    let mut explorer = list(100, 20);
    type_keys(&mut explorer, "G");
    assert!(explorer.asks_for_page());
    explorer.add(files(101..=200));
    assert!(explorer.asks_for_page());
    assert!(text(&mut explorer, 60, 5).ends_with("to the end: 200 so far; any key stops\n"));
    explorer.end(None);
    assert_eq!((explorer.root.selected, explorer.feeding), (199, Feeding::Complete));
}

#[test]
fn loading_to_the_end_is_stopped_by_any_key() {
    for key in [Key::Escape, Key::Char('x'), Key::Char('g')] {
        let mut explorer = list(100, 20);
        type_keys(&mut explorer, "G");
        assert!(explorer.asks_for_page());
        assert_eq!(explorer.press(key), Effect::None);
        explorer.press(Key::Home);
        explorer.add(files(101..=200));
        assert!(!explorer.asks_for_page(), "{key:?}");
    }
}

#[test]
fn a_search_loads_until_something_is_found() {
    let mut explorer = list(100, 20);
    type_keys(&mut explorer, "/FILE-250\n");
    assert!(explorer.asks_for_page());
    explorer.add(files(101..=200));
    assert!(explorer.asks_for_page());
    explorer.add(files(201..=300));
    assert_eq!((explorer.root.selected, explorer.goal), (249, None));
    type_keys(&mut explorer, "/nowhere\n");
    assert!(explorer.asks_for_page());
    explorer.end(None);
    assert_eq!((explorer.notice.as_deref(), explorer.goal), (Some("nowhere is not found"), None));
    type_keys(&mut explorer, "n");
    assert_eq!(explorer.notice.as_deref(), Some("nowhere is not found"));
}

#[test]
fn a_search_goes_round_only_what_is_complete() {
    let mut explorer = list(100, 20);
    type_keys(&mut explorer, "/file-77\n");
    assert_eq!(explorer.root.selected, 76);
    type_keys(&mut explorer, "n");
    assert!(explorer.asks_for_page(), "pages are missing");
    explorer.add(files(101..=200));
    assert_eq!(explorer.root.selected, 76);
    assert!(explorer.asks_for_page());
    explorer.add(files(770..=771));
    assert_eq!((explorer.root.selected, explorer.goal, explorer.notice.take()), (200, None, None));
    explorer.press(Key::Char('G'));
    assert!(explorer.asks_for_page());
    explorer.end(None);
    type_keys(&mut explorer, "n");
    let round = |end: &str| (Some(format!("the search goes on from the {end}")), None);
    assert_eq!((explorer.notice.take(), explorer.goal), round("beginning"));
    assert_eq!(explorer.root.selected, 76);
    type_keys(&mut explorer, "N");
    assert_eq!((explorer.notice.take(), explorer.goal), round("end"));
    assert_eq!(explorer.root.selected, 201);
}

#[test]
fn a_search_that_ends_the_list_goes_round() {
    let mut explorer = list(100, 20);
    type_keys(&mut explorer, "/file-77\nn");
    assert!(explorer.asks_for_page());
    explorer.end(None);
    let notice = explorer.notice.as_deref();
    assert_eq!((explorer.root.selected, notice), (76, Some("the search goes on from the beginning")));
}

#[test]
fn a_list_is_filtered_by_the_states_that_occur() {
    let mut explorer = of_list("checks");
    explorer.resize(20);
    let items = ["ok", "warning", "failed"].map(|state| format!(r#"{{"check":"x","status":"{state}"}}"#));
    explorer.add(items.to_vec());
    for filter in [Some("failed"), Some("ok"), Some("warning"), None] {
        type_keys(&mut explorer, "f");
        assert_eq!((explorer.filter(), explorer.root.shown.len()), (filter, if filter.is_some() { 1 } else { 3 }));
    }
}

#[test]
fn a_search_that_is_given_up_goes_back() {
    let mut explorer = list(50, 20);
    type_keys(&mut explorer, "jj/file-40");
    assert_eq!(explorer.root.selected, 39);
    explorer.press(Key::Escape);
    assert_eq!((explorer.root.selected, explorer.search.as_str()), (2, ""));
    type_keys(&mut explorer, "n");
    assert_eq!(explorer.notice.as_deref(), Some("nothing to search; / begins"));
}

#[test]
fn typed_letters_are_no_commands_while_a_search_is_typed() {
    let mut explorer = list(3, 20);
    type_keys(&mut explorer, "/qpry");
    assert_eq!(explorer.press(Key::Ctrl('c')), Effect::Leave);
}

#[test]
fn values_are_copied_and_printed_as_they_are_spelled() {
    let mut explorer = of_value(r#"{"@this":1.50,"a.b":{"id":"x"},"a.b":"y\n"}"#);
    assert_eq!(explorer.press(Key::Char('p')), Effect::Print("1.50".to_owned()));
    assert_eq!(explorer.press(Key::Char('y')), Effect::Copy("1.50".to_owned()));
    explorer.press(Key::Down);
    assert_eq!(explorer.press(Key::Char('y')), Effect::Copy("x".to_owned()));
    explorer.press(Key::Down);
    assert_eq!(explorer.press(Key::Char('p')), Effect::Print("\"y\\n\"".to_owned()));
}

#[test]
fn nothing_is_done_with_nothing() {
    let mut explorer = of_value("{}");
    for key in ['p', 'y', 'r', 'l', 'n', 'N', 'j', 'G', 'h', 'f'] {
        assert_eq!(explorer.press(Key::Char(key)), Effect::None, "{key}");
    }
    assert_eq!(explorer.press(Key::Escape), Effect::Leave);
    let mut explorer = of_value("\"text\"");
    assert_eq!(explorer.press(Key::Char('p')), Effect::Print("\"text\"".to_owned()));
}

#[test]
fn a_long_text_is_read_sideways() {
    let mut explorer = of_value(r#"{"a":"0123456789012345678901234567890123456789"}"#);
    type_keys(&mut explorer, "l");
    assert!(text(&mut explorer, 30, 4).contains("\n012345678901234567890123456789\n"));
    type_keys(&mut explorer, "lll");
    assert!(text(&mut explorer, 30, 4).contains("\n01234567890123456789\n"));
    type_keys(&mut explorer, "hh");
    assert!(explorer.page.is_none());
}

/// Panics with the terminal in hand; for the test below, in a process of its own.
#[test]
fn a_long_key_leaves_room_for_its_value() {
    let json = format!(r#"{{"{}":"value","id":"short"}}"#, "k".repeat(64));
    let shown = text(&mut of_value(&json), 40, 12);
    assert!(shown.contains("value") && shown.contains("short"), "{shown}");
}

#[test]
fn a_list_that_broke_off_does_not_pass_for_complete() {
    let mut explorer = list(3, 9);
    explorer.end(Some("the answer broke off".to_owned()));
    type_keys(&mut explorer, "/zzz\n");
    let shown = text(&mut explorer, 80, 12);
    assert!(shown.contains("1/3, broken off") && shown.contains("zzz is not found in what could be loaded"), "{shown}");
    let mut explorer = of_list("files");
    explorer.end(Some("no".to_owned()));
    assert!(text(&mut explorer, 80, 12).contains("nothing could be loaded"));
}
