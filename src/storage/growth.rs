//! When something was recorded last, as far as that can be told without a word from who records: an append asks no clock.

use std::time::SystemTime;

/// How far a chunk was filled when it was last seen to have grown, and when that was.
pub(super) struct Growth {
    used: usize,
    at: SystemTime,
}

impl Growth {
    /// Of a chunk that is empty now.
    pub fn new(now: SystemTime) -> Self {
        Self { used: 0, at: now }
    }

    /// When the last event was recorded, at the latest, of a chunk that is filled so far now.
    pub fn recorded_at(&mut self, used: usize, now: SystemTime) -> SystemTime {
        if used != self.used {
            *self = Self { used, at: now };
        }
        self.at
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_file_is_as_young_as_its_last_event_and_no_younger() {
        let after = |hours: u64| SystemTime::UNIX_EPOCH + Duration::from_secs(hours * 3_600);
        let mut growth = Growth::new(after(0));
        for (used, now, recorded_at) in [(0, 1, 0), (100, 2, 2), (100, 3, 2), (100, 90, 2), (140, 91, 91)] {
            assert_eq!(growth.recorded_at(used, after(now)), after(recorded_at), "{used} {now}");
        }
    }
}
