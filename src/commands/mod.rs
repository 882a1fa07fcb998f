//! The subcommands, one file each, and the only place that lists them.

mod cancel;
mod completions;
mod create;
mod emulator;
mod list_files;
mod retrieve;
mod target;

use clap::Subcommand;

use crate::context::Context;
use crate::environment::ENVIRONMENT;
use crate::exit::{EXIT_STATUS, Exit};

/// What can be asked for.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Create(create::CreateArgs),
    Retrieve(retrieve::RetrieveArgs),
    Cancel(cancel::CancelArgs),
    ListFiles(list_files::ListFilesArgs),
    Emulator(emulator::EmulatorArgs),
    Completions(completions::CompletionsArgs),
}

/// What a long help ends with: the command's own sections, then those that all commands share.
pub(crate) fn with_reference(own: &str) -> String {
    let table = |rows: &[(&str, &str)]| {
        let widest = rows.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
        rows.iter().map(|(name, text)| format!("\n  {name:widest$}  {text}")).collect::<Vec<_>>().concat()
    };
    format!("{own}\n\nEnvironment:{}\n\nExit status:{}", table(&ENVIRONMENT), table(&EXIT_STATUS))
}

/// Runs the command that was asked for.
pub(crate) fn dispatch(command: Command, context: &mut Context) -> anyhow::Result<Exit> {
    match command {
        Command::Create(args) => create::run(args, context),
        Command::Retrieve(args) => retrieve::run(args, context),
        Command::Cancel(args) => cancel::run(args, context),
        Command::ListFiles(args) => list_files::run(args, context),
        Command::Emulator(args) => emulator::run(args, context),
        Command::Completions(args) => completions::run(&args, context),
    }
}
