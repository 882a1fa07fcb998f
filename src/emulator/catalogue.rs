//! The table of all faults: what each is called, what its value may be, which requests it applies to, what it does.

use std::time::Duration;

/// What can go wrong; [`TABLE`] explains each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Latency,
    RetryAfter,
    RateLimitExceeded,
    SlowDown,
    InsufficientQuota,
    CreditBalanceExhausted,
    OrganizationSpendLimitExceeded,
    ProjectSpendLimitExceeded,
    OrganizationUsageLimitExceeded,
    InternalServerError,
    BadGateway,
    ServiceUnavailable,
    Unauthorized,
    Html,
    Redirect,
    Reset,
    ResetAfterFirstByte,
    LostAnswer,
    TruncatedBody,
    NotFoundAtFirst,
    WrongObject,
    Stuck,
    StaleCounts,
    BatchLimit,
    HasMoreAlways,
    HasMoreNever,
    RepeatedCursor,
    NullCursors,
    UnknownValues,
    ExtraFields,
    ControlCharacters,
}

/// What a request asks for, as far as it matters to faults.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    CreateBatch,
    RetrieveBatch,
    CancelBatch,
    /// A page of anything.
    List,
    /// Any other GET, and what is no endpoint.
    Read,
    /// Any other POST or DELETE.
    Write,
}

/// Which requests a fault applies to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    All,
    /// POST and DELETE.
    Writes,
    Only(Target),
}

/// What a fault's value may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    HowOften,
    /// One duration, or two with `..` between them.
    Span,
    Duration,
    Count,
    /// The value of a header.
    Text,
}

/// A fault's value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Setting {
    /// It strikes every request that it applies to.
    Always,
    /// It strikes so many more of the requests that it applies to.
    First(u32),
    /// It strikes so many in a hundred of the requests that it applies to.
    Share(u8),
    /// From the first to the second, which may be the same.
    Span(Duration, Duration),
    Count(usize),
    Text(String),
}

/// A line of [`TABLE`].
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) kind: Kind,
    pub(super) name: &'static str,
    /// Whether it comes in place of the answer or of its delivery; only one such fault strikes a request.
    pub(super) is_strike: bool,
    pub(super) scope: Scope,
    form: Form,
    /// The value where none is given; nothing stands for every request.
    default: Option<&'static str>,
    explanation: &'static str,
}

/// What the values of [`table`] mean, in lines for a terminal.
pub(crate) const LEGEND: &str = "\
N stands for the first N requests that the fault applies to, P% for that share of them; without a value it strikes
each. DURATION looks like 200ms, 2s, 1m or 0.5 (seconds). Of the faults that replace an answer or its delivery, a
request meets the first given that is not used up.";

/// The longest duration of a fault: a day.
const LONGEST: Duration = Duration::from_secs(86_400);

const TABLE: [Row; 31] = [
    valued(Kind::Latency, "latency", (Form::Span, "1s"), "waits before looking at the request"),
    valued(Kind::RetryAfter, "retry-after", (Form::Text, "1"), "sends this `retry-after` with every 429 and 503"),
    strike(Kind::RateLimitExceeded, "rate-limit-exceeded", "429 that passes with time; retry-after: 1"),
    strike(Kind::SlowDown, "slow-down", "429 that asks for a lower rate; retry-after: 1"),
    strike(Kind::InsufficientQuota, "insufficient-quota", "429: there is no quota left"),
    strike(Kind::CreditBalanceExhausted, "credit-balance-exhausted", "429: the credits are spent"),
    strike(
        Kind::OrganizationSpendLimitExceeded,
        "organization-spend-limit-exceeded",
        "429: the organization may not spend more",
    ),
    strike(Kind::ProjectSpendLimitExceeded, "project-spend-limit-exceeded", "429: the project may not spend more"),
    strike(
        Kind::OrganizationUsageLimitExceeded,
        "organization-usage-limit-exceeded",
        "429: the organization may not use more",
    ),
    strike(Kind::InternalServerError, "500", "500 with the service's error object"),
    strike(Kind::BadGateway, "502", "502 with a proxy's HTML page"),
    strike(Kind::ServiceUnavailable, "503", "503 with the service's error object"),
    strike(Kind::Unauthorized, "unauthorized", "401, as for a wrong key"),
    strike(Kind::Html, "html", "200 with an HTML page; nothing is done"),
    strike(Kind::Redirect, "redirect", "302 to another path; nothing is done"),
    strike(Kind::Reset, "reset", "resets the connection; nothing is done"),
    strike(Kind::ResetAfterFirstByte, "reset-after-first-byte", "does the work, resets after the answer's first byte"),
    Row { scope: Scope::Writes, ..strike(Kind::LostAnswer, "lost-answer", "does the POST or DELETE, then resets") },
    strike(Kind::TruncatedBody, "truncated-body", "does the work, closes in the middle of the answer's body"),
    valued(
        Kind::NotFoundAtFirst,
        "not-found-at-first",
        (Form::Duration, "2s"),
        "new batches and uploads are not found for this long",
    ),
    quirk(Kind::WrongObject, "wrong-object", Scope::Only(Target::RetrieveBatch), "retrieve shows the vector store"),
    quirk(Kind::Stuck, "stuck", Scope::Only(Target::CreateBatch), "the batch's last file stays in progress"),
    quirk(
        Kind::StaleCounts,
        "stale-counts",
        Scope::Only(Target::CancelBatch),
        "a cancel leaves the counts as they were",
    ),
    Row {
        scope: Scope::Only(Target::CreateBatch),
        ..valued(Kind::BatchLimit, "batch-limit", (Form::Count, "500"), "refuses batches of more files")
    },
    quirk(Kind::HasMoreAlways, "has-more-always", Scope::Only(Target::List), "pages say that more follow"),
    quirk(Kind::HasMoreNever, "has-more-never", Scope::Only(Target::List), "pages say that no more follow"),
    quirk(
        Kind::RepeatedCursor,
        "repeated-cursor",
        Scope::Only(Target::List),
        "each page is the first, and more follow",
    ),
    quirk(Kind::NullCursors, "null-cursors", Scope::Only(Target::List), "pages have no first_id and no last_id"),
    quirk(Kind::UnknownValues, "unknown-values", Scope::All, "states, error codes and chunking that nobody documented"),
    quirk(Kind::ExtraFields, "extra-fields", Scope::All, "objects have fields that nobody documented"),
    quirk(Kind::ControlCharacters, "control-characters", Scope::All, "messages hold terminal escapes and the like"),
];

/// A fault in place of the answer or of its delivery, for any request.
const fn strike(kind: Kind, name: &'static str, explanation: &'static str) -> Row {
    Row { is_strike: true, ..quirk(kind, name, Scope::All, explanation) }
}

/// A fault in what is done or in what an answer says.
const fn quirk(kind: Kind, name: &'static str, scope: Scope, explanation: &'static str) -> Row {
    Row { kind, name, is_strike: false, scope, form: Form::HowOften, default: None, explanation }
}

/// A fault whose value is not how often it strikes; the value's form comes with its default.
const fn valued(
    kind: Kind,
    name: &'static str,
    (form, default): (Form, &'static str),
    explanation: &'static str,
) -> Row {
    Row { form, default: Some(default), ..quirk(kind, name, Scope::All, explanation) }
}

/// All faults: `NAME[=VALUE]` and what it does.
pub(crate) fn table() -> impl Iterator<Item = (String, String)> {
    TABLE.iter().map(|row| {
        let default = row.default.map(|default| format!(" (default {default})")).unwrap_or_default();
        (format!("{}[={}]", row.name, row.form.placeholder()), format!("{}{default}", row.explanation))
    })
}

/// The row that `NAME` or `NAME=VALUE` speaks of, and its value.
pub(super) fn look_up(text: &str) -> Result<(&'static Row, Setting), String> {
    let (name, value) = match text.split_once('=') {
        Some((name, value)) => (name.trim(), Some(value.trim())),
        None => (text.trim(), None),
    };
    let row = TABLE.iter().find(|row| row.name == name).ok_or_else(|| unknown(name))?;
    let setting = match value.or(row.default) {
        Some(value) => row
            .form
            .read(value)
            .ok_or_else(|| format!("the value of the fault `{name}` is {}, not `{value}`", row.form.expected()))?,
        None => Setting::Always,
    };
    Ok((row, setting))
}

/// Names less alike than this are not taken for one another.
const LEAST_LIKENESS: f64 = 0.83;

fn unknown(name: &str) -> String {
    let likeness = |row: &Row| strsim::jaro_winkler(name, row.name);
    let nearest = TABLE.iter().max_by(|one, other| likeness(one).total_cmp(&likeness(other)));
    let meant = nearest.filter(|row| likeness(row) > LEAST_LIKENESS);
    let question = meant.map(|row| format!("did you mean `{}`? ", row.name)).unwrap_or_default();
    format!("there is no fault `{name}`; {question}`vsfb emulator --list-faults` shows them all")
}

impl Target {
    const fn is_write(self) -> bool {
        matches!(self, Self::CreateBatch | Self::CancelBatch | Self::Write)
    }
}

impl Scope {
    /// Whether a fault of this scope applies to such a request.
    pub(super) fn holds(self, target: Target) -> bool {
        match self {
            Self::All => true,
            Self::Writes => target.is_write(),
            Self::Only(own) => own == target,
        }
    }
}

impl Form {
    const fn placeholder(self) -> &'static str {
        match self {
            Self::HowOften => "N|P%",
            Self::Span => "DURATION|MIN..MAX",
            Self::Duration => "DURATION",
            Self::Count => "N",
            Self::Text => "SECONDS|DATE|off",
        }
    }

    const fn expected(self) -> &'static str {
        match self {
            Self::HowOften => "a number of requests from 1, or a percentage such as 10%",
            Self::Span => "a duration of at most a day such as 200ms or 2s, or two as in 100ms..2s",
            Self::Duration => "a duration of at most a day such as 200ms or 2s",
            Self::Count => "a whole number from 1",
            Self::Text => "`off`, or what the header is to say, in printable ASCII",
        }
    }

    fn read(self, text: &str) -> Option<Setting> {
        match self {
            Self::HowOften => match text.strip_suffix('%') {
                Some(percent) => whole(percent).filter(|percent| *percent <= 100).map(Setting::Share),
                None => whole(text).filter(|times| *times > 0).map(Setting::First),
            },
            Self::Span => {
                let (min, max) = text.split_once("..").unwrap_or((text, text));
                let (min, max) = (duration(min)?, duration(max)?);
                (min <= max).then_some(Setting::Span(min, max))
            }
            Self::Duration => duration(text).map(|duration| Setting::Span(duration, duration)),
            Self::Count => whole(text).filter(|count| *count > 0).map(Setting::Count),
            Self::Text => {
                let is_printable = text.bytes().all(|byte| matches!(byte, b' '..=b'~'));
                (is_printable && !text.is_empty()).then(|| Setting::Text(text.to_owned()))
            }
        }
    }
}

/// Decimal digits alone: `parse` would take a sign as well.
fn whole<Number: std::str::FromStr>(text: &str) -> Option<Number> {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit());
    if is_plain { text.parse().ok() } else { None }
}

/// `200ms`, `1m30s`, or seconds without a unit.
fn duration(text: &str) -> Option<Duration> {
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let duration = if is_number {
        Duration::try_from_secs_f64(text.parse().ok()?).ok()?
    } else {
        Duration::try_from(text.parse::<jiff::SignedDuration>().ok()?).ok()?
    };
    Some(duration).filter(|duration| *duration <= LONGEST)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Kind, Setting, TABLE, Target, look_up, table};

    fn setting(text: &str) -> Setting {
        look_up(text).expect(text).1
    }

    #[test]
    fn each_row_is_found_by_its_name_alone() {
        for row in &TABLE {
            let (found, setting) = look_up(row.name).expect(row.name);
            assert_eq!(found.kind, row.kind);
            assert_eq!(setting == Setting::Always, row.default.is_none(), "{}", row.name);
        }
    }

    #[test]
    fn names_are_in_kebab_case_and_stand_once() {
        for (position, row) in TABLE.iter().enumerate() {
            let is_kebab = row.name.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'));
            assert!(is_kebab, "{}", row.name);
            let others = TABLE.iter().skip(position + 1);
            assert!(others.clone().all(|other| other.name != row.name && other.kind != row.kind), "{}", row.name);
        }
    }

    #[test]
    fn the_listing_has_a_line_for_each() {
        let lines: Vec<(String, String)> = table().collect();
        assert_eq!(lines.len(), TABLE.len());
        assert_eq!(lines[0].0, "latency[=DURATION|MIN..MAX]");
        assert_eq!(lines[0].1, "waits before looking at the request (default 1s)");
        assert!(lines.contains(&("500[=N|P%]".to_owned(), "500 with the service's error object".to_owned())));
        assert!(lines.iter().all(|(name, explanation)| !name.contains('\n') && !explanation.contains('\n')));
    }

    #[test]
    fn reads_how_often() {
        assert_eq!(setting("500"), Setting::Always);
        assert_eq!(setting("500=2"), Setting::First(2));
        assert_eq!(setting("reset=10%"), Setting::Share(10));
        assert_eq!(setting(" reset = 0% "), Setting::Share(0));
    }

    #[test]
    fn reads_durations_counts_and_headers() {
        let span = |min, max| Setting::Span(Duration::from_millis(min), Duration::from_millis(max));
        assert_eq!(setting("latency"), span(1000, 1000));
        assert_eq!(setting("latency=200ms"), span(200, 200));
        assert_eq!(setting("latency=0.5"), span(500, 500));
        assert_eq!(setting("latency=0..1m"), span(0, 60_000));
        assert_eq!(setting("latency=0.5..2s"), span(500, 2000));
        assert_eq!(setting("not-found-at-first"), span(2000, 2000));
        assert_eq!(setting("batch-limit"), Setting::Count(500));
        assert_eq!(setting("batch-limit=7"), Setting::Count(7));
        assert_eq!(setting("retry-after=off"), Setting::Text("off".to_owned()));
        let date = "Sun, 06 Nov 1994 08:49:37 GMT";
        assert_eq!(setting(&format!("retry-after={date}")), Setting::Text(date.to_owned()));
    }

    #[test]
    fn refuses_values_that_do_not_suit() {
        for text in [
            "500=",
            "500=0",
            "500=-1",
            "500=+1",
            "500=often",
            "500=101%",
            "500=%",
            "500=4294967296",
            "latency=",
            "latency=.",
            "latency=-1s",
            "latency=2s..1s",
            "latency=1s..",
            "latency=25h",
            "latency=1e9",
            "latency=99999999999999999999999999",
            "not-found-at-first=1s..2s",
            "batch-limit=0",
            "batch-limit=1.5",
            "retry-after=",
            "retry-after=a\nb",
            "retry-after=é",
        ] {
            let error = look_up(text).expect_err(text);
            assert!(error.starts_with("the value of the fault `"), "{text}: {error}");
        }
        assert_eq!(
            look_up("500=often").expect_err("no value"),
            "the value of the fault `500` is a number of requests from 1, or a percentage such as 10%, not `often`"
        );
    }

    #[test]
    fn suggests_the_nearest_name() {
        assert_eq!(
            look_up("stuk=3").expect_err("no name"),
            "there is no fault `stuk`; did you mean `stuck`? `vsfb emulator --list-faults` shows them all"
        );
        assert_eq!(
            look_up("").expect_err("no name"),
            "there is no fault ``; `vsfb emulator --list-faults` shows them all"
        );
        assert!(look_up("rate_limit_exceeded").expect_err("no name").contains("`rate-limit-exceeded`"));
        assert!(look_up("429").expect_err("no name").starts_with("there is no fault `429`; `vsfb"));
    }

    #[test]
    fn scopes_tell_requests_apart() {
        let applies = |name: &str, target| look_up(name).expect(name).0.scope.holds(target);
        let all = [
            Target::CreateBatch,
            Target::RetrieveBatch,
            Target::CancelBatch,
            Target::List,
            Target::Read,
            Target::Write,
        ];
        for target in all {
            assert!(applies("500", target), "{target:?}");
            let is_write = matches!(target, Target::CreateBatch | Target::CancelBatch | Target::Write);
            assert_eq!(applies("lost-answer", target), is_write, "{target:?}");
            assert_eq!(applies("has-more-never", target), target == Target::List, "{target:?}");
            assert_eq!(applies("batch-limit", target), target == Target::CreateBatch, "{target:?}");
        }
        assert_eq!(look_up("500").expect("a name").0.kind, Kind::InternalServerError);
    }
}
