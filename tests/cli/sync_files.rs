//! Which files `vsfb sync` takes, and that all that is wrong with them is said before anything is sent.

use std::fs::{self, File};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::symlink;

use super::support::command::{Outcome, run};
use super::support::message::Answer;
use super::support::synced::Synced;

/// The error for files that are not sent, each with its reason.
fn refusal(count: &str, lines: &[&str]) -> Outcome {
    let lines: Vec<_> = lines.iter().map(|line| format!("\n  {line}")).collect();
    let hint = "hint: nothing was sent; --skip-invalid goes on without them";
    Outcome::failure(2, format!("error: {count} cannot be sent:{}\n{hint}\n", lines.concat()))
}

/// The paths that a sync would take for new, with these arguments.
fn taken(synced: &Synced, arguments: &[&str]) -> String {
    planned(&synced.sync(&[arguments, &["--dry-run", "--transform", "actions.#(action==\"new\")#.path"]].concat()))
}

fn planned(outcome: &Outcome) -> String {
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""));
    let paths: Vec<String> = serde_json::from_str(&outcome.stdout).unwrap();
    paths.join(" ")
}

/// A folder in which everything is wrong that can be.
fn broken() -> Synced {
    let synced = Synced::of(&["good.md", "sub/program.exe", "Makefile"]);
    synced.write("empty.md", "");
    synced.write("latin.txt", b"na\xefve");
    // A file of holes takes no room.
    File::create(synced.folder().join("huge.pdf")).unwrap().set_len((512 << 20) + 1).unwrap();
    synced.write(&format!("{}a.md", ["long/"; 110].concat()), "x");
    synced
}

fn faults(with_types: bool) -> Vec<String> {
    let long = format!(
        "docs/{}a.md: its path has 554 characters; the attribute `path` takes at most 512",
        ["long/"; 110].concat()
    );
    let lines = [
        (true, "docs/Makefile: has no extension, without which the service takes no file; see --as-text"),
        (false, "docs/empty.md: is empty"),
        (false, "docs/huge.pdf: is larger than 512 MB"),
        (false, "docs/latin.txt: is no text in UTF-8, UTF-16 or ASCII"),
        (false, &long),
        (true, "docs/sub/program.exe: the service does not take files with the extension .exe; see --as-text"),
    ];
    lines.into_iter().filter(|(is_type, _)| with_types || !is_type).map(|(_, line)| line.to_owned()).collect()
}

#[test]
fn all_problems_are_told_at_once_before_anything_is_sent() {
    let synced = broken();
    let lines = faults(true);
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    assert_eq!(synced.sync(&[]), refusal("6 files", &lines));
    assert_eq!(synced.requests().len(), 0);
}

#[test]
fn the_others_go_on_where_that_is_wanted() {
    let synced = broken();
    let outcome = synced.sync(&["--skip-invalid", "--transform", "path", "-r"]);
    let left_out =
        |count: usize, lines: &[String]| format!("warning: left out, {count} files:\n  {}\n", lines.join("\n  "));
    let stderr = left_out(6, &faults(true)) + "note: files: 1 new; 7 B to upload\n";
    assert_eq!(outcome, Outcome { code: 0, stdout: "good.md\n".to_owned(), stderr });
    assert_eq!(synced.store(), ["good.md completed source=docs"]);
    let outcome = synced.sync(&["--skip-invalid", "--as-text", "--transform", "path", "-r"]);
    let stderr = left_out(4, &faults(false)) + "note: files: 2 new, 1 unchanged; 23 B to upload\n";
    assert_eq!(outcome, Outcome { code: 0, stdout: "Makefile\nsub/program.exe\n".to_owned(), stderr });
    assert_eq!(synced.did()[..2], ["POST /v1/files Makefile.txt", "POST /v1/files program.exe.txt"]);
    assert_eq!(synced.store()[0], "Makefile completed source=docs", "the path is its own");
}

#[test]
fn what_was_left_out_is_not_taken_for_gone() {
    let synced = Synced::of(&["a.md", "b.md"]);
    assert_eq!(synced.sync(&[]).code, 0);
    synced.write("b.md", "");
    let outcome = synced.sync(&["--skip-invalid", "--prune", "--yes"]);
    let stderr = "warning: left out, 1 file:\n  docs/b.md: is empty\nnote: files: 1 unchanged\n".to_owned();
    assert_eq!(outcome, Outcome { stderr, ..Outcome::success("") });
    assert_eq!(synced.store().len(), 2);
}

#[test]
fn extensions_are_sent_in_lower_case() {
    let synced = Synced::of(&["Report.MD", "a.tar.Json"]);
    assert_eq!(synced.sync(&["-q", "--transform", "path", "-r"]), Outcome::success("Report.MD\na.tar.Json\n"));
    assert_eq!(synced.did()[..2], ["POST /v1/files Report.md", "POST /v1/files a.tar.json"]);
}

#[test]
fn folders_are_taken_but_for_what_is_hidden_ignored_or_linked() {
    let synced =
        Synced::of(&["a.md", ".hidden.md", ".dot/b.md", "build/c.md", "keep/build.md", "sub/d.md", "sub/e.log.md"]);
    synced.write(".gitignore", "build/\n*.log.md\n");
    synced.write("sub/.gitignore", "!e.log.md\nd.md\n");
    fs::write(synced.place().join("outside.md"), "outside").unwrap();
    symlink(synced.place().join("outside.md"), synced.folder().join("link.md")).unwrap();
    symlink(synced.place(), synced.folder().join("linked")).unwrap();
    assert_eq!(taken(&synced, &[]), "a.md keep/build.md sub/e.log.md");
    assert_eq!(
        taken(&synced, &["--no-ignore", "--hidden", "--exclude=.gitignore"]),
        ".dot/b.md .hidden.md a.md build/c.md keep/build.md sub/d.md sub/e.log.md"
    );
    assert_eq!(
        taken(&synced, &["--hidden", "--include", "*.md"]),
        ".dot/b.md .hidden.md a.md keep/build.md sub/e.log.md"
    );
    assert_eq!(
        taken(&synced, &["--no-ignore", "--include=sub", "--include=build/*", "--exclude=d.md"]),
        "build/c.md sub/e.log.md"
    );
    // What is named is meant, but for links.
    assert_eq!(
        taken(&synced, &["docs/build", "docs/.hidden.md", "docs/sub/d.md", "--source", "s"]),
        ".hidden.md c.md d.md"
    );
    let link = "docs/link.md: is a symbolic link, which is not followed; give what it points to";
    assert_eq!(synced.sync(&["docs/link.md"]), refusal("1 file", &[link]));
}

#[test]
fn paths_come_from_a_list() {
    let synced = Synced::of(&["a.md", "sub/b.md", "sub/c d.md"]);
    let plan = ["--paths-from", "-", "--source", "list", "--dry-run", "--transform", "actions.#.path"];
    for list in ["docs/a.md\ndocs/sub/c d.md\n", "./docs/a.md\r\n\r\ndocs/sub/c d.md", "docs/a.md\0docs/sub/c d.md\0"] {
        let outcome = synced.run(|| run(synced.command(&plan).write_stdin(list)));
        assert_eq!(planned(&outcome), "docs/a.md docs/sub/c d.md", "{list:?}");
    }
    fs::write(synced.place().join("list"), "docs/sub\n").unwrap();
    let plan = ["--paths-from", "list", "--dry-run", "--transform", "actions.#.path"];
    assert_eq!(planned(&synced.sync(&plan)), "docs/sub/b.md docs/sub/c d.md");
    let outcome = synced.sync(&["--paths-from", "gone"]);
    assert_eq!(outcome, Outcome::failure(2, "error: failed to read --paths-from gone: no such file or directory\n"));
}

#[test]
fn a_name_with_a_line_break_or_quotes_gets_there() {
    let synced = Synced::of(&["a\nb.md", "q\"u\\o.md"]);
    let mut command =
        synced.command(&["--paths-from", "-", "--source", "s", "-o", "jsonl", "-q", "--transform", "path"]);
    let outcome = synced.run(|| run(command.write_stdin("docs/a\nb.md\0docs/q\"u\\o.md\0")));
    assert_eq!(outcome, Outcome::success("\"docs/a\\nb.md\"\n\"docs/q\\\"u\\\\o.md\"\n"));
    let second = synced.run(|| run(command.write_stdin("docs/a\nb.md\0docs/q\"u\\o.md\0")));
    assert_eq!((second.code, synced.did()), (0, Vec::new()), "{second:?}");
}

#[test]
fn names_that_are_no_text_cannot_be_sent() {
    let synced = Synced::of(&["a.md"]);
    let name = std::ffi::OsStr::from_bytes(b"caf\xe9.md");
    fs::write(synced.folder().join(name), "x").unwrap();
    assert_eq!(synced.sync(&[]), refusal("1 file", &["docs/caf\u{fffd}.md: its name is not UTF-8"]));
}

#[test]
fn two_files_cannot_have_one_path() {
    let synced = Synced::of(&["x/a.md", "y/a.md"]);
    let line = "docs/y/a.md: has the same path in the store as docs/x/a.md; give a folder that has both";
    assert_eq!(synced.sync(&["docs/x", "docs/y", "--source", "s"]), refusal("1 file", &[line]));
    assert_eq!(taken(&synced, &["docs/x/a.md", "docs/x", "--source", "s"]), "a.md", "one file is no two");
}

#[test]
fn the_source_is_the_name_of_the_folder() {
    let synced = Synced::of(&["sub/a.md"]);
    let source = |arguments: &[&str]| {
        let outcome = synced.sync(&[arguments, &["--dry-run", "--transform", "source", "-r"]].concat());
        assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""), "{arguments:?}");
        outcome.stdout
    };
    assert_eq!(source(&[]), "docs\n");
    assert_eq!(source(&["docs/sub"]), "sub\n");
    assert_eq!(source(&["docs/sub/."]), "sub\n");
    assert_eq!(source(&["docs/sub/.."]), "docs\n");
    assert_eq!(source(&["docs/sub/a.md"]), "sub\n");
    assert_eq!(source(&["--source", "handbook"]), "handbook\n");
    let outcome = synced.sync(&["docs", "docs/sub"]);
    let error = "error: the paths have no folder in common by whose name the store could know them\nhint: --source gives one: it tells the files of this sync from others\n";
    assert_eq!(outcome, Outcome::failure(2, error));
    let long = "x".repeat(513);
    let error = "error: --source: the name has 513 characters; at most 512 are allowed\n";
    assert_eq!(synced.sync(&["--source", &long]), Outcome::failure(2, error));
}

#[test]
fn what_is_not_there_is_said() {
    let synced = Synced::of(&[]);
    let gone = "docs/gone: cannot be read: no such file or directory";
    assert_eq!(synced.sync(&["docs/gone"]), refusal("1 file", &[gone]));
    let two = ["docs/gone", "docs/more.md", "--source", "s"];
    let more = "docs/more.md: cannot be read: no such file or directory";
    assert_eq!(synced.sync(&two), refusal("2 files", &[gone, more]));
    let list = ["--paths-from", "-", "--source", "s"];
    let outcome = synced.run(|| run(synced.command(&list).write_stdin("")));
    assert_eq!(outcome, Outcome { stderr: "note: no files here\n".to_owned(), ..Outcome::success("") });
}

#[test]
fn flags_that_cannot_be_right_are_refused() {
    let synced = Synced::of(&["a.md"]);
    for (flags, stderr) in [
        (&["--jobs", "0"][..], "error: `--jobs 0`: a whole number from 1 to 64 is expected\n"),
        (&["--batch-size", "2001"], "error: `--batch-size 2001`: a whole number from 1 to 2000 is expected\n"),
        (&["--include", "["], "error: --include [: not a pattern: it matches nothing\n"),
        (&["--attributes", "sha256=1"], "error: --attributes: the attribute `sha256` is set by the sync itself\n"),
        (&["--attributes-from", "gone"], "error: failed to read --attributes-from gone: no such file or directory\n"),
        (&["--yes"], "error: --prune is required\nhint: `--help` shows how\n"),
        (
            &["--chunking-strategy", "fixed"],
            "error: --chunking-strategy: must be a map, not a string\nhint: --chunking-strategy takes auto, \
             static:MAX:OVERLAP or a map with `type`\n",
        ),
    ] {
        assert_eq!(synced.sync(flags), Outcome::failure(2, stderr), "{flags:?}");
        assert_eq!(synced.requests().len(), 0, "{flags:?}");
    }
    let mut command = synced.command(&[]);
    let outcome =
        synced.run(|| run(command.env_remove("VSFB_JOURNAL").args(["--paths-from", "-", "--attributes-from", "-"])));
    let twice = "error: stdin cannot be read twice: by `--paths-from -` and by `--attributes-from -`\n";
    assert_eq!(outcome, Outcome::failure(2, twice));
}

#[test]
fn an_old_store_takes_fewer_files() {
    let synced = Synced::of(&["a.md"]);
    for (created_at, files, is_refused) in
        [(1_700_000_000, 10_000, true), (1_700_000_000, 9_999, false), (1_800_000_000, 10_000, false)]
    {
        let items: Vec<_> =
            (0..files).map(|number| format!(r#"{{"id":"file-{number}","object":"vector_store.file"}}"#)).collect();
        let list = format!(r#"{{"object":"list","data":[{}],"has_more":false}}"#, items.join(","));
        let server = synced.before(move |request, answer| match request.target.split('?').next().unwrap_or_default() {
            "/v1/vector_stores/vs_1/files" => Answer::json(200, list.clone()),
            "/v1/vector_stores/vs_1" => {
                Answer::json(200, format!(r#"{{"id":"vs_1","object":"vector_store","created_at":{created_at}}}"#))
            }
            _ => answer,
        });
        let outcome = synced.sync_at(&server, &["--dry-run", "--transform", "new"]);
        if is_refused {
            let stderr = "error: `vs_1` would have 10001 files; as old as it is it takes 10000\n\
                          hint: nothing was sent; a new vector store takes more\n";
            assert_eq!(outcome, Outcome::failure(2, stderr));
        } else {
            assert_eq!(outcome, Outcome::success("1\n"));
        }
    }
}
