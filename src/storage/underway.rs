//! Whether threads are in the middle of something that takes a moment, so that another may wait for it.

use std::sync::atomic::{AtomicUsize, Ordering};

/// How many threads are.
#[derive(Default)]
pub(super) struct Underway(AtomicUsize);

/// This thread is, as long as this lives.
pub(crate) struct InTheMiddle<'a>(&'a AtomicUsize);

impl Underway {
    /// This thread begins, and ends when what this gives is dropped.
    pub fn begin(&self) -> InTheMiddle<'_> {
        self.0.fetch_add(1, Ordering::Release);
        InTheMiddle(&self.0)
    }

    /// Whether any thread is.
    pub fn is_any(&self) -> bool {
        self.0.load(Ordering::Acquire) > 0
    }
}

impl Drop for InTheMiddle<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Release);
    }
}
