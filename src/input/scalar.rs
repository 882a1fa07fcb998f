//! What a YAML scalar stands for, by the core schema of YAML 1.2, and how it is spelled in JSON.

use std::borrow::Cow;

use crate::json::{Value, quote};

/// The namespace of YAML's own tags, which `!!` stands for.
const CORE: &str = "tag:yaml.org,2002:";

/// The most digits of a hexadecimal or octal number. Writing one in decimal takes time in the square of its length.
const MAX_RADIX_DIGITS: usize = 1_000;

/// One scalar as it stands in the text.
pub(super) struct Scalar<'a> {
    pub(super) text: Cow<'a, str>,
    /// Whether it stands without quotes and is no block scalar.
    pub(super) plain: bool,
    /// Its tag in full, if it has one.
    pub(super) tag: Option<String>,
}

impl Scalar<'_> {
    /// What the scalar stands for.
    ///
    /// # Errors
    /// When the tag is unknown or does not fit, or the number has no JSON form.
    pub(super) fn value(&self) -> Result<Value, String> {
        let text = self.text.as_ref();
        let Some(tag) = &self.tag else {
            return if self.plain { resolve(text) } else { Ok(Value::String(text.to_owned())) };
        };
        let name = core_name(tag)?;
        let fits = |value: &Value| match (name, value) {
            ("null", Value::Null) | ("bool", Value::Bool(_)) => true,
            ("int", Value::Number(_)) => integer(text).is_some(),
            ("float", Value::Number(_)) => float(text).is_some(),
            _ => false,
        };
        match name {
            "str" => Ok(Value::String(text.to_owned())),
            "map" | "seq" => Err(misfit(tag)),
            _ => Some(resolve(text)?).filter(fits).ok_or_else(|| misfit(tag)),
        }
    }

    /// The scalar as the key of a map: its text as spelled, or `null` for the null that is spelled `~` or not at all.
    ///
    /// # Errors
    /// As [`Self::value`], but a number without JSON form is fine here unless it is tagged as one.
    pub(super) fn key(&self) -> Result<String, String> {
        let text = self.text.as_ref();
        let is_null = match self.tag {
            Some(_) => self.value()? == Value::Null,
            None => self.plain,
        };
        Ok(if is_null && matches!(text, "" | "~") { "null" } else { text }.to_owned())
    }

    /// Whether this is the key `<<`, which merges other maps into its own.
    pub(super) fn is_merge_key(&self) -> bool {
        self.plain && self.tag.is_none() && self.text == "<<"
    }
}

/// Succeeds if a collection may carry `tag`; `own` is the tag's name for its kind, `map` or `seq`.
///
/// # Errors
/// When the tag is unknown or does not fit.
pub(super) fn check_collection_tag(tag: Option<&str>, own: &str) -> Result<(), String> {
    match tag {
        None | Some("!") => Ok(()),
        Some(tag) if core_name(tag)? == own => Ok(()),
        Some(tag) => Err(misfit(tag)),
    }
}

/// The short name of a tag that is known here. The tag `!` makes a scalar a string.
fn core_name(tag: &str) -> Result<&str, String> {
    match tag.strip_prefix(CORE) {
        _ if tag == "!" => Ok("str"),
        Some(name @ ("str" | "int" | "float" | "bool" | "null" | "map" | "seq")) => Ok(name),
        _ => Err(format!("the tag {} is not supported", spelled(tag))),
    }
}

fn misfit(tag: &str) -> String {
    format!("the value does not fit the tag {}", spelled(tag))
}

/// A tag as the user would write it.
fn spelled(tag: &str) -> String {
    match tag.strip_prefix(CORE) {
        Some(name) => format!("!!{name}"),
        None if tag.starts_with('!') => tag.to_owned(),
        None => format!("!<{tag}>"),
    }
}

/// What a plain text stands for.
fn resolve(text: &str) -> Result<Value, String> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Ok(Value::Null),
        "true" | "True" | "TRUE" => return Ok(Value::Bool(true)),
        "false" | "False" | "FALSE" => return Ok(Value::Bool(false)),
        ".nan" | ".NaN" | ".NAN" => return Err(format!("JSON has no number {text}")),
        _ => {}
    }
    if matches!(unsigned(text).1, ".inf" | ".Inf" | ".INF") {
        return Err(format!("JSON has no number {text}"));
    }
    if let Some((digits, radix)) = radix_number(text)
        && digits.len() > MAX_RADIX_DIGITS
    {
        let base = if radix == 16 { "hexadecimal" } else { "octal" };
        return Err(format!("the {base} number has more than {MAX_RADIX_DIGITS} digits"));
    }
    let number = integer(text).or_else(|| float(text));
    Ok(number.map_or_else(|| Value::String(text.to_owned()), Value::Number))
}

/// The JSON spelling of an integer; `None` if `text` is none.
fn integer(text: &str) -> Option<String> {
    if let Some((digits, radix)) = radix_number(text) {
        return Some(decimal(digits, radix));
    }
    let (sign, digits) = unsigned(text);
    is_digits(digits).then(|| format!("{sign}{}", without_leading_zeros(digits)))
}

/// The JSON spelling of a decimal number, with fraction and exponent or without; `None` if `text` is none.
fn float(text: &str) -> Option<String> {
    let (sign, number) = unsigned(text);
    let (mantissa, exponent) = number.split_at(number.find(['e', 'E']).unwrap_or(number.len()));
    let (whole, fraction) = mantissa.split_once('.').map_or((mantissa, None), |(whole, rest)| (whole, Some(rest)));
    let exponent_digits = exponent.get(1..).map(|digits| digits.strip_prefix(['+', '-']).unwrap_or(digits));
    let fits = is_digits_or_empty(whole)
        && fraction.is_none_or(is_digits_or_empty)
        && !(whole.is_empty() && fraction.unwrap_or_default().is_empty())
        && exponent_digits.is_none_or(is_digits);
    let point = if fraction.is_some() { "." } else { "" };
    let fraction = fraction.map_or("", |digits| if digits.is_empty() { "0" } else { digits });
    fits.then(|| format!("{sign}{}{point}{fraction}{exponent}", without_leading_zeros(whole)))
}

/// The sign that JSON would write, and the rest.
fn unsigned(text: &str) -> (&str, &str) {
    match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && is_digits_or_empty(text)
}

fn is_digits_or_empty(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// `digits` as JSON wants them; `0` for none.
fn without_leading_zeros(digits: &str) -> &str {
    match digits.trim_start_matches('0') {
        "" => "0",
        rest => rest,
    }
}

/// The digits and the base of `0x1F` and `0o17`.
fn radix_number(text: &str) -> Option<(&str, u32)> {
    let (digits, radix) = match text.strip_prefix("0x") {
        Some(digits) => (digits, 16),
        None => (text.strip_prefix("0o")?, 8),
    };
    let fits = !digits.is_empty() && digits.chars().all(|digit| digit.is_digit(radix));
    fits.then_some((digits, radix))
}

/// Writes a whole number of any length in decimal.
fn decimal(digits: &str, radix: u32) -> String {
    const GROUP: u64 = 1_000_000_000;
    // Groups of nine decimal digits, the lowest first.
    let mut groups = vec![0_u64];
    for digit in digits.chars().filter_map(|digit| digit.to_digit(radix)) {
        let mut carry = u64::from(digit);
        for group in &mut groups {
            let sum = *group * u64::from(radix) + carry;
            *group = sum % GROUP;
            carry = sum / GROUP;
        }
        if carry > 0 {
            groups.push(carry);
        }
    }
    let groups: Vec<String> = groups.iter().rev().map(|group| format!("{group:09}")).collect();
    without_leading_zeros(&groups.concat()).to_owned()
}

/// The message for a key that stands twice.
pub(super) fn repeated(key: &str) -> String {
    format!("the key {} stands twice", quote(key))
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::{Scalar, Value, resolve};

    fn tagged(tag: &str, text: &'static str) -> Result<String, String> {
        let tag = Some(tag.replace("!!", "tag:yaml.org,2002:"));
        Scalar { text: Cow::Borrowed(text), plain: true, tag }.value().map(|value| value.to_string())
    }

    #[test]
    fn nulls_and_booleans_are_those_of_the_core_schema() {
        for text in ["null", "Null", "NULL", "~", ""] {
            assert_eq!(resolve(text), Ok(Value::Null));
        }
        for text in ["true", "True", "TRUE"] {
            assert_eq!(resolve(text), Ok(Value::Bool(true)));
        }
        for text in ["false", "False", "FALSE"] {
            assert_eq!(resolve(text), Ok(Value::Bool(false)));
        }
    }

    #[test]
    fn numbers_keep_their_spelling_or_get_the_nearest_legal_one() {
        let expected = [
            ("1e3", "1e3"),
            ("1.0", "1.0"),
            ("-0.0", "-0.0"),
            ("0", "0"),
            ("-0", "-0"),
            ("123456789012345678901234567890", "123456789012345678901234567890"),
            ("+5", "5"),
            ("017", "17"),
            ("-007.50", "-7.50"),
            ("000", "0"),
            (".5", "0.5"),
            ("-.5", "-0.5"),
            ("+.5E-07", "0.5E-07"),
            ("5.", "5.0"),
            ("1.e3", "1.0e3"),
            ("0x1F", "31"),
            ("0xffffffffffffffffffffffff", "79228162514264337593543950335"),
            ("0x3B9ACA00", "1000000000"),
            ("0x0", "0"),
            ("0o17", "15"),
            ("0o7777777777777777777777777", "37778931862957161709567"),
        ];
        for (given, wanted) in expected {
            assert_eq!(resolve(given), Ok(Value::Number(wanted.to_owned())), "{given}");
        }
    }

    #[test]
    fn everything_else_is_a_string() {
        let texts = [
            "yes",
            "no",
            "on",
            "off",
            "y",
            "nULL",
            "tRUE",
            "1_000",
            "2024-01-02",
            "12:30",
            "1.2.3",
            ".",
            "-",
            "+",
            "+.",
            "e3",
            ".e3",
            "1e",
            "1e+",
            "-0x1F",
            "+0o7",
            "0x",
            "0o",
            "0o8",
            "0xg",
            "0b1",
            "0X1F",
            "inf",
            "nan",
            "-.nan",
            "+ 1",
            "1 ",
            "--1",
            "١",
        ];
        for text in texts {
            assert_eq!(resolve(text), Ok(Value::String(text.to_owned())), "{text}");
        }
    }

    #[test]
    fn a_number_without_json_form_is_an_error() {
        for text in [".inf", "-.inf", "+.INF", ".Inf", ".nan", ".NaN", ".NAN"] {
            assert_eq!(resolve(text), Err(format!("JSON has no number {text}")));
        }
    }

    #[test]
    fn a_long_hexadecimal_number_is_exact_up_to_a_limit() {
        let long = format!("0x1{}", "0".repeat(900));
        assert!(matches!(resolve(&long), Ok(Value::Number(text)) if text.len() == 1_084));
        assert!(resolve(&format!("0x{}", "f".repeat(1_001))).unwrap_err().contains("more than 1000 digits"));
    }

    #[test]
    fn core_tags_are_honoured() {
        assert_eq!(tagged("!!str", "12").unwrap(), r#""12""#);
        assert_eq!(tagged("!!str", "").unwrap(), r#""""#);
        assert_eq!(tagged("!", "12").unwrap(), r#""12""#);
        assert_eq!(tagged("!!int", "0x10").unwrap(), "16");
        assert_eq!(tagged("!!float", "1").unwrap(), "1");
        assert_eq!(tagged("!!float", ".5").unwrap(), "0.5");
        assert_eq!(tagged("!!bool", "True").unwrap(), "true");
        assert_eq!(tagged("!!null", "~").unwrap(), "null");
    }

    #[test]
    fn a_tag_that_does_not_fit_is_an_error() {
        let cases = [
            ("!!int", "1.0"),
            ("!!int", "x"),
            ("!!int", ""),
            ("!!float", "0x10"),
            ("!!bool", "yes"),
            ("!!null", "0"),
            ("!!map", "x"),
            ("!!seq", ""),
        ];
        for (tag, text) in cases {
            assert_eq!(tagged(tag, text), Err(format!("the value does not fit the tag {tag}")));
        }
    }

    #[test]
    fn any_other_tag_is_an_error_that_names_it() {
        assert_eq!(tagged("!!binary", "x").unwrap_err(), "the tag !!binary is not supported");
        assert_eq!(tagged("!custom", "x").unwrap_err(), "the tag !custom is not supported");
        assert_eq!(tagged("x:y", "x").unwrap_err(), "the tag !<x:y> is not supported");
    }
}
