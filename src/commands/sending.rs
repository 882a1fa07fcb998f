//! The flags that say how many files are sent at once, how fast, and from where on.

use std::num::{NonZeroU32, NonZeroU64};

use clap::Args;

use crate::api::validate::MOST_FILES;
use crate::plan::Pace;
use crate::settings::parse_integer;

/// Files in a minute, unless the user says otherwise: what the service takes of an organization.
const RATE: u32 = 2000;

/// How more files are sent than one batch takes.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Sending")]
pub(crate) struct SendingArgs {
    /// Files in one batch; more go into several, one after another [default: 2000, which is the most]
    #[arg(long, value_name = "NUMBER", value_parser = parse_batch_size, hide_short_help = true)]
    batch_size: Option<NonZeroU64>,

    /// How many files are sent in a minute, or `off`; of one store the service takes 300 batches in a minute [default: 2000]
    #[arg(long, value_name = "FILES_PER_MINUTE|off", value_parser = parse_rate, hide_short_help = true)]
    rate: Option<Rate>,

    /// Go on with a run that broke off
    ///
    /// The last one of the same files, where it broke off, and attach nothing twice; not for a run that is still under
    /// way. See `vsfb journal`.
    #[arg(long)]
    pub(crate) resume: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rate {
    Off,
    FilesPerMinute(NonZeroU32),
}

impl SendingArgs {
    /// How many files go into one batch.
    pub(crate) fn batch_size(&self) -> NonZeroU64 {
        self.batch_size.or(NonZeroU64::new(MOST_FILES)).unwrap_or(NonZeroU64::MIN)
    }

    /// Whether the user says so.
    pub(crate) const fn has_batch_size(&self) -> bool {
        self.batch_size.is_some()
    }

    /// How fast they go; `None` is as fast as it can be.
    pub(crate) fn rate(&self) -> Option<NonZeroU32> {
        files_per_minute(self.rate)
    }

    /// The same as a pace that begins now.
    pub(crate) fn pace(&self) -> Pace {
        Pace::new(self.rate())
    }
}

/// How many files go in a minute where the user says this; `None` is as fast as it can be.
pub(super) fn files_per_minute(rate: Option<Rate>) -> Option<NonZeroU32> {
    match rate {
        Some(Rate::Off) => None,
        Some(Rate::FilesPerMinute(rate)) => Some(rate),
        None => NonZeroU32::new(RATE),
    }
}

pub(super) fn parse_batch_size(text: &str) -> Result<NonZeroU64, String> {
    let number = parse_integer(text, 1..=i64::try_from(MOST_FILES).unwrap_or(i64::MAX))?;
    u64::try_from(number).ok().and_then(NonZeroU64::new).ok_or_else(|| format!("{number} is no number of files"))
}

pub(super) fn parse_rate(text: &str) -> Result<Rate, String> {
    if text.eq_ignore_ascii_case("off") {
        return Ok(Rate::Off);
    }
    let number = parse_integer(text, 1..=i64::from(u32::MAX)).map_err(|error| format!("{error}, or `off`"))?;
    let rate = u32::try_from(number).ok().and_then(NonZeroU32::new);
    rate.map(Rate::FilesPerMinute).ok_or_else(|| format!("{number} is no number of files"))
}
