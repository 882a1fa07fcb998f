//! One line of the explorer: a member of an object, an element of a list, or an item such as a file.

use std::borrow::Cow;

use unicode_width::UnicodeWidthStr as _;

use crate::api::types::{FileBatch, Status, VectorStoreFile};
use crate::json::{Kind, elements, members, text_member, tokens};
use crate::output::human::{self, NOTHING, Quantity};
use crate::output::style::{Paint, Style, safe_line};

/// No line of a terminal shows more characters of a value.
const LONGEST: usize = 1000;

/// A value and what is seen of it.
#[derive(Debug)]
pub(super) struct Row {
    /// The member's key or the element's number; empty for an item.
    pub(super) key: String,
    /// The value as the service spells it.
    pub(super) json: String,
    /// What its `status` says.
    pub(super) status: Option<String>,
    pub(super) cells: Vec<Cell>,
}

/// A part of a line, made safe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Cell {
    pub(super) text: String,
    pub(super) paint: Option<Paint>,
}

impl Cell {
    fn new(text: &str, paint: Option<Paint>) -> Self {
        Self { text: safe_line(&beginning(text)).into_owned(), paint }
    }

    /// Columns on a terminal.
    pub(super) fn width(&self) -> usize {
        self.text.width()
    }
}

impl Row {
    /// A member or an element.
    pub(super) fn value(key: &str, json: &str) -> Self {
        let mut cell = shortened(json);
        if let Some(meaning) = meaning(key, json) {
            cell.text.push_str(&format!("  {meaning}"));
        }
        if key == "status" {
            cell.paint = Paint::of(&Status::named(&cell.text));
        }
        Self { key: safe_line(key).into_owned(), json: json.to_owned(), status: None, cells: vec![cell] }
    }

    /// An item of a list: state, id, size and error code of a file; state, id, counts and time of a batch; state, path and error
    /// of a file that was synced; of anything else its members on a line.
    pub(super) fn item(json: String) -> Self {
        let cells = if let Some(file) = VectorStoreFile::read(&json) {
            file_cells(&file)
        } else if let Some(batch) = FileBatch::read(&json) {
            batch_cells(&batch)
        } else {
            touched_cells(&json).unwrap_or_else(|| vec![line(&json)])
        };
        Self { key: String::new(), status: text_member(&json, "status"), json, cells }
    }

    /// The same with what is seen of it as this terminal shows it.
    pub(super) fn readable(mut self, style: Style) -> Self {
        for text in self.cells.iter_mut().map(|cell| &mut cell.text).chain([&mut self.key]) {
            if let Cow::Owned(readable) = style.readable(text) {
                *text = readable;
            }
        }
        self
    }

    /// Whether a key or a value in it, at any depth, has this text, which is in lower case.
    pub(super) fn has(&self, text: &str) -> bool {
        let has = |found: &str| contains(found, text);
        has(&self.key)
            || tokens(&self.json).any(|token| match token.kind {
                // Without escapes a string is what stands between its quotes.
                Kind::Key | Kind::String if !token.text.contains('\\') => has(token.text.trim_matches('"')),
                Kind::Key | Kind::String => serde_json::from_str::<String>(token.text).is_ok_and(|string| has(&string)),
                Kind::Number | Kind::Literal => has(token.text),
                Kind::Open { .. } | Kind::Close | Kind::Comma | Kind::Colon => false,
            })
    }

    /// What is copied: the id of what has one, else the value, strings without quotes.
    pub(super) fn copied(&self) -> String {
        text_member(&self.json, "id")
            .or_else(|| serde_json::from_str(&self.json).ok())
            .unwrap_or_else(|| self.json.clone())
    }
}

/// Whether a text has this one in it, which is in lower case, however it is spelled itself.
fn contains(text: &str, wanted: &str) -> bool {
    if !text.is_ascii() {
        return text.to_lowercase().contains(wanted);
    }
    wanted.is_empty() || text.as_bytes().windows(wanted.len()).any(|part| part.eq_ignore_ascii_case(wanted.as_bytes()))
}

/// What a number means to a person, where its key tells.
fn meaning(key: &str, json: &str) -> Option<String> {
    match Quantity::of(key, json)? {
        Quantity::Bytes(bytes) => Some(human::bytes(bytes)).filter(|_| bytes >= 1000),
        Quantity::Time(seconds) => human::local_time(seconds),
    }
}

fn status_cell(status: Option<&Status>) -> Cell {
    let text = status.map_or_else(|| NOTHING.to_owned(), ToString::to_string);
    Cell::new(&text, status.and_then(Paint::of))
}

fn batch_cells(batch: &FileBatch) -> Vec<Cell> {
    let counts = human::counts(&batch.file_counts).join(", ");
    let created = batch.created_at.and_then(human::local_time).unwrap_or_else(|| NOTHING.to_owned());
    vec![
        status_cell(batch.status.as_ref()),
        Cell::new(&batch.id, None),
        Cell::new(&counts, None),
        Cell::new(&created, None),
    ]
}

fn file_cells(file: &VectorStoreFile) -> Vec<Cell> {
    let usage = file.usage_bytes.filter(|bytes| *bytes > 0).map_or_else(|| NOTHING.to_owned(), human::bytes);
    let code = file.last_error.as_ref().and_then(|error| error.code.as_deref()).unwrap_or_default();
    vec![
        status_cell(file.status.as_ref()),
        Cell::new(&file.id, None),
        Cell::new(&usage, None),
        Cell::new(code, Some(Paint::Error)),
    ]
}

/// What became of a file of a folder, as a sync tells it: state, path, and why it failed.
fn touched_cells(json: &str) -> Option<Vec<Cell>> {
    let (status, path) = (text_member(json, "status")?, text_member(json, "path")?);
    let error = text_member(json, "error").unwrap_or_default();
    Some(vec![
        status_cell(Some(&Status::named(&status))),
        Cell::new(&path, None),
        Cell::new(&error, Some(Paint::Error)),
    ])
}

/// A value on a line: of an object or a list only its size.
fn shortened(json: &str) -> Cell {
    match json.as_bytes().first() {
        Some(b'{') => Cell::new(&format!("{{{}}}", members(json).map_or(0, |members| members.len())), None),
        Some(b'[') => Cell::new(&format!("[{}]", elements(json).map_or(0, |elements| elements.len())), None),
        Some(b'"') => match serde_json::from_str::<String>(json) {
            Ok(text) => Cell::new(&text, Some(Paint::Text)),
            Err(_) => Cell::new(json, Some(Paint::Text)),
        },
        Some(b't' | b'f' | b'n') => Cell::new(json, Some(Paint::Literal)),
        _ => Cell::new(json, Some(Paint::Number)),
    }
}

/// An object's members on one line, without the empty ones and the one that is the same for all; any other value as ever.
fn line(json: &str) -> Cell {
    let Some(members) = members(json).filter(|members| !members.is_empty()) else { return shortened(json) };
    let is_shown = |key: &str, value: &str| key != "object" && !matches!(value, "null" | "{}" | "[]" | "\"\"");
    let members = members.iter().filter(|(key, value)| is_shown(key, value));
    let text = members.map(|(key, value)| format!("{} {}", beginning(key), shortened(value).text));
    Cell::new(&text.take(20).collect::<Vec<_>>().join("  "), None)
}

/// As much of a text as can be on a line.
fn beginning(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => text.get(..end).unwrap_or_default().to_owned() + "...",
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Cell, LONGEST, Paint, Row};

    fn texts(row: &Row) -> Vec<&str> {
        row.cells.iter().map(|cell| cell.text.as_str()).collect()
    }

    #[test]
    fn a_synced_file_is_its_state_its_path_and_its_error() {
        let json =
            r#"{"path":"a.md","file_id":"file-1","batch_id":null,"action":"new","status":"failed","error":"late"}"#;
        let row = Row::item(json.to_owned());
        assert_eq!(row.cells.iter().map(|cell| cell.text.as_str()).collect::<Vec<_>>(), ["failed", "a.md", "late"]);
    }

    #[test]
    fn a_value_is_one_line_and_of_a_nested_one_its_size() {
        for (json, text, paint) in [
            ("\"a\\nb\\u001b[2J\"", "a b\\u001b[2J", Some(Paint::Text)),
            ("1e3", "1e3", Some(Paint::Number)),
            ("null", "null", Some(Paint::Literal)),
            (r#"{"a":1,"a":2}"#, "{2}", None),
            ("[ ]", "[0]", None),
        ] {
            assert_eq!(Row::value("k", json).cells, [Cell { text: text.to_owned(), paint }]);
        }
        assert_eq!(texts(&Row::value("usage_bytes", "123456")), ["123456  123.5 kB"]);
        assert_eq!(texts(&Row::value("created_at", "0")), ["0"]);
        assert_eq!(texts(&Row::value("created_at", "\"x\"")), ["x"]);
        let long = Row::value("k", &format!("\"{}\"", "x".repeat(100_000)));
        assert_eq!(long.cells.first().unwrap().text.len(), LONGEST + 3);
    }

    #[test]
    fn an_item_is_a_file_or_a_line_of_members() {
        let file = r#"{"id":"f1","object":"vector_store.file","status":"failed","usage_bytes":1500,"last_error":{"code":"invalid_file"}}"#;
        let row = Row::item(file.to_owned());
        assert_eq!(
            (texts(&row), row.status.as_deref()),
            (vec!["failed", "f1", "1.5 kB", "invalid_file"], Some("failed"))
        );
        let batch =
            r#"{"id":"b1","object":"vector_store.file_batch","status":"new","file_counts":{"failed":2,"total":2}}"#;
        assert_eq!(texts(&Row::item(batch.to_owned())), ["new", "b1", "2 failed", "-"]);
        let row = Row::item(r#"{"id":"b1","object":"x","status":"new","files":3,"plan":null,"x":{"y":1}}"#.to_owned());
        assert_eq!((texts(&row), row.status.as_deref()), (vec!["id b1  status new  files 3  x {1}"], Some("new")));
        assert_eq!(texts(&Row::item("7".to_owned())), ["7"]);
    }

    #[test]
    fn a_text_is_found_in_keys_and_values_at_any_depth() {
        let row = Row::value("Name", r#"{"@this":[{"a.b":"D\u00e9j\u00e0"}],"n":1.50}"#);
        for text in ["name", "@this", "a.b", "déjà", "1.50"] {
            assert!(row.has(text), "{text}");
        }
        for text in ["\u{212a}", "K"].map(|text| format!("\"{text}-9\"")) {
            assert!(Row::value("k", &text).has("k-9"), "{text}");
        }
        for text in ["}", "other", "@thisx", "\"", "\\u00e9", "1.5é"] {
            assert!(!row.has(text), "{text}");
        }
    }

    #[test]
    fn the_id_is_copied_and_else_the_value() {
        assert_eq!(Row::value("k", r#"{"id":"f1"}"#).copied(), "f1");
        assert_eq!(Row::value("k", r#""a\nb""#).copied(), "a\nb");
        assert_eq!(Row::value("k", r#"{"id":1e3}"#).copied(), r#"{"id":1e3}"#);
    }
}
