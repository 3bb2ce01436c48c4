//! That there was no room for another chunk: remembered, so that a host whose buffer is full does not pay for a search with each event.

use std::sync::atomic::{AtomicU64, Ordering};

use super::monotonic;

/// How long it is believed at most, whatever says otherwise.
const MAX_MS: u64 = if cfg!(test) { LONG_MS } else { 100 };
/// Longer than a test is ever kept waiting.
const LONG_MS: u64 = 3_600_000;

/// Nothing is known, or there was no room for a chunk of the usual size.
#[derive(Default)]
pub(super) struct NoRoom {
    /// One more than the storage's version of its room then; 0: nothing is known.
    version: AtomicU64,
    /// When it is to be looked at again.
    until_ms: AtomicU64,
}

impl NoRoom {
    /// There was none at this version of the room.
    pub fn note(&self, version: u64) {
        self.until_ms.store(monotonic::coarse_ms() + MAX_MS, Ordering::Relaxed);
        self.version.store(version + 1, Ordering::Release);
    }

    /// Whether there is none at this version, for all that is known.
    pub fn holds(&self, version: u64) -> bool {
        self.version.load(Ordering::Acquire) == version + 1
            && monotonic::coarse_ms() < self.until_ms.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_believed_until_there_may_be_room_and_not_for_long() {
        let none = NoRoom::default();
        assert!(!none.holds(0));
        none.note(3);
        assert!(none.holds(3));
        assert!(!none.holds(4), "something was removed");
        none.until_ms.store(monotonic::coarse_ms(), Ordering::Relaxed);
        assert!(!none.holds(3), "long ago");
    }
}
