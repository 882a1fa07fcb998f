//! A folder, an emulator and a journal, and `vsfb sync` between them. Files are told by the names they were uploaded under,
//! and batches by numbers, because their ids are random.

use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process;
use std::sync::{Mutex, MutexGuard};
use std::time::{Duration, SystemTime};

use serde_json::Value;
use tempfile::TempDir;

use super::command::{HasBaseUrl, Outcome, Vsfb, run, spawnable_vsfb_at, vsfb_at};
use super::emulator::Emulator;
use super::message::{Answer, Request};
use super::relay::pass_on;
use super::server::Server;

/// The store that everything is synced with.
pub const STORE: &str = "vs_1";

/// A folder `docs` that is synced with a store of an emulator, by one upload at a time.
pub struct Synced {
    pub emulator: Emulator,
    place: TempDir,
    /// The ids so far, with what they are told by.
    names: Mutex<Vec<(String, String)>>,
    /// How many requests there were before the last sync, and at its end.
    last: Mutex<(usize, usize)>,
}

impl Synced {
    /// With these files, each of which has its name for its content, and an emulator to which processing takes no time.
    pub fn of(files: &[&str]) -> Self {
        Self::at(&["--file-time", "0"], files)
    }

    /// The same with these flags of the emulator.
    pub fn at(flags: &[&str], files: &[&str]) -> Self {
        let emulator = Emulator::start(flags);
        let place = TempDir::new().expect("a temporary folder");
        fs::create_dir(place.path().join("docs")).expect("a folder");
        let synced = Self { emulator, place, names: Mutex::default(), last: Mutex::default() };
        for path in files {
            synced.write(path, path);
        }
        synced
    }

    /// A server before the emulator that does this to its answers.
    pub fn before(&self, change: impl Fn(&Request, Answer) -> Answer + Send + Sync + 'static) -> Server {
        let address = self.emulator.address();
        Server::with(move |request| change(request, pass_on(request, address)))
    }

    /// A server before the emulator that refuses these requests with 400 and the message `no`.
    pub fn refusing(&self, is_refused: impl Fn(&Request) -> bool + Send + Sync + 'static) -> Server {
        let address = self.emulator.address();
        let refusal = || Answer::json(400, r#"{"error":{"message":"no"}}"#);
        Server::with(move |request| if is_refused(request) { refusal() } else { pass_on(request, address) })
    }

    /// Runs a sync that talks to this server.
    pub fn sync_at(&self, server: &Server, more: &[&str]) -> Outcome {
        self.run(|| run(self.command(more).env("OPENAI_BASE_URL", server.base_url())))
    }

    /// Puts a made-up file with these attributes into the store, beside any sync.
    pub fn attach(&self, store: &str, file_id: &str, attributes: &str) {
        let file = format!("{{file_id: {file_id}, attributes: {attributes}}}");
        let mut vsfb = vsfb_at(&self.emulator);
        vsfb.env("VSFB_JOURNAL", self.journal()).args(["create", store, "--file", &file]);
        let outcome = run(&mut vsfb);
        assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""));
    }

    /// Has what the journal tells be a minute older, so that nobody waits for what may be under way.
    pub fn let_time_pass(&self) {
        let text = fs::read_to_string(self.journal()).expect("a journal");
        let lines = text.lines().map(|line| {
            let mut line: Value = serde_json::from_str(line).expect("JSON");
            line["time"] = (line["time"].as_i64().expect("a time") - 60).into();
            format!("{line}\n")
        });
        fs::write(self.journal(), lines.collect::<Vec<_>>().concat()).expect("a journal");
    }

    /// Where the folder `docs` and the journal are, and where commands run.
    pub fn place(&self) -> &Path {
        self.place.path()
    }

    pub fn folder(&self) -> PathBuf {
        self.place().join("docs")
    }

    pub fn journal(&self) -> PathBuf {
        self.place().join("journal.jsonl")
    }

    /// Writes a file of the folder, which may be one of a folder in it. It is an hour old.
    pub fn write(&self, path: &str, content: impl AsRef<[u8]>) {
        self.write_at(path, content, SystemTime::now() - Duration::from_secs(3600));
    }

    /// The same, as changed last at this time.
    pub fn write_at(&self, path: &str, content: impl AsRef<[u8]>, modified: SystemTime) {
        let path = self.folder().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(&path, content).expect("a file");
        let file = File::options().append(true).open(path).expect("a file");
        file.set_modified(modified).expect("a file has a time");
    }

    pub fn remove(&self, path: &str) {
        fs::remove_file(self.folder().join(path)).expect("a file");
    }

    /// The arguments of a sync of the folder, or of what these name; these come last.
    fn arguments<'a>(more: &[&'a str]) -> Vec<&'a str> {
        let names_paths = more.iter().any(|argument| argument.starts_with("docs") || *argument == "--paths-from");
        let folder = if names_paths { None } else { Some("docs") };
        let jobs: &[&str] = if more.contains(&"--jobs") { &[] } else { &["--jobs", "1"] };
        let store = ["sync", "--vector-store-id", STORE];
        store.into_iter().chain(jobs.iter().copied()).chain(folder).chain(more.iter().copied()).collect()
    }

    /// The command, to be run with other input or another environment by [`Synced::run`].
    pub fn command(&self, more: &[&str]) -> Vsfb {
        let mut vsfb = vsfb_at(&self.emulator);
        vsfb.args(Self::arguments(more)).current_dir(self.place()).env("VSFB_JOURNAL", self.journal());
        vsfb
    }

    /// The command that talks to this server, to be started; keep it while it runs.
    pub fn spawnable_at(&self, server: &impl HasBaseUrl, more: &[&str]) -> Vsfb<process::Command> {
        let mut vsfb = spawnable_vsfb_at(server);
        vsfb.args(Self::arguments(more)).current_dir(self.place()).env("VSFB_JOURNAL", self.journal());
        vsfb
    }

    /// The same for the emulator.
    pub fn spawnable(&self, more: &[&str]) -> Vsfb<process::Command> {
        self.spawnable_at(&self.emulator, more)
    }

    /// Runs a sync to its end.
    pub fn sync(&self, more: &[&str]) -> Outcome {
        self.run(|| run(&mut self.command(more)))
    }

    /// Has a sync run, and tells what it printed by names.
    pub fn run(&self, run: impl FnOnce() -> Outcome) -> Outcome {
        let before = self.emulator.requests().len();
        let outcome = run();
        let end = self.emulator.requests().len();
        *self.last() = (before, end);
        self.learn();
        Outcome { code: outcome.code, stdout: self.named(&outcome.stdout), stderr: self.named(&outcome.stderr) }
    }

    /// A sync that has nothing to complain of but says this about the files, and prints this.
    pub fn syncs(&self, more: &[&str], summary: &str, stdout: &str) {
        let outcome = self.sync(more);
        let stderr = format!("note: files: {summary}\n");
        assert_eq!(outcome, Outcome { stderr, ..Outcome::success(stdout) }, "{more:?}");
    }

    /// The requests of the last sync but for lists and looks at batches, as `POST /v1/files a.md`. A batch is told by the
    /// paths in it, another body as it was sent.
    pub fn did(&self) -> Vec<String> {
        let requests = self.requests();
        requests.iter().filter(|request| request["method"] != "GET").map(|request| self.line(request)).collect()
    }

    /// The requests of the last sync as the record has them.
    pub fn requests(&self) -> Vec<Value> {
        let (before, end) = *self.last();
        self.emulator.requests().into_iter().take(end).skip(before).collect()
    }

    /// What the store has: path, status and the attributes beside the path and the hash, sorted by path.
    pub fn store(&self) -> Vec<String> {
        let list = self.get(&format!("/vector_stores/{STORE}/files?limit=100"));
        let line = |file: &Value| {
            let mut attributes = file["attributes"].as_object().expect("attributes").clone();
            let path = attributes.remove("path").unwrap_or_default();
            attributes.remove("sha256");
            let mut attributes: Vec<_> = attributes.iter().map(|(key, value)| format!(" {key}={value}")).collect();
            attributes.sort();
            let text = format!("{} {}{}", path.as_str().unwrap_or("-"), file["status"], attributes.concat());
            text.replace('"', "")
        };
        let mut lines: Vec<_> = list["data"].as_array().expect("a list").iter().map(line).collect();
        lines.sort();
        lines
    }

    /// The names of all files that are uploaded, sorted.
    pub fn uploads(&self) -> Vec<String> {
        let list = self.get("/files?limit=1000");
        let files = list["data"].as_array().expect("a list").iter();
        let mut names: Vec<_> = files.map(|file| file["filename"].as_str().expect("a name").to_owned()).collect();
        names.sort();
        names
    }

    /// What the emulator answers to this.
    pub fn get(&self, target: &str) -> Value {
        let mut wire = TcpStream::connect(self.emulator.address()).expect("the emulator listens");
        let head =
            format!("GET /v1{target} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer k\r\nconnection: close\r\n\r\n");
        wire.write_all(head.as_bytes()).expect("the emulator reads");
        let mut answer = String::new();
        wire.read_to_string(&mut answer).expect("an answer in UTF-8");
        let (_, body) = answer.split_once("\r\n\r\n").expect("a head and a body");
        serde_json::from_str(body).expect("JSON")
    }

    /// The id of the file that is told by this name.
    pub fn id_of(&self, name: &str) -> String {
        let names = self.names();
        let found = names.iter().find(|(_, known)| known == name);
        found.unwrap_or_else(|| panic!("no {name} among {names:?}")).0.clone()
    }

    /// A text with names in place of ids.
    pub fn named(&self, text: &str) -> String {
        let mut names = self.names();
        for (start, _) in text.match_indices("vsfb_") {
            let id = text.get(start..start + "vsfb_".len() + 32).unwrap_or_default();
            if !id.is_empty() && names.iter().all(|(known, _)| known != id) {
                let number = names.iter().filter(|(known, _)| known.starts_with("vsfb_")).count() + 1;
                names.push((id.to_owned(), format!("<batch {number}>")));
            }
        }
        let text = names.iter().fold(text.to_owned(), |text, (id, name)| text.replace(id, name));
        text.replace(&*self.place().to_string_lossy(), "<place>")
    }

    /// Learns the names of what is uploaded: the second `a.md` is told as `<a.md 2>`.
    fn learn(&self) {
        let list = self.get("/files?limit=1000&order=asc");
        let mut names = self.names();
        for file in list["data"].as_array().expect("a list") {
            let [id, filename] = ["id", "filename"].map(|key| file[key].as_str().expect("a text").to_owned());
            if names.iter().any(|(known, _)| *known == id) {
                continue;
            }
            let is_like = |(_, name): &&(String, String)| {
                name.strip_prefix(&format!("<{filename}")).is_some_and(|rest| rest.starts_with(['>', ' ']))
            };
            let name = match names.iter().filter(is_like).count() {
                0 => format!("<{filename}>"),
                count => format!("<{filename} {}>", count + 1),
            };
            names.push((id, name));
        }
    }

    fn line(&self, request: &Value) -> String {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let files = request["request"]["files"].as_array().into_iter().flatten();
        let paths: Vec<_> = files.map(|file| text(&file["attributes"]["path"])).collect();
        let what = match (&request["file"], &request["request"]) {
            (Value::Object(file), _) => text(&file["filename"]),
            (_, Value::Null) => String::new(),
            _ if !paths.is_empty() => paths.join(" "),
            (_, body) => body.to_string(),
        };
        self.named(format!("{} {} {what}", text(&request["method"]), text(&request["path"])).trim_end())
    }

    fn names(&self) -> MutexGuard<'_, Vec<(String, String)>> {
        self.names.lock().unwrap()
    }

    fn last(&self) -> MutexGuard<'_, (usize, usize)> {
        self.last.lock().unwrap()
    }
}
