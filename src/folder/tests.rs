//! Real folders, good and bad.

#![cfg(test)]

use std::fs;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::inspect::Inspected;
use super::{Fault, Found, FoundFile, Inspection, Selection, find, inspect};
use crate::input::manifest::Sidecar;
use crate::json::Value;

/// A folder with these files; a name that ends with `/` is a folder.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, content) in files {
        let location = folder.path().join(path);
        if path.ends_with('/') {
            fs::create_dir_all(location).unwrap();
        } else {
            fs::create_dir_all(location.parent().unwrap()).unwrap();
            fs::write(location, content).unwrap();
        }
    }
    folder
}

fn named(paths: &[&str]) -> TempDir {
    folder(&paths.iter().map(|path| (*path, "x")).collect::<Vec<_>>())
}

fn all_of(folder: &TempDir) -> Selection {
    Selection { paths: vec![folder.path().to_owned()], ..Selection::default() }
}

fn found(selection: &Selection) -> Vec<String> {
    let found = find(selection).unwrap();
    assert_eq!(found.problems, []);
    found.files.into_iter().map(|file| file.path).collect()
}

/// The problems, each as its path in the store and its fault.
fn problems(found: Found) -> Vec<(String, Fault)> {
    found.problems.into_iter().map(|problem| (problem.path, problem.fault)).collect()
}

#[test]
fn a_folder_is_all_that_is_in_it_by_path() {
    let folder =
        named(&["b.md", "a/z.md", "a.md", "a/b/c.md", ".hidden.md", ".config/x.md", "a/.git/config", "empty/"]);
    assert_eq!(found(&all_of(&folder)), ["a.md", "a/b/c.md", "a/z.md", "b.md"]);
    let hidden = Selection { hidden: true, ..all_of(&folder) };
    let expected = [".config/x.md", ".hidden.md", "a.md", "a/b/c.md", "a/z.md", "b.md"];
    assert_eq!(found(&hidden), expected, "all but .git");
}

#[test]
fn what_gitignore_names_is_passed_over() {
    let folder = folder(&[
        (".gitignore", "*.log\n/build/\n!keep.log\ndocs/*.tmp\n"),
        ("a.log", "x"),
        ("keep.log", "x"),
        ("build/x.md", "x"),
        ("docs/build/x.md", "x"),
        ("docs/a.tmp", "x"),
        ("docs/deep/a.tmp", "x"),
        ("docs/.gitignore", "!a.log\nsecret.md\n"),
        ("docs/a.log", "x"),
        ("docs/secret.md", "x"),
        ("secret.md", "x"),
    ]);
    let expected = ["docs/a.log", "docs/build/x.md", "docs/deep/a.tmp", "keep.log", "secret.md"];
    assert_eq!(found(&all_of(&folder)), expected);
    let all = Selection { ignored: true, ..all_of(&folder) };
    assert_eq!(found(&all).len(), 9);
}

#[test]
fn the_rules_of_the_repository_hold_in_its_folders() {
    let files = [(".gitignore", "*.log\n/docs/private/\n/docs/b.md\n"), ("docs/.gitignore", "!c.log\n")];
    let folder = folder(&files);
    for path in ["docs/sub/a.log", "docs/sub/c.log", "docs/private/a.md", "docs/b.md", "docs/a.md"] {
        fs::create_dir_all(folder.path().join(path).parent().unwrap()).unwrap();
        fs::write(folder.path().join(path), "x").unwrap();
    }
    let docs = Selection { paths: vec![folder.path().join("docs")], ..Selection::default() };
    assert_eq!(
        found(&docs),
        ["a.md", "b.md", "private/a.md", "sub/a.log", "sub/c.log"],
        "without a repository, from the folder on"
    );
    fs::create_dir(folder.path().join(".git")).unwrap();
    assert_eq!(found(&docs), ["a.md", "sub/c.log"]);
    let sub = Selection { paths: vec![folder.path().join("docs/sub")], ..Selection::default() };
    assert_eq!(found(&sub), ["c.log"]);
}

#[test]
fn rules_that_are_not_shared_and_nested_repositories() {
    let folder = folder(&[
        (".git/info/exclude", "*.md\n!keep.md\n/sub/b.txt\n"),
        (".gitignore", "!a.md\nc.txt\n"),
        ("a.md", "x"),
        ("b.md", "x"),
        ("keep.md", "x"),
        ("sub/b.txt", "x"),
        ("sub/c.txt", "x"),
        ("sub/d.txt", "x"),
        ("nested/.git/info/exclude", "*.txt\n"),
        ("nested/.gitignore", "!c.txt\n"),
        ("nested/b.md", "x"),
        ("nested/b.txt", "x"),
        ("nested/c.txt", "x"),
    ]);
    assert_eq!(found(&all_of(&folder)), ["a.md", "keep.md", "nested/b.md", "nested/c.txt", "sub/d.txt"]);
    let within = |name: &str| found(&Selection { paths: vec![folder.path().join(name)], ..Selection::default() });
    assert_eq!(within("nested"), ["b.md", "c.txt"], "the same as from above");
    assert_eq!(within("sub"), ["d.txt"]);
}

#[test]
fn what_is_in_an_ignored_folder_cannot_be_taken_back() {
    let folder = folder(&[
        (".gitignore", "/out/\n!/out/keep.md\n/part/*\n!/part/keep.md\n"),
        ("out/.gitignore", "!*\n"),
        ("out/keep.md", "x"),
        ("part/keep.md", "x"),
        ("part/other.md", "x"),
    ]);
    assert_eq!(found(&all_of(&folder)), ["part/keep.md"]);
}

#[cfg(unix)]
#[test]
fn rules_that_cannot_be_read_are_a_problem_of_their_folder_alone() {
    use std::os::unix::fs::symlink;
    let folder =
        folder(&[(".gitignore", "*.log\n"), ("a/x.md", "x"), ("b/x.log", "x"), ("b/x.md", "x"), ("c.log", "x")]);
    symlink(".gitignore", folder.path().join("a/.gitignore")).unwrap();
    let found = find(&all_of(&folder)).unwrap();
    assert_eq!(found.files.iter().map(|file| file.path.as_str()).collect::<Vec<_>>(), ["b/x.md"]);
    let [problem] = found.problems.as_slice() else { panic!("{found:?}") };
    assert!(problem.path == "a" && matches!(problem.fault, Fault::Unreadable(_)), "{problem:?}");
}

#[test]
fn a_path_given_by_name_is_taken_though_it_is_ignored_or_hidden() {
    let folder = folder(&[(".gitignore", "a.md\nout/\n.x.md\n"), ("a.md", "x"), (".x.md", "x"), ("out/b.md", "x")]);
    let paths = ["a.md", ".x.md", "out"].map(|name| folder.path().join(name)).to_vec();
    assert_eq!(found(&Selection { paths, ..Selection::default() }), [".x.md", "a.md", "b.md"]);
}

#[test]
fn patterns_choose_by_name_or_by_path_in_the_store() {
    let folder = named(&["a.md", "a.txt", "docs/b.md", "docs/old/c.md", "docs/old/d.txt", "x/docs/e.md"]);
    let of = |patterns: &[&str]| patterns.iter().map(|pattern| (*pattern).to_owned()).collect::<Vec<_>>();
    let chosen = |include: &[&str], exclude: &[&str]| {
        found(&Selection { include: of(include), exclude: of(exclude), ..all_of(&folder) })
    };
    assert_eq!(chosen(&["*.txt"], &[]), ["a.txt", "docs/old/d.txt"]);
    assert_eq!(chosen(&["/*.{md,txt}"], &[]), ["a.md", "a.txt"]);
    assert_eq!(chosen(&["/docs/"], &["old"]), ["docs/b.md"]);
    assert_eq!(chosen(&["docs"], &["*.txt"]), ["docs/b.md", "docs/old/c.md", "x/docs/e.md"]);
    assert_eq!(chosen(&["docs/**/c.md", "a.md"], &[]), ["a.md", "docs/old/c.md"]);
    assert_eq!(chosen(&[], &["**/old/**", "/x"]), ["a.md", "a.txt", "docs/b.md"]);
    assert_eq!(chosen(&[], &["*"]), [""; 0]);
}

#[test]
fn a_pattern_that_cannot_be_one_is_refused() {
    for (pattern, reason) in [
        ("a[b", "it matches nothing"),
        ("", "it matches nothing"),
        ("/", "it matches nothing"),
        (
            "{a,b",
            "unclosed brace expansion at byte 0; missing '}' (to match a literal '{', escape it as '\\{' or '[{]')",
        ),
    ] {
        let selection = Selection { exclude: vec![pattern.to_owned()], ..Selection::default() };
        let error = find(&selection).unwrap_err();
        assert_eq!(error.message, format!("--exclude {pattern}: not a pattern: {reason}"));
    }
}

#[test]
fn files_given_by_name_have_their_names_as_paths() {
    let folder = named(&["docs/a.md", "docs/b.md"]);
    let docs = folder.path().join("docs");
    let paths = vec![docs.join("a.md"), docs.clone(), docs.join("a.md")];
    assert_eq!(found(&Selection { paths, ..Selection::default() }), ["a.md", "b.md"], "each once");
    let exclude = vec!["a.*".to_owned()];
    assert_eq!(found(&Selection { paths: vec![docs.join("a.md")], exclude, ..Selection::default() }), [""; 0]);
}

#[test]
fn what_is_in_a_given_folder_has_its_path_there_however_it_is_given() {
    let folder = folder(&[
        (".git/", ""),
        (".gitignore", "/docs/private/\n"),
        ("docs/a.md", "x"),
        ("docs/sub/a.md", "x"),
        ("docs/sub/deep/b.md", "x"),
        ("docs/private/c.md", "x"),
        ("other/d.md", "x"),
    ]);
    let of = |paths: &[&str]| {
        let paths = paths.iter().map(|path| folder.path().join(path)).collect();
        found(&Selection { paths, ..Selection::default() })
    };
    let docs = ["a.md", "sub/a.md", "sub/deep/b.md"];
    assert_eq!(of(&["docs", "docs/sub/a.md", "docs/sub/deep", "docs/../docs/sub", "docs/a.md", "docs/."]), docs);
    assert_eq!(of(&["docs/sub/deep", "docs/sub", "docs"]), docs, "in any order");
    assert_eq!(of(&["docs", "docs/private/c.md"]), ["a.md", "private/c.md", "sub/a.md", "sub/deep/b.md"]);
    assert_eq!(of(&["docs/sub/deep", "other/d.md", "docs/sub"]), ["a.md", "d.md", "deep/b.md"]);
}

#[test]
fn what_a_pattern_leaves_out_stays_out_of_folders_within() {
    let exclude = vec!["/src/folder".to_owned()];
    for path in ["src/folder", "src/folder/find.rs"] {
        let listed = vec![PathBuf::from(path)];
        assert_eq!(found(&Selection { listed, exclude: exclude.clone(), ..Selection::default() }), [""; 0], "{path}");
    }
}

#[test]
fn listed_files_have_the_paths_of_the_list_unless_they_lead_out() {
    let elsewhere = named(&["docs/a.md"]);
    let outside = elsewhere.path().join("docs/a.md");
    for (listed, path) in [
        ("src/folder/find.rs", "src/folder/find.rs"),
        ("./src/./main.rs", "src/main.rs"),
        ("src/../Cargo.toml", "Cargo.toml"),
        (concat!(env!("CARGO_MANIFEST_DIR"), "/src/main.rs"), "src/main.rs"),
        (outside.to_str().unwrap(), "a.md"),
    ] {
        let listed = vec![PathBuf::from(listed)];
        assert_eq!(found(&Selection { listed, ..Selection::default() }), [path]);
    }
    let listed = vec![PathBuf::from("src/folder")];
    assert!(found(&Selection { listed, ..Selection::default() }).contains(&"src/folder/find.rs".to_owned()));
}

#[test]
fn two_files_with_one_path_are_a_problem_of_the_second() {
    let folder = named(&["one/a.md", "two/a.md", "two/b.md"]);
    let paths = vec![folder.path().join("one"), folder.path().join("two")];
    let found = find(&Selection { paths, ..Selection::default() }).unwrap();
    let [a, b] = found.files.as_slice() else { panic!("{found:?}") };
    assert_eq!((&a.location, b.path.as_str()), (&folder.path().join("one/a.md"), "b.md"));
    assert_eq!(problems(found), [("a.md".to_owned(), Fault::SamePath(folder.path().join("one/a.md")))]);
}

#[test]
fn what_is_not_there_may_be_anything() {
    let folder = named(&["a.md"]);
    let paths = vec![folder.path().join("none"), folder.path().join("a.md")];
    let missing = PathBuf::from("src/none.md");
    let found = find(&Selection { paths, listed: vec![missing.clone()], ..Selection::default() }).unwrap();
    assert_eq!(found.files.len(), 1);
    let fault = Fault::Unreadable("no such file or directory".to_owned());
    assert_eq!(problems(found), [(String::new(), fault.clone()), ("src/none.md".to_owned(), fault)]);
}

#[cfg(unix)]
#[test]
fn links_are_not_followed() {
    use std::os::unix::fs::symlink;
    let folder = named(&["a/x.md", "b/"]);
    let b = folder.path().join("b");
    symlink("../a", b.join("a")).unwrap();
    symlink("../a/x.md", b.join("x.md")).unwrap();
    symlink(".", b.join("loop")).unwrap();
    assert_eq!(found(&Selection { paths: vec![b.clone()], ..Selection::default() }), [""; 0]);
    let given = find(&Selection { paths: vec![b.join("x.md"), b.join("a")], ..Selection::default() }).unwrap();
    assert_eq!(given.problems.len(), 2);
    assert!(given.files.is_empty() && given.problems.iter().all(|problem| problem.fault == Fault::Link), "{given:?}");
    assert_eq!(
        given.problems[0].to_string(),
        format!("{}: is a symbolic link, which is not followed; give what it points to", b.join("a").display())
    );
}

#[cfg(unix)]
#[test]
fn what_is_no_file_and_what_has_no_name_in_text() {
    use std::os::unix::ffi::OsStrExt as _;
    use std::os::unix::net::UnixListener;
    let folder = named(&["a.md"]);
    let socket = folder.path().join("socket.md");
    let _listener = UnixListener::bind(&socket).unwrap();
    fs::write(folder.path().join(std::ffi::OsStr::from_bytes(b"caf\xe9.md")), "x").unwrap();
    let within = find(&all_of(&folder)).unwrap();
    assert_eq!(within.files.len(), 1);
    assert_eq!(problems(within), [("caf\u{fffd}.md".to_owned(), Fault::Name)]);
    for passed_over in [
        Selection { include: vec!["*.txt".to_owned()], ..all_of(&folder) },
        Selection { exclude: vec!["caf*".to_owned()], ..all_of(&folder) },
    ] {
        assert_eq!(find(&passed_over).unwrap().problems, []);
    }
    fs::write(folder.path().join(".gitignore"), "caf*.md").unwrap();
    assert_eq!(find(&all_of(&folder)).unwrap().problems, []);
    let given = find(&Selection { paths: vec![socket], ..Selection::default() }).unwrap();
    assert_eq!(problems(given), [(String::new(), Fault::NoFile)]);
}

fn inspected(folder: &TempDir, inspection: &Inspection) -> Inspected {
    let files = find(&Selection { ignored: true, hidden: true, ..all_of(folder) }).unwrap().files;
    inspect(&files, inspection, NonZeroUsize::new(3).unwrap())
}

fn plain(sidecar: &Sidecar) -> Inspection<'_> {
    Inspection { attributes: &[], sidecar, as_text: false, most_files: 100 }
}

fn string(text: &str) -> Value {
    Value::String(text.to_owned())
}

fn pair(key: &str, value: &str) -> (String, Value) {
    (key.to_owned(), string(value))
}

#[test]
fn a_file_is_told_with_all_that_a_plan_needs() {
    let folder = folder(&[("docs/A.MD", "abc"), ("b.rs", "fn main() {}\n")]);
    let sidecar = Sidecar::from([("docs/A.MD".to_owned(), vec![pair("team", "blue"), pair("page", "7")])]);
    let attributes = [pair("team", "red"), pair("year", "2024")];
    let inspection = Inspection { attributes: &attributes, as_text: true, ..plain(&sidecar) };
    let Inspected { files, problems, unmatched } = inspected(&folder, &inspection);
    assert_eq!((problems, unmatched), (vec![], vec![]));
    let [b, a] = files.as_slice() else { panic!("{files:?}") };
    assert_eq!((b.path.as_str(), b.filename.as_str(), b.bytes), ("b.rs", "b.rs.txt", 13));
    assert_eq!(b.attributes, attributes);
    assert_eq!((a.path.as_str(), a.filename.as_str(), a.bytes), ("docs/A.MD", "A.md", 3));
    assert_eq!(a.sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_eq!(a.modified, fs::metadata(&a.location).unwrap().modified().ok());
    assert_eq!(
        a.attributes_in_store("s").to_string(),
        format!(
            r#"{{"path":"docs/A.MD","sha256":"{}","source":"s","team":"blue","year":"2024","page":"7"}}"#,
            a.sha256
        )
    );
}

#[test]
fn all_that_is_wrong_is_found_at_once() {
    let folder = folder(&[("empty.md", ""), ("empty.exe", ""), ("none", "x"), ("good.md", "x"), ("good.pdf", "\0")]);
    fs::write(folder.path().join("latin.txt"), b"na\xefve").unwrap();
    fs::File::create(folder.path().join("large.pdf")).unwrap().set_len((512 << 20) + 1).unwrap();
    let sidecar = Sidecar::new();
    let inspected = inspected(&folder, &Inspection { most_files: 6, ..plain(&sidecar) });
    let good: Vec<&str> = inspected.files.iter().map(|file| file.path.as_str()).collect();
    assert_eq!(good, ["good.md", "good.pdf"]);
    let root = format!("{}{}", folder.path().display(), std::path::MAIN_SEPARATOR);
    let told: Vec<String> = inspected.problems.iter().map(|problem| problem.to_string().replace(&root, "")).collect();
    assert_eq!(
        told,
        [
            "7 files; the store takes at most 6",
            "empty.exe: the service does not take files with the extension .exe; see --as-text",
            "empty.exe: is empty",
            "empty.md: is empty",
            "large.pdf: is larger than 512 MB",
            "latin.txt: is no text in UTF-8, UTF-16 or ASCII",
            "none: has no extension, without which the service takes no file; see --as-text",
        ]
    );
    let skippable: Vec<bool> = inspected.problems.iter().map(super::Problem::is_skippable).collect();
    assert_eq!(skippable, [false, true, true, true, true, true, true]);
}

#[cfg(unix)]
#[test]
fn a_problem_stands_on_one_line() {
    let folder = named(&["one\ntwo\u{1b}[1m.rs", "good\n.md"]);
    let sidecar = Sidecar::new();
    let inspected = inspected(&folder, &plain(&sidecar));
    assert_eq!(inspected.files[0].filename, "good\n.md");
    let told = inspected.problems[0].to_string();
    assert!(
        told.ends_with("/one two\\u001b[1m.rs: the service does not take files with the extension .rs; see --as-text"),
        "{told}"
    );
}

#[test]
fn attributes_and_path_have_to_fit() {
    let long = format!("{0}/{0}/{0}.md", "d".repeat(200));
    let folder = folder(&[("a.md", "x"), ("b.md", "y"), (&long, "z")]);
    let attributes: Vec<(String, Value)> = (0..13).map(|number| pair(&format!("k{number}"), "v")).collect();
    let sidecar = Sidecar::from([
        ("a.md".to_owned(), vec![pair("k0", "other")]),
        ("b.md".to_owned(), vec![pair("one", "more")]),
        ("typo.md".to_owned(), vec![]),
        ("c.md".to_owned(), vec![]),
    ]);
    let inspected = inspected(&folder, &Inspection { attributes: &attributes, ..plain(&sidecar) });
    assert_eq!(inspected.files.len(), 1);
    assert_eq!(inspected.files[0].attributes[0], pair("k0", "other"));
    let faults: Vec<String> = inspected.problems.iter().map(|problem| problem.fault.to_string()).collect();
    assert_eq!(
        faults,
        [
            "14 attributes; at most 13 are allowed beside `path`, `sha256` and `source`",
            "its path has 605 characters; the attribute `path` takes at most 512",
        ]
    );
    assert_eq!(inspected.unmatched, ["c.md", "typo.md"]);
}

#[test]
fn what_vanishes_before_it_is_read_is_a_problem() {
    let folder = named(&["a.md"]);
    let gone = FoundFile { path: "gone.md".to_owned(), location: folder.path().join("gone.md") };
    let sidecar = Sidecar::new();
    let inspected = inspect(&[gone], &plain(&sidecar), NonZeroUsize::MIN);
    assert_eq!(inspected.problems[0].fault, Fault::Unreadable("no such file or directory".to_owned()));
}

#[cfg(unix)]
#[test]
fn what_takes_the_place_of_a_file_is_not_read() {
    use rustix::fs::{CWD, FileType, Mode, mknodat};
    let folder = named(&["target.md"]);
    let [link, pipe] = ["link.md", "pipe.md"].map(|name| folder.path().join(name));
    std::os::unix::fs::symlink("target.md", &link).unwrap();
    mknodat(CWD, &pipe, FileType::Fifo, Mode::RUSR, 0).unwrap();
    mknodat(CWD, folder.path().join(".gitignore"), FileType::Fifo, Mode::RUSR, 0).unwrap();
    assert_eq!(found(&all_of(&folder)), ["target.md"]);
    let of = |location: &Path| FoundFile { path: "a.md".to_owned(), location: location.to_owned() };
    let sidecar = Sidecar::new();
    let inspected = inspect(&[of(&link), of(&pipe)], &plain(&sidecar), NonZeroUsize::MIN);
    let faults: Vec<&Fault> = inspected.problems.iter().map(|problem| &problem.fault).collect();
    assert_eq!((inspected.files.len(), faults), (0, vec![&Fault::Link, &Fault::NoFile]));
}

#[test]
fn many_files_keep_their_order_and_long_ones_are_read_to_their_end() {
    let folder = tempfile::tempdir().unwrap();
    for number in 0..200_u32 {
        fs::write(folder.path().join(format!("{number:03}.txt")), "\u{20ac}".repeat(1 + number as usize * 600))
            .unwrap();
    }
    let sidecar = Sidecar::new();
    let found = find(&all_of(&folder)).unwrap().files;
    let one = inspect(&found, &Inspection { most_files: 200, ..plain(&sidecar) }, NonZeroUsize::MIN);
    let many = inspect(&found, &Inspection { most_files: 200, ..plain(&sidecar) }, NonZeroUsize::new(8).unwrap());
    assert_eq!((one.files.len(), &one), (200, &many));
    assert_eq!(one.files[199].bytes, 3 * (1 + 199 * 600));
}

/// What git says of every path: `git check-ignore`, told to look at paths that are not there.
fn ignored_by_git(folder: &Path, paths: &[String]) -> Vec<String> {
    use std::io::Write as _;
    use std::process::{Command, Stdio};
    let git = || {
        let mut git = Command::new("git");
        git.current_dir(folder).env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
        git
    };
    assert!(git().args(["init", "-q"]).status().unwrap().success());
    let mut check = git();
    check.args(["check-ignore", "--no-index", "-z", "--stdin"]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = check.spawn().unwrap();
    let list = paths.join("\0");
    let mut stdin = child.stdin.take().unwrap();
    let writer = std::thread::spawn(move || stdin.write_all(list.as_bytes()));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    String::from_utf8(output.stdout).unwrap().split_terminator('\0').map(str::to_owned).collect()
}

/// Names that have meanings in patterns, at several depths.
fn odd_paths() -> Vec<String> {
    let names = ["a", "b", "ab", "a.b", "[", "!a", "#a", "a b", "n", "{a,b}", "\\", "A1", "x-y", "a ", "é"];
    let mut paths: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    for one in &names[..6] {
        for other in names {
            paths.extend([format!("d{one}/{other}"), format!("d{one}/e/{other}"), format!("d{one}/e/f/{other}")]);
        }
    }
    paths.sort();
    paths
}

/// What patterns are put together from.
const PARTS: [&str; 38] = [
    "a",
    "b",
    "*",
    "**",
    "/",
    "?",
    "[ab]",
    "[!a]",
    "[a-",
    "]",
    "\\",
    "!",
    "#",
    " ",
    ".",
    "d",
    "e",
    "{a,b}",
    "n",
    "\\n",
    "[[:alpha:]]",
    "[[:upper:]]",
    "[[:digit:]]",
    "[[:punct:]]",
    "[^x]",
    "[]-a]",
    "\\ ",
    "d?/",
    "**/",
    "/**",
    "*/",
    "/*",
    "[\\]]",
    "[[:word:]]",
    "[[:a]",
    "[é]",
    "é",
    "[a-c]",
];

#[test]
#[ignore = "needs git"]
fn gitignore_means_what_git_makes_of_it() {
    let paths = odd_paths();
    let folder = named(&paths.iter().map(String::as_str).collect::<Vec<_>>());
    let mut seed = 7_u64;
    let mut next = |limit: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(seed >> 33).unwrap() % limit
    };
    for round in 0..2000 {
        let mut line = || (0..=next(4)).map(|_| PARTS[next(PARTS.len())]).collect::<String>();
        let lines = [line(), line()];
        fs::write(folder.path().join(".gitignore"), lines.join("\n")).unwrap();
        let kept = found(&Selection { hidden: true, exclude: vec![".gitignore".to_owned()], ..all_of(&folder) });
        let ignored = ignored_by_git(folder.path(), &paths);
        let expected: Vec<String> = paths.iter().filter(|path| !ignored.contains(path)).cloned().collect();
        assert_eq!(kept, expected, "round {round}: {lines:?}");
    }
}
