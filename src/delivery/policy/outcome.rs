//! What an attempt to send a batch came to, and so what follows: `protocol.md`, "Replies".

use std::time::Duration;

use super::drop_reason::DropReason;
use crate::delivery::response::{Response, ResponseClass};
use crate::delivery::send_error::SendError;

/// A batch is never made smaller than this for a slow network, in bytes of events.
const MIN_BATCH_BYTES: usize = 64_000;
/// A retry waits at random up to so long times the number of the attempt.
const MAX_RETRY_DELAY: Duration = Duration::from_secs(1);

/// How an attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AttemptResult {
    /// A response came.
    Response {
        /// The row of the table that it stands in.
        class: ResponseClass,
        /// It did not break off.
        is_whole: bool,
    },
    /// None came.
    NoResponse {
        /// A smaller batch might have got through.
        maybe_oversized: bool,
    },
}

impl From<&Result<Response, SendError>> for AttemptResult {
    fn from(result: &Result<Response, SendError>) -> Self {
        match result {
            Ok(response) => Self::Response { class: response.class(), is_whole: response.is_whole },
            Err(error) => Self::NoResponse { maybe_oversized: error.maybe_oversized },
        }
    }
}

/// What was sent.
#[derive(Debug, Clone, Copy)]
pub(crate) struct BatchSize {
    /// Number of events, at least 1.
    pub events: usize,
    /// Their bytes.
    pub bytes: usize,
}

/// Which attempt to send a batch it was.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Attempt {
    /// From 1.
    pub number: u32,
    /// The option `flushMaxRetries`.
    pub max: u32,
}

/// What an attempt came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SendOutcome {
    /// The server has the batch.
    Delivered,
    /// The server took the batch and threw it away. Nothing is sent for [`super::THROTTLE_PAUSE`].
    DeliveredThenPause,
    /// The server takes no more of the session: the batch is dropped, and so is what follows of the session.
    SessionRejected,
    /// The batch is dropped.
    Dropped(DropReason),
    /// The batch is sent again after this time, as it is.
    RetryAfter(Duration),
    /// The events are sent again, at most so many at a time.
    Split {
        /// At least 1.
        max_events: usize,
    },
    /// The events are sent again, at most so many bytes of them at a time.
    SmallerBatch {
        /// At least [`MIN_BATCH_BYTES`].
        max_bytes: usize,
    },
    /// The events wait for the end of a back-off.
    ServerUnreachable,
    /// The library is shutting down: the events wait for the next run.
    Interrupted,
}

impl SendOutcome {
    /// The batch is settled: its events leave the queue.
    pub fn is_settled(self) -> bool {
        matches!(self, Self::Delivered | Self::DeliveredThenPause | Self::SessionRejected | Self::Dropped(_))
    }

    /// The events are sent again, in other batches.
    pub fn is_for_smaller_batches(self) -> bool {
        matches!(self, Self::Split { .. } | Self::SmallerBatch { .. })
    }

    /// The server does not have the events, and its session goes on: what builds on them can't be played.
    pub fn leaves_gap(self) -> bool {
        matches!(self, Self::DeliveredThenPause | Self::Dropped(_))
    }
}

/// What an attempt came to. `jitter`, 0 to 1, spreads retries out. While the library is `stopping`, the batch
/// is not retried.
pub(crate) fn outcome(
    result: AttemptResult,
    batch: BatchSize,
    attempt: Attempt,
    stopping: bool,
    jitter: f64,
) -> SendOutcome {
    let maybe_oversized = match result {
        AttemptResult::NoResponse { maybe_oversized } => maybe_oversized,
        AttemptResult::Response { class, is_whole } => match class {
            ResponseClass::Delivered => return SendOutcome::Delivered,
            ResponseClass::Throttled => return SendOutcome::DeliveredThenPause,
            ResponseClass::SessionRejected => return SendOutcome::SessionRejected,
            ResponseClass::Rejected => return SendOutcome::Dropped(DropReason::RejectedByServer),
            ResponseClass::TooLarge if batch.events == 1 => {
                return SendOutcome::Dropped(DropReason::TooLargeForServer);
            }
            ResponseClass::TooLarge | ResponseClass::MaybeTooLarge if batch.events > 1 => {
                return SendOutcome::Split { max_events: batch.events / 2 };
            }
            ResponseClass::TooLarge | ResponseClass::MaybeTooLarge | ResponseClass::Retryable => !is_whole,
        },
    };
    if stopping {
        SendOutcome::Interrupted
    } else if attempt.number < attempt.max {
        SendOutcome::RetryAfter(MAX_RETRY_DELAY.mul_f64(f64::from(attempt.number) * jitter))
    } else if maybe_oversized && batch.events > 1 && batch.bytes > MIN_BATCH_BYTES {
        SendOutcome::SmallerBatch { max_bytes: (batch.bytes / 2).max(MIN_BATCH_BYTES) }
    } else {
        SendOutcome::ServerUnreachable
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: BatchSize = BatchSize { events: 1, bytes: 1_000_000 };
    const MANY: BatchSize = BatchSize { events: 17, bytes: 1_000_000 };
    const SMALL: BatchSize = BatchSize { events: 17, bytes: MIN_BATCH_BYTES };
    const FIRST: Attempt = Attempt { number: 1, max: 2 };
    const LAST: Attempt = Attempt { number: 2, max: 2 };

    fn response(status: u16, skipped: Option<&str>, is_whole: bool) -> AttemptResult {
        (&Ok(Response { status, skipped: skipped.map(str::to_owned), body: Vec::new(), is_whole })).into()
    }

    /// Every row of `protocol.md`, "Replies": what it comes to for one event and for many, on the first attempt and on the
    /// last, and while the library is stopping.
    #[test]
    fn each_row_of_the_table_comes_to_what_it_says() {
        use SendOutcome::*;
        let retry = RetryAfter(Duration::from_millis(500));
        let (dropped, too_large) =
            (Dropped(DropReason::RejectedByServer), Dropped(DropReason::TooLargeForServer));
        let split = Split { max_events: 8 };
        let smaller = SmallerBatch { max_bytes: 500_000 };
        let no_response = |maybe_oversized| AttemptResult::NoResponse { maybe_oversized };
        // The columns: one event first, last, stopping; many events first, last, stopping.
        let settled = |outcome| [outcome; 6];
        let retried = [retry, ServerUnreachable, Interrupted, retry, ServerUnreachable, Interrupted];
        let retried_smaller = [retry, ServerUnreachable, Interrupted, retry, smaller, Interrupted];
        for (row, result, expected) in [
            ("2xx", response(200, None, true), settled(Delivered)),
            ("2xx, broken off", response(204, None, false), settled(Delivered)),
            ("2xx, skip code 429", response(200, Some("429"), true), settled(DeliveredThenPause)),
            ("2xx, 429, broken off", response(200, Some("429"), false), settled(DeliveredThenPause)),
            ("2xx, skip code 4004", response(200, Some("4004"), true), settled(SessionRejected)),
            ("2xx, skip code 4005", response(200, Some("4005"), true), settled(SessionRejected)),
            ("2xx, 4004, broken off", response(200, Some("4004"), false), retried_smaller),
            ("2xx, another skip code", response(200, Some("9999"), true), settled(Delivered)),
            ("407", response(407, None, true), retried),
            ("408", response(408, None, true), retried),
            ("429", response(429, None, true), retried),
            ("499", response(499, None, true), retried),
            ("503", response(503, None, true), retried),
            ("503, broken off", response(503, None, false), retried_smaller),
            ("no connection", no_response(false), retried),
            ("no response in time", no_response(true), retried_smaller),
            ("a redirect", response(302, None, true), retried),
            ("413", response(413, None, true), [too_large, too_large, too_large, split, split, split]),
            (
                "413, broken off",
                response(413, None, false),
                [retry, ServerUnreachable, Interrupted, split, split, split],
            ),
            ("any other 4xx", response(400, None, true), settled(dropped)),
            ("any other 4xx, broken off", response(404, None, false), retried_smaller),
        ] {
            let mut came_to = Vec::new();
            for batch in [ONE, MANY] {
                for (attempt, stopping) in [(FIRST, false), (LAST, false), (FIRST, true)] {
                    came_to.push(outcome(result, batch, attempt, stopping, 0.5));
                }
                let last = outcome(result, batch, LAST, true, 0.5);
                assert_eq!(last, outcome(result, batch, FIRST, true, 0.5), "{row}: stopping, any attempt");
            }
            assert_eq!(came_to, expected, "{row}");
        }
    }

    #[test]
    fn retries_wait_up_to_a_second_times_the_attempt() {
        let retryable = response(503, None, true);
        for (number, jitter, millis) in [(1, 0.0, 0), (1, 1.0, 1_000), (2, 1.0, 2_000), (4, 0.25, 1_000)] {
            let came_to = outcome(retryable, MANY, Attempt { number, max: 9 }, false, jitter);
            assert_eq!(came_to, SendOutcome::RetryAfter(Duration::from_millis(millis)), "{number} {jitter}");
        }
    }

    #[test]
    fn batches_shrink_by_half_down_to_the_minimum() {
        let oversized = AttemptResult::NoResponse { maybe_oversized: true };
        for (bytes, expected) in [
            (1_000_000, SendOutcome::SmallerBatch { max_bytes: 500_000 }),
            (100_000, SendOutcome::SmallerBatch { max_bytes: MIN_BATCH_BYTES }),
            (MIN_BATCH_BYTES + 1, SendOutcome::SmallerBatch { max_bytes: MIN_BATCH_BYTES }),
            (MIN_BATCH_BYTES, SendOutcome::ServerUnreachable),
        ] {
            let batch = BatchSize { bytes, ..SMALL };
            assert_eq!(outcome(oversized, batch, LAST, false, 0.0), expected, "{bytes}");
        }
    }

    #[test]
    fn what_is_settled_and_what_leaves_a_gap() {
        use SendOutcome::*;
        for (outcome, settled, gap) in [
            (Delivered, true, false),
            (DeliveredThenPause, true, true),
            (SessionRejected, true, false),
            (Dropped(DropReason::TooLargeForServer), true, true),
            (RetryAfter(Duration::ZERO), false, false),
            (Split { max_events: 1 }, false, false),
            (SmallerBatch { max_bytes: 1 }, false, false),
            (ServerUnreachable, false, false),
            (Interrupted, false, false),
        ] {
            assert_eq!((outcome.is_settled(), outcome.leaves_gap()), (settled, gap), "{outcome:?}");
        }
    }
}
