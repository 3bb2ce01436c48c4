//! The chunk that is kept ready for the next that needs one, and who is making another.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use super::fresh_chunk::FreshChunk;
use crate::sync::Mutex;

/// See the module.
#[derive(Default)]
pub(super) struct Spare {
    chunk: Mutex<Option<FreshChunk>>,
    closed: AtomicBool,
    /// How many threads are making a chunk now.
    making: AtomicUsize,
}

impl Spare {
    /// The chunk, if there is one.
    pub fn take(&self) -> Option<FreshChunk> {
        self.chunk.lock().take()
    }

    /// Whether there is one.
    pub fn is_there(&self) -> bool {
        self.chunk.lock().is_some()
    }

    /// Keeps this one, unless there is one already.
    pub fn put(&self, fresh: FreshChunk) {
        let surplus = {
            let mut chunk = self.chunk.lock();
            // After the end nobody takes it any more, and its file would keep the run from being recovered.
            let is_unwanted = chunk.is_some() || self.closed.load(Ordering::Acquire);
            if is_unwanted { Some(fresh) } else { chunk.replace(fresh) }
        };
        if let Some(surplus) = surplus {
            surplus.remove();
        }
    }

    /// Removes it, and keeps none from now on.
    pub fn close(&self) {
        self.closed.store(true, Ordering::Release);
        if let Some(chunk) = self.take() {
            chunk.remove();
        }
    }

    /// Whether a thread is making a chunk, which takes a moment.
    pub fn is_making(&self) -> bool {
        self.making.load(Ordering::Acquire) > 0
    }

    /// This thread makes one, as long as what this gives lives.
    pub fn making(&self) -> Making<'_> {
        self.making.fetch_add(1, Ordering::Release);
        Making(&self.making)
    }
}

/// See [`Spare::making`].
pub(super) struct Making<'a>(&'a AtomicUsize);

impl Drop for Making<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Release);
    }
}
