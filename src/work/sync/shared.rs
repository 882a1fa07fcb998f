//! What the threads of a sync have in common: whether all is to stop, and how far they are.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::exit::Exit;
use crate::journal::SentRecord;
use crate::work::post::SETTLED;

/// How long a pause lasts at most before it is looked whether all is to stop.
const SHORT: Duration = Duration::from_millis(100);

/// Told by any thread, seen by all.
#[derive(Debug, Default)]
pub(super) struct Shared {
    is_stopped: AtomicBool,
    /// The status to end with, once a signal has come.
    exit: OnceLock<Exit>,
    /// Whether all has been sent that was to be.
    has_sent: AtomicBool,
    /// Bytes that have been read to be sent.
    sent: AtomicU64,
    /// Uploads that were given up of which nobody knows what came of them, and since when they were under way.
    strays: Mutex<Vec<(SentRecord, i64)>>,
    /// When the last of them was given up.
    last_stray: Mutex<Option<Instant>>,
}

/// All is to stop.
#[derive(Debug)]
pub(super) struct Stopped;

impl Shared {
    /// Has nothing more sent.
    pub(super) fn stop(&self) {
        self.is_stopped.store(true, Relaxed);
    }

    /// The same, because a signal has come.
    pub(super) fn interrupt(&self, exit: Exit) {
        self.exit.get_or_init(|| exit);
        self.stop();
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.is_stopped.load(Relaxed)
    }

    /// The status to end with, if a signal has come.
    pub(super) fn exit(&self) -> Option<Exit> {
        self.exit.get().copied()
    }

    /// Nothing more is uploaded or attached.
    pub(super) fn end_sending(&self) {
        self.has_sent.store(true, Relaxed);
    }

    pub(super) fn is_sending(&self) -> bool {
        !self.has_sent.load(Relaxed)
    }

    /// So many bytes more have been read to be sent.
    pub(super) fn add_sent(&self, bytes: usize) {
        self.sent.fetch_add(bytes as u64, Relaxed);
    }

    pub(super) fn sent(&self) -> u64 {
        self.sent.load(Relaxed)
    }

    /// This may have been uploaded, since that time, without anybody knowing its id.
    pub(super) fn note_stray(&self, sent: SentRecord, since: i64) {
        self.strays.lock().unwrap_or_else(PoisonError::into_inner).push((sent, since));
        *self.last_stray() = Some(Instant::now());
    }

    /// All that was noted so.
    pub(super) fn strays(&self) -> Vec<(SentRecord, i64)> {
        self.strays.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn last_stray(&self) -> MutexGuard<'_, Option<Instant>> {
        self.last_stray.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until such a request has come to its end at the service as well.
    pub(super) fn settle(&self) -> Result<(), Stopped> {
        let last = *self.last_stray();
        self.pause(last.map_or(Duration::ZERO, |last| SETTLED.saturating_sub(last.elapsed())))
    }

    /// Waits, unless all is to stop.
    pub(super) fn pause(&self, length: Duration) -> Result<(), Stopped> {
        let start = Instant::now();
        loop {
            if self.is_stopped() {
                return Err(Stopped);
            }
            let left = length.saturating_sub(start.elapsed());
            if left.is_zero() {
                return Ok(());
            }
            sleep(left.min(SHORT));
        }
    }
}
