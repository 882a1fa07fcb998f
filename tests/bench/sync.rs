//! What a sync costs: beside the official Python package's helper, with a large file, and where nothing has changed.

use std::env;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{BufWriter, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{self, Command, Stdio};
use std::time::Duration;

use ring::digest::{Context, SHA256, digest};

use crate::limited;
use crate::load::Emulator;
use crate::measure::{Cost, Program, give_up};
use crate::table::{Row, Share, grouped, milliseconds};

/// Names the interpreter whose `openai` package is measured.
const PYTHON: &str = "VSFB_BENCH_PYTHON";
const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/bench/upload_and_poll.py");

const FILES: usize = 2000;
const BYTES: usize = 50_000;
const LARGE: usize = 500_000_000;
const WORKERS: [u32; 2] = [5, 8];
const LATENCY: &str = "latency=50ms";
const PEAK: u64 = 20_000_000;

const FOLDERS: usize = 100;
const FILES_IN_FOLDER: usize = 1000;
const UNCHANGED: usize = FOLDERS * FILES_IN_FOLDER;
const BYTES_UNCHANGED: usize = 1000;
/// What the unchanged files may cost beside the hashing.
const PLANNING: Duration = Duration::from_secs(5);

/// The first argument of the benchmark when it is to hash the files of a folder and nothing else.
const HASH: &str = "--hash";

/// A place where syncs are measured.
struct Place<'a> {
    vsfb: &'a str,
    /// For everything that is made.
    folder: &'a Path,
}

/// Measures `sync`.
pub fn sync(vsfb: &str, folder: &Path, rows: &mut Vec<Row>) {
    let place = Place { vsfb, folder };
    let documents = folder.join("documents");
    fs::create_dir(&documents).expect("a folder can be made");
    for number in 0..FILES {
        write_text(&documents.join(format!("{number:04}.txt")), number, BYTES);
    }
    let python = python();
    for workers in WORKERS {
        place.beside_python(&documents, (workers, python.as_deref()), rows);
    }
    write_text(&documents.join("large.txt"), FILES, LARGE);
    place.with_a_large_file(&documents, rows);
    fs::remove_dir_all(documents).expect("a folder can be removed");
    place.unchanged(rows);
}

/// The interpreter, if it has the package.
fn python() -> Option<String> {
    let python = env::var(PYTHON).unwrap_or_else(|_| "python3".to_owned());
    let found = Command::new(&python).args(["-c", "import openai"]).stderr(Stdio::null()).status();
    if found.is_ok_and(|status| status.success()) {
        return Some(python);
    }
    println!("`{python}` has no package openai, so sync is measured against nothing; {PYTHON} names another Python.");
    None
}

impl Place<'_> {
    /// Uploads all files with so many workers, in turn with Python, where there is one. Each goes once: it takes a while.
    fn beside_python(&self, documents: &Path, (workers, python): (u32, Option<&str>), rows: &mut Vec<Row>) {
        // As long as the emulator's files take by default, and next to nothing.
        for file_time in ["200ms", "1ms"] {
            let emulator = Emulator::start(self.vsfb, self.folder, &["--file-time", file_time, "--fault", LATENCY]);
            // The helper knows no rate, and the service's would be all that is measured.
            let jobs = workers.to_string();
            let sync = self.sync(&emulator, documents, "vs_vsfb").with(&["--jobs", &jobs, "--rate", "off"]);
            let vsfb = sync.run();
            let python = python.map(|python| {
                let upload = Program::new(python, &[SCRIPT, "vs_python", &jobs, &documents.display().to_string()]);
                let upload = upload.variable("PATH", env::var("PATH").unwrap_or_default());
                self.at(&emulator, upload).run()
            });
            let what = format!("sync, {} files of 50 kB, {workers} workers", grouped(FILES as u64));
            if file_time == "1ms" {
                tell_of_uploads_alone(&what, vsfb, python);
                continue;
            }
            let row = |of: &str, time: fn(&Cost) -> Duration, most| {
                let share = Share { of: "Python", most };
                Row::against(&format!("{what}: {of}"), time(&vsfb), python.as_ref().map(time), share)
            };
            rows.push(row("wall", |cost| cost.wall, 0.7));
            rows.push(row("CPU", |cost| cost.cpu, 0.1));
            rows.push(peak(&what, vsfb));
        }
    }

    fn with_a_large_file(&self, documents: &Path, rows: &mut Vec<Row>) {
        let emulator = Emulator::start(self.vsfb, self.folder, &["--file-time", "1ms"]);
        let sync = self.sync(&emulator, documents, "vs_large").with(&["--rate", "off"]);
        let plan = sync.clone().with(&["--dry-run"]).run();
        let bytes = grouped((LARGE + FILES * BYTES) as u64);
        println!("sync --dry-run, {bytes} bytes to read: {}, CPU {}", milliseconds(plan.wall), milliseconds(plan.cpu));
        let sent = sync.run();
        println!("sync, {bytes} bytes to send: {}, CPU {}", milliseconds(sent.wall), milliseconds(sent.cpu));
        rows.push(peak("sync, one file of 500 MB among them", sent));
    }

    /// Syncs a folder that the store has already. What hashing costs is measured by a process that does nothing but read
    /// and hash the same files with the same library.
    fn unchanged(&self, rows: &mut Vec<Row>) {
        let (many, manifest) = self.many();
        let emulator = Emulator::start(self.vsfb, self.folder, &["--file-time", "0"]);
        let create = Program::new(self.vsfb, &["create", "vs_many", "--rate", "off", "--quiet", "--files-from"]);
        self.at(&emulator, create.with(&[&manifest.display().to_string()])).run();
        self.insist_that_nothing_changed(&emulator, &many);
        let synced = self.sync(&emulator, &many, "vs_many").run();
        let this = env::current_exe().expect("the path of this program").display().to_string();
        let hashed = Program::new(&this, &[HASH, &many.display().to_string()]).run();
        let what = format!("sync, {} unchanged files", grouped(UNCHANGED as u64));
        println!(
            "{what} of {BYTES_UNCHANGED} bytes: CPU {}, wall {}, peak memory {} bytes; to read and hash them alone: CPU {}",
            milliseconds(synced.cpu),
            milliseconds(synced.wall),
            grouped(synced.peak),
            milliseconds(hashed.cpu),
        );
        rows.push(limited(&format!("{what}: CPU beside hashing"), synced.cpu.saturating_sub(hashed.cpu), PLANNING));
        fs::remove_dir_all(many).expect("a folder can be removed");
    }

    /// A folder of many files, and a manifest that attaches them as a sync would have.
    fn many(&self) -> (PathBuf, PathBuf) {
        let (many, path) = (self.folder.join("many"), self.folder.join("many.jsonl"));
        let mut manifest = String::new();
        for number in 0..UNCHANGED {
            let path = format!("{:02}/{:03}.txt", number / FILES_IN_FOLDER, number % FILES_IN_FOLDER);
            let location = many.join(&path);
            if number % FILES_IN_FOLDER == 0 {
                fs::create_dir_all(location.parent().expect("a folder")).expect("a folder can be made");
            }
            write_text(&location, number, BYTES_UNCHANGED);
            let content = digest(&SHA256, &fs::read(&location).expect("a file can be read"));
            let mut sha256 = String::new();
            for byte in content.as_ref() {
                write!(sha256, "{byte:02x}").expect("a text can be written to");
            }
            let attributes = format!(r#"{{"path": "{path}", "sha256": "{sha256}", "source": "many"}}"#);
            writeln!(manifest, r#"{{"file_id": "file-{number:022}", "attributes": {attributes}}}"#).expect("a text");
        }
        fs::write(&path, manifest).expect("a file can be written");
        (many, path)
    }

    fn insist_that_nothing_changed(&self, emulator: &Emulator, many: &Path) {
        let mut plan = Command::new(self.vsfb);
        plan.args(["sync", "--vector-store-id", "vs_many", "--dry-run", "--transform", "unchanged"]).arg(many);
        plan.env_clear().env("HOME", self.folder).env("OPENAI_API_KEY", "x");
        let output = plan.env("OPENAI_BASE_URL", emulator.base_url()).stderr(Stdio::inherit()).output();
        let unchanged = String::from_utf8(output.expect("a plan").stdout).expect("a number");
        if unchanged.trim() != UNCHANGED.to_string() {
            give_up(&format!("of {UNCHANGED} unchanged files, sync holds so many for unchanged: {unchanged:?}"));
        }
    }

    fn sync(&self, emulator: &Emulator, documents: &Path, store: &str) -> Program {
        let sync = Program::new(self.vsfb, &["sync", "--quiet", "--vector-store-id", store]);
        self.at(emulator, sync.with(&[&documents.display().to_string()]))
    }

    fn at(&self, emulator: &Emulator, program: Program) -> Program {
        let program = program.variable("OPENAI_BASE_URL", emulator.base_url()).variable("OPENAI_API_KEY", "x");
        program.file_variable("HOME", self.folder)
    }
}

/// What has no target: each upload lasts as long as the latency, whoever sends it.
fn tell_of_uploads_alone(what: &str, vsfb: Cost, python: Option<Cost>) {
    let python = python.map_or_else(String::new, |python| format!(", Python {}", milliseconds(python.wall)));
    println!("{what}, where none takes time to be processed: {}{python}", milliseconds(vsfb.wall));
}

fn peak(what: &str, cost: Cost) -> Row {
    let (peak, most) = (format!("{} bytes", grouped(cost.peak)), format!("<= {} bytes", grouped(PEAK)));
    Row::absolute(&format!("{what}: peak memory"), peak, &most, cost.peak <= PEAK)
}

/// A text that no other number has.
fn write_text(path: &Path, number: usize, bytes: usize) {
    let mut file = BufWriter::new(File::create(path).expect("a file can be made"));
    let (mut left, mut line) = (bytes, 0);
    while left > 0 {
        let text =
            format!("Line {line} of text {number}, which tells no more than that it is that line of that text.\n");
        let length = text.len().min(left);
        file.write_all(&text.as_bytes()[..length]).expect("a file can be written");
        (left, line) = (left - length, line + 1);
    }
    file.flush().expect("a file can be written");
}

/// If this process was started to hash the files of a folder, does so and ends.
pub fn hash_if_asked() {
    let mut words = env::args_os().skip(1);
    if words.next().is_none_or(|word| word != HASH) {
        return;
    }
    hash(Path::new(&words.next().expect("a folder")), &mut vec![0; 128 * 1024]);
    process::exit(0);
}

fn hash(folder: &Path, buffer: &mut [u8]) {
    for entry in fs::read_dir(folder).expect("a folder can be read") {
        let entry = entry.expect("a folder can be read");
        if entry.file_type().expect("a file has a type").is_dir() {
            hash(&entry.path(), buffer);
            continue;
        }
        let mut file = File::open(entry.path()).expect("a file can be opened");
        let mut content = Context::new(&SHA256);
        loop {
            let length = file.read(buffer).expect("a file can be read");
            if length == 0 {
                break;
            }
            content.update(&buffer[..length]);
        }
        std::hint::black_box(content.finish());
    }
}
