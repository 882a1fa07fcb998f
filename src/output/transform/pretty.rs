//! `@pretty`: JSON laid out as the Go program's `pretty` package does it.
//!
//! An array stays on one line if it holds no object and fits in the width that is left; everything else takes a line for
//! each member.

use std::borrow::Cow;

use super::query;
use super::scan::{self, Kind};

/// How `@pretty` lays out.
#[derive(Debug)]
pub(super) struct Layout {
    width: i64,
    /// White space before every line.
    prefix: String,
    /// White space before a line for every level.
    indent: String,
    sort_keys: bool,
}

impl Default for Layout {
    fn default() -> Self {
        Self { width: 80, prefix: String::new(), indent: "  ".to_owned(), sort_keys: false }
    }
}

impl Layout {
    /// The layout that the argument of `@pretty` asks for. Options that it does not know are passed over.
    pub(super) fn from_options<'o>(options: impl Iterator<Item = (Cow<'o, str>, &'o str)>) -> Self {
        let mut layout = Self::default();
        for (key, value) in options {
            match key.as_ref() {
                "width" => layout.width = integer(value),
                "prefix" => layout.prefix = white_space(value),
                "indent" => layout.indent = white_space(value),
                "sortKeys" => layout.sort_keys = query::truth(value) == Some(true),
                _ => {}
            }
        }
        layout
    }
}

/// The white space of a text; everything else in it is dropped.
fn white_space(value: &str) -> String {
    scan::string(value).chars().filter(|character| matches!(character, ' ' | '\t' | '\n' | '\r')).collect()
}

/// The integer that a number, a string of digits or `true` stands for; 0 for others.
fn integer(value: &str) -> i64 {
    match scan::kind(value) {
        Some(Kind::True) => 1,
        Some(Kind::String) => scan::string(value).parse().unwrap_or_default(),
        #[expect(clippy::cast_possible_truncation, reason = "the Go program cuts the fraction off")]
        Some(Kind::Number) => value.parse::<i64>().unwrap_or_else(|_| value.parse::<f64>().unwrap_or_default() as i64),
        _ => 0,
    }
}

/// `json` laid out, with a line break at its end; empty for a missing value.
pub(super) fn pretty(json: &str, layout: &Layout) -> String {
    let json = scan::value(json);
    let mut page = Page { text: layout.prefix.clone(), line_start: 0, layout };
    page.value(json, 0);
    if !page.text.is_empty() {
        page.text.push('\n');
    }
    page.text
}

struct Page<'l> {
    text: String,
    /// Where the Go program takes the last line to begin: sometimes at its line break, sometimes after.
    line_start: usize,
    layout: &'l Layout,
}

impl Page<'_> {
    fn value(&mut self, json: &str, level: usize) {
        match scan::kind(json) {
            Some(Kind::Object) => self.object(json, level),
            Some(Kind::Array) => self.array(json, level),
            _ => self.text.push_str(json),
        }
    }

    fn object(&mut self, json: &str, level: usize) {
        let mut members: Vec<(&str, &str)> = scan::members(json).collect();
        if self.layout.sort_keys {
            members.sort_by_key(|(key, _)| key.trim_matches('"'));
        }
        self.text.push('{');
        for (index, (key, value)) in members.iter().enumerate() {
            if index > 0 {
                self.text.push(',');
            }
            self.line_start = self.text.len();
            self.break_line(level + 1);
            self.text.push_str(key);
            self.text.push_str(": ");
            self.value(value, level + 1);
        }
        if !members.is_empty() {
            self.break_line(level);
        }
        self.text.push('}');
    }

    fn array(&mut self, json: &str, level: usize) {
        let used = i64::try_from(self.text.len().saturating_sub(self.line_start)).unwrap_or(i64::MAX);
        let room = self.layout.width.saturating_sub(used);
        if self.layout.width > 0
            && room > 3
            && let Some(line) = one_line(json, usize::try_from(room).unwrap_or_default())
        {
            self.text.push_str(&line);
            return;
        }
        self.text.push('[');
        let mut is_empty = true;
        for element in scan::elements(json) {
            if !is_empty {
                self.text.push(',');
            }
            // After a comma the Go program turns a space into the line break and counts the line from behind it.
            self.line_start = self.text.len() + usize::from(!is_empty);
            self.break_line(level + 1);
            self.value(element, level + 1);
            is_empty = false;
        }
        if !is_empty {
            self.break_line(level);
        }
        self.text.push(']');
    }

    fn break_line(&mut self, level: usize) {
        self.text.push('\n');
        self.text.push_str(&self.layout.prefix);
        for _ in 0..level {
            self.text.push_str(&self.layout.indent);
        }
    }
}

/// An array on one line; `None` if it holds an object or is longer than `room`.
fn one_line(json: &str, room: usize) -> Option<String> {
    let mut line = String::from("[");
    for element in scan::elements(json) {
        if line.len() > 1 {
            line.push_str(", ");
        }
        match scan::kind(element) {
            Some(Kind::Object) => return None,
            Some(Kind::Array) => line.push_str(&one_line(element, room)?),
            _ => line.push_str(element),
        }
        if line.len() >= room {
            return None;
        }
    }
    line.push(']');
    (line.len() <= room).then_some(line)
}
