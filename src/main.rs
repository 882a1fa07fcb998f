//! `vsfb`: the command line for OpenAI vector store file batches.

mod api;
mod arguments;
mod cli;
mod commands;
mod context;
mod emulator;
mod environment;
mod exit;
#[cfg_attr(not(test), expect(dead_code, reason = "`vsfb sync`, which uses it, is still to come"))]
mod folder;
mod input;
mod journal;
mod json;
#[cfg(test)]
mod manual;
mod output;
mod plan;
mod poll;
mod settings;
#[cfg_attr(not(test), expect(dead_code, reason = "`vsfb sync`, which uses it, is still to come"))]
mod sync;
mod work;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::run(std::env::args_os().skip(1).collect()).into()
}
