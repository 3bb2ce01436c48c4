//! The directory of an API key inside the storage directory.
//!
//! It is opened and checked once: a real directory, this user's, closed to others. Whatever is done below it goes through
//! that handle, so nobody who may write to the storage directory can put another in its place. Only where the handle is
//! lost (a daemon closed all its descriptors) or the directory was removed is it opened anew, with the same check.

use std::io;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::fs::{Dir, LongLivedDir};
use crate::model::ids::ApiKey;
use crate::sync::Mutex;

/// See the module.
pub(super) struct ApiKeyDir {
    storage_dir: PathBuf,
    name: String,
    handle: Mutex<Option<LongLivedDir>>,
}

impl ApiKeyDir {
    /// Of this API key in that directory. Nothing is opened yet. The key itself is not written to disk.
    pub fn of(storage_dir: &Path, api_key: &ApiKey) -> Self {
        // The host may go to another directory later.
        let storage_dir = std::path::absolute(storage_dir).unwrap_or_else(|_| storage_dir.to_owned());
        let digest = Sha256::digest(api_key.as_str().as_bytes());
        let name = digest[..12].iter().map(|byte| format!("{byte:02x}")).collect();
        Self { storage_dir, name, handle: Mutex::default() }
    }

    /// What the host named.
    pub fn storage_dir(&self) -> &Path {
        &self.storage_dir
    }

    /// Where a file in it lies, for a message.
    pub fn place_of(&self, name: &str) -> PathBuf {
        self.storage_dir.join(&self.name).join(name)
    }

    /// The directory; made where it is not there yet.
    pub fn create(&self) -> io::Result<Dir> {
        self.reopen(|| Dir::storage(&self.storage_dir)?.make_private(&self.name))
    }

    /// The directory; an error where it is not there.
    pub fn open(&self) -> io::Result<Dir> {
        self.reopen(|| Dir::existing(&self.storage_dir)?.open_private(&self.name))
    }

    fn reopen(&self, by_path: impl FnOnce() -> io::Result<Dir>) -> io::Result<Dir> {
        use io::ErrorKind::{NotADirectory, PermissionDenied};
        let mut handle = self.handle.lock();
        if let Some(dir) = handle.as_ref().and_then(LongLivedDir::reopen) {
            return Ok(dir);
        }
        let dir = by_path()?;
        match LongLivedDir::of(&dir) {
            Ok(kept) => *handle = Some(kept),
            // Where it has to go by path somebody may have put another in its place.
            Err(error) if matches!(error.kind(), PermissionDenied | NotADirectory) => return Err(error),
            // Where it can't be kept it goes by path the next time, too.
            Err(_) => *handle = None,
        }
        Ok(dir)
    }
}
