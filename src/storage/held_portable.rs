//! The same for systems without `fork` and without numbers that others may close.

use std::fs::{File, TryLockError};
use std::io;

use super::fs::Identity;

/// A file, open as long as this lives.
pub(super) struct Held(File);

impl Held {
    /// Keeps it.
    pub fn keep(file: File) -> io::Result<Self> {
        Ok(Self(file))
    }

    /// Which file it is open on: nothing tells here.
    pub fn identity(&self) -> Identity {
        Identity { device: 0, number: 0 }
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

/// How many times this process holds this file.
pub(super) fn times_held(_: Identity) -> usize {
    1
}

/// Nobody forks here.
pub(super) fn without_fork<T>(attempt: impl Fn() -> io::Result<T>) -> io::Result<T> {
    attempt()
}
