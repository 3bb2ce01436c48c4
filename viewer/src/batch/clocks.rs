//! Which of many times belong together: one event of 1970 among those of today would make a session of decades. The page tells strays
//! by the same rule (`web/src/recording/clock.ts`).

use std::ops::Range;

use serde::{Deserialize, Serialize};

/// Times further apart than this are of two clocks: no session waits a week.
const MAX_DISTANCE_MS: f64 = 7.0 * 86_400_000.0;
/// More clocks are not told apart: each event may claim one of its own.
const MAX_CLOCKS: usize = 64;

/// Times by what they are near to; in their order.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Clocks(Vec<Clock>);

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct Clock {
    #[serde(rename = "f")]
    first: f64,
    #[serde(rename = "l")]
    last: f64,
    #[serde(rename = "n")]
    events: u64,
}

impl Clocks {
    /// Those of events of which only the first and the last time are known. Too far apart, they are of two clocks, and which of them the other
    /// events are by is not known.
    pub(crate) fn of_bounds(first: f64, last: f64, events: u64) -> Self {
        let mut clocks = Self::default();
        if is_one(first, last) {
            clocks.add(first, last, events);
        } else {
            clocks.add(first, first, events / 2);
            clocks.add(last, last, events / 2);
        }
        clocks
    }

    /// That of events that are all by one clock.
    pub(crate) fn of_one(span: Range<f64>, events: u64) -> Self {
        Self(vec![Clock { first: span.start, last: span.end, events }])
    }

    /// Adds events by one clock.
    pub(crate) fn add(&mut self, first: f64, last: f64, events: u64) {
        let from = self.0.partition_point(|clock| !is_one(clock.last, first));
        let to = from + self.0[from..].partition_point(|clock| is_one(last, clock.first));
        let mut near = Clock { first, last, events };
        for other in &self.0[from..to] {
            near.first = near.first.min(other.first);
            near.last = near.last.max(other.last);
            near.events = near.events.saturating_add(other.events);
        }
        if from < to {
            self.0[from] = near;
            self.0.drain(from + 1..to);
        } else if self.0.len() < MAX_CLOCKS {
            self.0.insert(from, near);
        }
    }

    pub(crate) fn merge(&mut self, other: &Self) {
        other.0.iter().for_each(|clock| self.add(clock.first, clock.last, clock.events));
    }

    /// From when to when it was by the clock of most events; of equals it is the one that is nearer to their arrival. All in milliseconds since
    /// the epoch.
    pub(crate) fn own(&self, arrived: f64) -> Option<Range<f64>> {
        let distance = |clock: &Clock| (arrived - clock.last).abs();
        let own = self.0.iter().max_by(|one, other| {
            one.events.cmp(&other.events).then_with(|| distance(other).total_cmp(&distance(one)))
        });
        own.map(|clock| clock.first..clock.last)
    }
}

/// Whether a time and a later one can be by one clock; so can those that overlap.
fn is_one(first: f64, last: f64) -> bool {
    last - first <= MAX_DISTANCE_MS
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: f64 = 86_400_000.0;
    const NOW: f64 = 20_000.0 * DAY;

    #[test]
    fn times_that_are_near_each_other_are_of_one_clock_in_whatever_order_they_come() {
        let rows: [(&str, &[f64], Range<f64>); 7] = [
            ("one event", &[NOW], NOW..NOW),
            ("a stray of 1970", &[0.0, NOW, NOW + 1.0], NOW..NOW + 1.0),
            ("a stray of the future", &[NOW, NOW + 1.0, NOW * 1e3], NOW..NOW + 1.0),
            ("days with nothing between", &[NOW - 14.0 * DAY, NOW - 7.0 * DAY, NOW], NOW - 14.0 * DAY..NOW),
            ("as many of each: what is near to the arrival", &[7.0, NOW], NOW..NOW),
            ("more of those that are far from it", &[7.0, 9.0, NOW], 7.0..9.0),
            ("numbers beyond all bounds", &[f64::MIN, f64::MAX, NOW, NOW], NOW..NOW),
        ];
        for (what, times, own) in rows {
            for turn in 0..times.len() {
                let mut clocks = Clocks::default();
                for time in times[turn..].iter().chain(&times[..turn]) {
                    clocks.add(*time, *time, 1);
                }
                assert_eq!(clocks.own(NOW), Some(own.clone()), "{what}, from {turn} on");
            }
        }
        assert_eq!(Clocks::default().own(NOW), None);
    }

    #[test]
    fn bounds_that_are_too_far_apart_are_two_clocks() {
        let mut clocks = Clocks::of_bounds(0.0, NOW, 100);
        assert_eq!(clocks.own(NOW), Some(NOW..NOW));
        clocks.merge(&Clocks::of_bounds(NOW - 60_000.0, NOW - 5.0, 9));
        assert_eq!(clocks.own(NOW), Some(NOW - 60_000.0..NOW));
    }

    #[test]
    fn no_more_clocks_are_kept_than_anybody_needs() {
        let mut clocks = Clocks::default();
        for number in 0..1_000 {
            clocks.add(f64::from(number) * 30.0 * DAY, f64::from(number) * 30.0 * DAY, 1);
        }
        assert_eq!(clocks.0.len(), MAX_CLOCKS);
    }
}
