//! What every recorded event reads: where it goes, if anywhere. ("Snapshot" is the word for rrweb's full snapshot only.)

use std::sync::{Arc, OnceLock};

use super::captured_session::{CapturedSession, SnapshotState};
use super::fast_path::CachedCapture;
use super::no_room::NoRoom;
use super::outcome::Outcome;
use super::state::Decision;
use crate::storage::Chunk;

/// Immutable, but for the chunk, into which many append, and the marks of the session.
pub(super) struct CaptureState {
    pub decision: Decision<Arc<CapturedSession>>,
    /// Where events go. `None` although captured: there was no room, the next event asks again.
    pub chunk: Option<Arc<Chunk>>,
    /// What threads cache of it, once one has: by the [`SnapshotState`], of which the answer depends.
    cached: [OnceLock<Arc<CachedCapture>>; 3],
    /// There was no room for the next chunk.
    pub no_room: Arc<NoRoom>,
    /// The same as threads cache it.
    cached_no_room: OnceLock<Arc<CachedCapture>>,
}

impl CaptureState {
    pub fn new(decision: Decision<Arc<CapturedSession>>, chunk: Option<Arc<Chunk>>) -> Self {
        Self {
            decision,
            chunk,
            cached: Default::default(),
            no_room: Arc::default(),
            cached_no_room: OnceLock::new(),
        }
    }

    /// What threads cache of it while the full snapshot is there, missing or dropped.
    pub fn cached(
        &self,
        snapshot: SnapshotState,
        make: impl FnOnce() -> CachedCapture,
    ) -> &Arc<CachedCapture> {
        self.cached[snapshot as usize].get_or_init(|| Arc::new(make()))
    }

    /// What threads cache of it while there is no room for the next chunk.
    pub fn cached_no_room(&self, make: impl FnOnce() -> CachedCapture) -> &Arc<CachedCapture> {
        self.cached_no_room.get_or_init(|| Arc::new(make()))
    }

    /// Whether it is captured: what is held is not.
    pub fn outcome_of_question(&self) -> Outcome {
        match &self.decision {
            Decision::Captured(session) if session.is_held => Outcome::NotCaptured,
            _ => self.outcome(),
        }
    }

    /// What the call that put it in place tells the host: of what is held the same as of what is captured, since it is recorded.
    pub fn outcome(&self) -> Outcome {
        match &self.decision {
            Decision::Captured(session) if session.has_snapshot() => Outcome::Done,
            Decision::Captured(_) => Outcome::NeedsFullSnapshot,
            Decision::AwaitsEvent => Outcome::Done,
            Decision::NotCaptured(_) | Decision::Closed => Outcome::NotCaptured,
        }
    }
}
