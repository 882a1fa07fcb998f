//! The names of the output formats.

/// How data is written. Any case is accepted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Format {
    /// A table on a terminal, JSON otherwise and for what `--transform` selects.
    #[default]
    Auto,
    /// Indented JSON.
    Json,
    /// One line of JSON a value.
    Jsonl,
    /// The body as it came.
    Raw,
    Yaml,
    /// File counts of a batch; one row a file in a list.
    Table,
    Csv,
    /// A card for one value, a block for each of a list.
    Pretty,
    /// An interactive view on a terminal, JSON elsewhere.
    Explore,
}

impl Format {
    /// The formats with their names, in the order of the help.
    const KNOWN: [(&'static str, Self); 9] = [
        ("auto", Self::Auto),
        ("json", Self::Json),
        ("jsonl", Self::Jsonl),
        ("raw", Self::Raw),
        ("yaml", Self::Yaml),
        ("table", Self::Table),
        ("csv", Self::Csv),
        ("pretty", Self::Pretty),
        ("explore", Self::Explore),
    ];

    /// The names, in the order of the help.
    pub(crate) fn names() -> [&'static str; 9] {
        Self::KNOWN.map(|(name, _)| name)
    }

    /// The format of that name in any case.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::KNOWN.into_iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, format)| format)
    }

    /// What stands between two values.
    pub(super) const fn separator(self) -> &'static str {
        match self {
            Self::Yaml => "---\n",
            Self::Pretty => "\n",
            _ => "",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Format;

    #[test]
    fn names_are_taken_in_any_case() {
        assert_eq!(Format::named("JSONL"), Some(Format::Jsonl));
        assert_eq!(Format::named("Csv"), Some(Format::Csv));
        assert_eq!(Format::named("explore"), Some(Format::Explore));
        assert_eq!(Format::named("xml"), None);
    }
}
