//! Which sessions a store need not keep any longer: a decision, without a look at the store.

use std::time::Duration;

use super::StoredSession;

/// A session that something arrived of so recently is being recorded, and stays whatever the limits say. Recorders send every few
/// seconds while something happens; a minute is well above that.
const LIVE: Duration = Duration::from_secs(60);

/// How long sessions are kept, and how many bytes of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Retention {
    /// Since something of a session arrived last.
    pub(crate) keep: Option<Duration>,
    /// As they stand in the store.
    pub(crate) max_bytes: Option<u64>,
}

/// What a look at the store led to.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Verdict {
    /// Goes, the session that was heard of longest ago first.
    pub(crate) expired: Vec<StoredSession>,
    /// When the next one is too old, in milliseconds since the epoch, if nothing more of it arrives.
    pub(crate) next: Option<u64>,
}

impl Retention {
    pub(crate) fn is_limited(self) -> bool {
        self != Self::default()
    }

    /// Judges all sessions of a store at `now`, in milliseconds since the epoch.
    pub(crate) fn judge(self, mut sessions: Vec<StoredSession>, now: u64) -> Verdict {
        sessions.sort_unstable_by(|a, b| (a.last_arrival, &a.id).cmp(&(b.last_arrival, &b.id)));
        let mut bytes = sessions.iter().fold(0, |sum: u64, session| sum.saturating_add(session.bytes));
        let live_since = now.saturating_sub(millis(LIVE));
        let mut verdict = Verdict::default();
        for session in sessions {
            let is_old = self.due(&session).is_some_and(|due| due <= now);
            let is_too_much = self.max_bytes.is_some_and(|most| bytes > most);
            let is_live = session.last_arrival >= live_since;
            if (is_old || is_too_much) && !is_live {
                bytes = bytes.saturating_sub(session.bytes);
                verdict.expired.push(session);
            } else if verdict.next.is_none() {
                verdict.next =
                    self.due(&session).map(|due| due.max(session.last_arrival.saturating_add(millis(LIVE))));
            }
        }
        verdict
    }

    fn due(self, session: &StoredSession) -> Option<u64> {
        self.keep.map(|keep| session.last_arrival.saturating_add(millis(keep)))
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::replay_id::ReplayId;

    #[test]
    fn the_oldest_sessions_go_whole_and_never_a_live_one() {
        const NOW: u64 = 10_000_000;
        const HOUR: u64 = 3_600_000;
        // Its letter, how long ago something of it arrived, and its bytes.
        type Session = (&'static str, u64, u64);
        const THREE: &[Session] = &[("b", 2 * HOUR, 50), ("a", 61_000, 70), ("c", HOUR, 30)];
        const LIVE: &[Session] = &[("old", HOUR, 10), ("live", 5_000, 1_000)];
        type Row = (
            &'static str,
            &'static [Session],
            Option<u64>,
            Option<u64>,
            &'static [&'static str],
            Option<u64>,
        );
        let rows: [Row; 12] = [
            ("no limit", THREE, None, None, &[], None),
            ("nothing is old", THREE, Some(3 * HOUR), None, &[], Some(NOW + HOUR)),
            ("one is old", THREE, Some(HOUR + 1), None, &["b"], Some(NOW + 1)),
            ("as old as that is old", THREE, Some(HOUR), None, &["b", "c"], Some(NOW - 61_000 + HOUR)),
            ("as many bytes as that are not too many", THREE, None, Some(150), &[], None),
            ("one byte too many", THREE, None, Some(149), &["b"], None),
            ("two have to go", THREE, None, Some(99), &["b", "c"], None),
            ("all have to go", THREE, None, Some(0), &["b", "c", "a"], None),
            ("both limits", THREE, Some(HOUR + 1), Some(100), &["b"], Some(NOW + 1)),
            ("a live session stays, though it alone is too much", LIVE, None, Some(10), &["old"], None),
            ("nor is it too old", LIVE, Some(1), None, &["old"], Some(NOW + 55_000)),
            ("an empty store", &[], Some(1), Some(0), &[], None),
        ];
        for (what, sessions, keep, max_bytes, expired, next) in rows {
            let sessions =
                sessions.iter().map(|&(name, ago, bytes)| session(name, NOW - ago, bytes)).collect();
            let retention = Retention { keep: keep.map(Duration::from_millis), max_bytes };
            let verdict = retention.judge(sessions, NOW);
            let names: Vec<_> = verdict.expired.iter().map(|session| session.id.session.as_str()).collect();
            assert_eq!((names.as_slice(), verdict.next), (expired, next), "{what}");
        }
    }

    #[test]
    fn whatever_a_store_claims_is_judged_without_a_panic() {
        let claims =
            || vec![session("a", u64::MAX, u64::MAX), session("b", 0, u64::MAX), session("c", u64::MAX, 0)];
        let retention = Retention { keep: Some(Duration::MAX), max_bytes: Some(1) };
        for now in [0, 1, u64::MAX] {
            retention.judge(claims(), now);
        }
        assert_eq!(
            retention.judge(claims(), 1_000_000).expired.len(),
            1,
            "what claims to come from the future counts as live"
        );
    }

    fn session(name: &str, last_arrival: u64, bytes: u64) -> StoredSession {
        let id = ReplayId::new("d", name).unwrap();
        StoredSession { last_arrival, bytes, ..StoredSession::empty(&id) }
    }
}
