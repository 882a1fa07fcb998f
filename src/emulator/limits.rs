//! Limits per minute.

use std::collections::VecDeque;

use super::Millis;

/// A minute, in milliseconds.
const MINUTE: Millis = 60_000;

/// What was let through in the last minute.
#[derive(Clone, Debug, Default)]
pub(crate) struct Window {
    /// When, and how much.
    passed: VecDeque<(Millis, usize)>,
    sum: usize,
}

impl Window {
    /// How many milliseconds `amount` more must wait so that no minute has more than `most`; 0 where it need not.
    ///
    /// What is more than `most` alone passes a window that is empty: otherwise it never would.
    pub(crate) fn wait(&mut self, amount: usize, most: usize, now: Millis) -> Millis {
        while let Some((at, passed)) = self.passed.front().copied().filter(|(at, _)| at.saturating_add(MINUTE) <= now) {
            debug_assert!(at <= now);
            self.sum -= passed;
            self.passed.pop_front();
        }
        let mut sum = self.sum;
        let mut until = now;
        for (at, passed) in &self.passed {
            if sum + amount <= most {
                break;
            }
            sum -= passed;
            until = at.saturating_add(MINUTE);
        }
        until - now
    }

    /// Lets `amount` through.
    pub(crate) fn pass(&mut self, amount: usize, now: Millis) {
        self.passed.push_back((now, amount));
        self.sum += amount;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_minute_has_more_than_the_limit() {
        let mut window = Window::default();
        for second in 0..3 {
            assert_eq!(window.wait(1, 3, second * 1000), 0);
            window.pass(1, second * 1000);
        }
        assert_eq!(window.wait(1, 3, 3000), 57_000);
        assert_eq!(window.wait(2, 3, 3000), 58_000);
        assert_eq!(window.wait(1, 3, 59_999), 1);
        assert_eq!(window.wait(1, 3, 60_000), 0);
        assert_eq!(window.passed.len(), 2, "what has passed out of the minute is forgotten");
    }

    #[test]
    fn a_full_batch_spends_the_minute() {
        let mut window = Window::default();
        assert_eq!(window.wait(2000, 2000, 0), 0);
        window.pass(2000, 0);
        assert_eq!(window.wait(1, 2000, 1), 59_999);
    }

    #[test]
    fn what_can_never_fit_passes_an_empty_window() {
        assert_eq!(Window::default().wait(5, 3, 0), 0);
    }
}
