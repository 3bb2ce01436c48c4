//! Rollover: another session, or another decision about it. (`next_chunk.rs`: another chunk for the same.)
//!
//! A rollover revokes the fast path, puts a new capture state in place and then seals the old one's chunk. So an event
//! whose recording begins after the rollover returned can only meet the new chunk; one whose recording had returned
//! is in the old; and one that runs at the same time finds the old chunk sealed and looks again, or was in time. Each
//! is in exactly one.

use std::sync::Arc;
use std::time::SystemTime;

use super::Sessions;
use super::capture_state::CaptureState;
use super::captured_session::CapturedSession;
use super::next_chunk::label;
use super::outcome::Outcome;
use super::state::{Decision, Recording, SessionState};
use crate::model::envelope::Envelope;
use crate::storage::SealedChunk;

impl Sessions {
    /// Changes the state and, where `edit` says that it did, puts what it asks for in place.
    pub(super) fn change(&self, edit: impl FnOnce(&mut SessionState) -> bool) -> Outcome {
        self.change_and_see(edit, |_| ()).0
    }

    /// As [`Self::change`]; and what `see` finds then, under the same lock.
    pub(super) fn change_and_see<T>(
        &self,
        edit: impl FnOnce(&mut SessionState) -> bool,
        see: impl FnOnce(&SessionState) -> T,
    ) -> (Outcome, T) {
        let (outcome, seen) = {
            let mut state = self.state.lock();
            let sessions_started = state.sessions_started();
            let is_changed = edit(&mut state);
            if is_changed {
                state.begin_targeting();
            }
            self.note_targets(&mut state);
            let outcome = is_changed.then(|| {
                if state.sessions_started() != sessions_started {
                    self.idle.touch();
                }
                let new = self.compute_capture_state(&mut state);
                let outcome = new.outcome();
                self.seal_interactions_of(&state);
                let before = self.put_in_place(&mut state, new);
                self.settle_held(&state, &before);
                outcome
            });
            (outcome, see(&state))
        };
        if outcome.is_some() {
            self.queue.release();
            self.wake_worker();
        }
        (outcome.unwrap_or(Outcome::Done), seen)
    }

    /// Begins a session of the built-in kind, if one is due.
    pub(super) fn begin_built_in_session(&self) {
        // Looked at again under the lock: another thread may have been faster.
        self.change(|state| state.begin_built_in_if_due(self.idle.expired_or_touch(), SystemTime::now()));
    }

    /// The capture state that the state asks for.
    pub(super) fn compute_capture_state(&self, state: &mut SessionState) -> CaptureState {
        let decision = state.decision().map(|recording| Arc::new(self.captured_session(state, &recording)));
        let chunk = match &decision {
            // Only one that is ready: making one costs system calls, which the caller is not to wait for. Where none is,
            // the next event asks for one.
            Decision::Captured(session) => {
                self.storage.take_spare().map(|fresh| label(fresh, state, session))
            }
            _ => None,
        };
        CaptureState::new(decision, chunk)
    }

    fn captured_session(&self, state: &mut SessionState, recording: &Recording) -> CapturedSession {
        if state.note_recording(recording) {
            self.stats.sessions.add(1);
        }
        let envelope =
            Envelope::new(&self.client_info, &recording.replay_id, recording.sample_rate, state.started());
        let is_held = recording.is_held;
        match &self.capture_state.load().decision {
            // The same session, only now its sample rate is known, or there was a trigger: its full snapshot counts.
            Decision::Captured(before)
                if before.envelope.is_same_recording(&envelope) && goes_on(before, recording, state) =>
            {
                before.with_envelope(envelope, is_held)
            }
            _ if is_held
                || recording.sample_rate.is_none() && state.may_be_held(&recording.replay_id.session) =>
            {
                self.activity.touch();
                let kept = if is_held { self.kept_segments(&recording.replay_id) } else { None };
                CapturedSession::new(envelope).in_segments(kept.unwrap_or_default(), is_held)
            }
            _ => {
                // What begins is not idle.
                self.activity.touch();
                CapturedSession::new(envelope)
            }
        }
    }

    /// Swaps the capture state, and seals the chunk of the old one, which it gives. `_state` shows that the lock is held.
    pub(super) fn put_in_place(&self, _state: &mut SessionState, new: CaptureState) -> Arc<CaptureState> {
        // First of all: a thread that has met the new state must not find its way into the old chunk again.
        self.revoke_fast_path();
        let before = self.capture_state.swap(Arc::new(new));
        if let Some(chunk) = &before.chunk {
            self.put_away(&before, SealedChunk::seal(chunk.clone()));
        }
        before
    }

    /// Whether this capture state is still the one in place.
    pub(super) fn is_current(&self, seen: &Arc<CaptureState>) -> bool {
        Arc::ptr_eq(seen, &self.capture_state.load())
    }

    pub(super) fn revoke_fast_path(&self) {
        if let Some(fast_path) = self.fast_path {
            fast_path.revoke();
        }
    }
}

/// Whether a recording goes on as this one, without a gap.
fn goes_on(before: &CapturedSession, recording: &Recording, state: &SessionState) -> bool {
    match before.envelope.sample_rate {
        None => !recording.is_held || before.segments.is_some(),
        Some(_) if before.is_held == recording.is_held => true,
        Some(_) => before.is_held && state.is_triggered(&recording.replay_id),
    }
}
