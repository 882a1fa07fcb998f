//! Wildcard patterns: `*` matches any run of characters, `?` any one character.

/// A pattern, compiled.
#[derive(Debug)]
pub(super) struct Pattern {
    glyphs: Vec<Glyph>,
}

#[derive(Debug, PartialEq, Eq)]
enum Glyph {
    Many,
    One,
    Exactly(char),
    /// What a backslash at the end stands for when no `*` precedes it.
    Nothing,
}

impl Pattern {
    /// The pattern that `text` spells. A backslash takes the next character literally.
    pub(super) fn new(text: &str) -> Self {
        let mut glyphs = Vec::new();
        let mut chars = text.chars();
        while let Some(character) = chars.next() {
            let glyph = match character {
                '*' if glyphs.last() == Some(&Glyph::Many) => continue,
                '*' => Glyph::Many,
                '?' => Glyph::One,
                '\\' => match chars.next() {
                    Some(escaped) => Glyph::Exactly(escaped),
                    None if glyphs.contains(&Glyph::Many) => Glyph::Exactly('\\'),
                    None => Glyph::Nothing,
                },
                _ => Glyph::Exactly(character),
            };
            glyphs.push(glyph);
        }
        Self { glyphs }
    }

    /// True if the pattern matches all of `text`. Takes at most the product of both lengths in steps.
    pub(super) fn matches(&self, text: &str) -> bool {
        let (mut glyphs, mut rest) = (self.glyphs.as_slice(), text.chars());
        // Where to go on when the glyphs after the last `*` do not match: only that star needs to be tried again.
        let mut retry = None;
        loop {
            if let Some((Glyph::Many, after)) = glyphs.split_first() {
                retry = Some((after, rest.clone()));
                glyphs = after;
                continue;
            }
            let mut ahead = rest.clone();
            let matched = match (glyphs.split_first(), ahead.next()) {
                (None, None) => return true,
                (Some((Glyph::One, after)), Some(_)) => Some(after),
                (Some((Glyph::Exactly(wanted), after)), Some(found)) if *wanted == found => Some(after),
                _ => None,
            };
            if let Some(after) = matched {
                (glyphs, rest) = (after, ahead);
                continue;
            }
            let Some((after, mut start)) = retry.take() else { return false };
            if start.next().is_none() {
                return false;
            }
            (glyphs, rest) = (after, start.clone());
            retry = Some((after, start));
        }
    }
}
