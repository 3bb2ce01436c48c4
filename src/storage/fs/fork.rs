//! Forks of this process: what is opened or mapped while one goes on is opened anew.
//!
//! Between opening a file and registering it, or between mapping it and keeping the map from children, a child may get it, and
//! would hold its lock for good.

use std::io;
use std::sync::atomic::{AtomicU64, Ordering};

/// Forks that began in this process, and those that ended here.
static FORKS_BEGUN: AtomicU64 = AtomicU64::new(0);
static FORKS_ENDED: AtomicU64 = AtomicU64::new(0);

/// Opens something, once more where another thread forked meanwhile.
pub(in super::super) fn without_fork<T>(attempt: impl Fn() -> io::Result<T>) -> io::Result<T> {
    /// A host that forks without pause gets one in the end.
    const MAX_ATTEMPTS: u32 = 100;
    let mut made = attempt_between_forks(&attempt);
    for _ in 1..MAX_ATTEMPTS {
        match made {
            (made, true) | (made @ Err(_), false) => return made,
            (Ok(_), false) => {
                std::thread::yield_now();
                made = attempt_between_forks(&attempt);
            }
        }
    }
    made.0
}

/// What the attempt made, and whether no child can have got a part of it.
fn attempt_between_forks<T>(attempt: impl Fn() -> io::Result<T>) -> (io::Result<T>, bool) {
    let ended = FORKS_ENDED.load(Ordering::SeqCst);
    let made = attempt();
    let is_alone = FORKS_BEGUN.load(Ordering::SeqCst) == ended;
    (made, is_alone)
}

/// Before a fork, in the thread that forks.
pub(crate) fn fork_begins() {
    FORKS_BEGUN.fetch_add(1, Ordering::SeqCst);
}

/// After it, in the parent.
pub(crate) fn fork_ends() {
    FORKS_ENDED.fetch_add(1, Ordering::SeqCst);
}

/// After it, in the child: the fork that made this process ended in the parent.
pub(super) fn forget_forks() {
    FORKS_ENDED.store(FORKS_BEGUN.load(Ordering::SeqCst), Ordering::SeqCst);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_fork_may_have_got_is_opened_again() {
        let attempts = std::cell::Cell::new(0);
        let made = without_fork(|| {
            attempts.set(attempts.get() + 1);
            if attempts.get() < 3 {
                fork_begins();
            }
            if attempts.get() == 2 {
                // Both have ended by the third attempt.
                fork_ends();
                fork_ends();
            }
            Ok(attempts.get())
        });
        assert_eq!(made.unwrap(), 3);
        let failed: io::Result<()> = without_fork(|| Err(io::ErrorKind::NotFound.into()));
        assert_eq!(failed.unwrap_err().kind(), io::ErrorKind::NotFound);
    }
}
