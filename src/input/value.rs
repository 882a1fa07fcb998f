//! A value as the user writes it: a JSON or YAML document, or the short form `key=value`.

use std::collections::HashMap;

use serde::de::IgnoredAny;

use super::spacing::Spaced;
use super::yaml::{self, Fault};
use crate::json::{SyntaxError, Value, without_byte_order_mark};

/// The most digits that a `key=value` number may have and still survive a reader that uses double precision.
const MAX_PAIR_DIGITS: usize = 15;

/// Reads one document, JSON or YAML. Text that is JSON is taken as JSON, all other text as YAML 1.2; a text that holds
/// nothing is null. In a flow map the space after the colon may be left out (`{a:1}`).
///
/// # Errors
/// When the text is neither, holds a key twice, nests too deep, or holds what JSON cannot express.
pub(crate) fn document(text: &str) -> Result<Value, SyntaxError> {
    let json_error = match Value::from_json(text) {
        Ok(value) => return Ok(value),
        Err(error) => error,
    };
    let text = without_byte_order_mark(text);
    if serde_json::from_str::<IgnoredAny>(text).is_ok() {
        return Err(json_error);
    }
    let spaced = Spaced::new(text);
    let value = yaml::read(spaced.text()).or_else(|fault| {
        let joined = with_whole_characters(spaced.text());
        joined.and_then(|joined| yaml::read(&joined).ok()).ok_or(fault)
    });
    value.map_err(|fault| {
        let yaml_error = placed(fault, &spaced, text);
        let json_goes_further = (json_error.line, json_error.column) > (yaml_error.line, yaml_error.column);
        if json_goes_further && looks_like_json(text) { plainer(&json_error) } else { yaml_error }
    })
}

/// The text with every `\ud83d\ude00` as `\U0001f600`, if it has one: JSON spells characters beyond the first 65,536 in
/// two halves, which YAML does not know.
fn with_whole_characters(text: &str) -> Option<String> {
    let half = |text: &str| u16::from_str_radix(text.strip_prefix("\\u")?.get(..4)?, 16).ok();
    let mut joined = String::with_capacity(text.len());
    let mut rest = text;
    let mut has_any = false;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at_checked(at)?;
        joined.push_str(before);
        let halves = half(escape).zip(escape.get(6..).and_then(half));
        let whole = halves.and_then(|(high, low)| char::decode_utf16([high, low]).next()?.ok());
        let length = if let Some(whole) = whole.filter(|whole| whole.len_utf16() == 2) {
            has_any = true;
            joined.push_str(&format!("\\U{:08x}", u32::from(whole)));
            12
        } else {
            // What a backslash escapes may be another one.
            let length = escape.chars().take(2).map(char::len_utf8).sum();
            joined.push_str(escape.get(..length)?);
            length
        };
        rest = escape.get(length..)?;
    }
    joined.push_str(rest);
    has_any.then_some(joined)
}

/// The line and column of each key of the outermost map in `text`, which [`document`] has read.
pub(crate) fn places_of_keys(text: &str) -> HashMap<String, (usize, usize)> {
    let text = without_byte_order_mark(text);
    let spaced = Spaced::new(text);
    let (mut rest, mut passed, mut place) = (text.chars(), 0, (1, 1));
    let keys = yaml::indices_of_keys(spaced.text()).into_iter();
    keys.map(|(key, index)| {
        // Keys come in the order of the text, so that it is walked through once for all of them.
        let index = spaced.original(index);
        place = rest.by_ref().take(index.saturating_sub(passed)).fold(place, moved_past);
        passed = passed.max(index);
        (key, place)
    })
    .collect()
}

/// Reads `key=value`, where the key is made of letters, digits, `_`, `.` and `-`; `None` if `text` does not begin so.
/// `true`, `false`, short plain numbers and JSON strings mean what they mean in JSON; any other value is text as it
/// stands.
pub(crate) fn pair(text: &str) -> Option<(String, Value)> {
    let (key, value) = text.split_once('=')?;
    let fits = |character: char| character.is_alphanumeric() || "_.-".contains(character);
    (!key.is_empty() && key.chars().all(fits)).then(|| (key.to_owned(), pair_value(value)))
}

/// The value of a pair.
pub(super) fn pair_value(text: &str) -> Value {
    match text {
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        _ if is_short_number(text) => Value::Number(text.to_owned()),
        _ => {
            // The JSON reader would skip white space around the quotes, which here is part of the text.
            let quoted = text.starts_with('"') && text.ends_with('"');
            let string = quoted.then(|| serde_json::from_str(text).ok()).flatten();
            Value::String(string.unwrap_or_else(|| text.to_owned()))
        }
    }
}

/// Whether `text` is a number that every reader would write back the same way. Anything else, such as a version `1.10`
/// or an identifier `00123`, is safer as text.
fn is_short_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(whole, fraction)| (whole, Some(fraction)));
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    all_digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(|fraction| all_digits(fraction) && !fraction.ends_with('0'))
        && whole.len() + fraction.map_or(0, str::len) <= MAX_PAIR_DIGITS
        && text != "-0"
}

/// Whether the author meant JSON: the first thing in the outermost brackets is a quoted string.
fn looks_like_json(text: &str) -> bool {
    let text = text.trim_start();
    let inside = text.trim_start_matches(|character: char| "{[".contains(character) || character.is_whitespace());
    inside.len() < text.len() && inside.starts_with('"')
}

/// A JSON error in plainer words.
pub(super) fn plainer(error: &SyntaxError) -> SyntaxError {
    let message = error.message.replace("EOF while parsing", "the text ends within");
    SyntaxError { message, line: error.line, column: error.column }
}

/// The fault with its line and column in `text`, of which `spaced` is the form that was read.
fn placed(fault: Fault, spaced: &Spaced<'_>, text: &str) -> SyntaxError {
    let (line, column) = line_and_column(text, spaced.original(fault.index));
    SyntaxError { message: fault.message, line, column }
}

fn line_and_column(text: &str, index: usize) -> (usize, usize) {
    text.chars().take(index).fold((1, 1), moved_past)
}

/// The place after a character that stands at `line` and `column`.
const fn moved_past((line, column): (usize, usize), character: char) -> (usize, usize) {
    match character {
        '\n' => (line + 1, 1),
        _ => (line, column + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::{Value, document, pair, places_of_keys};

    /// The document as compact JSON.
    fn json(text: &str) -> String {
        document(text).unwrap_or_else(|error| panic!("{text:?}: {error}")).to_string()
    }

    fn error(text: &str) -> String {
        document(text).unwrap_err().to_string()
    }

    #[test]
    fn json_stays_json_with_its_numbers_as_spelled() {
        let text = r#"{"a":1e3,"b":[1.0,-0.0,123456789012345678901234567890,true,null],"c":{"d":"\n"}}"#;
        assert_eq!(json(text), text);
        assert_eq!(json("\u{feff} {\"a\" : 1E+05}\n"), r#"{"a":1E+05}"#);
        assert_eq!(json("\"yes: no\""), r#""yes: no""#);
        assert_eq!(json(r#"{"a": "\ud83d\ude00"}"#), "{\"a\":\"\u{1f600}\"}");
    }

    #[test]
    fn a_byte_order_mark_is_skipped_in_yaml_too() {
        assert_eq!(json("\u{feff}a: b"), r#"{"a":"b"}"#);
        assert_eq!(error("\u{feff}a: [1"), "expected `,` or `]` (line 1, column 6)");
    }

    #[test]
    fn json_with_a_repeated_key_or_too_deep_is_an_error() {
        assert_eq!(error(r#"{"a": 1, "a": 2}"#), "the key \"a\" stands twice (line 1, column 15)");
        let deep = "[".repeat(129) + &"]".repeat(129);
        assert!(error(&deep).starts_with("nested more than 128 levels deep"));
        assert!(document(&deep[1..258 - 1]).is_ok());
    }

    #[test]
    fn a_lone_surrogate_in_json_is_an_error() {
        assert!(document(r#"{"a": "\ud800"}"#).is_err());
        assert!(document(r#"["\udc00x"]"#).is_err());
        assert!(document("{a: \"\\ud800\"}").is_err());
    }

    #[test]
    fn lines_of_keys_and_values_are_yaml() {
        assert_eq!(json("a: b\nc: 1\n"), r#"{"a":"b","c":1}"#);
        assert_eq!(
            json("a:\n  b:\n  - 1\n  - c: d\n    e: [x, {y: z}]\n"),
            r#"{"a":{"b":[1,{"c":"d","e":["x",{"y":"z"}]}]}}"#
        );
        assert_eq!(json("{foo: bar}"), r#"{"foo":"bar"}"#);
        assert_eq!(json("{\n\ta: 1,\n\t'b':2\n}\n"), r#"{"a":1,"b":2}"#);
        assert_eq!(json("? a\n: b\n? c\n"), r#"{"a":"b","c":null}"#);
        assert_eq!(json("just\n  text # comment"), r#""just text""#);
    }

    #[test]
    fn block_scalars_keep_or_fold_their_lines() {
        assert_eq!(json("a: |\n  x\n   y\n\n  z\nb: >\n  p\n  q\n\n  r\n"), r#"{"a":"x\n y\n\nz\n","b":"p q\nr\n"}"#);
        assert_eq!(json("a: |-\n  1\nb: >-\n  true\nc: |+\n  x\n\n"), r#"{"a":"1","b":"true","c":"x\n\n"}"#);
    }

    #[test]
    fn a_flow_map_does_without_the_space_after_the_colon() {
        assert_eq!(json("{a:1}"), r#"{"a":1}"#);
        assert_eq!(json("{a:1,b:two}"), r#"{"a":1,"b":"two"}"#);
        assert_eq!(json("{\"a\":1}"), r#"{"a":1}"#);
        assert_eq!(json("{a: 1, b:2}"), r#"{"a":1,"b":2}"#);
        assert_eq!(json("{type:static}"), r#"{"type":"static"}"#);
        assert_eq!(json("{a:{b:1}}"), r#"{"a":{"b":1}}"#);
        assert_eq!(json("{a:[1,two],b:\"x, y: z\",c:'d'}"), r#"{"a":[1,"two"],"b":"x, y: z","c":"d"}"#);
        assert_eq!(json("{color:#fff,sum:-1,at:*x,é :~}"), r##"{"color":"#fff","sum":-1,"at":"*x","é":null}"##);
        assert_eq!(json("k: {a:1, b: {c:x:y}}"), r#"{"k":{"a":1,"b":{"c":"x:y"}}}"#);
    }

    #[test]
    fn a_colon_stays_text_where_yaml_says_so() {
        assert_eq!(json("{http://x: 1}"), r#"{"http://x":1}"#);
        assert_eq!(json("{a: http://x:80}"), r#"{"a":"http://x:80"}"#);
        assert_eq!(json("{a:b: , c:d : 1}"), r#"{"a:b":null,"c:d":1}"#);
        assert_eq!(json("[a:1]"), r#"["a:1"]"#);
        assert_eq!(json("? a:b\n? c:d\n"), r#"{"a:b":null,"c:d":null}"#);
        assert_eq!(json("{:a, 'b:1', !!str c:1, &x d:1}"), r#"{":a":null,"b:1":null,"c:1":null,"d:1":null}"#);
        assert_eq!(json("a:1"), r#""a:1""#);
    }

    #[test]
    fn keys_are_the_text_as_spelled() {
        assert_eq!(
            json("{null: a, 1: b, true: c, 0x1F: e, .inf: f}"),
            r#"{"null":"a","1":"b","true":"c","0x1F":"e",".inf":"f"}"#
        );
    }

    #[test]
    fn a_key_that_is_null_or_empty_is_the_text_null() {
        assert_eq!(json("~: a"), r#"{"null":"a"}"#);
        assert_eq!(json("{: a}"), r#"{"null":"a"}"#);
        assert_eq!(json("'': a\n'~': b\n"), r#"{"":"a","~":"b"}"#);
        assert_eq!(json("!!str ~: a"), r#"{"~":"a"}"#);
    }

    #[test]
    fn a_repeated_key_is_an_error_with_its_place() {
        assert_eq!(error("{a: 1, a: 2}"), "the key \"a\" stands twice (line 1, column 8)");
        assert_eq!(error("1: x\né: y\n'1': z\n"), "the key \"1\" stands twice (line 3, column 1)");
        assert_eq!(error("{é: 1, null: 2, ~: 3}"), "the key \"null\" stands twice (line 1, column 17)");
        assert_eq!(error("{a:{b:1}, a:2}"), "the key \"a\" stands twice (line 1, column 11)");
    }

    #[test]
    fn a_key_of_the_outermost_map_is_found_again() {
        let cases = [
            ("{a: {x: 1}, x: 2}", Some((1, 13))),
            ("{a:[x],x:2}", Some((1, 8))),
            ("{\n\t\"a\": \"x\",\n\t\"x\": null\n}", Some((3, 2))),
            ("\u{feff}a: [x, {x: y}]\nb: x\nx: 1\n", Some((3, 1))),
            ("<<: {x: 1}", None),
            ("[x]", None),
        ];
        for (text, place) in cases {
            assert_eq!(places_of_keys(text).get("x").copied(), place, "{text:?}");
        }
    }

    #[test]
    fn a_map_or_list_as_a_key_is_an_error() {
        assert_eq!(error("{[a]: b}"), "a list cannot be a key (line 1, column 2)");
        assert_eq!(error("? {a: 1}\n: b"), "a map cannot be a key (line 1, column 3)");
        assert_eq!(error("- &a [1]\n- *a : b"), "a list cannot be a key (line 2, column 3)");
    }

    #[test]
    fn text_without_a_value_is_null_and_a_second_document_an_error() {
        for text in ["", " \n", "# comment\n", "---\n", "...", "\u{feff}"] {
            assert_eq!(document(text), Ok(Value::Null), "{text:?}");
        }
        assert_eq!(json("---\na: 1\n...\n"), r#"{"a":1}"#);
        assert_eq!(error("a: 1\n---\nb: 2\n"), "more than one document (line 2, column 1)");
        assert_eq!(error("a\n...\nb\n"), "more than one document (line 3, column 1)");
        assert_eq!(error("{a: 1} {b: 2}"), "unexpected text after the end of the value (line 1, column 8)");
    }

    #[test]
    fn malformed_text_is_an_error_with_its_place() {
        assert_eq!(error("a: b: c"), "mapping values are not allowed here (line 1, column 5)");
        assert_eq!(error("é: \"abc"), "the quote is never closed (line 1, column 4)");
        assert_eq!(error("a: 1\r\nb: [1, 2"), "expected `,` or `]` (line 2, column 9)");
        assert_eq!(error("{a:{b:1}, c: 1]"), "expected `,` or `}` (line 1, column 15)");
        assert_eq!(error("a: \"\\q\""), "unknown escape in a quoted string (line 1, column 4)");
        assert_eq!(error("k: {a:\"x\"}"), "a space is missing after the colon (line 1, column 6)");
        assert_eq!(error("k: {a:{b:1}}"), "a space is missing after the colon (line 1, column 6)");
        assert_eq!(error("@a"), "a value cannot begin with `@` (line 1, column 1)");
        assert_eq!(error("{a: 1}}"), "a closing bracket without its opening bracket (line 1, column 7)");
    }

    #[test]
    fn text_meant_as_json_gets_the_error_that_goes_further() {
        assert_eq!(error(r#"{"a": 1, "b": "x\q"}"#), "invalid escape (line 1, column 18)");
        assert_eq!(error(r#"["a", "b"#), "the text ends within a string (line 1, column 8)");
        assert_eq!(error(r#"{"a": 1, "b" 2}"#), "unexpected text after the closing quote (line 1, column 14)");
        assert_eq!(error(r#"{a: "x\q"}"#), "unknown escape in a quoted string (line 1, column 5)");
    }

    #[test]
    fn a_pair_is_a_key_an_equals_sign_and_whatever_follows() {
        let text = |text: &str| pair(text).map(|(key, value)| format!("{key} {value}"));
        let expected = [
            ("a=true", "a true"),
            ("a=false", "a false"),
            ("a=True", "a \"True\""),
            ("a=null", "a \"null\""),
            ("a=", "a \"\""),
            ("a_b.c-d9=x=y", "a_b.c-d9 \"x=y\""),
            ("größe=5", "größe 5"),
            ("a=Intro: part 1", "a \"Intro: part 1\""),
            ("a={a: 1}", "a \"{a: 1}\""),
            ("a= 1", "a \" 1\""),
            ("a=\"x\\n\"", "a \"x\\n\""),
            ("a=\"12\"", "a \"12\""),
            ("a=\"x\" ", "a \"\\\"x\\\" \""),
            ("a=\"x", "a \"\\\"x\""),
            ("a=\"", "a \"\\\"\""),
            ("a=\"\\ud800\"", "a \"\\\"\\\\ud800\\\"\""),
        ];
        for (given, wanted) in expected {
            assert_eq!(text(given).as_deref(), Some(wanted), "{given}");
        }
        for given in ["", "a", "=1", "a b=1", "{a=1}", "a:b=1", "a/b=1", "\"a\"=1"] {
            assert_eq!(pair(given), None, "{given}");
        }
    }

    #[test]
    fn a_pair_takes_only_plain_short_numbers_as_numbers() {
        for number in ["0", "7", "-12", "1.5", "-0.25", "0.001", "123456789012345", "12345678.1234567"] {
            assert_eq!(pair(&format!("k={number}")).unwrap().1, Value::Number(number.to_owned()), "{number}");
        }
        let texts = [
            "1.10",
            "00123",
            "-0",
            "1.0",
            "-0.0",
            "1e3",
            "1E3",
            "+1",
            ".5",
            "5.",
            "1_000",
            "0x1F",
            "-",
            "1.2.3",
            "١",
            "1234567890123456",
            "12345678.12345678",
            "NaN",
            "-01",
        ];
        for text in texts {
            assert_eq!(pair(&format!("k={text}")).unwrap().1, Value::String(text.to_owned()), "{text}");
        }
    }

    #[test]
    fn characters_in_two_halves_are_read_in_yaml_too() {
        let read = |text: &str| document(text).map_or_else(|error| error.message, |value| value.to_string());
        assert_eq!(read(r#"{a: "x\ud83d\uDE00y", b: "\\ud83d"}"#), r#"{"a":"x😀y","b":"\\ud83d"}"#);
        assert_eq!(read(r#"{a: "\ud83d"}"#), "an escape in a quoted string stands for no character");
    }
}
