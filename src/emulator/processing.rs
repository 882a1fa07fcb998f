//! What becomes of a file when it is processed: the caller chooses it by the file's id or name.

use std::time::Duration;

use super::Millis;

/// How the processing of a file ends unless it is cancelled before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    Completed,
    UnsupportedFile,
    InvalidFile,
    ServerError,
}

impl Ending {
    /// The `last_error` of a file that ends so.
    pub(crate) const fn error(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::Completed => None,
            Self::UnsupportedFile => Some(("unsupported_file", "The type of the file is not supported.")),
            Self::InvalidFile => Some(("invalid_file", "The file is empty or cannot be parsed.")),
            Self::ServerError => Some(("server_error", "An internal error occurred while the file was processed.")),
        }
    }
}

/// How many times as long as others a slow file takes.
const SLOWNESS: u32 = 10;

/// The words in an id or a file name that decide, the first that is found counting, and what they do.
const WORDS: [(&str, Ending, &str); 3] = [
    ("fail-unsupported", Ending::UnsupportedFile, "the file ends failed, code unsupported_file"),
    ("fail-invalid", Ending::InvalidFile, "the file ends failed, code invalid_file"),
    ("fail-server", Ending::ServerError, "the file ends failed, code server_error"),
];

/// The word in an id or a file name that makes processing take [`SLOWNESS`] times as long.
const SLOW: &str = "slow";

/// Everything about a file that decides what becomes of it, and what that is.
pub(crate) fn table() -> impl Iterator<Item = (&'static str, &'static str)> {
    let by_traits = [
        (SLOW, "the file takes ten times as long"),
        ("(an empty file)", "the file ends failed, code invalid_file"),
        ("(an extension that the service does not take)", "the request is refused, code unsupported_file"),
    ];
    WORDS.iter().map(|(word, _, text)| (*word, *text)).chain(by_traits)
}

/// The extensions that the service takes
/// ([its documentation](https://platform.openai.com/docs/assistants/tools/file-search#supported-files)), in lower case
/// as it takes them.
const EXTENSIONS: [&str; 21] = [
    "c", "cpp", "cs", "css", "doc", "docx", "go", "html", "java", "js", "json", "md", "pdf", "php", "pptx", "py", "rb",
    "sh", "tex", "ts", "txt",
];

/// What the future of a file is made from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FileTraits<'a> {
    pub(crate) id: &'a str,
    /// The name it was uploaded under; for a file that was never uploaded, its id.
    pub(crate) filename: &'a str,
    pub(crate) bytes: u64,
}

impl FileTraits<'_> {
    fn has(&self, word: &str) -> bool {
        self.id.contains(word) || self.filename.contains(word)
    }

    /// How processing it ends.
    pub(crate) fn ending(&self) -> Ending {
        let by_word = WORDS.iter().find(|(word, ..)| self.has(word)).map(|(_, ending, _)| *ending);
        by_word.unwrap_or(if self.bytes == 0 { Ending::InvalidFile } else { Ending::Completed })
    }

    /// How long processing it takes, where others take `file_time`; in milliseconds.
    pub(crate) fn time(&self, file_time: Duration) -> Millis {
        let time = if self.has(SLOW) { file_time.saturating_mul(SLOWNESS) } else { file_time };
        Millis::try_from(time.as_millis()).unwrap_or(Millis::MAX)
    }

    /// The extension for which the service does not take it, if it has one of those. Made-up ids have none.
    pub(crate) fn refused_extension(&self) -> Option<&str> {
        let extension = match self.filename.rsplit_once('.') {
            Some((_, extension)) => extension,
            None if self.filename == self.id => return None,
            None => "",
        };
        (!EXTENSIONS.contains(&extension)).then_some(extension)
    }
}

/// When each of the files that take `times` ends, if `parallel` of them are processed at once from `start` on and the
/// next begins where one ends.
pub(crate) fn schedule(start: Millis, times: &[Millis], parallel: usize) -> Vec<Millis> {
    use std::cmp::Reverse;
    use std::collections::BinaryHeap;
    let mut free = BinaryHeap::new();
    let end_of = |time: &Millis| {
        let begin = if free.len() < parallel { start } else { free.pop().map_or(start, |Reverse(end)| end) };
        let end = begin.saturating_add(*time);
        free.push(Reverse(end));
        end
    };
    times.iter().map(end_of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn traits<'a>(id: &'a str, filename: &'a str) -> FileTraits<'a> {
        FileTraits { id, filename, bytes: 1 }
    }

    #[test]
    fn id_or_name_decides_how_a_file_ends() {
        for (id, name, ending) in [
            ("file-a", "file-a", Ending::Completed),
            ("file-fail-unsupported-1", "file-fail-unsupported-1", Ending::UnsupportedFile),
            ("file-a", "fail-invalid.md", Ending::InvalidFile),
            ("file-a", "x/fail-server.md", Ending::ServerError),
        ] {
            assert_eq!(traits(id, name).ending(), ending, "{id} {name}");
        }
        assert_eq!(FileTraits { bytes: 0, ..traits("file-a", "a.md") }.ending(), Ending::InvalidFile);
    }

    #[test]
    fn slow_files_take_ten_times_as_long() {
        let time = Duration::from_millis(200);
        assert_eq!(traits("file-a", "a.md").time(time), 200);
        assert_eq!(traits("file-slow", "a.md").time(time), 2000);
        assert_eq!(traits("file-a", "slow.md").time(Duration::MAX), Millis::MAX);
    }

    #[test]
    fn extensions_are_taken_in_lower_case_only() {
        for (name, refused) in
            [("a.md", None), ("a.tar.json", None), ("a.PDF", Some("PDF")), ("a.exe", Some("exe")), ("a", Some(""))]
        {
            assert_eq!(traits("file-a", name).refused_extension(), refused, "{name}");
        }
        assert_eq!(traits("file-a", "file-a").refused_extension(), None, "a made-up id has no name");
        assert_eq!(traits("file-a.exe", "file-a.exe").refused_extension(), Some("exe"));
    }

    #[test]
    fn so_many_files_as_asked_for_are_processed_at_once() {
        assert_eq!(schedule(1000, &[200, 200, 200, 200, 200], 2), [1200, 1200, 1400, 1400, 1600]);
        assert_eq!(schedule(1000, &[2000, 200, 200, 200], 2), [3000, 1200, 1400, 1600]);
        assert_eq!(schedule(0, &[0, 0], 1), [0, 0]);
        assert_eq!(schedule(5, &[Millis::MAX, 1], 1), [Millis::MAX, Millis::MAX]);
    }
}
