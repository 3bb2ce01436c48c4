//! Whether this process was made by `fork` and has run no other program since. Some systems' frameworks must not be asked then.

use std::sync::atomic::{AtomicBool, Ordering};

/// It holds on in a child that starts a recorder of its own, and in the children of that.
static IS_FORK: AtomicBool = AtomicBool::new(false);

/// This process is such a child. Between `fork` and `exec` that is allowed: it stores to an atomic.
pub(crate) fn note_fork() {
    // Relaxed is enough: the child has one thread, and its later threads begin after this.
    IS_FORK.store(true, Ordering::Relaxed);
}

/// Whether it is one. Only of a fork after the first `sr_init`: nobody tells of an earlier one.
#[cfg(any(target_os = "macos", test))]
pub(crate) fn is_fork() -> bool {
    IS_FORK.load(Ordering::Relaxed)
}
