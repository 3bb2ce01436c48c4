//! Triggers: what makes a session that is held a captured one. All that is held of it is released: a store into each chunk's header,
//! which is all that keeps this process, and each later one, from sending it.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::Sessions;
use super::held_segments::HeldSegments;
use super::state::{Decision, Recording};
use crate::model::envelope::Envelope;
use crate::model::ids::ReplayId;

/// What a trigger did.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Triggered {
    /// A session that was held for so long is captured.
    Captured(Duration),
    /// It will be, once the break ends in which it is; what is kept of it is sent now, under this envelope.
    InBreak(Duration, Option<Arc<Envelope>>),
    /// It is captured already, or will be once the remote configuration is known.
    Already,
    /// There is none to capture.
    NotCaptured,
}

impl Sessions {
    /// Makes the current session a captured one, if it is held.
    pub fn trigger(&self) -> Triggered {
        let mut triggered = Triggered::NotCaptured;
        self.change(|state| match state.decision() {
            // Recording ends: what is held goes.
            _ if state.is_closed() => false,
            Decision::Captured(Recording { replay_id, is_held: true, .. }) => {
                triggered = Triggered::Captured(self.held_for());
                state.trigger(replay_id)
            }
            Decision::Captured(Recording { replay_id, sample_rate, .. }) => {
                triggered = Triggered::Already;
                if sample_rate.is_none() && state.may_be_held(&replay_id.session) {
                    state.trigger(replay_id);
                }
                false
            }
            Decision::NotCaptured(_) => match state.recording_after_break() {
                Some(Recording { replay_id, is_held: true, .. }) => {
                    let envelope = self.held_break.lock().as_ref().map(|held| held.envelope().clone());
                    triggered = Triggered::InBreak(self.held_for(), envelope);
                    state.trigger(replay_id)
                }
                _ => false,
            },
            Decision::AwaitsEvent | Decision::Closed => false,
        });
        if triggered != Triggered::NotCaptured {
            self.note_trigger();
        }
        triggered
    }

    /// There was a trigger for these sessions in earlier runs.
    pub fn note_triggered(&self, sessions: Vec<ReplayId>) {
        for replay_id in sessions {
            self.change(|state| {
                let is_current = state.replay_id().as_ref() == Some(&replay_id);
                // Once recording ends for the host, nothing of what is held is released any more.
                if is_current && state.is_closed() {
                    return false;
                }
                state.trigger(replay_id) && is_current
            });
            self.note_trigger();
        }
    }

    /// Has it persisted soon: the next run goes on with a captured session.
    fn note_trigger(&self) {
        self.has_new_trigger.store(true, Ordering::Release);
        self.wake_worker();
    }

    /// Whether there was a trigger since this was asked.
    pub fn take_new_trigger(&self) -> bool {
        self.has_new_trigger.swap(false, Ordering::AcqRel)
    }

    /// Whether a trigger made the session of this envelope captured.
    pub fn is_triggered(&self, envelope: &Envelope) -> bool {
        self.state.lock().is_triggered(&envelope.replay_id())
    }

    /// Whether a trigger would change what becomes of what is recorded now: it is held, or may be once the remote configuration is
    /// known.
    pub fn awaits_trigger(&self) -> bool {
        match &self.capture_state.load().decision {
            Decision::Captured(session) if session.is_held => true,
            Decision::Captured(session) => {
                session.current_segments().is_some() && !self.is_triggered(&session.envelope)
            }
            _ => false,
        }
    }

    /// The segments of what is held: of a session that is recorded, or that is in a break.
    pub(super) fn segments_of_held(&self) -> Option<Arc<HeldSegments>> {
        match self.held_session() {
            Some(session) => session.segments.clone(),
            None => self.held_break.lock().as_ref()?.segments().cloned(),
        }
    }

    fn held_for(&self) -> Duration {
        let began = self.segments_of_held().and_then(|segments| segments.lock().began());
        began.map_or(Duration::ZERO, |at| at.elapsed())
    }

    /// Lets what a player can begin with be sent.
    pub(super) fn release(&self, segments: &HeldSegments) {
        let (unplayable, held) = {
            let mut segments = segments.lock();
            (segments.take_unplayable(), segments.take_all())
        };
        self.discard(unplayable);
        // All before one is sent: who finds the rest after a kill finds the beginning, too.
        held.iter().filter_map(|held| held.sealed.chunk()).for_each(|chunk| chunk.release());
        held.into_iter().for_each(|held| self.queue.push(held.sealed));
    }
}
