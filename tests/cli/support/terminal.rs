//! Runs a command in a pseudo-terminal, or rather in one for each of its standard streams, so that what it writes to
//! the two outputs can be told apart.

use std::fs::File;
use std::io::Write;
use std::os::fd::OwnedFd;
use std::process::{Command, Stdio};
use std::thread::JoinHandle;

use super::command::Outcome;
use super::pseudo_terminal::open;
use super::running::{Limited, read_to_end};

/// A terminal of a size, and which of a command's standard streams are connected to it. The others are a pipe, or
/// nothing to read.
#[derive(Clone, Copy, Default)]
pub struct Terminal<'text> {
    columns: u16,
    rows: u16,
    stdin: Option<&'text str>,
    stdout: bool,
    stderr: bool,
}

impl<'text> Terminal<'text> {
    /// A terminal that nothing is connected to yet.
    pub fn sized(columns: u16, rows: u16) -> Self {
        Self { columns, rows, ..Self::default() }
    }

    /// One that all three streams are connected to, with nobody at the keyboard.
    pub fn around(columns: u16, rows: u16) -> Self {
        Self::sized(columns, rows).typing("").stdout().stderr()
    }

    /// Connects the standard input, on which this is typed. Ctrl-D at the start of a line, `\u{4}`, is its end.
    pub fn typing(self, text: &'text str) -> Self {
        Self { stdin: Some(text), ..self }
    }

    /// Connects the standard output.
    pub fn stdout(self) -> Self {
        Self { stdout: true, ..self }
    }

    /// Connects the standard error.
    pub fn stderr(self) -> Self {
        Self { stderr: true, ..self }
    }

    /// Runs the command to its end. What it wrote is given as it wrote it, `\n` and not `\r\n`.
    pub fn run(self, command: &mut Command) -> Outcome {
        self.start(command).finish()
    }

    /// Starts the command, at which more can be typed while it runs.
    pub fn start(self, command: &mut Command) -> Seated {
        let keyboard = self.stdin.map(|text| {
            let (mut near_end, far_end) = open(self.columns, self.rows);
            near_end.write_all(text.as_bytes()).expect("a terminal can be typed at");
            command.stdin(far_end);
            near_end
        });
        let stdout = self.stdout.then(|| open(self.columns, self.rows));
        let stderr = self.stderr.then(|| open(self.columns, self.rows));
        let (stdout, far_end) = stdout.unzip();
        command.stdout(far_end.map_or_else(Stdio::piped, Stdio::from));
        let (stderr, far_end) = stderr.unzip();
        command.stderr(far_end.map_or_else(Stdio::piped, Stdio::from));

        let mut child = command.spawn().expect("the command can be started");
        // The command holds on to the far ends, and no terminal ends while anybody does.
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let stdout = read_either(stdout, child.stdout.take());
        let stderr = read_either(stderr, child.stderr.take());
        Seated { keyboard, stdout, stderr, child: Limited::new(child) }
    }
}

/// A command that runs in a terminal.
pub struct Seated {
    keyboard: Option<File>,
    stdout: JoinHandle<Vec<u8>>,
    stderr: JoinHandle<Vec<u8>>,
    child: Limited,
}

impl Seated {
    /// Types this. Ctrl-C is `\u{3}`.
    pub fn types(&mut self, text: &str) {
        let keyboard = self.keyboard.as_mut().expect("a keyboard");
        keyboard.write_all(text.as_bytes()).expect("a terminal can be typed at");
    }

    /// Waits for its end.
    pub fn finish(self) -> Outcome {
        let (stdout, stderr) = (self.stdout.join().unwrap(), self.stderr.join().unwrap());
        let status = self.child.wait();
        drop(self.keyboard);
        Outcome::new(status, stdout, stderr)
    }
}

fn read_either<P: Into<OwnedFd>>(terminal: Option<File>, pipe: Option<P>) -> JoinHandle<Vec<u8>> {
    let pipe = || File::from(pipe.expect("a pipe where there is no terminal").into());
    read_to_end(terminal.unwrap_or_else(pipe))
}
