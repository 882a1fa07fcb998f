//! Words that people try, and what they are here: what another program calls it is often spelled quite differently.

/// What commands are called elsewhere.
const COMMANDS: [(&str, &[&str]); 9] = [
    ("create", &["add", "attach", "new", "insert", "push"]),
    ("retrieve", &["get", "show", "status", "describe", "inspect", "view"]),
    ("cancel", &["stop", "abort", "delete", "remove", "rm", "kill"]),
    ("list-files", &["list", "ls", "files", "errors"]),
    ("wait", &["poll", "watch", "follow"]),
    ("sync", &["upload", "import", "mirror"]),
    ("journal", &["history", "log", "batches", "list-batches"]),
    ("emulator", &["serve", "server", "mock", "emulate"]),
    ("doctor", &["login", "auth", "check", "diagnose", "ping", "whoami", "config"]),
];

/// What topics of the help are called elsewhere.
const TOPICS: [(&str, &[&str]); 5] = [
    ("values", &["maps", "attributes", "durations", "duration", "globs", "chunking", "yaml"]),
    ("stdin", &["input", "body", "pipe", "pipes"]),
    ("exit-status", &["exit", "exit-code", "exit-codes", "exitcode", "codes", "status"]),
    ("environment", &["env", "variables", "config", "proxy"]),
    ("formats", &["format", "output", "json", "table", "csv", "transform", "pager", "colors", "colours"]),
];

/// What flags are called elsewhere, with what to write instead; of several the first that the command takes.
const FLAGS: [(&[&str], &[&str]); 22] = [
    (&["store", "store-id", "vs", "vs-id", "vector-store", "vectorstore"], &["vector-store-id"]),
    (&["batch", "file-batch", "file-batch-id"], &["batch-id"]),
    (&["id", "ids"], &["batch-id", "file-id", "vector-store-id"]),
    (&["batch-ids", "batches"], &["batch-id"]),
    (&["file-ids", "files", "f"], &["file-id"]),
    (&["output", "out", "output-format", "fmt"], &["format"]),
    (&["json"], &["format json"]),
    (&["jsonl"], &["format jsonl"]),
    (&["yaml"], &["format yaml"]),
    (&["csv"], &["format csv"]),
    (&["table"], &["format table"]),
    (&["verbose", "trace"], &["debug"]),
    (&["silent"], &["quiet"]),
    (&["no-color", "no-colour", "no-colors"], &["color never"]),
    (&["query", "jq", "path", "field"], &["transform"]),
    (&["url", "endpoint", "api-base", "host"], &["base-url"]),
    (&["key", "token", "apikey"], &["api-key"]),
    (&["org", "organisation"], &["organization"]),
    (&["retries"], &["max-retries"]),
    (&["force", "y"], &["yes"]),
    (&["status", "state"], &["filter"]),
    (&["metadata", "metadatas", "attribute", "attr"], &["attributes"]),
];

/// The command that is meant by this word, among those that there are.
pub(super) fn command<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    meant(word, &COMMANDS, known)
}

/// The topic that is meant by this word, among those that there are.
pub(super) fn topic<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    meant(word, &TOPICS, known)
}

fn meant<'a>(word: &str, table: &[(&str, &[&str])], known: &[&'a str]) -> Option<&'a str> {
    let word = word.to_ascii_lowercase();
    let (name, _) = table.iter().find(|(_, words)| words.contains(&word.as_str()))?;
    known.iter().find(|known| *known == name).copied()
}

/// What to write in place of a flag, given without its dashes, where the flags are `known`.
pub(super) fn flag(name: &str, known: &[&str]) -> Option<String> {
    let name = name.to_ascii_lowercase().replace('_', "-");
    if known.contains(&name.as_str()) {
        return Some(name);
    }
    let is_known = |instead: &&&str| instead.split(' ').next().is_some_and(|flag| known.contains(&flag));
    let (_, instead) = FLAGS.iter().find(|(names, _)| names.contains(&name.as_str()))?;
    instead.iter().find(is_known).map(|instead| (*instead).to_owned())
}

#[cfg(test)]
mod tests {
    use super::{COMMANDS, FLAGS, TOPICS, command, flag, topic};
    use crate::{cli, help};

    #[test]
    fn what_is_suggested_is_there_and_what_is_replaced_is_not() {
        let root = cli::definition();
        let names: Vec<_> = root.get_subcommands().map(clap::Command::get_name).collect();
        for (name, words) in COMMANDS {
            assert!(names.contains(&name) && !words.iter().any(|word| names.contains(word)), "{name}");
        }
        let topics: Vec<_> = help::TOPICS.iter().map(|topic| topic.name).collect();
        for (name, words) in TOPICS {
            assert!(topics.contains(&name) && !words.iter().any(|word| topics.contains(word)), "{name}");
        }
        let commands = root.get_subcommands().chain([&root]);
        let flags: Vec<_> =
            commands.flat_map(|command| command.get_arguments().filter_map(clap::Arg::get_long)).collect();
        for instead in FLAGS.iter().flat_map(|(_, instead)| *instead) {
            assert!(flags.contains(&instead.split(' ').next().unwrap()), "{instead}");
        }
    }

    #[test]
    fn a_word_of_other_programs_is_the_command_that_is_meant() {
        let known = ["create", "retrieve", "list-files", "doctor"];
        let cases = [
            ("list", Some("list-files")),
            ("LS", Some("list-files")),
            ("get", Some("retrieve")),
            ("add", Some("create")),
            ("login", Some("doctor")),
            // Not among those that there are.
            ("upload", None),
            ("xyzzy", None),
        ];
        for (word, expected) in cases {
            assert_eq!(command(word, &known), expected, "{word}");
        }
        assert_eq!((topic("exit", &["exit-status"]), topic("exit", &["values"])), (Some("exit-status"), None));
    }

    #[test]
    fn a_flag_is_suggested_only_where_it_is_known() {
        let known = ["vector-store-id", "file-id", "format", "debug", "color"];
        let cases = [
            ("vector_store_id", Some("vector-store-id")),
            ("Vector-Store-Id", Some("vector-store-id")),
            ("vs", Some("vector-store-id")),
            ("id", Some("file-id")),
            ("ids", Some("file-id")),
            ("json", Some("format json")),
            ("no-color", Some("color never")),
            ("verbose", Some("debug")),
            ("batch", None),
            ("yes", None),
            ("xyzzy", None),
        ];
        for (name, expected) in cases {
            assert_eq!(flag(name, &known).as_deref(), expected, "{name}");
        }
    }
}
