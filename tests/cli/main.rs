//! The program as its users meet it: real processes, real sockets, real files.

mod documented;
mod generated;
mod support;
