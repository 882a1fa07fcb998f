//! The one way the tests run the command: with an environment of its own, nothing on its standard input, and an end
//! to everything.

use std::env;
use std::ops::{Deref, DerefMut};
use std::path::Path;
use std::process::{self, ExitStatus, Stdio};
use std::time::Duration;

use tempfile::TempDir;

use super::server::Server;

/// How long any command may run.
pub const LIMIT: Duration = Duration::from_secs(60);

/// The key every command under test has, unless it is to have none.
pub const KEY: &str = "sk-test-key";

/// A command together with the home it was given, which goes when the command does.
pub struct Vsfb<C = assert_cmd::Command> {
    command: C,
    home: TempDir,
}

impl<C> Vsfb<C> {
    /// The folder that is its `HOME`, and under which its `XDG_*` folders are.
    pub fn home(&self) -> &Path {
        self.home.path()
    }
}

impl<C> Deref for Vsfb<C> {
    type Target = C;

    fn deref(&self) -> &C {
        &self.command
    }
}

impl<C> DerefMut for Vsfb<C> {
    fn deref_mut(&mut self) -> &mut C {
        &mut self.command
    }
}

/// The command with a key and nowhere to send it but the address it is built with.
pub fn vsfb() -> Vsfb {
    let Vsfb { command, home } = spawnable_vsfb();
    let mut command = assert_cmd::Command::from_std(command);
    // assert_cmd gives it a pipe to read from, which is closed at once only where something is written to it.
    command.timeout(LIMIT).write_stdin("");
    Vsfb { command, home }
}

/// What a command can talk to.
pub trait HasBaseUrl {
    /// Its URL as `OPENAI_BASE_URL` takes it.
    fn base_url(&self) -> String;
}

impl HasBaseUrl for Server {
    fn base_url(&self) -> String {
        Self::base_url(self)
    }
}

/// The command that talks to this server.
pub fn vsfb_at(server: &impl HasBaseUrl) -> Vsfb {
    let mut vsfb = vsfb();
    vsfb.env("OPENAI_BASE_URL", server.base_url());
    vsfb
}

/// The command without a key.
pub fn vsfb_without_key() -> Vsfb {
    let mut vsfb = vsfb();
    vsfb.env_remove("OPENAI_API_KEY");
    vsfb
}

/// The command as the standard library runs it: to be started and watched, or run in a terminal.
///
/// It must be kept in a variable while the command runs: its home goes with it.
pub fn spawnable_vsfb() -> Vsfb<process::Command> {
    #[cfg(unix)]
    heed_signals();
    let home = TempDir::new().expect("a temporary folder");
    let mut command = process::Command::new(assert_cmd::cargo::cargo_bin!("vsfb"));
    command.env_clear().stdin(Stdio::null());
    // Nobody is there who could leave a pager.
    command.env("CI", "true");
    command.env("HOME", home.path()).env("TZ", "UTC").env("OPENAI_API_KEY", KEY);
    for (name, folder) in [
        ("XDG_CONFIG_HOME", "config"),
        ("XDG_DATA_HOME", "data"),
        ("XDG_STATE_HOME", "state"),
        ("XDG_CACHE_HOME", "cache"),
        ("XDG_RUNTIME_DIR", "run"),
    ] {
        command.env(name, home.path().join(folder));
    }
    // Windows has no sockets without the first; a coverage run counts nothing without the second.
    for name in ["SystemRoot", "LLVM_PROFILE_FILE"] {
        if let Some(value) = env::var_os(name) {
            command.env(name, value);
        }
    }
    Vsfb { command, home }
}

/// Sees to it that commands are born with an open ear for signals, also where whoever runs the tests has none: a shell's
/// background jobs and `nohup` ignore some, and so would their children. What this process handles, they have as the system
/// has it.
#[cfg(unix)]
fn heed_signals() {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:")).unwrap_or_default();
        let ignored = u64::from_str_radix(ignored.trim(), 16).unwrap_or_default();
        for signal in [SIGHUP, SIGINT, SIGQUIT, SIGTERM].into_iter().filter(|signal| ignored >> (signal - 1) & 1 == 1) {
            signal_hook::flag::register(signal, std::sync::Arc::default()).expect("a signal can be handled");
        }
    });
}

/// The same for this server.
pub fn spawnable_vsfb_at(server: &impl HasBaseUrl) -> Vsfb<process::Command> {
    let mut vsfb = spawnable_vsfb();
    vsfb.env("OPENAI_BASE_URL", server.base_url());
    vsfb
}

/// Everything a command leaves behind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The exit code, or 128 and the signal that ended it, as a shell says it.
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Outcome {
    /// A success that printed this and complained of nothing.
    pub fn success(stdout: impl Into<String>) -> Self {
        Self { code: 0, stdout: stdout.into(), stderr: String::new() }
    }

    /// A failure that printed nothing but this complaint.
    pub fn failure(code: i32, stderr: impl Into<String>) -> Self {
        Self { code, stdout: String::new(), stderr: stderr.into() }
    }

    /// What a command left behind, from its bytes.
    pub fn new(status: ExitStatus, stdout: Vec<u8>, stderr: Vec<u8>) -> Self {
        let text = |bytes| String::from_utf8(bytes).expect("what a command prints is UTF-8");
        Self { code: exit_code(status), stdout: text(stdout), stderr: text(stderr) }
    }
}

fn exit_code(status: ExitStatus) -> i32 {
    #[cfg(unix)]
    let signal = std::os::unix::process::ExitStatusExt::signal(&status);
    #[cfg(not(unix))]
    let signal = None;
    status.code().or(signal.map(|number: i32| 128 + number)).expect("a code or a signal")
}

/// Runs a command to its end.
pub fn run(command: &mut assert_cmd::Command) -> Outcome {
    let output = command.output().expect("the command can be started");
    Outcome::new(output.status, output.stdout, output.stderr)
}
