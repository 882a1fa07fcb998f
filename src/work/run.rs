//! What is created as a run: the files of one store, in as many batches as they take.

use std::ops::Range;

use anyhow::{Context as _, anyhow};

use crate::input::UsageError;
use crate::input::manifest::{Entry, Manifest, Problem};
use crate::journal::{self, Event, Record};
use crate::json::Value;
use crate::plan::{Plan, PlanBuilder};

/// The members that are of all files, where a request lists ids alone.
const SHARED: [&str; 2] = ["attributes", "chunking_strategy"];
/// The keys under which a request lists its files.
const LISTS: [&str; 2] = ["file_ids", "files"];

/// What is created, but for the files themselves.
#[derive(Clone, Debug)]
pub(crate) struct Run {
    pub(crate) base_url: String,
    pub(crate) store: String,
    pub(crate) plan: Plan,
    /// Absolute path of the manifest, where the files are from one that has a path.
    pub(crate) files_from: Option<String>,
    /// The members of every request but the list of files.
    members: Vec<(String, Value)>,
    /// Where among them the list goes, and its key. Nothing means that the request has no list that could be cut.
    list: Option<(usize, &'static str)>,
}

/// The files, from the first on and as often as they are asked for.
#[derive(Debug)]
pub(crate) enum Files {
    Listed(Vec<Value>),
    /// Each of which has settings of its own or none; the others get these members, if any has.
    Manifest(Manifest, Option<Vec<(String, Value)>>),
}

impl Run {
    /// Of a request that holds its files.
    pub(crate) fn listed(base_url: String, store: String, body: Value) -> (Self, Files) {
        let Value::Object(mut members) = body else { return Self::whole(base_url, store, vec![]) };
        let mut lists =
            LISTS.into_iter().filter_map(|key| Some((members.iter().position(|(name, _)| name == key)?, key)));
        let (Some((slot, key)), None) = (lists.next(), lists.next()) else {
            return Self::whole(base_url, store, members);
        };
        match members.remove(slot).1 {
            Value::Array(files) => {
                let mut builder = PlanBuilder::new(&store, &Value::Object(members.clone()).to_string());
                for file in &files {
                    let own = file.as_str().is_none().then(|| file.to_string());
                    builder.file(id_of(file), own.as_deref());
                }
                // Only a manifest has problems.
                let plan = builder.finish().unwrap_or_default();
                (
                    Self { base_url, store, plan, files_from: None, members, list: Some((slot, key)) },
                    Files::Listed(files),
                )
            }
            other => {
                members.insert(slot, (key.to_owned(), other));
                Self::whole(base_url, store, members)
            }
        }
    }

    /// Of files with settings of their own that are there one after another, as this plan has counted them.
    pub(crate) fn streamed(base_url: String, store: String, plan: Plan) -> Self {
        Self { base_url, store, plan, files_from: None, members: Vec::new(), list: Some((0, LISTS[1])) }
    }

    /// Of a request that is sent as it stands.
    fn whole(base_url: String, store: String, members: Vec<(String, Value)>) -> (Self, Files) {
        let builder = PlanBuilder::new(&store, &Value::Object(members.clone()).to_string());
        let plan = builder.finish().unwrap_or_default();
        (Self { base_url, store, plan, files_from: None, members, list: None }, Files::Listed(Vec::new()))
    }

    /// Of a manifest, which is gone through once. `body` is the request without files.
    ///
    /// # Errors
    /// When a line of it is no file, or it holds none, or it cannot be read.
    pub(crate) fn of_manifest(
        base_url: String,
        store: String,
        body: Value,
        (mut manifest, path): (Manifest, &str),
    ) -> Result<(Self, Files), UsageError> {
        let mut builder = PlanBuilder::new(&store, &body.to_string());
        for entry in manifest.entries().map_err(|error| manifest_failed(path, &error))? {
            match entry {
                Ok(Entry { file_id, own, .. }) => builder.file(&file_id, own.as_deref()),
                Err(problem) => builder.problem(problem.message),
            }
        }
        let plan = builder.finish().map_err(|problems| {
            UsageError::with_hint(
                format!("--files-from {path}: {problems}"),
                "nothing was sent; --files-format says what it is written in, --no-validate sends whatever has an id",
            )
        })?;
        if plan.files == 0 {
            return Err(UsageError::new(format!("--files-from {path}: there is no file in it")));
        }
        let mut members = if let Value::Object(members) = body { members } else { Vec::new() };
        // Beside files with settings of their own the service ignores what is said for all.
        let shared = plan.has_own.then(|| take(&mut members, &SHARED));
        let list = Some((0, LISTS[usize::from(plan.has_own)]));
        // Stdin has no path that could be opened again.
        let files_from = std::fs::canonicalize(path).ok().map(|path| path.to_string_lossy().into_owned());
        Ok((Self { base_url, store, plan, files_from, members, list }, Files::Manifest(manifest, shared)))
    }

    /// Whether it can be cut into batches.
    pub(crate) const fn can_be_cut(&self) -> bool {
        self.list.is_some()
    }

    /// The body of the request for these files.
    pub(crate) fn body(&self, files: Vec<Value>) -> Value {
        let mut members = self.members.clone();
        if let Some((slot, key)) = self.list {
            members.insert(slot, (key.to_owned(), Value::Array(files)));
        }
        Value::Object(members)
    }

    /// What the journal says of the files at these places of the run, which are batch `part` of `parts`.
    pub(crate) fn record(&self, places: &Range<u64>, (part, parts): (u64, u64), event: Event) -> Record {
        let bounded = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
        Record {
            time: journal::now(),
            event,
            base_url: self.base_url.clone(),
            vector_store_id: self.store.clone(),
            batch_id: None,
            files: places.end - places.start,
            part: bounded(part),
            parts: bounded(parts),
            first: places.start,
            plan: self.plan.hash.clone(),
            files_from: self.files_from.clone(),
            status: None,
        }
    }
}

impl Files {
    /// All of them, as a request lists them.
    ///
    /// # Errors
    /// When the manifest has been changed or cannot be read any more; so may each file.
    pub(crate) fn all(&mut self) -> anyhow::Result<Box<dyn Iterator<Item = anyhow::Result<Value>> + '_>> {
        match self {
            Self::Listed(files) => Ok(Box::new(files.iter().cloned().map(Ok))),
            Self::Manifest(manifest, shared) => {
                const ACTION: &str = "failed to read the manifest again";
                let entries = manifest.entries().context(ACTION)?;
                let shared = shared.as_deref();
                let entry =
                    |entry: Result<Entry, Problem>| entry.map_err(|problem| anyhow!(problem.message).context(ACTION));
                Ok(Box::new(entries.map(move |it| element(entry(it)?, shared))))
            }
        }
    }

    /// The manifest that they are from, once more.
    pub(crate) fn manifest(&self) -> Option<Manifest> {
        match self {
            Self::Listed(_) => None,
            // Without a further handle there is none.
            Self::Manifest(manifest, _) => manifest.again().ok(),
        }
    }
}

/// A file of a manifest as a request lists it: an id alone, or a map where any file has settings.
fn element(entry: Entry, shared: Option<&[(String, Value)]>) -> anyhow::Result<Value> {
    let Some(shared) = shared else { return Ok(Value::String(entry.file_id)) };
    let mut members = match entry
        .own
        .map(|own| Value::from_json(&own))
        .transpose()
        .map_err(|_| anyhow!("the manifest has changed"))?
    {
        Some(Value::Object(members)) => members,
        _ => vec![("file_id".to_owned(), Value::String(entry.file_id))],
    };
    complete(&mut members, shared);
    Ok(Value::Object(members))
}

/// Gives a file what is said for all, where it has nothing of its own.
fn complete(file: &mut Vec<(String, Value)>, shared: &[(String, Value)]) {
    for (key, value) in shared {
        if file.iter().all(|(name, _)| name != key) {
            file.push((key.clone(), value.clone()));
        }
    }
}

/// Takes the members with these keys.
fn take(members: &mut Vec<(String, Value)>, keys: &[&str]) -> Vec<(String, Value)> {
    let (taken, left) = std::mem::take(members).into_iter().partition(|(key, _)| keys.contains(&key.as_str()));
    *members = left;
    taken
}

/// Moves attributes and chunking strategy of the whole batch into the entries of `files` that have none of their own:
/// the service ignores them beside `files` without a word.
pub(crate) fn share_with_files(body: Value) -> Value {
    let is_map = |file: &Value| matches!(file, Value::Object(_));
    let Some(Value::Array(files)) = body.get("files") else { return body };
    if body.get("file_ids").is_some() || !files.iter().all(is_map) {
        return body;
    }
    let Value::Object(mut members) = body else { return body };
    let shared = take(&mut members, &SHARED);
    if let Some((_, Value::Array(files))) = members.iter_mut().find(|(key, _)| key == "files") {
        for file in files {
            if let Value::Object(file) = file {
                complete(file, &shared);
            }
        }
    }
    Value::Object(members)
}

/// The id of a file as a request lists it; empty where it has none.
pub(crate) fn id_of(file: &Value) -> &str {
    file.as_str().or_else(|| file.get("file_id").and_then(Value::as_str)).unwrap_or_default()
}

fn manifest_failed(path: &str, error: &std::io::Error) -> UsageError {
    UsageError::new(format!("failed to read --files-from {path}: {}", crate::input::reason(error)))
}

#[cfg(test)]
mod tests {
    use super::share_with_files;
    use crate::json::Value;

    fn shared(json: &str) -> String {
        share_with_files(Value::from_json(json).unwrap()).to_string()
    }

    #[test]
    fn what_is_for_all_files_goes_into_those_that_have_none() {
        assert_eq!(
            shared(
                r#"{"files":[{"file_id":"a"},{"file_id":"b","attributes":{"x":1}}],"attributes":{"y":2},"chunking_strategy":{"type":"auto"}}"#
            ),
            r#"{"files":[{"file_id":"a","attributes":{"y":2},"chunking_strategy":{"type":"auto"}},{"file_id":"b","attributes":{"x":1},"chunking_strategy":{"type":"auto"}}]}"#
        );
        let others = [
            r#"{"file_ids":["a"],"attributes":{"y":2}}"#,
            r#"{"files":3,"attributes":{"y":2}}"#,
            r#"{"files":[{"file_id":"a"},"b"],"attributes":{"y":2}}"#,
        ];
        for other in others {
            assert_eq!(shared(other), other);
        }
    }
}
