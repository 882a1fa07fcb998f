//! The modifiers: `@name` and `@name:argument`.

use std::borrow::Cow;
use std::collections::HashMap;

use super::PathError;
use super::path::{Parser, Step};
use super::pretty::{self, Layout};
use super::query;
use super::scan::{self, Kind};
use super::select::{array, select};

#[derive(Debug)]
pub(super) enum Modifier {
    Dig(Vec<Step>),
    Flatten { deep: bool },
    FromString,
    Group,
    Join { preserve: bool },
    Keys,
    Pretty(Layout),
    Reverse,
    This,
    ToString,
    Ugly,
    Valid,
    Values,
}

/// Reads the modifier that `text` begins with; gives what follows it, too.
pub(super) fn parse<'p>(parser: &mut Parser<'p>, text: &'p str) -> Result<(Modifier, &'p str), PathError> {
    let body = text.strip_prefix('@').unwrap_or(text);
    let end = body.find(['.', '|', ':']).unwrap_or(body.len());
    let (name, after) = body.split_at_checked(end).unwrap_or((body, ""));
    let (argument, after) = match after.strip_prefix(':') {
        Some(rest) => argument(parser, rest)?,
        None => ("", after),
    };
    let modifier = match name {
        "dig" => Modifier::Dig(parser.nested(argument)?),
        "flatten" => Modifier::Flatten { deep: flag(options(parser, argument)?, "deep") },
        "fromstr" => Modifier::FromString,
        "group" => Modifier::Group,
        "join" => Modifier::Join { preserve: flag(options(parser, argument)?, "preserve") },
        "keys" => Modifier::Keys,
        "pretty" => Modifier::Pretty(Layout::from_options(options(parser, argument)?)),
        "reverse" => Modifier::Reverse,
        "this" => Modifier::This,
        "tostr" => Modifier::ToString,
        "ugly" => Modifier::Ugly,
        "valid" => Modifier::Valid,
        "values" => Modifier::Values,
        _ => {
            let advice = format_args!("there is no modifier `@{name}` (write `\\@{name}` for a key of that name)");
            return Err(parser.fault(text, advice));
        }
    };
    Ok((modifier, after))
}

/// The argument that `text` begins with: a JSON-like text up to its end, any other up to the next `|`.
fn argument<'p>(parser: &Parser<'p>, text: &'p str) -> Result<(&'p str, &'p str), PathError> {
    let end = if text.starts_with(['{', '[']) {
        let (_, after) = parser.enclosed(text, "([{")?;
        text.len() - after.len()
    } else if text.starts_with('"') {
        scan::string_end(text).ok_or_else(|| parser.fault(text, "a quote is never closed"))?
    } else {
        text.find('|').unwrap_or(text.len())
    };
    Ok(text.split_at_checked(end).unwrap_or((text, "")))
}

/// The members of an argument that is a JSON object. An argument of another form sets nothing.
fn options<'p>(
    parser: &Parser<'p>,
    argument: &'p str,
) -> Result<impl Iterator<Item = (Cow<'p, str>, &'p str)>, PathError> {
    let text = scan::trim(argument);
    if text.starts_with(['{', '[']) && !scan::is_valid(text) {
        return Err(parser.fault(argument, "the argument of the modifier is not valid JSON"));
    }
    Ok(scan::members(text).map(|(key, value)| (scan::string(key), value)))
}

/// True if the last option named `name` is one that counts as true.
fn flag<'p>(options: impl Iterator<Item = (Cow<'p, str>, &'p str)>, name: &str) -> bool {
    options.filter(|(key, _)| key == name).last().is_some_and(|(_, value)| query::truth(value) == Some(true))
}

impl Modifier {
    /// What the modifier makes of `json`; both are empty for a missing value.
    pub(super) fn apply(&self, json: &str) -> String {
        match self {
            Self::Dig(steps) => {
                let mut found = Vec::new();
                dig(scan::value(json), steps, &mut found);
                array(found.into_iter())
            }
            Self::Flatten { deep } if scan::kind(json) == Some(Kind::Array) => flatten(json, *deep),
            Self::FromString => from_string(scan::value(json)),
            Self::Group => group(json),
            Self::Join { preserve } if scan::kind(json) == Some(Kind::Array) => join(json, *preserve),
            Self::Keys => keys(json),
            Self::Pretty(layout) => pretty::pretty(json, layout),
            Self::Reverse => reverse(json),
            Self::ToString => scan::quote(json),
            Self::Ugly => ugly(json),
            Self::Values => values(json),
            Self::This | Self::Valid | Self::Flatten { .. } | Self::Join { .. } => json.to_owned(),
        }
    }
}

/// Adds what `steps` select in `json` and in every value within it, outer ones first.
fn dig(json: &str, steps: &[Step], found: &mut Vec<String>) {
    found.push(select(json, steps));
    match scan::kind(json) {
        Some(Kind::Object) => scan::members(json).for_each(|(_, value)| dig(value, steps, found)),
        Some(Kind::Array) => scan::elements(json).for_each(|value| dig(value, steps, found)),
        _ => {}
    }
}

fn flatten(json: &str, deep: bool) -> String {
    array(scan::elements(json).map(|element| match scan::kind(element) {
        Some(Kind::Array) if deep => contents(&flatten(element, deep)).to_owned(),
        Some(Kind::Array) => contents(element).to_owned(),
        _ => element.to_owned(),
    }))
}

/// What lies between the brackets or braces of `json`, without the white space around it.
fn contents(json: &str) -> &str {
    let mut chars = scan::trim(json).chars();
    _ = chars.next();
    _ = chars.next_back();
    scan::trim(chars.as_str())
}

/// The JSON that a string holds. One that holds none, which the Go program would pass on as it is, gives nothing.
fn from_string(json: &str) -> String {
    let text = match scan::kind(json) {
        Some(Kind::String) => scan::string(json).into_owned(),
        Some(Kind::Number) => plain_number(json),
        Some(Kind::Null) | None => String::new(),
        Some(_) => json.to_owned(),
    };
    if scan::is_valid(&text) { text } else { String::new() }
}

/// A number without exponent and needless digits. An integer stays as it is.
fn plain_number(json: &str) -> String {
    let digits = json.strip_prefix('-').unwrap_or(json);
    match json.parse::<f64>() {
        Ok(number) if !digits.bytes().all(|byte| byte.is_ascii_digit()) => number.to_string(),
        _ => json.to_owned(),
    }
}

/// `{"a":[1,2],"b":[3,4]}` → `[{"a":1,"b":3},{"a":2,"b":4}]`; nothing for what is not an object.
fn group(json: &str) -> String {
    if scan::kind(json) != Some(Kind::Object) {
        return String::new();
    }
    let mut groups: Vec<Vec<String>> = Vec::new();
    for (key, list) in scan::members(json) {
        for (index, value) in scan::elements(list).enumerate() {
            if groups.len() == index {
                groups.push(Vec::new());
            }
            if let Some(group) = groups.get_mut(index) {
                group.push(format!("{key}:{value}"));
            }
        }
    }
    array(groups.into_iter().map(|members| format!("{{{}}}", members.join(","))))
}

/// The members of all objects of an array in one. Of a repeated key, unless kept, the first place and the last value stay.
fn join(json: &str, preserve: bool) -> String {
    let objects = scan::elements(json).filter(|element| scan::kind(element) == Some(Kind::Object));
    if preserve {
        // An object without members adds nothing; the Go program writes a comma for it, which is not JSON.
        let members = objects.filter(|object| !contents(object).is_empty()).map(unwrapped);
        return format!("{{{}}}", members.collect::<Vec<_>>().join(","));
    }
    let mut places = HashMap::new();
    let mut joined: Vec<(&str, &str)> = Vec::new();
    for (key, value) in objects.flat_map(scan::members) {
        let place = *places.entry(scan::string(key)).or_insert(joined.len());
        match joined.get_mut(place) {
            Some((_, known)) => *known = value,
            None => joined.push((key, value)),
        }
    }
    let members: Vec<String> = joined.iter().map(|(key, value)| format!("{key}:{value}")).collect();
    format!("{{{}}}", members.join(","))
}

/// What lies between the braces of `json`, white space included.
fn unwrapped(json: &str) -> &str {
    json.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).unwrap_or(json)
}

/// The keys of an object; a `null` for each element of an array and for a scalar.
fn keys(json: &str) -> String {
    match scan::kind(json) {
        Some(Kind::Object) => array(scan::members(json).map(|(key, _)| key.to_owned())),
        Some(Kind::Array) => array(scan::elements(json).map(|_| "null".to_owned())),
        Some(_) => "[null]".to_owned(),
        None => "[]".to_owned(),
    }
}

/// The values of an object; a scalar as the only element of an array.
fn values(json: &str) -> String {
    match scan::kind(json) {
        Some(Kind::Object) => array(scan::members(json).map(|(_, value)| value.to_owned())),
        Some(Kind::Array) => json.to_owned(),
        _ => format!("[{}]", scan::value(json)),
    }
}

fn reverse(json: &str) -> String {
    match scan::kind(json) {
        Some(Kind::Object) => {
            let mut members: Vec<String> = scan::members(json).map(|(key, value)| format!("{key}:{value}")).collect();
            members.reverse();
            format!("{{{}}}", members.join(","))
        }
        Some(Kind::Array) => {
            let mut elements: Vec<&str> = scan::elements(json).collect();
            elements.reverse();
            format!("[{}]", elements.join(","))
        }
        _ => json.to_owned(),
    }
}

/// `json` without white space outside strings.
fn ugly(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    let (mut in_string, mut is_escaped) = (false, false);
    for character in json.chars() {
        if in_string {
            in_string = is_escaped || character != '"';
            is_escaped = !is_escaped && character == '\\';
        } else if character <= ' ' {
            continue;
        } else {
            in_string = character == '"';
        }
        text.push(character);
    }
    text
}
