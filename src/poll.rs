//! What a wait for file batches knows, and what follows from it. Pure over a given time, which is counted from the
//! beginning of the wait: who asks, sleeps and shows is `work/wait.rs`.

use std::time::Duration;

use crate::api::types::{BatchId, FileBatch, Status};
use crate::api::{Error, Failure, Reply};

/// The first pause between two looks at a batch, where nobody says how long it is to be.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
/// The longest of them; each is half as long again as the one before.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
/// What the service may ask for with `openai-poll-after-ms`.
const LEAST_ASKED: Duration = Duration::from_millis(50);
const MOST_ASKED: Duration = Duration::from_secs(60);
/// How many requests are under way at once, so that one that hangs does not hold up the others.
const MOST_AT_ONCE: usize = 4;
/// Where less time is left than this, no look is brought forward.
const LAST_MOMENT: Duration = Duration::from_secs(1);

/// How long and how eagerly to wait.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Terms {
    /// When the wait ends at the latest. Nothing means that each batch is looked at once.
    pub(crate) timeout: Duration,
    /// How long no count may move.
    pub(crate) stall_timeout: Option<Duration>,
    /// The pause between two looks, where the user has chosen it.
    pub(crate) interval: Option<Duration>,
    /// Whether the first failed file ends the wait.
    pub(crate) fail_fast: bool,
}

/// A batch that is waited for.
#[derive(Debug)]
pub(crate) struct Awaited {
    pub(crate) id: BatchId,
    /// The batch as the service last described it.
    pub(crate) object: Option<Reply>,
    /// How long the service may say that there is no such batch, because it was created just now.
    grace: Duration,
    batch: Option<FileBatch>,
    /// Why nothing is known of it since.
    trouble: Option<Error>,
    looks: Looks,
    /// Whether a question about it is under way.
    is_asked: bool,
    next: Duration,
    pauses: Pauses,
    has_said_status: bool,
    has_said_other: bool,
}

/// The pauses between looks, of which each is longer than the one before.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pauses(Duration);

impl Default for Pauses {
    fn default() -> Self {
        Self(FIRST_PAUSE)
    }
}

impl Pauses {
    pub(crate) fn longer(&mut self) -> Duration {
        let pause = self.0;
        self.0 = pause.mul_f64(1.5).min(LONGEST_PAUSE);
        pause
    }
}

/// What has come of the questions about a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Looks {
    /// None has been answered.
    None,
    /// Some have been, be it with a failure.
    Some,
    /// The service refuses to answer.
    Refused,
}

/// How a batch stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// It goes on, as far as is known.
    Open,
    /// It has ended with all of its files completed.
    Completed,
    /// It has ended, and not all is well: failed or cancelled files, or the whole of it.
    Faulty,
}

/// What is to be done now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Ask for the batch with this index. It counts as asked.
    Ask(usize),
    /// Nothing until an answer comes, or so much time has passed.
    Sleep(Duration),
    Stop(Stop),
}

/// Why the wait is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stop {
    /// All have ended.
    Ended,
    /// A file has failed, and one is enough.
    Failed,
    /// The time is up.
    Deadline,
    /// No count has moved for too long.
    Stalled,
    /// The service refuses to answer, and time will not mend it.
    Refused,
}

/// What the user should hear once.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Remark {
    /// A status that this program does not know, which counts as in progress.
    UnknownStatus(String),
    /// An answer that is not the batch.
    OtherObject,
    /// A failure that may pass.
    Passing(String),
}

/// A wait for one or more batches.
#[derive(Debug)]
pub(crate) struct Watch {
    terms: Terms,
    batches: Vec<Awaited>,
    /// When a count or a status last moved.
    moved: Duration,
    has_said_failure: bool,
}

impl Awaited {
    /// `object` is the batch as its maker has described it; the service may deny it for as long as `grace`.
    pub(crate) fn new(id: BatchId, object: Option<Reply>, grace: Duration) -> Self {
        let batch = object.as_ref().and_then(|object| read(&id, object));
        Self {
            id,
            object,
            grace,
            batch,
            trouble: None,
            looks: Looks::None,
            is_asked: false,
            next: Duration::ZERO,
            pauses: Pauses::default(),
            has_said_status: false,
            has_said_other: false,
        }
    }

    /// What the service last said of it.
    pub(crate) const fn batch(&self) -> Option<&FileBatch> {
        self.batch.as_ref()
    }

    /// Whether it has ended, and how: its status says so, never its counts.
    pub(crate) fn state(&self) -> State {
        let Some(batch) = &self.batch else { return State::Open };
        let counts = &batch.file_counts;
        // There are services that take files and make a batch of none.
        let is_empty = counts.total == Some(0);
        let all_is_well = !is_empty && [counts.failed, counts.cancelled].into_iter().flatten().all(|count| count == 0);
        match batch.status {
            Some(Status::Completed) if all_is_well => State::Completed,
            Some(Status::Completed | Status::Failed | Status::Cancelled) => State::Faulty,
            Some(Status::InProgress | Status::Unknown(_)) | None => State::Open,
        }
    }

    /// Whether files of it have failed, as far as is known.
    pub(crate) fn has_failed_files(&self) -> bool {
        let batch = self.batch.as_ref();
        batch.is_some_and(|batch| {
            batch.status == Some(Status::Failed) || batch.file_counts.failed.is_some_and(|failed| failed > 0)
        })
    }

    fn is_looked_at(&self) -> bool {
        self.looks != Looks::None
    }

    fn is_refused(&self) -> bool {
        self.looks == Looks::Refused
    }

    fn is_open(&self) -> bool {
        self.state() == State::Open
    }
}

/// The batch that an object is, if it is this one.
fn read(id: &BatchId, object: &Reply) -> Option<FileBatch> {
    FileBatch::read(object.json()).filter(|batch| batch.id == id.id)
}

impl Watch {
    pub(crate) const fn new(terms: Terms, batches: Vec<Awaited>) -> Self {
        Self { terms, batches, moved: Duration::ZERO, has_said_failure: false }
    }

    pub(crate) fn batches(&self) -> &[Awaited] {
        &self.batches
    }

    pub(crate) fn into_batches(self) -> Vec<Awaited> {
        self.batches
    }

    /// Whether each batch is looked at once and no more.
    pub(crate) const fn looks_once(&self) -> bool {
        self.terms.timeout.is_zero()
    }

    /// Takes what was the matter with the last question about a batch: the first refusal, else the failure that has kept
    /// a batch unknown to the end.
    pub(crate) fn take_failure(&mut self) -> Option<(BatchId, Error)> {
        let refused = self.batches.iter().position(Awaited::is_refused);
        let unknown = self.batches.iter().position(|batch| batch.object.is_none() && batch.trouble.is_some());
        let batch = self.batches.get_mut(refused.or(unknown)?)?;
        Some((batch.id.clone(), batch.trouble.take()?))
    }

    /// What to do at this time.
    pub(crate) fn step(&mut self, now: Duration) -> Step {
        if let Some(stop) = self.stop(now) {
            return Step::Stop(stop);
        }
        let once_is_enough = self.looks_once() || self.is_refused();
        let under_way = self.batches.iter().filter(|batch| batch.is_asked).count();
        let asks = |batch: &Awaited| batch.is_open() && !batch.is_asked && !(once_is_enough && batch.is_looked_at());
        let mut wake = self.stalls_at().unwrap_or(Duration::MAX);
        if !self.looks_once() {
            wake = wake.min(self.terms.timeout);
        }
        let idle = self.batches.iter_mut().enumerate().filter(|(_, batch)| under_way < MOST_AT_ONCE && asks(batch));
        match idle.min_by_key(|(_, batch)| batch.next) {
            Some((index, batch)) if batch.next <= now => {
                batch.is_asked = true;
                Step::Ask(index)
            }
            next => {
                let next = next.map_or(Duration::MAX, |(_, batch)| batch.next);
                Step::Sleep(wake.min(next).saturating_sub(now))
            }
        }
    }

    fn stop(&self, now: Duration) -> Option<Stop> {
        let looks_once = self.looks_once();
        let is_late = !looks_once && now >= self.terms.timeout;
        let all_looked_at = self.batches.iter().all(|batch| batch.is_looked_at() || !batch.is_open());
        // What is known of the others is to be shown as well, unless it is us whom the service refuses.
        if self.is_refused() && (all_looked_at || is_late || self.are_credentials_refused()) {
            Some(Stop::Refused)
        } else if self.batches.iter().all(|batch| !batch.is_open()) {
            Some(Stop::Ended)
        } else if self.terms.fail_fast && self.batches.iter().any(has_failed) {
            Some(Stop::Failed)
        } else if is_late || (looks_once && all_looked_at) {
            Some(Stop::Deadline)
        } else if self.stalls_at().is_some_and(|time| time <= now) {
            Some(Stop::Stalled)
        } else {
            None
        }
    }

    fn stalls_at(&self) -> Option<Duration> {
        self.terms.stall_timeout.map(|most| self.moved.saturating_add(most))
    }

    fn is_refused(&self) -> bool {
        self.batches.iter().any(Awaited::is_refused)
    }

    fn are_credentials_refused(&self) -> bool {
        let mut failures = self.batches.iter().filter_map(|batch| batch.trouble.as_ref()?.failure());
        failures.any(Failure::is_about_credentials)
    }

    /// Takes the answer to the question about a batch; gives what the user should hear of it.
    pub(crate) fn answer(&mut self, index: usize, answer: Result<Reply, Error>, now: Duration) -> Option<Remark> {
        let batch = self.batches.get_mut(index)?;
        batch.is_asked = false;
        if batch.looks == Looks::None {
            batch.looks = Looks::Some;
        }
        match answer {
            Ok(reply) => self.look(index, reply, now),
            Err(error) => self.miss(index, error, now),
        }
    }

    /// An answer that may be the batch.
    fn look(&mut self, index: usize, reply: Reply, now: Duration) -> Option<Remark> {
        let asked = reply.poll_after.map(|after| after.clamp(LEAST_ASKED, MOST_ASKED));
        let awaited = self.batches.get_mut(index)?;
        let own = awaited.pauses.longer();
        let pause = self.terms.interval.or(asked).unwrap_or(own);
        let found = read(&awaited.id, &reply);
        let remark = match &found {
            None => {
                let message = "the answer is not the batch".to_owned();
                awaited.trouble = Some(Error::Decode { message, body: String::new() });
                (!std::mem::replace(&mut awaited.has_said_other, true)).then_some(Remark::OtherObject)
            }
            Some(batch) => unknown_status(batch)
                .filter(|_| !std::mem::replace(&mut awaited.has_said_status, true))
                .map(Remark::UnknownStatus),
        };
        if let Some(batch) = found {
            let was = awaited.batch.replace(batch);
            let is = awaited.batch.as_ref();
            if was.as_ref().map(|was| (&was.status, &was.file_counts)) != is.map(|is| (&is.status, &is.file_counts)) {
                self.moved = now;
            }
            awaited.object = Some(reply);
            awaited.trouble = None;
        }
        awaited.next = next_look(now, pause, self.terms.timeout);
        remark
    }

    /// A question without a usable answer.
    fn miss(&mut self, index: usize, error: Error, now: Duration) -> Option<Remark> {
        let awaited = self.batches.get_mut(index)?;
        let failure = error.failure();
        let is_missing = error.is_missing();
        let asked = failure.and_then(|failure| failure.asked_wait).unwrap_or_default();
        let own = awaited.pauses.longer();
        let pause = self.terms.interval.unwrap_or(own);
        let (pause, remark) = if is_missing && now < awaited.grace {
            (pause, None)
        } else if error.may_pass() {
            let is_new = !std::mem::replace(&mut self.has_said_failure, true);
            (pause.max(own).max(asked), is_new.then(|| Remark::Passing(error.to_string())))
        } else {
            awaited.looks = Looks::Refused;
            (pause, None)
        };
        awaited.trouble = Some(error);
        awaited.next = next_look(now, pause, self.terms.timeout);
        remark
    }
}

/// Whether one failed file is known of it.
fn has_failed(batch: &Awaited) -> bool {
    batch.has_failed_files() || batch.state() == State::Faulty
}

fn unknown_status(batch: &FileBatch) -> Option<String> {
    match &batch.status {
        Some(Status::Unknown(text)) => Some(text.clone()),
        None => Some(String::new()),
        Some(_) => None,
    }
}

/// When to ask again. What would come too late is brought forward, so that the last look is close to the deadline.
fn next_look(now: Duration, pause: Duration, timeout: Duration) -> Duration {
    let next = now.saturating_add(pause);
    let left = timeout.saturating_sub(now);
    if next < timeout || left < LAST_MOMENT { next } else { now + left / 4 * 3 }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Awaited, Remark, State, Step, Stop, Terms, Watch};
    use crate::api::types::BatchId;
    use crate::api::{Error, Reply, failing_with};

    const TERMS: Terms =
        Terms { timeout: Duration::from_secs(1800), stall_timeout: None, interval: None, fail_fast: false };

    fn ms(milliseconds: u64) -> Duration {
        Duration::from_millis(milliseconds)
    }

    /// A batch of ten files.
    fn object(id: &str, status: &str, (completed, failed): (u64, u64)) -> Reply {
        let json = format!(
            r#"{{"id":"{id}","object":"vector_store.file_batch","status":"{status}","file_counts":{{"completed":{completed},"failed":{failed},"in_progress":{},"cancelled":0,"total":10}}}}"#,
            10 - completed - failed
        );
        Reply::parse(json.as_bytes()).unwrap()
    }

    fn awaited(id: &str, grace: Duration) -> Awaited {
        Awaited::new(BatchId { store: "vs".to_owned(), id: id.to_owned() }, None, grace)
    }

    fn watch(terms: Terms, ids: &[&str]) -> Watch {
        Watch::new(terms, ids.iter().map(|id| awaited(id, Duration::ZERO)).collect())
    }

    /// Asks for the only batch, which has to be due, and gives this answer.
    fn ask(watch: &mut Watch, now: Duration, answer: Result<Reply, Error>) -> Option<Remark> {
        assert_eq!(watch.step(now), Step::Ask(0), "at {now:?}");
        watch.answer(0, answer, now)
    }

    #[test]
    fn times_of_any_length_are_taken() {
        let most = Duration::MAX;
        let mut watch =
            watch(Terms { timeout: most, stall_timeout: Some(most), interval: Some(most), ..TERMS }, &["b"]);
        ask(&mut watch, ms(0), Ok(object("b", "in_progress", (0, 0))));
        assert!(matches!(watch.step(ms(0)), Step::Sleep(pause) if pause > ms(0)));
    }

    #[test]
    fn a_wait_ends_on_status_and_never_on_counts() {
        let mut watch = watch(TERMS, &["b"]);
        ask(&mut watch, ms(0), Ok(object("b", "in_progress", (10, 0))));
        assert_eq!(watch.step(ms(0)), Step::Sleep(ms(250)));
        ask(&mut watch, ms(250), Ok(object("b", "completed", (0, 0))));
        assert_eq!(watch.step(ms(250)), Step::Stop(Stop::Ended));
        assert_eq!(watch.batches()[0].state(), State::Completed);
    }

    #[test]
    fn an_end_with_failed_or_cancelled_files_is_faulty() {
        for (status, failed, state) in [
            ("completed", 0, State::Completed),
            ("completed", 1, State::Faulty),
            ("failed", 0, State::Faulty),
            ("cancelled", 0, State::Faulty),
            ("in_progress", 1, State::Open),
            ("cancelling", 1, State::Open),
        ] {
            let mut watch = watch(TERMS, &["b"]);
            ask(&mut watch, ms(0), Ok(object("b", status, (3, failed))));
            assert_eq!(watch.batches()[0].state(), state, "{status} {failed}");
        }
        let json = br#"{"id":"b","object":"vector_store.file_batch","status":"completed","file_counts":{"completed":0,"total":0}}"#;
        let mut watch = watch(TERMS, &["b"]);
        ask(&mut watch, ms(0), Ok(Reply::parse(json).unwrap()));
        assert_eq!(watch.batches()[0].state(), State::Faulty, "a batch of no files");
    }

    #[test]
    fn pauses_grow_from_a_quarter_of_a_second_to_ten_seconds() {
        let mut watch = watch(TERMS, &["b"]);
        let mut now = ms(0);
        let mut pauses = Vec::new();
        for _ in 0..12 {
            ask(&mut watch, now, Ok(object("b", "in_progress", (0, 0))));
            let Step::Sleep(pause) = watch.step(now) else { panic!("no pause") };
            pauses.push(pause.as_millis());
            now += pause;
        }
        assert_eq!(pauses, [250, 375, 562, 843, 1265, 1898, 2847, 4271, 6407, 9610, 10_000, 10_000]);
    }

    #[test]
    fn the_user_goes_before_the_service_in_saying_when_to_ask() {
        let asking = |milliseconds| object("b", "in_progress", (0, 0)).asking_for(Some(ms(milliseconds)));
        for (interval, asked, pause) in
            [(None, 3000, 3000), (None, 0, 50), (None, 600_000, 60_000), (Some(ms(10)), 3000, 10)]
        {
            let mut watch = watch(Terms { interval, ..TERMS }, &["b"]);
            ask(&mut watch, ms(0), Ok(asking(asked)));
            assert_eq!(watch.step(ms(0)), Step::Sleep(ms(pause)));
        }
    }

    #[test]
    fn the_time_is_up_also_while_a_question_is_under_way() {
        let mut watch = watch(Terms { timeout: ms(5000), ..TERMS }, &["b"]);
        assert_eq!(watch.step(ms(0)), Step::Ask(0));
        assert_eq!(watch.step(ms(0)), Step::Sleep(ms(5000)));
        assert_eq!(watch.step(ms(5000)), Step::Stop(Stop::Deadline));
    }

    #[test]
    fn the_last_look_is_close_to_the_deadline() {
        let mut watch = watch(Terms { timeout: ms(8000), interval: Some(ms(10_000)), ..TERMS }, &["b"]);
        for now in [0, 6000, 7500] {
            ask(&mut watch, ms(now), Ok(object("b", "in_progress", (0, 0))));
        }
        assert_eq!(watch.step(ms(7500)), Step::Sleep(ms(500)));
    }

    #[test]
    fn without_any_time_each_batch_is_looked_at_once() {
        let mut watch = watch(Terms { timeout: Duration::ZERO, ..TERMS }, &["a", "b"]);
        assert_eq!((watch.step(ms(0)), watch.step(ms(0))), (Step::Ask(0), Step::Ask(1)));
        watch.answer(0, Ok(object("a", "in_progress", (0, 0))), ms(900));
        assert_eq!(
            watch.step(ms(900)),
            Step::Sleep(Duration::MAX.saturating_sub(ms(900))),
            "the other answer may take its time"
        );
        watch.answer(1, Ok(object("b", "completed", (10, 0))), ms(950));
        assert_eq!(watch.step(ms(950)), Step::Stop(Stop::Deadline));
    }

    #[test]
    fn a_wait_stalls_when_no_count_of_any_batch_moves() {
        let terms = Terms { stall_timeout: Some(ms(1000)), interval: Some(ms(400)), ..TERMS };
        let mut watch = watch(terms, &["a", "b"]);
        for (now, completed) in [(0, 0), (400, 0), (800, 1), (1200, 1), (1600, 1)] {
            assert_eq!((watch.step(ms(now)), watch.step(ms(now))), (Step::Ask(0), Step::Ask(1)));
            watch.answer(0, Ok(object("a", "in_progress", (0, 0))), ms(now));
            watch.answer(1, Ok(object("b", "in_progress", (completed, 0))), ms(now));
        }
        assert_eq!(watch.step(ms(1600)), Step::Sleep(ms(200)));
        assert_eq!(watch.step(ms(1800)), Step::Stop(Stop::Stalled));
    }

    #[test]
    fn the_first_failed_file_is_enough_where_that_is_wanted() {
        let mut watch = watch(Terms { fail_fast: true, ..TERMS }, &["b"]);
        ask(&mut watch, ms(0), Ok(object("b", "in_progress", (3, 0))));
        ask(&mut watch, ms(250), Ok(object("b", "in_progress", (3, 1))));
        assert_eq!(watch.step(ms(250)), Step::Stop(Stop::Failed));
    }

    #[test]
    fn what_is_not_the_batch_is_said_once_and_asked_again() {
        let mut watch = watch(TERMS, &["b"]);
        let store = || Reply::parse(br#"{"id":"b","object":"vector_store","status":"completed"}"#).unwrap();
        assert_eq!(ask(&mut watch, ms(0), Ok(store())), Some(Remark::OtherObject));
        assert_eq!(ask(&mut watch, ms(250), Ok(object("c", "completed", (10, 0)))), None);
        assert_eq!(watch.step(ms(250)), Step::Sleep(ms(375)));
        assert!(watch.batches()[0].object.is_none());
    }

    #[test]
    fn an_unknown_status_is_said_once_a_batch_and_is_no_end() {
        let mut watch = watch(TERMS, &["b"]);
        let remark = ask(&mut watch, ms(0), Ok(object("b", "paused", (1, 0))));
        assert_eq!(remark, Some(Remark::UnknownStatus("paused".to_owned())));
        assert_eq!(ask(&mut watch, ms(250), Ok(object("b", "resting", (1, 0)))), None);
        assert_eq!(watch.step(ms(250)), Step::Sleep(ms(375)));
    }

    #[test]
    fn what_may_pass_is_said_once_and_asked_again() {
        let mut watch = watch(Terms { interval: Some(ms(10)), ..TERMS }, &["b"]);
        let remark = ask(&mut watch, ms(0), Err(failing_with(503, "")));
        assert!(matches!(remark, Some(Remark::Passing(_))), "{remark:?}");
        assert_eq!(watch.step(ms(0)), Step::Sleep(ms(250)), "no sooner than without an interval");
        assert_eq!(ask(&mut watch, ms(250), Err(failing_with(429, "rate_limit_exceeded"))), None);
        ask(&mut watch, ms(625), Ok(object("b", "in_progress", (1, 0))));
        assert_eq!(watch.step(ms(625)), Step::Sleep(ms(10)));
        assert!(watch.take_failure().is_none());
    }

    #[test]
    fn a_failure_that_kept_a_batch_unknown_is_there_at_the_end() {
        let mut watch = watch(Terms { timeout: ms(400), ..TERMS }, &["b"]);
        ask(&mut watch, ms(0), Err(failing_with(503, "")));
        assert_eq!(watch.step(ms(400)), Step::Stop(Stop::Deadline));
        assert_eq!(watch.take_failure().map(|(id, _)| id.id).as_deref(), Some("b"));
    }

    #[test]
    fn a_refusal_ends_the_wait_after_a_look_at_the_others() {
        for (status, code) in [(404, ""), (400, ""), (302, ""), (429, "insufficient_quota")] {
            let mut watch = watch(TERMS, &["a", "b"]);
            assert_eq!((watch.step(ms(0)), watch.step(ms(0))), (Step::Ask(0), Step::Ask(1)));
            watch.answer(0, Err(failing_with(status, code)), ms(10));
            assert!(matches!(watch.step(ms(10)), Step::Sleep(_)), "{status}");
            watch.answer(1, Ok(object("b", "in_progress", (1, 0))), ms(20));
            assert_eq!(watch.step(ms(20)), Step::Stop(Stop::Refused), "{status}");
            assert_eq!(watch.take_failure().map(|(id, _)| id.id).as_deref(), Some("a"));
        }
    }

    #[test]
    fn refused_credentials_end_the_wait_at_once() {
        for status in [401, 403] {
            let mut watch = watch(TERMS, &["a", "b"]);
            assert_eq!((watch.step(ms(0)), watch.step(ms(0))), (Step::Ask(0), Step::Ask(1)));
            watch.answer(0, Err(failing_with(status, "")), ms(10));
            assert_eq!(watch.step(ms(10)), Step::Stop(Stop::Refused));
        }
    }

    #[test]
    fn a_new_batch_may_be_denied_for_a_while() {
        let mut watch = Watch::new(TERMS, vec![awaited("b", ms(1000))]);
        assert_eq!(ask(&mut watch, ms(0), Err(failing_with(404, ""))), None);
        assert_eq!(watch.step(ms(0)), Step::Sleep(ms(250)));
        ask(&mut watch, ms(1000), Err(failing_with(404, "")));
        assert_eq!(watch.step(ms(1000)), Step::Stop(Stop::Refused));
    }

    #[test]
    fn what_has_ended_before_is_not_asked_for() {
        let id = BatchId { store: "vs".to_owned(), id: "b".to_owned() };
        let known = Awaited::new(id, Some(object("b", "completed", (10, 0))), Duration::ZERO);
        assert_eq!(Watch::new(TERMS, vec![known]).step(ms(0)), Step::Stop(Stop::Ended));
    }

    #[test]
    fn few_questions_are_under_way_at_once() {
        let mut watch = watch(TERMS, &["a", "b", "c", "d", "e"]);
        let asked = (0..4).map(|_| watch.step(ms(0))).collect::<Vec<_>>();
        assert_eq!(asked, [0, 1, 2, 3].map(Step::Ask));
        assert!(matches!(watch.step(ms(0)), Step::Sleep(_)));
        watch.answer(2, Ok(object("c", "in_progress", (0, 0))), ms(5));
        assert_eq!(watch.step(ms(5)), Step::Ask(4));
    }
}
