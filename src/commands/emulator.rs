//! `vsfb emulator`

use std::collections::hash_map::RandomState;
use std::ffi::OsString;
use std::hash::BuildHasher as _;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context as _, anyhow};
use clap::{ArgAction, Args};

use crate::context::Context;
use crate::emulator::Options;
use crate::emulator::faults::{self, Fault};
use crate::emulator::guest::{API_KEY, Ending, Guest, Inherited, Unstarted, place_of_folder};
use crate::emulator::processing;
use crate::emulator::record::Record;
use crate::emulator::server::{Server, Serving};
#[cfg(unix)]
use crate::emulator::signals::Signals;
use crate::exit::{Exit, StatusError};
use crate::input::{UsageError, reason};
use crate::prose::entries;
use crate::settings::{parse_duration_or_zero, parse_integer};

/// The port without a command, unless `--port` says otherwise. With one nobody needs to know it.
const PORT: u16 = 4010;

/// Run the service on this machine, to try things and to test
///
/// Serves vector stores, files and file batches from memory: no account, no key, no cost, and nothing of it is left
/// afterwards. Any vector store and any file counts as there already, unless --strict says otherwise; files take their
/// time to be processed, and what can go wrong with the service goes wrong on demand.
///
/// With a COMMAND it runs that one against itself, with `OPENAI_BASE_URL` and `OPENAI_API_KEY` set and this very vsfb first on
/// PATH, and ends as the command does. Without, it prints what to set, and serves until Ctrl-C.
#[derive(Args, Debug)]
#[command(
    override_usage = "vsfb emulator [OPTIONS]\n       vsfb emulator [OPTIONS] -- <COMMAND>...",
    after_long_help = "Exit status:
  0    ended by Ctrl-C, SIGTERM or SIGHUP
  1    it cannot listen, or the record cannot be written
  2    a flag cannot be right; nothing was run
  126  COMMAND cannot be run
  127  there is no such COMMAND
  N    what COMMAND ended with; 128 and the signal's number where a signal ended it

Examples:
  vsfb emulator -- vsfb create vs_demo --file-id file-a --file-id file-b --format table
  vsfb emulator --file-time 0 -- sh -c 'vsfb create vs_demo --file-id file-a | vsfb retrieve'
  vsfb emulator --port 0 --strict --record requests.jsonl
  vsfb emulator --list-faults"
)]
pub(crate) struct EmulatorArgs {
    /// The command to run, with its arguments
    #[arg(last = true, value_name = "COMMAND", help_heading = "Target", hide_short_help = true)]
    command: Vec<OsString>,

    /// The address to listen on, or `localhost`
    #[arg(long, help_heading = "Listening", value_name = "ADDRESS", default_value = "127.0.0.1", value_parser = parse_host, hide_short_help = true)]
    host: IpAddr,

    /// The port; 0 is any free one [default: 4010]
    ///
    /// With a COMMAND it is by default a free one.
    #[arg(long, help_heading = "Listening", value_name = "PORT", value_parser = parse_port)]
    port: Option<u16>,

    /// Let other machines in; whoever reaches the port can use it
    #[arg(long, help_heading = "Listening", hide_short_help = true)]
    allow_remote: bool,

    /// How long a file takes to process
    ///
    /// Such as `0`, `500ms` or `2s`.
    #[arg(long, help_heading = "Behaviour", value_name = "DURATION", default_value = "200ms", value_parser = parse_duration_or_zero)]
    file_time: Duration,

    /// How many files of a batch are processed at once
    #[arg(long, help_heading = "Behaviour", value_name = "NUMBER", default_value = "10", value_parser = parse_parallel, hide_short_help = true)]
    parallel: usize,

    /// Only what was created here exists
    #[arg(long, help_heading = "Behaviour")]
    strict: bool,

    /// Whether limits per minute hold
    ///
    /// Those of the service.
    #[arg(long, help_heading = "Behaviour", value_name = "WHETHER", default_value = "off", value_parser = ["on", "off"])]
    limits: String,

    /// What goes wrong; repeatable
    ///
    /// The header `X-Vsfb-Fault` does the same for one request.
    #[arg(long, help_heading = "Behaviour", value_name = "NAME[=VALUE]", action = ArgAction::Append, value_parser = Fault::parse)]
    fault: Vec<Fault>,

    /// Show what can go wrong, and end
    #[arg(long, help_heading = "Behaviour")]
    list_faults: bool,

    /// What ids and chance are made from
    ///
    /// The same number and the same requests give the same answers [default: random]
    #[arg(long, help_heading = "Behaviour", value_name = "NUMBER", value_parser = parse_seed)]
    seed: Option<u64>,

    /// Append each request to this file
    ///
    /// As a line of JSON, without headers.
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    record: Option<PathBuf>,
}

pub(crate) fn run(args: EmulatorArgs, context: &mut Context) -> anyhow::Result<Exit> {
    if args.list_faults {
        context.ui.print(&catalogue())?;
        return Ok(Exit::Success);
    }
    let address = address(&args)?;
    let record = match &args.record {
        Some(path) => {
            Record::open(path).with_context(|| format!("failed to open `{}`, the file of --record", path.display()))?
        }
        None => Record::default(),
    };
    let server = Server::bind(address).map_err(|error| cannot_listen(error, address))?;
    let address = reachable(server.address());
    let (command, options) = args.into_parts();
    let serving = server.start(options, record).context("failed to start a thread")?;
    if command.is_empty() { serve(serving, address, context) } else { run_guest(serving, address, &command, context) }
}

impl EmulatorArgs {
    /// The command to run, and how the service behaves.
    fn into_parts(self) -> (Vec<OsString>, Options) {
        let options = Options {
            file_time: self.file_time,
            parallel: self.parallel,
            strict: self.strict,
            limits: self.limits == "on",
            faults: self.fault,
            seed: self.seed.unwrap_or_else(|| RandomState::new().hash_one(0)),
        };
        (self.command, options)
    }
}

/// Where to listen.
fn address(args: &EmulatorArgs) -> Result<SocketAddr, UsageError> {
    if !args.host.to_canonical().is_loopback() && !args.allow_remote {
        return Err(UsageError::with_hint(
            format!("--host {} lets other machines in", args.host),
            "--allow-remote, if they may; nobody is asked for a password",
        ));
    }
    let port = args.port.unwrap_or(if args.command.is_empty() { PORT } else { 0 });
    Ok(SocketAddr::new(args.host, port))
}

fn cannot_listen(error: io::Error, address: SocketAddr) -> anyhow::Error {
    let advice = if error.kind() == io::ErrorKind::AddrInUse { "; --port 0 takes a free port" } else { "" };
    anyhow::Error::from(error).context(format!("failed to listen on {address}{advice}"))
}

/// The address by which programs on this machine reach it.
fn reachable(address: SocketAddr) -> SocketAddr {
    let host = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(host, address.port())
}

#[cfg(unix)]
const SIGNALS: &str = "failed to catch signals";
const RECORD: &str = "failed to write to the file of --record";

fn base_url(address: SocketAddr) -> String {
    format!("http://{address}/v1")
}

/// Serves until a signal comes.
fn serve(serving: Serving, address: SocketAddr, context: &mut Context) -> anyhow::Result<Exit> {
    #[cfg(unix)]
    let mut signals = Signals::that_end().context(SIGNALS)?;
    let base_url = base_url(address);
    let exports = format!("export OPENAI_BASE_URL={base_url}\nexport OPENAI_API_KEY={API_KEY}\n");
    context.ui.print(&format!("# {base_url}\n{exports}"))?;
    if context.messages().style.terminal {
        context.messages().note("Ctrl-C ends it");
    }
    #[cfg(unix)]
    {
        while signals.wait().is_empty() {}
        stop(serving)?;
    }
    #[cfg(not(unix))]
    serving.wait().context(RECORD)?;
    Ok(Exit::Success)
}

/// Runs a command against the service, and ends as it does.
fn run_guest(serving: Serving, address: SocketAddr, command: &[OsString], context: &Context) -> anyhow::Result<Exit> {
    #[cfg(unix)]
    let mut signals = Signals::of_guest().context(SIGNALS)?;
    let inherited = Inherited {
        path: context.variable("PATH"),
        no_proxy: [context.variable("NO_PROXY"), context.variable("no_proxy")],
    };
    let guest = Guest::new(command, &base_url(address), address.ip(), inherited).with_context(|| {
        format!("failed to put vsfb into a folder of its own in `{}`, which TMPDIR names", place_of_folder().display())
    })?;
    #[cfg(unix)]
    let ending = guest.run(&mut signals);
    #[cfg(not(unix))]
    let ending = guest.run();
    let recorded = stop(serving);
    let ending = ending.map_err(|unstarted| not_run(command, unstarted))?;
    match recorded {
        // The command's own failure counts for more.
        Err(error) if ending != Ending::Exited(0) => context.messages().error(&format!("{error:#}")),
        recorded => recorded?,
    }
    Ok(Exit::Guest(ending.follow()))
}

/// Ends the server. A reader of the record who has left is told of in words: it is not the reader of our data.
fn stop(serving: Serving) -> anyhow::Result<()> {
    serving.stop().map_err(|error| anyhow!("{RECORD}: {}", reason(&error)))
}

fn not_run(command: &[OsString], unstarted: Unstarted) -> anyhow::Error {
    let program = command.first().map(|program| program.to_string_lossy()).unwrap_or_default();
    let (status, message) = match unstarted {
        Unstarted::Surroundings(error) => {
            return anyhow::Error::from(error).context(format!("failed to wait for `{program}`"));
        }
        Unstarted::NotFound => (127, format!("failed to run `{program}`: there is no such command")),
        Unstarted::NotExecutable(error) => (126, format!("failed to run `{program}`: {error}")),
    };
    StatusError { status, message }.into()
}

/// Everything that goes wrong on demand.
fn catalogue() -> String {
    let faults = entries(&faults::table().collect::<Vec<_>>(), usize::MAX);
    let files = entries(&processing::table().collect::<Vec<_>>(), usize::MAX);
    let legend = faults::LEGEND;
    format!(
        "For --fault, or in the header X-Vsfb-Fault of one request:\n{faults}\n\n{legend}\n\nBy a file's id or name:\n{files}\n"
    )
}

fn parse_host(text: &str) -> Result<IpAddr, String> {
    if text.eq_ignore_ascii_case("localhost") {
        return Ok(Ipv4Addr::LOCALHOST.into());
    }
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    bare.parse().map_err(|_| "an address such as 127.0.0.1 or ::1 is expected, or localhost".to_owned())
}

fn parse_port(text: &str) -> Result<u16, String> {
    parse_integer(text, 0..=65535).map(|port| u16::try_from(port).unwrap_or_default())
}

fn parse_parallel(text: &str) -> Result<usize, String> {
    parse_integer(text, 1..=10_000).map(|number| usize::try_from(number).unwrap_or(1))
}

fn parse_seed(text: &str) -> Result<u64, String> {
    parse_integer(text, 0..=i64::MAX).map(i64::unsigned_abs)
}

#[cfg(test)]
mod tests {
    use super::{parse_host, reachable};

    #[test]
    fn a_host_is_an_address_or_localhost() {
        for (text, expected) in [("localhost", "127.0.0.1"), ("::1", "::1"), ("[::1]", "::1"), ("0.0.0.0", "0.0.0.0")] {
            assert_eq!(parse_host(text).unwrap().to_string(), expected);
        }
        for text in ["", "example.com", "127.1", "[::1", "127.0.0.1:80"] {
            assert!(parse_host(text).is_err(), "{text}");
        }
    }

    #[test]
    fn every_address_is_reached_at_one() {
        for (bound, expected) in [("0.0.0.0:1", "127.0.0.1:1"), ("[::]:1", "[::1]:1"), ("10.0.0.1:1", "10.0.0.1:1")] {
            assert_eq!(reachable(bound.parse().unwrap()).to_string(), expected);
        }
    }
}
