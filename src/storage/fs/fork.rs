//! Forks of this process: what is opened or mapped while one goes on is opened anew.
//!
//! Between opening a file and registering it, or between mapping it and keeping the map from children, a child may get it, and
//! would hold its lock for good.

use std::io;

use crate::sync::atomic::{AtomicU64, Ordering, fence};

/// The forks of a process: those that began, and those that ended here.
#[derive(Default)]
struct Forks {
    begun: AtomicU64,
    ended: AtomicU64,
}

#[cfg(not(all(test, loom)))]
static FORKS: Forks = Forks { begun: AtomicU64::new(0), ended: AtomicU64::new(0) };
/// Loom's are made in no constant; and the model (`fork_loom.rs`) has its own.
#[cfg(all(test, loom))]
static FORKS: once_cell::sync::Lazy<Forks> = once_cell::sync::Lazy::new(Forks::default);

impl Forks {
    /// What the attempt made, and whether no child can have got a part of it: no fork began before it was whole, but those
    /// that ended before it began.
    fn attempt_between<T>(&self, attempt: impl FnOnce() -> T) -> (T, bool) {
        let ended = self.ended.load(Ordering::Acquire);
        let made = attempt();
        // With the fence of `begin`: either this thread sees that a fork began, or the child gets all of what was made, and
        // closes it. (A store, then a load of another word: only this keeps them in order, on any processor.)
        fence(Ordering::SeqCst);
        (made, self.begun.load(Ordering::Relaxed) == ended)
    }

    fn begin(&self) {
        self.begun.fetch_add(1, Ordering::Relaxed);
        fence(Ordering::SeqCst);
    }

    /// Release: who sees it opens what the child can't have.
    fn end(&self) {
        self.ended.fetch_add(1, Ordering::Release);
    }

    /// In the child, which has one thread.
    fn forget(&self) {
        self.ended.store(self.begun.load(Ordering::Relaxed), Ordering::Relaxed);
    }

    fn without_fork<T>(&self, attempt: impl Fn() -> io::Result<T>) -> io::Result<T> {
        /// A host that forks without pause gets one in the end.
        const MAX_ATTEMPTS: u32 = 100;
        let mut made = self.attempt_between(&attempt);
        for _ in 1..MAX_ATTEMPTS {
            match made {
                (made, true) | (made @ Err(_), false) => return made,
                (Ok(_), false) => {
                    std::thread::yield_now();
                    made = self.attempt_between(&attempt);
                }
            }
        }
        made.0
    }
}

/// Opens something, once more where another thread forked meanwhile.
pub(in super::super) fn without_fork<T>(attempt: impl Fn() -> io::Result<T>) -> io::Result<T> {
    FORKS.without_fork(attempt)
}

/// Before a fork, in the thread that forks.
pub(crate) fn fork_begins() {
    FORKS.begin();
}

/// After it, in the parent.
pub(crate) fn fork_ends() {
    FORKS.end();
}

/// After it, in the child: the fork that made this process ended in the parent.
pub(super) fn forget_forks() {
    FORKS.forget();
}

#[cfg(all(test, loom))]
#[path = "fork_loom.rs"]
mod loom_model;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_fork_may_have_got_is_opened_again() {
        let forks = Forks::default();
        let attempts = std::cell::Cell::new(0);
        let made = forks.without_fork(|| {
            attempts.set(attempts.get() + 1);
            if attempts.get() < 3 {
                forks.begin();
            }
            if attempts.get() == 2 {
                // Both have ended by the third attempt.
                forks.end();
                forks.end();
            }
            Ok(attempts.get())
        });
        assert_eq!(made.unwrap(), 3);
        let failed: io::Result<()> = forks.without_fork(|| Err(io::ErrorKind::NotFound.into()));
        assert_eq!(failed.unwrap_err().kind(), io::ErrorKind::NotFound);
    }
}
