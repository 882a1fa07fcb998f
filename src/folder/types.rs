//! The types of files that the service takes.
//!
//! Source: the service's description of file search, August 2026.

/// The extensions, and whether such files are text.
const TYPES: [(&str, bool); 21] = [
    ("c", true),
    ("cpp", true),
    ("cs", true),
    ("css", true),
    ("doc", false),
    ("docx", false),
    ("go", true),
    ("html", true),
    ("java", true),
    ("js", true),
    ("json", true),
    ("md", true),
    ("pdf", false),
    ("php", true),
    ("pptx", false),
    ("py", true),
    ("rb", true),
    ("sh", true),
    ("tex", true),
    ("ts", true),
    ("txt", true),
];

/// How a file is sent.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Sent {
    pub(super) filename: String,
    pub(super) is_text: bool,
}

/// How a file of this name is sent: with its extension in lower case, as the service takes it. With `as_text`, what the
/// service does not know is text.
///
/// # Errors
/// The extension, in lower case, where the service does not take it; empty where there is none.
pub(super) fn sent(name: &str, as_text: bool) -> Result<Sent, String> {
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    let extension = extension.to_ascii_lowercase();
    match TYPES.iter().find(|(known, _)| *known == extension) {
        Some((_, is_text)) => Ok(Sent { filename: format!("{stem}.{extension}"), is_text: *is_text }),
        None if as_text => Ok(Sent { filename: format!("{name}.txt"), is_text: true }),
        None => Err(extension),
    }
}

#[cfg(test)]
mod tests {
    use super::{Sent, sent};

    fn told(name: &str, as_text: bool) -> String {
        match sent(name, as_text) {
            Ok(Sent { filename, is_text }) => format!("{filename} {is_text}"),
            Err(extension) => format!("!{extension}"),
        }
    }

    #[test]
    fn a_name_is_sent_with_its_extension_in_lower_case() {
        for (name, as_sent) in [
            ("a.md", "a.md true"),
            ("Report.PDF", "Report.pdf false"),
            ("a.tar.Json", "a.tar.json true"),
            ("a.docX", "a.docx false"),
            (".md", ".md true"),
            ("a.rs", "!rs"),
            ("a.RS", "!rs"),
            ("Makefile", "!"),
            ("a.", "!"),
        ] {
            assert_eq!(told(name, false), as_sent, "{name}");
        }
    }

    #[test]
    fn what_is_unknown_may_be_sent_as_text() {
        for (name, as_sent) in [
            ("a.rs", "a.rs.txt true"),
            ("Makefile", "Makefile.txt true"),
            ("a.PDF", "a.pdf false"),
            (".gitignore", ".gitignore.txt true"),
        ] {
            assert_eq!(told(name, true), as_sent, "{name}");
        }
    }
}
