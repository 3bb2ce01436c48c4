//! The clock of the session timeouts, in milliseconds: precise, and for every event a coarse one that costs a fraction.
//!
//! Linux keeps the time of its last tick where a read takes some nanoseconds; a precise read takes several times as long. What the
//! coarse clock is behind is at most a tick (1 to 10 ms), which is added: so no time that it gives lies before the event.

use std::time::Duration;

/// Milliseconds since some moment.
pub(super) fn now_ms() -> u64 {
    imp::now_ms()
}

/// The same, or up to a tick more.
#[inline]
pub(super) fn coarse_ms() -> u64 {
    imp::coarse_ms()
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

    use once_cell::sync::Lazy;

    static START: Lazy<Instant> = Lazy::new(Instant::now);

    pub fn now_ms() -> u64 {
        START.elapsed().as_millis() as u64
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
    fn the_coarse_clock_is_never_behind_and_hardly_ahead() {
        for _ in 0..100_000 {
            let (before, coarse, after) = (now_ms(), coarse_ms(), now_ms());
            assert!(coarse >= before, "{coarse} {before}");
            // Ticks of 100 Hz, the longest there are.
            assert!(coarse <= after + 11, "{coarse} {after}");
        }
    }
}
