//! One pass over the arguments before clap, for the habits of the official program that clap does not have.
//!
//! A value may begin with a dash (`--file-id -x`), a long name may have one dash (`-file-id x`), the resource word may
//! stand where a command could, and global flags may stand anywhere. What leaves here is the command, then its flags as
//! `--name=value`, then `--` and the positionals, so that clap cannot take one for another.

mod synonyms;

use std::ffi::OsString;

use crate::api::validate::nearest;
use crate::input::UsageError;

/// The official name of what all our commands are about. It means nothing here.
const RESOURCE: &str = "vector-stores:file-batches";

/// The command that shows another's help or a topic, and the flag that does the former.
pub(crate) const HELP: &str = "help";

/// A flag as far as this pass needs it.
#[derive(Clone, Debug)]
pub(crate) struct Flag {
    pub(crate) long: String,
    pub(crate) shorts: Vec<char>,
    pub(crate) takes_value: bool,
}

/// A command by its name, with its own flags.
#[derive(Clone, Debug)]
pub(crate) struct CommandFlags {
    pub(crate) name: String,
    pub(crate) flags: Vec<Flag>,
    /// Whether what stands after `--` is another program's command line, which is passed on as it is.
    pub(crate) runs_another: bool,
}

/// All that can be typed.
#[derive(Clone, Debug)]
pub(crate) struct Grammar {
    /// Taken before and after the command.
    pub(crate) global: Vec<Flag>,
    pub(crate) commands: Vec<CommandFlags>,
    /// What `help` tells about beside commands.
    pub(crate) topics: Vec<&'static str>,
}

/// The flag in which a value that is a flag's name is surely a mistake: `--file-id $UNSET --debug`.
const GUARDED: &str = "file-id";

/// Rewrites the arguments after the program's name.
///
/// # Errors
/// When an argument is not UTF-8, a flag or command is unknown, or a flag lacks its value.
pub(crate) fn normalize(arguments: Vec<OsString>, grammar: &Grammar) -> Result<Vec<OsString>, UsageError> {
    let mut words = arguments.into_iter();
    let mut typed = Typed::default();
    let mut only_positionals = false;
    while let Some(word) = words.next() {
        if only_positionals && typed.command.is_some_and(|command| command.runs_another) {
            typed.positionals.push(word);
            continue;
        }
        let word = utf8(word)?;
        if only_positionals {
            typed.positional(word, grammar)?;
        } else if word == "--" {
            only_positionals = true;
        } else if word.len() > 1 && word.starts_with('-') {
            let next = || words.next().map(utf8).transpose();
            typed.flag(&word, next, grammar)?;
        } else {
            typed.positional(word, grammar)?;
        }
    }
    match typed.command {
        // An unset variable after `--` is no wish for a server.
        Some(command) if only_positionals && command.runs_another && typed.positionals.is_empty() => {
            let hint = format!("vsfb {} -- COMMAND ARGUMENTS…; without `--` it goes on until Ctrl-C", command.name);
            Err(UsageError::with_hint("a command is expected after `--`", hint))
        }
        _ => Ok(typed.into_arguments()),
    }
}

fn utf8(word: OsString) -> Result<String, UsageError> {
    word.into_string()
        .map_err(|word| UsageError::new(format!("the argument {:?} is not UTF-8", word.to_string_lossy())))
}

/// A flag without a value.
struct Switch {
    /// What clap is given.
    word: String,
    on: bool,
}

#[derive(Default)]
struct Typed<'a> {
    command: Option<&'a CommandFlags>,
    /// The topic that help is asked for.
    topic: Option<&'static str>,
    /// `--name=value`, in the order typed.
    values: Vec<String>,
    /// Flags without a value by their long name; the last word on each counts.
    switches: Vec<(String, Switch)>,
    positionals: Vec<OsString>,
}

impl<'a> Typed<'a> {
    fn positional(&mut self, word: String, grammar: &'a Grammar) -> Result<(), UsageError> {
        let is_help = self.command.is_some_and(|command| command.name == HELP);
        if let Some(command) = self.command.filter(|_| !is_help) {
            return self.value(word, command);
        }
        if word == RESOURCE {
            return Ok(());
        }
        if let Some(command) = grammar.commands.iter().find(|command| command.name == word) {
            if is_help {
                self.ask_for_help();
            }
            self.command = Some(command);
            return Ok(());
        }
        if let Some(topic) = grammar.topics.iter().find(|topic| is_help && **topic == word) {
            self.topic = Some(topic);
            return Ok(());
        }
        let kind = if is_help { "command or topic" } else { "command" };
        Err(UsageError::with_hint(format!("unknown {kind} `{word}`"), meant(&word, is_help, grammar)))
    }

    fn value(&mut self, word: String, command: &CommandFlags) -> Result<(), UsageError> {
        if command.runs_another {
            let hint = format!("a command to run stands after `--`: vsfb {} -- {word} …", command.name);
            return Err(UsageError::with_hint(format!("unexpected argument `{word}`"), hint));
        }
        self.positionals.push(word.into());
        Ok(())
    }

    fn flag(
        &mut self,
        word: &str,
        next: impl FnOnce() -> Result<Option<String>, UsageError>,
        grammar: &'a Grammar,
    ) -> Result<(), UsageError> {
        let (name, attached) = match word.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (word, None),
        };
        let flag = self.find(name, grammar).ok_or_else(|| self.unknown(name, grammar))?;
        if !flag.takes_value {
            let on = attached.as_deref().map_or(Ok(true), |text| switch_value(name, text))?;
            // A short name stays short: `-h` is the summary, `--help` is all.
            let word =
                if flag.long == name.trim_start_matches('-') { format!("--{}", flag.long) } else { name.to_owned() };
            self.switches.retain(|(long, _)| *long != flag.long);
            self.switches.push((flag.long.clone(), Switch { word, on }));
            return Ok(());
        }
        let is_attached = attached.is_some();
        let value = match attached {
            Some(value) => Some(value),
            None => next()?,
        };
        let Some(value) = value else { return Err(UsageError::new(format!("`{name}` needs a value"))) };
        if value.is_empty() {
            return Err(UsageError::new(format!(
                "`{name}` has an empty value; leave the flag out, or give it a value"
            )));
        }
        if flag.long == GUARDED && !is_attached && value.starts_with('-') && self.find(&value, grammar).is_some() {
            return Err(UsageError::with_hint(
                format!("`{name}` has no value: the next argument is the flag `{value}`"),
                format!("if that is the id that you mean, write {name}={value}"),
            ));
        }
        self.values.push(format!("--{}={value}", flag.long));
        Ok(())
    }

    /// The flag of that name with its dashes, among those that may stand here.
    fn find(&self, name: &str, grammar: &'a Grammar) -> Option<&'a Flag> {
        let bare = name.strip_prefix("--").or_else(|| name.strip_prefix('-'))?;
        let own = self.command.map_or(&[] as &[Flag], |command| &command.flags);
        let mut flags = own.iter().chain(&grammar.global);
        let mut letters = bare.chars();
        match (letters.next(), letters.next()) {
            (Some(letter), None) if !name.starts_with("--") => flags.find(|flag| flag.shorts.contains(&letter)),
            _ => flags.find(|flag| flag.long == bare),
        }
    }

    fn unknown(&self, name: &str, grammar: &Grammar) -> UsageError {
        let bare = name.trim_start_matches('-');
        let place = self.command.map(|command| format!(" for `vsfb {}`", command.name)).unwrap_or_default();
        let message = format!("unknown flag `{name}`{place}");
        let own = self.command.map_or(&[] as &[Flag], |command| &command.flags);
        let known: Vec<&str> = own.iter().chain(&grammar.global).map(|flag| flag.long.as_str()).collect();
        let meant = synonyms::flag(bare, &known);
        let mut owners = grammar.commands.iter().filter(|command| command.flags.iter().any(|flag| flag.long == bare));
        let owner = owners.next();
        let hint = if bare.starts_with(|character: char| character.is_ascii_digit()) {
            format!("a value that begins with a dash stands after `--`: -- {name}")
        } else if let Some(meant) = meant {
            format!("did you mean `--{meant}`?")
        } else if let (None, Some(owner)) = (self.command, owner) {
            format!("it belongs after the command: vsfb {} --{bare} …", owner.name)
        } else if let Some(owner) = owner {
            let others: Vec<_> = owners.map(|owner| format!(", `vsfb {}`", owner.name)).collect();
            format!("it is a flag of `vsfb {}`{}", owner.name, others.concat())
        } else if let Some(nearest) = nearest(bare, &known) {
            format!("did you mean `--{nearest}`?")
        } else {
            format!(
                "`vsfb{} --help` lists the flags",
                self.command.map(|it| format!(" {}", it.name)).unwrap_or_default()
            )
        };
        UsageError::with_hint(message, hint)
    }

    /// Turns the command `help` into the flag: clap's own command takes no flags beside it.
    fn ask_for_help(&mut self) {
        self.command = None;
        self.switches.retain(|(long, _)| long != HELP);
        self.switches.push((HELP.to_owned(), Switch { word: format!("--{HELP}"), on: true }));
    }

    fn into_arguments(mut self) -> Vec<OsString> {
        let asks_for_help = self.command.is_some_and(|command| command.name == HELP);
        if let Some(topic) = self.topic.filter(|_| asks_for_help) {
            self.positionals.push(topic.into());
        } else if asks_for_help {
            self.ask_for_help();
        }
        let name = self.command.map(|command| command.name.clone());
        let switches = self.switches.into_iter().filter(|(_, switch)| switch.on).map(|(_, switch)| switch.word);
        let mut arguments: Vec<_> = name.into_iter().chain(switches).chain(self.values).map(OsString::from).collect();
        if !self.positionals.is_empty() {
            arguments.push("--".into());
            arguments.extend(self.positionals);
        }
        arguments
    }
}

/// What may be meant by a word that is no command, nor a topic where help is asked for.
fn meant(word: &str, is_help: bool, grammar: &Grammar) -> String {
    if let Some(refusal) = synonyms::refusal(word) {
        return refusal.to_owned();
    }
    let commands: Vec<&str> = grammar.commands.iter().map(|command| command.name.as_str()).collect();
    let topics = grammar.topics.as_slice();
    let all = [&commands, topics].concat();
    let topic = || synonyms::topic(word, topics).filter(|_| is_help);
    let known = if is_help { &all } else { &commands };
    let near = topic().or_else(|| synonyms::command(word, &commands)).or_else(|| nearest(word, known));
    let help = if is_help { "help " } else { "" };
    match near.or_else(|| topics.iter().find(|topic| **topic == word).copied()) {
        Some(topic) if topics.contains(&topic) => format!("did you mean `vsfb help {topic}`?"),
        Some(command) => format!("did you mean `vsfb {help}{command}`?"),
        None if is_help => format!("the commands are {}; the topics are {}", commands.join(", "), topics.join(", ")),
        None => format!("the commands are {}", commands.join(", ")),
    }
}

fn switch_value(name: &str, text: &str) -> Result<bool, UsageError> {
    match text {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Ok(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Ok(false),
        _ => Err(UsageError::new(format!("`{name}` is on or off: it takes no value, or true or false"))),
    }
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use super::{CommandFlags, Flag, Grammar, normalize};

    fn flag(long: &str, shorts: &str, takes_value: bool) -> Flag {
        Flag { long: long.to_owned(), shorts: shorts.chars().collect(), takes_value }
    }

    fn grammar() -> Grammar {
        let command =
            |name: &str, flags| CommandFlags { name: name.to_owned(), flags, runs_another: name == "emulator" };
        Grammar {
            global: vec![
                flag("format", "o", true),
                flag("debug", "", false),
                flag("help", "h", false),
                flag("version", "vV", false),
            ],
            commands: vec![
                command("create", vec![flag("vector-store-id", "", true), flag("file-id", "", true)]),
                command("retrieve", vec![flag("vector-store-id", "", true), flag("batch-id", "", true)]),
                command("emulator", vec![flag("port", "", true)]),
                command("help", vec![]),
            ],
            topics: vec!["values", "exit-status"],
        }
    }

    fn words(line: &str) -> Vec<OsString> {
        line.split(' ').map(|word| OsString::from(if word == "''" { "" } else { word })).collect()
    }

    fn normal(line: &str) -> String {
        normalize(words(line), &grammar()).unwrap().join(" ".as_ref()).into_string().unwrap()
    }

    fn refused(line: &str) -> String {
        let error = normalize(words(line), &grammar()).unwrap_err();
        format!("{}; {}", error.message, error.hint.unwrap_or_default())
    }

    #[test]
    fn the_resource_word_means_nothing_where_a_command_could_stand() {
        assert_eq!(normal("vector-stores:file-batches create vs"), "create -- vs");
        assert_eq!(normal("-o json vector-stores:file-batches create"), "create --format=json");
        assert_eq!(normal("help vector-stores:file-batches create"), "create --help");
        assert_eq!(normal("vector-stores:file-batches"), "");
        assert_eq!(normal("create vector-stores:file-batches"), "create -- vector-stores:file-batches");
    }

    #[test]
    fn a_value_may_begin_with_a_dash() {
        assert_eq!(normal("create --file-id -x --vector-store-id --y"), "create --file-id=-x --vector-store-id=--y");
        assert_eq!(normal("create --file-id=--debug"), "create --file-id=--debug");
        assert_eq!(
            refused("create --file-id --debug"),
            "`--file-id` has no value: the next argument is the flag `--debug`; if that is the id that you mean, write --file-id=--debug"
        );
        assert_eq!(normal("create --vector-store-id --debug"), "create --vector-store-id=--debug");
    }

    #[test]
    fn a_long_name_may_have_one_dash_and_shorts_do_not_cluster() {
        assert_eq!(normal("create -file-id x -debug"), "create --debug --file-id=x");
        assert_eq!(normal("create -file-id=x -o=yaml"), "create --file-id=x --format=yaml");
        assert_eq!(normal("-help"), "--help");
        assert_eq!(normal("create -h"), "create -h");
        assert_eq!(normal("create -help=false"), "create");
        assert_eq!(normal("create -vector-store-id vs"), "create --vector-store-id=vs");
        assert_eq!(refused("create -hv"), "unknown flag `-hv` for `vsfb create`; `vsfb create --help` lists the flags");
        assert_eq!(
            refused("create --o json"),
            "unknown flag `--o` for `vsfb create`; `vsfb create --help` lists the flags"
        );
    }

    #[test]
    fn flags_may_stand_anywhere_and_the_last_switch_counts() {
        assert_eq!(normal("--debug create vs -o json --debug=false"), "create --format=json -- vs");
        assert_eq!(normal("create vs --file-id a"), "create --file-id=a -- vs");
        assert_eq!(refused("create --debug=maybe"), "`--debug` is on or off: it takes no value, or true or false; ");
    }

    #[test]
    fn help_takes_a_command_and_any_flags() {
        assert_eq!(normal("help"), "--help");
        assert_eq!(normal("help create -o json"), "create --help --format=json");
        assert_eq!(normal("help -h create --help"), "create --help");
        let meant = |word| format!("unknown command or topic `{word}`; did you mean");
        assert_eq!(refused("help creat"), format!("{} `vsfb help create`?", meant("creat")));
        assert_eq!(refused("help value"), format!("{} `vsfb help values`?", meant("value")));
        assert_eq!(
            refused("help xyzzy"),
            "unknown command or topic `xyzzy`; the commands are create, retrieve, emulator, help; the topics are values, exit-status"
        );
    }

    #[test]
    fn help_takes_a_topic() {
        assert_eq!(normal("help values"), "help -- values");
        assert_eq!(normal("-o json help values --debug"), "help --debug --format=json -- values");
        assert_eq!(normal("help values create"), "create --help");
        assert_eq!(refused("values"), "unknown command `values`; did you mean `vsfb help values`?");
    }

    #[test]
    fn odd_positionals_swallow_nothing() {
        assert_eq!(normal("create '' --file-id a -"), "create --file-id=a --  -");
        assert_eq!(normal("create -- -1 --debug"), "create -- -1 --debug");
        assert_eq!(
            refused("create -1"),
            "unknown flag `-1` for `vsfb create`; a value that begins with a dash stands after `--`: -- -1"
        );
    }

    #[test]
    fn a_flag_needs_its_value() {
        assert_eq!(refused("create --file-id"), "`--file-id` needs a value; ");
        let empty = "`--file-id` has an empty value; leave the flag out, or give it a value; ";
        assert_eq!(refused("create --file-id= x"), empty);
        assert_eq!(refused("create --file-id ''"), empty);
    }

    #[test]
    fn what_is_unknown_gets_the_nearest() {
        assert_eq!(refused("creat"), "unknown command `creat`; did you mean `vsfb create`?");
        assert_eq!(refused("xyzzy"), "unknown command `xyzzy`; the commands are create, retrieve, emulator, help");
        assert_eq!(
            refused("create --fil-id x"),
            "unknown flag `--fil-id` for `vsfb create`; did you mean `--file-id`?"
        );
        assert_eq!(
            refused("create --batch-id x"),
            "unknown flag `--batch-id` for `vsfb create`; it is a flag of `vsfb retrieve`"
        );
        assert_eq!(
            refused("--file-id x create"),
            "unknown flag `--file-id`; it belongs after the command: vsfb create --file-id …"
        );
        assert!(refused("create --fi").starts_with("unknown flag `--fi`"), "no abbreviations");
    }

    #[test]
    fn another_command_line_stands_after_two_dashes() {
        let line = "emulator --port 0 --debug -- create -- --file-id -x --help";
        assert_eq!(normal(line), "emulator --debug --port=0 -- create -- --file-id -x --help");
        assert!(refused("emulator --").starts_with("a command is expected after `--`"));
        assert_eq!(normal("-- emulator -x"), "emulator -- -x");
        assert_eq!(
            refused("emulator create --file-id x"),
            "unexpected argument `create`; a command to run stands after `--`: vsfb emulator -- create …"
        );
    }

    #[cfg(unix)]
    #[test]
    fn arguments_are_utf8_but_those_of_another_command() {
        use std::os::unix::ffi::OsStringExt as _;
        let odd = || OsString::from_vec(b"vs\xff".to_vec());
        let typed = vec!["emulator".into(), "--".into(), odd()];
        assert_eq!(normalize(typed.clone(), &grammar()).unwrap(), typed);
        let error = normalize(vec!["create".into(), "--".into(), odd()], &grammar()).unwrap_err();
        assert_eq!(error.message, "the argument \"vs\u{fffd}\" is not UTF-8");
        let error = normalize(vec![OsString::from_vec(b"vs\xff".to_vec())], &grammar()).unwrap_err();
        assert_eq!(error.message, "the argument \"vs\u{fffd}\" is not UTF-8");
    }
}
