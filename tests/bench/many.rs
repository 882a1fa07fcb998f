//! What a create of many files costs: to plan a manifest of a million lines, and to send one of fifty batches.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::limited;
use crate::load::Emulator;
use crate::measure::{Program, medians};
use crate::table::{Row, grouped};

const PLANNED: u64 = 1_000_000;
const SENT: u64 = 100_000;
/// These take a second each.
const MOST_RUNS: usize = 5;
const PEAK: u64 = 60_000_000;

/// A format of manifests: its name, its first line, and the line of a file.
type Format = (&'static str, &'static str, fn(u64) -> String);

const IDS: Format = ("ids", "", |number| format!("file-{number:022}"));
const FORMATS: [Format; 3] = [
    IDS,
    ("csv", "file_id,team,year,title\n", |number| {
        format!("file-{number:022},team-{},{},\"Report, number {number}\"", number % 7, 2000 + number % 25)
    }),
    ("jsonl", "", |number| {
        format!(
            r#"{{"file_id": "file-{number:022}", "attributes": {{"team": "team-{}", "year": {}, "title": "Report, number {number}"}}}}"#,
            number % 7,
            2000 + number % 25
        )
    }),
];

/// Measures `create --files-from`.
pub fn create(vsfb: &str, folder: &Path, runs: usize, rows: &mut Vec<Row>) {
    let runs = runs.min(MOST_RUNS);
    for format in FORMATS {
        let plan = create_from(vsfb, &manifest(folder, format, PLANNED)).with(&["--dry-run"]);
        let cost = medians(&[&plan], runs)[0];
        let what = format!("create --dry-run, {} lines of {}", grouped(PLANNED), format.0);
        rows.push(limited(&format!("{what}: CPU"), cost.cpu, Duration::from_secs(2)));
        let (peak, most) = (format!("{} bytes", grouped(cost.peak)), format!("<= {} bytes", grouped(PEAK)));
        rows.push(Row::absolute(&format!("{what}: peak memory"), peak, &most, cost.peak <= PEAK));
    }
    let emulator = Emulator::start(vsfb, folder, &["--file-time", "1ms"]);
    let send = create_from(vsfb, &manifest(folder, IDS, SENT)).with(&["--rate", "off", "--quiet"]);
    let send = send.variable("OPENAI_BASE_URL", emulator.base_url()).variable("OPENAI_API_KEY", "x");
    let cpu = medians(&[&send.file_variable("HOME", folder)], runs)[0].cpu;
    let what = format!("create, {} files in {} batches: CPU", grouped(SENT), SENT / 2000);
    rows.push(limited(&what, cpu, Duration::from_secs(1)));
}

fn create_from(vsfb: &str, manifest: &Path) -> Program {
    Program::new(vsfb, &["create", "vs_1", "--files-from"]).with(&[&manifest.display().to_string()])
}

/// A manifest of so many lines.
fn manifest(folder: &Path, (name, first, line): Format, lines: u64) -> PathBuf {
    let path = folder.join(format!("{lines}.{name}"));
    let mut file = BufWriter::new(File::create(&path).expect("a file can be made"));
    file.write_all(first.as_bytes()).expect("a file can be written");
    for number in 0..lines {
        writeln!(file, "{}", line(number)).expect("a file can be written");
    }
    file.flush().expect("a file can be written");
    path
}
