//! What reaches stdout: every format, token by token.

use crate::samples::{BATCH, COMPLETED, FAILED, TARGET, WAITING, ask, golden, list, page_of_many, retrieve};
use crate::support::command::{Outcome, run, spawnable_vsfb_at, vsfb_at};
use crate::support::message::Answer;
use crate::support::running::start;
use crate::support::server::Server;

/// Tokens that a JSON library would change: spaces, spellings of numbers, escapes, repeated and unknown keys.
const ODD: &str = r#" {"z": 1e3,"a":[ ], "n":[1.0,-0.0,123456789012345678901234567890,1E+2],"a":{"\u0041\/":"\u00e9é\ud83d\ude00"} ,"":null,"t":[true,{}]}
"#;

#[test]
fn json_keeps_every_token_and_indents_by_two() {
    let expected = r#"{
  "z": 1e3,
  "a": [],
  "n": [
    1.0,
    -0.0,
    123456789012345678901234567890,
    1E+2
  ],
  "a": {
    "\u0041\/": "\u00e9é\ud83d\ude00"
  },
  "": null,
  "t": [
    true,
    {}
  ]
}
"#;
    for flags in [&[] as &[&str], &["--format", "json"], &["-o", "AUTO"], &["--format", "Json"]] {
        assert_eq!(retrieve(ODD, flags), Outcome::success(expected), "{flags:?}");
    }
}

#[test]
fn jsonl_is_one_line_and_keeps_every_token() {
    let expected = r#"{"z":1e3,"a":[],"n":[1.0,-0.0,123456789012345678901234567890,1E+2],"a":{"\u0041\/":"\u00e9é\ud83d\ude00"},"":null,"t":[true,{}]}"#;
    assert_eq!(retrieve(ODD, &["--format", "JSONL"]), Outcome::success(format!("{expected}\n")));
}

#[test]
fn raw_is_the_body_as_it_came() {
    assert_eq!(retrieve(ODD, &["--format", "raw"]), Outcome::success(ODD));
    assert_eq!(retrieve("{\"a\" : 1}", &["--format", "RAW"]), Outcome::success("{\"a\" : 1}\n"));
    let page = r#"{"data": [ {"id":"f"} ], "has_more": true}"#;
    let server = Server::answering([Answer::json(200, page)]);
    let outcome = run(vsfb_at(&server).args(["list-files", "vs", "b", "--format", "raw"]));
    assert_eq!(outcome, Outcome::success(format!("{page}\n")));
    assert_eq!(server.request().target, "/v1/vector_stores/vs/file_batches/b/files");
}

#[test]
fn yaml_is_a_block_and_its_lists_are_documents() {
    assert_eq!(retrieve(BATCH, &["--format", "Yaml"]), Outcome::success(golden("batch.yaml")));
    assert_eq!(list(&[COMPLETED, FAILED], &["--format", "yaml"]), Outcome::success(golden("list.yaml")));
    assert_eq!(list(&[], &["--format", "yaml"]), Outcome::success(""));
    assert_eq!(
        list(&[COMPLETED, FAILED], &["--format", "yaml", "--transform", "status"]),
        Outcome::success("completed\n---\nfailed\n")
    );
}

#[test]
fn list_items_follow_one_another() {
    assert_eq!(
        list(&[r#"{"a":1}"#, r#"{"b":[2]}"#], &[]),
        Outcome::success("{\n  \"a\": 1\n}\n{\n  \"b\": [\n    2\n  ]\n}\n")
    );
    assert_eq!(list(&[COMPLETED, FAILED], &["-o", "jsonl"]), Outcome::success(format!("{COMPLETED}\n{FAILED}\n")));
    assert_eq!(list(&[], &["-o", "json"]), Outcome::success(""));
}

#[test]
fn explore_is_json_off_a_terminal() {
    let stderr = "note: --format explore needs a terminal; this is JSON\n".to_owned();
    let expected = Outcome { stderr, ..Outcome::success("{\n  \"a\": 1e3\n}\n") };
    assert_eq!(retrieve(r#"{"a":1e3}"#, &["--format", "EXPLORE"]), expected);
}

#[test]
fn raw_output_takes_the_quotes_off_a_string_and_of_nothing_else() {
    assert_eq!(retrieve(BATCH, &["-r", "--transform", "id"]), Outcome::success("vsfb_abc123\n"));
    assert_eq!(retrieve(BATCH, &["--transform", "id"]), Outcome::success("\"vsfb_abc123\"\n"));
    assert_eq!(retrieve(r#""a\u00e9\n\"b""#, &["--raw-output"]), Outcome::success("aé\n\"b\n"));
    assert_eq!(retrieve(BATCH, &["-r", "--transform", "file_counts.total"]), Outcome::success("15\n"));
    assert_eq!(retrieve(BATCH, &["-r", "--format", "jsonl"]), Outcome::success(format!("{BATCH}\n")));
    assert_eq!(
        list(&[COMPLETED, FAILED], &["-r", "--transform", "id"]),
        Outcome::success("file-abc123\nfile-def456\n")
    );
}

#[test]
fn csv_has_every_column_raw_values_and_a_header() {
    let batch = "id,vector_store_id,status,created_at,completed,in_progress,failed,cancelled,total\n\
        vsfb_abc123,vs_abc123,in_progress,1699061776,12,1,2,0,15\n";
    assert_eq!(retrieve(BATCH, &["--format", "CSV"]), Outcome::success(batch));
    assert_eq!(list(&[COMPLETED, FAILED, WAITING], &["--format", "csv"]), Outcome::success(golden("list.csv")));
    let header =
        "id,vector_store_id,status,usage_bytes,created_at,error_code,error_message,attributes,chunking_strategy\n";
    assert_eq!(list(&[], &["--format", "csv"]), Outcome::success(header));
}

#[test]
fn csv_quotes_what_needs_it() {
    let file = r#"{"id":"a,b","object":"vector_store.file","last_error":{"message":"two\nlines, \"quoted\""}}"#;
    let header =
        "id,vector_store_id,status,usage_bytes,created_at,error_code,error_message,attributes,chunking_strategy\n";
    let expected = format!("{header}\"a,b\",,,,,,\"two\nlines, \"\"quoted\"\"\",,\n");
    assert_eq!(list(&[file], &["--format", "csv"]), Outcome::success(expected));
}

#[test]
fn csv_has_no_row_for_what_is_no_batch() {
    assert_eq!(
        retrieve(r#"{"id":"x","object":"vector_store.file"}"#, &["--format", "csv"]),
        Outcome::failure(1, "error: the answer is no file batch, so it has no row in CSV\n")
    );
}

#[test]
fn a_batch_without_counts_is_a_batch() {
    let batch = r#"{"id":"b","object":"vector_store.files_batch","file_counts":null}"#;
    let expected = "id,vector_store_id,status,created_at,completed,in_progress,failed,cancelled,total\nb,,,,,,,,\n";
    assert_eq!(retrieve(batch, &["--format", "csv"]), Outcome::success(expected));
}

#[test]
fn the_variable_is_the_default_format() {
    let with = |value: &str, flags: &[&str]| {
        let server = Server::answering([Answer::json(200, BATCH)]);
        run(vsfb_at(&server).arg("retrieve").args(TARGET).args(flags).env("VSFB_FORMAT", value))
    };
    let line = Outcome::success(format!("{BATCH}\n"));
    assert_eq!(with("jsonl", &[]), line);
    assert_eq!(with("JsonL", &[]), line);
    assert_eq!(with("yaml", &["--format", "jsonl"]), line);
    assert_eq!(with("nonsense", &["--format", "jsonl"]), line);
    assert_eq!(with("", &["--transform", "status"]), Outcome::success("\"in_progress\"\n"));
    assert_eq!(with("table", &["--transform", "status"]), Outcome::success("\"in_progress\"\n"));
    let outcome = run(vsfb_at(&Server::expecting_none()).arg("retrieve").args(TARGET).env("VSFB_FORMAT", "nonsense"));
    let known = "`auto`, `json`, `jsonl`, `raw`, `yaml`, `table`, `csv`, `pretty`, `explore`";
    assert_eq!(outcome, Outcome::failure(2, format!("error: VSFB_FORMAT is `nonsense`; known are {known}\n")));
}

#[test]
fn an_unknown_format_is_refused() {
    let outcome = run(vsfb_at(&Server::expecting_none()).arg("retrieve").args(TARGET).args(["--format", "jsn"]));
    let complaint = "error: `--format jsn`: the values are auto, json, jsonl, raw, yaml, table, csv, pretty, explore
hint: did you mean `json`?
";
    assert_eq!(outcome, Outcome::failure(2, complaint));
}

const CHECK: &str = "hint: check the base URL (--base-url) and any proxy between here and the service\n";

#[test]
fn a_success_that_is_not_json_is_an_error() {
    let attempt = "error: failed to retrieve the file batch `vsfb_abc123` of `vs_abc123`";
    for (body, complaint) in [
        (&b""[..], "the answer is empty where JSON was expected\n"),
        (b" \r\n", "the answer is empty where JSON was expected\n"),
        (b"<html>Log in</html>", "the answer is not JSON: expected value (line 1, column 1)\n<html>Log in</html>\n"),
        (b"{\"id\":", "the answer is not JSON: EOF while parsing a value (line 1, column 6)\n{\"id\":\n"),
        (b"{} {}", "the answer is not JSON: trailing characters (line 1, column 4)\n{} {}\n"),
        (
            b"\"\x01\"",
            "the answer is not JSON: control character (\\u0000-\\u001F) found while parsing a string (line 1, column 1)\n\"\\u0001\"\n",
        ),
        (b"\"\xff\"", "the answer is not JSON: the text is not UTF-8 (line 1, column 2)\n\"\u{fffd}\"\n"),
    ] {
        for format in ["json", "raw", "table"] {
            let outcome = retrieve(body, &["--format", format]);
            let expected = Outcome::failure(1, format!("{attempt}: {complaint}{CHECK}"));
            assert_eq!(outcome, expected, "{}", String::from_utf8_lossy(body));
        }
    }
}

#[test]
fn a_byte_order_mark_and_another_content_type_do_not_matter() {
    assert_eq!(retrieve("\u{feff}{\"a\":1}", &["-o", "jsonl"]), Outcome::success("{\"a\":1}\n"));
    assert_eq!(retrieve("\u{feff}{\"a\":1}", &["-o", "raw"]), Outcome::success("{\"a\":1}\n"));
    let outcome = ask("retrieve", Answer::typed(200, "text/html", "{\"a\":1}"), &["-o", "jsonl"]);
    assert_eq!(outcome, Outcome::success("{\"a\":1}\n"));
}

#[test]
fn a_reader_that_leaves_ends_the_command_quietly() {
    let many = vec![FAILED; 1000];
    let pages = [page_of_many(&[COMPLETED]), crate::samples::page(&many)];
    let server = Server::answering(pages.map(|page| Answer::json(200, page)));
    let mut command = spawnable_vsfb_at(&server);
    let mut running = start(command.arg("list-files").args(TARGET).args(["--format", "jsonl"]));
    assert_eq!(running.next_line(), COMPLETED);
    assert_eq!(running.stop_reading(), Outcome::success(format!("{COMPLETED}\n")));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error() {
    let full = || std::fs::File::options().write(true).open("/dev/full").expect("a disk that is always full");
    let failed = "error: failed to write to stdout: no space left on device\n";
    let page = crate::samples::page(&[COMPLETED]);
    for (body, arguments) in [
        (BATCH, "retrieve vs b"),
        (BATCH, "retrieve vs b -o raw"),
        (BATCH, "retrieve vs b -o table"),
        (BATCH, "retrieve vs b --transform id -r"),
        (page.as_str(), "list-files vs b"),
        (page.as_str(), "list-files vs b -o csv"),
    ] {
        let server = Server::answering([Answer::json(200, body)]);
        let mut command = spawnable_vsfb_at(&server);
        let output = command.args(arguments.split(' ')).stdout(full()).output().expect("the command can be started");
        assert_eq!(
            Outcome::new(output.status, output.stdout, output.stderr),
            Outcome::failure(1, failed),
            "{arguments}"
        );
    }
    for arguments in ["--help", "-h", "create --help", "--version", "completions bash"] {
        let mut command = crate::support::command::spawnable_vsfb();
        let output = command.args(arguments.split(' ')).stdout(full()).output().expect("the command can be started");
        assert_eq!(
            Outcome::new(output.status, output.stdout, output.stderr),
            Outcome::failure(1, failed),
            "{arguments}"
        );
    }
    for arguments in ["retrieve vs b --format xml", "retrieve vs b --formt xml"] {
        let mut command = crate::support::command::spawnable_vsfb();
        let output = command.args(arguments.split(' ')).stderr(full()).output().expect("the command can be started");
        assert_eq!(Outcome::new(output.status, output.stdout, output.stderr), Outcome::failure(2, ""), "{arguments}");
    }
}
