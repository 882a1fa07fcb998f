//! A finding about settings or service, as it is shown.

use serde::Deserialize;

/// What `vsfb doctor` prints of a check.
#[derive(Debug, Deserialize)]
pub(super) struct Checked {
    pub(super) check: String,
    pub(super) status: String,
    pub(super) finding: String,
    pub(super) advice: Option<String>,
}

impl Checked {
    /// The columns in CSV.
    pub(super) const COLUMNS: [&str; 4] = ["check", "status", "finding", "advice"];

    /// The finding that `json` is.
    pub(super) fn read(json: &str) -> Option<Self> {
        serde_json::from_str(json).ok()
    }

    /// What stands in the columns.
    pub(super) fn fields(&self) -> [String; 4] {
        let advice = self.advice.clone().unwrap_or_default();
        [self.check.clone(), self.status.clone(), self.finding.clone(), advice]
    }
}
