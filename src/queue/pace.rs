//! How soon to look again at appends that do not end.

use std::time::Duration;

/// What to do about a chunk in which an append is unfinished.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Patience {
    /// Wait; look again so soon.
    Wait(Duration),
    /// Salvage it; where that can't be done now, for good or not.
    Salvage { for_good: bool },
}

impl Patience {
    /// After it was unfinished for so long, where one that does not end within `patience` is waited for no longer: its thread
    /// died, and must not hold up the others. What can't be read then is tried for some times as long again.
    pub fn after(unfinished: Duration, patience: Duration) -> Self {
        match unfinished >= patience {
            false => Self::Wait(look_again_after(unfinished)),
            true => Self::Salvage { for_good: unfinished >= patience.saturating_mul(6) },
        }
    }
}

/// An append takes less than a microsecond, or its thread was interrupted, or died: the longer it takes the less often it is
/// worth looking.
pub(super) fn look_again_after(unfinished: Duration) -> Duration {
    (unfinished / 4).clamp(Duration::from_millis(1), Duration::from_secs(1))
}

/// The same for late events of a chunk that was salvaged so long ago.
pub(super) fn look_for_late_events_after(salvaged: Duration) -> Duration {
    (salvaged / 4).clamp(Duration::from_secs(1), Duration::from_secs(60))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_append_that_does_not_end_is_looked_at_less_and_less_often() {
        for (unfinished_ms, again_ms) in [(0, 1), (3, 1), (400, 100), (4_000, 1_000), (4_000_000, 1_000)] {
            let again = look_again_after(Duration::from_millis(unfinished_ms));
            assert_eq!(again, Duration::from_millis(again_ms), "{unfinished_ms}");
        }
        for (salvaged, again) in [(0, 1), (40, 10), (4_000, 60)] {
            assert_eq!(look_for_late_events_after(Duration::from_secs(salvaged)), Duration::from_secs(again));
        }
    }

    #[test]
    fn patience_ends_and_later_on_so_does_reading() {
        let seconds = Duration::from_secs;
        for (unfinished, patience, expected) in [
            (seconds(0), seconds(10), Patience::Wait(Duration::from_millis(1))),
            (seconds(9), seconds(10), Patience::Wait(seconds(1))),
            (seconds(10), seconds(10), Patience::Salvage { for_good: false }),
            (seconds(59), seconds(10), Patience::Salvage { for_good: false }),
            (seconds(60), seconds(10), Patience::Salvage { for_good: true }),
            (seconds(0), Duration::ZERO, Patience::Salvage { for_good: true }),
            (seconds(1_000), Duration::MAX, Patience::Wait(seconds(1))),
        ] {
            assert_eq!(Patience::after(unfinished, patience), expected, "{unfinished:?} {patience:?}");
        }
    }
}
