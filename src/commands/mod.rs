//! The subcommands, one file each, and the only place that lists them.

mod cancel;
mod completions;
mod create;
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

use std::sync::LazyLock;

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
    Wait(wait::WaitArgs),
    Retry(retry::RetryArgs),
    Sync(sync::SyncArgs),
    Journal(journal::JournalArgs),
    Emulator(emulator::EmulatorArgs),
    Completions(completions::CompletionsArgs),
}

/// What a long help ends with: the command's own sections, then those that all commands share.
pub(crate) fn with_reference(own: &str) -> String {
    // Clap wants the help of every command before it is known which one was typed.
    static SHARED: LazyLock<String> =
        LazyLock::new(|| format!("Environment:\n{}\n\nExit status:\n{}", table(&ENVIRONMENT), table(&EXIT_STATUS)));
    [own, "\n\n", SHARED.as_str()].concat()
}

/// Names with what they mean, one a line.
fn table<Text: AsRef<str>>(rows: &[(Text, Text)]) -> String {
    let widest = rows.iter().map(|(name, _)| name.as_ref().len()).max().unwrap_or_default();
    let line = |(name, text): &(Text, Text)| format!("  {:widest$}  {}", name.as_ref(), text.as_ref());
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
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
        Command::Emulator(args) => emulator::run(args, context),
        Command::Completions(args) => completions::run(&args, context),
    }
}

#[cfg(test)]
mod tests {
    use super::table;

    #[test]
    fn a_table_is_aligned() {
        assert_eq!(table(&[("a", "one"), ("bcd", "two")]), "  a    one\n  bcd  two");
    }
}
