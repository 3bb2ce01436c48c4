//! How many bytes pixels may cost: quality goes down first, then the rate.

use std::time::{Duration, Instant};

use super::quality::Quality;

/// What may be spent at once after a rest: so many seconds' worth. The first picture of a view is no reason for a worse one.
const SAVED_SECONDS: f64 = 10.0;
/// Above this part of what may be saved, quality is at its best.
const PLENTY: f64 = 0.5;

/// What was spent, and what may be.
#[derive(Debug, Clone, Copy)]
pub(super) struct Budget {
    per_second: f64,
    /// Bytes that may be spent; below zero, what was spent too much.
    saved: f64,
    at: Instant,
}

impl Budget {
    pub fn new(bytes_per_second: u32, now: Instant) -> Self {
        let per_second = f64::from(bytes_per_second.max(1));
        Self { per_second, saved: per_second * SAVED_SECONDS, at: now }
    }

    pub fn spend(&mut self, bytes: u64, now: Instant) {
        self.saved = self.saved_at(now) - bytes as f64;
        self.at = self.at.max(now);
    }

    /// How good what is encoded now may be.
    pub fn quality(&self, now: Instant) -> Quality {
        let plenty = self.per_second * SAVED_SECONDS * PLENTY;
        Quality::of((self.saved_at(now) / plenty).clamp(0.0, 1.0) as f32)
    }

    /// The time until what was spent too much is paid back.
    pub fn pause(&self, now: Instant) -> Duration {
        let owed = (-self.saved_at(now)).max(0.0);
        Duration::try_from_secs_f64(owed / self.per_second).unwrap_or(Duration::MAX)
    }

    fn saved_at(&self, now: Instant) -> f64 {
        let passed = now.saturating_duration_since(self.at).as_secs_f64();
        (self.saved + passed * self.per_second).min(self.per_second * SAVED_SECONDS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quality_goes_down_first_and_then_the_rate() {
        let start = Instant::now();
        for (spent, passed_ms, (tolerance, lossy), pause_ms) in [
            (0, 0, (40, 50.0), 0),
            (5_000, 0, (40, 50.0), 0),
            (7_500, 0, (60, 35.0), 0),
            (10_000, 0, (80, 20.0), 0),
            (12_000, 0, (80, 20.0), 2_000),
            (12_000, 1_500, (80, 20.0), 500),
            (12_000, 2_000, (80, 20.0), 0),
            (12_000, 4_500, (60, 35.0), 0),
            (12_000, 7_000, (40, 50.0), 0),
        ] {
            let mut budget = Budget::new(1_000, start);
            budget.spend(spent, start);
            let now = start + Duration::from_millis(passed_ms);
            assert_eq!(budget.quality(now), Quality { tolerance, lossy }, "{spent} {passed_ms}");
            assert_eq!(budget.pause(now).as_millis(), pause_ms, "{spent} {passed_ms}");
        }
    }

    #[test]
    fn who_minds_the_pause_spends_no_more_than_the_budget_in_the_long_run() {
        let (start, mut spent, mut seconds) = (Instant::now(), 0, 0.0);
        let mut budget = Budget::new(30_000, start);
        for _ in 0..1_000 {
            let now = start + Duration::from_secs_f64(seconds);
            budget.spend(100_000, now);
            spent += 100_000;
            seconds += budget.pause(now).as_secs_f64().max(0.1);
        }
        assert!(
            f64::from(spent) <= 30_000.0 * (seconds + SAVED_SECONDS) + 100_000.0,
            "{spent} in {seconds} s"
        );
        assert!(f64::from(spent) >= 30_000.0 * seconds, "and all of it may be spent");
    }

    #[test]
    fn no_more_is_saved_than_some_seconds_worth() {
        let start = Instant::now();
        let mut budget = Budget::new(1_000, start);
        let later = start + Duration::from_secs(3_600);
        budget.spend(11_000, later);
        assert_eq!(budget.pause(later), Duration::from_secs(1));
    }
}
