//! The files that failed, and why, for the end of a wait.

use super::{Style, table};
use crate::api::types::VectorStoreFile;

/// A file that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FailedFile {
    /// Its line in the manifest, where that is known.
    pub(crate) line: Option<u64>,
    pub(crate) file: VectorStoreFile,
}

impl FailedFile {
    /// Its error's code; empty where the service gives none.
    fn code(&self) -> &str {
        self.file.last_error.as_ref().and_then(|error| error.code.as_deref()).unwrap_or_default()
    }
}

/// A table of them, those of one error code below each other.
pub(crate) fn table_of(mut files: Vec<FailedFile>, style: Style) -> String {
    files.sort_by(|one, other| one.code().cmp(other.code()));
    table::failures(&files, style)
}

#[cfg(test)]
mod tests {
    use super::{FailedFile, table_of};
    use crate::api::types::VectorStoreFile;
    use crate::output::Style;

    fn failed(id: &str, code: &str, line: Option<u64>) -> FailedFile {
        let json = format!(
            r#"{{"id":"{id}","object":"vector_store.file","last_error":{{"code":"{code}","message":"Why \u001b{id}."}}}}"#
        );
        FailedFile { line, file: VectorStoreFile::read(&json).unwrap() }
    }

    #[test]
    fn files_of_one_code_stand_together() {
        let files = vec![
            failed("f1", "server_error", None),
            failed("f2", "invalid_file", None),
            failed("f3", "server_error", None),
        ];
        let expected = "\
error         id  message
invalid_file  f2  Why \\u001bf2.
server_error  f1  Why \\u001bf1.
server_error  f3  Why \\u001bf3.
";
        assert_eq!(table_of(files, Style::default()), expected);
    }

    #[test]
    fn the_line_of_a_manifest_is_shown_where_it_is_known() {
        let files = vec![failed("f1", "server_error", Some(12)), failed("f2", "server_error", None)];
        let expected = "\
error         id  line  message
server_error  f1    12  Why \\u001bf1.
server_error  f2     -  Why \\u001bf2.
";
        assert_eq!(table_of(files, Style::default()), expected);
    }

    #[test]
    fn the_table_fits_the_terminal() {
        let style = Style { terminal: true, width: Some(40), ..Style::default() };
        let text = table_of(vec![failed("file-abcdefgh", "unsupported_file", None)], style);
        let expected = "\
file-abcdefgh
    error:    unsupported_file
    message:  Why \\u001bfile-abcdefgh.
";
        assert_eq!(text, expected);
    }
}
