//! When to close a batch: `protocol.md`, "Limits and cadence".

use std::time::{Duration, Instant};

use crate::options::FlushInterval;

/// When to close a batch. The interval begins with the first event after the last close, and grows with each close.
pub(super) struct FlushTimer {
    /// Its bounds, and how much it grows by: the lower one.
    bounds: FlushInterval,
    max_bytes: usize,
    interval: Duration,
    due: Option<Instant>,
}

impl FlushTimer {
    /// A timer for batches of up to about `max_bytes` of events.
    pub fn new(bounds: FlushInterval, max_bytes: usize) -> Self {
        Self { bounds, max_bytes, interval: bounds.min, due: None }
    }

    /// The bounds have changed: they hold from the next batch on.
    pub fn set_bounds(&mut self, bounds: FlushInterval) {
        if self.bounds != bounds {
            self.bounds = bounds;
            self.interval = bounds.min;
        }
    }

    /// Whether to close the batch now. `sealed_bytes` of events are sealed and wait for that; `has_unsealed`: events wait in
    /// the current chunk.
    pub fn is_due(&mut self, sealed_bytes: usize, has_unsealed: bool, now: Instant) -> bool {
        if sealed_bytes == 0 && !has_unsealed {
            self.due = None;
            return false;
        }
        let due = *self.due.get_or_insert(now + self.interval);
        let is_due = now >= due || sealed_bytes >= self.max_bytes;
        if is_due {
            self.interval = (self.interval + self.bounds.min).min(self.bounds.max);
            self.due = None;
        }
        is_due
    }

    /// The time until the interval has passed; `None` while nothing waits.
    pub fn left(&self, now: Instant) -> Option<Duration> {
        self.due.map(|due| due.saturating_duration_since(now))
    }
}

/// How often interactions are sent, by `trackEveryNms`, of which the server may say anything: `protocol.md`, "Interactions".
pub(super) fn interaction_bounds(track_every_ms: Option<u64>) -> FlushInterval {
    const DEFAULT_MS: u64 = 30_000;
    const MAX: Duration = Duration::from_secs(60);
    /// Sooner, and each click is a file and a request of its own.
    const LEAST_MS: u64 = 1_000;
    const MOST_MS: u64 = 24 * 60 * 60 * 1_000;
    let min = Duration::from_millis(track_every_ms.unwrap_or(DEFAULT_MS).clamp(LEAST_MS, MOST_MS));
    FlushInterval { min, max: MAX.max(min) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn interactions_are_sent_at_most_every_second_and_never_sooner_than_asked() {
        const DAY: u64 = 86_400_000;
        for (given, first, longest) in [
            (None, 30_000, 60_000),
            (Some(0), 1_000, 60_000),
            (Some(100), 1_000, 60_000),
            (Some(5_000), 5_000, 60_000),
            (Some(120_000), 120_000, 120_000),
            (Some(u64::MAX), DAY, DAY),
        ] {
            let (mut timer, now) = (FlushTimer::new(interaction_bounds(given), usize::MAX), Instant::now());
            assert!(!timer.is_due(0, true, now));
            assert_eq!(timer.left(now), Some(Duration::from_millis(first)), "{given:?}");
            let mut now = now;
            for _ in 0..61 {
                now += Duration::from_millis(DAY);
                assert!(timer.is_due(0, true, now));
                assert!(!timer.is_due(0, true, now));
            }
            assert_eq!(timer.left(now), Some(Duration::from_millis(longest)), "{given:?}");
        }
    }

    const MIN: Duration = Duration::from_secs(1);
    const MAX: Duration = Duration::from_millis(2_500);

    fn timer() -> FlushTimer {
        FlushTimer::new(FlushInterval { min: MIN, max: MAX }, 100)
    }

    #[test]
    fn the_interval_grows_by_its_minimum_up_to_its_maximum() {
        let (mut timer, mut now) = (timer(), Instant::now());
        for interval in [MIN, 2 * MIN, MAX, MAX] {
            assert!(!timer.is_due(0, true, now), "it begins with the first event");
            assert_eq!(timer.left(now), Some(interval));
            assert!(!timer.is_due(1, true, now + interval / 2));
            now += interval;
            assert!(timer.is_due(1, false, now), "{interval:?}");
            assert_eq!(timer.left(now), None);
        }
    }

    #[test]
    fn other_bounds_hold_from_the_next_batch_on() {
        let (mut timer, now) = (timer(), Instant::now());
        timer.set_bounds(FlushInterval { min: MIN, max: MAX });
        assert!(!timer.is_due(0, true, now));
        timer.set_bounds(FlushInterval { min: 2 * MIN, max: MAX });
        assert!(timer.is_due(0, true, now + MIN), "the batch of before");
        assert!(!timer.is_due(0, true, now + MIN));
        assert_eq!(timer.left(now + MIN), Some(MAX), "from the larger on");
    }

    #[test]
    fn a_batch_is_due_with_time_or_with_bytes_and_never_without_events() {
        let now = Instant::now();
        for (sealed_bytes, has_unsealed, passed, expected) in [
            (0, false, MIN, false),
            (0, true, MIN / 2, false),
            (0, true, MIN, true),
            (1, false, MIN, true),
            (99, true, MIN / 2, false),
            (100, false, MIN / 2, true),
            (100, true, MIN / 2, true),
        ] {
            let mut timer = timer();
            assert!(!timer.is_due(0, true, now));
            let is_due = timer.is_due(sealed_bytes, has_unsealed, now + passed);
            assert_eq!(is_due, expected, "{sealed_bytes} {has_unsealed} {passed:?}");
        }
    }

    #[test]
    fn the_interval_does_not_begin_before_there_are_events() {
        let (mut timer, now) = (timer(), Instant::now());
        assert!(!timer.is_due(0, true, now));
        assert!(!timer.is_due(0, false, now + MIN), "what waited was flushed by somebody else");
        assert_eq!(timer.left(now + MIN), None);
        assert!(!timer.is_due(0, true, now + 2 * MIN), "a new interval");
        assert!(timer.is_due(0, true, now + 3 * MIN));
    }
}
