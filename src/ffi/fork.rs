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
    use std::os::fd::BorrowedFd;

    use super::*;
    use crate::cancellation;
    use crate::delivery::note_fork;
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
        note_fork();
        leave_page_behind();
        leave_descriptors_behind(close_if_ours);
    }

    /// Closes a descriptor that the child inherited, if it is still open on the file of that device and inode. Asked as it was when
    /// the file was registered: the C library's own `fstat` fails where pointers have 32 bits and a number has more.
    fn close_if_ours(descriptor: i32, device: u64, inode: u64) {
        // SAFETY: no pointer is given; of a number that is no descriptor the system says so.
        if unsafe { libc::fcntl(descriptor, libc::F_GETFD) } == -1 {
            return;
        }
        // SAFETY: it is open, as the system just said, and this is the child's only thread: nobody closes it meanwhile.
        let stat = rustix::fs::fstat(unsafe { BorrowedFd::borrow_raw(descriptor) });
        #[allow(clippy::unnecessary_cast, reason = "these fields differ in type from system to system")]
        let is_ours = stat.is_ok_and(|stat| (stat.st_dev as u64, stat.st_ino as u64) == (device, inode));
        if is_ours {
            // SAFETY: one of ours: the host has not closed it, as then it would be open on another file. Nobody closes it
            // again: the recorder that it belongs to is the parent's and is never dropped in this process.
            unsafe { libc::close(descriptor) };
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use crate::delivery::is_fork;

    fn nothing() {}

    /// In a child of its own: what it finds, as its exit status.
    fn in_child(look: impl FnOnce() -> i32) -> i32 {
        // SAFETY: the child runs `look`, which takes no lock and allocates nothing, and ends.
        unsafe {
            match libc::fork() {
                0 => libc::_exit(look()),
                child => {
                    let mut status = 0;
                    assert_eq!(libc::waitpid(child, &raw mut status, 0), child);
                    assert!(libc::WIFEXITED(status));
                    libc::WEXITSTATUS(status)
                }
            }
        }
    }

    fn found() -> i32 {
        i32::from(is_fork()) | i32::from(is_forked()) << 1
    }

    #[test]
    fn a_child_remains_one_when_it_has_a_recorder_of_its_own() {
        watch(&(nothing as fn()));
        let with_recorder = || {
            has_own_recorder();
            found()
        };
        assert_eq!(found(), 0b00, "this process");
        assert_eq!(in_child(found), 0b11, "a child");
        assert_eq!(in_child(with_recorder), 0b01, "one that has called sr_init");
    }
}
