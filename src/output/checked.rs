//! A finding about settings or service, as it is shown.

use serde::Deserialize;

use super::Style;
use super::listing::Record;
use super::table;

/// What `vsfb doctor` prints of a check.
#[derive(Debug, Deserialize)]
pub(super) struct Checked {
    pub(super) check: String,
    pub(super) status: String,
    pub(super) finding: String,
    pub(super) advice: Option<String>,
}

impl Record for Checked {
    const COLUMNS: &[&str] = &["check", "status", "finding", "advice"];

    fn fields(&self) -> Vec<String> {
        let advice = self.advice.clone().unwrap_or_default();
        vec![self.check.clone(), self.status.clone(), self.finding.clone(), advice]
    }

    fn table(records: &[Self], style: Style) -> String {
        table::checked(records, style)
    }
}
