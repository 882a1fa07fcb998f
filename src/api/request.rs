//! One request as a value: what `--dry-run` shows is what is sent.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use anyhow::{Context as _, bail};
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, USER_AGENT};
use url::Url;

use crate::json::Value;

/// The key that pays. Its text leaves this type only as a header.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct ApiKey(String);

impl ApiKey {
    /// Takes a key as given, without the white space around it.
    ///
    /// # Errors
    /// When control characters are inside it: the key was garbled on its way.
    pub(crate) fn parse(text: &str) -> anyhow::Result<Self> {
        let key = text.trim();
        if key.chars().any(char::is_control) {
            bail!("the API key holds control characters");
        }
        Ok(Self(key.to_owned()))
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ApiKey(hidden)")
    }
}

/// Who asks: sent with every request.
#[derive(Clone, Debug, Default)]
pub(crate) struct Identity {
    pub(crate) api_key: Option<ApiKey>,
    /// `OpenAI-Organization`.
    pub(crate) organization: Option<String>,
    /// `OpenAI-Project`.
    pub(crate) project: Option<String>,
    /// `Name: value` pairs that replace or extend our own headers. Their values may be secrets.
    pub(crate) custom_headers: Vec<(String, String)>,
}

impl Identity {
    /// Whether a key is sent, be it in a header that the user makes.
    pub(crate) fn has_credentials(&self) -> bool {
        let names_itself = |(name, _): &(String, String)| name.eq_ignore_ascii_case("authorization");
        self.api_key.is_some() || self.custom_headers.iter().any(names_itself)
    }

    /// The headers of every request.
    ///
    /// # Errors
    /// When a value cannot be a header. Messages name the header, never its value.
    pub(crate) fn headers(&self) -> anyhow::Result<HeaderMap> {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        headers.insert(USER_AGENT, HeaderValue::from_static(concat!("vsfb/", env!("CARGO_PKG_VERSION"))));
        headers.insert("openai-beta", HeaderValue::from_static("assistants=v2"));
        if let Some(ApiKey(key)) = &self.api_key {
            headers.insert(AUTHORIZATION, secret(&format!("Bearer {key}")).context("the API key cannot be sent")?);
        }
        for (name, value) in [("openai-organization", &self.organization), ("openai-project", &self.project)] {
            if let Some(value) = value {
                let value =
                    HeaderValue::from_bytes(value.as_bytes()).with_context(|| format!("{name} cannot be sent"))?;
                headers.insert(name, value);
            }
        }
        for (name, value) in &self.custom_headers {
            let place = || format!("the header {name:?} of OPENAI_CUSTOM_HEADERS cannot be sent");
            let parsed = HeaderName::from_bytes(name.as_bytes()).with_context(place)?;
            headers.insert(parsed, secret(value).with_context(place)?);
        }
        Ok(headers)
    }

    /// What a server sent, for people to read: some servers repeat in their errors who asked.
    pub(super) fn hide<'a>(&self, bytes: &'a [u8]) -> Cow<'a, [u8]> {
        let text = String::from_utf8_lossy(bytes);
        let repeated: Vec<_> = self.secrets().into_iter().filter(|secret| text.contains(secret)).collect();
        if repeated.is_empty() {
            return Cow::Borrowed(bytes);
        }
        let hidden = repeated.iter().fold(text.into_owned(), |text, secret| text.replace(secret, "[hidden]"));
        Cow::Owned(hidden.into_bytes())
    }

    /// The same of text.
    pub(super) fn hide_text(&self, text: &str) -> String {
        String::from_utf8_lossy(&self.hide(text.as_bytes())).into_owned()
    }

    /// What must not be shown, the longest first, since one may begin with another. Short values are placeholders, such
    /// as `none`, that stand in other words too.
    fn secrets(&self) -> Vec<&str> {
        let key = self.api_key.iter().map(|ApiKey(key)| key.as_str());
        // A server may repeat `Authorization: Bearer s3cret` without its scheme.
        let custom = self.custom_headers.iter().flat_map(|(_, value)| value.split_whitespace());
        let mut secrets: Vec<_> = key.chain(custom).filter(|secret| secret.len() >= SHORTEST_SECRET).collect();
        secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        secrets
    }
}

/// No key of any service is shorter.
const SHORTEST_SECRET: usize = 8;

fn secret(text: &str) -> anyhow::Result<HeaderValue> {
    let mut value = HeaderValue::from_bytes(text.as_bytes())?;
    value.set_sensitive(true);
    Ok(value)
}

/// The methods that the service's endpoints take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Method {
    Get,
    Post,
    Delete,
}

impl Method {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Delete => "DELETE",
        }
    }
}

/// What is sent: method, URL, headers and body.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(super) headers: HeaderMap,
    /// JSON text; none where the endpoint takes none.
    pub(crate) body: Option<String>,
    /// What doing it twice makes two of.
    pub(super) creates: bool,
    /// Whether doing it twice is as good as once, so that it is repeated also where an answer broke off.
    pub(super) is_idempotent: bool,
}

impl Request {
    /// A request without a body.
    pub(super) const fn new(method: Method, url: Url, headers: HeaderMap) -> Self {
        let is_idempotent = !matches!(method, Method::Post);
        Self { method, url, headers, body: None, creates: false, is_idempotent }
    }

    /// The same with a JSON body that creates something.
    pub(super) fn creating(self, body: &Value) -> Self {
        Self { creates: true, ..self.with_json(body) }
    }

    /// The same for a form whose parts this boundary divides.
    pub(super) fn with_form(mut self, boundary: &str) -> anyhow::Result<Self> {
        let content_type = HeaderValue::from_str(&format!("multipart/form-data; boundary={boundary}"))?;
        self.headers.insert(CONTENT_TYPE, content_type);
        Ok(self)
    }

    /// The same with a JSON body that takes the place of what is there.
    pub(super) fn replacing(self, body: &Value) -> Self {
        Self { is_idempotent: true, ..self.with_json(body) }
    }

    fn with_json(mut self, body: &Value) -> Self {
        self.headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        self.body = Some(body.to_string());
        self
    }

    /// The same as one of many looks at a batch, with the headers that the official clients send; `interval` is there
    /// where the user has chosen one.
    pub(super) fn polling(mut self, interval: Option<Duration>) -> Self {
        self.headers.insert("x-stainless-poll-helper", HeaderValue::from_static("true"));
        if let Some(interval) = interval {
            let milliseconds = u64::try_from(interval.as_millis()).unwrap_or(u64::MAX);
            self.headers.insert("x-stainless-custom-poll-interval", HeaderValue::from(milliseconds));
        }
        self
    }

    /// Header names and values for people to read: secrets are hidden.
    pub(crate) fn shown_headers(&self) -> Vec<(String, String)> {
        shown(&self.headers)
    }
}

/// Headers as text, secrets hidden. Cookies are secrets whoever sends them.
pub(super) fn shown(headers: &HeaderMap) -> Vec<(String, String)> {
    let hidden = |name: &HeaderName, value: &HeaderValue| {
        value.is_sensitive() || matches!(name.as_str(), "set-cookie" | "cookie" | "proxy-authorization")
    };
    headers
        .iter()
        .map(|(name, value)| {
            let text = match value {
                value if hidden(name, value) && value.as_bytes().starts_with(b"Bearer ") => {
                    "Bearer [hidden]".to_owned()
                }
                value if hidden(name, value) => "[hidden]".to_owned(),
                value => String::from_utf8_lossy(value.as_bytes()).into_owned(),
            };
            (name.to_string(), text)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{ApiKey, Identity, shown};

    #[test]
    fn secrets_are_in_the_headers_and_never_in_what_is_shown() {
        let identity = Identity {
            api_key: Some(ApiKey::parse(" sk-s3cret\r\n").unwrap()),
            organization: Some("org-1".to_owned()),
            custom_headers: vec![("api-key".to_owned(), "s3cret".to_owned())],
            ..Identity::default()
        };
        let headers = identity.headers().unwrap();
        assert_eq!(headers.get("authorization").unwrap().as_bytes(), b"Bearer sk-s3cret");
        assert_eq!(headers.get("openai-organization").unwrap(), "org-1");
        assert!(!format!("{identity:?}{headers:?}").contains("sk-s3cret"));
        assert!(!format!("{:?}", shown(&headers)).contains("s3cret"));
    }

    #[test]
    fn what_a_server_repeats_of_our_secrets_is_hidden() {
        let identity = Identity {
            api_key: Some(ApiKey::parse("sk-s3cret").unwrap()),
            custom_headers: vec![
                ("authorization".to_owned(), "Bearer other-s3cret".to_owned()),
                ("x-mode".to_owned(), "on".to_owned()),
                ("x-auth".to_owned(), "sk-s3cret-longer v2".to_owned()),
            ],
            ..Identity::default()
        };
        assert_eq!(identity.hide_text("sk-s3cret, Bearer other-s3cret on"), "[hidden], Bearer [hidden] on");
        assert_eq!(identity.hide_text("v2 sk-s3cret-longer"), "v2 [hidden]");
        assert_eq!(&*identity.hide(b"\xffsk-s3cret"), "\u{fffd}[hidden]".as_bytes());
        assert_eq!(&*identity.hide(b"\xff"), b"\xff");
    }

    #[test]
    fn a_garbled_key_is_refused_without_being_repeated() {
        let error = ApiKey::parse("sk-s3\u{7}cret").unwrap_err();
        assert_eq!(error.to_string(), "the API key holds control characters");
    }

    #[test]
    fn a_custom_header_replaces_our_own() {
        let custom_headers = vec![("Accept".to_owned(), "text/plain".to_owned())];
        let headers = Identity { custom_headers, ..Identity::default() }.headers().unwrap();
        assert_eq!(headers.get_all("accept").iter().count(), 1);
        assert_eq!(headers.get("accept").unwrap(), "text/plain");
    }
}
