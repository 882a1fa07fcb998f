//! Manifests of every format, good and bad.

#![cfg(test)]

use std::io::{Seek as _, Write as _};

use super::{Entry, Manifest, ManifestFormat, Problem};
use crate::input::stdin::Stdin;

fn manifest(format: Option<ManifestFormat>, text: &[u8]) -> Manifest {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(text).unwrap();
    Manifest::of(file, format).unwrap()
}

fn told(manifest: &mut Manifest) -> Vec<String> {
    let line = |entry: Result<Entry, Problem>| match entry {
        Ok(Entry { line, file_id, own: None }) => format!("{line} {file_id}"),
        Ok(Entry { line, own: Some(own), .. }) => format!("{line} {own}"),
        Err(Problem { line, message }) => {
            let rest = message.strip_prefix(&format!("line {line}")).expect("its line");
            format!("{line}!{rest}")
        }
    };
    manifest.entries().unwrap().map(line).collect()
}

fn ids(text: &str) -> Vec<String> {
    told(&mut manifest(Some(ManifestFormat::Ids), text.as_bytes()))
}

fn jsonl(text: &str) -> Vec<String> {
    told(&mut manifest(Some(ManifestFormat::Jsonl), text.as_bytes()))
}

fn json(text: &str) -> Vec<String> {
    told(&mut manifest(Some(ManifestFormat::Json), text.as_bytes()))
}

fn csv(text: &str) -> Vec<String> {
    told(&mut manifest(Some(ManifestFormat::Csv), text.as_bytes()))
}

#[test]
fn ids_stand_one_a_line() {
    let text = "file-a\r\n\r\n  # a comment\n file-b \n#\nfile-c";
    assert_eq!(ids(text), ["1 file-a", "4 file-b", "6 file-c"]);
    assert_eq!(ids(""), [""; 0]);
}

#[test]
fn what_is_no_id_is_told_with_its_line() {
    let text = "file-a file-b\n@more.txt\n{\"file_id\":\"a\"}\nfile-a # which\nok";
    assert_eq!(
        ids(text),
        [
            "1!: the id \"file-a file-b\" holds white space",
            "2!: `@more.txt` is no id; a manifest refers to no other files",
            "3!: this is JSON, not an id; see --files-format",
            "4!: the id \"file-a # which\" holds white space",
            "5 ok",
        ]
    );
    let bytes = b"a\nb\xff\nc";
    assert_eq!(told(&mut manifest(None, bytes)), ["1 a", "2!: the text is not UTF-8", "3 c"]);
}

#[test]
fn json_lines_are_ids_or_elements() {
    let text = "\"file-a\"\n\n{\"file_id\": \"file-b\"}\r\n\
        {\"attributes\": {\"n\": 1e3, \"t\": \"@x\"}, \"file_id\": \"file-c\"}\n\
        {\"file_id\":\"file-d\",\"chunking_strategy\":{\"type\":\"auto\"}}\n{\"file_id\":\"file-e\",\"attributes\":null}";
    assert_eq!(
        jsonl(text),
        [
            "1 file-a",
            "3 file-b",
            r#"4 {"attributes":{"n":1e3,"t":"@x"},"file_id":"file-c"}"#,
            r#"5 {"file_id":"file-d","chunking_strategy":{"type":"auto"}}"#,
            r#"6 {"file_id":"file-e","attributes":null}"#,
        ]
    );
}

#[test]
fn elements_are_held_to_the_service_s_limits() {
    let text = "{\"file_id\":\"a\",\"atributes\":{},\"attributes\":[]}\n{\"id\":\"a\"}\n7\n[\"a\"]\n\"a b\"\n\
        {\"file_id\":\"@a\"}\n{\"file_id\":\"a\" \"b\"}\nfile-a\n{\"file_id\":\"a\",\"file_id\":\"b\"}\n\"\"";
    assert_eq!(
        jsonl(text),
        [
            "1! (a): unknown key `atributes`; did you mean `attributes`?",
            "1! (a): attributes: must be a map or null, not a list",
            "2!: unknown key `id`; known are `file_id`, `attributes`, `chunking_strategy`",
            "2!: `file_id` is missing",
            "3!: must be a map with `file_id`, not a number",
            "4!: must be a map with `file_id`, not a list",
            "5!: the id \"a b\" holds white space",
            "6!: `@a` is no id; a manifest refers to no other files",
            "7!: expected `,` or `}` (column 16)",
            "8!: expected ident (column 2)",
            "9!: the key \"file_id\" stands twice (column 26)",
            "10!: the id \"\" is blank",
        ]
    );
}

#[test]
fn an_array_has_its_elements_in_any_lines() {
    let text = " [\n\"a\", {\"file_id\": \"b\",\n\"attributes\": {\"t\": \"],\\\"[{\"}}\n,\n\"c\"]\n ";
    assert_eq!(json(text), ["2 a", r#"2 {"file_id":"b","attributes":{"t":"],\"[{"}}"#, "5 c"]);
    assert_eq!(json("[ ]"), [""; 0]);
    assert_eq!(
        json("[\"a\",\n\"b c\", 3,{\"file_id\":\"d\",\n\"x\":}, \"e\"]"),
        [
            "1 a",
            "2!, element 2: the id \"b c\" holds white space",
            "2!, element 3: must be a map with `file_id`, not a number",
            "3!, element 4: expected value",
            "3 e",
        ]
    );
}

#[test]
fn a_broken_array_ends_where_it_breaks() {
    let cases = [
        ("", "1!: the manifest is empty; it must be a JSON array"),
        ("{}", "1!: the manifest must be a JSON array; see --files-format"),
        ("[", "1!: the array is never closed"),
        ("[\n\"a", "2!: the array is never closed"),
        ("[,", "1!: an element is missing"),
    ];
    for (text, message) in cases {
        assert_eq!(json(text), [message], "{text}");
    }
    assert_eq!(json("[\"a\",\n]"), ["1 a", "2!: an element is missing"]);
    assert_eq!(json("[\"a\"\n"), ["2!: the array is never closed"]);
    assert_eq!(json("[\"a\"]\n["), ["2!: unexpected text behind the array"]);
    assert_eq!(json("[\"a\" \"b\"]"), ["1!, element 1: trailing characters"]);
}

#[test]
fn a_table_has_an_attribute_a_column() {
    let text = "team,file_id,chunking_strategy,year,note\r\n\
        red,a,,2024,\"x, \"\"y\"\"\nline\"\r\n\r\n\
        ,b,static:800:400,,\n\
        \"\"\"5\"\"\",c,,1.10,@x\n\
        true,d,\"{type: auto}\",-0.5,\n\
        ,e,,,\n";
    assert_eq!(
        csv(text),
        [
            r#"2 {"file_id":"a","attributes":{"team":"red","year":2024,"note":"x, \"y\"\nline"}}"#,
            r#"5 {"file_id":"b","chunking_strategy":{"type":"static","static":{"max_chunk_size_tokens":800,"chunk_overlap_tokens":400}}}"#,
            r#"6 {"file_id":"c","attributes":{"team":"5","year":"1.10","note":"@x"}}"#,
            r#"7 {"file_id":"d","attributes":{"team":true,"year":-0.5},"chunking_strategy":{"type":"auto"}}"#,
            "8 e",
        ]
    );
    assert_eq!(csv(""), [""; 0]);
    assert_eq!(csv("file_id\n"), [""; 0]);
}

#[test]
fn a_bad_row_is_told_with_its_line() {
    let long = "x".repeat(513);
    let text = format!("file_id,chunking_strategy,k\na,,1,2\nb\n,,\nc,fast,\nd,static:9:1,{long}\n@e,,\nf,,");
    assert_eq!(
        csv(&text),
        [
            "2!: cells: 4; columns in the heading: 3",
            "3!: cells: 1; columns in the heading: 3",
            "4!: the id \"\" is blank",
            "5!: chunking_strategy: must be a map, not a string",
            "6! (d): attributes: the value of `k` has 513 characters; at most 512 are allowed",
            "6! (d): chunking_strategy: `max_chunk_size_tokens` is 9; 100 to 4096 are allowed",
            "7!: `@e` is no id; a manifest refers to no other files",
            "8 f",
        ]
    );
    let bytes = b"file_id\na\nb\xff\nc";
    assert_eq!(told(&mut manifest(None, bytes)), ["2 a", "3!: the text is not UTF-8", "4 c"]);
}

#[test]
fn a_heading_names_every_column_once() {
    let cases = [
        ("id,team\na,b\n", "1!: no column `file_id`; the first line names the columns, with commas between them"),
        ("file_id;team\na;b\n", "1!: no column `file_id`; the first line names the columns, with commas between them"),
        ("file_id,,team\na,,b\n", "1!: column 2 has no name"),
        ("\nfile_id,team, team\na,b,c\n", "2!: the column `team` stands twice"),
    ];
    for (text, message) in cases {
        assert_eq!(csv(text), [message], "{text}");
    }
}

#[test]
fn nothing_longer_than_a_mebibyte_is_taken_in() {
    const LONG: usize = 1024 * 1024;
    let exact = "x".repeat(LONG);
    assert_eq!(ids(&format!("{exact}\na"))[1], "2 a");
    let longer = "x".repeat(3 * LONG);
    assert_eq!(ids(&format!("a\n{longer}\nb")), ["1 a", "2!: the line is longer than 1 MiB", "3 b"]);
    assert_eq!(ids(&format!("a\n{longer}")), ["1 a", "2!: the line is longer than 1 MiB"]);
    assert_eq!(jsonl(&format!("\"{longer}\"\n\"b\"")), ["1!: the line is longer than 1 MiB", "2 b"]);
    assert_eq!(
        json(&format!("[\"a\",\"{longer}\",\"b\"]")),
        ["1 a", "1!: the element is longer than 1 MiB, or a quote in it is never closed"]
    );
    let rows = "b\n".repeat(2 * LONG);
    let told = csv(&format!("file_id\na\n\"{rows}"));
    assert_eq!(told, ["2 a", "3!: the row is longer than 1 MiB, or a quote in it is never closed"]);
}

#[test]
fn a_byte_order_mark_is_passed_over_in_every_format() {
    for text in ["a\n", "\"a\"\n", "[\"a\"]", "file_id\na\n"] {
        let text = format!("\u{feff}{text}");
        let told = told(&mut manifest(None, text.as_bytes()));
        assert!(matches!(told.as_slice(), [one] if one.ends_with(" a")), "{text}: {told:?}");
    }
}

#[test]
fn entries_are_the_same_each_time() {
    let mut manifest = manifest(None, b"file_id,k\na,1\nb,2\n");
    let first = told(&mut manifest);
    assert_eq!(first.len(), 2);
    manifest.entries().unwrap().next();
    assert_eq!(told(&mut manifest), first);
}

#[test]
fn a_manifest_that_changes_is_refused() {
    let mut manifest = manifest(None, b"a\n");
    assert_eq!(told(&mut manifest), ["1 a"]);
    manifest.file.seek(std::io::SeekFrom::End(0)).unwrap();
    manifest.file.write_all(b"b\n").unwrap();
    let error = manifest.entries().map(|_| ()).unwrap_err();
    assert_eq!(error.to_string(), "it was changed while it was in use");
}

#[test]
fn a_manifest_is_a_file_of_any_kind() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.csv");
    std::fs::write(&path, "file_id\na\n").unwrap();
    let open = |path: &str, format| {
        Manifest::open(path, format, &mut Stdin::default()).map(|mut it| told(&mut it)).map_err(|error| error.message)
    };
    let path = path.to_str().unwrap();
    assert_eq!(open(path, None).unwrap(), ["2 a"]);
    assert_eq!(open(path, Some(ManifestFormat::Ids)).unwrap(), ["1 file_id", "2 a"]);
    let missing = folder.path().join("b.csv").display().to_string();
    assert_eq!(
        open(&missing, None).unwrap_err(),
        format!("failed to read --files-from {missing}: no such file or directory")
    );
    if cfg!(unix) {
        assert_eq!(open("/dev/null", None).unwrap(), [""; 0]);
        let name = folder.path().display().to_string();
        assert_eq!(open(&name, None).unwrap_err(), format!("failed to read --files-from {name}: is a directory"));
    }
}

/// The same cases in every run.
fn random(state: &mut u64, below: usize) -> usize {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    usize::try_from(*state >> 33).unwrap() % below
}

#[test]
fn every_format_says_the_same() {
    let mut state = 1;
    for _ in 0..300 {
        let files: Vec<(String, usize)> =
            (0..random(&mut state, 40)).map(|number| (format!("file-{number}"), random(&mut state, 1_000))).collect();
        let element = |(id, n): &(String, usize)| format!(r#"{{"file_id":"{id}","attributes":{{"n":{n}}}}}"#);
        let elements: Vec<String> = files.iter().map(element).collect();
        let rows: Vec<String> = files.iter().map(|(id, n)| format!("{id},{n}")).collect();
        let texts = [
            format!("[{}]", elements.join([",", ",\n", " , "][random(&mut state, 3)])),
            elements.join(["\n", "\r\n", "\n\n"][random(&mut state, 3)]) + "\n",
            format!("file_id,n\n{}", rows.join(["\n", "\r\n"][random(&mut state, 2)])),
        ];
        let formats = [ManifestFormat::Json, ManifestFormat::Jsonl, ManifestFormat::Csv];
        for (text, format) in texts.iter().zip(formats) {
            let mut manifest = manifest(Some(format), text.as_bytes());
            let own: Vec<_> = manifest.entries().unwrap().map(|entry| entry.unwrap().own.unwrap()).collect();
            assert_eq!(own, elements, "{text}");
        }
    }
}

#[test]
fn no_text_is_too_odd() {
    const PIECES: [&[u8]; 22] = [
        b"{",
        b"}",
        b"[",
        b"]",
        b"\"",
        b"\\",
        b",",
        b":",
        b"\n",
        b"\r\n",
        b" ",
        b"#",
        b"@",
        b"file_id",
        b"a",
        b"1",
        b"\"file_id\"",
        b"\xff",
        b"\xef\xbb\xbf",
        b"\0",
        b"chunking_strategy",
        b"file_id,k\n",
    ];
    let mut state = 2;
    for _ in 0..3_000 {
        let text: Vec<u8> =
            (0..random(&mut state, 24)).flat_map(|_| PIECES[random(&mut state, PIECES.len())]).copied().collect();
        for format in [None, Some(ManifestFormat::Json), Some(ManifestFormat::Jsonl), Some(ManifestFormat::Csv)] {
            let mut manifest = manifest(format, &text);
            let lines = super::newlines(&text) + 1;
            for entry in manifest.entries().unwrap() {
                let line = entry.map_or_else(|problem| problem.line, |entry| entry.line);
                assert!(line >= 1 && line <= lines, "line {line} of {text:?}");
            }
        }
    }
}
