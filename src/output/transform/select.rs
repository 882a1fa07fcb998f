//! Steps and a JSON text → the text that they select. An empty text stands for a value that is missing, which some
//! modifiers and literals make something of.

use super::path::{Component, Key, Multipath, Query, Step};
use super::scan::{self, Kind};

/// What `steps` select in `json`; empty if nothing.
pub(super) fn select(json: &str, steps: &[Step]) -> String {
    let Some((first, rest)) = steps.split_first() else { return scan::value(json).to_owned() };
    let computed = match &first.component {
        Component::Modifier(modifier) => modifier.apply(json),
        Component::Literal(text) => text.clone(),
        Component::Multipath(multipath) => compose(json, multipath),
        Component::Lines => {
            let line = scan::trim(json);
            let lines = (!line.is_empty()).then_some(line).into_iter();
            return Walk::default().finish(|walk| walk.list(lines, rest));
        }
        Component::Key(_) | Component::Each { .. } | Component::Query { .. } => {
            return Walk::default().finish(|walk| walk.value(json, steps));
        }
    };
    select(&computed, rest)
}

/// The object or array that a multipath makes; members that select nothing are left out.
fn compose(json: &str, multipath: &Multipath) -> String {
    let (open, close) = if multipath.is_object { ('{', '}') } else { ('[', ']') };
    let mut text = String::from(open);
    for member in &multipath.members {
        let value = select(json, &member.steps);
        if value.is_empty() {
            continue;
        }
        if text.len() > 1 {
            text.push(',');
        }
        if multipath.is_object {
            text.push_str(&member.name);
            text.push(':');
        }
        text.push_str(&value);
    }
    text.push(close);
    text
}

/// One descent along keys, indexes and queries. A wildcard, a repeated key or a query may take several ways; the first that
/// reaches its end counts.
#[derive(Default)]
struct Walk<'p> {
    found: String,
    /// The steps to go on with from what is found, set as soon as the step before them is reached, whether it finds
    /// something or not.
    pipe: Option<&'p [Step]>,
}

impl<'p> Walk<'p> {
    fn finish(mut self, descend: impl FnOnce(&mut Self) -> bool) -> String {
        descend(&mut self);
        match self.pipe {
            Some(steps) => select(&self.found, steps),
            None => self.found,
        }
    }

    /// Descends into `json`; true if that reached the end of the steps.
    fn value(&mut self, json: &str, steps: &'p [Step]) -> bool {
        match scan::kind(json) {
            Some(Kind::Object) => self.map(json, steps),
            Some(Kind::Array) => self.list(scan::elements(json), steps),
            _ => false,
        }
    }

    fn map(&mut self, json: &str, steps: &'p [Step]) -> bool {
        let Some((step, rest)) = steps.split_first() else { return false };
        let more = rest.first().is_some_and(|next| !next.takes_result());
        let key = match &step.component {
            Component::Key(key) => Some(key),
            Component::Each { .. } => None,
            Component::Query { query, .. } => match &query.key {
                Some(key) => Some(key),
                None => return false,
            },
            _ => return false,
        };
        if !more && !rest.is_empty() {
            self.pipe = Some(rest);
        }
        for (_, value) in scan::members(json).filter(|(name, _)| key_matches(key, name)) {
            if more {
                if self.value(value, rest) {
                    return true;
                }
            } else {
                value.clone_into(&mut self.found);
                return true;
            }
        }
        false
    }

    fn list<'j>(&mut self, elements: impl Iterator<Item = &'j str>, steps: &'p [Step]) -> bool {
        let Some((step, rest)) = steps.split_first() else { return false };
        match &step.component {
            Component::Key(key) => self.index(elements, key, rest),
            Component::Each { reach } => self.each(elements, *reach, rest),
            Component::Query { query, reach } => self.query(elements, (query, *reach), rest),
            _ => false,
        }
    }

    fn index<'j>(&mut self, mut elements: impl Iterator<Item = &'j str>, key: &Key, rest: &'p [Step]) -> bool {
        let more = rest.first().is_some_and(|next| !next.takes_result());
        let is_reached = !key.is_cut_on_lists && (!key.has_hash || rest.first().is_some_and(|next| next.piped));
        if !more && !rest.is_empty() && is_reached {
            self.pipe = Some(rest);
        }
        match key.index.and_then(|index| elements.nth(index)) {
            Some(element) if more => self.value(element, rest),
            Some(element) => {
                element.clone_into(&mut self.found);
                true
            }
            None => false,
        }
    }

    /// `#`: how many elements there are, or what the next steps select in each.
    fn each<'j>(&mut self, elements: impl Iterator<Item = &'j str>, reach: usize, rest: &'p [Step]) -> bool {
        if rest.first().is_none_or(|next| next.piped) {
            self.found = elements.count().to_string();
            self.pipe = (!rest.is_empty()).then_some(rest);
            return true;
        }
        let (each, pipe) = rest.split_at_checked(reach).unwrap_or((rest, &[]));
        if !pipe.is_empty() {
            self.pipe = Some(pipe);
        }
        self.found = array(elements.map(|element| select(element, each)));
        true
    }

    fn query<'j>(
        &mut self,
        elements: impl Iterator<Item = &'j str>,
        (query, reach): (&Query, usize),
        rest: &'p [Step],
    ) -> bool {
        let more = rest.first().is_some_and(|next| !next.piped);
        let (each, pipe) = match rest.split_at_checked(reach) {
            _ if !more => (&[][..], rest),
            Some(split) => split,
            None => (rest, &[][..]),
        };
        // Without steps for each match the Go program pipes in any case, with them only once something matches.
        if !more && !pipe.is_empty() {
            self.pipe = Some(pipe);
        }
        let mut results = Vec::new();
        for element in elements.filter(|element| query_matches(query, element)) {
            if !pipe.is_empty() {
                self.pipe = Some(pipe);
            }
            let result = if more { select(element, each) } else { element.to_owned() };
            if !query.all {
                self.found = result;
                return true;
            }
            results.push(result);
        }
        if query.all && self.found.is_empty() {
            self.found = array(results.into_iter());
        }
        false
    }
}

/// True if a member's key, with its quotes, is the one wanted: `key`, or `#` without one.
fn key_matches(key: Option<&Key>, name: &str) -> bool {
    let name = scan::string(name);
    match key {
        Some(Key { pattern: Some(pattern), .. }) => pattern.matches(&name),
        Some(key) => name == key.name,
        None => name == "#",
    }
}

fn query_matches(query: &Query, element: &str) -> bool {
    let left = if matches!(scan::kind(element), Some(Kind::Object | Kind::Array)) {
        select(element, &query.left)
    } else if query.bare {
        element.to_owned()
    } else {
        return false;
    };
    match &query.condition {
        Some(condition) => condition.is_met_by(&left),
        None => !left.is_empty(),
    }
}

/// The array of those texts that are not empty.
pub(super) fn array(texts: impl Iterator<Item = String>) -> String {
    let texts: Vec<String> = texts.filter(|text| !text.is_empty()).collect();
    format!("[{}]", texts.join(","))
}
