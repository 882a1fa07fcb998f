//! The pages of a list, fetched on another thread: each only when it is asked for.

use std::io;
use std::sync::mpsc::{Sender, channel};
use std::thread;

/// What has come of asking for a page.
#[derive(Debug)]
pub(super) enum Arrival {
    /// The texts of its items.
    Page(Vec<String>),
    /// No page is left.
    End,
    /// What made it impossible; nothing comes after.
    Failed(anyhow::Error),
}

/// Asks for pages. The thread that fetches them is never waited for: a request may take minutes, and whoever leaves wants
/// to be gone. It ends by itself when this is dropped and the request under way is over.
pub(super) struct Feed {
    asks: Sender<()>,
}

impl Feed {
    /// Begins a list without asking for anything. `start` gives its pages, on the thread that fetches them; `tell` hears
    /// of what has come, once for each [`Feed::next`] until the end or a failure, also on that thread. Of pages that know which
    /// is the last, it hears of the end with that one.
    ///
    /// # Errors
    /// When the system has no thread left.
    pub(super) fn start<P>(
        start: impl FnOnce() -> P + Send + 'static,
        tell: impl Fn(Arrival) + Send + 'static,
    ) -> io::Result<Self>
    where
        P: Iterator<Item = anyhow::Result<Vec<String>>>,
    {
        let (asks, asked) = channel();
        let fetch = move || {
            let mut pages = start();
            for () in asked {
                match pages.next() {
                    Some(Ok(items)) => tell(Arrival::Page(items)),
                    Some(Err(error)) => return tell(Arrival::Failed(error)),
                    None => return tell(Arrival::End),
                }
                if pages.size_hint().1 == Some(0) {
                    return tell(Arrival::End);
                }
            }
        };
        thread::Builder::new().name("pages".to_owned()).spawn(fetch)?;
        Ok(Self { asks })
    }

    /// Asks for the next page; after the end and after a failure, for nothing.
    pub(super) fn next(&self) {
        // Nobody listens after the end, which has been told.
        let _ = self.asks.send(());
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Receiver, channel};

    use super::{Arrival, Feed};

    /// A feed of these pages, what it tells, and the pages that were fetched.
    fn feed(pages: Vec<anyhow::Result<Vec<String>>>) -> (Feed, Receiver<String>, Receiver<usize>) {
        let (tell, told) = channel();
        let (fetch, fetched) = channel();
        let start = move || {
            pages.into_iter().enumerate().map(move |(index, page)| {
                fetch.send(index).unwrap();
                page
            })
        };
        let feed = Feed::start(start, move |arrival| {
            tell.send(match arrival {
                Arrival::Page(items) => items.concat(),
                Arrival::End => "end".to_owned(),
                Arrival::Failed(error) => error.to_string(),
            })
            .unwrap();
        });
        (feed.unwrap(), told, fetched)
    }

    #[test]
    fn a_page_is_fetched_only_when_it_is_asked_for() {
        let (feed, told, fetched) = feed(vec![Ok(vec!["a".to_owned(), "b".to_owned()]), Ok(vec!["c".to_owned()])]);
        feed.next();
        assert_eq!(told.recv().unwrap(), "ab");
        assert_eq!(fetched.try_iter().collect::<Vec<_>>(), [0]);
        feed.next();
        feed.next();
        assert_eq!(told.iter().take(2).collect::<Vec<_>>(), ["c", "end"]);
        feed.next();
        assert!(told.recv().is_err(), "nothing comes after the end");
    }

    #[test]
    fn the_end_is_told_with_the_last_page_or_when_it_is_asked_for() {
        let (feed, told, fetched) = feed(vec![Ok(vec!["a".to_owned()])]);
        feed.next();
        assert_eq!(told.iter().collect::<Vec<_>>(), ["a", "end"]);
        assert_eq!(fetched.iter().count(), 1);
        let (tell, told) = channel();
        let start = || std::iter::once(Ok(Vec::new())).filter(|_| true).chain(None.into_iter().filter(|_| true));
        let feed = Feed::start(start, move |arrival| tell.send(matches!(arrival, Arrival::End)).unwrap()).unwrap();
        feed.next();
        assert!(!told.recv().unwrap());
        feed.next();
        assert!(told.recv().unwrap());
    }

    #[test]
    fn nothing_comes_after_a_failure() {
        let (feed, told, _fetched) = feed(vec![Err(anyhow::anyhow!("no")), Ok(Vec::new())]);
        feed.next();
        feed.next();
        assert_eq!(told.iter().collect::<Vec<_>>(), ["no"]);
    }

    #[test]
    fn the_thread_ends_with_the_feed() {
        let (feed, told, _fetched) = feed(vec![Ok(Vec::new())]);
        drop(feed);
        assert!(told.recv().is_err());
    }
}
