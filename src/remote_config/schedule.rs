//! When to ask for the remote configuration again: `protocol.md`, "at most one fetch in 5 minutes", "401 and 403
//! end all asking".

use std::time::{Duration, Instant};

use super::Fetched;

const AT_MOST_EVERY: Duration = Duration::from_secs(300);

/// What is known about the asking so far.
pub(crate) struct Question {
    over: bool,
    asked: Option<Instant>,
    /// How many sessions had begun by then.
    sessions: u64,
}

impl Question {
    /// Not asked yet, and never to be, unless it is `wanted`.
    pub fn new(wanted: bool) -> Self {
        Self { over: !wanted, asked: None, sessions: 0 }
    }

    /// It was asked.
    pub fn was_asked(&mut self, sessions: u64, now: Instant, fetched: &Fetched) {
        self.asked = Some(now);
        self.sessions = sessions;
        self.over |= matches!(fetched, Fetched::None { for_good: true, .. });
    }

    /// Whether to ask, now that so many sessions have begun: a new session is the time to look for a new answer.
    pub fn is_due(&self, sessions: u64, now: Instant) -> bool {
        let old = self.asked.is_none_or(|asked| now.duration_since(asked) >= AT_MOST_EVERY);
        !self.over && old && sessions != self.sessions
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn none(for_good: bool) -> Fetched {
        Fetched::None { reason: String::new(), for_good }
    }

    #[test]
    fn a_new_session_asks_again_but_not_within_five_minutes() {
        let mut question = Question::new(true);
        let start = Instant::now();
        question.was_asked(1, start, &none(false));
        assert!(!question.is_due(1, start + 2 * AT_MOST_EVERY), "no other session");
        assert!(!question.is_due(2, start + AT_MOST_EVERY / 2), "too early");
        assert!(question.is_due(2, start + AT_MOST_EVERY));
        question.was_asked(2, start + AT_MOST_EVERY, &none(true));
        assert!(!question.is_due(3, start + 9 * AT_MOST_EVERY), "401 and 403 end all asking");
    }

    #[test]
    fn what_is_not_wanted_is_never_asked() {
        assert!(!Question::new(false).is_due(5, Instant::now()));
    }
}
