//! What every recorded event reads: where it goes, if anywhere. ("Snapshot" is the word for rrweb's full snapshot only.)

use std::sync::atomic::{AtomicBool, Ordering};
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
    began: Instant,
}

impl CapturedSession {
    pub fn new(envelope: Envelope) -> Self {
        Self {
            label: envelope.to_json(),
            envelope: Arc::new(envelope),
            has_snapshot: AtomicBool::new(false),
            began: Instant::now(),
        }
    }

    /// The same session under another envelope: its sample rate is known now.
    pub fn with_envelope(&self, envelope: Envelope) -> Self {
        Self { has_snapshot: AtomicBool::new(self.has_snapshot()), began: self.began, ..Self::new(envelope) }
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
