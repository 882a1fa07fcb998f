//! The state of the explorer as a screen; pure.

use std::borrow::Cow;

use ratatui_core::buffer::Buffer;
use ratatui_core::layout::Rect;
use ratatui_core::style::{Color, Style};
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use super::level::Level;
use super::model::{Explorer, Feeding, Goal};
use super::page::Page;
use super::row::Row;
use crate::output::style::Paint;
use crate::prose::lines;

/// Keys and ids are cut here, so that something is seen of what follows.
const WIDEST_KEY: usize = 40;
const KEYS: &str = "? help  q quit  enter open  left back  / find  f filter  r raw  y copy  p print";
const PAGE_KEYS: &str = "q quit  esc back  up down  left right";

/// Lines for values on a screen of this size. A title takes one where there are three, and the footer what it needs.
pub(super) fn lines_of(explorer: &Explorer, (width, height): (u16, u16)) -> usize {
    let footer = footer(explorer, (width, height)).len();
    usize::from(height).saturating_sub(footer + usize::from(height > 2))
}

/// Draws everything onto an empty screen.
pub(super) fn draw(explorer: &Explorer, buffer: &mut Buffer) {
    let size = (buffer.area().width, buffer.area().height);
    let mut canvas = Canvas { buffer, colour: explorer.style.colour };
    let first = u16::from(size.1 > 2);
    if first > 0 {
        canvas.line(0, &title(explorer, usize::from(size.0)), Style::new().bold());
    }
    let footer = footer(explorer, size);
    let lines = usize::from(size.1).saturating_sub(footer.len() + usize::from(first));
    match &explorer.page {
        Some(page) => canvas.page(page, first, lines),
        None => canvas.level(explorer, first, lines),
    }
    canvas.footer(explorer, &footer);
}

/// What it is, and how much of it is there.
fn title(explorer: &Explorer, width: usize) -> String {
    let level = explorer.level();
    let mut place = format!("{}/{}", (level.selected + 1).min(level.shown.len()), level.shown.len());
    if explorer.is_at_list() {
        if explorer.filter().is_some() {
            place.push_str(&format!(" of {}", level.rows.len()));
        }
        place.push_str(match explorer.feeding {
            Feeding::More => ", more follow",
            Feeding::Loading => ", loading",
            Feeding::Complete if explorer.failure.is_some() => ", broken off",
            Feeding::Complete => "",
        });
    }
    let mut facts = vec![place];
    facts.extend(explorer.filter().filter(|_| explorer.is_at_list()).map(|status| format!("only {status}")));
    if !explorer.search.is_empty() {
        facts.push(format!("/{}", explorer.style.readable(&explorer.search)));
    }
    let facts = facts.join("  ");
    let mut titles: Vec<_> = explorer.titles().collect();
    titles.extend(explorer.page.as_ref().map(|page| page.title));
    format!("{}  {facts}", path(&titles, width.saturating_sub(facts.width() + 2)))
}

/// Titles on so many columns: the innermost says most, and of it the beginning.
fn path(titles: &[&str], width: usize) -> String {
    let mut text = titles.join(" > ");
    for first in 1..titles.len() {
        if text.width() <= width {
            break;
        }
        text = format!("... > {}", titles.get(first..).unwrap_or_default().join(" > "));
    }
    if text.width() <= width {
        return text;
    }
    let mut taken = 3;
    let end = text.char_indices().find(|(_, character)| {
        taken += character.width().unwrap_or_default();
        taken > width
    });
    let end = end.map_or(text.len(), |(index, _)| index);
    format!("{}...", text.get(..end).unwrap_or_default())
}

/// As much of a text's end as has room.
fn end_of(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let room = width.saturating_sub(3);
    let mut taken = 0;
    let end = text.char_indices().rev().take_while(|(_, character)| {
        taken += character.width().unwrap_or_default();
        taken <= room
    });
    let start = end.last().map_or(text.len(), |(index, _)| index);
    format!("...{}", text.get(start..).unwrap_or_default())
}

/// What is being typed, what goes on, what there is to say, or the keys; of a screen of more than a line, its last.
fn footer(explorer: &Explorer, (width, height): (u16, u16)) -> Vec<String> {
    let width = usize::from(width);
    if height < 2 {
        return Vec::new();
    }
    vec![if let Some(typing) = &explorer.typing {
        end_of(&format!("/{}", explorer.style.readable(&typing.text)), width.saturating_sub(1))
    } else if let Some(goal) = explorer.goal {
        let what = if goal == Goal::End { "to the end" } else { "searching" };
        format!("{what}: {} so far; any key stops", explorer.root.rows.len())
    } else if let Some(notice) = &explorer.notice {
        explorer.style.readable(notice).into_owned()
    } else if let Some(failure) = &explorer.failure {
        let most = usize::from(height / 3).max(1);
        let failure = explorer.style.readable(failure);
        return lines(&failure, width).into_iter().take(most).map(Cow::into_owned).collect();
    } else {
        (if explorer.page.is_some() { PAGE_KEYS } else { KEYS }).to_owned()
    }]
}

/// A screen that is drawn on.
struct Canvas<'a> {
    buffer: &'a mut Buffer,
    colour: bool,
}

impl Canvas<'_> {
    fn line(&mut self, y: u16, text: &str, style: Style) {
        self.at((0, y), (text, usize::MAX), style);
    }

    /// Writes at most so many columns, and says where they end.
    fn at(&mut self, (x, y): (u16, u16), (text, width): (&str, usize), style: Style) -> u16 {
        if x >= self.buffer.area().width || y >= self.buffer.area().height {
            return x;
        }
        self.buffer.set_stringn(x, y, text, width, style).0
    }

    fn style(&self, paint: Option<Paint>) -> Style {
        match paint.filter(|_| self.colour).and_then(Paint::colour) {
            Some(colour) => Style::new().fg(Color::Indexed(colour)),
            None => Style::new(),
        }
    }

    fn level(&mut self, explorer: &Explorer, first: u16, lines: usize) {
        let level = explorer.level();
        if level.shown.is_empty() {
            let nothing = match explorer.feeding {
                Feeding::Complete if explorer.failure.is_some() => "nothing could be loaded",
                Feeding::Complete => "nothing",
                _ if explorer.is_at_list() => "loading",
                _ => "nothing",
            };
            return self.line(first, nothing, Style::new());
        }
        for (y, place) in (first..).zip(level.top..).take(lines) {
            let Some(row) = level.row(place) else { return };
            let end = self.row(row, level, y);
            if place == level.selected {
                self.at((0, y), (">", 1), Style::new());
                // No further than the text: over a slow link each turned cell has its price.
                let area = Rect::new(0, y, end.max(1), 1).intersection(*self.buffer.area());
                self.buffer.set_style(area, Style::new().reversed());
            }
        }
    }

    /// Draws a line and says where it ends.
    fn row(&mut self, row: &Row, level: &Level, y: u16) -> u16 {
        let mut end = 0;
        let mut x = 2;
        if !row.key.is_empty() {
            // Something of each value is to be seen.
            let width = level.key_width.min(WIDEST_KEY).min(usize::from(self.buffer.area().width) / 2);
            self.at((x, y), (&row.key, width), self.style(Some(Paint::Key)).bold());
            x += columns(width) + 2;
        }
        let last = row.cells.len().saturating_sub(1);
        for (index, cell) in row.cells.iter().enumerate() {
            let width = level.cell_widths.get(index).copied().unwrap_or_default().min(WIDEST_KEY);
            let style = self.style(cell.paint);
            let room = if index == last { usize::MAX } else { width };
            end = self.at((x, y), (&cell.text, room), style);
            x += columns(width) + 2;
        }
        end
    }

    fn page(&mut self, page: &Page, first: u16, lines: usize) {
        for (y, line) in (first..).zip(page.lines.iter().skip(page.top).take(lines)) {
            let start = line.char_indices().nth(page.left).map_or(line.len(), |(index, _)| index);
            self.line(y, line.get(start..).unwrap_or_default(), Style::new());
        }
    }

    fn footer(&mut self, explorer: &Explorer, lines: &[String]) {
        let says_nothing = explorer.typing.is_none() && explorer.goal.is_none() && explorer.notice.is_none();
        let style = match &explorer.failure {
            Some(_) if says_nothing => self.style(Some(Paint::Error)),
            None if says_nothing => Style::new().dim(),
            _ => Style::new(),
        };
        let first = usize::from(self.buffer.area().height).saturating_sub(lines.len());
        for (y, line) in (columns(first)..).zip(lines) {
            let x = self.at((0, y), (line, usize::MAX), style);
            if explorer.typing.is_some() {
                self.at((x, y), (" ", 1), Style::new().reversed());
            }
        }
    }
}

/// A number of columns or lines, which is no larger than a screen.
fn columns(width: usize) -> u16 {
    u16::try_from(width).unwrap_or(u16::MAX)
}
