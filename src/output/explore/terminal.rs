//! The terminal as the explorer has it: keys as they are typed, a screen of its own; and all as it was once that is over,
//! however it ends.

use std::fs::File;
use std::io::{self, Write as _};
use std::sync::{Mutex, Once, PoisonError, TryLockError};
use std::time::{Duration, Instant};
use std::{panic, thread};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::retry_on_intr;
use rustix::stdio;
use rustix::termios::{OptionalActions, Termios, tcgetattr, tcsetattr};
use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGWINCH};
use signal_hook::iterator::Signals;
use signal_hook::low_level::emulate_default_handler;

use super::keys::{Decoder, Key};
use crate::output::held;
use crate::output::keyboard::keyboard;

/// The other screen, empty, without a cursor.
const ENTER: &[u8] = b"\x1b[?1049h\x1b[?25l\x1b[0m\x1b[2J";
const LEAVE: &[u8] = b"\x1b[0m\x1b[?25h\x1b[?1049l";
/// How much is written at once; between the pieces it is seen that the screen has been left.
const PIECE: usize = 4096;
/// How long the rest of a key's bytes may take.
const KEY_GAP: Timespec = Timespec { tv_sec: 0, tv_nsec: 100_000_000 };
/// How long a terminal that takes nothing is waited for where a panic or a signal ends the program.
const LAST_WORD: Duration = Duration::from_millis(200);
/// How often it is then seen whether it has taken what is being written.
const LOOK: Duration = Duration::from_millis(10);

/// What is to be given back, while the screen is ours. There is one terminal, and a panic or a signal may come on any thread.
static TAKEN: Mutex<Option<Taken>> = Mutex::new(None);
/// Held by whoever writes, so that nothing of a screen comes after what leaves it.
static WRITING: Mutex<()> = Mutex::new(());

struct Taken {
    keyboard: File,
    modes: Termios,
}

/// What comes from the terminal.
pub(super) enum Input {
    Key(Key),
    /// It has another size now.
    Resized,
    /// Nothing will be typed any more.
    Gone,
}

/// The terminal for as long as this lives.
pub(super) struct Terminal(());

impl Terminal {
    /// Takes the terminal. `tell` hears of what is typed and of the size, on threads that are never waited for.
    ///
    /// # Errors
    /// When the system refuses.
    pub(super) fn take(tell: impl Fn(Input) + Clone + Send + 'static) -> io::Result<Self> {
        let keyboard = keyboard()?;
        let listener = keyboard.try_clone()?;
        restore_on_panic();
        watch_signals(tell.clone())?;
        let modes = tcgetattr(&keyboard)?;
        let mut raw = modes.clone();
        raw.make_raw();
        *TAKEN.lock().unwrap_or_else(PoisonError::into_inner) = Some(Taken { keyboard, modes });
        let terminal = Self(());
        held::hold();
        tcsetattr(&listener, OptionalActions::Now, &raw)?;
        write(ENTER)?;
        thread::Builder::new().name("keys".to_owned()).spawn(move || listen(&listener, tell))?;
        Ok(terminal)
    }

    /// Columns and rows. A size that no screen has, such as none at all, is not believed.
    pub(super) fn size() -> (u16, u16) {
        let size = terminal_size::terminal_size_of(io::stdout()).map(|(width, height)| (width.0, height.0));
        let (width, height) = size.filter(|(width, height)| *width > 0 && *height > 0).unwrap_or((80, 24));
        (width.min(1000), height.min(400))
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        if give_back() {
            let _writing = WRITING.lock().unwrap_or_else(PoisonError::into_inner);
            say_last();
        }
    }
}

/// Writes to the screen, unless it has been left.
pub(super) fn write(bytes: &[u8]) -> io::Result<()> {
    for piece in bytes.chunks(PIECE) {
        let _writing = WRITING.lock().unwrap_or_else(PoisonError::into_inner);
        if TAKEN.lock().unwrap_or_else(PoisonError::into_inner).is_some() {
            write_all(piece)?;
        }
    }
    Ok(())
}

/// Not through `std`, whose lock is held while a slow terminal takes its time.
fn write_all(mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        let count = retry_on_intr(|| rustix::io::write(stdio::stdout(), bytes))?;
        bytes = bytes.get(count..).unwrap_or_default();
    }
    Ok(())
}

/// Gives the keyboard back as it was. Not if that has been done.
fn give_back() -> bool {
    let Some(taken) = TAKEN.lock().unwrap_or_else(PoisonError::into_inner).take() else { return false };
    let _ = tcsetattr(&taken.keyboard, OptionalActions::Now, &taken.modes);
    true
}

/// Leaves the screen and says what was held back meanwhile.
fn say_last() {
    let _ = write_all(LEAVE);
    let _ = io::stderr().write_all(held::release().as_bytes());
}

/// Gives the terminal back where the program ends at once. A terminal that takes nothing does not keep it from ending.
fn restore() {
    if !give_back() {
        return;
    }
    let deadline = Instant::now() + LAST_WORD;
    let writing = loop {
        match WRITING.try_lock() {
            Ok(writing) => break Some(writing),
            Err(TryLockError::Poisoned(writing)) => break Some(writing.into_inner()),
            Err(TryLockError::WouldBlock) if Instant::now() < deadline => thread::sleep(LOOK),
            Err(TryLockError::WouldBlock) => break None,
        }
    };
    let left = Timespec::try_from(deadline.saturating_duration_since(Instant::now())).ok();
    let stdout = stdio::stdout();
    let mut room = [PollFd::new(&stdout, PollFlags::OUT)];
    if writing.is_some() && poll(&mut room, left.as_ref()) == Ok(1) {
        say_last();
    } else {
        // What is said from now on is not kept for nobody.
        drop(held::release());
    }
}

/// Release builds end at a panic without giving anything back, hence a hook.
fn restore_on_panic() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let earlier = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            restore();
            earlier(info);
        }));
    });
}

/// A signal that ends the program ends it here, after the terminal is given back: the other threads may be waiting.
fn watch_signals(tell: impl Fn(Input) + Send + 'static) -> io::Result<()> {
    let mut signals = Signals::new([SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGWINCH])?;
    let watch = move || {
        for signal in signals.forever() {
            if signal == SIGWINCH {
                tell(Input::Resized);
            } else {
                restore();
                let _ = emulate_default_handler(signal);
            }
        }
    };
    thread::Builder::new().name("signals".to_owned()).spawn(watch)?;
    Ok(())
}

/// Tells of the keys until there is nobody who could type.
fn listen(keyboard: &File, tell: impl Fn(Input)) {
    let mut decoder = Decoder::default();
    let mut bytes = [0; 1024];
    loop {
        let mut typed = [PollFd::new(keyboard, PollFlags::IN)];
        if decoder.is_waiting() && poll(&mut typed, Some(&KEY_GAP)) == Ok(0) {
            decoder.settle().map(Input::Key).map(&tell);
            continue;
        }
        match retry_on_intr(|| rustix::io::read(keyboard, &mut bytes)) {
            Ok(0) | Err(_) => return tell(Input::Gone),
            Ok(count) => {
                for key in decoder.keys(bytes.get(..count).unwrap_or_default()) {
                    tell(Input::Key(key));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::env;
    use std::fs::File;
    use std::io::Read as _;
    use std::process::{Command, Stdio};

    use rustix::fs::{Mode, OFlags};
    use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
    use rustix::termios::tcgetattr;

    use super::Terminal;

    #[test]
    #[ignore = "it panics"]
    fn panics_in_the_terminal() {
        let terminal = Terminal::take(drop).unwrap();
        // Release builds end at a panic and drop nothing.
        std::mem::forget(terminal);
        panic!("on purpose");
    }

    #[test]
    fn a_panic_gives_the_terminal_back() {
        let near_end = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&near_end).unwrap();
        unlockpt(&near_end).unwrap();
        let name = ptsname(&near_end, Vec::new()).unwrap();
        let far_end =
            || rustix::fs::open(&name, OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC, Mode::empty()).unwrap();
        let held = far_end();
        let modes = format!("{:?}", tcgetattr(&held).unwrap());
        let mut command = Command::new(env::current_exe().unwrap());
        command.args(["ignored", "exact", "nocapture"].map(|flag| format!("--{flag}")));
        command.arg("output::explore::terminal::tests::panics_in_the_terminal");
        command.stdin(far_end()).stdout(far_end()).stderr(Stdio::piped());
        let output = command.spawn().unwrap().wait_with_output().unwrap();
        drop(command);
        assert_eq!(format!("{:?}", tcgetattr(&held).unwrap()), modes);
        drop(held);
        assert!(String::from_utf8_lossy(&output.stderr).contains("on purpose"), "{output:?}");
        let mut written = Vec::new();
        // A terminal whose last program has gone ends with an error on Linux.
        let _ = File::from(near_end).read_to_end(&mut written);
        let written = String::from_utf8_lossy(&written).into_owned();
        let (_, after) = written.split_once("\u{1b}[?1049h").unwrap();
        assert!(after.contains("\u{1b}[?25h\u{1b}[?1049l"), "{written:?}");
    }
}
