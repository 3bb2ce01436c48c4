//! Rollover: another session, another decision about it, another chunk.
//!
//! A rollover revokes the fast path, puts a new capture state in place and then seals the old one's chunk. So an event
//! whose recording begins after the rollover returned can only meet the new chunk; one whose recording had returned
//! is in the old; and one that runs at the same time finds the old chunk sealed and looks again, or was in time. Each
//! is in exactly one.

use std::sync::Arc;
use std::time::SystemTime;

use super::Sessions;
use super::capture_state::{CaptureState, CapturedSession};
use super::outcome::Outcome;
use super::state::{Decision, Recording, SessionState};
use crate::error::Error;
use crate::model::envelope::Envelope;
use crate::storage::{Chunk, FreshChunk, SealedChunk};

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
            let outcome = edit(&mut state).then(|| {
                if state.sessions_started() != sessions_started {
                    self.idle.touch();
                }
                let new = self.compute_capture_state(&mut state);
                let outcome = new.outcome();
                self.put_in_place(&mut state, new);
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
    fn compute_capture_state(&self, state: &mut SessionState) -> CaptureState {
        let decision = state.decision().map(|recording| Arc::new(self.captured_session(state, &recording)));
        let chunk = match &decision {
            // Only one that is ready: making one costs system calls, which the caller is not to wait for. Where none is,
            // the next event asks for one.
            Decision::Captured(session) => {
                self.storage.take_spare().map(|fresh| label(fresh, state.next_chunk_number(), session))
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
        match &self.capture_state.load().decision {
            // The same session, only now its sample rate is known: its full snapshot counts.
            Decision::Captured(before) if before.envelope.is_same_recording(&envelope) => {
                before.with_envelope(envelope)
            }
            _ => CapturedSession::new(envelope),
        }
    }

    /// Swaps the capture state, and seals the chunk of the old one. `_state` shows that the lock is held.
    fn put_in_place(&self, _state: &mut SessionState, new: CaptureState) {
        // First of all: a thread that has met the new state must not find its way into the old chunk again.
        self.revoke_fast_path();
        let before = self.capture_state.swap(Arc::new(new));
        if let Some(chunk) = &before.chunk {
            self.queue.push(SealedChunk::seal(chunk.clone()));
        }
    }

    /// Seals the current chunk if there is something in it, so that it can be delivered. The one that is ready takes
    /// its place; where none is, the next event asks for one.
    pub fn seal(&self) {
        // Under the lock: who flushes must not go on while another thread has put its capture state in place, but has not
        // handed over the chunk of the one before yet.
        let current = {
            let _state = self.state.lock();
            self.capture_state.load_full()
        };
        if let (Decision::Captured(session), Some(chunk)) = (&current.decision, &current.chunk)
            && chunk.used() > 0
        {
            self.put_chunk_in_place(&current, session, self.storage.take_spare());
        }
    }

    /// Puts a chunk, or none, in the place of `seen`'s, unless another thread did.
    fn put_chunk_in_place(
        &self,
        seen: &Arc<CaptureState>,
        session: &Arc<CapturedSession>,
        mut fresh: Option<FreshChunk>,
    ) {
        {
            let mut state = self.state.lock();
            if self.is_current(seen) {
                let chunk = fresh.take().map(|fresh| label(fresh, state.next_chunk_number(), session));
                let decision = Decision::Captured(session.clone());
                self.put_in_place(&mut state, CaptureState::new(decision, chunk));
            }
        }
        if let Some(unused) = fresh {
            self.storage.put_spare(unused);
        }
    }

    /// Puts a chunk with room for an event of this length in the place of `seen`'s, unless another thread did.
    pub(super) fn replace_chunk(
        &self,
        seen: &Arc<CaptureState>,
        session: &Arc<CapturedSession>,
        event: usize,
    ) -> Result<(), Error> {
        if !self.is_current(seen) {
            return Ok(());
        }
        let error = match self.fresh_chunk(event) {
            Ok(fresh) => {
                self.put_chunk_in_place(seen, session, Some(fresh));
                return Ok(());
            }
            Err(error) => error,
        };
        {
            let _state = self.state.lock();
            // Another thread may have got the last chunk that there was room for: it is for all.
            if !self.is_current(seen) {
                return Ok(());
            }
            // What is refused now is missing in the replay: it needs a new beginning.
            session.require_snapshot();
            self.revoke_fast_path();
        }
        match error {
            Error::BufferFull { .. } => self.stats.refused_buffer_full.add(1),
            _ => self.stats.refused_storage.add(1),
        }
        self.wake_worker();
        Err(error)
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

fn label(fresh: FreshChunk, number: u64, session: &CapturedSession) -> Arc<Chunk> {
    Arc::new(fresh.label(number, &session.envelope, &session.label))
}
