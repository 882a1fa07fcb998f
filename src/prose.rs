//! Text for people, wrapped to lines of so many columns.

use std::borrow::Cow;

use textwrap::{Options, WordSeparator, WordSplitter, WrapAlgorithm};

/// Names with what they mean, one below the other.
pub(crate) fn entries<Text: AsRef<str>>(rows: &[(Text, Text)], columns: usize) -> String {
    let widest = rows.iter().map(|(name, _)| name.as_ref().len()).max().unwrap_or_default();
    let place = widest + 4;
    let is_narrow = place * 2 > columns;
    let entry = |(name, text): &(Text, Text)| {
        let (name, text) = (name.as_ref(), text.as_ref());
        if is_narrow {
            return format!("  {name}\n{}", wrapped(text, 6, columns));
        }
        let text = wrapped(text, place, columns);
        format!("  {name:widest$}  {}", text.trim_start())
    };
    rows.iter().map(entry).collect::<Vec<_>>().join("\n")
}

/// The text in lines of so many columns, each indented; a longer word has a line of its own.
pub(crate) fn wrapped(text: &str, indentation: usize, columns: usize) -> String {
    let indent = " ".repeat(indentation);
    textwrap::fill(text, options(columns).initial_indent(&indent).subsequent_indent(&indent).break_words(false))
}

/// The text in lines of so many columns, which is at least one; a longer word is broken.
pub(crate) fn lines(text: &str, columns: usize) -> Vec<Cow<'_, str>> {
    textwrap::wrap(text, options(columns.max(1)))
}

/// Lines end at blanks alone, each as late as it can.
fn options<'a>(columns: usize) -> Options<'a> {
    Options::new(columns)
        .wrap_algorithm(WrapAlgorithm::FirstFit)
        .word_separator(WordSeparator::AsciiSpace)
        .word_splitter(WordSplitter::NoHyphenation)
}

#[cfg(test)]
mod tests {
    use super::{entries, wrapped};

    #[test]
    fn names_stand_beside_their_meanings_where_there_is_room() {
        let rows = [("a", "one two three"), ("long", "four")];
        assert_eq!(entries(&rows, usize::MAX), "  a     one two three\n  long  four");
        assert_eq!(entries(&rows, 16), "  a     one two\n        three\n  long  four");
        assert_eq!(entries(&rows, 14), "  a\n      one two\n      three\n  long\n      four");
    }

    #[test]
    fn text_is_wrapped_at_blanks() {
        assert_eq!(wrapped("one two three", 2, 9), "  one two\n  three");
        assert_eq!(wrapped("one incompre-hensible", 0, 5), "one\nincompre-hensible");
    }

    #[test]
    fn columns_are_those_of_the_terminal() {
        assert_eq!(wrapped("日本 ab", 0, 6), "日本\nab");
    }
}
