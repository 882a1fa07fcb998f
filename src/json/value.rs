//! A JSON document with its numbers as spelled and its keys in order.

use std::fmt;

/// A JSON value whose text form is what was read: `1e3`, `1.0` and 30-digit integers keep their spelling.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    Null,
    Bool(bool),
    /// A number in JSON's own grammar, as spelled.
    Number(String),
    String(String),
    Array(Vec<Self>),
    /// Members in the order given. Whoever builds one keeps the keys unique.
    Object(Vec<(String, Self)>),
}

impl Value {
    /// The member named `key`, if this is an object that has it.
    pub(crate) fn get(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Object(members) => members.iter().find(|(name, _)| name == key).map(|(_, value)| value),
            _ => None,
        }
    }

    /// The text of a string; `None` for any other type.
    pub(crate) fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// What the value is, for messages: "a map", "a list", "a string" and so on.
    pub(crate) const fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Number(_) => "a number",
            Self::String(_) => "a string",
            Self::Array(_) => "a list",
            Self::Object(_) => "a map",
        }
    }
}

/// Compact JSON: no white space, keys in order, numbers as spelled.
impl fmt::Display for Value {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Most have room in this: a text that grows is moved several times.
        let mut text = String::with_capacity(256);
        self.append_to(&mut text);
        formatter.write_str(&text)
    }
}

impl Value {
    /// Writes the compact JSON behind `text`. A manifest may have millions of values, so no formatter comes between.
    pub(crate) fn append_to(&self, text: &mut String) {
        match self {
            Self::Null => text.push_str("null"),
            Self::Bool(value) => text.push_str(if *value { "true" } else { "false" }),
            Self::Number(number) => text.push_str(number),
            Self::String(string) => append_quoted(string, text),
            Self::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    text.push(if index == 0 { '[' } else { ',' });
                    item.append_to(text);
                }
                text.push_str(if items.is_empty() { "[]" } else { "]" });
            }
            Self::Object(members) => {
                for (index, (key, value)) in members.iter().enumerate() {
                    text.push(if index == 0 { '{' } else { ',' });
                    append_quoted(key, text);
                    text.push(':');
                    value.append_to(text);
                }
                text.push_str(if members.is_empty() { "{}" } else { "}" });
            }
        }
    }
}

/// Writes a JSON string. Most hold nothing that JSON escapes.
fn append_quoted(string: &str, text: &mut String) {
    if string.bytes().any(|byte| byte < b' ' || byte == b'"' || byte == b'\\') {
        return text.push_str(&quote(string));
    }
    text.push('"');
    text.push_str(string);
    text.push('"');
}

/// `text` as a JSON string, quotes included.
pub(crate) fn quote(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::Value;

    #[test]
    fn writes_compact_json_with_numbers_as_spelled() {
        let value = Value::Object(vec![
            ("a\"b".to_owned(), Value::Number("1e3".to_owned())),
            ("list".to_owned(), Value::Array(vec![Value::Null, Value::Bool(true), Value::String("x\n".to_owned())])),
            ("empty".to_owned(), Value::Object(vec![])),
        ]);
        assert_eq!(value.to_string(), r#"{"a\"b":1e3,"list":[null,true,"x\n"],"empty":{}}"#);
    }
}
