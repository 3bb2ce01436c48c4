//! What a response of the ingest server means for a batch: the table of `protocol.md`, "Replies".
//!
//! Only a response that was read whole drops events or rejects a session. One that broke off may not be the server's
//! last word, or not the server's at all.

/// The header in which the ingest server says that it skipped events, and why.
pub(crate) const SKIPPED: &str = "x-session-replay-event-skipped";

/// What is kept of a response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Response {
    /// The status code.
    pub status: u16,
    /// The header [`SKIPPED`].
    pub skipped: Option<String>,
    /// The beginning of the body.
    pub body: Vec<u8>,
    /// The body did not break off.
    pub is_whole: bool,
}

/// The row of the table that a response stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ResponseClass {
    /// The server has the batch.
    Delivered,
    /// The server took the batch, threw it away, and wants a pause.
    Throttled,
    /// The server takes no more of this session.
    SessionRejected,
    /// Nothing is known of the batch: it may be sent again.
    Retryable,
    /// The batch is too large.
    TooLarge,
    /// The batch is too large, as far as the response came: a single event is not dropped for it.
    MaybeTooLarge,
    /// The server will never take the batch.
    Rejected,
}

impl Response {
    /// The row of the table that this response stands in.
    pub fn class(&self) -> ResponseClass {
        let if_whole = |class, otherwise| if self.is_whole { class } else { otherwise };
        match self.status {
            200..=299 => match self.skipped.as_deref().map(str::trim) {
                Some("429") => ResponseClass::Throttled,
                Some("4004" | "4005") => if_whole(ResponseClass::SessionRejected, ResponseClass::Retryable),
                None | Some(_) => ResponseClass::Delivered,
            },
            // 407 comes from a proxy that wants a password, not from the ingest server.
            407 | 408 | 429 | 499 | 500..=599 => ResponseClass::Retryable,
            // Whatever the page says: a proxy's page knows nothing of payloads.
            413 => if_whole(ResponseClass::TooLarge, ResponseClass::MaybeTooLarge),
            400..=499 => if_whole(ResponseClass::Rejected, ResponseClass::Retryable),
            // A redirect comes from a captive portal or a proxy, not from the ingest server.
            _ => ResponseClass::Retryable,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn class(status: u16, skipped: Option<&str>, body: &str, is_whole: bool) -> ResponseClass {
        Response { status, skipped: skipped.map(str::to_owned), body: body.into(), is_whole }.class()
    }

    #[test]
    fn whole_responses_are_classified_as_in_the_table() {
        for (status, skipped, body, expected) in [
            (200, None, "", ResponseClass::Delivered),
            (204, None, "", ResponseClass::Delivered),
            (200, Some("429"), "", ResponseClass::Throttled),
            (200, Some("4004"), "", ResponseClass::SessionRejected),
            (200, Some("4005"), "", ResponseClass::SessionRejected),
            (200, Some("9999"), "", ResponseClass::Delivered),
            (407, None, "", ResponseClass::Retryable),
            (408, None, "", ResponseClass::Retryable),
            (429, None, "", ResponseClass::Retryable),
            (499, None, "", ResponseClass::Retryable),
            (500, None, "", ResponseClass::Retryable),
            (599, None, "", ResponseClass::Retryable),
            (413, None, "Request PAYLOAD size Exceeds the limit", ResponseClass::TooLarge),
            (413, None, "<html><h1>413 Request Entity Too Large</h1>", ResponseClass::TooLarge),
            (413, None, "\u{1f}\u{8b}gzipped", ResponseClass::TooLarge),
            (413, None, "", ResponseClass::TooLarge),
            (400, None, "", ResponseClass::Rejected),
            (404, Some("429"), "", ResponseClass::Rejected),
            (302, None, "", ResponseClass::Retryable),
        ] {
            assert_eq!(class(status, skipped, body, true), expected, "{status} {skipped:?} {body}");
        }
    }

    #[test]
    fn broken_off_responses_drop_nothing() {
        for status in 100..=599 {
            for skipped in [None, Some("429"), Some("4004"), Some("4005"), Some("1")] {
                let class = class(status, skipped, "{\"error\":\"Payl", false);
                let expected = match (status, skipped) {
                    (200..=299, Some("4004" | "4005")) => ResponseClass::Retryable,
                    (200..=299, Some("429")) => ResponseClass::Throttled,
                    (200..=299, _) => ResponseClass::Delivered,
                    (413, _) => ResponseClass::MaybeTooLarge,
                    _ => ResponseClass::Retryable,
                };
                assert_eq!(class, expected, "{status} {skipped:?}");
            }
        }
    }
}
