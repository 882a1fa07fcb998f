//! A person at a terminal: one pseudo-terminal for what a command reads and writes, with the screen that a person sees.

use std::fs::File;
use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::process::{Command, Stdio};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{Mode, OFlags};
use rustix::process::{Pid, Signal, kill_process};
use rustix::pty::ptsname;
use rustix::termios::{Winsize, tcgetattr, tcsetwinsize};
use vt100::{Parser, Screen};

use super::command::Outcome;
use super::pseudo_terminal::open;
use super::running::{Limited, read_to_end};

/// How long a screen is waited for.
const PATIENCE: Duration = Duration::from_secs(20);

/// A command with somebody before it.
pub struct Seat {
    terminal: File,
    id: Pid,
    child: Limited,
    parser: Parser,
    /// All that was written.
    bytes: Vec<u8>,
    /// The terminal's modes before the command.
    modes: String,
    /// What is complained of elsewhere.
    stderr: Option<JoinHandle<Vec<u8>>>,
}

/// What a command leaves behind.
pub struct Left {
    pub code: i32,
    pub stderr: String,
    /// What is on the terminal.
    pub screen: String,
    /// All that was written, as it was.
    pub written: String,
}

impl Seat {
    /// Starts the command in a terminal of so many columns and rows. What it complains of goes elsewhere.
    pub fn start(columns: u16, rows: u16, command: &mut Command) -> Self {
        Self::begin((columns, rows), command, false)
    }

    /// The same where what it complains of goes to the terminal as well.
    pub fn start_around(columns: u16, rows: u16, command: &mut Command) -> Self {
        Self::begin((columns, rows), command, true)
    }

    fn begin((columns, rows): (u16, u16), command: &mut Command, hears_all: bool) -> Self {
        let (terminal, far_end) = open(columns, rows);
        let modes = format!("{:?}", tcgetattr(&terminal).expect("a terminal has modes"));
        command.env_remove("CI");
        let second = far_end.try_clone().expect("a second handle");
        let third = far_end.try_clone().expect("a third handle");
        command.stdin(far_end).stdout(second).stderr(if hears_all { Stdio::from(third) } else { Stdio::piped() });
        let mut child = command.spawn().expect("the command can be started");
        // The command holds on to the far ends, and no terminal ends while anybody does.
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let stderr = child.stderr.take().map(read_to_end);
        let id = Pid::from_child(&child);
        let parser = Parser::new(cells(rows), cells(columns), 0);
        Self { terminal, id, child: Limited::new(child), parser, bytes: Vec::new(), modes, stderr }
    }

    /// Types this. Ctrl-C is `\u{3}`.
    pub fn press(&mut self, keys: &str) {
        self.terminal.write_all(keys.as_bytes()).expect("a terminal can be typed at");
    }

    /// Waits until the screen is like this, and gives its text.
    #[track_caller]
    pub fn await_screen(&mut self, is_wanted: impl Fn(&Screen) -> bool) -> String {
        let deadline = Instant::now() + PATIENCE;
        while !is_wanted(self.parser.screen()) {
            let is_on = self.look(deadline);
            assert!(is_on, "the screen stays:\n{}", text(self.parser.screen()));
        }
        text(self.parser.screen())
    }

    /// Waits until the screen shows all of these.
    #[track_caller]
    pub fn await_texts(&mut self, texts: &[&str]) -> String {
        let deadline = Instant::now() + PATIENCE;
        let missing = |seat: &Self| {
            let shown = text(seat.parser.screen());
            texts.iter().find(|text| !shown.contains(**text)).map(|text| (*text).to_owned())
        };
        while let Some(missing) = missing(self) {
            let is_on = self.look(deadline);
            assert!(is_on, "{missing:?} does not come:\n{}", text(self.parser.screen()));
        }
        text(self.parser.screen())
    }

    /// Takes what is written next. Not if nothing is until then, or nothing will be.
    fn look(&mut self, deadline: Instant) -> bool {
        let left = deadline.saturating_duration_since(Instant::now());
        let limit = Timespec::try_from(left).expect("seconds");
        let mut written = [PollFd::new(&self.terminal, PollFlags::IN)];
        if poll(&mut written, Some(&limit)).expect("a terminal can be waited for") == 0 {
            return false;
        }
        let mut piece = [0; 4096];
        // A terminal whose last program has gone ends with an error on Linux.
        let count = self.terminal.read(&mut piece).unwrap_or_default();
        self.parser.process(&piece[..count]);
        self.bytes.extend_from_slice(&piece[..count]);
        count > 0
    }

    /// Gives the terminal another size, and says so: without a session of its own nobody else would.
    pub fn resize(&mut self, columns: u16, rows: u16) {
        let size = Winsize { ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 };
        tcsetwinsize(&self.terminal, size).expect("a terminal has a size");
        self.parser.screen_mut().set_size(cells(rows), cells(columns));
        self.signal(Signal::WINCH);
    }

    /// Sends the command a signal.
    pub fn signal(&self, signal: Signal) {
        kill_process(self.id, signal).expect("the command is still there");
    }

    /// Fills the terminal: until somebody looks again, it takes nothing.
    pub fn fill(&self) {
        let name = ptsname(&self.terminal, Vec::new()).expect("the far end has a name");
        let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC | OFlags::NONBLOCK;
        let far_end = rustix::fs::open(name, flags, Mode::empty()).expect("the far end can be opened");
        // What was taken makes room a moment later, when the system has moved it on.
        let settled = Timespec { tv_sec: 0, tv_nsec: 100_000_000 };
        while poll(&mut [PollFd::new(&far_end, PollFlags::OUT)], Some(&settled)).expect("a terminal can be waited for")
            > 0
        {
            while rustix::io::write(&far_end, b"\r\r\r\r\r\r\r\r").is_ok() {}
        }
    }

    /// Whether the command ends within this time, while nobody looks.
    pub fn ends_within(&self, time: Duration) -> bool {
        let limit = Timespec::try_from(time).expect("seconds");
        poll(&mut [PollFd::new(&self.terminal, PollFlags::empty())], Some(&limit))
            .expect("a terminal can be waited for")
            > 0
    }

    /// Takes the terminal away.
    pub fn hang_up(self) -> Outcome {
        drop(self.terminal);
        let status = self.child.wait();
        Outcome::new(status, Vec::new(), complaints(self.stderr))
    }

    /// Waits for the command's end, at which the terminal has to be as it was.
    #[track_caller]
    pub fn finish(mut self) -> Left {
        let deadline = Instant::now() + PATIENCE;
        while self.look(deadline) {}
        assert!(Instant::now() < deadline, "it does not end:\n{}", text(self.parser.screen()));
        let status = self.child.wait();
        let screen = self.parser.screen();
        assert!(!screen.alternate_screen(), "the other screen is still there");
        assert!(!screen.hide_cursor(), "the cursor is still hidden");
        let modes = tcgetattr(&self.terminal).expect("a terminal has modes");
        assert_eq!(format!("{modes:?}"), self.modes);
        let outcome = Outcome::new(status, self.bytes, complaints(self.stderr));
        Left { code: outcome.code, stderr: outcome.stderr, screen: text(screen), written: outcome.stdout }
    }
}

fn cells(count: u16) -> NonZeroU16 {
    NonZeroU16::new(count).expect("a terminal has room")
}

/// What is on a screen, without the ends of lines that are empty.
pub fn text(screen: &Screen) -> String {
    screen.contents().lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
}

fn complaints(stderr: Option<JoinHandle<Vec<u8>>>) -> Vec<u8> {
    stderr.map(|stderr| stderr.join().expect("a reader")).unwrap_or_default()
}
