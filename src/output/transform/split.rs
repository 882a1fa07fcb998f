//! Where the text of a path comes apart: at commas, names and pipes, as the Go program finds them.

use std::str::CharIndices;

/// What follows `at` in `text`.
pub(super) fn tail(text: &str, at: usize) -> &str {
    text.get(at..).unwrap_or_default()
}

/// The bracket that `closer` closes.
pub(super) const fn opener_of(closer: char) -> char {
    match closer {
        ')' => '(',
        ']' => '[',
        _ => '{',
    }
}

/// Moves `chars`, just past a quote, beyond the quote that ends the text; false if there is none.
pub(super) fn skip_quoted(chars: &mut CharIndices<'_>) -> bool {
    while let Some((_, character)) = chars.next() {
        match character {
            '\\' => _ = chars.next(),
            '"' => return true,
            _ => {}
        }
    }
    false
}

/// The members of a multipath: the name of each, empty if it has none, and its path.
pub(super) fn split_members(inner: &str) -> Vec<(&str, &str)> {
    let mut members = Vec::new();
    let (mut start, mut colon, mut depth, mut has_modifier) = (0, None, 0_usize, false);
    let mut chars = inner.char_indices();
    while let Some((at, character)) = chars.next() {
        match character {
            '\\' => _ = chars.next(),
            '"' => _ = skip_quoted(&mut chars),
            // The colon of a modifier's argument does not end a name, unless the modifier is all that precedes it.
            '@' => has_modifier |= inner.get(..at).is_some_and(|before| before.ends_with(['.', '|'])),
            ':' if depth == 0 && !has_modifier && colon.is_none() => colon = Some(at),
            ',' if depth == 0 => {
                members.push(member(inner, start..at, colon));
                (start, colon, has_modifier) = (at + 1, None, false);
            }
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    members.push(member(inner, start..inner.len(), colon));
    members
}

fn member(inner: &str, span: std::ops::Range<usize>, colon: Option<usize>) -> (&str, &str) {
    let name = colon.and_then(|at| inner.get(span.start..at)).unwrap_or_default();
    let start = colon.map_or(span.start, |at| at + 1);
    (name, inner.get(start..span.end).unwrap_or_default())
}

/// The name of a member that has none: the last part of its path, or `_` if that is more than a key.
pub(super) fn last_name(path: &str) -> &str {
    let mut separators = path.match_indices(['.', '|']).map(|(at, _)| at);
    let last = separators.rfind(|at| !path.get(..*at).is_some_and(|before| before.ends_with('\\')));
    let name = last.map_or(path, |at| tail(path, at + 1));
    let is_simple = !name.contains(|character: char| character < ' ' || "[]{}()#|!".contains(character));
    if is_simple { name } else { "_" }
}

/// Splits what follows `#.` or a query's `.` at the `|` that ends the part for each element; `None` if there is none that
/// the Go program sees. It overlooks one right after `.#`, and most in a path that begins with `{`.
pub(super) fn split_at_pipe(text: &str) -> Option<(&str, &str)> {
    if let Some(inner) = text.strip_prefix('{') {
        let end = 1 + squashed(inner);
        let after = tail(text, end).strip_prefix('|')?;
        return Some((text.get(..end)?, after));
    }
    let mut chars = text.char_indices();
    while let Some((at, character)) = chars.next() {
        match character {
            '\\' => _ = chars.next(),
            '|' => return Some((text.get(..at)?, tail(text, at + 1))),
            '.' if chars.as_str().starts_with('#') => {
                _ = chars.next();
                let bracket = chars.next().map(|(_, bracket)| bracket);
                if let Some('(' | '[') = bracket {
                    skip_enclosed(&mut chars, bracket == Some('['));
                }
            }
            _ => {}
        }
    }
    None
}

/// Moves `chars`, just past an opening bracket, beyond the one that closes it.
fn skip_enclosed(chars: &mut CharIndices<'_>, is_square: bool) {
    let (opener, closer) = if is_square { ('[', ']') } else { ('(', ')') };
    let mut depth = 1_usize;
    while depth > 0
        && let Some((_, character)) = chars.next()
    {
        match character {
            '\\' => _ = chars.next(),
            '"' => _ = skip_quoted(chars),
            _ if character == opener => depth += 1,
            _ if character == closer => depth -= 1,
            _ => {}
        }
    }
}

/// How long the value is that the Go program takes the text after a `{` for: its first character counts as an opening
/// bracket whatever it is, or it is a quoted text.
fn squashed(text: &str) -> usize {
    let mut chars = text.char_indices();
    let mut depth = 0_usize;
    if !text.starts_with('"') {
        _ = chars.next();
        depth = 1;
    }
    while let Some((at, character)) = chars.next() {
        match character {
            '"' => {
                _ = skip_quoted(&mut chars);
                if depth == 0 {
                    return chars.offset();
                }
            }
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return at + 1;
                }
            }
            _ => {}
        }
    }
    text.len()
}
