//! Whether `sr-worker` comes by itself within some milliseconds, as it does while much is recorded: then nobody wakes it for a new
//! chunk, which would cost the thread that records a system call.

use crate::sync::atomic::{AtomicBool, Ordering, fence};

/// See the module.
#[derive(Default)]
pub(super) struct Watch(AtomicBool);

impl Watch {
    /// For `sr-worker`: it comes by itself from now on, or does not. `true`: it did until now, so it has to look once more before it
    /// sleeps, since nobody woke it meanwhile.
    pub fn set(&self, is_watched: bool) -> bool {
        let was_watched = self.0.swap(is_watched, Ordering::Relaxed);
        // With the fence of `needs_wake`: either who does something finds that it does not come, or it finds what was done.
        fence(Ordering::SeqCst);
        was_watched && !is_watched
    }

    /// For who did something that `sr-worker` is to find: whether it has to be woken for that.
    pub fn needs_wake(&self) -> bool {
        fence(Ordering::SeqCst);
        !self.0.load(Ordering::Relaxed)
    }
}
