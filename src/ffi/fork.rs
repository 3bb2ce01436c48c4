//! What `fork` does: the child has one thread, and none of ours. Its calls are refused until it starts a recorder of its
//! own, and whatever the parent's recorder left in it is let go of.

#[cfg(unix)]
use std::sync::atomic::AtomicPtr;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::error::Error;

/// We are the child of a process that had a recorder, or was about to, and have none yet.
static FORKED: AtomicBool = AtomicBool::new(false);

/// Refuses a child that has no recorder of its own: a lock may be held by a thread that only the parent has.
///
/// Acquire, beside the Release of [`has_own_recorder`]: who sees the mark taken back sees the child's own log, transport
/// and recorder, which were put in place before, and not the parent's. Relaxed would do on x86, where no load passes an
/// earlier one; on ARM the later load of the recorder could be made first.
pub(super) fn refuse_fork() -> Result<(), Error> {
    if is_forked() { Err(Error::Forked) } else { Ok(()) }
}

/// Whether this is such a child.
pub(super) fn is_forked() -> bool {
    FORKED.load(Ordering::Acquire)
}

/// The child has started a recorder of its own, which is in place by now.
pub(super) fn has_own_recorder() {
    FORKED.store(false, Ordering::Release);
}

/// From now on a child is marked, and runs `in_child` on its one thread, between `fork` and `exec`: it may only store to
/// atomics.
#[cfg(unix)]
pub(super) fn watch(in_child: &'static fn()) {
    static WATCHED: AtomicBool = AtomicBool::new(false);
    IN_CHILD.store(std::ptr::from_ref(in_child).cast_mut(), Ordering::Release);
    if !WATCHED.swap(true, Ordering::Relaxed) {
        // SAFETY: the handlers live as long as this library and do nothing but store to atomics, set the thread's own
        // cancellation state and close files, which is allowed between fork and exec.
        unsafe { libc::pthread_atfork(Some(before), Some(after), Some(child)) };
    }
}

#[cfg(not(unix))]
pub(super) fn watch(_: &'static fn()) {}

/// What a child runs; null before the first start. No lock: a child that is forked meanwhile has to get out of it.
#[cfg(unix)]
static IN_CHILD: AtomicPtr<fn()> = AtomicPtr::new(std::ptr::null_mut());

#[cfg(unix)]
use unix::{after, before, child};

#[cfg(unix)]
mod unix {
    use super::*;
    use crate::cancellation;
    use crate::storage::{fork_begins, fork_ends, leave_descriptors_behind, leave_page_behind};

    pub extern "C" fn before() {
        fork_begins();
    }

    pub extern "C" fn after() {
        fork_ends();
    }

    pub extern "C" fn child() {
        // Closing is a cancellation point, and this is a frame of ours, whatever state the host's thread forks in.
        let _held_off = cancellation::hold_off();
        // Relaxed is enough here: the child has this one thread, and its later threads begin after these stores.
        FORKED.store(true, Ordering::Relaxed);
        // SAFETY: null, or one that lives for ever.
        if let Some(in_child) = unsafe { IN_CHILD.load(Ordering::Acquire).as_ref() } {
            in_child();
        }
        leave_page_behind();
        leave_descriptors_behind(close_if_ours);
    }

    /// Closes a descriptor that the child inherited, if it is still open on the file of that device and inode.
    fn close_if_ours(descriptor: i32, device: u64, inode: u64) {
        let mut stat = std::mem::MaybeUninit::<libc::stat>::uninit();
        // SAFETY: `stat` has room for the answer, and is read only where it was given. The descriptor is one of ours
        // unless the host closed it and has the number for itself: then it is open on another file. Nobody closes it
        // again: the recorder that it belongs to is the parent's and is never dropped in this process.
        #[allow(clippy::unnecessary_cast, reason = "these fields differ in type from system to system")]
        unsafe {
            if libc::fstat(descriptor, stat.as_mut_ptr()) == 0 {
                let stat = stat.assume_init();
                if (stat.st_dev as u64, stat.st_ino as u64) == (device, inode) {
                    libc::close(descriptor);
                }
            }
        }
    }
}
