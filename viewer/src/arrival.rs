//! When a request arrived: microseconds since the epoch that never repeat within one process.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A time of arrival. As text it has 20 digits, so that names which begin with it sort by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ArrivalTime {
    /// Since the epoch.
    micros: u64,
}

impl ArrivalTime {
    pub(crate) fn from_micros(micros: u64) -> Self {
        Self { micros }
    }

    /// For a request whose time names nothing; it may have that of another.
    pub(crate) fn now() -> Self {
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self { micros: u64::try_from(since_epoch.as_micros()).unwrap_or(u64::MAX - 1) }
    }

    pub(crate) fn from_millis(millis: u64) -> Self {
        Self { micros: millis.saturating_mul(1_000) }
    }

    /// The time that a stored object's name begins with; `None` for names that have none.
    pub(crate) fn of_name(name: &str) -> Option<Self> {
        Self::parse(name.split_once('-')?.0)
    }

    /// Reads what stands at the beginning of names.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let is_time = text.len() == 20 && text.bytes().all(|byte| byte.is_ascii_digit());
        if is_time { text.parse().ok().map(Self::from_micros) } else { None }
    }

    pub(crate) fn micros(self) -> u64 {
        self.micros
    }

    /// Milliseconds since the epoch, as the API shows times.
    pub(crate) fn millis(self) -> u64 {
        self.micros / 1_000
    }

    /// So much earlier; not before the epoch.
    pub(crate) fn minus(self, duration: Duration) -> Self {
        let micros = u64::try_from(duration.as_micros()).unwrap_or(u64::MAX);
        Self { micros: self.micros.saturating_sub(micros) }
    }
}

impl fmt::Display for ArrivalTime {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:020}", self.micros)
    }
}

/// Hands out strictly growing arrival times, so that names made from them sort in the order of arrival even when two
/// requests arrive in one microsecond or the system clock is set back.
#[derive(Debug, Default)]
pub(crate) struct ArrivalClock {
    last_micros: AtomicU64,
}

impl ArrivalClock {
    pub(crate) fn next(&self) -> ArrivalTime {
        self.next_at(ArrivalTime::now())
    }

    fn next_at(&self, now: ArrivalTime) -> ArrivalTime {
        let now = now.micros;
        let before = self
            .last_micros
            .fetch_update(Ordering::AcqRel, Ordering::Acquire, |last| Some(now.max(last + 1)))
            .unwrap_or_else(|last| last);
        ArrivalTime { micros: now.max(before + 1) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_arrival_grow_whatever_the_system_clock_says() {
        let clock = ArrivalClock::default();
        let next = |now| clock.next_at(ArrivalTime::from_micros(now)).micros;
        assert_eq!([next(7), next(7), next(3), next(100), next(0)], [7, 8, 9, 100, 101]);
    }
}
