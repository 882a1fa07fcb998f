//! Whether a content is text as the service takes it, told piece by piece: UTF-8 (and so ASCII) or UTF-16, with a byte order
//! mark or without.

/// What has been seen of a content.
#[derive(Debug, Default)]
pub(super) struct TextCheck {
    /// None before the first piece.
    candidates: Option<Candidates>,
}

/// What the content may be. Without a mark and with a NUL, it may be either.
#[derive(Debug)]
struct Candidates {
    utf_8: Option<Utf8>,
    utf_16: Option<Utf16>,
}

impl TextCheck {
    /// Takes the next piece. The first one tells the encoding: by a mark, which is two bytes, or by zeros in it.
    pub(super) fn add(&mut self, piece: &[u8]) {
        let Candidates { utf_8, utf_16 } = self.candidates.get_or_insert_with(|| Candidates::of(piece));
        *utf_8 = utf_8.take().and_then(|state| state.after(piece));
        *utf_16 = utf_16.take().and_then(|state| state.after(piece));
    }

    /// Whether all of it was text.
    pub(super) fn is_text(&self) -> bool {
        self.candidates.as_ref().is_none_or(|Candidates { utf_8, utf_16 }| {
            utf_8.as_ref().is_some_and(|state| state.length == 0)
                || utf_16.as_ref().is_some_and(|state| state.half.is_none() && !state.is_high)
        })
    }
}

impl Candidates {
    fn of(first: &[u8]) -> Self {
        let utf_16 = |is_big| Some(Utf16 { is_big, half: None, is_high: false });
        match first {
            [0xff, 0xfe, ..] => Self { utf_8: None, utf_16: utf_16(false) },
            [0xfe, 0xff, ..] => Self { utf_8: None, utf_16: utf_16(true) },
            _ if first.contains(&0) => {
                // The zeros of Latin letters, spaces and line breaks are their first bytes in one order, else their second.
                let zeros = |odd| first.iter().skip(odd).step_by(2).filter(|byte| **byte == 0).count();
                Self { utf_8: Some(Utf8::default()), utf_16: utf_16(zeros(0) > zeros(1)) }
            }
            _ => Self { utf_8: Some(Utf8::default()), utf_16: None },
        }
    }
}

/// UTF-8 so far: the bytes of a character that is not complete.
#[derive(Debug, Default)]
struct Utf8 {
    bytes: [u8; 4],
    length: usize,
}

impl Utf8 {
    /// None if the text ends to be one.
    fn after(mut self, mut piece: &[u8]) -> Option<Self> {
        while self.length > 0 {
            let Some((byte, rest)) = piece.split_first() else { return Some(self) };
            piece = rest;
            *self.bytes.get_mut(self.length)? = *byte;
            self.length += 1;
            match std::str::from_utf8(self.bytes.get(..self.length)?) {
                Ok(_) => self.length = 0,
                Err(error) if error.error_len().is_some() => return None,
                Err(_) => {}
            }
        }
        let Err(error) = std::str::from_utf8(piece) else { return Some(self) };
        if error.error_len().is_some() {
            return None;
        }
        let rest = piece.get(error.valid_up_to()..)?;
        self.bytes.get_mut(..rest.len())?.copy_from_slice(rest);
        self.length = rest.len();
        Some(self)
    }
}

/// UTF-16 so far.
#[derive(Debug)]
struct Utf16 {
    is_big: bool,
    /// The first byte of a unit that is not complete.
    half: Option<u8>,
    /// Whether the last unit was the first of a pair.
    is_high: bool,
}

impl Utf16 {
    /// None if the text ends to be one.
    fn after(mut self, piece: &[u8]) -> Option<Self> {
        for byte in piece {
            let Some(first) = self.half.take() else {
                self.half = Some(*byte);
                continue;
            };
            let pair = [first, *byte];
            let unit = if self.is_big { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) };
            let is_low = (0xdc00..0xe000).contains(&unit);
            // A NUL is in no text, but in UTF-32 and in whatever else has many of them.
            if unit == 0 || is_low != self.is_high {
                return None;
            }
            self.is_high = (0xd800..0xdc00).contains(&unit);
        }
        Some(self)
    }
}

#[cfg(test)]
mod tests {
    use super::TextCheck;

    /// Whether it is text, however it is cut.
    fn is_text(content: &[u8]) -> bool {
        let whole = told(&[content]);
        // Without a mark, the zeros in the first piece tell.
        let least = if content.contains(&0) && content.first().is_some_and(|byte| *byte < 0xfe) { 8 } else { 2 };
        for cut in least..content.len() {
            let (one, other) = content.split_at(cut);
            assert_eq!(told(&[one, other]), whole, "{content:x?} cut at {cut}");
        }
        if let Some((first, rest)) = content.split_at_checked(least) {
            let bytes: Vec<&[u8]> = [first].into_iter().chain(rest.chunks(1)).collect();
            assert_eq!(told(&bytes), whole, "{content:x?} byte by byte");
        }
        whole
    }

    fn told(pieces: &[&[u8]]) -> bool {
        let mut check = TextCheck::default();
        for piece in pieces {
            check.add(piece);
        }
        check.is_text()
    }

    fn utf_16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(bytes).collect()
    }

    #[test]
    fn text_is_taken_in_each_encoding() {
        assert!(is_text(b""));
        assert!(is_text(b"a"));
        assert!(is_text(b"plain\r\n"));
        for text in ["na\u{ef}ve \u{20ac}\n", "\u{1f600} \u{65e5}\u{672c}\n", "\u{feff}marked \u{1f600}"] {
            assert!(is_text(text.as_bytes()), "{text}");
            assert!(is_text(&utf_16(text, u16::to_le_bytes)), "{text}");
            assert!(is_text(&utf_16(text, u16::to_be_bytes)), "{text}");
        }
        assert!(is_text(&utf_16("\u{feff}\u{65e5}\u{672c}", u16::to_le_bytes)), "the mark tells");
        assert!(is_text(b"a log with \0 in it"), "NUL is ASCII");
    }

    #[test]
    fn other_encodings_and_binaries_are_no_text() {
        assert!(!is_text(b"na\xefve"), "Latin-1");
        assert!(!is_text(b"na\xefve!"), "Latin-1 of an even length");
        assert!(!is_text(b"\xff\xfea"), "half a unit");
        assert!(!is_text(b"\xff\xfe\x00\xd8a\0"), "half a pair");
        assert!(!is_text(b"\xff\xfea\0\x00\xdc"), "the other half");
        assert!(!is_text(b"\xff\xfe\0\0a\0\0\0"), "UTF-32");
        assert!(!is_text("cut \u{20ac}".as_bytes().split_last().unwrap().1));
        assert!(!is_text(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01\0\0\0\x01\0\x08\x06"));
        assert!(!is_text(b"PK\x03\x04\x14\0\0\0\x08\0\xff\xd8"));
    }
}
