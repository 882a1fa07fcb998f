//! JSON text → values, or the spans of its members and elements.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::{MAX_DEPTH, Value};

/// Where and why a text is not acceptable. Line and column count from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SyntaxError {
    pub(crate) message: String,
    pub(crate) line: usize,
    pub(crate) column: usize,
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} (line {}, column {})", self.message, self.line, self.column)
    }
}

/// The error that `serde_json` has with `part`, a slice of `whole`, placed in `whole`.
fn located(error: &serde_json::Error, part: &str, whole: &str) -> SyntaxError {
    let text = error.to_string();
    // serde_json ends its message with the position that `line` and `column` hold, both in `part` and in bytes.
    let message = text.split(" at line ").next().unwrap_or_default().to_owned();
    let lines_before = part.split_inclusive('\n').take(error.line().saturating_sub(1));
    let in_part = lines_before.map(str::len).sum::<usize>() + error.column().saturating_sub(1);
    let mut place = (offset(part, whole) + in_part).min(whole.len());
    while !whole.is_char_boundary(place) {
        place -= 1;
    }
    let (line, column) = position(whole, place);
    SyntaxError { message, line, column }
}

/// `text` without a leading byte order mark.
pub(crate) fn without_byte_order_mark(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

/// Succeeds if `bytes` are one JSON value in UTF-8 and nothing else; gives its text without byte order mark and outer
/// white space.
pub(crate) fn check(bytes: &[u8]) -> Result<&str, SyntaxError> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let good = String::from_utf8_lossy(bytes.get(..error.valid_up_to()).unwrap_or_default());
        let (line, column) = position(&good, good.len());
        SyntaxError { message: "the text is not UTF-8".to_owned(), line, column }
    })?;
    let text = without_byte_order_mark(text);
    serde_json::from_str::<IgnoredAny>(text).map_err(|error| located(&error, text, text))?;
    if depth(text) > MAX_DEPTH {
        return Err(too_deep());
    }
    Ok(text.trim_matches(WHITE_SPACE))
}

/// What may stand around a value.
const WHITE_SPACE: [char; 4] = [' ', '\t', '\r', '\n'];

/// The members of a checked object: each key unescaped, each value's text as it came, repeated keys included. `None` if
/// `text` is no object.
pub(crate) fn members(text: &str) -> Option<Vec<(Cow<'_, str>, &str)>> {
    let members: Members<'_> = serde_json::from_str(text).ok()?;
    Some(members.0.into_iter().map(|(key, value)| (key.0, value.get())).collect())
}

/// The first member of this name of a checked object, if it is a string.
pub(crate) fn text_member(text: &str, name: &str) -> Option<String> {
    let (_, value) = members(text)?.into_iter().find(|(key, _)| key == name)?;
    serde_json::from_str(value).ok()
}

/// The texts of the elements of a checked list. `None` if `text` is no list.
pub(crate) fn elements(text: &str) -> Option<Vec<&str>> {
    let items: Vec<&RawValue> = serde_json::from_str(text).ok()?;
    Some(items.into_iter().map(RawValue::get).collect())
}

impl Value {
    /// Reads one JSON value.
    ///
    /// # Errors
    /// When `text` is not JSON, holds the same key twice in one object, or nests more than [`MAX_DEPTH`] levels deep.
    pub(crate) fn from_json(text: &str) -> Result<Self, SyntaxError> {
        read(without_byte_order_mark(text).trim_matches(WHITE_SPACE), text, MAX_DEPTH)
    }
}

/// So many keys are sooner compared with each other than hashed.
const FEW: usize = 16;

/// Reads the value `text`, a part of `whole`, in which so many more brackets may be opened.
fn read(text: &str, whole: &str, depth_left: usize) -> Result<Value, SyntaxError> {
    let unreadable = |error: serde_json::Error| located(&error, text, whole);
    let first = text.as_bytes().first();
    // What stands in another value has been read over once, so it is known to be one.
    let is_checked = depth_left < MAX_DEPTH;
    if depth_left == 0 && matches!(first, Some(b'{' | b'[')) {
        return Err(too_deep());
    }
    Ok(match first {
        Some(b'{') => {
            let mut object: Vec<(String, Value)> = Vec::new();
            let mut seen = std::collections::HashSet::new();
            let members: Members<'_> = serde_json::from_str(text).map_err(unreadable)?;
            let has_few = members.0.len() <= FEW;
            for (Key(key), value) in members.0 {
                let value = value.get();
                let is_repeated =
                    if has_few { object.iter().any(|(name, _)| *name == key) } else { !seen.insert(key.clone()) };
                if is_repeated {
                    let (line, column) = position(whole, offset(value, whole));
                    let message = format!("the key {} stands twice", super::quote(&key));
                    return Err(SyntaxError { message, line, column });
                }
                object.push((key.into_owned(), read(value, whole, depth_left - 1)?));
            }
            Value::Object(object)
        }
        Some(b'[') => {
            let items: Vec<&RawValue> = serde_json::from_str(text).map_err(unreadable)?;
            let item = |item: &RawValue| read(item.get(), whole, depth_left - 1);
            Value::Array(items.into_iter().map(item).collect::<Result<_, _>>()?)
        }
        Some(b'"') => match plain(text).filter(|_| is_checked) {
            Some(plain) => Value::String(plain.to_owned()),
            None => Value::String(serde_json::from_str(text).map_err(unreadable)?),
        },
        other => {
            if !is_checked {
                serde_json::from_str::<IgnoredAny>(text).map_err(unreadable)?;
            }
            match other {
                Some(b't') => Value::Bool(true),
                Some(b'f') => Value::Bool(false),
                Some(b'n') => Value::Null,
                _ => Value::Number(text.to_owned()),
            }
        }
    })
}

/// What is between the quotes of a string without escapes.
fn plain(text: &str) -> Option<&str> {
    text.strip_prefix('"')?.strip_suffix('"').filter(|inner| !inner.as_bytes().contains(&b'\\'))
}

fn too_deep() -> SyntaxError {
    SyntaxError { message: format!("nested more than {MAX_DEPTH} levels deep"), line: 1, column: 1 }
}

/// How many brackets are open at the deepest point of a checked text.
fn depth(text: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    let (mut in_string, mut escaped) = (false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'{' | b'[' if !in_string => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b'}' | b']' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

/// Where `part` begins in `whole`, of which it is a slice.
fn offset(part: &str, whole: &str) -> usize {
    (part.as_ptr() as usize).saturating_sub(whole.as_ptr() as usize)
}

/// Line and column, from 1 and in characters, of the byte at `offset`.
fn position(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |index| index + 1);
    let column = before.get(line_start..).unwrap_or_default().chars().count() + 1;
    (before.matches('\n').count() + 1, column)
}

/// An object's members in order, values unread. A map type would drop repeated keys.
struct Members<'a>(Vec<(Key<'a>, &'a RawValue)>);

/// A key, borrowed where it holds no escape.
struct Key<'a>(Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Key<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct KeyVisitor<'a>(PhantomData<&'a str>);
        impl<'de: 'a, 'a> Visitor<'de> for KeyVisitor<'a> {
            type Value = Key<'a>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a key")
            }

            fn visit_borrowed_str<E>(self, key: &'de str) -> Result<Self::Value, E> {
                Ok(Key(Cow::Borrowed(key)))
            }

            fn visit_str<E>(self, key: &str) -> Result<Self::Value, E> {
                Ok(Key(Cow::Owned(key.to_owned())))
            }
        }
        deserializer.deserialize_str(KeyVisitor(PhantomData))
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct MembersVisitor<'a>(PhantomData<&'a str>);
        impl<'de: 'a, 'a> Visitor<'de> for MembersVisitor<'a> {
            type Value = Members<'a>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::with_capacity(map.size_hint().unwrap_or_default());
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(MembersVisitor(PhantomData))
    }
}

#[cfg(test)]
mod tests {
    use super::{Value, check, elements, members};

    #[test]
    fn keeps_the_spelling_of_numbers_and_the_order_of_keys() {
        let text = r#" {"b": [1e3, -0.0, 1.0, 123456789012345678901234567890], "a": {"x": "\u00e9\/"}} "#;
        let value = Value::from_json(text).unwrap();
        assert_eq!(value.to_string(), r#"{"b":[1e3,-0.0,1.0,123456789012345678901234567890],"a":{"x":"é/"}}"#);
    }

    #[test]
    fn a_repeated_key_is_an_error_with_its_place() {
        let error = Value::from_json("{\"a\": 1,\n \"a\": 2}").unwrap_err();
        assert_eq!(error.to_string(), "the key \"a\" stands twice (line 2, column 7)");
    }

    #[test]
    fn malformed_text_is_an_error_with_its_place() {
        let error = Value::from_json("{\n  \"a\" 1}").unwrap_err();
        assert_eq!(error.to_string(), "expected `:` (line 2, column 7)");
        assert!(check(b"{\"a\":\"\xff\"}").unwrap_err().message.contains("not UTF-8"));
        assert!(check(b"{\"a\":\"\x01\"}").unwrap_err().message.contains("control character"));
        assert!(check(b"{} x").is_err());
    }

    #[test]
    fn half_a_surrogate_pair_is_an_error_in_a_key_as_in_a_string() {
        let error = |text: &str| Value::from_json(text).unwrap_err().to_string();
        assert_eq!(error(r#"["é", {"\ud800": 1}]"#), "unexpected end of hex escape (line 1, column 15)");
        assert_eq!(error("{\n\"é\": \"\\ud800\"}"), "unexpected end of hex escape (line 2, column 13)");
    }

    #[test]
    fn columns_count_characters() {
        assert_eq!(Value::from_json(r#"{"éé" 1}"#).unwrap_err().to_string(), "expected `:` (line 1, column 7)");
    }

    #[test]
    fn depth_is_bounded_without_recursion() {
        let deep = "[".repeat(100_000) + &"]".repeat(100_000);
        assert!(Value::from_json(&deep).unwrap_err().message.contains("nested more than"));
        let fine = "[".repeat(128) + &"]".repeat(128);
        assert!(Value::from_json(&fine).is_ok());
    }

    #[test]
    fn spans_keep_repeated_keys_and_the_text_as_it_came() {
        let text = r#"{"a": 1e3, "a\n": [ 1 ], "a": "\u0041"}"#;
        let spans = members(text).unwrap();
        let spans: Vec<_> = spans.iter().map(|(key, value)| (key.as_ref(), *value)).collect();
        assert_eq!(spans, [("a", "1e3"), ("a\n", "[ 1 ]"), ("a", r#""\u0041""#)]);
        assert_eq!(elements("[1, {} ]").unwrap(), ["1", "{}"]);
        assert_eq!(members("[]"), None);
    }

    #[test]
    fn a_byte_order_mark_is_skipped() {
        assert_eq!(check("\u{feff} {} \n".as_bytes()).unwrap(), "{}");
    }
}
