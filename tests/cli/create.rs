//! `vsfb create`: what flags and arguments become, and what is refused before anything is sent.

use super::bodies::{NO_VALIDATE, check, is_batch_of, refuses, run_unsent, sends, sends_odd};
use super::support::command::{Outcome, run, vsfb, vsfb_at};
use super::support::relay::Relay;

#[test]
fn sends_one_post_with_exactly_the_keys_given() {
    let relay = Relay::start(&[]);
    let outcome = run(vsfb_at(&relay).args(["create", "--vector-store-id", "vs_/1", "--file-id", "file-a"]));
    let request = relay.request();
    assert_eq!((outcome.code, &*outcome.stderr), (0, ""));
    is_batch_of(&outcome.stdout.replace("vs_/1", "vs_1"), request.text());
    assert_eq!((&*request.method, &*request.target), ("POST", "/v1/vector_stores/vs_%2F1/file_batches"));
    assert_eq!(request.text(), r#"{"file_ids":["file-a"]}"#);
    for (name, value) in [
        ("authorization", "Bearer sk-test-key"),
        ("openai-beta", "assistants=v2"),
        ("accept", "application/json"),
        ("content-type", "application/json"),
    ] {
        assert_eq!(request.header(name), Some(value), "{name}");
    }
}

#[test]
fn file_ids_are_sent_as_typed() {
    let cases: [(&[&str], &str); 5] = [
        (&["--file-id", "a", "--file-id", "b"], r#"{"file_ids":["a","b"]}"#),
        (&["--file-id", "a,b", "--file-id=123", "--file-id", "null"], r#"{"file_ids":["a,b","123","null"]}"#),
        (
            &["--file-id", "-x", "--file-id=--debug", "--file-id", "--bogus"],
            r#"{"file_ids":["-x","--debug","--bogus"]}"#,
        ),
        (&["--file-id", r"\@x", "--file-id", "{a:1}"], r#"{"file_ids":["\\@x","{a:1}"]}"#),
        (&["-file-id", "ä\"", "--file-id", "a"], r#"{"file_ids":["ä\"","a"]}"#),
    ];
    for (arguments, body) in cases {
        sends_odd(arguments, body);
    }
}

#[test]
fn each_file_is_one_map() {
    let cases: [(&[&str], &str); 3] = [
        (&["--file", "{file_id: file-a}"], r#"{"files":[{"file_id":"file-a"}]}"#),
        (
            &["--file", "{file_id: file-a, attributes: {page: 7}}", "--file", r#"{"file_id":"file-b"}"#],
            r#"{"files":[{"file_id":"file-a","attributes":{"page":7}},{"file_id":"file-b"}]}"#,
        ),
        (
            &["--file", "file_id: file-a\nchunking_strategy:\n  type: auto\n"],
            r#"{"files":[{"file_id":"file-a","chunking_strategy":{"type":"auto"}}]}"#,
        ),
    ];
    for (arguments, body) in cases {
        sends(arguments, body);
    }
    sends_odd(&["--file", "{file_id: '017', attributes: null}"], r#"{"files":[{"file_id":"017","attributes":null}]}"#);
}

#[test]
fn inner_flags_write_into_the_last_file_until_it_has_the_key() {
    let cases: [(&[&str], &str); 5] = [
        (
            &[
                "--file.file-id=file-a",
                "--file.attributes={x: 1}",
                "--file.file-id=file-b",
                "--file.chunking-strategy=auto",
            ],
            r#"{"files":[{"file_id":"file-a","attributes":{"x":1}},{"file_id":"file-b","chunking_strategy":{"type":"auto"}}]}"#,
        ),
        (
            &[
                "--file.attributes",
                "x=1",
                "--file.file-id",
                "file-a",
                "--file.attributes",
                "y=2",
                "--file.file-id",
                "file-b",
            ],
            r#"{"files":[{"attributes":{"x":1},"file_id":"file-a"},{"attributes":{"y":2},"file_id":"file-b"}]}"#,
        ),
        (
            &["--file", "{file_id: file-a}", "--file.attributes", "x=1", "--file.file-id", "file-b"],
            r#"{"files":[{"file_id":"file-a","attributes":{"x":1}},{"file_id":"file-b"}]}"#,
        ),
        (
            &[
                "--file.file-id",
                "file-a",
                "--file.attributes",
                "x=1",
                "--file",
                "{file_id: file-b}",
                "--file.attributes",
                "y=2",
            ],
            r#"{"files":[{"file_id":"file-a","attributes":{"x":1}},{"file_id":"file-b","attributes":{"y":2}}]}"#,
        ),
        (
            &["--file.file-id", "file-a", "--file.chunking-strategy", "static:800:400"],
            r#"{"files":[{"file_id":"file-a","chunking_strategy":{"type":"static","static":{"max_chunk_size_tokens":800,"chunk_overlap_tokens":400}}}]}"#,
        ),
    ];
    for (arguments, body) in cases {
        sends(arguments, body);
    }
}

#[test]
fn what_is_for_all_files_goes_into_those_that_set_nothing() {
    let arguments = [
        "--attributes=team=red",
        "--chunking-strategy=auto",
        "--file={file_id: file-a, attributes: {x: 1}}",
        "--file={file_id: file-b, attributes: null}",
        "--file.file-id=file-c",
    ];
    sends(
        &arguments,
        r#"{"files":[{"file_id":"file-a","attributes":{"x":1},"chunking_strategy":{"type":"auto"}},{"file_id":"file-b","attributes":null,"chunking_strategy":{"type":"auto"}},{"file_id":"file-c","attributes":{"team":"red"},"chunking_strategy":{"type":"auto"}}]}"#,
    );
    sends(
        &["--file-id", "file-a", "--attributes", "team=red"],
        r#"{"file_ids":["file-a"],"attributes":{"team":"red"}}"#,
    );
}

#[test]
fn a_limit_of_what_is_for_all_files_is_one_problem() {
    let attributes = format!("{{{}}}", (0..17).map(|index| format!("k{index}: 1")).collect::<Vec<_>>().join(", "));
    let stderr = format!("error: --attributes: 17 attributes; at most 16 are allowed\n{NO_VALIDATE}");
    refuses(&["--file", "{file_id: a}", "--file", "{file_id: b}", "--attributes", &attributes], &stderr);
    refuses(&["--file-id", "a", "--attributes", &attributes], &stderr);
}

#[test]
fn refuses_a_batch_without_files_or_with_both_kinds() {
    let cases: [(&[&str], &str); 2] = [
        (
            &[],
            "no files: give at least one with --file-id, --file or --files-from, or as `file_ids` or `files` in the body",
        ),
        (
            &["--file-id", "a", "--file", "{file_id: b}"],
            "both `file_ids` (--file-id) and `files` (--file) are given; a batch takes one or the other",
        ),
    ];
    for (arguments, problem) in cases {
        refuses(arguments, format!("error: {problem}\n{NO_VALIDATE}"));
    }
}

#[test]
fn a_batch_has_two_thousand_files_unless_it_is_sent_as_it_stands() {
    let ids: Vec<String> = (1..=2001).map(|number| format!("--file-id=file-{number}")).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let body = |count| {
        let ids: Vec<_> = (1..=count).map(|number| format!(r#""file-{number}""#)).collect();
        format!(r#"{{"file_ids":[{}]}}"#, ids.join(","))
    };
    sends(&ids[..2000], &body(2000));
    sends_odd(&[&ids[..], &["--no-validate"]].concat(), &body(2001));
}

#[test]
fn lists_all_problems_at_once_with_position_and_id() {
    refuses(
        &["--file-id", " ", "--file-id", "ok", "--file-id", "a b", "--file-id", "a\u{a0}", "--file-id", "a\n"],
        format!(
            "error: the request has 4 problems:\n  --file-id 1: the id \" \" is blank\n  --file-id 3: the id \"a b\" holds white space\n  --file-id 4: the id \"a\u{a0}\" holds white space\n  --file-id 5: the id \"a\\n\" holds white space\n{NO_VALIDATE}"
        ),
    );
    let arguments = [
        "--file={attributes: {k: [1]}}",
        "--file={file_id: b, atributes: {}}",
        "--file={file_id: 7}",
        "--file={file_id: c, chunking_strategy: {type: static, static: {max_chunk_size_tokens: 99, chunk_overlap_tokens: 50}}}",
    ];
    let problems = [
        "--file 1: `file_id` is missing",
        "--file 1: attributes: the value of `k` must be a string, a number or a boolean, not a list",
        "--file 2 (b): unknown key `atributes`; did you mean `attributes`?",
        "--file 3: the id must be a string, not a number",
        "--file 4 (c): chunking_strategy: `max_chunk_size_tokens` is 99; 100 to 4096 are allowed",
        "--file 4 (c): chunking_strategy: `chunk_overlap_tokens` is 50; at most half of `max_chunk_size_tokens` (49) is allowed",
    ];
    let stderr = format!("error: the request has 6 problems:\n  {}\n{NO_VALIDATE}", problems.join("\n  "));
    refuses(&arguments, &stderr);
}

#[test]
fn checks_attributes_and_chunking_against_the_limits() {
    let long_key = format!("{}=1", "k".repeat(65));
    let long_text = format!("k={}", "x".repeat(513));
    let key_problem = format!("--attributes: the key `{}…` has 65 characters; at most 64 are allowed", "k".repeat(20));
    let cases: [(&str, &str, &str); 12] = [
        ("--attributes", &long_key, &key_problem),
        ("--attributes", &long_text, "--attributes: the value of `k` has 513 characters; at most 512 are allowed"),
        (
            "--attributes",
            "{k: {a: 1}}",
            "--attributes: the value of `k` must be a string, a number or a boolean, not a map",
        ),
        ("--attributes", "{k: ~}", "--attributes: the value of `k` must be a string, a number or a boolean, not null"),
        ("--chunking-strategy", "{type: other}", "--chunking-strategy: `type` must be `auto` or `static`"),
        ("--chunking-strategy", "{}", "--chunking-strategy: `type` must be `auto` or `static`"),
        ("--chunking-strategy", "{type: auto, size: 1}", "--chunking-strategy: unknown key `size`; known are `type`"),
        (
            "--chunking-strategy",
            "{type: static}",
            "--chunking-strategy: `static` needs a map with `max_chunk_size_tokens` and `chunk_overlap_tokens`",
        ),
        (
            "--chunking-strategy",
            "{type: static, static: {max_chunk_size_tokens: 800}}",
            "--chunking-strategy: `chunk_overlap_tokens` must be given, as a whole number",
        ),
        (
            "--chunking-strategy",
            "{type: static, static: {max_chunk_size_tokens: 800, chunk_overlap_tokens: -1}}",
            "--chunking-strategy: `chunk_overlap_tokens` is -1; it must not be negative",
        ),
        (
            "--chunking-strategy",
            "static:4097:0",
            "--chunking-strategy: `max_chunk_size_tokens` is 4097; 100 to 4096 are allowed",
        ),
        (
            "--chunking-strategy",
            "static:800:401",
            "--chunking-strategy: `chunk_overlap_tokens` is 401; at most half of `max_chunk_size_tokens` (400) is allowed",
        ),
    ];
    for (flag, value, problem) in cases {
        refuses(&["--file-id", "a", flag, value], format!("error: {problem}\n{NO_VALIDATE}"));
    }
}

#[test]
fn takes_what_is_just_within_the_limits() {
    let most = [format!("{}=1", "ä".repeat(64)), format!("k={}", "ö".repeat(512))];
    let body = format!(
        r#"{{"file_ids":["file-a"],"attributes":{{"{}":1,"k":"{}"}},"chunking_strategy":{{"type":"static","static":{{"max_chunk_size_tokens":4096,"chunk_overlap_tokens":2048}}}}}}"#,
        "ä".repeat(64),
        "ö".repeat(512)
    );
    sends(
        &[
            "--file-id=file-a",
            "--attributes",
            &most[0],
            "--attributes",
            &most[1],
            "--chunking-strategy=static:4096:2048",
        ],
        &body,
    );
}

#[test]
fn no_validate_sends_what_breaks_the_limits() {
    let cases: [(&[&str], &str); 4] = [
        (&[], "{}"),
        (
            &["--file-id", "a b", "--file", "{fileid: b}", "--attributes", "k=v"],
            r#"{"file_ids":["a b"],"files":[{"fileid":"b"}],"attributes":{"k":"v"}}"#,
        ),
        (
            &["--file-id=a", "--chunking-strategy={type: new, x: [1]}"],
            r#"{"file_ids":["a"],"chunking_strategy":{"type":"new","x":[1]}}"#,
        ),
        (&["--file-id=a", "--attributes={k: {l: ~}}"], r#"{"file_ids":["a"],"attributes":{"k":{"l":null}}}"#),
    ];
    for (arguments, body) in cases {
        sends_odd(&[arguments, &["--no-validate"]].concat(), body);
    }
}

#[test]
fn a_repeated_id_is_a_warning_and_is_sent() {
    let arguments =
        ["vs_1", "--file-id", "file-a", "--file-id", "file-b", "--file-id", "file-a", "--file-id", "file-a"];
    let body = r#"{"file_ids":["file-a","file-b","file-a","file-a"]}"#;
    check(&arguments, |_| {}, body, "warning: the file id `file-a` is given 3 times\n");
    sends(&["--quiet", "--file-id", "file-a", "--file-id", "file-a"], r#"{"file_ids":["file-a","file-a"]}"#);
    check(
        &["vs_1", "--file={file_id: file-a}", "--file={file_id: file-a, attributes: {x: 1}}"],
        |_| {},
        r#"{"files":[{"file_id":"file-a"},{"file_id":"file-a","attributes":{"x":1}}]}"#,
        "warning: the file id `file-a` is given 2 times\n",
    );
}

#[test]
fn file_ids_after_the_store_get_the_right_command_shown() {
    refuses(
        &["file-a", "file-b"],
        "error: unexpected arguments: `file-a`, `file-b`\nhint: usage: vsfb create --vector-store-id vs_1 --file-id file-a --file-id file-b\n",
    );
    refuses(
        &["file-b", "--file-id", "file-a"],
        "error: unexpected arguments: `file-b`\nhint: usage: vsfb create --vector-store-id vs_1 --file-id file-a --file-id file-b\n",
    );
}

#[test]
fn an_id_is_never_the_name_of_a_file() {
    let hint = |path: &str| {
        format!(
            "hint: send the ids in a file so: (echo file_ids:; sed 's/.*/- \"&\"/' {path}) | vsfb create VECTOR_STORE_ID\n"
        )
    };
    let cases: [(&[&str], &str, &str); 5] = [
        (&["--file-id", "a", "--file-id", "@ids.txt"], "--file-id 2: `@ids.txt`", "ids.txt"),
        (&["--file-id", "@", "ids.txt"], "--file-id 1: `@`", "ids.txt"),
        (&["--file-id", "@"], "--file-id 1: `@`", "FILE"),
        (&["--file.file-id", "a", "--file.file-id", "@b"], "--file.file-id of file 2: `@b`", "b"),
        (&["--file", "{file_id: a}", "--file", "{file_id: '@b'}"], "--file 2: `@b`", "b"),
    ];
    for (arguments, place, path) in cases {
        refuses(arguments, format!("error: {place} is no id; a file of ids is not read here\n{}", hint(path)));
        refuses(
            &[arguments, &["--no-validate"]].concat(),
            format!("error: {place} is no id; a file of ids is not read here\n{}", hint(path)),
        );
    }
}

#[test]
fn refuses_a_store_that_is_missing_or_no_word() {
    let required = "error: `--vector-store-id` is required\nhint: an id is given as a flag, as an argument, or in a map on stdin; `--help` shows how\n";
    let cases: [(&[&str], &str); 5] = [
        (&["--file-id", "a"], required),
        (&["", "--file-id", "a"], "error: the vector store id \"\" is blank\n"),
        (&["\u{3000}", "--file-id", "a"], "error: the vector store id \"\u{3000}\" is blank\n"),
        (&["vs 1", "--file-id", "a", "--no-validate"], "error: the vector store id \"vs 1\" holds white space\n"),
        (
            &["--vector-store-id=", "--file-id", "a"],
            "error: `--vector-store-id` has an empty value; leave the flag out, or give it a value\n",
        ),
    ];
    for (arguments, stderr) in cases {
        let outcome = run_unsent(vsfb().arg("create").args(arguments));
        assert_eq!(outcome, Outcome::failure(2, stderr), "{arguments:?}");
    }
}

#[test]
fn refuses_empty_values_and_flags_in_place_of_ids() {
    let cases: [(&[&str], &str); 4] = [
        (&["--file-id", ""], "`--file-id` has an empty value; leave the flag out, or give it a value"),
        (&["--file-id=", "a"], "`--file-id` has an empty value; leave the flag out, or give it a value"),
        (
            &["--file-id=a", "--attributes="],
            "`--attributes` has an empty value; leave the flag out, or give it a value",
        ),
        (
            &["--file-id", "--dry-run"],
            "`--file-id` has no value: the next argument is the flag `--dry-run`\nhint: if that is the id that you mean, write --file-id=--dry-run",
        ),
    ];
    for (arguments, stderr) in cases {
        refuses(arguments, format!("error: {stderr}\n"));
    }
}
