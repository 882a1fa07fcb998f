//! How the program ends: the exit statuses, and the only place that words an error for the user.

use std::fmt;
use std::io;
use std::process::ExitCode;

use crate::api;
use crate::input::{UsageError, reason};
use crate::output::{Format, Messages, Style, Transform, value};

/// The exit status: a contract with scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Done.
    Success,
    /// The request failed, or its answer could not be used or written.
    Failure,
    /// What was asked for cannot be right; nothing was sent.
    Usage,
    /// What was waited for has ended with failed or cancelled files.
    FilesFailed,
    /// The API key is missing or refused.
    Credentials,
    /// What was waited for has not ended in time.
    StillInProgress,
    /// Ctrl-C.
    Interrupted,
    /// SIGTERM.
    Terminated,
    /// What a command that was run for the user ended with.
    Guest(u8),
}

/// The exit statuses, for help and manual.
pub(crate) const EXIT_STATUS: [(&str, &str); 8] = [
    ("0", "done"),
    ("1", "the request failed, or its answer could not be used or written"),
    ("2", "a flag, a variable or the input cannot be right; nothing was sent"),
    (
        "3",
        "files failed or were cancelled: of a batch that was waited for, at its end or with --fail-fast before, or of a sync",
    ),
    ("4", "the API key is missing or refused (401, 403)"),
    ("8", "what was waited for is still in progress: --timeout or --stall-timeout is over"),
    ("130", "interrupted by Ctrl-C"),
    ("143", "ended by SIGTERM"),
];

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Success => 0,
            Exit::Failure => 1,
            Exit::Usage => 2,
            Exit::FilesFailed => 3,
            Exit::Credentials => 4,
            Exit::StillInProgress => 8,
            Exit::Interrupted => 130,
            Exit::Terminated => 143,
            Exit::Guest(status) => status,
        })
    }
}

/// A failure that has a status of its own.
#[derive(Debug)]
pub(crate) struct StatusError {
    pub(crate) status: u8,
    pub(crate) message: String,
}

impl fmt::Display for StatusError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for StatusError {}

/// There is no key for a service that needs one.
#[derive(Debug)]
pub(crate) struct MissingKey;

impl MissingKey {
    /// What to do about it.
    pub(crate) const HINT: &str =
        "set OPENAI_API_KEY, or give --api-key; a compatible server that needs none is named with --base-url";
}

impl fmt::Display for MissingKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("no API key: OpenAI's service answers nobody without one")
    }
}

impl std::error::Error for MissingKey {}

/// How errors of the service are shown.
#[derive(Debug, Default)]
pub(crate) struct ErrorView {
    pub(crate) format: Format,
    pub(crate) transform: Option<Transform>,
}

/// Words the error, if there is one, and gives the status.
pub(crate) fn report(result: anyhow::Result<Exit>, messages: Messages, view: &ErrorView) -> Exit {
    let error = match result {
        Ok(exit) => return exit,
        Err(error) if is_closed_pipe(&error) => return Exit::Success,
        Err(error) => error,
    };
    if let Some(usage) = error.downcast_ref::<UsageError>() {
        messages.error(&format!("{error:#}"));
        if let Some(hint) = &usage.hint {
            messages.hint(hint);
        }
        return Exit::Usage;
    }
    if error.is::<MissingKey>() {
        messages.error(&format!("{error:#}"));
        messages.hint(MissingKey::HINT);
        return Exit::Credentials;
    }
    if let Some(StatusError { status, .. }) = error.downcast_ref() {
        messages.error(&format!("{error:#}"));
        return Exit::Guest(*status);
    }
    if let Some(cause) = error.downcast_ref::<api::Error>() {
        return report_api(&error, cause, messages, view);
    }
    match error.downcast_ref::<io::Error>() {
        Some(cause) => messages.error(&format!("{error}: {}", reason(cause))),
        None => messages.error(&format!("{error:#}")),
    }
    Exit::Failure
}

fn report_api(error: &anyhow::Error, cause: &api::Error, messages: Messages, view: &ErrorView) -> Exit {
    let mut exit = Exit::Failure;
    match cause {
        api::Error::Status(failure) => {
            messages.quoted(&failure.to_string());
            match &failure.error {
                Some(json) => messages.verbatim(&error_value(json, messages.style, view)),
                None => messages.quoted(&failure.body),
            }
            let request = failure.request_id.as_deref().map(|id| format!(" (x-request-id: {id})")).unwrap_or_default();
            // The outermost words say what was attempted; the failure itself has been shown.
            messages.error(&format!("{error}{request}"));
            if failure.is_about_credentials() {
                exit = Exit::Credentials;
            }
        }
        api::Error::Decode { body, .. } => {
            messages.error(&format!("{error:#}"));
            messages.quoted(body);
        }
        api::Error::Transport(transport) => {
            messages.error(&format!("{error:#}"));
            messages.quoted(&transport.remains);
        }
        api::Error::ClientCertificate(_) => {
            messages.error(&format!("{error:#}"));
            exit = Exit::Usage;
        }
        _ => messages.error(&format!("{error:#}")),
    }
    if let Some(hint) = cause.hint() {
        messages.hint(&hint);
    }
    exit
}

/// The service's own words: its `error` value, or of that what was asked for.
fn error_value(json: &str, style: Style, view: &ErrorView) -> String {
    let part = view.transform.as_ref().and_then(|transform| transform.apply(json));
    value(part.as_deref().unwrap_or(json), view.format, false, style)
}

/// The same, where a reader of stdout who has left is no failure.
pub(crate) fn unless_closed(result: anyhow::Result<()>) -> anyhow::Result<()> {
    result.or_else(|error| if is_closed_pipe(&error) { Ok(()) } else { Err(error) })
}

/// Whether the reader of stdout has left, which is its right.
fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .any(|cause| cause.kind() == io::ErrorKind::BrokenPipe)
}
