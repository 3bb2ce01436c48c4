//! Making room: the oldest sessions go where the storage limit asks for it, the current one never.

use std::time::Duration;

use super::Sessions;
use crate::error::Error;
use crate::options::LogLevel;
use crate::storage::FreshChunk;

impl Sessions {
    /// A chunk with room for an event of this length; gives up the oldest sessions where the limit asks for it,
    /// but never the current one.
    pub(super) fn fresh_chunk(&self, event: usize) -> Result<FreshChunk, Error> {
        /// Longer than anybody takes to make a chunk, unless its thread died in the middle.
        const PATIENCE: u32 = 10_000;
        let (mut has_finalized, mut waited) = (false, 0);
        loop {
            match self.storage.fresh(event) {
                // What another thread is making now may be for all.
                Err(Error::BufferFull { .. }) if self.storage.is_making() && waited < PATIENCE => {
                    waited += 1;
                    std::thread::yield_now();
                    match self.storage.ready_chunk() {
                        Some(ready) if ready.holds(event) => return Ok(ready),
                        Some(ready) => self.storage.put_spare(ready),
                        None => {}
                    }
                }
                Err(Error::BufferFull { .. }) if !has_finalized => {
                    self.free_finalizable();
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
            self.free_finalizable();
        }
        if self.storage.is_full_for(0) {
            let _ = self.evict_oldest_session();
        }
        self.storage.prepare_spare()
    }

    /// Before a session is given up: a chunk that was closed a moment ago counts whole until it is cut to what is in it.
    fn free_finalizable(&self) {
        self.queue.finalize(Duration::MAX);
        self.remove_evicted();
    }

    fn evict_oldest_session(&self) -> Option<()> {
        let id = {
            // Under the lock no other session becomes the current one meanwhile.
            let state = self.state.lock();
            self.queue.evict_session(state.replay_id().as_ref())?
        };
        self.log.write(LogLevel::Warn, || {
            format!("storage limit reached: session {id} is given up for newer ones")
        });
        self.remove_evicted();
        Some(())
    }

    /// Removes what was given up, as far as nobody is using it.
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
