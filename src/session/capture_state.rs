//! The snapshot that every recorded event reads: where it goes, if anywhere.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use super::fast_path::CachedChunk;
use super::outcome::Outcome;
use crate::model::capture::NotCaptured;
use crate::model::envelope::Envelope;
use crate::model::event;
use crate::storage::Chunk;

/// Immutable, but for the chunk, into which many append, and the marks of the session.
pub(super) struct CaptureState {
    pub capture: Capture,
    /// Where events go. `None` although captured: there was no room, the next event asks again.
    pub chunk: Option<Arc<Chunk>>,
    /// The short cut into the chunk, once somebody could take it.
    pub cached_chunk: OnceLock<Arc<CachedChunk>>,
}

pub(super) enum Capture {
    On(Arc<CapturedSession>),
    Off(NotCaptured),
    /// The built-in session timeout is on and no session has begun: the next event begins one.
    TimedOut,
    /// Recording has ended for good.
    Closed,
}

impl CaptureState {
    pub fn on(captured: Arc<CapturedSession>, chunk: Option<Arc<Chunk>>) -> Self {
        Self { capture: Capture::On(captured), chunk, cached_chunk: OnceLock::new() }
    }

    pub fn without_chunk(capture: Capture) -> Self {
        Self { capture, chunk: None, cached_chunk: OnceLock::new() }
    }

    pub fn off(reason: NotCaptured) -> Self {
        Self::without_chunk(Capture::Off(reason))
    }

    pub fn closed() -> Self {
        Self::without_chunk(Capture::Closed)
    }

    /// What the call that put it in place tells the host.
    pub fn outcome(&self) -> Outcome {
        match &self.capture {
            Capture::On(captured) if captured.has_snapshot() => Outcome::Done,
            Capture::On(_) => Outcome::NeedsFullSnapshot,
            Capture::TimedOut => Outcome::Done,
            Capture::Off(_) | Capture::Closed => Outcome::NotCaptured,
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

    /// The same session under the envelope that was decided on.
    pub fn decided(&self, envelope: Envelope) -> Self {
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

    /// What to tell the host about the event that was just kept.
    pub fn after(&self, event: &[u8]) -> Outcome {
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
