//! Descriptors that stay open as long as a run goes on: the lock's, and that of the directory.
//!
//! Two things may happen to them behind our back. A child made by `fork` inherits them: it would keep the lock after its
//! parent died, so they are registered here, and closed in the child. And a daemon may close every descriptor
//! that it did not open itself: the number may then be somebody else's, so who uses or closes one looks first whether it
//! still is what it was.

use std::fs::File;
use std::io;
use std::mem::ManuallyDrop;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd, RawFd};
use std::sync::atomic::{AtomicI32, AtomicU64, Ordering};

use super::fork::forget_forks;
use super::identity::{FileId, id_of};

/// A run holds two, and a few more for a moment while it recovers dead ones. What finds no place here is inherited.
const MAX_OPEN: usize = 128;
const NONE: i32 = -1;

struct Slot {
    number: AtomicI32,
    device: AtomicU64,
    inode: AtomicU64,
}

static SLOTS: [Slot; MAX_OPEN] =
    [const { Slot { number: AtomicI32::new(NONE), device: AtomicU64::new(0), inode: AtomicU64::new(0) } };
        MAX_OPEN];

/// Between taking a slot and telling what is in it.
const TAKEN: i32 = -2;

/// A descriptor, open as long as this lives, unless the host closes it.
pub(in super::super) struct LongLivedFile {
    file: ManuallyDrop<File>,
    id: FileId,
    slot: Option<&'static Slot>,
}

impl LongLivedFile {
    /// Keeps it open.
    pub fn register(file: impl Into<OwnedFd>) -> io::Result<Self> {
        let file = File::from(file.into());
        let id = id_of(&file)?;
        let is_free = |slot: &&Slot| {
            slot.number.compare_exchange(NONE, TAKEN, Ordering::Acquire, Ordering::Relaxed).is_ok()
        };
        let slot = SLOTS.iter().find(is_free);
        if let Some(slot) = slot {
            slot.device.store(id.device, Ordering::Relaxed);
            slot.inode.store(id.number, Ordering::Relaxed);
            slot.number.store(file.as_raw_fd(), Ordering::Release);
        }
        Ok(Self { file: ManuallyDrop::new(file), id, slot })
    }

    /// Which file it is open on.
    pub fn id(&self) -> FileId {
        self.id
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
        match id_of(&duplicate)? == self.id {
            true => Ok(duplicate.into()),
            false => Err(io::ErrorKind::NotFound.into()),
        }
    }
}

/// For what was opened a moment ago: nobody has closed it yet.
impl AsFd for LongLivedFile {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.file.as_fd()
    }
}

impl AsRawFd for LongLivedFile {
    fn as_raw_fd(&self) -> RawFd {
        self.file.as_raw_fd()
    }
}

impl Drop for LongLivedFile {
    fn drop(&mut self) {
        let is_ours = id_of(&*self).is_ok_and(|id| id == self.id);
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

/// How many times this process has this file open.
pub(in super::super) fn times_open(id: FileId) -> usize {
    let is_it = |slot: &&Slot| {
        slot.number.load(Ordering::Acquire) >= 0
            && slot.device.load(Ordering::Relaxed) == id.device
            && slot.inode.load(Ordering::Relaxed) == id.number
    };
    SLOTS.iter().filter(is_it).count()
}

/// Hands every descriptor that is registered, with the device and the number of its file, to `close`, for the child of a fork:
/// allocates nothing, waits for nobody. The locks stay the parent's.
pub(crate) fn leave_descriptors_behind(close: impl Fn(i32, u64, u64)) {
    forget_forks();
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
    fn number_of(file: &LongLivedFile) -> ManuallyDrop<OwnedFd> {
        use std::os::fd::FromRawFd;
        // SAFETY: it is never dropped.
        ManuallyDrop::new(unsafe { OwnedFd::from_raw_fd(file.as_raw_fd()) })
    }

    #[test]
    fn a_number_that_is_another_files_now_is_neither_used_nor_closed() {
        let (ours, theirs) = (tempfile::tempfile().unwrap(), tempfile::tempfile().unwrap());
        let id = id_of(&ours).unwrap();
        let file = LongLivedFile::register(ours).unwrap();
        assert!(times_open(id) == 1 && file.duplicate().is_ok());
        // As a daemon does that closes what it does not know, and opens files of its own then.
        rustix::io::dup2(&theirs, &mut number_of(&file)).unwrap();
        assert!(file.duplicate().is_err());
        let number = file.as_raw_fd();
        drop(file);
        assert_eq!(times_open(id), 0);
        // SAFETY: not closed, as this test is about to show: the system says if it was.
        let left = unsafe { BorrowedFd::borrow_raw(number) };
        assert_eq!(id_of(left).unwrap(), id_of(&theirs).unwrap());
    }
}
