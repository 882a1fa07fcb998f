//! Manifests that are one JSON array. The bounds of each element are found without reading on, so that an array of any
//! length takes no more memory than its longest element.

use std::io::BufRead as _;

use super::super::value::plainer;
use super::{Input, Item, LONGEST};
use crate::json::Value;

/// The elements of an array.
pub(super) struct Elements<'a> {
    input: Input<'a>,
    /// Of what comes next, from 1.
    line: u64,
    /// How many there have been.
    count: u64,
    state: State,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Before,
    /// Behind the opening bracket.
    First,
    /// Behind a comma.
    Next,
    Ended,
}

/// Why the rest of an array cannot be read.
type Broken = String;

impl<'a> Elements<'a> {
    pub(super) const fn new(input: Input<'a>) -> Self {
        Self { input, line: 1, count: 0, state: State::Before }
    }

    /// The next element, or nothing behind the last one.
    fn element(&mut self) -> Result<Option<Item>, Broken> {
        if self.state == State::Before {
            match self.peek_word()? {
                Some(b'[') => self.pass(),
                Some(_) => return Err("the manifest must be a JSON array; see --files-format".to_owned()),
                None => return Err("the manifest is empty; it must be a JSON array".to_owned()),
            }
            self.state = State::First;
        }
        match self.peek_word()? {
            None => return Err(NEVER_CLOSED.to_owned()),
            Some(b']') if self.state == State::First => {
                self.pass();
                return self.end().map(|()| None);
            }
            Some(b']' | b',') => return Err("an element is missing".to_owned()),
            Some(_) => {}
        }
        let (line, mut text) = (self.line, Vec::new());
        self.scan(&mut text)?;
        self.count += 1;
        let is_last = super::peek(&mut self.input)? == Some(b']');
        self.pass();
        if is_last {
            self.end()?;
        } else {
            self.state = State::Next;
        }
        let (line, file) = read(line, &text);
        Ok(Some(Item { line, element: Some(self.count), file }))
    }

    /// Puts an element into `text`; the comma or bracket behind it is next.
    fn scan(&mut self, text: &mut Vec<u8>) -> Result<(), Broken> {
        let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
        loop {
            let bytes = self.input.fill_buf().map_err(|error| super::unreadable(&error))?;
            if bytes.is_empty() {
                return Err(NEVER_CLOSED.to_owned());
            }
            let end = bytes.iter().position(|byte| {
                match byte {
                    _ if escaped => escaped = false,
                    b'\\' if in_string => escaped = true,
                    b'"' => in_string = !in_string,
                    _ if in_string => {}
                    b',' | b']' if depth == 0 => return true,
                    b'[' | b'{' => depth += 1,
                    b']' | b'}' => depth = depth.saturating_sub(1),
                    _ => {}
                }
                false
            });
            let piece = bytes.get(..end.unwrap_or(bytes.len())).unwrap_or_default();
            if text.len() + piece.len() > LONGEST {
                return Err("the element is longer than 1 MiB, or a quote in it is never closed".to_owned());
            }
            text.extend_from_slice(piece);
            self.line += super::newlines(piece);
            let length = piece.len();
            self.input.consume(length);
            if end.is_some() {
                return Ok(());
            }
        }
    }

    /// Succeeds if only white space follows.
    fn end(&mut self) -> Result<(), Broken> {
        self.state = State::Ended;
        match self.peek_word()? {
            None => Ok(()),
            Some(_) => Err("unexpected text behind the array".to_owned()),
        }
    }

    /// The next byte that is not white space.
    fn peek_word(&mut self) -> Result<Option<u8>, Broken> {
        while let Some(byte) = super::peek(&mut self.input)? {
            if !byte.is_ascii_whitespace() {
                return Ok(Some(byte));
            }
            self.line += u64::from(byte == b'\n');
            self.pass();
        }
        Ok(None)
    }

    fn pass(&mut self) {
        self.input.consume(1);
    }
}

const NEVER_CLOSED: &str = "the array is never closed";

/// The value of an element that begins in this line, and the line in which it, or what is wrong with it, stands.
fn read(line: u64, text: &[u8]) -> (u64, Result<Value, String>) {
    let Ok(text) = std::str::from_utf8(text) else { return (line, Err(super::NOT_UTF_8.to_owned())) };
    match Value::from_json(text) {
        Ok(value) => (line, Ok(value)),
        Err(error) => (line + error.line as u64 - 1, Err(plainer(&error).message)),
    }
}

impl Iterator for Elements<'_> {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        if self.state == State::Ended {
            return None;
        }
        self.element().unwrap_or_else(|message| {
            self.state = State::Ended;
            Some(Item::new(self.line, Err(message)))
        })
    }
}
