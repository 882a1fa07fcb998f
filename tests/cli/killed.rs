//! A create of many batches that is killed loses nothing and repeats nothing.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use serde_json::{Value, json};

use super::support::command::{HasBaseUrl as _, KEY, spawnable_vsfb_at};
use super::support::emulator::Emulator;
use super::support::kills::{Run, Trial, each_once};

fn files(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("file-{number:05}")).collect()
}

fn request(store: &str, status: Option<u16>, body: Option<&Value>) -> Value {
    json!({"method": "POST", "path": format!("/v1/vector_stores/{store}/file_batches"), "status": status, "request": body})
}

#[test]
fn the_record_tells_what_is_missing_and_what_is_there_twice() {
    let files = files(3);
    let [first, two, odd] =
        [&["file-00000"][..], &["file-00000", "file-00001"], &["x"]].map(|ids| json!({"file_ids": ids}));
    let own = json!({"files": [{"file_id": "file-00002"}]});
    let whole = [
        request("vs_1", Some(200), Some(&two)),
        request("vs_1", Some(429), Some(&own)),
        request("vs_1", None, None),
        request("vs_1", Some(200), Some(&own)),
        request("vs_2", Some(200), Some(&own)),
    ];
    assert_eq!(each_once(&whole, "vs_1", &files), Ok(()));
    let missing = each_once(&whole[..3], "vs_1", &files).unwrap_err();
    assert!(missing.starts_with("1 files are in no batch, the first Some(\"file-00002\"); 0 are"), "{missing}");
    let twice = [&whole[..], &whole[..1]].concat();
    let twice = each_once(&twice, "vs_1", &files).unwrap_err();
    assert!(twice.ends_with("2 are in more than one, the first Some(\"file-00000\")"), "{twice}");
    let odd = each_once(&[request("vs_1", Some(200), Some(&odd))], "vs_1", &files).unwrap_err();
    assert_eq!(odd, "x was not asked for");
    let [mut done, mut undone] = [(); 2].map(|()| request("vs_1", None, Some(&first)));
    (done["faults"], undone["faults"]) = (json!(["lost-answer"]), json!(["reset"]));
    assert_eq!(each_once(&[done, undone], "vs_1", &files[..1]), Ok(()));
    let unsure = each_once(&[request("vs_1", None, Some(&first))], "vs_1", &files).unwrap_err();
    assert!(unsure.starts_with("it is not known whether this was carried out"), "{unsure}");
}

#[test]
fn a_create_of_one_batch_stands_the_test_of_the_test() {
    let emulator = Emulator::start(&[]);
    let files = files(3);
    let command = |run: &Run<'_>| {
        let mut create = Command::new(assert_cmd::cargo::cargo_bin!("vsfb"));
        create.env_clear().env("OPENAI_BASE_URL", emulator.base_url()).env("OPENAI_API_KEY", KEY);
        create.env("VSFB_JOURNAL", run.folder.join("batches.jsonl"));
        // What resumes looks in the record, which no real command can.
        if run.resumes && each_once(&emulator.requests(), run.store, &files).is_ok() {
            create.arg("--version");
        } else {
            create.args(["create", run.store]).args(files.iter().flat_map(|id| ["--file-id", id]));
        }
        create
    };
    Trial { emulator: &emulator, files: &files, command }.survives(1, 10);
}

/// Kills a create of twenty batches at so many moments that follow from `seed`; gives how many runs were killed, and how
/// many of these had sent a request of which nobody knew what had become of it.
fn killed_and_resumed(seed: u64, moments: usize) -> (usize, usize) {
    let emulator = Emulator::start(&[]);
    let files = files(1_000);
    let folder = tempfile::TempDir::new().unwrap();
    let manifest = folder.path().join("files.txt");
    fs::write(&manifest, files.join("\n")).unwrap();
    let vsfb = spawnable_vsfb_at(&emulator);
    let command = |run: &Run<'_>| {
        let mut create = Command::new(vsfb.get_program());
        create.env_clear().envs(vsfb.get_envs().filter_map(|(name, value)| Some((name, value?))));
        create.env("VSFB_JOURNAL", run.folder.join("batches.jsonl"));
        create.args(["create", run.store, "--batch-size", "50", "--rate", "off", "--files-from"]).arg(&manifest);
        create.args(run.resumes.then_some("--resume"));
        create
    };
    let killed = Trial { emulator: &emulator, files: &files, command }.survives(seed, moments);
    let looks = emulator.requests().into_iter().filter(|request| request["method"] == "GET");
    let paths = looks.map(|request| request["path"].as_str().expect("a path").to_owned());
    let stores: BTreeSet<_> = paths.filter_map(|path| path.split("/files/").next().map(str::to_owned)).collect();
    (killed, stores.iter().filter(|path| path.contains("vs_")).count())
}

#[test]
fn a_create_of_twenty_batches_is_resumed_at_three_moments() {
    killed_and_resumed(1, 3);
}

#[test]
#[ignore = "takes minutes: a resume lets five seconds pass where it is not known what became of a request"]
#[expect(clippy::print_stdout, reason = "it is run for these figures, too")]
fn a_create_of_twenty_batches_is_resumed_at_any_moment() {
    // Five at a time: no emulator here lives longer than a minute.
    let rounds = (1..=40).map(|seed| killed_and_resumed(seed, 5));
    let (killed, looked) = rounds.fold((0, 0), |sum, round| (sum.0 + round.0, sum.1 + round.1));
    println!("{killed} of 200 runs were killed in time; {looked} of them left a request that had to be looked into");
    assert!(killed > 100, "only {killed} of 200 runs were killed in time");
}
