//! What each endpoint does: a checked request and a time in, the service's JSON out.

use std::borrow::Cow;
use std::rc::Rc;

use serde_json::{Value, json};

use super::faults::{Kind, Plan};
use super::limits::Window;
use super::message::Body;
use super::objects::{self, seconds};
use super::pages::{ListQuery, ListRules, parameters};
use super::processing::schedule;
use super::random::Random;
use super::refusal::Refusal;
use super::requests::{self, RequestedFile};
use super::routes::Endpoint;
use super::state::{File, State};
use super::store::{Attached, Attachment, Batch, Store};
use super::{Millis, Options};

/// What there may be of something in a minute.
struct Limit {
    most: usize,
    of: &'static str,
}

/// The limits (the service's documentation, August 2026); the first is of each vector store by itself.
const WRITES: Limit = Limit { most: 300, of: "attach requests to this vector store" };
const FILES: Limit = Limit { most: 2000, of: "attached files" };
const UPLOADS: Limit = Limit { most: 1000, of: "uploads" };

/// The service with what it holds.
pub(crate) struct Service {
    options: Options,
    state: State,
    /// Where ids come from.
    random: Random,
    /// Files attached and files uploaded in the last minute.
    attached: Window,
    uploads: Window,
}

/// What is known of a request beside its endpoint and body.
pub(crate) struct Request<'a> {
    pub(crate) query: &'a str,
    /// What goes wrong with it.
    pub(crate) plan: &'a Plan,
    pub(crate) now: Millis,
}

impl Service {
    pub(crate) fn new(options: Options, now: Millis) -> Self {
        Self {
            state: State::new(options.strict, now),
            random: Random::new(options.seed),
            options,
            attached: Window::default(),
            uploads: Window::default(),
        }
    }

    /// An id that was never given before.
    pub(crate) fn fresh_id(&mut self, prefix: &str) -> Rc<str> {
        format!("{prefix}{}", self.random.hex32()).into()
    }

    /// Does what is asked for.
    ///
    /// # Errors
    /// When the service would refuse it.
    pub(crate) fn perform(&mut self, endpoint: &Endpoint, body: Body, request: &Request<'_>) -> Result<Value, Refusal> {
        if let (false, Some((name, _))) = (endpoint.is_list(), parameters(request.query).into_iter().next()) {
            return Err(Refusal::unknown_parameter(name));
        }
        let now = request.now;
        match endpoint {
            Endpoint::ListStores => self.list_stores(request),
            Endpoint::CreateStore => self.create_store(&json_body(body)?, request),
            Endpoint::RetrieveStore { store } => Ok(objects::store(&*self.state.store(store)?, now)),
            Endpoint::DeleteStore { store } => {
                self.state.delete_store(store)?;
                Ok(objects::deleted(store, "vector_store.deleted"))
            }
            Endpoint::ListFiles => self.list_files(request),
            Endpoint::UploadFile => self.upload_file(body, now),
            Endpoint::RetrieveFile { file } => Ok(objects::file(&*self.file(file, request)?)),
            Endpoint::DeleteFile { file } => {
                self.state.delete_file(file)?;
                Ok(objects::deleted(file, "file"))
            }
            Endpoint::CreateBatch { store } => self.create_batch(store, &json_body(body)?, request),
            Endpoint::RetrieveBatch { store, batch } => self.retrieve_batch(store, batch, request),
            Endpoint::CancelBatch { store, batch } => self.cancel_batch(store, batch, request),
            Endpoint::ListBatchFiles { store, batch } => self.list_batch_files(store, batch, request),
            Endpoint::ListStoreFiles { store } => self.list_store_files(store, request),
            Endpoint::AttachFile { store } => self.attach_file(store, &json_body(body)?, request),
            Endpoint::RetrieveStoreFile { store, file } => self.retrieve_store_file(store, file, now),
            Endpoint::UpdateStoreFile { store, file } => self.update_store_file((store, file), &json_body(body)?, now),
            Endpoint::DetachFile { store, file } => self.detach_file(store, file),
        }
    }

    fn list_stores(&self, request: &Request<'_>) -> Result<Value, Refusal> {
        let query = list_query(request, ListRules::STORES)?;
        let page = query.page(self.state.stores().collect(), |_| true)?;
        Ok(page.to_json(|store| objects::store(store, request.now)))
    }

    fn create_store(&mut self, body: &Value, request: &Request<'_>) -> Result<Value, Refusal> {
        let now = request.now;
        let new = requests::create_store(body)?;
        let files = self.attachments(&new.files, request)?;
        self.spend_files(files.len(), now)?;
        let mut store = Store::new(self.fresh_id("vs_"), new.profile, now);
        store.attach(files, now);
        let created = objects::store(&store, now);
        self.state.add_store(store);
        Ok(created)
    }

    fn list_files(&self, request: &Request<'_>) -> Result<Value, Refusal> {
        let query = list_query(request, ListRules::FILES)?;
        let wanted = |file: &&File| query.filter.as_ref().is_none_or(|purpose| purpose == file.purpose);
        Ok(query.page(self.state.files().collect(), wanted)?.to_json(|file| objects::file(file)))
    }

    fn upload_file(&mut self, body: Body, now: Millis) -> Result<Value, Refusal> {
        let form = match body {
            Body::Form(form) => form,
            Body::TooLarge => return Err(Refusal::too_large("A file can have at most 512 MB.")),
            Body::Malformed(problem) => return Err(Refusal::body(format!("The form cannot be read: {problem}."))),
            Body::Json(_) | Body::Nothing => return Err(Refusal::missing_parameter("file")),
        };
        let new = requests::upload(form)?;
        if self.options.limits {
            spend(&mut self.uploads, 1, &UPLOADS, now)?;
        }
        let file = File {
            id: self.fresh_id("file-"),
            filename: new.file.filename.into(),
            bytes: new.file.bytes,
            purpose: new.purpose,
            created_at: now,
            expires_at: new.expires_after.map(|time| seconds(now) + time),
        };
        let created = objects::file(&file);
        self.state.add_file(file);
        Ok(created)
    }

    /// A file that can be found: one that was uploaded has to have been there for a while, where that goes wrong.
    fn file(&self, id: &str, request: &Request<'_>) -> Result<Cow<'_, File>, Refusal> {
        let is_found = |file: &Cow<'_, File>| matches!(file, Cow::Owned(_)) || !is_fresh(file.created_at, request);
        let file = self.state.file(id).filter(is_found);
        file.ok_or_else(|| Refusal::not_found("file", id))
    }

    /// What is to be attached, with its future.
    fn attachments(&self, requested: &[RequestedFile], request: &Request<'_>) -> Result<Vec<Attachment>, Refusal> {
        let mut files = Vec::with_capacity(requested.len());
        for requested_file in requested {
            let file = self.file(&requested_file.file_id, request).map_err(|_| {
                Refusal::parameter(
                    &requested_file.param,
                    "invalid_value",
                    format!("Cannot find file '{}'.", requested_file.file_id),
                )
            })?;
            if let Some(extension) = file.traits().refused_extension() {
                let message = format!("Files with the extension '{extension}' are not supported for retrieval.");
                // The parameter as a whole, as the service has it, also where it is one element that is refused.
                let param = requested_file.param.split(['[', '.']).next().unwrap_or_default();
                return Err(Refusal::parameter(param, "unsupported_file", message));
            }
            files.push(file);
        }
        let times: Vec<Millis> = files.iter().map(|file| file.traits().time(self.options.file_time)).collect();
        let mut ends = schedule(request.now, &times, self.options.parallel);
        if let (true, Some(last)) = (request.plan.has(Kind::Stuck), ends.last_mut()) {
            *last = Millis::MAX;
        }
        let attachment = |((requested_file, file), ends_at): ((&RequestedFile, Cow<'_, File>), Millis)| Attachment {
            file_id: Rc::clone(&file.id),
            settings: Rc::clone(&requested_file.settings),
            bytes: file.bytes,
            ends_at,
            ending: file.traits().ending(),
        };
        Ok(requested.iter().zip(files).zip(ends).map(attachment).collect())
    }

    fn create_batch(&mut self, store: &str, body: &Value, request: &Request<'_>) -> Result<Value, Refusal> {
        self.state.store(store)?;
        let requested = requests::create_batch(body, request.plan.batch_limit())?;
        let files = self.attachments(&requested, request)?;
        self.spend_write(store, files.len(), request.now)?;
        let id = self.fresh_id("vsfb_");
        let store = self.state.store_mut(store)?;
        let batch = store.attach_batch(id, files, request.now);
        Ok(objects::batch(store, &batch, request.now))
    }

    fn retrieve_batch(&self, store: &str, batch: &str, request: &Request<'_>) -> Result<Value, Refusal> {
        let store = self.state.store(store)?;
        let batch = find_batch(&store, batch, request)?;
        if request.plan.has(Kind::WrongObject) {
            return Ok(objects::store(&store, request.now));
        }
        Ok(objects::batch(&store, batch, request.now))
    }

    fn cancel_batch(&mut self, store: &str, id: &str, request: &Request<'_>) -> Result<Value, Refusal> {
        find_batch(&*self.state.store(store)?, id, request)?;
        let store = self.state.store_mut(store)?;
        store.cancel(id, request.plan.has(Kind::StaleCounts), request.now);
        Ok(objects::batch(store, find_batch(store, id, request)?, request.now))
    }

    fn list_batch_files(&self, store: &str, batch: &str, request: &Request<'_>) -> Result<Value, Refusal> {
        let query = list_query(request, ListRules::ATTACHED)?;
        let store = self.state.store(store)?;
        let batch = find_batch(&store, batch, request)?;
        attached_page(&store, store.batch_files(batch).collect(), &query, request.now)
    }

    fn list_store_files(&self, store: &str, request: &Request<'_>) -> Result<Value, Refusal> {
        let query = list_query(request, ListRules::ATTACHED)?;
        let store = self.state.store(store)?;
        attached_page(&store, store.files().collect(), &query, request.now)
    }

    fn attach_file(&mut self, store: &str, body: &Value, request: &Request<'_>) -> Result<Value, Refusal> {
        self.state.store(store)?;
        let requested_file = requests::attachment(body, "")?;
        let id = requested_file.file_id.clone();
        let files = self.attachments(&[requested_file], request)?;
        self.spend_write(store, 1, request.now)?;
        self.state.store_mut(store)?.attach(files, request.now);
        self.retrieve_store_file(store, &id, request.now)
    }

    fn retrieve_store_file(&self, store: &str, file: &str, now: Millis) -> Result<Value, Refusal> {
        let found = self.state.store(store)?;
        let attached = found.file(file).ok_or_else(|| not_attached(store, file))?;
        Ok(objects::attached(store, attached, now))
    }

    fn update_store_file(&mut self, (store, file): (&str, &str), body: &Value, now: Millis) -> Result<Value, Refusal> {
        if self.state.store(store)?.file(file).is_none() {
            return Err(not_attached(store, file));
        }
        let attributes = requests::update_file(body)?;
        self.state.store_mut(store)?.update(file, attributes.as_deref());
        self.retrieve_store_file(store, file, now)
    }

    fn detach_file(&mut self, store: &str, file: &str) -> Result<Value, Refusal> {
        let is_there = self.state.store(store)?.file(file).is_some();
        if !(is_there && self.state.store_mut(store)?.detach(file)) {
            return Err(not_attached(store, file));
        }
        Ok(objects::deleted(file, "vector_store.file.deleted"))
    }

    /// One attach write to a store.
    fn spend_write(&mut self, store: &str, files: usize, now: Millis) -> Result<(), Refusal> {
        if !self.options.limits {
            return Ok(());
        }
        // Both limits are looked at before either is spent.
        check(&mut self.attached, files, &FILES, now)?;
        let writes = &mut self.state.store_mut(store)?.writes;
        spend(writes, 1, &WRITES, now)?;
        self.attached.pass(files, now);
        Ok(())
    }

    /// Files that a new store begins with.
    fn spend_files(&mut self, files: usize, now: Millis) -> Result<(), Refusal> {
        if self.options.limits && files > 0 {
            spend(&mut self.attached, files, &FILES, now)?;
        }
        Ok(())
    }
}

/// Refuses what would exceed a limit.
fn check(window: &mut Window, amount: usize, limit: &Limit, now: Millis) -> Result<(), Refusal> {
    let Limit { most, of } = limit;
    match window.wait(amount, *most, now) {
        0 => Ok(()),
        wait => Err(Refusal::rate_limit(&format!("{of}: {most} a minute"), wait.div_ceil(1000))),
    }
}

fn spend(window: &mut Window, amount: usize, limit: &Limit, now: Millis) -> Result<(), Refusal> {
    check(window, amount, limit, now)?;
    window.pass(amount, now);
    Ok(())
}

fn json_body(body: Body) -> Result<Value, Refusal> {
    match body {
        Body::Json(bytes) => requests::json(&bytes),
        Body::TooLarge => Err(Refusal::too_large("The body is larger than the service takes.")),
        Body::Malformed(problem) => Err(Refusal::body(format!("The body cannot be read: {problem}."))),
        Body::Nothing | Body::Form(_) => Ok(json!({})),
    }
}

fn list_query(request: &Request<'_>, rules: ListRules) -> Result<ListQuery, Refusal> {
    let query = ListQuery::parse(request.query, rules)?;
    Ok(if request.plan.has(Kind::RepeatedCursor) { query.rewound() } else { query })
}

fn attached_page(store: &Store, files: Vec<&Attached>, query: &ListQuery, now: Millis) -> Result<Value, Refusal> {
    let wanted = |file: &&Attached| query.filter.as_ref().is_none_or(|state| state == file.status(now).name());
    Ok(query.page(files, wanted)?.to_json(|file| objects::attached(store.id(), file, now)))
}

/// A batch that has been there for long enough to be found.
fn find_batch<'a>(store: &'a Store, id: &str, request: &Request<'_>) -> Result<&'a Batch, Refusal> {
    let batch = store.batch(id).filter(|batch| !is_fresh(batch.created_at, request));
    batch.ok_or_else(|| Refusal::not_found("file batch", id))
}

fn is_fresh(created_at: Millis, request: &Request<'_>) -> bool {
    let time = request.plan.not_found_for().map(|time| Millis::try_from(time.as_millis()).unwrap_or(Millis::MAX));
    time.is_some_and(|time| request.now < created_at.saturating_add(time))
}

fn not_attached(store: &str, file: &str) -> Refusal {
    Refusal::not_found(&format!("file in vector store '{store}'"), file)
}
