//! `vsfb sync --prune`: what is gone or outdated is taken out of the store and deleted, at the end, and nothing else is.

use super::support::command::{Outcome, run, vsfb_at};
use super::support::message::Request;
use super::support::synced::Synced;
use super::support::terminal::Terminal;
use super::sync::{done, touched};

const YES: [&str; 4] = ["--prune", "--yes", "-o", "jsonl"];
const PRUNED: [&str; 2] = ["pruned", "deleted"];

/// One file is changed and one is gone since the last sync.
fn outdated() -> Synced {
    let synced = Synced::of(&["a.md", "b.md", "c.md"]);
    assert_eq!(synced.sync(&[]).code, 0);
    synced.remove("a.md");
    synced.write("b.md", "other");
    synced
}

#[test]
fn what_is_gone_or_outdated_is_detached_and_then_deleted() {
    let synced = outdated();
    let stdout = [
        done("b.md", "b.md 2", 2, "changed"),
        touched("a.md", "<a.md>", PRUNED, None),
        touched("b.md", "<b.md>", PRUNED, None),
    ];
    synced.syncs(&YES, "1 changed, 1 unchanged; 5 B to upload; 2 to take out of the store", &stdout.concat());
    assert_eq!(
        synced.did(),
        [
            "POST /v1/files b.md",
            "POST /v1/vector_stores/vs_1/file_batches b.md",
            "DELETE /v1/vector_stores/vs_1/files/<a.md>",
            "DELETE /v1/files/<a.md>",
            "DELETE /v1/vector_stores/vs_1/files/<b.md>",
            "DELETE /v1/files/<b.md>",
        ]
    );
    assert_eq!(synced.store(), ["b.md completed source=docs", "c.md completed source=docs"]);
    assert_eq!(synced.uploads(), ["b.md", "c.md"]);
    synced.syncs(&YES, "2 unchanged", "");
}

#[test]
fn nothing_is_taken_away_before_the_new_files_are_completed() {
    let synced = Synced::at(&["--file-time", "100ms"], &["a.md"]);
    assert_eq!(synced.sync(&["--poll-interval", "10ms"]).code, 0);
    synced.write("a.md", "other");
    assert_eq!(synced.sync(&["--poll-interval", "10ms", "--prune", "--yes"]).code, 0);
    let requests = synced.requests();
    let time = |method: &str, path: &str| {
        let is_it = |request: &&serde_json::Value| {
            request["method"] == method && request["path"].as_str().unwrap().ends_with(path)
        };
        requests.iter().find(is_it).unwrap_or_else(|| panic!("{method} {path}"))["time"].as_f64().unwrap()
    };
    let attached = time("POST", "/file_batches");
    let detached = time("DELETE", "");
    assert!(detached >= attached + 0.1, "attached at {attached}, detached at {detached}");
}

#[test]
fn elsewhere_than_on_a_terminal_it_needs_yes() {
    let synced = outdated();
    let stderr = "error: --prune would take 2 files away, and there is no terminal to ask on\n\
                  hint: nothing was sent; add --yes, or look at the plan with --dry-run\n";
    assert_eq!(synced.sync(&["--prune"]), Outcome::failure(2, stderr));
    assert_eq!(synced.did(), [""; 0]);
    // Where there is nothing to take away, nobody is asked.
    let synced = Synced::of(&["a.md"]);
    synced.syncs(&["--prune", "-o", "jsonl"], "1 new; 4 B to upload", &done("a.md", "a.md", 1, "new"));
}

#[test]
fn a_terminal_is_asked() {
    let question = "  a.md\n  b.md\ntake 2 files out of vs_1 and delete them at the end? [y/N] ";
    for (typed, is_pruned) in [("y\n", true), ("Yes\n", true), ("n\n", false), ("\n", false), ("\u{4}", false)] {
        let synced = outdated();
        let mut vsfb = synced.spawnable(&["--prune", "-o", "jsonl"]);
        vsfb.env("NO_COLOR", "1");
        let outcome = synced.run(|| Terminal::sized(100, 24).typing(typed).stderr().run(&mut vsfb));
        let (pruned, rest) = if is_pruned {
            let pruned = touched("a.md", "<a.md>", PRUNED, None) + &touched("b.md", "<b.md>", PRUNED, None);
            (pruned, "2 to take out of the store")
        } else {
            (String::new(), "2 in the store are outdated or gone here (--prune takes them out)")
        };
        assert_eq!((outcome.code, outcome.stdout), (0, done("b.md", "b.md 2", 2, "changed") + &pruned), "{typed:?}");
        // At the end of the input the line is ended for whoever did not.
        let line_end = if typed == "\u{4}" { "\n" } else { "" };
        let said = format!("{question}{line_end}note: files: 1 changed, 1 unchanged; 5 B to upload; {rest}\n");
        // What follows are bars that are taken away again.
        assert!(outcome.stderr.starts_with(&said), "{typed:?}: {:?}", outcome.stderr);
        assert_eq!(synced.store().len(), if is_pruned { 2 } else { 4 }, "{typed:?}");
    }
}

#[test]
fn a_question_names_ten_files() {
    let synced = Synced::of(&["a.md"]);
    let names: Vec<_> = (10..22).map(|number| format!("{number}.md")).collect();
    for name in &names {
        synced.write(name, name);
    }
    assert_eq!(synced.sync(&[]).code, 0);
    for name in &names {
        synced.remove(name);
    }
    let mut vsfb = synced.spawnable(&["--prune", "-q"]);
    let outcome = synced.run(|| Terminal::sized(100, 24).typing("y\n").stderr().run(&mut vsfb));
    let asked = outcome.stderr.split_once("take 12 files out").unwrap().0;
    assert_eq!(asked.lines().count(), 11, "{asked}");
    assert!(asked.ends_with("  and 2 more\n"), "{asked}");
    assert_eq!((outcome.code, synced.store().len()), (0, 1));
}

#[test]
fn a_dry_run_takes_nothing_away_and_asks_nothing() {
    let synced = outdated();
    let outcome = synced.sync(&["--prune", "--dry-run", "-o", "table"]);
    let stdout = "\
action   path
changed  b.md
prune    a.md
prune    b.md

changed    1
unchanged  1
to prune   2
to upload  5 B
batches    1
time       less than 1 min
";
    assert_eq!(outcome, Outcome::success(stdout));
    assert_eq!((synced.did(), synced.store().len()), (Vec::new(), 3));
}

#[test]
fn without_prune_everything_stays() {
    let synced = outdated();
    let rest = "2 in the store are outdated or gone here (--prune takes them out)";
    let stdout = done("b.md", "b.md 2", 2, "changed");
    synced.syncs(&["-o", "jsonl"], &format!("1 changed, 1 unchanged; 5 B to upload; {rest}"), &stdout);
    assert_eq!(synced.store().len(), 4);
}

#[test]
fn an_older_version_stays_while_the_new_one_is_not_completed() {
    let synced = Synced::of(&["fail-invalid.md", "b.md"]);
    for (id, path) in [("file-old", "fail-invalid.md"), ("file-gone", "gone.md"), ("file-b", "b.md")] {
        synced.attach("vs_1", id, &format!("{{path: {path}, sha256: '0', source: docs}}"));
    }
    let outcome = synced.sync(&YES);
    let failed = "invalid_file: The file is empty or cannot be parsed.";
    let kept = ["the file that takes its place is not completed", "not all files here are completed"];
    let stdout = [
        done("b.md", "b.md", 2, "changed").replace("<batch 2>", "<batch 1>"),
        done("fail-invalid.md", "fail-invalid.md", 1, "changed")
            .replace("completed\",\"error\":null", &format!("failed\",\"error\":\"{failed}\"")),
        touched("b.md", "file-b", PRUNED, None),
        touched("fail-invalid.md", "file-old", ["pruned", "kept"], Some(kept[0])),
        touched("gone.md", "file-gone", ["pruned", "kept"], Some(kept[1])),
    ];
    let stderr = format!(
        "note: files: 2 changed; 19 B to upload; 3 to take out of the store\n\
         error: 1 file is not as it should be:\n  fail-invalid.md: failed: {failed}\n"
    );
    assert_eq!(outcome, Outcome { code: 3, stdout: stdout.concat(), stderr });
    assert_eq!(synced.did()[3..], ["DELETE /v1/vector_stores/vs_1/files/file-b", "DELETE /v1/files/file-b"]);
}

#[test]
fn files_of_others_stay() {
    let synced = Synced::of(&["a.md"]);
    assert_eq!(synced.sync(&[]).code, 0);
    synced.attach("vs_1", "file-other", "{path: gone.md, sha256: '0', source: others}");
    synced.attach("vs_1", "file-nobody", "{path: gone.md, sha256: '0'}");
    synced.attach("vs_1", "file-unplaced", "{source: docs}");
    synced.attach("vs_1", "file-ours", "{path: gone.md, sha256: '0', source: docs}");
    let stdout = touched("gone.md", "file-ours", PRUNED, None);
    synced.syncs(&YES, "1 unchanged; 1 to take out of the store", &stdout);
    assert_eq!(
        synced.store(),
        [
            "- completed source=docs",
            "a.md completed source=docs",
            "gone.md completed",
            "gone.md completed source=others"
        ]
    );
}

#[test]
fn what_is_here_and_was_not_selected_stays() {
    let synced = Synced::of(&["a.md", "b.txt", "sub/c.md", "gone.md"]);
    assert_eq!(synced.sync(&["-q"]).code, 0);
    synced.remove("gone.md");
    synced.write(".gitignore", "sub/\n");
    let stdout = touched("gone.md", "<gone.md>", PRUNED, None);
    synced.syncs(&[&YES[..], &["--include", "*.md"]].concat(), "1 unchanged; 1 to take out of the store", &stdout);
    synced.syncs(&YES, "2 unchanged", "");
    assert_eq!(synced.store().len(), 3);
}

#[test]
fn a_folder_of_which_the_store_knows_nothing_takes_nothing_away() {
    let synced = Synced::of(&["a.md", "b.md"]);
    assert_eq!(synced.sync(&["-q"]).code, 0);
    synced.remove("a.md");
    synced.remove("b.md");
    let refusal = "error: --prune: `vs_1` has 2 files of the source `docs` and none of those here, as if this were another \
                   folder\nhint: nothing was sent; give this folder another --source, or first sync it without --prune if it \
                   is the right one\n";
    assert_eq!(synced.sync(&YES), Outcome::failure(2, refusal));
    synced.write("other.md", "x");
    for _ in 0..2 {
        assert_eq!(synced.sync(&YES), Outcome::failure(2, refusal));
    }
    let outcome = synced.sync(&["--prune", "--dry-run", "--transform", "[new,prune,kept]", "-o", "jsonl"]);
    assert_eq!(outcome, Outcome { code: 2, stdout: "[1,0,2]\n".to_owned(), stderr: refusal.to_owned() });
    let rest =
        "1 new; 1 B to upload; the store has 2 others of this source and none of these: is this the right folder?";
    synced.syncs(&["-o", "jsonl"], rest, &done("other.md", "other.md", 2, "new"));
    assert_eq!(synced.store().len(), 3);
    // Whoever has put it there has said that it is the right one.
    assert_eq!(synced.sync(&YES).code, 0);
    assert_eq!(synced.store().len(), 1);
}

#[test]
fn what_another_store_has_is_not_deleted() {
    for other in ["created", "synced"] {
        let synced = outdated();
        let (a, b) = (synced.id_of("<a.md>"), synced.id_of("<b.md>"));
        if other == "created" {
            synced.attach("vs_2", &a, "{x: 1}");
        } else {
            // The journal knows the store from a sync, and the files were attached from elsewhere.
            let mut sync = vsfb_at(&synced.emulator);
            sync.env("VSFB_JOURNAL", synced.journal()).current_dir(synced.place());
            let outcome = run(sync.args(["sync", "--vector-store-id", "vs_2", "docs", "-q"]));
            assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""));
            let mut create = vsfb_at(&synced.emulator);
            assert_eq!(run(create.args(["create", "vs_2", "--file-id", &a])).code, 0);
        }
        let outcome = synced.sync(&YES);
        assert_eq!(outcome.code, 0, "{outcome:?}");
        let records: Vec<&str> = outcome.stdout.lines().collect();
        let pruned = [
            touched("a.md", "<a.md>", ["pruned", "detached"], Some("`vs_2` has it as well")),
            touched("b.md", "<b.md>", PRUNED, None),
        ];
        assert_eq!(records[1..], pruned.each_ref().map(|line| line.trim_end()), "{other}");
        let deleted: Vec<_> = synced.did().into_iter().filter(|line| line.starts_with("DELETE /v1/files/")).collect();
        assert_eq!(deleted, ["DELETE /v1/files/<b.md>"], "{other}");
        assert_ne!(a, b);
    }
}

#[test]
fn a_renamed_file_is_there_all_the_time() {
    let synced = Synced::of(&["a.md", "b.md"]);
    assert_eq!(synced.sync(&[]).code, 0);
    synced.remove("a.md");
    synced.write("z.md", "a.md");
    let stdout = done("z.md", "z.md", 2, "new") + &touched("a.md", "<a.md>", PRUNED, None);
    synced.syncs(&YES, "1 new, 1 unchanged; 4 B to upload; 1 to take out of the store", &stdout);
    assert_eq!(synced.store(), ["b.md completed source=docs", "z.md completed source=docs"]);
}

#[test]
fn what_cannot_be_taken_away_is_said() {
    let synced = outdated();
    let is_detaching = |request: &Request| request.method == "DELETE" && !request.target.starts_with("/v1/files/");
    let server = synced.refusing(is_detaching);
    let arguments = [&YES[..], &["--transform", "status", "-r"]].concat();
    let outcome = synced.sync_at(&server, &arguments);
    let line = |name: &str| {
        let url = format!("{}/vector_stores/vs_1/files/<{name}>", server.base_url());
        format!("\n  {name}: not detached: DELETE {url}: 400 Bad Request: no")
    };
    let stderr = format!(
        "note: files: 1 changed, 1 unchanged; 5 B to upload; 2 to take out of the store\n\
         error: 2 files are not as they should be:{}{}\nhint: the same command tries again what can succeed\n",
        line("a.md"),
        line("b.md")
    );
    let stdout = "completed\nnot_detached\nnot_detached\n".to_owned();
    assert_eq!(outcome, Outcome { code: 3, stdout, stderr });
    assert_eq!(synced.uploads(), ["a.md", "b.md", "b.md", "c.md"], "nothing is deleted that the store has");
}
