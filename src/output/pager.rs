//! Where data goes: to stdout, or to the user's pager once it is a list that the terminal has no room for.

use std::io::{self, BufWriter, Stdout, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{Builder, JoinHandle};

use anyhow::{Context as _, bail};
use unicode_width::UnicodeWidthStr as _;

use super::human::reason;
use super::messages::Messages;
use super::{STDOUT, held};

/// The user's pager, and the terminal that it is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pager {
    /// A command line of words, quoted as in a shell, and the variable that has it.
    pub(crate) chosen: Option<(String, &'static str)>,
    /// Whether `less` is told how to behave; a user who has told it already is left alone.
    pub(crate) instructs_less: bool,
    pub(crate) columns: u16,
    pub(crate) rows: u16,
}

/// The pager that is used where nobody names one, if it is there: it quits where one screen is enough, lets colours through,
/// and leaves the text on the terminal.
const DEFAULT: &str = "less -FRX";
/// The same for a `less` that the user has named.
const LESS: &str = "FRX";

/// Whether a list is or was read in a pager. After that nothing is left to be interrupted.
static OPENED: AtomicBool = AtomicBool::new(false);

/// See [`OPENED`].
pub(crate) fn was_opened() -> bool {
    OPENED.load(Ordering::Relaxed)
}

impl Pager {
    /// Starts it; `left` hears when the user has left it. None where nobody asked for one and there is none.
    ///
    /// # Errors
    /// What is wrong with the user's command line, or why it does not start.
    fn start(&self, left: impl FnOnce() + Send + 'static) -> Result<Option<Running>, String> {
        let line = self.chosen.as_ref().map_or(DEFAULT, |(line, _)| line);
        let words = shlex::split(line).filter(|words| !words.is_empty());
        let Some([program, arguments @ ..]) = words.as_deref() else {
            return Err("it is no command line: is a quote open?".to_owned());
        };
        let mut command = Command::new(program);
        command.args(arguments).stdin(Stdio::piped());
        if Path::new(program).file_stem().is_some_and(|name| name == "less") {
            // Colours are colours to it, whatever else the user has told it in LESS.
            command.arg("-R");
        }
        if self.instructs_less {
            command.env("LESS", LESS);
        }
        match Running::start(command, left) {
            Ok(running) => Ok(Some(running)),
            Err(error) if self.chosen.is_none() && error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(reason(&error)),
        }
    }

    /// What is said where it fails.
    fn complaint(&self, what: &str) -> String {
        let pager = match &self.chosen {
            Some((line, name)) => format!("`{line}` ({name})"),
            None => format!("`{DEFAULT}`"),
        };
        format!("the pager {pager} {what}; --no-pager does without")
    }
}

/// A pager that is being read.
struct Running {
    /// Dropped where nothing more comes.
    input: Option<BufWriter<ChildStdin>>,
    ended: JoinHandle<io::Result<ExitStatus>>,
    _signals: Signals,
}

impl Running {
    fn start(mut command: Command, left: impl FnOnce() + Send + 'static) -> io::Result<Self> {
        let signals = Signals::watch()?;
        // Before anybody can type at it.
        OPENED.store(true, Ordering::Relaxed);
        let spawned = signals.aim(|| command.spawn());
        OPENED.store(spawned.is_ok(), Ordering::Relaxed);
        let mut child = spawned?;
        let input = child.stdin.take().map(BufWriter::new);
        let wait = move || {
            let status = child.wait();
            left();
            status
        };
        let ended = Builder::new().name("pager".to_owned()).spawn(wait)?;
        Ok(Self { input, ended, _signals: signals })
    }
}

/// As long as this is there, Ctrl-C is meant for the pager, and a signal that ends this program ends the pager first, which
/// would be left alone with the terminal.
struct Signals {
    /// Whether Ctrl-C is ours again.
    is_over: Arc<AtomicBool>,
    /// The process to end.
    pager: Arc<Mutex<Option<u32>>>,
}

impl Signals {
    fn watch() -> io::Result<Self> {
        let signals = Self { is_over: Arc::default(), pager: Arc::default() };
        #[cfg(unix)]
        signals.listen()?;
        Ok(signals)
    }

    #[cfg(unix)]
    fn listen(&self) -> io::Result<()> {
        use rustix::process::{Pid, Signal, kill_process};
        use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

        signal_hook::flag::register_conditional_default(SIGINT, Arc::clone(&self.is_over))?;
        let mut signals = signal_hook::iterator::Signals::new([SIGHUP, SIGTERM])?;
        let pager = Arc::clone(&self.pager);
        let listen = move || {
            for signal in signals.forever() {
                let pager = *pager.lock().unwrap_or_else(PoisonError::into_inner);
                if let Some(pager) = pager.and_then(|id| Pid::from_raw(i32::try_from(id).ok()?)) {
                    // One that has ended by itself needs no word.
                    let _ = kill_process(pager, Signal::TERM);
                }
                let _ = signal_hook::low_level::emulate_default_handler(signal);
            }
        };
        Builder::new().name("signals".to_owned()).spawn(listen)?;
        Ok(())
    }

    /// Starts the pager. A signal that comes meanwhile waits until it is known what is to be ended.
    fn aim(&self, start: impl FnOnce() -> io::Result<Child>) -> io::Result<Child> {
        let mut pager = self.pager.lock().unwrap_or_else(PoisonError::into_inner);
        let child = start()?;
        *pager = Some(child.id());
        Ok(child)
    }
}

impl Drop for Signals {
    fn drop(&mut self) {
        *self.pager.lock().unwrap_or_else(PoisonError::into_inner) = None;
        self.is_over.store(true, Ordering::Relaxed);
    }
}

/// What becomes of what is written.
enum State {
    Direct,
    /// It may yet fit the terminal.
    Held {
        text: String,
        rows: usize,
        pager: Pager,
        left: Box<dyn FnOnce() + Send>,
    },
    Paged(Pager, Running),
}

/// The way of data to the user.
pub(super) struct Outlet {
    out: BufWriter<Stdout>,
    state: State,
    messages: Messages,
}

impl Outlet {
    pub(super) fn new(messages: Messages) -> Self {
        Self { out: BufWriter::new(io::stdout()), state: State::Direct, messages }
    }

    /// From now on, what is written is held until it is more than the terminal has room for, which is when the pager gets
    /// it, or until [`Outlet::release`]. `left` hears when the user has left the pager.
    pub(super) fn hold(&mut self, pager: Pager, left: impl FnOnce() + Send + 'static) {
        self.state = State::Held { text: String::new(), rows: 0, pager, left: Box::new(left) };
    }

    /// Writes whole lines.
    ///
    /// # Errors
    /// Also [`io::ErrorKind::BrokenPipe`] where the user has left the pager, and what the pager had to complain of.
    pub(super) fn write(&mut self, lines: &str) -> anyhow::Result<()> {
        match &mut self.state {
            State::Direct => self.out.write_all(lines.as_bytes()).context(STDOUT),
            State::Held { text, rows, pager, .. } => {
                text.push_str(lines);
                *rows += lines.lines().map(|line| rows_of(line, pager.columns)).sum::<usize>();
                // The last row is the pager's own, or the next prompt's.
                if *rows < usize::from(pager.rows) { Ok(()) } else { self.page() }
            }
            State::Paged(_, Running { input, .. }) => {
                let written = input.as_mut().map_or(Ok(()), |input| input.write_all(lines.as_bytes()));
                written.or_else(|error| self.release().and(Err(error.into())))
            }
        }
    }

    /// Gives to the pager what is held, if anything is.
    ///
    /// # Errors
    /// Those of [`Outlet::write`].
    pub(super) fn page(&mut self) -> anyhow::Result<()> {
        let (text, pager, left) = match std::mem::replace(&mut self.state, State::Direct) {
            State::Held { text, pager, left, .. } if !text.is_empty() => (text, pager, left),
            other => {
                self.state = other;
                return Ok(());
            }
        };
        match pager.start(left) {
            Ok(Some(running)) => {
                held::hold();
                self.state = State::Paged(pager, running);
            }
            Ok(None) => {}
            Err(why) => self.messages.warning(&pager.complaint(&format!("does not start: {why}"))),
        }
        self.write(&text)?;
        self.flush()
    }

    /// Brings what is not held to the other end.
    ///
    /// # Errors
    /// Those of [`Outlet::write`].
    pub(super) fn flush(&mut self) -> anyhow::Result<()> {
        match &mut self.state {
            State::Paged(_, Running { input: Some(input), .. }) => {
                input.flush().or_else(|error| self.release().and(Err(error.into())))
            }
            _ => self.out.flush().context(STDOUT),
        }
    }

    /// Nothing more comes: writes what is held, or waits until the user has left the pager.
    ///
    /// # Errors
    /// When stdout cannot be written to, or the pager failed: what it was given may not have been seen.
    pub(super) fn release(&mut self) -> anyhow::Result<()> {
        match std::mem::replace(&mut self.state, State::Direct) {
            State::Direct => Ok(()),
            State::Held { text, .. } => {
                self.write(&text)?;
                self.flush()
            }
            State::Paged(pager, Running { input, ended, .. }) => {
                // A pipe that is closed at the other end takes no more, which is the user's right.
                drop(input);
                let status = ended.join();
                self.messages.verbatim(&held::release());
                match status.ok().and_then(Result::ok).and_then(|status| status.code()) {
                    Some(code @ 1..) => bail!(pager.complaint(&format!("ended with exit status {code}"))),
                    // A signal is a way to leave it.
                    _ => Ok(()),
                }
            }
        }
    }
}

/// How many rows of the terminal a line takes.
fn rows_of(line: &str, columns: u16) -> usize {
    let coloured = line.split("\u{1b}[").enumerate();
    let width = |(index, part): (usize, &str)| match part.split_once('m') {
        Some((_, text)) if index > 0 => text.width(),
        _ => part.width(),
    };
    coloured.map(width).sum::<usize>().div_ceil(usize::from(columns.max(1))).max(1)
}

#[cfg(test)]
mod tests {
    use super::rows_of;

    #[test]
    fn a_line_takes_the_rows_that_its_characters_fill() {
        for (line, rows) in [
            ("", 1),
            ("0123456789", 1),
            ("0123456789a", 2),
            ("日本日本日", 1),
            ("日本日本日本", 2),
            ("\u{1b}[1;34m01234\u{1b}[0m: 567", 1),
            ("\u{1b}[32m0123456789a\u{1b}[0m", 2),
        ] {
            assert_eq!(rows_of(line, 10), rows, "{line:?}");
        }
    }
}
