//! Ctrl-C and SIGTERM while there is something to be said or done before the end.

use std::io;
#[cfg(unix)]
use std::{fs, thread};

#[cfg(unix)]
use signal_hook::consts::{SIGINT, SIGTERM};
#[cfg(unix)]
use signal_hook::iterator::Signals;
#[cfg(unix)]
use signal_hook::low_level::emulate_default_handler;

use crate::exit::Exit;
#[cfg(unix)]
use crate::output;

/// From now on, `tell` hears of the first signal, with the status to end with; the second ends the process at once.
/// Signals that whoever started this process wants ignored stay so.
///
/// # Errors
/// When the system refuses.
#[cfg(unix)]
pub(crate) fn on_first(tell: impl Fn(Exit) + Send + 'static) -> io::Result<()> {
    // There is no such file but on Linux; elsewhere both are caught.
    let process = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let caught: Vec<_> = [SIGINT, SIGTERM].into_iter().filter(|number| !is_ignored(*number, &process)).collect();
    let mut signals = Signals::new(caught)?;
    let listen = move || {
        let mut has_come = false;
        for signal in signals.forever() {
            // Ctrl-C in a pager is meant for the pager, also where it is heard of late.
            if signal == SIGINT && output::was_opened() {
                continue;
            }
            if has_come {
                let _ = emulate_default_handler(signal);
            }
            has_come = true;
            output::ending();
            tell(if signal == SIGINT { Exit::Interrupted } else { Exit::Terminated });
        }
    };
    thread::Builder::new().spawn(listen)?;
    Ok(())
}

/// Elsewhere Ctrl-C ends the process at once.
#[cfg(not(unix))]
pub(crate) fn on_first(_tell: impl Fn(Exit) + Send + 'static) -> io::Result<()> {
    Ok(())
}

/// Whether the status of a process, as Linux shows it, has this signal among the ignored.
#[cfg(unix)]
fn is_ignored(number: i32, process: &str) -> bool {
    let mask = process.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or_default();
    mask >> (number - 1) & 1 == 1
}

#[cfg(all(test, unix))]
mod tests {
    use super::is_ignored;

    #[test]
    fn ignored_signals_are_the_bits_of_a_mask() {
        let process = "Name:\tvsfb\nSigBlk:\t0000000000000007\nSigIgn:\t0000000000000002\n";
        assert!(is_ignored(2, process) && !is_ignored(15, process));
        assert!(!is_ignored(2, ""));
    }
}
