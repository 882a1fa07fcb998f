//! What is not about one flag: the topics of `vsfb help TOPIC`, which the manual has as well.

use crate::environment::ENVIRONMENT;
use crate::exit::EXIT_STATUS;

/// Something to read about.
pub(crate) struct Topic {
    /// What is typed after `vsfb help`.
    pub(crate) name: &'static str,
    /// What it is about, in a few words.
    pub(crate) about: &'static str,
    /// Headings with what stands below them.
    pub(crate) sections: &'static [(&'static str, Part)],
}

/// What stands below a heading.
#[derive(Clone, Copy)]
pub(crate) enum Part {
    /// Paragraphs.
    Prose(&'static [&'static str]),
    /// Names with what they mean.
    Entries(&'static [(&'static str, &'static str)]),
    /// Commands.
    Examples(&'static [&'static str]),
}

use Part::{Entries, Examples, Prose};

/// All of them, in the order in which they are listed.
pub(crate) const TOPICS: [Topic; 5] = [
    Topic { name: "values", about: "how maps, KEY=VALUE, references, durations and globs are read", sections: &VALUES },
    Topic { name: "stdin", about: "what is read from stdin, and when", sections: &STDIN },
    Topic {
        name: "exit-status",
        about: "what the exit status says",
        sections: &[("Exit status", Entries(&EXIT_STATUS))],
    },
    Topic { name: "environment", about: "the variables that count", sections: &VARIABLES },
    Topic { name: "formats", about: "how data is written: formats, parts, colours", sections: &FORMATS },
];

/// What a MAP is.
pub(super) const MAPS: &str = "A MAP is JSON or YAML, such as '{\"team\": \"red\"}' or '{team: red, year: 2024}'. \
Numbers reach the service as they are spelled, and a key that is there twice is an error.";
/// What an `@` means in it.
pub(super) const REFERENCES: &str = "In a map typed as a flag \"@PATH\" is replaced by the file's content (text as it \
is, anything else base64), \"@file://PATH\" always as text, \"@data://PATH\" always as base64, \"@-\" by stdin; \\@x is the \
text @x. It is the same for the value in KEY=VALUE.";
/// How the value of a pair is read.
pub(super) const PAIRS: &str = "In KEY=VALUE, true, false and numbers of up to 15 digits that JSON would write the same \
way have their type; \"…\" in double quotes is text, and so is all else, such as 007, 1.0 and 1e3.";
/// What `--files-from` takes.
pub(super) const MANIFESTS: &str = "A manifest (--files-from) is a list of ids, one a line, where blank lines and lines \
that begin with # are skipped; JSON Lines or a JSON array of ids or of MAPs as for --file; or CSV with a column file_id, \
where chunking_strategy is one column and every other an attribute, typed as in KEY=VALUE, and none where the cell is empty.";
/// When `create` reads a body.
pub(super) const BODY: &str = "A YAML or JSON map on stdin is merged under the flags: vector_store_id, file_ids, files, \
attributes, chunking_strategy. It is read to its end where files are missing, else only if it is there at once. \
References in it are sent as text.";

const VALUES: [(&str, Part); 7] = [
    ("Maps", Prose(&[MAPS])),
    (
        "KEY=VALUE",
        Prose(&[
            PAIRS,
            "A key of other characters than letters, digits, `_`, `.` and `-` needs a map. --attributes may be given \
more than once: a later key wins, and --attributes null drops all that was given before.",
        ]),
    ),
    (
        "References",
        Prose(&[
            REFERENCES,
            "A file that cannot be read is an error where its name has `.` or `/` in it; else the text stays as it is. \
Ids, keys, and data from stdin, --body or a manifest are never looked through: such data may not be yours.",
        ]),
    ),
    (
        "Chunking strategies",
        Prose(&[
            "auto, static:MAX:OVERLAP, or a MAP with `type`. MAX is 100 to 4096 tokens, OVERLAP at most half of it.",
        ]),
    ),
    ("Manifests", Prose(&[MANIFESTS])),
    (
        "Numbers and durations",
        Prose(&[
            "Numbers are decimal, so that 010 is ten. A duration is 30, 30s, 500ms, 5m or 1h30m; a bare number is seconds.",
            "A value may begin with a dash (--file-id -x), a flag with an empty value is refused, and of a flag that \
is given twice the last counts, unless it is said to be repeatable. After `--` there are no flags.",
        ]),
    ),
    (
        "Globs",
        Prose(&[
            "--include and --exclude of `vsfb sync` take *, ?, [a-z], {md,txt} and **. A glob with a `/` in it is about \
the whole path, from the folder that is given; one without is about names, at any depth; one that ends in `/` is about \
folders.",
        ]),
    ),
];

const STDIN: [(&str, Part); 6] = [
    (
        "A body for create",
        Prose(&[
            BODY,
            "`create` looks for 10 ms where its flags name files. What comes later goes unused, and is told if it comes \
before the answer; --body - waits for the end.",
        ]),
    ),
    (
        "Ids for the others",
        Prose(&[
            "`retrieve`, `cancel` and `list-files` read a map with vector_store_id and batch_id, or a whole batch as \
`create` prints it, only where an id is missing. `wait` and `retry` read any number of batches, one after another, only \
where none is named. With all ids given stdin is left alone.",
            "Where something is missing and nothing has come for 2 s, a note says what is waited for.",
        ]),
    ),
    (
        "Said explicitly",
        Prose(&[
            "--body -, --files-from -, --paths-from - and \"@-\" in a map read to the end. Stdin has one reader: two \
of these are an error, and one of them means that no body is looked for.",
        ]),
    ),
    ("Never read", Prose(&["A terminal and the null device are nobody's input."])),
    (
        "Loops",
        Prose(&["In a loop that reads stdin `create` would take the rest of the list for its body; give it another:"]),
    ),
    (
        "Examples",
        Examples(&[
            "while read -r id; do vsfb create vs_abc123 --file-id \"$id\" </dev/null; done <ids.txt",
            "vsfb create vs_abc123 --file-id file-abc123 | vsfb retrieve",
            "echo '{\"file_ids\": [\"file-abc123\"]}' | vsfb create vs_abc123",
        ]),
    ),
];

const VARIABLES: [(&str, Part); 2] = [
    ("Environment", Entries(&ENVIRONMENT)),
    ("Which counts", Prose(&["A flag wins over its variable. An empty variable counts as unset."])),
];

const FORMATS: [(&str, Part); 5] = [
    (
        "Formats",
        Entries(&[
            ("auto", "a table on a terminal; JSON otherwise, and with --transform"),
            (
                "json",
                "indented JSON with keys, numbers and escapes as the service spells them; items follow one another",
            ),
            ("jsonl", "the same, one line each"),
            ("raw", "the body as it came; one page of a list"),
            ("yaml", "YAML; the items of a list are documents"),
            ("table", "one row a file or batch, with local times"),
            ("csv", "a row each with every column; times in seconds since 1970"),
            ("pretty", "a titled card for an object, a block per item in lists, for reading; local times"),
            ("explore", "an interactive viewer, on a terminal, unless TERM is dumb or CI is set"),
        ]),
    ),
    (
        "Which counts",
        Prose(&[
            "-o and --format in any case of letters, else VSFB_FORMAT, else auto. --format-error is the same for the \
service's error on stderr.",
        ]),
    ),
    (
        "A part of it",
        Prose(&[
            "--transform takes a GJSON path, such as id, file_counts.failed or last_error.message; in a list it is \
applied to each item. With -r strings have no quotes. What matches nothing prints nothing and exits 1; in a list such \
items are left out. Tables and CSV have no parts.",
        ]),
    ),
    (
        "Colours",
        Prose(&[
            "--color auto, always or never, else NO_COLOR, else FORCE_COLOR or CLICOLOR_FORCE, else TERM=dumb, else \
whether it is a terminal; stdout and stderr each for itself.",
        ]),
    ),
    (
        "Pager",
        Prose(&[
            "A list that is longer than the terminal is shown in VSFB_PAGER, else PAGER, else `less -FRX` if it is \
there. A pager needs a keyboard, on stdin or as /dev/tty. --no-pager shows the list without one, and so do TERM=dumb and \
the variable CI. Where LESS is unset a pager is given FRX as LESS.",
        ]),
    ),
];
