//! `vsfb sync`: what is new or has changed is uploaded and attached, what is unchanged is left alone, and each file that was
//! touched is told of.

use std::fs;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use super::support::command::{Outcome, run, vsfb_at};
use super::support::message::Gate;
use super::support::synced::Synced;

/// The record of a file that is completed.
pub fn done(path: &str, file: &str, batch: u32, action: &str) -> String {
    format!(
        "{{\"path\":\"{path}\",\"file_id\":\"<{file}>\",\"batch_id\":\"<batch {batch}>\",\"action\":\"{action}\",\
         \"status\":\"completed\",\"error\":null}}\n"
    )
}

/// The record of a file that is in no batch of this run.
pub fn touched(path: &str, file_id: &str, action_and_status: [&str; 2], error: Option<&str>) -> String {
    let [action, status] = action_and_status;
    let file_id = if file_id.is_empty() { "null".to_owned() } else { format!("\"{file_id}\"") };
    let error = error.map_or_else(|| "null".to_owned(), |error| format!("\"{error}\""));
    format!(
        "{{\"path\":\"{path}\",\"file_id\":{file_id},\"batch_id\":null,\"action\":\"{action}\",\
         \"status\":\"{status}\",\"error\":{error}}}\n"
    )
}

const JSONL: [&str; 2] = ["-o", "jsonl"];

#[test]
fn a_folder_gets_into_the_store_and_the_second_run_uploads_nothing() {
    let synced = Synced::of(&["a.md", "sub/deep/c.py", "b.txt"]);
    let records = [("a.md", "a.md"), ("b.txt", "b.txt"), ("sub/deep/c.py", "c.py")]
        .map(|(path, file)| done(path, file, 1, "new"));
    synced.syncs(&JSONL, "3 new; 22 B to upload", &records.concat());
    assert_eq!(
        synced.did(),
        [
            "POST /v1/files a.md",
            "POST /v1/files b.txt",
            "POST /v1/files c.py",
            "POST /v1/vector_stores/vs_1/file_batches a.md b.txt sub/deep/c.py",
        ]
    );
    let whole = ["a.md completed source=docs", "b.txt completed source=docs", "sub/deep/c.py completed source=docs"];
    assert_eq!(synced.store(), whole);
    synced.syncs(&JSONL, "3 unchanged", "");
    let requests = synced.requests();
    assert_eq!(requests.len(), 1);
    assert_eq!(requests[0]["path"], "/v1/vector_stores/vs_1/files?limit=100");
    assert_eq!(synced.store(), whole);
}

#[test]
fn no_state_is_needed_but_the_store() {
    let synced = Synced::of(&["a.md", "b.md"]);
    synced.syncs(&JSONL, "2 new; 8 B to upload", &["a.md", "b.md"].map(|name| done(name, name, 1, "new")).concat());
    synced.write("b.md", "other");
    let sync = |summary: &str, stdout: &str| {
        // Another home, another journal, another name for the same folder.
        let mut command = synced.command(&["docs/../docs", "-o", "jsonl"]);
        command.env_remove("VSFB_JOURNAL");
        let outcome = synced.run(|| run(&mut command));
        assert_eq!(outcome, Outcome { stderr: format!("note: files: {summary}\n"), ..Outcome::success(stdout) });
    };
    let outdated = "1 in the store are outdated or gone here (--prune takes them out)";
    sync(&format!("1 changed, 1 unchanged; 5 B to upload; {outdated}"), &done("b.md", "b.md 2", 2, "changed"));
    assert_eq!(synced.did(), ["POST /v1/files b.md", "POST /v1/vector_stores/vs_1/file_batches b.md"]);
    sync(&format!("2 unchanged; {outdated}"), "");
    assert_eq!(synced.did(), [""; 0]);
}

#[test]
fn the_attributes_tell_the_hash_of_what_was_uploaded() {
    let synced = Synced::of(&["a.md"]);
    assert_eq!(synced.sync(&["--attributes", "team=red", "--attributes", "year=2026"]).code, 0);
    let requests = synced.requests();
    let upload = requests.iter().find(|request| request["path"] == "/v1/files").unwrap();
    let batch = requests.iter().find(|request| request["method"] == "POST" && request["path"] != "/v1/files").unwrap();
    let mut expected = serde_json::json!({"path": "a.md", "source": "docs", "team": "red", "year": 2026});
    expected["sha256"] = upload["file"]["sha256"].clone();
    assert_eq!(batch["request"]["files"][0]["attributes"], expected);
    assert_eq!(upload["file"]["bytes"], 4);
}

#[test]
fn attributes_alone_are_set_without_an_upload() {
    let synced = Synced::of(&["a.md", "b.md"]);
    assert_eq!(synced.sync(&["--attributes", "team=red"]).code, 0);
    fs::write(synced.place().join("by-path.csv"), "path,team,page\nb.md,blue,7\n").unwrap();
    let outcome = synced.sync(&["--attributes=team=red", "--attributes-from=by-path.csv", "-o", "jsonl"]);
    let stdout = touched("b.md", "<b.md>", ["attributes", "updated"], None);
    let stderr = "note: files: 1 with other attributes, 1 unchanged\n".to_owned();
    assert_eq!(outcome, Outcome { stderr, ..Outcome::success(stdout) });
    let did = synced.did();
    assert_eq!(did.len(), 1, "{did:?}");
    assert!(did[0].starts_with("POST /v1/vector_stores/vs_1/files/<b.md> {\"attributes\":{"), "{did:?}");
    assert_eq!(synced.store(), ["a.md completed source=docs team=red", "b.md completed page=7 source=docs team=blue"]);
    // Whoever gives them no more takes them away.
    assert_eq!(synced.sync(&["--attributes=team=red"]).stderr, "note: files: 1 with other attributes, 1 unchanged\n");
    assert_eq!(synced.store()[1], "b.md completed source=docs team=red");
}

#[test]
fn a_sidecar_has_attributes_by_path() {
    let synced = Synced::of(&["a.md", "sub/b.md"]);
    let lines = r#"{"path":"sub/b.md","attributes":{"team":"blue","page":7,"draft":true}}
{"path":"gone.md","attributes":{"team":"green"}}
"#;
    let outcome = synced.run(|| {
        run(synced
            .command(&["--attributes", "team=red", "--attributes-from", "-", "-q", "-o", "raw"])
            .write_stdin(lines))
    });
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""));
    assert_eq!(outcome.stdout, done("a.md", "a.md", 1, "new") + &done("sub/b.md", "b.md", 1, "new"));
    assert_eq!(
        synced.store(),
        ["a.md completed source=docs team=red", "sub/b.md completed draft=true page=7 source=docs team=blue"]
    );
    let outcome =
        synced.run(|| run(synced.command(&["--attributes=team=red", "--attributes-from=-"]).write_stdin(lines)));
    let stderr = "warning: --attributes-from: no file has the path `gone.md`\nnote: files: 2 unchanged\n".to_owned();
    assert_eq!(outcome, Outcome { stderr, ..Outcome::success("") });
}

#[test]
fn sixteen_attributes_are_the_most() {
    let synced = Synced::of(&["a.md", "b.md"]);
    let numbered = |count: usize| (0..count).map(|index| format!("k{index}=1")).collect::<Vec<_>>();
    let many = numbered(14);
    let flags: Vec<&str> = many.iter().flat_map(|pair| ["--attributes", pair]).collect();
    let message = "error: --attributes: 14 attributes; at most 13 are allowed beside `path`, `sha256` and `source`\n";
    assert_eq!(synced.sync(&flags), Outcome::failure(2, message));
    fs::write(synced.place().join("more.csv"), "path,own\nb.md,1\n").unwrap();
    let mut with_sidecar = flags[..26].to_vec();
    with_sidecar.extend(["--attributes-from", "more.csv"]);
    let message = "error: 1 file cannot be sent:\n  docs/b.md: 14 attributes; at most 13 are allowed beside `path`, \
                   `sha256` and `source`\nhint: nothing was sent; --skip-invalid goes on without them\n";
    assert_eq!(synced.sync(&with_sidecar), Outcome::failure(2, message));
    assert_eq!(
        synced.emulator.requests().iter().filter(|request| request["path"] != "/v1/files?limit=1000&order=asc").count(),
        0
    );
    assert_eq!(synced.sync(&flags[..26]).code, 0);
}

#[test]
fn one_content_is_uploaded_once() {
    let synced = Synced::of(&["a.md", "x.md"]);
    synced.write("copy/b.md", "a.md");
    synced.write("z.txt", "a.md");
    let of = Some("has the content of a.md");
    let [copy, last] = ["copy/b.md", "z.txt"].map(|path| touched(path, "", ["duplicate"; 2], of));
    let stdout = done("a.md", "a.md", 1, "new") + &copy + &done("x.md", "x.md", 1, "new") + &last;
    synced.syncs(&JSONL, "2 new, 2 with the content of another; 8 B to upload", &stdout);
    assert_eq!(synced.uploads(), ["a.md", "x.md"]);
    let again = [&JSONL[..], &["--prune", "--yes"]].concat();
    synced.syncs(&again, "2 with the content of another, 2 unchanged", "");
    // What speaks for the content goes; another takes its place.
    synced.remove("a.md");
    let stdout = done("copy/b.md", "b.md", 2, "new")
        + &touched("z.txt", "", ["duplicate"; 2], Some("has the content of copy/b.md"))
        + &touched("a.md", "<a.md>", ["pruned", "deleted"], None);
    let summary = "1 new, 1 with the content of another, 1 unchanged; 4 B to upload; 1 to take out of the store";
    synced.syncs(&again, summary, &stdout);
    assert_eq!(synced.store(), ["copy/b.md completed source=docs", "x.md completed source=docs"]);
}

#[test]
fn batches_are_made_while_the_next_files_are_uploaded() {
    let synced = Synced::of(&["a.md", "b.md", "c.md", "d.md", "e.md"]);
    // The last upload has no answer before the first batch is there.
    let gate = Gate::new();
    let opened = gate.clone();
    let server = synced.before(move |request, answer| {
        let is_batch = request.method == "POST" && request.target.ends_with("/file_batches");
        if is_batch {
            opened.open();
        }
        let is_last = request.target == "/v1/files" && request.text().contains("\"e.md\"");
        if is_last { answer.held_by(&opened) } else { answer }
    });
    let arguments = ["--batch-size", "2", "-q", "-o", "csv"];
    let outcome = synced.sync_at(&server, &arguments);
    let stdout = "path,file_id,batch_id,action,status,error
a.md,<a.md>,<batch 1>,new,completed,
b.md,<b.md>,<batch 1>,new,completed,
c.md,<c.md>,<batch 2>,new,completed,
d.md,<d.md>,<batch 2>,new,completed,
e.md,<e.md>,<batch 3>,new,completed,
";
    assert_eq!(outcome, Outcome::success(stdout));
    let batches: Vec<_> = synced.did().into_iter().filter(|line| line.contains("/file_batches")).collect();
    let posts =
        ["a.md b.md", "c.md d.md", "e.md"].map(|paths| format!("POST /v1/vector_stores/vs_1/file_batches {paths}"));
    assert_eq!(batches, posts);
    assert!(gate.is_open());
}

#[test]
fn eight_files_are_uploaded_at_once() {
    let names: Vec<_> = (10..18).map(|number| format!("{number}.md")).collect();
    let synced = Synced::of(&names.iter().map(String::as_str).collect::<Vec<_>>());
    // No upload has an answer before all are there.
    let (gate, count) = (Gate::new(), AtomicUsize::new(0));
    let server = synced.before(move |request, answer| {
        if request.target != "/v1/files" {
            return answer;
        }
        if count.fetch_add(1, Relaxed) == 7 {
            gate.open();
        }
        answer.held_by(&gate)
    });
    let mut sync = vsfb_at(&server);
    sync.current_dir(synced.place()).args(["sync", "--vector-store-id", "vs_1", "docs"]);
    let outcome = synced.run(|| run(sync.args(["--transform", "path", "-r"])));
    let stderr = "note: files: 8 new; 40 B to upload\n".to_owned();
    assert_eq!(outcome, Outcome { stderr, ..Outcome::success(names.join("\n") + "\n") });
}

#[test]
fn each_file_is_cut_as_all_are() {
    let synced = Synced::of(&["a.md", "b.md"]);
    assert_eq!(synced.sync(&["--chunking-strategy", "static:800:400", "-q"]).code, 0);
    let requests = synced.requests();
    let batch = requests.iter().find(|request| request["path"].as_str().unwrap().ends_with("/file_batches")).unwrap();
    let strategy = serde_json::json!({
        "type": "static", "static": {"max_chunk_size_tokens": 800, "chunk_overlap_tokens": 400}
    });
    assert_eq!(batch["request"]["files"].as_array().unwrap().len(), 2);
    assert!(batch["request"]["files"].as_array().unwrap().iter().all(|file| file["chunking_strategy"] == strategy));
}

#[test]
fn a_store_of_several_pages_is_listed_to_its_end() {
    let synced = Synced::of(&[]);
    for number in 0..250 {
        synced.write(&format!("{number}.md"), number.to_string());
    }
    assert_eq!(synced.sync(&["-q", "--jobs", "8"]).code, 0);
    synced.syncs(&[], "250 unchanged", "");
    let lists: Vec<_> = synced.requests().iter().map(|request| request["path"].as_str().unwrap().to_owned()).collect();
    assert_eq!(lists.len(), 3, "{lists:?}");
    assert!(lists.iter().all(|path| path.contains("/vector_stores/vs_1/files?") && path.contains("limit=100")));
}
