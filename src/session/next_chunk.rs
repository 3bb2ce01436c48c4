//! Another chunk for the same recording: the current one is full, is sealed to be delivered, or a segment begins.

use std::sync::Arc;
use std::time::Instant;

use super::Sessions;
use super::capture_state::CaptureState;
use super::captured_session::CapturedSession;
use super::state::{Decision, SessionState};
use crate::error::Error;
use crate::model::event::ViewMark;
use crate::storage::{Chunk, FreshChunk};

impl Sessions {
    /// Seals the current chunk if there is something in it that can be delivered then. The one that is ready takes
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
            && !session.is_held
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
                let chunk = fresh.take().map(|fresh| label(fresh, &mut state, session));
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
        // What is held is discarded as time passes, and a snapshot that is there would be built on without what is refused now.
        let may_be_known =
            session.current_segments().is_none() && !session.has_snapshot() && FreshChunk::is_ordinary(event);
        let version = self.storage.room().version();
        if may_be_known && seen.no_room.holds(version) && session.loses_before_snapshot() {
            self.stats.refused_buffer_full.add(1);
            self.publish_no_room(seen, session);
            return Err(self.storage.room().buffer_full());
        }
        let error = match self.fresh_chunk(event) {
            Ok(fresh) => {
                self.put_chunk_in_place(seen, session, Some(fresh));
                return Ok(());
            }
            Err(error) => error,
        };
        if matches!(error, Error::BufferFull { .. }) && FreshChunk::is_ordinary(event) {
            // As of before it was looked for: what was made meanwhile is not overlooked.
            seen.no_room.note(version);
        }
        self.refuse(seen, session, error)
    }

    /// Begins another segment of the recording with this event, unless another thread put something in the place of `seen`. Gives
    /// what is in place then; `None`: nothing is recorded.
    pub(super) fn begin_segment(
        &self,
        seen: &Arc<CaptureState>,
        session: &Arc<CapturedSession>,
        mark: Option<ViewMark>,
        event: &[u8],
    ) -> Result<Option<Arc<CaptureState>>, Error> {
        let mark = mark.as_ref().map_or(&[][..], |mark| mark.as_bytes());
        let mut fresh = match self.fresh_chunk(mark.len() + event.len()) {
            Ok(fresh) => Some(fresh),
            Err(error) => return self.refuse(seen, session, error).map(|()| None),
        };
        let begun = {
            let mut state = self.state.lock();
            match (session.current_segments(), fresh.take_if(|_| self.is_current(seen))) {
                (Some(segments), Some(fresh)) => {
                    self.seal_interactions_of(&state);
                    let number = state.next_chunk_number();
                    segments.lock().begin(number, Instant::now());
                    let chunk = label_as(fresh, number, session, number);
                    // Before anybody else finds the chunk: the segment begins with this event.
                    chunk.append_marked(mark, event);
                    let new = CaptureState::new(Decision::Captured(session.clone()), Some(chunk));
                    self.put_in_place(&mut state, new);
                    Some(self.capture_state.load_full())
                }
                (_, unused) => {
                    fresh = unused.or(fresh);
                    None
                }
            }
        };
        if let Some(unused) = fresh {
            self.storage.put_spare(unused);
        }
        self.wake_worker();
        Ok(begun)
    }

    /// What is refused for want of room is missing in the replay, unless another thread has found some.
    fn refuse(
        &self,
        seen: &Arc<CaptureState>,
        session: &Arc<CapturedSession>,
        error: Error,
    ) -> Result<(), Error> {
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
}

/// The next chunk of this session, of the segment that goes on.
pub(super) fn label(fresh: FreshChunk, state: &mut SessionState, session: &CapturedSession) -> Arc<Chunk> {
    let number = state.next_chunk_number();
    match session.current_segments() {
        Some(segments) => {
            let segment = segments.lock().current_or_begin(number, Instant::now());
            label_as(fresh, number, session, segment)
        }
        None => Arc::new(fresh.label(number, &session.envelope, &session.label)),
    }
}

fn label_as(fresh: FreshChunk, number: u64, session: &CapturedSession, segment: u64) -> Arc<Chunk> {
    let (envelope, label) = (&session.envelope, &session.label);
    Arc::new(fresh.label_in_segment(number, envelope, label, segment, session.is_held))
}
