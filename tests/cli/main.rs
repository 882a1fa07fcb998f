//! The program as its users meet it: real processes, real sockets, real files.

mod create;
mod documented;
mod dry_run;
mod generated;
#[cfg(unix)]
mod shell;
mod stdin;
mod support;
mod values;
