//! Screens as the bytes that make them of the screen before: over a slow link only what has changed is sent.

use ratatui_core::buffer::{Buffer, Cell};
use ratatui_core::layout::Rect;
use ratatui_core::style::{Color, Modifier};

/// What is on the terminal.
pub(super) struct Screen {
    shown: Buffer,
    /// Whether the terminal shows something else, such as what a resize has left of it.
    is_stale: bool,
}

/// No mark that a person reads is longer; a letter may have accents without end.
const LONGEST_SYMBOL: usize = 64;

impl Screen {
    pub(super) fn new((width, height): (u16, u16)) -> Self {
        Self { shown: Buffer::empty(Rect::new(0, 0, width, height)), is_stale: true }
    }

    /// An empty screen to draw on.
    pub(super) fn blank(&self) -> Buffer {
        Buffer::empty(*self.shown.area())
    }

    /// What to write so that the terminal shows `next`.
    pub(super) fn bytes(&mut self, next: Buffer) -> Vec<u8> {
        let mut text = String::new();
        if self.is_stale {
            self.shown.reset();
            self.is_stale = false;
            text.push_str("\x1b[0m\x1b[2J");
        }
        let mut style = String::new();
        let mut place = None;
        for (x, y, cell) in self.shown.diff_iter(&next) {
            if place != Some((x, y)) {
                text.push_str(&format!("\x1b[{};{}H", y + 1, x + 1));
            }
            let wanted = rendition(cell);
            if wanted != style {
                text.push_str(&wanted);
                style = wanted;
            }
            let symbol = symbol(cell);
            text.push_str(symbol);
            // Terminals disagree about the width of what is not ASCII.
            place = symbol.is_ascii().then_some((x + 1, y));
        }
        if !style.is_empty() {
            text.push_str("\x1b[0m");
        }
        self.shown = next;
        text.into_bytes()
    }
}

fn symbol(cell: &Cell) -> &str {
    let symbol = cell.symbol();
    if symbol.len() <= LONGEST_SYMBOL { symbol } else { "?" }
}

/// The colours and so on of a cell, whatever they were before.
fn rendition(cell: &Cell) -> String {
    let mut text = "\x1b[0".to_owned();
    for (modifier, code) in [(Modifier::BOLD, ";1"), (Modifier::DIM, ";2"), (Modifier::REVERSED, ";7")] {
        if cell.modifier.contains(modifier) {
            text.push_str(code);
        }
    }
    if let Color::Indexed(colour) = cell.fg {
        text.push_str(&format!(";3{colour}"));
    }
    text.push('m');
    text
}

#[cfg(test)]
mod tests {
    use ratatui_core::style::{Color, Style};

    use super::Screen;

    fn text(screen: &mut Screen, lines: &[&str], style: Style) -> String {
        let mut next = screen.blank();
        for (row, line) in (0..).zip(lines) {
            next.set_string(0, row, line, style);
        }
        String::from_utf8(screen.bytes(next)).unwrap()
    }

    #[test]
    fn only_what_changed_is_sent() {
        let mut screen = Screen::new((8, 2));
        let first = text(&mut screen, &["one", "two"], Style::new());
        assert_eq!(first, "\x1b[0m\x1b[2J\x1b[1;1H\x1b[0mone\x1b[2;1Htwo\x1b[0m");
        assert_eq!(text(&mut screen, &["one", "two"], Style::new()), "");
        assert_eq!(text(&mut screen, &["one", "tWo"], Style::new()), "\x1b[2;2H\x1b[0mW\x1b[0m");
    }

    #[test]
    fn the_place_after_anything_but_ascii_is_given() {
        let mut screen = Screen::new((8, 1));
        let first = text(&mut screen, &["日xé!"], Style::new());
        assert!(first.ends_with("\x1b[1;1H\x1b[0m日\x1b[1;3Hxé\x1b[1;5H!\x1b[0m"), "{first:?}");
    }

    #[test]
    fn a_letter_with_accents_without_end_is_not_sent() {
        let mut screen = Screen::new((8, 1));
        let sent = text(&mut screen, &[&("e".to_owned() + &"\u{301}".repeat(10_000))], Style::new());
        assert!(sent.len() < 100, "{}", sent.len());
    }

    #[test]
    fn colours_are_sent_where_they_are_drawn() {
        let mut screen = Screen::new((8, 1));
        let sent = text(&mut screen, &["no"], Style::new().fg(Color::Indexed(1)).bold());
        assert!(sent.ends_with("\x1b[0;1;31mno\x1b[0m"), "{sent:?}");
    }
}
