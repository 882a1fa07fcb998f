//! A file that a sync has touched, as it is shown.

use serde::Deserialize;

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

impl Synced {
    /// The columns in CSV.
    pub(super) const COLUMNS: [&str; 6] = ["path", "file_id", "batch_id", "action", "status", "error"];

    /// The file that `json` is.
    pub(super) fn read(json: &str) -> Option<Self> {
        serde_json::from_str(json).ok()
    }

    /// What stands in the columns.
    pub(super) fn fields(&self) -> [String; 6] {
        let text = |field: &Option<String>| field.clone().unwrap_or_default();
        [
            self.path.clone(),
            text(&self.file_id),
            text(&self.batch_id),
            self.action.clone(),
            self.status.clone(),
            text(&self.error),
        ]
    }
}
