//! `--file` and the `--file.*` flags, whose typed order counts.

use clap::{Arg, ArgAction, ArgMatches, Args, FromArgMatches};

use crate::input::files::FileFlag;

/// `--file` and the `--file.*` flags, in the order typed, which decides what belongs together.
#[derive(Clone, Debug, Default)]
pub(super) struct FileFlags(pub(super) Vec<FileFlag>);

/// Makes the entry of a flag from its value.
type MakeFlag = fn(String) -> FileFlag;

/// A flag's name, placeholder, help, and what it makes.
const FILE_FLAGS: [(&str, &str, &str, MakeFlag); 4] = [
    ("file", "MAP", "A file with attributes of its own", FileFlag::File),
    ("file.file-id", "FILE_ID", "The id in the last --file, or in a new one where it has its id", FileFlag::FileId),
    ("file.attributes", "MAP|KEY=VALUE", "The same for its attributes", FileFlag::Attributes),
    (
        "file.chunking-strategy",
        "MAP|auto|static:MAX:OVERLAP",
        "The same for its chunking strategy",
        FileFlag::ChunkingStrategy,
    ),
];

impl Args for FileFlags {
    fn augment_args(command: clap::Command) -> clap::Command {
        FILE_FLAGS.iter().fold(command, |command, (name, value_name, help, _)| {
            let flag = Arg::new(*name).long(*name).value_name(*value_name).help(*help);
            command.arg(flag.action(ArgAction::Append).help_heading("Files").hide_short_help(name.contains('.')))
        })
    }

    fn augment_args_for_update(command: clap::Command) -> clap::Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for FileFlags {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut typed: Vec<(usize, FileFlag)> = Vec::new();
        for (name, _, _, make) in FILE_FLAGS {
            let values = matches.get_many::<String>(name).into_iter().flatten();
            let places = matches.indices_of(name).into_iter().flatten();
            typed.extend(places.zip(values).map(|(place, value)| (place, make(value.clone()))));
        }
        typed.sort_by_key(|(place, _)| *place);
        Ok(Self(typed.into_iter().map(|(_, flag)| flag).collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}
