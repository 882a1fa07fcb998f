//! A list, shown page by page as it arrives.

use std::mem;
use std::sync::mpsc::channel;
use std::time::Duration;

use anyhow::Context as _;
use serde::de::DeserializeOwned;

use super::checked::Checked;
use super::explored::is_ending;
use super::feed::{Arrival, Feed};
use super::journaled::Journaled;
use super::synced::Synced;
use super::table::FileTable;
use super::{Format, Style, Ui, View, csv, human, pretty, value};
use crate::api::types::VectorStoreFile;

/// How long a page may take before those that are there are shown.
const PATIENCE: Duration = Duration::from_millis(200);
const THREADLESS: &str = "failed to start a thread for the pages of the list";

/// What a list is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Files,
    /// Batches as the journal knows them.
    Journaled,
    /// Files that a sync has touched.
    Synced,
    /// Findings about settings and service.
    Checked,
}

impl Kind {
    /// What is said of an empty list.
    const fn nothing(self) -> &'static str {
        match self {
            Self::Files => "no files",
            Self::Journaled => "no batches",
            Self::Synced => "nothing had to be done",
            Self::Checked => "nothing to check",
        }
    }

    /// What the items are.
    const fn items(self) -> &'static str {
        match self {
            Self::Files | Self::Synced => "files",
            Self::Journaled => "batches",
            Self::Checked => "checks",
        }
    }
}

/// What was shown so far stays, also where the list breaks off.
impl Drop for Listing<'_> {
    fn drop(&mut self) {
        // Whoever has an error to report has a worse one.
        let _ = self.ui.out.release();
    }
}

/// The state of a list that is being shown.
pub(crate) struct Listing<'a> {
    ui: &'a mut Ui,
    kind: Kind,
    table: FileTable,
    /// Rows of the table that are still to be written.
    files: Vec<VectorStoreFile>,
    begun: bool,
    /// Items so far, and those of them that the transform matched.
    items: usize,
    shown: usize,
    /// What is explored once all of it is there.
    explored: Vec<String>,
}

impl<'a> Listing<'a> {
    pub(super) fn new(ui: &'a mut Ui, kind: Kind) -> Self {
        let (table, files, explored) = (FileTable::default(), Vec::new(), Vec::new());
        Self { ui, kind, table, files, begun: false, items: 0, shown: 0, explored }
    }

    /// Writes pages as they come, to the end of the list. Where there may be a pager they are fetched on another thread: a
    /// request may take minutes, and whoever leaves the pager has seen enough. An explorer calls the list by its title.
    ///
    /// # Errors
    /// Those of the pages, and those of [`Listing::page`] and [`Listing::end`].
    pub(crate) fn pages<P>(mut self, title: &str, mut all: P) -> anyhow::Result<()>
    where
        P: Iterator<Item = anyhow::Result<Vec<String>>> + Send + 'static,
    {
        if self.ui.explores() {
            return self.ui.explore_pages(title, Box::new(all));
        }
        let (tell, heard) = channel();
        let left = tell.clone();
        if !self.hold(move || drop(left.send(None))) {
            all.try_for_each(|items| self.page(&items?))?;
            return self.end();
        }
        let feed = Feed::start(move || all, move |arrival| drop(tell.send(Some(arrival)))).context(THREADLESS)?;
        feed.next();
        loop {
            let next = heard.recv_timeout(PATIENCE).or_else(|_| {
                // What is there is shown now; the pager waits for more.
                self.ui.out.page().map(|()| heard.recv().unwrap_or_default())
            });
            match next? {
                Some(Arrival::Page(items)) => self.page(&items)?,
                Some(Arrival::Failed(error)) => return Err(error),
                Some(Arrival::End) => return self.end(),
                None => return self.ui.out.release(),
            }
            feed.next();
        }
    }

    /// Has the list wait for a pager, if there may be one; `left` hears when the user has left it.
    fn hold(&mut self, left: impl FnOnce() + Send + 'static) -> bool {
        let pager = self.ui.pager.clone().filter(|_| !is_ending());
        let may_page = pager.is_some();
        if let Some(pager) = pager {
            self.ui.out.hold(pager, left);
        }
        may_page
    }

    /// Writes all items of a list that is there, and ends it.
    ///
    /// # Errors
    /// Those of [`Listing::page`] and [`Listing::end`].
    pub(crate) fn all(mut self, items: &[impl AsRef<str>]) -> anyhow::Result<()> {
        self.hold(|| {});
        self.page(items)?;
        self.end()
    }

    /// Writes the items of one page and brings them to the reader.
    ///
    /// # Errors
    /// When stdout cannot be written to, or an item has no row for `csv`.
    pub(crate) fn page(&mut self, items: &[impl AsRef<str>]) -> anyhow::Result<()> {
        self.begin()?;
        if self.ui.view.transform.is_none() && self.ui.shows_tables() {
            self.rows(items)?;
        } else {
            items.iter().try_for_each(|item| self.item(item.as_ref()))?;
        }
        self.items += items.len();
        self.ui.finish()
    }

    /// Ends the list.
    ///
    /// # Errors
    /// When there were items and the transform matched none of them.
    pub(crate) fn end(mut self) -> anyhow::Result<()> {
        self.begin()?;
        self.ui.finish()?;
        self.ui.out.release()?;
        let explored = mem::take(&mut self.explored);
        if !explored.is_empty() {
            return self.ui.explore_items(self.kind.items(), explored);
        }
        if self.items == 0 && self.ui.style.terminal {
            self.ui.messages.note(self.kind.nothing());
        }
        self.ui.insist_on_match(self.items, self.shown)
    }

    /// Writes what stands above a list, also above one that stays empty.
    fn begin(&mut self) -> anyhow::Result<()> {
        let is_csv = self.ui.view.format == Format::Csv && self.ui.view.transform.is_none();
        if is_csv && !self.begun {
            self.ui.write(&match self.kind {
                Kind::Files => csv::row(&csv::FILE_COLUMNS),
                Kind::Journaled => csv::row(Journaled::COLUMNS),
                Kind::Synced => csv::row(Synced::COLUMNS),
                Kind::Checked => csv::row(Checked::COLUMNS),
            }?)?;
        }
        self.begun = true;
        Ok(())
    }

    /// Rows of a table.
    fn rows(&mut self, items: &[impl AsRef<str>]) -> anyhow::Result<()> {
        let style = self.ui.style;
        let mut items = items.iter().map(AsRef::as_ref);
        let text = match self.kind {
            Kind::Files => return items.try_for_each(|item| self.file(item)).and_then(|()| self.flush_rows()),
            Kind::Journaled => table_of::<Journaled>(items, style),
            Kind::Synced => table_of::<Synced>(items, style),
            Kind::Checked => table_of::<Checked>(items, style),
        };
        self.ui.write(&text)
    }

    /// A row for a file; what is none is shown as JSON where it stands.
    fn file(&mut self, item: &str) -> anyhow::Result<()> {
        if let Some(file) = VectorStoreFile::read(item) {
            self.files.push(file);
            return Ok(());
        }
        self.flush_rows()?;
        self.ui.write(&value(item, Format::Json, false, self.ui.style))
    }

    fn flush_rows(&mut self) -> anyhow::Result<()> {
        let files = mem::take(&mut self.files);
        if files.is_empty() { Ok(()) } else { self.ui.write(&self.table.page(&files, self.ui.style)) }
    }

    fn item(&mut self, item: &str) -> anyhow::Result<()> {
        let Some(part) = self.ui.selected(item) else { return Ok(()) };
        if self.ui.explores() {
            self.shown += 1;
            self.explored.push(part.into_owned());
            return Ok(());
        }
        let View { format, raw_output, ref transform, .. } = self.ui.view;
        let style = self.ui.style;
        // A word stands on its line like every other, as scripts want it.
        let is_word = !part.starts_with(['{', '[']);
        let text = match format {
            Format::Csv if transform.is_none() => {
                let row = match self.kind {
                    Kind::Files => VectorStoreFile::read(item).map(|file| csv::file(&file)),
                    Kind::Journaled => row_of::<Journaled>(item),
                    Kind::Synced => row_of::<Synced>(item),
                    Kind::Checked => row_of::<Checked>(item),
                };
                let row = row.context("the list holds what is no file, so it has no row in CSV")??;
                style.safe(&row).into_owned()
            }
            Format::Pretty if !is_word => pretty::block(&part, style, human::now()),
            _ => value(&part, format, raw_output, style),
        };
        if self.shown > 0 && !(is_word && format == Format::Pretty) {
            self.ui.write(format.separator())?;
        }
        self.shown += 1;
        self.ui.write(&text)
    }
}

/// What a list is of that this program has made itself.
pub(super) trait Record: DeserializeOwned {
    /// The columns in CSV.
    const COLUMNS: &'static [&'static str];

    /// The record that `json` is.
    fn read(json: &str) -> Option<Self> {
        serde_json::from_str(json).ok()
    }

    /// What stands in the columns.
    fn fields(&self) -> Vec<String>;

    /// A table of these.
    fn table(records: &[Self], style: Style) -> String;
}

/// The row of an item in CSV, if it is such a record.
fn row_of<R: Record>(item: &str) -> Option<anyhow::Result<String>> {
    R::read(item).map(|record| csv::row(&record.fields()))
}

/// The table of these items; nothing where there are none.
fn table_of<'a, R: Record>(items: impl Iterator<Item = &'a str>, style: Style) -> String {
    let records: Vec<R> = items.filter_map(R::read).collect();
    if records.is_empty() { String::new() } else { R::table(&records, style) }
}
