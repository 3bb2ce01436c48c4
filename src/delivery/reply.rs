//! What the ingest's answer means for a batch: the table of `protocol.md`, "Replies".

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
}

/// What to do with the batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It arrived.
    Delivered,
    /// It arrived; the server wants a pause.
    DeliveredThenPause,
    /// The server takes nothing more of this session.
    SessionDead,
    /// Later, again.
    Retry,
    /// Again in two halves; a single event is given up.
    Split,
    /// The server will never take it.
    Rejected,
}

impl Reply {
    /// The row of the table that this answer stands in.
    pub fn verdict(&self) -> Verdict {
        match self.status {
            200..=299 => match self.skipped.as_deref().map(str::trim) {
                None => Verdict::Delivered,
                Some("429") => Verdict::DeliveredThenPause,
                Some("4004" | "4005") => Verdict::SessionDead,
                Some(_) => Verdict::Delivered,
            },
            // 407 is no word of the ingest's: a proxy wants a password.
            407 | 408 | 429 | 499 | 500..=599 => Verdict::Retry,
            413 if self.says_payload_exceeds() => Verdict::Split,
            400..=499 => Verdict::Rejected,
            // A redirect is the answer of a captive portal or a proxy, not of the ingest.
            _ => Verdict::Retry,
        }
    }

    /// `payload.*exceed`, in any case.
    fn says_payload_exceeds(&self) -> bool {
        let text = String::from_utf8_lossy(&self.body).to_ascii_lowercase();
        text.lines().any(|line| line.find("payload").is_some_and(|at| line[at..].contains("exceed")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(status: u16, skipped: Option<&str>, body: &str) -> Verdict {
        let reply = Reply { status, skipped: skipped.map(str::to_owned), body: body.into() };
        reply.verdict()
    }

    #[test]
    fn reads_like_the_table() {
        for (status, skipped, body, expected) in [
            (200, None, "", Verdict::Delivered),
            (204, None, "", Verdict::Delivered),
            (200, Some("429"), "", Verdict::DeliveredThenPause),
            (200, Some("4004"), "", Verdict::SessionDead),
            (200, Some("4005"), "", Verdict::SessionDead),
            (200, Some("9999"), "", Verdict::Delivered),
            (407, None, "", Verdict::Retry),
            (408, None, "", Verdict::Retry),
            (429, None, "", Verdict::Retry),
            (499, None, "", Verdict::Retry),
            (500, None, "", Verdict::Retry),
            (599, None, "", Verdict::Retry),
            (413, None, "Request PAYLOAD size Exceeds the limit", Verdict::Split),
            (413, None, "exceeds the payload", Verdict::Rejected),
            (413, None, "payload\nexceed", Verdict::Rejected),
            (413, None, "", Verdict::Rejected),
            (400, None, "", Verdict::Rejected),
            (404, Some("429"), "", Verdict::Rejected),
            (302, None, "", Verdict::Retry),
        ] {
            assert_eq!(verdict(status, skipped, body), expected, "{status} {skipped:?} {body}");
        }
    }
}
