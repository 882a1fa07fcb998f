//! The signals that end the emulator or are passed on, and who sent them.

use std::fs;
use std::io;
use std::process::Child;
use std::thread;

use rustix::io::retry_on_intr;
use rustix::process::{Pid, WaitId, WaitIdOptions, waitid};
use signal_hook::consts::{SIGALRM, SIGCHLD, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGXCPU};
use signal_hook::iterator::SignalsInfo;
use signal_hook::iterator::exfiltrator::WithOrigin;
use signal_hook::low_level::siginfo::Cause;

/// A signal that has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Signal {
    pub(crate) number: i32,
    /// Whether a process sent it, to this process alone as far as can be told. The terminal sends its signals to all
    /// processes that it has in front.
    pub(crate) is_sent: bool,
}

/// The signals that are caught for as long as this lives.
pub(crate) struct Signals(SignalsInfo<WithOrigin>);

impl Signals {
    /// Those that end a server.
    ///
    /// # Errors
    /// When the system refuses.
    pub(crate) fn that_end() -> io::Result<Self> {
        Self::catch(&[SIGHUP, SIGINT, SIGTERM])
    }

    /// Those that are passed on to a command, and the one that tells of its end.
    ///
    /// # Errors
    /// When the system refuses.
    pub(crate) fn of_guest() -> io::Result<Self> {
        Self::catch(&[SIGALRM, SIGCHLD, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGXCPU])
    }

    /// Catches these, except those that whoever started this process wants ignored, as `nohup` does. The end of a child
    /// is not among them: ignored, it would leave nothing to wait for.
    fn catch(numbers: &[i32]) -> io::Result<Self> {
        // There is no such file but on Linux; elsewhere all of them are caught.
        let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
        let caught = numbers.iter().copied().filter(|number| *number == SIGCHLD || !is_ignored(*number, &status));
        SignalsInfo::new(caught).map(Self)
    }

    /// Ends all waiting when this child has ended. Its own signal does that, too, but whoever started this process may
    /// have blocked that.
    pub(crate) fn watch(&self, child: &Child) {
        let (handle, id) = (self.0.handle(), Pid::from_child(child));
        // Without a thread there is the signal.
        let _ = thread::Builder::new().name("watch".to_owned()).spawn(move || {
            // It is left to be waited for: until then its id is no other process's.
            let ended = retry_on_intr(|| waitid(WaitId::Pid(id), WaitIdOptions::EXITED | WaitIdOptions::NOWAIT));
            if ended.is_ok() {
                handle.close();
            }
        });
    }

    /// Those that have come.
    pub(crate) fn pending(&mut self) -> Vec<Signal> {
        self.0.pending().map(Signal::from).collect()
    }

    /// Waits until some have come.
    pub(crate) fn wait(&mut self) -> Vec<Signal> {
        self.0.wait().map(Signal::from).collect()
    }
}

impl From<signal_hook::low_level::siginfo::Origin> for Signal {
    fn from(origin: signal_hook::low_level::siginfo::Origin) -> Self {
        Self { number: origin.signal, is_sent: matches!(origin.cause, Cause::Sent(_)) }
    }
}

/// Whether the status of a process, as Linux shows it, has this signal among the ignored.
fn is_ignored(number: i32, status: &str) -> bool {
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or_default();
    mask >> (number - 1) & 1 == 1
}

#[cfg(test)]
mod tests {
    use super::is_ignored;

    #[test]
    fn ignored_signals_are_the_bits_of_a_mask() {
        let status = "Name:\tvsfb\nSigBlk:\t0000000000000007\nSigIgn:\t0000000000001001\nSigCgt:\t0000000000004442\n";
        let ignored: Vec<_> = (1..32).filter(|number| is_ignored(*number, status)).collect();
        assert_eq!(ignored, [1, 13]);
        assert!(!is_ignored(1, ""));
    }
}
