//! A file that a sync has touched, as it is shown.

use serde::Deserialize;

use super::Style;
use super::listing::Record;
use super::table;

/// What `vsfb sync` prints of a file.
#[derive(Debug, Deserialize)]
pub(super) struct Synced {
    pub(super) path: String,
    pub(super) file_id: Option<String>,
    pub(super) batch_id: Option<String>,
    pub(super) action: String,
    pub(super) status: String,
    pub(super) error: Option<String>,
}

impl Record for Synced {
    const COLUMNS: &[&str] = &["path", "file_id", "batch_id", "action", "status", "error"];

    fn fields(&self) -> Vec<String> {
        let text = |field: &Option<String>| field.clone().unwrap_or_default();
        vec![
            self.path.clone(),
            text(&self.file_id),
            text(&self.batch_id),
            self.action.clone(),
            self.status.clone(),
            text(&self.error),
        ]
    }

    fn table(records: &[Self], style: Style) -> String {
        table::synced(records, style)
    }
}
