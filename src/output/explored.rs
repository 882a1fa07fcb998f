//! What `--format explore` shows: one value, a list by its pages, or a list that is there at once.

use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::Relaxed;

#[cfg(unix)]
use super::explore;
use super::{Format, NoMatch, Style, Transform, Ui, value};

/// The pages of a list, each as the texts of its items.
pub(super) type ItemPages = Box<dyn Iterator<Item = anyhow::Result<Vec<String>>> + Send>;

/// Whether a signal has asked this program to end: what it still has to show is then written.
static IS_ENDING: AtomicBool = AtomicBool::new(false);

/// From now on nothing is explored and no pager opened: they would keep the program from ending.
pub(crate) fn ending() {
    IS_ENDING.store(true, Relaxed);
}

/// Whether a signal has come.
pub(super) fn is_ending() -> bool {
    IS_ENDING.load(Relaxed)
}

impl Ui {
    /// Whether answers are explored rather than written. Where nobody can look and type, or a signal has come, JSON takes the
    /// explorer's place, which is said before the first of it.
    pub(super) fn explores(&mut self) -> bool {
        if self.view.format != Format::Explore {
            return false;
        }
        if !is_ending() && explore::is_possible(self.style) {
            return true;
        }
        if !is_ending() {
            self.messages.note("--format explore needs a terminal; this is JSON");
        }
        self.view.format = Format::Json;
        false
    }

    /// Explores a list, whose pages are fetched as somebody gets to them. Of each item is shown what the transform selects.
    ///
    /// # Errors
    /// When the terminal cannot be used, or somebody leaves after a page could not be had or the transform matched nothing.
    pub(super) fn explore_pages(&mut self, title: &str, pages: ItemPages) -> anyhow::Result<()> {
        let pages = match self.view.transform.take() {
            Some(transform) => selected(pages, transform),
            None => pages,
        };
        let left_with = explore::list(title, pages, self.style)?;
        self.leave_with(left_with)
    }

    /// Explores a list that is there, of which everything is shown that was selected.
    pub(super) fn explore_items(&mut self, title: &str, texts: Vec<String>) -> anyhow::Result<()> {
        let left_with = explore::list(title, Box::new(std::iter::once(Ok(texts))), self.style)?;
        self.leave_with(left_with)
    }

    /// Explores one value, or of that what the transform selects.
    pub(super) fn explore(&mut self, json: &str) -> anyhow::Result<()> {
        self.explore_selected(&self.required(json)?)
    }

    /// Explores one value as it is.
    pub(super) fn explore_selected(&mut self, json: &str) -> anyhow::Result<()> {
        let left_with = explore::value(json, self.style)?;
        self.leave_with(left_with)
    }

    /// Prints what somebody left with.
    fn leave_with(&mut self, json: Option<String>) -> anyhow::Result<()> {
        match json {
            Some(json) => self.print(&value(&json, Format::Json, true, Style { colour: false, ..self.style })),
            None => Ok(()),
        }
    }
}

/// What the transform selects of the items. A list in which it selects nothing at all ends with that as its failure.
fn selected(pages: ItemPages, transform: Transform) -> ItemPages {
    let (mut given, mut shown) = (0, 0);
    let select = move |page: Option<anyhow::Result<Vec<String>>>| match page {
        Some(Ok(items)) => {
            given += items.len();
            let parts: Vec<_> = items.iter().filter_map(|item| transform.apply(item)).collect();
            shown += parts.len();
            Some(Ok(parts))
        }
        Some(Err(error)) => Some(Err(error)),
        None => (given > 0 && shown == 0).then(|| Err(NoMatch::of(&transform).into())),
    };
    Box::new(pages.map(Some).chain([None]).filter_map(select))
}

/// Elsewhere than on Unix there is no explorer yet.
#[cfg(not(unix))]
mod explore {
    use super::{ItemPages, Style};

    pub(super) const fn is_possible(_style: Style) -> bool {
        false
    }

    pub(super) fn value(_json: &str, _style: Style) -> anyhow::Result<Option<String>> {
        anyhow::bail!("there is no explorer on this system")
    }

    pub(super) fn list(_title: &str, _pages: ItemPages, _style: Style) -> anyhow::Result<Option<String>> {
        anyhow::bail!("there is no explorer on this system")
    }
}
