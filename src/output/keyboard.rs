//! The keyboard of whoever looks at the terminal.

use std::fs::File;
use std::io::{self, IsTerminal as _};

/// Whether there is one.
pub(crate) fn has_keyboard() -> bool {
    io::stdin().is_terminal() || device().is_ok()
}

/// Standard input, or the terminal that started us where that is something else.
///
/// # Errors
/// When there is none.
#[cfg(unix)]
pub(super) fn keyboard() -> io::Result<File> {
    use std::os::fd::AsFd as _;
    let stdin = io::stdin();
    if stdin.is_terminal() { Ok(stdin.as_fd().try_clone_to_owned()?.into()) } else { device() }
}

fn device() -> io::Result<File> {
    File::options().read(true).write(true).open("/dev/tty")
}
