//! A line of the journal.

use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

/// What became of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Event {
    /// A request that creates it is about to be sent.
    Sending,
    /// It has been created.
    Created,
    /// The answer is lost, so it may have been created or not.
    Lost,
    /// It has not been created.
    Refused,
    /// After a lost answer its files were found in the store.
    Found,
    /// It has ended, as `status` says.
    Ended,
}

/// One step of one batch. There is no key in it, and nothing of the files but their number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Record {
    /// Seconds since 1970, by this machine's clock.
    pub(crate) time: i64,
    pub(crate) event: Event,
    /// Where the service is, as [`crate::api::BaseUrl`] spells it.
    pub(crate) base_url: String,
    pub(crate) vector_store_id: String,
    /// `None` as long as no answer has named it.
    pub(crate) batch_id: Option<String>,
    /// How many files it has.
    pub(crate) files: u64,
    /// Which of the run's batches it is, from 1.
    pub(crate) part: u32,
    /// How many batches the run has.
    pub(crate) parts: u32,
    /// Where its first file stands in the run, from 0.
    pub(crate) first: u64,
    /// SHA-256 of what the run was to create, in hexadecimal digits.
    pub(crate) plan: String,
    /// Absolute path of the manifest, where there was one.
    pub(crate) files_from: Option<String>,
    /// Its status as the service spells it, where an answer has told it.
    pub(crate) status: Option<String>,
}

impl Record {
    /// What happens to the same batch now.
    pub(crate) fn then(&self, event: Event) -> Self {
        Self { time: now(), event, ..self.clone() }
    }
}

/// Seconds since 1970.
pub(crate) fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}
