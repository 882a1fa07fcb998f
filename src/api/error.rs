//! What can go wrong between us and the service.

use std::fmt;
use std::time::Duration;

use super::reply::Failure;

/// Why a request has no usable answer.
#[derive(Debug)]
pub(crate) enum Error {
    /// No answer: connection, TLS, time-out, or an answer that broke off.
    Transport(Box<Transport>),
    /// An answer with another status than 2xx.
    Status(Box<Failure>),
    /// A 2xx answer that is not what was asked for. `body` is what came instead, as text: all of it until
    /// the client has hidden our secrets in it.
    Decode { message: String, body: String },
    /// A 2xx answer with the vector store in place of one of its batches.
    WrongObject,
    /// The connection could not be set up: certificate authorities, a header.
    Setup { message: String, hint: Option<String> },
    /// A file to upload cannot be read, or is another than it was; nothing came of what was sent.
    File(String),
    /// The files that identify us cannot be used; nothing was sent.
    ClientCertificate(String),
    /// The listing cannot go on; what came before stands.
    Listing(String),
}

/// A failure below HTTP.
#[derive(Debug)]
pub(crate) struct Transport {
    pub(crate) kind: TransportKind,
    /// `host:port` of the service, for messages.
    pub(crate) host: String,
    /// The innermost cause, such as "connection refused".
    pub(crate) cause: String,
    /// The limit that was reached, for the time-outs.
    pub(crate) limit: Duration,
    /// What came of the answer to a POST before it broke off, shortened and without secrets: it may hold the id of a
    /// batch that cannot be found again.
    pub(crate) remains: String,
}

/// Which part of the exchange failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TransportKind {
    /// No connection: refused, no route, no such host, a proxy that fails.
    Connect,
    /// The connection was not there within the limit for connecting.
    ConnectTimeout,
    /// The certificate is not trusted.
    Certificate,
    /// The certificate is out of date, or the clock is.
    OutdatedCertificate,
    /// The certificate is not one of this host.
    OtherHost,
    /// The server wants to know who we are.
    ClientCertificate,
    /// The server does not speak TLS.
    NoTls,
    /// TLS failed in another way.
    Tls,
    /// Connected, but not sent within the limit.
    SendTimeout,
    /// The connection ended before all was sent.
    NotTaken,
    /// Connected and sent, but no answer within the limit.
    AnswerTimeout,
    /// The answer began but was not complete within the limit.
    BodyTimeout,
    /// What came is no answer in HTTP.
    NoHttp,
    /// The connection ended before the answer began.
    NoAnswer,
    /// The answer broke off while it was read.
    BrokenOff,
    /// The answer is larger than anything that the service sends.
    TooLarge,
    /// The request could not be sent as it is.
    Request,
}

impl fmt::Display for Transport {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { host, cause, limit, .. } = self;
        match self.kind {
            TransportKind::Connect => write!(formatter, "could not connect to {host}: {cause}"),
            TransportKind::ConnectTimeout => write!(formatter, "could not connect to {host} within {limit:?}"),
            TransportKind::Certificate | TransportKind::OutdatedCertificate | TransportKind::OtherHost => {
                write!(formatter, "the certificate of {host} is not trusted: {cause}")
            }
            TransportKind::ClientCertificate => write!(formatter, "{host} refused the connection: {cause}"),
            TransportKind::NoTls | TransportKind::Tls => {
                write!(formatter, "the encrypted connection to {host} failed: {cause}")
            }
            TransportKind::SendTimeout => write!(formatter, "the file was not sent to {host} within {limit:?}"),
            TransportKind::NotTaken => write!(formatter, "{host} closed the connection before it had the whole file"),
            TransportKind::AnswerTimeout => write!(formatter, "{host} did not answer within {limit:?}"),
            TransportKind::BodyTimeout => write!(formatter, "the answer of {host} was not complete within {limit:?}"),
            TransportKind::NoHttp => write!(formatter, "{host} does not answer in HTTP: {cause}"),
            TransportKind::NoAnswer => write!(formatter, "{host} closed the connection without an answer: {cause}"),
            TransportKind::BrokenOff => write!(formatter, "the answer of {host} broke off: {cause}"),
            TransportKind::TooLarge => write!(formatter, "the answer of {host} is too large: {cause}"),
            TransportKind::Request => write!(formatter, "the request could not be sent to {host}: {cause}"),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Transport(transport) => write!(formatter, "{transport}"),
            Self::Status(failure) => write!(formatter, "{failure}"),
            Self::WrongObject => formatter.write_str("the answer is the vector store, not the batch"),
            Self::Decode { message, .. }
            | Self::Setup { message, .. }
            | Self::File(message)
            | Self::ClientCertificate(message)
            | Self::Listing(message) => formatter.write_str(message),
        }
    }
}

impl std::error::Error for Error {}

impl Error {
    /// Whether the service says that there is no such thing.
    pub(crate) fn is_missing(&self) -> bool {
        self.failure().is_some_and(|failure| failure.status == 404)
    }

    /// Whether it is a limit of the service, which may pass or not.
    pub(crate) fn is_rate_limit(&self) -> bool {
        self.failure().is_some_and(|failure| failure.status == 429)
    }

    /// It in one line, with what the service says.
    pub(crate) fn with_reason(&self) -> String {
        match self.failure().and_then(|failure| failure.detail("message")) {
            Some(message) => format!("{self}: {message}"),
            None => self.to_string(),
        }
    }

    /// What the user can do about it, as one sentence.
    pub(crate) fn hint(&self) -> Option<String> {
        match self {
            Self::Transport(transport) => transport.hint().map(str::to_owned),
            Self::Status(failure) => failure.hint(),
            Self::Decode { .. } => {
                Some("check the base URL (--base-url) and any proxy between here and the service".to_owned())
            }
            Self::WrongObject => Some("try again: the service mixes them up at times".to_owned()),
            Self::Setup { hint, .. } => hint.clone(),
            Self::ClientCertificate(_) => Some(
                "--mtls-client-cert-file and --mtls-client-key-file name PEM files that belong together".to_owned(),
            ),
            Self::File(_) | Self::Listing(_) => None,
        }
    }

    /// Whether the same request may well succeed later: no connection, an answer that breaks off or is no JSON, a limit
    /// that passes with time, a fault of the service.
    pub(crate) fn may_pass(&self) -> bool {
        match self {
            Self::Transport(transport) => transport.kind.may_pass(),
            Self::Status(failure) => failure.may_pass(),
            Self::Decode { .. } | Self::WrongObject => true,
            Self::Setup { .. } | Self::File(_) | Self::ClientCertificate(_) | Self::Listing(_) => false,
        }
    }

    /// The service's refusal, if it is one.
    pub(crate) fn failure(&self) -> Option<&Failure> {
        match self {
            Self::Status(failure) => Some(failure),
            _ => None,
        }
    }
}

/// A refusal with this status and code, for tests.
#[cfg(test)]
pub(crate) fn failing_with(status: u16, code: &str) -> Error {
    let failure = Failure { status, ..Failure::default() };
    let body = format!(r#"{{"error":{{"code":"{code}"}}}}"#);
    Error::Status(Box::new(failure.with_body(body.as_bytes())))
}

impl TransportKind {
    /// Whether time can mend it.
    pub(super) const fn may_pass(self) -> bool {
        match self {
            Self::Connect
            | Self::ConnectTimeout
            | Self::SendTimeout
            | Self::NotTaken
            | Self::AnswerTimeout
            | Self::BodyTimeout
            | Self::NoAnswer
            | Self::BrokenOff => true,
            Self::Certificate
            | Self::OutdatedCertificate
            | Self::OtherHost
            | Self::ClientCertificate
            | Self::NoTls
            | Self::NoHttp
            | Self::Tls
            | Self::TooLarge
            | Self::Request => false,
        }
    }
}

impl Transport {
    const fn hint(&self) -> Option<&'static str> {
        Some(match self.kind {
            TransportKind::Connect => {
                "check the base URL (--base-url), the network and the proxy variables (HTTPS_PROXY, NO_PROXY)"
            }
            TransportKind::ConnectTimeout => {
                "check the network and the proxy variables (HTTPS_PROXY, NO_PROXY); connecting may take 30 s, or --request-timeout where that is shorter"
            }
            TransportKind::Certificate => {
                "if a company proxy or a private CA signs it, name the CA's PEM file with SSL_CERT_FILE"
            }
            TransportKind::OutdatedCertificate => "check the clock of this machine, and the server's certificate",
            TransportKind::OtherHost => "check the host in the base URL (--base-url)",
            TransportKind::ClientCertificate => "give it with --mtls-client-cert-file and --mtls-client-key-file",
            TransportKind::Tls => "check the TLS settings of the server, and any proxy between here and there",
            TransportKind::NoHttp => {
                "check the base URL (--base-url): its port, and whether it should begin with https://"
            }
            TransportKind::NoTls => "check whether the base URL should begin with http:// rather than https://",
            TransportKind::SendTimeout => "--request-timeout moves this limit, which is for the whole of an attempt",
            TransportKind::NotTaken => "try again; the service, or a proxy on the way, may take no file of this size",
            TransportKind::AnswerTimeout | TransportKind::BodyTimeout => "--request-timeout moves this limit",
            TransportKind::NoAnswer | TransportKind::BrokenOff => {
                "try again; check the proxy between here and the service"
            }
            TransportKind::TooLarge | TransportKind::Request => return None,
        })
    }
}
