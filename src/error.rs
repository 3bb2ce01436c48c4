//! What can go wrong in a call, and the sentence that says what to do about it.

use crate::options::OptionsError;

/// Why a call was refused. Nothing that was accepted before is affected by any of them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// An argument is missing, malformed or out of bounds.
    #[error("{0}")]
    InvalidArgument(String),
    /// The event is not an rrweb event, or not one that a player can play.
    #[error("{0}")]
    InvalidJson(String),
    /// The event is larger than `maxSingleEventSizeBytes`.
    #[error(
        "the event has {bytes} bytes, the limit is {limit} (option maxSingleEventSizeBytes): record less in one event, for example by blocking large elements"
    )]
    EventTooLarge {
        /// Size of the event.
        bytes: usize,
        /// The limit in force.
        limit: usize,
    },
    /// The interaction is larger than any that makes sense.
    #[error("the interaction has {bytes} bytes, the limit is {limit}: shorten its selector and its pageUrl")]
    InteractionTooLarge {
        /// Size of the interaction.
        bytes: usize,
        /// The limit.
        limit: usize,
    },
    /// The storage limit is reached and nothing older can make room.
    #[error(
        "storage limit reached: {used} of {limit} bytes are taken and no older session can be evicted (option storageLimitBytes); \"lastError\" in sr_stats says why nothing is delivered"
    )]
    BufferFull {
        /// Bytes that wait.
        used: u64,
        /// The limit in force.
        limit: u64,
    },
    /// The storage directory can't be used, or there is no memory.
    #[error("{0}")]
    Storage(String),
    /// The time given was not enough.
    #[error("{} within {timeout_ms} ms: {what_next}", what_was_not_delivered(*waiting))]
    Timeout {
        /// The time given.
        timeout_ms: u32,
        /// Events that still wait.
        waiting: u64,
        /// What becomes of them.
        what_next: &'static str,
    },
    /// The host passed a response to a request that is not in progress.
    #[error("request {0} is not in progress: it timed out, was answered before, or never existed")]
    NoSuchRequest(u64),
    /// Recording has ended, or not begun.
    #[error("session replay is not running: call sr_init first")]
    ShutDown,
    /// Recording has ended, and delivery goes on: see `sr_shutdown_begin`.
    #[error("session replay is shutting down: call sr_shutdown, then sr_init")]
    ShuttingDown,
    /// A flush of a recorder that was shut down.
    #[error("this flush belongs to a recording that was shut down: nothing more is known of it")]
    UnknownFlush,
    /// This process was forked from the one that started recording.
    #[error("this process was forked from the one that called sr_init: call sr_init here too")]
    Forked,
    /// The system has none left of what it takes: threads.
    #[error("{0}")]
    Resources(String),
    /// A fault of this library; nothing the host did.
    #[error("{0}")]
    Internal(String),
}

/// Where nobody knows how many there are, no number is given.
fn what_was_not_delivered(waiting: u64) -> String {
    match waiting {
        0 => "not everything was delivered".to_owned(),
        1 => "1 event was not delivered".to_owned(),
        more => format!("{more} events were not delivered"),
    }
}

/// What a panic said.
pub(crate) fn panic_message(panic: &(dyn std::any::Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or(panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("no message")
}

impl From<OptionsError> for Error {
    fn from(error: OptionsError) -> Self {
        Self::InvalidArgument(error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_out_counts_only_what_is_known() {
        let said =
            |waiting| Error::Timeout { timeout_ms: 5, waiting, what_next: "they are kept" }.to_string();
        assert_eq!(said(0), "not everything was delivered within 5 ms: they are kept");
        assert_eq!(said(1), "1 event was not delivered within 5 ms: they are kept");
        assert_eq!(said(2), "2 events were not delivered within 5 ms: they are kept");
    }
}
