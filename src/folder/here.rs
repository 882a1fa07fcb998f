//! Which paths of the store are still here, though they were not selected, or may be.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::Selection;
use super::find::outermost_folders;

/// Those of these paths that must not be taken for gone. What is hidden, ignored, a symbolic link or left out by a pattern is
/// still here; a run for fewer files says nothing of the others. Of files that are given by name, no other can be told.
pub(crate) fn still_here<'a>(selection: &Selection, paths: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut roots: Vec<PathBuf> = outermost_folders(&selection.paths);
    if !selection.listed.is_empty() {
        roots.extend(fs::canonicalize("."));
    }
    let is_here = |path: &&str| roots.is_empty() || roots.iter().any(|root| may_be(&root.join(path)));
    paths.filter(is_here).map(str::to_owned).collect()
}

/// Whether something is there, for all that can be seen.
fn may_be(location: &Path) -> bool {
    let is_missing = |kind| matches!(kind, ErrorKind::NotFound | ErrorKind::NotADirectory);
    location.symlink_metadata().err().is_none_or(|error| !is_missing(error.kind()))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::PathBuf;

    use super::still_here;
    use crate::folder::Selection;

    const STORE: [&str; 5] = ["a.md", ".hidden.md", "sub/b.md", "sub/gone.md", "a.md/gone.md"];

    #[test]
    fn what_is_only_left_out_is_still_here() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("sub")).unwrap();
        for path in &STORE[..3] {
            fs::write(folder.path().join(path), "x").unwrap();
        }
        let of = |paths: &[&str]| {
            let paths = paths.iter().map(|path| folder.path().join(path)).collect();
            let include = vec!["*.pdf".to_owned()];
            still_here(&Selection { paths, include, ..Selection::default() }, STORE.into_iter())
        };
        assert_eq!(of(&[""]), STORE[..3]);
        assert_eq!(of(&["sub", "", "a.md"]), STORE[..3], "as seen from the outermost folder");
        assert_eq!(of(&["sub"]), [""; 0]);
        assert_eq!(of(&["a.md"]), STORE, "a file says nothing of others");
        assert_eq!(of(&["none"]), STORE);
    }

    #[test]
    fn what_a_list_lacks_may_be_here() {
        let listed = vec![PathBuf::from("Cargo.toml")];
        let selection = Selection { listed, ..Selection::default() };
        assert_eq!(still_here(&selection, ["src/main.rs", "src/none.rs"].into_iter()), ["src/main.rs"]);
    }
}
