//! A list, shown page by page as it arrives.

use std::sync::mpsc::channel;
use std::time::Duration;

use anyhow::Context as _;

use super::checked::Checked;
use super::feed::{Arrival, Feed};
use super::journaled::Journaled;
use super::synced::Synced;
use super::table::{self, FileTable};
use super::{Format, NoMatch, STDOUT, Ui, csv, human, pretty, value};
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
    begun: bool,
    /// Items so far, and those of them that the transform matched.
    items: usize,
    shown: usize,
    /// What is explored once all of it is there.
    explored: Vec<String>,
}

impl<'a> Listing<'a> {
    pub(super) fn new(ui: &'a mut Ui, kind: Kind) -> Self {
        if let Some(pager) = ui.view.pager.clone() {
            ui.out.hold(pager, || {});
        }
        Self { ui, kind, table: FileTable::default(), begun: false, items: 0, shown: 0, explored: Vec::new() }
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
        let Some(pager) = self.ui.view.pager.clone() else {
            all.try_for_each(|items| self.page(&items?))?;
            return self.end();
        };
        let (tell, heard) = channel();
        let left = tell.clone();
        self.ui.out.hold(pager, move || drop(left.send(None)));
        let feed = Feed::start(move || all, move |arrival| drop(tell.send(Some(arrival)))).context(THREADLESS)?;
        feed.next();
        loop {
            let next = heard.recv_timeout(PATIENCE).or_else(|_| {
                // What is there is shown now; the pager waits for more.
                self.ui.out.page().map(|()| heard.recv().unwrap_or_default())
            });
            match next.context(STDOUT)? {
                Some(Arrival::Page(items)) => self.page(&items)?,
                Some(Arrival::Failed(error)) => return Err(error),
                Some(Arrival::End) => return self.end(),
                None => return Ok(()),
            }
            feed.next();
        }
    }

    /// Writes the items of one page and brings them to the reader.
    ///
    /// # Errors
    /// When stdout cannot be written to, or an item has no row for `csv`.
    pub(crate) fn page(&mut self, items: &[impl AsRef<str>]) -> anyhow::Result<()> {
        self.begin()?;
        let format = self.ui.view.format;
        if self.ui.view.transform.is_none() && self.ui.shows_tables() {
            self.rows(items)?;
        } else {
            for item in items {
                self.item(item.as_ref(), format)?;
            }
        }
        self.items += items.len();
        self.ui.finish()
    }

    /// Ends the list.
    ///
    /// # Errors
    /// When there were items and the transform matched none of them.
    pub(crate) fn end(mut self) -> anyhow::Result<()> {
        if !self.explored.is_empty() {
            let explored = std::mem::take(&mut self.explored);
            return self.ui.explore_items(self.kind.items(), explored);
        }
        self.begin()?;
        self.ui.finish()?;
        self.ui.out.release().context(STDOUT)?;
        match &self.ui.view.transform {
            Some(transform) if self.items > 0 && self.shown == 0 => Err(NoMatch(transform.path().to_owned()).into()),
            _ => {
                if self.items == 0 && self.ui.style.terminal {
                    self.ui.messages.note(self.kind.nothing());
                }
                Ok(())
            }
        }
    }

    /// Writes what stands above a list, also above one that stays empty.
    fn begin(&mut self) -> anyhow::Result<()> {
        let is_csv = self.ui.view.format == Format::Csv && self.ui.view.transform.is_none();
        if is_csv && !self.begun {
            self.ui.write(&match self.kind {
                Kind::Files => csv::row(&csv::FILE_COLUMNS)?,
                Kind::Journaled => csv::row(&Journaled::COLUMNS)?,
                Kind::Synced => csv::row(&Synced::COLUMNS)?,
                Kind::Checked => csv::row(&Checked::COLUMNS)?,
            })?;
        }
        self.begun = true;
        Ok(())
    }

    /// Rows for files; what is none is shown as JSON where it stands.
    fn rows(&mut self, items: &[impl AsRef<str>]) -> anyhow::Result<()> {
        let style = self.ui.style;
        let items = items.iter().map(AsRef::as_ref);
        if self.kind == Kind::Journaled {
            let batches: Vec<_> = items.filter_map(Journaled::read).collect();
            return if batches.is_empty() { Ok(()) } else { self.ui.write(&table::journaled(&batches, style)) };
        }
        if self.kind == Kind::Synced {
            let files: Vec<_> = items.filter_map(Synced::read).collect();
            return if files.is_empty() { Ok(()) } else { self.ui.write(&table::synced(&files, style)) };
        }
        if self.kind == Kind::Checked {
            let findings: Vec<_> = items.filter_map(Checked::read).collect();
            return self.ui.write(&table::checked(&findings, style));
        }
        let mut files = Vec::new();
        for item in items {
            if let Some(file) = VectorStoreFile::read(item) {
                files.push(file);
                continue;
            }
            self.flush_rows(&mut files)?;
            self.ui.write(&value(item, Format::Json, false, style))?;
        }
        self.flush_rows(&mut files)
    }

    fn flush_rows(&mut self, files: &mut Vec<VectorStoreFile>) -> anyhow::Result<()> {
        if files.is_empty() {
            return Ok(());
        }
        let text = self.table.page(files, self.ui.style);
        files.clear();
        self.ui.write(&text)
    }

    fn item(&mut self, item: &str, format: Format) -> anyhow::Result<()> {
        if self.ui.explores() {
            let selected = self.ui.view.transform.as_ref().map(|transform| transform.apply(item));
            self.explored.extend(selected.unwrap_or_else(|| Some(item.to_owned())));
            return Ok(());
        }
        let (raw_output, style) = (self.ui.view.raw_output, self.ui.style);
        let text = match &self.ui.view.transform {
            Some(transform) => match transform.apply(item) {
                Some(part) if format == Format::Pretty => pretty::block(&part, style, human::now()),
                Some(part) => value(&part, format, raw_output, style),
                None => return Ok(()),
            },
            None if format == Format::Csv => {
                let row = match self.kind {
                    Kind::Files => VectorStoreFile::read(item).map(|file| csv::file(&file)),
                    Kind::Journaled => Journaled::read(item).map(|batch| csv::row(&batch.fields())),
                    Kind::Synced => Synced::read(item).map(|file| csv::row(&file.fields())),
                    Kind::Checked => Checked::read(item).map(|finding| csv::row(&finding.fields())),
                };
                let row = row.context("the list holds what is no file, so it has no row in CSV")??;
                style.safe(&row).into_owned()
            }
            None if format == Format::Pretty => pretty::block(item, style, human::now()),
            None => value(item, format, raw_output, style),
        };
        if self.shown > 0 {
            self.ui.write(format.separator())?;
        }
        self.shown += 1;
        self.ui.write(&text)
    }
}
