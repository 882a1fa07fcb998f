//! Colours, and text made safe for a terminal.

use std::borrow::Cow;
use std::fmt::Write as _;

/// How one of our two streams is written to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Style {
    /// Whether a terminal interprets what is written.
    pub(crate) terminal: bool,
    pub(crate) colour: bool,
    /// Columns of the terminal; `None` where lines may be as long as they like.
    pub(crate) width: Option<u16>,
}

/// What a coloured piece of text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Paint {
    Key,
    Text,
    Number,
    Literal,
    Error,
    Warning,
    Note,
}

impl Paint {
    const fn code(self) -> &'static str {
        match self {
            Self::Key => "1;34",
            Self::Text => "32",
            Self::Number | Self::Note => "36",
            Self::Literal | Self::Warning => "33",
            Self::Error => "1;31",
        }
    }
}

impl Style {
    /// `text` in colour, where colours are wanted.
    pub(crate) fn paint(self, paint: Paint, text: &str) -> String {
        if self.colour { format!("\u{1b}[{}m{text}\u{1b}[0m", paint.code()) } else { text.to_owned() }
    }

    /// JSON text as it may reach the stream: on a terminal, what would steer it is written as `\u` escapes.
    pub(crate) fn json_safe(self, text: &str) -> Cow<'_, str> {
        if self.terminal { escape(text, |_| false) } else { Cow::Borrowed(text) }
    }

    /// Other text as it may reach the stream. Line breaks stay.
    pub(crate) fn safe(self, text: &str) -> Cow<'_, str> {
        if self.terminal { safe(text) } else { Cow::Borrowed(text) }
    }
}

/// `text` without anything that would steer a terminal; line breaks and tabs stay.
pub(crate) fn safe(text: &str) -> Cow<'_, str> {
    escape(text, |character| matches!(character, '\n' | '\t'))
}

/// `text` on one line, without anything that would steer a terminal.
pub(crate) fn safe_line(text: &str) -> Cow<'_, str> {
    if text.contains(['\n', '\r', '\t']) {
        let line: String = text.split(['\n', '\r', '\t']).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
        return Cow::Owned(escape(&line, |_| false).into_owned());
    }
    escape(text, |_| false)
}

fn escape(text: &str, keep: impl Fn(char) -> bool) -> Cow<'_, str> {
    let steers = |character: char| steers(character) && !keep(character);
    if !text.contains(steers) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        if steers(character) {
            let mut units = [0; 2];
            for unit in character.encode_utf16(&mut units) {
                // Writing to a string cannot fail.
                let _ = write!(safe, "\\u{unit:04x}");
            }
        } else {
            safe.push(character);
        }
    }
    Cow::Owned(safe)
}

/// Control characters of both sets, and those that reorder or hide text.
fn steers(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::{Paint, Style, safe, safe_line};

    #[test]
    fn nothing_that_steers_a_terminal_is_left() {
        assert_eq!(safe("a\u{1b}[31m\u{9b}b\u{7f}\r\nc\u{202e}"), "a\\u001b[31m\\u009bb\\u007f\\u000d\nc\\u202e");
        assert_eq!(safe_line("one\r\n\ttwo\u{7}"), "one two\\u0007");
        assert_eq!(safe("plain é 日本"), "plain é 日本");
    }

    #[test]
    fn json_is_escaped_only_for_a_terminal() {
        let text = "\"\u{9b}31m\"";
        assert_eq!(Style { terminal: true, ..Style::default() }.json_safe(text), "\"\\u009b31m\"");
        assert_eq!(Style::default().json_safe(text), text);
    }

    #[test]
    fn colour_is_an_extra() {
        let colour = Style { colour: true, ..Style::default() };
        assert_eq!(colour.paint(Paint::Error, "no"), "\u{1b}[1;31mno\u{1b}[0m");
        assert_eq!(Style::default().paint(Paint::Error, "no"), "no");
    }
}
