//! When to look for what other runs left behind.

use std::time::{Duration, Instant};

const FIRST_PAUSE: Duration = Duration::from_millis(500);
const MAX_PAUSE: Duration = Duration::from_secs(60);

/// When to look for what other runs left behind: at the start; and again while other runs are alive, since they may die, or
/// while the directory can't be read. Less and less often, so that an idle process sleeps.
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

    /// Notes that somebody looked, and whether to look `again`.
    pub fn note(&mut self, again: bool, now: Instant) {
        self.due = again.then(|| now + self.pause);
        self.pause = (self.pause * 2).min(MAX_PAUSE);
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
            timer.note(true, now);
            let pause = timer.left(now).unwrap();
            assert!(!timer.is_due(now + pause / 2));
            pauses.push(pause.as_millis());
            now += pause;
        }
        assert_eq!(pauses, [500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
    }

    #[test]
    fn once_no_other_run_is_alive_it_is_never_due_again() {
        let now = Instant::now();
        let mut timer = RecoveryTimer::new(now);
        timer.note(false, now);
        assert_eq!(timer.left(now), None);
        assert!(!timer.is_due(now + 10 * MAX_PAUSE));
    }
}
