//! When to ask the host for another full snapshot, because what the rest of a session builds on was lost on its way.
//!
//! A server that rejects everything must not have the host take one snapshot after the other: after each that is lost, too,
//! the next request waits longer. A snapshot that arrives ends it: what is sent after it builds on it.

use std::time::{Duration, Instant};

use crate::model::ids::ReplayId;

/// The pause before the second request, doubled for each that follows.
const FIRST_WAIT: Duration = Duration::from_secs(5);
const MAX_WAIT: Duration = Duration::from_secs(300);

/// The requests for the session that is recorded.
#[derive(Default)]
pub(super) struct SnapshotRequests {
    session: Option<ReplayId>,
    /// Requests since the last snapshot that arrived.
    requests: u32,
    last: Option<Instant>,
    /// Something was lost since.
    is_missing: bool,
}

impl SnapshotRequests {
    /// Something of `session` was lost. Where that is not the session that is recorded, nobody can take another snapshot of
    /// it: it must not get in the way of the one that is.
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

    /// When the next request is due, maybe in the past; `None`: there is no need for one.
    pub fn due(&self, now: Instant) -> Option<Instant> {
        let last = match self.last {
            _ if !self.is_missing => return None,
            None => return Some(now),
            Some(last) => last,
        };
        let doubled = FIRST_WAIT.saturating_mul(1 << self.requests.saturating_sub(1).min(10));
        Some(last + doubled.min(MAX_WAIT))
    }

    /// The session to request a snapshot of now, which then counts as requested.
    pub fn take_due(&mut self, now: Instant) -> Option<&ReplayId> {
        if self.due(now).is_none_or(|due| due > now) {
            return None;
        }
        self.requests += 1;
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
    fn the_first_request_is_due_at_once_and_each_after_a_longer_pause() {
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
    fn a_snapshot_that_arrives_ends_the_requests() {
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
    fn another_session_starts_over() {
        let mut requests = SnapshotRequests::default();
        let now = Instant::now();
        requests.lost(&id("1"), Some(&id("1")));
        assert!(requests.take_due(now).is_some());
        requests.lost(&id("2"), Some(&id("2")));
        assert_eq!(requests.take_due(now), Some(&id("2")));
    }

    #[test]
    fn a_loss_of_an_older_session_changes_nothing() {
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
