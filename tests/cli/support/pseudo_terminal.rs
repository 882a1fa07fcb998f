//! A pseudo-terminal, for the tests and the benchmarks.

use std::fs::File;
use std::os::fd::OwnedFd;

use rustix::fs::{Mode, OFlags};
use rustix::io::FdFlags;
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, OptionalActions, OutputModes, Winsize, tcgetattr, tcsetattr, tcsetwinsize};

/// A new one of this size: the end where a person would sit, and the end for the command. It shows nothing of what is typed,
/// and `\n` as `\n`.
pub fn open(columns: u16, rows: u16) -> (File, OwnedFd) {
    // Neither end may become the controlling terminal of this process.
    let near_end = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a pseudo-terminal");
    rustix::io::fcntl_setfd(&near_end, FdFlags::CLOEXEC).expect("a flag can be set");
    grantpt(&near_end).expect("the far end is this user's");
    unlockpt(&near_end).expect("the far end can be opened");
    let name = ptsname(&near_end, Vec::new()).expect("the far end has a name");
    let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC;
    let far_end = rustix::fs::open(name, flags, Mode::empty()).expect("the far end can be opened");

    let size = Winsize { ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 };
    tcsetwinsize(&far_end, size).expect("a terminal has a size");
    let mut modes = tcgetattr(&far_end).expect("a terminal has modes");
    modes.output_modes.remove(OutputModes::OPOST);
    modes.local_modes.remove(LocalModes::ECHO);
    tcsetattr(&far_end, OptionalActions::Now, &modes).expect("a terminal's modes can be set");
    (File::from(near_end), far_end)
}
