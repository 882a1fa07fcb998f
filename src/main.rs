//! `vsfb`: the command line for OpenAI vector store file batches.

mod api;
mod arguments;
mod cli;
mod commands;
mod context;
mod emulator;
mod environment;
mod exit;
mod folder;
mod help;
mod input;
mod journal;
mod json;
#[cfg(test)]
mod manual;
mod output;
mod plan;
mod poll;
mod prose;
mod settings;
mod sync;
mod work;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::run(std::env::args_os().skip(1).collect()).into()
}
