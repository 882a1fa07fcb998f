//! The help beside the definitions of flags: what `-h` leaves out, what `--help` adds, topics, and the first steps.

mod topics;

pub(crate) use topics::{Part, TOPICS};

use clap::builder::styling::AnsiColor;
use clap::builder::{Resettable, Styles};
use clap::{Arg, Command};

use crate::arguments::HELP;
use crate::environment::ENVIRONMENT;
use crate::exit::EXIT_STATUS;
use crate::prose::{entries, wrapped};

/// The colours of all help.
pub(crate) const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

/// The most columns that help takes.
pub(crate) const WIDEST: usize = 100;

/// What `-h` shows of every command; what it leaves out of one is said where its flags are defined.
const SHOWN_EVERYWHERE: [&str; 2] = ["format", "help"];

/// What it leaves out of most commands that take it, but not of these.
const SHOWN_HERE: [(&str, &[&str]); 3] = [
    ("wait", &["timeout", "stall-timeout", "fail-fast", "poll-interval", "cancel-on-interrupt"]),
    ("retry", &["timeout"]),
    ("sync", &["timeout"]),
];

/// Commands that end in ways of their own, or make no requests.
const WITHOUT_REFERENCE: [&str; 2] = ["emulator", "completions"];

/// The command `help` as it is listed. What it does is done before commands are told apart.
pub(crate) fn command() -> Command {
    Command::new(HELP).about("Tell all about a command or a topic").override_usage("vsfb help [COMMAND|TOPIC]")
}

/// The definition as completion scripts need it: with all that `help` tells about.
pub(crate) fn complete(command: Command) -> Command {
    // In fish a name that is there already would be taken for the choice.
    let commands = command.get_subcommands().filter(|command| command.get_name() != HELP).map(|command| {
        // Kept until the script is printed, with which the program ends.
        let name: &'static str = command.get_name().to_owned().leak();
        Command::new(name).about(command.get_about().cloned().unwrap_or_default())
    });
    let topics = TOPICS.iter().map(|topic| Command::new(topic.name).about(topic.about));
    let told: Vec<_> = commands.chain(topics).collect();
    // Flags that go no deeper: each topic would have all of them.
    let flags: Vec<_> = command.get_arguments().map(|flag| flag.clone().global(false)).collect();
    command.mut_subcommand(HELP, |help| help.args(flags).subcommands(told))
}

/// The definition as `-h` shows it on a terminal of so many columns: what is used most, a line each.
pub(crate) fn short(command: Command, columns: usize) -> Command {
    let mut place = 1000;
    let command = command.mut_args(|argument| {
        place += 1;
        let is_shown = is_one_of(&argument, &SHOWN_EVERYWHERE);
        shortened(argument.hide_short_help(!is_shown)).display_order(place)
    });
    let command = command.mut_subcommands(|command| {
        let name = command.get_name().to_owned();
        let shown = SHOWN_HERE.iter().find(|(known, _)| *known == name).map_or(&[] as &[_], |(_, shown)| shown);
        let more = format!("`vsfb {name} --help` tells all: every flag, the exit status, examples.");
        let shorten = |argument: Arg| {
            let is_shown = is_one_of(&argument, shown);
            shortened(if is_shown { argument.hide_short_help(false) } else { argument })
        };
        command.mut_args(shorten).after_help(more)
    });
    fitted(command, columns).after_help("`vsfb COMMAND -h` sums up a command; `vsfb help` tells all, and lists topics.")
}

fn is_one_of(argument: &Arg, names: &[&str]) -> bool {
    argument.get_long().is_some_and(|name| names.contains(&name))
}

/// The argument in one list with the others.
fn shortened(argument: Arg) -> Arg {
    let is_brief = argument.get_long().is_some() && argument.get_action().takes_values();
    let argument = argument.help_heading(Resettable::Reset);
    if is_brief { argument.hide_possible_values(true) } else { argument }
}

/// Where the terminal is too narrow for a flag and its help on one line, the help stands below.
fn fitted(command: Command, columns: usize) -> Command {
    command.next_line_help(columns < 80)
}

/// The definition as `--help` shows it on a terminal of so many columns.
pub(crate) fn long(command: Command, columns: usize) -> Command {
    let styled = |command: Command| {
        let text = styled(&sections(&command, columns));
        command.after_long_help(text)
    };
    fitted(styled(command.mut_subcommands(styled)), columns)
}

/// What stands below the flags in the long help, examples last: headings with a colon, and indented lines.
pub(crate) fn sections(command: &Command, columns: usize) -> String {
    let own = command.get_after_long_help().map(ToString::to_string).unwrap_or_default();
    if WITHOUT_REFERENCE.contains(&command.get_name()) || own.is_empty() {
        return own;
    }
    let mut sections = Vec::new();
    if command.get_name() == "create" {
        let values = [topics::MAPS, topics::REFERENCES, topics::PAIRS, topics::BODY, topics::MANIFESTS];
        let more = "`vsfb help values` and `vsfb help stdin` tell more.";
        let lines = values.into_iter().chain([more]).map(|text| wrapped(text, 2, columns));
        sections.push(format!("Values:\n{}", lines.collect::<Vec<_>>().join("\n")));
    }
    if command.has_subcommands() {
        let topics: Vec<_> = TOPICS.iter().map(|topic| (topic.name, topic.about)).collect();
        sections.push(format!("Topics, for `vsfb help TOPIC`:\n{}", entries(&topics, columns)));
    }
    sections.push(format!("Environment:\n{}", entries(&ENVIRONMENT, columns)));
    sections.push(format!("Exit status:\n{}", entries(&EXIT_STATUS, columns)));
    sections.push(own);
    sections.join("\n\n")
}

/// A topic's text on a terminal of so many columns.
pub(crate) fn topic(name: &str, columns: usize) -> Option<String> {
    let topic = TOPICS.iter().find(|topic| topic.name == name)?;
    let sections = topic.sections.iter().map(|(heading, part)| {
        let text = match part {
            Part::Prose(texts) => texts.iter().map(|text| wrapped(text, 2, columns)).collect::<Vec<_>>().join("\n\n"),
            Part::Entries(rows) => entries(rows, columns),
            // A command is copied, and so is in one piece.
            Part::Examples(lines) => lines.iter().map(|line| format!("  {line}")).collect::<Vec<_>>().join("\n"),
        };
        styled(&format!("{heading}:\n{text}"))
    });
    Some(sections.collect::<Vec<_>>().join("\n\n"))
}

/// A definition whose help is this text alone.
pub(crate) fn page(text: String) -> Command {
    Command::new("vsfb").styles(STYLES).override_help(text)
}

/// What is shown where nothing is asked for: what this is, and three commands to go on with.
pub(crate) fn orientation(columns: usize) -> String {
    let steps = [
        (
            "Try it on this machine, without an account or a key:",
            "vsfb emulator -- vsfb create vs_demo --file-id file-a --wait",
        ),
        ("See whether key, network and certificates are as they should be:", "vsfb doctor"),
        (
            "With OPENAI_API_KEY set, attach an uploaded file to a vector store of yours:",
            "vsfb create vs_abc123 --file-id file-abc123",
        ),
    ];
    let literal = STYLES.get_literal();
    let steps =
        steps.map(|(purpose, step)| format!("{}\n  {literal}{step}{literal:#}\n", wrapped(purpose, 0, columns)));
    let title = "vsfb attaches files to OpenAI vector stores and tells what became of them.";
    let end = "`vsfb -h` lists the commands, `vsfb COMMAND -h` sums up one, `vsfb help` all.";
    [wrapped(title, 0, columns), "\n\n".to_owned(), steps.concat(), "\n".to_owned(), wrapped(end, 0, columns)].concat()
}

/// The text with its headings in colour.
fn styled(text: &str) -> String {
    let header = STYLES.get_header();
    let line = |line: &str| match line.strip_suffix(':') {
        Some(heading) if !line.starts_with(' ') => format!("{header}{heading}:{header:#}"),
        _ => line.to_owned(),
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::{SHOWN_EVERYWHERE, SHOWN_HERE, STYLES, TOPICS, orientation, topic};
    use crate::cli::definition;

    #[test]
    fn what_the_summary_shows_is_there() {
        let root = definition();
        let longs = |command: &clap::Command| -> Vec<_> {
            command
                .get_arguments()
                .filter_map(|flag| Some((flag.get_long()?.to_owned(), flag.is_hide_short_help_set())))
                .collect()
        };
        for (name, shown) in SHOWN_HERE {
            let flags = longs(root.find_subcommand(name).unwrap());
            assert!(shown.iter().all(|flag| flags.contains(&((*flag).to_owned(), true))), "{name}: {flags:?}");
        }
        let globals = longs(&root);
        assert!(SHOWN_EVERYWHERE.iter().all(|flag| globals.iter().any(|(name, _)| name == flag)), "{globals:?}");
    }

    #[test]
    fn a_topic_has_its_headings_with_text_below_each() {
        let header = STYLES.get_header();
        for known in TOPICS {
            let text = topic(known.name, 80).unwrap();
            for (heading, _) in known.sections {
                let begin = format!("{header}{heading}:{header:#}\n  ");
                assert!(text.contains(&begin), "{}: {heading}\n{text}", known.name);
            }
        }
        assert_eq!(topic("xyzzy", 80), None);
    }

    #[test]
    fn the_first_steps_fit_any_terminal() {
        for (columns, rows) in [(40, 24), (60, 16), (79, 12)] {
            let text = orientation(columns);
            assert!(text.lines().count() <= rows, "{columns}:\n{text}");
            // The steps are to be copied, and so are in one piece.
            let mut others = text.lines().filter(|line| !line.starts_with("  "));
            assert!(others.all(|line| line.len() <= columns), "{columns}:\n{text}");
        }
    }
}
