//! When to persist what targeting came to.

use std::time::{Duration, Instant};

use crate::session::targeting::Unpersisted;

/// Types of events come one after the other: they wait for each other so long.
const EVENT_TYPES_WAIT: Duration = Duration::from_secs(1);
/// How soon to try again, after it failed.
const RETRY: Duration = Duration::from_secs(30);

/// When to persist what targeting came to: a match at once, the types of events soon.
#[derive(Default)]
pub(super) struct TargetingPersister {
    /// Since when something is to be persisted.
    since: Option<Instant>,
    /// Not before: it failed.
    retry_at: Option<Instant>,
}

impl TargetingPersister {
    /// The time until it is to be persisted; `None`: nothing is.
    pub fn left(&mut self, unpersisted: Unpersisted, now: Instant) -> Option<Duration> {
        let wait = match unpersisted {
            Unpersisted::Nothing => {
                self.since = None;
                return None;
            }
            Unpersisted::EventTypes => EVENT_TYPES_WAIT,
            Unpersisted::Result => Duration::ZERO,
        };
        let due = *self.since.get_or_insert(now) + wait;
        let due = self.retry_at.map_or(due, |retry_at| due.max(retry_at));
        Some(due.saturating_duration_since(now))
    }

    /// Notes that it was tried.
    pub fn note(&mut self, went_well: bool, now: Instant) {
        self.since = None;
        self.retry_at = (!went_well).then(|| now + RETRY);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Unpersisted::{EventTypes, Nothing, Result};

    #[test]
    fn a_match_is_due_at_once_and_types_of_events_wait_for_each_other() {
        let start = Instant::now();
        let mut persister = TargetingPersister::default();
        assert_eq!(persister.left(Nothing, start), None);
        assert_eq!(persister.left(EventTypes, start), Some(EVENT_TYPES_WAIT));
        // Another does not make the first wait longer.
        assert_eq!(persister.left(EventTypes, start + EVENT_TYPES_WAIT / 2), Some(EVENT_TYPES_WAIT / 2));
        assert_eq!(persister.left(Result, start + EVENT_TYPES_WAIT / 2), Some(Duration::ZERO));
        persister.note(true, start + EVENT_TYPES_WAIT);
        assert_eq!(persister.left(Nothing, start + EVENT_TYPES_WAIT), None);
    }

    #[test]
    fn what_failed_is_tried_again_later() {
        let start = Instant::now();
        let mut persister = TargetingPersister::default();
        persister.left(Result, start);
        persister.note(false, start);
        assert_eq!(persister.left(Result, start), Some(RETRY));
        assert_eq!(persister.left(Result, start + RETRY), Some(Duration::ZERO));
        persister.note(true, start + RETRY);
        assert_eq!(persister.left(Result, start + RETRY), Some(Duration::ZERO));
    }
}
