//! What became of each file that a sync touched.

use serde::Serialize;

use super::{MOST_TOLD, Sync};
use crate::api::types::{LastError, Status};
use crate::output::{Messages, safe_line};
use crate::sync::Action;

/// A file that was touched, as it is printed.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Touched {
    pub(super) path: String,
    pub(super) file_id: Option<String>,
    pub(super) batch_id: Option<String>,
    /// `new`, `changed`, `again`, `attributes`, `unchanged`, `failed`, `duplicate`, `pruned`.
    pub(super) action: &'static str,
    /// As the service spells it, or one of [`Fate`]'s own.
    pub(super) status: String,
    pub(super) error: Option<String>,
    /// Whether it would fail again.
    #[serde(skip)]
    is_final: bool,
}

/// What became of a file.
#[derive(Clone, Debug, Default)]
pub(super) struct Fate {
    pub(super) file_id: Option<String>,
    pub(super) batch_id: Option<String>,
    /// As the service spells it; or `not_uploaded`, `not_attached`, `not_updated`, `updated`, `duplicate`, `unknown`,
    /// `deleted`, `detached`, `kept`, `not_detached`, `not_deleted`.
    pub(super) status: String,
    pub(super) error: Option<String>,
    /// Whether it would fail again.
    pub(super) is_final: bool,
}

impl Fate {
    /// Of a file of the store, of which the service tells `state`, or else is in this one.
    pub(super) fn of(file_id: &str, state: Option<&(Status, Option<LastError>)>, otherwise: &str) -> Self {
        let file_id = Some(file_id.to_owned());
        let Some((status, error)) = state else {
            return Self { file_id, status: otherwise.to_owned(), ..Self::default() };
        };
        let is_final = *status == Status::Failed && !error.as_ref().is_some_and(LastError::may_pass);
        let error = error.as_ref().map(ToString::to_string);
        Self { file_id, batch_id: None, status: status.to_string(), error, is_final }
    }
}

/// The status of a file of which the service tells none.
pub(super) const UNKNOWN: &str = "unknown";
/// The status of an upload that is in no store.
pub(super) const NOT_ATTACHED: &str = "not_attached";

/// How it looks for a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    Well,
    /// It may still end well.
    Open,
    Failed,
}

fn standing(status: &str) -> Standing {
    match status {
        "completed" | "updated" | "duplicate" | "deleted" | "detached" | "kept" => Standing::Well,
        "in_progress" => Standing::Open,
        _ => Standing::Failed,
    }
}

/// All that were touched, the local ones by their places.
#[derive(Debug, Default)]
pub(super) struct Report {
    local: Vec<Option<Touched>>,
    /// Whether the local ones are to be touched.
    is_to_be_touched: Vec<bool>,
    pruned: Vec<Touched>,
}

impl Report {
    /// With what is known before anything is done.
    pub(super) fn of(sync: &Sync) -> Self {
        let is_to_be_touched = sync.plan.actions.iter().map(Action::is_attached).collect();
        let mut report = Self { local: vec![None; sync.wanted.local.len()], is_to_be_touched, pruned: Vec::new() };
        for (index, action) in sync.plan.actions.iter().enumerate() {
            let (file_id, status, error) = match action {
                Action::Failed { file_id, error } => {
                    let error = error.clone().unwrap_or_else(|| "it failed before".to_owned());
                    (Some(file_id.clone()), "failed", Some(error))
                }
                // One of which the first is not new has been told before.
                Action::Duplicate { of } if sync.plan.actions.get(*of).is_some_and(Action::is_upload) => {
                    let path = sync.wanted.local.get(*of).map(|file| format!("has the content of {}", file.path));
                    (None, "duplicate", path)
                }
                _ => continue,
            };
            report.note(
                sync,
                index,
                Fate { file_id, batch_id: None, status: status.to_owned(), error, is_final: true },
            );
        }
        report
    }

    /// Notes what became of the local file at this place.
    pub(super) fn note(&mut self, sync: &Sync, index: usize, fate: Fate) {
        let (Some(place), Some(file)) = (self.local.get_mut(index), sync.wanted.local.get(index)) else { return };
        let action = sync.plan.actions.get(index).map_or("new", Action::name);
        *place = Some(touched(file.path.clone(), action, fate));
    }

    /// Notes what became of a file that was to be taken away.
    pub(super) fn note_pruned(&mut self, path: String, fate: Fate) {
        self.pruned.push(touched(path, "pruned", fate));
    }

    /// Whether the local file at this place is in the store as it should be.
    pub(super) fn is_well(&self, index: usize) -> bool {
        match self.local.get(index) {
            Some(Some(touched)) => standing(&touched.status) == Standing::Well,
            // It was not touched, as long as that was not wanted.
            Some(None) => !self.is_to_be_touched.get(index).copied().unwrap_or(true),
            None => false,
        }
    }

    /// Whether the local file at this place has failed.
    pub(super) fn has_failed(&self, index: usize) -> bool {
        let touched = self.local.get(index).and_then(Option::as_ref);
        touched.is_some_and(|touched| standing(&touched.status) == Standing::Failed)
    }

    /// Whether all local files are as they should be, but for those that had failed for good before.
    pub(super) fn all_is_well(&self) -> bool {
        let is_old = |index: usize| {
            self.local.get(index).and_then(Option::as_ref).is_some_and(|touched| touched.action == Action::FAILED)
        };
        (0..self.local.len()).all(|index| self.is_well(index) || is_old(index))
    }

    fn failed(&self) -> impl Iterator<Item = &Touched> {
        self.local.iter().flatten().chain(&self.pruned).filter(|touched| standing(&touched.status) == Standing::Failed)
    }

    /// Whether anything has failed.
    pub(super) fn has_failures(&self) -> bool {
        self.failed().next().is_some()
    }

    /// Whether uploads may be left of which it is not known whether the store has them.
    pub(super) fn leaves_doubts(&self) -> bool {
        let is_in_doubt =
            |touched: &Touched| matches!(touched.status.as_str(), UNKNOWN | "not_detached" | "not_deleted");
        self.local.iter().flatten().chain(&self.pruned).any(is_in_doubt)
    }

    /// Whether anything may still end well.
    pub(super) fn has_open(&self) -> bool {
        self.local.iter().flatten().any(|touched| standing(&touched.status) == Standing::Open)
    }

    /// Says what failed, and why.
    pub(super) fn tell_failures(&self, messages: Messages) {
        // Those that are not attached because it all ended before are told elsewhere.
        let failed = || self.failed().filter(|touched| touched.status != NOT_ATTACHED || touched.error.is_some());
        let count = failed().count();
        if count == 0 {
            return;
        }
        let mut lines: Vec<_> = failed().take(MOST_TOLD).map(line).collect();
        if count > MOST_TOLD {
            lines.push(format!("and {} more", count - MOST_TOLD));
        }
        let files = if count == 1 {
            "1 file is not as it should be".to_owned()
        } else {
            format!("{count} files are not as they should be")
        };
        messages.error(&format!("{files}:\n  {}", lines.join("\n  ")));
        if failed().any(|touched| !touched.is_final) {
            messages.hint("the same command tries again what can succeed");
        }
    }

    pub(super) fn into_touched(self) -> impl Iterator<Item = Touched> {
        self.local.into_iter().flatten().chain(self.pruned)
    }
}

fn touched(path: String, action: &'static str, fate: Fate) -> Touched {
    let Fate { file_id, batch_id, status, error, is_final } = fate;
    Touched { path, file_id, batch_id, action, status, error, is_final }
}

fn line(touched: &Touched) -> String {
    let error = touched.error.as_ref().map(|error| format!(": {error}")).unwrap_or_default();
    // Neither a path nor what the service says makes a line of its own.
    safe_line(&format!("{}: {}{error}", touched.path, touched.status.replace('_', " "))).to_string()
}

#[cfg(test)]
mod tests {
    use super::{Fate, Report, Touched, line, standing, touched};

    fn file(status: &str) -> Option<Touched> {
        let fate = Fate { status: status.to_owned(), ..Fate::default() };
        (!status.is_empty()).then(|| touched(format!("{status}.md"), "new", fate))
    }

    fn report(statuses: &[&str]) -> Report {
        let local: Vec<_> = statuses.iter().map(|status| file(status)).collect();
        Report { is_to_be_touched: vec![false; local.len()], local, pruned: Vec::new() }
    }

    fn failed(report: &Report) -> Vec<&str> {
        report.failed().map(|touched| touched.status.as_str()).collect()
    }

    #[test]
    fn what_is_not_known_to_be_well_has_failed() {
        let well = ["completed", "updated", "duplicate", "deleted", "detached", "kept"];
        let failures =
            ["failed", "cancelled", "unknown", "queued", "not_uploaded", "not_attached", "not_updated", "not_deleted"];
        assert_eq!(failed(&report(&well)), [""; 0]);
        assert_eq!(failed(&report(&failures)), failures);
        assert_ne!(standing("in_progress"), standing("completed"));
        assert_ne!(standing("in_progress"), standing("failed"));
    }

    #[test]
    fn a_file_on_its_way_is_no_failure_and_not_yet_well() {
        let report = report(&["completed", "", "in_progress"]);
        assert!(!report.has_failures());
        assert!(!report.all_is_well() && report.has_open());
        assert_eq!([0, 1, 2, 3].map(|index| report.is_well(index)), [true, true, false, false]);
    }

    #[test]
    fn what_is_taken_away_comes_last_and_may_fail() {
        let mut report = report(&["", "completed"]);
        assert!(report.all_is_well());
        let fate = Fate { file_id: Some("file-1".to_owned()), status: "not_deleted".to_owned(), ..Fate::default() };
        report.note_pruned("gone.md".to_owned(), fate);
        assert!(report.has_failures() && report.all_is_well(), "what is here is as it should be");
        let records: Vec<_> = report.into_touched().map(|touched| serde_json::to_string(&touched).unwrap()).collect();
        assert_eq!(
            records,
            [
                r#"{"path":"completed.md","file_id":null,"batch_id":null,"action":"new","status":"completed","error":null}"#,
                r#"{"path":"gone.md","file_id":"file-1","batch_id":null,"action":"pruned","status":"not_deleted","error":null}"#,
            ]
        );
    }

    #[test]
    fn a_failure_is_a_line() {
        let fate = Fate { status: "not_uploaded".to_owned(), error: Some("it is gone".to_owned()), ..Fate::default() };
        assert_eq!(line(&touched("a.md".to_owned(), "new", fate)), "a.md: not uploaded: it is gone");
        assert_eq!(line(&file("unknown").unwrap()), "unknown.md: unknown");
    }
}
