//! The lock of a run's directory, and what becomes of it in a child made by `fork`.
//!
//! A child inherits the lock with the file descriptor and would hold it after its parent died, so that nobody could
//! take over what the parent recorded. So the descriptors are known to whoever minds the fork, and closed there.

use std::fs::{File, TryLockError};
use std::io;
use std::sync::atomic::{AtomicI32, Ordering};

/// One run holds one lock, and a few more for a moment while it takes over dead ones.
const MOST: usize = 64;
const NONE: i32 = -1;

static HELD: [AtomicI32; MOST] = [const { AtomicI32::new(NONE) }; MOST];

/// A lock, held as long as this lives.
pub(super) struct Lock(File);

impl Lock {
    /// Locks a file. [`io::ErrorKind::WouldBlock`] where somebody else holds it.
    pub fn hold(file: File) -> io::Result<Self> {
        let number = descriptor(&file);
        let free = |slot: &&AtomicI32| {
            slot.compare_exchange(NONE, number, Ordering::Relaxed, Ordering::Relaxed).is_ok()
        };
        // Known before it is locked: another thread may fork at any time.
        let _ = HELD.iter().find(free);
        let lock = Self(file);
        lock.0.try_lock().map_err(|error| match error {
            TryLockError::Error(error) => error,
            TryLockError::WouldBlock => io::ErrorKind::WouldBlock.into(),
        })?;
        Ok(lock)
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // So that it is not held by a child that is forked once it is not known here any more, and not closed yet.
        let _ = self.0.unlock();
        let number = descriptor(&self.0);
        for slot in &HELD {
            let _ = slot.compare_exchange(number, NONE, Ordering::Relaxed, Ordering::Relaxed);
        }
    }
}

/// Hands the descriptor of every lock that is held to `close`, for the child of a fork: allocates nothing, waits for
/// nobody. The locks stay the parent's.
pub(crate) fn leave_locks_behind(close: impl Fn(i32)) {
    for slot in &HELD {
        let number = slot.swap(NONE, Ordering::Relaxed);
        if number != NONE {
            close(number);
        }
    }
}

#[cfg(unix)]
fn descriptor(file: &File) -> i32 {
    std::os::fd::AsRawFd::as_raw_fd(file)
}

#[cfg(not(unix))]
fn descriptor(_: &File) -> i32 {
    NONE
}
