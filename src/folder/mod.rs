//! The files on this machine that are to be in a store: which are meant, what is in them, and what the service would
//! refuse.

mod find;
mod here;
mod ignored;
mod inspect;
mod paths;
mod patterns;
mod problem;
mod tests;
mod text;
mod types;

pub(crate) use find::{Found, FoundFile, Selection, find};
pub(crate) use here::still_here;
pub(crate) use inspect::{Inspected, Inspection, inspect, open_file};
pub(crate) use paths::paths_from;
pub(crate) use problem::{Fault, Problem};
