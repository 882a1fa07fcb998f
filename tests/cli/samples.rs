//! Bodies as the service's reference shows them, for the tests of how they are printed, and the short way to print one.

use crate::support::command::{Outcome, run, vsfb_at};
use crate::support::message::Answer;
use crate::support::server::Server;

/// The ids of the batch that all commands here are about.
pub const TARGET: [&str; 2] = ["vs_abc123", "vsfb_abc123"];

/// A batch on its way.
pub const BATCH: &str = r#"{"id":"vsfb_abc123","object":"vector_store.file_batch","created_at":1699061776,"vector_store_id":"vs_abc123","status":"in_progress","file_counts":{"in_progress":1,"completed":12,"failed":2,"cancelled":0,"total":15}}"#;

/// A file that is done.
pub const COMPLETED: &str = r#"{"id":"file-abc123","object":"vector_store.file","usage_bytes":123456,"created_at":1699061776,"vector_store_id":"vs_abc123","status":"completed","last_error":null,"chunking_strategy":{"type":"static","static":{"max_chunk_size_tokens":800,"chunk_overlap_tokens":400}},"attributes":{"team":"red","year":2024}}"#;

/// A file that could not be read.
pub const FAILED: &str = r#"{"id":"file-def456","object":"vector_store.file","usage_bytes":0,"created_at":1699061777,"vector_store_id":"vs_abc123","status":"failed","last_error":{"code":"unsupported_file","message":"The file type is not supported."},"attributes":{}}"#;

/// A file whose turn has not come.
pub const WAITING: &str = r#"{"id":"file-ghi789","object":"vector_store.file","usage_bytes":0,"created_at":0,"vector_store_id":"vs_abc123","status":"in_progress","last_error":null,"attributes":{}}"#;

/// The last page of a list.
pub fn page(items: &[&str]) -> String {
    format!(r#"{{"object":"list","data":[{}],"has_more":false}}"#, items.join(","))
}

/// A page that more follow.
pub fn page_of_many(items: &[&str]) -> String {
    page(items).replace("\"has_more\":false", "\"has_more\":true")
}

/// The service's words for an error.
pub fn error(message: &str, code: &str) -> String {
    format!(
        r#"{{"error":{{"message":"{message}","type":"invalid_request_error","param":null,"code":{}}}}}"#,
        if code.is_empty() { "null".to_owned() } else { format!("\"{code}\"") }
    )
}

/// `vsfb retrieve` with these flags, of a batch that the service describes like this.
pub fn retrieve(body: impl Into<Vec<u8>>, flags: &[&str]) -> Outcome {
    ask("retrieve", Answer::json(200, body), flags)
}

/// `vsfb list-files` with these flags, of a list with one page.
pub fn list(items: &[&str], flags: &[&str]) -> Outcome {
    ask("list-files", Answer::json(200, page(items)), flags)
}

/// A command about the batch, which makes one request that gets this answer.
pub fn ask(command: &str, answer: Answer, flags: &[&str]) -> Outcome {
    let server = Server::answering([answer]);
    run(vsfb_at(&server).arg(command).args(TARGET).args(flags))
}

/// What a file under `tests/golden` holds.
pub fn golden(name: &str) -> String {
    let path = format!("{}/tests/golden/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}
