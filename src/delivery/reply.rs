//! What the ingest's answer means for a batch: the table of `protocol.md`, "Replies".
//!
//! Events are dropped, and a session is given up, only for an answer that was read whole: one that breaks off may not be
//! the server's last word, or not the server's at all.

/// The header in which the ingest says that it threw events away, and why.
pub(crate) const SKIPPED: &str = "x-session-replay-event-skipped";

/// An answer, as far as it matters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reply {
    /// The status code.
    pub status: u16,
    /// The header `X-Session-Replay-Event-Skipped`.
    pub skipped: Option<String>,
    /// The beginning of the body.
    pub body: Vec<u8>,
    /// The body did not break off.
    pub is_whole: bool,
}

/// What to do with the batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It arrived.
    Delivered,
    /// It arrived; the server wants a pause.
    DeliveredThenPause,
    /// The server takes nothing more of this session.
    SessionRejected,
    /// Later, again.
    Retry,
    /// Again in two halves; a single event is given up.
    Split,
    /// Again in two halves; a single event later, again.
    SplitOrRetry,
    /// The server will never take it.
    Rejected,
}

impl Reply {
    /// The row of the table that this answer stands in.
    pub fn verdict(&self) -> Verdict {
        let whole = |verdict, otherwise| if self.is_whole { verdict } else { otherwise };
        match self.status {
            200..=299 => match self.skipped.as_deref().map(str::trim) {
                None => Verdict::Delivered,
                Some("429") => Verdict::DeliveredThenPause,
                Some("4004" | "4005") => whole(Verdict::SessionRejected, Verdict::Retry),
                Some(_) => Verdict::Delivered,
            },
            // 407 is no word of the ingest's: a proxy wants a password.
            407 | 408 | 429 | 499 | 500..=599 => Verdict::Retry,
            // Whatever its page says: a proxy's knows nothing of payloads.
            413 => whole(Verdict::Split, Verdict::SplitOrRetry),
            400..=499 => whole(Verdict::Rejected, Verdict::Retry),
            // A redirect is the answer of a captive portal or a proxy, not of the ingest.
            _ => Verdict::Retry,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(status: u16, skipped: Option<&str>, body: &str, is_whole: bool) -> Verdict {
        Reply { status, skipped: skipped.map(str::to_owned), body: body.into(), is_whole }.verdict()
    }

    #[test]
    fn reads_like_the_table() {
        for (status, skipped, body, expected) in [
            (200, None, "", Verdict::Delivered),
            (204, None, "", Verdict::Delivered),
            (200, Some("429"), "", Verdict::DeliveredThenPause),
            (200, Some("4004"), "", Verdict::SessionRejected),
            (200, Some("4005"), "", Verdict::SessionRejected),
            (200, Some("9999"), "", Verdict::Delivered),
            (407, None, "", Verdict::Retry),
            (408, None, "", Verdict::Retry),
            (429, None, "", Verdict::Retry),
            (499, None, "", Verdict::Retry),
            (500, None, "", Verdict::Retry),
            (599, None, "", Verdict::Retry),
            (413, None, "Request PAYLOAD size Exceeds the limit", Verdict::Split),
            (413, None, "<html><h1>413 Request Entity Too Large</h1>", Verdict::Split),
            (413, None, "\u{1f}\u{8b}gzipped", Verdict::Split),
            (413, None, "", Verdict::Split),
            (400, None, "", Verdict::Rejected),
            (404, Some("429"), "", Verdict::Rejected),
            (302, None, "", Verdict::Retry),
        ] {
            assert_eq!(verdict(status, skipped, body, true), expected, "{status} {skipped:?} {body}");
        }
    }

    #[test]
    fn nothing_is_dropped_for_an_answer_that_breaks_off() {
        for status in 100..=599 {
            for skipped in [None, Some("429"), Some("4004"), Some("4005"), Some("1")] {
                let verdict = verdict(status, skipped, "{\"error\":\"Payl", false);
                let expected = match (status, skipped) {
                    (200..=299, Some("4004" | "4005")) => Verdict::Retry,
                    (200..=299, Some("429")) => Verdict::DeliveredThenPause,
                    (200..=299, _) => Verdict::Delivered,
                    (413, _) => Verdict::SplitOrRetry,
                    _ => Verdict::Retry,
                };
                assert_eq!(verdict, expected, "{status} {skipped:?}");
            }
        }
    }
}
