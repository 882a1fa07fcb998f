//! The flags that say how to wait, shared by `wait` and by the commands that take `--wait`.

use std::time::Duration;

use clap::Args;

use crate::input::UsageError;
use crate::poll::Terms;
use crate::settings::{parse_duration, parse_duration_or_zero};
use crate::work::wait::{Aim, Wait};

/// How long a wait lasts unless the user says otherwise.
const TIMEOUT: Duration = Duration::from_secs(30 * 60);

/// How to wait.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Waiting")]
pub(crate) struct WaitingArgs {
    /// How long at most [default: 30m]
    ///
    /// Requests and their repetitions included; 0 looks once.
    #[arg(long, value_name = "DURATION", value_parser = parse_duration_or_zero, hide_short_help = true)]
    timeout: Option<Duration>,

    /// Give up when nothing moves so long
    ///
    /// When no count has moved for so long [default: never]
    #[arg(long, value_name = "DURATION", value_parser = parse_duration, hide_short_help = true)]
    stall_timeout: Option<Duration>,

    /// Give up at the first failed file
    ///
    /// The batch goes on.
    #[arg(long, hide_short_help = true)]
    fail_fast: bool,

    /// Time between two looks at a batch
    ///
    /// By default what the service asks for, else 0.25 s growing to 10 s.
    #[arg(long, value_name = "DURATION", value_parser = parse_duration, hide_short_help = true)]
    poll_interval: Option<Duration>,

    /// Ctrl-C cancels the batch
    ///
    /// SIGTERM does so, too. Otherwise the batch goes on.
    #[arg(long, hide_short_help = true)]
    cancel_on_interrupt: bool,
}

/// `--wait` with what belongs to it.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Waiting")]
pub(crate) struct WaitFlags {
    /// Wait until the batch has ended
    ///
    /// And print it as it is then.
    #[arg(long)]
    wait: bool,

    #[command(flatten)]
    waiting: WaitingArgs,
}

impl WaitFlags {
    /// How to wait, if that is wanted.
    ///
    /// # Errors
    /// When the user says how to wait but not to wait.
    pub(crate) fn given(&self) -> Result<Option<WaitingArgs>, UsageError> {
        if self.wait {
            return Ok(Some(self.waiting.clone()));
        }
        match self.waiting.first_given() {
            None => Ok(None),
            Some(flag) => Err(UsageError::with_hint(
                format!("`{flag}` says how to wait, but `--wait` is not given"),
                "add --wait, or leave it out",
            )),
        }
    }
}

impl WaitingArgs {
    /// The wait that is asked for.
    pub(crate) fn wait(&self, aim: Aim) -> Wait {
        let terms = Terms {
            timeout: self.timeout.unwrap_or(TIMEOUT),
            stall_timeout: self.stall_timeout,
            interval: self.poll_interval,
            fail_fast: self.fail_fast,
        };
        Wait { terms, aim, cancel_on_interrupt: self.cancel_on_interrupt, manifest: None }
    }

    fn first_given(&self) -> Option<&'static str> {
        let flags = [
            ("--timeout", self.timeout.is_some()),
            ("--stall-timeout", self.stall_timeout.is_some()),
            ("--fail-fast", self.fail_fast),
            ("--poll-interval", self.poll_interval.is_some()),
            ("--cancel-on-interrupt", self.cancel_on_interrupt),
        ];
        flags.into_iter().find(|(_, is_given)| *is_given).map(|(flag, _)| flag)
    }
}
