//! Which endpoint a request is for, and whether its head is one that the endpoint takes.

use percent_encoding::percent_decode_str;

use super::faults::Target;
use super::message::{Head, Wanted};
use super::refusal::Refusal;

/// What can be asked for, with the ids of the path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Endpoint {
    ListStores,
    CreateStore,
    RetrieveStore { store: String },
    DeleteStore { store: String },
    ListFiles,
    UploadFile,
    RetrieveFile { file: String },
    DeleteFile { file: String },
    CreateBatch { store: String },
    RetrieveBatch { store: String, batch: String },
    CancelBatch { store: String, batch: String },
    ListBatchFiles { store: String, batch: String },
    ListStoreFiles { store: String },
    AttachFile { store: String },
    RetrieveStoreFile { store: String, file: String },
    UpdateStoreFile { store: String, file: String },
    DetachFile { store: String, file: String },
}

/// What every path begins with.
const PREFIX: &str = "/v1/";

impl Endpoint {
    /// The endpoint of a method and a path.
    ///
    /// # Errors
    /// When the path names nothing, or nothing that has this method.
    pub(crate) fn find(method: &str, path: &str) -> Result<Self, Refusal> {
        let unknown = || Refusal::no_endpoint(method, path);
        let segments = segments(path).ok_or_else(unknown)?;
        let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
        let endpoints = Self::at(&segments).ok_or_else(unknown)?;
        let allowed: Vec<&str> = endpoints.iter().map(|(name, _)| *name).collect();
        let found = endpoints.into_iter().find(|(name, _)| *name == method).map(|(_, endpoint)| endpoint);
        found.ok_or_else(|| Refusal::no_method(method, path, &allowed.join(", ")))
    }

    /// What there is at a path, by method.
    fn at(segments: &[&str]) -> Option<Vec<(&'static str, Self)>> {
        let store = || segments.get(1).map(|id| (*id).to_owned()).unwrap_or_default();
        let inner = || segments.get(3).map(|id| (*id).to_owned()).unwrap_or_default();
        Some(match segments {
            ["vector_stores"] => vec![("GET", Self::ListStores), ("POST", Self::CreateStore)],
            ["vector_stores", _] => {
                vec![("GET", Self::RetrieveStore { store: store() }), ("DELETE", Self::DeleteStore { store: store() })]
            }
            ["vector_stores", _, "files"] => {
                vec![("GET", Self::ListStoreFiles { store: store() }), ("POST", Self::AttachFile { store: store() })]
            }
            ["vector_stores", _, "files", _] => vec![
                ("GET", Self::RetrieveStoreFile { store: store(), file: inner() }),
                ("POST", Self::UpdateStoreFile { store: store(), file: inner() }),
                ("DELETE", Self::DetachFile { store: store(), file: inner() }),
            ],
            ["vector_stores", _, "file_batches"] => vec![("POST", Self::CreateBatch { store: store() })],
            ["vector_stores", _, "file_batches", _] => {
                vec![("GET", Self::RetrieveBatch { store: store(), batch: inner() })]
            }
            ["vector_stores", _, "file_batches", _, "cancel"] => {
                vec![("POST", Self::CancelBatch { store: store(), batch: inner() })]
            }
            ["vector_stores", _, "file_batches", _, "files"] => {
                vec![("GET", Self::ListBatchFiles { store: store(), batch: inner() })]
            }
            ["files"] => vec![("GET", Self::ListFiles), ("POST", Self::UploadFile)],
            ["files", file] => {
                let file = (*file).to_owned();
                vec![("GET", Self::RetrieveFile { file: file.clone() }), ("DELETE", Self::DeleteFile { file })]
            }
            _ => return None,
        })
    }

    /// Whether it gives pages.
    pub(crate) const fn is_list(&self) -> bool {
        matches!(self, Self::ListStores | Self::ListFiles | Self::ListBatchFiles { .. } | Self::ListStoreFiles { .. })
    }

    /// What it is as far as it matters to faults.
    pub(crate) const fn target(&self) -> Target {
        match self {
            Self::CreateBatch { .. } => Target::CreateBatch,
            Self::RetrieveBatch { .. } => Target::RetrieveBatch,
            Self::CancelBatch { .. } => Target::CancelBatch,
            _ if self.is_list() => Target::List,
            Self::RetrieveStore { .. } | Self::RetrieveFile { .. } | Self::RetrieveStoreFile { .. } => Target::Read,
            _ => Target::Write,
        }
    }

    /// How its body is to be read.
    const fn body(&self) -> Wanted {
        match self {
            Self::UploadFile => Wanted::Form,
            Self::CreateStore | Self::CreateBatch { .. } | Self::AttachFile { .. } | Self::UpdateStoreFile { .. } => {
                Wanted::Json
            }
            _ => Wanted::Nothing,
        }
    }

    /// How the body of a request for it is to be read.
    ///
    /// # Errors
    /// When the head says that the body is something else.
    pub(crate) fn wanted(&self, head: &Head) -> Result<Wanted, Refusal> {
        let wanted = self.body();
        let expected = match wanted {
            Wanted::Nothing => return Ok(wanted),
            Wanted::Json => "application/json",
            Wanted::Form => "multipart/form-data",
        };
        if let Some(coding) = head.content_encoding.as_deref().filter(|coding| !coding.eq_ignore_ascii_case("identity"))
        {
            return Err(Refusal::unsupported_type(&format!("{expected}, coded as {coding}"), expected));
        }
        let got = head.content_type.as_deref().unwrap_or_default();
        let essence = got.split(';').next().unwrap_or_default().trim();
        if !essence.eq_ignore_ascii_case(expected) {
            return Err(Refusal::unsupported_type(got, expected));
        }
        Ok(wanted)
    }
}

/// The decoded parts of a path after its prefix; none where they are not UTF-8 or an empty one is among them.
fn segments(path: &str) -> Option<Vec<String>> {
    let decode = |segment: &str| percent_decode_str(segment).decode_utf8().ok().map(String::from);
    let segments: Option<Vec<String>> = path.strip_prefix(PREFIX)?.split('/').map(decode).collect();
    segments.filter(|segments| segments.iter().all(|segment| !segment.is_empty()))
}

/// Whether somebody asks: any key will do.
///
/// # Errors
/// When there is none.
pub(crate) fn authorize(head: &Head) -> Result<(), Refusal> {
    let (scheme, key) = head.authorization.as_deref().and_then(|value| value.split_once(' ')).unwrap_or_default();
    if scheme.eq_ignore_ascii_case("bearer") && !key.trim().is_empty() { Ok(()) } else { Err(Refusal::no_key()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(method: &str, path: &str) -> u16 {
        Endpoint::find(method, path).unwrap_err().into_answer().status
    }

    #[test]
    fn a_path_and_a_method_are_an_endpoint() {
        let ids = ("vs_1".to_owned(), "vsfb_1".to_owned());
        for (method, path, expected) in [
            ("POST", "/v1/vector_stores", Endpoint::CreateStore),
            ("GET", "/v1/vector_stores/vs_1", Endpoint::RetrieveStore { store: ids.0.clone() }),
            (
                "POST",
                "/v1/vector_stores/vs_1/file_batches/vsfb_1/cancel",
                Endpoint::CancelBatch { store: ids.0.clone(), batch: ids.1.clone() },
            ),
            (
                "GET",
                "/v1/vector_stores/vs_1/file_batches/vsfb_1/files",
                Endpoint::ListBatchFiles { store: ids.0, batch: ids.1 },
            ),
            ("DELETE", "/v1/files/file-%C3%A4%2F", Endpoint::DeleteFile { file: "file-ä/".to_owned() }),
        ] {
            assert_eq!(Endpoint::find(method, path), Ok(expected), "{method} {path}");
        }
    }

    #[test]
    fn other_paths_are_404_and_other_methods_405_with_those_that_there_are() {
        for path in ["", "/", "/v1", "/v1/", "/v2/files", "/v1/files/", "/v1//files", "/v1/files/a/b", "/v1/files/%FF"]
        {
            assert_eq!(status("GET", path), 404, "{path}");
        }
        let answer = Endpoint::find("PUT", "/v1/files").unwrap_err().into_answer();
        assert_eq!((answer.status, answer.headers), (405, vec![("allow", "GET, POST".to_owned())]));
    }

    #[test]
    fn a_body_of_another_type_is_refused() {
        let create = Endpoint::CreateBatch { store: "vs_1".to_owned() };
        let head = |content_type: &str| Head { content_type: Some(content_type.to_owned()), ..Head::default() };
        for (content_type, wanted) in [
            ("application/json", Some(Wanted::Json)),
            ("Application/JSON; charset=utf-8", Some(Wanted::Json)),
            ("text/plain", None),
            ("application/jsonl", None),
        ] {
            assert_eq!(create.wanted(&head(content_type)).ok(), wanted, "{content_type}");
        }
        let zipped = Head { content_encoding: Some("gzip".to_owned()), ..head("application/json") };
        let refusal = create.wanted(&zipped).unwrap_err();
        assert_eq!(refusal.into_answer().status, 415);
        assert!(Endpoint::UploadFile.wanted(&head("application/json")).is_err());
        assert_eq!(Endpoint::UploadFile.wanted(&head("multipart/form-data; boundary=x")).ok(), Some(Wanted::Form));
    }

    #[test]
    fn any_bearer_token_will_do_but_none_will_not() {
        let asks = |value: Option<&str>| {
            authorize(&Head { authorization: value.map(str::to_owned), ..Head::default() }).is_ok()
        };
        assert!(asks(Some("Bearer x")) && asks(Some("bearer x")));
        for value in [None, Some(""), Some("Bearer"), Some("Bearer "), Some("Basic eDp5")] {
            assert!(!asks(value), "{value:?}");
        }
    }
}
