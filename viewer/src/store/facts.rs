//! What is worth knowing about a batch of events without reading it again.

/// Counts and bounds over the events of one sequence.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct SequenceFacts {
    pub(crate) events: u64,
    /// Smallest and largest timestamp, in milliseconds since the epoch.
    pub(crate) first_timestamp: f64,
    pub(crate) last_timestamp: f64,
    /// Bit `n` is set when there is an event of rrweb's type `n`.
    pub(crate) kinds: u32,
    /// Events that rrweb's player would throw on.
    pub(crate) unplayable: u64,
    /// Why, as bits (`ingest::Unplayable`).
    pub(crate) unplayable_kinds: u32,
}

/// rrweb's event type of a full snapshot.
pub(crate) const FULL_SNAPSHOT: u32 = 2;
/// rrweb's event type of a meta event, which tells the size of the page.
pub(crate) const META: u32 = 4;

impl SequenceFacts {
    pub(crate) fn add_unplayable(&mut self, bit: u32) {
        self.unplayable += 1;
        self.unplayable_kinds |= bit;
    }

    pub(crate) fn add(&mut self, kind: f64, timestamp: f64) {
        if self.events == 0 {
            self.first_timestamp = timestamp;
            self.last_timestamp = timestamp;
        }
        self.events += 1;
        self.first_timestamp = self.first_timestamp.min(timestamp);
        self.last_timestamp = self.last_timestamp.max(timestamp);
        self.kinds |= (0..32).find(|bit| f64::from(*bit) == kind).map_or(0, |bit| 1 << bit);
    }
}
