//! The pages of a list, one request at a time, guarded against cursors that lie.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};

use super::client::Client;
use super::endpoint::ListQuery;
use super::error::Error;
use super::reply::{Reply, item_id};

/// The most that one page of attached files may hold.
const LARGEST_PAGE: u16 = 100;
/// The same of uploaded files: a page of the 10,000 that are allowed would be 3 MB to hold at once.
const LARGEST_UPLOADS_PAGE: u16 = 1000;

/// Follows a list. Every page handed out has been checked to be one. It owns what it needs, so that another thread can
/// follow the list.
pub(crate) struct Pages {
    client: Client,
    listing: Listing,
    query: ListQuery,
    /// Page size asked by the user.
    limit: Option<u16>,
    /// Items still wanted; `None` for all.
    wanted: Option<u64>,
    /// Hashes of the ids that were listed. Ids themselves would take ten times the memory.
    seen: HashSet<u64>,
    /// The same of what pages were asked for after.
    cursors: HashSet<u64>,
    hasher: RandomState,
    state: State,
}

/// Whose files are listed.
#[derive(Debug)]
enum Listing {
    Batch { store: String, batch: String },
    Store { store: String },
    Uploads,
    Stores,
}

#[derive(Debug)]
enum State {
    More,
    Done,
    /// Handed out after the page that shows the fault.
    Failed(&'static str),
}

impl Pages {
    /// The files of a batch, given as its store and its id. `most` bounds the items; 0 asks once and wants nothing.
    /// Without a page size in `query` pages are as large as allowed, and no larger than needed.
    pub(crate) fn new(client: &Client, target: (&str, &str), query: ListQuery, most: Option<u64>) -> Self {
        let (store, batch) = (target.0.to_owned(), target.1.to_owned());
        Self { wanted: most, ..Self::over(client, Listing::Batch { store, batch }, query) }
    }

    /// All files of a vector store.
    pub(crate) fn of_store(client: &Client, store: &str, query: ListQuery) -> Self {
        Self::over(client, Listing::Store { store: store.to_owned() }, query)
    }

    /// All files that were uploaded for assistants, be they attached or not, in pages that do not take much memory.
    pub(crate) fn of_uploads(client: &Client, query: ListQuery) -> Self {
        Self::over(client, Listing::Uploads, query)
    }

    /// All vector stores.
    pub(crate) fn of_stores(client: &Client) -> Self {
        Self::over(client, Listing::Stores, ListQuery::default())
    }

    fn over(client: &Client, listing: Listing, query: ListQuery) -> Self {
        let limit = query.limit;
        let hasher = RandomState::new();
        let cursors = HashSet::from([hasher.hash_one(&query.after)]);
        let (seen, state) = (HashSet::new(), State::More);
        Self { client: client.clone(), listing, query, limit, wanted: None, seen, cursors, hasher, state }
    }

    /// The next page: its answer and how many of its items are wanted.
    fn fetch(&mut self) -> Result<(Reply, usize), Error> {
        let largest = match self.listing {
            Listing::Uploads => LARGEST_UPLOADS_PAGE,
            _ => LARGEST_PAGE,
        };
        let needed = self.wanted.map_or(largest, |wanted| u16::try_from(wanted.max(1)).unwrap_or(u16::MAX));
        self.query.limit = Some(self.limit.unwrap_or_else(|| needed.min(largest)));
        let reply = match &self.listing {
            Listing::Batch { store, batch } => self.client.list_files(store, batch, &self.query),
            Listing::Store { store } => self.client.list_store_files(store, &self.query),
            Listing::Uploads => self.client.list_uploaded_files(&self.query),
            Listing::Stores => self.client.list_stores(&self.query),
        }?;
        let page = reply.page().map_err(|error| self.client.hiding(error))?;
        let count = self
            .wanted
            .map_or(page.items.len(), |wanted| page.items.len().min(usize::try_from(wanted).unwrap_or(usize::MAX)));
        if let Some(wanted) = &mut self.wanted {
            *wanted = wanted.saturating_sub(count as u64);
        }
        let is_last = page.ends || page.items.is_empty();
        let next = if is_last { State::Done } else { self.advance(&page.items)? };
        self.state = if self.wanted == Some(0) { State::Done } else { next };
        Ok((reply, count))
    }

    /// Moves the cursor behind the last item, or finds that this leads nowhere.
    ///
    /// # Errors
    /// When all the items were listed before: they are not to be listed again.
    fn advance(&mut self, items: &[&str]) -> Result<State, Error> {
        let mut has_new = false;
        for item in items {
            let Some(id) = item_id(item) else {
                let why = "the service lists files without ids, so the next page cannot be asked for";
                return Ok(State::Failed(why));
            };
            has_new |= self.seen.insert(self.hasher.hash_one(&id));
            self.query.after = Some(id);
        }
        if !has_new {
            let why = "the service repeats itself: a page held only files that were listed before";
            return Err(Error::Listing(why.to_owned()));
        }
        if self.cursors.insert(self.hasher.hash_one(&self.query.after)) {
            Ok(State::More)
        } else {
            Ok(State::Failed("the service repeats itself: a page ended with the same file as one before"))
        }
    }
}

impl Iterator for Pages {
    type Item = Result<(Reply, usize), Error>;

    /// That nothing follows is known with the last page.
    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, matches!(self.state, State::Done).then_some(0))
    }

    fn next(&mut self) -> Option<Self::Item> {
        match self.state {
            State::Done => None,
            State::Failed(why) => {
                self.state = State::Done;
                Some(Err(Error::Listing(why.to_owned())))
            }
            State::More => {
                let page = self.fetch();
                if page.is_err() {
                    self.state = State::Done;
                }
                Some(page)
            }
        }
    }
}
