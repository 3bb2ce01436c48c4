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
    /// Nothing of it left this machine, for certain: no server has it.
    pub is_unsent: bool,
}

impl SendError {
    /// A failure before a server was reached.
    pub fn unreachable(reason: String) -> Self {
        Self { reason, maybe_oversized: false, is_unsent: true }
    }

    /// A failure that the size of the request may have caused.
    pub fn maybe_oversized(reason: String) -> Self {
        Self { reason, maybe_oversized: true, is_unsent: false }
    }

    /// Why a request of ours failed, through `proxy` or directly.
    pub fn of_request(error: &ureq::Error, proxy: Option<&str>) -> Self {
        use std::io::ErrorKind::{
            BrokenPipe, ConnectionAborted, ConnectionRefused, ConnectionReset, UnexpectedEof,
        };
        let maybe_oversized = match error {
            ureq::Error::Timeout(timeout) => !matches!(timeout, Timeout::Resolve | Timeout::Connect),
            ureq::Error::Io(error) => {
                [BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof].contains(&error.kind())
            }
            _ => false,
        };
        // Anything else, such as an interruption, may have come while a server answered.
        let is_unsent = match error {
            ureq::Error::HostNotFound | ureq::Error::Timeout(Timeout::Resolve | Timeout::Connect) => true,
            ureq::Error::Io(error) => error.kind() == ConnectionRefused,
            _ => false,
        };
        let reason = match (proxy, error) {
            (None, error) => error.to_string(),
            (Some(proxy), ureq::Error::ConnectProxyFailed(answer)) if answer.contains("407") => format!(
                "{proxy} asks for a user and a password: give it as http://user:password@host:port, or make the requests \
                 yourself (sr_set_transport)"
            ),
            (Some(proxy), error) => format!("{error}, through {proxy}"),
        };
        Self { reason, maybe_oversized, is_unsent }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::ErrorKind;

    #[test]
    fn only_a_failure_after_the_connection_was_made_may_be_oversized_and_only_one_before_it_is_unsent() {
        for (error, maybe_oversized, is_unsent) in [
            (ureq::Error::Timeout(Timeout::Resolve), false, true),
            (ureq::Error::Timeout(Timeout::Connect), false, true),
            (ureq::Error::Timeout(Timeout::SendBody), true, false),
            (ureq::Error::Timeout(Timeout::RecvResponse), true, false),
            (ureq::Error::Timeout(Timeout::Global), true, false),
            (ureq::Error::Io(ErrorKind::ConnectionRefused.into()), false, true),
            (ureq::Error::Io(ErrorKind::ConnectionReset.into()), true, false),
            (ureq::Error::Io(ErrorKind::BrokenPipe.into()), true, false),
            (ureq::Error::Io(ErrorKind::UnexpectedEof.into()), true, false),
            (ureq::Error::Io(ErrorKind::Interrupted.into()), false, false),
            (ureq::Error::HostNotFound, false, true),
        ] {
            let failed = SendError::of_request(&error, None);
            assert_eq!((failed.maybe_oversized, failed.is_unsent), (maybe_oversized, is_unsent), "{error}");
            assert_eq!(failed.to_string(), error.to_string());
        }
    }

    #[test]
    fn an_error_names_the_proxy() {
        let answered =
            |status| ureq::Error::ConnectProxyFailed(format!("proxy server responded {status}/{status}"));
        for (error, expected) in [
            (ureq::Error::HostNotFound, "host not found, through the proxy corp:1 of us"),
            (answered(403), "403, through the proxy corp:1 of us"),
            (answered(407), "the proxy corp:1 of us asks for a user and a password: give it as http://user:"),
        ] {
            let said = SendError::of_request(&error, Some("the proxy corp:1 of us")).to_string();
            assert!(said.contains(expected), "{said}");
        }
    }
}
