//! Deleting what waits: of this session, of those before it, of earlier runs. Once the current chunk is sealed, everything that
//! waits lies in the queue, or among the segments of a session that is held, and goes from there.

use super::Sessions;
use super::outcome::Outcome;
use super::state::Decision;

/// What became of what was to be deleted.
pub(crate) struct Deletion {
    /// What the host is to be told where all went well.
    pub outcome: Outcome,
    /// How many files a later start may still find, since they can neither be removed nor written to.
    pub left: usize,
}

impl Sessions {
    /// Deletes all that waits to be sent. A session that is recorded goes on, and needs a full snapshot. What is being sent
    /// right now goes as soon as that ends, unless the server took it.
    pub fn delete_waiting(&self) -> Deletion {
        // Compacting writes events anew: not while they go.
        let _upkeep = self.queue.pause_upkeep();
        let (outcome, doomed) = {
            let mut state = self.state.lock();
            let new = self.compute_capture_state(&mut state);
            let mut outcome = Outcome::Done;
            if let Decision::Captured(session) = &new.decision {
                session.require_snapshot();
                outcome = Outcome::NeedsFullSnapshot;
            }
            self.seal_interactions_of(&state);
            self.put_in_place(&mut state, new);
            self.delete_held();
            (outcome, self.queue.delete_all())
        };
        // All are noted before any is removed, which takes longer: after a kill in between none of them comes back.
        let left = doomed.iter().filter(|sealed| !sealed.condemn()).count();
        drop(doomed);
        let has_forgotten = self.forget_targeting().is_ok();
        self.remove_evicted();
        self.remove_discarded();
        self.storage.sync_removals();
        // What is not finalized yet goes with the next look of the worker's.
        self.wake_worker();
        Deletion { outcome, left: left + usize::from(!has_forgotten) }
    }
}
