//! The command line as a whole: its name, its help, and the way from arguments to an exit status.

use std::error::Error as _;
use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{ColorChoice, CommandFactory as _, FromArgMatches as _, Parser};

use crate::api::validate::nearest;
use crate::arguments::{CommandFlags, Flag, Grammar, HELP, normalize};
use crate::commands::{self, Command};
use crate::context::Context;
use crate::environment::{Environment, help_colour};
use crate::exit::{ErrorView, Exit, report};
use crate::help::{self, STYLES, TOPICS};
use crate::input::UsageError;
use crate::output::{Messages, Ui};
use crate::settings::{GlobalArgs, Settings};

/// The command line for OpenAI vector store file batches
///
/// Mirrors `openai vector-stores:file-batches`: a script written for it works with `vsfb` in its place. Data goes to
/// stdout, everything else to stderr.
#[derive(Debug, Parser)]
#[command(
    name = "vsfb",
    version,
    disable_help_flag = true,
    disable_help_subcommand = true,
    disable_version_flag = true,
    propagate_version = true,
    args_override_self = true,
    infer_long_args = false,
    max_term_width = help::WIDEST,
    styles = STYLES,
    after_long_help = "Examples:
  vsfb create vs_abc123 --file-id file-abc123 --file-id file-def456
  vsfb retrieve vs_abc123 vsfb_abc123
  vsfb list-files vs_abc123 vsfb_abc123 --filter failed
  vsfb cancel vs_abc123 vsfb_abc123"
)]
pub(crate) struct Cli {
    #[command(flatten)]
    global: GlobalArgs,

    #[command(subcommand)]
    command: Option<Command>,
}

/// All that can be typed, `help` included.
pub(crate) fn definition() -> clap::Command {
    Cli::command().subcommand(help::command())
}

/// Runs the program with the arguments after its name.
pub(crate) fn run(arguments: Vec<OsString>) -> Exit {
    let color = typed_color(&arguments);
    let cli = match parse(arguments, color.as_deref()) {
        Ok(cli) => cli,
        Err(Stop::Refused(error)) => return report_early(error.into(), color),
        Err(Stop::Clap(error)) => return show(&error, color),
    };
    let settings = Settings::new(cli.global, Environment::of_process());
    let messages = settings.messages();
    let view = settings.error_view();
    let result = match (cli.command, &view) {
        (_, Err(error)) => Err(error.clone().into()),
        (Some(command), Ok(_)) => start(command, settings, messages),
        (None, Ok(_)) => Err(UsageError::with_hint("no command is given", "`vsfb -h` lists the commands").into()),
    };
    report(result, messages, &view.unwrap_or_default())
}

fn start(command: Command, settings: Settings, messages: Messages) -> anyhow::Result<Exit> {
    let (style, view) = (settings.output_style(), settings.view()?);
    let ui = Ui::new(style, view, settings.pager(style), messages);
    commands::dispatch(command, &mut Context::new(settings, ui))
}

/// Why there is nothing to run.
enum Stop {
    Refused(UsageError),
    /// Help or version, which clap prints.
    Clap(clap::Error),
}

impl From<clap::Error> for Stop {
    fn from(error: clap::Error) -> Self {
        match error.kind() {
            ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => Self::Clap(error),
            _ => Self::Refused(complaint(&error)),
        }
    }
}

/// The last `--color` as it was typed: what is said before the flags are understood follows it as well.
fn typed_color(arguments: &[OsString]) -> Option<String> {
    let own = arguments.iter().take_while(|word| *word != "--");
    let words: Vec<&str> = own.filter_map(|word| word.to_str()).collect();
    let value = |(index, word): (usize, &&str)| match word.split_once('=') {
        Some((name, value)) => is_color(name).then(|| value.to_owned()),
        None if is_color(word) => words.get(index + 1).map(|value| (*value).to_owned()),
        None => None,
    };
    words.iter().enumerate().rev().find_map(value)
}

fn is_color(word: &str) -> bool {
    matches!(word, "--color" | "-color")
}

fn parse(arguments: Vec<OsString>, color: Option<&str>) -> Result<Cli, Stop> {
    let command = definition();
    let words = normalize(arguments, &grammar(&command)).map_err(Stop::Refused)?;
    let (command, words) = asked_for(command, words, columns);
    let command = match help_colour(color) {
        Some(true) => command.color(ColorChoice::Always),
        Some(false) => command.color(ColorChoice::Never),
        None => command,
    };
    // `vsfb create --version` is about this program as well.
    let mut command = command.mut_subcommands(|command| command.display_name("vsfb"));
    let words = std::iter::once("vsfb".into()).chain(words);
    let matches = command.try_get_matches_from_mut(words);
    // Taking the definition apart is an eighth of a start, and the process is over soon.
    std::mem::forget(command);
    Ok(Cli::from_arg_matches(&matches?)?)
}

/// The definition with what help needs of it, where help is asked for: most commands run without, and do not ask for the
/// width of the terminal.
fn asked_for(
    command: clap::Command,
    words: Vec<OsString>,
    columns: impl FnOnce() -> Option<usize>,
) -> (clap::Command, Vec<OsString>) {
    let columns = || columns().unwrap_or(help::WIDEST).min(help::WIDEST);
    let page = |text| (help::page(text), vec!["--help".into()]);
    let has = |flag| words.iter().take_while(|word| *word != "--").any(|word| word == flag);
    match words.first().map(|word| word == HELP) {
        None => page(help::orientation(columns().min(ORIENTATION_COLUMNS))),
        Some(true) => {
            let topic = words.last().and_then(|word| help::topic(word.to_str()?, columns()));
            page(topic.unwrap_or_default())
        }
        Some(false) if has("--help") => (help::long(command, columns()), words),
        Some(false) if has("-h") => (help::short(command, columns()), words),
        Some(false) => (command, words),
    }
}

/// The most columns that the first steps take.
const ORIENTATION_COLUMNS: usize = 79;

/// What clap refuses, in our own words.
fn complaint(error: &clap::Error) -> UsageError {
    let text = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.as_str()),
        Some(ContextValue::Strings(texts)) => texts.first().map(String::as_str),
        _ => None,
    };
    let flag = text(ContextKind::InvalidArg).and_then(|flag| flag.split_whitespace().next());
    match (flag, text(ContextKind::InvalidValue), error.source()) {
        (Some(flag), Some(value), Some(cause)) => UsageError::new(format!("`{flag} {value}`: {cause}")),
        (Some(flag), Some(value), None) => {
            let known = match error.get(ContextKind::ValidValue) {
                Some(ContextValue::Strings(known)) => known.iter().map(String::as_str).collect(),
                _ => Vec::new(),
            };
            let message = format!("`{flag} {value}`: the values are {}", known.join(", "));
            UsageError { message, hint: nearest(value, &known).map(|near| format!("did you mean `{near}`?")) }
        }
        (Some(argument), None, _) if error.kind() == ErrorKind::MissingRequiredArgument => {
            UsageError::with_hint(format!("{argument} is required"), "`--help` shows how")
        }
        _ => {
            let text = error.to_string();
            UsageError::new(text.lines().next().unwrap_or_default().trim_start_matches("error: "))
        }
    }
}

/// The width of the terminal, if there is one.
fn columns() -> Option<usize> {
    terminal_size::terminal_size().map(|(width, _)| usize::from(width.0)).filter(|columns| *columns > 0)
}

/// What can be typed, as clap knows it.
fn grammar(command: &clap::Command) -> Grammar {
    let flags = |command: &clap::Command| command.get_arguments().filter_map(flag).collect::<Vec<_>>();
    let commands = command.get_subcommands().map(|command| CommandFlags {
        name: command.get_name().to_owned(),
        flags: flags(command),
        runs_another: command.get_positionals().any(clap::Arg::is_last_set),
    });
    let topics = TOPICS.iter().map(|topic| topic.name).collect();
    Grammar { global: flags(command), commands: commands.collect(), topics }
}

fn flag(argument: &clap::Arg) -> Option<Flag> {
    let long = argument.get_long()?.to_owned();
    let shorts = argument.get_short_and_visible_aliases().unwrap_or_default();
    let aliases = argument.get_all_short_aliases().unwrap_or_default();
    let shorts = shorts.into_iter().chain(aliases).collect();
    Some(Flag { long, shorts, takes_value: argument.get_action().takes_values() })
}

/// Prints help or version, which are data.
fn show(error: &clap::Error, color: Option<String>) -> Exit {
    match error.print() {
        Ok(()) => Exit::Success,
        Err(cause) => report_early(anyhow::Error::from(cause).context("failed to write to stdout"), color),
    }
}

/// Reports what goes wrong before the flags are known.
fn report_early(error: anyhow::Error, color: Option<String>) -> Exit {
    let settings = Settings::new(GlobalArgs { color, ..GlobalArgs::default() }, Environment::of_process());
    report(Err(error), settings.messages(), &ErrorView::default())
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::ffi::OsString;

    use super::{asked_for, definition, typed_color};

    #[test]
    fn the_definition_is_sound() {
        definition().debug_assert();
    }

    #[test]
    fn only_help_asks_for_the_width_of_the_terminal() {
        for (line, expected) in [
            ("", 1),
            ("help -- values", 1),
            ("--help", 1),
            ("create -h", 1),
            ("create --wait", 0),
            ("wait -- --help", 0),
        ] {
            let (words, asked) = (line.split_whitespace().map(OsString::from).collect(), Cell::new(0));
            let columns = || {
                asked.set(asked.get() + 1);
                None
            };
            asked_for(definition(), words, columns);
            assert_eq!(asked.get(), expected, "{line}");
        }
    }

    #[test]
    fn the_last_colour_typed_counts() {
        let typed = |line: &str| typed_color(&line.split(' ').map(OsString::from).collect::<Vec<_>>());
        assert_eq!(typed("create --color never --color=always").as_deref(), Some("always"));
        assert_eq!(typed("-color=always create -color never x").as_deref(), Some("never"));
        assert_eq!(typed("create --color"), None);
        assert_eq!(typed("emulator -- vsfb --color always"), None);
    }
}
