//! What the explorer knows, and what follows from a key or from a page; pure.

use super::keys::Key;
use super::level::Level;
use super::page::Page;
use super::row::Row;
use crate::json::text_member;
use crate::output::style::Style;

/// The states by which a list is filtered first.
const FIRST_STATES: [&str; 4] = ["failed", "in_progress", "completed", "cancelled"];

/// What is to be done outside.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Effect {
    None,
    Leave,
    /// Leave, and print this JSON.
    Print(String),
    /// Hand this to the terminal's clipboard.
    Copy(String),
    /// Draw everything anew.
    Redraw,
}

/// Whether more of the list follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Feeding {
    /// More may follow.
    More,
    /// A page has been asked for.
    Loading,
    Complete,
}

/// For what pages are loaded though nobody looks at them yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Goal {
    /// The end of the list.
    End,
    /// What is searched, in what comes after so many shown lines.
    Found(usize),
}

/// A search that is being typed, from the line that was selected before.
#[derive(Debug, Default)]
pub(super) struct Typing {
    pub(super) text: String,
    from: usize,
}

/// The state of the explorer.
#[derive(Debug)]
pub(super) struct Explorer {
    /// The list or the object that everything else is in.
    pub(super) root: Level,
    /// What is opened of it, from the outermost.
    opened: Vec<Level>,
    /// Whether the root is a list of items, rather than a value.
    is_list: bool,
    pub(super) feeding: Feeding,
    pub(super) goal: Option<Goal>,
    /// The state that the list is filtered by.
    filter: Option<String>,
    pub(super) search: String,
    pub(super) typing: Option<Typing>,
    pub(super) page: Option<Page>,
    /// What the last key has come to, if there is something to say.
    pub(super) notice: Option<String>,
    /// Why the list goes no further.
    pub(super) failure: Option<String>,
    /// Lines between the title and the last line.
    lines: usize,
    /// How the terminal is written to.
    pub(super) style: Style,
}

impl Explorer {
    /// One value.
    pub(super) fn of_value(json: &str, style: Style) -> Self {
        let names = ["object", "id"].into_iter().filter_map(|name| text_member(json, name));
        let title = names.collect::<Vec<_>>().join(" ");
        let title = if title.is_empty() { "JSON" } else { &title };
        let level = Level::of(title, json, style).unwrap_or_else(|| {
            let mut level = Level::new(title, style);
            level.push(Row::value("", json), None);
            level
        });
        Self { feeding: Feeding::Complete, ..Self::with(level, style) }
    }

    /// A list whose pages are yet to come.
    pub(super) fn of_list(title: &str, style: Style) -> Self {
        Self { is_list: true, ..Self::with(Level::new(title, style), style) }
    }

    fn with(root: Level, style: Style) -> Self {
        Self {
            root,
            opened: Vec::new(),
            is_list: false,
            feeding: Feeding::More,
            goal: None,
            filter: None,
            search: String::new(),
            typing: None,
            page: None,
            notice: None,
            failure: None,
            lines: 0,
            style,
        }
    }

    /// What is looked at.
    pub(super) fn level(&self) -> &Level {
        self.opened.last().unwrap_or(&self.root)
    }

    fn level_mut(&mut self) -> &mut Level {
        self.opened.last_mut().unwrap_or(&mut self.root)
    }

    /// The titles of what is open.
    pub(super) fn titles(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.root).chain(&self.opened).map(|level| level.title.as_str())
    }

    /// Whether the list itself is looked at, rather than something in it.
    pub(super) fn is_at_list(&self) -> bool {
        self.is_list && self.opened.is_empty()
    }

    /// The state that the list is filtered by.
    pub(super) fn filter(&self) -> Option<&str> {
        self.filter.as_deref()
    }

    /// From now on so many lines are between the title and the last line.
    pub(super) fn resize(&mut self, lines: usize) {
        self.lines = lines;
        self.settle();
    }

    /// Whether the next page is to be asked for, as it then is: one before it is scrolled to, so that nobody waits.
    pub(super) fn asks_for_page(&mut self) -> bool {
        let root = &self.root;
        let is_near = self.is_at_list() && root.selected + self.lines.max(1) >= root.shown.len();
        let asks = self.feeding == Feeding::More && (self.goal.is_some() || is_near);
        if asks {
            self.feeding = Feeding::Loading;
        }
        asks
    }

    /// Takes the items of a page.
    pub(super) fn add(&mut self, items: Vec<String>) {
        self.feeding = Feeding::More;
        for item in items {
            self.root.push(Row::item(item), self.filter.as_deref());
        }
        self.pursue();
    }

    /// The list has no more pages, or none can be had for this reason.
    pub(super) fn end(&mut self, failure: Option<String>) {
        self.feeding = Feeding::Complete;
        self.failure = failure;
        self.pursue();
    }

    /// Goes on with what pages were loaded for.
    fn pursue(&mut self) {
        let is_complete = self.feeding == Feeding::Complete;
        match self.goal {
            Some(Goal::End) if is_complete => {
                self.root.select(usize::MAX);
                self.goal = None;
            }
            Some(Goal::Found(from)) => {
                self.goal = None;
                self.find_from(from, false);
            }
            _ => {}
        }
        self.settle();
    }

    /// Brings the selection onto the screen.
    fn settle(&mut self) {
        let lines = self.lines;
        self.level_mut().scroll(lines);
        if let Some(page) = &mut self.page {
            page.scroll(lines);
        }
    }

    /// Takes a key.
    pub(super) fn press(&mut self, key: Key) -> Effect {
        self.notice = None;
        // What goes on is ended by any key, and by some of them more.
        let was_going_on = self.goal.take().is_some();
        let effect = match key {
            Key::Ctrl('c') => Effect::Leave,
            Key::Ctrl('l') => Effect::Redraw,
            Key::Escape if was_going_on => Effect::None,
            key if self.typing.is_some() => self.type_search(key),
            Key::Char('q') => Effect::Leave,
            key if self.page.is_some() => self.press_on_page(key),
            key => self.press_on_level(key),
        };
        self.settle();
        effect
    }

    fn press_on_page(&mut self, key: Key) -> Effect {
        match key {
            Key::Escape => self.page = None,
            Key::Char('?') => self.page = Some(Page::help()),
            key => {
                let lines = self.lines;
                let closes = self.page.as_mut().is_some_and(|page| page.press(key, lines));
                if closes {
                    self.page = None;
                }
            }
        }
        Effect::None
    }

    fn press_on_level(&mut self, key: Key) -> Effect {
        let place = moved(key, self.level().selected, self.lines);
        if let Some(place) = place {
            self.level_mut().select(place);
        }
        match key {
            Key::End | Key::Char('G') if self.is_at_list() && self.feeding != Feeding::Complete => {
                self.goal = Some(Goal::End);
            }
            Key::Right | Key::Enter | Key::Char('l') => self.open(),
            Key::Left | Key::Backspace | Key::Char('h') => drop(self.opened.pop()),
            Key::Char('/') => {
                self.typing = Some(Typing { from: self.level().selected, ..Typing::default() });
            }
            Key::Char('n') => self.search_on(false),
            Key::Char('N') => self.search_on(true),
            Key::Char('f') => self.filter_next(),
            Key::Char('r') => self.page = self.level().selection().map(|row| Page::raw(&row.json, self.style)),
            Key::Char('?') => self.page = Some(Page::help()),
            Key::Char('y') => return self.level().selection().map_or(Effect::None, |row| Effect::Copy(row.copied())),
            Key::Char('p') => {
                let json = self.level().selection().map(|row| row.json.clone());
                return json.map_or(Effect::None, Effect::Print);
            }
            Key::Escape => return Effect::Leave,
            _ => {}
        }
        Effect::None
    }

    /// Opens what is selected; of what has no members, all of the text.
    fn open(&mut self) {
        let Some(row) = self.level().selection() else { return };
        let id = text_member(&row.json, "id");
        let title = if row.key.is_empty() { id.unwrap_or_else(|| "item".to_owned()) } else { row.key.clone() };
        match Level::of(&title, &row.json, self.style) {
            Some(level) => self.opened.push(level),
            None => self.page = Some(Page::text(&row.json, self.style)),
        }
    }

    fn filter_next(&mut self) {
        if !self.is_at_list() {
            self.notice = Some("only a list is filtered".to_owned());
            return;
        }
        let states = self.root.states(&FIRST_STATES);
        let current = self.filter.as_deref().and_then(|filter| states.iter().position(|state| *state == filter));
        let next = states.get(current.map_or(0, |place| place + 1)).map(|state| (*state).to_owned());
        if states.is_empty() {
            self.notice = Some("nothing here has a state".to_owned());
        }
        self.filter = next;
        self.root.filter(self.filter.as_deref());
    }

    fn type_search(&mut self, key: Key) -> Effect {
        let Some(typing) = &mut self.typing else { return Effect::None };
        match key {
            Key::Char(character) => typing.text.push(character),
            Key::Backspace => drop(typing.text.pop()),
            Key::Ctrl('u') => typing.text.clear(),
            Key::Enter | Key::Escape => return self.end_typing(key == Key::Enter),
            _ => return Effect::None,
        }
        let (text, from) = (typing.text.to_lowercase(), typing.from);
        let found = self.seek(&text, from, false);
        self.level_mut().select(found.map_or(from, |(place, _)| place));
        Effect::None
    }

    /// Ends the typing. What was typed is searched from where it began; without any, what was searched before.
    fn end_typing(&mut self, is_confirmed: bool) -> Effect {
        let Some(typing) = self.typing.take() else { return Effect::None };
        self.level_mut().select(typing.from);
        if is_confirmed {
            if !typing.text.is_empty() {
                self.search = typing.text;
            }
            self.find_from(typing.from, false);
        }
        Effect::None
    }

    /// Goes to the next that is found after the selected one, or the one before it.
    fn search_on(&mut self, backwards: bool) {
        let selected = self.level().selected;
        self.find_from(if backwards { selected } else { selected + 1 }, backwards);
    }

    /// Whether more of what is looked at may follow.
    fn is_growing(&self) -> bool {
        self.is_at_list() && self.feeding != Feeding::Complete
    }

    /// The next place that has this text, from this one on or backwards before it, and whether that is beyond the end. Forwards,
    /// nothing is beyond the end of a list of which more follows.
    fn seek(&self, text: &str, from: usize, backwards: bool) -> Option<(usize, bool)> {
        let level = self.level();
        let count = level.shown.len();
        let (before, after) = (0..from.min(count), from..count);
        let found = if backwards { level.find(text, before.clone().rev()) } else { level.find(text, after.clone()) };
        let beyond = || match backwards {
            true => level.find(text, after.rev()),
            false if self.is_growing() => None,
            false => level.find(text, before),
        };
        found.map(|place| (place, false)).or_else(|| beyond().map(|place| (place, true)))
    }

    /// Goes to what is found from this place on. If that is nothing, more of the list is loaded until it is something, and at
    /// its end the search goes round.
    fn find_from(&mut self, from: usize, backwards: bool) {
        if self.search.is_empty() {
            self.notice = Some("nothing to search; / begins".to_owned());
            return;
        }
        let text = self.search.to_lowercase();
        match self.seek(&text, from, backwards) {
            Some((place, is_beyond)) => {
                self.level_mut().select(place);
                if is_beyond {
                    let end = if backwards { "the end" } else { "the beginning" };
                    self.notice = Some(format!("the search goes on from {end}"));
                }
            }
            None if self.is_growing() => self.goal = Some(Goal::Found(self.level().shown.len())),
            None => self.notice = Some(self.not_found()),
        }
    }

    fn not_found(&self) -> String {
        let place = if self.failure.is_some() { " in what could be loaded" } else { "" };
        format!("{} is not found{place}", self.search)
    }
}

/// Where a key moves to from a line, if it moves. Beyond the end is the end.
pub(super) fn moved(key: Key, line: usize, lines: usize) -> Option<usize> {
    let lines = lines.max(1);
    Some(match key {
        Key::Up | Key::Char('k') => line.saturating_sub(1),
        Key::Down | Key::Char('j') => line.saturating_add(1),
        Key::PageUp | Key::Ctrl('b') => line.saturating_sub(lines),
        Key::PageDown | Key::Char(' ') | Key::Ctrl('f') => line.saturating_add(lines),
        Key::Ctrl('u') => line.saturating_sub(lines.div_ceil(2)),
        Key::Ctrl('d') => line.saturating_add(lines.div_ceil(2)),
        Key::Home | Key::Char('g') => 0,
        Key::End | Key::Char('G') => usize::MAX,
        _ => return None,
    })
}
