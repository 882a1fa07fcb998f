//! What is refused here is what the service refuses. That what is sent is also taken, the other tests see: they send it to
//! the emulator.

use serde_json::json;

use super::support::command::{HasBaseUrl as _, Outcome, run, vsfb_at};
use super::support::emulator::Emulator;

/// `vsfb create vs_1` refuses these arguments without asking the service, which would refuse them with this code, for this
/// parameter.
fn both_refuse(emulator: &Emulator, arguments: &[&str], (code, param): (&str, &str)) {
    let outcome = run(vsfb_at(emulator).args(["create", "vs_1"]).args(arguments));
    assert_eq!((outcome.code, &*outcome.stdout), (2, ""), "{arguments:?}: {outcome:?}");
    let flags = ["--no-validate", "--format-error", "jsonl", "--transform-error", "[code,param]"];
    let outcome = run(vsfb_at(emulator).args(["create", "vs_1"]).args(flags).args(arguments));
    let head = format!("POST {}/vector_stores/vs_1/file_batches: 400 Bad Request", emulator.base_url());
    let requests = emulator.requests();
    let id = requests.last().expect("a request")["request_id"].as_str().expect("its id");
    let attempt = format!("error: failed to create a file batch in `vs_1` (x-request-id: {id})");
    let stderr = format!("{head}\n{}\n{attempt}\n", json!([code, param]));
    assert_eq!(outcome, Outcome::failure(1, stderr), "{arguments:?}");
}

/// Checks cases one by one, and that each was sent once: where nobody checked it.
fn all_refuse(cases: &[(&[&str], (&str, &str))]) {
    let emulator = Emulator::start(&[]);
    for (arguments, refusal) in cases {
        both_refuse(&emulator, arguments, *refusal);
    }
    assert_eq!(emulator.requests().len(), cases.len());
}

#[test]
fn files_that_are_refused_here_are_refused_there() {
    all_refuse(&[
        (&[], ("missing_required_parameter", "file_ids")),
        (&["--file-id=file-a", "--file={file_id: file-b}"], ("mutually_exclusive_parameters", "files")),
        (&["--file-id=file-a", "--file-id=file-a b"], ("invalid_value", "file_ids[1]")),
        (&["--file-id= "], ("invalid_value", "file_ids[0]")),
        (&["--file={attributes: {}}"], ("missing_required_parameter", "files[0].file_id")),
        (&["--file={file_id: file-a}", "--file={file_id: 7}"], ("invalid_type", "files[1].file_id")),
        (&["--file={file_id: file-a, atributes: {}}"], ("unknown_parameter", "files[0].atributes")),
    ]);
}

#[test]
fn attributes_that_are_refused_here_are_refused_there() {
    let many = (0..17).map(|index| format!("k{index}: 1")).collect::<Vec<_>>().join(", ");
    let many = format!("--attributes={{{many}}}");
    let long_key = format!("--attributes={}=1", "ä".repeat(65));
    let long_text = format!("--attributes=k={}", "ä".repeat(513));
    let long_key_path = format!("attributes.{}", "ä".repeat(65));
    let id = "--file-id=file-a";
    all_refuse(&[
        (&[id, &many], ("object_above_max_properties", "attributes")),
        (&[id, &long_key], ("string_above_max_length", &long_key_path)),
        (&[id, &long_text], ("string_above_max_length", "attributes.k")),
        (&[id, "--attributes={k: {a: 1}}"], ("invalid_type", "attributes.k")),
        (&[id, "--attributes={k: [1]}"], ("invalid_type", "attributes.k")),
        (&[id, "--attributes={k: ~}"], ("invalid_type", "attributes.k")),
        (&["--file={file_id: file-a, attributes: {k: []}}"], ("invalid_type", "files[0].attributes.k")),
    ]);
}

#[test]
fn chunking_that_is_refused_here_is_refused_there() {
    let cases = [
        ("{}", "missing_required_parameter", "type"),
        ("{type: other}", "invalid_value", "type"),
        ("{type: auto, size: 1}", "unknown_parameter", "size"),
        ("{type: static}", "missing_required_parameter", "static"),
        (
            "{type: static, static: {max_chunk_size_tokens: 800}}",
            "missing_required_parameter",
            "static.chunk_overlap_tokens",
        ),
        (
            "{type: static, static: {max_chunk_size_tokens: 800, chunk_overlap_tokens: -1}}",
            "integer_below_min_value",
            "static.chunk_overlap_tokens",
        ),
        (
            "{type: static, static: {max_chunk_size_tokens: 800.5, chunk_overlap_tokens: 1}}",
            "invalid_type",
            "static.max_chunk_size_tokens",
        ),
        ("static:99:0", "integer_below_min_value", "static.max_chunk_size_tokens"),
        ("static:4097:0", "integer_above_max_value", "static.max_chunk_size_tokens"),
        ("static:800:401", "invalid_value", "static.chunk_overlap_tokens"),
    ];
    let emulator = Emulator::start(&[]);
    for (strategy, code, key) in cases {
        let of_all = ["--file-id=file-a", "--chunking-strategy", strategy];
        both_refuse(&emulator, &of_all, (code, &format!("chunking_strategy.{key}")));
        let of_one = ["--file.file-id=file-a", "--file.chunking-strategy", strategy];
        both_refuse(&emulator, &of_one, (code, &format!("files[0].chunking_strategy.{key}")));
    }
    assert_eq!(emulator.requests().len(), 2 * cases.len());
}
