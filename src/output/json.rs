//! JSON text laid out again, token by token: keys, order, numbers and escapes stay as they came.

use super::style::{Paint, Style};
use crate::json::{Kind, Token, tokens};

/// Two spaces a level, one element a line, as jq does; ends with a line break.
pub(super) fn indented(json: &str, style: Style) -> String {
    let mut text = String::with_capacity(json.len() * 2);
    let mut depth = 0;
    let mut after_empty = false;
    for token in tokens(json) {
        match token.kind {
            Kind::Open { empty } => {
                text.push_str(token.text);
                after_empty = empty;
                if !empty {
                    depth += 1;
                    new_line(&mut text, depth);
                }
            }
            Kind::Close => {
                if !after_empty {
                    depth -= 1;
                    new_line(&mut text, depth);
                }
                after_empty = false;
                text.push_str(token.text);
            }
            Kind::Comma => {
                text.push(',');
                new_line(&mut text, depth);
            }
            Kind::Colon => text.push_str(": "),
            _ => scalar(&mut text, token, style),
        }
    }
    text.push('\n');
    text
}

/// No white space between tokens; ends with a line break.
pub(super) fn compact(json: &str, style: Style) -> String {
    let mut text = String::with_capacity(json.len() + 1);
    for token in tokens(json) {
        scalar(&mut text, token, style);
    }
    text.push('\n');
    text
}

fn new_line(text: &mut String, depth: usize) {
    text.push('\n');
    for _ in 0..depth {
        text.push_str("  ");
    }
}

fn scalar(text: &mut String, token: Token<'_>, style: Style) {
    let safe = style.json_safe(token.text);
    let paint = match token.kind {
        Kind::Key => Paint::Key,
        Kind::String => Paint::Text,
        Kind::Number => Paint::Number,
        Kind::Literal => Paint::Literal,
        Kind::Open { .. } | Kind::Close | Kind::Comma | Kind::Colon => return text.push_str(&safe),
    };
    text.push_str(&style.paint(paint, &safe));
}

#[cfg(test)]
mod tests {
    use super::{Style, compact, indented};

    const ODD: &str = r#" {"b":1e3,"a":[ ],"a":{"x":[1,{"y":"\u00e9\/"}]}, "n" :null}"#;

    #[test]
    fn indents_as_jq_does_and_keeps_every_token() {
        let expected = r#"{
  "b": 1e3,
  "a": [],
  "a": {
    "x": [
      1,
      {
        "y": "\u00e9\/"
      }
    ]
  },
  "n": null
}
"#;
        assert_eq!(indented(ODD, Style::default()), expected);
        assert_eq!(indented(" [] ", Style::default()), "[]\n");
        assert_eq!(indented("[[],{}]", Style::default()), "[\n  [],\n  {}\n]\n");
    }

    #[test]
    fn compact_is_one_line() {
        let expected = "{\"b\":1e3,\"a\":[],\"a\":{\"x\":[1,{\"y\":\"\\u00e9\\/\"}]},\"n\":null}\n";
        assert_eq!(compact(ODD, Style::default()), expected);
    }

    #[test]
    fn colours_add_nothing_but_colour() {
        let colour = Style { colour: true, ..Style::default() };
        let text = indented(ODD, colour);
        assert!(text.contains("\u{1b}[1;34m\"b\"\u{1b}[0m: \u{1b}[36m1e3\u{1b}[0m"));
        let mut plain = String::new();
        for (index, part) in text.split('\u{1b}').enumerate() {
            plain.push_str(if index == 0 { part } else { part.split_once('m').unwrap().1 });
        }
        assert_eq!(plain, indented(ODD, Style::default()));
    }
}
