//! How fast files are attached, so that the service does not refuse them. Pure over a given time, which counts from any
//! beginning.

use std::collections::VecDeque;
use std::num::NonZeroU32;
use std::ops::Range;
use std::time::Duration;

const MINUTE: Duration = Duration::from_secs(60);
/// Writes a minute that the service takes for one vector store.
const WRITES: usize = 300;
/// Files a minute that the service takes of one organization; where to begin when a pace that was off is needed.
const FILES: NonZeroU32 = NonZeroU32::MIN.saturating_add(1999);

const TWO: NonZeroU32 = NonZeroU32::MIN.saturating_add(1);

/// A budget of files a minute, full at the start, and of 300 writes. What has been sent is held against it for a minute,
/// or longer where one batch alone is more than a minute's worth.
#[derive(Clone, Debug)]
pub(crate) struct Pace {
    /// What is aimed at: files a minute, or no limit at all.
    wanted: Option<NonZeroU32>,
    /// What was kept to after the last refusal, which lowers it.
    rate: Option<NonZeroU32>,
    /// When, and how many files.
    sent: VecDeque<(Duration, u64)>,
    /// Nothing is sent before.
    pause_ends: Duration,
    /// When the last refusal was.
    refused: Duration,
}

impl Pace {
    /// Without a number nothing is held back until the service refuses something.
    pub(crate) fn new(files_per_minute: Option<NonZeroU32>) -> Self {
        Self {
            wanted: files_per_minute,
            rate: files_per_minute,
            sent: VecDeque::new(),
            pause_ends: Duration::ZERO,
            refused: Duration::ZERO,
        }
    }

    /// How long to wait at `now` before so many files are sent in one request.
    pub(crate) fn wait(&self, now: Duration, files: u64) -> Duration {
        let mut from = now;
        let free = loop {
            let free = self.free(from, files);
            match self.rises(from) {
                Some(rises) if rises < free => from = rises,
                _ => break free,
            }
        };
        free.max(self.pause_ends).saturating_sub(now)
    }

    /// Notes that so many files were accepted.
    pub(crate) fn sent(&mut self, now: Duration, files: u64) {
        let Some(rate) = self.rate_at(now) else { return };
        while self.sent.front().is_some_and(|(at, files)| *at + held_for(*files, rate) <= now) {
            self.sent.pop_front();
        }
        self.sent.push_back((now, files));
    }

    /// Halves the rate after a 429, and waits as long as the service asks.
    pub(crate) fn slow_down(&mut self, now: Duration, asked: Duration) {
        let halved = self.rate_at(now).map_or(FILES.get(), NonZeroU32::get) / 2;
        self.rate = Some(NonZeroU32::new(halved).unwrap_or(NonZeroU32::MIN));
        self.refused = now;
        self.pause_ends = self.pause_ends.max(now.saturating_add(asked));
    }

    /// When the last of these parts can be sent, if the first is sent now and nothing is refused.
    pub(crate) fn time_for(mut self, parts: impl Iterator<Item = Range<u64>>) -> Duration {
        let mut now = Duration::ZERO;
        for part in parts {
            let files = part.end - part.start;
            now += self.wait(now, files);
            self.sent(now, files);
        }
        now
    }

    /// What is kept to at this time: with each minute after a refusal twice as much, up to what is aimed at.
    fn rate_at(&self, now: Duration) -> Option<NonZeroU32> {
        let minutes = now.saturating_sub(self.refused).as_secs() / MINUTE.as_secs();
        let risen = self.rate?.saturating_mul(TWO.saturating_pow(u32::try_from(minutes).unwrap_or(u32::MAX)));
        Some(risen.min(self.wanted.unwrap_or(FILES)))
    }

    /// When the rate rises next.
    fn rises(&self, now: Duration) -> Option<Duration> {
        let minutes = now.saturating_sub(self.refused).as_secs() / MINUTE.as_secs();
        let next = self.refused.saturating_add(Duration::from_secs((minutes + 1) * MINUTE.as_secs()));
        (self.rate_at(now) < self.rate_at(next)).then_some(next)
    }

    /// From when on the budget has room for so many files, if the rate stays what it is at `now`.
    fn free(&self, now: Duration, files: u64) -> Duration {
        let Some(rate) = self.rate_at(now) else { return now };
        let mut held: Vec<_> = self.held(rate, now).collect();
        held.sort_unstable();
        let mut sum: u64 = held.iter().map(|(_, files)| files).sum();
        let mut until = now;
        for (index, (end, freed)) in held.iter().enumerate() {
            if sum.saturating_add(files) <= u64::from(rate.get()) && held.len() - index < WRITES {
                break;
            }
            sum -= freed;
            until = *end;
        }
        until
    }

    /// What counts against the budget: until when, and how many files.
    fn held(&self, rate: NonZeroU32, now: Duration) -> impl Iterator<Item = (Duration, u64)> {
        let ends = self.sent.iter().map(move |(at, files)| (*at + held_for(*files, rate), *files));
        ends.filter(move |(end, _)| *end > now)
    }
}

/// How long so many files in one request count against a budget of `rate` a minute.
fn held_for(files: u64, rate: NonZeroU32) -> Duration {
    let milliseconds = files.saturating_mul(60_000).div_ceil(u64::from(rate.get()));
    MINUTE.max(Duration::from_millis(milliseconds))
}

#[cfg(test)]
mod tests {
    use super::{MINUTE, Pace};
    use crate::plan::parts;
    use std::num::{NonZeroU32, NonZeroU64};
    use std::time::Duration;

    fn pace(rate: u32) -> Pace {
        Pace::new(NonZeroU32::new(rate))
    }

    fn at(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    fn time_for(pace: Pace, files: u64, size: u64) -> Duration {
        pace.time_for(parts(0..files, NonZeroU64::new(size).unwrap()))
    }

    #[test]
    fn a_full_batch_spends_the_minute() {
        let mut pace = pace(2000);
        assert_eq!(pace.wait(at(0), 2000), at(0));
        pace.sent(at(0), 2000);
        assert_eq!(pace.wait(at(1), 1), at(59));
        assert_eq!(pace.wait(at(60), 2000), at(0));
    }

    #[test]
    fn a_budget_can_be_spent_in_pieces() {
        let mut pace = pace(2000);
        for second in 0..4 {
            assert_eq!(pace.wait(at(second), 500), at(0));
            pace.sent(at(second), 500);
        }
        assert_eq!(pace.wait(at(10), 500), at(50));
        assert_eq!(pace.wait(at(10), 501), at(51));
    }

    #[test]
    fn no_store_gets_more_than_three_hundred_writes_a_minute() {
        let mut pace = pace(2000);
        for _ in 0..300 {
            assert_eq!(pace.wait(at(5), 1), at(0));
            pace.sent(at(5), 1);
        }
        assert_eq!(pace.wait(at(6), 1), at(59));
        assert_eq!(time_for(super::Pace::new(NonZeroU32::new(2000)), 900, 1), at(120));
    }

    #[test]
    fn a_batch_of_more_than_a_minute_takes_its_minutes() {
        let mut pace = pace(500);
        assert_eq!(pace.wait(at(0), 2000), at(0));
        pace.sent(at(0), 2000);
        assert_eq!(pace.wait(at(60), 1), at(180));
    }

    #[test]
    fn off_is_off_until_something_is_refused() {
        let mut pace = pace(0);
        for _ in 0..1_000 {
            pace.sent(at(0), 2000);
        }
        assert_eq!(pace.wait(at(0), 2000), at(0));
        assert!(pace.sent.is_empty(), "nothing is kept");
        pace.slow_down(at(0), at(1));
        assert_eq!(pace.wait(at(0), 1000), at(1));
        pace.sent(at(1), 1000);
        assert_eq!(pace.wait(at(1), 1), at(59), "until the rate rises");
    }

    #[test]
    fn a_refusal_halves_the_rate_and_asks_for_patience() {
        let mut pace = pace(2000);
        pace.slow_down(at(0), at(7));
        assert_eq!(pace.wait(at(0), 1000), at(7));
        pace.sent(at(7), 1000);
        assert_eq!(pace.wait(at(7), 1), at(53), "until the rate rises");
    }

    #[test]
    fn many_refusals_in_a_row_cost_minutes_and_no_hours() {
        let mut pace = pace(2000);
        for second in 0..20 {
            pace.slow_down(at(second), at(0));
        }
        assert_eq!(pace.wait(at(20), 2000), at(0));
        pace.sent(at(20), 2000);
        // After eight minutes 256 a minute: by then the first 2000 are none of the last minute's.
        assert_eq!(pace.wait(at(20), 2000), at(19 + 8 * 60 - 20));
    }

    #[test]
    fn the_rate_rises_again() {
        let mut pace = pace(2000);
        pace.slow_down(at(0), at(0));
        pace.slow_down(at(0), at(0));
        let mut now = at(0);
        let mut times = Vec::new();
        for _ in 0..6 {
            now += pace.wait(now, 1000);
            times.push(now.as_secs());
            pace.sent(now, 1000);
        }
        // 500 a minute; after one minute 1000 a minute; after another 2000.
        assert_eq!(times, [0, 60, 120, 120, 180, 180]);
        assert_eq!(pace.rate_at(now), NonZeroU32::new(2000));
    }

    #[test]
    fn the_time_that_a_run_takes_is_known_before() {
        assert_eq!(time_for(pace(2000), 1_000_000, 2000), MINUTE * 499);
        assert_eq!(time_for(pace(2000), 2000, 500), at(0));
        assert_eq!(time_for(pace(0), 1_000_000, 2000), at(0));
        assert_eq!(time_for(pace(1000), 6000, 2000), MINUTE * 4);
    }

    #[test]
    fn no_minute_has_more_than_the_rate() {
        for (rate, size) in [(2000, 700), (100, 1), (300, 299), (7, 3)] {
            let mut pace = pace(rate);
            let (mut now, mut sent) = (at(0), Vec::new());
            for turn in 0..200 {
                // Odd delays of our own, beside the pace's.
                now += pace.wait(now, size) + Duration::from_millis(turn * 37 % 5_000);
                assert_eq!(pace.wait(now, size), at(0));
                pace.sent(now, size);
                sent.push(now);
                let minute = sent.iter().filter(|time| **time + MINUTE > now).count() as u64;
                assert!(minute * size <= u64::from(rate) && minute <= 300, "{minute} of {size}");
            }
        }
    }
}
