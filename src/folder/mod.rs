//! The files on this machine that are to be in a store: which are meant, what is in them, and what the service would
//! refuse.

mod find;
mod ignored;
mod inspect;
mod paths;
mod patterns;
mod problem;
mod tests;
mod text;
mod types;

#[cfg_attr(not(test), expect(unused_imports, reason = "`vsfb sync`, which uses them, is still to come"))]
pub(crate) use find::{Found, FoundFile, Selection, find};
#[cfg_attr(not(test), expect(unused_imports, reason = "`vsfb sync`, which uses them, is still to come"))]
pub(crate) use inspect::{Inspected, Inspection, inspect};
#[expect(unused_imports, reason = "`vsfb sync`, which uses it, is still to come")]
pub(crate) use paths::paths_from;
pub(crate) use problem::{Fault, Problem};
