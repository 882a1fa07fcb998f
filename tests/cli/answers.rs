//! Answers as the service documents them, from `tests/fixtures/answers`.

use super::support::message::Answer;

/// A file batch, indented as it is printed.
pub const BATCH: &str = include_str!("../fixtures/answers/batch.json");
/// A listed file, indented as it is printed.
pub const FILE: &str = include_str!("../fixtures/answers/file.json");
/// A limit that passes with time.
pub const RATE_LIMIT: &str = include_str!("../fixtures/answers/rate_limit.json");
/// A fault of the service.
pub const SERVER_ERROR: &str = include_str!("../fixtures/answers/server_error.json");

/// An answer with a file batch.
pub fn batch() -> Answer {
    Answer::json(200, BATCH)
}

/// The listed file with this id, as it is printed.
pub fn file(id: &str) -> String {
    FILE.replace("file-abc123", id)
}

/// Listed files as they are printed.
pub fn files(ids: &[&str]) -> String {
    ids.iter().map(|id| file(id)).collect()
}

/// An answer with a page of a list.
pub fn page(ids: &[&str], has_more: bool) -> Answer {
    Answer::json(200, page_body(ids, &format!(",\n  \"has_more\": {has_more}")))
}

/// The body of a page, with these members after its own.
pub fn page_body(ids: &[&str], more: &str) -> String {
    let quoted = |id: Option<&&str>| id.map_or_else(|| "null".to_owned(), |id| format!("\"{id}\""));
    let items: Vec<_> = ids.iter().map(|id| file(id)).collect();
    format!(
        "{{\n  \"object\": \"list\",\n  \"data\": [{}],\n  \"first_id\": {},\n  \"last_id\": {}{more}\n}}\n",
        items.join(","),
        quoted(ids.first()),
        quoted(ids.last()),
    )
}

/// The error value of an answer, indented as it is printed.
pub fn error_value(body: &str) -> String {
    let inner = body.trim().trim_start_matches("{\n  \"error\": ").trim_end_matches("\n}");
    inner.replace("\n  ", "\n") + "\n"
}
