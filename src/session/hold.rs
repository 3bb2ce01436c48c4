//! Held sessions: recorded, and not sent unless there is a trigger. `docs/guide/on-error.md` says it to people.
//!
//! The recording is made of segments, each of which begins with a full snapshot and in a chunk of its own. The host is asked for
//! one every half window; a segment goes when the one after it is as old as the window. `trigger.rs` has what lets it be sent,
//! `discarded.rs` what becomes of it without.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use super::Sessions;
use super::capture_state::CaptureState;
use super::captured_session::CapturedSession;
use super::discarded::{Why, sum};
use super::held_segments::{HeldChunk, HeldSegments};
use super::state::{Decision, SessionState};
use crate::options::LogLevel;
use crate::storage::{Counts, SealedChunk};

impl Sessions {
    /// Whether the user has opted out.
    pub fn is_opted_out(&self) -> bool {
        self.state.lock().is_opted_out()
    }

    /// Whether what is recorded now is held.
    pub fn is_held(&self) -> bool {
        self.held_session().is_some()
    }

    /// The session that is held now.
    pub(super) fn held_session(&self) -> Option<Arc<CapturedSession>> {
        match &self.capture_state.load().decision {
            Decision::Captured(session) if session.is_held => Some(session.clone()),
            _ => None,
        }
    }

    /// How much is held, and how much was discarded and is gone. Under the lock of the state.
    pub(super) fn held_counts(&self) -> (Counts, Counts) {
        let (mut held, removed) = self.discarded.counts();
        if let Some(segments) = self.segments_of_held() {
            held += sum(segments.lock().iter().map(|chunk| &chunk.sealed));
        }
        (held, removed)
    }

    /// Puts a chunk of what `seen` records where it belongs, now that it is sealed: into the queue, unless it is held. Under the
    /// lock of the state.
    pub(super) fn put_away(&self, seen: &CaptureState, sealed: SealedChunk) {
        let Some(segment) = sealed.chunk().filter(|chunk| chunk.is_held()).map(|chunk| chunk.segment())
        else {
            return self.queue.push(sealed);
        };
        let is_empty = sealed.bytes() == 0;
        let segments = match &seen.decision {
            Decision::Captured(session) if !is_empty => session.segments.as_ref(),
            _ => None,
        };
        let held = HeldChunk::new(sealed);
        let refused = match segments {
            Some(segments) => segments.lock().add(segment, held),
            None => Some(held),
        };
        self.discard(refused);
    }

    /// Does with what `before` held what the capture state asks for that took its place. Under the lock of the state.
    pub(super) fn settle_held(&self, state: &SessionState, before: &CaptureState) {
        let now = self.capture_state.load();
        self.settle_break(state, &now);
        let Decision::Captured(old) = &before.decision else { return };
        let Some(segments) = &old.segments else { return };
        match &now.decision {
            Decision::Captured(new) if new.is_of(segments) => match (old.is_held, new.is_held) {
                (false, true) => self.hold_provisional(new, segments),
                (true, false) => self.release(segments),
                _ => {}
            },
            _ if self.keep_for_break(state, old) => {}
            _ => {
                self.discard(segments.lock().take_all());
                let replay_id = old.envelope.replay_id();
                if !state.is_triggered(&replay_id) && !state.is_break_of(&replay_id) {
                    self.note_left(old);
                }
            }
        }
    }

    /// What was recorded of a session while the remote configuration was awaited still waits for it, since it may say that the
    /// session is captured. If it says that it was held, that is gone now, whatever becomes of this process.
    fn note_left(&self, session: &CapturedSession) {
        let all = self.queue.all();
        let left = all.iter().filter(|queued| is_provisional(queued, session));
        left.filter_map(|queued| queued.chunk()).for_each(|chunk| chunk.note_left());
    }

    /// What was recorded while the remote configuration was awaited is held.
    fn hold_provisional(&self, session: &CapturedSession, segments: &HeldSegments) {
        for queued in self.queue.take_out(|sealed| is_provisional(sealed, session)) {
            let envelope = queued.envelope().held_as(&session.envelope);
            let segment = queued.chunk().map_or(0, |chunk| chunk.segment());
            if let Some(held) = queued.hold(envelope) {
                self.discard(segments.lock().add(segment, HeldChunk::new(held)));
            }
        }
    }

    /// Deletes all that is held of the session that is recorded now. Where it is not known yet whether it is held, what is sealed
    /// lies in the queue; no segment of it is left that a player could begin with. Under the lock of the state.
    pub(super) fn delete_held(&self) {
        if let Decision::Captured(session) = &self.capture_state.load().decision
            && let Some(segments) = session.current_segments()
        {
            self.discard_as(Why::Deleted, segments.lock().take_all());
        }
        if let Some(segments) = self.held_break.lock().take().as_ref().and_then(|held| held.segments()) {
            self.discard_as(Why::Deleted, segments.lock().take_all());
        }
    }

    /// Asks for a full snapshot when half the window has passed, discards what is older than the window or too much, and gives
    /// back room. The time until there is something to do again; and whether a full snapshot is wanted now.
    pub fn rotate_held(&self, max_bytes: u64) -> (Option<Duration>, bool) {
        let (window, now) = (self.options.on_error_window, Instant::now());
        let Some(session) = self.held_session() else { return (self.end_break_if_due(window), false) };
        let Some(segments) = &session.segments else { return (None, false) };
        {
            let _state = self.state.lock();
            self.discard(segments.lock().take_outdated(window, now));
        }
        self.keep_within(segments, max_bytes);
        trim(segments);
        let began = segments.lock().current_began().filter(|_| session.is_whole());
        let due = began.map(|began| began + window / 2);
        let asks = due.is_some_and(|due| due <= now);
        if asks {
            self.end_stretch(session.stretch());
        }
        let next = [due.filter(|_| !asks), segments.lock().outdated_at(window)].into_iter().flatten().min();
        let asks = asks || self.begins_anew.swap(false, Ordering::AcqRel);
        (next.map(|at| at.saturating_duration_since(now)), asks)
    }

    /// Gives back the room that what is held does not need.
    pub(super) fn trim_held(&self) {
        let segments = self.segments_of_held();
        segments.iter().for_each(|segments| trim(segments));
    }

    /// Discards the oldest segments, so that no more than so many bytes are held. Where one alone is more, the recording begins
    /// anew.
    fn keep_within(&self, segments: &HeldSegments, max_bytes: u64) {
        let bytes = || segments.lock().iter().map(|held| held.sealed.bytes() as u64).sum::<u64>();
        while bytes() > max_bytes && (self.discard_oldest_segment() || self.discard_held()) {}
    }

    /// Discards all that is held and sealed, if there is anything: the recording begins anew with the next full snapshot.
    pub(super) fn discard_held(&self) -> bool {
        let Some(session) = self.held_session() else { return false };
        {
            let _state = self.state.lock();
            let all =
                session.segments.as_ref().map(|segments| segments.lock().take_all()).unwrap_or_default();
            if all.is_empty() {
                return false;
            }
            self.discard(all);
        }
        self.end_stretch(session.stretch());
        self.begins_anew.store(true, Ordering::Release);
        self.log.write(LogLevel::Warn, || {
            "more is held since the last full snapshot than there is room for: it begins anew with the next one".to_owned()
        });
        true
    }

    /// Discards the oldest segment that is held, if a player can begin with another.
    pub(super) fn discard_oldest_segment(&self) -> bool {
        let _state = self.state.lock();
        let oldest = self.segments_of_held().and_then(|segments| segments.lock().take_oldest());
        let has_one = oldest.is_some();
        self.discard(oldest.into_iter().flatten());
        has_one
    }
}

/// Whether this run recorded it of the session while the remote configuration was awaited. What an earlier run left of the same
/// session waits for the same decision, and is none of it.
fn is_provisional(sealed: &SealedChunk, session: &CapturedSession) -> bool {
    sealed.chunk().is_some()
        && sealed.envelope().sample_rate.is_none()
        && sealed.envelope().is_same_recording(&session.envelope)
}

/// Gives back the room that complete chunks don't need.
pub(super) fn trim(segments: &HeldSegments) {
    let complete: Vec<_> = {
        let segments = segments.lock();
        let new = segments.iter().filter(|held| !held.is_trimmed && held.sealed.can_be_finalized());
        new.filter_map(|held| held.sealed.chunk().cloned()).collect()
    };
    if complete.is_empty() {
        return;
    }
    complete.iter().for_each(|chunk| chunk.trim());
    // Only now: until then another thread that needs the room gives it back itself.
    for held in segments.lock().iter_mut() {
        held.is_trimmed |=
            held.sealed.chunk().is_some_and(|of| complete.iter().any(|chunk| Arc::ptr_eq(of, chunk)));
    }
}
