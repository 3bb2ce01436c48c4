//! The counters, and what else is remembered of what happened.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

use crate::model::ids::unix_millis;
use crate::redact::redact;
use crate::storage::Crash;
use crate::sync::Mutex;

/// The counters, each of which only grows, and what went wrong last.
#[derive(Default)]
pub(crate) struct Stats {
    /// Refused by `sr_record`: not an rrweb event.
    pub refused_invalid: Counter,
    /// Refused by `sr_record`: larger than `maxSingleEventSizeBytes`.
    pub refused_too_large: Counter,
    /// Refused by `sr_record`: the storage limit was reached.
    pub refused_buffer_full: Counter,
    /// Refused by `sr_record`: the system had no memory or disk to give.
    pub refused_storage: Counter,
    /// Accepted, and in memory only although there is a storage directory.
    pub not_stored: Counter,
    /// Not captured: the member `state` says why.
    pub not_captured: Counter,
    /// Dropped by the host's filter.
    pub filtered: Counter,
    /// Delivered to the server.
    pub delivered: Counter,
    /// Of these, the events that the overloaded server threw away.
    pub throttled: Counter,
    /// Accepted, and found not to be an rrweb event by the sender.
    pub dropped_invalid: Counter,
    /// Accepted, and rejected by the server.
    pub dropped_rejected: Counter,
    /// Accepted, and too large for the server by itself.
    pub dropped_too_large: Counter,
    /// Accepted, and evicted for newer sessions, or for newer runs.
    pub dropped_storage_limit: Counter,
    /// Accepted while the remote configuration was awaited, which then did not capture the session.
    pub dropped_not_captured: Counter,
    /// Accepted, in a session shorter than `minSessionDurationMs`.
    pub dropped_too_short: Counter,
    /// Held, and never sent.
    pub dropped_not_triggered: Counter,
    /// Accepted, in a session that the server rejected.
    pub dropped_session_rejected: Counter,
    /// Accepted, and deleted because the host asked for it.
    pub dropped_deleted: Counter,
    /// Requests that the server took.
    pub batches_sent: Counter,
    /// Requests that were made again.
    pub batches_retried: Counter,
    /// Bytes of the bodies that the server took, as sent.
    pub wire_bytes: Counter,
    /// The same before gzip.
    pub plain_bytes: Counter,
    /// Recovered from an earlier run, and older than three days.
    pub dropped_expired: Counter,
    /// Accepted, and lost with the file that somebody removed or cut.
    pub dropped_lost: Counter,
    /// Damaged places in the files of earlier runs.
    pub damaged: Counter,
    /// Files of a later version of this library, left to it.
    pub later_version: Counter,
    /// Files of earlier runs beyond the storage limit, removed without being recovered.
    pub evicted_unread: Counter,
    /// Earlier runs whose hosts reported a crash.
    pub crashes: Counter,
    pub(super) last_crash: Mutex<Option<Crash>>,
    /// Events recovered from earlier runs.
    pub recovered: Counter,
    /// Interactions accepted.
    pub interactions_recorded: Counter,
    /// Of the events delivered, interactions.
    pub interactions_delivered: Counter,
    /// Interactions that were not recorded: the configuration takes none.
    pub interactions_off: Counter,
    /// Sessions captured.
    pub sessions: Counter,
    pub(super) last_error: Mutex<Option<LastError>>,
}

/// A number that only grows.
#[derive(Default)]
pub(crate) struct Counter(AtomicU64);

impl Counter {
    /// Adds `count`.
    pub fn add(&self, count: u64) {
        self.0.fetch_add(count, Ordering::Relaxed);
    }

    /// The count so far.
    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

#[derive(Debug, Clone)]
pub(super) struct LastError {
    pub message: String,
    pub at_ms: u64,
}

impl Stats {
    /// Remembers what went wrong last, without passwords.
    pub fn set_last_error(&self, message: &str) {
        *self.last_error.lock() =
            Some(LastError { message: redact(message).into_owned(), at_ms: unix_millis(SystemTime::now()) });
    }

    /// Remembers the last of the earlier runs that crashed.
    pub fn set_last_crash(&self, crash: Crash) {
        *self.last_crash.lock() = Some(crash);
    }
}
