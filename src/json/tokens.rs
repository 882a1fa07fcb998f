//! A checked JSON text as a run of tokens, each as it came.

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// `{` or `[`; `empty` when the closing bracket follows at once.
    Open {
        empty: bool,
    },
    /// `}` or `]`.
    Close,
    Comma,
    Colon,
    /// A string before a colon.
    Key,
    String,
    Number,
    /// `true`, `false` or `null`.
    Literal,
}

/// One token of a checked text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token<'a> {
    pub(crate) kind: Kind,
    pub(crate) text: &'a str,
}

/// The tokens of `text`, which has been checked to be JSON; white space between them is dropped.
pub(crate) fn tokens(text: &str) -> Tokens<'_> {
    Tokens { rest: trim(text) }
}

/// See [`tokens`].
pub(crate) struct Tokens<'a> {
    rest: &'a str,
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        let first = *self.rest.as_bytes().first()?;
        let end = match first {
            b'{' | b'[' | b'}' | b']' | b',' | b':' => 1,
            b'"' => string_end(self.rest),
            _ => self.rest.find([',', '}', ']', ' ', '\t', '\r', '\n']).unwrap_or(self.rest.len()),
        };
        let (text, rest) = self.rest.split_at_checked(end)?;
        self.rest = trim(rest);
        let kind = match first {
            b'{' | b'[' => Kind::Open { empty: self.rest.starts_with(['}', ']']) },
            b'}' | b']' => Kind::Close,
            b',' => Kind::Comma,
            b':' => Kind::Colon,
            b'"' if self.rest.starts_with(':') => Kind::Key,
            b'"' => Kind::String,
            b't' | b'f' | b'n' => Kind::Literal,
            _ => Kind::Number,
        };
        Some(Token { kind, text })
    }
}

fn trim(text: &str) -> &str {
    text.trim_start_matches([' ', '\t', '\r', '\n'])
}

/// Where the string that `text` begins with ends, quotes included.
fn string_end(text: &str) -> usize {
    let mut escaped = false;
    for (index, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return index + 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::{Kind, tokens};

    #[test]
    fn tokens_come_as_they_are() {
        let text = " {\"a\\\"b\" : [ 1e3,{ }, \"x:\\u00e9\" ],\"n\":null} ";
        let found: Vec<_> = tokens(text).map(|token| token.text).collect();
        let expected = [
            "{",
            "\"a\\\"b\"",
            ":",
            "[",
            "1e3",
            ",",
            "{",
            "}",
            ",",
            "\"x:\\u00e9\"",
            "]",
            ",",
            "\"n\"",
            ":",
            "null",
            "}",
        ];
        assert_eq!(found, expected);
        let kinds: Vec<_> = tokens("[{},\"k\"]").map(|token| token.kind).collect();
        let open = |empty| Kind::Open { empty };
        assert_eq!(kinds, [open(false), open(true), Kind::Close, Kind::Comma, Kind::String, Kind::Close]);
    }
}
