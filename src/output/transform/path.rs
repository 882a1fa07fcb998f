//! A path's text → its steps.
//!
//! GJSON has no grammar of its own: what a character means depends on the value that it meets. Steps keep what differs
//! between lists and maps, and refuse the spellings that the Go program reads in a way nobody can have meant.

use super::PathError;
use super::modifiers::{self, Modifier};
use super::pattern::Pattern;
use super::query::Condition;
use super::scan;
use super::split::{last_name, opener_of, skip_quoted, split_at_pipe, split_members, tail};

/// How deep multipaths, queries and `@dig` may lie in each other.
const MAX_DEPTH: usize = 64;

/// How many steps a path may have, those in multipaths and queries included.
const MAX_STEPS: usize = 256;

/// How many times as large as its input the output may become, by a rough guess.
const MAX_GROWTH: usize = 4096;

/// One part of a path, up to a `.` or `|`.
#[derive(Debug)]
pub(super) struct Step {
    pub(super) component: Component,
    /// A `|` precedes it.
    pub(super) piped: bool,
}

impl Step {
    /// True if the step takes the whole result so far, whether a `.` or a `|` precedes it.
    pub(super) const fn takes_result(&self) -> bool {
        self.piped || matches!(self.component, Component::Modifier(_) | Component::Multipath(_))
    }
}

#[derive(Debug)]
pub(super) enum Component {
    /// A key, a wildcard or an index.
    Key(Key),
    /// `#`: the length of a list; before a `.`, each of its elements. `reach` counts the steps that go for each element.
    Each { reach: usize },
    /// `#(…)` or `#(…)#`. `reach` as above.
    Query { query: Box<Query>, reach: usize },
    /// `@name` or `@name:argument`.
    Modifier(Modifier),
    /// `!value`: a JSON text.
    Literal(String),
    /// `{…}` or `[…]`.
    Multipath(Multipath),
    /// `..`: the text as a list of lines.
    Lines,
}

#[derive(Debug)]
pub(super) struct Key {
    /// The key, its escapes resolved.
    pub(super) name: String,
    /// Set if it has wildcards.
    pub(super) pattern: Option<Pattern>,
    /// Set if it can be an index.
    pub(super) index: Option<usize>,
    /// Holds an escaped `.` or `|`. Lists know no escapes, so that on one the key ends there and selects nothing.
    pub(super) is_cut_on_lists: bool,
    /// Holds a `#`. On a list no modifier or multipath after a `.` is reached then.
    pub(super) has_hash: bool,
}

#[derive(Debug)]
pub(super) struct Query {
    /// The left side; none selects the element itself.
    pub(super) left: Vec<Step>,
    /// True if the left side is empty.
    pub(super) bare: bool,
    /// `None` if the left side has only to exist.
    pub(super) condition: Option<Condition>,
    /// True for `#(…)#`, which takes all elements that match.
    pub(super) all: bool,
    /// The key that the query is on a map; `None` if it holds a character that would end a key.
    pub(super) key: Option<Key>,
}

#[derive(Debug)]
pub(super) struct Multipath {
    pub(super) is_object: bool,
    pub(super) members: Vec<Member>,
}

#[derive(Debug)]
pub(super) struct Member {
    /// The key as JSON text.
    pub(super) name: String,
    pub(super) steps: Vec<Step>,
}

/// Where a step stands, which decides what its first character means.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// At the start of a path, after `|`, or after a `.` that follows anything but a key.
    Start,
    /// After a key and a `.`.
    Inside,
    /// After `..`.
    Lines,
}

/// Reads `path`. Err: the first thing in it that is wrong.
pub(super) fn parse(path: &str) -> Result<Vec<Step>, PathError> {
    let mut parser = Parser { path, depth: 0, count: 0 };
    let steps = parser.nested(path)?;
    if growth(&steps) > MAX_GROWTH {
        return Err(PathError("the path repeats its input too many times".to_owned()));
    }
    Ok(steps)
}

/// How many times as large as its input what the steps select may be, guessed from above for documents of usual depth.
fn growth(steps: &[Step]) -> usize {
    steps.iter().map(|step| growth_of(&step.component)).fold(1, usize::saturating_mul)
}

fn growth_of(component: &Component) -> usize {
    match component {
        Component::Multipath(multipath) => {
            let members = multipath.members.iter().map(|member| growth(&member.steps));
            members.fold(0, usize::saturating_add).max(1)
        }
        Component::Query { query, .. } => growth(&query.left),
        Component::Modifier(Modifier::Dig(steps)) => growth(steps).saturating_mul(8),
        Component::Modifier(Modifier::Pretty(_) | Modifier::ToString) => 2,
        _ => 1,
    }
}

pub(super) struct Parser<'p> {
    path: &'p str,
    depth: usize,
    count: usize,
}

impl<'p> Parser<'p> {
    /// The steps of a path within the path, which must be a slice of it.
    pub(super) fn nested(&mut self, text: &'p str) -> Result<Vec<Step>, PathError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(self.fault(text, format_args!("the path nests more than {MAX_DEPTH} levels deep")));
        }
        let mut steps = Vec::new();
        self.append(text, text, &mut steps)?;
        self.depth -= 1;
        Ok(steps)
    }

    /// Appends the steps of `text` to `steps`. `whole` is `text` and what follows it in the path: on a map, the steps that
    /// are for each element of a list and those behind them are one.
    fn append(&mut self, text: &'p str, whole: &'p str, steps: &mut Vec<Step>) -> Result<(), PathError> {
        let (mut rest, mut place, mut piped) = (text, Place::Start, false);
        loop {
            self.count += 1;
            if self.count > MAX_STEPS {
                return Err(self.fault(rest, format_args!("the path has more than {MAX_STEPS} parts")));
            }
            let (component, after) = self.component(rest, place)?;
            place = if matches!(component, Component::Key(_)) { Place::Inside } else { Place::Start };
            let spreads = matches!(component, Component::Each { .. } | Component::Query { .. });
            let is_lines = matches!(component, Component::Lines);
            steps.push(Step { component, piped });
            (piped, rest) = if is_lines {
                place = Place::Lines;
                (false, after)
            } else if after.is_empty() {
                return Ok(());
            } else if let Some(next) = after.strip_prefix('|') {
                place = Place::Start;
                (true, next)
            } else if let Some(next) = after.strip_prefix('.') {
                let next_whole = tail(whole, text.len() - next.len());
                match split_at_pipe(next_whole).filter(|(each, _)| spreads && each.len() <= next.len()) {
                    Some((each, _)) => {
                        self.append_reach(each, next_whole, steps)?;
                        let Some(piped) = tail(next, each.len()).strip_prefix('|') else { return Ok(()) };
                        (true, piped)
                    }
                    None => (false, next),
                }
            } else {
                return Err(self.fault(after, "only `.` or `|` may follow here"));
            };
        }
    }

    /// Appends the steps that the last step takes for each element.
    fn append_reach(&mut self, text: &'p str, whole: &'p str, steps: &mut Vec<Step>) -> Result<(), PathError> {
        let before = steps.len();
        self.append(text, whole, steps)?;
        let count = steps.len() - before;
        let spreading = before.checked_sub(1).and_then(|at| steps.get_mut(at)).map(|step| &mut step.component);
        if let Some(Component::Each { reach } | Component::Query { reach, .. }) = spreading {
            *reach = count;
        }
        Ok(())
    }

    /// The component that `text` begins with, and what follows it.
    fn component(&mut self, text: &'p str, place: Place) -> Result<(Component, &'p str), PathError> {
        if place == Place::Lines && text.starts_with(['@', '{', '[']) {
            return Err(self.fault(text, "only an index, `#` or a query may follow `..`"));
        }
        if text.starts_with('@') {
            let (modifier, after) = modifiers::parse(self, text)?;
            return Ok((Component::Modifier(modifier), after));
        }
        if text.starts_with(['{', '[']) {
            return self.multipath(text);
        }
        if text.starts_with("#(") || text.starts_with("#[") {
            return self.query(text);
        }
        if place == Place::Start && text.starts_with('!') {
            return self.literal(text);
        }
        if place == Place::Start
            && let Some(after) = text.strip_prefix("..")
        {
            return Ok((Component::Lines, after));
        }
        if let Some(after) = text.strip_prefix('#')
            && (after.is_empty() || after.starts_with(['.', '|']))
        {
            return Ok((Component::Each { reach: usize::MAX }, after));
        }
        let (key, after) = key(text);
        Ok((Component::Key(key), after))
    }

    /// `#(…)` or `#(…)#`.
    fn query(&mut self, text: &'p str) -> Result<(Component, &'p str), PathError> {
        let (inner, after) = self.enclosed(text.strip_prefix('#').unwrap_or(text), "([")?;
        let (all, after) = after.strip_prefix('#').map_or((false, after), |after| (true, after));
        let (left, right) = inner.split_at_checked(operator_at(inner)).unwrap_or((inner, ""));
        let (left, right) = (scan::trim(left), scan::trim(right));
        let condition = if right.is_empty() { None } else { Some(Condition::parse(right)) };
        let condition = condition.transpose().map_err(|problem| self.fault(right, problem))?;
        let (key, beyond) = key(text.strip_suffix(after).unwrap_or(text));
        let query = Query {
            left: self.nested(left)?,
            bare: left.is_empty(),
            condition,
            all,
            key: beyond.is_empty().then_some(key),
        };
        Ok((Component::Query { query: Box::new(query), reach: usize::MAX }, after))
    }

    /// `{…}` or `[…]`.
    fn multipath(&mut self, text: &'p str) -> Result<(Component, &'p str), PathError> {
        let (inner, after) = self.enclosed(text, "([{")?;
        let mut members = Vec::new();
        for (name, path) in split_members(inner) {
            let is_json = name.starts_with('"') && scan::is_valid(name);
            let name = match name {
                "" => scan::quote(last_name(path)),
                _ if is_json => name.to_owned(),
                _ => scan::quote(name),
            };
            members.push(Member { name, steps: self.nested(path)? });
        }
        Ok((Component::Multipath(Multipath { is_object: text.starts_with('{'), members }), after))
    }

    /// `!` and a JSON value. After a string or a number the Go program reads on in odd ways, so nothing may follow one.
    fn literal(&self, text: &'p str) -> Result<(Component, &'p str), PathError> {
        let body = text.strip_prefix('!').unwrap_or(text);
        let (value, after) = if body.starts_with(['{', '[']) {
            let (_, after) = self.enclosed(body, "([{")?;
            (body.strip_suffix(after).unwrap_or(body), after)
        } else if body.starts_with(|first: char| first == '"' || first == '+' || first == '-' || first.is_ascii_digit())
        {
            (body, "")
        } else {
            let end = body.find(['.', '|']).unwrap_or(body.len());
            body.split_at_checked(end).unwrap_or((body, ""))
        };
        if !scan::is_valid(value) {
            let advice = "what follows `!` must be one JSON value (write `\\!` for a key that begins with `!`)";
            return Err(self.fault(text, advice));
        }
        Ok((Component::Literal(scan::value(value).to_owned()), after))
    }

    /// What the bracket that `text` begins with encloses, and what follows its end. `openers` are the brackets that pair;
    /// those in double quotes or after a backslash do not.
    pub(super) fn enclosed(&self, text: &'p str, openers: &str) -> Result<(&'p str, &'p str), PathError> {
        let mut open = Vec::new();
        let mut chars = text.char_indices();
        while let Some((at, character)) = chars.next() {
            match character {
                '\\' => _ = chars.next(),
                '"' if !skip_quoted(&mut chars) => {
                    return Err(self.fault(tail(text, at), "a quote is never closed"));
                }
                '(' | '[' | '{' if openers.contains(character) => open.push((character, at)),
                ')' | ']' | '}' if openers.contains(opener_of(character)) => match open.pop() {
                    Some((opener, _)) if opener == opener_of(character) => {}
                    _ => return Err(self.fault(tail(text, at), format_args!("`{character}` closes nothing"))),
                },
                _ => {}
            }
            if open.is_empty() {
                let inner = text.get(1..at).unwrap_or_default();
                return Ok((inner, text.get(at + 1..).unwrap_or_default()));
            }
        }
        let (opener, at) = open.pop().unwrap_or(('(', 0));
        Err(self.fault(tail(text, at), format_args!("`{opener}` is never closed")))
    }

    /// The error that `problem` is at the start of `place`, a slice of the path.
    pub(super) fn fault(&self, place: &str, problem: impl std::fmt::Display) -> PathError {
        let offset = place.as_ptr().addr().saturating_sub(self.path.as_ptr().addr());
        let position = self.path.get(..offset).map_or(0, |before| before.chars().count()) + 1;
        PathError(format!("{problem}, at character {position} of the path"))
    }
}

/// The key, wildcard or index that `text` begins with, and what follows it.
fn key(text: &str) -> (Key, &str) {
    let (mut name, mut is_wild, mut is_cut) = (String::new(), false, false);
    let mut chars = text.char_indices();
    let mut end = text.len();
    while let Some((at, character)) = chars.next() {
        match character {
            '\\' => {
                let escaped = chars.next().map(|(_, escaped)| escaped);
                is_cut |= matches!(escaped, Some('.' | '|'));
                name.extend(escaped);
            }
            '.' | '|' => {
                end = at;
                break;
            }
            _ => {
                is_wild |= matches!(character, '*' | '?');
                name.push(character);
            }
        }
    }
    let (spelling, after) = text.split_at_checked(end).unwrap_or((text, ""));
    let is_index = !spelling.is_empty() && spelling.bytes().all(|byte| byte.is_ascii_digit());
    let key = Key {
        // The Go program compares after it resolves the escapes, so that in a key with a wildcard an escaped one is one, too.
        pattern: is_wild.then(|| Pattern::new(&name)),
        index: if is_index { spelling.parse().ok() } else { None },
        is_cut_on_lists: is_cut,
        has_hash: spelling.contains('#'),
        name,
    };
    (key, after)
}

/// Where the operator of a query begins; its end if it has none.
fn operator_at(query: &str) -> usize {
    let mut depth = 0_usize;
    let mut chars = query.char_indices();
    while let Some((at, character)) = chars.next() {
        match character {
            '!' | '=' | '<' | '>' | '%' if depth == 0 => return at,
            '\\' => _ = chars.next(),
            '"' => _ = skip_quoted(&mut chars),
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    query.len()
}
