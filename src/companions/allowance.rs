//! How many log lines or requests a program may have recorded: so many at once, and so many a second after that. A loop that
//! logs without end must not fill the storage, which the picture needs.

use std::time::{Duration, Instant};

/// How many at once, and how many bytes.
const BURST: [f64; 2] = [4_000.0, 2_000_000.0];
/// By which both are refilled.
const PER_SECOND: [f64; 2] = [200.0, 200_000.0];
/// How often at most it is told how many were left out: a storm that goes on must not be told of with each that is taken.
const BETWEEN_NOTICES: Duration = Duration::from_secs(1);

/// A token bucket of two measures, numbers and bytes: while one of them is used up, nothing is taken.
#[derive(Debug)]
pub(crate) struct Allowance {
    left: [f64; 2],
    refilled: Option<Instant>,
    left_out: u64,
    /// When that was told last.
    told: Option<Instant>,
}

impl Default for Allowance {
    fn default() -> Self {
        Self { left: BURST, refilled: None, left_out: 0, told: None }
    }
}

impl Allowance {
    /// Takes one, whose bytes are told with [`Self::spend`]. Gives how many were left out, where that is to be told now;
    /// `None`: this one is left out.
    pub fn take(&mut self, now: Instant) -> Option<u64> {
        let passed = self.refilled.map_or(Duration::ZERO, |before| now.saturating_duration_since(before));
        self.refilled = self.refilled.max(Some(now));
        for ((left, most), rate) in self.left.iter_mut().zip(BURST).zip(PER_SECOND) {
            *left = most.min(*left + passed.as_secs_f64() * rate);
        }
        let [number, bytes] = &mut self.left;
        if *number < 1.0 || *bytes <= 0.0 {
            self.left_out += 1;
            return None;
        }
        *number -= 1.0;
        let is_due = self.told.is_none_or(|told| now.saturating_duration_since(told) >= BETWEEN_NOTICES);
        if self.left_out == 0 || !is_due {
            return Some(0);
        }
        self.told = Some(now);
        Some(std::mem::take(&mut self.left_out))
    }

    /// May be more than is left, which is then missing later.
    pub fn spend(&mut self, bytes: usize) {
        self.left[1] -= bytes as f64;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many of `count` that come at once, of so many bytes each, are taken; and how many the first of these tells of.
    fn taken(allowance: &mut Allowance, now: Instant, count: usize, bytes: usize) -> (usize, u64) {
        let told: Vec<u64> = (0..count)
            .filter_map(|_| {
                let told = allowance.take(now)?;
                allowance.spend(bytes);
                Some(told)
            })
            .collect();
        (told.len(), told.iter().sum())
    }

    #[test]
    fn takes_so_many_at_once_and_then_so_many_a_second() {
        let start = Instant::now();
        let mut allowance = Allowance::default();
        for (ms, count, bytes, expected) in [
            (0, 5_000, 10, (4_000, 0)),
            (1, 7, 10, (0, 0)),
            // A clock that does not move on.
            (0, 3, 10, (0, 0)),
            (1_001, 1_000, 10, (200, 1_010)),
            // It was told half a second ago.
            (1_501, 1_000, 10, (100, 0)),
            // As much as at once, and no more, however long nothing came.
            (3_600_000, 9_000, 10, (4_000, 1_700)),
            // By their bytes: the last one may be more than is left, which is missing then.
            (7_200_000, 5, 1_500_000, (2, 5_000)),
            (7_204_000, 5, 1, (0, 0)),
            (7_205_001, 5, 1_000, (1, 8)),
        ] {
            let now = start + Duration::from_millis(ms);
            assert_eq!(taken(&mut allowance, now, count, bytes), expected, "{ms} ms");
        }
    }
}
