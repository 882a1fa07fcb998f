//! What an answer says under a fault: pages that lie, values and fields that nobody documented, hostile messages.

use serde_json::{Map, Value, json};

use super::faults::{Kind, Plan};
use super::message::{Answer, Content};

type Object = Map<String, Value>;

/// Changes what the answer says as the plan wants it.
///
/// Only the service's own objects are touched, not what a user put into them, such as attributes.
pub(crate) fn distort(plan: &Plan, answer: &mut Answer) {
    if let Some(value) = plan.retry_after()
        && matches!(answer.status, 429 | 503)
    {
        answer.headers.retain(|(name, _)| *name != "retry-after");
        if value != "off" {
            answer.headers.push(("retry-after", value.to_owned()));
        }
    }
    let Content::Json(Value::Object(object)) = &mut answer.content else { return };
    if let Some(Value::Object(error)) = object.get_mut("error") {
        distort_error(plan, error);
    }
    if is(object, "object", "list") {
        distort_page(plan, object);
        for item in object.get_mut("data").and_then(Value::as_array_mut).into_iter().flatten() {
            if let Value::Object(item) = item {
                distort_object(plan, item);
            }
        }
    }
    distort_object(plan, object);
}

fn is(object: &Object, key: &str, value: &str) -> bool {
    object.get(key).and_then(Value::as_str) == Some(value)
}

/// Gives `key` another value; what the object does not have it is not given.
fn replace(object: &mut Object, key: &str, value: Value) {
    if let Some(slot) = object.get_mut(key) {
        *slot = value;
    }
}

fn distort_page(plan: &Plan, page: &mut Object) {
    if plan.has(Kind::HasMoreAlways) || plan.has(Kind::RepeatedCursor) {
        replace(page, "has_more", json!(true));
    } else if plan.has(Kind::HasMoreNever) {
        replace(page, "has_more", json!(false));
    }
    if plan.has(Kind::NullCursors) {
        replace(page, "first_id", Value::Null);
        replace(page, "last_id", Value::Null);
    }
}

/// An object of any kind, and the objects within it.
fn distort_object(plan: &Plan, object: &mut Object) {
    if plan.has(Kind::UnknownValues) {
        make_unknown(object);
    }
    if let Some(Value::Object(error)) = object.get_mut("last_error") {
        distort_error(plan, error);
    }
    if plan.has(Kind::ExtraFields) {
        if let Some(Value::Object(counts)) = object.get_mut("file_counts") {
            counts.insert("skipped".to_owned(), json!(0));
        }
        add_fields(object);
    }
}

/// The states are replaced only while work goes on: a batch must still end.
fn make_unknown(object: &mut Object) {
    let is_in_progress = is(object, "status", "in_progress");
    let is_batch = is(object, "object", "vector_store.file_batch") || is(object, "object", "vector_store.files_batch");
    if is_in_progress && is_batch {
        replace(object, "status", json!("finalizing"));
    } else if is_in_progress && is(object, "object", "vector_store.file") {
        replace(object, "status", json!("queued"));
    }
    if let Some(Value::Object(error)) = object.get_mut("last_error") {
        replace(error, "code", json!("quota_exhausted_for_embedding"));
    }
    if let Some(Value::Object(strategy)) = object.get_mut("chunking_strategy")
        && is(strategy, "type", "static")
    {
        replace(strategy, "type", json!("semantic"));
    }
}

/// The `error` of a refusal or the `last_error` of a file.
fn distort_error(plan: &Plan, error: &mut Object) {
    if plan.has(Kind::ExtraFields) {
        add_fields(error);
    }
    if plan.has(Kind::ControlCharacters)
        && let Some(Value::String(message)) = error.get_mut("message")
    {
        *message = hostile(message);
    }
}

fn add_fields(object: &mut Object) {
    object.insert("revision".to_owned(), json!(7));
    object.insert("provenance".to_owned(), json!({"region": null, "steps": ["parsed", true, 0.5]}));
}

/// Clears the screen, colours, sets the window's title, rings, goes back, ends lines and turns the direction of
/// writing, with escapes of seven bits and of eight.
fn hostile(message: &str) -> String {
    format!("\u{1b}[2J\u{1b}[31m{message}\u{1b}]0;title\u{7}\u{8}\r\n\u{0}\u{7f}\u{9b}1A\u{202e}")
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::distort;
    use crate::emulator::faults::{Fault, Faults, Target};
    use crate::emulator::message::{Answer, Content};

    /// What becomes of an answer under faults, as a page or any other answer can meet them.
    fn distorted(names: &[&str], answer: Answer) -> Answer {
        let faults = names.iter().map(|name| Fault::parse(name).expect(name)).collect();
        let plan = Faults::new(faults, 0).strike(Target::List, None).expect("no header");
        let mut answer = answer;
        distort(&plan, &mut answer);
        answer
    }

    fn body(names: &[&str], value: Value) -> Value {
        match distorted(names, Answer::json(200, value)).content {
            Content::Json(value) => value,
            other => panic!("{other:?}"),
        }
    }

    fn page(has_more: bool) -> Value {
        json!({"object": "list", "data": [], "first_id": "file-a", "last_id": "file-b", "has_more": has_more})
    }

    #[test]
    fn without_faults_an_answer_stays_as_it_is() {
        let answer = Answer::json(200, page(true)).with("retry-after", "1");
        assert_eq!(distorted(&[], answer.clone()), answer);
    }

    #[test]
    fn pages_lie_about_what_follows() {
        assert_eq!(body(&["has-more-always"], page(false)), page(true));
        assert_eq!(body(&["has-more-never"], page(true)), page(false));
        assert_eq!(body(&["has-more-never", "has-more-always"], page(false)), page(true));
    }

    #[test]
    fn pages_lose_their_cursors_and_nothing_else() {
        let expected = json!({"object": "list", "data": [], "first_id": null, "last_id": null, "has_more": true});
        assert_eq!(body(&["null-cursors"], page(true)), expected);
        let batch = json!({"object": "vector_store.file_batch", "id": "vsfb_1"});
        assert_eq!(body(&["null-cursors", "has-more-always"], batch.clone()), batch);
    }

    #[test]
    fn states_are_unknown_only_while_work_goes_on() {
        for object in ["vector_store.file_batch", "vector_store.files_batch"] {
            let batch = |status| json!({"object": object, "status": status});
            assert_eq!(body(&["unknown-values"], batch("in_progress")), batch("finalizing"));
            for status in ["completed", "cancelled", "failed"] {
                assert_eq!(body(&["unknown-values"], batch(status)), batch(status));
            }
        }
        let file = |status| json!({"object": "vector_store.file", "status": status});
        assert_eq!(body(&["unknown-values"], file("in_progress")), file("queued"));
        assert_eq!(body(&["unknown-values"], file("failed")), file("failed"));
        let store = json!({"object": "vector_store", "status": "in_progress"});
        assert_eq!(body(&["unknown-values"], store.clone()), store);
    }

    #[test]
    fn codes_and_chunking_are_unknown_in_lists_too() {
        let file = json!({
            "object": "vector_store.file",
            "status": "failed",
            "last_error": {"code": "invalid_file", "message": "no"},
            "chunking_strategy": {"type": "static", "static": {"max_chunk_size_tokens": 800}},
        });
        let expected = json!({
            "object": "vector_store.file",
            "status": "failed",
            "last_error": {"code": "quota_exhausted_for_embedding", "message": "no"},
            "chunking_strategy": {"type": "semantic", "static": {"max_chunk_size_tokens": 800}},
        });
        let list = |file: &Value| json!({"object": "list", "data": [file]});
        assert_eq!(body(&["unknown-values"], file.clone()), expected);
        assert_eq!(body(&["unknown-values"], list(&file)), list(&expected));
        let whole = json!({"object": "vector_store.file", "last_error": null, "chunking_strategy": {"type": "other"}});
        assert_eq!(body(&["unknown-values"], whole.clone()), whole);
    }

    #[test]
    fn fields_are_added_to_the_services_objects_only() {
        let distorted = body(
            &["extra-fields"],
            json!({"object": "list", "data": [{
                "object": "vector_store.file",
                "attributes": {"object": "list"},
                "last_error": {"code": "server_error", "message": "no"},
            }]}),
        );
        for path in ["", "/data/0", "/data/0/last_error"] {
            let object = distorted.pointer(path).expect(path);
            assert_eq!((&object["revision"], object["provenance"].is_object()), (&json!(7), true), "{path}");
        }
        assert_eq!(distorted["data"][0]["attributes"], json!({"object": "list"}));
        let refused = body(&["extra-fields"], json!({"error": {"message": "no"}}));
        assert_eq!((&refused["revision"], &refused["error"]["revision"]), (&json!(7), &json!(7)));
        let batch = body(&["extra-fields"], json!({"object": "vector_store.file_batch", "file_counts": {"total": 1}}));
        assert_eq!(batch["file_counts"], json!({"total": 1, "skipped": 0}));
    }

    #[test]
    fn messages_hold_control_characters() {
        let refused = body(&["control-characters"], json!({"error": {"message": "no such file", "code": "x"}}));
        let file = json!({"object": "vector_store.file", "last_error": {"code": "x", "message": "no such file"}});
        let file = body(&["control-characters"], file);
        for error in [&refused["error"], &file["last_error"]] {
            let message = error["message"].as_str().expect("a message");
            assert!(message.contains("no such file"), "{message:?}");
            for wanted in ["\u{1b}[2J", "\u{1b}]0;", "\u{7}", "\u{8}", "\r\n", "\u{0}", "\u{9b}", "\u{202e}"] {
                assert!(message.contains(wanted), "{wanted:?}");
            }
            assert_eq!(error["code"], json!("x"));
        }
    }

    #[test]
    fn the_header_of_a_429_or_503_is_as_asked_for() {
        let refused = || Answer::json(429, json!({})).with("retry-after", "1").with("x-request-id", "req_1");
        let kept = ("x-request-id", "req_1".to_owned());
        assert_eq!(distorted(&["retry-after=off"], refused()).headers, std::slice::from_ref(&kept));
        let headers = distorted(&["retry-after=5"], refused()).headers;
        assert_eq!(headers, [kept, ("retry-after", "5".to_owned())]);
        let busy = distorted(&["retry-after=5"], Answer::json(503, json!({})));
        assert_eq!(busy.headers, [("retry-after", "5".to_owned())]);
        assert_eq!(distorted(&["retry-after=5"], Answer::json(500, json!({}))).headers, []);
        let plain = distorted(&["retry-after"], Answer::json(429, json!({})));
        assert_eq!(plain.headers, [("retry-after", "1".to_owned())]);
    }

    #[test]
    fn what_is_no_json_stays_as_it_is() {
        let html = Answer { status: 200, headers: Vec::new(), content: Content::Html("<p>") };
        assert_eq!(distorted(&["extra-fields", "unknown-values"], html.clone()), html);
    }
}
