//! How far uploads are: a bar on a terminal, else a line on stderr now and then.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use super::bars::Bars;
use super::{Messages, human};

/// The least time between two lines.
const LINE_PAUSE: Duration = Duration::from_secs(15);
/// Terminals with fewer columns have no room for more than the short bar.
const NARROW: u16 = 80;
const SHORT_BAR: &str = "{msg} [{bar:5}] {percent}%";
const BAR: &str = "{msg} [{bar:20}] {decimal_bytes}/{decimal_total_bytes} {decimal_bytes_per_sec} ETA {eta}";

/// Shows progress on stderr until it is dropped.
pub(crate) struct Transfer {
    messages: Messages,
    bar: Option<(Bars, ProgressBar)>,
    files: usize,
    done: usize,
    bytes: u64,
    said: Instant,
}

impl Transfer {
    /// Of so many files, and so many bytes in them.
    pub(crate) fn new(files: usize, bytes: u64, messages: Messages) -> Self {
        let has_bar = files > 0 && !messages.quiet && messages.style.terminal && !messages.debug;
        let bar = has_bar.then(|| {
            let bar = if messages.style.width.is_some_and(|width| width < NARROW) { SHORT_BAR } else { BAR };
            let style = ProgressStyle::with_template(bar).unwrap_or_else(|_| ProgressStyle::default_bar());
            let shown = Bars::show();
            let bar = shown.all().add(ProgressBar::new(bytes).with_style(style));
            (shown, bar)
        });
        Self { messages, bar, files, done: 0, bytes, said: Instant::now() }
    }

    /// One more file is done with.
    pub(crate) fn count(&mut self) {
        self.done += 1;
    }

    /// So many bytes have been sent in all.
    pub(crate) fn update(&mut self, sent: u64) {
        let text = format!("{} of {} files", self.done, self.files);
        if let Some((_, bar)) = &self.bar {
            bar.set_message(text);
            bar.set_position(sent);
        } else if self.files > 0 && self.said.elapsed() >= LINE_PAUSE {
            self.said = Instant::now();
            self.messages.note(&format!("uploaded {text}, {} of {}", human::bytes(sent), human::bytes(self.bytes)));
        }
    }
}
