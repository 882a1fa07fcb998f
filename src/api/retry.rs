//! Whether and when a failed attempt is repeated. Pure: whoever asks does the sleeping.

use std::time::{Duration, SystemTime};

use super::error::TransportKind;

/// Longer waits asked by the service are reported, not slept.
pub(crate) const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// A hundred years, in seconds.
const FOREVER: f64 = 100.0 * 365.0 * 86_400.0;

/// 429s that no waiting mends: a person must pay or raise a limit.
const NEEDS_A_PERSON: [&str; 2] = ["insufficient_quota", "credit_balance_exhausted"];
const NEEDS_A_PERSON_ENDINGS: [&str; 2] = ["_spend_limit_exceeded", "_usage_limit_exceeded"];

/// What an answer says about repeating.
#[derive(Clone, Debug, Default)]
pub(crate) struct Advice {
    pub(crate) status: u16,
    /// `error.code` of the body.
    pub(crate) code: Option<String>,
    /// `x-should-retry`.
    pub(crate) should_retry: Option<bool>,
    /// `retry-after-ms`, else `Retry-After`.
    pub(crate) after: Option<Duration>,
}

/// What to do after a failed attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Decision {
    /// Report the failure.
    GiveUp,
    /// Report the failure: the service asks for a longer wait than [`LONGEST_WAIT`].
    AsksTooLong(Duration),
    /// Repeat after this wait.
    Wait(Duration),
}

/// Whether a 429 with this code needs a person rather than time.
pub(crate) fn needs_a_person(code: &str) -> bool {
    NEEDS_A_PERSON.contains(&code) || NEEDS_A_PERSON_ENDINGS.iter().any(|ending| code.ends_with(ending))
}

/// Whether a status speaks of what may be over soon.
pub(crate) const fn is_passing(status: u16) -> bool {
    matches!(status, 408 | 409 | 429 | 500..=599)
}

/// After an error answer. `retry` counts the repetitions so far; `jitter` is between 0 and 1.
pub(crate) fn after_answer(advice: &Advice, retry: u32, jitter: f64) -> Decision {
    let person = advice.status == 429 && advice.code.as_deref().is_some_and(needs_a_person);
    let worth_it = advice.should_retry.unwrap_or(is_passing(advice.status));
    let is_redirect = matches!(advice.status, 300..=399);
    if person || is_redirect || !worth_it {
        return Decision::GiveUp;
    }
    match advice.after {
        Some(wait) if wait > LONGEST_WAIT => Decision::AsksTooLong(wait),
        Some(wait) => Decision::Wait(wait),
        None => Decision::Wait(backoff(retry, jitter)),
    }
}

/// After no answer. An answer that broke off is asked for again only where `repeatable` (a GET).
pub(crate) fn after_transport(kind: TransportKind, repeatable: bool, retry: u32, jitter: f64) -> Decision {
    let is_partial = matches!(kind, TransportKind::BodyTimeout | TransportKind::BrokenOff);
    let worth_it = kind.may_pass() && (repeatable || !is_partial);
    if worth_it { Decision::Wait(backoff(retry, jitter)) } else { Decision::GiveUp }
}

/// Half a second, doubled with each repetition up to 8 s, less up to a quarter.
fn backoff(retry: u32, jitter: f64) -> Duration {
    let base = Duration::from_millis(500).saturating_mul(2_u32.saturating_pow(retry.min(4)));
    base.min(Duration::from_secs(8)).mul_f64(1.0 - 0.25 * jitter.clamp(0.0, 1.0))
}

/// Reads `retry-after-ms` and `Retry-After`: milliseconds, seconds with or without a fraction, or an HTTP date.
pub(crate) fn asked_wait(milliseconds: Option<&str>, retry_after: Option<&str>, now: SystemTime) -> Option<Duration> {
    let parsed = milliseconds.and_then(|text| duration(text, 1000.0));
    parsed.or_else(|| {
        let text = retry_after?.trim();
        duration(text, 1.0).or_else(|| {
            let date = httpdate::parse_http_date(text).ok()?;
            Some(date.duration_since(now).unwrap_or_default())
        })
    })
}

fn duration(text: &str, per_second: f64) -> Option<Duration> {
    let number: f64 = text.trim().parse().ok()?;
    // What is too long for a duration is as good as for ever.
    let seconds = Some(number / per_second).filter(|seconds| seconds.is_finite())?.min(FOREVER);
    Duration::try_from_secs_f64(seconds).ok()
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use super::{Advice, Decision, after_answer, after_transport, asked_wait};
    use crate::api::error::TransportKind;

    fn advice(status: u16) -> Advice {
        Advice { status, ..Advice::default() }
    }

    #[test]
    fn repeats_what_may_pass_and_nothing_else() {
        for status in [408, 409, 429, 500, 502, 503, 504, 599] {
            let wait = Decision::Wait(Duration::from_millis(500));
            assert_eq!(after_answer(&advice(status), 0, 0.0), wait, "{status}");
        }
        for status in [301, 400, 401, 403, 404, 413, 422] {
            assert_eq!(after_answer(&advice(status), 0, 0.0), Decision::GiveUp, "{status}");
        }
    }

    #[test]
    fn the_service_may_say_so_itself() {
        let yes = Advice { should_retry: Some(true), ..advice(400) };
        assert_eq!(after_answer(&yes, 0, 0.0), Decision::Wait(Duration::from_millis(500)));
        let redirect = Advice { should_retry: Some(true), ..advice(302) };
        assert_eq!(after_answer(&redirect, 0, 0.0), Decision::GiveUp);
        let no = Advice { should_retry: Some(false), ..advice(503) };
        assert_eq!(after_answer(&no, 0, 0.0), Decision::GiveUp);
    }

    #[test]
    fn a_limit_that_needs_a_person_is_not_waited_for() {
        let codes = [
            "insufficient_quota",
            "credit_balance_exhausted",
            "organization_spend_limit_exceeded",
            "project_spend_limit_exceeded",
            "organization_usage_limit_exceeded",
        ];
        for code in codes {
            let advice = Advice { code: Some(code.to_owned()), ..advice(429) };
            assert_eq!(after_answer(&advice, 0, 0.0), Decision::GiveUp, "{code}");
        }
        let passing = Advice { code: Some("rate_limit_exceeded".to_owned()), ..advice(429) };
        assert_ne!(after_answer(&passing, 0, 0.0), Decision::GiveUp);
    }

    #[test]
    fn waits_double_and_lose_up_to_a_quarter() {
        let waits: Vec<_> = (0..6).map(|retry| after_answer(&advice(500), retry, 0.0)).collect();
        let expected = [500, 1000, 2000, 4000, 8000, 8000].map(|wait| Decision::Wait(Duration::from_millis(wait)));
        assert_eq!(waits, expected);
        assert_eq!(after_answer(&advice(500), 0, 1.0), Decision::Wait(Duration::from_millis(375)));
    }

    #[test]
    fn a_wait_of_more_than_a_minute_is_reported() {
        let long = Advice { after: Some(Duration::from_secs(61)), ..advice(429) };
        assert_eq!(after_answer(&long, 0, 0.0), Decision::AsksTooLong(Duration::from_secs(61)));
        let short = Advice { after: Some(Duration::from_secs(60)), ..advice(429) };
        assert_eq!(after_answer(&short, 0, 0.0), Decision::Wait(Duration::from_secs(60)));
    }

    #[test]
    fn an_answer_that_breaks_off_is_asked_for_again_only_by_get() {
        assert_eq!(after_transport(TransportKind::BrokenOff, false, 0, 0.0), Decision::GiveUp);
        assert_ne!(after_transport(TransportKind::BrokenOff, true, 0, 0.0), Decision::GiveUp);
        assert_ne!(after_transport(TransportKind::NoAnswer, false, 0, 0.0), Decision::GiveUp);
        assert_eq!(after_transport(TransportKind::Certificate, true, 0, 0.0), Decision::GiveUp);
    }

    #[test]
    fn reads_every_form_of_a_wait() {
        let now = httpdate::parse_http_date("Sun, 06 Nov 1994 08:49:30 GMT").unwrap();
        let cases: [(Option<&str>, Option<&str>, Option<u64>); 11] = [
            (Some("250"), Some("9"), Some(250)),
            (Some("1.5"), None, Some(1)),
            (Some("nonsense"), Some("2"), Some(2000)),
            (None, Some("0.5"), Some(500)),
            (None, Some("0"), Some(0)),
            (None, Some("Sun, 06 Nov 1994 08:49:37 GMT"), Some(7000)),
            (None, Some("Sun, 06 Nov 1994 08:49:00 GMT"), Some(0)),
            (None, Some("-1"), None),
            (None, Some("inf"), None),
            (None, Some("1e30"), Some(3_153_600_000_000)),
            (None, None, None),
        ];
        for (milliseconds, retry_after, expected) in cases {
            let wait = asked_wait(milliseconds, retry_after, now);
            assert_eq!(wait.map(|wait| u64::try_from(wait.as_millis()).unwrap()), expected);
        }
        assert_eq!(asked_wait(None, Some("soon"), SystemTime::now()), None);
    }
}
