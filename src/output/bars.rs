//! The bars that are on the terminal, so that no message is written into the middle of them.

use std::sync::{Mutex, PoisonError};

use indicatif::MultiProgress;

/// There is one terminal, and whoever writes to it has to know.
static SHOWN: Mutex<Option<MultiProgress>> = Mutex::new(None);

/// Bars on stderr until it is dropped.
pub(super) struct Bars(MultiProgress);

impl Bars {
    pub(super) fn show() -> Self {
        let bars = MultiProgress::new();
        *SHOWN.lock().unwrap_or_else(PoisonError::into_inner) = Some(bars.clone());
        Self(bars)
    }

    pub(super) const fn all(&self) -> &MultiProgress {
        &self.0
    }
}

impl Drop for Bars {
    fn drop(&mut self) {
        *SHOWN.lock().unwrap_or_else(PoisonError::into_inner) = None;
        // A terminal that is gone shows nothing.
        let _ = self.0.clear();
    }
}

/// Writes to stderr while the bars are out of the way.
pub(super) fn beside(write: impl FnOnce()) {
    let shown = SHOWN.lock().unwrap_or_else(PoisonError::into_inner);
    match &*shown {
        Some(bars) => bars.suspend(write),
        None => write(),
    }
}
