//! The table of results.

use std::time::Duration;

/// One measured value and what it is to be.
pub struct Row {
    /// What was measured, what was measured of something else, their ratio, the target, and whether it is met.
    cells: [String; 6],
}

/// A target: at most this share of what something else takes.
#[derive(Clone, Copy)]
pub struct Share {
    pub of: &'static str,
    pub most: f64,
}

impl Row {
    /// A time that is to be no more than a share of what something else takes, where there is such a thing.
    pub fn against(what: &str, vsfb: Duration, other: Option<Duration>, Share { of, most }: Share) -> Self {
        let ratio = other.map(|other| vsfb.as_secs_f64() / other.as_secs_f64());
        Self {
            cells: [
                what.to_owned(),
                milliseconds(vsfb),
                other.map_or_else(|| format!("no {of}"), |other| format!("{of} {}", milliseconds(other))),
                ratio.map_or_else(String::new, |ratio| format!("{ratio:.2}")),
                format!("<= {most:.2} of {of}'s"),
                ratio.map_or("skipped", |ratio| verdict(ratio <= most)).to_owned(),
            ],
        }
    }

    /// A value with a target of its own.
    pub fn absolute(what: &str, value: String, target: &str, met: bool) -> Self {
        let [other, ratio] = [String::new(), String::new()];
        Self { cells: [what.to_owned(), value, other, ratio, target.to_owned(), verdict(met).to_owned()] }
    }
}

fn verdict(met: bool) -> &'static str {
    if met { "ok" } else { "MISS" }
}

/// A time, to a hundredth of a millisecond.
pub fn milliseconds(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1000.0)
}

/// A number with its thousands set apart.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// The rows under their headings, in columns.
pub fn render(rows: &[Row]) -> String {
    let headings = ["measured", "vsfb", "beside", "ratio", "target", ""].map(str::to_owned);
    let lines: Vec<&[String; 6]> = [&headings].into_iter().chain(rows.iter().map(|row| &row.cells)).collect();
    let widths: [usize; 6] =
        std::array::from_fn(|column| lines.iter().map(|cells| cells[column].len()).max().unwrap_or(0));
    let mut table = String::new();
    for cells in lines {
        let padded = cells.iter().zip(widths).enumerate().map(|(column, (cell, width))| match column {
            1..=3 => format!("{cell:>width$}"),
            _ => format!("{cell:width$}"),
        });
        let line = padded.collect::<Vec<_>>().join("  ");
        table.push_str(line.trim_end());
        table.push('\n');
    }
    table
}
