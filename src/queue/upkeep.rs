//! What is done with chunks while they wait: made smaller, made safe, completed.

use std::io;
use std::sync::Arc;

use super::Queue;
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
        while !stopping()
            && let Some(chunks) = self.compactable(MIN_COMPACT_BYTES, MAX_COMPACT_BYTES)
        {
            let compacted = Arc::new(storage.compact(&chunks)?);
            if self.replace(&chunks, &compacted) {
                chunks.iter().for_each(|sealed| sealed.remove());
            } else {
                compacted.remove();
                break;
            }
        }
        Ok(())
    }

    /// Stores events once more that came too late for their chunk: the call that recorded them said that they are kept.
    pub fn store_late_events(&self, storage: &Storage) {
        for sealed in self.stalled() {
            let Some(chunk) = sealed.chunk() else { continue };
            chunk.take_late(|event| match storage.store_again(chunk, event) {
                Ok(again) => {
                    self.push(again);
                    true
                }
                Err(_) => false,
            });
        }
        self.forget_complete();
    }
}
