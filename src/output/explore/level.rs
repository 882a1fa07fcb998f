//! What is open: an object, a list, or the items of a list that may still be growing. One line of it is selected.

use unicode_width::UnicodeWidthStr as _;

use super::row::Row;
use crate::json::{elements, members};
use crate::output::style::Style;

/// The lines of one value.
#[derive(Debug, Default)]
pub(super) struct Level {
    /// What it is, made readable.
    pub(super) title: String,
    pub(super) rows: Vec<Row>,
    /// Those of the rows that the filter leaves, in order.
    pub(super) shown: Vec<usize>,
    /// The place among the shown.
    pub(super) selected: usize,
    /// The first that is on the screen.
    pub(super) top: usize,
    /// Columns of the longest key.
    pub(super) key_width: usize,
    /// Columns of the longest text in each cell.
    pub(super) cell_widths: Vec<usize>,
    /// How the terminal is written to.
    style: Style,
}

impl Level {
    /// An empty one, whose texts are made readable on this terminal.
    pub(super) fn new(title: &str, style: Style) -> Self {
        Self { title: style.readable(title).into_owned(), style, ..Self::default() }
    }

    /// The members or elements of a value; none for a value without any.
    pub(super) fn of(title: &str, json: &str, style: Style) -> Option<Self> {
        let mut level = Self::new(title, style);
        if let Some(members) = members(json) {
            for (key, value) in &members {
                level.push(Row::value(key, value), None);
            }
        } else {
            let elements = elements(json)?;
            for (index, value) in elements.into_iter().enumerate() {
                level.push(Row::value(&index.to_string(), value), None);
            }
        }
        Some(level)
    }

    /// Adds a line, which is shown if it is in this state.
    pub(super) fn push(&mut self, row: Row, status: Option<&str>) {
        let row = row.readable(self.style);
        self.key_width = self.key_width.max(row.key.width());
        self.cell_widths.resize(self.cell_widths.len().max(row.cells.len()), 0);
        if row.cells.len() > 1 {
            for (width, cell) in self.cell_widths.iter_mut().zip(&row.cells) {
                *width = cell.width().max(*width);
            }
        }
        if is_in(&row, status) {
            self.shown.push(self.rows.len());
        }
        self.rows.push(row);
    }

    /// Shows only what is in this state. What was selected stays so if it is still there.
    pub(super) fn filter(&mut self, status: Option<&str>) {
        let selected = self.shown.get(self.selected).copied().unwrap_or_default();
        let rows = self.rows.iter().enumerate();
        self.shown = rows.filter(|(_, row)| is_in(row, status)).map(|(index, _)| index).collect();
        let place = self.shown.iter().position(|index| *index >= selected);
        self.selected = place.unwrap_or(self.shown.len().saturating_sub(1));
    }

    /// The shown line at this place.
    pub(super) fn row(&self, place: usize) -> Option<&Row> {
        self.rows.get(*self.shown.get(place)?)
    }

    /// What is selected; nothing where nothing is shown.
    pub(super) fn selection(&self) -> Option<&Row> {
        self.row(self.selected)
    }

    /// Selects this place or the last.
    pub(super) fn select(&mut self, place: usize) {
        self.selected = place.min(self.shown.len().saturating_sub(1));
    }

    /// Moves the screen of so many lines so that the selection is on it.
    pub(super) fn scroll(&mut self, lines: usize) {
        self.top = self.top.min(self.selected).max((self.selected + 1).saturating_sub(lines));
        // No lines stay empty while there are others above.
        self.top = self.top.min(self.shown.len().saturating_sub(lines));
    }

    /// The first of these places that has this text, in lower case.
    pub(super) fn find(&self, text: &str, mut places: impl Iterator<Item = usize>) -> Option<usize> {
        places.find(|place| self.row(*place).is_some_and(|row| row.has(text)))
    }

    /// The states that occur, each once: those of `first` in its order, then the others as they come.
    pub(super) fn states(&self, first: &[&str]) -> Vec<&str> {
        let mut states: Vec<&str> = Vec::new();
        for state in self.rows.iter().filter_map(|row| row.status.as_deref()) {
            if !states.contains(&state) {
                states.push(state);
            }
        }
        states.sort_by_key(|state| first.iter().position(|known| known == state).unwrap_or(first.len()));
        states
    }
}

fn is_in(row: &Row, status: Option<&str>) -> bool {
    status.is_none_or(|status| row.status.as_deref() == Some(status))
}

#[cfg(test)]
mod tests {
    use super::{Level, Row, Style};

    fn list(statuses: &[&str]) -> Level {
        let mut level = Level::new("list", Style::default());
        for (index, status) in statuses.iter().enumerate() {
            level.push(Row::item(format!(r#"{{"id":"f{index}","status":"{status}"}}"#)), None);
        }
        level
    }

    #[test]
    fn members_keep_their_order_and_repeated_keys() {
        let level = Level::of("x", r#"{"b":1,"@this":[2],"b":{"c":3}}"#, Style::default()).unwrap();
        let rows: Vec<_> = level.rows.iter().map(|row| (row.key.as_str(), row.json.as_str())).collect();
        assert_eq!(rows, [("b", "1"), ("@this", "[2]"), ("b", r#"{"c":3}"#)]);
        assert_eq!(level.key_width, 5);
        let level = Level::of("x", "[7,8]", Style::default()).unwrap();
        assert_eq!(level.rows.iter().map(|row| row.key.as_str()).collect::<Vec<_>>(), ["0", "1"]);
        assert!(Level::of("x", "\"text\"", Style::default()).is_none());
    }

    #[test]
    fn a_filter_keeps_the_selection_near() {
        let mut level = list(&["completed", "failed", "completed", "failed"]);
        level.select(2);
        level.filter(Some("failed"));
        assert_eq!((level.shown.clone(), level.selected), (vec![1, 3], 1));
        level.filter(Some("cancelled"));
        assert_eq!((level.shown.len(), level.selection().is_none()), (0, true));
        level.filter(None);
        assert_eq!(level.shown.len(), 4);
    }

    #[test]
    fn the_selection_is_on_the_screen() {
        let mut level = list(&["x"; 10]);
        level.select(7);
        level.scroll(3);
        assert_eq!(level.top, 5);
        level.select(2);
        level.scroll(3);
        assert_eq!(level.top, 2);
        level.select(99);
        level.scroll(20);
        assert_eq!((level.selected, level.top), (9, 0));
        level.scroll(0);
        assert_eq!(level.top, 10);
    }

    #[test]
    fn a_search_is_in_the_order_of_the_places() {
        let level = list(&["a", "b", "a"]);
        assert_eq!(level.find("f1", 0..3), Some(1));
        assert_eq!(level.find("f1", 2..9), None);
        assert_eq!(level.find("status", (0..3).rev()), Some(2));
    }

    #[test]
    fn states_are_those_that_occur() {
        let level = list(&["ok", "failed", "warning", "ok", "completed"]);
        assert_eq!(level.states(&["completed", "failed", "cancelled"]), ["completed", "failed", "ok", "warning"]);
    }
}
