//! What the service holds: uploaded files and vector stores, over a time that it is given.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::rc::Rc;

use super::Millis;
use super::processing::FileTraits;
use super::refusal::Refusal;
use super::store::{Profile, Store};

/// Things in the order they were created, found by id. What has been deleted stays known as deleted, so that a made-up
/// id cannot bring it back.
#[derive(Debug)]
struct Register<T> {
    things: BTreeMap<u64, T>,
    places: HashMap<Rc<str>, u64>,
    deleted: HashSet<Rc<str>>,
    next: u64,
}

impl<T> Default for Register<T> {
    fn default() -> Self {
        Self { things: BTreeMap::new(), places: HashMap::new(), deleted: HashSet::new(), next: 0 }
    }
}

impl<T> Register<T> {
    fn get(&self, id: &str) -> Option<&T> {
        self.places.get(id).and_then(|place| self.things.get(place))
    }

    fn get_mut(&mut self, id: &str) -> Option<&mut T> {
        self.places.get(id).and_then(|place| self.things.get_mut(place))
    }

    fn insert(&mut self, id: Rc<str>, thing: T) {
        self.places.insert(id, self.next);
        self.things.insert(self.next, thing);
        self.next += 1;
    }

    fn remove(&mut self, id: &str) {
        if let Some(place) = self.places.remove(id) {
            self.things.remove(&place);
        }
        self.deleted.insert(id.into());
    }

    fn iter(&self) -> impl Iterator<Item = &T> {
        self.things.values()
    }
}

/// An uploaded file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct File {
    pub(crate) id: Rc<str>,
    pub(crate) filename: Rc<str>,
    pub(crate) bytes: u64,
    pub(crate) purpose: &'static str,
    pub(crate) created_at: Millis,
    /// Seconds since 1970.
    pub(crate) expires_at: Option<u64>,
}

/// The size of a file that was never uploaded, in bytes.
const MADE_UP_BYTES: u64 = 1024;

impl File {
    /// A file that nobody uploaded but somebody speaks of.
    fn made_up(id: &str, created_at: Millis) -> Self {
        let id: Rc<str> = id.into();
        let filename = Rc::clone(&id);
        Self { id, filename, bytes: MADE_UP_BYTES, purpose: "assistants", created_at, expires_at: None }
    }

    /// What its future is made from.
    pub(crate) fn traits(&self) -> FileTraits<'_> {
        FileTraits { id: &self.id, filename: &self.filename, bytes: self.bytes }
    }
}

/// All that the service holds.
#[derive(Debug)]
pub(crate) struct State {
    stores: Register<Store>,
    files: Register<File>,
    /// Whether only what was created here exists.
    strict: bool,
    /// When it began: the birthday of what was never created.
    started: Millis,
}

impl State {
    pub(crate) fn new(strict: bool, started: Millis) -> Self {
        Self { stores: Register::default(), files: Register::default(), strict, started }
    }

    /// The vector stores in the order they were created. Those that were only read are not among them.
    pub(crate) fn stores(&self) -> impl Iterator<Item = &Store> {
        self.stores.iter()
    }

    /// A vector store to look at. One that nobody created is empty.
    ///
    /// # Errors
    /// When there is none.
    pub(crate) fn store(&self, id: &str) -> Result<Cow<'_, Store>, Refusal> {
        match self.stores.get(id) {
            Some(store) => Ok(Cow::Borrowed(store)),
            None if self.may_make_up(id, "vs_", &self.stores.deleted) => Ok(Cow::Owned(self.made_up_store(id))),
            None => Err(Refusal::not_found("vector store", id)),
        }
    }

    /// A vector store to change.
    ///
    /// # Errors
    /// When there is none.
    pub(crate) fn store_mut(&mut self, id: &str) -> Result<&mut Store, Refusal> {
        if self.stores.get(id).is_none() && self.may_make_up(id, "vs_", &self.stores.deleted) {
            self.add_store(self.made_up_store(id));
        }
        self.stores.get_mut(id).ok_or_else(|| Refusal::not_found("vector store", id))
    }

    pub(crate) fn add_store(&mut self, store: Store) {
        self.stores.insert(Rc::clone(store.id()), store);
    }

    /// Forgets a vector store and its batches. The files stay.
    ///
    /// # Errors
    /// When there is none.
    pub(crate) fn delete_store(&mut self, id: &str) -> Result<(), Refusal> {
        self.store(id)?;
        self.stores.remove(id);
        Ok(())
    }

    /// The uploaded files in the order they were created.
    pub(crate) fn files(&self) -> impl Iterator<Item = &File> {
        self.files.iter()
    }

    /// A file, uploaded or made up.
    pub(crate) fn file(&self, id: &str) -> Option<Cow<'_, File>> {
        match self.files.get(id) {
            Some(file) => Some(Cow::Borrowed(file)),
            None if self.may_make_up(id, "file-", &self.files.deleted) => {
                Some(Cow::Owned(File::made_up(id, self.started)))
            }
            None => None,
        }
    }

    pub(crate) fn add_file(&mut self, file: File) {
        self.files.insert(Rc::clone(&file.id), file);
    }

    /// Forgets a file. Where it is attached it stays in the list, as it does on the service.
    ///
    /// # Errors
    /// When there is none.
    pub(crate) fn delete_file(&mut self, id: &str) -> Result<(), Refusal> {
        self.file(id).ok_or_else(|| Refusal::not_found("file", id))?;
        self.files.remove(id);
        Ok(())
    }

    fn may_make_up(&self, id: &str, prefix: &str, deleted: &HashSet<Rc<str>>) -> bool {
        !self.strict && id.strip_prefix(prefix).is_some_and(|rest| !rest.is_empty()) && !deleted.contains(id)
    }

    fn made_up_store(&self, id: &str) -> Store {
        Store::new(id.into(), Profile::default(), self.started)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_an_id_exists_unless_it_is_strict() {
        let lax = State::new(false, 0);
        assert!(lax.store("vs_any").is_ok() && lax.file("file-any").is_some());
        assert!(lax.store("vs_").is_err() && lax.store("any").is_err() && lax.file("any").is_none());
        let strict = State::new(true, 0);
        assert!(strict.store("vs_any").is_err() && strict.file("file-any").is_none());
    }

    #[test]
    fn a_look_leaves_nothing_behind_and_a_change_does() {
        let mut state = State::new(false, 0);
        assert!(state.store("vs_any").is_ok());
        assert_eq!(state.stores().count(), 0);
        assert!(state.store_mut("vs_any").is_ok());
        assert_eq!(state.stores().count(), 1);
    }

    #[test]
    fn what_is_deleted_does_not_come_back_as_a_made_up_id() {
        let mut state = State::new(false, 0);
        assert_eq!(state.delete_store("vs_any"), Ok(()));
        assert_eq!(state.delete_file("file-any"), Ok(()));
        assert!(state.store("vs_any").is_err() && state.store_mut("vs_any").is_err());
        assert!(state.file("file-any").is_none());
        assert!(state.delete_store("vs_any").is_err() && state.delete_file("file-any").is_err());
    }

    #[test]
    fn files_stay_in_the_order_of_their_upload() {
        let mut state = State::new(true, 0);
        for id in ["file-c", "file-a", "file-b"] {
            state.add_file(File::made_up(id, 0));
        }
        assert_eq!(state.delete_file("file-a"), Ok(()));
        let left: Vec<&str> = state.files().map(|file| &*file.id).collect();
        assert_eq!(left, ["file-c", "file-b"]);
    }
}
