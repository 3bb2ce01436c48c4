//! The idle rule (option `idleTimeoutMs`): recording ends after so long without an action of the user, and begins again with the
//! next one. What the page does by itself, as a clock does that ticks, is no action.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime};

use super::Sessions;
use super::state::Decision;
use crate::model::capture::NotCaptured;
use crate::model::event;

/// Measures how long the user has done nothing. Costs nothing where the rule is off.
pub(super) struct ActivityTimer {
    timeout: Option<Duration>,
    start: Instant,
    /// When the user last did something, or recording began, in milliseconds since `start`.
    last_ms: AtomicU64,
}

impl ActivityTimer {
    pub fn new(timeout: Option<Duration>) -> Self {
        Self { timeout, start: Instant::now(), last_ms: AtomicU64::new(0) }
    }

    /// The time counts from here.
    pub fn touch(&self) {
        if self.timeout.is_some() {
            self.last_ms.fetch_max(self.start.elapsed().as_millis() as u64, Ordering::Relaxed);
        }
    }

    /// How long recording goes on without an action; `None` where the rule is off.
    fn left(&self) -> Option<Duration> {
        let now = self.start.elapsed().as_millis() as u64;
        let idle = now.saturating_sub(self.last_ms.load(Ordering::Relaxed));
        Some(self.timeout?.saturating_sub(Duration::from_millis(idle)))
    }
}

impl Sessions {
    /// Looks at an event that is to be recorded. Whether it is an action of the user, and there is a rule that asks for that.
    pub fn note_event(&self, event: &[u8]) -> bool {
        if self.activity.timeout.is_none() {
            return false;
        }
        let is_action = event::is_user_action(event);
        match is_action {
            true => _ = self.note_action(),
            false => _ = self.become_idle_if_due(),
        }
        is_action
    }

    /// The user did something. Whether recording begins again with that.
    pub fn note_action(&self) -> bool {
        self.activity.touch();
        self.is_idle() && self.end_idle()
    }

    /// Begins to record again, in another session where the built-in timeout has ended this one. `false`: it was not idle.
    pub(super) fn end_idle(&self) -> bool {
        let mut was_idle = false;
        self.change(|state| {
            was_idle = state.end_idle();
            let has_expired = was_idle && self.idle.expired_or_touch();
            state.begin_built_in_if_due(has_expired, SystemTime::now()) || was_idle
        });
        was_idle
    }

    /// Ends recording where the user has done nothing for too long. How soon to look again, where that may become due.
    pub fn become_idle_if_due(&self) -> Option<Duration> {
        let left = self.activity.left()?;
        if !matches!(self.capture_state.load().decision, Decision::Captured(_)) {
            return None;
        }
        if !left.is_zero() {
            return Some(left);
        }
        // Looked at again under the lock: another thread may have seen an action.
        self.change(|state| self.activity.left().is_some_and(|left| left.is_zero()) && state.become_idle());
        None
    }

    /// Whether nothing is recorded for want of an action.
    pub fn is_idle(&self) -> bool {
        matches!(self.capture_state.load().decision, Decision::NotCaptured(NotCaptured::Idle))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_counts_from_the_last_action() {
        let off = ActivityTimer::new(None);
        off.touch();
        assert_eq!(off.left(), None);
        let timeout = Duration::from_secs(10);
        let hours_ago = |hours: u64| ActivityTimer {
            timeout: Some(timeout),
            start: Instant::now()
                .checked_sub(Duration::from_secs(hours * 3_600))
                .unwrap_or_else(Instant::now),
            last_ms: AtomicU64::new(0),
        };
        assert!(hours_ago(0).left().is_some_and(|left| left > timeout / 2));
        let silent = hours_ago(1);
        assert_eq!(silent.left(), Some(Duration::ZERO));
        silent.touch();
        assert!(silent.left().is_some_and(|left| left > timeout / 2));
    }
}
