//! What is worth knowing about a batch of events without reading it again: counts and bounds.

use serde::{Deserialize, Serialize};

use super::clocks::Clocks;
use super::unplayable::Unplayable;

/// Counts and bounds over the events of one batch.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct BatchStats {
    pub(crate) events: u64,
    /// Smallest and largest timestamp, in milliseconds since the epoch; strays count.
    pub(crate) first_timestamp: f64,
    pub(crate) last_timestamp: f64,
    /// Which of the timestamps belong together.
    pub(crate) clocks: Clocks,
    /// Bit `n` is set when there is an event of rrweb's type `n`.
    pub(crate) event_types: u32,
    /// Events that rrweb's player would throw on.
    pub(crate) unplayable: u64,
    /// Why, as bits (`Unplayable::bit`).
    pub(crate) unplayable_reasons: u32,
    /// Entries of `adds` with children inside their node, which players drop.
    pub(crate) nested: u64,
    /// Errors in the console, or that nobody handled.
    pub(crate) errors: u64,
}

/// rrweb's event type of a full snapshot.
const FULL_SNAPSHOT: u32 = 2;
/// rrweb's event type of a meta event, which tells the size of the page.
const META: u32 = 4;

impl BatchStats {
    /// Adds an event of rrweb's type `event_type` at `timestamp`.
    pub(crate) fn add(&mut self, event_type: f64, timestamp: f64) {
        if self.events == 0 {
            self.first_timestamp = timestamp;
            self.last_timestamp = timestamp;
        }
        self.events += 1;
        self.first_timestamp = self.first_timestamp.min(timestamp);
        self.last_timestamp = self.last_timestamp.max(timestamp);
        self.clocks.add(timestamp, timestamp, 1);
        self.event_types |= (0..32).find(|bit| f64::from(*bit) == event_type).map_or(0, |bit| 1 << bit);
    }

    /// Notes that the player would throw on one of the events.
    pub(crate) fn add_unplayable(&mut self, reason: Unplayable) {
        self.unplayable += 1;
        self.unplayable_reasons |= reason.bit();
    }

    /// Adds those of another batch of the same session. Whatever numbers they claim, they add up without a panic.
    pub(crate) fn merge(&mut self, other: &Self) {
        self.events = self.events.saturating_add(other.events);
        self.first_timestamp = self.first_timestamp.min(other.first_timestamp);
        self.last_timestamp = self.last_timestamp.max(other.last_timestamp);
        self.clocks.merge(&other.clocks);
        self.event_types |= other.event_types;
        self.unplayable = self.unplayable.saturating_add(other.unplayable);
        self.unplayable_reasons |= other.unplayable_reasons;
        self.nested = self.nested.saturating_add(other.nested);
        self.errors = self.errors.saturating_add(other.errors);
    }

    pub(crate) fn has_full_snapshot(&self) -> bool {
        self.event_types & (1 << FULL_SNAPSHOT) != 0
    }

    pub(crate) fn has_meta(&self) -> bool {
        self.event_types & (1 << META) != 0
    }
}
