//! Base URLs and the URLs of the endpoints. Pure.

use std::fmt;

use anyhow::{Context as _, anyhow, bail};
use url::{Host, ParseError, Url};

/// The base URL used when none is given.
pub(crate) const DEFAULT_BASE_URL: &str = "https://api.openai.com/v1";

/// Where the service lives: scheme, host, port and a path prefix; no query, no user, no trailing slash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BaseUrl(Url);

impl BaseUrl {
    /// Reads a base URL as a user gives it. `source` names the flag or variable for messages, which never repeat the
    /// text itself where it may hold a password.
    ///
    /// # Errors
    /// When the scheme is missing or not HTTP, or when a query, a fragment or a user name is given.
    pub(crate) fn parse(text: &str, source: &str) -> anyhow::Result<Self> {
        let lower = text.to_ascii_lowercase();
        if !lower.starts_with("http://") && !lower.starts_with("https://") {
            bail!("{source} needs a scheme: http:// or https://");
        }
        // The parser drops line breaks and tabs, and takes `http:///v1` for the host `v1`.
        if text.chars().any(char::is_control) {
            bail!("{source} holds control characters");
        }
        if text.split_once("://").is_some_and(|(_, rest)| rest.starts_with(['/', '\\'])) {
            bail!("{source} is not a URL: empty host");
        }
        let url = Url::parse(text).map_err(|error| match error {
            // The tables for other scripts are not part of this program.
            ParseError::IdnaError => anyhow!("the host in {source} must be in ASCII: write it as xn--…"),
            error => anyhow!("{source} is not a URL: {error}"),
        })?;
        if !url.username().is_empty() || url.password().is_some() {
            bail!("{source} must not hold a user name or password; give the key with OPENAI_API_KEY");
        }
        if url.query().is_some() || url.fragment().is_some() {
            bail!("{source} must not hold a query (?) or a fragment (#)");
        }
        let mut url = url;
        let path = url.path().trim_end_matches('/').to_owned();
        url.set_path(&path);
        Ok(Self(url))
    }

    /// Whether this is OpenAI's own service, which answers nobody without a key.
    pub(crate) fn is_default(&self) -> bool {
        self.to_string() == DEFAULT_BASE_URL
    }

    /// Whether the host is OpenAI's, wherever the path leads.
    pub(crate) fn is_openai(&self) -> bool {
        self.0.host_str() == Some("api.openai.com")
    }

    /// The path, without a slash at its end.
    pub(crate) fn path(&self) -> &str {
        self.0.path().trim_end_matches('/')
    }

    /// Whether requests are encrypted.
    pub(crate) fn is_https(&self) -> bool {
        self.0.scheme() == "https"
    }

    /// Whether the host is this machine, which no proxy can reach on our behalf.
    pub(crate) fn is_loopback(&self) -> bool {
        match self.0.host() {
            Some(Host::Domain(name)) => {
                let name = name.trim_end_matches('.');
                name == "localhost" || name.ends_with(".localhost")
            }
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => {
                address.is_loopback() || address.to_ipv4_mapped().is_some_and(|mapped| mapped.is_loopback())
            }
            None => false,
        }
    }

    /// `{base}/vector_stores/{store}/file_batches` followed by `rest`, each id as one segment.
    pub(crate) fn file_batches(&self, store: &str, rest: &[Segment<'_>]) -> anyhow::Result<Url> {
        let mut segments = vec![Segment::Fixed("vector_stores"), Segment::Id(store), Segment::Fixed("file_batches")];
        segments.extend_from_slice(rest);
        self.join(&segments)
    }

    /// `{base}/vector_stores/{store}/files`, or one of them.
    pub(crate) fn store_files(&self, store: &str, file: Option<&str>) -> anyhow::Result<Url> {
        let mut segments = vec![Segment::Fixed("vector_stores"), Segment::Id(store), Segment::Fixed("files")];
        segments.extend(file.map(Segment::Id));
        self.join(&segments)
    }

    /// `{base}/vector_stores`, or one of them.
    pub(crate) fn vector_stores(&self, store: Option<&str>) -> anyhow::Result<Url> {
        let mut segments = vec![Segment::Fixed("vector_stores")];
        segments.extend(store.map(Segment::Id));
        self.join(&segments)
    }

    /// `{base}/files`, or one of them.
    pub(crate) fn uploaded_files(&self, file: Option<&str>) -> anyhow::Result<Url> {
        let mut segments = vec![Segment::Fixed("files")];
        segments.extend(file.map(Segment::Id));
        self.join(&segments)
    }

    fn join(&self, segments: &[Segment<'_>]) -> anyhow::Result<Url> {
        let mut text = self.to_string();
        let mut has_dots = false;
        for segment in segments {
            text.push('/');
            match segment {
                Segment::Fixed(name) => text.push_str(name),
                Segment::Id(id) if matches!(*id, "." | "..") => {
                    has_dots = true;
                    text.push_str(if *id == "." { DOT.0 } else { DOT_DOT.0 });
                }
                Segment::Id(id) => text.push_str(&encode(id)),
            }
        }
        let url = Url::parse(&text).context("the URL of the request cannot be built")?;
        if has_dots { with_dot_segments(&url) } else { Ok(url) }
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0.as_str().trim_end_matches('/'))
    }
}

/// Whether `text` can be the URL of a proxy. A scheme may be missing; it is then `http`.
pub(crate) fn is_proxy(text: &str) -> bool {
    let with_scheme = if text.contains("://") { text.to_owned() } else { format!("http://{text}") };
    Url::parse(&with_scheme).is_ok_and(|url| PROXY_SCHEMES.contains(&url.scheme()) && url.has_host())
}

const PROXY_SCHEMES: [&str; 6] = ["http", "https", "socks4", "socks4a", "socks5", "socks5h"];

/// One part of a path.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Segment<'a> {
    /// A word of the API.
    Fixed(&'static str),
    /// An id, percent-encoded so that it stays one segment whatever it holds.
    Id(&'a str),
}

/// Stand-ins for the segments `.` and `..`, each as long as what replaces it and never what [`encode`] makes of an id.
const DOT: (&str, &str) = ("!1!", "%2E");
const DOT_DOT: (&str, &str) = ("!dots!", "%2E%2E");

/// Puts `%2E` and `%2E%2E` where the stand-ins are.
///
/// A URL parser takes even the encoded dots for "this folder" and "its parent" and would send the request to another
/// endpoint, so they enter behind its back: same length, so that every recorded position stays true.
fn with_dot_segments(url: &Url) -> anyhow::Result<Url> {
    let mut parts = url.serialize_internal(serde_json::value::Serializer)?;
    if let Some(text) = parts.get_mut(0) {
        let dotted: Vec<&str> = text
            .as_str()
            .unwrap_or_default()
            .split('/')
            .map(|segment| [DOT, DOT_DOT].iter().find(|(name, _)| *name == segment).map_or(segment, |(_, dots)| dots))
            .collect();
        *text = dotted.join("/").into();
    }
    Url::deserialize_internal(parts).context("the id cannot be sent")
}

/// Percent-encodes an id as one path segment: letters, digits and `-_.~$&+:=@` stay, as in the official clients.
fn encode(id: &str) -> String {
    let mut encoded = String::with_capacity(id.len());
    for byte in id.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~$&+:=@".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

/// The query of a list request. `None` is not sent. Uploaded files know neither `before` nor `filter`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ListQuery {
    /// The id after which the page begins.
    pub(crate) after: Option<String>,
    /// The id before which the listing ends.
    pub(crate) before: Option<String>,
    /// One of `in_progress`, `completed`, `failed`, `cancelled`.
    pub(crate) filter: Option<String>,
    /// Page size, 1 to 100, of uploaded files 1 to 10,000; the service's default is 20, or 10,000.
    pub(crate) limit: Option<u16>,
    /// `asc` or `desc` by `created_at`.
    pub(crate) order: Option<String>,
}

impl ListQuery {
    /// Adds what is set to `url`.
    pub(crate) fn append_to(&self, url: &mut Url) {
        let limit = self.limit.map(|limit| limit.to_string());
        let pairs = [
            ("after", &self.after),
            ("before", &self.before),
            ("filter", &self.filter),
            ("limit", &limit),
            ("order", &self.order),
        ];
        if pairs.iter().any(|(_, value)| value.is_some()) {
            let given = pairs.into_iter().filter_map(|(name, value)| value.as_ref().map(|value| (name, value)));
            url.query_pairs_mut().extend_pairs(given);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{BaseUrl, ListQuery, Segment, is_proxy};

    fn base(text: &str) -> BaseUrl {
        BaseUrl::parse(text, "--base-url").unwrap()
    }

    #[test]
    fn a_prefix_and_a_trailing_slash_both_work() {
        for text in ["http://h/p/v1", "http://h/p/v1/", "http://h/p/v1//"] {
            let url = base(text).file_batches("vs_1", &[Segment::Id("b"), Segment::Fixed("files")]).unwrap();
            assert_eq!(url.as_str(), "http://h/p/v1/vector_stores/vs_1/file_batches/b/files");
        }
        assert_eq!(base("HTTP://h").to_string(), "http://h");
        assert_eq!(base("http://h/a%2Fb/").to_string(), "http://h/a%2Fb");
    }

    #[test]
    fn an_id_is_one_segment_whatever_it_holds() {
        let cases = [
            ("a/b", "a%2Fb"),
            ("a b?c#d", "a%20b%3Fc%23d"),
            ("%2e%2e", "%252e%252e"),
            ("é,;", "%C3%A9%2C%3B"),
            (".", "%2E"),
            ("..", "%2E%2E"),
            ("...", "..."),
            ("~1~", "~1~"),
        ];
        for (id, segment) in cases {
            let url = base("http://127.0.0.1:9/v1").file_batches(id, &[]).unwrap();
            assert_eq!(url.as_str(), format!("http://127.0.0.1:9/v1/vector_stores/{segment}/file_batches"));
        }
        let url = base("http://h/v1").file_batches("..", &[Segment::Id("."), Segment::Fixed("cancel")]).unwrap();
        assert_eq!(url.path(), "/v1/vector_stores/%2E%2E/file_batches/%2E/cancel");
        for (id, segment) in [("~1~", "~1~"), ("~dots~", "~dots~"), ("!1!", "%211%21"), ("!dots!", "%21dots%21")] {
            let url = base("http://h/v1").file_batches(id, &[Segment::Id(".")]).unwrap();
            assert_eq!(url.path(), format!("/v1/vector_stores/{segment}/file_batches/%2E"));
        }
    }

    #[test]
    fn refuses_what_is_no_base_url_without_repeating_a_secret() {
        let cases = [
            ("api.example.com/v1", "--base-url needs a scheme: http:// or https://"),
            ("ftp://h", "--base-url needs a scheme: http:// or https://"),
            ("http://", "--base-url is not a URL: empty host"),
            ("http://münchen.example/v1", "the host in --base-url must be in ASCII: write it as xn--…"),
            ("http:///v1", "--base-url is not a URL: empty host"),
            ("https://\\h", "--base-url is not a URL: empty host"),
            ("http://h\n.example.com", "--base-url holds control characters"),
            ("http://h/v1\t", "--base-url holds control characters"),
            ("http://h/v1?key=s3cret", "--base-url must not hold a query (?) or a fragment (#)"),
            (
                "http://me:s3cret@h/v1",
                "--base-url must not hold a user name or password; give the key with OPENAI_API_KEY",
            ),
        ];
        for (text, message) in cases {
            assert_eq!(BaseUrl::parse(text, "--base-url").unwrap_err().to_string(), message);
        }
    }

    #[test]
    fn knows_this_machine_and_the_default_service() {
        for text in
            ["http://localhost:1", "http://127.1.2.3", "http://[::1]:8", "http://x.localhost", "http://LOCALHOST"]
        {
            assert!(base(text).is_loopback(), "{text}");
        }
        assert!(!base("http://localhost.example.com").is_loopback());
        assert!(base("https://api.openai.com/v1/").is_default());
        assert!(!base("https://api.openai.com/v2").is_default());
    }

    #[test]
    fn knows_the_url_of_a_proxy() {
        for text in ["http://proxy:3128", "proxy:3128", "10.0.0.1:8080", "socks5h://me:s3cret@proxy", "https://p/"] {
            assert!(is_proxy(text), "{text}");
        }
        for text in ["not a url", "ftp://proxy", "http://proxy:99999", "http://", "socks5://"] {
            assert!(!is_proxy(text), "{text}");
        }
    }

    #[test]
    fn files_are_a_list_and_each_by_its_id() {
        let base = base("http://h/v1");
        assert_eq!(base.store_files("vs_1", None).unwrap().as_str(), "http://h/v1/vector_stores/vs_1/files");
        assert_eq!(base.store_files("vs_1", Some("a/b")).unwrap().path(), "/v1/vector_stores/vs_1/files/a%2Fb");
        assert_eq!(base.uploaded_files(None).unwrap().as_str(), "http://h/v1/files");
        assert_eq!(base.uploaded_files(Some("..")).unwrap().path(), "/v1/files/%2E%2E");
    }

    #[test]
    fn a_query_holds_only_what_is_given() {
        let mut url = base("http://h").file_batches("s", &[]).unwrap();
        ListQuery::default().append_to(&mut url);
        assert_eq!(url.query(), None);
        let query = ListQuery { after: Some("a b&".to_owned()), limit: Some(5), ..ListQuery::default() };
        query.append_to(&mut url);
        assert_eq!(url.query(), Some("after=a+b%26&limit=5"));
    }
}
