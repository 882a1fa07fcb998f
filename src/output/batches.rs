//! File batches, shown one after another. One alone looks as it does anywhere else.

use std::borrow::Cow;
use std::mem;

use anyhow::Context as _;

use super::{Format, HAS_NO_ROW, Ui, csv, value, with_line_break};
use crate::api::Reply;
use crate::api::types::FileBatch;

/// The state of a row of batches that is being shown.
pub(crate) struct Batches<'a> {
    ui: &'a mut Ui,
    given: usize,
    shown: usize,
    /// What is explored once all of it is there.
    explored: Vec<String>,
}

impl<'a> Batches<'a> {
    pub(super) const fn new(ui: &'a mut Ui) -> Self {
        Self { ui, given: 0, shown: 0, explored: Vec::new() }
    }

    /// Shows one, and brings it to the reader. What the transform does not match is left out.
    ///
    /// # Errors
    /// When stdout cannot be written to, or the answer has no row for `csv`.
    pub(crate) fn show(&mut self, reply: &Reply) -> anyhow::Result<()> {
        self.given += 1;
        if self.ui.explores() {
            self.explored.extend(self.ui.selected(reply.json()).map(Cow::into_owned));
            return Ok(());
        }
        self.write_explored()?;
        match self.text(reply)? {
            Some(text) => self.write(&text),
            None => Ok(()),
        }
    }

    /// What was to be explored is written after all, once that is not possible any more.
    fn write_explored(&mut self) -> anyhow::Result<()> {
        for json in mem::take(&mut self.explored) {
            self.write(&value(&json, self.ui.view.format, self.ui.view.raw_output, self.ui.style))?;
        }
        Ok(())
    }

    fn write(&mut self, text: &str) -> anyhow::Result<()> {
        let separator = match self.ui.view.format {
            _ if self.ui.shows_tables() && self.ui.view.transform.is_none() => "\n",
            format => format.separator(),
        };
        if self.shown > 0 {
            self.ui.write(separator)?;
        }
        self.shown += 1;
        self.ui.print(text)
    }

    /// Ends the row.
    ///
    /// # Errors
    /// When there were batches and the transform matched none of them.
    pub(crate) fn end(mut self) -> anyhow::Result<()> {
        if !self.explored.is_empty() && !self.ui.explores() {
            self.write_explored()?;
        }
        match self.explored.as_slice() {
            [] => {}
            [one] => return self.ui.explore_selected(one),
            _ => return self.ui.explore_items("batches", self.explored),
        }
        self.ui.insist_on_match(self.given, self.shown)
    }

    fn text(&self, reply: &Reply) -> anyhow::Result<Option<String>> {
        let Ui { style, view, .. } = &*self.ui;
        Ok(match &view.transform {
            Some(_) => self.ui.selected(reply.json()).map(|part| value(&part, view.format, view.raw_output, *style)),
            None if view.format == Format::Raw => Some(with_line_break(&style.safe(reply.as_it_came()))),
            None if view.format == Format::Csv && self.shown > 0 => {
                let batch = FileBatch::read(reply.json()).context(HAS_NO_ROW)?;
                Some(style.safe(&csv::batch(&batch)?).into_owned())
            }
            None => Some(self.ui.whole(reply.json())?),
        })
    }
}
