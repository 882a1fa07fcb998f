//! Times, sizes and reasons for people.

use std::io;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::api::types::{FileBatch, FileCounts};

/// A time of the service in the user's time zone. Files that wait have the time 0, which means none.
pub(super) fn local_time(seconds: i64) -> Option<String> {
    time_in(seconds, TimeZone::system())
}

fn time_in(seconds: i64, zone: TimeZone) -> Option<String> {
    if seconds == 0 {
        return None;
    }
    let zoned = Timestamp::from_second(seconds).ok()?.to_zoned(zone);
    Some(zoned.strftime("%Y-%m-%d %H:%M:%S").to_string())
}

/// What is shown where there is nothing to show.
pub(super) const NOTHING: &str = "-";

/// What a number is, where the name of its key tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quantity {
    Bytes(u64),
    /// Seconds since 1970.
    Time(i64),
}

impl Quantity {
    /// The member of this name and JSON text.
    pub(super) fn of(key: &str, json: &str) -> Option<Self> {
        if key.ends_with("_at") {
            return json.parse().ok().map(Self::Time);
        }
        if key == "bytes" || key.ends_with("_bytes") {
            return json.parse().ok().map(Self::Bytes);
        }
        None
    }
}

/// The time at which something is shown, in seconds since 1970.
pub(super) fn now() -> i64 {
    Timestamp::now().as_second()
}

/// How long ago a moment was, or how far it is ahead, given as the seconds since then: "3 min ago", "in 2 h".
pub(super) fn age(seconds: i64) -> String {
    let units = [
        (365 * 86_400, "year", "years"),
        (30 * 86_400, "month", "months"),
        (86_400, "day", "days"),
        (3600, "h", "h"),
        (60, "min", "min"),
        (1, "s", "s"),
    ];
    let length = seconds.unsigned_abs();
    let Some((size, one, many)) = units.into_iter().find(|(size, _, _)| length >= *size) else {
        return "now".to_owned();
    };
    let count = length / size;
    let unit = if count == 1 { one } else { many };
    if seconds < 0 { format!("in {count} {unit}") } else { format!("{count} {unit} ago") }
}

/// A length of time as it is typed, such as `30m`, `1h30m` or `500ms`.
pub(crate) fn duration(length: Duration) -> String {
    let seconds = length.as_secs();
    let units = [("h", seconds / 3600), ("m", seconds / 60 % 60), ("s", seconds % 60)];
    let milliseconds = ("ms", u64::from(length.subsec_millis()));
    let parts = units.into_iter().chain([milliseconds]).filter(|(_, count)| *count > 0);
    let text = parts.map(|(unit, count)| format!("{count}{unit}")).collect::<Vec<_>>().concat();
    if text.is_empty() { "0s".to_owned() } else { text }
}

/// Where a batch stands, such as "completed: 3 of 5 files completed, 2 failed".
pub(crate) fn standing(batch: &FileBatch) -> String {
    let status = batch.status.as_ref().map_or_else(|| "without a status".to_owned(), ToString::to_string);
    let Some((total, completed)) = batch.file_counts.total.zip(batch.file_counts.completed) else { return status };
    format!("{status}: {completed} of {total} files completed{}", others(&batch.file_counts))
}

/// The counts of files that are not completed, such as ", 2 failed, 1 in progress".
pub(super) fn others(all: &FileCounts) -> String {
    let others = counts(&FileCounts { completed: None, ..*all });
    others.into_iter().map(|count| format!(", {count}")).collect::<Vec<_>>().concat()
}

/// The counts above zero, each with its name.
pub(super) fn counts(counts: &FileCounts) -> Vec<String> {
    let named = [
        ("completed", counts.completed),
        ("failed", counts.failed),
        ("cancelled", counts.cancelled),
        ("in progress", counts.in_progress),
    ];
    let above_zero = named.into_iter().filter_map(|(name, count)| Some((name, count.filter(|count| *count > 0)?)));
    above_zero.map(|(name, count)| format!("{count} {name}")).collect()
}

/// An I/O error as a phrase: without the number that the system gives it.
pub(crate) fn reason(error: &io::Error) -> String {
    error.to_string().split(" (os error").next().unwrap_or_default().to_lowercase()
}

/// So many files.
pub(crate) fn files(count: usize) -> String {
    if count == 1 { "1 file".to_owned() } else { format!("{count} files") }
}

/// A size in units of 1000 with one digit after the point.
#[expect(clippy::cast_precision_loss, reason = "one digit after the point is shown")]
pub(crate) fn bytes(count: u64) -> String {
    if count < 1000 {
        return format!("{count} B");
    }
    let mut size = count as f64;
    for unit in ["kB", "MB", "GB", "TB"] {
        size /= 1000.0;
        // What rounds to 1000 is one of the next unit.
        if size < 999.95 {
            return format!("{size:.1} {unit}");
        }
    }
    format!("{:.1} PB", size / 1000.0)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use jiff::tz::{TimeZone, offset};

    use super::{Quantity, age, bytes, duration, time_in};

    #[test]
    fn lengths_of_time_look_as_they_are_typed() {
        for (milliseconds, text) in [
            (0, "0s"),
            (500, "500ms"),
            (30_000, "30s"),
            (1_800_000, "30m"),
            (5_400_000, "1h30m"),
            (61_250, "1m1s250ms"),
        ] {
            assert_eq!(duration(Duration::from_millis(milliseconds)), text);
        }
    }

    #[test]
    fn times_are_local_and_zero_is_none() {
        assert_eq!(time_in(1_699_061_776, TimeZone::UTC).as_deref(), Some("2023-11-04 01:36:16"));
        let east = TimeZone::fixed(offset(9));
        assert_eq!(time_in(1_699_061_776, east).as_deref(), Some("2023-11-04 10:36:16"));
        assert_eq!(time_in(0, TimeZone::UTC), None);
        assert_eq!(time_in(i64::MAX, TimeZone::UTC), None);
    }

    #[test]
    fn a_key_tells_what_its_number_is() {
        assert_eq!(Quantity::of("usage_bytes", "12"), Some(Quantity::Bytes(12)));
        assert_eq!(Quantity::of("expires_at", "-1"), Some(Quantity::Time(-1)));
        for (key, json) in [("bytes", "-1"), ("bytes", "\"1\""), ("megabytes", "1"), ("at", "1"), ("created_at", "1.5")]
        {
            assert_eq!(Quantity::of(key, json), None, "{key}");
        }
    }

    #[test]
    fn an_age_has_the_unit_that_fits() {
        let day = 86_400;
        let cases = [
            (0, "now"),
            (1, "1 s ago"),
            (59, "59 s ago"),
            (60, "1 min ago"),
            (7200, "2 h ago"),
            (day, "1 day ago"),
            (29 * day, "29 days ago"),
            (45 * day, "1 month ago"),
            (364 * day, "12 months ago"),
            (800 * day, "2 years ago"),
            (-90, "in 1 min"),
            (i64::MIN, "in 292471208677 years"),
        ];
        for (seconds, text) in cases {
            assert_eq!(age(seconds), text);
        }
    }

    #[test]
    fn sizes_have_the_unit_that_fits() {
        let cases = [
            (0, "0 B"),
            (999, "999 B"),
            (1000, "1.0 kB"),
            (123_456, "123.5 kB"),
            (999_949, "999.9 kB"),
            (999_950, "1.0 MB"),
            (2_500_000_000_000, "2.5 TB"),
            (u64::MAX, "18446.7 PB"),
        ];
        for (count, text) in cases {
            assert_eq!(bytes(count), text);
        }
    }
}
