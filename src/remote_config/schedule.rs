//! When to fetch the remote configuration again: `protocol.md`, "at most one fetch in 5 minutes", "401 and 403 end all
//! asking".

use std::time::{Duration, Instant};

use super::fetch::Fetched;

const MIN_INTERVAL: Duration = Duration::from_secs(300);

/// When to fetch the remote configuration again.
pub(crate) struct RefreshSchedule {
    /// No further fetch makes sense.
    is_over: bool,
    last_fetch: Option<Instant>,
    /// How many sessions had begun by the last fetch.
    sessions_started: u64,
}

impl RefreshSchedule {
    /// Before the first fetch. Without `remote_config`, the option `enableRemoteConfig`, none is ever due.
    pub fn new(remote_config: bool) -> Self {
        Self { is_over: !remote_config, last_fetch: None, sessions_started: 0 }
    }

    /// Notes a fetch, before which so many sessions had begun.
    pub fn note(&mut self, sessions_started: u64, now: Instant, fetched: &Fetched) {
        self.last_fetch = Some(now);
        self.sessions_started = sessions_started;
        self.is_over |= matches!(fetched, Fetched::Failed { is_final: true, .. });
    }

    /// Whether to fetch it, now that so many sessions have begun: only a new session is a reason to.
    pub fn is_due(&self, sessions_started: u64, now: Instant) -> bool {
        let is_old = self.last_fetch.is_none_or(|last| now.duration_since(last) >= MIN_INTERVAL);
        !self.is_over && is_old && sessions_started != self.sessions_started
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failed(is_final: bool) -> Fetched {
        Fetched::Failed { reason: String::new(), is_final }
    }

    #[test]
    fn a_fetch_is_due_with_another_session_and_after_five_minutes() {
        let start = Instant::now();
        let (early, late) = (start + MIN_INTERVAL / 2, start + MIN_INTERVAL);
        for (is_final, sessions, now, expected) in [
            (false, 1, early, false),
            (false, 1, late, false),
            (false, 2, early, false),
            (false, 2, late, true),
            (true, 2, early, false),
            (true, 2, late, false),
        ] {
            let mut schedule = RefreshSchedule::new(true);
            schedule.note(1, start, &failed(is_final));
            assert_eq!(schedule.is_due(sessions, now), expected, "{is_final} {sessions} {:?}", now - start);
        }
    }

    #[test]
    fn without_remote_config_no_fetch_is_due() {
        assert!(!RefreshSchedule::new(false).is_due(5, Instant::now()));
        assert!(RefreshSchedule::new(true).is_due(5, Instant::now()));
    }
}
