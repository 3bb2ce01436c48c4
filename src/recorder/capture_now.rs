//! Triggers: what makes a session that is held a captured one.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use super::SessionReplay;
use crate::error::Error;
use crate::filter;
use crate::model::envelope::Envelope;
use crate::model::trigger;
use crate::session::{Outcome, Triggered};
use crate::views::Beside;

/// Bytes of a reason.
const MAX_REASON: usize = 1_000;

impl SessionReplay {
    /// Makes a session that is held a captured one, and records why as a custom event; that alone where it is captured already.
    pub fn capture_now(&self, reason: &str) -> Result<Outcome, Error> {
        self.refuse_if_ending()?;
        filter::refuse_recording_inside()?;
        if reason.is_empty() || reason.len() > MAX_REASON {
            return Err(Error::InvalidArgument(format!(
                "the reason has {} bytes: use 1 to {MAX_REASON}",
                reason.len()
            )));
        }
        let held = match self.context.sessions.trigger() {
            Triggered::Captured(held) => held,
            Triggered::Already => Duration::ZERO,
            Triggered::InBreak(held, envelope) => return self.tell_in_break(reason, held, envelope.as_ref()),
            Triggered::NotCaptured if self.context.sessions.is_closed() => return Err(Error::ShutDown),
            Triggered::NotCaptured => {
                self.context.stats.not_captured.add(1);
                return Ok(Outcome::NotCaptured);
            }
        };
        // The library's own event: no filter of the host's sees it.
        self.views.record_beside(Beside::custom(trigger::TAG, &trigger::payload(reason, held)))
    }

    /// Tells of a trigger while recording is paused or the user is idle: behind what was held, if anything still was.
    fn tell_in_break(
        &self,
        reason: &str,
        held: Duration,
        envelope: Option<&Arc<Envelope>>,
    ) -> Result<Outcome, Error> {
        if let Some(envelope) = envelope {
            let told =
                Beside::custom(trigger::TAG, &trigger::payload(reason, held)).to_event(SystemTime::now());
            self.context.sessions.tell_in_break(envelope, told.as_bytes())?;
        }
        Ok(Outcome::Done)
    }

    /// A page tells that it did not handle an error: that is a trigger, where the option says so. Of what it told nothing is stored.
    pub(super) fn note_unhandled_error(&self) -> Outcome {
        let sessions = &self.context.sessions;
        if self.context.options.capture_on_unhandled_error && sessions.is_held_in_break() {
            // Nothing is recorded, but it is a trigger all the same.
            let _ = self.capture_now(trigger::UNHANDLED_ERROR);
            return Outcome::NotCaptured;
        }
        if !self.is_capturing() {
            return Outcome::NotCaptured;
        }
        let is_trigger = self.context.options.capture_on_unhandled_error && sessions.awaits_trigger();
        // The page has nothing to do about it if there is no room for the event that tells why.
        let told = is_trigger.then(|| self.capture_now(trigger::UNHANDLED_ERROR).ok()).flatten();
        sessions.or_needs_snapshot(told.unwrap_or(Outcome::Done))
    }
}

/// Dropped in an orderly way, recording ends as with [`SessionReplay::shut_down`]: nothing of what is held is sent.
impl Drop for SessionReplay {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.context.sessions.close();
            self.context.sessions.remove_discarded();
        }
    }
}
