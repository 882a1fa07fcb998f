//! Answers: a success as checked JSON text, a page of a list, a failure with what the service says of it.

use std::fmt;
use std::time::Duration;

use super::error::Error;
use super::retry::{is_passing, needs_a_person};
use crate::json;

/// How much of an unusable body is kept for messages.
const SHOWN_BODY: usize = 2048;

/// A 2xx answer whose body is JSON.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    body: String,
    /// When the service wants to be asked again, from `openai-poll-after-ms`.
    pub(crate) poll_after: Option<Duration>,
}

impl Reply {
    /// Checks the body of a success.
    ///
    /// # Errors
    /// [`Error::Decode`] when it is not one JSON value: a captive portal's page, a cut answer, nothing at all.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, Error> {
        if let Err(error) = json::check(bytes) {
            let message = if bytes.trim_ascii().is_empty() {
                "the answer is empty where JSON was expected".to_owned()
            } else {
                format!("the answer is not JSON: {error}")
            };
            return Err(Error::Decode { message, body: String::from_utf8_lossy(bytes).into_owned() });
        }
        // The check has found it to be UTF-8.
        Ok(Self { body: String::from_utf8_lossy(bytes).into_owned(), poll_after: None })
    }

    /// The same, of a service that wants to be asked again after this time.
    pub(crate) fn asking_for(self, poll_after: Option<Duration>) -> Self {
        Self { poll_after, ..self }
    }

    /// The body as it came, without a byte order mark.
    pub(crate) fn as_it_came(&self) -> &str {
        json::without_byte_order_mark(&self.body)
    }

    /// The JSON value's text, without white space around it.
    pub(crate) fn json(&self) -> &str {
        self.as_it_came().trim_matches([' ', '\t', '\r', '\n'])
    }

    /// The id of the batch that was created, if the answer tells it: what names a vector store names no batch.
    pub(crate) fn batch_id(&self) -> Option<String> {
        item_id(self.json()).filter(|_| !self.is_vector_store())
    }

    /// Whether it is a vector store.
    pub(crate) fn is_vector_store(&self) -> bool {
        let members = json::members(self.json()).unwrap_or_default();
        members.iter().rev().find(|(key, _)| key == "object").is_some_and(|(_, text)| *text == r#""vector_store""#)
    }

    /// The body as a page of a list.
    ///
    /// # Errors
    /// [`Error::Decode`] when it is no object with a list under `data`.
    pub(crate) fn page(&self) -> Result<Page<'_>, Error> {
        let no_list = || Error::Decode {
            message: "the answer is no list: it has no `data` with the files".to_owned(),
            body: self.body.clone(),
        };
        let members = json::members(self.json()).ok_or_else(no_list)?;
        let last = |name: &str| members.iter().rev().find(|(key, _)| key == name).map(|(_, value)| *value);
        let items = last("data").and_then(json::elements).ok_or_else(no_list)?;
        let ends = last("has_more").is_some_and(|text| text == "false" || text.parse() == Ok(0.0));
        Ok(Page { items, ends })
    }
}

/// One page of a list.
#[derive(Debug)]
pub(crate) struct Page<'a> {
    /// The items' JSON texts.
    pub(crate) items: Vec<&'a str>,
    /// Whether the service says that nothing follows. Where it says nothing, more may follow.
    pub(crate) ends: bool,
}

/// The `id` of a listed item, if it has one.
pub(crate) fn item_id(item: &str) -> Option<String> {
    let id = json::members(item)?.into_iter().find(|(key, _)| key == "id")?.1;
    // A number is as good a cursor as any.
    let text = if id.starts_with(|first: char| first.is_ascii_digit()) {
        id.to_owned()
    } else {
        serde_json::from_str(id).ok()?
    };
    Some(text).filter(|id| !id.is_empty())
}

/// An answer with another status than 2xx.
#[derive(Clone, Debug, Default)]
pub(crate) struct Failure {
    pub(crate) method: &'static str,
    pub(crate) url: String,
    pub(crate) status: u16,
    /// The status in words, such as "Bad Request".
    pub(crate) reason: &'static str,
    /// `x-request-id`, which support asks for.
    pub(crate) request_id: Option<String>,
    /// `Location` of a redirect.
    pub(crate) location: Option<String>,
    /// The wait that the service asks for, where it was too long to sleep.
    pub(crate) asked_wait: Option<Duration>,
    /// The body's `error` value as JSON text, where there is one.
    pub(crate) error: Option<String>,
    /// The whole body as text, shortened.
    pub(crate) body: String,
}

impl Failure {
    /// Keeps what matters of the body.
    pub(crate) fn with_body(mut self, bytes: &[u8]) -> Self {
        self.error = json::check(bytes).ok().and_then(|text| {
            let members = json::members(text)?;
            members.iter().find(|(key, value)| key == "error" && *value != "null").map(|(_, value)| (*value).to_owned())
        });
        self.body = shortened(bytes);
        self
    }

    /// A string member of the `error` value.
    pub(crate) fn detail(&self, name: &str) -> Option<String> {
        json::text_member(self.error.as_deref()?, name)
    }

    /// Whether the same request may be answered later.
    pub(crate) fn may_pass(&self) -> bool {
        let person = self.status == 429 && self.detail("code").is_some_and(|code| needs_a_person(&code));
        is_passing(self.status) && !person
    }

    /// Whether the credentials are what the service objects to.
    pub(crate) const fn is_about_credentials(&self) -> bool {
        matches!(self.status, 401 | 403)
    }

    /// What the user can do about it.
    pub(crate) fn hint(&self) -> Option<String> {
        if let Some(wait) = self.asked_wait {
            return Some(format!("the service asks to wait {} s; try again after that", wait.as_secs_f64().ceil()));
        }
        let code = self.detail("code").unwrap_or_default();
        Some(match self.status {
            300..=399 => format!(
                "redirects are not followed{}; correct the base URL (--base-url or OPENAI_BASE_URL)",
                self.location.as_deref().map(|to| format!(" (this one leads to {})", without_query(to))).unwrap_or_default()
            ),
            401 => "check the API key: OPENAI_API_KEY or --api-key".to_owned(),
            403 => "this key may not do that: check its permissions, --project and --organization".to_owned(),
            404 => "check the ids, and that key, project and base URL are those of the vector store; what was just created may take some seconds to appear".to_owned(),
            407 => "the proxy wants to know who asks: HTTP_PROXY=http://USER:PASSWORD@HOST:PORT".to_owned(),
            429 if needs_a_person(&code) => {
                "waiting does not help: raise the limit or add credit in the organization's billing settings".to_owned()
            }
            429 => "the rate limit is reached: try again later, or raise --max-retries".to_owned(),
            _ => return None,
        })
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}: {} {}", self.method, self.url, self.status, self.reason)
    }
}

/// A URL without what may hold a token.
fn without_query(url: &str) -> &str {
    url.split(['?', '#']).next().unwrap_or(url)
}

/// The beginning of a body as text.
pub(super) fn shortened(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let text = text.trim();
    let end = text.char_indices().map(|(index, _)| index).find(|index| *index >= SHOWN_BODY);
    end.map_or_else(|| text.to_owned(), |end| format!("{}…", text.get(..end).unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::{Failure, Reply, item_id};

    #[test]
    fn a_success_that_is_not_json_is_an_error_that_keeps_the_body() {
        let error = Reply::parse(b"<html>Log in</html>").unwrap_err();
        assert_eq!(error.to_string(), "the answer is not JSON: expected value (line 1, column 1)");
        assert!(matches!(error, super::Error::Decode { body, .. } if body == "<html>Log in</html>"));
        assert!(Reply::parse(b"{\"id\":").is_err());
        let empty = Reply::parse(b" \n").unwrap_err();
        assert_eq!(empty.to_string(), "the answer is empty where JSON was expected");
    }

    #[test]
    fn a_vector_store_says_that_it_is_one() {
        let is_store = |text: &str| Reply::parse(text.as_bytes()).unwrap().is_vector_store();
        assert!(is_store(r#" {"id": "vs_1", "object" : "vector_store"} "#));
        for other in [r#"{"object":"vector_store.file_batch"}"#, r#"{"attributes":{"object":"vector_store"}}"#, "7"] {
            assert!(!is_store(other), "{other}");
        }
    }

    #[test]
    fn a_page_ends_only_where_the_service_says_so() {
        let ends = |text: &str| Reply::parse(text.as_bytes()).unwrap().page().unwrap().ends;
        assert!(ends(r#"{"data":[],"has_more":false}"#));
        assert!(ends(r#"{"data":[],"has_more":0}"#));
        assert!(!ends(r#"{"data":[],"has_more":null}"#));
        assert!(!ends(r#"{"data":[]}"#));
        assert!(!ends(r#"{"data":[],"has_more":true}"#));
    }

    #[test]
    fn what_has_no_data_is_no_page() {
        for text in [r#"{"object":"list"}"#, "[]", r#"{"data":{}}"#, "7"] {
            let reply = Reply::parse(text.as_bytes()).unwrap();
            assert_eq!(reply.page().unwrap_err().to_string(), "the answer is no list: it has no `data` with the files");
        }
    }

    #[test]
    fn finds_the_id_of_an_item() {
        assert_eq!(item_id(r#"{"object":"x","id":"file-\u0041"}"#).as_deref(), Some("file-A"));
        assert_eq!(item_id(r#"{"id":7}"#).as_deref(), Some("7"));
        assert_eq!(item_id(r#"{"id":null}"#), None);
        assert_eq!(item_id("[]"), None);
    }

    #[test]
    fn a_failure_keeps_the_error_value_or_the_body() {
        let known = Failure::default().with_body(br#"{"error":{"message":"no","code":"x"}}"#);
        assert_eq!(known.error.as_deref(), Some(r#"{"message":"no","code":"x"}"#));
        assert_eq!(known.detail("code").as_deref(), Some("x"));
        let other = Failure::default().with_body(br#"{"detail":"gone"}"#);
        assert_eq!((other.error, other.body.as_str()), (None, r#"{"detail":"gone"}"#));
    }
}
