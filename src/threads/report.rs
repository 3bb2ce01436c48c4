//! What an attempt to send a batch is in the statistics, and what is said of it: each in one place.

use super::context::Context;
use crate::delivery::policy::{DropReason, SendOutcome, THROTTLE_PAUSE};
use crate::delivery::{Body, Response, SendError};
use crate::model::envelope::{Envelope, EventKind};
use crate::options::LogLevel;
use crate::redact::redact_json;
use crate::stats::{Counter, Stats};

/// Tells of the outcome of an attempt, in the statistics and in the log.
pub(super) fn report(
    context: &Context,
    outcome: SendOutcome,
    result: &Result<Response, SendError>,
    body: &Body,
    envelope: &Envelope,
) {
    count(&context.stats, outcome, body, envelope.kind);
    for (level, line) in describe(outcome, result, body.events as u64, envelope.session_id.as_str()) {
        match level {
            LogLevel::Info => context.log.write(level, || line),
            _ => context.report_failure(level, line),
        }
    }
    context.log.deliver();
}

/// Tells of events that were dropped without an attempt to send them.
pub(super) fn report_dropped(context: &Context, reason: DropReason, events: u64, session: &str) {
    dropped(&context.stats, reason).add(events);
    if events > 0 {
        context.log.write(LogLevel::Info, || {
            format!("dropped {} of session {session}: {}", self::events(events), reason.as_str())
        });
        context.log.deliver();
    }
}

/// What an outcome adds to the statistics.
fn count(stats: &Stats, outcome: SendOutcome, body: &Body, kind: EventKind) {
    let events = body.events as u64;
    match outcome {
        SendOutcome::Delivered | SendOutcome::DeliveredThenPause => {
            stats.delivered.add(events);
            if kind == EventKind::Interaction {
                stats.interactions_delivered.add(events);
            }
            stats.batches_sent.add(1);
            stats.wire_bytes.add(body.bytes.len() as u64);
            stats.plain_bytes.add(body.plain_bytes as u64);
            if outcome == SendOutcome::DeliveredThenPause {
                stats.throttled.add(events);
            }
        }
        SendOutcome::SessionRejected => dropped(stats, DropReason::SessionRejected).add(events),
        SendOutcome::Dropped(reason) => dropped(stats, reason).add(events),
        SendOutcome::RetryAfter(_)
        | SendOutcome::Split { .. }
        | SendOutcome::SmallerBatch { .. }
        | SendOutcome::ServerUnreachable
        | SendOutcome::Interrupted => {}
    }
}

/// Where the events that are dropped for this reason are counted.
fn dropped(stats: &Stats, reason: DropReason) -> &Counter {
    match reason {
        DropReason::SessionRejected => &stats.dropped_session_rejected,
        DropReason::NotCaptured => &stats.dropped_not_captured,
        DropReason::HeldAndCaptureDisabled => &stats.dropped_not_triggered,
        DropReason::SessionTooShort => &stats.dropped_too_short,
        DropReason::RejectedByServer => &stats.dropped_rejected,
        DropReason::TooLargeForServer => &stats.dropped_too_large,
    }
}

/// What is said of an outcome. Warnings become `lastError` of `sr_stats`, too.
fn describe(
    outcome: SendOutcome,
    result: &Result<Response, SendError>,
    event_count: u64,
    session: &str,
) -> Vec<(LogLevel, String)> {
    let events = events(event_count);
    let delivered = (LogLevel::Info, format!("delivered {events} of session {session}"));
    let warning = |line: String| vec![(LogLevel::Warn, line)];
    match outcome {
        SendOutcome::Delivered => vec![delivered],
        SendOutcome::DeliveredThenPause => {
            let pause = THROTTLE_PAUSE.as_secs();
            let line = format!(
                "the server is overloaded: it threw {events} away, and nothing is sent for {pause} s"
            );
            vec![(LogLevel::Warn, line)]
        }
        SendOutcome::SessionRejected => {
            warning(format!("the server rejected session {session}: nothing more of it is sent"))
        }
        SendOutcome::Dropped(DropReason::TooLargeForServer) => {
            warning(format!("dropped {events} of session {session}: too large for the server"))
        }
        SendOutcome::Dropped(_) => {
            let (status, body) = result.as_ref().map_or((0, &[][..]), |it| (it.status, &it.body[..]));
            warning(format!("the server rejected {events} with status {status}: {}", excerpt(body)))
        }
        SendOutcome::Split { .. } => Vec::new(),
        SendOutcome::RetryAfter(_)
        | SendOutcome::SmallerBatch { .. }
        | SendOutcome::ServerUnreachable
        | SendOutcome::Interrupted => match result {
            Ok(response) if response.is_whole => {
                warning(format!("the server responded with {}", response.status))
            }
            Ok(response) => {
                warning(format!("the server responded with {}, and the response broke off", response.status))
            }
            // Cut off by the end, which is no failure.
            Err(_) if outcome == SendOutcome::Interrupted => Vec::new(),
            Err(error) => warning(format!("no response from the server: {error}")),
        },
    }
}

/// `1 event`, `2 events`.
fn events(count: u64) -> String {
    format!("{count} event{}", if count == 1 { "" } else { "s" })
}

/// The beginning of a text that may be anything, on one line and without passwords.
fn excerpt(bytes: &[u8]) -> String {
    const MAX_CHARS: usize = 120;
    /// Looked through for passwords: a URL that is cut short might show half of one.
    const MAX_REDACTED_BYTES: usize = 8_192;
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(MAX_REDACTED_BYTES)]);
    let one_line = |c: char| if c.is_control() { ' ' } else { c };
    redact_json(&text).chars().take(MAX_CHARS).map(one_line).collect()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::delivery::{BodyWriter, Gzip};
    use crate::model::event::WireEvent;

    fn response(status: u16, is_whole: bool) -> Result<Response, SendError> {
        Ok(Response { status, skipped: None, body: b"<h1>no\n".to_vec(), is_whole })
    }

    #[test]
    fn each_outcome_is_told_in_its_sentence() {
        use LogLevel::{Info, Warn};
        use SendOutcome::*;
        let retry = RetryAfter(Duration::ZERO);
        let no_response = || Err(SendError::unreachable("refused".to_owned()));
        let delivered = (Info, "delivered 2 events of session 7");
        for (outcome, result, lines) in [
            (Delivered, response(200, true), vec![delivered]),
            (
                DeliveredThenPause,
                response(200, true),
                vec![(
                    Warn,
                    "the server is overloaded: it threw 2 events away, and nothing is sent for 60 s",
                )],
            ),
            (
                SessionRejected,
                response(200, true),
                vec![(Warn, "the server rejected session 7: nothing more of it is sent")],
            ),
            (
                Dropped(DropReason::TooLargeForServer),
                response(413, true),
                vec![(Warn, "dropped 2 events of session 7: too large for the server")],
            ),
            (
                Dropped(DropReason::RejectedByServer),
                response(400, true),
                vec![(Warn, "the server rejected 2 events with status 400: <h1>no ")],
            ),
            (Split { max_events: 1 }, response(413, true), vec![]),
            (retry, response(503, true), vec![(Warn, "the server responded with 503")]),
            (
                retry,
                response(503, false),
                vec![(Warn, "the server responded with 503, and the response broke off")],
            ),
            (retry, no_response(), vec![(Warn, "no response from the server: refused")]),
            (
                SmallerBatch { max_bytes: 1 },
                no_response(),
                vec![(Warn, "no response from the server: refused")],
            ),
            (ServerUnreachable, no_response(), vec![(Warn, "no response from the server: refused")]),
            (ServerUnreachable, response(500, true), vec![(Warn, "the server responded with 500")]),
            (Interrupted, response(503, true), vec![(Warn, "the server responded with 503")]),
            (Interrupted, no_response(), vec![]),
        ] {
            let told = describe(outcome, &result, 2, "7");
            let told: Vec<_> = told.iter().map(|(level, line)| (*level, line.as_str())).collect();
            assert_eq!(told, lines, "{outcome:?}");
        }
        assert_eq!(events(1), "1 event");
    }

    #[test]
    fn each_outcome_is_counted_in_its_place() {
        use SendOutcome::*;
        let mut writer = BodyWriter::new(0, 0, &mut Gzip::default()).unwrap();
        for json in [r#"{"type":0,"timestamp":1}"#, r#"{"type":1,"timestamp":2}"#] {
            writer.push(&[WireEvent::parse(json.as_bytes()).unwrap()]).unwrap();
        }
        let body = writer.finish(&mut Gzip::default()).unwrap();
        // The columns: batches sent, events delivered, throttled, rejected, too large, of a rejected session.
        for (outcome, expected) in [
            (Delivered, [1, 2, 0, 0, 0, 0]),
            (DeliveredThenPause, [1, 2, 2, 0, 0, 0]),
            (Dropped(DropReason::RejectedByServer), [0, 0, 0, 2, 0, 0]),
            (Dropped(DropReason::TooLargeForServer), [0, 0, 0, 0, 2, 0]),
            (SessionRejected, [0, 0, 0, 0, 0, 2]),
            (RetryAfter(Duration::ZERO), [0; 6]),
            (Split { max_events: 1 }, [0; 6]),
            (SmallerBatch { max_bytes: 1 }, [0; 6]),
            (ServerUnreachable, [0; 6]),
            (Interrupted, [0; 6]),
        ] {
            let stats = Stats::default();
            let kind = EventKind::Replay;
            count(&stats, outcome, &body, kind);
            let counted = [
                stats.batches_sent.get(),
                stats.delivered.get(),
                stats.throttled.get(),
                stats.dropped_rejected.get(),
                stats.dropped_too_large.get(),
                stats.dropped_session_rejected.get(),
            ];
            assert_eq!(counted, expected, "{outcome:?}");
            let bytes = if counted[0] > 0 { body.plain_bytes as u64 } else { 0 };
            assert_eq!((stats.plain_bytes.get(), stats.wire_bytes.get()), (bytes, bytes), "{outcome:?}");
        }
    }

    #[test]
    fn excerpts_are_short_and_without_passwords() {
        let long = format!("{{\"href\":\"http://u:secret@h/\"}}\n{}", "é".repeat(500));
        let told = excerpt(long.as_bytes());
        assert!(told.starts_with("{\"href\":\"http://***@h/\"} é"), "{told}");
        assert_eq!(told.chars().count(), 120);
    }
}
