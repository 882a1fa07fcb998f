//! `--transform PATH`: GJSON paths on an object and on each item of a list.

use crate::samples::{BATCH, COMPLETED, FAILED, TARGET, WAITING, list, retrieve};
use crate::support::command::{Outcome, run, vsfb_at};
use crate::support::emulator::Emulator;
use crate::support::server::Server;

#[test]
fn a_path_selects_from_an_object() {
    for (path, expected) in [
        ("id", "\"vsfb_abc123\""),
        ("file_counts.total", "15"),
        ("file_counts", r#"{"in_progress":1,"completed":12,"failed":2,"cancelled":0,"total":15}"#),
        ("*_counts.fail*", "2"),
        (r#"{"batch":id,"left":file_counts.in_progress}"#, r#"{"batch":"vsfb_abc123","left":1}"#),
        (r#"{id,"n":!1.0}"#, r#"{"id":"vsfb_abc123","n":1.0}"#),
        ("[status,created_at]", r#"["in_progress",1699061776]"#),
        ("file_counts|@values", "[1,12,2,0,15]"),
        ("file_counts.@keys.0", "\"in_progress\""),
        ("file_counts.@tostr", r#""{\"in_progress\":1,\"completed\":12,\"failed\":2,\"cancelled\":0,\"total\":15}""#),
        ("!\"literal\"", "\"literal\""),
        ("@this.object", "\"vector_store.file_batch\""),
    ] {
        let outcome = retrieve(BATCH, &["--transform", path, "--format", "jsonl"]);
        assert_eq!(outcome, Outcome::success(format!("{expected}\n")), "{path}");
    }
}

#[test]
fn queries_and_modifiers_are_those_of_gjson() {
    let document = r#"{"files":[{"id":"a","n":1},{"id":"b","n":2.0},{"id":"c"}],"text":"{\"x\":[1e3]}"}"#;
    for (path, expected) in [
        ("files.#", "3"),
        ("files.#.id", r#"["a","b","c"]"#),
        ("files.1", r#"{"id":"b","n":2.0}"#),
        ("files.#(id==b).n", "2.0"),
        ("files.#(n>=1)#.id", r#"["a","b"]"#),
        (r#"files.#(id%"[ab]")#|#"#, "0"),
        ("files.#(id!=b)#.id", r#"["a","c"]"#),
        ("files.@reverse.0.id", "\"c\""),
        ("files.#.n|@flatten", "[1,2.0]"),
        ("text|@fromstr|x.0", "1e3"),
        ("text.@fromstr.x", "[1e3]"),
        ("@dig:id", r#"["a","b","c"]"#),
        (r#"{"id":files.#.id,"n":[!1,!2,!3]}|@group"#, r#"[{"id":"a","n":1},{"id":"b","n":2},{"id":"c","n":3}]"#),
        (r#"[files.0,{"extra":!true}]|@join"#, r#"{"id":"a","n":1,"extra":true}"#),
    ] {
        let outcome = retrieve(document, &["--transform", path, "--format", "jsonl"]);
        assert_eq!(outcome, Outcome::success(format!("{expected}\n")), "{path}");
    }
}

#[test]
fn what_is_selected_keeps_its_spelling() {
    let odd = r#"{"a":[{"n": 1e3,"s":"\u00e9\/","n":-0.0}]}"#;
    assert_eq!(
        retrieve(odd, &["--transform", "a.0", "-o", "jsonl"]),
        Outcome::success("{\"n\":1e3,\"s\":\"\\u00e9\\/\",\"n\":-0.0}\n")
    );
    assert_eq!(
        retrieve(odd, &["--transform", "a.0", "-o", "raw"]),
        Outcome::success("{\"n\": 1e3,\"s\":\"\\u00e9\\/\",\"n\":-0.0}\n")
    );
    assert_eq!(retrieve(odd, &["--transform", "a.#.n", "-o", "yaml"]), Outcome::success("- 1e3\n"));
    assert_eq!(
        retrieve(odd, &["--transform", "a"]),
        Outcome::success("[\n  {\n    \"n\": 1e3,\n    \"s\": \"\\u00e9\\/\",\n    \"n\": -0.0\n  }\n]\n")
    );
}

#[test]
fn a_null_is_a_match() {
    assert_eq!(retrieve(r#"{"a":null}"#, &["--transform", "a"]), Outcome::success("null\n"));
    assert_eq!(retrieve(r#"{"a":""}"#, &["--transform", "a", "-r"]), Outcome::success("\n"));
}

#[test]
fn a_path_that_matches_nothing_fails_and_prints_nothing() {
    for format in ["json", "jsonl", "raw", "yaml"] {
        let outcome = retrieve(BATCH, &["--transform", "file_counts.nope", "--format", format]);
        assert_eq!(outcome, Outcome::failure(1, "error: --transform file_counts.nope matches nothing\n"));
    }
}

#[test]
fn in_a_list_items_without_a_match_are_left_out() {
    let files = [COMPLETED, FAILED, WAITING];
    assert_eq!(list(&files, &["--transform", "last_error.code"]), Outcome::success("\"unsupported_file\"\n"));
    assert_eq!(
        list(&files, &["--transform", "{id,status}", "-o", "jsonl"]),
        Outcome::success(
            "{\"id\":\"file-abc123\",\"status\":\"completed\"}\n{\"id\":\"file-def456\",\"status\":\"failed\"}\n{\"id\":\"file-ghi789\",\"status\":\"in_progress\"}\n"
        )
    );
    assert_eq!(
        list(&files, &["--transform", "nope"]),
        Outcome::failure(1, "error: --transform nope matches nothing\n")
    );
    assert_eq!(list(&[], &["--transform", "nope"]), Outcome::success(""));
}

#[test]
fn a_path_that_is_none_is_refused_before_anything_is_sent() {
    for (path, complaint) in [
        ("{id", "`{` is never closed, at character 1 of the path"),
        ("[id", "`[` is never closed, at character 1 of the path"),
        ("a.#(b==1", "`(` is never closed, at character 4 of the path"),
        (
            "@bogus",
            "there is no modifier `@bogus` (write `\\@bogus` for a key of that name), at character 1 of the path",
        ),
        (
            "!nope",
            "what follows `!` must be one JSON value (write `\\!` for a key that begins with `!`), at character 1 of the path",
        ),
    ] {
        for flag in ["--transform", "--transform-error"] {
            let outcome = run(vsfb_at(&Server::expecting_none()).arg("retrieve").args(TARGET).args([flag, path]));
            assert_eq!(outcome, Outcome::failure(2, format!("error: {flag}: {complaint}\n")), "{path}");
        }
    }
}

#[test]
fn a_part_has_no_rows() {
    let complaint = "error: --transform selects a part of the answer, of which --format table and csv have no rows; use json, jsonl, yaml or raw\n";
    for format in ["table", "csv"] {
        let server = Server::expecting_none();
        let outcome = run(vsfb_at(&server).arg("retrieve").args(TARGET).args(["--transform", "id", "-o", format]));
        assert_eq!(outcome, Outcome::failure(2, complaint));
    }
}

#[test]
fn a_batch_that_was_created_is_named_also_where_it_cannot_be_shown() {
    let emulator = Emulator::start(&[]);
    let create = ["create", "vs_1", "--file-id", "file-a", "--transform", "nope", "-r"];
    let Outcome { code, stdout, stderr } = run(vsfb_at(&emulator).args(create));
    let named = stderr.strip_prefix("error: the file batch `").and_then(|rest| rest.split_once('`'));
    let (id, rest) = named.unwrap_or_else(|| panic!("no id in {stderr:?}"));
    assert_eq!((code, &*stdout, rest), (1, "", " was created, but: --transform nope matches nothing\n"));
    let outcome = run(vsfb_at(&emulator).args(["retrieve", "vs_1", id, "--transform", "id", "-r"]));
    assert_eq!(outcome, Outcome::success(format!("{id}\n")));
}
