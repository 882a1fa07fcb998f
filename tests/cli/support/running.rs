//! A command that is looked at while it runs, and the watch that ends whatever runs too long.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread::{self, JoinHandle};
use std::time::{Duration, SystemTime};

use super::command::{LIMIT, Outcome};

/// Starts a command whose output is to be looked at while it runs.
pub fn start(command: &mut Command) -> Running {
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the command can be started");
    let stdout = BufReader::new(child.stdout.take().unwrap());
    let stderr = Heard::of(child.stderr.take().unwrap());
    Running { stdout, stderr, child: Limited::new(child), seen: String::new() }
}

/// A command that runs.
pub struct Running {
    child: Limited,
    stdout: BufReader<ChildStdout>,
    stderr: Heard,
    seen: String,
}

impl Running {
    /// Waits for the next line of its standard output, and gives it without its end.
    pub fn next_line(&mut self) -> String {
        let start = self.seen.len();
        self.stdout.read_line(&mut self.seen).expect("what a command prints is UTF-8");
        self.seen[start..].trim_end_matches('\n').to_owned()
    }

    /// Waits until it has said this on its standard error.
    pub fn await_said(&self, text: &str) {
        self.stderr.wait_for(text);
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
        Outcome::new(status, self.seen.into_bytes(), self.stderr.finish())
    }

    /// Waits for its end. The outcome has all of its output, the lines seen before included.
    pub fn finish(mut self) -> Outcome {
        self.stdout.read_to_string(&mut self.seen).expect("what a command prints is UTF-8");
        self.stop_reading()
    }
}

/// What has come in so far, read on a thread of its own.
struct Heard {
    bytes: Arc<(Mutex<Vec<u8>>, Condvar)>,
    reader: JoinHandle<()>,
}

impl Heard {
    fn of(mut from: impl Read + Send + 'static) -> Self {
        let bytes = Arc::<(Mutex<Vec<u8>>, Condvar)>::default();
        let heard = Arc::clone(&bytes);
        let reader = thread::spawn(move || {
            let mut piece = [0; 4096];
            while let Ok(count @ 1..) = from.read(&mut piece) {
                heard.0.lock().unwrap().extend_from_slice(&piece[..count]);
                heard.1.notify_all();
            }
        });
        Self { bytes, reader }
    }

    fn wait_for(&self, text: &str) {
        let is_missing = |bytes: &mut Vec<u8>| !String::from_utf8_lossy(bytes).contains(text);
        let bytes = self.bytes.0.lock().unwrap();
        let (bytes, waited) = self.bytes.1.wait_timeout_while(bytes, LIMIT / 2, is_missing).unwrap();
        let seen = String::from_utf8_lossy(&bytes).into_owned();
        // The lock must be free before a panic, or the reader fails as well.
        drop(bytes);
        assert!(!waited.timed_out(), "{text:?} is not in {seen:?}");
    }

    fn finish(self) -> Vec<u8> {
        self.reader.join().unwrap();
        std::mem::take(&mut self.bytes.0.lock().unwrap())
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

/// Waits until the next second of the clock: the service counts in seconds, and what is made later is to be younger than
/// what is there.
pub fn let_a_second_begin() {
    let second = || SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("it is later").as_secs();
    let start = second();
    while second() == start {
        thread::yield_now();
    }
}
