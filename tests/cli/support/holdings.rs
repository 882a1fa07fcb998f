//! A folder on this machine, and what an emulator has of it, by the emulator's own lists.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;

use ring::digest::{SHA256, digest};
use serde_json::Value;
use tempfile::TempDir;

/// Files on this machine, with what is known to be in them.
pub struct Folder {
    place: TempDir,
    /// The SHA-256 of each, by path.
    files: BTreeMap<String, String>,
}

impl Folder {
    /// A new folder with these files: paths and contents.
    pub fn with(files: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut folder = Self { place: TempDir::new().expect("a temporary folder"), files: BTreeMap::new() };
        for (path, content) in files {
            folder.write(&path, &content);
        }
        folder
    }

    pub fn path(&self) -> &Path {
        self.place.path()
    }

    /// The paths of all files.
    pub fn paths(&self) -> Vec<String> {
        self.files.keys().cloned().collect()
    }

    pub fn write(&mut self, path: &str, content: &str) {
        let place = self.path().join(path);
        fs::create_dir_all(place.parent().expect("a folder")).expect("a folder can be made");
        fs::write(place, content).expect("a file can be written");
        self.files.insert(path.to_owned(), sha256(content));
    }

    pub fn remove(&mut self, path: &str) {
        fs::remove_file(self.path().join(path)).expect("a file can be removed");
        self.files.remove(path);
    }
}

fn sha256(content: &str) -> String {
    digest(&SHA256, content.as_bytes()).as_ref().iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a String takes it");
        text
    })
}

/// What an emulator has: all that was uploaded and not deleted, and the files of one store.
#[derive(Debug)]
pub struct Holdings {
    pub uploads: Vec<Value>,
    pub files: Vec<Value>,
}

impl Holdings {
    /// Asks an emulator. Its record has these requests as well.
    pub fn of(address: SocketAddr, store: &str) -> Self {
        Self { uploads: all(address, "/v1/files"), files: all(address, &format!("/v1/vector_stores/{store}/files")) }
    }

    /// The ids of uploads that the store has not.
    pub fn orphans(&self) -> Vec<&str> {
        let attached: BTreeSet<_> = self.files.iter().map(id).collect();
        self.uploads.iter().map(id).filter(|id| !attached.contains(id)).collect()
    }

    /// Whether the store has each file of a folder completed and once, and no other; and whether these are uploads that are
    /// still there.
    ///
    /// # Errors
    /// Says what is not so.
    pub fn each_once(&self, folder: &Folder) -> Result<(), String> {
        let mut counts: BTreeMap<&str, usize> = folder.files.keys().map(|path| (path.as_str(), 0)).collect();
        let uploads: BTreeSet<_> = self.uploads.iter().map(id).collect();
        for file in &self.files {
            let text = |key: &str| file["attributes"][key].as_str().unwrap_or_default();
            let path = text("path");
            let count = counts.get_mut(path).ok_or_else(|| format!("the store has a file too many: {file}"))?;
            *count += 1;
            if folder.files[path] != text("sha256") || file["status"] != "completed" {
                return Err(format!("the store has an old or broken file: {file}"));
            }
            if !uploads.contains(id(file)) {
                return Err(format!("its upload is gone: {file}"));
            }
        }
        let wrong: Vec<_> = counts.into_iter().filter(|(_, count)| *count != 1).collect();
        if wrong.is_empty() { Ok(()) } else { Err(format!("the store has so many of these: {wrong:?}")) }
    }
}

fn id(object: &Value) -> &str {
    object["id"].as_str().expect("an id")
}

/// All elements of a list.
fn all(address: SocketAddr, path: &str) -> Vec<Value> {
    let mut elements: Vec<Value> = Vec::new();
    loop {
        let after = elements.last().map(|last| format!("&after={}", id(last))).unwrap_or_default();
        let page = get(address, &format!("{path}?limit=100&order=asc{after}"));
        elements.extend(page["data"].as_array().expect("a list").iter().cloned());
        if page["has_more"] != true {
            return elements;
        }
    }
}

fn get(address: SocketAddr, target: &str) -> Value {
    let mut stream = TcpStream::connect(address).expect("the emulator listens");
    let head = format!("GET {target} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer x\r\nconnection: close\r\n\r\n");
    stream.write_all(head.as_bytes()).expect("it reads");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("it answers in UTF-8");
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head and a body");
    assert!(head.starts_with("HTTP/1.1 200 "), "{target}: {answer}");
    serde_json::from_str(body).expect("JSON")
}
