//! Arrival times: microseconds since the epoch that never repeat within one process.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// Hands out strictly growing arrival times, so that names made from them sort in the order of arrival even when two
/// requests arrive in one microsecond or the system clock is set back.
#[derive(Debug, Default)]
pub(crate) struct ArrivalClock {
    last: AtomicU64,
}

impl ArrivalClock {
    pub(crate) fn next_micros(&self) -> u64 {
        let now = now_micros();
        let before = self
            .last
            .fetch_update(Ordering::AcqRel, Ordering::Acquire, |last| Some(now.max(last + 1)))
            .unwrap_or_else(|last| last);
        now.max(before + 1)
    }
}

fn now_micros() -> u64 {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since_epoch.as_micros()).unwrap_or(u64::MAX - 1)
}

/// Milliseconds since the epoch, as the API shows times.
pub(crate) fn now_millis() -> u64 {
    now_micros() / 1_000
}
