//! What is typed: the bytes of a terminal's keyboard as keys.

/// A key, or one with the control key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Key {
    Char(char),
    Ctrl(char),
    Up,
    Down,
    Left,
    Right,
    PageUp,
    PageDown,
    Home,
    End,
    Enter,
    Backspace,
    Escape,
}

const ESCAPE: u8 = 0x1b;
/// No key's bytes are as many.
const LONGEST: usize = 32;

/// Nor is what a terminal says of itself.
const LONGEST_REPORT: usize = 4096;

/// Makes keys of bytes, which may come in pieces: a slow link cuts an arrow key in two.
#[derive(Debug, Default)]
pub(super) struct Decoder {
    pending: Vec<u8>,
}

impl Decoder {
    /// The keys that are complete with these bytes.
    pub(super) fn keys(&mut self, bytes: &[u8]) -> Vec<Key> {
        self.pending.extend_from_slice(bytes);
        let (mut keys, mut done) = (Vec::new(), 0);
        while let Some((key, length)) = self.pending.get(done..).and_then(first) {
            keys.extend(key);
            done += length;
        }
        self.pending.drain(..done);
        keys
    }

    /// Whether bytes are there that do not make a key yet.
    pub(super) fn is_waiting(&self) -> bool {
        !self.pending.is_empty()
    }

    /// What these bytes are if no more belong to them: the escape key sends what others begin with, and nothing else. A key that
    /// was cut off is none.
    pub(super) fn settle(&mut self) -> Option<Key> {
        let is_escape = self.pending == [ESCAPE];
        self.pending.clear();
        is_escape.then_some(Key::Escape)
    }
}

/// The first key and its length; no key where the bytes mean nothing here, nothing where more have to come.
fn first(bytes: &[u8]) -> Option<(Option<Key>, usize)> {
    match *bytes {
        [] | [ESCAPE] | [ESCAPE, b'O'] => None,
        [ESCAPE, b'O', last, ..] => Some((named(&[], last), 3)),
        [ESCAPE, b'[', ref rest @ ..] => match rest.iter().position(|byte| (0x40..=0x7e).contains(byte)) {
            Some(end) => {
                let last = rest.get(end).copied().unwrap_or_default();
                Some((named(rest.get(..end).unwrap_or_default(), last), end + 3))
            }
            None if bytes.len() > LONGEST => Some((None, bytes.len())),
            None => None,
        },
        // What a terminal says of itself: its colours, its name.
        [ESCAPE, b']' | b'P' | b'_' | b'^', ref rest @ ..] => {
            let bell = rest.iter().position(|byte| *byte == 0x07).map(|end| end + 3);
            let ended = rest.windows(2).position(|pair| pair == [ESCAPE, b'\\']).map(|end| end + 4);
            let end = bell.into_iter().chain(ended).min();
            end.or((bytes.len() > LONGEST_REPORT).then_some(bytes.len())).map(|end| (None, end))
        }
        [ESCAPE, ..] => Some((Some(Key::Escape), 1)),
        [b'\r' | b'\n', ..] => Some((Some(Key::Enter), 1)),
        [0x08 | 0x7f, ..] => Some((Some(Key::Backspace), 1)),
        [byte @ 1..=26, ..] => Some((Some(Key::Ctrl(char::from(b'a' + byte - 1))), 1)),
        [byte, ..] if byte < b' ' => Some((None, 1)),
        [byte, ..] => {
            let length = match byte {
                0xc2..=0xdf => 2,
                0xe0..=0xef => 3,
                0xf0..=0xf4 => 4,
                _ => 1,
            };
            let text = std::str::from_utf8(bytes.get(..length)?).ok();
            let character = text.and_then(|text| text.chars().next());
            Some((character.map(Key::Char), if character.is_some() { length } else { 1 }))
        }
    }
}

/// The key of a control sequence, by its parameters and its last byte.
fn named(parameters: &[u8], last: u8) -> Option<Key> {
    Some(match (last, parameters) {
        (b'A', _) => Key::Up,
        (b'B', _) => Key::Down,
        (b'C', _) => Key::Right,
        (b'D', _) => Key::Left,
        (b'H', _) | (b'~', b"1" | b"7") => Key::Home,
        (b'F', _) | (b'~', b"4" | b"8") => Key::End,
        (b'~', b"5") => Key::PageUp,
        (b'~', b"6") => Key::PageDown,
        (b'M', b"") => Key::Enter,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::{Decoder, Key};

    #[test]
    fn keys_are_known_in_the_spellings_of_terminals() {
        let cases: [(&[u8], &[Key]); 13] = [
            (b"jG/", &[Key::Char('j'), Key::Char('G'), Key::Char('/')]),
            (b"\x1b[A\x1bOB\x1b[1;5C\x1b[D", &[Key::Up, Key::Down, Key::Right, Key::Left]),
            (b"\x1b[H\x1b[1~\x1bOF\x1b[4~", &[Key::Home, Key::Home, Key::End, Key::End]),
            (b"\x1b[5~\x1b[6~", &[Key::PageUp, Key::PageDown]),
            (b"\r\n", &[Key::Enter, Key::Enter]),
            (b"\x7f\x08", &[Key::Backspace, Key::Backspace]),
            (b"\x03\x06", &[Key::Ctrl('c'), Key::Ctrl('f')]),
            ("é日".as_bytes(), &[Key::Char('é'), Key::Char('日')]),
            (b"\x1bq", &[Key::Escape, Key::Char('q')]),
            (b"\x1b\x1b[A", &[Key::Escape, Key::Up]),
            (b"\x1b[200~\x1b[<1;2;3M\x00j", &[Key::Char('j')]),
            (b"\x1b]11;rgb:0000/0000/0000\x07j\x1bP1$r0m\x1b\\k", &[Key::Char('j'), Key::Char('k')]),
            (b"\xff\xc3j", &[Key::Char('j')]),
        ];
        for (bytes, keys) in cases {
            assert_eq!(Decoder::default().keys(bytes), keys, "{bytes:?}");
        }
    }

    #[test]
    fn a_key_may_come_in_pieces() {
        let mut decoder = Decoder::default();
        for piece in [b"\x1b" as &[u8], b"[", b"6"] {
            assert_eq!(decoder.keys(piece), []);
            assert!(decoder.is_waiting());
        }
        assert_eq!(decoder.keys(b"~"), [Key::PageDown]);
        assert!(!decoder.is_waiting());
        assert_eq!(decoder.keys("日".as_bytes().get(..2).unwrap()), []);
        assert_eq!(decoder.keys("日".as_bytes().get(2..).unwrap()), [Key::Char('日')]);
    }

    #[test]
    fn what_stays_alone_is_the_escape_key() {
        let mut decoder = Decoder::default();
        assert_eq!(decoder.keys(b"\x1b"), []);
        assert_eq!(decoder.settle(), Some(Key::Escape));
        for cut in [b"\x1b[" as &[u8], b"\x1bO", b"\x1b[1;5"] {
            assert_eq!(decoder.keys(cut), []);
            assert_eq!(decoder.settle(), None, "{cut:?}");
            assert!(!decoder.is_waiting());
        }
        assert_eq!(decoder.keys(b"\xe6"), []);
        for cut in [b"\x1b[" as &[u8], b"\x1bO", b"\x1b[1;5"] {
            assert_eq!(decoder.keys(cut), []);
            assert_eq!(decoder.settle(), None, "{cut:?}");
            assert!(!decoder.is_waiting());
        }
        assert_eq!(decoder.keys(b"q"), [Key::Char('q')]);
    }

    #[test]
    fn a_sequence_without_end_is_dropped() {
        let mut decoder = Decoder::default();
        let endless = [b"\x1b[" as &[u8], &[b'1'; 100]].concat();
        assert_eq!(decoder.keys(&endless), []);
        assert_eq!(decoder.keys(b"q"), [Key::Char('q')]);
    }
}
