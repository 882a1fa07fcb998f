//! What takes more than one request: creating many batches, and waiting for batches.

pub(crate) mod deliver;
pub(crate) mod failed;
mod interrupt;
mod journaled;
pub(crate) mod one;
pub(crate) mod past;
mod post;
mod reasons;
pub(crate) mod resume;
pub(crate) mod run;
pub(crate) mod submit;
pub(crate) mod sync;
mod verdict;
pub(crate) mod wait;
