//! Whether threads are in the middle of something that takes a moment, so that another may wait for it.

use std::sync::atomic::{AtomicUsize, Ordering};

/// How many threads are.
#[derive(Default)]
pub(super) struct Underway {
    threads: AtomicUsize,
    /// So many of them were waited for in vain: they died in the middle, or take very long.
    given_up: AtomicUsize,
}

/// This thread is, as long as this lives.
pub(crate) struct InTheMiddle<'a>(&'a Underway);

impl Underway {
    /// This thread begins, and ends when what this gives is dropped.
    pub fn begin(&self) -> InTheMiddle<'_> {
        self.threads.fetch_add(1, Ordering::Release);
        InTheMiddle(self)
    }

    /// Whether any thread is that may be waited for.
    pub fn is_any(&self) -> bool {
        self.threads.load(Ordering::Acquire) > self.given_up.load(Ordering::Relaxed)
    }

    /// Nobody waits for those that are any more.
    pub fn give_up(&self) {
        self.given_up.store(self.threads.load(Ordering::Acquire), Ordering::Relaxed);
    }
}

impl Drop for InTheMiddle<'_> {
    fn drop(&mut self) {
        let others = self.0.threads.fetch_sub(1, Ordering::Release).saturating_sub(1);
        // Who was given up may have come to its end after all.
        self.0.given_up.fetch_min(others, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_was_waited_for_in_vain_is_not_waited_for_again_but_those_after_it() {
        let underway = Underway::default();
        let dead = underway.begin();
        assert!(underway.is_any());
        underway.give_up();
        assert!(!underway.is_any());
        let next = underway.begin();
        assert!(underway.is_any());
        drop(next);
        assert!(!underway.is_any());
        drop(dead);
        let next = underway.begin();
        assert!(underway.is_any(), "it was not dead");
        drop(next);
        assert!(!underway.is_any());
    }
}
