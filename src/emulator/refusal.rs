//! What the service says when it does not do what it is asked, in the one shape that it has for that.

use std::fmt::Display;

use serde_json::{Value, json};

use super::message::Answer;

/// Why a request is not carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    status: u16,
    message: Box<str>,
    kind: &'static str,
    /// The parameter that is to blame, as a path into the body or query.
    param: Option<Box<str>>,
    code: Option<&'static str>,
    /// A header that belongs to the status.
    header: Option<(&'static str, String)>,
}

impl Refusal {
    /// Status 400, about one parameter.
    pub(crate) fn parameter(param: impl Into<String>, code: &'static str, message: impl Into<String>) -> Self {
        Self { param: Some(param.into().into()), code: Some(code), ..Self::new(400, message) }
    }

    /// Status 400: a key or field that the service does not know.
    pub(crate) fn unknown_parameter(param: impl Into<String>) -> Self {
        let param = param.into();
        let message = format!("Unknown parameter: '{param}'.");
        Self::parameter(param, "unknown_parameter", message)
    }

    /// Status 400: a key or field without which nothing can be done.
    pub(crate) fn missing_parameter(param: impl Into<String>) -> Self {
        let param = param.into();
        let message = format!("Missing required parameter: '{param}'.");
        Self::parameter(param, "missing_required_parameter", message)
    }

    /// Status 400: a value of the wrong type.
    pub(crate) fn wrong_type(param: impl Into<String>, expected: &str, value: &Value) -> Self {
        let param = param.into();
        let message = format!("Invalid type for '{param}': expected {expected}, got {}.", type_of(value));
        Self::parameter(param, "invalid_type", message)
    }

    /// Status 400: a value out of its bounds; `problem` goes on after the parameter's name.
    pub(crate) fn invalid(param: impl Into<String>, code: &'static str, problem: &str) -> Self {
        let param = param.into();
        let message = format!("Invalid '{param}': {problem}.");
        Self::parameter(param, code, message)
    }

    /// Status 400: a whole number that is less than `least`.
    pub(crate) fn below(param: impl Into<String>, least: u64, got: impl Display) -> Self {
        let problem = format!("integer below minimum value; expected a value >= {least}, got {got}");
        Self::invalid(param, "integer_below_min_value", &problem)
    }

    /// Status 400: a whole number that is more than `most`.
    pub(crate) fn above(param: impl Into<String>, most: impl Display, got: impl Display) -> Self {
        let problem = format!("integer above maximum value; expected a value <= {most}, got {got}");
        Self::invalid(param, "integer_above_max_value", &problem)
    }

    /// Status 400: the body as a whole is not what it says it is.
    pub(crate) fn body(message: impl Into<String>) -> Self {
        Self::new(400, message)
    }

    /// Status 401: nobody asks.
    pub(crate) fn no_key() -> Self {
        Self::new(401, "No API key: send one as 'Authorization: Bearer KEY'. The emulator takes any.")
    }

    /// Status 404: what the path names is not there.
    pub(crate) fn not_found(what: &str, id: &str) -> Self {
        Self::new(404, format!("No {what} found with id '{id}'."))
    }

    /// Status 404: the path names nothing.
    pub(crate) fn no_endpoint(method: &str, path: &str) -> Self {
        Self { code: Some("unknown_url"), ..Self::new(404, format!("Invalid URL ({method} {path})")) }
    }

    /// Status 405, with the methods that there are.
    pub(crate) fn no_method(method: &str, path: &str, allowed: &str) -> Self {
        let message = format!("{method} is not allowed on {path}; {allowed} is.");
        Self {
            code: Some("method_not_supported"),
            header: Some(("allow", allowed.to_owned())),
            ..Self::new(405, message)
        }
    }

    /// Status 408: nothing more of the body came for so many seconds.
    pub(crate) fn late(seconds: u64) -> Self {
        Self::new(408, format!("The body did not come within {seconds} seconds."))
    }

    /// Status 413.
    pub(crate) fn too_large(message: impl Into<String>) -> Self {
        Self { code: Some("request_too_large"), ..Self::new(413, message) }
    }

    /// Status 415: a body in a type or coding that the endpoint does not read.
    pub(crate) fn unsupported_type(got: &str, expected: &str) -> Self {
        let message = format!("Unsupported content type '{got}'; this endpoint takes '{expected}'.");
        Self { code: Some("unsupported_content_type"), ..Self::new(415, message) }
    }

    /// Status 429: a limit per minute; `wait` in seconds.
    pub(crate) fn rate_limit(what: &str, wait: u64) -> Self {
        Self {
            kind: "requests",
            code: Some("rate_limit_exceeded"),
            header: Some(("retry-after", wait.to_string())),
            ..Self::new(429, format!("Rate limit reached for {what}. Try again in {wait} s."))
        }
    }

    fn new(status: u16, message: impl Into<String>) -> Self {
        Self {
            status,
            message: message.into().into(),
            kind: "invalid_request_error",
            param: None,
            code: None,
            header: None,
        }
    }

    /// The answer that says so.
    pub(crate) fn into_answer(self) -> Answer {
        let Self { status, message, kind, param, code, header } = self;
        let error = error_object(&message, kind, param.as_deref(), code);
        Answer { headers: header.into_iter().collect(), ..Answer::json(status, error) }
    }
}

/// The body of every refusal.
pub(super) fn error_object(message: &str, kind: &str, param: Option<&str>, code: Option<&str>) -> Value {
    json!({"error": {"message": message, "type": kind, "param": param, "code": code}})
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(number) if number.is_f64() => "a decimal number",
        Value::Number(_) => "an integer",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}
