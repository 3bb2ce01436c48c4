//! What is held of a session in a break: the host paused recording, or the user is idle. Nothing is recorded then, but what was
//! recorded before may still be wanted: it is kept for one window more.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::Sessions;
use super::capture_state::CaptureState;
use super::captured_session::CapturedSession;
use super::held_segments::HeldSegments;
use super::state::{Decision, SessionState};
use crate::error::Error;
use crate::model::envelope::Envelope;
use crate::model::ids::ReplayId;

/// See the module. Its lock is taken under that of the state.
pub(super) struct HeldBreak {
    session: Arc<CapturedSession>,
    since: Instant,
}

impl HeldBreak {
    pub fn segments(&self) -> Option<&Arc<HeldSegments>> {
        self.session.segments.as_ref()
    }

    pub fn envelope(&self) -> &Arc<Envelope> {
        &self.session.envelope
    }

    fn replay_id(&self) -> ReplayId {
        self.session.envelope.replay_id()
    }
}

impl Sessions {
    /// Keeps what is held of this session, if this is the beginning of a break in it.
    pub(super) fn keep_for_break(&self, state: &SessionState, session: &Arc<CapturedSession>) -> bool {
        let replay_id = session.envelope.replay_id();
        let goes_on = state
            .recording_after_break()
            .is_some_and(|recording| recording.is_held && recording.replay_id == replay_id);
        if session.is_held && goes_on {
            let since = Instant::now();
            *self.held_break.lock() = Some(HeldBreak { session: session.clone(), since });
            // It ends after a while.
            self.wake_worker();
        }
        session.is_held && goes_on
    }

    /// Does with what was kept for a break what the capture state asks for that is in place now.
    pub(super) fn settle_break(&self, state: &SessionState, now: &CaptureState) {
        let mut kept = self.held_break.lock();
        let Some(held) = kept.as_ref() else { return };
        let Some(segments) = held.segments() else { return };
        let is_taken_up = matches!(&now.decision, Decision::Captured(session) if session.is_of(segments));
        let after = state.recording_after_break().filter(|after| after.replay_id == held.replay_id());
        match after {
            _ if is_taken_up => {}
            Some(after) if after.is_held => return,
            Some(after) if state.is_triggered(&after.replay_id) => self.release(segments),
            _ => self.discard(segments.lock().take_all()),
        }
        *kept = None;
    }

    /// The segments that were kept of this session, if it goes on after a break.
    pub(super) fn kept_segments(&self, replay_id: &ReplayId) -> Option<Arc<HeldSegments>> {
        let kept = self.held_break.lock();
        kept.as_ref().filter(|held| held.replay_id() == *replay_id)?.segments().cloned()
    }

    /// Whether a trigger would have something to send that is kept for a break, or would make a session captured once that ends.
    pub fn is_held_in_break(&self) -> bool {
        self.state.lock().recording_after_break().is_some_and(|recording| recording.is_held)
    }

    /// Stores an event behind what a trigger released in a break: nothing is recorded then, but the host wants this told.
    pub fn tell_in_break(&self, envelope: &Arc<Envelope>, event: &[u8]) -> Result<(), Error> {
        let sealed = self.storage.store_alone(envelope, event)?;
        self.queue.push(sealed);
        self.queue.release();
        self.wake_worker();
        Ok(())
    }

    /// Gives back room, and discards what was kept for a break that takes longer than the window. The time until then.
    pub(super) fn end_break_if_due(&self, window: Duration) -> Option<Duration> {
        let segments = self.held_break.lock().as_ref()?.segments()?.clone();
        super::hold::trim(&segments);
        let _state = self.state.lock();
        let mut kept = self.held_break.lock();
        let left = window.saturating_sub(kept.as_ref()?.since.elapsed());
        if left.is_zero()
            && let Some(held) = kept.take()
            && let Some(segments) = held.segments()
        {
            self.discard(segments.lock().take_all());
        }
        Some(left).filter(|left| !left.is_zero())
    }
}
