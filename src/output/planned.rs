//! What a sync would do, as it is shown.

use serde::Serialize;

use super::csv;
use crate::sync::Counts;

/// What `vsfb sync --dry-run` prints.
#[derive(Debug, Serialize)]
pub(crate) struct Planned<'a> {
    pub(crate) vector_store_id: &'a str,
    pub(crate) source: &'a str,
    /// Files here that can be sent.
    pub(crate) files: u64,
    #[serde(flatten)]
    pub(crate) counts: Counts,
    pub(crate) invalid: u64,
    /// To be uploaded.
    pub(crate) bytes: u64,
    pub(crate) batches: u64,
    /// How long uploading and attaching take at least.
    pub(crate) minutes: u64,
    /// Each file that would be touched.
    pub(crate) actions: Vec<PlannedAction<'a>>,
}

/// A file that would be touched, or cannot be sent.
#[derive(Debug, Serialize)]
pub(crate) struct PlannedAction<'a> {
    pub(crate) path: &'a str,
    pub(crate) action: &'static str,
    /// In the store.
    pub(crate) file_id: Option<&'a str>,
    pub(crate) error: Option<String>,
}

impl Planned<'_> {
    /// The actions in CSV.
    pub(super) fn csv(&self) -> anyhow::Result<String> {
        let mut text = csv::row(&["path", "action", "file_id", "error"])?;
        for PlannedAction { path, action, file_id, error } in &self.actions {
            text += &csv::row(&[path, action, file_id.unwrap_or_default(), error.as_deref().unwrap_or_default()])?;
        }
        Ok(text)
    }

    /// The counts with their names in tables.
    pub(super) fn counts(&self) -> [(&'static str, u64); 10] {
        [
            ("new", self.counts.new),
            ("changed", self.counts.changed),
            ("attributes", self.counts.attributes_only),
            ("again", self.counts.again),
            ("failed before", self.counts.failed),
            ("duplicate", self.counts.duplicate),
            ("unchanged", self.counts.unchanged),
            ("to prune", self.counts.prune),
            ("left alone", self.counts.kept),
            ("invalid", self.invalid),
        ]
    }
}
