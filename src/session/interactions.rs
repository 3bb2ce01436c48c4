//! Interactions of the session that is captured. They are few, so each takes the lock that a rollover takes, and finds its
//! session without the care that an event needs. They go into a small chunk of their own, which is sealed with the session,
//! and when their time has come.

use std::sync::Arc;
use std::time::Instant;

use super::Sessions;
use super::outcome::Outcome;
use super::state::{Decision, SessionState};
use crate::error::Error;
use crate::storage::{Append, Chunk, Counts, FreshChunk, SealedChunk, Storage};
use crate::sync::Mutex;

/// The chunk that takes interactions, once there was one. Locked under the lock of the state alone.
#[derive(Default)]
pub(super) struct OpenInteractions(Mutex<Option<Arc<Chunk>>>);

/// What became of an attempt.
enum Attempt {
    Recorded { outcome: Outcome, is_first: bool },
    NotCaptured,
    AwaitsEvent,
    NeedsChunk,
}

impl OpenInteractions {
    fn take(&self) -> Option<SealedChunk> {
        self.0.lock().take().map(SealedChunk::seal)
    }

    /// How much is in it.
    pub fn counts(&self) -> Counts {
        self.0.lock().as_ref().map(|chunk| chunk.records().collect()).unwrap_or_default()
    }

    pub fn is_empty(&self) -> bool {
        self.0.lock().as_ref().is_none_or(|chunk| chunk.used() == 0)
    }
}

impl Sessions {
    /// Records an interaction, which was checked. What there is to tell of it has nothing to do with the replay: it never
    /// asks for a full snapshot.
    pub fn record_interaction(&self, interaction: &[u8]) -> Result<Outcome, Error> {
        self.note_action();
        loop {
            if self.idle.expired_or_touch() {
                self.begin_built_in_session();
            }
            match self.append_interaction(interaction)? {
                Attempt::Recorded { outcome, is_first } => {
                    if is_first {
                        self.wake_worker();
                    }
                    return Ok(outcome);
                }
                Attempt::NotCaptured => {
                    self.stats.not_captured.add(1);
                    return Ok(Outcome::NotCaptured);
                }
                Attempt::AwaitsEvent => self.begin_built_in_session(),
                // Made without the lock: it costs system calls.
                Attempt::NeedsChunk => {
                    let fresh = self.fresh_chunk_for_interactions().inspect_err(|error| match error {
                        Error::BufferFull { .. } => self.stats.refused_buffer_full.add(1),
                        _ => self.stats.refused_storage.add(1),
                    })?;
                    self.open_for_interactions(fresh);
                }
            }
        }
    }

    /// This outcome, or that the session has no full snapshot: for an interaction among the events of a page, behind which the
    /// page is to be told what it would be told without it.
    pub fn or_needs_snapshot(&self, outcome: Outcome) -> Outcome {
        outcome.or_if_done(match &self.capture_state.load().decision {
            Decision::Captured(session) if !session.has_snapshot() => Outcome::NeedsFullSnapshot,
            _ => Outcome::Done,
        })
    }

    fn append_interaction(&self, interaction: &[u8]) -> Result<Attempt, Error> {
        let state = self.state.lock();
        match &self.capture_state.load().decision {
            Decision::Captured(_) => {}
            Decision::NotCaptured(_) => return Ok(Attempt::NotCaptured),
            Decision::AwaitsEvent => return Ok(Attempt::AwaitsEvent),
            Decision::Closed => return Err(Error::ShutDown),
        }
        let appended =
            self.interactions.0.lock().as_ref().map(|chunk| (chunk.append(interaction), chunk.is_stored()));
        match appended {
            Some((Append::Stored { first }, is_stored)) => {
                let is_durable = is_stored || !self.storage.has_storage();
                if !is_durable {
                    self.stats.not_stored.add(1);
                }
                self.stats.interactions_recorded.add(1);
                let outcome = if is_durable { Outcome::Done } else { Outcome::NotStored };
                Ok(Attempt::Recorded { outcome, is_first: first })
            }
            _ => {
                self.seal_interactions_of(&state);
                Ok(Attempt::NeedsChunk)
            }
        }
    }

    /// Lets this chunk take the interactions of the current session, if none does.
    fn open_for_interactions(&self, fresh: FreshChunk) {
        let unused = {
            let mut state = self.state.lock();
            match &self.capture_state.load().decision {
                Decision::Captured(session) if self.interactions.0.lock().is_none() => {
                    let envelope = Arc::new(session.envelope.of_interactions());
                    let n = state.next_chunk_number();
                    let number = Storage::interactions_number(n);
                    let label = envelope.to_json();
                    let chunk = match session.current_segments() {
                        Some(segments) => {
                            let segment = segments.lock().current_or_begin(n, Instant::now());
                            fresh.label_in_segment(number, &envelope, &label, segment, session.is_held)
                        }
                        None => fresh.label(number, &envelope, &label),
                    };
                    *self.interactions.0.lock() = Some(Arc::new(chunk));
                    None
                }
                _ => Some(fresh),
            }
        };
        if let Some(unused) = unused {
            unused.remove();
        }
    }

    /// Seals the interactions that were recorded so far, so that they can be delivered.
    pub fn seal_interactions(&self) {
        let state = self.state.lock();
        if !self.is_held() {
            self.seal_interactions_of(&state);
        }
    }

    /// `_state` shows that the lock is held.
    pub(super) fn seal_interactions_of(&self, _state: &SessionState) {
        if let Some(sealed) = self.interactions.take() {
            self.put_away(&self.capture_state.load(), sealed);
        }
    }

    /// Whether interactions were recorded that are not sealed.
    pub fn has_unsealed_interactions(&self) -> bool {
        !self.interactions.is_empty()
    }
}
