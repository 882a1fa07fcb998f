//! The condition of a query, the `operator value` of `#(path operator value)`, and what meets it.

use super::pattern::Pattern;
use super::scan::{self, Kind};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Like,
    NotLike,
}

/// The operators by their spelling; a longer one comes before those that begin it.
const OPERATORS: [(&str, Operator); 9] = [
    ("==", Operator::Equal),
    ("=", Operator::Equal),
    ("!=", Operator::NotEqual),
    ("!%", Operator::NotLike),
    ("<=", Operator::LessOrEqual),
    ("<", Operator::Less),
    (">=", Operator::GreaterOrEqual),
    (">", Operator::Greater),
    ("%", Operator::Like),
];

/// A comparison with a value.
#[derive(Debug)]
pub(super) struct Condition {
    operator: Operator,
    right: Right,
}

#[derive(Debug)]
enum Right {
    /// `~true` and its like: compares whether the left side counts as that.
    Truth(Truth),
    /// `~` and anything else, which nothing meets.
    Never,
    /// A value, read once for every type that it may be compared with.
    Value { text: String, number: f64, pattern: Pattern },
}

#[derive(Clone, Copy, Debug)]
enum Truth {
    True,
    False,
    Null,
    Present,
}

impl Condition {
    /// Reads an operator and the value after it. Err: what is wrong with it.
    pub(super) fn parse(text: &str) -> Result<Self, &'static str> {
        let found = OPERATORS.iter().find_map(|(spelling, operator)| Some((*operator, text.strip_prefix(spelling)?)));
        let Some((operator, right)) = found else { return Err("`!` is not an operator of queries") };
        let right = unquoted(scan::trim(right))?;
        let right = match right.strip_prefix('~') {
            Some("true") => Right::Truth(Truth::True),
            Some("false") => Right::Truth(Truth::False),
            Some("null") => Right::Truth(Truth::Null),
            Some("*") => Right::Truth(Truth::Present),
            Some(_) => Right::Never,
            None => Right::Value { number: number(&right)?, pattern: Pattern::new(&right), text: right },
        };
        Ok(Self { operator, right })
    }

    /// True if `value`, empty for a missing one, meets the condition. Values of different types meet no comparison, not even
    /// `!=`.
    pub(super) fn is_met_by(&self, value: &str) -> bool {
        let (text, number, pattern) = match &self.right {
            Right::Truth(truth) => return self.compares_bool(truth.holds_for(value), "true"),
            Right::Never => return false,
            Right::Value { text, number, pattern } => (text, number, pattern),
        };
        match scan::kind(value) {
            Some(Kind::String) => self.compares_text(&scan::string(value), text, pattern),
            Some(Kind::Number) => self.compares(&as_number(value), number),
            Some(Kind::True) => self.compares_bool(true, text),
            Some(Kind::False) => self.compares_bool(false, text),
            Some(Kind::Null | Kind::Object | Kind::Array) | None => false,
        }
    }

    fn compares_text(&self, left: &str, right: &str, pattern: &Pattern) -> bool {
        match self.operator {
            Operator::Like => pattern.matches(left),
            Operator::NotLike => !pattern.matches(left),
            _ => self.compares(left, right),
        }
    }

    fn compares<T: PartialOrd + ?Sized>(&self, left: &T, right: &T) -> bool {
        match self.operator {
            Operator::Equal => left == right,
            Operator::NotEqual => left != right,
            Operator::Less => left < right,
            Operator::LessOrEqual => left <= right,
            Operator::Greater => left > right,
            Operator::GreaterOrEqual => left >= right,
            Operator::Like | Operator::NotLike => false,
        }
    }

    /// Compares a boolean with a text. `<=` holds for any `false`, `>=` for any `true`, and for nothing else.
    fn compares_bool(&self, left: bool, right: &str) -> bool {
        match self.operator {
            Operator::Equal => right == if left { "true" } else { "false" },
            Operator::NotEqual => right != if left { "true" } else { "false" },
            Operator::Less => !left && right == "true",
            Operator::LessOrEqual => !left,
            Operator::Greater => left && right == "false",
            Operator::GreaterOrEqual => left,
            Operator::Like | Operator::NotLike => false,
        }
    }
}

impl Truth {
    /// True if `value`, empty for a missing one, counts as this.
    fn holds_for(self, value: &str) -> bool {
        let kind = scan::kind(value);
        match self {
            Self::Present => kind.is_some(),
            Self::Null => matches!(kind, None | Some(Kind::Null)),
            Self::True => truth(value) == Some(true),
            Self::False => matches!(kind, None | Some(Kind::Null)) || truth(value) == Some(false),
        }
    }
}

/// The boolean that a value stands for: `true`, `"T"`, `"1"` and 0 do for one, `null`, other strings and lists do not.
pub(super) fn truth(value: &str) -> Option<bool> {
    match scan::kind(value)? {
        Kind::True => Some(true),
        Kind::False => Some(false),
        Kind::Number => Some(as_number(value) != 0.0),
        Kind::String => match scan::string(value).to_lowercase().as_str() {
            "1" | "t" | "true" => Some(true),
            "0" | "f" | "false" => Some(false),
            _ => None,
        },
        Kind::Null | Kind::Object | Kind::Array => None,
    }
}

fn as_number(value: &str) -> f64 {
    value.parse().unwrap_or_default()
}

/// The number that the right side is to numbers: 0 if it is none, as in Go.
fn number(text: &str) -> Result<f64, &'static str> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let lower = unsigned.to_ascii_lowercase();
    if lower.starts_with("0x") && lower.contains('p') {
        return Err("a hexadecimal number is not supported in a query");
    }
    // Rust reads a sign before `nan`, Go does not.
    if lower == "nan" && unsigned != text {
        return Ok(0.0);
    }
    Ok(text.parse().unwrap_or_default())
}

/// The text of the right side: what its quotes hold, or all of it if it has none.
fn unquoted(right: &str) -> Result<String, &'static str> {
    let Some(inner) = right.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) else {
        return Ok(right.to_owned());
    };
    if scan::string_end(right) != Some(right.len()) {
        return Err("the value of a query has quotes within its quotes");
    }
    let text = scan::unescape(inner).ok_or("the value of a query has a backslash that escapes nothing")?;
    Ok(text.into_owned())
}
