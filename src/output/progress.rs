//! How far the batches are that are waited for: bars on a terminal, else a line on stderr now and then.

use std::fmt::Write;
use std::time::Duration;

use indicatif::{HumanDuration, ProgressBar, ProgressState, ProgressStyle};

use super::Messages;
use super::bars::Bars;
use super::human::{counts, standing};
use super::style::safe_line;
use crate::api::types::{FileBatch, FileCounts};
use crate::poll::{Awaited, State, Watch};

/// The least time between two lines.
const LINE_PAUSE: Duration = Duration::from_secs(15);
/// How many bars of batches that have ended may stay among the others.
const MOST_ENDED: usize = 10;

/// Shows progress on stderr until it is dropped.
pub(crate) struct Progress {
    messages: Messages,
    way: Way,
}

enum Way {
    /// Nothing is wanted.
    Silent,
    Lines(Lines),
    Bars(BatchBars),
}

/// A bar for each batch.
struct BatchBars {
    _shown: Bars,
    each: Vec<ProgressBar>,
    room: Room,
}

/// How much a bar may show without a second line. What is wider than foreseen is cut off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Room {
    Little,
    Some,
    Plenty,
}

impl Progress {
    /// `watch` is a wait that begins now. One that only looks once has no progress.
    pub(crate) fn new(watch: &Watch, messages: Messages) -> Self {
        let batches = watch.batches();
        // Traces and bars would write over each other.
        let way = if messages.quiet || watch.looks_once() {
            Way::Silent
        } else if messages.style.terminal && !messages.debug {
            Way::Bars(BatchBars::new(batches, Room::within(messages.style.width)))
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
            Way::Bars(bars) => bars.update(index, batch),
        }
    }
}

impl BatchBars {
    fn new(batches: &[Awaited], room: Room) -> Self {
        let shown = Bars::show();
        let bar = |batch: &Awaited| {
            let bar = shown.all().add(ProgressBar::no_length().with_style(room.style(false)));
            bar.with_prefix(room.name(&safe_line(&batch.id.id)))
        };
        let each = batches.iter().map(bar).collect();
        Self { _shown: shown, each, room }
    }

    fn update(&self, index: usize, batch: &Awaited) {
        let (Some(bar), Some(known)) = (self.each.get(index), batch.batch()) else { return };
        let known = &known.file_counts;
        let done = [known.completed, known.failed, known.cancelled].into_iter().flatten().sum();
        let is_first = bar.length().is_none();
        if let Some(total) = known.total {
            bar.set_length(total);
        }
        bar.set_position(done);
        if is_first && known.total.is_some() {
            // What was done before is no part of the rate.
            bar.reset_eta();
            bar.set_style(self.room.style(true));
        }
        bar.set_message(self.room.states(known));
        match batch.state() {
            State::Open => {}
            _ if self.each.len() > MOST_ENDED => bar.finish_and_clear(),
            _ => {
                bar.set_style(self.room.style(false));
                bar.abandon();
            }
        }
    }
}

impl Room {
    const fn within(width: Option<u16>) -> Self {
        match width {
            Some(..60) => Self::Little,
            Some(60..120) => Self::Some,
            Some(120..) | None => Self::Plenty,
        }
    }

    /// Batch, bar, files that are done and those there are, states; rate and time left where something moves.
    fn style(self, moves: bool) -> ProgressStyle {
        let bar = match self {
            Self::Little => 5,
            Self::Some => 10,
            Self::Plenty => 20,
        };
        let speed = match self {
            _ if !moves => "",
            Self::Little => " {left}",
            Self::Some | Self::Plenty => " {rate} ETA {left}",
        };
        let template = format!("{{prefix}} [{{bar:{bar}}}] {{pos}}/{{len}}{speed} {{wide_msg}}");
        let style = ProgressStyle::with_template(&template).unwrap_or_else(|_| ProgressStyle::default_bar());
        style.with_key("rate", write_rate).with_key("left", write_left)
    }

    /// The id, or enough of it to tell it from others.
    fn name(self, id: &str) -> String {
        let most = match self {
            Self::Little => 10,
            Self::Some => 16,
            Self::Plenty => usize::MAX,
        };
        if id.chars().count() <= most { id.to_owned() } else { id.chars().take(most - 1).chain(['…']).collect() }
    }

    /// The files by their states, but for those that the bar tells of where there is less room.
    fn states(self, known: &FileCounts) -> String {
        let in_progress = known.in_progress.filter(|_| self == Self::Plenty);
        let completed = known.completed.filter(|_| self != Self::Little);
        counts(&FileCounts { completed, in_progress, ..*known }).join(", ")
    }
}

fn write_rate(state: &ProgressState, out: &mut dyn Write) {
    // Writing to a text cannot fail.
    let _ = write!(out, "{:.1}/s", state.per_sec());
}

fn write_left(state: &ProgressState, out: &mut dyn Write) {
    let _ = if state.per_sec() > 0.0 { write!(out, "{:#}", HumanDuration(state.eta())) } else { out.write_str("-") };
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
        let looked_at = self.batches.iter().filter(|line| line.batch.is_some()).count();
        let place = if looked_at < self.batches.len() { format!("in {looked_at} of them ") } else { String::new() };
        let of_all = all.total.map(|total| format!("of {total} files {place}")).unwrap_or_default();
        let files = counts(&all);
        let files = if files.is_empty() { String::new() } else { format!("; {of_all}{}", files.join(", ")) };
        Some(format!("{ended} of {} file batches have ended{files}", self.batches.len()))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Line, Lines, Room};
    use crate::api::types::{FileBatch, FileCounts};

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
        let text = "1 of 3 file batches have ended; of 18 files in 2 of them 11 completed, 7 in progress";
        assert_eq!(lines.next(seconds(0)).as_deref(), Some(text));
        let without_counts = FileBatch::read(r#"{"id":"b","object":"vector_store.file_batch","status":"completed"}"#);
        lines.batches = vec![line("in_progress", 0), line("completed", 0)];
        for line in &mut lines.batches {
            line.batch.clone_from(&without_counts);
        }
        assert_eq!(lines.next(seconds(15)).as_deref(), Some("1 of 2 file batches have ended"));
    }

    #[test]
    fn the_narrower_a_terminal_is_the_less_a_bar_tells() {
        let known = FileCounts {
            completed: Some(1),
            in_progress: Some(2),
            failed: Some(3),
            cancelled: Some(0),
            total: Some(6),
        };
        for (width, name, states) in [
            (Some(59), "vsfb_0123…", "3 failed"),
            (Some(60), "vsfb_0123456789…", "1 completed, 3 failed"),
            (Some(120), "vsfb_0123456789abcdef", "1 completed, 3 failed, 2 in progress"),
            (None, "vsfb_0123456789abcdef", "1 completed, 3 failed, 2 in progress"),
        ] {
            let room = Room::within(width);
            assert_eq!((room.name("vsfb_0123456789abcdef").as_str(), room.states(&known).as_str()), (name, states));
            assert_eq!(room.name("vsfb_01234"), "vsfb_01234");
        }
    }
}
