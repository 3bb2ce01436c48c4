//! What a call returns.

use crate::error::Error;
use crate::session::Outcome;

/// What a call returns: 0 is success; a positive value is informational, the call succeeded; a negative value is an
/// error, and sr_last_error() says in a sentence what is wrong and what to do.
///
/// A released value keeps its meaning. New values may be added.
#[allow(non_camel_case_types)]
#[allow(clippy::upper_case_acronyms)]
#[repr(i32)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum sr_status {
    /// Done.
    SR_OK = 0,
    /// Done, and the replay can't be drawn without a full snapshot (rrweb event type 2): this session has none yet, or the
    /// one it had was lost on its way to the server. Have the recorder take one (with rrweb: record.takeFullSnapshot()).
    /// If SR_NOT_STORED is true as well, this value is returned, since you must act on it. The sr_record of the full
    /// snapshot then returns SR_NOT_STORED; see also "notStored" and "storage" in sr_stats().
    SR_NEEDS_FULL_SNAPSHOT = 1,
    /// Nothing was recorded: the session is not captured. That is no error, so sr_last_error() is ""; "state" in sr_stats() says
    /// why (it is not in the sample, the user opted out, capture is off, the device id or session id is missing, the server
    /// rejected the session, …), and "advice" what to do. Also for what your own filter drops ("filtered" there counts it).
    SR_NOT_CAPTURED = 2,
    /// Done, but storageDir can't be used ("storage" in sr_stats() says why): the event is kept in memory only, and is lost
    /// if the process ends before it is delivered. The directory is tried again after every 512 KiB of events. "notStored"
    /// in sr_stats() counts such events.
    SR_NOT_STORED = 3,
    /// sr_init was not called, or sr_shutdown or sr_shutdown_begin was called since.
    SR_ERROR_NOT_INITIALIZED = -1,
    /// An argument is NULL, malformed or out of bounds, or the call is not allowed now, on this thread or in this build.
    SR_ERROR_INVALID_ARGUMENT = -2,
    /// The event is not an rrweb event, or not one that a player can play.
    SR_ERROR_INVALID_JSON = -3,
    /// The event is larger than the option maxSingleEventSizeBytes; the interaction is larger than 32,000 bytes.
    SR_ERROR_EVENT_TOO_LARGE = -4,
    /// The undelivered events of the current session have reached the option storageLimitBytes. Recording resumes as soon
    /// as there is room.
    SR_ERROR_BUFFER_FULL = -5,
    /// There is no memory for events, or storageDir can't be used and the limit of events in memory is reached; or a choice can't
    /// be remembered (sr_set_opt_out), or not everything deleted (sr_delete_stored), there.
    SR_ERROR_STORAGE = -6,
    /// This process was forked from one that had called sr_init: call sr_init here too.
    SR_ERROR_FORKED = -7,
    /// Not done within the timeout; from sr_flush_poll: not done yet; from sr_respond: too late. Only sr_shutdown loses
    /// events then: those that storageDir does not hold.
    SR_ERROR_TIMEOUT = -8,
    /// A fault of this library. The host is not harmed.
    SR_ERROR_INTERNAL = -9,
    /// The system refuses a resource: no thread can be started. sr_last_error() says which limit to raise; then call sr_init
    /// again.
    SR_ERROR_RESOURCES = -10,
}

impl From<Outcome> for sr_status {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Done => Self::SR_OK,
            Outcome::NeedsFullSnapshot => Self::SR_NEEDS_FULL_SNAPSHOT,
            Outcome::NotStored => Self::SR_NOT_STORED,
            Outcome::NotCaptured | Outcome::Dropped => Self::SR_NOT_CAPTURED,
        }
    }
}

impl From<()> for sr_status {
    fn from((): ()) -> Self {
        Self::SR_OK
    }
}

impl From<&Error> for sr_status {
    fn from(error: &Error) -> Self {
        match error {
            Error::InvalidArgument(_) => Self::SR_ERROR_INVALID_ARGUMENT,
            Error::InvalidJson(_) => Self::SR_ERROR_INVALID_JSON,
            Error::EventTooLarge { .. } | Error::InteractionTooLarge { .. } => Self::SR_ERROR_EVENT_TOO_LARGE,
            Error::BufferFull { .. } => Self::SR_ERROR_BUFFER_FULL,
            Error::Storage(_) => Self::SR_ERROR_STORAGE,
            Error::Timeout { .. } | Error::NoSuchRequest(_) => Self::SR_ERROR_TIMEOUT,
            Error::ShutDown | Error::ShuttingDown | Error::UnknownFlush => Self::SR_ERROR_NOT_INITIALIZED,
            Error::Forked => Self::SR_ERROR_FORKED,
            Error::Resources(_) => Self::SR_ERROR_RESOURCES,
            Error::Internal(_) => Self::SR_ERROR_INTERNAL,
        }
    }
}
