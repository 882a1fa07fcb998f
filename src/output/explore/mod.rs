//! `--format explore`: an interactive view of a value, or of a list whose pages are loaded as somebody gets to them.
//!
//! What is known and what follows from a key is in `model` with what it is made of (`level`, `row`, `page`), all pure, and so
//! is what it looks like (`draw`). `terminal` takes the terminal and gives it back; `screen` makes bytes of screens.

mod draw;
mod keys;
mod level;
mod model;
mod page;
mod row;
mod screen;
mod terminal;
#[cfg(test)]
mod tests;

use std::sync::mpsc::{Receiver, Sender, channel};

use anyhow::Context as _;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::explored::ItemPages;
use super::feed::{Arrival, Feed};
use super::{STDOUT, Style, has_keyboard};
use model::{Effect, Explorer};
use screen::Screen;
use terminal::{Input, Terminal};

/// Terminals take no more than about this at once for their clipboard.
const LARGEST_COPY: usize = 70_000;
const TERMINAL: &str = "failed to use the terminal";

/// Whether somebody can look and type. A terminal that cannot be steered is none here.
pub(super) fn is_possible(style: Style) -> bool {
    style.attended && has_keyboard()
}

/// Explores one value. Gives the JSON of what is to be printed, if somebody left with that.
///
/// # Errors
/// When the terminal cannot be used.
pub(super) fn value(json: &str, style: Style) -> anyhow::Result<Option<String>> {
    let (sender, events) = channel();
    Session { explorer: Explorer::of_value(json, style), feed: None, failure: None, size: (0, 0) }.run(&sender, &events)
}

/// Explores a list by its pages, each of which is fetched when it is about to be looked at. Gives the JSON of what is to be
/// printed, if somebody left with that.
///
/// # Errors
/// When the terminal cannot be used, or after a page could not be had and somebody left with nothing.
pub(super) fn list(title: &str, pages: ItemPages, style: Style) -> anyhow::Result<Option<String>> {
    let (sender, events) = channel();
    let arrivals = sender.clone();
    let feed = Feed::start(|| pages, move |arrival| drop(arrivals.send(Event::Arrived(arrival)))).context(TERMINAL)?;
    Session { explorer: Explorer::of_list(title, style), feed: Some(feed), failure: None, size: (0, 0) }
        .run(&sender, &events)
}

/// What the main thread hears of.
enum Event {
    Input(Input),
    Arrived(Arrival),
}

/// One look at something.
struct Session {
    explorer: Explorer,
    feed: Option<Feed>,
    /// What ended the list before its end.
    failure: Option<anyhow::Error>,
    size: (u16, u16),
}

impl Session {
    fn run(mut self, sender: &Sender<Event>, events: &Receiver<Event>) -> anyhow::Result<Option<String>> {
        let inputs = sender.clone();
        let terminal = Terminal::take(move |input| drop(inputs.send(Event::Input(input)))).context(TERMINAL)?;
        let left_with = self.follow(events);
        drop(terminal);
        let left_with = left_with?;
        match self.failure {
            Some(failure) if left_with.is_none() => Err(failure),
            _ => Ok(left_with),
        }
    }

    /// Draws and takes what comes, until somebody leaves.
    fn follow(&mut self, events: &Receiver<Event>) -> anyhow::Result<Option<String>> {
        let mut screen = self.resize();
        loop {
            self.fit();
            self.load();
            let mut next = screen.blank();
            draw::draw(&self.explorer, &mut next);
            terminal::write(&screen.bytes(next)).context(STDOUT)?;
            // All that has come is taken before the next screen is drawn: a link may be slow and keys held down.
            let first = events.recv().context(TERMINAL)?;
            for event in std::iter::once(first).chain(events.try_iter()) {
                match self.take(event)? {
                    Effect::None => {}
                    Effect::Leave => return Ok(None),
                    Effect::Print(json) => return Ok(Some(json)),
                    Effect::Copy(text) => self.copy(&text)?,
                    Effect::Redraw => screen = self.resize(),
                }
            }
        }
    }

    fn take(&mut self, event: Event) -> anyhow::Result<Effect> {
        match event {
            Event::Input(Input::Key(key)) => {
                let effect = self.explorer.press(key);
                // A key that comes with others finds what those before it have asked for.
                self.load();
                return Ok(effect);
            }
            Event::Input(Input::Resized) => return Ok(Effect::Redraw),
            Event::Input(Input::Gone) => anyhow::bail!("the terminal is gone"),
            Event::Arrived(Arrival::Page(items)) => self.explorer.add(items),
            Event::Arrived(Arrival::End) => self.explorer.end(None),
            Event::Arrived(Arrival::Failed(error)) => {
                self.explorer.end(Some(page::failure(&error)));
                self.failure = Some(error);
            }
        }
        Ok(Effect::None)
    }

    /// An empty screen of the terminal's size.
    fn resize(&mut self) -> Screen {
        self.size = Terminal::size();
        Screen::new(self.size)
    }

    /// Tells the explorer how many lines it has.
    fn fit(&mut self) {
        let lines = draw::lines_of(&self.explorer, self.size);
        self.explorer.resize(lines);
    }

    /// Asks for the next page if it is wanted.
    fn load(&mut self) {
        if let Some(feed) = &self.feed
            && self.explorer.asks_for_page()
        {
            feed.next();
        }
    }

    /// Hands a text to the terminal's clipboard.
    fn copy(&mut self, text: &str) -> anyhow::Result<()> {
        self.explorer.notice = Some(if text.len() > LARGEST_COPY {
            "too long for a terminal's clipboard; p prints it".to_owned()
        } else {
            terminal::write(format!("\x1b]52;c;{}\x07", STANDARD.encode(text)).as_bytes()).context(STDOUT)?;
            format!("{text} was given to the terminal to copy")
        });
        Ok(())
    }
}
