//! `--paths-from`: paths as a list.

use std::path::PathBuf;

use crate::input::UsageError;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// The paths of a list: each ends with a NUL if there is any, else with its line.
///
/// # Errors
/// When the list is UTF-16, or a path is not UTF-8 on a system where paths are text.
pub(crate) fn paths_from(list: &[u8]) -> Result<Vec<PathBuf>, UsageError> {
    // Every other byte of it is NUL, and the dot before an extension would be the current folder.
    if list.starts_with(b"\xff\xfe") || list.starts_with(b"\xfe\xff") {
        return Err(UsageError::with_hint("--paths-from: the list is UTF-16", "write it in UTF-8"));
    }
    let list = list.strip_prefix(BYTE_ORDER_MARK).unwrap_or(list);
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
            (b"\xef\xbb\xbfa.md\r\n", &["a.md"]),
        ] {
            let paths: Vec<PathBuf> = paths.iter().map(PathBuf::from).collect();
            assert_eq!(paths_from(list).unwrap(), paths);
        }
    }

    #[test]
    fn a_list_in_utf_16_is_refused() {
        for list in [&b"\xff\xfea\0.\0m\0d\0"[..], b"\xfe\xff\0a\0.\0m\0d"] {
            let error = paths_from(list).unwrap_err();
            assert_eq!(error.message, "--paths-from: the list is UTF-16");
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
