//! Whether the host has to take a full snapshot.

use super::Sessions;
use super::captured_session::{SnapshotState, Stretch};
use super::state::Decision;
use crate::model::ids::ReplayId;

/// What is known of the full snapshot of the session that is captured.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SnapshotWant {
    /// Whether it is missing.
    pub is_missing: bool,
    /// The part of the recording that it is for.
    pub stretch: Stretch,
    /// Another number for another want. One that is not met stays the same, however much is lost meanwhile.
    pub number: u64,
}

impl Sessions {
    /// What is known of the full snapshot of the session that is captured; `None`: none is.
    pub fn snapshot_want(&self) -> Option<SnapshotWant> {
        match &self.capture_state.load().decision {
            Decision::Captured(session) => Some(SnapshotWant {
                is_missing: !session.has_snapshot(),
                stretch: session.stretch(),
                number: session.want(),
            }),
            _ => None,
        }
    }

    /// The session that is captured, and whether it has its full snapshot.
    pub fn snapshot_state(&self) -> Option<(ReplayId, SnapshotState)> {
        match &self.capture_state.load().decision {
            Decision::Captured(session) => Some((session.envelope.replay_id(), session.snapshot_state())),
            _ => None,
        }
    }

    /// The host's filter dropped a full snapshot. `sr-worker` asks for another, but not at once again and again.
    pub fn note_dropped_snapshot(&self) {
        let _state = self.state.lock();
        if let Decision::Captured(session) = &self.capture_state.load().decision {
            session.note_dropped_snapshot();
            // The answer to the next event is another one.
            self.revoke_fast_path();
            self.wake_worker();
        }
    }
}
