//! The space after a colon that YAML needs and people leave out: `{a:{b:1}}`, `{a:"x"}`.
//!
//! YAML reads `a:"x"` as one plain text and refuses `a:{`. In a document that is a flow collection as a whole, this
//! module puts the space in before YAML sees the text. (`{a:1}` needs no space: the reader splits such a key itself.)

use std::borrow::Cow;

/// A text with the missing spaces put in.
pub(super) struct Spaced<'a> {
    text: Cow<'a, str>,
    /// Where spaces were put in, counted in characters of `text`.
    inserted: Vec<usize>,
}

impl<'a> Spaced<'a> {
    /// Puts in what is missing in `text`, if it begins with `{` or `[`; any other text stays as it is.
    pub(super) fn new(text: &'a str) -> Self {
        if !text.trim_start().starts_with(['{', '[']) {
            return Self { text: Cow::Borrowed(text), inserted: Vec::new() };
        }
        let mut spacer = Spacer {
            characters: text.chars().collect(),
            at: 0,
            open: Vec::new(),
            in_key: false,
            after_quote: false,
            output: String::with_capacity(text.len()),
            inserted: Vec::new(),
        };
        while spacer.step() {}
        if spacer.inserted.is_empty() {
            return Self { text: Cow::Borrowed(text), inserted: Vec::new() };
        }
        spacer.copy_while(|_| true);
        Self { text: Cow::Owned(spacer.output), inserted: spacer.inserted }
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The place in the text as given, in characters, that became `index`.
    pub(super) fn original(&self, index: usize) -> usize {
        index - self.inserted.partition_point(|&inserted| inserted < index)
    }
}

/// A walk through the outermost flow collection, token by token.
struct Spacer {
    characters: Vec<char>,
    at: usize,
    /// The brackets that are open.
    open: Vec<char>,
    /// Whether a key of a map may begin here.
    in_key: bool,
    /// Whether the last token was quoted or bracketed, so that a colon needs no space.
    after_quote: bool,
    output: String,
    inserted: Vec<usize>,
}

impl Spacer {
    /// Copies one token; `false` at the end of the collection.
    fn step(&mut self) -> bool {
        let Some(character) = self.peek(0) else { return false };
        let after_quote = std::mem::take(&mut self.after_quote);
        match character {
            '{' | '[' => {
                self.open.push(character);
                self.in_key = character == '{';
                self.copy();
            }
            '}' | ']' => {
                self.open.pop();
                self.in_key = false;
                self.after_quote = true;
                self.copy();
                return !self.open.is_empty();
            }
            ',' => {
                self.in_key = self.open.last() == Some(&'{');
                self.copy();
            }
            '"' | '\'' => {
                self.quoted(character);
                self.after_quote = true;
            }
            '#' if self.after_blank() => self.copy_while(|character| character != '\n'),
            ':' if after_quote || ends_plain(self.peek(1)) => {
                self.in_key = false;
                self.copy();
            }
            _ if character.is_whitespace() => {
                self.after_quote = after_quote;
                self.copy();
            }
            _ => self.plain(),
        }
        true
    }

    /// Copies a quoted string.
    fn quoted(&mut self, quote: char) {
        self.copy();
        while let Some(character) = self.peek(0) {
            self.copy();
            if character == '\\' && quote == '"' {
                self.copy();
            } else if character == quote {
                return;
            }
        }
    }

    /// Copies plain text. In a key, puts a space after a colon before a bracket, and after the first colon if a quote
    /// follows.
    fn plain(&mut self) {
        let start = self.at;
        let mut colons = 0;
        while let Some(character) = self.peek(0) {
            if ",[]{}".contains(character) || (character == '#' && self.after_blank()) {
                return;
            }
            if character == ':' {
                colons += 1;
                let needs_space = match self.peek(1) {
                    Some('{' | '[') => true,
                    Some('"' | '\'') => colons == 1 && self.at > start,
                    _ => false,
                };
                if needs_space && self.in_key {
                    self.copy();
                    self.inserted.push(self.at + self.inserted.len());
                    self.output.push(' ');
                    self.in_key = false;
                    return;
                }
                if ends_plain(self.peek(1)) {
                    return;
                }
            }
            self.copy();
        }
    }

    fn peek(&self, ahead: usize) -> Option<char> {
        self.characters.get(self.at + ahead).copied()
    }

    fn after_blank(&self) -> bool {
        self.at
            .checked_sub(1)
            .and_then(|before| self.characters.get(before))
            .is_none_or(|before| before.is_whitespace())
    }

    fn copy(&mut self) {
        self.output.extend(self.peek(0));
        self.at += 1;
    }

    fn copy_while(&mut self, wanted: impl Fn(char) -> bool) {
        while self.peek(0).is_some_and(&wanted) {
            self.copy();
        }
    }
}

/// Whether a colon before this character is an indicator rather than part of a plain text.
fn ends_plain(character: Option<char>) -> bool {
    character.is_none_or(|character| character.is_whitespace() || ",[]{}".contains(character))
}

#[cfg(test)]
mod tests {
    use super::Spaced;

    #[test]
    fn a_space_is_put_in_before_brackets_and_quotes_that_follow_a_key() {
        let expected = [
            ("{a:{b:1}}", "{a: {b:1}}"),
            ("{a:[1],b:\"x:{\",c:'y:['}", "{a: [1],b: \"x:{\",c: 'y:['}"),
            ("[{a:{}}, x]", "[{a: {}}, x]"),
            ("{http://x:{a: 1}}", "{http://x: {a: 1}}"),
            ("{ # b:{\n a:{}}", "{ # b:{\n a: {}}"),
            ("{\"a\" : {b:{}}, c:{}}", "{\"a\" : {b: {}}, c: {}}"),
            ("{\"\\\"a:{\": it's, b:{}}", "{\"\\\"a:{\": it's, b: {}}"),
        ];
        for (given, wanted) in expected {
            assert_eq!(Spaced::new(given).text(), wanted);
        }
    }

    #[test]
    fn everything_else_stays_as_it_is() {
        for text in [
            "{a:1}",
            "{\"a\":{}}",
            "[a:{}]",
            "{a: b:{}}",
            "{a:b:\"c\"}",
            "{:\"a\"}",
            "a:{",
            "{a: 1} b:{",
            "{\"a:{",
            "{'a",
            "{a:",
        ] {
            assert_eq!(Spaced::new(text).text(), text);
        }
    }

    #[test]
    fn places_refer_to_the_text_as_given() {
        let spaced = Spaced::new("{é:{b:{}}}");
        assert_eq!(spaced.text(), "{é: {b: {}}}");
        let places: Vec<usize> = (0..12).map(|index| spaced.original(index)).collect();
        assert_eq!(places, [0, 1, 2, 3, 3, 4, 5, 6, 6, 7, 8, 9]);
    }
}
