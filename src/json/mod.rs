//! JSON as the user and the service spell it.
//!
//! `serde_json::Value` rewrites numbers (`1e3` becomes `1000.0`) and hides repeated keys. What a user typed and what the
//! service sent must pass through unchanged, so this module keeps numbers as text and lets `serde_json` do the checking.

mod read;
mod tokens;
mod value;

pub(crate) use read::{SyntaxError, check, elements, members, text_member, without_byte_order_mark};
pub(crate) use tokens::{Kind, Token, tokens};
pub(crate) use value::{Value, quote};

/// How deep values may nest, in input as in answers. The service's own objects nest four levels deep; `serde_json` stops at
/// the same depth.
pub(crate) const MAX_DEPTH: usize = 128;
