//! The YAML parser's complaints in plain words.

use saphyr_parser::ScanError;

use super::yaml::Fault;
use crate::json::MAX_DEPTH;

/// For a colon with no space after it where one is needed.
pub(super) const NO_SPACE: &str = "a space is missing after the colon";

/// What the parser says, by a part of it, and what to say instead. Whatever is not here is close enough to plain words.
const MESSAGES: &[(&str, &str)] = &[
    ("':' may not precede any of", NO_SPACE),
    ("':' must be followed by", "write a space, not a tab, after the colon"),
    ("mapping values are not allowed", "mapping values are not allowed here"),
    ("mapping keys are not allowed", "a key is not allowed here"),
    ("block sequence entries are not allowed", "a list item is not allowed here"),
    ("\"-\" is only valid inside a block", "a list item with `-` is not allowed inside brackets"),
    ("'-' must be followed by", "a space is missing after the `-`"),
    ("plain scalar cannot start with '-'", "a list item with `-` is not allowed inside brackets"),
    ("illegal placement of ':'", "the colon must stand on the same line as its key"),
    ("simple key expect", "expected a key with a colon after it"),
    ("did not find expected key", "expected a key"),
    ("unexpected end of plain scalar", "the text ends too early"),
    ("found unexpected end of stream", "the quote is never closed"),
    ("found unexpected document indicator", "the quote is never closed"),
    ("unexpected eof", "the text ends too early"),
    ("invalid trailing content after double-quoted", "unexpected text after the closing quote"),
    ("did not find expected <document", "unexpected text after the end of the value"),
    ("invalid content after document end", "unexpected text after `...`"),
    ("expected '-' indicator", "expected a list item with `-`, or less indentation"),
    ("expected ',' or '}'", "expected `,` or `}`"),
    ("expected ',' or ']'", "expected `,` or `]`"),
    ("did not find expected node content", "expected a value"),
    ("did not find expected next token", "expected a value"),
    ("misplaced bracket", "a closing bracket without its opening bracket"),
    ("unknown escape character", "unknown escape in a quoted string"),
    ("expected hexadecimal number", "an escape in a quoted string lacks its hexadecimal digits"),
    ("invalid Unicode character escape", "an escape in a quoted string stands for no character"),
    ("invalid indentation", "wrong indentation"),
    ("wrongly indented", "wrong indentation"),
    ("tab cannot be used as indentation", "a tab is not allowed here"),
    ("cannot start with a tab", "a tab is not allowed here"),
    ("tabs disallowed", "a tab is not allowed here"),
    ("found a tab", "a tab is not allowed here"),
    ("comment intercepting", "a comment is not allowed inside a text"),
    ("indentation indicator equal to 0", "the indentation after `|` or `>` must be 1 to 9"),
    ("while scanning a block scalar", "unexpected text after `|` or `>`"),
    ("while scanning an anchor", "expected a name after `&` or `*`"),
    ("expected whitespace", "a space is missing"),
    ("handle wasn't declared", "the tag's prefix is not declared"),
    ("while scanning a tag", "malformed tag"),
    ("while parsing a tag", "malformed tag"),
    ("while scanning TAG", "malformed tag directive"),
    ("global tag", "malformed tag"),
    ("TAG directive", "the same tag prefix is declared twice"),
    ("a directive", "malformed directive"),
    ("YAML directive", "malformed directive"),
    ("end marker before directive", "expected `...` before the directive"),
    ("unprintable character", "an unprintable character is not allowed here"),
];

/// The parser's error as a fault in `text`.
pub(super) fn scan_fault(error: &ScanError, text: &str) -> Fault {
    let (info, index) = (error.info(), error.marker().index());
    let here = || text.chars().skip(index);
    let message = if info.contains("unknown anchor") {
        let alias: String =
            here().take_while(|character| !character.is_whitespace() && !",[]{}".contains(*character)).collect();
        format!("the alias {alias} has no anchor before it")
    } else if info.contains("recursion limit") {
        format!("nested more than {MAX_DEPTH} levels deep")
    } else if info.starts_with("unexpected character")
        && let Some(character) = here().next()
    {
        format!("a value cannot begin with `{character}`")
    } else {
        let known = MESSAGES.iter().find(|(part, _)| info.contains(part));
        known.map_or(info, |(_, message)| message).to_owned()
    };
    Fault { message, index }
}

#[cfg(test)]
mod tests {
    use super::MESSAGES;
    use crate::input::yaml::read;

    #[test]
    fn messages_are_in_plain_words() {
        let expected = [
            ("- a\nb: c", "expected a list item with `-`, or less indentation"),
            ("a\nb: c", "mapping values are not allowed here"),
            ("a: - b", "a list item is not allowed here"),
            ("[- a]", "a list item with `-` is not allowed inside brackets"),
            ("a:\tb", "write a space, not a tab, after the colon"),
            ("a:\n\tb: c", "a tab is not allowed here"),
            ("'a", "the quote is never closed"),
            ("\"a\" b", "unexpected text after the closing quote"),
            ("\"\\xg\"", "an escape in a quoted string lacks its hexadecimal digits"),
            ("\"\\ud800\"", "an escape in a quoted string stands for no character"),
            ("a: |x\n b", "unexpected text after `|` or `>`"),
            ("a: |0\n b", "the indentation after `|` or `>` must be 1 to 9"),
            ("& a", "expected a name after `&` or `*`"),
            ("{a: b", "expected `,` or `}`"),
            ("[a", "expected `,` or `]`"),
            ("a\u{0}", "an unprintable character is not allowed here"),
        ];
        for (text, message) in expected {
            assert_eq!(read(text).unwrap_err().message, message, "{text:?}");
        }
    }

    #[test]
    fn no_message_speaks_of_parsing() {
        for (_, message) in MESSAGES {
            for word in ["pars", "scan", "scalar", "stream", "flow", "node", "simple key"] {
                assert!(!message.contains(word), "{message}");
            }
        }
    }
}
