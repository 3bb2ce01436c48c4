//! When to look for what other runs left behind.

use std::time::{Duration, Instant};

const FIRST_PAUSE: Duration = Duration::from_millis(500);
const MAX_PAUSE: Duration = Duration::from_secs(60);

/// What was found out about when to look again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LookAgain {
    /// Other runs are alive, which may die, or something can't be read now.
    Soon,
    /// There is nobody else now; but another process may start at any time, and die.
    Later,
    /// There is no directory.
    Never,
}

/// When to look for what other runs left behind: at the start; and again for as long as there is a directory. Less and less
/// often, so that an idle process sleeps.
pub(super) struct RecoveryTimer {
    due: Option<Instant>,
    pause: Duration,
}

impl RecoveryTimer {
    /// Due at once.
    pub fn new(now: Instant) -> Self {
        Self { due: Some(now), pause: FIRST_PAUSE }
    }

    /// Whether to look now.
    pub fn is_due(&self, now: Instant) -> bool {
        self.due.is_some_and(|due| due <= now)
    }

    /// Notes that somebody looked, and when to look `again`.
    pub fn note(&mut self, again: LookAgain, now: Instant) {
        let pause = match again {
            LookAgain::Soon => Some(self.pause),
            LookAgain::Later => Some(MAX_PAUSE),
            LookAgain::Never => None,
        };
        self.due = pause.map(|pause| now + pause);
        self.pause = pause.map_or(MAX_PAUSE, |pause| pause * 2).min(MAX_PAUSE);
    }

    /// The time until it is due; `None`: never again.
    pub fn left(&self, now: Instant) -> Option<Duration> {
        self.due.map(|due| due.saturating_duration_since(now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_a_minute() {
        let mut now = Instant::now();
        let mut timer = RecoveryTimer::new(now);
        let mut pauses = Vec::new();
        for _ in 0..9 {
            assert!(timer.is_due(now));
            timer.note(LookAgain::Soon, now);
            let pause = timer.left(now).unwrap();
            assert!(!timer.is_due(now + pause / 2));
            pauses.push(pause.as_millis());
            now += pause;
        }
        assert_eq!(pauses, [500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
    }

    #[test]
    fn who_is_alone_looks_once_a_minute_whether_another_started_and_died() {
        let mut now = Instant::now();
        let mut timer = RecoveryTimer::new(now);
        for again in [LookAgain::Later, LookAgain::Later, LookAgain::Soon, LookAgain::Later] {
            timer.note(again, now);
            assert_eq!(timer.left(now), Some(MAX_PAUSE), "{again:?}");
            now += MAX_PAUSE;
            assert!(timer.is_due(now), "{again:?}");
        }
    }

    #[test]
    fn without_a_directory_it_is_never_due_again() {
        let now = Instant::now();
        let mut timer = RecoveryTimer::new(now);
        timer.note(LookAgain::Never, now);
        assert_eq!(timer.left(now), None);
        assert!(!timer.is_due(now + 10 * MAX_PAUSE));
    }
}
