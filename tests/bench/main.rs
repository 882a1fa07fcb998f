//! `cargo bench`: what the release binary costs as a whole process, beside curl where there is curl, and beside the official
//! Python package where there is that.
//!
//! Every figure is the median of 21 runs, or of N with `cargo bench -- --runs N`; what takes long is run less often, and a
//! wait or a sync once. The runs of the things compared take turns, so that whatever else the machine does falls on both.
//! It is a report and no test: a target that is missed is said to be, and the exit status is still 0. It is 1 when
//! something could not be run at all.

#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a benchmark that cannot go on has failed")]
#![expect(clippy::print_stdout, clippy::print_stderr, clippy::exit, reason = "it is a program of its own")]
#![expect(clippy::disallowed_methods, reason = "what is measured needs a PATH")]
#![expect(unreachable_pub, reason = "the server is shared with the tests")]

#[path = "../cli/support/message.rs"]
#[expect(dead_code, reason = "the tests script faults that no benchmark needs")]
mod message;
#[cfg(target_os = "linux")]
#[path = "../cli/support/pseudo_terminal.rs"]
mod pseudo_terminal;
#[path = "../cli/support/server.rs"]
#[expect(dead_code, reason = "the tests ask more of a server than a benchmark does")]
mod server;
#[path = "../cli/support/tls.rs"]
#[expect(dead_code, reason = "the tests need certificates that are wrong, too")]
mod tls;

#[cfg(target_os = "linux")]
mod explore;
mod load;
mod many;
mod measure;
mod sync;
mod table;
mod waiting;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use measure::{Program, give_up, measure_one_if_asked, medians};
use message::{Answer, Request};
use server::Server;
use table::{Row, Share, grouped, milliseconds, render};
use tempfile::TempDir;
use tls::Certificates;

const VSFB: &str = env!("CARGO_BIN_EXE_vsfb");

const RETRIEVE: [&str; 5] = ["retrieve", "--vector-store-id", "vs_1", "--batch-id", "vsfb_1"];
const RETRIEVE_PATH: &str = "/vector_stores/vs_1/file_batches/vsfb_1";
const LIST_FILES: [&str; 7] = ["list-files", "--vector-store-id", "vs_1", "--batch-id", "vsfb_1", "--limit", "100"];
const CREATE: [&str; 4] = ["create", "--vector-store-id", "vs_1", "--body"];

const BATCH: &str = r#"{
  "id": "vsfb_1",
  "object": "vector_store.files_batch",
  "created_at": 1699061776,
  "vector_store_id": "vs_1",
  "status": "in_progress",
  "file_counts": {"in_progress": 1, "completed": 1, "failed": 0, "cancelled": 0, "total": 2}
}"#;

/// How many files are listed and created, and on one page.
const FILES: usize = 2000;
const PAGE: usize = 100;

/// Where systems keep the roots they trust, each in one file.
const SYSTEM_ROOTS: [&str; 5] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
    "/opt/homebrew/etc/ca-certificates/cert.pem",
];

fn main() {
    measure_one_if_asked();
    sync::hash_if_asked();
    let bench = Bench { runs: runs(), has_curl: has_curl(), folder: TempDir::new().expect("a temporary folder") };
    println!("Medians of {} runs of {VSFB}", bench.runs);
    if !bench.has_curl {
        println!("curl is not installed here: what is measured against it is skipped.");
    }
    let mut rows = Vec::new();
    bench.retrieve_over_tls(&mut rows);
    bench.retrieve_in_the_clear(&mut rows);
    bench.list_files(&mut rows);
    #[cfg(target_os = "linux")]
    explore::explore(VSFB, &LIST_FILES, &Server::with(|request| page(request, FILES)).base_url(), &mut rows);
    bench.create(&mut rows);
    bench.help(&mut rows);
    many::create(VSFB, bench.folder.path(), bench.runs, &mut rows);
    waiting::wait(VSFB, bench.folder.path(), &mut rows);
    load::emulator(VSFB, bench.folder.path(), bench.runs, &mut rows);
    sync::sync(VSFB, bench.folder.path(), &mut rows);
    rows.push(size());
    print!("\n{}", render(&rows));
}

/// The number after `--runs`. Cargo adds `--bench`, which says nothing new.
fn runs() -> usize {
    let words: Vec<String> = env::args().skip(1).filter(|word| word != "--bench").collect();
    match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => 21,
        ["--runs", number] => match number.parse() {
            Ok(runs) if runs > 0 => runs,
            _ => give_up(&format!("not a number of runs: {number}")),
        },
        _ => give_up("usage: cargo bench [-- --runs N]"),
    }
}

fn has_curl() -> bool {
    Command::new("curl").arg("--version").stdout(Stdio::null()).status().is_ok_and(|status| status.success())
}

/// One way to retrieve a batch.
struct Case<'a> {
    name: &'a str,
    /// The file of the authorities to trust.
    roots: Option<&'a Path>,
    /// The target: at most this share of what curl takes.
    share: f64,
}

struct Bench {
    runs: usize,
    has_curl: bool,
    folder: TempDir,
}

impl Bench {
    fn retrieve_over_tls(&self, rows: &mut Vec<Row>) {
        let certificates = Certificates::new();
        let authority = certificates.authority_pem();
        let server = Server::https_with(&certificates, |_| Answer::json(200, BATCH));
        self.retrieve(rows, &server, &Case { name: "HTTPS, one root", roots: Some(&authority), share: 0.3 });

        let Some(system) = SYSTEM_ROOTS.iter().find(|path| Path::new(path).exists()) else {
            println!("This system keeps its roots in no file known here: \"with the system's roots\" is skipped.");
            return;
        };
        println!(
            "\"With the system's roots\": the roots of {system} and the authority of the server here, which no system \
             knows, are one file, and SSL_CERT_FILE and --cacert name it."
        );
        let roots = self.with_system_roots(system, &authority);
        self.retrieve(rows, &server, &Case { name: "HTTPS, with the system's roots", roots: Some(&roots), share: 0.3 });
    }

    fn with_system_roots(&self, system: &str, authority: &Path) -> PathBuf {
        let read =
            |path: &Path| fs::read(path).unwrap_or_else(|error| give_up(&format!("{}: {error}", path.display())));
        let path = self.folder.path().join("roots.pem");
        fs::write(&path, [read(Path::new(system)), read(authority)].join(&b'\n')).expect("a file can be written");
        path
    }

    fn retrieve_in_the_clear(&self, rows: &mut Vec<Row>) {
        let server = Server::with(|_| Answer::json(200, BATCH));
        self.retrieve(rows, &server, &Case { name: "HTTP", roots: None, share: 0.5 });
    }

    /// Measures `retrieve` against curl asking for the same.
    fn retrieve(&self, rows: &mut Vec<Row>, server: &Server, case: &Case<'_>) {
        let Case { name, roots, share } = *case;
        let mut vsfb = self.vsfb(server, &RETRIEVE);
        let mut curl = Program::new("curl", &["-q", "-s", "-f", "-H", "Authorization: Bearer x"]);
        if let Some(roots) = roots {
            vsfb = vsfb.file_variable("SSL_CERT_FILE", roots);
            curl = curl.with(&["--cacert", &roots.display().to_string()]);
        }
        let curl = curl.with(&[&(server.base_url() + RETRIEVE_PATH)]);
        let curl = curl.variable("PATH", env::var("PATH").unwrap_or_default());
        let mut programs = vec![&vsfb];
        programs.extend(self.has_curl.then_some(&curl));
        let costs = medians(&programs, self.runs);
        let (vsfb, curl) = (costs[0], costs.get(1));
        let share = Share { of: "curl", most: share };
        let row = |what: &str, vsfb, curl| Row::against(&format!("retrieve, {name}: {what}"), vsfb, curl, share);
        rows.push(row("CPU", vsfb.cpu, curl.map(|cost| cost.cpu)));
        rows.push(row("wall", vsfb.wall, curl.map(|cost| cost.wall)));
    }

    fn list_files(&self, rows: &mut Vec<Row>) {
        let many = Server::with(|request| page(request, FILES));
        let few = Server::with(|request| page(request, PAGE));
        let [list_many, list_few] = [&many, &few].map(|server| self.vsfb(server, &LIST_FILES));

        list_many.run();
        let (requests, connections) = (many.requests().len(), many.connections());
        let pages = FILES / PAGE;
        let what = format!("list-files, {FILES} files in {pages} pages");
        let row = |of: &str, value: usize, target: usize| {
            let target_text = format!("= {target}");
            Row::absolute(&format!("{what}: {of}"), value.to_string(), &target_text, value == target)
        };
        rows.push(row("requests", requests, pages));
        rows.push(row("connections", connections, 1));

        let costs = medians(&[&list_many, &list_few], self.runs);
        let (many, few) = (costs[0].peak, costs[1].peak);
        println!("Peak memory of list-files: {} bytes for {FILES}, {} for {PAGE}.", grouped(many), grouped(few));
        let more = many.saturating_sub(few);
        let name = format!("{what}: peak memory above {PAGE} files'");
        rows.push(Row::absolute(&name, format!("{} bytes", grouped(more)), "<= 2,000,000 bytes", more <= 2_000_000));
    }

    fn create(&self, rows: &mut Vec<Row>) {
        let files: Vec<String> = (1..=FILES)
            .map(|number| format!(r#"{{"file_id": "file-{number:06}", "attributes": {{"number": {number}}}}}"#))
            .collect();
        let path = self.folder.path().join("body.json");
        fs::write(&path, format!(r#"{{"files": [{}]}}"#, files.join(", "))).expect("a file can be written");
        let server = Server::with(|_| Answer::json(200, BATCH));
        let create = self.vsfb(&server, &CREATE).with(&[&path.display().to_string()]);
        let cpu = medians(&[&create], self.runs)[0].cpu;
        rows.push(limited(&format!("create, {FILES} files from --body: CPU"), cpu, Duration::from_millis(50)));
    }

    fn help(&self, rows: &mut Vec<Row>) {
        let cpu = medians(&[&Program::new(VSFB, &["--help"])], self.runs)[0].cpu;
        rows.push(limited("--help: CPU", cpu, Duration::from_millis(5)));
    }

    fn vsfb(&self, server: &Server, arguments: &[&str]) -> Program {
        Program::new(VSFB, arguments)
            .variable("OPENAI_BASE_URL", server.base_url())
            .variable("OPENAI_API_KEY", "x")
            .file_variable("HOME", self.folder.path())
    }
}

/// A row for a time under a limit.
fn limited(what: &str, time: Duration, limit: Duration) -> Row {
    Row::absolute(what, milliseconds(time), &format!("< {} ms", limit.as_millis()), time < limit)
}

fn size() -> Row {
    let bytes = fs::metadata(VSFB).unwrap_or_else(|error| give_up(&format!("{VSFB}: {error}"))).len();
    Row::absolute("release binary", format!("{} bytes", grouped(bytes)), "<= 5,000,000 bytes", bytes <= 5_000_000)
}

/// The page of so many files in all that the request asks for: the first, or the one after the file it names.
fn page(request: &Request, total: usize) -> Answer {
    let query = request.target.split_once('?').map_or("", |(_, query)| query);
    let after = query.split('&').find_map(|pair| pair.strip_prefix("after=file-"));
    let start = after.map_or(0, |number| number.parse().expect("the id of a file on an earlier page"));
    let end = total.min(start + PAGE);
    let files: Vec<String> = (start + 1..=end).map(file).collect();
    let body = format!(
        r#"{{"object": "list", "data": [{}], "first_id": "file-{:06}", "last_id": "file-{end:06}", "has_more": {}}}"#,
        files.join(", "),
        start + 1,
        end < total
    );
    Answer::json(200, body)
}

fn file(number: usize) -> String {
    format!(
        r#"{{"id": "file-{number:06}", "object": "vector_store.file", "usage_bytes": {}, "created_at": {}, "vector_store_id": "vs_1", "status": "completed", "last_error": null, "chunking_strategy": {{"type": "static", "static": {{"max_chunk_size_tokens": 800, "chunk_overlap_tokens": 400}}}}, "attributes": {{"number": {number}}}}}"#,
        1000 + number,
        1_699_061_776 + number
    )
}
