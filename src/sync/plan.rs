//! What is to be done with each file here, and which files there are left over.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use serde::Serialize;

use super::remote::Standing;
use super::{LocalFile, RemoteFile};

/// What is to be done with a file on this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    /// Nothing in the store has its path: upload and attach it.
    New,
    /// The store has other versions of it, none of which is this one: upload and attach it.
    Changed { old: Vec<String> },
    /// The store has it, or is processing it.
    Unchanged { file_id: String },
    /// The store has it with other attributes: set them.
    AttributesOnly { file_id: String },
    /// It failed or was cancelled there, and may succeed: attach the same upload once more.
    Again { file_id: String },
    /// It failed there, and would fail again as long as its content is the same: nothing but a report.
    Failed { file_id: String, error: Option<String> },
    /// Another file here, of this index, has the same content and is or will be in the store: nothing but a report, since
    /// the store has one set of attributes for a file, and so one path.
    Duplicate { of: usize },
}

impl Action {
    /// The name of those that failed before, for good.
    pub(crate) const FAILED: &'static str = "failed";

    /// What it is called in reports.
    pub(crate) const fn name(&self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Changed { .. } => "changed",
            Self::Unchanged { .. } => "unchanged",
            Self::AttributesOnly { .. } => "attributes",
            Self::Again { .. } => "again",
            Self::Failed { .. } => Self::FAILED,
            Self::Duplicate { .. } => "duplicate",
        }
    }

    /// Whether the file is to be attached.
    pub(crate) const fn is_attached(&self) -> bool {
        self.is_upload() || matches!(self, Self::Again { .. })
    }

    /// Whether the file is to be uploaded.
    pub(crate) const fn is_upload(&self) -> bool {
        matches!(self, Self::New | Self::Changed { .. })
    }
}

impl SyncPlan {
    /// Has a file that was to be attached again uploaded anew, because its upload is gone.
    pub(crate) fn upload_anew(&mut self, index: usize, bytes: u64) {
        if let Some(action) = self.actions.get_mut(index)
            && let Action::Again { file_id } = action
        {
            *action = Action::Changed { old: vec![std::mem::take(file_id)] };
            self.counts.again -= 1;
            self.counts.changed += 1;
            self.bytes += bytes;
        }
    }

    /// The places of the files that are to be uploaded.
    pub(crate) fn uploads(&self) -> impl Iterator<Item = usize> {
        self.actions.iter().enumerate().filter(|(_, action)| action.is_upload()).map(|(index, _)| index)
    }
}

/// A file of ours in the store that has become superfluous.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Prune {
    pub(crate) file_id: String,
    pub(crate) path: String,
    pub(crate) reason: Reason,
}

/// Why a file is superfluous.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    /// No file here has its path.
    Gone,
    /// The file here of this index takes its place, as soon as that one is completed.
    Replaced { by: usize },
}

/// How many files there are of each action.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Counts {
    pub(crate) new: u64,
    pub(crate) changed: u64,
    pub(crate) unchanged: u64,
    pub(crate) attributes_only: u64,
    pub(crate) again: u64,
    pub(crate) failed: u64,
    pub(crate) duplicate: u64,
    pub(crate) prune: u64,
    /// Gone, and left alone: the store knows none of the paths here, as of a folder that is another one or not there.
    pub(crate) kept: u64,
}

/// What makes the store hold what is here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct SyncPlan {
    /// One for each file here, in their order.
    pub(crate) actions: Vec<Action>,
    /// In the order of the store's list.
    pub(crate) prune: Vec<Prune>,
    pub(crate) counts: Counts,
    /// To be uploaded.
    pub(crate) bytes: u64,
}

/// Compares the files here, of which no two have one path, with those that the store lists. Only those of `source` are
/// ours.
///
/// `skipped` are paths that are here and are left out, folders among them: what the store has of them stays. The empty path
/// is that of the folder as a whole. Where the store knows none of the paths here, nothing is
/// taken for gone: an empty or another folder would cost all that the store has.
pub(crate) fn plan(local: &[LocalFile], remote: &[RemoteFile], source: &str, skipped: &[String]) -> SyncPlan {
    let ours = ours(remote, source);
    let mut by_path: HashMap<&str, Vec<&RemoteFile>> = HashMap::with_capacity(ours.len());
    for (path, file) in &ours {
        by_path.entry(path).or_default().push(file);
    }
    let there = |file: &LocalFile| by_path.get(file.path.as_str()).map(Vec::as_slice).unwrap_or_default();
    let kept: Vec<Option<&RemoteFile>> = local.iter().map(|file| best(file, there(file))).collect();
    let mut holders = holders(local, &kept);
    let mut actions = Vec::with_capacity(local.len());
    for (index, (file, kept)) in local.iter().zip(&kept).enumerate() {
        actions.push(match kept {
            Some(kept) => action_of(file, kept),
            None => match *holders.entry(&file.sha256).or_insert(index) {
                of if of != index => Action::Duplicate { of },
                _ if there(file).is_empty() => Action::New,
                _ => Action::Changed { old: there(file).iter().map(|old| old.file_id.clone()).collect() },
            },
        });
    }
    let is_known = local.iter().any(|file| !there(file).is_empty());
    let kept: HashSet<&str> = kept.iter().flatten().map(|file| file.file_id.as_str()).collect();
    let left_over: Vec<_> = ours.into_iter().filter(|(_, file)| !kept.contains(file.file_id.as_str())).collect();
    let gone_or_old = superfluous(&left_over, local, &actions, skipped);
    let (prune, kept) = if is_known { (gone_or_old, Vec::new()) } else { (Vec::new(), gone_or_old) };
    let counts = Counts { kept: kept.len() as u64, ..counts(&actions, &prune) };
    let bytes = actions.iter().zip(local).filter(|(action, _)| action.is_upload()).map(|(_, file)| file.bytes).sum();
    SyncPlan { actions, prune, counts, bytes }
}

/// The files of `source` with their paths, each once: a list of many pages may tell a file twice. One that lacks any of
/// the own attributes is somebody else's, who has a use for these names as well.
fn ours<'a>(remote: &'a [RemoteFile], source: &str) -> Vec<(&'a str, &'a RemoteFile)> {
    let mut seen = HashSet::with_capacity(remote.len());
    let ours = remote.iter().filter(|file| file.source.as_deref() == Some(source) && file.sha256.is_some());
    let placed = ours.filter_map(|file| file.path.as_deref().map(|path| (path, file)));
    placed.filter(|(_, file)| seen.insert(file.file_id.as_str())).collect()
}

/// The one of the files of one path that is this very content: where there are several, the one that has come furthest,
/// and of those the newest.
fn best<'a>(file: &LocalFile, there: &[&'a RemoteFile]) -> Option<&'a RemoteFile> {
    let same = there.iter().copied().filter(|other| other.sha256.as_deref() == Some(file.sha256.as_str()));
    same.max_by_key(|other| (other.standing(), other.created_at, Reverse(other.file_id.as_str())))
}

/// Which file has a content, of those that the store has already. What failed for good is none: under another name the
/// content may be what the name says.
fn holders<'a>(local: &'a [LocalFile], kept: &[Option<&RemoteFile>]) -> HashMap<&'a str, usize> {
    let mut holders: HashMap<&str, (Standing, usize)> = HashMap::with_capacity(local.len());
    for (index, (file, kept)) in local.iter().zip(kept).enumerate() {
        let standing = kept.map(RemoteFile::standing);
        let Some(standing) = standing.filter(|standing| *standing != Standing::Failed) else { continue };
        let holder = holders.entry(&file.sha256).or_insert((standing, index));
        if holder.0 < standing {
            *holder = (standing, index);
        }
    }
    holders.into_iter().map(|(content, (_, index))| (content, index)).collect()
}

/// What is to be done with a file whose content the store has under its path.
fn action_of(file: &LocalFile, there: &RemoteFile) -> Action {
    let file_id = there.file_id.clone();
    match there.standing() {
        Standing::Failed => Action::Failed { file_id, error: there.last_error.as_ref().map(ToString::to_string) },
        Standing::Again => Action::Again { file_id },
        Standing::OnTheWay | Standing::Completed if there.has_attributes_of(file) => Action::Unchanged { file_id },
        Standing::OnTheWay | Standing::Completed => Action::AttributesOnly { file_id },
    }
}

/// Those of the files that are left over which nothing here speaks for.
fn superfluous(
    left_over: &[(&str, &RemoteFile)],
    local: &[LocalFile],
    actions: &[Action],
    skipped: &[String],
) -> Vec<Prune> {
    let places: HashMap<&str, usize> =
        local.iter().enumerate().map(|(index, file)| (file.path.as_str(), index)).collect();
    let skipped: HashSet<&str> = skipped.iter().map(String::as_str).collect();
    let reason = |path: &str| match places.get(path).map(|index| (*index, actions.get(*index))) {
        Some((_, Some(Action::Duplicate { of }))) => Some(Reason::Replaced { by: *of }),
        Some((by, _)) => Some(Reason::Replaced { by }),
        None if is_within(path, &skipped) => None,
        None => Some(Reason::Gone),
    };
    let prune = |(path, file): &(&str, &RemoteFile)| {
        Some(Prune { file_id: file.file_id.clone(), path: (*path).to_owned(), reason: reason(path)? })
    };
    // What does not carry our attributes in the store, but for what we know of it ourselves, is not taken away.
    let is_marked = |file: &RemoteFile| file.attributes.as_ref().is_some_and(|attributes| !attributes.is_empty());
    left_over.iter().filter(|(_, file)| is_marked(file)).filter_map(prune).collect()
}

/// Whether a path, or a folder that it is in, is one of these.
fn is_within(path: &str, paths: &HashSet<&str>) -> bool {
    let folders = path.match_indices('/').filter_map(|(end, _)| path.get(..end));
    !paths.is_empty() && folders.chain(["", path]).any(|folder| paths.contains(folder))
}

fn counts(actions: &[Action], prune: &[Prune]) -> Counts {
    let mut counts = Counts { prune: prune.len() as u64, ..Counts::default() };
    for action in actions {
        *match action {
            Action::New => &mut counts.new,
            Action::Changed { .. } => &mut counts.changed,
            Action::Unchanged { .. } => &mut counts.unchanged,
            Action::AttributesOnly { .. } => &mut counts.attributes_only,
            Action::Again { .. } => &mut counts.again,
            Action::Failed { .. } => &mut counts.failed,
            Action::Duplicate { .. } => &mut counts.duplicate,
        } += 1;
    }
    counts
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::{Action, Counts, LocalFile, Prune, Reason, RemoteFile, SyncPlan};
    use crate::api::types::{LastError, Status};
    use crate::json::Value;

    /// `path=content`
    fn local(text: &str) -> LocalFile {
        let (path, content) = text.split_once('=').unwrap();
        LocalFile {
            path: path.to_owned(),
            location: PathBuf::from(path),
            filename: path.to_owned(),
            bytes: 10,
            modified: None,
            sha256: content.to_owned(),
            attributes: Vec::new(),
        }
    }

    /// `id path=content` with the status `completed`
    fn remote(text: &str) -> RemoteFile {
        let (file_id, rest) = text.split_once(' ').unwrap();
        let attributes = match local(rest).attributes_in_store("docs") {
            Value::Object(members) => members,
            other => panic!("{other}"),
        };
        let (path, content) = rest.split_once('=').unwrap();
        RemoteFile {
            file_id: file_id.to_owned(),
            status: Some(Status::Completed),
            last_error: None,
            created_at: Some(1),
            path: Some(path.to_owned()),
            sha256: Some(content.to_owned()),
            source: Some("docs".to_owned()),
            attributes: Some(attributes),
        }
    }

    fn failed(text: &str, code: &str) -> RemoteFile {
        let last_error = Some(LastError { code: Some(code.to_owned()), message: None });
        RemoteFile { status: Some(Status::Failed), last_error, ..remote(text) }
    }

    fn plan(files: &[&str], remote: &[RemoteFile]) -> SyncPlan {
        let files: Vec<LocalFile> = files.iter().map(|text| local(text)).collect();
        super::plan(&files, remote, "docs", &[])
    }

    fn unchanged(file_id: &str) -> Action {
        Action::Unchanged { file_id: file_id.to_owned() }
    }

    fn prune(file_id: &str, path: &str, reason: Reason) -> Prune {
        Prune { file_id: file_id.to_owned(), path: path.to_owned(), reason }
    }

    #[test]
    fn tells_new_changed_unchanged_and_gone() {
        let plan = plan(&["a=1", "b=2", "c=3"], &[remote("f1 a=1"), remote("f2 b=0"), remote("f3 d=4")]);
        assert_eq!(plan.actions, [unchanged("f1"), Action::Changed { old: vec!["f2".to_owned()] }, Action::New]);
        assert_eq!(plan.prune, [prune("f2", "b", Reason::Replaced { by: 1 }), prune("f3", "d", Reason::Gone)]);
        assert_eq!(plan.counts, Counts { new: 1, changed: 1, unchanged: 1, prune: 2, ..Counts::default() });
        assert_eq!(plan.bytes, 20);
    }

    #[test]
    fn other_sources_and_files_without_path_are_not_ours() {
        let other = RemoteFile { source: Some("other".to_owned()), ..remote("f1 a=1") };
        let nobodys = RemoteFile { source: None, ..remote("f2 a=1") };
        let pathless = RemoteFile { path: None, ..remote("f3 a=1") };
        let hashless = RemoteFile { sha256: None, ..remote("f4 a=1") };
        let gone = RemoteFile { sha256: None, ..remote("f5 x=1") };
        let plan = plan(&["a=1", "b=2"], &[other, nobodys, pathless, hashless, gone, remote("f6 b=2")]);
        assert_eq!((plan.actions, plan.prune), (vec![Action::New, unchanged("f6")], vec![]));
    }

    #[test]
    fn attributes_alone_are_told_whichever_side_has_more() {
        let team = ("team".to_owned(), Value::String("red".to_owned()));
        let with = |mut file: RemoteFile| {
            file.attributes.as_mut().unwrap().insert(0, team.clone());
            file
        };
        let files = [LocalFile { attributes: vec![team.clone()], ..local("a=1") }, local("b=2")];
        let same = super::plan(&files, &[with(remote("f1 a=1")), remote("f2 b=2")], "docs", &[]);
        assert_eq!(same.actions, [unchanged("f1"), unchanged("f2")]);
        let other = super::plan(&files, &[remote("f1 a=1"), with(remote("f2 b=2"))], "docs", &[]);
        let only = |file_id: &str| Action::AttributesOnly { file_id: file_id.to_owned() };
        assert_eq!(other.actions, [only("f1"), only("f2")]);
        assert_eq!((other.bytes, other.prune), (0, vec![]));
    }

    #[test]
    fn what_failed_is_tried_again_only_if_it_can_succeed() {
        let cancelled = RemoteFile { status: Some(Status::Cancelled), ..remote("f3 c=3") };
        let remote = [failed("f1 a=1", "server_error"), failed("f2 b=2", "invalid_file"), cancelled];
        let again = |file_id: &str| Action::Again { file_id: file_id.to_owned() };
        let invalid = Action::Failed { file_id: "f2".to_owned(), error: Some("invalid_file".to_owned()) };
        assert_eq!(plan(&["a=1", "b=2", "c=3"], &remote).actions, [again("f1"), invalid, again("f3")]);
        let changed = plan(&["b=9"], &remote[1..2]);
        assert_eq!(changed.actions, [Action::Changed { old: vec!["f2".to_owned()] }]);
    }

    #[test]
    fn of_several_of_one_path_and_content_the_newest_that_came_furthest_stays() {
        let at = |time, file: RemoteFile| RemoteFile { created_at: Some(time), ..file };
        let on_the_way = RemoteFile { status: Some(Status::InProgress), ..remote("f4 a=1") };
        let remote = [
            at(1, remote("f1 a=1")),
            at(2, remote("f2 a=1")),
            at(9, failed("f3 a=1", "server_error")),
            at(9, on_the_way),
            at(9, remote("f5 a=0")),
            at(2, remote("f2 a=1")),
        ];
        let plan = plan(&["a=1"], &remote);
        assert_eq!(plan.actions, [unchanged("f2")]);
        assert_eq!(plan.prune, ["f1", "f3", "f4", "f5"].map(|id| prune(id, "a", Reason::Replaced { by: 0 })));
    }

    #[test]
    fn one_content_is_uploaded_once() {
        let of = |of| Action::Duplicate { of };
        let first = plan(&["a=1", "b=1", "c=1"], &[]);
        assert_eq!(first.actions, [Action::New, of(0), of(0)]);
        assert_eq!((first.bytes, first.counts.duplicate), (10, 2));
        let again = plan(&["a=1", "b=1", "c=1"], &[remote("f1 b=1")]);
        assert_eq!(again.actions, [of(1), unchanged("f1"), of(1)], "the one in the store is the one to stay");
        let both = plan(&["a=1", "b=1"], &[remote("f1 b=1"), remote("f2 a=1")]);
        assert_eq!(both.actions, [unchanged("f2"), unchanged("f1")], "what is there twice stays there twice");
        let better = plan(&["a=1", "b=1", "c=1"], &[failed("f1 a=1", "invalid_file"), remote("f2 b=1")]);
        assert_eq!(better.actions[2], of(1), "of the one that has come furthest");
        let failed = plan(&["a.json=1", "b.txt=1"], &[failed("f1 a.json=1", "invalid_file")]);
        assert_eq!(failed.actions[1], Action::New, "what is no JSON may be text");
    }

    #[test]
    fn a_duplicate_gives_way_to_the_file_that_has_its_content() {
        let plan = plan(&["a=1", "b=1"], &[remote("f1 a=1"), remote("f2 b=0")]);
        assert_eq!(plan.actions, [unchanged("f1"), Action::Duplicate { of: 0 }]);
        assert_eq!(plan.prune, [prune("f2", "b", Reason::Replaced { by: 0 })]);
    }

    #[test]
    fn what_was_left_out_is_not_gone() {
        let remote = ["f0 known", "f1 a", "f2 b", "f3 x/y/a", "f4 xy"].map(|text| remote(&format!("{text}=1")));
        let left = |skipped: &[&str]| {
            let skipped: Vec<String> = skipped.iter().map(|path| (*path).to_owned()).collect();
            let plan = super::plan(&[local("known=1")], &remote, "docs", &skipped);
            plan.prune.into_iter().map(|prune| prune.file_id).collect::<Vec<_>>()
        };
        assert_eq!(left(&[]), ["f1", "f2", "f3", "f4"]);
        assert_eq!(left(&["a", "x"]), ["f2", "f4"]);
        assert_eq!(left(&["x/y"]), ["f1", "f2", "f4"]);
        assert_eq!(left(&[""]), [""; 0]);
    }

    #[test]
    fn nothing_is_gone_from_a_folder_of_which_the_store_knows_nothing() {
        let store = [remote("f1 a=1"), remote("f2 b=2")];
        for files in [&[][..], &["c=3"], &["sub/a=1"]] {
            let plan = plan(files, &store);
            assert_eq!((plan.prune, plan.counts.prune, plan.counts.kept), (vec![], 0, 2), "{files:?}");
        }
        let known = plan(&["a=9"], &store);
        let expected = [prune("f1", "a", Reason::Replaced { by: 0 }), prune("f2", "b", Reason::Gone)];
        assert_eq!((known.prune.as_slice(), known.counts.kept), (&expected[..], 0));
    }
}
