//! YAML text → values. The parser gives events; this module keeps them in a list, so that an alias can read its
//! anchor's part of the list again, and builds the value from it.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use saphyr_parser::{Event, Parser, ScalarStyle, Span, Tag};

use super::message::{NO_SPACE, scan_fault};
use super::scalar::{Scalar, check_collection_tag, repeated};
use crate::json::{MAX_DEPTH, Value};

/// How many values aliases may add to a document in all, and how many bytes of text.
const MAX_EXPANDED_NODES: usize = 100_000;
const MAX_EXPANDED_BYTES: usize = 10_000_000;

/// Why a text is not acceptable, and where, in characters from its start.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) message: String,
    pub(super) index: usize,
}

impl Fault {
    fn new(message: impl Into<String>, index: usize) -> Self {
        Self { message: message.into(), index }
    }
}

/// Reads the one document in `text`; null if there is none.
///
/// # Errors
/// When the text is not YAML, holds more than one document, or what it holds cannot be a JSON value.
pub(super) fn read(text: &str) -> Result<Value, Fault> {
    let mut outline = Outline::new(text);
    let mut documents = 0;
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| scan_fault(&error, text))?;
        if matches!(event, Event::DocumentStart(_)) {
            documents += 1;
            if documents > 1 {
                return Err(Fault::new("more than one document", span.start.index()));
            }
        }
        outline.add(event, span)?;
    }
    if documents == 0 {
        return Ok(Value::Null);
    }
    let mut builder = Builder { nodes: &outline.nodes, alias: None, expanded_nodes: 0, expanded_bytes: 0 };
    builder.value(&mut 0, 0)
}

/// The keys of the outermost map, each with its place in characters from the start of a text that [`read`] takes.
pub(super) fn indices_of_keys(text: &str) -> Vec<(String, usize)> {
    let mut outline = Outline::new(text);
    for event in Parser::new_from_str(text) {
        let added = event.map(|(event, span)| outline.add(event, span));
        if !matches!(added, Ok(Ok(()))) {
            return Vec::new();
        }
    }
    let mut nodes = outline.nodes.iter();
    let mut keys = Vec::new();
    if !nodes.next().is_some_and(|node| matches!(node.content, Content::Map)) {
        return keys;
    }
    let (mut depth, mut is_key) = (0_usize, false);
    for node in nodes {
        if depth == 0 {
            is_key = !is_key;
        }
        match &node.content {
            Content::Scalar(scalar) if depth == 0 && is_key => {
                keys.extend(scalar.key().ok().map(|key| (key, node.index)));
            }
            Content::List | Content::Map => depth += 1,
            Content::End => depth = depth.saturating_sub(1),
            Content::Scalar(_) | Content::Alias(_) => {}
        }
    }
    keys
}

/// A step through the document.
struct Node<'a> {
    content: Content<'a>,
    /// Where it begins, in characters from the start of the text.
    index: usize,
}

enum Content<'a> {
    Scalar(Scalar<'a>),
    /// All nodes up to the matching `End` are its elements.
    List,
    /// All nodes up to the matching `End` are its keys and values in turn.
    Map,
    End,
    /// Stands for the value that begins at this node, which has ended before.
    Alias(usize),
}

/// The document as a list of nodes.
struct Outline<'a> {
    source: Source<'a>,
    nodes: Vec<Node<'a>>,
    /// Where the collections that are open begin.
    open: Vec<usize>,
    /// Whether the last node has an anchor.
    anchored: bool,
    /// Where each anchor's value begins.
    anchors: HashMap<usize, usize>,
}

impl<'a> Outline<'a> {
    fn new(text: &'a str) -> Self {
        let source = Source { text, index: 0, offset: 0 };
        Self { source, nodes: Vec::new(), open: Vec::new(), anchored: false, anchors: HashMap::new() }
    }

    fn add(&mut self, event: Event<'a>, span: Span) -> Result<(), Fault> {
        let index = span.start.index();
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let mut scalar = Scalar { text, plain: style == ScalarStyle::Plain, tag: full_tag(tag.as_deref()) };
                // The parser gives a value that is not there the span of what stands in its place.
                if scalar.text.is_empty() && scalar.plain && scalar.tag.is_none() && anchor == 0 && !span.is_empty() {
                    let index = self.split_key(&mut scalar, index)?;
                    self.push(Content::Scalar(scalar), index, 0);
                } else {
                    self.push(Content::Scalar(scalar), index, anchor);
                }
            }
            Event::SequenceStart(anchor, tag) => {
                check_tag(tag.as_deref(), "seq", index)?;
                self.open(Content::List, index, anchor)?;
            }
            Event::MappingStart(anchor, tag) => {
                check_tag(tag.as_deref(), "map", index)?;
                self.open(Content::Map, index, anchor)?;
            }
            Event::SequenceEnd | Event::MappingEnd => {
                self.open.pop();
                self.push(Content::End, index, 0);
            }
            Event::Alias(anchor) => {
                let target = self.anchors.get(&anchor).copied();
                let target = target.ok_or_else(|| Fault::new("the alias has no anchor before it", index))?;
                if self.open.contains(&target) {
                    return Err(Fault::new("the alias stands inside its own anchor", index));
                }
                self.push(Content::Alias(target), index, 0);
            }
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentStart(_) | Event::DocumentEnd => {}
        }
        Ok(())
    }

    /// Begins a list or a map.
    fn open(&mut self, content: Content<'a>, index: usize, anchor: usize) -> Result<(), Fault> {
        if self.open.len() >= MAX_DEPTH {
            return Err(too_deep(index));
        }
        self.open.push(self.nodes.len());
        self.push(content, index, anchor);
        Ok(())
    }

    /// Appends a node. The parser numbers anchors from 1; 0 stands for none.
    fn push(&mut self, content: Content<'a>, index: usize, anchor: usize) {
        self.anchored = anchor != 0;
        if self.anchored {
            self.anchors.insert(anchor, self.nodes.len());
        }
        self.nodes.push(Node { content, index });
    }

    /// Makes `{a:1}` mean `{a: 1}`: if the last node is a plain key with a colon in it, and no colon after it, gives
    /// its second part to `value`, which is missing. The bracket or comma at `index` tells a flow map from a block map.
    /// Returns where the value begins.
    fn split_key(&mut self, value: &mut Scalar<'a>, index: usize) -> Result<usize, Fault> {
        let in_flow_map = matches!(self.source.character(index), Some(',' | '}'));
        let Some(Node { content: Content::Scalar(key), index: start }) = self.nodes.last_mut() else {
            return Ok(index);
        };
        if !in_flow_map || !key.plain || key.tag.is_some() || self.anchored {
            return Ok(index);
        }
        let Some((name, rest)) = key.text.split_once(':').filter(|(name, _)| !name.is_empty()) else {
            return Ok(index);
        };
        let colon = *start + name.chars().count();
        if rest.starts_with(['"', '\'']) {
            return Err(Fault { message: NO_SPACE.to_owned(), index: colon });
        }
        value.text = Cow::Owned(rest.to_owned());
        key.text = Cow::Owned(name.trim_end().to_owned());
        Ok(colon + 1)
    }
}

/// Refuses a tag that a list or a map cannot have.
fn check_tag(tag: Option<&Tag>, own: &'static str, index: usize) -> Result<(), Fault> {
    check_collection_tag(full_tag(tag).as_deref(), own).map_err(|message| Fault::new(message, index))
}

/// A place in the text that moves forward with the parser.
struct Source<'a> {
    text: &'a str,
    /// The place in characters.
    index: usize,
    /// The same place in bytes.
    offset: usize,
}

impl Source<'_> {
    /// The character at `index`.
    fn character(&mut self, index: usize) -> Option<char> {
        if index < self.index {
            (self.index, self.offset) = (0, 0);
        }
        let mut rest = self.text.get(self.offset..)?.char_indices();
        let (distance, character) = rest.nth(index - self.index)?;
        self.index = index;
        self.offset += distance;
        Some(character)
    }
}

/// A tag with its handle resolved.
fn full_tag(tag: Option<&Tag>) -> Option<String> {
    tag.map(|tag| format!("{}{}", tag.handle, tag.suffix))
}

fn too_deep(index: usize) -> Fault {
    Fault::new(format!("nested more than {MAX_DEPTH} levels deep"), index)
}

/// Builds the value from the outline.
struct Builder<'n, 'a> {
    nodes: &'n [Node<'a>],
    /// Where the outermost alias stands whose value is being read again.
    alias: Option<usize>,
    expanded_nodes: usize,
    expanded_bytes: usize,
}

impl<'n, 'a> Builder<'n, 'a> {
    /// Builds the value that begins at node `at`, inside `depth` collections, and moves `at` past it.
    fn value(&mut self, at: &mut usize, depth: usize) -> Result<Value, Fault> {
        let (content, index) = self.take(at)?;
        match content {
            Content::Scalar(scalar) => scalar.value().map_err(|message| Fault::new(message, index)),
            Content::Alias(target) => {
                let outer = self.alias;
                self.alias = outer.or(Some(index));
                let value = self.value(&mut { *target }, depth)?;
                self.alias = outer;
                Ok(value)
            }
            Content::List | Content::Map if depth >= MAX_DEPTH => Err(too_deep(index)),
            Content::List => {
                let mut items = Vec::new();
                while !self.ends(at) {
                    items.push(self.value(at, depth + 1)?);
                }
                Ok(Value::Array(items))
            }
            Content::Map => self.map(at, depth + 1),
            Content::End => Err(Fault::new("expected a value", index)),
        }
    }

    /// Builds the members of a map. Its own members come first; merged ones fill in what they leave out.
    fn map(&mut self, at: &mut usize, depth: usize) -> Result<Value, Fault> {
        let mut members = Vec::new();
        let mut merged = Vec::new();
        let mut seen = HashSet::new();
        while !self.ends(at) {
            let (key, index) = self.key(at)?;
            let text = key.key().map_err(|message| Fault::new(message, index))?;
            if !seen.insert(text.clone()) {
                return Err(Fault::new(repeated(&text), index));
            }
            if key.is_merge_key() {
                merged = self.merged(at, depth)?;
            } else {
                members.push((text, self.value(at, depth)?));
            }
        }
        if !merged.is_empty() {
            let mut own: HashSet<String> = members.iter().map(|(key, _)| key.clone()).collect();
            members.extend(merged.into_iter().filter(|(key, _)| own.insert(key.clone())));
        }
        Ok(Value::Object(members))
    }

    /// The scalar that is the next key.
    fn key(&mut self, at: &mut usize) -> Result<(&'n Scalar<'a>, usize), Fault> {
        let (content, index) = self.take(at)?;
        let (content, index) = match content {
            Content::Alias(target) => (self.take(&mut { *target })?.0, index),
            _ => (content, index),
        };
        match content {
            Content::Scalar(scalar) => Ok((scalar, index)),
            Content::Map => Err(Fault::new("a map cannot be a key", index)),
            _ => Err(Fault::new("a list cannot be a key", index)),
        }
    }

    /// The members of the map, or of the list of maps, that a merge key brings in. The first of two equal keys counts.
    fn merged(&mut self, at: &mut usize, depth: usize) -> Result<Vec<(String, Value)>, Fault> {
        let index = self.nodes.get(*at).map_or(0, |node| self.alias.unwrap_or(node.index));
        let sources = match self.value(at, depth)? {
            Value::Array(items) => items,
            value => vec![value],
        };
        let mut members = Vec::new();
        for source in sources {
            let Value::Object(source) = source else {
                return Err(Fault::new(format!("`<<` merges maps, not {}", source.kind()), index));
            };
            members.extend(source);
        }
        Ok(members)
    }

    /// Whether the collection ends at `at`; if so, moves `at` past its end.
    fn ends(&self, at: &mut usize) -> bool {
        let ends = self.nodes.get(*at).is_none_or(|node| matches!(node.content, Content::End));
        *at += usize::from(ends);
        ends
    }

    /// The node at `at`, and the place to report if it is at fault. Nodes read again through an alias count as
    /// expanded.
    fn take(&mut self, at: &mut usize) -> Result<(&'n Content<'a>, usize), Fault> {
        let nodes = self.nodes;
        let Some(node) = nodes.get(*at) else { return Err(Fault::new("the text ends too early", 0)) };
        *at += 1;
        let index = self.alias.unwrap_or(node.index);
        if self.alias.is_some() {
            self.expanded_nodes += 1;
            if let Content::Scalar(scalar) = &node.content {
                self.expanded_bytes += scalar.text.len();
            }
            if self.expanded_nodes > MAX_EXPANDED_NODES || self.expanded_bytes > MAX_EXPANDED_BYTES {
                return Err(Fault::new("the alias expands to too much", index));
            }
        }
        Ok((&node.content, index))
    }
}

#[cfg(test)]
mod tests {
    use super::read;

    fn json(text: &str) -> String {
        read(text).unwrap_or_else(|fault| panic!("{text:?}: {fault:?}")).to_string()
    }

    fn error(text: &str) -> (String, usize) {
        let fault = read(text).unwrap_err();
        (fault.message, fault.index)
    }

    #[test]
    fn an_alias_stands_for_the_value_of_its_anchor() {
        assert_eq!(json("a: &x {b: 1}\nc: [*x, *x]"), r#"{"a":{"b":1},"c":[{"b":1},{"b":1}]}"#);
        assert_eq!(json("- &k key\n- {*k : 1}\n- *k"), r#"["key",{"key":1},"key"]"#);
        assert_eq!(json("[&x 1, *x, &x 2, *x]"), "[1,1,2,2]");
        assert_eq!(json("[&x [&y 5, *y], *x, *y]"), "[[5,5],[5,5],5]");
    }

    #[test]
    fn an_alias_without_anchor_or_inside_it_is_an_error() {
        assert_eq!(error("[*x]"), ("the alias *x has no anchor before it".to_owned(), 1));
        assert_eq!(error("a: &x [*x]"), ("the alias stands inside its own anchor".to_owned(), 7));
        assert_eq!(error("&x {a: {b: *x}}"), ("the alias stands inside its own anchor".to_owned(), 11));
    }

    #[test]
    fn merged_members_fill_in_what_the_map_leaves_out() {
        assert_eq!(json("- &b {x: 1, y: 2}\n- {<<: *b, y: 3}"), r#"[{"x":1,"y":2},{"y":3,"x":1}]"#);
        assert_eq!(json("- &b {x: 1, y: 2}\n- {y: 3, <<: *b}"), r#"[{"x":1,"y":2},{"y":3,"x":1}]"#);
        assert_eq!(json("{<<: [{a: 1}, {a: 2, b: 3}], c: 4}"), r#"{"c":4,"a":1,"b":3}"#);
        assert_eq!(
            json("- &a {x: 1}\n- &b {<<: *a, y: 2}\n- <<: *b\n  z: 3"),
            r#"[{"x":1},{"y":2,"x":1},{"z":3,"y":2,"x":1}]"#
        );
        assert_eq!(json("{'<<': 1, a: <<}"), r#"{"<<":1,"a":"<<"}"#);
        assert_eq!(json("{<<: [], a: 1}"), r#"{"a":1}"#);
    }

    #[test]
    fn merging_what_is_no_map_or_merging_twice_is_an_error() {
        assert_eq!(error("{<<: 1}"), ("`<<` merges maps, not a number".to_owned(), 5));
        assert_eq!(error("{<<: [{a: 1}, x]}"), ("`<<` merges maps, not a string".to_owned(), 5));
        assert_eq!(error("{<<: {a: 1}, <<: {b: 1}}"), ("the key \"<<\" stands twice".to_owned(), 13));
    }

    #[test]
    fn expansion_is_bounded_in_nodes_and_in_text() {
        let level = |level: usize| match level {
            0 => "- &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned(),
            _ => format!("- &a{level} [{}]\n", vec![format!("*a{}", level - 1); 10].join(", ")),
        };
        let bomb = (0..10).map(level).collect::<Vec<_>>().concat();
        assert_eq!(error(&bomb).0, "the alias expands to too much");
        let long = format!("- &a {}\n{}", "x".repeat(1_000_000), "- *a\n".repeat(11));
        assert_eq!(error(&long), ("the alias expands to too much".to_owned(), 1_000_006 + 10 * 5 + 2));
        let merges = format!("- &a {{k: {}}}\n{}", "x".repeat(1_000_000), "- {<<: *a}\n".repeat(11));
        assert_eq!(error(&merges).0, "the alias expands to too much");
        let fine = format!("- &a [{}]\n{}", "x,".repeat(900), "- *a\n".repeat(100));
        assert!(read(&fine).is_ok());
    }

    #[test]
    fn depth_is_bounded_through_aliases_too() {
        let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        assert!(read(&nested(128)).is_ok());
        assert_eq!(error(&nested(129)), ("nested more than 128 levels deep".to_owned(), 128));
        assert_eq!(error(&nested(100_000)).0, "nested more than 128 levels deep");
        assert_eq!(error(&"- ".repeat(100_000)).0, "nested more than 128 levels deep");
        let lines: Vec<String> = (0..200).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
        assert_eq!(error(&lines.concat()).0, "nested more than 128 levels deep");
        assert!(read(&format!("- &a {}\n- [[*a]]", nested(125))).is_ok());
        assert_eq!(
            error(&format!("- &a {}\n- [[*a]]", nested(126))),
            ("nested more than 128 levels deep".to_owned(), 262)
        );
    }

    #[test]
    fn tags_on_collections_must_fit() {
        assert_eq!(json("!!map {a: !!seq [1, ! 2, !!str 3, !<tag:yaml.org,2002:int> 4]}"), r#"{"a":[1,"2","3",4]}"#);
        assert_eq!(json("! [1]"), "[1]");
        assert_eq!(error("a: !!seq {b: 1}"), ("the value does not fit the tag !!seq".to_owned(), 3));
        assert_eq!(error("!!str [1]"), ("the value does not fit the tag !!str".to_owned(), 0));
        assert_eq!(error("- !!set {a}"), ("the tag !!set is not supported".to_owned(), 2));
        assert_eq!(error("- !custom\n  a: 1"), ("the tag !custom is not supported".to_owned(), 2));
        assert_eq!(error("- !e!x 1"), ("the tag's prefix is not declared".to_owned(), 2));
    }

    #[test]
    fn quoted_and_block_scalars_are_strings() {
        assert_eq!(json("['1', \"true\", '~', '']"), r#"["1","true","~",""]"#);
        assert_eq!(json("|\n 1\n"), r#""1\n""#);
    }

    #[test]
    fn a_number_without_json_form_is_an_error_with_its_place() {
        assert_eq!(error("{é: -.inf}"), ("JSON has no number -.inf".to_owned(), 4));
        assert_eq!(error("{é:.nan}"), ("JSON has no number .nan".to_owned(), 3));
        assert_eq!(error("[0, 0, {é:1}, {éé:.nan}]"), ("JSON has no number .nan".to_owned(), 18));
    }
}
