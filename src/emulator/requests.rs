//! The bodies of requests, checked as the service checks them.

use std::collections::HashMap;
use std::rc::Rc;

use serde_json::Value;

use super::fields::{Fields, LONGEST_TEXT, too_long};
use super::message::{Form, FormFile};
use super::pages::one_of;
use super::refusal::Refusal;
use super::store::{Profile, Settings};

/// Files in one batch.
const MOST_FILES: usize = 2000;
/// Files that a new vector store can be given.
const MOST_FIRST_FILES: usize = 500;
/// Days until a vector store that nobody uses expires.
const LONGEST_IDLE: u64 = 365;
/// Seconds until an uploaded file expires.
const EXPIRY: (u64, u64) = (3600, 2_592_000);
/// In tokens.
const CHUNK_SIZE: (u64, u64) = (100, 4096);

/// What uploaded files can be for.
const PURPOSES: [&str; 6] = ["assistants", "batch", "fine-tune", "vision", "user_data", "evals"];

/// A file that is to be attached, as the request has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RequestedFile {
    pub(crate) file_id: String,
    pub(crate) settings: Rc<Settings>,
    /// The parameter that names it.
    pub(crate) param: String,
}

/// A vector store that is to be created.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct NewStore {
    pub(crate) profile: Profile,
    pub(crate) files: Vec<RequestedFile>,
}

/// An upload that is to be kept.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct NewFile {
    pub(crate) purpose: &'static str,
    /// Seconds after it was created.
    pub(crate) expires_after: Option<u64>,
    pub(crate) file: FormFile,
}

/// Reads a body.
///
/// # Errors
/// When it is no JSON, as an empty one is none.
pub(crate) fn json(body: &[u8]) -> Result<Value, Refusal> {
    serde_json::from_slice(body).map_err(|error| Refusal::body(format!("The body is not valid JSON: {error}.")))
}

/// The files of `POST …/file_batches`; one that stands there more than once counts once, as it stands last.
///
/// # Errors
/// When the service would not take it. `most` is the number of files that one batch may have.
pub(crate) fn create_batch(body: &Value, most: Option<usize>) -> Result<Vec<RequestedFile>, Refusal> {
    let fields = Fields::of(body, "", &["file_ids", "files", "attributes", "chunking_strategy"])?;
    let most = most.unwrap_or(MOST_FILES);
    let (ids, files) = (fields.array("file_ids", most)?, fields.array("files", most)?);
    let settings = settings(&fields)?;
    let requested = match (ids, files) {
        (Some(_), Some(_)) => {
            let message = "'file_ids' and 'files' cannot both be given.";
            return Err(Refusal::parameter("files", "mutually_exclusive_parameters", message));
        }
        (Some(ids), None) => from_ids(ids, &Rc::new(settings))?,
        // What is given for all is ignored here, as the service's documentation says.
        (None, Some(files)) => from_files(files)?,
        (None, None) => return Err(Refusal::missing_parameter("file_ids")),
    };
    if requested.is_empty() {
        let param = if ids.is_some() { "file_ids" } else { "files" };
        return Err(Refusal::invalid(param, "empty_array", "empty array; expected at least one file"));
    }
    Ok(without_repetitions(requested))
}

fn from_ids(ids: &[Value], settings: &Rc<Settings>) -> Result<Vec<RequestedFile>, Refusal> {
    let read = |(index, id): (usize, &Value)| {
        let param = format!("file_ids[{index}]");
        match id {
            Value::String(id) => requested_file(id, Rc::clone(settings), param),
            _ => Err(Refusal::wrong_type(param, "a string", id)),
        }
    };
    ids.iter().enumerate().map(read).collect()
}

fn from_files(files: &[Value]) -> Result<Vec<RequestedFile>, Refusal> {
    files.iter().enumerate().map(|(index, file)| attachment(file, &format!("files[{index}]"))).collect()
}

/// The file of `POST …/files`, or one of `files`, which then stands at `path`.
///
/// # Errors
/// When the service would not take it.
pub(crate) fn attachment(body: &Value, path: &str) -> Result<RequestedFile, Refusal> {
    let fields = Fields::of(body, path, &["file_id", "attributes", "chunking_strategy"])?;
    let id = fields.required_text("file_id")?;
    requested_file(id, Rc::new(settings(&fields)?), fields.path_of("file_id"))
}

fn requested_file(id: &str, settings: Rc<Settings>, param: String) -> Result<RequestedFile, Refusal> {
    if !id.strip_prefix("file-").is_some_and(|rest| !rest.is_empty() && !rest.contains(char::is_whitespace)) {
        return Err(Refusal::invalid(
            param,
            "invalid_value",
            &format!("'{id}' is no file id; one is 'file-' and more"),
        ));
    }
    Ok(RequestedFile { file_id: id.to_owned(), settings, param })
}

fn without_repetitions(requested: Vec<RequestedFile>) -> Vec<RequestedFile> {
    let mut places: HashMap<String, usize> = HashMap::with_capacity(requested.len());
    let mut kept: Vec<RequestedFile> = Vec::with_capacity(requested.len());
    for requested_file in requested {
        let place = *places.entry(requested_file.file_id.clone()).or_insert(kept.len());
        match kept.get_mut(place) {
            Some(earlier) => *earlier = requested_file,
            None => kept.push(requested_file),
        }
    }
    kept
}

fn settings(fields: &Fields<'_>) -> Result<Settings, Refusal> {
    Ok(Settings { attributes: attributes(fields)?, ..chunking(fields)? })
}

/// The new attributes of `POST …/files/{file}`: they must be there, and null is an empty map.
///
/// # Errors
/// When the service would not take it.
pub(crate) fn update_file(body: &Value) -> Result<Option<Box<str>>, Refusal> {
    let fields = Fields::of(body, "", &["attributes"])?;
    fields.required("attributes")?;
    attributes(&fields)
}

fn attributes(fields: &Fields<'_>) -> Result<Option<Box<str>>, Refusal> {
    let Some(pairs) = fields.pairs("attributes")? else { return Ok(None) };
    for (key, value) in pairs {
        attribute(&format!("{}.{key}", fields.path_of("attributes")), value)?;
    }
    Ok(serde_json::to_string(pairs).ok().map(String::into_boxed_str))
}

fn attribute(path: &str, value: &Value) -> Result<(), Refusal> {
    match value {
        Value::String(text) if text.chars().count() > LONGEST_TEXT => Err(too_long(path, "the text", LONGEST_TEXT)),
        Value::String(_) | Value::Number(_) | Value::Bool(_) => Ok(()),
        _ => Err(Refusal::wrong_type(path, "a string, a number or a boolean", value)),
    }
}

fn chunking(fields: &Fields<'_>) -> Result<Settings, Refusal> {
    let Some(value) = fields.get("chunking_strategy") else { return Ok(Settings::AUTO) };
    let path = fields.path_of("chunking_strategy");
    let strategy = Fields::of(value, &path, &["type", "static"])?;
    if strategy.required_choice("type", &["auto", "static"])? == "auto" {
        return match strategy.get("static") {
            Some(_) => Err(Refusal::unknown_parameter(strategy.path_of("static"))),
            None => Ok(Settings::AUTO),
        };
    }
    let Some(value) = strategy.get("static") else {
        return Err(Refusal::missing_parameter(strategy.path_of("static")));
    };
    let size = Fields::of(value, &strategy.path_of("static"), &["max_chunk_size_tokens", "chunk_overlap_tokens"])?;
    let max_chunk_size_tokens = size.required_integer("max_chunk_size_tokens", CHUNK_SIZE.0, CHUNK_SIZE.1)?;
    let chunk_overlap_tokens = size.required_integer("chunk_overlap_tokens", 0, u64::MAX)?;
    if chunk_overlap_tokens > max_chunk_size_tokens / 2 {
        let problem = format!("the overlap must not exceed half of 'max_chunk_size_tokens', {max_chunk_size_tokens}");
        return Err(Refusal::invalid(size.path_of("chunk_overlap_tokens"), "invalid_value", &problem));
    }
    Ok(Settings { attributes: None, max_chunk_size_tokens, chunk_overlap_tokens })
}

/// The vector store of `POST /vector_stores`, which may have neither name nor files.
///
/// # Errors
/// When the service would not take it.
pub(crate) fn create_store(body: &Value) -> Result<NewStore, Refusal> {
    let known = ["file_ids", "name", "description", "expires_after", "chunking_strategy", "metadata"];
    let fields = Fields::of(body, "", &known)?;
    let ids = fields.array("file_ids", MOST_FIRST_FILES)?.unwrap_or_default();
    let files = without_repetitions(from_ids(ids, &Rc::new(chunking(&fields)?))?);
    let profile = Profile {
        name: fields.text("name")?.unwrap_or_default().to_owned(),
        description: fields.text("description")?.map(str::to_owned),
        metadata: metadata(&fields)?,
        expires_after: idle_days(&fields)?,
    };
    Ok(NewStore { profile, files })
}

fn metadata(fields: &Fields<'_>) -> Result<Option<Box<str>>, Refusal> {
    let Some(pairs) = fields.pairs("metadata")? else { return Ok(None) };
    for (key, value) in pairs {
        let path = format!("metadata.{key}");
        match value {
            Value::String(_) => attribute(&path, value)?,
            _ => return Err(Refusal::wrong_type(path, "a string", value)),
        }
    }
    Ok(serde_json::to_string(pairs).ok().map(String::into_boxed_str))
}

fn idle_days(fields: &Fields<'_>) -> Result<Option<u64>, Refusal> {
    let Some(value) = fields.get("expires_after") else { return Ok(None) };
    let policy = Fields::of(value, "expires_after", &["anchor", "days"])?;
    policy.required_choice("anchor", &["last_active_at"])?;
    policy.required_integer("days", 1, LONGEST_IDLE).map(Some)
}

/// The file of `POST /files`.
///
/// # Errors
/// When the service would not take it.
pub(crate) fn upload(form: Form) -> Result<NewFile, Refusal> {
    let mut purpose = None;
    let (mut anchor, mut seconds) = (None, None);
    for (name, value) in form.fields {
        match name.as_str() {
            "purpose" => {
                one_of("purpose", &value, &PURPOSES)?;
                purpose = PURPOSES.into_iter().find(|known| *known == value);
            }
            "expires_after[anchor]" => anchor = Some(one_of(&name, &value, &["created_at"])?),
            "expires_after[seconds]" => {
                let number: Option<u64> = value.parse().ok().filter(|number| (EXPIRY.0..=EXPIRY.1).contains(number));
                let problem = format!("'{value}' is no number of seconds from {} to {}", EXPIRY.0, EXPIRY.1);
                seconds = Some(number.ok_or_else(|| Refusal::invalid(name, "invalid_value", &problem))?);
            }
            "file" => {
                return Err(Refusal::parameter("file", "invalid_type", "'file' must be a file, with a filename."));
            }
            _ => return Err(Refusal::unknown_parameter(name)),
        }
    }
    match (&anchor, seconds) {
        (Some(_), None) => return Err(Refusal::missing_parameter("expires_after[seconds]")),
        (None, Some(_)) => return Err(Refusal::missing_parameter("expires_after[anchor]")),
        _ => {}
    }
    let file = form.file.ok_or_else(|| Refusal::missing_parameter("file"))?;
    let purpose = purpose.ok_or_else(|| Refusal::missing_parameter("purpose"))?;
    Ok(NewFile { purpose, expires_after: seconds, file })
}
