//! Requests that were answered right before their process died: it had noted of some of their files that the events are delivered,
//! the last first, and not of all.

use std::collections::HashSet;

use super::RecordedOrder;
use crate::model::in_flight::InFlight;
use crate::storage::sealed::SealedChunk;

/// Notes of the files whose request was answered that these events are delivered. How many that are.
pub(super) fn note_answered(found: &mut [(RecordedOrder, SealedChunk)]) -> u64 {
    let is_answered = |sealed: &SealedChunk, part: &InFlight| sealed.delivered() == u64::from(part.to);
    let noted = |sealed: &SealedChunk| sealed.noted_in_flight().filter(|part| is_answered(sealed, part));
    let answered: HashSet<u64> = found.iter().filter_map(|(_, sealed)| Some(noted(sealed)?.batch)).collect();
    let mut events = 0;
    // The last first, as the process would have gone on: who is killed here leaves the same to who comes next.
    for (_, sealed) in found.iter().rev() {
        if let Some(part) = sealed.in_flight().filter(|part| answered.contains(&part.batch)) {
            events += u64::from(part.to - part.from);
            sealed.note_delivered(part.to.into());
        }
    }
    events
}

#[cfg(test)]
#[path = "answered_tests.rs"]
mod tests;
