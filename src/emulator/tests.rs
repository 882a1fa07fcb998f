//! The service as its users see it, request by request, over a time that the tests choose.

#![cfg(test)]

use std::time::Duration;

use serde_json::{Value, json};

use super::message::{Answer, Body, Content, Form, FormFile, Head, Wanted};
use super::{Emulator, Millis, Options};

/// When the tests begin: a whole second.
const START: Millis = 1_700_000_000_000;

/// A service and its clock.
struct Desk {
    emulator: Emulator,
    now: Millis,
}

fn options() -> Options {
    Options {
        file_time: Duration::from_millis(200),
        parallel: 2,
        strict: false,
        limits: false,
        faults: Vec::new(),
        seed: 1,
    }
}

fn desk(options: Options) -> Desk {
    Desk { emulator: Emulator::new(options, START), now: START }
}

fn lax() -> Desk {
    desk(options())
}

impl Desk {
    fn send(&mut self, method: &str, target: &str, body: Body) -> Answer {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let is_upload = (method, path) == ("POST", "/files");
        let content_type = if is_upload { "multipart/form-data; boundary=x" } else { "application/json" };
        let head = Head {
            method: method.to_owned(),
            path: format!("/v1{path}"),
            query: query.to_owned(),
            authorization: Some("Bearer key".to_owned()),
            content_type: Some(content_type.to_owned()),
            ..Head::default()
        };
        let call = self.emulator.admit(&head);
        self.emulator.answer(&call, body, self.now)
    }

    fn ask(&mut self, method: &str, target: &str, body: &Value) -> (u16, Value) {
        let body = if body.is_null() { Body::Nothing } else { Body::Json(body.to_string().into_bytes()) };
        let answer = self.send(method, target, body);
        let Content::Json(value) = answer.content else { panic!("{method} {target}: no JSON") };
        (answer.status, value)
    }

    fn get(&mut self, target: &str) -> Value {
        let (status, value) = self.ask("GET", target, &Value::Null);
        assert_eq!(status, 200, "{target}: {value}");
        value
    }

    fn post(&mut self, target: &str, body: &Value) -> Value {
        let (status, value) = self.ask("POST", target, body);
        assert_eq!(status, 200, "{target}: {value}");
        value
    }

    fn delete(&mut self, target: &str) -> Value {
        let (status, value) = self.ask("DELETE", target, &Value::Null);
        assert_eq!(status, 200, "{target}: {value}");
        value
    }

    /// Status, code and parameter of a refusal.
    fn refusal(&mut self, method: &str, target: &str, body: &Value) -> (u16, String, String) {
        let (status, value) = self.ask(method, target, body);
        let text = |key: &str| value["error"][key].as_str().unwrap_or_default().to_owned();
        assert!(value["error"]["message"].is_string() && value["error"]["type"].is_string(), "{value}");
        (status, text("code"), text("param"))
    }

    fn upload(&mut self, filename: &str, bytes: u64) -> String {
        let answer = self.send("POST", "/files", form(filename, bytes, &[("purpose", "assistants")]));
        let Content::Json(value) = answer.content else { panic!("no JSON") };
        value["id"].as_str().unwrap_or_else(|| panic!("{value}")).to_owned()
    }

    /// The id of a new batch of `vs_1`.
    fn batch(&mut self, ids: &[&str]) -> String {
        let batch = self.post("/vector_stores/vs_1/file_batches", &json!({"file_ids": ids}));
        batch["id"].as_str().unwrap().to_owned()
    }

    fn retrieve(&mut self, batch: &str) -> (String, [u64; 5]) {
        let batch = self.get(&format!("/vector_stores/vs_1/file_batches/{batch}"));
        (batch["status"].as_str().unwrap().to_owned(), counts(&batch))
    }

    fn wait(&mut self, milliseconds: Millis) {
        self.now += milliseconds;
    }
}

fn form(filename: &str, bytes: u64, fields: &[(&str, &str)]) -> Body {
    Body::Form(Form {
        fields: fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
        file: Some(FormFile { filename: filename.to_owned(), bytes, sha256: "0".repeat(64) }),
    })
}

/// In progress, completed, failed, cancelled and total.
fn counts(object: &Value) -> [u64; 5] {
    ["in_progress", "completed", "failed", "cancelled", "total"]
        .map(|state| object["file_counts"][state].as_u64().unwrap())
}

fn ids(page: &Value) -> Vec<&str> {
    page["data"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap()).collect()
}

#[test]
fn a_batch_is_written_as_the_service_writes_it() {
    let mut desk = lax();
    let batch = desk.post("/vector_stores/vs_1/file_batches", &json!({"file_ids": ["file-a", "file-b"]}));
    let id = batch["id"].as_str().unwrap();
    assert!(id.starts_with("vsfb_") && id.len() == 37, "{id}");
    let expected = json!({
        "id": id, "object": "vector_store.file_batch", "created_at": 1_700_000_000, "vector_store_id": "vs_1",
        "status": "in_progress",
        "file_counts": {"in_progress": 2, "completed": 0, "failed": 0, "cancelled": 0, "total": 2},
    });
    assert_eq!(batch.to_string(), expected.to_string(), "also the order of the keys");
}

#[test]
fn files_are_processed_so_many_at_a_time() {
    let mut desk = lax();
    let batch = desk.batch(&["file-a", "file-b", "file-c", "file-fail-server"]);
    for (wait, status, expected) in [
        (0, "in_progress", [4, 0, 0, 0, 4]),
        (199, "in_progress", [4, 0, 0, 0, 4]),
        (1, "in_progress", [2, 2, 0, 0, 4]),
        (200, "completed", [0, 3, 1, 0, 4]),
    ] {
        desk.wait(wait);
        assert_eq!(desk.retrieve(&batch), (status.to_owned(), expected));
    }
}

#[test]
fn a_cancel_half_way_keeps_what_is_finished() {
    let mut desk = lax();
    let batch = desk.batch(&["file-a", "file-b", "file-c"]);
    desk.wait(200);
    let cancelled = desk.post(&format!("/vector_stores/vs_1/file_batches/{batch}/cancel"), &Value::Null);
    assert_eq!((cancelled["status"].as_str(), counts(&cancelled)), (Some("cancelled"), [0, 2, 0, 1, 3]));
    desk.wait(10_000);
    assert_eq!(desk.retrieve(&batch), ("cancelled".to_owned(), [0, 2, 0, 1, 3]));
    let again = desk.post(&format!("/vector_stores/vs_1/file_batches/{batch}/cancel"), &Value::Null);
    assert_eq!(again, cancelled, "the second cancel changes nothing");
    let listed = desk.get(&format!("/vector_stores/vs_1/file_batches/{batch}/files?filter=cancelled"));
    assert_eq!(ids(&listed), ["file-c"]);
}

#[test]
fn a_failed_file_says_why_and_a_completed_one_what_it_takes() {
    let mut desk = lax();
    let batch = desk.batch(&["file-a", "file-fail-unsupported", "file-fail-invalid"]);
    desk.wait(1000);
    let listed = desk.get(&format!("/vector_stores/vs_1/file_batches/{batch}/files?order=asc"));
    let expected = json!({
        "id": "file-a", "object": "vector_store.file", "usage_bytes": 1024, "created_at": 1_700_000_000,
        "vector_store_id": "vs_1", "status": "completed", "last_error": null,
        "chunking_strategy": {
            "type": "static", "static": {"max_chunk_size_tokens": 800, "chunk_overlap_tokens": 400}
        },
        "attributes": {},
    });
    assert_eq!(listed["data"][0].to_string(), expected.to_string());
    let error = |index: usize| listed["data"][index]["last_error"]["code"].as_str().unwrap();
    assert_eq!((error(1), error(2)), ("unsupported_file", "invalid_file"));
    assert_eq!((&listed["first_id"], &listed["last_id"]), (&json!("file-a"), &json!("file-fail-invalid")));
    assert_eq!(listed["has_more"], false);
}

#[test]
fn attributes_and_chunking_come_back_as_given() {
    let mut desk = lax();
    let chunking = json!({
        "type": "static", "static": {"max_chunk_size_tokens": 100, "chunk_overlap_tokens": 50}
    });
    let attributes = json!({"page": 7, "share": 0.5, "draft": false, "title": "a"});
    let body = json!({"files": [
        {"file_id": "file-a", "attributes": attributes, "chunking_strategy": chunking},
        {"file_id": "file-b", "chunking_strategy": {"type": "auto"}, "attributes": null},
    ], "attributes": {"ignored": true}});
    let batch = desk.post("/vector_stores/vs_1/file_batches", &body);
    let id = batch["id"].as_str().unwrap();
    let listed = desk.get(&format!("/vector_stores/vs_1/file_batches/{id}/files?order=asc"));
    assert_eq!(listed["data"][0]["attributes"], attributes);
    assert_eq!(listed["data"][0]["chunking_strategy"], chunking);
    assert_eq!(listed["data"][1]["attributes"], json!({}), "what is given for all is ignored beside `files`");
    let body = json!({"file_ids": ["file-c"], "attributes": attributes});
    desk.post("/vector_stores/vs_1/file_batches", &body);
    assert_eq!(desk.get("/vector_stores/vs_1/files/file-c")["attributes"], attributes);
}

#[test]
fn what_a_batch_cannot_be_made_from_is_refused_by_name() {
    let mut desk = lax();
    let many: Vec<String> = (0..2001).map(|number| format!("file-{number}")).collect();
    let pairs: Value = (0..17).map(|number| (number.to_string(), json!(1))).collect();
    let chunking = |size: Value, overlap: Value| {
        let size = json!({"max_chunk_size_tokens": size, "chunk_overlap_tokens": overlap});
        json!({"file_ids": ["file-a"], "chunking_strategy": {"type": "static", "static": size}})
    };
    let one = |key: &str, value: Value| {
        let mut body = json!({"file_ids": ["file-a"]});
        body[key] = value;
        body
    };
    for (body, code, param) in [
        (json!({}), "missing_required_parameter", "file_ids"),
        (json!({"file_ids": []}), "empty_array", "file_ids"),
        (json!({"files": []}), "empty_array", "files"),
        (json!({"file_ids": "file-a"}), "invalid_type", "file_ids"),
        (json!({"file_ids": [7]}), "invalid_type", "file_ids[0]"),
        (json!({"file_ids": ["file-a", "b"]}), "invalid_value", "file_ids[1]"),
        (json!({"file_ids": many}), "array_above_max_length", "file_ids"),
        (one("files", json!([{"file_id": "file-b"}])), "mutually_exclusive_parameters", "files"),
        (one("file", json!(1)), "unknown_parameter", "file"),
        (json!({"files": [{"id": "file-a"}]}), "unknown_parameter", "files[0].id"),
        (json!({"files": [{}]}), "missing_required_parameter", "files[0].file_id"),
        (json!({"files": ["file-a"]}), "invalid_type", "files[0]"),
        (one("attributes", pairs), "object_above_max_properties", "attributes"),
        (one("attributes", json!({"k": {}})), "invalid_type", "attributes.k"),
        (one("attributes", json!({"k": "x".repeat(513)})), "string_above_max_length", "attributes.k"),
        (
            one("attributes", json!({"k".repeat(65): 1})),
            "string_above_max_length",
            &format!("attributes.{}", "k".repeat(65)),
        ),
        (one("chunking_strategy", json!("auto")), "invalid_type", "chunking_strategy"),
        (one("chunking_strategy", json!({"type": "semantic"})), "invalid_value", "chunking_strategy.type"),
        (one("chunking_strategy", json!({"type": "static"})), "missing_required_parameter", "chunking_strategy.static"),
        (chunking(json!(99), json!(0)), "integer_below_min_value", "chunking_strategy.static.max_chunk_size_tokens"),
        (chunking(json!(4097), json!(0)), "integer_above_max_value", "chunking_strategy.static.max_chunk_size_tokens"),
        (chunking(json!(100.5), json!(0)), "invalid_type", "chunking_strategy.static.max_chunk_size_tokens"),
        (chunking(json!(100), json!(51)), "invalid_value", "chunking_strategy.static.chunk_overlap_tokens"),
        (chunking(json!(100), json!(-1)), "integer_below_min_value", "chunking_strategy.static.chunk_overlap_tokens"),
    ] {
        let got = desk.refusal("POST", "/vector_stores/vs_1/file_batches", &body);
        assert_eq!(got, (400, code.to_owned(), param.to_owned()), "{body}");
    }
    assert_eq!(ids(&desk.get("/vector_stores")), [""; 0], "a refusal makes no store");
}

#[test]
fn a_body_that_is_no_json_is_refused() {
    for body in ["", "{", "[]", "1", "{} {}"] {
        let answer = lax().send("POST", "/vector_stores/vs_1/file_batches", Body::Json(body.into()));
        assert_eq!(answer.status, 400, "{body}");
    }
    assert_eq!(lax().send("POST", "/vector_stores/vs_1/file_batches", Body::TooLarge).status, 413);
    assert_eq!(lax().send("POST", "/files", Body::TooLarge).status, 413);
    assert_eq!(lax().send("POST", "/files", Body::Malformed("no boundary".to_owned())).status, 400);
}

#[test]
fn a_file_named_twice_is_attached_once_as_named_last() {
    let mut desk = lax();
    let body = json!({"files": [
        {"file_id": "file-a", "attributes": {"n": 1}}, {"file_id": "file-b"}, {"file_id": "file-a", "attributes": {"n": 2}},
    ]});
    assert_eq!(counts(&desk.post("/vector_stores/vs_1/file_batches", &body)), [2, 0, 0, 0, 2]);
    assert_eq!(desk.get("/vector_stores/vs_1/files/file-a")["attributes"], json!({"n": 2}));
}

#[test]
fn pages_follow_one_another_without_loss() {
    let mut desk = lax();
    let all: Vec<String> = (0..250).map(|number| format!("file-{number:03}")).collect();
    let batch = desk.batch(&all.iter().map(String::as_str).collect::<Vec<_>>());
    let mut seen = Vec::new();
    let mut after = String::new();
    loop {
        let page = desk.get(&format!("/vector_stores/vs_1/file_batches/{batch}/files?limit=100{after}"));
        seen.extend(ids(&page).into_iter().map(str::to_owned));
        if page["has_more"] == false {
            break;
        }
        after = format!("&after={}", page["last_id"].as_str().unwrap());
    }
    assert_eq!(seen, all);
    assert_eq!(ids(&desk.get(&format!("/vector_stores/vs_1/file_batches/{batch}/files"))).len(), 20);
}

#[test]
fn strict_knows_only_what_was_created() {
    let mut desk = desk(Options { strict: true, ..options() });
    assert_eq!(desk.refusal("GET", "/vector_stores/vs_1", &Value::Null).0, 404);
    assert_eq!(desk.refusal("GET", "/files/file-a", &Value::Null).0, 404);
    let store = desk.post("/vector_stores", &json!({"name": "Docs"}))["id"].as_str().unwrap().to_owned();
    let path = format!("/vector_stores/{store}/file_batches");
    let refusal = desk.refusal("POST", &path, &json!({"file_ids": ["file-a"]}));
    assert_eq!(refusal, (400, "invalid_value".to_owned(), "file_ids[0]".to_owned()));
    let file = desk.upload("a.md", 12);
    assert_eq!(counts(&desk.post(&path, &json!({"file_ids": [file]}))), [1, 0, 0, 0, 1]);
}

#[test]
fn a_batch_is_found_in_its_own_store_only() {
    let mut desk = lax();
    let batch = desk.batch(&["file-a"]);
    for path in ["", "/files"] {
        let target = format!("/vector_stores/vs_2/file_batches/{batch}{path}");
        assert_eq!(desk.refusal("GET", &target, &Value::Null).0, 404);
    }
    let target = format!("/vector_stores/vs_2/file_batches/{batch}/cancel");
    assert_eq!(desk.refusal("POST", &target, &Value::Null).0, 404);
    assert_eq!(desk.refusal("GET", "/vector_stores/vs_1/file_batches/vsfb_none", &Value::Null).0, 404);
}

#[test]
fn an_upload_is_a_file_that_can_be_listed_attached_and_deleted() {
    let mut desk = lax();
    let answer = desk.send(
        "POST",
        "/files",
        form(
            "a.md",
            12,
            &[("purpose", "user_data"), ("expires_after[anchor]", "created_at"), ("expires_after[seconds]", "3600")],
        ),
    );
    let Content::Json(file) = answer.content else { panic!("no JSON") };
    let id = file["id"].as_str().unwrap().to_owned();
    let expected = json!({
        "id": id, "object": "file", "bytes": 12, "created_at": 1_700_000_000, "expires_at": 1_700_003_600,
        "filename": "a.md", "purpose": "user_data", "status": "processed", "status_details": null,
    });
    assert_eq!(file.to_string(), expected.to_string());
    desk.upload("b.md", 1);
    assert_eq!(ids(&desk.get("/files?purpose=user_data")), [id.as_str()]);
    assert_eq!(desk.get("/files")["data"].as_array().unwrap().len(), 2);
    desk.batch(&[&id]);
    desk.wait(1000);
    assert_eq!(desk.get("/vector_stores/vs_1")["usage_bytes"], 12);
    assert_eq!(desk.delete(&format!("/files/{id}")), json!({"id": id, "object": "file", "deleted": true}));
    assert_eq!(desk.refusal("GET", &format!("/files/{id}"), &Value::Null).0, 404);
    assert_eq!(ids(&desk.get("/vector_stores/vs_1/files")), [id.as_str()], "the row goes stale and stays");
}

#[test]
fn an_upload_that_lacks_something_is_refused_by_name() {
    let mut desk = lax();
    for (fields, code, param) in [
        (&[][..], "missing_required_parameter", "purpose"),
        (&[("purpose", "fun")], "invalid_value", "purpose"),
        (&[("purpose", "batch"), ("color", "red")], "unknown_parameter", "color"),
        (&[("purpose", "batch"), ("file", "text")], "invalid_type", "file"),
        (
            &[("purpose", "batch"), ("expires_after[seconds]", "3600")],
            "missing_required_parameter",
            "expires_after[anchor]",
        ),
        (
            &[("purpose", "batch"), ("expires_after[anchor]", "created_at"), ("expires_after[seconds]", "1")],
            "invalid_value",
            "expires_after[seconds]",
        ),
    ] {
        let answer = desk.send("POST", "/files", form("a.md", 1, fields));
        let Content::Json(value) = answer.content else { panic!("no JSON") };
        assert_eq!(
            (answer.status, &value["error"]["code"], &value["error"]["param"]),
            (400, &json!(code), &json!(param))
        );
    }
    let nameless = Body::Form(Form { fields: vec![("purpose".to_owned(), "batch".to_owned())], file: None });
    assert_eq!(desk.send("POST", "/files", nameless).status, 400);
}

#[test]
fn a_refused_extension_refuses_the_whole_batch() {
    let mut desk = lax();
    let good = desk.upload("a.md", 1);
    let bad = desk.upload("b.PDF", 1);
    let body = json!({"file_ids": [good, bad]});
    let refusal = desk.refusal("POST", "/vector_stores/vs_1/file_batches", &body);
    assert_eq!(refusal, (400, "unsupported_file".to_owned(), "file_ids".to_owned()));
    assert_eq!(desk.refusal("POST", "/vector_stores/vs_1/files", &json!({"file_id": bad})).1, "unsupported_file");
}

#[test]
fn an_empty_file_fails_and_its_name_decides_for_another() {
    let mut desk = lax();
    let (empty, bad) = (desk.upload("a.md", 0), desk.upload("fail-server.md", 1));
    desk.batch(&[&empty, &bad]);
    desk.wait(1000);
    for (id, code) in [(empty, "invalid_file"), (bad, "server_error")] {
        assert_eq!(desk.get(&format!("/vector_stores/vs_1/files/{id}"))["last_error"]["code"], code);
    }
}

#[test]
fn a_vector_store_is_written_as_the_service_writes_it() {
    let mut desk = lax();
    let body = json!({
        "name": "Docs", "description": "All of them", "metadata": {"team": "red"},
        "expires_after": {"anchor": "last_active_at", "days": 7}, "file_ids": ["file-a", "file-fail-server"],
    });
    let store = desk.post("/vector_stores", &body);
    let id = store["id"].as_str().unwrap().to_owned();
    let expected = json!({
        "id": id, "object": "vector_store", "created_at": 1_700_000_000, "name": "Docs",
        "description": "All of them", "usage_bytes": 0,
        "file_counts": {"in_progress": 2, "completed": 0, "failed": 0, "cancelled": 0, "total": 2},
        "status": "in_progress", "expires_after": {"anchor": "last_active_at", "days": 7},
        "expires_at": 1_700_604_800, "last_active_at": 1_700_000_000, "metadata": {"team": "red"},
    });
    assert_eq!(store.to_string(), expected.to_string());
    desk.wait(200);
    let store = desk.get(&format!("/vector_stores/{id}"));
    assert_eq!((&store["status"], counts(&store)), (&json!("completed"), [0, 1, 1, 0, 2]));
    desk.wait(7 * 86_400_000);
    assert_eq!(desk.get(&format!("/vector_stores/{id}"))["status"], "expired");
    let deleted = desk.delete(&format!("/vector_stores/{id}"));
    assert_eq!(deleted, json!({"id": id, "object": "vector_store.deleted", "deleted": true}));
    assert_eq!(desk.refusal("GET", &format!("/vector_stores/{id}"), &Value::Null).0, 404);
}

#[test]
fn a_vector_store_needs_nothing_and_takes_no_nonsense() {
    let mut desk = lax();
    assert_eq!(desk.post("/vector_stores", &json!({}))["status"], "completed");
    for (body, code, param) in [
        (json!({"nom": "x"}), "unknown_parameter", "nom"),
        (json!({"name": 1}), "invalid_type", "name"),
        (json!({"metadata": {"k": 1}}), "invalid_type", "metadata.k"),
        (json!({"expires_after": {"anchor": "now", "days": 1}}), "invalid_value", "expires_after.anchor"),
        (
            json!({"expires_after": {"anchor": "last_active_at", "days": 366}}),
            "integer_above_max_value",
            "expires_after.days",
        ),
    ] {
        assert_eq!(desk.refusal("POST", "/vector_stores", &body), (400, code.to_owned(), param.to_owned()), "{body}");
    }
}

#[test]
fn single_files_are_attached_listed_and_detached() {
    let mut desk = lax();
    let attached = desk.post("/vector_stores/vs_1/files", &json!({"file_id": "file-a", "attributes": {"n": 1}}));
    assert_eq!((&attached["status"], &attached["attributes"]), (&json!("in_progress"), &json!({"n": 1})));
    desk.wait(200);
    assert_eq!(desk.get("/vector_stores/vs_1/files/file-a")["status"], "completed");
    assert_eq!(ids(&desk.get("/vector_stores/vs_1/files?filter=completed")), ["file-a"]);
    let detached = desk.delete("/vector_stores/vs_1/files/file-a");
    assert_eq!(detached, json!({"id": "file-a", "object": "vector_store.file.deleted", "deleted": true}));
    assert_eq!(ids(&desk.get("/vector_stores/vs_1/files")), [""; 0]);
    assert_eq!(desk.refusal("DELETE", "/vector_stores/vs_1/files/file-a", &Value::Null).0, 404);
}

#[test]
fn the_attributes_of_an_attached_file_are_replaced_and_nothing_else_is() {
    let mut desk = lax();
    let chunking = json!({
        "type": "static", "static": {"max_chunk_size_tokens": 100, "chunk_overlap_tokens": 50}
    });
    let files = ["file-a", "file-b"]
        .map(|id| json!({"file_id": id, "attributes": {"n": 1, "old": true}, "chunking_strategy": chunking}));
    let batch = desk.post("/vector_stores/vs_1/file_batches", &json!({"files": files}));
    desk.wait(200);
    let before = desk.get("/vector_stores/vs_1/files/file-a");
    let updated = desk.post("/vector_stores/vs_1/files/file-a", &json!({"attributes": {"n": 2, "path": "ä/b"}}));
    let mut expected = before.clone();
    expected["attributes"] = json!({"n": 2, "path": "ä/b"});
    assert_eq!(updated.to_string(), expected.to_string());
    let id = batch["id"].as_str().unwrap();
    let listed = desk.get(&format!("/vector_stores/vs_1/file_batches/{id}/files?order=asc"));
    assert_eq!(listed["data"][0], expected);
    assert_eq!(listed["data"][1]["attributes"], json!({"n": 1, "old": true}), "the other file keeps its own");
    for none in [json!({}), Value::Null] {
        let updated = desk.post("/vector_stores/vs_1/files/file-a", &json!({"attributes": none}));
        assert_eq!(updated["attributes"], json!({}));
    }
}

#[test]
fn attributes_that_a_file_cannot_have_are_refused_and_it_keeps_its_own() {
    let mut desk = lax();
    let target = "/vector_stores/vs_1/files/file-a";
    let attributes = json!({"attributes": {"n": 1}});
    assert_eq!(desk.refusal("POST", target, &attributes).0, 404, "it is not attached");
    assert_eq!(ids(&desk.get("/vector_stores")), [""; 0], "a refusal makes no store");
    desk.post("/vector_stores/vs_1/files", &json!({"file_id": "file-a", "attributes": {"n": 0}}));
    let pairs: Value = (0..17).map(|number| (number.to_string(), json!(1))).collect();
    for (body, code, param) in [
        (json!({}), "missing_required_parameter", "attributes"),
        (json!({"attributes": {}, "file_id": "file-a"}), "unknown_parameter", "file_id"),
        (json!({"attributes": []}), "invalid_type", "attributes"),
        (json!({"attributes": pairs}), "object_above_max_properties", "attributes"),
        (json!({"attributes": {"k": null}}), "invalid_type", "attributes.k"),
        (json!({"attributes": {"k": "x".repeat(513)}}), "string_above_max_length", "attributes.k"),
    ] {
        assert_eq!(desk.refusal("POST", target, &body), (400, code.to_owned(), param.to_owned()), "{body}");
    }
    assert_eq!(desk.get(target)["attributes"], json!({"n": 0}));
}

#[test]
fn a_query_that_nobody_reads_is_refused() {
    let mut desk = lax();
    let refusal = desk.refusal("GET", "/vector_stores/vs_1?limit=1", &Value::Null);
    assert_eq!(refusal, (400, "unknown_parameter".to_owned(), "limit".to_owned()));
}

#[test]
fn limits_a_minute_hold_when_they_are_on() {
    let mut desk = desk(Options { limits: true, ..options() });
    let files: Vec<String> = (0..2000).map(|number| format!("file-{number}")).collect();
    let body = json!({"file_ids": files});
    desk.post("/vector_stores/vs_1/file_batches", &body);
    desk.wait(500);
    let answer =
        desk.send("POST", "/vector_stores/vs_2/files", Body::Json(json!({"file_id": "file-a"}).to_string().into()));
    assert_eq!(answer.status, 429);
    assert!(answer.headers.contains(&("retry-after", "60".to_owned())), "{:?}", answer.headers);
    desk.wait(59_500);
    for _ in 0..300 {
        desk.post("/vector_stores/vs_2/files", &json!({"file_id": "file-a"}));
    }
    let refusal = desk.refusal("POST", "/vector_stores/vs_2/files", &json!({"file_id": "file-a"}));
    assert_eq!((refusal.0, refusal.1.as_str()), (429, "rate_limit_exceeded"));
    desk.post("/vector_stores/vs_3/files", &json!({"file_id": "file-a"}));
    for _ in 0..1000 {
        desk.upload("a.md", 1);
    }
    assert_eq!(desk.send("POST", "/files", form("a.md", 1, &[("purpose", "assistants")])).status, 429);
}

#[test]
fn limits_a_minute_are_off_unless_asked_for() {
    let mut desk = lax();
    for _ in 0..301 {
        desk.post("/vector_stores/vs_1/files", &json!({"file_id": "file-a"}));
    }
}

#[test]
fn who_does_not_say_who_asks_gets_401_and_its_body_is_not_read() {
    let mut emulator = lax().emulator;
    let head = Head { method: "POST".to_owned(), path: "/v1/vector_stores".to_owned(), ..Head::default() };
    let call = emulator.admit(&head);
    assert_eq!(call.wanted, Wanted::Nothing);
    assert_eq!(emulator.answer(&call, Body::Nothing, START).status, 401);
}

#[test]
fn every_answer_has_a_request_id_of_its_own() {
    let mut desk = lax();
    let mut id = |target: &str| {
        let answer = desk.send("GET", target, Body::Nothing);
        let found = answer.headers.iter().find(|(name, _)| *name == "x-request-id").map(|(_, id)| id.clone());
        found.unwrap_or_else(|| panic!("{target}"))
    };
    let (one, other) = (id("/files"), id("/nowhere"));
    assert!(one.starts_with("req_") && one != other, "{one} {other}");
}

#[test]
fn the_same_seed_gives_the_same_ids() {
    assert_eq!(lax().batch(&["file-a"]), lax().batch(&["file-a"]));
    assert_ne!(lax().batch(&["file-a"]), desk(Options { seed: 2, ..options() }).batch(&["file-a"]));
}
