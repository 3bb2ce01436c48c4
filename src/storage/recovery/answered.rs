//! Requests that were answered right before their process died: it had noted of some of their files that the events are delivered,
//! the last first, and not of all.

use std::collections::HashMap;

use super::RecordedOrder;
use crate::storage::sealed::SealedChunk;

/// Notes of the files whose request was answered that these events are delivered. How many that are.
pub(super) fn note_answered(found: &mut [(RecordedOrder, SealedChunk)]) -> u64 {
    // The last file of each request that says so: it speaks for those before it alone.
    let mut answered: HashMap<u64, u16> = HashMap::new();
    for (_, sealed) in &*found {
        let noted = sealed.noted_in_flight().filter(|noted| sealed.delivered() == u64::from(noted.to));
        if let Some(noted) = noted.filter(|noted| noted.is_sent()) {
            let last = answered.entry(noted.request).or_default();
            *last = noted.index.max(*last);
        }
    }
    let mut events = 0;
    for (_, sealed) in &*found {
        let is_answered = |index: u16, request: u64| answered.get(&request).is_some_and(|last| index < *last);
        let noted = sealed.in_flight().filter(|noted| is_answered(noted.index, noted.request));
        if let Some(noted) = noted.filter(|noted| noted.is_sent()) {
            // Of a damaged file fewer events may wait than were sent.
            let waited = sealed.waiting();
            sealed.note_delivered(noted.to.into());
            events += waited.saturating_sub(sealed.waiting());
        }
    }
    events
}

#[cfg(test)]
#[path = "answered_tests.rs"]
mod tests;
