//! The command line: what may stand where, and what is refused before anything is sent.

use crate::samples::{BATCH, retrieve};
use crate::support::command::{Outcome, run, vsfb_at};
use crate::support::message::Answer;
use crate::support::server::Server;

/// The words of a line; `''` is an empty one.
fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split(' ').map(|word| if word == "''" { "" } else { word })
}

/// The only request that the line makes, which must succeed and say nothing else.
fn sent(line: &str) -> String {
    let server = Server::answering([Answer::json(200, "{}")]);
    let outcome = run(vsfb_at(&server).args(words(line)));
    assert_eq!(outcome, Outcome::success("{}\n"), "{line}");
    let request = server.request();
    format!("{} {} {}", request.method, request.target, request.text()).trim_end().to_owned()
}

/// Checks that the line ends with status 2 and this complaint, and that nothing is sent.
#[track_caller]
fn refuses(line: &str, complaint: &str) {
    let server = Server::expecting_none();
    let outcome = run(vsfb_at(&server).args(words(line)));
    assert_eq!(outcome, Outcome::failure(2, format!("{complaint}\n")), "{line}");
}

const RETRIEVE: &str = "GET /v1/vector_stores/vs/file_batches/b";
const FILES: &str = "/v1/vector_stores/vs/file_batches/b/files";

#[test]
fn the_four_commands_ask_their_endpoints() {
    assert_eq!(sent("create vs --file-id f"), r#"POST /v1/vector_stores/vs/file_batches {"file_ids":["f"]}"#);
    assert_eq!(sent("retrieve vs b"), RETRIEVE);
    assert_eq!(sent("cancel vs b"), "POST /v1/vector_stores/vs/file_batches/b/cancel");
    let list = |_: &_| Answer::json(200, r#"{"data":[],"has_more":false}"#);
    let server = Server::with(list);
    assert_eq!(run(vsfb_at(&server).args(["list-files", "vs", "b"])), Outcome::success(""));
    assert_eq!(server.request().target, format!("{FILES}?limit=100"));
}

#[test]
fn the_resource_word_may_stand_where_a_command_could() {
    for line in [
        "vector-stores:file-batches retrieve vs b",
        "--format json vector-stores:file-batches retrieve vs b",
        "vector-stores:file-batches --format json retrieve vs b",
    ] {
        assert_eq!(sent(line), RETRIEVE, "{line}");
    }
    assert_eq!(
        sent("retrieve vector-stores:file-batches b"),
        "GET /v1/vector_stores/vector-stores:file-batches/file_batches/b"
    );
}

#[test]
fn global_flags_stand_before_and_after_the_command() {
    for flag in [
        "--format json",
        "-o json",
        "--format-error yaml",
        "--transform @this",
        "--transform-error message",
        "--raw-output",
        "-r",
        "--api-key k",
        "--organization o",
        "--project p",
        "--admin-api-key k",
        "--webhook-secret s",
        "--quiet",
        "-q",
        "--color never",
        "--max-retries 1",
        "--request-timeout 5",
    ] {
        assert_eq!(sent(&format!("{flag} retrieve vs b")), RETRIEVE, "{flag}");
        assert_eq!(sent(&format!("retrieve {flag} vs b")), RETRIEVE, "{flag}");
        assert_eq!(sent(&format!("retrieve vs b {flag}")), RETRIEVE, "{flag}");
    }
    for line in ["--base-url http://127.0.0.1:1/x retrieve vs b --base-url", "retrieve vs b --base-url"] {
        let server = Server::answering([Answer::json(200, "{}")]);
        let outcome = run(vsfb_at(&Server::expecting_none()).args(words(line)).arg(server.base_url()));
        assert_eq!(outcome, Outcome::success("{}\n"), "{line}");
    }
    for flag in ["--mtls-client-cert-file", "--mtls-client-key-file"] {
        let complaint =
            "error: --mtls-client-cert-file and --mtls-client-key-file go together; only one of them is given";
        refuses(&format!("{flag} x.pem retrieve vs b"), complaint);
        refuses(&format!("retrieve vs b {flag} x.pem"), complaint);
    }
}

#[test]
fn positionals_fill_the_ids_that_no_flag_gives() {
    for line in [
        "retrieve vs b",
        "retrieve --vector-store-id vs --batch-id b",
        "retrieve --vector-store-id vs b",
        "retrieve vs --batch-id b",
        "retrieve b --vector-store-id vs",
        "retrieve --batch-id b vs",
        "retrieve -- vs b",
    ] {
        assert_eq!(sent(line), RETRIEVE, "{line}");
    }
    let usage = "hint: two ids are taken: VECTOR_STORE_ID BATCH_ID";
    refuses("retrieve vs b c", &format!("error: unexpected arguments: `c`\n{usage}"));
    refuses("cancel --batch-id b vs c d", &format!("error: unexpected arguments: `c`, `d`\n{usage}"));
    refuses(
        "create vs file-a file-b",
        "error: unexpected arguments: `file-a`, `file-b`\nhint: usage: vsfb create --vector-store-id vs --file-id file-a --file-id file-b",
    );
    refuses(
        "retrieve vs",
        "error: `--batch-id` is required\nhint: an id is given as a flag, as an argument, or in a map on stdin; `--help` shows how",
    );
}

#[test]
fn the_last_value_wins_and_ids_append() {
    assert_eq!(sent("retrieve --batch-id a --batch-id b --vector-store-id x --vector-store-id vs"), RETRIEVE);
    assert_eq!(sent("--format table --format yaml retrieve vs b --format json"), RETRIEVE);
    assert_eq!(
        sent("create vs --file-id a --attributes x=1 --file-id b --attributes {y:2,x:3}"),
        r#"POST /v1/vector_stores/vs/file_batches {"file_ids":["a","b"],"attributes":{"x":3,"y":2}}"#
    );
    assert_eq!(sent("retrieve vs b --debug --raw-output --debug=false"), RETRIEVE);
}

#[test]
fn a_value_may_begin_with_a_dash() {
    assert_eq!(
        sent("create vs --file-id -x --file-id --y --file-id=--debug"),
        r#"POST /v1/vector_stores/vs/file_batches {"file_ids":["-x","--y","--debug"]}"#
    );
    assert_eq!(
        sent("retrieve --vector-store-id --debug --batch-id -h"),
        "GET /v1/vector_stores/--debug/file_batches/-h"
    );
}

#[test]
fn a_file_id_that_is_a_flag_is_a_missing_id() {
    for flag in ["--debug", "-o", "--file", "-file-id", "--file.attributes", "--help", "-v", "--admin-api-key"] {
        refuses(
            &format!("create vs --file-id {flag}"),
            &format!(
                "error: `--file-id` has no value: the next argument is the flag `{flag}`\nhint: if that is the id that you mean, write --file-id={flag}"
            ),
        );
    }
}

#[test]
fn a_long_name_may_have_one_dash() {
    assert_eq!(sent("retrieve -vector-store-id vs -batch-id=b -debug=false -format json"), RETRIEVE);
    assert_eq!(
        sent("create -vector-store-id vs -file-id x -file.file-id y -no-validate"),
        r#"POST /v1/vector_stores/vs/file_batches {"file_ids":["x"],"files":[{"file_id":"y"}]}"#
    );
    let help = run(vsfb_at(&Server::expecting_none()).arg("--help"));
    assert_eq!(run(vsfb_at(&Server::expecting_none()).arg("-help")), help);
}

#[test]
fn short_flags_do_not_cluster_and_names_are_not_abbreviated() {
    let retrieve_help = "hint: `vsfb retrieve --help` lists the flags";
    refuses("retrieve vs b -rq", &format!("error: unknown flag `-rq` for `vsfb retrieve`\n{retrieve_help}"));
    refuses(
        "retrieve vs b -ojson",
        "error: unknown flag `-ojson` for `vsfb retrieve`\nhint: `vsfb retrieve --help` lists the flags",
    );
    refuses("retrieve vs b --o json", &format!("error: unknown flag `--o` for `vsfb retrieve`\n{retrieve_help}"));
    refuses(
        "retrieve vs b --form json",
        "error: unknown flag `--form` for `vsfb retrieve`\nhint: did you mean `--format`?",
    );
    refuses("retrieve vs b --deb", "error: unknown flag `--deb` for `vsfb retrieve`\nhint: did you mean `--debug`?");
    refuses("retr vs b", "error: unknown command `retr`\nhint: did you mean `vsfb retrieve`?");
}

#[test]
fn what_is_unknown_gets_the_nearest_spelling() {
    refuses("retreive vs b", "error: unknown command `retreive`\nhint: did you mean `vsfb retrieve`?");
    refuses(
        "vs_abc123",
        "error: unknown command `vs_abc123`\nhint: the commands are create, retrieve, cancel, list-files, emulator, completions, help",
    );
    refuses(
        "list-files vs b --limt 5",
        "error: unknown flag `--limt` for `vsfb list-files`\nhint: did you mean `--limit`?",
    );
    refuses(
        "create vs --batch-id b",
        "error: unknown flag `--batch-id` for `vsfb create`\nhint: it is a flag of `vsfb retrieve`, `vsfb cancel`, `vsfb list-files`",
    );
    refuses(
        "--file-id x create vs",
        "error: unknown flag `--file-id`\nhint: it belongs after the command: vsfb create --file-id …",
    );
    refuses(
        "retrieve vs b -x",
        "error: unknown flag `-x` for `vsfb retrieve`\nhint: `vsfb retrieve --help` lists the flags",
    );
    refuses(
        "create vs --fileId x",
        "error: unknown flag `--fileId` for `vsfb create`\nhint: did you mean `--file-id`?",
    );
    for flag in ["--shell", "--verbose", "--query", "--id"] {
        refuses(
            &format!("create vs {flag}"),
            &format!("error: unknown flag `{flag}` for `vsfb create`\nhint: `vsfb create --help` lists the flags"),
        );
    }
    refuses("--color never", "error: no command is given\nhint: `vsfb --help` lists the commands");
}

#[test]
fn an_empty_value_is_refused_whatever_the_flag() {
    let globals = "--format -o --format-error --transform --transform-error --base-url --api-key --organization --project \
        --mtls-client-cert-file --mtls-client-key-file --admin-api-key --webhook-secret --color --max-retries --request-timeout";
    let create = "--vector-store-id --file-id --file --file.file-id --file.attributes --file.chunking-strategy \
        --attributes --chunking-strategy --body";
    let list = "--vector-store-id --batch-id --limit --order --after --before --filter --max-items --body";
    for (command, flags) in [("create", create), ("list-files", list), ("retrieve", globals)] {
        for flag in flags.split_whitespace() {
            let complaint = format!("error: `{flag}` has an empty value; leave the flag out, or give it a value");
            refuses(&format!("{command} vs b {flag}="), &complaint);
            refuses(&format!("{command} vs {flag} '' b"), &complaint);
            refuses(&format!("{command} vs b {flag}"), &format!("error: `{flag}` needs a value"));
        }
    }
}

#[test]
fn odd_positionals_swallow_nothing() {
    assert_eq!(sent("retrieve - b --format json"), "GET /v1/vector_stores/-/file_batches/b");
    assert_eq!(sent("retrieve vs -- -1"), "GET /v1/vector_stores/vs/file_batches/-1");
    refuses("retrieve '' b --format json", "error: the vector store id \"\" is blank");
    refuses("retrieve vs '' --format json", "error: the batch id \"\" is blank");
    refuses(
        "retrieve vs '' --formt json",
        "error: unknown flag `--formt` for `vsfb retrieve`\nhint: did you mean `--format`?",
    );
    refuses(
        "retrieve vs -1",
        "error: unknown flag `-1` for `vsfb retrieve`\nhint: a value that begins with a dash stands after `--`: -- -1",
    );
}

#[test]
fn the_version_sends_nothing() {
    let version = Outcome::success(concat!("vsfb ", env!("CARGO_PKG_VERSION"), "\n"));
    for line in [
        "--version",
        "-v",
        "-V",
        "-version",
        "retrieve vs b --version",
        "--version retrieve vs b",
        "create -v",
        "vector-stores:file-batches list-files -version vs b",
    ] {
        assert_eq!(run(vsfb_at(&Server::expecting_none()).args(words(line))), version, "{line}");
    }
}

#[test]
fn switches_take_true_and_false() {
    for off in ["0", "f", "F", "false", "FALSE", "False"] {
        assert_eq!(sent(&format!("retrieve vs b --debug={off}")), RETRIEVE, "{off}");
        assert_eq!(sent(&format!("retrieve vs b --version={off}")), RETRIEVE, "{off}");
    }
    for on in ["1", "t", "T", "true", "TRUE", "True"] {
        let outcome = retrieve(r#""text""#, &[&format!("--raw-output={on}")]);
        assert_eq!(outcome, Outcome::success("text\n"), "{on}");
    }
    refuses("retrieve vs b --quiet=maybe", "error: `--quiet` is on or off: it takes no value, or true or false");
}

#[test]
fn numbers_are_decimal() {
    let list = |flags: &str| {
        let server = Server::answering([Answer::json(200, r#"{"data":[],"has_more":false}"#)]);
        assert_eq!(
            run(vsfb_at(&server).args(["list-files", "vs", "b"]).args(words(flags))),
            Outcome::success(""),
            "{flags}"
        );
        server.request().target
    };
    assert_eq!(list("--limit 010"), format!("{FILES}?limit=10"));
    assert_eq!(list("--max-items 08"), format!("{FILES}?limit=8"));
    assert_eq!(list("--max-items -1"), format!("{FILES}?limit=100"));
    for (flag, bounds) in [("--limit", " from 1 to 100"), ("--max-items", ""), ("--max-retries", " from 0 to 100")] {
        for value in ["0x10", "1e1", "1_0", "ten", "1.0", "+1"] {
            refuses(
                &format!("list-files vs b {flag} {value}"),
                &format!("error: `{flag} {value}`: a whole number{bounds} is expected"),
            );
        }
    }
}

#[test]
fn durations_have_units() {
    for value in ["30", "30s", "500ms", "5m", "1h30m", "0.5", "010"] {
        assert_eq!(sent(&format!("retrieve vs b --request-timeout {value}")), RETRIEVE, "{value}");
    }
    for value in ["0", "-1", "0s", "5x", "1e3", "five", "99999999999999999999999"] {
        refuses(
            &format!("retrieve vs b --request-timeout {value}"),
            &format!(
                "error: `--request-timeout {value}`: a duration is a positive number of seconds or looks like 30s, 500ms, 5m or 1h30m"
            ),
        );
    }
}

#[test]
fn arguments_are_not_trimmed() {
    let server = Server::answering([Answer::json(200, r#"{"data":[],"has_more":false}"#)]);
    let outcome = run(vsfb_at(&server).args(["list-files", "vs", "b", "--after", " x "]));
    assert_eq!(outcome, Outcome::success(""));
    assert_eq!(server.request().target, format!("{FILES}?after=+x+&limit=100"));
    let outcome = run(vsfb_at(&Server::expecting_none()).args(["retrieve", " vs", "b"]));
    assert_eq!(outcome, Outcome::failure(2, "error: the vector store id \" vs\" holds white space\n"));
}

#[cfg(unix)]
#[test]
fn arguments_are_utf8() {
    use std::os::unix::ffi::OsStrExt as _;
    let odd = std::ffi::OsStr::from_bytes(b"b\xff");
    let outcome = run(vsfb_at(&Server::expecting_none()).args(["retrieve", "vs"]).arg(odd));
    assert_eq!(outcome, Outcome::failure(2, "error: the argument \"b\u{fffd}\" is not UTF-8\n"));
}

#[test]
fn quiet_leaves_errors_only() {
    let flags = ["create", "vs", "--file-id", "f", "--file-id", "f"];
    let body = || Server::answering([Answer::json(200, "{}")]);
    let warning = "warning: the file id `f` is given 2 times\n";
    let outcome = run(vsfb_at(&body()).args(flags));
    assert_eq!(outcome, Outcome { stderr: warning.to_owned(), ..Outcome::success("{}\n") });
    assert_eq!(run(vsfb_at(&body()).args(flags).arg("--quiet")), Outcome::success("{}\n"));
    assert_eq!(run(vsfb_at(&body()).args(flags).arg("-q")), Outcome::success("{}\n"));
    assert_eq!(
        retrieve(BATCH, &["-q", "--transform", "nope"]),
        Outcome::failure(1, "error: --transform nope matches nothing\n")
    );
}

#[test]
fn what_was_typed_is_repeated_without_what_steers_a_terminal() {
    refuses(
        "list-files vs b --limit \u{1b}[31m\u{9b}5",
        "error: `--limit \\u001b[31m\\u009b5`: a whole number from 1 to 100 is expected",
    );
    refuses("completions", "error: <SHELL> is required\nhint: `--help` shows how");
}
