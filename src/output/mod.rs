//! What the user gets: data to stdout, everything else to stderr.

mod bars;
mod batches;
mod checked;
mod csv;
#[cfg(unix)]
mod explore;
mod explored;
pub(crate) mod failures;
mod feed;
mod format;
mod held;
pub(crate) mod human;
mod journaled;
mod json;
mod keyboard;
mod listing;
mod messages;
mod pager;
mod planned;
mod pretty;
pub(crate) mod progress;
mod style;
mod synced;
mod table;
pub(crate) mod transfer;
mod transform;
mod yaml;

pub(crate) use batches::Batches;
pub(crate) use explored::ending;
pub(crate) use format::Format;
pub(crate) use keyboard::has_keyboard;
pub(crate) use listing::Listing;
pub(crate) use messages::Messages;
pub(crate) use pager::{Pager, was_opened};
pub(crate) use planned::{Planned, PlannedAction};
pub(crate) use style::{Style, safe_line};
pub(crate) use transform::Transform;

use std::borrow::Cow;

use anyhow::Context as _;
use pager::Outlet;

use crate::api::Reply;
use crate::api::types::{FileBatch, VectorStoreFile};

/// How a value is shown.
#[derive(Debug)]
pub(crate) struct View {
    pub(crate) format: Format,
    /// What of the value is shown; all of it without.
    pub(crate) transform: Option<Transform>,
    /// Strings without their quotes.
    pub(crate) raw_output: bool,
}

/// Both streams, and how answers are shown.
pub(crate) struct Ui {
    out: Outlet,
    /// How stdout is written to.
    style: Style,
    view: View,
    /// For lists that the terminal has no room for.
    pager: Option<Pager>,
    pub(crate) messages: Messages,
}

/// The transform of a value that had nothing for it: nothing is printed, and that is a failure.
#[derive(Debug)]
pub(crate) struct NoMatch(String);

impl std::fmt::Display for NoMatch {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "--transform {} matches nothing", self.0)
    }
}

impl std::error::Error for NoMatch {}

impl NoMatch {
    fn of(transform: &Transform) -> Self {
        Self(transform.path().to_owned())
    }
}

impl Ui {
    pub(crate) fn new(style: Style, view: View, pager: Option<Pager>, messages: Messages) -> Self {
        Self { out: Outlet::new(messages), style, view, pager, messages }
    }

    /// The format that answers are shown in.
    pub(crate) const fn format(&self) -> Format {
        self.view.format
    }

    /// Shows one answer.
    ///
    /// # Errors
    /// When stdout cannot be written to, when the transform matches nothing, or when the value has no row for `csv`.
    pub(crate) fn show(&mut self, reply: &Reply) -> anyhow::Result<()> {
        if self.explores() {
            return self.explore(reply.json());
        }
        let text = match (&self.view.transform, self.view.format) {
            (None, Format::Raw) => with_line_break(&self.style.safe(reply.as_it_came())),
            (None, _) => self.whole(reply.json())?,
            (Some(_), _) => self.part(reply.json())?,
        };
        self.print(&text)
    }

    /// Begins a row of batches, of which each is shown when it is there.
    pub(crate) const fn batches(&mut self) -> Batches<'_> {
        Batches::new(self)
    }

    /// Begins a list, of which pages are shown as they come.
    pub(crate) fn list(&mut self) -> Listing<'_> {
        Listing::new(self, listing::Kind::Files)
    }

    /// Begins a list of batches as the journal knows them, of which all are shown at once.
    pub(crate) fn journal(&mut self) -> Listing<'_> {
        Listing::new(self, listing::Kind::Journaled)
    }

    /// Begins a list of findings about settings and service, of which all are shown at once.
    pub(crate) fn checked(&mut self) -> Listing<'_> {
        Listing::new(self, listing::Kind::Checked)
    }

    /// Begins a list of files that a sync has touched, of which all are shown at once.
    pub(crate) fn synced(&mut self) -> Listing<'_> {
        Listing::new(self, listing::Kind::Synced)
    }

    /// Shows what a sync would do.
    ///
    /// # Errors
    /// When stdout cannot be written to, or the transform matches nothing.
    pub(crate) fn planned(&mut self, planned: &Planned<'_>) -> anyhow::Result<()> {
        if self.view.transform.is_none() && self.shows_tables() {
            return self.print(&table::planned(planned, self.style));
        }
        if self.view.transform.is_none() && self.view.format == Format::Csv {
            return self.print(&self.style.safe(&planned.csv()?));
        }
        self.document(&serde_json::to_string(planned)?)
    }

    /// Shows a document of our own, such as the body of a request that is not sent. There are no tables of it.
    pub(crate) fn document(&mut self, json: &str) -> anyhow::Result<()> {
        if self.explores() {
            return self.explore(json);
        }
        let text = self.part(json)?;
        self.print(&text)
    }

    /// Writes text that stands as it is, such as a completion script.
    pub(crate) fn print(&mut self, text: &str) -> anyhow::Result<()> {
        self.write(text)?;
        self.finish()
    }

    /// Brings everything to the stream's other end.
    pub(crate) fn finish(&mut self) -> anyhow::Result<()> {
        self.out.flush()
    }

    fn write(&mut self, text: &str) -> anyhow::Result<()> {
        self.out.write(text)
    }

    /// What is selected of a value: all of it, or what the transform finds in it.
    fn selected<'a>(&self, json: &'a str) -> Option<Cow<'a, str>> {
        match &self.view.transform {
            Some(transform) => transform.apply(json).map(Cow::Owned),
            None => Some(Cow::Borrowed(json)),
        }
    }

    /// The same of a value that stands by itself, where nothing is a failure.
    fn required<'a>(&self, json: &'a str) -> anyhow::Result<Cow<'a, str>> {
        let Some(transform) = &self.view.transform else { return Ok(Cow::Borrowed(json)) };
        transform.apply(json).map(Cow::Owned).ok_or_else(|| NoMatch::of(transform).into())
    }

    /// A failure where there were values and the transform matched none of them.
    fn insist_on_match(&self, given: usize, shown: usize) -> anyhow::Result<()> {
        match &self.view.transform {
            Some(transform) if given > 0 && shown == 0 => Err(NoMatch::of(transform).into()),
            _ => Ok(()),
        }
    }

    /// What is selected of a value, as text.
    fn part(&self, json: &str) -> anyhow::Result<String> {
        Ok(value(&self.required(json)?, self.view.format, self.view.raw_output, self.style))
    }

    /// Whether whole objects become rows.
    fn shows_tables(&self) -> bool {
        self.view.format == Format::Table || (self.view.format == Format::Auto && self.style.terminal)
    }

    /// A whole object of the API, with the tables that are made of it.
    fn whole(&self, json: &str) -> anyhow::Result<String> {
        if self.shows_tables() {
            if let Some(batch) = FileBatch::read(json) {
                return Ok(table::batch(&batch, self.style));
            }
            if let Some(file) = VectorStoreFile::read(json) {
                return Ok(table::FileTable::default().page(&[file], self.style));
            }
        }
        if self.view.format == Format::Csv {
            let batch = FileBatch::read(json).context(HAS_NO_ROW)?;
            return Ok(csv::row(&csv::BATCH_COLUMNS)? + &self.style.safe(&csv::batch(&batch)?));
        }
        Ok(value(json, self.view.format, self.view.raw_output, self.style))
    }
}

const HAS_NO_ROW: &str = "the answer is no file batch, so it has no row in CSV";
const STDOUT: &str = "failed to write to stdout";

/// A JSON value in one of the formats that any value has. `raw_output` takes the quotes off a string.
pub(crate) fn value(json: &str, format: Format, raw_output: bool, style: Style) -> String {
    // A string with half a surrogate pair has no bare form; it stays quoted.
    if raw_output && let Ok(text) = serde_json::from_str::<String>(json) {
        return format!("{}\n", style.safe(&text));
    }
    match format {
        Format::Jsonl => json::compact(json, style),
        Format::Raw => with_line_break(&style.json_safe(json)),
        Format::Yaml => yaml::document(json, style),
        Format::Pretty => pretty::card(json, style, human::now()),
        Format::Auto | Format::Json | Format::Explore | Format::Table | Format::Csv => json::indented(json, style),
    }
}

fn with_line_break(text: &str) -> String {
    if text.ends_with('\n') { text.to_owned() } else { format!("{text}\n") }
}
