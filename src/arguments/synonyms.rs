//! Words that people try, and what they are here: what another program calls it is often spelled quite differently.

/// What commands are called elsewhere.
const COMMANDS: [(&str, &[&str]); 9] = [
    ("create", &["add", "attach", "new", "insert", "push"]),
    ("retrieve", &["get", "show", "status", "describe", "inspect", "view"]),
    ("cancel", &["stop", "abort", "kill"]),
    ("list-files", &["list", "ls", "files", "errors"]),
    ("wait", &["poll", "watch", "follow"]),
    ("sync", &["upload", "import", "mirror"]),
    ("journal", &["history", "log", "batches", "list-batches"]),
    ("emulator", &["serve", "server", "mock", "emulate"]),
    ("doctor", &["login", "auth", "check", "diagnose", "ping", "whoami", "config"]),
];

/// What elsewhere takes something away for good.
const DELETING: [&str; 5] = ["delete", "del", "remove", "rm", "destroy"];
/// What is said of it.
const NOTHING_DELETES: &str = "nothing here deletes a batch; `vsfb sync --prune` takes files out of a store";

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

/// What is said of a word for what no command does.
pub(super) fn refusal(word: &str) -> Option<&'static str> {
    DELETING.contains(&word.to_ascii_lowercase().as_str()).then_some(NOTHING_DELETES)
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
    use std::collections::BTreeSet;

    use super::{COMMANDS, DELETING, FLAGS, NOTHING_DELETES, TOPICS, command, flag, topic};
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
    fn only_what_is_there_is_meant() {
        let known = ["create", "list-files"];
        assert_eq!((command("LS", &known), command("get", &known)), (Some("list-files"), None));
        assert_eq!((topic("exit", &["exit-status"]), topic("exit", &["values"])), (Some("exit-status"), None));
        let known = ["vector-store-id", "color"];
        assert_eq!(flag("Vector-Store_ID", &known).as_deref(), Some("vector-store-id"));
        assert_eq!((flag("batch", &known), flag("json", &known)), (None, None));
    }

    #[test]
    fn no_word_has_two_meanings() {
        let words = COMMANDS.iter().flat_map(|(_, words)| *words).chain(&DELETING);
        let mut seen = BTreeSet::new();
        assert!(words.copied().all(|word| seen.insert(word)), "{seen:?}");
        let root = cli::definition();
        assert!(root.find_subcommand("sync").unwrap().get_arguments().any(|flag| flag.get_long() == Some("prune")));
        assert!(NOTHING_DELETES.contains("`vsfb sync --prune`"));
    }
}
