//! Spans of JSON text that is known to be valid, and the text of its strings.
//!
//! Nothing here checks the JSON, and nothing panics on text that is not JSON: the spans are then merely meaningless.

use std::borrow::Cow;
use std::str::Chars;

use crate::json;

/// The type of a JSON value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Object,
    Array,
    String,
    Number,
    True,
    False,
    Null,
}

/// The type of the value that `text` begins with; `None` if it holds nothing but white space.
pub(super) fn kind(text: &str) -> Option<Kind> {
    Some(match trim_start(text).chars().next()? {
        '{' => Kind::Object,
        '[' => Kind::Array,
        '"' => Kind::String,
        't' => Kind::True,
        'f' => Kind::False,
        'n' => Kind::Null,
        _ => Kind::Number,
    })
}

/// True if `text` is one JSON value that nests no deeper than the limit.
pub(super) fn is_valid(text: &str) -> bool {
    !text.starts_with('\u{feff}') && json::check(text.as_bytes()).is_ok()
}

/// The value in `text` without the white space before it. GJSON drops the white space after it only from scalars.
pub(super) fn value(text: &str) -> &str {
    let text = trim_start(text);
    if text.starts_with(['{', '[']) { text } else { split_value(text).0 }
}

/// `text` without the white space that surrounds it.
pub(super) fn trim(text: &str) -> &str {
    text.trim_matches(is_space)
}

fn trim_start(text: &str) -> &str {
    text.trim_start_matches(is_space)
}

/// White space to GJSON: any control character, too.
const fn is_space(character: char) -> bool {
    character <= ' '
}

/// The members of an object as spans: each key with its quotes, and each value. None for any other value.
pub(super) fn members(object: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = trim_start(object).strip_prefix('{').unwrap_or_default();
    std::iter::from_fn(move || {
        let text = rest.trim_start_matches(|character| is_space(character) || character == ',');
        let (key, text) = text.starts_with('"').then(|| split_value(text))?;
        let text = text.trim_start_matches(|character| is_space(character) || character == ':');
        let (value, text) = split_value(text);
        rest = text;
        Some((key, value))
    })
}

/// The elements of an array as spans. None for any other value.
pub(super) fn elements(array: &str) -> impl Iterator<Item = &str> {
    let mut rest = trim_start(array).strip_prefix('[').unwrap_or_default();
    std::iter::from_fn(move || {
        let text = rest.trim_start_matches(|character| is_space(character) || character == ',');
        let (value, text) = split_value(text);
        rest = text;
        (!value.is_empty()).then_some(value)
    })
}

/// Splits `text` after the value that it begins with.
fn split_value(text: &str) -> (&str, &str) {
    let end = match text.chars().next() {
        Some('"') => string_end(text),
        Some('{' | '[') => container_end(text),
        _ => text.find(|character| is_space(character) || matches!(character, ',' | ':' | ']' | '}')),
    };
    text.split_at_checked(end.unwrap_or(text.len())).unwrap_or((text, ""))
}

/// Where the string that `text` begins with ends; `None` if it is not closed.
pub(super) fn string_end(text: &str) -> Option<usize> {
    let mut bytes = text.bytes().enumerate().skip(1);
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'\\' => _ = bytes.next(),
            b'"' => return Some(at + 1),
            _ => {}
        }
    }
    None
}

/// Where the object or array that `text` begins with ends; `None` if it is not closed.
fn container_end(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    nesting(text).find_map(|(at, opens)| {
        depth = if opens { depth + 1 } else { depth.saturating_sub(1) };
        (depth == 0).then_some(at + 1)
    })
}

/// The brackets and braces of `text` that are not within strings: where, and whether they open.
fn nesting(text: &str) -> impl Iterator<Item = (usize, bool)> {
    let mut bytes = text.bytes().enumerate();
    let mut in_string = false;
    std::iter::from_fn(move || {
        loop {
            let (at, byte) = bytes.next()?;
            match byte {
                b'"' => in_string = !in_string,
                b'\\' if in_string => _ = bytes.next(),
                b'{' | b'[' if !in_string => return Some((at, true)),
                b'}' | b']' if !in_string => return Some((at, false)),
                _ => {}
            }
        }
    })
}

/// The text of a JSON string, given with its quotes.
pub(super) fn string(span: &str) -> Cow<'_, str> {
    let inner = span.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(span);
    unescape(inner).unwrap_or(Cow::Borrowed(inner))
}

/// `inner` with its JSON escapes resolved; `None` if one of them is not an escape. Half a surrogate pair becomes U+FFFD.
pub(super) fn unescape(inner: &str) -> Option<Cow<'_, str>> {
    if !inner.contains('\\') {
        return Some(Cow::Borrowed(inner));
    }
    let mut text = String::with_capacity(inner.len());
    let mut chars = inner.chars();
    while let Some(character) = chars.next() {
        text.push(if character == '\\' { escaped(&mut chars)? } else { character });
    }
    Some(Cow::Owned(text))
}

/// The character that an escape stands for, its backslash already read.
fn escaped(chars: &mut Chars<'_>) -> Option<char> {
    Some(match chars.next()? {
        'b' => '\u{8}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'u' => return code_point(chars),
        character @ ('"' | '\\' | '/') => character,
        _ => return None,
    })
}

/// The character that one or two `\u` escapes stand for, the first `\u` already read.
fn code_point(chars: &mut Chars<'_>) -> Option<char> {
    let first = code_unit(chars)?;
    if !(0xD800..0xE000).contains(&first) || !chars.as_str().starts_with("\\u") {
        return Some(char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER));
    }
    _ = chars.nth(1);
    let second = code_unit(chars)?;
    let paired = first < 0xDC00 && (0xDC00..0xE000).contains(&second);
    let point = if paired { 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00) } else { 0xFFFD };
    Some(char::from_u32(point).unwrap_or(char::REPLACEMENT_CHARACTER))
}

fn code_unit(chars: &mut Chars<'_>) -> Option<u32> {
    (0..4).try_fold(0, |unit, _| Some(unit * 16 + chars.next()?.to_digit(16)?))
}

/// `text` as a JSON string. As Go does, it escapes what HTML gives a meaning and the two line separators.
pub(super) fn quote(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\u{8}' => quoted.push_str("\\b"),
            '\u{c}' => quoted.push_str("\\f"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '\0'..' ' | '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                quoted.push_str("\\u");
                let point = u32::from(character);
                quoted.extend([12, 8, 4, 0].into_iter().filter_map(|shift| char::from_digit(point >> shift & 15, 16)));
            }
            _ => quoted.push(character),
        }
    }
    quoted.push('"');
    quoted
}
