//! How far the batches are that are waited for: bars on a terminal, else a line on stderr now and then.

use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

use super::Messages;
use super::human::{counts, standing};
use super::style::safe_line;
use crate::api::types::{FileBatch, FileCounts};
use crate::api::{Event, Observer};
use crate::poll::{Awaited, State, Watch};

/// The least time between two lines.
const LINE_PAUSE: Duration = Duration::from_secs(15);
/// How many bars of batches that have ended may stay among the others.
const MOST_ENDED: usize = 10;
/// What a bar looks like: batch, bar, files that are done and those there are, states, rate, time left.
const BAR: &str = "{prefix} [{bar:20}] {pos}/{len} {msg} {per_sec} ETA {eta}";

/// Shows progress on stderr until it is dropped.
pub(crate) struct Progress {
    messages: Messages,
    way: Way,
}

enum Way {
    /// Nothing is wanted.
    Silent,
    Lines(Lines),
    Bars(MultiProgress, Vec<ProgressBar>),
}

impl Progress {
    /// `watch` is a wait that begins now. One that only looks once has no progress.
    pub(crate) fn new(watch: &Watch, messages: Messages) -> Self {
        let batches = watch.batches();
        // Traces and bars would write over each other.
        let way = if messages.quiet || watch.looks_once() {
            Way::Silent
        } else if messages.style.terminal && !messages.debug {
            let bars = MultiProgress::new();
            let style = ProgressStyle::with_template(BAR).unwrap_or_else(|_| ProgressStyle::default_bar());
            let bar = |batch: &Awaited| {
                let bar = bars.add(ProgressBar::no_length().with_style(style.clone()));
                bar.with_prefix(safe_line(&batch.id.id).into_owned())
            };
            let all = batches.iter().map(bar).collect();
            Way::Bars(bars, all)
        } else {
            Way::Lines(Lines { batches: batches.iter().map(Line::new).collect(), said: None })
        };
        Self { messages, way }
    }

    /// Takes note of what is known of the batch with this index. `now` is counted from the beginning of the wait.
    pub(crate) fn update(&mut self, index: usize, batch: &Awaited, now: Duration) {
        match &mut self.way {
            Way::Silent => {}
            Way::Lines(lines) => {
                if let Some(line) = lines.batches.get_mut(index) {
                    *line = Line::new(batch);
                }
                if let Some(text) = lines.next(now) {
                    self.messages.note(&text);
                }
            }
            Way::Bars(_, bars) => {
                let is_crowded = bars.len() > MOST_ENDED;
                if let (Some(bar), Some(known)) = (bars.get(index), batch.batch()) {
                    draw(bar, &known.file_counts);
                    match batch.state() {
                        State::Open => {}
                        _ if is_crowded => bar.finish_and_clear(),
                        _ => bar.abandon(),
                    }
                }
            }
        }
    }

    /// Says something beside the bars.
    pub(crate) fn say(&self, speak: impl FnOnce(Messages)) {
        match &self.way {
            Way::Bars(bars, _) => bars.suspend(|| speak(self.messages)),
            _ => speak(self.messages),
        }
    }

    /// Tells of requests beside the bars.
    pub(crate) fn observer(&self) -> Observer {
        let messages = self.messages;
        let bars = match &self.way {
            Way::Bars(bars, _) => Some(bars.clone()),
            _ => None,
        };
        let tell = move |event: &Event<'_>| match &bars {
            Some(bars) => bars.suspend(|| messages.event(event)),
            None => messages.event(event),
        };
        Observer { traces: messages.debug, tell: Box::new(tell) }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Way::Bars(bars, _) = &self.way {
            // A terminal that is gone shows nothing.
            let _ = bars.clear();
        }
    }
}

fn draw(bar: &ProgressBar, known: &FileCounts) {
    let done = [known.completed, known.failed, known.cancelled].into_iter().flatten().sum();
    if let Some(total) = known.total {
        if bar.length().is_none() {
            // What was done before is no part of the rate.
            bar.set_position(done);
            bar.reset_eta();
        }
        bar.set_length(total);
    }
    bar.set_position(done);
    bar.set_message(counts(known).join(", "));
}

/// What is said line by line.
struct Lines {
    batches: Vec<Line>,
    /// The last line, and when it was said.
    said: Option<(Duration, String)>,
}

/// One of the batches.
struct Line {
    id: String,
    batch: Option<FileBatch>,
    has_ended: bool,
}

impl Line {
    fn new(batch: &Awaited) -> Self {
        Self { id: batch.id.id.clone(), batch: batch.batch().cloned(), has_ended: batch.state() != State::Open }
    }
}

impl Lines {
    /// The line to say now: something has changed and the last line was long enough ago. How all of it ends is for
    /// others to say.
    fn next(&mut self, now: Duration) -> Option<String> {
        let is_early = self.said.as_ref().is_some_and(|(time, _)| now < time.saturating_add(LINE_PAUSE));
        if is_early || self.batches.iter().all(|line| line.has_ended) {
            return None;
        }
        let text = self.text()?;
        if self.said.as_ref().is_some_and(|(_, said)| *said == text) {
            return None;
        }
        self.said = Some((now, text.clone()));
        Some(text)
    }

    fn text(&self) -> Option<String> {
        if let [line] = self.batches.as_slice() {
            return Some(format!("`{}` is {}", line.id, standing(line.batch.as_ref()?)));
        }
        let known: Vec<_> = self.batches.iter().filter_map(|line| line.batch.as_ref()).collect();
        let sum = |count: fn(&FileCounts) -> Option<u64>| {
            known.iter().filter_map(|batch| count(&batch.file_counts)).reduce(u64::saturating_add)
        };
        let all = FileCounts {
            completed: sum(|counts| counts.completed),
            in_progress: sum(|counts| counts.in_progress),
            failed: sum(|counts| counts.failed),
            cancelled: sum(|counts| counts.cancelled),
            total: sum(|counts| counts.total),
        };
        let ended = self.batches.iter().filter(|line| line.has_ended).count();
        let of_all = all.total.map(|total| format!("of {total} files ")).unwrap_or_default();
        let files = counts(&all);
        let files = if files.is_empty() { String::new() } else { format!("; {of_all}{}", files.join(", ")) };
        Some(format!("{ended} of {} file batches have ended{files}", self.batches.len()))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Line, Lines};
    use crate::api::types::FileBatch;

    fn line(status: &str, completed: u64) -> Line {
        let json = format!(
            r#"{{"id":"b","object":"vector_store.file_batch","status":"{status}","file_counts":{{"completed":{completed},"in_progress":{},"failed":0,"cancelled":0,"total":9}}}}"#,
            9 - completed
        );
        Line { id: "b".to_owned(), batch: FileBatch::read(&json), has_ended: status == "completed" }
    }

    fn seconds(count: u64) -> Duration {
        Duration::from_secs(count)
    }

    #[test]
    fn a_line_is_said_at_a_change_and_not_too_often() {
        let mut lines = Lines { batches: vec![line("in_progress", 0)], said: None };
        let first = "`b` is in_progress: 0 of 9 files completed, 9 in progress";
        assert_eq!(lines.next(seconds(1)).as_deref(), Some(first));
        lines.batches = vec![line("in_progress", 4)];
        assert_eq!(lines.next(seconds(15)), None, "too early");
        let second = "`b` is in_progress: 4 of 9 files completed, 5 in progress";
        assert_eq!(lines.next(seconds(16)).as_deref(), Some(second));
        assert_eq!(lines.next(seconds(60)), None, "nothing has changed");
        lines.batches = vec![line("completed", 9)];
        assert_eq!(lines.next(seconds(90)), None, "how it ended is said elsewhere");
    }

    #[test]
    fn several_batches_have_one_line() {
        let unknown = Line { id: "c".to_owned(), batch: None, has_ended: false };
        let mut lines = Lines { batches: vec![line("completed", 9), line("in_progress", 2), unknown], said: None };
        let text = "1 of 3 file batches have ended; of 18 files 11 completed, 7 in progress";
        assert_eq!(lines.next(seconds(0)).as_deref(), Some(text));
        let without_counts = FileBatch::read(r#"{"id":"b","object":"vector_store.file_batch","status":"completed"}"#);
        lines.batches = vec![line("in_progress", 0), line("completed", 0)];
        for line in &mut lines.batches {
            line.batch.clone_from(&without_counts);
        }
        assert_eq!(lines.next(seconds(15)).as_deref(), Some("1 of 2 file batches have ended"));
    }
}
