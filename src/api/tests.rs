//! Requests that no command sends yet, sent to the emulator.

#![cfg(test)]

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use serde_json::json;
use tempfile::TempDir;

use super::types::{UploadedFile, VectorStoreFile};
use super::{ApiKey, BaseUrl, Client, Connection, Error, Identity, ListQuery, Observer, Pages};
use crate::emulator::Options;
use crate::emulator::faults::Fault;
use crate::emulator::record::Record;
use crate::emulator::server::{Server, Serving};
use crate::json::Value;

/// An emulator in this process, a way to it, and its record.
pub(super) struct Service {
    pub(super) client: Client,
    record: PathBuf,
    // Holds the record; goes last.
    _folder: TempDir,
    serving: Serving,
}

/// A way to this base URL, with two repetitions.
pub(super) fn client_of(base_url: &str, observer: Observer) -> Client {
    let connection = Connection {
        base_url: BaseUrl::parse(base_url, "--base-url").unwrap(),
        identity: Identity { api_key: Some(ApiKey::parse("sk-test").unwrap()), ..Identity::default() },
        client_certificate: None,
        uses_proxies: false,
        max_retries: 2,
        request_timeout: Duration::from_secs(60),
    };
    Client::new(connection, observer).unwrap()
}

pub(super) fn quiet() -> Observer {
    Observer { traces: false, tell: Box::new(|_| {}) }
}

impl Service {
    pub(super) fn start(faults: &[&str]) -> Self {
        let folder = TempDir::new().unwrap();
        let record = folder.path().join("record.jsonl");
        let options = Options {
            file_time: Duration::ZERO,
            parallel: 10,
            strict: false,
            limits: false,
            faults: faults.iter().map(|fault| Fault::parse(fault).unwrap()).collect(),
            seed: 1,
        };
        let server = Server::bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let client = client_of(&format!("http://{}/v1", server.address()), quiet());
        let serving = server.start(options, Record::open(&record).unwrap()).unwrap();
        Self { client, record, _folder: folder, serving }
    }

    /// Ends it, and gives its record.
    pub(super) fn finish(self) -> Vec<serde_json::Value> {
        self.serving.stop().unwrap();
        let text = fs::read_to_string(&self.record).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// Ends it, and gives the method, the path and the status of each request.
    fn asked(self) -> Vec<String> {
        let line = |row: &serde_json::Value| {
            let text = |name: &str| row[name].as_str().unwrap().to_owned();
            format!("{} {} {}", text("method"), text("path"), row["status"])
        };
        self.finish().iter().map(line).collect()
    }

    /// Attaches files to `vs_1`.
    fn attach(&self, ids: &[&str]) {
        self.client.create_batch("vs_1", &batch_of(ids)).reply.unwrap();
    }
}

/// The body that makes a batch of these files.
fn batch_of(ids: &[&str]) -> Value {
    let ids = ids.iter().map(|id| Value::String((*id).to_owned())).collect();
    Value::Object(vec![("file_ids".to_owned(), Value::Array(ids))])
}

/// The status that the service refused with.
pub(super) fn status(error: &Error) -> Option<u16> {
    error.failure().map(|failure| failure.status)
}

#[test]
fn attributes_are_replaced() {
    let service = Service::start(&[]);
    service.attach(&["file-a"]);
    let attributes = Value::Object(vec![("page".to_owned(), Value::Number("1.50".to_owned()))]);
    let reply = service.client.update_attributes("vs_1", "file-a", &attributes).unwrap();
    let file = VectorStoreFile::read(reply.json()).unwrap();
    assert_eq!((file.id.as_str(), file.attributes.as_deref()), ("file-a", Some(r#"{"page":1.5}"#)));
    let error = service.client.update_attributes("vs_1", "file-b", &attributes).unwrap_err();
    assert_eq!(status(&error), Some(404));
    let rows = service.finish();
    let update = rows.iter().find(|row| row["path"] == "/v1/vector_stores/vs_1/files/file-a").unwrap();
    assert_eq!((&update["method"], &update["request"]), (&json!("POST"), &json!({"attributes": {"page": 1.5}})));
}

#[test]
fn what_is_as_good_twice_is_repeated_where_the_answer_broke_off() {
    let service = Service::start(&["truncated-body=2"]);
    assert!(service.client.create_batch("vs_1", &batch_of(&["file-a"])).reply.is_err(), "a create is not");
    let updated = service.client.update_attributes("vs_1", "file-a", &Value::Object(Vec::new()));
    assert!(updated.is_ok());
    let expected = [
        "POST /v1/vector_stores/vs_1/file_batches 200",
        "POST /v1/vector_stores/vs_1/files/file-a 200",
        "POST /v1/vector_stores/vs_1/files/file-a 200",
    ];
    assert_eq!(service.asked(), expected);
}

#[test]
fn a_file_is_detached_and_deleted() {
    let service = Service::start(&[]);
    service.attach(&["file-a", "file-b"]);
    service.client.detach_file("vs_1", "file-a").unwrap();
    assert_eq!(status(&service.client.detach_file("vs_1", "file-a").unwrap_err()), Some(404));
    service.client.delete_file("file-a").unwrap();
    assert_eq!(status(&service.client.delete_file("file-a").unwrap_err()), Some(404));
    let expected = [
        "POST /v1/vector_stores/vs_1/file_batches 200",
        "DELETE /v1/vector_stores/vs_1/files/file-a 200",
        "DELETE /v1/vector_stores/vs_1/files/file-a 404",
        "DELETE /v1/files/file-a 200",
        "DELETE /v1/files/file-a 404",
    ];
    assert_eq!(service.asked(), expected);
}

#[test]
fn the_files_of_a_store_are_listed_page_by_page() {
    let service = Service::start(&[]);
    let ids: Vec<String> = (0..250).map(|number| format!("file-{number:03}")).collect();
    service.attach(&ids.iter().map(String::as_str).collect::<Vec<_>>());
    let query = ListQuery { order: Some("asc".to_owned()), ..ListQuery::default() };
    let mut listed = Vec::new();
    for page in Pages::of_store(&service.client, "vs_1", query) {
        let (reply, wanted) = page.unwrap();
        let page = reply.page().unwrap();
        assert_eq!(wanted, page.items.len());
        listed.extend(page.items.iter().map(|item| VectorStoreFile::read(item).unwrap().id));
    }
    assert_eq!(listed, ids);
    let expected =
        ["?limit=100&order=asc", "?after=file-099&limit=100&order=asc", "?after=file-199&limit=100&order=asc"];
    let expected = expected.map(|query| format!("GET /v1/vector_stores/vs_1/files{query} 200"));
    assert_eq!(service.asked()[1..], expected);
}

#[test]
fn a_list_of_a_store_that_repeats_itself_is_left() {
    let service = Service::start(&["repeated-cursor"]);
    service.attach(&["file-a", "file-b"]);
    let pages: Vec<_> = Pages::of_store(&service.client, "vs_1", ListQuery::default()).collect();
    assert_eq!((pages.len(), pages[1].is_err()), (2, true));
}

#[test]
fn uploaded_files_are_listed_in_larger_pages() {
    let service = Service::start(&[]);
    let files: Vec<UploadedFile> = Pages::of_uploads(&service.client, ListQuery::default())
        .flat_map(|page| {
            let (reply, _) = page.unwrap();
            reply.page().unwrap().items.iter().map(|item| UploadedFile::read(item).unwrap()).collect::<Vec<_>>()
        })
        .collect();
    assert_eq!(files, []);
    assert_eq!(service.asked(), ["GET /v1/files?purpose=assistants&limit=1000 200"]);
}
