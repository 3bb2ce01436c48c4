//! How old a file is, by clocks that people and networks set.
//!
//! Files have times of the wall clock. So that a step of it, forward or back, makes nothing older, what is kept says beside
//! it by how much the wall clock was ahead of the clock that counts from the machine's start and is never set. When both
//! are looked at again before the machine is started anew, what that distance has changed by is the step.

use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};

use super::process;
use crate::model::ids::unix_millis;

/// The distance between both clocks at some moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ClockStamp {
    /// See [`process::boot`].
    pub boot: u64,
    /// Milliseconds by which the wall clock was ahead.
    pub ahead: i64,
}

/// `protocol.md`: "stored data older than 3 days is dropped at start".
pub(super) const MAX_AGE: Duration = Duration::from_secs(3 * 24 * 60 * 60);

/// Nobody recorded anything before: a clock that says so was never set. 2024-01-01.
const FIRST_CREDIBLE: u64 = 1_704_067_200_000;

impl ClockStamp {
    /// Of this moment; `None` where the system does not tell one run of the machine from another.
    pub fn now() -> Option<Self> {
        let boot = process::boot();
        let ahead = unix_millis(SystemTime::now()) as i64 - since_boot()?;
        (boot != 0).then_some(Self { boot, ahead })
    }

    /// How far the wall clock was set forward from `self` to `now`, in milliseconds.
    fn step_to(self, now: Self) -> Option<i64> {
        (self.boot == now.boot).then(|| now.ahead.saturating_sub(self.ahead))
    }
}

/// The age of what was recorded at `time`, when the clocks stood as in `then`, by the clocks of now. Where they don't
/// agree, the smaller one: nothing is to go because a clock was set.
pub(crate) fn age(time: SystemTime, then: Option<ClockStamp>) -> Duration {
    age_at(unix_millis(time), then, unix_millis(SystemTime::now()), ClockStamp::now())
}

fn age_at(time: u64, then: Option<ClockStamp>, wall: u64, now: Option<ClockStamp>) -> Duration {
    if time < FIRST_CREDIBLE {
        return Duration::ZERO;
    }
    // A time to come is no age: the clock was set back.
    let by_the_wall = wall.saturating_sub(time);
    let step = then.zip(now).and_then(|(then, now)| then.step_to(now)).unwrap_or(0);
    let corrected = (wall as i64).saturating_sub(step).saturating_sub(time as i64).max(0) as u64;
    Duration::from_millis(by_the_wall.min(corrected))
}

#[cfg(any(target_os = "linux", target_os = "android"))]
fn since_boot() -> Option<i64> {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
    #[allow(clippy::useless_conversion, reason = "narrower on some systems")]
    Some(i64::from(time.tv_sec) * 1_000 + i64::from(time.tv_nsec) / 1_000_000)
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
fn since_boot() -> Option<i64> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_of_the_clock_makes_nothing_older() {
        const MINUTE: i64 = 60_000;
        const DAY: i64 = 24 * 60 * MINUTE;
        const T: i64 = 1_795_000_000_000;
        // The wall clock's offset then and now, and how long ago it was; what the age must be.
        let stamp = |ahead| Some(ClockStamp { boot: 7, ahead });
        for (what, step, passed, age) in [
            ("no step", 0, MINUTE, MINUTE),
            ("no step, long ago", 0, 4 * DAY, 4 * DAY),
            ("ten days forward", 10 * DAY, MINUTE, MINUTE),
            // It seems to have been recorded in time to come; so it will for nine days.
            ("ten days back", -10 * DAY, MINUTE, 0),
            ("forward, and old in truth", 10 * DAY, 4 * DAY, 4 * DAY),
            ("an hour back, and old in truth", -DAY / 24, 4 * DAY, 4 * DAY - DAY / 24),
        ] {
            let (wall, recorded) = ((T + passed + step) as u64, T as u64);
            let found = age_at(recorded, stamp(T), wall, stamp(T + step));
            assert_eq!(found, Duration::from_millis(age as u64), "{what}");
        }
    }

    #[test]
    fn of_another_start_of_the_machine_only_the_wall_clock_tells() {
        let (then, now) = (ClockStamp { boot: 7, ahead: 0 }, ClockStamp { boot: 8, ahead: 1_000_000_000 });
        let (time, wall) = (FIRST_CREDIBLE + 5, FIRST_CREDIBLE + 1_000_000_005);
        for (then, now) in [(Some(then), Some(now)), (None, Some(now)), (Some(then), None), (None, None)] {
            assert_eq!(age_at(time, then, wall, now), Duration::from_millis(1_000_000_000));
        }
    }

    #[test]
    fn a_clock_that_was_never_set_tells_no_age() {
        for time in [0, 3_600_000, FIRST_CREDIBLE - 1] {
            assert_eq!(age_at(time, None, FIRST_CREDIBLE + 1_000_000, None), Duration::ZERO);
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn stands_still_while_nobody_sets_the_clock() {
        let (one, other) = (ClockStamp::now().unwrap(), ClockStamp::now().unwrap());
        assert!(one.boot != 0 && (one.ahead - other.ahead).abs() < 1_000);
    }
}
