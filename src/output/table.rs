//! Tables of file counts and of files, from values to text.

mod records;

pub(super) use records::{checked, journaled, planned, synced};

use comfy_table::{Attribute, Cell, CellAlignment, Color, ColumnConstraint, ContentArrangement, Table, Width, presets};
use unicode_width::UnicodeWidthStr;

use super::failures::FailedFile;
use super::human::{self, NOTHING};
use super::style::{Paint, Style, safe_line};
use crate::api::types::{FileBatch, FileCounts, Status, VectorStoreFile};

/// How many characters of a text are shown; the other formats have all of it.
const LONGEST_CELL: usize = 1000;
/// Blanks between columns.
const GAP: u16 = 2;

/// A batch: what it is, then its file counts.
pub(super) fn batch(batch: &FileBatch, style: Style) -> String {
    let status = batch.status.as_ref();
    let facts = [
        ("batch", Cell::new(shown(&batch.id))),
        ("store", Cell::new(shown(batch.vector_store_id.as_deref().unwrap_or(NOTHING)))),
        ("status", status_cell(status)),
        ("created", Cell::new(batch.created_at.and_then(human::local_time).as_deref().unwrap_or(NOTHING))),
    ];
    let mut heading = plain_table(style);
    for (name, cell) in facts {
        heading.add_row(vec![header_cell(name), cell]);
    }
    let counts = count_cells(&batch.file_counts);
    let names = counts.iter().map(|(name, _)| u16::try_from(name.len()).unwrap_or(u16::MAX));
    let mut table = plain_table(style);
    if style.width.is_some_and(|width| u32::from(width) < total(names)) {
        for (name, cell) in counts {
            table.add_row(vec![header_cell(name), cell]);
        }
    } else {
        table.set_header(counts.iter().map(|(name, _)| header_cell(name).set_alignment(CellAlignment::Right)));
        table.add_row(counts.map(|(_, cell)| cell));
    }
    format!("{}\n\n{}\n", trimmed(&mut heading), trimmed(&mut table))
}

/// The counts by name; those above zero in the colour of their state.
fn count_cells(counts: &FileCounts) -> [(&'static str, Cell); 5] {
    let columns = [
        ("completed", counts.completed, Some(Status::Completed)),
        ("in progress", counts.in_progress, Some(Status::InProgress)),
        ("failed", counts.failed, Some(Status::Failed)),
        ("cancelled", counts.cancelled, Some(Status::Cancelled)),
        ("total", counts.total, None),
    ];
    columns.map(|(name, count, status)| {
        let cell = Cell::new(count.map_or_else(|| NOTHING.to_owned(), |count| count.to_string()));
        let status = status.filter(|_| count.is_some_and(|count| count > 0));
        (name, coloured(cell, status.as_ref()).set_alignment(CellAlignment::Right))
    })
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

    /// How narrow the column may get before it moves below the row. Ids and states stay whole, to be read and copied.
    const fn least_in_row(self) -> u16 {
        match self {
            Self::ErrorMessage => 30,
            Self::Attributes => 20,
            _ => u16::MAX,
        }
    }

    /// Whether the terminal may be too narrow for it.
    const fn may_stand_below(self) -> bool {
        matches!(self, Self::ErrorCode | Self::ErrorMessage | Self::Attributes)
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
    /// Set by the first page.
    layout: Option<Layout>,
}

/// What stands where.
#[derive(Debug, PartialEq, Eq)]
struct Layout {
    /// The columns with their widths.
    columns: Vec<(Column, u16)>,
    /// What is written below a row, because the terminal has no room for it in the row.
    below: Vec<Column>,
}

impl FileTable {
    /// The rows of one page, below the header if it is the first.
    pub(super) fn page(&mut self, files: &[VectorStoreFile], style: Style) -> String {
        let is_first = self.layout.is_none();
        let layout = self.layout.get_or_insert_with(|| lay_out(files, style.width));
        if layout.below.is_empty() {
            return format!("{}\n", rows(layout, is_first, files, style));
        }
        let mut text = String::new();
        for (index, file) in files.iter().enumerate() {
            let row = rows(layout, is_first && index == 0, std::slice::from_ref(file), style);
            text.push_str(&format!("{row}\n"));
            text.push_str(&details(&layout.below, file, style));
        }
        text
    }
}

/// Files that failed: error code, id, line of the manifest where one is known, message. Where the terminal is too narrow
/// for that, the reasons stand below the ids.
pub(super) fn failures(files: &[FailedFile], style: Style) -> String {
    let has_lines = files.iter().any(|failed| failed.line.is_some());
    let line_of = |line: Option<u64>| line.map_or_else(|| NOTHING.to_owned(), |line| line.to_string());
    let names = ["error", "id", "line", "message"].into_iter().filter(|name| has_lines || *name != "line");
    let mut table = plain_table(style);
    table.set_header(names.map(header_cell)).set_content_arrangement(ContentArrangement::Dynamic);
    let mut widest = 0;
    for FailedFile { line, file } in files {
        let line = has_lines.then(|| Cell::new(line_of(*line)).set_alignment(CellAlignment::Right));
        let [code, id, message] =
            [Column::ErrorCode, Column::Id, Column::ErrorMessage].map(|column| file_cell(column, file));
        widest = widest.max(code.content().width() + id.content().width());
        table.add_row([code, id].into_iter().chain(line).chain([message]).collect::<Vec<_>>());
    }
    let least = u16::try_from(widest).unwrap_or(u16::MAX).saturating_add(Column::ErrorMessage.least_in_row());
    if style.width.is_none_or(|width| least.saturating_add(4 * GAP) <= width) {
        let fixed = table.column_count().saturating_sub(1);
        table.set_width(style.width.unwrap_or(u16::MAX)).set_constraints(vec![ColumnConstraint::ContentWidth; fixed]);
        return format!("{}\n", trimmed(&mut table));
    }
    let entry = |FailedFile { line, file }: &FailedFile| {
        let line = line.map(|line| format!("  line {line}")).unwrap_or_default();
        let reasons = details(&[Column::ErrorCode, Column::ErrorMessage], file, style);
        format!("{}{line}\n{reasons}", shown(&file.id))
    };
    files.iter().map(entry).collect::<Vec<_>>().concat()
}

fn rows(layout: &Layout, with_header: bool, files: &[VectorStoreFile], style: Style) -> String {
    let mut table = plain_table(style);
    table.set_content_arrangement(ContentArrangement::Dynamic);
    if with_header {
        table.set_header(layout.columns.iter().map(|(column, _)| header_cell(column.name())).collect::<Vec<_>>());
    }
    for file in files {
        table.add_row(layout.columns.iter().map(|(column, _)| file_cell(*column, file)).collect::<Vec<_>>());
    }
    let last = layout.columns.len().saturating_sub(1);
    table.set_constraints(layout.columns.iter().enumerate().map(|(index, (_, width))| {
        let gap = if index == last { 0 } else { GAP };
        ColumnConstraint::Absolute(Width::Fixed(width.saturating_add(gap)))
    }));
    trimmed(&mut table)
}

/// Facts below their row, indented and wrapped; those that there are.
fn details(columns: &[Column], file: &VectorStoreFile, style: Style) -> String {
    let mut table = plain_table(style);
    table.set_content_arrangement(ContentArrangement::Dynamic).set_width(style.width.unwrap_or(u16::MAX));
    for column in columns {
        if let Some(text) = column.text(file) {
            table.add_row(vec![Cell::new("  "), Cell::new(format!("{}:", column.name())), Cell::new(shown(&text))]);
        }
    }
    if table.is_empty() { String::new() } else { format!("{}\n", trimmed(&mut table)) }
}

fn file_cell(column: Column, file: &VectorStoreFile) -> Cell {
    match column {
        Column::Status => status_cell(file.status.as_ref()),
        Column::Usage => Cell::new(column.text(file).as_deref().unwrap_or(NOTHING)).set_alignment(CellAlignment::Right),
        _ => Cell::new(shown(column.text(file).as_deref().unwrap_or(NOTHING))),
    }
}

/// Which columns a page fills and how wide they are within `available` columns of the terminal.
fn lay_out(files: &[VectorStoreFile], available: Option<u16>) -> Layout {
    let width = |column: Column| {
        let texts = files.iter().filter_map(|file| column.text(file));
        let widest = texts.map(|text| shown(&text).width()).max()?;
        Some((column, u16::try_from(widest.max(column.name().len())).unwrap_or(u16::MAX - GAP)))
    };
    let mut columns: Vec<_> = COLUMNS.into_iter().filter_map(width).collect();
    let Some(available) = available else { return Layout { columns, below: Vec::new() } };
    let least = columns.iter().map(|(column, width)| (*width).min(column.least_in_row()));
    if total(least) <= u32::from(available) {
        fit(&mut columns, available, |column, width| width > column.least_in_row());
        return Layout { columns, below: Vec::new() };
    }
    columns.retain(|(column, _)| !column.may_stand_below());
    while columns.len() > 1 && total(columns.iter().map(|(_, width)| *width)) > u32::from(available) {
        columns.pop();
    }
    fit(&mut columns, available, |_, width| width > 1);
    let in_row = |column: &Column| columns.iter().any(|(other, _)| other == column);
    let below = COLUMNS.into_iter().filter(|column| !in_row(column)).collect();
    Layout { columns, below }
}

/// The width of a row of columns.
fn total(widths: impl ExactSizeIterator<Item = u16>) -> u32 {
    let gaps = u32::from(GAP) * u32::try_from(widths.len().saturating_sub(1)).unwrap_or_default();
    widths.map(u32::from).sum::<u32>() + gaps
}

/// Narrows the widest of the columns that may yield until all fit, or none may.
fn fit(columns: &mut [(Column, u16)], available: u16, may_yield: impl Fn(Column, u16) -> bool) {
    while total(columns.iter().map(|(_, width)| *width)) > u32::from(available) {
        let yielding = columns.iter_mut().filter(|(column, width)| may_yield(*column, *width));
        let Some((_, width)) = yielding.max_by_key(|(_, width)| *width) else { return };
        *width -= 1;
    }
}

fn header_cell(name: &str) -> Cell {
    Cell::new(name).add_attribute(Attribute::Bold)
}

fn status_cell(status: Option<&Status>) -> Cell {
    coloured(Cell::new(status.map_or_else(|| NOTHING.to_owned(), |status| shown(&status.to_string()))), status)
}

/// A cell in the colour of a state.
fn coloured(cell: Cell, status: Option<&Status>) -> Cell {
    match status.and_then(Paint::of).and_then(Paint::colour) {
        Some(colour) => cell.fg(Color::AnsiValue(colour)),
        None => cell,
    }
}

/// What a cell shows of a text: one line of bounded length, since wrapping takes more than linear time.
fn shown(text: &str) -> String {
    let mut characters = text.chars();
    let beginning: String = characters.by_ref().take(LONGEST_CELL).collect();
    let end = if characters.next().is_some() { "…" } else { "" };
    format!("{}{end}", safe_line(&beginning))
}

/// A table without lines, columns set apart by blanks.
fn plain_table(style: Style) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).force_no_tty().style_text_only();
    if style.colour {
        table.enforce_styling();
    }
    table
}

/// The table's text without blanks at the ends of lines.
fn trimmed(table: &mut Table) -> String {
    let last = table.column_count().saturating_sub(1);
    for (index, column) in table.column_iter_mut().enumerate() {
        column.set_padding((0, if index == last { 0 } else { GAP }));
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
        assert!(text.contains("\u{1b}[38;5;3m"), "{text:?}");
        assert!(!text.contains("\u{1b}[38;5;1m"), "no file has failed: {text:?}");
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

    fn failed() -> VectorStoreFile {
        let rest = r#","status":"failed","usage_bytes":0,"created_at":1699061776,"attributes":{"team":"red","year":2024},
            "last_error":{"code":"unsupported_file","message":"The file type is not supported by this vector store."}"#;
        file("file-abcdefghijklmnopqrstuv", rest)
    }

    fn page_at(width: u16) -> String {
        FileTable::default().page(&[failed()], Style { width: Some(width), terminal: true, ..Style::default() })
    }

    #[test]
    fn a_page_fits_the_terminal() {
        for width in [200, 150, 120, 80, 60, 40, 30] {
            let page = page_at(width);
            let widest = page.lines().map(|line| line.chars().count()).max().unwrap();
            assert!(widest <= usize::from(width), "{width}:\n{page}");
        }
    }

    #[test]
    fn what_has_no_room_in_the_row_stands_below_it() {
        let expected = "\
id                           status  usage  created
file-abcdefghijklmnopqrstuv  failed    0 B  2023-11-04 01:36:16
    error:       unsupported_file
    message:     The file type is not supported by this vector store.
    attributes:  team=red year=2024
";
        assert_eq!(page_at(80), expected);
        assert!(page_at(140).starts_with("id                           status  usage  created              error"));
    }

    #[test]
    fn prose_gives_way_before_the_row_breaks() {
        let mut columns = [(Column::Id, 30), (Column::Status, 9), (Column::ErrorMessage, 60)];
        fit(&mut columns, 80, |column, width| width > column.least_in_row());
        assert_eq!(columns, [(Column::Id, 30), (Column::Status, 9), (Column::ErrorMessage, 37)]);
    }

    #[test]
    fn a_cell_is_bounded_also_without_a_blank() {
        let rest = format!(r#","last_error":{{"message":"{}"}}"#, "x".repeat(200_000));
        let style = Style { width: Some(40), terminal: true, ..Style::default() };
        let page = FileTable::default().page(&[file("file-1", &rest)], style);
        assert_eq!(page.matches('x').count(), 1000, "{page}");
        assert!(page.trim_end().ends_with('…'), "{page}");
    }

    #[test]
    fn text_of_the_service_cannot_steer_the_terminal() {
        let page = FileTable::default().page(&[file("file-\\u001b[2J", "")], Style::default());
        assert_eq!(page, "id\nfile-\\u001b[2J\n");
    }
}
