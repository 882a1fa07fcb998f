//! The keys of a JSON body one by one, each refusal naming the place it is about.

use serde_json::{Map, Value};

use super::pages::one_of;
use super::refusal::Refusal;

/// One object of a body, and where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Fields<'a> {
    map: &'a Map<String, Value>,
    /// Its path, such as `files[3]`; empty for the body itself.
    path: String,
}

impl<'a> Fields<'a> {
    /// An object that has no keys but `known`.
    ///
    /// # Errors
    /// When the value is no object, or has another key.
    pub(crate) fn of(value: &'a Value, path: &str, known: &[&str]) -> Result<Self, Refusal> {
        let Value::Object(map) = value else {
            return Err(match path {
                "" => Refusal::body("The body must be a JSON object."),
                _ => Refusal::wrong_type(path, "an object", value),
            });
        };
        let fields = Self { map, path: path.to_owned() };
        match map.keys().find(|key| !known.contains(&key.as_str())) {
            Some(key) => Err(Refusal::unknown_parameter(fields.path_of(key))),
            None => Ok(fields),
        }
    }

    pub(crate) fn path_of(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    /// A value; null counts as none.
    pub(crate) fn get(&self, key: &str) -> Option<&'a Value> {
        self.map.get(key).filter(|value| !value.is_null())
    }

    /// A value that must be there, be it null.
    pub(crate) fn required(&self, key: &str) -> Result<&'a Value, Refusal> {
        self.map.get(key).ok_or_else(|| Refusal::missing_parameter(self.path_of(key)))
    }

    /// A text that may be absent.
    pub(crate) fn text(&self, key: &str) -> Result<Option<&'a str>, Refusal> {
        self.get(key).map(|value| self.as_text(key, value)).transpose()
    }

    pub(crate) fn required_text(&self, key: &str) -> Result<&'a str, Refusal> {
        self.as_text(key, self.required(key)?)
    }

    fn as_text(&self, key: &str, value: &'a Value) -> Result<&'a str, Refusal> {
        value.as_str().ok_or_else(|| Refusal::wrong_type(self.path_of(key), "a string", value))
    }

    /// A text that must be one of these.
    pub(crate) fn required_choice(&self, key: &str, known: &[&str]) -> Result<String, Refusal> {
        one_of(&self.path_of(key), self.required_text(key)?, known)
    }

    /// A whole number between these.
    pub(crate) fn required_integer(&self, key: &str, least: u64, most: u64) -> Result<u64, Refusal> {
        let value = self.required(key)?;
        let path = self.path_of(key);
        match value.as_u64() {
            Some(number) if number > most => Err(Refusal::above(path, most, number)),
            Some(number) if number >= least => Ok(number),
            None if !value.is_i64() => Err(Refusal::wrong_type(path, "an integer", value)),
            _ => Err(Refusal::below(path, least, value)),
        }
    }

    /// An array that may be absent, with no more elements than this.
    pub(crate) fn array(&self, key: &str, most: usize) -> Result<Option<&'a [Value]>, Refusal> {
        let Some(value) = self.get(key) else { return Ok(None) };
        let path = self.path_of(key);
        let Value::Array(items) = value else { return Err(Refusal::wrong_type(path, "an array", value)) };
        if items.len() > most {
            let length = items.len();
            let problem = format!("array too long; expected an array with maximum length {most}, got one of {length}");
            return Err(Refusal::invalid(path, "array_above_max_length", &problem));
        }
        Ok(Some(items))
    }

    /// The keys and values of a map of at most 16 pairs whose keys have at most 64 characters, if there is one.
    pub(crate) fn pairs(&self, key: &str) -> Result<Option<&'a Map<String, Value>>, Refusal> {
        let Some(value) = self.get(key) else { return Ok(None) };
        let path = self.path_of(key);
        let Value::Object(map) = value else { return Err(Refusal::wrong_type(path, "an object", value)) };
        if map.len() > MOST_PAIRS {
            let length = map.len();
            let problem = format!("too many keys; expected an object with at most {MOST_PAIRS}, got one with {length}");
            return Err(Refusal::invalid(path, "object_above_max_properties", &problem));
        }
        match map.keys().find(|name| name.chars().count() > LONGEST_KEY) {
            Some(name) => Err(too_long(&format!("{path}.{name}"), "the key", LONGEST_KEY)),
            None => Ok(Some(map)),
        }
    }
}

/// Pairs in attributes or metadata.
const MOST_PAIRS: usize = 16;
/// In characters.
const LONGEST_KEY: usize = 64;
/// In characters.
pub(crate) const LONGEST_TEXT: usize = 512;

/// A text that is longer than may be.
pub(crate) fn too_long(path: &str, what: &str, most: usize) -> Refusal {
    Refusal::invalid(path, "string_above_max_length", &format!("{what} is too long; the maximum length is {most}"))
}
