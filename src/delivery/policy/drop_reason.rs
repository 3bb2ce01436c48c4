//! Why accepted events are not delivered.

/// Why accepted events are not delivered. `sr_stats` counts them by these reasons, under `dropped`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DropReason {
    /// The server takes no more of the session.
    SessionRejected,
    /// The remote configuration came after the events, and does not capture their session.
    NotCaptured,
    /// It was held when its process died, and the remote configuration in force now turns capture off.
    HeldAndCaptureDisabled,
    /// The session ended before it had lasted `min_session_duration_ms`.
    SessionTooShort,
    /// The server will never take the batch.
    RejectedByServer,
    /// The event is too large for the server by itself.
    TooLargeForServer,
}

impl DropReason {
    /// The reason, for a log line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SessionRejected => "the server rejected the session",
            Self::NotCaptured => "the remote configuration does not capture the session",
            Self::HeldAndCaptureDisabled => "it was held, and capture is off in the remote configuration now",
            Self::SessionTooShort => "the session was too short",
            Self::RejectedByServer => "the server rejected them",
            Self::TooLargeForServer => "too large for the server",
        }
    }
}
