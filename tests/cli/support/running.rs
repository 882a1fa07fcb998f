//! A command that is looked at while it runs, and the watch that ends whatever runs too long.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use super::command::{LIMIT, Outcome};

/// Starts a command whose output is to be looked at while it runs.
pub fn start(command: &mut Command) -> Running {
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the command can be started");
    let stdout = BufReader::new(child.stdout.take().unwrap());
    let stderr = read_to_end(child.stderr.take().unwrap());
    Running { stdout, stderr, child: Limited::new(child), seen: String::new() }
}

/// A command that runs.
pub struct Running {
    child: Limited,
    stdout: BufReader<ChildStdout>,
    stderr: JoinHandle<Vec<u8>>,
    seen: String,
}

impl Running {
    /// Waits for the next line of its standard output, and gives it without its end.
    pub fn next_line(&mut self) -> String {
        let start = self.seen.len();
        self.stdout.read_line(&mut self.seen).expect("what a command prints is UTF-8");
        self.seen[start..].trim_end_matches('\n').to_owned()
    }

    /// Sends it the signal that Ctrl-C sends.
    #[cfg(unix)]
    pub fn interrupt(&self) {
        self.signal(rustix::process::Signal::INT);
    }

    /// Sends it the signal that `kill` sends.
    #[cfg(unix)]
    pub fn terminate(&self) {
        self.signal(rustix::process::Signal::TERM);
    }

    /// Sends it a signal.
    #[cfg(unix)]
    pub fn signal(&self, signal: rustix::process::Signal) {
        let id = rustix::process::Pid::from_child(&self.child.lock());
        rustix::process::kill_process(id, signal).expect("the command is still there");
    }

    /// Closes the reading end of its standard output, as `head` does when it has seen enough. What it had printed by
    /// then is in the outcome as far as [`Running::next_line`] read it.
    pub fn stop_reading(self) -> Outcome {
        drop(self.stdout);
        let status = self.child.wait();
        Outcome::new(status, self.seen.into_bytes(), self.stderr.join().unwrap())
    }

    /// Waits for its end. The outcome has all of its output, the lines seen before included.
    pub fn finish(mut self) -> Outcome {
        self.stdout.read_to_string(&mut self.seen).expect("what a command prints is UTF-8");
        self.stop_reading()
    }
}

/// Reads everything on a thread of its own.
pub fn read_to_end(mut from: impl Read + Send + 'static) -> JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        // A terminal whose last program has gone ends with an error on Linux; what came before it counts.
        let _ = from.read_to_end(&mut bytes);
        bytes
    })
}

/// A child that is killed when it runs too long, or when the test that started it has no more use for it.
pub struct Limited {
    child: Arc<Mutex<Child>>,
    _alive: Sender<()>,
}

impl Limited {
    pub fn new(child: Child) -> Self {
        let child = Arc::new(Mutex::new(child));
        let (alive, ended) = channel();
        thread::spawn({
            let child = Arc::clone(&child);
            move || {
                // Nothing is ever sent: the other end goes with the child's guardian.
                if ended.recv_timeout(LIMIT) == Err(RecvTimeoutError::Timeout) {
                    let _ = child.lock().unwrap().kill();
                }
            }
        });
        Self { child, _alive: alive }
    }

    /// Waits for its end.
    pub fn wait(&self) -> ExitStatus {
        loop {
            if let Some(status) = self.lock().try_wait().expect("the child can be waited for") {
                return status;
            }
            // To wait in the system would be to hold the lock, and nobody could kill it.
            thread::sleep(Duration::from_millis(2));
        }
    }

    fn lock(&self) -> MutexGuard<'_, Child> {
        self.child.lock().unwrap()
    }
}

impl Drop for Limited {
    fn drop(&mut self) {
        // A child that has been waited for is left alone by this.
        let _ = self.lock().kill();
        let _ = self.lock().wait();
    }
}
