//! The custom event that tells why a session that was held is captured.

use std::time::Duration;

use serde_json::json;

/// Its tag.
pub(crate) const TAG: &str = "session-replay-trigger";
/// The reason where the process died.
const DIED: &str = "process-died";
/// The reason where a page reported an unhandled error.
pub(crate) const UNHANDLED_ERROR: &str = "unhandled-error";

/// What the event says of a trigger in a process that lives: why, and how much was held.
pub(crate) fn payload(reason: &str, held: Duration) -> String {
    let held_ms = u64::try_from(held.as_millis()).unwrap_or(u64::MAX);
    json!({ "reason": reason, "heldMs": held_ms }).to_string()
}

/// The event that tells that the process died; `crash`: the code that its host gave, and when, in milliseconds since 1970.
pub(crate) fn death_event(timestamp: u64, crash: Option<(i32, u64)>) -> String {
    let payload = match crash {
        Some((code, at_ms)) => json!({ "reason": DIED, "crash": { "code": code, "atMs": at_ms } }),
        None => json!({ "reason": DIED, "crash": null }),
    };
    json!({ "type": 5, "timestamp": timestamp, "data": { "tag": TAG, "payload": payload } }).to_string()
}

/// Whether this is what [`death_event`] makes.
pub(crate) fn tells_of_death(event: &[u8]) -> bool {
    let has = |part: &str| memchr::memmem::find(event, part.as_bytes()).is_some();
    has(TAG) && has(DIED)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::event::WireEvent;

    #[test]
    fn the_event_that_tells_of_a_death_is_known_again() {
        for crash in [None, Some((-11, 1_732_300_000_000))] {
            let event = death_event(7, crash);
            assert!(WireEvent::parse(event.as_bytes()).is_ok(), "{event}");
            assert!(tells_of_death(event.as_bytes()), "{event}");
        }
        assert!(!tells_of_death(
            br#"{"type":5,"data":{"tag":"session-replay-trigger","payload":{"reason":"x"}}}"#
        ));
    }
}
