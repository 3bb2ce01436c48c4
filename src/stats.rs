//! What happened so far, in numbers: the answer of `sr_stats`.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

use serde::Serialize;

use crate::model::ids::unix_millis;
use crate::redact::redact;
use crate::storage::Crash;
use crate::sync::Mutex;

/// Counters, each of which only grows.
#[derive(Default)]
pub(crate) struct Stats {
    /// Refused at once: not an rrweb event.
    pub refused_invalid: Counter,
    /// Refused at once: larger than `maxSingleEventSizeBytes`.
    pub refused_too_large: Counter,
    /// Refused at once: storage limit reached.
    pub refused_buffer_full: Counter,
    /// Refused at once: no memory or disk to be had.
    pub refused_storage: Counter,
    /// Accepted, and in memory only although there is a storage directory.
    pub not_stored: Counter,
    /// Not wanted: see `state`.
    pub not_captured: Counter,
    /// Arrived at the server.
    pub delivered: Counter,
    /// Of these, what the server threw away, since it had too much to do.
    pub throttled: Counter,
    /// Accepted, and found not to be an rrweb event by the worker.
    pub dropped_invalid: Counter,
    /// Accepted, and refused by the server.
    pub dropped_rejected: Counter,
    /// Accepted, and too large for the server, alone.
    pub dropped_too_large: Counter,
    /// Accepted, and given up for newer sessions.
    pub dropped_storage_limit: Counter,
    /// Accepted while the remote configuration was awaited, which then said no.
    pub dropped_not_captured: Counter,
    /// Accepted, in a session shorter than `minSessionDurationMs`.
    pub dropped_too_short: Counter,
    /// Accepted, in a session that the server gave up.
    pub dropped_session_dead: Counter,
    /// Requests that arrived.
    pub batches_sent: Counter,
    /// Requests that were made again.
    pub batches_retried: Counter,
    /// Bytes of bodies that arrived, as sent.
    pub wire_bytes: Counter,
    /// The same before gzip.
    pub plain_bytes: Counter,
    /// Taken over from an earlier run, and older than three days.
    pub dropped_expired: Counter,
    /// Events whose file somebody removed or cut while they waited.
    pub dropped_lost: Counter,
    /// Damaged places in what earlier runs left behind.
    pub damaged: Counter,
    /// Files of a later version of this library, left where they are.
    pub later_version: Counter,
    /// Files of earlier runs that were more than the storage limit, removed unread.
    pub evicted_unread: Counter,
    /// Runs that crashed, as their hosts told.
    pub crashes: Counter,
    last_crash: Mutex<Option<Crash>>,
    /// Events taken over from earlier runs.
    pub recovered: Counter,
    /// Sessions captured.
    pub sessions: Counter,
    last_error: Mutex<Option<LastError>>,
}

/// A number that only grows.
#[derive(Default)]
pub(crate) struct Counter(AtomicU64);

impl Counter {
    /// Adds.
    pub fn add(&self, count: u64) {
        self.0.fetch_add(count, Ordering::Relaxed);
    }

    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct LastError {
    message: String,
    at_ms: u64,
}

/// What else the answer says, known by others.
pub(crate) struct StatsContext {
    pub state: &'static str,
    pub advice: Option<String>,
    pub session_replay_id: Option<String>,
    pub recorded_events: u64,
    pub recorded_bytes: u64,
    pub waiting_events: u64,
    pub given_up_events: u64,
    pub waiting_batches: u64,
    pub stored_bytes: u64,
    pub storage: &'static str,
    pub storage_problem: Option<String>,
}

impl Stats {
    /// Remembers what went wrong last.
    pub fn fail(&self, message: &str) {
        *self.last_error.lock() =
            Some(LastError { message: redact(message).into_owned(), at_ms: unix_millis(SystemTime::now()) });
    }

    /// Remembers how the last of the earlier runs that crashed did.
    pub fn tell_crash(&self, crash: Crash) {
        *self.last_crash.lock() = Some(crash);
    }

    /// The answer of `sr_stats`. `docs/guide/c-api.md` says what each member means.
    pub fn to_json(&self, situation: StatsContext) -> serde_json::Value {
        let (wire, plain) = (self.wire_bytes.get(), self.plain_bytes.get());
        serde_json::json!({
            "state": situation.state,
            "advice": situation.advice,
            "sessionReplayId": situation.session_replay_id,
            "sessions": self.sessions.get(),
            "recorded": { "events": situation.recorded_events, "bytes": situation.recorded_bytes },
            "notCaptured": self.not_captured.get(),
            "notStored": self.not_stored.get(),
            "refused": {
                "invalidEvent": self.refused_invalid.get(),
                "tooLarge": self.refused_too_large.get(),
                "bufferFull": self.refused_buffer_full.get(),
                "storage": self.refused_storage.get(),
            },
            "delivered": self.delivered.get(),
            "throttled": self.throttled.get(),
            "dropped": {
                "invalidEvent": self.dropped_invalid.get(),
                "rejectedByServer": self.dropped_rejected.get(),
                "tooLargeForServer": self.dropped_too_large.get(),
                "storageLimit": situation.given_up_events,
                "notCaptured": self.dropped_not_captured.get(),
                "expired": self.dropped_expired.get(),
                "storageLost": self.dropped_lost.get(),
                "sessionTooShort": self.dropped_too_short.get(),
                "sessionEndedByServer": self.dropped_session_dead.get(),
            },
            "waiting": {
                "events": situation.waiting_events,
                "batches": situation.waiting_batches,
                "bytes": situation.stored_bytes,
            },
            "storage": { "kind": situation.storage, "problem": situation.storage_problem },
            "adopted": self.recovered.get(),
            "damaged": self.damaged.get(),
            "laterVersion": self.later_version.get(),
            "evictedUnread": self.evicted_unread.get(),
            "crashes": {
                "count": self.crashes.get(),
                "last": self.last_crash.lock().map(|crash| serde_json::json!({ "code": crash.code, "atMs": crash.at_ms })),
            },
            "batches": { "sent": self.batches_sent.get(), "retried": self.batches_retried.get() },
            "bytes": {
                "beforeGzip": plain,
                "onTheWire": wire,
                "ratio": if wire == 0 { 0.0 } else { (plain as f64 / wire as f64 * 100.0).round() / 100.0 },
            },
            "lastError": *self.last_error.lock(),
        })
    }
}
