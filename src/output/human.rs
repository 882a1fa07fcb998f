//! Times and sizes for people.

use jiff::Timestamp;
use jiff::tz::TimeZone;

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

/// A size in units of 1000 with one digit after the point.
#[expect(clippy::cast_precision_loss, reason = "one digit after the point is shown")]
pub(super) fn bytes(count: u64) -> String {
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
    use jiff::tz::{TimeZone, offset};

    use super::{bytes, time_in};

    #[test]
    fn times_are_local_and_zero_is_none() {
        assert_eq!(time_in(1_699_061_776, TimeZone::UTC).as_deref(), Some("2023-11-04 01:36:16"));
        let east = TimeZone::fixed(offset(9));
        assert_eq!(time_in(1_699_061_776, east).as_deref(), Some("2023-11-04 10:36:16"));
        assert_eq!(time_in(0, TimeZone::UTC), None);
        assert_eq!(time_in(i64::MAX, TimeZone::UTC), None);
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
