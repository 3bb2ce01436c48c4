//! Appends that began and did not end: their threads died in the middle, or are late.
//!
//! The words for it, here and in the queue:
//! - an append is *unfinished* from its reservation until it has stored its record's head;
//! - a chunk is *complete* when none of its appends is unfinished;
//! - a sealed chunk that does not become complete in time is *salvaged*: what others stored around the gaps is found by its
//!   checks, and nobody waits for the rest any longer;
//! - a *late event* is one whose append ended after that. The call that recorded it said that it is kept, so it is stored once
//!   more, in a chunk of its own;
//! - a sealed chunk is *finalized* once it is complete or salvaged: cut to what is in it and counted. Then it may be sent.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::layout::HEADER_BYTES;
use super::map::Map;
use super::records::Records;

/// What was salvaged of a chunk, if it was, and how far late events were taken out of it.
pub(super) struct Salvage {
    records: OnceLock<Records>,
    /// Up to here late events were taken.
    late_from: AtomicUsize,
}

impl Salvage {
    /// Nothing yet.
    pub fn new() -> Self {
        Self { records: OnceLock::new(), late_from: AtomicUsize::new(HEADER_BYTES) }
    }

    /// The records, once the chunk was salvaged.
    pub fn records(&self) -> Option<&Records> {
        self.records.get()
    }

    /// These are its records from now on.
    pub fn set(&self, records: Records) {
        let _ = self.records.set(records);
    }

    /// The records up to the first append that is unfinished, for a chunk of which no more can be read.
    pub fn set_what_is_before_the_gap(&self, map: &Map) {
        let mut records = map.records();
        let found = Records::of(records.by_ref());
        self.late_from.store(records.offset(), Ordering::Relaxed);
        self.set(found);
    }

    /// Whether no append is unfinished.
    pub fn is_complete(&self, map: &Map) -> bool {
        // Late events up to there were taken out: their heads are gone.
        let mut records = map.records_from(self.late_from.load(Ordering::Relaxed));
        records.by_ref().for_each(drop);
        records.is_complete()
    }

    /// Hands late events to `keep`, each once. It says which were kept: the first that was not is handed over again the next
    /// time. What was kept is a gap here: the next run, which may find this file too, is not to find it twice.
    ///
    /// Whether no more can come: this same walk met no unfinished append. (One that is found complete a moment after may
    /// hold an event which this walk did not see.)
    #[must_use]
    pub fn take_late_events(&self, map: &Map, mut keep: impl FnMut(&[u8]) -> bool) -> bool {
        let Some(salvaged) = self.records.get() else { return false };
        let mut records = map.records_from(self.late_from.load(Ordering::Relaxed));
        loop {
            let offset = records.offset();
            let Some(event) = records.next() else { return records.is_complete() };
            if !salvaged.has_record_at(offset) {
                if !keep(event) {
                    return false;
                }
                map.erase(offset);
            }
            self.late_from.store(records.offset(), Ordering::Relaxed);
        }
    }
}
