//! Pages of a list: what a query asks for, and which items that is.

use std::cmp::Reverse;

use serde_json::{Value, json};
use url::form_urlencoded;

use super::refusal::Refusal;

/// What a query asks of a list.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct ListQuery {
    limit: usize,
    descending: bool,
    after: Option<String>,
    before: Option<String>,
    /// A state of files, or a purpose where the list is of uploaded files.
    pub(crate) filter: Option<String>,
}

/// What the query of a list may hold.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ListRules {
    /// Items in a page where nobody says; the limit itself for uploaded files.
    pub(crate) default_limit: usize,
    pub(crate) greatest_limit: usize,
    /// The name of the parameter that filters, and the values it may have.
    pub(crate) filter: Option<(&'static str, &'static [&'static str])>,
}

/// The states of files, as a list can be filtered by them.
const STATES: &[&str] = &["in_progress", "completed", "failed", "cancelled"];

impl ListRules {
    /// Files of a batch or of a store.
    pub(crate) const ATTACHED: Self = Self { default_limit: 20, greatest_limit: 100, filter: Some(("filter", STATES)) };
    pub(crate) const STORES: Self = Self { default_limit: 20, greatest_limit: 100, filter: None };
    /// Uploaded files, filtered by any purpose.
    pub(crate) const FILES: Self =
        Self { default_limit: 10_000, greatest_limit: 10_000, filter: Some(("purpose", &[])) };
}

/// The parameters of a query, decoded, in the order sent.
pub(crate) fn parameters(query: &str) -> Vec<(String, String)> {
    form_urlencoded::parse(query.as_bytes()).into_owned().collect()
}

impl ListQuery {
    /// Reads a query.
    ///
    /// # Errors
    /// When a parameter is unknown or its value is none that it may have.
    pub(crate) fn parse(query: &str, rules: ListRules) -> Result<Self, Refusal> {
        let mut found = Self { limit: rules.default_limit, descending: true, after: None, before: None, filter: None };
        for (name, value) in parameters(query) {
            match name.as_str() {
                "limit" => found.limit = limit(&value, rules.greatest_limit)?,
                "order" => found.descending = one_of("order", &value, &["asc", "desc"])? == "desc",
                "after" => found.after = Some(value),
                "before" => found.before = Some(value),
                _ => match rules.filter {
                    Some((filter, values)) if filter == name => {
                        found.filter = Some(if values.is_empty() { value } else { one_of(filter, &value, values)? });
                    }
                    _ => return Err(Refusal::unknown_parameter(name)),
                },
            }
        }
        // Clients send what they were given for a cursor, and that may have been an empty text.
        found.after = found.after.filter(|id| !id.is_empty());
        found.before = found.before.filter(|id| !id.is_empty());
        Ok(found)
    }

    /// The same list from its beginning.
    pub(crate) fn rewound(self) -> Self {
        Self { after: None, before: None, ..self }
    }

    /// The page that is asked for, of items in the order they were created; `wanted` filters.
    ///
    /// Items of one second keep that order in both directions, as they do on the service.
    ///
    /// # Errors
    /// When a cursor is the id of none of the items.
    pub(crate) fn page<T: Item>(&self, items: Vec<T>, wanted: impl Fn(&T) -> bool) -> Result<Page<T>, Refusal> {
        let mut items = items;
        if self.descending {
            items.sort_by_key(|item| Reverse(item.created_at()));
        }
        let place = |name: &str, id: &String| {
            let found = items.iter().position(|item| item.id() == id);
            found.ok_or_else(|| {
                Refusal::invalid(name, "invalid_value", &format!("nothing in this list has the id '{id}'"))
            })
        };
        let start = self.after.as_ref().map(|id| place("after", id)).transpose()?.map_or(0, |place| place + 1);
        let end = self.before.as_ref().map(|id| place("before", id)).transpose()?.unwrap_or(items.len());
        items.truncate(end);
        let mut found: Vec<T> = items.into_iter().skip(start).filter(wanted).collect();
        let has_more = found.len() > self.limit;
        if self.before.is_some() && self.after.is_none() {
            // The page that ends where the cursor is.
            found.drain(..found.len().saturating_sub(self.limit));
        } else {
            found.truncate(self.limit);
        }
        Ok(Page { items: found, has_more })
    }
}

/// Something that stands in a list.
pub(crate) trait Item {
    /// The id that is its cursor.
    fn id(&self) -> &str;
    /// Seconds since 1970.
    fn created_at(&self) -> u64;
}

/// A part of a list.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Page<T> {
    pub(crate) items: Vec<T>,
    pub(crate) has_more: bool,
}

impl<T: Item> Page<T> {
    /// The page as the service writes it.
    pub(crate) fn to_json(&self, object: impl Fn(&T) -> Value) -> Value {
        json!({
            "object": "list",
            "data": self.items.iter().map(object).collect::<Vec<_>>(),
            "first_id": self.items.first().map(Item::id),
            "last_id": self.items.last().map(Item::id),
            "has_more": self.has_more,
        })
    }
}

fn limit(text: &str, greatest: usize) -> Result<usize, Refusal> {
    let is_plain = !text.starts_with('+');
    let number: i128 = text.parse().ok().filter(|_| is_plain).ok_or_else(|| {
        Refusal::parameter("limit", "invalid_type", "Invalid type for 'limit': expected an integer, got a string.")
    })?;
    match usize::try_from(number) {
        Ok(limit) if (1..=greatest).contains(&limit) => Ok(limit),
        _ if number < 1 => Err(Refusal::below("limit", 1, number)),
        _ => Err(Refusal::above("limit", greatest, number)),
    }
}

/// The value, if it is one of those that there are.
pub(crate) fn one_of(param: &str, value: &str, known: &[&str]) -> Result<String, Refusal> {
    if known.contains(&value) {
        return Ok(value.to_owned());
    }
    Err(Refusal::invalid(param, "invalid_value", &format!("'{value}' is not one of '{}'", known.join("', '"))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emulator::message::Content;

    #[derive(Debug, PartialEq, Eq)]
    struct Thing(&'static str, u64);

    impl Item for Thing {
        fn id(&self) -> &str {
            self.0
        }

        fn created_at(&self) -> u64 {
            self.1
        }
    }

    /// Two of one second, then one each.
    fn things() -> Vec<Thing> {
        vec![Thing("a", 1), Thing("b", 1), Thing("c", 2), Thing("d", 3)]
    }

    fn ids(query: &str) -> (String, bool) {
        let page = ListQuery::parse(query, ListRules::ATTACHED).unwrap().page(things(), |_| true).unwrap();
        (page.items.iter().map(Item::id).collect(), page.has_more)
    }

    #[test]
    fn newest_come_first_and_those_of_one_second_keep_their_order() {
        assert_eq!(ids(""), ("dcab".to_owned(), false));
        assert_eq!(ids("order=asc"), ("abcd".to_owned(), false));
    }

    #[test]
    fn cursors_and_limit_cut_a_page_out() {
        for (query, expected, has_more) in [
            ("order=asc&limit=2", "ab", true),
            ("order=asc&limit=2&after=b", "cd", false),
            ("order=asc&limit=2&after=d", "", false),
            ("order=asc&limit=2&before=d", "bc", true),
            ("order=asc&before=a", "", false),
            ("order=asc&after=a&before=d&limit=1", "b", true),
            ("limit=3&after=d", "cab", false),
            ("after=&before=", "dcab", false),
        ] {
            assert_eq!(ids(query), (expected.to_owned(), has_more), "{query}");
        }
    }

    #[test]
    fn a_cursor_holds_while_the_filter_lets_its_item_go() {
        let query = ListQuery::parse("order=asc&after=b&limit=1", ListRules::ATTACHED).unwrap();
        let page = query.page(things(), |thing| thing.0 != "b").unwrap();
        assert_eq!((page.items, page.has_more), (vec![Thing("c", 2)], true));
    }

    #[test]
    fn an_empty_page_has_null_cursors() {
        let page: Page<Thing> = Page { items: Vec::new(), has_more: false };
        let expected = r#"{"object":"list","data":[],"first_id":null,"last_id":null,"has_more":false}"#;
        assert_eq!(page.to_json(|_| Value::Null).to_string(), expected);
    }

    #[test]
    fn what_a_list_cannot_be_asked_for_is_refused_by_name() {
        for (query, param, code) in [
            ("limit=0", "limit", "integer_below_min_value"),
            ("limit=101", "limit", "integer_above_max_value"),
            ("limit=99999999999999999999", "limit", "integer_above_max_value"),
            ("limit=%2B5", "limit", "invalid_type"),
            ("limit=ten", "limit", "invalid_type"),
            ("order=up", "order", "invalid_value"),
            ("filter=FAILED", "filter", "invalid_value"),
            ("filters=failed", "filters", "unknown_parameter"),
            ("after=z", "after", "invalid_value"),
        ] {
            let page = ListQuery::parse(query, ListRules::ATTACHED).and_then(|query| query.page(things(), |_| true));
            let answer = page.unwrap_err().into_answer();
            let Content::Json(body) = answer.content else { panic!("no JSON") };
            assert_eq!(
                (answer.status, &body["error"]["param"], &body["error"]["code"]),
                (400, &param.into(), &code.into())
            );
        }
    }

    #[test]
    fn uploaded_files_come_ten_thousand_at_a_time_and_by_purpose() {
        let query = ListQuery::parse("purpose=user_data", ListRules::FILES).unwrap();
        assert_eq!((query.limit, query.filter.as_deref()), (10_000, Some("user_data")));
        assert!(ListQuery::parse("limit=10001", ListRules::FILES).is_err());
        assert!(ListQuery::parse("filter=failed", ListRules::STORES).is_err());
    }
}
