//! What goes wrong on demand: the faults that were asked for, and which of them strike a request.

use std::time::Duration;

pub(crate) use super::catalogue::{Kind, LEGEND, Target, table};
use super::catalogue::{Row, Setting, look_up};
use super::message::{Answer, Content};
use super::random::Random;
use super::refusal::error_object;

/// A fault as it was asked for: `NAME` or `NAME=VALUE`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Fault {
    row: &'static Row,
    setting: Setting,
}

/// How an answer travels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Delivery {
    /// As it should.
    #[default]
    Whole,
    /// The connection is reset in its place.
    Reset,
    /// The connection is reset after its first byte.
    ResetAfterFirstByte,
    /// The connection is closed in the middle of its body, whose whole length was announced.
    Truncated,
}

/// What goes wrong with one request.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Plan {
    /// How long it waits before it is looked at further.
    pub(crate) latency: Duration,
    /// What is answered in place of doing what is asked for.
    pub(crate) instead: Option<Answer>,
    pub(crate) delivery: Delivery,
    /// The faults that struck, by name, for the record.
    pub(crate) names: Vec<&'static str>,
    /// The faults that struck, beside those that `instead` and `delivery` come from.
    quirks: Vec<Fault>,
}

/// The faults that were asked for of all requests.
#[derive(Clone, Debug)]
pub(crate) struct Faults {
    given: Vec<Fault>,
    random: Random,
}

impl Fault {
    /// Reads `NAME` or `NAME=VALUE`.
    ///
    /// # Errors
    /// When there is no such fault, or the value does not suit it; in words.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        look_up(text).map(|(row, setting)| Self { row, setting })
    }

    /// Whether it strikes this request, which then counts as one of its turns.
    fn takes_turn(&mut self, target: Target, random: &mut Random) -> bool {
        if !self.row.scope.holds(target) {
            return false;
        }
        match &mut self.setting {
            Setting::First(left) => {
                let has_turns = *left > 0;
                *left = left.saturating_sub(1);
                has_turns
            }
            Setting::Share(percent) => random.chance(*percent),
            _ => true,
        }
    }

    fn answer_instead(&self) -> Option<Answer> {
        let too_many = |kind: &str| error(429, kind, Some(&self.row.name.replace('-', "_")));
        Some(match self.row.kind {
            Kind::RateLimitExceeded | Kind::SlowDown => too_many("requests").with("retry-after", "1"),
            Kind::InsufficientQuota
            | Kind::CreditBalanceExhausted
            | Kind::OrganizationSpendLimitExceeded
            | Kind::ProjectSpendLimitExceeded
            | Kind::OrganizationUsageLimitExceeded => too_many("insufficient_quota"),
            Kind::InternalServerError => error(500, "server_error", None),
            Kind::ServiceUnavailable => error(503, "server_error", None),
            Kind::Unauthorized => error(401, "invalid_request_error", Some("invalid_api_key")),
            Kind::BadGateway => page(502, "<!doctype html>\n<title>502</title>\n<h1>Bad gateway</h1>\n"),
            Kind::Html => page(200, "<!doctype html>\n<title>Sign in</title>\n<h1>Sign in to this network</h1>\n"),
            Kind::Redirect => empty(302).with("location", "/moved"),
            // It never arrives; that it is there keeps the work from being done.
            Kind::Reset => empty(503),
            _ => return None,
        })
    }

    fn delivery(&self) -> Delivery {
        match self.row.kind {
            Kind::Reset | Kind::LostAnswer => Delivery::Reset,
            Kind::ResetAfterFirstByte => Delivery::ResetAfterFirstByte,
            Kind::TruncatedBody => Delivery::Truncated,
            _ => Delivery::Whole,
        }
    }
}

fn error(status: u16, kind: &str, code: Option<&str>) -> Answer {
    Answer::json(status, error_object("This fault was asked for.", kind, None, code))
}

const fn page(status: u16, html: &'static str) -> Answer {
    Answer { status, headers: Vec::new(), content: Content::Html(html) }
}

const fn empty(status: u16) -> Answer {
    Answer { status, headers: Vec::new(), content: Content::Nothing }
}

impl Faults {
    /// These faults; what is random in them follows from `seed`. Where two of them disagree, the first holds.
    pub(crate) const fn new(given: Vec<Fault>, seed: u64) -> Self {
        Self { given, random: Random::new(seed) }
    }

    /// What goes wrong with this request. What its own header asks for goes before what was asked for of all.
    ///
    /// # Errors
    /// When the header names no fault, gives it a value that does not suit, or counts requests; in words.
    pub(crate) fn strike(&mut self, target: Target, header: Option<&str>) -> Result<Plan, String> {
        let mut own = header.map(in_header).transpose()?.unwrap_or_default();
        let Self { given, random } = self;
        let mut plan = Plan::default();
        let strike = own.iter_mut().chain(&mut *given).find_map(|fault| {
            let strikes = fault.row.is_strike && fault.takes_turn(target, random);
            strikes.then_some(&*fault)
        });
        if let Some(fault) = strike {
            plan.instead = fault.answer_instead();
            plan.delivery = fault.delivery();
            plan.names.push(fault.row.name);
        }
        // What is not done makes no batch and has no pages, so it takes no turn of the faults in those.
        let target = if plan.instead.is_some() { Target::Read } else { target };
        for fault in own.iter_mut().chain(given) {
            let is_new = !fault.row.is_strike && !plan.has(fault.row.kind);
            if is_new && fault.takes_turn(target, random) {
                plan.names.push(fault.row.name);
                plan.quirks.push(fault.clone());
            }
        }
        plan.latency = plan.span(Kind::Latency).map(|span| between(span, random)).unwrap_or_default();
        Ok(plan)
    }
}

/// The faults that a request asks for itself.
fn in_header(header: &str) -> Result<Vec<Fault>, String> {
    let texts = header.split(',').filter(|text| !text.trim().is_empty());
    let faults: Vec<Fault> = texts.map(Fault::parse).collect::<Result<_, _>>()?;
    match faults.iter().find(|fault| matches!(fault.setting, Setting::First(_))) {
        Some(fault) => {
            let name = fault.row.name;
            Err(format!("the fault `{name}` in a header counts no other requests; give it without the number"))
        }
        None => Ok(faults),
    }
}

fn between((min, max): (Duration, Duration), random: &mut Random) -> Duration {
    if min == max {
        return min;
    }
    let micros = |duration: Duration| u64::try_from(duration.as_micros()).unwrap_or(u64::MAX);
    Duration::from_micros(random.between(micros(min), micros(max)))
}

impl Plan {
    /// Whether this fault strikes what is done or what the answer says. For those that replace the answer or its
    /// delivery, see `instead` and `delivery`.
    pub(crate) fn has(&self, kind: Kind) -> bool {
        self.setting(kind).is_some()
    }

    /// How long new batches and uploads are not found.
    pub(crate) fn not_found_for(&self) -> Option<Duration> {
        self.span(Kind::NotFoundAtFirst).map(|(time, _)| time)
    }

    /// How many files a batch may have at most, where the limit is not the service's.
    pub(crate) fn batch_limit(&self) -> Option<usize> {
        match self.setting(Kind::BatchLimit)? {
            Setting::Count(most) => Some(*most),
            _ => None,
        }
    }

    /// What `retry-after` says with a 429, `off` for nothing.
    pub(super) fn retry_after(&self) -> Option<&str> {
        match self.setting(Kind::RetryAfter)? {
            Setting::Text(text) => Some(text),
            _ => None,
        }
    }

    fn span(&self, kind: Kind) -> Option<(Duration, Duration)> {
        match self.setting(kind)? {
            Setting::Span(min, max) => Some((*min, *max)),
            _ => None,
        }
    }

    fn setting(&self, kind: Kind) -> Option<&Setting> {
        self.quirks.iter().find(|fault| fault.row.kind == kind).map(|fault| &fault.setting)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::json;

    use super::{Content, Delivery, Fault, Faults, Kind, Plan, Target, table};

    fn faults(texts: &[&str]) -> Faults {
        seeded(texts, 1)
    }

    fn seeded(texts: &[&str], seed: u64) -> Faults {
        Faults::new(texts.iter().map(|text| Fault::parse(text).expect(text)).collect(), seed)
    }

    fn strike(faults: &mut Faults, target: Target) -> Plan {
        faults.strike(target, None).expect("no header")
    }

    fn by_header(header: &str) -> Result<Plan, String> {
        faults(&[]).strike(Target::CreateBatch, Some(header))
    }

    fn status(plan: &Plan) -> Option<u16> {
        plan.instead.as_ref().map(|answer| answer.status)
    }

    fn statuses(texts: &[&str], requests: usize) -> Vec<Option<u16>> {
        let mut faults = faults(texts);
        (0..requests).map(|_| status(&strike(&mut faults, Target::Read))).collect()
    }

    #[test]
    fn without_faults_nothing_goes_wrong() {
        assert_eq!(strike(&mut faults(&[]), Target::CreateBatch), Plan::default());
    }

    #[test]
    fn each_fault_strikes_some_request() {
        for (line, _) in table() {
            let name = line.split('[').next().unwrap_or_default();
            let targets = [Target::CreateBatch, Target::RetrieveBatch, Target::CancelBatch, Target::List];
            let struck = targets.into_iter().filter(|target| {
                let plan = strike(&mut faults(&[name]), *target);
                assert!(plan.names.is_empty() || plan.names == [name]);
                !plan.names.is_empty()
            });
            assert!(struck.count() > 0, "{name}");
        }
    }

    #[test]
    fn refusals_have_the_shape_of_the_services() {
        for (name, status, kind, code, retry_after) in [
            ("rate-limit-exceeded", 429, "requests", json!("rate_limit_exceeded"), Some("1")),
            ("slow-down", 429, "requests", json!("slow_down"), Some("1")),
            ("insufficient-quota", 429, "insufficient_quota", json!("insufficient_quota"), None),
            ("credit-balance-exhausted", 429, "insufficient_quota", json!("credit_balance_exhausted"), None),
            (
                "organization-spend-limit-exceeded",
                429,
                "insufficient_quota",
                json!("organization_spend_limit_exceeded"),
                None,
            ),
            ("project-spend-limit-exceeded", 429, "insufficient_quota", json!("project_spend_limit_exceeded"), None),
            (
                "organization-usage-limit-exceeded",
                429,
                "insufficient_quota",
                json!("organization_usage_limit_exceeded"),
                None,
            ),
            ("500", 500, "server_error", json!(null), None),
            ("503", 503, "server_error", json!(null), None),
            ("unauthorized", 401, "invalid_request_error", json!("invalid_api_key"), None),
        ] {
            let plan = strike(&mut faults(&[name]), Target::Read);
            let answer = plan.instead.expect(name);
            assert_eq!(answer.status, status, "{name}");
            let headers: Vec<_> = retry_after.into_iter().map(|value| ("retry-after", value.to_owned())).collect();
            assert_eq!(answer.headers, headers, "{name}");
            let message = "This fault was asked for.";
            let error = json!({"error": {"message": message, "type": kind, "param": null, "code": code}});
            assert_eq!(answer.content, Content::Json(error), "{name}");
            assert_eq!(plan.delivery, Delivery::Whole, "{name}");
        }
    }

    #[test]
    fn pages_and_redirects_replace_the_answer() {
        for (name, status) in [("502", 502), ("html", 200)] {
            let answer = strike(&mut faults(&[name]), Target::Write).instead.expect(name);
            assert_eq!(answer.status, status);
            assert!(matches!(answer.content, Content::Html(html) if html.starts_with("<!doctype html>")), "{name}");
        }
        let answer = strike(&mut faults(&["redirect"]), Target::Write).instead.expect("an answer");
        assert_eq!((answer.status, answer.content), (302, Content::Nothing));
        assert_eq!(answer.headers, [("location", "/moved".to_owned())]);
    }

    #[test]
    fn of_the_broken_deliveries_only_reset_leaves_the_work_undone() {
        for (name, delivery, is_done) in [
            ("reset", Delivery::Reset, false),
            ("lost-answer", Delivery::Reset, true),
            ("reset-after-first-byte", Delivery::ResetAfterFirstByte, true),
            ("truncated-body", Delivery::Truncated, true),
        ] {
            let plan = strike(&mut faults(&[name]), Target::CreateBatch);
            assert_eq!((plan.delivery, plan.instead.is_none()), (delivery, is_done), "{name}");
        }
    }

    #[test]
    fn a_count_is_of_the_requests_that_the_fault_applies_to() {
        assert_eq!(statuses(&["500=2"], 4), [Some(500), Some(500), None, None]);
        let mut lost = faults(&["lost-answer=1"]);
        let targets = [Target::Read, Target::List, Target::Write, Target::CancelBatch];
        let deliveries = targets.map(|target| strike(&mut lost, target).delivery);
        assert_eq!(deliveries, [Delivery::Whole, Delivery::Whole, Delivery::Reset, Delivery::Whole]);
    }

    #[test]
    fn the_first_given_strikes_and_the_others_keep_their_turns() {
        assert_eq!(statuses(&["503=1", "500=2", "unauthorized"], 4), [Some(503), Some(500), Some(500), Some(401)]);
        let mut both = faults(&["500=1", "lost-answer=1"]);
        let plans = [(); 3].map(|()| strike(&mut both, Target::CreateBatch));
        assert_eq!(plans.each_ref().map(status), [Some(500), None, None]);
        assert_eq!(plans.map(|plan| plan.delivery), [Delivery::Whole, Delivery::Reset, Delivery::Whole]);
    }

    #[test]
    fn what_is_not_done_takes_no_turn_of_other_faults() {
        let mut faults = faults(&["wrong-object=1", "500=1", "extra-fields"]);
        let plans = [(); 3].map(|()| strike(&mut faults, Target::RetrieveBatch));
        assert_eq!(plans.each_ref().map(|plan| plan.has(Kind::WrongObject)), [false, true, false]);
        assert_eq!(plans[0].names, ["500", "extra-fields"]);
        assert_eq!(plans[1].names, ["wrong-object", "extra-fields"]);
    }

    #[test]
    fn shares_follow_from_the_seed() {
        let struck = |seed| {
            let mut faults = seeded(&["500=50%", "latency=1ms..1s"], seed);
            let mut plan = || strike(&mut faults, Target::Read);
            (0..64).map(|_| plan()).map(|plan| (plan.latency, plan.instead.is_some())).collect::<Vec<_>>()
        };
        assert_eq!(struck(1), struck(1));
        assert_ne!(struck(1), struck(2));
        let times = struck(1).iter().filter(|(_, is_struck)| *is_struck).count();
        assert!((16..48).contains(&times), "{times}");
        let bounds = Duration::from_millis(1)..=Duration::from_secs(1);
        assert!(struck(1).iter().all(|(latency, _)| bounds.contains(latency)));
    }

    #[test]
    fn latency_is_as_given() {
        assert_eq!(strike(&mut faults(&["latency=200ms"]), Target::List).latency, Duration::from_millis(200));
    }

    #[test]
    fn quirks_tell_their_values() {
        let mut faults = faults(&["not-found-at-first", "batch-limit=7", "batch-limit=9", "retry-after=5", "stuck"]);
        let plan = strike(&mut faults, Target::CreateBatch);
        assert_eq!(plan.not_found_for(), Some(Duration::from_secs(2)));
        assert_eq!(plan.batch_limit(), Some(7));
        assert_eq!(plan.retry_after(), Some("5"));
        assert!(plan.has(Kind::Stuck));
        let plan = strike(&mut faults, Target::List);
        assert_eq!((plan.batch_limit(), plan.has(Kind::Stuck)), (None, false));
    }

    #[test]
    fn a_header_strikes_its_request_alone() {
        let mut faults = faults(&["latency=1s"]);
        let plan = faults.strike(Target::Read, Some(" latency=0, 500 ,, extra-fields ")).expect("known faults");
        assert_eq!((plan.latency, status(&plan)), (Duration::ZERO, Some(500)));
        assert_eq!(plan.names, ["500", "latency", "extra-fields"]);
        let plan = strike(&mut faults, Target::Read);
        assert_eq!((plan.latency, plan.names), (Duration::from_secs(1), vec!["latency"]));
    }

    #[test]
    fn a_header_goes_before_what_was_asked_for_of_all() {
        let mut faults = faults(&["500=1"]);
        let plan = faults.strike(Target::Read, Some("503")).expect("a known fault");
        assert_eq!(status(&plan), Some(503));
        assert_eq!(status(&strike(&mut faults, Target::Read)), Some(500));
    }

    #[test]
    fn a_header_that_cannot_be_read_is_an_error() {
        assert!(by_header("500, no-such").expect_err("unknown").starts_with("there is no fault `no-such`"));
        assert!(by_header("latency=soon").expect_err("no value").contains("`soon`"));
        assert_eq!(
            by_header("500=2").expect_err("a count"),
            "the fault `500` in a header counts no other requests; give it without the number"
        );
        assert_eq!(by_header("").expect("nothing"), Plan::default());
        assert_eq!(status(&by_header("500=100%").expect("a share")), Some(500));
        assert_eq!(status(&by_header("500=0%").expect("a share")), None);
    }

    #[test]
    fn a_header_in_error_takes_no_turns() {
        let mut faults = faults(&["500=1"]);
        assert!(faults.strike(Target::Read, Some("no-such")).is_err());
        assert_eq!(status(&strike(&mut faults, Target::Read)), Some(500));
    }
}
