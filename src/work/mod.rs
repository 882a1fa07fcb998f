//! What takes longer than one request: waiting for batches.

mod interrupt;
mod verdict;
pub(crate) mod wait;
