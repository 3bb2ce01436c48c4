//! The same for systems without `fork` and without numbers that others may close.

use std::fs::{File, TryLockError};
use std::io;

use super::identity::FileId;

/// A file, open as long as this lives.
pub(in super::super) struct LongLivedFile(File);

impl LongLivedFile {
    /// Keeps it open.
    pub fn register(file: File) -> io::Result<Self> {
        Ok(Self(file))
    }

    /// Which file it is open on: nothing tells here.
    pub fn id(&self) -> FileId {
        FileId { device: 0, number: 0 }
    }

    /// The file.
    pub fn file(&self) -> &File {
        &self.0
    }

    /// Locks it for this process. [`io::ErrorKind::WouldBlock`] where somebody else holds the lock.
    pub fn try_lock(&self) -> io::Result<()> {
        self.0.try_lock().map_err(|error| match error {
            TryLockError::Error(error) => error,
            TryLockError::WouldBlock => io::ErrorKind::WouldBlock.into(),
        })
    }

    /// The same file, for one use.
    pub fn duplicate(&self) -> io::Result<File> {
        self.0.try_clone()
    }
}

/// How many times this process has this file open.
pub(in super::super) fn times_open(_: FileId) -> usize {
    1
}

/// Nobody forks here.
pub(in super::super) fn without_fork<T>(attempt: impl Fn() -> io::Result<T>) -> io::Result<T> {
    attempt()
}
