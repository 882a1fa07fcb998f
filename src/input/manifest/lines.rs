//! Manifests of which each line is a file: ids, and JSON Lines.

use std::io::{BufRead as _, Read as _};

use super::super::reason;
use super::super::value::plainer;
use super::{Input, Item, LONGEST};
use crate::json::{SyntaxError, Value};

/// Ids as they stand; blank lines and comments are passed over.
pub(super) fn ids(input: Input<'_>) -> impl Iterator<Item = Item> {
    Lines::new(input).filter_map(|(line, text)| {
        let file = match text.as_deref().map(str::trim) {
            Ok("") => return None,
            Ok(text) if text.starts_with('#') => return None,
            Ok(text) if text.starts_with(['{', '[', '"']) => Err(JSON_AMONG_IDS.to_owned()),
            Ok(id) => Ok(Value::String(id.to_owned())),
            Err(message) => Err(message.clone()),
        };
        Some(Item::new(line, file))
    })
}

const JSON_AMONG_IDS: &str = "this is JSON, not an id; see --files-format";

/// JSON values; blank lines are passed over.
pub(super) fn elements(input: Input<'_>) -> impl Iterator<Item = Item> {
    Lines::new(input).filter_map(|(line, text)| {
        let file = match text {
            Ok(text) if text.trim().is_empty() => return None,
            Ok(text) => Value::from_json(&text).map_err(|error| {
                let SyntaxError { message, column, .. } = plainer(&error);
                format!("{message} (column {column})")
            }),
            Err(message) => Err(message),
        };
        Some(Item::new(line, file))
    })
}

/// The lines with their numbers, or what is wrong with them.
struct Lines<'a> {
    input: Input<'a>,
    line: u64,
    buffer: Vec<u8>,
    ended: bool,
}

impl<'a> Lines<'a> {
    const fn new(input: Input<'a>) -> Self {
        Self { input, line: 0, buffer: Vec::new(), ended: false }
    }

    /// Reads up to the end of the line, or as much of it as there may be; `false` at the end of the text.
    fn fill(&mut self) -> std::io::Result<bool> {
        self.buffer.clear();
        let limit = LONGEST as u64 + 1;
        Ok(self.input.by_ref().take(limit).read_until(b'\n', &mut self.buffer)? > 0)
    }

    /// Whether the line goes on behind what has been read of it.
    fn is_cut(&self) -> bool {
        self.buffer.len() > LONGEST && !self.buffer.ends_with(b"\n")
    }

    fn skip_rest(&mut self) -> std::io::Result<()> {
        while self.is_cut() && self.fill()? {}
        Ok(())
    }

    /// The text of the line that has been read.
    fn text(&mut self) -> Result<String, String> {
        if self.is_cut() {
            self.skip_rest().map_err(|error| reason(&error))?;
            return Err("the line is longer than 1 MiB".to_owned());
        }
        let text = std::str::from_utf8(&self.buffer).map_err(|_| super::NOT_UTF_8.to_owned())?;
        Ok(text.trim_end_matches(['\r', '\n']).to_owned())
    }
}

impl Iterator for Lines<'_> {
    type Item = (u64, Result<String, String>);

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        self.line += 1;
        match self.fill() {
            Ok(false) => {
                self.ended = true;
                None
            }
            Ok(true) => Some((self.line, self.text())),
            Err(error) => {
                self.ended = true;
                Some((self.line, Err(super::unreadable(&error))))
            }
        }
    }
}
