//! The idle rule (option `idleTimeoutMs`): recording ends after so long without an action of the user, and begins again with the
//! next one. What the page does by itself, as a clock does that ticks, is no action.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use super::Sessions;
use super::monotonic;
use super::state::Decision;
use crate::model::capture::NotCaptured;
use crate::model::event;

/// Measures how long the user has done nothing. Costs nothing where the rule is off.
pub(super) struct ActivityTimer {
    timeout: Option<Duration>,
    /// When the user last did something, or recording began: see [`monotonic`].
    last_ms: AtomicU64,
}

/// What an event meets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meets {
    /// A session that is recorded.
    Recording,
    /// A user who is idle: an action ends that.
    Idle,
    /// Nothing that an action would begin.
    Nothing,
}

impl ActivityTimer {
    pub fn new(timeout: Option<Duration>) -> Self {
        Self { timeout, last_ms: AtomicU64::new(monotonic::now_ms()) }
    }

    /// Whether the rule is on.
    pub fn is_on(&self) -> bool {
        self.timeout.is_some()
    }

    /// Notes an event, as far as its first bytes and the coarse clock tell what it means. `false`: it has to be looked at more
    /// closely. As with [`super::idle_timer`], nobody is idle too early.
    #[inline]
    pub fn note_if_plain(&self, event: &[u8], meets: Meets) -> bool {
        match (event::is_plainly_user_action(event), meets) {
            (None, _) | (Some(true), Meets::Idle) => false,
            (Some(true), _) => {
                let now = monotonic::coarse_ms();
                if now > self.last_ms.load(Ordering::Relaxed) {
                    self.last_ms.fetch_max(now, Ordering::Relaxed);
                }
                true
            }
            (Some(false), Meets::Recording) => {
                self.left_at(monotonic::coarse_ms()).is_none_or(|left| !left.is_zero())
            }
            (Some(false), _) => true,
        }
    }

    /// The time counts from here.
    pub fn touch(&self) {
        if self.timeout.is_some() {
            self.last_ms.fetch_max(monotonic::now_ms(), Ordering::Relaxed);
        }
    }

    /// As if the user had done nothing for so long.
    #[cfg(test)]
    pub fn silent_for(&self, silence: Duration) {
        self.last_ms.store(monotonic::now_ms() - silence.as_millis() as u64, Ordering::Relaxed);
    }

    /// How long recording goes on without an action; `None` where the rule is off.
    fn left(&self) -> Option<Duration> {
        self.left_at(monotonic::now_ms())
    }

    #[inline]
    fn left_at(&self, now: u64) -> Option<Duration> {
        Some(self.timeout?.saturating_sub(monotonic::between(self.last_ms.load(Ordering::Relaxed), now)))
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
        let ago = |seconds: u64| ActivityTimer {
            timeout: Some(timeout),
            last_ms: AtomicU64::new(monotonic::now_ms().saturating_sub(seconds * 1_000)),
        };
        assert!(ago(0).left().is_some_and(|left| left > timeout / 2));
        let silent = ago(20);
        assert_eq!(silent.left(), Some(Duration::ZERO));
        silent.touch();
        assert!(silent.left().is_some_and(|left| left > timeout / 2));
    }

    #[test]
    fn a_plain_event_needs_no_closer_look_unless_it_changes_something() {
        const ACTION: &[u8] = br#"{"type":3,"data":{"source":2},"timestamp":1}"#;
        const CLOCK: &[u8] = br#"{"type":3,"data":{"source":0},"timestamp":1}"#;
        const OTHER: &[u8] = br#"{"timestamp":1,"type":3,"data":{"source":0}}"#;
        let timer = |ago_ms: u64| ActivityTimer {
            timeout: Some(Duration::from_secs(3_600)),
            last_ms: AtomicU64::new(monotonic::now_ms().saturating_sub(ago_ms)),
        };
        for (event, meets, ago_ms, is_enough) in [
            (CLOCK, Meets::Recording, 1_800_000, true),
            (CLOCK, Meets::Recording, 4_000_000, false),
            (CLOCK, Meets::Idle, 4_000_000, true),
            (CLOCK, Meets::Nothing, 4_000_000, true),
            (ACTION, Meets::Recording, 4_000_000, true),
            (ACTION, Meets::Idle, 4_000_000, false),
            (ACTION, Meets::Nothing, 4_000_000, true),
            (OTHER, Meets::Recording, 0, false),
        ] {
            assert_eq!(timer(ago_ms).note_if_plain(event, meets), is_enough, "{meets:?} {ago_ms}");
        }
        let noted = timer(3_000_000);
        assert!(noted.note_if_plain(ACTION, Meets::Recording));
        assert!(noted.left().is_some_and(|left| left > Duration::from_secs(1_800)));
    }
}
