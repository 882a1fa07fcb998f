//! The subcommands, one file each, and the only place that lists them.

mod cancel;
mod completions;
mod create;
mod list_files;
mod retrieve;
mod target;

use clap::Subcommand;

use crate::context::Context;
use crate::exit::Exit;

/// What can be asked for.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Create(create::CreateArgs),
    Retrieve(retrieve::RetrieveArgs),
    Cancel(cancel::CancelArgs),
    ListFiles(list_files::ListFilesArgs),
    Completions(completions::CompletionsArgs),
}

/// Runs the command that was asked for.
pub(crate) fn dispatch(command: Command, context: &mut Context) -> anyhow::Result<Exit> {
    match command {
        Command::Create(args) => create::run(args, context),
        Command::Retrieve(args) => retrieve::run(args, context),
        Command::Cancel(args) => cancel::run(args, context),
        Command::ListFiles(args) => list_files::run(args, context),
        Command::Completions(args) => completions::run(&args, context),
    }
}
