//! A text over everything else: raw JSON, a long value, the keys.

use super::keys::Key;
use super::model::moved;
use crate::api;
use crate::output::json;
use crate::output::style::{Style, safe_line};

/// How far left and right go.
const STEP: usize = 20;

/// The keys, for `?`.
const KEYS: [(&str, &str); 14] = [
    ("up down j k", "move by a line"),
    ("PgUp PgDn space", "move by a screen; ctrl-u and ctrl-d by half of one"),
    ("g G Home End", "the first line; the last, for which all of it is loaded"),
    ("right enter l", "open what is selected"),
    ("left backspace h", "go back"),
    ("/", "search keys and values: enter goes there, esc does not"),
    ("n N", "the next that is found, the one before"),
    ("f", "filter by status: each that occurs, and all again"),
    ("r", "the selected value as JSON"),
    ("y", "copy the selected id or value, where the terminal lets us"),
    ("p", "leave and print the selected value"),
    ("?", "this"),
    ("esc", "close what is open on top, else leave"),
    ("q ctrl-c", "leave"),
];

/// A text and the part of it that is seen.
#[derive(Debug)]
pub(super) struct Page {
    pub(super) title: &'static str,
    /// Made readable.
    pub(super) lines: Vec<String>,
    pub(super) top: usize,
    /// Columns that are out of sight at the left.
    pub(super) left: usize,
    /// Characters of the longest line.
    longest: usize,
}

impl Page {
    fn new(title: &'static str, lines: Vec<String>) -> Self {
        let longest = lines.iter().map(|line| line.chars().count()).max().unwrap_or_default();
        Self { title, lines, top: 0, left: 0, longest }
    }

    /// The keys.
    pub(super) fn help() -> Self {
        let width = KEYS.map(|(keys, _)| keys.len()).into_iter().max().unwrap_or_default();
        let lines = KEYS.map(|(keys, meaning)| format!("{keys:width$}  {meaning}"));
        Self::new("keys", lines.to_vec())
    }

    /// A value as JSON, indented.
    pub(super) fn raw(json: &str, style: Style) -> Self {
        let text = json::indented(json, Style { terminal: true, ..Style::default() });
        Self::new("JSON", text.lines().map(|line| style.readable(line).into_owned()).collect())
    }

    /// All of a value that is no object and no list, a string without its quotes.
    pub(super) fn text(json: &str, style: Style) -> Self {
        let text = serde_json::from_str::<String>(json).unwrap_or_else(|_| json.to_owned());
        let lines = text.split('\n').map(|line| style.readable(line).into_owned());
        Self::new("value", lines.collect())
    }

    /// Takes a key, and says whether the text is to be closed.
    pub(super) fn press(&mut self, key: Key, lines: usize) -> bool {
        match key {
            Key::Right | Key::Char('l') => self.left += STEP,
            Key::Left | Key::Backspace | Key::Char('h') if self.left == 0 => return true,
            Key::Left | Key::Backspace | Key::Char('h') => self.left = self.left.saturating_sub(STEP),
            Key::Char('r') => return true,
            key => self.top = moved(key, self.top, lines).unwrap_or(self.top),
        }
        false
    }

    /// Keeps as many lines on the screen as there are.
    pub(super) fn scroll(&mut self, lines: usize) {
        self.top = self.top.min(self.lines.len().saturating_sub(lines.max(1)));
        self.left = self.left.min(self.longest.saturating_sub(1) / STEP * STEP);
    }
}

/// An error with what to do about it, on one line.
pub(super) fn failure(error: &anyhow::Error) -> String {
    let hint = error.downcast_ref::<api::Error>().and_then(api::Error::hint);
    let text = format!("{error:#}{}", hint.map(|hint| format!("; {hint}")).unwrap_or_default());
    safe_line(&text).into_owned()
}
