//! Why a request got no response.

use ureq::Timeout;

/// Why a request got no response.
#[derive(Debug, thiserror::Error)]
#[error("{reason}")]
pub(crate) struct SendError {
    reason: String,
    /// A server or a proxy was reached, so that a smaller request might have got through: over a slow network, or past
    /// a proxy that closes the connection instead of answering 413.
    pub maybe_oversized: bool,
}

impl SendError {
    /// A failure before a server was reached.
    pub fn unreachable(reason: String) -> Self {
        Self { reason, maybe_oversized: false }
    }

    /// A failure that the size of the request may have caused.
    pub fn maybe_oversized(reason: String) -> Self {
        Self { reason, maybe_oversized: true }
    }
}

impl From<ureq::Error> for SendError {
    fn from(error: ureq::Error) -> Self {
        use std::io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof};
        let maybe_oversized = match &error {
            ureq::Error::Timeout(timeout) => !matches!(timeout, Timeout::Resolve | Timeout::Connect),
            ureq::Error::Io(error) => {
                [BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof].contains(&error.kind())
            }
            _ => false,
        };
        Self { reason: error.to_string(), maybe_oversized }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::ErrorKind;

    #[test]
    fn only_a_failure_after_the_connection_was_made_may_be_oversized() {
        for (error, expected) in [
            (ureq::Error::Timeout(Timeout::Resolve), false),
            (ureq::Error::Timeout(Timeout::Connect), false),
            (ureq::Error::Timeout(Timeout::SendBody), true),
            (ureq::Error::Timeout(Timeout::RecvResponse), true),
            (ureq::Error::Timeout(Timeout::Global), true),
            (ureq::Error::Io(ErrorKind::ConnectionRefused.into()), false),
            (ureq::Error::Io(ErrorKind::ConnectionReset.into()), true),
            (ureq::Error::Io(ErrorKind::BrokenPipe.into()), true),
            (ureq::Error::Io(ErrorKind::UnexpectedEof.into()), true),
            (ureq::Error::HostNotFound, false),
        ] {
            let said = error.to_string();
            assert_eq!(SendError::from(error).maybe_oversized, expected, "{said}");
        }
    }
}
