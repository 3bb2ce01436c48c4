//! Descriptors that stay open as long as a run goes on: the lock's, and that of the directory.
//!
//! Two things may happen to them behind our back. A child made by `fork` inherits them: it would keep the lock after its
//! parent died, so they are known to whoever minds the fork, and closed there. And a daemon may close every descriptor
//! that it did not open itself: the number may then be somebody else's, so who uses or closes one looks first whether it
//! still is what it was.

use std::fs::File;
use std::io;
use std::mem::ManuallyDrop;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd, RawFd};
use std::sync::atomic::{AtomicI32, AtomicU64, Ordering};

use super::fs::{Identity, identity_of};

/// A run holds two, and a few more for a moment while it takes over dead ones. What finds no place here is inherited.
const MAX: usize = 128;
const NONE: i32 = -1;

struct Slot {
    number: AtomicI32,
    device: AtomicU64,
    inode: AtomicU64,
}

static SLOTS: [Slot; MAX] =
    [const { Slot { number: AtomicI32::new(NONE), device: AtomicU64::new(0), inode: AtomicU64::new(0) } };
        MAX];

/// Between taking a slot and telling what is in it.
const TAKEN: i32 = -2;

/// A descriptor, open as long as this lives, unless the host closes it.
pub(super) struct Held {
    file: ManuallyDrop<File>,
    identity: Identity,
    slot: Option<&'static Slot>,
}

impl Held {
    /// Keeps it.
    pub fn keep(file: impl Into<OwnedFd>) -> io::Result<Self> {
        let file = File::from(file.into());
        let identity = identity_of(&file)?;
        let is_free = |slot: &&Slot| {
            slot.number.compare_exchange(NONE, TAKEN, Ordering::Acquire, Ordering::Relaxed).is_ok()
        };
        let slot = SLOTS.iter().find(is_free);
        if let Some(slot) = slot {
            slot.device.store(identity.device, Ordering::Relaxed);
            slot.inode.store(identity.number, Ordering::Relaxed);
            slot.number.store(file.as_raw_fd(), Ordering::Release);
        }
        Ok(Self { file: ManuallyDrop::new(file), identity, slot })
    }

    /// Which file it is open on.
    pub fn identity(&self) -> Identity {
        self.identity
    }

    /// The file, which was opened a moment ago: nobody has closed it yet.
    pub fn file(&self) -> &File {
        &self.file
    }

    /// Locks it for this process. [`io::ErrorKind::WouldBlock`] where somebody else holds the lock. Not through a duplicate:
    /// a child that is forked meanwhile would hold that.
    pub fn try_lock(&self) -> io::Result<()> {
        Ok(rustix::fs::flock(self, rustix::fs::FlockOperation::NonBlockingLockExclusive)?)
    }

    /// The same file, for one use; an error where the host closed ours.
    pub fn duplicate(&self) -> io::Result<File> {
        let duplicate = rustix::io::fcntl_dupfd_cloexec(self, 3)?;
        // Looked at only now: the number can't become another's any more.
        match identity_of(&duplicate)? == self.identity {
            true => Ok(duplicate.into()),
            false => Err(io::ErrorKind::NotFound.into()),
        }
    }
}

/// For what was opened a moment ago: nobody has closed it yet.
impl AsFd for Held {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.file.as_fd()
    }
}

impl AsRawFd for Held {
    fn as_raw_fd(&self) -> RawFd {
        self.file.as_raw_fd()
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let is_ours = identity_of(&*self).is_ok_and(|identity| identity == self.identity);
        if let Some(slot) = self.slot {
            // A child that is forked from here on inherits it for nothing: it holds no lock any more.
            slot.number.store(NONE, Ordering::Release);
        }
        // Otherwise the host closed it, and the number may be its own now.
        if is_ours {
            // SAFETY: `self` is never used again.
            drop(unsafe { ManuallyDrop::take(&mut self.file) });
        }
    }
}

/// Forks that began in this process, and those that ended here.
static FORKS_BEGUN: AtomicU64 = AtomicU64::new(0);
static FORKS_ENDED: AtomicU64 = AtomicU64::new(0);

/// Opens and keeps something, once more where another thread forked meanwhile: between opening a file and keeping it, or
/// between mapping it and keeping the map from children, a child may have got it, and would hold its lock for good.
pub(super) fn without_fork<T>(attempt: impl Fn() -> io::Result<T>) -> io::Result<T> {
    /// A host that forks without pause gets one in the end.
    const ATTEMPTS: u32 = 100;
    let mut made = attempt_between_forks(&attempt);
    for _ in 1..ATTEMPTS {
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

/// How many times this process holds this file.
pub(super) fn times_held(identity: Identity) -> usize {
    let is_it = |slot: &&Slot| {
        slot.number.load(Ordering::Acquire) >= 0
            && slot.device.load(Ordering::Relaxed) == identity.device
            && slot.inode.load(Ordering::Relaxed) == identity.number
    };
    SLOTS.iter().filter(is_it).count()
}

/// Hands every descriptor that is held, with the device and the number of its file, to `close`, for the child of a fork:
/// allocates nothing, waits for nobody. The locks stay the parent's.
pub(crate) fn leave_descriptors_behind(close: impl Fn(i32, u64, u64)) {
    // The fork that made this process ended in the parent.
    FORKS_ENDED.store(FORKS_BEGUN.load(Ordering::SeqCst), Ordering::SeqCst);
    for slot in &SLOTS {
        let number = slot.number.swap(NONE, Ordering::Acquire);
        if number >= 0 {
            close(number, slot.device.load(Ordering::Relaxed), slot.inode.load(Ordering::Relaxed));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Its number, as if it was nobody's.
    fn number_of(held: &Held) -> ManuallyDrop<OwnedFd> {
        use std::os::fd::FromRawFd;
        // SAFETY: it is never dropped.
        ManuallyDrop::new(unsafe { OwnedFd::from_raw_fd(held.as_raw_fd()) })
    }

    #[test]
    fn what_a_fork_may_have_got_is_made_again() {
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

    #[test]
    fn a_number_that_is_another_files_now_is_neither_used_nor_closed() {
        let (ours, theirs) = (tempfile::tempfile().unwrap(), tempfile::tempfile().unwrap());
        let identity = identity_of(&ours).unwrap();
        let held = Held::keep(ours).unwrap();
        assert!(times_held(identity) == 1 && held.duplicate().is_ok());
        // As a daemon does that closes what it does not know, and opens files of its own then.
        rustix::io::dup2(&theirs, &mut number_of(&held)).unwrap();
        assert!(held.duplicate().is_err());
        let number = held.as_raw_fd();
        drop(held);
        assert_eq!(times_held(identity), 0);
        // SAFETY: not closed, as this test is about to show: the system says if it was.
        let left = unsafe { BorrowedFd::borrow_raw(number) };
        assert_eq!(identity_of(left).unwrap(), identity_of(&theirs).unwrap());
    }
}
