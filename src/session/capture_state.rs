//! What every recorded event reads: where it goes, if anywhere. ("Snapshot" is the word for rrweb's full snapshot only.)

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use super::fast_path::CachedChunk;
use super::outcome::Outcome;
use super::state::Decision;
use crate::model::envelope::Envelope;
use crate::model::event;
use crate::storage::Chunk;

/// Immutable, but for the chunk, into which many append, and the marks of the session.
pub(super) struct CaptureState {
    pub decision: Decision<Arc<CapturedSession>>,
    /// Where events go. `None` although captured: there was no room, the next event asks again.
    pub chunk: Option<Arc<Chunk>>,
    /// The chunk as threads cache it, once one has.
    pub cached_chunk: OnceLock<Arc<CachedChunk>>,
}

impl CaptureState {
    pub fn new(decision: Decision<Arc<CapturedSession>>, chunk: Option<Arc<Chunk>>) -> Self {
        Self { decision, chunk, cached_chunk: OnceLock::new() }
    }

    /// What the call that put it in place tells the host.
    pub fn outcome(&self) -> Outcome {
        match &self.decision {
            Decision::Captured(session) if session.has_snapshot() => Outcome::Done,
            Decision::Captured(_) => Outcome::NeedsFullSnapshot,
            Decision::AwaitsEvent => Outcome::Done,
            Decision::NotCaptured(_) | Decision::Closed => Outcome::NotCaptured,
        }
    }
}

/// A session that is captured.
pub(super) struct CapturedSession {
    pub envelope: Arc<Envelope>,
    /// The envelope as it is written into chunks.
    pub label: Vec<u8>,
    has_snapshot: AtomicBool,
    stretch: AtomicU64,
    began: Instant,
}

/// A part of a recording without a gap: what is recorded in it may build on what was recorded in it before. Another begins
/// with each session that is captured, and where something that the rest builds on was lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stretch(u64);

impl Stretch {
    /// The stretch of this number; there is none of number 0.
    pub const fn of_number(number: u64) -> Self {
        Self(number)
    }

    /// As a number that is never 0.
    pub fn number(self) -> u64 {
        self.0
    }

    fn next() -> u64 {
        static STRETCHES: AtomicU64 = AtomicU64::new(0);
        1 + STRETCHES.fetch_add(1, Ordering::Relaxed)
    }
}

impl CapturedSession {
    pub fn new(envelope: Envelope) -> Self {
        Self {
            label: envelope.to_json(),
            envelope: Arc::new(envelope),
            has_snapshot: AtomicBool::new(false),
            stretch: AtomicU64::new(Stretch::next()),
            began: Instant::now(),
        }
    }

    /// The same session under another envelope: its sample rate is known now.
    pub fn with_envelope(&self, envelope: Envelope) -> Self {
        Self {
            has_snapshot: AtomicBool::new(self.has_snapshot()),
            stretch: AtomicU64::new(self.stretch().0),
            began: self.began,
            ..Self::new(envelope)
        }
    }

    /// How long it has been recorded by this run.
    pub fn age(&self) -> Duration {
        self.began.elapsed()
    }

    pub fn has_snapshot(&self) -> bool {
        self.has_snapshot.load(Ordering::Relaxed)
    }

    pub fn require_snapshot(&self) {
        self.has_snapshot.store(false, Ordering::Relaxed);
        self.stretch.store(Stretch::next(), Ordering::Relaxed);
    }

    /// The part of the recording that what is recorded now belongs to.
    pub fn stretch(&self) -> Stretch {
        Stretch(self.stretch.load(Ordering::Relaxed))
    }

    /// What to tell the host about the event that was just recorded.
    pub fn outcome_of(&self, event: &[u8]) -> Outcome {
        if self.has_snapshot() {
            return Outcome::Done;
        }
        match event::kind_of(event) {
            Some(event::FULL_SNAPSHOT) => {
                self.has_snapshot.store(true, Ordering::Relaxed);
                Outcome::Done
            }
            // Right before every full snapshot rrweb emits a Meta event. Asking for a snapshot in answer to it
            // would make the host take one inside the other, without end.
            Some(event::META) => Outcome::Done,
            _ => Outcome::NeedsFullSnapshot,
        }
    }
}
