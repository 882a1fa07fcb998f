//! What a sync makes of each fault of the emulator, as one table: how it ends, what it says, that it names what it leaves
//! behind, and that the next run makes it good.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::thread;
use std::time::{Duration, Instant};

use self::Place::{All, Creates, Deletes, Uploads};
use super::support::command::{HasBaseUrl as _, Outcome, run, vsfb};
use super::support::holdings::Holdings;
use super::support::message::Request;
use super::support::relay::Relay;
use super::support::site::{Site, Variant};

/// The requests that a fault strikes.
#[derive(Clone, Copy, Debug)]
enum Place {
    All,
    Uploads,
    Creates,
    Deletes,
}

impl Place {
    fn holds(self, request: &Request) -> bool {
        let is = |method: &str, end: &str| request.method == method && request.target.ends_with(end);
        match self {
            All => true,
            Uploads => is("POST", "/v1/files"),
            Creates => is("POST", "/file_batches"),
            Deletes => is("DELETE", ""),
        }
    }
}

/// A fault with the places where it strikes, and of each the exit status, and a piece of what is then said.
struct Row(&'static str, &'static [(Place, i32, &'static str)]);

const NOT_LISTED: &str = "error: failed to list the files of `vs_1`";
const NOT_SENT: &str = "error: failed to send a file";
const NOT_UPLOADED: &str = ".md: not uploaded: ";
const NOT_CREATED: &str = "error: failed to create a file batch of 2 files in `vs_1`";
const NOT_ATTACHED: &str = " files uploaded and not attached yet:\n  ";
const NOT_DETACHED: &str = ".md: not detached: ";
const FOUND: &str = "warning: 2 files are in `vs_1` already; the id of their batch is lost";

/// One that is none, or is got over.
const fn harmless(fault: &'static str) -> Row {
    Row(fault, &[(All, 0, "")])
}

/// One of which a lower rate, or nothing at all, would be the cure.
const fn limit(fault: &'static str) -> Row {
    Row(fault, &[(All, 1, NOT_LISTED), (Uploads, 1, NOT_SENT), (Creates, 1, NOT_ATTACHED)])
}

/// One that no waiting helps.
const fn spent(fault: &'static str) -> Row {
    Row(fault, &[(Creates, 1, NOT_ATTACHED)])
}

/// One that might pass, but does not.
const fn lasting(fault: &'static str) -> Row {
    Row(
        fault,
        &[(All, 1, NOT_LISTED), (Uploads, 3, NOT_UPLOADED), (Creates, 1, NOT_CREATED), (Deletes, 3, NOT_DETACHED)],
    )
}

const TABLE: [Row; 31] = [
    harmless("latency=1ms..5ms"),
    harmless("retry-after=0"),
    limit("rate-limit-exceeded, retry-after=0"),
    limit("slow-down, retry-after=3600"),
    limit("insufficient-quota"),
    spent("credit-balance-exhausted"),
    spent("organization-spend-limit-exceeded"),
    spent("project-spend-limit-exceeded"),
    spent("organization-usage-limit-exceeded"),
    lasting("500"),
    Row("502", &[(Uploads, 3, NOT_UPLOADED)]),
    Row("503", &[(Uploads, 3, NOT_UPLOADED)]),
    Row("unauthorized", &[(All, 4, NOT_LISTED), (Uploads, 4, NOT_SENT), (Creates, 4, NOT_CREATED)]),
    lasting("html"),
    lasting("redirect"),
    lasting("reset"),
    Row(
        "reset-after-first-byte",
        &[(All, 1, NOT_LISTED), (Uploads, 0, ""), (Creates, 0, FOUND), (Deletes, 3, NOT_DETACHED)],
    ),
    Row("lost-answer", &[(All, 3, FOUND), (Uploads, 0, ""), (Creates, 0, FOUND), (Deletes, 3, NOT_DETACHED)]),
    Row("truncated-body", &[(All, 1, NOT_LISTED), (Uploads, 0, ""), (Creates, 0, ""), (Deletes, 3, NOT_DETACHED)]),
    harmless("not-found-at-first=1s"),
    Row("wrong-object", &[(All, 8, "")]),
    Row("stuck", &[(Creates, 8, "")]),
    harmless("stale-counts"),
    harmless("batch-limit=1"),
    harmless("has-more-always"),
    harmless("has-more-never"),
    Row("repeated-cursor", &[(All, 1, NOT_LISTED)]),
    harmless("null-cursors"),
    harmless("unknown-values"),
    harmless("extra-fields"),
    harmless("control-characters"),
];

/// Those that take their time.
const SLOW: [Row; 3] = [
    Row("latency=2s", &[(All, 1, NOT_LISTED), (Uploads, 3, NOT_UPLOADED), (Creates, 0, FOUND)]),
    Row("rate-limit-exceeded", &[(Uploads, 1, NOT_SENT), (Creates, 1, NOT_CREATED)]),
    Row("not-found-at-first=1h", &[(Creates, 3, "cannot be attached")]),
];

/// A relay that has a fault strike as long as the other value says so.
fn relay(fault: &'static str, place: Place) -> (Relay, Arc<AtomicBool>) {
    let strikes = Arc::new(AtomicBool::new(false));
    let is_on = Arc::clone(&strikes);
    let relay = Relay::with(&["--file-time", "0"], move |request, pass_on| {
        let mut request = request.clone();
        if is_on.load(Relaxed) && place.holds(&request) {
            request.headers.push(("X-Vsfb-Fault".to_owned(), fault.to_owned()));
        }
        pass_on(&request)
    });
    (relay, strikes)
}

/// Has a sync meet a fault, with files that are new, changed, gone and unchanged; and another one after that.
fn meet(fault: &'static str, (place, code, piece): (Place, i32, &str)) {
    let (relay, strikes) = relay(fault, place);
    let mut site = Site::new(Variant::Deleted, relay.base_url(), (4, 2, 2));
    site.complete(&[]);
    let paths = site.folder.paths();
    site.folder.remove(&paths[0]);
    site.folder.write(&paths[1], "something else\n");
    for number in 0..4 {
        site.folder.write(&format!("new/{number}.md"), &format!("new file {number}\n"));
    }
    site.timeout = if code == 8 { "1s" } else { "30s" };
    strikes.store(true, Relaxed);
    let mut command = site.command(&["--max-retries", "0"]);
    if fault == "latency=2s" {
        command.args(["--request-timeout", "500ms"]);
    }
    let start = Instant::now();
    let output = command.output().unwrap();
    let (elapsed, outcome) = (start.elapsed(), Outcome::new(output.status, output.stdout, output.stderr));
    strikes.store(false, Relaxed);
    let case = format!("{fault} for {place:?}, after {elapsed:?}: {outcome:#?}");
    assert_eq!(outcome.code, code, "{case}");
    assert!(outcome.stderr.contains(piece), "{case}");
    assert!(elapsed < Duration::from_secs(50), "{case}");
    assert!(!outcome.stderr.contains(|character: char| character.is_control() && character != '\n'), "{case}");
    assert_told(&Holdings::of(relay.emulator().address(), "vs_1"), &outcome, &case);
    site.let_time_pass(10);
    if fault == "stuck" {
        // It stays so: nothing can be made good.
        return;
    }
    site.timeout = "30s";
    site.recover(relay.emulator());
}

/// Claims that no path has two files of one content, that each file in the store is an upload, and that each other upload is
/// named.
fn assert_told(holdings: &Holdings, outcome: &Outcome, case: &str) {
    let uploads: BTreeSet<_> = holdings.uploads.iter().filter_map(|upload| upload["id"].as_str()).collect();
    let mut seen = BTreeSet::new();
    for file in &holdings.files {
        let text = |key: &str| file["attributes"][key].to_string();
        assert!(seen.insert((text("path"), text("sha256"))), "{file} is there twice; {case}");
        assert!(file["id"].as_str().is_some_and(|id| uploads.contains(id)), "{file} is no upload; {case}");
    }
    let orphans = holdings.orphans();
    let unnamed: Vec<_> =
        orphans.iter().filter(|id| !outcome.stderr.contains(**id) && !outcome.stdout.contains(**id)).collect();
    assert!(unnamed.is_empty(), "{unnamed:?} are not named; {case}");
}

#[test]
fn what_another_store_has_is_no_orphan() {
    let (relay, strikes) = relay("lost-answer", Uploads);
    let mut site = Site::new(Variant::SameNames, relay.base_url(), (4, 2, 2));
    site.store = "vs_2";
    site.complete(&[]);
    site.store = "vs_1";
    // Another machine would not know of the other store either.
    site.forget();
    strikes.store(true, Relaxed);
    let mut command = site.command(&["--max-retries", "0", "--delete-orphans"]);
    let output = command.output().unwrap();
    let outcome = Outcome::new(output.status, output.stdout, output.stderr);
    assert_eq!(outcome.code, 3, "{outcome:#?}");
    assert_eq!(outcome.stderr.matches("note: the orphan `").count(), 4, "{outcome:#?}");
    let other = Holdings::of(relay.emulator().address(), "vs_2");
    assert_eq!((other.each_once(&site.folder), other.orphans().len()), (Ok(()), 0), "{outcome:#?}");
}

/// Has all of these met, some at once.
fn meet_all(rows: &[Row]) {
    let cases: Vec<_> = rows.iter().flat_map(|Row(fault, met)| met.iter().map(|met| (*fault, *met))).collect();
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..24 {
            scope.spawn(|| {
                while let Some((fault, met)) = cases.get(next.fetch_add(1, Relaxed)) {
                    meet(fault, *met);
                }
            });
        }
    });
}

#[test]
fn each_fault_is_met_in_time_and_made_good() {
    meet_all(&TABLE);
}

#[test]
#[ignore = "takes a minute: patience is what it is about"]
fn each_fault_that_takes_its_time_is_made_good() {
    meet_all(&SLOW);
}

#[test]
fn the_table_has_each_fault_that_the_emulator_lists() {
    let listed = run(vsfb().args(["emulator", "--list-faults"])).stdout;
    let listed: BTreeSet<_> = listed.lines().filter_map(|line| Some(line.split_once("[=")?.0.trim())).collect();
    assert!(listed.len() > 30, "{listed:?}");
    let known: BTreeSet<_> = TABLE.iter().map(|Row(fault, _)| fault.split(['=', ',']).next().unwrap()).collect();
    assert_eq!(known, listed);
}
