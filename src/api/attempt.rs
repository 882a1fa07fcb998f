//! What a failed attempt was, and whether it is worth another.

use std::hash::{BuildHasher, RandomState};
use std::time::{Duration, Instant, SystemTime};

use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use rustls::{AlertDescription, CertificateError};

use super::client::Connection;
use super::error::{Error, Transport, TransportKind};
use super::reply::Failure;
use super::request::Request;
use super::retry::{self, Advice, Decision};

/// One attempt at a request.
pub(super) struct Attempt<'a> {
    pub(super) connection: &'a Connection,
    pub(super) request: &'a Request,
    /// Repetitions before this one.
    pub(super) retry: u32,
    /// How long it may take.
    pub(super) limit: Duration,
    pub(super) started: Instant,
}

/// What one attempt came to.
#[derive(Debug)]
pub(crate) struct Failed {
    pub(crate) error: Error,
    pub(crate) decision: Decision,
    /// Whether the service may have done what was asked.
    pub(crate) may_have_acted: bool,
}

impl Failed {
    /// A request that cannot be made.
    pub(super) const fn unsent(error: Error) -> Self {
        Self { error, decision: Decision::GiveUp, may_have_acted: false }
    }

    /// Something that no repetition mends, after the service has acted.
    pub(super) const fn for_good(error: Error) -> Self {
        Self { error, decision: Decision::GiveUp, may_have_acted: true }
    }
}

impl Attempt<'_> {
    /// An answer with an error status.
    pub(super) fn refused(&self, status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Failed {
        let identity = &self.connection.identity;
        let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let mut failure = Failure {
            method: self.request.method.name(),
            url: self.request.url.to_string(),
            status: status.as_u16(),
            reason: status.canonical_reason().unwrap_or(""),
            request_id: header("x-request-id").map(|id| identity.hide_text(id)),
            location: header("location").map(|url| identity.hide_text(url)),
            ..Failure::default()
        }
        .with_body(&identity.hide(body));
        let advice = Advice {
            status: failure.status,
            code: failure.detail("code"),
            should_retry: header("x-should-retry").and_then(|text| text.trim().to_ascii_lowercase().parse().ok()),
            after: retry::asked_wait(header("retry-after-ms"), header("retry-after"), SystemTime::now()),
        };
        let decision = retry::after_answer(&advice, self.retry, jitter());
        if let Decision::AsksTooLong(wait) = decision {
            failure.asked_wait = Some(wait);
        }
        Failed { error: Error::Status(Box::new(failure)), decision, may_have_acted: status.is_server_error() }
    }

    /// No answer, or one that is not complete.
    pub(super) fn without_answer(&self, kind: TransportKind, cause: String) -> Failed {
        let decision = retry::after_transport(kind, self.request.is_idempotent, self.retry, jitter());
        let limit = match kind {
            TransportKind::ConnectTimeout => self.connection.connect_limit().min(self.limit),
            _ => self.limit,
        };
        let may_have_acted = matches!(
            kind,
            TransportKind::NoAnswer
                | TransportKind::NoHttp
                | TransportKind::AnswerTimeout
                | TransportKind::BodyTimeout
                | TransportKind::BrokenOff
                | TransportKind::TooLarge
        );
        let transport = Transport { kind, host: self.host(), cause, limit, remains: String::new() };
        Failed { error: Error::Transport(Box::new(transport)), decision, may_have_acted }
    }

    /// `host:port`, or the host alone on the scheme's own port.
    fn host(&self) -> String {
        let url = &self.request.url;
        let host = url.host_str().unwrap_or("the service");
        url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
    }
}

/// A random number between 0 and 1, so that many clients do not come back at once.
#[expect(clippy::cast_precision_loss, reason = "any number between 0 and 1 will do")]
fn jitter() -> f64 {
    RandomState::new().hash_one(0) as f64 / u64::MAX as f64
}

/// Which part of the exchange failed, from the chain of causes.
pub(super) fn classify(error: &reqwest::Error) -> (TransportKind, String) {
    if let Some(tls) = find(error) {
        return (tls_kind(tls), describe_tls(tls));
    }
    if find::<hyper::Error>(error).is_some_and(hyper::Error::is_parse) {
        return (TransportKind::NoHttp, innermost(error));
    }
    let kind = match (error.is_connect(), error.is_timeout()) {
        (true, true) => TransportKind::ConnectTimeout,
        (true, false) => TransportKind::Connect,
        (false, true) => TransportKind::AnswerTimeout,
        (false, false) if error.is_builder() => TransportKind::Request,
        (false, false) => TransportKind::NoAnswer,
    };
    (kind, innermost(error))
}

/// Who has to do something about it.
const fn tls_kind(error: &rustls::Error) -> TransportKind {
    match error {
        rustls::Error::InvalidCertificate(fault) => match fault {
            CertificateError::Expired
            | CertificateError::ExpiredContext { .. }
            | CertificateError::NotValidYet
            | CertificateError::NotValidYetContext { .. } => TransportKind::OutdatedCertificate,
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                TransportKind::OtherHost
            }
            _ => TransportKind::Certificate,
        },
        rustls::Error::AlertReceived(AlertDescription::CertificateRequired) => TransportKind::ClientCertificate,
        rustls::Error::InvalidMessage(_) => TransportKind::NoTls,
        _ => TransportKind::Tls,
    }
}

/// What is wrong with TLS, for people: the library's own words are names of its types.
fn describe_tls(error: &rustls::Error) -> String {
    match error {
        rustls::Error::InvalidCertificate(fault) => match fault {
            CertificateError::UnknownIssuer => "it is signed by an unknown authority".to_owned(),
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => "it has expired".to_owned(),
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
                "it is not valid yet".to_owned()
            }
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                "it is for another host".to_owned()
            }
            CertificateError::Other(other) => format!("it cannot be verified ({})", words(&other.0.to_string())),
            CertificateError::Revoked => "it has been revoked".to_owned(),
            other => format!("it cannot be verified ({})", words(&format!("{other:?}"))),
        },
        rustls::Error::InvalidMessage(_) => "the server does not speak TLS".to_owned(),
        rustls::Error::AlertReceived(AlertDescription::CertificateRequired) => {
            "it asks for a client certificate".to_owned()
        }
        rustls::Error::AlertReceived(alert) => {
            format!("the server refused the connection ({})", words(&format!("{alert:?}")))
        }
        other => words(&other.to_string()),
    }
}

/// `UnknownCA { … }` as "unknown ca".
fn words(name: &str) -> String {
    let mut words = String::new();
    let mut after_lower = false;
    for character in name.split(['{', '(']).next().unwrap_or_default().trim().chars() {
        if character.is_uppercase() && after_lower {
            words.push(' ');
        }
        after_lower = character.is_lowercase();
        words.extend(character.to_lowercase());
    }
    words
}

/// The error of this type among the causes. A TLS error hides inside I/O errors.
fn find<'a, E: std::error::Error + 'static>(error: &'a (dyn std::error::Error + 'static)) -> Option<&'a E> {
    let mut next = Some(error);
    while let Some(cause) = next {
        if let Some(found) = cause.downcast_ref::<E>() {
            return Some(found);
        }
        let inner = cause.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        if let Some(found) = inner.and_then(|inner| find(inner)) {
            return Some(found);
        }
        next = cause.source();
    }
    None
}

/// The last cause of the chain: the layers above it only repeat that something failed.
pub(super) fn innermost(error: &(dyn std::error::Error + 'static)) -> String {
    let mut cause = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    let inner = cause.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
    let text = match inner {
        Some(inner) => innermost(inner),
        None => cause.to_string(),
    };
    // "Connection refused (os error 111)": the number helps nobody.
    text.split(" (os error").next().unwrap_or_default().to_lowercase()
}

#[cfg(test)]
mod tests {
    use rustls::{AlertDescription, CertificateError, Error};

    use super::describe_tls;

    #[test]
    fn tls_errors_are_told_without_names_of_types() {
        let cases = [
            (Error::InvalidCertificate(CertificateError::UnknownIssuer), "it is signed by an unknown authority"),
            (Error::InvalidCertificate(CertificateError::BadSignature), "it cannot be verified (bad signature)"),
            (Error::AlertReceived(AlertDescription::CertificateRequired), "it asks for a client certificate"),
            (Error::AlertReceived(AlertDescription::AccessDenied), "the server refused the connection (access denied)"),
            (Error::HandshakeNotComplete, "handshake not complete"),
        ];
        for (error, text) in cases {
            assert_eq!(describe_tls(&error), text);
        }
    }
}
