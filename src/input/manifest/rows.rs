//! Manifests in CSV: a column `file_id` or `path`, perhaps `chunking_strategy`, and an attribute in every other column.

use std::io::BufRead as _;

use csv_core::{ReadRecordResult, Reader};

use super::super::maps::unembedded_chunking_strategy;
use super::super::value::pair_value;
use super::{Input, Item, LONGEST};
use crate::json::Value;

/// The rows below the heading.
pub(super) struct Rows<'a> {
    input: Input<'a>,
    reader: Reader,
    /// The column that says which file a row is about.
    key: &'static str,
    /// None before the heading has been read.
    columns: Vec<Column>,
    row: Row,
    /// Of what comes next, from 1.
    line: u64,
    /// Where the row begins that was read last.
    begin: u64,
    ended: bool,
}

enum Column {
    Key,
    ChunkingStrategy,
    Attribute(String),
}

impl<'a> Rows<'a> {
    pub(super) fn new(input: Input<'a>, key: &'static str) -> Self {
        let (reader, row) = (Reader::new(), Row::default());
        Self { input, reader, key, columns: Vec::new(), row, line: 1, begin: 1, ended: false }
    }

    /// Passes over blank lines, the line break behind the row before among them.
    fn skip_line_breaks(&mut self) -> Result<(), String> {
        while let Some(byte @ (b'\r' | b'\n')) = super::peek(&mut self.input)? {
            self.line += u64::from(byte == b'\n');
            self.input.consume(1);
        }
        Ok(())
    }

    /// Reads the next row; `false` at the end of the text.
    fn read(&mut self) -> Result<bool, String> {
        self.skip_line_breaks()?;
        self.begin = self.line;
        self.row.clear();
        loop {
            let bytes = self.input.fill_buf().map_err(|error| super::unreadable(&error))?;
            let Row { cells, ends, length, count } = &mut self.row;
            let (cells_left, ends_left) = (cells.get_mut(*length..), ends.get_mut(*count..));
            let (result, read, written, ended) =
                self.reader.read_record(bytes, cells_left.unwrap_or_default(), ends_left.unwrap_or_default());
            *length += written;
            *count += ended;
            self.line += super::newlines(bytes.get(..read).unwrap_or_default());
            self.input.consume(read);
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull if cells.len() >= LONGEST => {
                    return Err("the row is longer than 1 MiB, or a quote in it is never closed".to_owned());
                }
                ReadRecordResult::OutputFull => cells.resize((cells.len() * 2).max(1024), 0),
                ReadRecordResult::OutputEndsFull => ends.resize((ends.len() * 2).max(32), 0),
                ReadRecordResult::Record => return Ok(true),
                ReadRecordResult::End => return Ok(false),
            }
        }
    }

    fn next_row(&mut self) -> Result<Option<Item>, String> {
        if self.columns.is_empty() {
            if !self.read()? {
                return Ok(None);
            }
            self.columns = columns(&self.row.texts()?, self.key)?;
        }
        Ok(self.read()?.then(|| Item::new(self.begin, self.element())))
    }

    /// The row as an element of `files`.
    fn element(&self) -> Result<Value, String> {
        let cells = self.row.texts()?;
        if cells.len() != self.columns.len() {
            return Err(format!("cells: {}; columns in the heading: {}", cells.len(), self.columns.len()));
        }
        let mut element = Vec::with_capacity(3);
        let mut attributes = Vec::new();
        let mut chunking_strategy = None;
        for (column, cell) in self.columns.iter().zip(cells) {
            match column {
                Column::Key => element.push((self.key.to_owned(), Value::String(cell.to_owned()))),
                _ if cell.is_empty() => {}
                Column::Attribute(name) => attributes.push((name.clone(), pair_value(cell))),
                Column::ChunkingStrategy => {
                    let value = unembedded_chunking_strategy(cell, "chunking_strategy");
                    chunking_strategy = Some(value.map_err(|error| error.message)?);
                }
            }
        }
        if !attributes.is_empty() {
            element.push(("attributes".to_owned(), Value::Object(attributes)));
        }
        element.extend(chunking_strategy.map(|value| ("chunking_strategy".to_owned(), value)));
        Ok(Value::Object(element))
    }
}

/// What the columns of this heading are for.
fn columns(heading: &[&str], key: &str) -> Result<Vec<Column>, String> {
    let names: Vec<&str> = heading.iter().map(|name| name.trim()).collect();
    if !names.contains(&key) {
        return Err(format!("no column `{key}`; the first line names the columns, with commas between them"));
    }
    for (index, name) in names.iter().enumerate() {
        if name.is_empty() {
            return Err(format!("column {} has no name", index + 1));
        }
        if names.iter().take(index).any(|earlier| earlier == name) {
            return Err(format!("the column `{name}` stands twice"));
        }
    }
    let column = |name| match name {
        name if name == key => Column::Key,
        "chunking_strategy" => Column::ChunkingStrategy,
        attribute => Column::Attribute(attribute.to_owned()),
    };
    Ok(names.into_iter().map(column).collect())
}

impl Iterator for Rows<'_> {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        if self.ended {
            return None;
        }
        let next = self.next_row().unwrap_or_else(|message| {
            self.ended = true;
            Some(Item::new(self.begin, Err(message)))
        });
        self.ended |= next.is_none();
        next
    }
}

/// A row's cells, one behind the other.
#[derive(Default)]
struct Row {
    cells: Vec<u8>,
    /// Where each cell ends.
    ends: Vec<usize>,
    /// How much of `cells` is in use.
    length: usize,
    /// How much of `ends` is in use.
    count: usize,
}

impl Row {
    const fn clear(&mut self) {
        self.length = 0;
        self.count = 0;
    }

    fn texts(&self) -> Result<Vec<&str>, String> {
        let mut start = 0;
        let cell = |end: &usize| {
            let cell = self.cells.get(start..*end).unwrap_or_default();
            start = *end;
            std::str::from_utf8(cell).map_err(|_| super::NOT_UTF_8.to_owned())
        };
        self.ends.iter().take(self.count).map(cell).collect()
    }
}
