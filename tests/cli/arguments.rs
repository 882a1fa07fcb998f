//! The command line: what may stand where, and what is refused before anything is sent.

use crate::samples::retrieve;
use crate::support::command::{Outcome, run, vsfb_at};
use crate::support::emulator::Emulator;
use crate::support::message::Answer;
use crate::support::server::Server;

/// The words of a line; `''` is an empty one.
fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split(' ').map(|word| if word == "''" { "" } else { word })
}

/// The only request that the line makes, whatever ids are in it. The line must succeed and say nothing else.
fn sent_oddly(line: &str) -> String {
    let server = Server::answering([Answer::json(200, "{}")]);
    let outcome = run(vsfb_at(&server).args(words(line)));
    assert_eq!(outcome, Outcome::success("{}\n"), "{line}");
    let request = server.request();
    format!("{} {} {}", request.method, request.target, request.text()).trim_end().to_owned()
}

/// An emulator with a batch, which is `vsfb_1` in the lines of the tests, in `vs_1`, with two files in progress.
struct Service {
    emulator: Emulator,
    batch: String,
}

impl Service {
    fn start() -> Self {
        let emulator = Emulator::start(&["--file-time", "1h"]);
        let batch = emulator.make_batch(&["file-a", "file-b"]);
        Self { emulator, batch }
    }

    /// The only request that the line makes. The line must succeed, print what was asked for, and say nothing else.
    fn sent(&self, line: &str) -> String {
        let before = self.emulator.asked().len();
        let line = line.replace("vsfb_1", &self.batch);
        let outcome = run(vsfb_at(&self.emulator).args(words(&line)));
        assert_eq!((outcome.code, &*outcome.stderr), (0, ""), "{line}");
        let object = if line.starts_with("list-files") { "vector_store.file" } else { "vector_store.file_batch" };
        assert!(outcome.stdout.contains(&format!("\"object\": \"{object}\"")), "{line}: {}", outcome.stdout);
        let [asked] = &self.emulator.asked()[before..] else { panic!("not one request: {line}") };
        asked.replace(&self.batch, "vsfb_1")
    }
}

/// Checks that the line ends with status 2 and this complaint, and that nothing is sent.
#[track_caller]
fn refuses(line: &str, complaint: &str) {
    let server = Server::expecting_none();
    let outcome = run(vsfb_at(&server).args(words(line)));
    assert_eq!(outcome, Outcome::failure(2, format!("{complaint}\n")), "{line}");
}

const RETRIEVE: &str = "GET /v1/vector_stores/vs_1/file_batches/vsfb_1";
const LIST: &str = "GET /v1/vector_stores/vs_1/file_batches/vsfb_1/files";

#[test]
fn the_four_commands_ask_their_endpoints() {
    let service = Service::start();
    let created = r#"POST /v1/vector_stores/vs_1/file_batches {"file_ids":["file-a"]}"#;
    assert_eq!(service.sent("create vs_1 --file-id file-a"), created);
    assert_eq!(service.sent("retrieve vs_1 vsfb_1"), RETRIEVE);
    assert_eq!(service.sent("list-files vs_1 vsfb_1"), format!("{LIST}?limit=100"));
    assert_eq!(service.sent("cancel vs_1 vsfb_1"), "POST /v1/vector_stores/vs_1/file_batches/vsfb_1/cancel");
}

#[test]
fn the_resource_word_may_stand_where_a_command_could() {
    let service = Service::start();
    for line in [
        "vector-stores:file-batches retrieve vs_1 vsfb_1",
        "--format json vector-stores:file-batches retrieve vs_1 vsfb_1",
        "vector-stores:file-batches --format json retrieve vs_1 vsfb_1",
    ] {
        assert_eq!(service.sent(line), RETRIEVE, "{line}");
    }
    assert_eq!(
        sent_oddly("retrieve vector-stores:file-batches b"),
        "GET /v1/vector_stores/vector-stores:file-batches/file_batches/b"
    );
}

#[test]
fn global_flags_stand_before_and_after_the_command() {
    let service = Service::start();
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
        assert_eq!(service.sent(&format!("{flag} retrieve vs_1 vsfb_1")), RETRIEVE, "{flag}");
        assert_eq!(service.sent(&format!("retrieve {flag} vs_1 vsfb_1")), RETRIEVE, "{flag}");
        assert_eq!(service.sent(&format!("retrieve vs_1 vsfb_1 {flag}")), RETRIEVE, "{flag}");
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
    let service = Service::start();
    for line in [
        "retrieve vs_1 vsfb_1",
        "retrieve --vector-store-id vs_1 --batch-id vsfb_1",
        "retrieve --vector-store-id vs_1 vsfb_1",
        "retrieve vs_1 --batch-id vsfb_1",
        "retrieve vsfb_1 --vector-store-id vs_1",
        "retrieve --batch-id vsfb_1 vs_1",
        "retrieve -- vs_1 vsfb_1",
    ] {
        assert_eq!(service.sent(line), RETRIEVE, "{line}");
    }
    let usage = "hint: two ids are taken: VECTOR_STORE_ID BATCH_ID";
    refuses("retrieve vs b c", &format!("error: unexpected arguments: `c`\n{usage}"));
    refuses("cancel --batch-id b vs c d", &format!("error: unexpected arguments: `c`, `d`\n{usage}"));
    refuses(
        "create vs file-a file-b",
        "error: unexpected arguments: `file-a`, `file-b`\nhint: usage: vsfb create --vector-store-id vs --file-id file-a --file-id file-b",
    );
    refuses(
        "retrieve --vector-store-id vs",
        "error: `--batch-id` is required\nhint: an id is given as a flag, as an argument, or in a map on stdin; `--help` shows how",
    );
}

#[test]
fn the_last_value_wins_and_ids_append() {
    let service = Service::start();
    assert_eq!(
        service.sent("retrieve --batch-id a --batch-id vsfb_1 --vector-store-id x --vector-store-id vs_1"),
        RETRIEVE
    );
    assert_eq!(service.sent("--format table --format yaml retrieve vs_1 vsfb_1 --format json"), RETRIEVE);
    assert_eq!(
        service.sent("create vs_1 --file-id file-a --attributes x=1 --file-id file-b --attributes {y:2,x:3}"),
        r#"POST /v1/vector_stores/vs_1/file_batches {"file_ids":["file-a","file-b"],"attributes":{"x":3,"y":2}}"#
    );
    assert_eq!(service.sent("retrieve vs_1 vsfb_1 --debug --raw-output --debug=false"), RETRIEVE);
}

#[test]
fn a_value_may_begin_with_a_dash() {
    assert_eq!(
        sent_oddly("create vs --file-id -x --file-id --y --file-id=--debug"),
        r#"POST /v1/vector_stores/vs/file_batches {"file_ids":["-x","--y","--debug"]}"#
    );
    assert_eq!(
        sent_oddly("retrieve --vector-store-id --debug --batch-id -h"),
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
    let service = Service::start();
    assert_eq!(service.sent("retrieve -vector-store-id vs_1 -batch-id=vsfb_1 -debug=false -format json"), RETRIEVE);
    assert_eq!(
        sent_oddly("create -vector-store-id vs -file-id x -file.file-id y -no-validate"),
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
    refuses("cance vs b", "error: unknown command `cance`\nhint: did you mean `vsfb cancel`?");
}

#[test]
fn what_is_unknown_gets_the_nearest_spelling() {
    refuses("retreive vs b", "error: unknown command `retreive`\nhint: did you mean `vsfb retrieve`?");
    refuses(
        "vs_abc123",
        "error: unknown command `vs_abc123`\nhint: the commands are create, retrieve, cancel, list-files, wait, retry, sync, journal, doctor, emulator, completions, help",
    );
    refuses(
        "list-files vs b --limt 5",
        "error: unknown flag `--limt` for `vsfb list-files`\nhint: did you mean `--limit`?",
    );
    refuses(
        "create vs --batch-id b",
        "error: unknown flag `--batch-id` for `vsfb create`\nhint: it is a flag of `vsfb retrieve`, `vsfb cancel`, `vsfb list-files`, `vsfb wait`, `vsfb retry`",
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
    refuses(
        "create vs --shell",
        "error: unknown flag `--shell` for `vsfb create`\nhint: `vsfb create --help` lists the flags",
    );
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
    assert_eq!(sent_oddly("retrieve - b --format json"), "GET /v1/vector_stores/-/file_batches/b");
    assert_eq!(sent_oddly("retrieve vs -- -1"), "GET /v1/vector_stores/vs/file_batches/-1");
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
    let service = Service::start();
    for off in ["0", "f", "F", "false", "FALSE", "False"] {
        assert_eq!(service.sent(&format!("retrieve vs_1 vsfb_1 --debug={off}")), RETRIEVE, "{off}");
        assert_eq!(service.sent(&format!("retrieve vs_1 vsfb_1 --version={off}")), RETRIEVE, "{off}");
    }
    for on in ["1", "t", "T", "true", "TRUE", "True"] {
        let outcome = retrieve(r#""text""#, &[&format!("--raw-output={on}")]);
        assert_eq!(outcome, Outcome::success("text\n"), "{on}");
    }
    refuses("retrieve vs b --quiet=maybe", "error: `--quiet` is on or off: it takes no value, or true or false");
}

#[test]
fn numbers_are_decimal() {
    let service = Service::start();
    let list = |flags: &str| service.sent(&format!("list-files vs_1 vsfb_1 {flags}"));
    assert_eq!(list("--limit 010"), format!("{LIST}?limit=10"));
    assert_eq!(list("--max-items 08"), format!("{LIST}?limit=8"));
    assert_eq!(list("--max-items -1"), format!("{LIST}?limit=100"));
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
    let service = Service::start();
    for value in ["30", "30s", "500ms", "5m", "1h30m", "0.5", "010"] {
        assert_eq!(service.sent(&format!("retrieve vs_1 vsfb_1 --request-timeout {value}")), RETRIEVE, "{value}");
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
    assert_eq!(server.request().target, "/v1/vector_stores/vs/file_batches/b/files?after=+x+&limit=100");
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
    let service = Service::start();
    let said = |flags: &[&str]| {
        let create = ["create", "vs_1", "--file-id", "file-f", "--file-id", "file-f", "--transform", "status"];
        run(vsfb_at(&service.emulator).args(create).args(flags))
    };
    let created = Outcome::success("\"in_progress\"\n");
    let warning = "warning: the file id `file-f` is given 2 times\n".to_owned();
    assert_eq!(said(&[]), Outcome { stderr: warning, ..created.clone() });
    assert_eq!(said(&["--quiet"]), created);
    assert_eq!(said(&["-q"]), created);
    let mut command = vsfb_at(&service.emulator);
    command.args(["retrieve", "vs_1", &service.batch, "-q", "--transform", "nope"]);
    assert_eq!(run(&mut command), Outcome::failure(1, "error: --transform nope matches nothing\n"));
}

#[test]
fn what_was_typed_is_repeated_without_what_steers_a_terminal() {
    refuses(
        "list-files vs b --limit \u{1b}[31m\u{9b}5",
        "error: `--limit \\u001b[31m\\u009b5`: a whole number from 1 to 100 is expected",
    );
    refuses("completions", "error: <SHELL> is required\nhint: `--help` shows how");
}
