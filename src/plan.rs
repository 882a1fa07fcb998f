//! What is to be attached, cut into batches: pure decisions over file ids, counts and times.

mod limit;
mod pace;

pub(crate) use {limit::stated_limit, pace::Pace};

use std::collections::HashSet;
use std::fmt::{self, Write as _};
use std::hash::{BuildHasher as _, BuildHasherDefault, DefaultHasher};
use std::num::NonZeroU64;
use std::ops::Range;

use ring::digest::{Context, SHA256};

/// What a plan's hash begins with. It changes with whatever goes into the hash, so that no run takes up the plan of a
/// version that counted otherwise.
const SCHEME: &str = "vsfb plan 1";
/// How many problems are kept in words.
const MOST_PROBLEMS: usize = 20;
/// How many repeated ids are kept.
const MOST_REPEATED: usize = 5;

/// The outcome of going through all files once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Plan {
    pub(crate) files: u64,
    /// Whether any file has settings of its own.
    pub(crate) has_own: bool,
    /// The SHA-256, in hexadecimal, of the store, the shared settings and each file in order.
    pub(crate) hash: String,
    /// How many files have an id that has been there before. The service takes them.
    pub(crate) repeats: u64,
    /// The first few of these ids, and how often each stands there.
    pub(crate) repeated: Vec<(String, u64)>,
}

/// Makes a plan of files that are told one by one. Keeps eight bytes of each.
pub(crate) struct PlanBuilder {
    hash: Context,
    files: u64,
    has_own: bool,
    /// Hashes of the ids so far. Two ids with the same one would raise a false warning, once in millions of runs.
    seen: HashSet<u64, IdHasher>,
    repeats: u64,
    repeated: Vec<(String, u64)>,
    problems: Problems,
    /// What goes into the hash next.
    piece: Vec<u8>,
}

/// The same in every run, so that a false warning comes again and can be looked into.
type IdHasher = BuildHasherDefault<DefaultHasher>;

impl PlanBuilder {
    /// For this store; `shared` is the JSON text of what is said for all files, or nothing.
    pub(crate) fn new(store: &str, shared: &str) -> Self {
        let mut builder = Self {
            hash: Context::new(&SHA256),
            files: 0,
            has_own: false,
            seen: HashSet::default(),
            repeats: 0,
            repeated: Vec::new(),
            problems: Problems::default(),
            piece: Vec::new(),
        };
        for text in [SCHEME, store, shared] {
            builder.add(text);
        }
        builder.digest();
        builder
    }

    /// Adds the next file; `own` is the JSON text of its element of `files`, where it has settings of its own.
    pub(crate) fn file(&mut self, file_id: &str, own: Option<&str>) {
        self.files += 1;
        self.add(file_id);
        self.piece.push(u8::from(own.is_some()));
        if let Some(own) = own {
            self.has_own = true;
            self.add(own);
        }
        self.digest();
        if !self.seen.insert(IdHasher::default().hash_one(file_id)) {
            self.repeats += 1;
            if let Some((_, count)) = self.repeated.iter_mut().find(|(id, _)| id == file_id) {
                *count += 1;
            } else if self.repeated.len() < MOST_REPEATED {
                self.repeated.push((file_id.to_owned(), 2));
            }
        }
    }

    /// Adds what is wrong with a file.
    pub(crate) fn problem(&mut self, message: String) {
        self.problems.count += 1;
        if self.problems.first.len() < MOST_PROBLEMS {
            self.problems.first.push(message);
        }
    }

    /// The plan.
    ///
    /// # Errors
    /// When there were problems.
    pub(crate) fn finish(self) -> Result<Plan, Problems> {
        if self.problems.count > 0 {
            return Err(self.problems);
        }
        let Self { files, has_own, repeats, repeated, hash, .. } = self;
        Ok(Plan { files, has_own, hash: hexadecimal(hash.finish().as_ref()), repeats, repeated })
    }

    /// Puts a text before the hash in such a way that no two rows of texts look the same to it.
    fn add(&mut self, text: &str) {
        self.piece.extend_from_slice(&(text.len() as u64).to_le_bytes());
        self.piece.extend_from_slice(text.as_bytes());
    }

    fn digest(&mut self) {
        self.hash.update(&self.piece);
        self.piece.clear();
    }
}

/// Two digits a byte.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        // Writing to a text cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// What is wrong with the files: the first problems in words, and how many there are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Problems {
    first: Vec<String>,
    count: u64,
}

/// `the reason`, or a list: `3 problems:` and a line for each.
impl fmt::Display for Problems {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let ([only], 1) = (self.first.as_slice(), self.count) {
            return formatter.write_str(only);
        }
        write!(formatter, "{} problems:", self.count)?;
        for problem in &self.first {
            write!(formatter, "\n  {problem}")?;
        }
        match self.count - self.first.len() as u64 {
            0 => Ok(()),
            more => write!(formatter, "\n  and {more} more"),
        }
    }
}

/// Cuts the files at these places of a run into parts of at most `size`, in order.
pub(crate) fn parts(files: Range<u64>, size: NonZeroU64) -> impl Iterator<Item = Range<u64>> {
    let mut first = files.start;
    std::iter::from_fn(move || {
        let part = first..files.end.min(first.saturating_add(size.get()));
        first = part.end;
        (!part.is_empty()).then_some(part)
    })
}

/// The places among so many files that none of `done` covers, in order: what a resumed run has still to send.
pub(crate) fn gaps(files: u64, done: impl IntoIterator<Item = Range<u64>>) -> Vec<Range<u64>> {
    let mut done: Vec<_> = done.into_iter().filter(|range| !range.is_empty()).collect();
    done.sort_unstable_by_key(|range| range.start);
    let mut gaps = Vec::new();
    let mut next = 0;
    for range in done.into_iter().chain(std::iter::once(files..files)) {
        if next < range.start.min(files) {
            gaps.push(next..range.start.min(files));
        }
        next = next.max(range.end);
    }
    gaps
}

#[cfg(test)]
mod tests {
    use super::{Plan, PlanBuilder, gaps, parts};
    use std::num::NonZeroU64;
    use std::ops::Range;

    fn planned(store: &str, shared: &str, files: &[(&str, Option<&str>)]) -> Plan {
        let mut builder = PlanBuilder::new(store, shared);
        for (id, own) in files {
            builder.file(id, *own);
        }
        builder.finish().unwrap()
    }

    #[test]
    fn a_plan_counts_files_and_what_repeats() {
        let plan = planned("vs_1", "", &[("a", None), ("b", None), ("a", None), ("a", None), ("b", None)]);
        assert_eq!((plan.files, plan.has_own, plan.repeats), (5, false, 3));
        assert_eq!(plan.repeated, [("a".to_owned(), 3), ("b".to_owned(), 2)]);
        assert!(planned("vs_1", "", &[("a", None), ("b", Some(r#"{"file_id":"b","attributes":{}}"#))]).has_own);
        let ids: Vec<String> = (0..20).map(|number| format!("file-{number}")).collect();
        let twice: Vec<_> = ids.iter().chain(&ids).map(|id| (id.as_str(), None)).collect();
        let plan = planned("vs_1", "", &twice);
        assert_eq!((plan.repeats, plan.repeated.len()), (20, 5));
    }

    #[test]
    fn the_hash_is_of_all_that_is_sent() {
        let own = r#"{"file_id":"b","attributes":{"x":1}}"#;
        let plans = [
            planned("vs_1", "", &[("a", None), ("b", None)]),
            planned("vs_2", "", &[("a", None), ("b", None)]),
            planned("vs_1", "{}", &[("a", None), ("b", None)]),
            planned("vs_1", "", &[("b", None), ("a", None)]),
            planned("vs_1", "", &[("ab", None)]),
            planned("vs_1", "", &[("a", None), ("b", Some(own))]),
            planned("vs_1", "", &[("a", None), ("b", None), (own, None)]),
            planned("vs_1a", "", &[("b", None)]),
            planned("vs_1", "a", &[("b", None)]),
            planned("vs_1", "", &[]),
        ];
        for (index, plan) in plans.iter().enumerate() {
            assert_eq!(plan.hash.len(), 64);
            assert!(!plans[..index].iter().any(|other| other.hash == plan.hash), "{index}");
        }
        // A hash is looked for in journals that other versions have written.
        assert_eq!(plans[0].hash, "8073c1bc5e9d2ef1613f2b956c62e959480219879164ad8de85ac0539f2da302");
    }

    #[test]
    fn problems_are_listed_up_to_twenty() {
        let told = |count: u64| {
            let mut builder = PlanBuilder::new("vs_1", "");
            for line in 1..=count {
                builder.problem(format!("line {line}: bad"));
            }
            builder.finish().map_err(|problems| problems.to_string())
        };
        assert!(told(0).is_ok());
        assert_eq!(told(1).unwrap_err(), "line 1: bad");
        assert_eq!(told(2).unwrap_err(), "2 problems:\n  line 1: bad\n  line 2: bad");
        let many = told(1_000).unwrap_err();
        assert!(many.starts_with("1000 problems:\n  line 1: bad\n"), "{many}");
        assert!(many.ends_with("\n  line 20: bad\n  and 980 more"), "{many}");
        assert!(told(20).unwrap_err().ends_with("line 20: bad"));
    }

    fn cut(files: Range<u64>, size: u64) -> Vec<Range<u64>> {
        parts(files, NonZeroU64::new(size).unwrap()).collect()
    }

    #[test]
    fn parts_are_full_but_for_the_last() {
        assert_eq!(cut(0..5, 2), [0..2, 2..4, 4..5]);
        assert_eq!(cut(4..7, 2), [4..6, 6..7]);
        assert!(cut(3..3, 2).is_empty());
        assert_eq!(cut(u64::MAX - 3..u64::MAX, 2), [u64::MAX - 3..u64::MAX - 1, u64::MAX - 1..u64::MAX]);
    }

    #[test]
    fn gaps_are_what_is_left() {
        let whole = 0..10;
        assert_eq!(gaps(10, []), std::slice::from_ref(&whole));
        assert!(gaps(10, [whole]).is_empty());
        assert_eq!(gaps(10, [6..8, 2..4, 3..4]), [0..2, 4..6, 8..10]);
        assert_eq!(gaps(10, [8..20, 5..5]), std::slice::from_ref(&(0..8)));
        assert!(gaps(0, []).is_empty());
    }

    #[test]
    fn whatever_is_done_parts_and_gaps_cover_every_file_once() {
        // A small generator of our own: the same cases in every run.
        let mut state = 7_u64;
        let mut random = move |below: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % below
        };
        for _ in 0..2_000 {
            let files = random(60);
            let done: Vec<_> = cut(0..files, 1 + random(9)).into_iter().filter(|_| random(3) > 0).collect();
            let size = 1 + random(9);
            let rest = gaps(files, done.clone()).into_iter().flat_map(|gap| cut(gap, size));
            let mut all: Vec<_> = done.into_iter().chain(rest).collect();
            assert!(all.iter().all(|part| !part.is_empty()));
            all.sort_unstable_by_key(|part| part.start);
            assert_eq!(all.into_iter().flatten().collect::<Vec<_>>(), (0..files).collect::<Vec<_>>());
        }
    }
}
