//! Colours, and text made safe for a terminal.

use std::borrow::Cow;
use std::fmt::Write as _;

use crate::api::types::Status;

/// How one of our two streams is written to.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact about the terminal")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Style {
    /// Whether a terminal interprets what is written.
    pub(crate) terminal: bool,
    pub(crate) colour: bool,
    /// Whether characters beyond ASCII are shown as they should be.
    pub(crate) unicode: bool,
    /// Whether that terminal can be steered, and somebody may sit there: `TERM` is not `dumb`, and this is no CI.
    pub(crate) attended: bool,
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
    Title,
    Completed,
    InProgress,
    Failed,
    Cancelled,
}

impl Paint {
    /// The colour of a state; the same wherever a state is shown.
    pub(super) const fn of(status: &Status) -> Option<Self> {
        Some(match status {
            Status::Completed => Self::Completed,
            Status::InProgress => Self::InProgress,
            Status::Failed => Self::Failed,
            Status::Cancelled => Self::Cancelled,
            Status::Unknown(_) => return None,
        })
    }

    /// One of a terminal's first eight colours, which can be read on a light one, too; none where it is only bold.
    pub(super) const fn colour(self) -> Option<u8> {
        Some(match self {
            Self::Title => return None,
            Self::Error | Self::Failed => 1,
            Self::Text | Self::Completed => 2,
            Self::Literal | Self::Warning | Self::InProgress => 3,
            Self::Key => 4,
            Self::Cancelled => 5,
            Self::Number | Self::Note => 6,
        })
    }

    const fn is_bold(self) -> bool {
        matches!(self, Self::Key | Self::Error | Self::Title)
    }
}

impl Style {
    /// `text` in colour, where colours are wanted.
    pub(crate) fn paint(self, paint: Paint, text: &str) -> String {
        if !self.colour {
            return text.to_owned();
        }
        let bold = paint.is_bold().then(|| "1".to_owned());
        let colour = paint.colour().map(|colour| format!("3{colour}"));
        format!("\u{1b}[{}m{text}\u{1b}[0m", bold.into_iter().chain(colour).collect::<Vec<_>>().join(";"))
    }

    /// JSON text as it may reach the stream: on a terminal, what would steer it is written as `\u` escapes.
    pub(crate) fn json_safe(self, text: &str) -> Cow<'_, str> {
        if self.terminal { escape(text, steers) } else { Cow::Borrowed(text) }
    }

    /// Text for people on one line: nothing in it steers a terminal, or is beyond what is shown as it should be.
    pub(crate) fn readable(self, text: &str) -> Cow<'_, str> {
        match safe_line(text) {
            Cow::Borrowed(text) if self.unicode || text.is_ascii() => Cow::Borrowed(text),
            line if self.unicode => line,
            line => Cow::Owned(escape(&line, |character| !character.is_ascii()).into_owned()),
        }
    }

    /// Other text as it may reach the stream. Line breaks stay.
    pub(crate) fn safe(self, text: &str) -> Cow<'_, str> {
        if self.terminal { safe(text) } else { Cow::Borrowed(text) }
    }
}

/// `text` without anything that would steer a terminal; line breaks and tabs stay.
pub(crate) fn safe(text: &str) -> Cow<'_, str> {
    escape(text, |character| steers(character) && !matches!(character, '\n' | '\t'))
}

/// `text` on one line, without anything that would steer a terminal.
pub(crate) fn safe_line(text: &str) -> Cow<'_, str> {
    if text.contains(['\n', '\r', '\t']) {
        let line: String = text.split(['\n', '\r', '\t']).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
        return Cow::Owned(escape(&line, steers).into_owned());
    }
    escape(text, steers)
}

/// `text` with the characters that `is_escaped` names written as JSON writes them.
fn escape(text: &str, is_escaped: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.contains(&is_escaped) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        if is_escaped(character) {
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
    fn what_cannot_be_shown_is_escaped() {
        let unicode = Style { unicode: true, ..Style::default() };
        assert_eq!(unicode.readable("é\n日本\u{1b}"), "é 日本\\u001b");
        assert_eq!(Style::default().readable("é\n😀 plain"), "\\u00e9 \\ud83d\\ude00 plain");
    }

    #[test]
    fn colour_is_an_extra() {
        let colour = Style { colour: true, ..Style::default() };
        assert_eq!(colour.paint(Paint::Error, "no"), "\u{1b}[1;31mno\u{1b}[0m");
        assert_eq!(Style::default().paint(Paint::Error, "no"), "no");
    }
}
