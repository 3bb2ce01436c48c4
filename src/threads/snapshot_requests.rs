//! When to ask the host for another full snapshot, because what the rest of a session builds on was lost on its way.
//!
//! A server that refuses everything must not have the host take one snapshot after the other: each that is lost in turn
//! is asked for later. One that arrives ends it: what is sent after it builds on it.

use std::time::{Duration, Instant};

use crate::model::ids::ReplayId;

/// Between a snapshot that was lost and asking again, doubled each time.
const FIRST_WAIT: Duration = Duration::from_secs(5);
const MAX_WAIT: Duration = Duration::from_secs(300);

/// The asking about the session that is recorded.
#[derive(Default)]
pub(super) struct SnapshotRequests {
    session: Option<ReplayId>,
    /// How often it was asked for, none having arrived since.
    asked: u32,
    last: Option<Instant>,
    /// Something was lost since.
    is_missing: bool,
}

impl SnapshotRequests {
    /// Something of this session was lost. Of one that is not recorded any more nobody can take another snapshot: it must
    /// not be in the way of the one that is.
    pub fn lost(&mut self, session: &ReplayId, recorded: Option<&ReplayId>) {
        if recorded != Some(session) {
            return;
        }
        if self.session.as_ref() != Some(session) {
            *self = Self { session: Some(session.clone()), ..Self::default() };
        }
        self.is_missing = true;
    }

    /// A full snapshot of this session arrived.
    pub fn arrived(&mut self, session: &ReplayId) {
        if self.session.as_ref() == Some(session) {
            *self = Self::default();
        }
    }

    /// When to ask next, if there is a need to: perhaps in the past.
    pub fn due(&self, now: Instant) -> Option<Instant> {
        let last = match self.last {
            _ if !self.is_missing => return None,
            None => return Some(now),
            Some(last) => last,
        };
        let doubled = FIRST_WAIT.saturating_mul(1 << self.asked.saturating_sub(1).min(10));
        Some(last + doubled.min(MAX_WAIT))
    }

    /// The session to ask for now, which then counts as asked for.
    pub fn take_due(&mut self, now: Instant) -> Option<&ReplayId> {
        if self.due(now).is_none_or(|due| due > now) {
            return None;
        }
        self.asked += 1;
        self.last = Some(now);
        self.is_missing = false;
        self.session.as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ids::{DeviceId, SessionId};

    fn id(session: &str) -> ReplayId {
        ReplayId {
            device: DeviceId::from_text("d").unwrap(),
            session: SessionId::from_text(session).unwrap(),
        }
    }

    #[test]
    fn the_first_is_asked_for_at_once_and_each_lost_in_turn_later() {
        let mut requests = SnapshotRequests::default();
        let mut now = Instant::now();
        assert_eq!(requests.take_due(now), None, "nothing is missing");
        let mut waited = Vec::new();
        for _ in 0..9 {
            requests.lost(&id("1"), Some(&id("1")));
            requests.lost(&id("1"), Some(&id("1")));
            let due = requests.due(now).unwrap().max(now);
            waited.push((due - now).as_secs());
            now = due;
            assert_eq!(requests.take_due(now), Some(&id("1")));
            assert_eq!(requests.take_due(now + MAX_WAIT), None, "asked for, and not lost again");
        }
        assert_eq!(waited, [0, 5, 10, 20, 40, 80, 160, 300, 300]);
    }

    #[test]
    fn one_that_arrives_ends_it() {
        let mut requests = SnapshotRequests::default();
        let now = Instant::now();
        requests.lost(&id("1"), Some(&id("1")));
        assert!(requests.take_due(now).is_some());
        requests.lost(&id("1"), Some(&id("1")));
        requests.arrived(&id("2"));
        assert!(requests.due(now).is_some(), "of another session");
        requests.arrived(&id("1"));
        assert_eq!(requests.due(now), None);
        requests.lost(&id("1"), Some(&id("1")));
        assert_eq!(requests.take_due(now), Some(&id("1")), "at once again");
    }

    #[test]
    fn another_session_begins_anew() {
        let mut requests = SnapshotRequests::default();
        let now = Instant::now();
        requests.lost(&id("1"), Some(&id("1")));
        assert!(requests.take_due(now).is_some());
        requests.lost(&id("2"), Some(&id("2")));
        assert_eq!(requests.take_due(now), Some(&id("2")));
    }

    #[test]
    fn a_loss_of_an_older_session_does_not_forget_this_one() {
        let mut requests = SnapshotRequests::default();
        let now = Instant::now();
        let current = id("current");
        let recorded = Some(&current);
        requests.lost(&id("current"), recorded);
        assert_eq!(requests.take_due(now), recorded);
        requests.lost(&id("current"), recorded);
        requests.lost(&id("old"), recorded);
        assert_eq!(requests.take_due(now), None, "its turn has not come");
        assert_eq!(requests.take_due(now + FIRST_WAIT), recorded);
    }
}
