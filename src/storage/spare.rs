//! The chunks that are kept ready for the next that need one, and who is making another.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use super::fresh_chunk::FreshChunk;
use super::underway::{InTheMiddle, Underway};
use crate::sync::Mutex;

/// The most that are kept, whoever puts them here.
const MAX_SPARES: usize = 4;

/// See the module.
#[derive(Default)]
pub(super) struct Spare {
    chunks: Mutex<Vec<FreshChunk>>,
    closed: AtomicBool,
    /// The making of a chunk.
    making: Underway,
    taken: AtomicU64,
    missed: AtomicU64,
}

/// How many chunks were wanted so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct SparesWanted {
    /// There was one.
    pub taken: u64,
    /// A thread that records had to make one.
    pub missed: u64,
}

impl Spare {
    /// A chunk, if there is one.
    pub fn take(&self) -> Option<FreshChunk> {
        let taken = self.chunks.lock().pop();
        if taken.is_some() {
            self.taken.fetch_add(1, Ordering::Relaxed);
        }
        taken
    }

    /// There was none for a thread that records.
    pub fn note_missed(&self) {
        self.missed.fetch_add(1, Ordering::Relaxed);
    }

    /// How many were wanted so far.
    pub fn wanted(&self) -> SparesWanted {
        SparesWanted {
            taken: self.taken.load(Ordering::Relaxed),
            missed: self.missed.load(Ordering::Relaxed),
        }
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.chunks.lock().len()
    }

    /// Keeps this one, unless there are enough.
    pub fn put(&self, fresh: FreshChunk) {
        let surplus = {
            let mut chunks = self.chunks.lock();
            // After the end nobody takes it any more, and its file would keep the run from being recovered.
            if chunks.len() >= MAX_SPARES || self.closed.load(Ordering::Acquire) {
                Some(fresh)
            } else {
                chunks.push(fresh);
                None
            }
        };
        if let Some(surplus) = surplus {
            surplus.remove();
        }
    }

    /// Removes all but so many.
    pub fn keep(&self, wanted: usize) {
        let surplus = {
            let mut chunks = self.chunks.lock();
            let kept = chunks.len().min(wanted);
            chunks.split_off(kept)
        };
        surplus.into_iter().for_each(FreshChunk::remove);
    }

    /// Whether none is kept any more.
    pub fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Acquire)
    }

    /// Removes all, and keeps none from now on.
    pub fn close(&self) {
        self.closed.store(true, Ordering::Release);
        self.keep(0);
    }

    /// Whether a thread is making a chunk, which takes a moment.
    pub fn is_making(&self) -> bool {
        self.making.is_any()
    }

    /// Nobody waits for those that are making one now.
    pub fn give_up_waiting(&self) {
        self.making.give_up();
    }

    /// This thread makes one, as long as what this gives lives.
    pub fn making(&self) -> InTheMiddle<'_> {
        self.making.begin()
    }
}
