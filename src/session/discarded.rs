//! What goes without a trigger: it is noted in its chunks at once, the first of a segment first, and removed from the disk by
//! `sr-worker`.

use super::Sessions;
use super::held_segments::HeldChunk;
use crate::storage::{Counts, SealedChunk};
use crate::sync::Mutex;

/// What was held and is not to be sent.
#[derive(Default)]
pub(super) struct Discarded(Mutex<DiscardedChunks>);

#[derive(Default)]
struct DiscardedChunks {
    /// Still on the disk, or in memory.
    waiting: Vec<(SealedChunk, Why)>,
    /// How much is gone.
    removed: Counts,
}

/// Why something is not to be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Why {
    NotTriggered,
    /// The host deleted it.
    Deleted,
}

impl Discarded {
    /// How much still takes room, and how much is gone: of one moment.
    pub fn counts(&self) -> (Counts, Counts) {
        let chunks = self.0.lock();
        (sum(chunks.waiting.iter().map(|(sealed, _)| sealed)), chunks.removed)
    }

    fn is_empty(&self) -> bool {
        self.0.lock().waiting.is_empty()
    }

    /// Takes out what is to be removed, which counts as gone from now on.
    pub fn take(&self) -> Vec<(SealedChunk, Why)> {
        let mut chunks = self.0.lock();
        let taken = std::mem::take(&mut chunks.waiting);
        chunks.removed += sum(taken.iter().map(|(sealed, _)| sealed));
        taken
    }
}

impl Sessions {
    /// From now on none of these is sent by anybody, however this process ends. Under the lock of the state, as what takes them
    /// out: who counts meanwhile misses none.
    pub(super) fn discard(&self, chunks: impl IntoIterator<Item = HeldChunk>) {
        self.discard_as(Why::NotTriggered, chunks);
    }

    /// The same, for this reason.
    pub(super) fn discard_as(&self, why: Why, chunks: impl IntoIterator<Item = HeldChunk>) {
        let chunks: Vec<_> = chunks.into_iter().map(|held| (held.sealed, why)).collect();
        // They are in maps of this run, so this costs no system call.
        chunks.iter().for_each(|(sealed, _)| _ = sealed.condemn());
        if !chunks.is_empty() {
            self.discarded.0.lock().waiting.extend(chunks);
            self.wake_worker();
        }
    }

    /// Removes what was discarded. `false`: there was nothing.
    pub fn remove_discarded(&self) -> bool {
        // Most often, and then nobody shall wait for this thread.
        if self.discarded.is_empty() {
            return false;
        }
        // Before it is taken out: who needs the room finds it here, or that it is on its way.
        let _making_room = self.storage.making_room();
        let taken = self.discarded.take();
        let has_some = !taken.is_empty();
        for (sealed, why) in taken {
            match why {
                Why::NotTriggered => self.stats.dropped_not_triggered.add(sealed.counts().events),
                Why::Deleted => self.stats.dropped_deleted.add(sealed.counts().events),
            }
            sealed.remove();
        }
        has_some
    }
}

/// How much is in these.
pub(super) fn sum<'a>(chunks: impl Iterator<Item = &'a SealedChunk>) -> Counts {
    let mut counts = Counts::default();
    chunks.for_each(|sealed| counts += sealed.counts());
    counts
}
