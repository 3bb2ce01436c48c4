//! What is done with chunks while they wait: compacted, synced, completed by late events.

use std::io;
use std::sync::Arc;

use super::{Queue, QueuedChunk};
use crate::storage::Storage;

/// Fewer bytes of events are not worth compacting yet.
const MIN_COMPACT_BYTES: usize = 256 * 1_024;
/// More are compacted into several files.
const MAX_COMPACT_BYTES: usize = 4_000_000;

impl Queue {
    /// Makes what waits take less room, where that is worth it, and survive a power cut: for when no server takes it.
    /// Leaves off where `stopping` says so.
    pub fn compact_and_sync(&self, storage: &Storage, stopping: impl Fn() -> bool) -> io::Result<()> {
        let compacted = self.compact(storage, &stopping);
        self.all().iter().take_while(|_| !stopping()).for_each(|sealed| sealed.sync());
        compacted
    }

    fn compact(&self, storage: &Storage, stopping: impl Fn() -> bool) -> io::Result<()> {
        while !stopping() {
            // Before it is chosen what to write anew: what is deleted from here on is deleted after that is in its place.
            let _upkeep = self.pause_upkeep();
            let Some(chunks) = self.compactable() else { break };
            let compacted = Arc::new(storage.compact(chunks.iter().map(|sealed| &**sealed))?);
            if self.state.lock().order.replace(&chunks, &compacted) {
                chunks.iter().for_each(|sealed| sealed.remove());
            } else {
                compacted.remove();
                break;
            }
        }
        Ok(())
    }

    fn compactable(&self) -> Option<Vec<QueuedChunk>> {
        self.state.lock().order.compactable(MIN_COMPACT_BYTES, MAX_COMPACT_BYTES)
    }

    /// Stores late events once more, and forgets the chunks to which no more can come.
    pub fn store_late_events(&self, storage: &Storage) {
        // Nearly always: then a compaction, which takes a while, is not waited for.
        if self.state.lock().order.salvaged().is_empty() {
            return;
        }
        let _upkeep = self.pause_upkeep();
        let mut complete = self.state.lock().order.salvaged();
        // Outside of the lock, as is the end of what is forgotten: both take longer.
        complete.retain(|sealed| {
            sealed.chunk().is_none_or(|chunk| {
                chunk.take_late_events(|event| match storage.store_late_event(chunk, event) {
                    Ok(again) => {
                        self.push(again);
                        true
                    }
                    Err(_) => false,
                })
            })
        });
        if !complete.is_empty() {
            self.state.lock().order.forget_salvaged(&complete);
        }
    }
}
