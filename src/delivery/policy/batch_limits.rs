//! How much goes into the next batch: less after one that did not get through, more after each that did.

use super::outcome::SendOutcome;

/// As much goes into one request, in bytes of events: what is in flight when the process dies is sent twice, if the server had
/// taken it.
const MAX_REQUEST_BYTES: usize = 256 * 1_024;

/// How much goes into one batch. One event alone may be larger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct BatchLimits {
    /// Number of events.
    pub max_events: usize,
    /// Bytes of events.
    pub max_bytes: usize,
}

impl BatchLimits {
    /// None of the server's, nor of the network's.
    pub const NONE: Self = Self { max_events: usize::MAX, max_bytes: usize::MAX };

    /// Those of one request, where the option `maxPersistedEventsSizeBytes` is `max_bytes`.
    pub fn of_request(self, max_bytes: usize) -> Self {
        Self { max_bytes: self.max_bytes.min(max_bytes).min(MAX_REQUEST_BYTES), ..self }
    }

    /// Whether an event of so many bytes goes into a batch that has `events` of `bytes`. The first always does.
    pub fn allow(self, events: usize, bytes: usize, event: usize) -> bool {
        events == 0 || (events < self.max_events && bytes + event <= self.max_bytes)
    }

    /// The limits of the next batch, after this outcome of one.
    pub fn after(self, outcome: SendOutcome) -> Self {
        let more_events = self.max_events.saturating_mul(2);
        match outcome {
            SendOutcome::Delivered => {
                Self { max_events: more_events, max_bytes: self.max_bytes.saturating_mul(2) }
            }
            SendOutcome::DeliveredThenPause | SendOutcome::SessionRejected | SendOutcome::Dropped(_) => {
                Self { max_events: more_events, ..self }
            }
            SendOutcome::Split { max_events } => Self { max_events, ..self },
            SendOutcome::SmallerBatch { max_bytes } => Self { max_bytes, ..self },
            SendOutcome::RetryAfter(_) | SendOutcome::ServerUnreachable | SendOutcome::Interrupted => self,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::drop_reason::DropReason;
    use super::*;
    use std::time::Duration;

    fn limits(max_events: usize, max_bytes: usize) -> BatchLimits {
        BatchLimits { max_events, max_bytes }
    }

    #[test]
    fn a_batch_takes_what_the_limits_allow_and_one_event_in_any_case() {
        for (events, bytes, event, allowed) in [
            (0, 0, 1_001, true),
            (1, 900, 100, true),
            (1, 900, 101, false),
            (9, 0, 1, true),
            (10, 0, 1, false),
        ] {
            assert_eq!(limits(10, 1_000).allow(events, bytes, event), allowed, "{events} {bytes} {event}");
        }
    }

    #[test]
    fn a_request_has_the_least_of_all_limits() {
        for (limit, option, allowed) in [
            (usize::MAX, 6_000_000, MAX_REQUEST_BYTES),
            (usize::MAX, 5_000, 5_000),
            (64_000, 6_000_000, 64_000),
            (64_000, 5_000, 5_000),
        ] {
            assert_eq!(limits(10, limit).of_request(option), limits(10, allowed), "{limit} {option}");
        }
    }

    #[test]
    fn each_outcome_moves_the_limits_as_in_the_table() {
        for (outcome, expected) in [
            (SendOutcome::Delivered, limits(20, 2_000)),
            (SendOutcome::DeliveredThenPause, limits(20, 1_000)),
            (SendOutcome::SessionRejected, limits(20, 1_000)),
            (SendOutcome::Dropped(DropReason::RejectedByServer), limits(20, 1_000)),
            (SendOutcome::Dropped(DropReason::TooLargeForServer), limits(20, 1_000)),
            (SendOutcome::Split { max_events: 3 }, limits(3, 1_000)),
            (SendOutcome::SmallerBatch { max_bytes: 70 }, limits(10, 70)),
            (SendOutcome::RetryAfter(Duration::ZERO), limits(10, 1_000)),
            (SendOutcome::ServerUnreachable, limits(10, 1_000)),
            (SendOutcome::Interrupted, limits(10, 1_000)),
        ] {
            assert_eq!(limits(10, 1_000).after(outcome), expected, "{outcome:?}");
        }
        assert_eq!(BatchLimits::NONE.after(SendOutcome::Delivered), BatchLimits::NONE, "no overflow");
    }
}
