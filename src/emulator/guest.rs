//! Runs a command that finds the emulator where it looks for the service, and this program where it looks for `vsfb`.

use std::env::{current_exe, join_paths, split_paths};
use std::ffi::OsString;
use std::io;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus};

use tempfile::TempDir;

#[cfg(unix)]
use super::signals::{Signal, Signals};

/// What clients show as their key. Anything would do.
pub(crate) const API_KEY: &str = "sk-emulator";

/// Where programs are looked for where `PATH` is not set.
const DEFAULT_PATH: &str = if cfg!(unix) { "/usr/bin:/bin" } else { "" };

/// The variables of this process that the command's are made of.
#[derive(Debug, Default)]
pub(crate) struct Inherited {
    pub(crate) path: Option<OsString>,
    /// `NO_PROXY` and `no_proxy`.
    pub(crate) no_proxy: [Option<OsString>; 2],
}

/// How the command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    Exited(u8),
    /// By this signal.
    #[cfg(unix)]
    Killed(i32),
}

impl Ending {
    /// The status to end with. Where one of the signals ended the command that end programs from outside, this ends here
    /// by the same: a shell that runs this must see it to end its script on Ctrl-C.
    pub(crate) fn follow(self) -> u8 {
        match self {
            Self::Exited(status) => status,
            #[cfg(unix)]
            Self::Killed(signal) => {
                use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
                if [SIGHUP, SIGINT, SIGTERM].contains(&signal) {
                    // Where that fails the status says the same.
                    let _ = signal_hook::low_level::emulate_default_handler(signal);
                }
                u8::try_from(128 + signal).unwrap_or(u8::MAX)
            }
        }
    }
}

/// Why the command did not run.
#[derive(Debug)]
pub(crate) enum Unstarted {
    /// Its surroundings could not be made, or it could not be waited for.
    Surroundings(io::Error),
    NotFound,
    NotExecutable(io::Error),
}

/// Where the folder is made that has this program in it.
pub(crate) fn place_of_folder() -> PathBuf {
    std::env::temp_dir()
}

/// A command with its surroundings, which go when this does.
pub(crate) struct Guest {
    command: Command,
    _folder: TempDir,
}

impl Guest {
    /// Prepares a command, the first of these words being its program.
    ///
    /// # Errors
    /// When the folder cannot be made that has this program in it.
    pub(crate) fn new(words: &[OsString], base_url: &str, host: IpAddr, inherited: Inherited) -> io::Result<Self> {
        let mut builder = tempfile::Builder::new();
        builder.prefix("vsfb-");
        // Nobody else is to put a program there.
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
        let folder = builder.tempdir()?;
        place(&current_exe()?, folder.path())?;
        let path = inherited.path.unwrap_or_else(|| DEFAULT_PATH.into());
        let folders = std::iter::once(folder.path().to_owned()).chain(split_paths(&path));
        let path = join_paths(folders).map_err(io::Error::other)?;
        let mut words = words.iter();
        let mut command = Command::new(words.next().map(OsString::as_os_str).unwrap_or_default());
        command.args(words).env("PATH", path).env("OPENAI_BASE_URL", base_url).env("OPENAI_API_KEY", API_KEY);
        // The batches of a service that ends with the command are not to be among those of others.
        command.env("VSFB_JOURNAL", folder.path().join("batches.jsonl"));
        for (name, value) in ["NO_PROXY", "no_proxy"].into_iter().zip(without_proxy(inherited.no_proxy, host)) {
            command.env(name, value);
        }
        Ok(Self { command, _folder: folder })
    }

    /// Runs it to its end, passing on the signals that this process is sent.
    #[cfg(unix)]
    pub(crate) fn run(mut self, signals: &mut Signals) -> Result<Ending, Unstarted> {
        let mut child = self.start()?;
        signals.watch(&child);
        // What came before there was a child has not reached it, whoever sent it.
        pass_on(signals.pending(), &child, |_| true);
        loop {
            if let Some(status) = child.try_wait().map_err(Unstarted::Surroundings)? {
                return Ok(ending(status));
            }
            // Its end is a signal, too. A hangup may reach the leader of a session alone.
            pass_on(signals.wait(), &child, |signal| signal.is_sent || signal.number == signal_hook::consts::SIGHUP);
        }
    }

    /// Runs it to its end.
    #[cfg(not(unix))]
    pub(crate) fn run(mut self) -> Result<Ending, Unstarted> {
        self.start()?.wait().map(ending).map_err(Unstarted::Surroundings)
    }

    fn start(&mut self) -> Result<Child, Unstarted> {
        self.command.spawn().map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => Unstarted::NotFound,
            _ => Unstarted::NotExecutable(error),
        })
    }
}

/// Puts this program into a folder under the name by which it is called.
fn place(program: &Path, folder: &Path) -> io::Result<()> {
    let name = folder.join(format!("vsfb{}", std::env::consts::EXE_SUFFIX));
    #[cfg(unix)]
    return std::os::unix::fs::symlink(program, name);
    #[cfg(not(unix))]
    return std::fs::copy(program, name).map(|_| ());
}

/// `NO_PROXY` and `no_proxy` with this host. Programs disagree on which of them counts, so what only one of them has
/// goes into both.
fn without_proxy(inherited: [Option<OsString>; 2], host: IpAddr) -> [OsString; 2] {
    let [upper, lower] = inherited;
    let either = [upper.clone().or_else(|| lower.clone()), lower.or(upper)];
    either.map(|hosts| {
        let mut hosts = hosts.unwrap_or_default();
        if hosts == "*" {
            // All hosts, but only where it stands alone.
            return hosts;
        }
        if !hosts.is_empty() {
            hosts.push(",");
        }
        hosts.push(host.to_string());
        hosts
    })
}

#[cfg(unix)]
fn pass_on(signals: Vec<Signal>, child: &Child, is_meant: impl Fn(&Signal) -> bool) {
    use signal_hook::consts::SIGCHLD;
    for signal in signals.into_iter().filter(|signal| signal.number != SIGCHLD && is_meant(signal)) {
        if let Some(number) = rustix::process::Signal::from_named_raw(signal.number) {
            // The child has not been waited for, so its id is no other process's.
            let _ = rustix::process::kill_process(rustix::process::Pid::from_child(child), number);
        }
    }
}

fn ending(status: ExitStatus) -> Ending {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return Ending::Killed(signal);
    }
    Ending::Exited(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1))
}

#[cfg(test)]
mod tests {
    use super::without_proxy;

    #[test]
    fn the_address_joins_the_hosts_without_a_proxy() {
        let joined = |upper: Option<&str>, lower: Option<&str>| {
            without_proxy([upper, lower].map(|hosts| hosts.map(Into::into)), [127, 0, 0, 1].into())
        };
        assert_eq!(joined(None, None), ["127.0.0.1", "127.0.0.1"]);
        assert_eq!(joined(Some("a"), None), ["a,127.0.0.1", "a,127.0.0.1"]);
        assert_eq!(joined(None, Some("*")), ["*", "*"]);
        assert_eq!(joined(Some("a,b"), Some("")), ["a,b,127.0.0.1", "127.0.0.1"]);
    }
}
