//! The help beside the definitions of flags: what `-h` leaves out, what `--help` adds, topics, and the first steps.

mod topics;

pub(crate) use topics::{Part, TOPICS};

use clap::builder::styling::AnsiColor;
use clap::builder::{Resettable, Styles};
use clap::{Arg, Command};

use crate::environment::ENVIRONMENT;
use crate::exit::EXIT_STATUS;

/// The colours of all help.
pub(crate) const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

/// The most columns that help takes.
pub(crate) const WIDEST: usize = 100;

/// What `-h` shows of a command beside [`SHOWN_EVERYWHERE`]: what fits one screen. `--help` has all.
const SHOWN: [(&str, &[&str]); 12] = [
    (
        "create",
        &[
            "vector-store-id",
            "file-id",
            "file",
            "files-from",
            "attributes",
            "chunking-strategy",
            "body",
            "dry-run",
            "resume",
            "wait",
        ],
    ),
    ("retrieve", &["vector-store-id", "batch-id", "last", "body"]),
    ("cancel", &["vector-store-id", "batch-id", "last", "body", "dry-run", "wait"]),
    ("list-files", &["vector-store-id", "batch-id", "last", "filter", "order", "limit", "after", "max-items"]),
    (
        "wait",
        &[
            "vector-store-id",
            "batch-id",
            "last",
            "timeout",
            "stall-timeout",
            "fail-fast",
            "poll-interval",
            "cancel-on-interrupt",
        ],
    ),
    ("retry", &["vector-store-id", "batch-id", "last", "all", "dry-run", "resume", "wait", "timeout"]),
    (
        "sync",
        &[
            "vector-store-id",
            "source",
            "paths-from",
            "include",
            "exclude",
            "attributes",
            "dry-run",
            "jobs",
            "prune",
            "yes",
            "timeout",
        ],
    ),
    ("journal", &["vector-store-id", "filter", "max-items", "refresh"]),
    ("doctor", &[]),
    ("emulator", &["port", "file-time", "strict", "limits", "fault", "list-faults", "seed", "record"]),
    ("completions", &["shell"]),
    (HELP, &[]),
];

/// What `-h` shows of every command.
const SHOWN_EVERYWHERE: [&str; 2] = ["format", "help"];

/// The command that shows another's help, or a topic.
const HELP: &str = "help";

/// Commands that end in ways of their own, or make no requests.
const WITHOUT_REFERENCE: [&str; 2] = ["emulator", "completions"];

/// The command `help` as it is listed. What it does is done before commands are told apart.
pub(crate) fn command() -> Command {
    Command::new(HELP).about("Tell all about a command or a topic").override_usage("vsfb help [COMMAND|TOPIC]")
}

/// The definition as completion scripts need it: with all that `help` tells about.
pub(crate) fn complete(command: Command) -> Command {
    let about = |name| command.find_subcommand(name).and_then(Command::get_about).cloned().unwrap_or_default();
    // In fish a name that is there already would be taken for the choice.
    let names = SHOWN.iter().map(|(name, _)| *name).filter(|name| *name != HELP);
    let commands = names.map(|name| Command::new(name).about(about(name)));
    let topics = TOPICS.iter().map(|topic| Command::new(topic.name).about(topic.about));
    let told: Vec<_> = commands.chain(topics).collect();
    // Flags that go no deeper: each topic would have all of them.
    let flags: Vec<_> = command.get_arguments().map(|flag| flag.clone().global(false)).collect();
    command.mut_subcommand(HELP, |help| help.args(flags).subcommands(told))
}

/// The definition as `-h` shows it: what is used most, a line each.
pub(crate) fn short(command: Command) -> Command {
    let mut place = 1000;
    let command = command.mut_args(|argument| {
        place += 1;
        shorten(argument, &SHOWN_EVERYWHERE).display_order(place)
    });
    let command = command.mut_subcommands(|command| {
        let name = command.get_name().to_owned();
        let shown = SHOWN.iter().find(|(known, _)| *known == name).map_or(&[] as &[_], |(_, shown)| shown);
        let more = format!("`vsfb {name} --help` tells all: every flag, the exit status, examples.");
        command.mut_args(|argument| shorten(argument, shown)).after_help(more)
    });
    command.after_help("`vsfb COMMAND -h` sums up a command; `vsfb help` tells all, and lists topics.")
}

/// The argument in one list with the others, or nowhere.
fn shorten(argument: Arg, shown: &[&str]) -> Arg {
    let name = argument.get_long().unwrap_or(argument.get_id().as_str());
    let is_shown = shown.contains(&name);
    if !is_shown {
        return argument.hide_short_help(true);
    }
    let is_brief = argument.get_long().is_some() && argument.get_action().takes_values();
    let argument = argument.help_heading(Resettable::Reset);
    if is_brief { argument.hide_possible_values(true) } else { argument }
}

/// The definition as `--help` shows it on a terminal of so many columns.
pub(crate) fn long(command: Command, columns: usize) -> Command {
    let styled = |command: Command| {
        let text = styled(&sections(&command, columns.min(WIDEST)));
        command.after_long_help(text)
    };
    styled(command.mut_subcommands(styled))
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
        ("Attach a file that was uploaded to a vector store of yours:", "vsfb create vs_abc123 --file-id file-abc123"),
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

/// Names with what they mean, one below the other.
fn entries(rows: &[(&str, &str)], columns: usize) -> String {
    let widest = rows.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
    let place = widest + 4;
    let is_narrow = place * 2 > columns;
    let entry = |(name, text): &(&str, &str)| {
        if is_narrow {
            return format!("  {name}\n{}", wrapped(text, 6, columns));
        }
        let text = wrapped(text, place, columns);
        format!("  {name:widest$}  {}", text.trim_start())
    };
    rows.iter().map(entry).collect::<Vec<_>>().join("\n")
}

/// The text in lines of so many columns, each indented; a longer word has a line of its own.
fn wrapped(text: &str, indentation: usize, columns: usize) -> String {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= columns => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(format!("{:indentation$}{word}", "")),
        }
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::{SHOWN, SHOWN_EVERYWHERE, TOPICS, entries, orientation, topic, wrapped};
    use crate::cli::definition;

    #[test]
    fn what_the_summary_shows_is_there() {
        let root = definition();
        let names: Vec<_> = root.get_subcommands().map(clap::Command::get_name).collect();
        assert_eq!(SHOWN.map(|(name, _)| name).to_vec(), names);
        for (name, shown) in SHOWN {
            let command = root.find_subcommand(name).unwrap();
            for flag in shown {
                let is_it = |argument: &clap::Arg| argument.get_long().unwrap_or(argument.get_id().as_str()) == *flag;
                assert!(command.get_arguments().any(is_it), "{name} has no {flag}");
            }
        }
        let globals: Vec<_> = root.get_arguments().filter_map(clap::Arg::get_long).collect();
        assert!(SHOWN_EVERYWHERE.iter().all(|flag| globals.contains(flag)), "{globals:?}");
    }

    #[test]
    fn names_stand_beside_their_meanings_where_there_is_room() {
        let rows = [("a", "one two three"), ("long", "four")];
        assert_eq!(entries(&rows, 16), "  a     one two\n        three\n  long  four");
        assert_eq!(entries(&rows, 14), "  a\n      one two\n      three\n  long\n      four");
    }

    #[test]
    fn text_is_wrapped_at_blanks() {
        assert_eq!(wrapped("one two three", 2, 9), "  one two\n  three");
        assert_eq!(wrapped("one incomprehensible", 0, 5), "one\nincomprehensible");
    }

    #[test]
    fn a_topic_has_its_name() {
        for known in TOPICS {
            assert!(topic(known.name, 80).is_some_and(|text| text.contains(':')), "{}", known.name);
        }
        assert_eq!(topic("xyzzy", 80), None);
    }

    #[test]
    fn the_first_steps_fit_any_terminal() {
        let lines = orientation(79).lines().count();
        assert!(lines <= 12, "{lines}");
    }
}
