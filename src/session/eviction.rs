//! Making room for a chunk: where the storage limit asks for it, the oldest sessions are evicted, the current one never.

use std::time::{Duration, Instant};

use super::Sessions;
use crate::error::Error;
use crate::options::LogLevel;
use crate::queue::QueuedChunk;
use crate::storage::FreshChunk;

impl Sessions {
    /// A chunk with room for an event of this length. Evicts the oldest sessions where the limit asks for it.
    pub(super) fn fresh_chunk(&self, event: usize) -> Result<FreshChunk, Error> {
        self.with_room(|| self.storage.fresh(event))
    }

    /// A chunk for interactions, in the same way.
    pub(super) fn fresh_chunk_for_interactions(&self) -> Result<FreshChunk, Error> {
        self.with_room(|| self.storage.fresh_for_interactions())
    }

    /// What `fresh` gives once there is room for it, or the error where none can be made.
    fn with_room(&self, fresh: impl Fn() -> Result<FreshChunk, Error>) -> Result<FreshChunk, Error> {
        let (mut has_finalized, mut waiting) = (false, None);
        loop {
            let version = self.storage.room_version();
            let full = match fresh() {
                Err(full @ Error::BufferFull { .. }) => full,
                result => return result,
            };
            // What another thread discarded, and has not come to remove.
            if self.remove_discarded() {
                continue;
            }
            // What another thread is making now may be for all, and nothing more is evicted for room that it makes.
            if self.has_more_room_since(version) {
                let waiting = waiting.get_or_insert_with(Waiting::begin);
                if self.wait_for_room_since(version, waiting) {
                    continue;
                }
                self.storage.give_up_waiting();
            }
            self.make_room(full, &mut has_finalized)?;
        }
    }

    /// Whether another thread made a chunk or room for one since this version of the room, or is about to. Asked in this order: what
    /// was made before nobody was making any more is seen.
    fn has_more_room_since(&self, version: u64) -> bool {
        self.is_room_on_its_way() || self.storage.room_version() != version
    }

    fn is_room_on_its_way(&self) -> bool {
        self.storage.is_making() || self.storage.is_making_room()
    }

    /// Waits for what others are about to have done. Whether to look for room once more: not in each turn, for whoever looks takes
    /// what is ready and too small out of the way, and counts as a thread for which there was none. `false`: waited in vain.
    fn wait_for_room_since(&self, version: u64, waiting: &mut Waiting) -> bool {
        while waiting.goes_on() {
            #[cfg(test)]
            self.turns_waited.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            std::thread::yield_now();
            if self.storage.room_version() != version || !self.is_room_on_its_way() {
                return true;
            }
        }
        false
    }

    /// The next step to more room, or the error where there is none.
    fn make_room(&self, full: Error, has_finalized: &mut bool) -> Result<(), Error> {
        let has_more = match std::mem::replace(has_finalized, true) {
            false => {
                self.finalize_sealed();
                true
            }
            true => {
                self.discard_oldest_segment() || self.evict_oldest_session().is_some() || self.discard_held()
            }
        };
        if has_more { Ok(()) } else { Err(full) }
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
                true => _ = self.remove_discarded(),
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
        let _making_room = self.storage.making_room();
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
        let _making_room = self.storage.making_room();
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

/// A thread that waits for what another is about to have done, which may have died in the middle.
struct Waiting {
    since: Instant,
    turns: u32,
}

impl Waiting {
    /// Longer than anybody takes to make a chunk or to remove some.
    const MAX: Duration = Duration::from_millis(100);
    /// On a busy machine that alone may pass before the other has its turn: up to so many turns of its own, in so much time.
    const MIN_TURNS: u32 = 100;
    const MAX_OF_THOSE: Duration = Duration::from_millis(500);

    fn begin() -> Self {
        Self { since: Instant::now(), turns: 0 }
    }

    /// Whether to wait for another turn.
    fn goes_on(&mut self) -> bool {
        self.turns += 1;
        self.since.elapsed() < if self.turns <= Self::MIN_TURNS { Self::MAX_OF_THOSE } else { Self::MAX }
    }
}

fn waiting(chunks: &[QueuedChunk]) -> u64 {
    chunks.iter().map(|sealed| sealed.waiting()).sum()
}
