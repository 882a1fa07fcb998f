//! `--paths-from`: paths as a list.

use std::path::PathBuf;

use crate::input::UsageError;

/// The paths of a list: each ends with a NUL if there is any, else with its line.
///
/// # Errors
/// When a path is not UTF-8 on a system where paths are text.
pub(crate) fn paths_from(list: &[u8]) -> Result<Vec<PathBuf>, UsageError> {
    let has_nul = list.contains(&0);
    let separator = if has_nul { 0 } else { b'\n' };
    let items = list.split(|byte| *byte == separator);
    let items = items.map(|item| if has_nul { item } else { item.strip_suffix(b"\r").unwrap_or(item) });
    items.filter(|item| !item.is_empty()).map(path).collect()
}

#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "elsewhere it can fail")]
fn path(bytes: &[u8]) -> Result<PathBuf, UsageError> {
    use std::os::unix::ffi::OsStrExt as _;
    Ok(PathBuf::from(std::ffi::OsStr::from_bytes(bytes)))
}

#[cfg(not(unix))]
fn path(bytes: &[u8]) -> Result<PathBuf, UsageError> {
    let text = std::str::from_utf8(bytes);
    text.map(PathBuf::from)
        .map_err(|_| UsageError::new(format!("--paths-from: `{}` is not UTF-8", String::from_utf8_lossy(bytes))))
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::paths_from;

    #[test]
    fn paths_stand_one_a_line_or_end_with_nul() {
        for (list, paths) in [
            (&b""[..], &[][..]),
            (b"a.md\r\n\n b/c d.md\n", &["a.md", " b/c d.md"]),
            (b"a.md\0b\nc\r.md\0", &["a.md", "b\nc\r.md"]),
            (b"a.md\0b", &["a.md", "b"]),
        ] {
            let paths: Vec<PathBuf> = paths.iter().map(PathBuf::from).collect();
            assert_eq!(paths_from(list).unwrap(), paths);
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_path_need_not_be_text() {
        use std::os::unix::ffi::OsStrExt as _;
        let paths = paths_from(b"caf\xe9.md\n").unwrap();
        assert_eq!(paths[0].as_os_str().as_bytes(), b"caf\xe9.md");
    }
}
