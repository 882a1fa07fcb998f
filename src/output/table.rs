//! Tables of file counts and of files, from values to text.

use comfy_table::{Attribute, Cell, CellAlignment, Color, ColumnConstraint, ContentArrangement, Table, Width, presets};
use unicode_width::UnicodeWidthStr;

use super::human;
use super::style::{Style, safe_line};
use crate::api::types::{FileBatch, Status, VectorStoreFile};

/// What a column shows where there is nothing to show.
const NOTHING: &str = "-";
/// Blanks between columns.
const GAP: u16 = 2;

/// A batch: what it is, then its file counts.
pub(super) fn batch(batch: &FileBatch, style: Style) -> String {
    let status = batch.status.as_ref();
    let facts = [
        ("batch", Cell::new(safe_line(&batch.id))),
        ("store", Cell::new(safe_line(batch.vector_store_id.as_deref().unwrap_or(NOTHING)))),
        ("status", status_cell(status)),
        ("created", Cell::new(batch.created_at.and_then(human::local_time).as_deref().unwrap_or(NOTHING))),
    ];
    let mut heading = plain_table(style);
    for (name, cell) in facts {
        heading.add_row(vec![Cell::new(name).add_attribute(Attribute::Bold), cell]);
    }
    let counts = &batch.file_counts;
    let columns = [
        ("completed", counts.completed, Some(Color::Green)),
        ("in progress", counts.in_progress, Some(Color::Yellow)),
        ("failed", counts.failed, Some(Color::Red)),
        ("cancelled", counts.cancelled, Some(Color::Magenta)),
        ("total", counts.total, None),
    ];
    let mut table = plain_table(style);
    table.set_header(columns.map(|(name, ..)| header_cell(name).set_alignment(CellAlignment::Right)));
    table.add_row(columns.map(|(_, count, color)| {
        let cell = Cell::new(count.map_or_else(|| NOTHING.to_owned(), |count| count.to_string()));
        let cell = cell.set_alignment(CellAlignment::Right);
        match color {
            Some(color) if count.is_some_and(|count| count > 0) => cell.fg(color),
            _ => cell,
        }
    }));
    format!("{}\n\n{}\n", trimmed(&heading), trimmed(&table))
}

/// A column of a list of files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    Id,
    Status,
    Usage,
    Created,
    ErrorCode,
    ErrorMessage,
    Attributes,
}

const COLUMNS: [Column; 7] = [
    Column::Id,
    Column::Status,
    Column::Usage,
    Column::Created,
    Column::ErrorCode,
    Column::ErrorMessage,
    Column::Attributes,
];

impl Column {
    const fn name(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Status => "status",
            Self::Usage => "usage",
            Self::Created => "created",
            Self::ErrorCode => "error",
            Self::ErrorMessage => "message",
            Self::Attributes => "attributes",
        }
    }

    /// How narrow the column may get, and when: those with the lowest number give way first.
    const fn yielding(self) -> (u8, u16) {
        match self {
            Self::ErrorMessage | Self::Attributes => (0, 12),
            Self::Created => (1, 10),
            Self::ErrorCode => (2, 8),
            Self::Usage | Self::Status => (4, 4),
            Self::Id => (3, 12),
        }
    }

    fn text(self, file: &VectorStoreFile) -> Option<String> {
        let error = file.last_error.as_ref();
        match self {
            Self::Id => Some(file.id.clone()),
            Self::Status => file.status.as_ref().map(ToString::to_string),
            Self::Usage => file.usage_bytes.map(human::bytes),
            Self::Created => file.created_at.and_then(human::local_time),
            Self::ErrorCode => error.and_then(|error| error.code.clone()),
            Self::ErrorMessage => error.and_then(|error| error.message.clone()),
            Self::Attributes => file.attributes.as_deref().and_then(attributes_text),
        }
    }
}

/// The attributes as `key=value` pairs; `None` where there are none.
fn attributes_text(json: &str) -> Option<String> {
    let members = crate::json::members(json)?;
    let pairs = members.iter().map(|(key, value)| {
        let text = serde_json::from_str::<String>(value).unwrap_or_else(|_| (*value).to_owned());
        format!("{key}={text}")
    });
    Some(pairs.collect::<Vec<_>>().join(" ")).filter(|text| !text.is_empty())
}

/// A list of files, laid out page by page: the first page decides columns and widths.
#[derive(Debug, Default)]
pub(super) struct FileTable {
    /// Columns with their widths, once there has been a page.
    layout: Option<Vec<(Column, u16)>>,
}

impl FileTable {
    /// The rows of one page, below the header if it is the first.
    pub(super) fn page(&mut self, files: &[VectorStoreFile], style: Style) -> String {
        let is_first = self.layout.is_none();
        let layout = self.layout.get_or_insert_with(|| lay_out(files, style.width));
        let mut table = plain_table(style);
        table.set_content_arrangement(ContentArrangement::Dynamic);
        if is_first {
            table.set_header(layout.iter().map(|(column, _)| header_cell(column.name())).collect::<Vec<_>>());
        }
        for file in files {
            table.add_row(layout.iter().map(|(column, _)| file_cell(*column, file)).collect::<Vec<_>>());
        }
        table.set_constraints(
            layout.iter().map(|(_, width)| ColumnConstraint::Absolute(Width::Fixed(width.saturating_add(GAP)))),
        );
        format!("{}\n", trimmed(&table))
    }
}

fn file_cell(column: Column, file: &VectorStoreFile) -> Cell {
    match column {
        Column::Status => status_cell(file.status.as_ref()),
        Column::Usage => Cell::new(column.text(file).as_deref().unwrap_or(NOTHING)).set_alignment(CellAlignment::Right),
        _ => Cell::new(safe_line(column.text(file).as_deref().unwrap_or(NOTHING))),
    }
}

/// Which columns a page fills and how wide they are within `available` columns of the terminal.
fn lay_out(files: &[VectorStoreFile], available: Option<u16>) -> Vec<(Column, u16)> {
    let width = |column: Column| {
        let texts = files.iter().filter_map(|file| column.text(file));
        let widest = texts.map(|text| safe_line(&text).width()).max()?;
        Some((column, u16::try_from(widest.max(column.name().len())).unwrap_or(u16::MAX - GAP)))
    };
    let mut layout: Vec<_> = COLUMNS.into_iter().filter_map(width).collect();
    if let Some(available) = available {
        let gaps = GAP.saturating_mul(u16::try_from(layout.len().saturating_sub(1)).unwrap_or_default());
        fit(&mut layout, available.saturating_sub(gaps));
    }
    layout
}

/// The turn in which every column gives what it can: the terminal is narrower than any layout.
const LAST_TURN: u8 = 5;

/// Narrows columns, the most yielding first and the widest among equals, until they fit.
fn fit(layout: &mut [(Column, u16)], available: u16) {
    for turn in 0..=LAST_TURN {
        loop {
            let total: u32 = layout.iter().map(|(_, width)| u32::from(*width)).sum();
            if total <= u32::from(available) {
                return;
            }
            let yields = |(column, width): &&mut (Column, u16)| {
                let (order, narrowest) = column.yielding();
                (order == turn && *width > narrowest) || (turn == LAST_TURN && *width > 1)
            };
            let Some((_, width)) = layout.iter_mut().filter(yields).max_by_key(|(_, width)| *width) else { break };
            *width -= 1;
        }
    }
}

fn header_cell(name: &str) -> Cell {
    Cell::new(name).add_attribute(Attribute::Bold)
}

fn status_cell(status: Option<&Status>) -> Cell {
    let cell =
        Cell::new(status.map_or_else(|| NOTHING.to_owned(), |status| safe_line(&status.to_string()).into_owned()));
    match status {
        Some(Status::Completed) => cell.fg(Color::Green),
        Some(Status::InProgress) => cell.fg(Color::Yellow),
        Some(Status::Failed) => cell.fg(Color::Red),
        Some(Status::Cancelled) => cell.fg(Color::Magenta),
        Some(Status::Unknown(_)) | None => cell,
    }
}

/// A table without lines, columns set apart by blanks.
fn plain_table(style: Style) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).force_no_tty();
    if style.colour {
        table.enforce_styling();
    }
    table
}

/// The table's text without the padding at the ends of lines.
fn trimmed(table: &Table) -> String {
    let mut table = table.clone();
    for column in table.column_iter_mut() {
        column.set_padding((0, GAP));
    }
    table.lines().map(|line| line.trim_end().to_owned()).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::{Column, FileTable, Style, batch, fit};
    use crate::api::types::{FileBatch, VectorStoreFile};

    const BATCH: &str = r#"{"id":"vsfb_abc123","object":"vector_store.file_batch","created_at":0,
        "vector_store_id":"vs_abc123","status":"in_progress",
        "file_counts":{"in_progress":1,"completed":12,"failed":0,"cancelled":0,"total":13}}"#;

    fn file(id: &str, rest: &str) -> VectorStoreFile {
        VectorStoreFile::read(&format!(r#"{{"id":"{id}","object":"vector_store.file"{rest}}}"#)).unwrap()
    }

    #[test]
    fn a_batch_is_its_facts_and_its_counts() {
        let expected = "\
batch    vsfb_abc123
store    vs_abc123
status   in_progress
created  -

completed  in progress  failed  cancelled  total
       12            1       0          0     13
";
        assert_eq!(batch(&FileBatch::read(BATCH).unwrap(), Style::default()), expected);
    }

    #[test]
    fn colour_marks_the_state_and_counts_above_zero() {
        let text = batch(&FileBatch::read(BATCH).unwrap(), Style { colour: true, ..Style::default() });
        assert!(text.contains("\u{1b}[38;5;11m"), "{text:?}");
        assert!(!text.contains("\u{1b}[38;5;9m"), "no file has failed: {text:?}");
    }

    #[test]
    fn the_first_page_decides_the_columns_and_the_header_stands_once() {
        let mut table = FileTable::default();
        let first = [file("file-1", r#","status":"completed","usage_bytes":1234"#), file("file-22", "")];
        let expected = "id       status     usage\nfile-1   completed  1.2 kB\nfile-22  -               -\n";
        assert_eq!(table.page(&first, Style::default()), expected);
        let second = [file("file-3", r#","status":"failed","last_error":{"code":"server_error","message":"late"}"#)];
        assert_eq!(table.page(&second, Style::default()), "file-3   failed          -\n");
    }

    #[test]
    fn a_page_fits_the_terminal() {
        let error = r#","status":"failed","usage_bytes":0,"created_at":1699061776,"attributes":{"team":"red","year":2024},
            "last_error":{"code":"unsupported_file","message":"The file type is not supported by this vector store."}"#;
        for width in [120, 80, 60, 30] {
            let style = Style { width: Some(width), terminal: true, ..Style::default() };
            let page = FileTable::default().page(&[file("file-abcdefghijklmnopqrstuv", error)], style);
            let widest = page.lines().map(|line| line.chars().count()).max().unwrap();
            assert!(widest <= usize::from(width), "{width}:\n{page}");
            assert!(width < 80 || page.contains("team=red"), "{page}");
        }
    }

    #[test]
    fn ids_give_way_after_prose() {
        let mut layout = [(Column::Id, 30), (Column::Status, 9), (Column::ErrorMessage, 60)];
        fit(&mut layout, 60);
        assert_eq!(layout, [(Column::Id, 30), (Column::Status, 9), (Column::ErrorMessage, 21)]);
        fit(&mut layout, 40);
        assert_eq!(layout, [(Column::Id, 19), (Column::Status, 9), (Column::ErrorMessage, 12)]);
    }

    #[test]
    fn text_of_the_service_cannot_steer_the_terminal() {
        let page = FileTable::default().page(&[file("file-\\u001b[2J", "")], Style::default());
        assert_eq!(page, "id\nfile-\\u001b[2J\n");
    }
}
