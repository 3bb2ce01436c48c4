//! When to persist the session for the next run.

use std::time::{Duration, Instant};

use crate::model::ids::ReplayId;

/// The longest that the time of the last event goes without being persisted.
const MAX_AGE: Duration = Duration::from_secs(10);

/// When to persist the session for the next run: when it is another; and, where the built-in timeout counts from its last
/// event, now and then.
pub(super) struct SessionPersister {
    session_timeout: Option<Duration>,
    /// What was persisted last, and when.
    replay: Option<ReplayId>,
    at: Option<Instant>,
}

impl SessionPersister {
    /// Nothing is persisted yet. `session_timeout`: the built-in timeout, if it is on.
    pub fn new(session_timeout: Option<Duration>) -> Self {
        Self { session_timeout, replay: None, at: None }
    }

    /// Whether to persist the session now. `has_unsealed`: it has had events lately.
    pub fn is_due(&self, replay: Option<&ReplayId>, has_unsealed: bool, now: Instant) -> bool {
        replay != self.replay.as_ref() || self.left(has_unsealed, now).is_some_and(|left| left.is_zero())
    }

    /// The time until the same session is to be persisted again; `None`: it is not.
    pub fn left(&self, has_unsealed: bool, now: Instant) -> Option<Duration> {
        let max_age = MAX_AGE.min(self.session_timeout.filter(|_| has_unsealed)? / 4);
        Some(self.at.map_or(Duration::ZERO, |at| max_age.saturating_sub(now.duration_since(at))))
    }

    /// Notes what was persisted.
    pub fn note(&mut self, replay: Option<ReplayId>, now: Instant) {
        self.replay = replay;
        self.at = Some(now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ids::{DeviceId, SessionId};

    fn replay(session: &str) -> ReplayId {
        ReplayId {
            device: DeviceId::from_text("d").unwrap(),
            session: SessionId::from_text(session).unwrap(),
        }
    }

    #[test]
    fn another_session_is_due_and_with_a_timeout_the_same_one_now_and_then() {
        const MINUTE: Duration = Duration::from_secs(60);
        const SECOND: Duration = Duration::from_secs(1);
        let (start, one, two) = (Instant::now(), replay("1"), replay("2"));
        for (timeout, current, has_unsealed, passed, expected) in [
            (None, Some(&one), true, 10 * MINUTE, false),
            (None, Some(&two), false, Duration::ZERO, true),
            (None, None, false, Duration::ZERO, true),
            (Some(MINUTE), Some(&two), false, Duration::ZERO, true),
            (Some(MINUTE), Some(&one), true, 9 * SECOND, false),
            (Some(MINUTE), Some(&one), true, 10 * SECOND, true),
            (Some(MINUTE), Some(&one), false, 10 * MINUTE, false),
            (Some(4 * SECOND), Some(&one), true, SECOND, true),
            (Some(4 * SECOND), Some(&one), true, SECOND / 2, false),
        ] {
            let mut persister = SessionPersister::new(timeout);
            persister.note(Some(one.clone()), start);
            let is_due = persister.is_due(current, has_unsealed, start + passed);
            assert_eq!(is_due, expected, "{timeout:?} {current:?} {has_unsealed} {passed:?}");
        }
    }

    #[test]
    fn the_time_until_the_same_session_is_due_again_is_known() {
        const SECOND: Duration = Duration::from_secs(1);
        let start = Instant::now();
        for (timeout, has_unsealed, passed, left) in [
            (None, true, SECOND, None),
            (Some(60 * SECOND), false, SECOND, None),
            (Some(60 * SECOND), true, SECOND, Some(9 * SECOND)),
            (Some(60 * SECOND), true, 11 * SECOND, Some(Duration::ZERO)),
            (Some(8 * SECOND), true, SECOND, Some(SECOND)),
        ] {
            let mut persister = SessionPersister::new(timeout);
            persister.note(Some(replay("1")), start);
            assert_eq!(
                persister.left(has_unsealed, start + passed),
                left,
                "{timeout:?} {has_unsealed} {passed:?}"
            );
        }
    }

    #[test]
    fn at_the_start_only_a_session_or_events_are_a_reason() {
        let now = Instant::now();
        for (timeout, replay, has_unsealed, expected) in [
            (None, None, true, false),
            (None, Some(replay("1")), false, true),
            (Some(MAX_AGE), None, false, false),
            (Some(MAX_AGE), None, true, true),
        ] {
            let persister = SessionPersister::new(timeout);
            assert_eq!(
                persister.is_due(replay.as_ref(), has_unsealed, now),
                expected,
                "{timeout:?} {replay:?}"
            );
        }
    }
}
