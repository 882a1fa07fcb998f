//! The subcommands, one file each, and the only place that lists them.

mod cancel;
mod completions;
mod create;
mod doctor;
mod dry_run;
mod emulator;
mod file_flags;
mod journal;
mod list_files;
mod manifest;
mod retrieve;
mod retry;
mod selection;
mod sending;
mod sync;
mod target;
mod wait;
mod waiting;

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
    Wait(wait::WaitArgs),
    Retry(retry::RetryArgs),
    Sync(sync::SyncArgs),
    Journal(journal::JournalArgs),
    Doctor(doctor::DoctorArgs),
    Emulator(emulator::EmulatorArgs),
    Completions(completions::CompletionsArgs),
}

/// Runs the command that was asked for.
pub(crate) fn dispatch(command: Command, context: &mut Context) -> anyhow::Result<Exit> {
    match command {
        Command::Create(args) => create::run(args, context),
        Command::Retrieve(args) => retrieve::run(args, context),
        Command::Cancel(args) => cancel::run(args, context),
        Command::ListFiles(args) => list_files::run(args, context),
        Command::Wait(args) => wait::run(args, context),
        Command::Retry(args) => retry::run(args, context),
        Command::Sync(args) => sync::run(args, context),
        Command::Journal(args) => journal::run(&args, context),
        Command::Doctor(args) => doctor::run(&args, context),
        Command::Emulator(args) => emulator::run(args, context),
        Command::Completions(args) => completions::run(&args, context),
    }
}
