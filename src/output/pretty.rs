//! Values for reading: a title, keys aligned, times, sizes and counts in words, wrapped to the terminal. Every key of an answer
//! is shown, in the order in which it came.

use std::borrow::Cow;

use unicode_width::UnicodeWidthStr;

use super::human::{self, NOTHING, Quantity};
use super::style::{Paint, Style};
use crate::api::types::{FileCounts, Status, is_file_batch};
use crate::json::{elements, members, quote, text_member};
use crate::prose::lines;

/// Blanks that a nested value stands further in, and between a key and its value.
const STEP: usize = 2;
/// The widest key that others are aligned with.
const WIDEST_KEY: usize = 24;
/// The narrowest column that prose is wrapped in.
const LEAST_COLUMN: usize = 16;
/// Cells of a bar of counts.
const BAR: usize = 20;
/// The same where there is hardly room for it: one for each state.
const SHORTEST_BAR: usize = 4;

/// One value as a card: its title above a line, then its members. `now` is in seconds since 1970.
pub(super) fn card(json: &str, style: Style, now: i64) -> String {
    let mut page = Page { style, now, text: String::new() };
    let title = title(json);
    if let Some(title) = &title {
        let title = style.readable(title);
        page.wrapped(&title, Place::MARGIN, Some(Paint::Title));
        let widest = style.width.map_or(usize::MAX, usize::from);
        page.line(&(if style.unicode { "─" } else { "-" }).repeat(title.width().min(widest)));
    }
    page.value(json, 0, title.is_some());
    page.text
}

/// One value of many: its title, and its members further in.
pub(super) fn block(json: &str, style: Style, now: i64) -> String {
    let mut page = Page { style, now, text: String::new() };
    let title = title(json);
    if let Some(title) = &title {
        page.wrapped(&style.readable(title), Place::MARGIN, Some(Paint::Title));
    }
    page.value(json, if title.is_some() { STEP } else { 0 }, title.is_some());
    page.text
}

/// What an object is and which one, if it says so.
fn title(json: &str) -> Option<String> {
    let (id, object) = (text_member(json, "id")?, text_member(json, "object")?);
    let object = match object.as_str() {
        batch if is_file_batch(batch) => "file batch",
        "vector_store.file" => "file",
        other => other,
    };
    Some(format!("{object} {id}"))
}

/// Where a text stands: its beginning so many blanks after what is on the line, its other lines so many after the margin.
#[derive(Clone, Copy)]
struct Place {
    blanks: usize,
    hanging: usize,
}

impl Place {
    const MARGIN: Self = Self { blanks: 0, hanging: 0 };
}

/// What is written so far, and how.
struct Page {
    style: Style,
    /// Seconds since 1970.
    now: i64,
    text: String,
}

impl Page {
    /// A value that stands by itself. `titled` leaves out what the title has said.
    fn value(&mut self, json: &str, indent: usize, titled: bool) {
        match members(json) {
            Some(mut members) if titled || !members.is_empty() => {
                if titled {
                    for name in ["id", "object"] {
                        if let Some(said) = members.iter().position(|(key, _)| key == name) {
                            members.remove(said);
                        }
                    }
                }
                self.members(&members, indent, None);
            }
            _ => match elements(json).filter(|items| !items.is_empty()) {
                Some(items) => self.items(&items, indent, None),
                None => self.wrapped(&self.scalar("", json).0, Place { blanks: indent, hanging: indent }, None),
            },
        }
    }

    fn members(&mut self, members: &[(Cow<'_, str>, &str)], indent: usize, paint: Option<Paint>) {
        let keys: Vec<_> = members.iter().map(|(key, _)| self.style.readable(key).into_owned()).collect();
        let widths = keys.iter().map(|key| key.width()).filter(|width| *width <= WIDEST_KEY);
        let column = indent + widths.max().unwrap_or_default() + STEP;
        for (key, (name, value)) in keys.iter().zip(members) {
            let paint = if matches!(name.as_ref(), "error" | "last_error") { Some(Paint::Failed) } else { paint };
            self.member((key, name, value), (indent, column), paint);
        }
    }

    /// A key with its value: beside it where there is room, else below.
    fn member(
        &mut self,
        (key, name, value): (&str, &str, &str),
        (indent, column): (usize, usize),
        paint: Option<Paint>,
    ) {
        self.text.push_str(&" ".repeat(indent));
        self.text.push_str(&self.style.paint(Paint::Key, key));
        let below = indent + STEP;
        let too_deep = self.available(below) < LEAST_COLUMN;
        if let Some(counts) = counts(name, value) {
            return self.counts(&counts, (indent + key.width(), column));
        }
        if let Some(members) = members(value).filter(|members| !members.is_empty() && !too_deep) {
            self.text.push('\n');
            return self.members(&members, below, paint);
        }
        if let Some(items) = elements(value).filter(|items| !items.is_empty() && !too_deep) {
            self.text.push('\n');
            return self.items(&items, below, paint);
        }
        let (text, own) = self.scalar(name, value);
        let paint = paint.filter(|_| value != "null");
        let place = self.place(&text, (indent + key.width(), column, below));
        self.wrapped(&text, place, own.or(paint));
    }

    /// Where a text begins and where its other lines do, after a key that ends at a column.
    fn place(&mut self, text: &str, (end, column, below): (usize, usize, usize)) -> Place {
        let word = text.split(' ').map(UnicodeWidthStr::width).max().unwrap_or_default();
        let room = self.available(column);
        let fits = text.width() <= room || (room >= LEAST_COLUMN && word <= room);
        if fits && end < column {
            return Place { blanks: column - end, hanging: column };
        }
        if text.width() <= self.available(end + STEP) {
            return Place { blanks: STEP, hanging: end + STEP };
        }
        self.text.push('\n');
        Place { blanks: below, hanging: below }
    }

    fn items(&mut self, items: &[&str], indent: usize, paint: Option<Paint>) {
        let mark = format!("{}- ", " ".repeat(indent));
        for item in items {
            self.text.push_str(&mark);
            let begin = self.text.len();
            match (members(item), elements(item)) {
                (Some(members), _) if !members.is_empty() => self.members(&members, indent + STEP, paint),
                (_, Some(items)) if !items.is_empty() && self.available(indent + STEP) >= LEAST_COLUMN => {
                    self.items(&items, indent + STEP, paint);
                }
                _ => {
                    let (text, own) = self.scalar("", item);
                    self.wrapped(&text, Place { blanks: 0, hanging: indent + STEP }, own.or(paint));
                    continue;
                }
            }
            // The first line stands behind the mark.
            self.text.replace_range(begin..begin + indent + STEP, "");
        }
    }

    /// The words for a value without members, with the colour that it has wherever it stands.
    fn scalar(&self, key: &str, json: &str) -> (String, Option<Paint>) {
        match Quantity::of(key, json) {
            Some(Quantity::Bytes(count)) => return (human::bytes(count), None),
            Some(Quantity::Time(0)) => return (NOTHING.to_owned(), None),
            Some(Quantity::Time(seconds)) => {
                let age = || human::age(self.now.saturating_sub(seconds));
                let time = human::local_time(seconds).map(|time| format!("{time} ({})", age()));
                return (time.unwrap_or_else(|| json.to_owned()), None);
            }
            None => {}
        }
        match serde_json::from_str::<String>(json) {
            Ok(text) if text.trim().is_empty() => (self.style.readable(&quote(&text)).into_owned(), None),
            Ok(text) => {
                let paint = if key == "status" { Paint::of(&Status::named(&text)) } else { None };
                (self.style.readable(&text).into_owned(), paint)
            }
            Err(_) if json == "null" => (NOTHING.to_owned(), None),
            Err(_) => (self.style.readable(json).into_owned(), None),
        }
    }

    /// A bar of the counts, and the counts.
    fn counts(&mut self, counts: &FileCounts, (end, column): (usize, usize)) {
        self.text.push_str(&" ".repeat(column.saturating_sub(end).max(STEP)));
        let column = column.max(end + STEP);
        let cells = self.available(column).clamp(SHORTEST_BAR, BAR);
        self.text.push_str(&bar(counts, cells, self.style));
        let words = words(counts);
        let has_room = column + cells + 1 + words.width() <= self.available(0);
        if !has_room {
            self.text.push('\n');
        }
        self.wrapped(&words, Place { blanks: if has_room { 1 } else { column }, hanging: column }, None);
    }

    fn wrapped(&mut self, text: &str, Place { blanks, hanging }: Place, paint: Option<Paint>) {
        self.text.push_str(&" ".repeat(blanks));
        let lines = match self.style.width {
            Some(_) => lines(text, self.available(hanging)),
            None => vec![Cow::Borrowed(text)],
        };
        for (index, line) in lines.iter().enumerate() {
            if index > 0 {
                self.text.push_str(&" ".repeat(hanging));
            }
            let line = paint.map_or_else(|| line.to_string(), |paint| self.style.paint(paint, line));
            self.line(&line);
        }
    }

    fn line(&mut self, text: &str) {
        self.text.push_str(text);
        self.text.push('\n');
    }

    /// The columns that are left after so many.
    fn available(&self, used: usize) -> usize {
        self.style.width.map_or(usize::MAX, |width| usize::from(width).saturating_sub(used))
    }
}

/// The counts that a member is, if they say how many there are in all, and nothing else.
fn counts(key: &str, json: &str) -> Option<FileCounts> {
    const KNOWN: [&str; 5] = ["completed", "in_progress", "failed", "cancelled", "total"];
    if key != "file_counts" || members(json)?.iter().any(|(name, _)| !KNOWN.contains(&name.as_ref())) {
        return None;
    }
    serde_json::from_str(json).ok().filter(|counts: &FileCounts| counts.total.is_some() && counts.completed.is_some())
}

/// Such as "12/15, 2 failed, 1 in progress".
fn words(counts: &FileCounts) -> String {
    let [completed, total] = [counts.completed, counts.total].map(Option::unwrap_or_default);
    format!("{completed}/{total}{}", human::others(counts))
}

/// The shares of what is completed, failed, cancelled and still to come, in so many cells.
fn bar(counts: &FileCounts, all: usize, style: Style) -> String {
    let ended = [counts.completed, counts.failed, counts.cancelled].map(Option::unwrap_or_default);
    let to_come = ended.iter().fold(counts.total.unwrap_or_default(), |left, count| left.saturating_sub(*count));
    let [completed, failed, cancelled] = ended;
    let marks = if style.unicode { ["█", "▒", "▒", "░"] } else { ["#", "x", "x", "."] };
    let paints = [Some(Paint::Completed), Some(Paint::Failed), Some(Paint::Cancelled), None];
    let parts = cells([completed, failed, cancelled, to_come], all).into_iter().zip(marks).zip(paints);
    let part = |((cells, mark), paint): ((usize, &str), Option<Paint>)| {
        let text = mark.repeat(cells);
        match paint.filter(|_| cells > 0) {
            Some(paint) => style.paint(paint, &text),
            None => text,
        }
    };
    parts.map(part).collect::<Vec<_>>().concat()
}

/// How many of the cells of a bar each share has: at least one if it is any. Nothing at all is all to come.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a cell is a twentieth, and a share is not negative"
)]
fn cells(shares: [u64; 4], all: usize) -> [usize; 4] {
    let sum: f64 = shares.iter().map(|share| *share as f64).sum();
    if sum == 0.0 {
        return [0, 0, 0, all];
    }
    let exact = shares.map(|share| share as f64 / sum * all as f64);
    let mut cells = exact.map(|share| if share > 0.0 { share.max(1.0) as usize } else { 0 });
    // What rounding left over goes to whoever lost most by it; what it took too much is taken from the largest.
    while cells.iter().sum::<usize>() < all {
        let lost = |index: &usize| exact[*index] - cells[*index] as f64;
        let Some(most) = (0..4).max_by(|one, other| lost(one).total_cmp(&lost(other))) else { break };
        cells[most] += 1;
    }
    while cells.iter().sum::<usize>() > all {
        let Some(largest) = cells.iter_mut().max().filter(|cells| **cells > 1) else { break };
        *largest -= 1;
    }
    cells
}

#[cfg(test)]
mod tests {
    use unicode_width::UnicodeWidthStr;

    use super::{block, card, cells};
    use crate::output::style::Style;

    const NOW: i64 = 1_699_061_776 + 7200;
    const BATCH: &str = r#"{"id":"vsfb_abc123","object":"vector_store.file_batch","created_at":1699061776,"vector_store_id":"vs_abc123","status":"in_progress","file_counts":{"in_progress":1,"completed":12,"failed":2,"cancelled":0,"total":15},"@this":1e3}"#;
    const FILE: &str = r#"{"id":"file-AbCdEfGhIjKlMnOpQrStUv","object":"vector_store.file","usage_bytes":2500000,"created_at":0,"status":"failed","last_error":{"code":"unsupported_file","message":"The file could not be parsed because it is not well formed."},"chunking_strategy":{"type":"static","static":{"max_chunk_size_tokens":800}},"attributes":{},"tags":["a",{"k":"v","l":[1,2]},[3],[]],"x.y":null}"#;

    fn style(width: u16) -> Style {
        Style { unicode: true, terminal: true, width: Some(width), ..Style::default() }
    }

    #[test]
    fn a_card_is_its_title_and_its_members_in_words() {
        let expected = "\
file batch vsfb_abc123
──────────────────────
created_at       2023-11-04 01:36:16 (2 h ago)
vector_store_id  vs_abc123
status           in_progress
file_counts      ████████████████▒▒▒░ 12/15, 2 failed, 1 in progress
@this            1e3
";
        assert_eq!(card(BATCH, style(80), NOW), expected);
        let ascii = expected.replace('─', "-").replace('█', "#").replace('▒', "x").replace('░', ".");
        assert_eq!(card(BATCH, Style { unicode: false, ..style(80) }, NOW), ascii);
    }

    #[test]
    fn a_block_stands_further_in_and_wraps_to_the_terminal() {
        let expected = "\
file file-AbCdEfGhIjKlMnOpQrStUv
  usage_bytes        2.5 MB
  created_at         -
  status             failed
  last_error
    code     unsupported_file
    message  The file could not be
             parsed because it is not
             well formed.
  chunking_strategy
    type    static
    static
      max_chunk_size_tokens  800
  attributes         {}
  tags
    - a
    - k  v
      l
        - 1
        - 2
    - - 3
    - []
  x.y                -
";
        assert_eq!(block(FILE, style(40), NOW), expected);
    }

    #[test]
    fn what_has_no_room_beside_its_key_stands_below() {
        let text = card(BATCH, style(30), NOW);
        assert!(text.contains("created_at\n  2023-11-04 01:36:16 (2 h\n  ago)\n"), "{text}");
        assert!(text.contains("file_counts      ████"), "{text}");
        let number = r#"{"a_longer_key":1,"big":12345678901234567890}"#;
        assert_eq!(card(number, style(26), NOW), "a_longer_key  1\nbig  12345678901234567890\n");
        let id = r#"{"batch_identifier":"vsfb_0123456789abcdef"}"#;
        assert_eq!(card(id, style(24), NOW), "batch_identifier\n  vsfb_0123456789abcdef\n");
    }

    #[test]
    fn no_line_is_wider_than_the_terminal() {
        for width in [200, 80, 60, 40, 30] {
            for json in [BATCH, FILE] {
                let text = card(json, style(width), NOW);
                let widest = text.lines().map(UnicodeWidthStr::width).max().unwrap();
                assert!(widest <= usize::from(width), "{width}:\n{text}");
            }
        }
        // However narrow it is, all of it is there.
        assert!(card(FILE, style(1), NOW).replace(['\n', ' '], "").contains("itisnotwellformed."));
    }

    #[test]
    fn colour_marks_states_and_errors_and_adds_nothing_else() {
        let plain = card(FILE, style(60), NOW);
        let coloured = card(FILE, Style { colour: true, ..style(60) }, NOW);
        assert!(coloured.contains("\u{1b}[31mfailed\u{1b}[0m"), "{coloured:?}");
        let well = card(r#"{"last_error":null}"#, Style { colour: true, ..style(60) }, NOW);
        assert_eq!(well, "\u{1b}[1;34mlast_error\u{1b}[0m  -\n");
        let wrapped = "\u{1b}[31mThe file could not be parsed because it is not\u{1b}[0m\n           \u{1b}[31mwell formed.\u{1b}[0m";
        assert!(coloured.contains(wrapped), "{coloured:?}");
        let parts = coloured.split('\u{1b}').enumerate();
        let text: String =
            parts.map(|(index, part)| if index == 0 { part } else { part.split_once('m').unwrap().1 }).collect();
        assert_eq!(text, plain);
    }

    #[test]
    fn keys_and_texts_are_data_and_steer_nothing() {
        let json = r#"{"@this":{"@this":"\u001b[2J"},"a\u001b":"\u202e","a":1,"a":"\u0085 ","日本":"é"}"#;
        let expected = "@this\n  @this  \\u001b[2J\na\\u001b  \\u202e\na        1\na        \"\\u0085 \"\n日本     é\n";
        assert_eq!(card(json, style(80), NOW), expected);
        let ascii = card(json, Style { unicode: false, ..style(80) }, NOW);
        assert!(ascii.is_ascii() && ascii.contains("\\u65e5\\u672c  \\u00e9"), "{ascii}");
    }

    #[test]
    fn deep_and_long_values_end() {
        let deep = format!("{}1{}", r#"{"a":"#.repeat(120), "}".repeat(120));
        let text = card(&deep, style(80), NOW);
        assert!(text.lines().all(|line| line.width() <= 80) && text.matches("\"a\"").count() > 60, "{text}");
        let lists = format!("{}1{}", "[".repeat(120), "]".repeat(120));
        assert!(card(&lists, style(80), NOW).lines().all(|line| line.width() <= 80));
        let long = format!(r#"{{"{}":"{}"}}"#, "k".repeat(100_000), "v".repeat(100_000));
        assert_eq!(card(&long, style(80), NOW).matches('v').count(), 100_000);
    }

    #[test]
    fn other_values_stand_by_themselves() {
        let shown = |json| card(json, style(80), NOW);
        assert_eq!([shown("7"), shown("null"), shown("\"a\\nb\""), shown("[]")], ["7\n", "-\n", "a b\n", "[]\n"]);
        assert_eq!(shown(r#"[1,{"a":2,"b":3}]"#), "- 1\n- a  2\n  b  3\n");
        assert_eq!(shown("{}"), "{}\n");
        assert_eq!(shown(r#"{"created_at":1699061776000,"ended_at":0}"#), "created_at  1699061776000\nended_at    -\n");
        let counts = r#"{"file_counts":{"completed":1,"total":2,"paused":1}}"#;
        assert_eq!(shown(counts), "file_counts\n  completed  1\n  total      2\n  paused     1\n");
        assert_eq!(shown(r#"{"error":"no","bytes":"odd","status":7}"#), "error   no\nbytes   odd\nstatus  7\n");
    }

    #[test]
    fn a_bar_shows_what_there_is_and_no_more() {
        assert_eq!(cells([3, 1, 0, 1], 20), [12, 4, 0, 4]);
        assert_eq!(cells([12, 2, 0, 1], 20), [16, 3, 0, 1]);
        assert_eq!(cells([0, 0, 0, 0], 20), [0, 0, 0, 20]);
        assert_eq!(cells([1_999, 1, 0, 0], 20), [19, 1, 0, 0]);
        assert_eq!(cells([0, 0, 0, 7], 20), [0, 0, 0, 20]);
        assert_eq!(cells([1, 1, 1, u64::MAX], 20), [1, 1, 1, 17]);
        assert_eq!(cells([1, 1, 1, u64::MAX], 4), [1, 1, 1, 1]);
        assert_eq!(cells([u64::MAX; 4], 20), [5, 5, 5, 5]);
    }
}
