//! What a name is known by, in eight bytes: the time of arrival, and of the process as much as there is room for.

use crate::arrival::ArrivalTime;
use crate::store::BatchName;

/// So the time has 54 bits, which last until the year 2540.
const PROCESS_BITS: u32 = 10;
const MAX_MICROS: u64 = u64::MAX >> PROCESS_BITS;

pub(super) fn of(at: ArrivalTime, name: &str) -> u64 {
    let process =
        name.split('-').nth(1).and_then(|hex| u64::from_str_radix(hex, 16).ok()).unwrap_or_default();
    (at.micros().min(MAX_MICROS) << PROCESS_BITS) | (process & ((1 << PROCESS_BITS) - 1))
}

pub(super) fn of_batch(name: &BatchName) -> Option<u64> {
    ArrivalTime::of_name(name.as_str()).map(|at| of(at, name.as_str()))
}

/// Whether it arrived after that time.
pub(super) fn is_after(key: u64, time: ArrivalTime) -> bool {
    key >> PROCESS_BITS > time.micros().min(MAX_MICROS)
}
