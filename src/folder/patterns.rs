//! Patterns for paths, as in `.gitignore` and in `--include` and `--exclude`.

use fast_glob::{glob_match, validate};

use crate::input::UsageError;

/// Patterns of which the last that matches decides.
#[derive(Debug, Default)]
pub(super) struct Patterns(Vec<Pattern>);

#[derive(Debug)]
struct Pattern {
    /// What a path begins with, character by character.
    literal: String,
    /// What the rest of it matches.
    glob: String,
    /// Whether a match takes back what an earlier pattern says.
    is_negated: bool,
    only_folders: bool,
    /// Whether the whole path is to match, not the name alone.
    is_anchored: bool,
}

/// What is more than itself in a pattern of git's.
const SPECIAL: [char; 4] = ['*', '?', '[', '\\'];

/// What braces are in a pattern.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Braces {
    /// As git has it.
    Plain,
    /// `{md,txt}`
    Choice,
}

impl Patterns {
    /// Those of a `.gitignore`. What git cannot read matches nothing.
    pub(super) fn of_file(content: &[u8]) -> Self {
        let text = String::from_utf8_lossy(content);
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        Self(text.split('\n').filter_map(|line| Pattern::of_line(line.strip_suffix('\r').unwrap_or(line))).collect())
    }

    /// Those of a flag, which may have choices in braces and takes nothing back. As in git, `?` and a class are one byte.
    ///
    /// # Errors
    /// When one of them has a bracket that is not closed, or matches nothing at all.
    pub(super) fn of_flag(globs: &[String], flag: &str) -> Result<Self, UsageError> {
        let pattern = |glob: &String| {
            let pattern = Pattern::new(glob, Braces::Choice);
            let pattern = pattern
                .ok_or_else(|| "it matches nothing".to_owned())
                .and_then(|pattern| validate(&pattern.glob).map_err(|error| error.to_string()).map(|()| pattern));
            pattern.map_err(|reason| UsageError::new(format!("{flag} {glob}: not a pattern: {reason}")))
        };
        globs.iter().map(pattern).collect::<Result<_, _>>().map(Self)
    }

    /// Adds others, which decide first.
    pub(super) fn append(&mut self, mut others: Self) {
        self.0.append(&mut others.0);
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What the patterns say of a path: whether it is one of theirs; none where no pattern matches. It is relative to where
    /// they stand.
    pub(super) fn decide(&self, path: &str, is_folder: bool) -> Option<bool> {
        let last = self.0.iter().rev().find(|pattern| pattern.matches(path, is_folder));
        last.map(|pattern| !pattern.is_negated)
    }
}

impl Pattern {
    fn of_line(line: &str) -> Option<Self> {
        let line = without_trailing_spaces(line);
        match line.strip_prefix('!') {
            _ if line.starts_with('#') => None,
            Some(rest) => Some(Self { is_negated: true, ..Self::new(rest, Braces::Plain)? }),
            None => Self::new(line, Braces::Plain),
        }
        .filter(|pattern| validate(&pattern.glob).is_ok())
    }

    /// None for one that matches nothing.
    fn new(text: &str, braces: Braces) -> Option<Self> {
        let (text, only_folders) = text.strip_suffix('/').map_or((text, false), |text| (text, true));
        let is_anchored = text.contains('/');
        let text = text.strip_prefix('/').unwrap_or(text);
        // Git compares what stands before the first special character by itself, and so takes `d**/a` for `d` and `**/a`.
        let is_split = is_anchored && braces == Braces::Plain;
        let (literal, rest) = text.split_at(if is_split { text.find(SPECIAL).unwrap_or(text.len()) } else { 0 });
        let glob = translated(rest, braces)?;
        let literal = literal.to_owned();
        (!text.is_empty()).then_some(Self { literal, glob, is_negated: false, only_folders, is_anchored })
    }

    fn matches(&self, path: &str, is_folder: bool) -> bool {
        let name = if self.is_anchored { path } else { path.rsplit('/').next().unwrap_or(path) };
        let matches = |rest| glob_match(&self.glob, rest);
        (is_folder || !self.only_folders) && name.strip_prefix(&self.literal).is_some_and(matches)
    }
}

/// Spaces at the end do not count unless a backslash stands before them.
fn without_trailing_spaces(line: &str) -> &str {
    let text = line.trim_end_matches(' ');
    let backslashes = text.len() - text.trim_end_matches('\\').len();
    if backslashes % 2 == 1 && text.len() < line.len() { line.get(..=text.len()).unwrap_or(line) } else { text }
}

/// Git's classes by their names.
const CLASSES: [(&str, &str); 12] = [
    ("[:alnum:]", "a-zA-Z0-9"),
    ("[:alpha:]", "a-zA-Z"),
    ("[:blank:]", " \t"),
    ("[:cntrl:]", "\x01-\x1f\x7f"),
    ("[:digit:]", "0-9"),
    ("[:graph:]", "\\!-~"),
    ("[:lower:]", "a-z"),
    ("[:print:]", " -~"),
    ("[:punct:]", "\\!-/:-@\\[-`{-~"),
    ("[:space:]", " \t-\r"),
    ("[:upper:]", "A-Z"),
    ("[:xdigit:]", "0-9a-fA-F"),
];

/// A pattern of git's in the words of `fast_glob`. None where it ends within a class or behind a backslash, or
/// has a class of an unknown name.
fn translated(text: &str, braces: Braces) -> Option<String> {
    let mut glob = String::with_capacity(text.len() + 2);
    // A mark of negation to `fast_glob`, and a plain character here.
    if text.starts_with('!') {
        glob.push('\\');
    }
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        rest = match character {
            '*' => stars(rest, braces, &mut glob),
            '[' => class(rest, &mut glob)?,
            _ => plain(rest, braces, &mut glob)?,
        };
    }
    Some(glob)
}

/// Moves a run of stars out of `text`. Two or more are special only where they have a whole name's place.
fn stars<'a>(text: &'a str, braces: Braces, glob: &mut String) -> &'a str {
    let rest = text.trim_start_matches('*');
    let is_choice = |bounds: &[char], character: Option<char>| {
        braces == Braces::Choice && character.is_some_and(|character| bounds.contains(&character))
    };
    let is_begin = glob.is_empty() || glob.ends_with('/') || is_choice(&['{', ','], glob.chars().next_back());
    let is_end = rest.is_empty() || rest.starts_with('/') || is_choice(&['}', ','], rest.chars().next());
    glob.push_str(if text.len() - rest.len() > 1 && is_begin && is_end { "**" } else { "*" });
    rest
}

/// Moves one character out of `text`, with the backslash that may stand before it.
fn plain<'a>(text: &'a str, braces: Braces, glob: &mut String) -> Option<&'a str> {
    let mut characters = text.chars();
    match characters.next()? {
        '\\' => escaped(characters.next()?, glob),
        brace @ ('{' | '}') if braces == Braces::Plain => escaped(brace, glob),
        other => glob.push(other),
    }
    Some(characters.as_str())
}

/// Behind a backslash, `fast_glob` takes some letters for control characters.
fn escaped(character: char, glob: &mut String) {
    if !character.is_ascii_alphanumeric() {
        glob.push('\\');
    }
    glob.push(character);
}

/// Whether this begins as one of git's classes does, with a name that git does not know.
fn is_unknown_class(text: &str) -> bool {
    let name = text.strip_prefix("[:").and_then(|text| text.split_once(']'));
    name.is_some_and(|(name, _)| name.ends_with(':'))
}

/// Takes a member of a class out of `text`, without the backslash that may stand before it.
fn member(text: &mut &str) -> Option<char> {
    let mut characters = text.strip_prefix('\\').unwrap_or(text).chars();
    let member = characters.next()?;
    *text = characters.as_str();
    Some(member)
}

/// Moves a class out of `text`, which begins with its bracket.
fn class<'a>(text: &'a str, glob: &mut String) -> Option<&'a str> {
    let mut rest = text.strip_prefix('[')?;
    glob.push('[');
    if let Some(members) = rest.strip_prefix(['!', '^']) {
        glob.push('!');
        rest = members;
    }
    let begin = rest;
    loop {
        if let Some(behind) = rest.strip_prefix(']').filter(|_| rest.len() < begin.len()) {
            glob.push(']');
            return Some(behind);
        }
        if let Some((name, members)) = CLASSES.iter().find(|(name, _)| rest.starts_with(name)) {
            glob.push_str(members);
            rest = rest.get(name.len()..)?;
            continue;
        }
        if is_unknown_class(rest) {
            return None;
        }
        let first = member(&mut rest)?;
        escaped(first, glob);
        if let Some(mut behind) = rest.strip_prefix('-').filter(|behind| !behind.starts_with(']')) {
            let last = member(&mut behind)?;
            // A range that runs backwards has its first member only.
            if first <= last {
                glob.push('-');
                escaped(last, glob);
            }
            rest = behind;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Patterns;

    /// Whether a line of `.gitignore` matches; `/` behind a path makes it a folder.
    fn is_match(line: &str, path: &str) -> bool {
        let (path, is_folder) = path.strip_suffix('/').map_or((path, false), |path| (path, true));
        Patterns::of_file(line.as_bytes()).decide(path, is_folder) == Some(true)
    }

    /// Lines with paths that they match, and with others.
    fn assert_matches(cases: &[(&str, &[&str], &[&str])]) {
        for (line, matching, others) in cases {
            for path in *matching {
                assert!(is_match(line, path), "{line:?} does not match {path:?}");
            }
            for path in *others {
                assert!(!is_match(line, path), "{line:?} matches {path:?}");
            }
        }
    }

    #[test]
    fn a_line_means_what_it_means_to_git() {
        assert_matches(&[
            ("*.md", &["a.md", "d/a.md", ".md"], &["a.mdx", "a"]),
            ("/a", &["a", "a/"], &["d/a"]),
            ("d/a", &["d/a"], &["x/d/a"]),
            ("d/", &["d/", "x/d/"], &["d"]),
            ("d/*", &["d/a", "d/b/"], &["d/b/a", "d/"]),
            ("**/a", &["a", "x/a", "x/y/a"], &["ab"]),
            ("d/**", &["d/a", "d/b/a"], &["d/", "d"]),
            ("d/**/a", &["d/a", "d/x/a", "d/x/y/a"], &["da"]),
            ("****/a", &["a", "x/y/a"], &["b"]),
            ("x/a**b", &["x/ab", "x/a.b"], &["x/a/b"]),
            ("?**/**", &["ab/c"], &["ab"]),
            ("**/**", &["a", "a/b"], &[]),
            ("d**/a", &["d/a", "da", "dx/y/a"], &["xd/a", "d/x"]),
            ("/d**", &["d", "dx", "dx/a"], &["x/d"]),
            ("d/a\\b*", &["d/ab", "d/abc"], &["d/a\\b"]),
            ("{a,b}", &["{a,b}"], &["a", "b"]),
            ("\\!a", &["!a"], &["a"]),
            ("/!a", &["!a"], &["a"]),
            ("\\#a", &["#a"], &["a"]),
            ("\\n\\*", &["n*"], &["n", "\n*", "nx"]),
            ("a ", &["a"], &["a "]),
            ("a\\ ", &["a "], &["a"]),
            ("a\\  ", &["a "], &["a", "a  "]),
            ("a\\\\ ", &["a\\"], &["a\\ "]),
            ("a\t", &["a\t"], &["a"]),
            (" a", &[" a"], &["a"]),
            ("a/ ", &["a/"], &["a"]),
            ("a \r", &["a"], &["a "]),
            (" # a", &[" # a"], &["a"]),
            ("a\r", &["a"], &[]),
            ("\u{feff}a", &["a"], &[]),
            ("a\\", &[], &["a", "a\\"]),
            ("# a", &[], &["# a", "a"]),
            ("", &[], &["a"]),
        ]);
    }

    #[test]
    fn a_class_means_what_it_means_to_git() {
        assert_matches(&[
            ("[a-c]x", &["ax", "cx"], &["dx", "x"]),
            ("[!a-c]x", &["dx"], &["ax"]),
            ("[]x]", &["]", "x"], &["a"]),
            ("[c-a]", &["c"], &["a", "b", "-"]),
            ("[[:upper:]_]", &["A", "_"], &["a", ":"]),
            ("[a-c-e]", &["b", "-", "e"], &["d"]),
            ("[[:alpha:]-]", &["a", "-"], &[":", "["]),
            ("[[:alpha]", &["[", ":", "h"], &["b", "]"]),
            ("[![:alphabet:]]", &[], &["a", "!", ":]"]),
            ("[!a]", &["b"], &["a", "/"]),
            ("??", &["ab", "\u{e9}"], &["a", "abc"]),
            ("[\u{e9}]", &[], &["\u{e9}"]),
            ("[a", &[], &["a", "[a"]),
        ]);
    }

    #[test]
    fn the_last_line_decides() {
        let patterns = Patterns::of_file(b"*.log\n!keep.log\n!/x\n");
        assert_eq!(patterns.decide("a.log", false), Some(true));
        assert_eq!(patterns.decide("d/keep.log", false), Some(false));
        assert_eq!(patterns.decide("a.md", false), None);
        let patterns = Patterns::of_file(b"\xef\xbb\xbf!a\r\n\r\n# b\r\n!!c\r\nd\r\n");
        assert_eq!(
            ["a", "!c", "d", "# b"].map(|path| patterns.decide(path, false)),
            [Some(false), Some(false), Some(true), None]
        );
    }
}
