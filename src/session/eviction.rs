//! Making room for a chunk: where the storage limit asks for it, the oldest sessions are evicted, the current one never.

use std::time::Duration;

use super::Sessions;
use crate::error::Error;
use crate::options::LogLevel;
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
                Err(Error::BufferFull { .. }) if !has_finalized => {
                    self.finalize_sealed();
                    has_finalized = true;
                }
                Err(full @ Error::BufferFull { .. }) => self.evict_oldest_session().ok_or(full)?,
                result => return result,
            }
        }
    }

    /// Makes the next chunk ready, ahead of need.
    pub fn prepare(&self) -> Result<(), Error> {
        if self.storage.is_full_for(0) {
            self.finalize_sealed();
        }
        if self.storage.is_full_for(0) {
            let _ = self.evict_oldest_session();
        }
        self.storage.prepare_spare()
    }

    /// Cuts sealed chunks to what is in them: until then they count whole, and a session might be evicted for room that
    /// nobody needs.
    fn finalize_sealed(&self) {
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

    /// Removes the chunks of evicted sessions, as far as nobody is using them.
    pub fn remove_evicted(&self) {
        let evicted = {
            let _state = self.state.lock();
            let evicted = self.queue.take_evicted();
            let events = evicted.iter().map(|sealed| sealed.waiting()).sum();
            self.stats.dropped_storage_limit.add(events);
            evicted
        };
        evicted.iter().for_each(|sealed| sealed.remove());
    }
}
