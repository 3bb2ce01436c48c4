//! Rollover: another session, another decision about it, another chunk.
//!
//! A rollover revokes the fast path, puts a new capture state in place and then seals the old one's chunk. So an event
//! whose recording begins after the rollover returned can only meet the new chunk; one whose recording had returned
//! is in the old; and one that runs at the same time finds the old chunk sealed and looks again, or was in time. Each
//! is in exactly one.

use std::sync::Arc;

use super::capture_state::{Capture, CaptureState, CapturedSession};
use super::outcome::Outcome;
use super::{Sessions, State};
use crate::error::Error;
use crate::model::envelope::Envelope;
use crate::storage::{FreshChunk, SealedChunk};

impl Sessions {
    /// Closes the current chunk if there is something in it, so that it can be delivered. The one that is ready takes
    /// its place; where none is, the next event asks for one.
    pub fn seal(&self) {
        // Under the lock: who flushes must not go on while another thread has put its snapshot in place, but has not yet
        // handed over the chunk before.
        let current = {
            let _state = self.state.lock();
            self.capture_state.load_full()
        };
        if let (Capture::On(captured), Some(chunk)) = (&current.capture, &current.chunk)
            && chunk.used() > 0
        {
            self.put_chunk_in_place(&current, captured, self.storage.ready_chunk());
        }
    }

    /// Begins a session of the built-in kind. Called by whoever finds the old one timed out first.
    pub(super) fn begin_session_now(&self) {
        self.change(|state| {
            // Another thread may have been faster.
            let due = state.session.is_none() || self.idle.expired_or_touch();
            if due {
                state.begin_after_timeout();
                self.idle.touch();
            }
            due
        });
    }

    /// Changes the state and, where `edit` says that it did, puts a new snapshot in place.
    pub(super) fn change(&self, edit: impl FnOnce(&mut State) -> bool) -> Outcome {
        self.change_and_see(edit, |_| ()).0
    }

    /// As [`Self::change`]; and what is to be seen then, under the same lock.
    pub(super) fn change_and_see<T>(
        &self,
        edit: impl FnOnce(&mut State) -> bool,
        see: impl FnOnce(&State) -> T,
    ) -> (Outcome, T) {
        // Only one that is ready: making one costs system calls, which the caller is not to wait for. Where none is, the
        // next event asks for one.
        let mut fresh = self.storage.ready_chunk();
        let outcome = {
            let mut state = self.state.lock();
            let outcome = if edit(&mut state) {
                let current = self.compute_capture_state(&mut state, &mut fresh);
                let outcome = current.outcome();
                self.put_in_place(&mut state, current);
                outcome
            } else {
                Outcome::Done
            };
            (outcome, see(&state))
        };
        if let Some(unused) = fresh {
            self.storage.put_spare(unused);
        }
        self.queue.release();
        self.wake_worker();
        outcome
    }

    /// The snapshot that the state asks for.
    fn compute_capture_state(&self, state: &mut State, fresh: &mut Option<FreshChunk>) -> CaptureState {
        if state.closed {
            return CaptureState::closed();
        }
        let replay_id = match state.identity(self.options.session_timeout) {
            Ok(replay_id) => replay_id,
            Err(capture) => return CaptureState::without_chunk(capture),
        };
        let rate = match state.rule.map(|rule| rule.allows(&replay_id.session).map(|()| rule.sample_rate)) {
            None => None,
            Some(Ok(rate)) => Some(rate),
            Some(Err(reason)) => return CaptureState::off(reason),
        };
        let envelope = Envelope::new(&self.origin, &replay_id, rate, state.started);
        let captured = match &self.capture_state.load().capture {
            // The same session, decided about only now: its full snapshot counts.
            Capture::On(before) if before.envelope.is_same_recording(&envelope) => before.decided(envelope),
            _ => {
                let id = Some(envelope.replay_id());
                if state.counted != id {
                    self.stats.sessions.add(1);
                    state.counted = id;
                }
                CapturedSession::new(envelope)
            }
        };
        if rate.is_some() {
            state.history.captured(captured.envelope.replay_id());
        }
        let captured = Arc::new(captured);
        let chunk = fresh.take().map(|fresh| state.label(fresh, &captured));
        CaptureState::on(captured, chunk)
    }

    /// Swaps the snapshot and seals what the old one recorded into.
    fn put_in_place(&self, _state: &mut State, current: CaptureState) {
        // First of all: a thread that has met the new snapshot must not find its way into the old chunk again.
        self.revoke_fast_path();
        let before = self.capture_state.swap(Arc::new(current));
        if let Some(chunk) = &before.chunk {
            self.queue.push(SealedChunk::seal(chunk.clone()));
        }
    }

    /// Puts a chunk, or none, in the place of `seen`'s, unless somebody else did.
    fn put_chunk_in_place(
        &self,
        seen: &Arc<CaptureState>,
        captured: &Arc<CapturedSession>,
        mut fresh: Option<FreshChunk>,
    ) {
        {
            let mut state = self.state.lock();
            if self.is_current(seen) {
                let chunk = fresh.take().map(|fresh| state.label(fresh, captured));
                self.put_in_place(&mut state, CaptureState::on(captured.clone(), chunk));
            }
        }
        if let Some(unused) = fresh {
            self.storage.put_spare(unused);
        }
    }

    /// Puts a chunk with room for an event of this length in the place of `seen`'s, unless somebody else did.
    pub(super) fn replace_chunk(
        &self,
        seen: &Arc<CaptureState>,
        captured: &Arc<CapturedSession>,
        event: usize,
    ) -> Result<(), Error> {
        if !self.is_current(seen) {
            return Ok(());
        }
        let error = match self.fresh_chunk(event) {
            Ok(fresh) => {
                self.put_chunk_in_place(seen, captured, Some(fresh));
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
            captured.require_snapshot();
            self.revoke_fast_path();
        }
        match error {
            Error::BufferFull { .. } => self.stats.refused_buffer_full.add(1),
            _ => self.stats.refused_storage.add(1),
        }
        self.wake_worker();
        Err(error)
    }

    pub(super) fn is_current(&self, current: &Arc<CaptureState>) -> bool {
        Arc::ptr_eq(current, &self.capture_state.load())
    }

    pub(super) fn revoke_fast_path(&self) {
        if let Some(fast_path) = self.fast_path {
            fast_path.revoke();
        }
    }
}

impl State {
    fn label(&mut self, fresh: FreshChunk, captured: &CapturedSession) -> Arc<crate::storage::Chunk> {
        self.chunks += 1;
        Arc::new(fresh.label(self.chunks, &captured.envelope, &captured.label))
    }
}
