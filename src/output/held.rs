//! What is said while the whole terminal is taken: it is kept until the screen is given back, rather than written into it.

use std::sync::{Mutex, PoisonError};

/// There is one terminal, and whoever writes to it has to know.
static HELD: Mutex<Option<String>> = Mutex::new(None);

/// From now on, what is said is kept.
pub(super) fn hold() {
    *HELD.lock().unwrap_or_else(PoisonError::into_inner) = Some(String::new());
}

/// Keeps this and says so, if anything is being kept.
pub(super) fn keep(text: &str) -> bool {
    let mut held = HELD.lock().unwrap_or_else(PoisonError::into_inner);
    held.as_mut().map(|held| held.push_str(text)).is_some()
}

/// What was kept; nothing is from now on.
pub(super) fn release() -> String {
    HELD.lock().unwrap_or_else(PoisonError::into_inner).take().unwrap_or_default()
}
