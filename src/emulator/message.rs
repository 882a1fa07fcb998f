//! Requests and answers as far as the emulator looks at them, without sockets.

use serde::Serialize;
use serde_json::Value;

/// What comes before a request's body.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Head {
    /// The method in capitals.
    pub(crate) method: String,
    /// The target up to its `?`, still percent-encoded.
    pub(crate) path: String,
    /// The target after its `?`, still percent-encoded; empty where there is none.
    pub(crate) query: String,
    pub(crate) authorization: Option<String>,
    pub(crate) content_type: Option<String>,
    pub(crate) content_encoding: Option<String>,
    /// All values of `x-vsfb-fault`, joined by commas: what goes wrong with this request alone.
    pub(crate) fault: Option<String>,
}

/// How a body is to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// Not at all: what there is of it is thrown away.
    Nothing,
    /// Whole, up to [`Wanted::JSON_LIMIT`].
    Json,
    /// As `multipart/form-data`, its file counted and hashed, not kept.
    Form,
}

impl Wanted {
    /// The longest JSON body, in bytes: 2000 files with 16 attributes of the greatest length, escapes included.
    pub(crate) const JSON_LIMIT: usize = 128 << 20;
    /// The largest file, in bytes ([the service's documentation](https://platform.openai.com/docs/api-reference/files/create)).
    pub(crate) const FILE_LIMIT: u64 = 512 << 20;
}

/// A body that has been read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Body {
    Nothing,
    Json(Vec<u8>),
    Form(Form),
    /// It is longer than may be.
    TooLarge,
    /// It is no `multipart/form-data` that can be read; what is wrong with it.
    Malformed(String),
}

/// A form that was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Form {
    /// The text fields in the order sent.
    pub(crate) fields: Vec<(String, String)>,
    /// The part named `file`.
    pub(crate) file: Option<FormFile>,
}

/// The file of a form; the record has it as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct FormFile {
    /// As sent; empty where the part had no name for it.
    pub(crate) filename: String,
    pub(crate) bytes: u64,
    /// SHA-256 in hex.
    pub(crate) sha256: String,
}

/// An answer.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// Beside `content-type`, which follows from the content.
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) content: Content,
}

/// What an answer carries.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Content {
    Json(Value),
    Html(&'static str),
    Nothing,
}

impl Answer {
    /// An answer without headers of its own.
    pub(crate) const fn json(status: u16, value: Value) -> Self {
        Self { status, headers: Vec::new(), content: Content::Json(value) }
    }

    /// The same answer with one more header.
    #[must_use]
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}
