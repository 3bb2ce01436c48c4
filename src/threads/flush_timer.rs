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

#[cfg(test)]
mod tests {
    use super::*;

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
