//! What a manifest is written in.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

/// A format of `--files-from`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ManifestFormat {
    /// A file id a line.
    Ids,
    /// A file id as a JSON string, or an element of `files`, a line.
    Jsonl,
    /// One array of the same.
    Json,
    /// A column `file_id`, perhaps `chunking_strategy`, and a column for each attribute.
    Csv,
}

impl ManifestFormat {
    /// The formats with their names, in the order of the help.
    const KNOWN: [(&'static str, Self); 4] =
        [("ids", Self::Ids), ("jsonl", Self::Jsonl), ("json", Self::Json), ("csv", Self::Csv)];

    /// The names, in the order of the help.
    pub(crate) fn names() -> [&'static str; 4] {
        Self::KNOWN.map(|(name, _)| name)
    }

    /// The format of that name in any case.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::KNOWN.into_iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, format)| format)
    }

    /// What the end of a file's name says.
    pub(super) fn by_name(path: &str) -> Option<Self> {
        let extension = Path::new(path).extension()?.to_str()?.to_ascii_lowercase();
        match extension.as_str() {
            "txt" => Some(Self::Ids),
            "ndjson" => Some(Self::Jsonl),
            other => Self::named(other),
        }
    }

    /// What the first line says that is neither blank nor a comment. `text` may end within it.
    pub(super) fn by_text(text: &[u8]) -> Self {
        let lines = text.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
        let first = lines.into_iter().find(|line| !line.is_empty() && !line.starts_with(b"#")).unwrap_or_default();
        let has_column = |line: &[u8]| line.split(|byte| b",;\t\"".contains(byte)).any(|name| name == b"file_id");
        match first.first() {
            Some(b'[') => Self::Json,
            Some(b'{') => Self::Jsonl,
            _ if first.contains(&b',') || has_column(first) => Self::Csv,
            Some(b'"') => Self::Jsonl,
            _ => Self::Ids,
        }
    }
}

/// Enough of a file to see what it is.
pub(super) fn beginning(file: &File) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.take(64 * 1024).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::ManifestFormat::{self, Csv, Ids, Json, Jsonl};

    #[test]
    fn a_name_says_the_format() {
        let cases = [
            ("a.txt", Some(Ids)),
            ("a.ids", Some(Ids)),
            ("/x.csv/a.JSONL", Some(Jsonl)),
            ("a.ndjson", Some(Jsonl)),
            ("a.json", Some(Json)),
            ("a.b.csv", Some(Csv)),
            ("a.yaml", None),
            ("csv", None),
            (".csv", None),
        ];
        for (path, format) in cases {
            assert_eq!(ManifestFormat::by_name(path), format, "{path}");
        }
    }

    #[test]
    fn a_first_line_says_the_format() {
        let cases = [
            ("", Ids),
            ("file-a\nfile-b", Ids),
            ("\n# {\n file-a\n", Ids),
            ("\"file-a\"\n\"file-b\"", Jsonl),
            ("{\"file_id\": \"a\", \"x\": 1}", Jsonl),
            ("\r\n [\r\n\"file-a\"", Json),
            ("file_id,team\n", Csv),
            ("file_id\n", Csv),
            ("\"team\",\"file_id\"\n", Csv),
            ("\"file_id\"\n", Csv),
            ("team;file_id\n", Csv),
            ("id,team\n", Csv),
        ];
        for (text, format) in cases {
            assert_eq!(ManifestFormat::by_text(text.as_bytes()), format, "{text}");
        }
    }

    #[test]
    fn formats_are_named_in_any_case() {
        assert_eq!(ManifestFormat::named("CSV"), Some(Csv));
        assert_eq!(ManifestFormat::named("yaml"), None);
        assert_eq!(ManifestFormat::names(), ["ids", "jsonl", "json", "csv"]);
    }
}
