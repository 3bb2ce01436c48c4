//! The clock of the session timeouts, in milliseconds: precise, and for every event a coarse one that costs a fraction.
//!
//! Linux keeps the time of its last tick where a read takes some nanoseconds; a precise read takes several times as long. The coarse
//! clock is behind by a tick at most (1 to 10 ms), as a rule, and that is added. Under a hypervisor a tick may come late by some tens of
//! milliseconds: a timeout may begin so much too early.

use std::time::Duration;

/// It counts from here: where the system's clock begins with the process or a while ago, there still is a time before.
const BEGIN_MS: u64 = 24 * 3_600_000;

/// Milliseconds since some moment, a day ago at least.
pub(super) fn now_ms() -> u64 {
    BEGIN_MS + imp::now_ms()
}

/// The same, or up to a tick more, as a rule.
#[inline]
pub(super) fn coarse_ms() -> u64 {
    BEGIN_MS + imp::coarse_ms()
}

/// From one moment to a later one.
pub(super) fn between(earlier: u64, later: u64) -> Duration {
    Duration::from_millis(later.saturating_sub(earlier))
}

#[cfg(any(target_os = "linux", target_os = "android"))]
mod imp {
    use std::sync::atomic::{AtomicU64, Ordering};

    use rustix::time::{ClockId, Timespec, clock_getres, clock_gettime};

    pub fn now_ms() -> u64 {
        millis(clock_gettime(ClockId::Monotonic))
    }

    #[inline]
    pub fn coarse_ms() -> u64 {
        millis(clock_gettime(ClockId::MonotonicCoarse)) + tick_ms()
    }

    /// The length of a tick, rounded up.
    #[inline]
    fn tick_ms() -> u64 {
        /// 0: not asked yet.
        static TICK_MS: AtomicU64 = AtomicU64::new(0);
        match TICK_MS.load(Ordering::Relaxed) {
            0 => {
                let tick = 1 + millis(clock_getres(ClockId::MonotonicCoarse));
                TICK_MS.store(tick, Ordering::Relaxed);
                tick
            }
            tick => tick,
        }
    }

    #[inline]
    fn millis(time: Timespec) -> u64 {
        time.tv_sec as u64 * 1_000 + time.tv_nsec as u64 / 1_000_000
    }
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
mod imp {
    use std::time::Instant;

    use once_cell::race::OnceBox;

    /// Nobody waits for who is making it: a child that is forked meanwhile would wait forever.
    static START: OnceBox<Instant> = OnceBox::new();

    pub fn now_ms() -> u64 {
        START.get_or_init(|| Box::new(Instant::now())).elapsed().as_millis() as u64
    }

    pub fn coarse_ms() -> u64 {
        // Rounded up, as the other.
        now_ms() + 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_clocks_are_the_same_one_and_there_is_a_time_before() {
        /// More than a machine that shares its processors lags.
        const MAX_LAG_MS: u64 = 600_000;
        let mut last = 0;
        for _ in 0..100_000 {
            let (before, coarse, after) = (now_ms(), coarse_ms(), now_ms());
            assert!(before >= BEGIN_MS && coarse >= last, "{before} {coarse} {last}");
            assert!(
                coarse + MAX_LAG_MS >= before && coarse <= after + MAX_LAG_MS,
                "{before} {coarse} {after}"
            );
            last = coarse;
        }
    }
}
