//! What is said on stderr: errors, warnings, notes, hints and the trace of `--debug`.

use std::io::{self, Write as _};

use super::style::{Paint, Style, safe_line};
use super::{bars, held};
use crate::api::{Event, Request};

/// How much of a body `--debug` shows.
const TRACED_BODY: usize = 4096;

/// Writes to stderr. A stderr that is gone silences it; nothing else depends on what is said there.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Messages {
    pub(crate) style: Style,
    /// No notes and no warnings.
    pub(crate) quiet: bool,
    /// Every request and answer.
    pub(crate) debug: bool,
}

impl Messages {
    /// A request that is not sent: method, URL and headers.
    pub(crate) fn request(self, request: &Request) {
        self.trace(&format!("> {} {}", request.method.name(), request.url), &request.shown_headers(), b"");
    }

    /// What ended the command.
    pub(crate) fn error(self, text: &str) {
        self.labelled(Paint::Error, "error:", text);
    }

    /// What the user should know though the command goes on.
    pub(crate) fn warning(self, text: &str) {
        if !self.quiet {
            self.labelled(Paint::Warning, "warning:", text);
        }
    }

    /// What the user may want to know.
    pub(crate) fn note(self, text: &str) {
        if !self.quiet {
            self.labelled(Paint::Note, "note:", text);
        }
    }

    /// What to do about an error; belongs to it, so `--quiet` keeps it.
    pub(crate) fn hint(self, text: &str) {
        self.labelled(Paint::Note, "hint:", text);
    }

    /// Text of the service on lines of its own, made safe also where no terminal is in sight yet.
    pub(crate) fn quoted(self, text: &str) {
        if !text.is_empty() {
            self.verbatim(&format!("{}\n", super::style::safe(text)));
        }
    }

    /// Text as it stands, made safe already; ends with its own line break.
    pub(crate) fn verbatim(self, text: &str) {
        if self.style.terminal && held::keep(text) {
            return;
        }
        bars::beside(|| drop(io::stderr().lock().write_all(text.as_bytes())));
    }

    fn labelled(self, paint: Paint, label: &str, text: &str) {
        let text = super::style::safe(text);
        self.verbatim(&format!("{} {text}\n", self.style.paint(paint, label)));
    }

    /// Tells of a step of an exchange.
    pub(crate) fn event(self, event: &Event<'_>) {
        match event {
            Event::MayHaveCreated { why, repeated } => {
                let next = if *repeated {
                    ", and sending it again can make a second one; --max-retries 0 sends it once"
                } else {
                    ""
                };
                self.warning(&format!(
                    "the answer to this create is lost ({why}); the batch may have been created all the same{next}"
                ));
            }
            Event::Retrying { why, wait, retry, most } if self.debug || self.style.terminal => {
                // Whoever asks for --debug hears of it under --quiet as well.
                let messages = Self { quiet: self.quiet && !self.debug, ..self };
                messages.note(&format!("{why}; trying again in {:.1} s ({retry} of {most})", wait.as_secs_f64()));
            }
            Event::Sent { method, url, headers, body } => {
                self.trace(&format!("> {method} {url}"), headers, body.unwrap_or_default().as_bytes());
            }
            Event::Answered { status, reason, elapsed, headers, body } => {
                let head = format!("< {status} {reason} after {:.3} s", elapsed.as_secs_f64());
                self.trace(&head, headers, body);
            }
            Event::Retrying { .. } => {}
        }
    }

    /// Head, headers and the beginning of a body, each line marked with its direction.
    fn trace(self, head: &str, headers: &[(String, String)], body: &[u8]) {
        let mark = head.get(..1).unwrap_or_default();
        let mut text = format!("{}\n", safe_line(head));
        for (name, value) in headers {
            text.push_str(&format!("{mark} {}: {}\n", safe_line(name), safe_line(value)));
        }
        let shown = body.get(..TRACED_BODY).unwrap_or(body);
        for line in String::from_utf8_lossy(shown).lines() {
            text.push_str(&format!("{mark} {}\n", safe_line(line)));
        }
        if body.len() > shown.len() {
            text.push_str(&format!("{mark} … {} bytes in all\n", body.len()));
        }
        self.verbatim(&text);
    }
}
