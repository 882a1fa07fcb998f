//! The values of flags that take a map: YAML, JSON, `key=value`, short forms, and `@` references in them.

use std::fs;

use tempfile::TempDir;

use super::bodies::{NO_VALIDATE, check, check_odd, refuses, run_unsent, sends, sends_odd};
use super::support::command::{Outcome, vsfb};

const NO_MAP: &str = "hint: such as --attributes '{key: value}' or --attributes key=value\n";

/// `--attributes` with these values sends these attributes, and the service takes them.
fn attributes(values: &[&str], sent: &str) {
    sends(&with_attributes(values), &body(sent));
}

/// `--attributes` with these values sends these attributes, which no service need take.
fn odd_attributes(values: &[&str], sent: &str) {
    sends_odd(&with_attributes(values), &body(sent));
}

/// The body with the file and these attributes.
fn body(attributes: &str) -> String {
    format!(r#"{{"file_ids":["file-a"],"attributes":{attributes}}}"#)
}

fn with_attributes<'a>(values: &[&'a str]) -> Vec<&'a str> {
    [
        &["--no-validate", "--file-id", "file-a"],
        &*values.iter().flat_map(|value| ["--attributes", value]).collect::<Vec<_>>(),
    ]
    .concat()
}

#[test]
fn a_map_is_json_or_yaml() {
    let cases = [
        ("{foo: bar}", r#"{"foo":"bar"}"#),
        ("{a:1}", r#"{"a":1}"#),
        ("k: v\nn: 1\n", r#"{"k":"v","n":1}"#),
        ("---\nk: v\n...\n", r#"{"k":"v"}"#),
        ("\u{feff}k: v", r#"{"k":"v"}"#),
        ("{}", "{}"),
        ("{1: a, true: b, ~: c}", r#"{"1":"a","true":"b","null":"c"}"#),
    ];
    for (value, sent) in cases {
        attributes(&[value], sent);
    }
    let nested = [
        ("{a:{b:[x]}}", r#"{"a":{"b":["x"]}}"#),
        ("k: v\nn: {m: 1}\n", r#"{"k":"v","n":{"m":1}}"#),
        ("{base: &b {x: 1, y: 2}, own: {<<: *b, y: 3}}", r#"{"base":{"x":1,"y":2},"own":{"y":3,"x":1}}"#),
    ];
    for (value, sent) in nested {
        odd_attributes(&[value], sent);
    }
}

#[test]
fn json_keeps_its_spelling() {
    let json = r#"{"a":1e3,"b":1.0,"c":123456789012345678901234567890,"d":-0.0,"e":1E+05,"f":null,"g":"\u00e9\n"}"#;
    odd_attributes(&[json], &json.replace("\\u00e9", "é"));
}

#[test]
fn yaml_is_the_core_schema_of_1_2() {
    let yaml =
        "{a: yes, b: 1_000, c: 2024-01-01, d: 017, e: 0x1F, f: 0o17, g: 12:30, h: On, i: '5', j: True, k: ~, l: 1.50}";
    odd_attributes(
        &[yaml],
        r#"{"a":"yes","b":"1_000","c":"2024-01-01","d":17,"e":31,"f":15,"g":"12:30","h":"On","i":"5","j":true,"k":null,"l":1.50}"#,
    );
}

#[test]
fn what_is_no_map_is_refused() {
    let cases = [
        ("[1]", "must be a map, not a list"),
        ("word", "must be a map, not a string"),
        ("7", "must be a map, not a number"),
        ("true", "must be a map, not a boolean"),
        ("a b=c", "must be a map, not a string"),
        (" ", "must be a map, not null"),
    ];
    for (value, problem) in cases {
        refuses(&with_attributes(&[value]), format!("error: --attributes: {problem}\n{NO_MAP}"));
    }
    let cases = [
        (["--file", "word"], "--file 1: must be a map, not a string\nhint: such as --file '{file_id: FILE_ID}'"),
        (["--file", "null"], "--file 1: must be a map, not null\nhint: such as --file '{file_id: FILE_ID}'"),
        (
            ["--file.attributes", "[1]"],
            "--file.attributes of file 1: must be a map, not a list\nhint: such as --file.attributes '{key: value}' or --file.attributes key=value",
        ),
        (
            ["--chunking-strategy", "static"],
            "--chunking-strategy: must be a map, not a string\nhint: --chunking-strategy takes auto, static:MAX:OVERLAP or a map with `type`",
        ),
        (
            ["--file", "@files.json"],
            "--file 1: takes a map, not the name of a file\nhint: give the file's content: --file \"$(cat files.json)\"",
        ),
    ];
    for (arguments, stderr) in cases {
        refuses(&arguments, format!("error: {stderr}\n"));
    }
}

#[test]
fn a_broken_map_is_refused_with_line_and_column() {
    let deep = format!("{{k: {}{}}}", "[".repeat(200), "]".repeat(200));
    let tenfold =
        |level: usize| format!("k{}: &k{} [{}]\n", level + 1, level + 1, vec![format!("*k{level}"); 10].join(", "));
    let bomb = format!("k0: &k0 [x, x, x, x, x, x, x, x, x, x]\n{}", (0..7).map(tenfold).collect::<String>());
    let cases = [
        ("{a: 1", "expected `,` or `}` (line 1, column 6)"),
        ("a: 1\nb: [x\n", "expected `,` or `]` (line 3, column 1)"),
        ("a: 1\n b: 2", "mapping values are not allowed here (line 2, column 3)"),
        (r#"{"a": 1, "b": "x\q"}"#, "invalid escape (line 1, column 18)"),
        ("{a: 1, a: 2}", "the key \"a\" stands twice (line 1, column 8)"),
        (r#"{"a": 1, "a": 2}"#, "the key \"a\" stands twice (line 1, column 15)"),
        ("a: 1\n---\nb: 2", "more than one document (line 2, column 1)"),
        ("{a: @f.txt}", "a value cannot begin with `@` (line 1, column 5)"),
        ("{a: !!binary aGk=}", "the tag !!binary is not supported (line 1, column 5)"),
        ("{a: !custom x}", "the tag !custom is not supported (line 1, column 5)"),
        ("{a: .inf}", "JSON has no number .inf (line 1, column 5)"),
        ("{a: *x}", "the alias *x has no anchor before it (line 1, column 5)"),
        (&deep, "nested more than 128 levels deep (line 1, column 132)"),
        (&bomb, "the alias expands to too much (line 5, column 45)"),
    ];
    for (value, problem) in cases {
        refuses(&with_attributes(&[value]), format!("error: --attributes: {problem}\n"));
    }
    refuses(
        &["--file", "{file_id: a}", "--file", "{file_id: b, attributes: {x: 1}"],
        "error: --file 2: expected `,` or `}` (line 1, column 32)\n",
    );
}

#[test]
fn a_pair_types_only_what_is_plain() {
    let numbers = ["i=12", "n=-1.5", "z=0", "t=true", "f=false", "q=\"12\"", "e=\"\\t\""];
    attributes(&numbers, r#"{"i":12,"n":-1.5,"z":0,"t":true,"f":false,"q":"12","e":"\t"}"#);
    let texts =
        ["v=1.10", "id=00123", "x=1e3", "b=1234567890123456", "n=null", "e=", "s= 1", "y=True", "o=x=y", "m={a: 1}"];
    attributes(
        &texts,
        r#"{"v":"1.10","id":"00123","x":"1e3","b":"1234567890123456","n":"null","e":"","s":" 1","y":"True","o":"x=y","m":"{a: 1}"}"#,
    );
    attributes(&["title=Intro: part 1", "größe_1.a-b=#1"], r##"{"title":"Intro: part 1","größe_1.a-b":"#1"}"##);
}

#[test]
fn attributes_merge_in_order_and_a_later_key_wins() {
    attributes(&["{a: 1, b: x}", "b=2", r#"{"c":1e3,"a":"y"}"#], r#"{"a":"y","b":2,"c":1e3}"#);
    for null in ["null", "~", "Null"] {
        attributes(&[null], "null");
    }
    attributes(&["a=1", "null"], "null");
    attributes(&["a=1", "null", "b=2"], r#"{"b":2}"#);
}

#[test]
fn a_chunking_strategy_has_short_forms() {
    let sized = |strategy: &str| format!(r#"{{"file_ids":["file-a"],"chunking_strategy":{strategy}}}"#);
    let fixed = r#"{"type":"static","static":{"max_chunk_size_tokens":800,"chunk_overlap_tokens":400}}"#;
    let cases = [
        ("auto", r#"{"type":"auto"}"#),
        ("static:800:400", fixed),
        ("static:0800:0400", fixed),
        ("{type:static,static:{max_chunk_size_tokens:800,chunk_overlap_tokens:400}}", fixed),
        (fixed, fixed),
    ];
    for (value, sent) in cases {
        sends(&["--file-id=file-a", "--chunking-strategy", value], &sized(sent));
        sends(
            &["--file.file-id=file-a", "--file.chunking-strategy", value],
            &format!(r#"{{"files":[{{"file_id":"file-a","chunking_strategy":{sent}}}]}}"#),
        );
    }
    sends(
        &["--file-id=file-a", "--chunking-strategy=static:800:400", "--chunking-strategy=auto"],
        &sized(r#"{"type":"auto"}"#),
    );
    for value in ["static:800", "static:a:b", "static:800:400:1", "static:800:-1", "static:800:+400", "static::"] {
        refuses(
            &["--file-id=a", "--chunking-strategy", value],
            format!(
                "error: --chunking-strategy: `{value}` is not static:MAX:OVERLAP with two whole numbers, such as static:800:400\n"
            ),
        );
    }
}

/// A folder with a text, a file that is none, and one that looks like text but for a control character.
fn files() -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("t.txt"), "two\nlines\té\n").unwrap();
    fs::write(folder.path().join("b.bin"), b"\x00\xff").unwrap();
    fs::write(folder.path().join("bell.txt"), "bell\u{7}").unwrap();
    fs::write(folder.path().join("plain"), "plain").unwrap();
    folder
}

/// The arguments send this body where [`files`] are the working folder, and the service takes it.
fn embeds(arguments: &[&str], body: &str) {
    let folder = files();
    let enter = |command: &mut assert_cmd::Command| {
        command.current_dir(&folder);
    };
    check(&[&["vs_1"], arguments].concat(), enter, body, "");
}

#[test]
fn a_reference_becomes_the_content_of_the_file() {
    let cases: [(&str, &str); 9] = [
        ("k=@t.txt", r#"{"k":"two\nlines\té\n"}"#),
        ("k=@b.bin", r#"{"k":"AP8="}"#),
        ("k=@bell.txt", r#"{"k":"YmVsbAc="}"#),
        ("k=@plain", r#"{"k":"plain"}"#),
        ("k=@file://bell.txt", r#"{"k":"bell\u0007"}"#),
        ("k=@data://t.txt", r#"{"k":"dHdvCmxpbmVzCcOpCg=="}"#),
        ("k=@data://plain", r#"{"k":"cGxhaW4="}"#),
        ("{'@plain': '@plain'}", r#"{"@plain":"plain"}"#),
        (r#"{"k": "@./plain"}"#, r#"{"k":"plain"}"#),
    ];
    for (value, sent) in cases {
        embeds(&with_attributes(&[value])[..], &body(sent));
    }
    embeds(
        &["--file.file-id=file-a", "--file.attributes=k=@plain"],
        r#"{"files":[{"file_id":"file-a","attributes":{"k":"plain"}}]}"#,
    );
}

#[test]
fn a_reference_stands_at_any_depth() {
    let nested = with_attributes(&["{k: '@t.txt', l: [{m: '@plain'}]}"]);
    let in_file = [
        "--no-validate",
        "--file={file_id: a, attributes: {k: '@plain'}}",
        "--file.chunking-strategy={type: '@plain'}",
    ];
    let cases: [(&[&str], &str); 2] = [
        (&nested, &body(r#"{"k":"two\nlines\té\n","l":[{"m":"plain"}]}"#)),
        (&in_file, r#"{"files":[{"file_id":"a","attributes":{"k":"plain"},"chunking_strategy":{"type":"plain"}}]}"#),
    ];
    for (arguments, body) in cases {
        let folder = files();
        let enter = |command: &mut assert_cmd::Command| {
            command.current_dir(&folder);
        };
        check_odd(&[&["vs_1"], arguments].concat(), enter, body, "");
    }
}

#[test]
fn what_only_looks_like_a_reference_stays() {
    let cases = [
        (r"k=\@t.txt", r#"{"k":"@t.txt"}"#),
        (r"{k: '\@t.txt', l: \@file://t.txt}", r#"{"k":"@t.txt","l":"@file://t.txt"}"#),
        ("k=@username", r#"{"k":"@username"}"#),
        ("k=me@t.txt", r#"{"k":"me@t.txt"}"#),
        ("k=@", r#"{"k":"@"}"#),
        (r"k=\x", r#"{"k":"\\x"}"#),
    ];
    for (value, sent) in cases {
        embeds(&["--file-id=file-a", "--attributes", value], &body(sent));
    }
}

#[test]
fn a_reference_to_what_cannot_be_read_is_refused() {
    let missing = "no such file or directory";
    let cases = [
        ("@no.txt", missing),
        ("@no/file", missing),
        ("@file://no", missing),
        ("@data://no", missing),
        ("@.", "is a directory"),
    ];
    let folder = files();
    for (value, reason) in cases {
        for (flag, pair, place) in [
            ("--attributes", format!("k={value}"), "--attributes"),
            ("--file", format!("{{file_id: a, attributes: {{k: '{value}'}}}}"), "--file 1"),
        ] {
            let mut command = vsfb();
            command.current_dir(&folder).args(["create", "vs_1", flag, &pair]);
            let stderr = format!(
                "error: {place}: failed to read the file of `{value}`: {reason}\nhint: if the text itself is meant, write `\\{value}`\n"
            );
            assert_eq!(run_unsent(&mut command), Outcome::failure(2, stderr), "{value}");
        }
    }
    let mut command = vsfb();
    command.current_dir(&folder).args(["create", "vs_1", "--file-id=a", "--attributes=k=@file://b.bin"]);
    let stderr = "error: --attributes: the file of `@file://b.bin` is not UTF-8 text\nhint: `@data://b.bin` sends it in base64\n";
    assert_eq!(run_unsent(&mut command), Outcome::failure(2, stderr));
}

#[test]
fn the_limits_hold_for_embedded_text() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("long.txt"), "x".repeat(513)).unwrap();
    let mut command = vsfb();
    command.current_dir(&folder).args(["create", "vs_1", "--file-id=a", "--attributes=k=@long.txt"]);
    let stderr =
        format!("error: --attributes: the value of `k` has 513 characters; at most 512 are allowed\n{NO_VALIDATE}");
    assert_eq!(run_unsent(&mut command), Outcome::failure(2, stderr));
}

#[cfg(unix)]
#[test]
fn refuses_arguments_that_are_not_utf8() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;
    let odd = OsStr::from_bytes(b"f\xff");
    for flag in ["--file-id", "--attributes", "--file", "--vector-store-id", "--body"] {
        let outcome = run_unsent(vsfb().args(["create", "vs_1", "--file-id", "a", flag]).arg(odd));
        assert_eq!(outcome, Outcome::failure(2, "error: the argument \"f\u{fffd}\" is not UTF-8\n"), "{flag}");
    }
}
