//! A batch of the journal as it is shown.

use serde::Deserialize;

use super::Style;
use super::listing::Record;
use super::table;

/// What `vsfb journal` prints of a batch.
#[derive(Debug, Deserialize)]
pub(super) struct Journaled {
    pub(super) id: Option<String>,
    pub(super) vector_store_id: String,
    pub(super) status: String,
    /// Seconds since 1970.
    pub(super) created_at: i64,
    pub(super) files: u64,
    pub(super) part: u32,
    pub(super) parts: u32,
    plan: String,
    files_from: Option<String>,
}

impl Record for Journaled {
    const COLUMNS: &[&str] =
        &["id", "vector_store_id", "status", "created_at", "files", "part", "parts", "plan", "files_from"];

    fn fields(&self) -> Vec<String> {
        vec![
            self.id.clone().unwrap_or_default(),
            self.vector_store_id.clone(),
            self.status.clone(),
            self.created_at.to_string(),
            self.files.to_string(),
            self.part.to_string(),
            self.parts.to_string(),
            self.plan.clone(),
            self.files_from.clone().unwrap_or_default(),
        ]
    }

    fn table(records: &[Self], style: Style) -> String {
        table::journaled(records, style)
    }
}
