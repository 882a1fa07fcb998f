//! JSON text as YAML: block style, numbers as spelled, strings plain where no reader takes them for something else.

use super::style::Style;
use crate::json;

/// One document, ending with a line break.
pub(super) fn document(text: &str, style: Style) -> String {
    let mut yaml = String::new();
    node(&mut yaml, text, Place { depth: 0, after: After::Start }, style);
    yaml
}

#[derive(Clone, Copy)]
struct Place {
    /// Levels of indentation of what is written.
    depth: usize,
    after: After,
}

/// What stands before a node on its line.
#[derive(Clone, Copy, PartialEq, Eq)]
enum After {
    Start,
    Key,
    Dash,
}

fn node(yaml: &mut String, text: &str, place: Place, style: Style) {
    if let Some(members) = json::members(text).filter(|members| !members.is_empty()) {
        if place.after == After::Key {
            yaml.push('\n');
        }
        for (index, (key, value)) in members.iter().enumerate() {
            if index > 0 || place.after == After::Key {
                indent(yaml, place.depth);
            }
            yaml.push_str(&string(key, style));
            yaml.push(':');
            node(yaml, value, Place { depth: place.depth + 1, after: After::Key }, style);
        }
        return;
    }
    if let Some(items) = json::elements(text).filter(|items| !items.is_empty()) {
        if place.after == After::Key {
            yaml.push('\n');
        }
        for (index, item) in items.iter().enumerate() {
            if index > 0 || place.after == After::Key {
                indent(yaml, place.depth);
            }
            yaml.push_str("- ");
            node(yaml, item, Place { depth: place.depth + 1, after: After::Dash }, style);
        }
        return;
    }
    if place.after == After::Key {
        yaml.push(' ');
    }
    match text.as_bytes().first() {
        Some(b'{') => yaml.push_str("{}"),
        Some(b'[') => yaml.push_str("[]"),
        Some(b'"') => scalar(yaml, text, place.depth, style),
        _ => yaml.push_str(text),
    }
    yaml.push('\n');
}

fn scalar(yaml: &mut String, text: &str, depth: usize, style: Style) {
    // A lone surrogate has no YAML form; it stays as JSON spells it.
    let Ok(decoded) = serde_json::from_str::<String>(text) else { return yaml.push_str(text) };
    if !is_block(&decoded) {
        return yaml.push_str(&string(&decoded, style));
    }
    let kept = decoded.trim_end_matches('\n');
    yaml.push_str(match decoded.len() - kept.len() {
        0 => "|-",
        1 => "|",
        _ => "|+",
    });
    for line in decoded.strip_suffix('\n').unwrap_or(&decoded).split('\n') {
        yaml.push('\n');
        if !line.is_empty() {
            indent(yaml, depth.max(1));
            yaml.push_str(line);
        }
    }
}

/// Whether a text is written line by line: several lines, none of which a reader could take apart differently.
fn is_block(text: &str) -> bool {
    text.trim_end_matches('\n').contains('\n')
        && !text.starts_with([' ', '\n'])
        && text.chars().all(|character| character == '\n' || is_printable(character))
}

fn indent(yaml: &mut String, depth: usize) {
    for _ in 0..depth {
        yaml.push_str("  ");
    }
}

fn string(text: &str, style: Style) -> String {
    if is_plain(text) { text.to_owned() } else { style.json_safe(&quoted(text)).into_owned() }
}

/// In double quotes, with escapes for what YAML does not print.
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    for character in json::quote(text).chars() {
        if character.is_control() || matches!(character, '\u{2028}' | '\u{2029}' | '\u{feff}') {
            quoted.push_str(&format!("\\u{:04x}", u32::from(character)));
        } else {
            quoted.push(character);
        }
    }
    quoted
}

fn is_printable(character: char) -> bool {
    !character.is_control()
        && !matches!(character, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// Words that YAML 1.1 or 1.2 readers take for something else than text.
const WORDS: [&str; 11] = ["null", "true", "false", "yes", "no", "on", "off", "y", "n", "=", "<<"];

/// Whether every reader takes the bare text for that string. Rather too careful than too clever.
fn is_plain(text: &str) -> bool {
    let Some(first) = text.chars().next() else { return false };
    let digits = text.trim_start_matches(['+', '-', '.']);
    // Numbers, dates and sexagesimals all begin with a digit and hold nothing else than these.
    let number_like = digits.starts_with(|character: char| character.is_ascii_digit())
        && digits.chars().all(|character| character.is_ascii_hexdigit() || "xoXO_.+-:eETZ ".contains(character));
    let special = [".inf", ".nan", "-.inf", "+.inf"].iter().any(|word| text.eq_ignore_ascii_case(word));
    let word = WORDS.iter().any(|word| text.eq_ignore_ascii_case(word));
    !(number_like
        || special
        || word
        || "-?:,[]{}#&*!|>'\"%@`~".contains(first)
        || text.starts_with("...")
        || text.starts_with(' ')
        || text.ends_with([' ', ':'])
        || text.contains(": ")
        || text.contains(" #")
        || !text.chars().all(is_printable))
}

#[cfg(test)]
mod tests {
    use super::{Style, document};

    fn yaml(json: &str) -> String {
        document(json, Style::default())
    }

    #[test]
    fn a_batch_is_a_block_of_plain_lines() {
        let json = r#"{"id":"vsfb_abc123","created_at":1699061776,"file_counts":{"total":1e1,"failed":0},"list":[],"none":null}"#;
        let expected =
            "id: vsfb_abc123\ncreated_at: 1699061776\nfile_counts:\n  total: 1e1\n  failed: 0\nlist: []\nnone: null\n";
        assert_eq!(yaml(json), expected);
    }

    #[test]
    fn lists_are_indented_below_their_key() {
        let json = r#"{"a":[1,{"b":"x","c":[[2],{}]}]}"#;
        assert_eq!(yaml(json), "a:\n  - 1\n  - b: x\n    c:\n      - - 2\n      - {}\n");
        assert_eq!(yaml("[\"x\",[]]"), "- x\n- []\n");
        assert_eq!(yaml("\"text\""), "text\n");
    }

    #[test]
    fn what_could_be_taken_for_something_else_is_quoted() {
        for text in [
            "",
            "null",
            "True",
            "yes",
            "~",
            "1",
            "1.5",
            "0x1F",
            "1e3",
            "2024-01-02",
            "12:30:45",
            "-1",
            "+1",
            ".5",
            "a: b",
            "a #b",
            " a",
            "a ",
            "- a",
            "@x",
            "%x",
            "#x",
            "a:",
            "...",
            ".inf",
            "{a}",
            "'x'",
        ] {
            assert_eq!(yaml(&crate::json::quote(text)), format!("{}\n", crate::json::quote(text)), "{text}");
        }
        for text in ["a", "file-1", "a b", "a:b", "é", "vs_1", "1 file", "v1.2", "a#b", "x@y"] {
            assert_eq!(yaml(&crate::json::quote(text)), format!("{text}\n"));
        }
    }

    #[test]
    fn lines_of_a_text_stay_lines() {
        assert_eq!(yaml(r#"{"m":"one\ntwo"}"#), "m: |-\n  one\n  two\n");
        assert_eq!(yaml(r#"{"m":"one\n\ntwo\n","x":1}"#), "m: |\n  one\n\n  two\nx: 1\n");
        assert_eq!(yaml(r#"{"m":"one\ntwo\n\n","x":1}"#), "m: |+\n  one\n  two\n\nx: 1\n");
        assert_eq!(yaml(r#"{"m":" one\ntwo"}"#), "m: \" one\\ntwo\"\n");
        assert_eq!(yaml(r#"{"m":"a\u001b[3\nb"}"#), "m: \"a\\u001b[3\\nb\"\n");
    }
}
