//! What is to be said of the settings before anything is sent, for `vsfb doctor`: a finding for each, without secrets.

use serde::Serialize;

use super::proxies::proxy_variables;
use super::{Settings, custom_headers, usage};
use crate::api::{self, ApiKey, BaseUrl, Identity};
use crate::exit::{Exit, MissingKey};
use crate::input::UsageError;

/// What one check has found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Finding {
    /// What was looked at.
    pub(crate) check: &'static str,
    pub(crate) status: Verdict,
    #[serde(rename = "finding")]
    pub(crate) text: String,
    /// What to do about it.
    pub(crate) advice: Option<String>,
    /// How commands end because of it.
    #[serde(skip)]
    pub(crate) exit: Exit,
}

/// How a check has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Verdict {
    Ok,
    /// It works, and may not be what is meant.
    Warning,
    /// It cannot work.
    Problem,
    /// It was not looked at, because of what was found before.
    Skipped,
}

impl Finding {
    pub(crate) fn ok(check: &'static str, finding: impl Into<String>) -> Self {
        Self { check, status: Verdict::Ok, text: finding.into(), advice: None, exit: Exit::Success }
    }

    pub(crate) fn warning(check: &'static str, finding: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { status: Verdict::Warning, advice: Some(advice.into()), ..Self::ok(check, finding) }
    }

    pub(crate) fn skipped(check: &'static str, why: impl Into<String>) -> Self {
        Self { status: Verdict::Skipped, ..Self::ok(check, why) }
    }

    pub(crate) fn problem(check: &'static str, exit: Exit, told: (String, Option<String>)) -> Self {
        let (finding, advice) = told;
        Self { status: Verdict::Problem, advice, exit, ..Self::ok(check, finding) }
    }

    /// A setting that every command refuses.
    fn refused(check: &'static str, error: UsageError, advice: &str) -> Self {
        let advice = error.hint.unwrap_or_else(|| advice.to_owned());
        Self::problem(check, Exit::Usage, (error.message, Some(advice)))
    }
}

/// How the keys of other services begin.
const OTHER_SERVICES: [(&str, &str); 9] = [
    ("sk-ant-", "Anthropic"),
    ("sk-or-", "OpenRouter"),
    ("AIza", "Google"),
    ("AKIA", "Amazon"),
    ("gsk_", "Groq"),
    ("hf_", "Hugging Face"),
    ("pplx-", "Perplexity"),
    ("xai-", "xAI"),
    ("ghp_", "GitHub"),
];

/// The ends of endpoints that are taken for base URLs.
const ENDPOINTS: [&str; 7] =
    ["/vector_stores", "/file_batches", "/files", "/models", "/responses", "/chat/completions", "/embeddings"];

impl Settings {
    /// A finding for each setting that a request depends on, in the order in which they are best mended.
    pub(crate) fn findings(&self) -> Vec<Finding> {
        let base_url = self.base_url();
        let key = self.choose(("--api-key", self.arguments.api_key.as_ref()), "OPENAI_API_KEY");
        let has_key = key.as_ref().is_ok_and(Option::is_some);
        let mut findings = vec![self.key_finding(key, base_url.as_ref().ok().map(|(url, _)| url))];
        findings.extend([base_url_finding(&base_url), self.headers_finding(has_key)]);
        match &base_url {
            Ok((base_url, _)) => {
                findings.push(self.proxy_finding(base_url));
                findings.push(self.authorities_finding(base_url));
                findings.extend(self.client_certificate_finding(base_url));
            }
            Err(_) => findings.extend(
                ["proxy", "certificates"].map(|check| Finding::skipped(check, "not looked at without a base URL")),
            ),
        }
        findings
    }

    fn key_finding(&self, key: Result<Option<(String, &str)>, UsageError>, base_url: Option<&BaseUrl>) -> Finding {
        const CHECK: &str = "key";
        let (key, source) = match key {
            Ok(Some(chosen)) => chosen,
            Ok(None) => return self.no_key_finding(CHECK, base_url),
            Err(error) => return Finding::refused(CHECK, error, "give the key, or leave the flag out"),
        };
        let is_openai = base_url.is_some_and(BaseUrl::is_openai);
        let finding = format!("{source}, {} characters", key.trim().chars().count());
        if let Err(error) = ApiKey::parse(&key) {
            let error = UsageError::new(format!("{finding}: {error}"));
            return Finding::refused(CHECK, error, "set it anew: it was garbled on its way");
        }
        match oddity(&key, is_openai) {
            Some((what, advice)) => Finding::warning(CHECK, format!("{finding}: {what}"), advice),
            None => Finding::ok(CHECK, finding),
        }
    }

    /// A missing key stops other commands only where the base URL is the default.
    fn no_key_finding(&self, check: &'static str, base_url: Option<&BaseUrl>) -> Finding {
        if self.brings_credentials() {
            return Finding::ok(check, "none; OPENAI_CUSTOM_HEADERS has the header Authorization");
        }
        match base_url {
            Some(url) if url.is_default() => {
                let told = (MissingKey.to_string(), Some(MissingKey::HINT.to_owned()));
                Finding::problem(check, Exit::Credentials, told)
            }
            Some(url) if url.is_openai() => Finding::warning(check, MissingKey.to_string(), MissingKey::HINT),
            _ => Finding::ok(check, "none, which a compatible server may not need"),
        }
    }

    /// Whether the user's own headers say who asks.
    fn brings_credentials(&self) -> bool {
        self.identity_without_key().is_ok_and(|identity| identity.has_credentials())
    }

    fn headers_finding(&self, has_key: bool) -> Finding {
        const CHECK: &str = "headers";
        let identity = match self.identity_without_key() {
            Ok(identity) => identity,
            Err(error) => return Finding::refused(CHECK, error, "set it anew, or unset it"),
        };
        let count = identity.custom_headers.len();
        let named = [("organization", identity.organization.is_some()), ("project", identity.project.is_some())];
        let mut parts: Vec<_> =
            named.iter().filter(|(_, is_set)| *is_set).map(|(name, _)| (*name).to_owned()).collect();
        if count > 0 {
            parts.push(format!("{count} of OPENAI_CUSTOM_HEADERS"));
        }
        let finding = if parts.is_empty() { "none of your own".to_owned() } else { parts.join(", ") };
        if has_key && identity.has_credentials() {
            let finding = format!("{finding}: Authorization is among them, and takes the place of the key");
            return Finding::warning(CHECK, finding, "take it out of OPENAI_CUSTOM_HEADERS, or unset the key");
        }
        Finding::ok(CHECK, finding)
    }

    fn proxy_finding(&self, base_url: &BaseUrl) -> Finding {
        const CHECK: &str = "proxy";
        if base_url.is_loopback() {
            return Finding::ok(CHECK, "none: this machine is reached directly");
        }
        if self.refuses_proxies() {
            return Finding::ok(CHECK, "none: NO_PROXY is for every host");
        }
        if let Err(error) = self.check_proxies(base_url.is_https()) {
            return Finding::refused(CHECK, error, "correct it, or unset it");
        }
        let names = proxy_variables(base_url.is_https());
        let set = names.into_iter().find(|name| self.environment.text(name).is_some());
        match (api::proxy_for(base_url), set) {
            (Some(proxy), _) => {
                let name = self.proxy_variable(base_url.is_https()).unwrap_or("the environment");
                Finding::ok(CHECK, format!("{proxy} ({name})"))
            }
            (None, Some(name)) if !self.has_no_proxy() => {
                let advice = "an empty variable of the same name in capitals keeps it from being used, and so does REQUEST_METHOD: unset them";
                Finding::warning(CHECK, format!("none, though {name} is set"), advice)
            }
            (None, Some(name)) => Finding::ok(CHECK, format!("none: NO_PROXY excepts this host from {name}")),
            (None, None) => Finding::ok(CHECK, format!("none: neither {} nor ALL_PROXY is set", names[0])),
        }
    }

    fn authorities_finding(&self, base_url: &BaseUrl) -> Finding {
        const CHECK: &str = "certificates";
        if !base_url.is_https() {
            return Finding::ok(CHECK, "not needed: http:// is not encrypted");
        }
        let named = ["SSL_CERT_FILE", "SSL_CERT_DIR"].map(|name| self.environment.text(name).map(|path| (name, path)));
        let named: Vec<_> = named.into_iter().flatten().map(|(name, path)| format!("{name}: {path}")).collect();
        let source = if named.is_empty() { "the system's".to_owned() } else { named.join(", ") };
        match api::authorities() {
            Ok(found) => {
                let finding = format!("{} trusted ({source})", found.trusted);
                match found.unreadable {
                    Some(why) => Finding::warning(
                        CHECK,
                        format!("{finding}, and one that cannot be read: {why}"),
                        "check what SSL_CERT_FILE and SSL_CERT_DIR name",
                    ),
                    None => Finding::ok(CHECK, finding),
                }
            }
            Err(error) => Finding::problem(CHECK, Exit::Failure, (format!("{error} ({source})"), error.hint())),
        }
    }

    /// Only where there is one.
    fn client_certificate_finding(&self, base_url: &BaseUrl) -> Option<Finding> {
        const CHECK: &str = "client_certificate";
        let identity = match self.client_certificate_for(base_url) {
            Ok(identity) => identity?,
            Err(error) => {
                return Some(Finding::refused(CHECK, error, "give both files, and an https:// URL, or neither"));
            }
        };
        let paths = format!("{}, key {}", identity.certificate.display(), identity.key.display());
        Some(match identity.check() {
            Ok(()) => Finding::ok(CHECK, paths),
            Err(error) => Finding::problem(CHECK, Exit::Usage, (error.to_string(), error.hint())),
        })
    }

    /// What says who asks beside the key.
    ///
    /// # Errors
    /// When it cannot be sent.
    pub(super) fn identity_without_key(&self) -> Result<Identity, UsageError> {
        let arguments = &self.arguments;
        let identity = Identity {
            api_key: None,
            organization: self.header_text(("--organization", arguments.organization.as_ref()), "OPENAI_ORG_ID")?,
            project: self.header_text(("--project", arguments.project.as_ref()), "OPENAI_PROJECT_ID")?,
            custom_headers: custom_headers(&self.environment.get("OPENAI_CUSTOM_HEADERS")?.unwrap_or_default())?,
        };
        identity.headers().map_err(usage)?;
        Ok(identity)
    }
}

/// A base URL with what says so, or why there is none.
fn base_url_finding(base_url: &Result<(BaseUrl, &'static str), UsageError>) -> Finding {
    const CHECK: &str = "base_url";
    let (base_url, source) = match base_url {
        Ok(found) => found,
        Err(error) => return Finding::refused(CHECK, error.clone(), "such as https://api.openai.com/v1"),
    };
    let finding = format!("{base_url} ({source})");
    let path = base_url.path();
    let (what, advice) = if ENDPOINTS.iter().any(|endpoint| path.ends_with(endpoint)) {
        ("it is the URL of an endpoint", "leave out what follows the base URL, which mostly ends with /v1")
    } else if base_url.is_openai() && path != "/v1" {
        ("OpenAI's service is elsewhere", "it is at https://api.openai.com/v1")
    } else if !base_url.is_https() && !base_url.is_loopback() {
        ("it is not encrypted", "begin it with https://, or whoever is on the way can read the key and the data")
    } else {
        return Finding::ok(CHECK, finding);
    };
    Finding::warning(CHECK, format!("{finding}: {what}"), advice)
}

/// What is odd about a key, and what to do about it. Never repeats a part of it.
fn oddity(key: &str, is_openai: bool) -> Option<(String, &'static str)> {
    let told = |what: &str, advice| Some((what.to_owned(), advice));
    let quotes = ['"', '\'', '`', '\u{201c}', '\u{201d}', '\u{2018}', '\u{2019}'];
    let trimmed = key.trim();
    if trimmed.starts_with(quotes) || trimmed.ends_with(quotes) {
        return told("it has quotation marks around it, which are sent with it", "set it without them");
    }
    if trimmed.get(..7).is_some_and(|word| word.eq_ignore_ascii_case("bearer ")) {
        return told("it begins with the word Bearer, which is added to it", "set it without that word");
    }
    if trimmed.starts_with(['$', '{', '<']) {
        return told(
            "it looks like a placeholder",
            "put the key in its place; in single quotes a shell replaces no variables",
        );
    }
    if trimmed.contains(char::is_whitespace) {
        return told("it has white space inside", "set it anew, in one piece");
    }
    if !trimmed.is_ascii() {
        return told("it has characters that no key has", "copy it anew");
    }
    if is_openai {
        if let Some((_, service)) = OTHER_SERVICES.iter().find(|(begin, _)| trimmed.starts_with(begin)) {
            return Some((
                format!("it looks like a key of {service}"),
                "take one of OpenAI, or name the service with --base-url",
            ));
        }
        if trimmed.starts_with("sk-admin-") {
            return told("it looks like an admin key, which vector stores do not take", "take the key of a project");
        }
        if !trimmed.starts_with("sk-") {
            return told("it does not begin as OpenAI's keys do", "check that it is one of OpenAI");
        }
    }
    (trimmed != key).then(|| ("white space around it is dropped".to_owned(), "set it without, for other programs"))
}

#[cfg(test)]
mod tests {
    use super::{Finding, Settings, Verdict, oddity};
    use crate::environment::Environment;
    use crate::exit::Exit;
    use crate::settings::GlobalArgs;

    fn found(check: &str, variables: &[(&str, &str)]) -> Finding {
        let settings = Settings::new(GlobalArgs::default(), Environment::holding(variables));
        settings.findings().into_iter().find(|finding| finding.check == check).unwrap()
    }

    #[test]
    fn odd_keys_are_told_without_any_of_them() {
        let cases = [
            ("\"sk-s3cret\"", "quotation marks"),
            ("sk-s3cret'", "quotation marks"),
            ("Bearer sk-s3cret", "the word Bearer"),
            ("$OPENAI_API_KEY", "placeholder"),
            ("<your-key>", "placeholder"),
            ("sk-s3 cret", "white space inside"),
            ("sk-s3crét", "no key has"),
            ("sk-ant-s3cret", "Anthropic"),
            ("sk-admin-s3cret", "admin key"),
            ("s3cret", "does not begin"),
            (" sk-s3cret", "is dropped"),
        ];
        for (key, expected) in cases {
            let (what, advice) = oddity(key, true).unwrap();
            assert!(what.contains(expected) && !format!("{what}{advice}").contains("s3"), "{key}: {what}");
        }
        assert_eq!(oddity("sk-proj-s3cret", true), None);
        // Another service may have keys like these.
        assert_eq!((oddity("sk-ant-s3cret", false), oddity("none", false)), (None, None));
    }

    #[test]
    fn a_key_is_told_by_its_source_and_length() {
        let finding = found("key", &[("OPENAI_API_KEY", " sk-s3cret")]);
        assert_eq!(finding.text, "OPENAI_API_KEY, 9 characters: white space around it is dropped");
        assert_eq!((finding.status, finding.exit), (Verdict::Warning, Exit::Success));
        let garbled = found("key", &[("OPENAI_API_KEY", "sk-s3\u{7}cret")]);
        assert_eq!(garbled.text, "OPENAI_API_KEY, 10 characters: the API key holds control characters");
        assert_eq!((garbled.status, garbled.exit), (Verdict::Problem, Exit::Usage));
    }

    #[test]
    fn only_openai_insists_on_a_key() {
        let missing = found("key", &[]);
        assert_eq!((missing.status, missing.exit), (Verdict::Problem, Exit::Credentials));
        assert_eq!(found("key", &[("OPENAI_BASE_URL", "http://localhost/v1")]).status, Verdict::Ok);
        assert_eq!(found("key", &[("OPENAI_CUSTOM_HEADERS", "Authorization: Basic s3cret")]).status, Verdict::Ok);
        let elsewhere = found("key", &[("OPENAI_BASE_URL", "https://api.openai.com")]);
        assert_eq!((elsewhere.status, elsewhere.exit), (Verdict::Warning, Exit::Success));
        assert_eq!((elsewhere.text, elsewhere.advice), (missing.text, missing.advice));
        let headers = |key| {
            found("headers", &[("OPENAI_CUSTOM_HEADERS", "Authorization: Basic s3cret"), ("OPENAI_API_KEY", key)])
        };
        assert_eq!(headers("sk-s3cret").status, Verdict::Warning);
        assert!(!format!("{:?}", headers("sk-s3cret")).contains("s3cret"));
        // A blank key is none.
        assert_eq!(headers(" ").status, Verdict::Ok);
    }

    #[test]
    fn a_base_url_is_told_with_its_source() {
        let cases = [
            ("", Verdict::Ok, "https://api.openai.com/v1 (the default)"),
            ("http://[::1]:8/x/", Verdict::Ok, "http://[::1]:8/x (OPENAI_BASE_URL)"),
            (
                "https://api.openai.com",
                Verdict::Warning,
                "https://api.openai.com (OPENAI_BASE_URL): OpenAI's service is elsewhere",
            ),
            (
                "http://api.openai.com/v1",
                Verdict::Warning,
                "http://api.openai.com/v1 (OPENAI_BASE_URL): it is not encrypted",
            ),
            (
                "http://h/v1/vector_stores",
                Verdict::Warning,
                "http://h/v1/vector_stores (OPENAI_BASE_URL): it is the URL of an endpoint",
            ),
            ("h/v1", Verdict::Problem, "OPENAI_BASE_URL needs a scheme: http:// or https://"),
        ];
        for (url, status, expected) in cases {
            let finding = found("base_url", &[("OPENAI_BASE_URL", url)]);
            assert_eq!((finding.status, finding.text.as_str()), (status, expected));
        }
    }
}
