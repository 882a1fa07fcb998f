//! Tables of what this program keeps or plans itself: batches of the journal, and files of a sync.

use comfy_table::{Cell, CellAlignment, ColumnConstraint, ContentArrangement};
use unicode_width::UnicodeWidthStr;

use super::{coloured, header_cell, plain_table, shown, status_cell, trimmed};
use crate::api::types::Status;
use crate::output::checked::Checked;
use crate::output::human::{self, NOTHING};
use crate::output::journaled::Journaled;
use crate::output::planned::Planned;
use crate::output::style::Style;
use crate::output::synced::Synced;

/// Files that a sync has touched, one a row; the reasons of failures stand below. Where the terminal is too narrow so do the
/// ids.
pub(in crate::output) fn synced(files: &[Synced], style: Style) -> String {
    let has_room = fits(&synced_rows(files, true, Style { colour: false, ..style }), style);
    let mut lines = synced_rows(files, has_room, style);
    for (line, file) in lines.iter_mut().skip(1).zip(files) {
        let id = file.file_id.as_ref().filter(|_| !has_room);
        for (name, text) in [("file:   ", id), ("reason: ", file.error.as_ref())] {
            if let Some(text) = text {
                line.push_str(&format!("\n    {name} {}", shown(text)));
            }
        }
    }
    lines.join("\n") + "\n"
}

fn synced_rows(files: &[Synced], with_file: bool, style: Style) -> Vec<String> {
    let mut table = plain_table(style);
    let names = ["action", "status", "path", "file"];
    table.set_header(names.into_iter().take(if with_file { 4 } else { 3 }).map(header_cell));
    for file in files {
        let mut cells = vec![
            Cell::new(shown(&file.action)),
            status_cell(Some(&Status::named(&file.status))),
            Cell::new(shown(&file.path)),
        ];
        cells.extend(with_file.then(|| Cell::new(shown(file.file_id.as_deref().unwrap_or(NOTHING)))));
        table.add_row(cells);
    }
    trimmed(&mut table).lines().map(str::to_owned).collect()
}

/// Whether the terminal has room for these lines.
fn fits(lines: &[String], style: Style) -> bool {
    let widest = lines.iter().map(|line| line.width()).max().unwrap_or_default();
    style.width.is_none_or(|width| widest <= usize::from(width))
}

/// What a sync would do: each file that would be touched, then how many there are of each kind.
pub(in crate::output) fn planned(planned: &Planned<'_>, style: Style) -> String {
    let mut files = plain_table(style);
    files.set_header(["action", "path"].map(header_cell));
    for action in &planned.actions {
        files.add_row([action.action, action.path].map(|text| Cell::new(shown(text))));
    }
    let mut lines: Vec<String> = trimmed(&mut files).lines().map(str::to_owned).collect();
    for (line, action) in lines.iter_mut().skip(1).zip(&planned.actions) {
        if let Some(error) = &action.error {
            line.push_str(&format!("\n    reason:  {}", shown(error)));
        }
    }
    let files = if planned.actions.is_empty() { String::new() } else { format!("{}\n\n", lines.join("\n")) };
    let mut counts = plain_table(style);
    let minutes = match planned.minutes {
        0 => "less than 1 min".to_owned(),
        minutes => format!("about {minutes} min"),
    };
    let named = planned.counts().into_iter().filter(|(_, count)| *count > 0);
    let named = named.map(|(name, count)| (name, count.to_string()));
    let facts =
        [("to upload", human::bytes(planned.bytes)), ("batches", planned.batches.to_string()), ("time", minutes)];
    for (name, fact) in named.chain(facts) {
        counts.add_row(vec![header_cell(name), Cell::new(fact)]);
    }
    format!("{files}{}\n", trimmed(&mut counts))
}

/// Batches of the journal, one a row. Where the terminal is too narrow the store stands below.
pub(in crate::output) fn journaled(batches: &[Journaled], style: Style) -> String {
    let has_room = fits(&journal_rows(batches, true, Style { colour: false, ..style }), style);
    let mut lines = journal_rows(batches, has_room, style);
    if !has_room {
        for (line, batch) in lines.iter_mut().skip(1).zip(batches) {
            line.push_str(&format!("\n    store:  {}", shown(&batch.vector_store_id)));
        }
    }
    lines.join("\n") + "\n"
}

/// The header and the rows, a line each.
fn journal_rows(batches: &[Journaled], with_store: bool, style: Style) -> Vec<String> {
    let has_parts = batches.iter().any(|batch| batch.parts > 1);
    let mut table = plain_table(style);
    let names = ["id", "store", "status", "created", "files", "part"];
    let is_shown = |index: usize| (index != 1 || with_store) && (index != 5 || has_parts);
    let chosen =
        |cells: [Cell; 6]| cells.into_iter().enumerate().filter(|(index, _)| is_shown(*index)).map(|(_, cell)| cell);
    table.set_header(chosen(names.map(header_cell)));
    for batch in batches {
        let status = Status::named(&batch.status);
        table.add_row(chosen([
            Cell::new(shown(batch.id.as_deref().unwrap_or(NOTHING))),
            Cell::new(shown(&batch.vector_store_id)),
            status_cell(Some(&status)),
            Cell::new(human::local_time(batch.created_at).as_deref().unwrap_or(NOTHING)),
            Cell::new(batch.files).set_alignment(CellAlignment::Right),
            Cell::new(format!("{} of {}", batch.part, batch.parts)),
        ]));
    }
    trimmed(&mut table).lines().map(str::to_owned).collect()
}

/// Findings about settings and service, each with what to do about it below.
pub(in crate::output) fn checked(findings: &[Checked], style: Style) -> String {
    let mut table = plain_table(style);
    for finding in findings {
        // In the colour of the state of a file that is like it.
        let alike = match finding.status.as_str() {
            "ok" => Some(Status::Completed),
            "warning" => Some(Status::InProgress),
            "problem" => Some(Status::Failed),
            _ => None,
        };
        let status = coloured(Cell::new(shown(&finding.status)), alike.as_ref());
        table.add_row(vec![status, header_cell(&finding.check.replace('_', " ")), Cell::new(shown(&finding.finding))]);
        if let Some(advice) = &finding.advice {
            table.add_row(vec![Cell::new(""), Cell::new(""), Cell::new(format!("hint: {}", shown(advice)))]);
        }
    }
    table.set_content_arrangement(ContentArrangement::Dynamic).set_width(style.width.unwrap_or(u16::MAX));
    table.set_constraints(vec![ColumnConstraint::ContentWidth; 2]);
    format!("{}\n", trimmed(&mut table))
}

#[cfg(test)]
mod tests {
    use super::{checked, journaled, synced};
    use crate::output::checked::Checked;
    use crate::output::journaled::Journaled;
    use crate::output::listing::Record as _;
    use crate::output::style::Style;
    use crate::output::synced::Synced;

    #[test]
    fn the_id_of_a_file_stands_below_where_there_is_no_room() {
        let json = r#"{"path":"a\u001b.md","file_id":"file-1","batch_id":null,"action":"new","status":"failed","error":"late"}"#;
        let files = [Synced::read(json).unwrap()];
        let shown = |width| synced(&files, Style { width, ..Style::default() });
        let wide = "action  status  path        file\nnew     failed  a\\u001b.md  file-1\n    reason:  late\n";
        assert_eq!((shown(None).as_str(), shown(Some(34)).as_str()), (wide, wide));
        let narrow = "action  status  path\nnew     failed  a\\u001b.md\n    file:    file-1\n    reason:  late\n";
        assert_eq!(shown(Some(33)), narrow);
    }

    #[test]
    fn a_finding_has_a_colour_for_light_terminals_too() {
        for (status, colour) in [("ok", 2), ("warning", 3), ("problem", 1)] {
            let json = format!(r#"{{"check":"key","status":"{status}","finding":"x","advice":null}}"#);
            let text = checked(&[Checked::read(&json).unwrap()], Style { colour: true, ..Style::default() });
            assert!(text.starts_with(&format!("\u{1b}[38;5;{colour}m{status}")), "{text:?}");
        }
    }

    #[test]
    fn a_store_without_room_stands_below_its_batch() {
        let json = r#"{"id":"vsfb_1","vector_store_id":"vs_1","status":"lost","created_at":0,"files":7,"part":2,"parts":3,"plan":""}"#;
        let batches = [Journaled::read(json).unwrap()];
        let shown = |width| journaled(&batches, Style { width, ..Style::default() });
        let wide = "id      store  status  created  files  part\nvsfb_1  vs_1   lost    -            7  2 of 3\n";
        assert_eq!((shown(None).as_str(), shown(Some(45)).as_str()), (wide, wide));
        let narrow = "id      status  created  files  part\nvsfb_1  lost    -            7  2 of 3\n    store:  vs_1\n";
        assert_eq!(shown(Some(44)), narrow);
    }
}
