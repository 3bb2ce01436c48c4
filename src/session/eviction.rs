//! Making room for a chunk: where the storage limit asks for it, the oldest sessions are evicted, the current one never.

use std::time::Duration;

use super::Sessions;
use crate::error::Error;
use crate::options::LogLevel;
use crate::queue::QueuedChunk;
use crate::storage::FreshChunk;

impl Sessions {
    /// A chunk with room for an event of this length. Evicts the oldest sessions where the limit asks for it.
    pub(super) fn fresh_chunk(&self, event: usize) -> Result<FreshChunk, Error> {
        /// Longer than anybody takes to make a chunk, unless its thread died in the middle.
        const MAX_WAITS: u32 = 10_000;
        let (mut has_finalized, mut waited) = (false, 0);
        loop {
            match self.storage.fresh(event) {
                // What another thread is making now may be for all.
                Err(Error::BufferFull { .. }) if self.storage.is_making() && waited < MAX_WAITS => {
                    waited += 1;
                    std::thread::yield_now();
                    match self.storage.take_spare() {
                        Some(ready) if ready.holds(event) => return Ok(ready),
                        Some(ready) => self.storage.put_spare(ready),
                        None => {}
                    }
                }
                Err(full @ Error::BufferFull { .. }) => self.make_room(full, &mut has_finalized)?,
                result => return result,
            }
        }
    }

    /// A chunk for interactions, in the same way.
    pub(super) fn fresh_chunk_for_interactions(&self) -> Result<FreshChunk, Error> {
        let mut has_finalized = false;
        loop {
            match self.storage.fresh_for_interactions() {
                Err(full @ Error::BufferFull { .. }) => self.make_room(full, &mut has_finalized)?,
                result => return result,
            }
        }
    }

    /// The next step to more room, or the error where there is none.
    fn make_room(&self, full: Error, has_finalized: &mut bool) -> Result<(), Error> {
        match std::mem::replace(has_finalized, true) {
            false => self.finalize_sealed(),
            true if self.discard_oldest_segment() => self.remove_discarded(),
            true if self.evict_oldest_session().is_some() => {}
            true if self.discard_held() => self.remove_discarded(),
            true => return Err(full),
        }
        Ok(())
    }

    /// Makes the next chunks ready, ahead of need: so many, where there is room.
    pub fn prepare(&self, wanted: usize) -> Result<(), Error> {
        if self.storage.is_full_for(0) {
            // What is only kept ready goes before anything that was accepted.
            self.storage.keep_spares_few();
            self.finalize_sealed();
        }
        if self.storage.is_full_for(0) && !self.storage.has_spare() {
            match self.discard_oldest_segment() {
                true => self.remove_discarded(),
                false => _ = self.evict_oldest_session(),
            }
        }
        self.storage.prepare_spares(wanted)
    }

    /// Cuts sealed chunks to what is in them: until then they count whole, and a session might be evicted for room that
    /// nobody needs, or a part of what is held discarded.
    fn finalize_sealed(&self) {
        self.trim_held();
        self.queue.finalize(Duration::MAX);
        self.remove_evicted();
    }

    /// `None`: there is none but the current one.
    fn evict_oldest_session(&self) -> Option<()> {
        let id = {
            // Under the lock no other session becomes the current one meanwhile.
            let state = self.state.lock();
            self.queue.evict_session(state.replay_id().as_ref())?
        };
        self.log.write(LogLevel::Warn, || format!("storage limit reached: evicted session {id}, the oldest"));
        self.remove_evicted();
        Some(())
    }

    /// Removes the chunks of evicted sessions, and those that were deleted, as far as nobody is using them.
    pub fn remove_evicted(&self) {
        let (evicted, deleted) = {
            let _state = self.state.lock();
            let taken = self.queue.take_evicted();
            self.stats.dropped_storage_limit.add(waiting(&taken.0));
            self.stats.dropped_deleted.add(waiting(&taken.1));
            taken
        };
        evicted.iter().chain(&deleted).for_each(|sealed| sealed.remove());
    }
}

fn waiting(chunks: &[QueuedChunk]) -> u64 {
    chunks.iter().map(|sealed| sealed.waiting()).sum()
}
