//! The directory of one run: locked while its process lives, adopted by a later one when it is dead.
//!
//! ```text
//! <storageDir>/<fingerprint of the API key>/
//!     state.json                       the session to go on with
//!     remote-config.json               the server's last answer
//!     run-<start>-<process>-<random>/  one run
//!         lock                         held by the process that writes here
//!         <name>.chunk                 see map.rs
//!         <first>-<last>.packed        see packed.rs
//! ```

use std::fs::{self, File, TryLockError};
use std::io;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use sha2::{Digest, Sha256};

use super::disk;
use crate::identity::unix_millis;

const LOCK: &str = "lock";
const PREFIX: &str = "run-";
const CHUNK: &str = "chunk";
const PACKED: &str = "packed";

/// A run's directory, ours as long as this lives. Dropped, it goes when it is empty, and is left to the next
/// start otherwise.
pub(super) struct RunDir {
    path: PathBuf,
    _lock: File,
}

impl RunDir {
    /// The directory of a new run.
    pub fn create(home: &Path) -> io::Result<Self> {
        let name = format!(
            "{:014}-{}-{:08x}",
            unix_millis(SystemTime::now()),
            std::process::id(),
            fastrand::u32(..)
        );
        // Locked before it gets the name that others look for, so nobody adopts it in between.
        let unnamed = home.join(format!("new-{name}"));
        disk::private_dir(&unnamed)?;
        let lock = disk::new_file(&unnamed.join(LOCK))?;
        lock.try_lock().map_err(|error| match error {
            TryLockError::Error(error) => error,
            TryLockError::WouldBlock => io::ErrorKind::WouldBlock.into(),
        })?;
        let path = home.join(format!("{PREFIX}{name}"));
        fs::rename(&unnamed, &path)?;
        Ok(Self { path, _lock: lock })
    }

    /// The directories of runs that ended, oldest first, locked for us.
    pub fn adopt(home: &Path) -> io::Result<Vec<Self>> {
        let mut paths = Vec::new();
        for entry in fs::read_dir(home)? {
            let entry = entry?;
            if entry.file_name().as_encoded_bytes().starts_with(PREFIX.as_bytes())
                && entry.file_type()?.is_dir()
            {
                paths.push(entry.path());
            }
        }
        paths.sort();
        let mut adopted = Vec::new();
        for path in paths {
            let Ok(lock) = disk::open_file(&path.join(LOCK)) else {
                // Without a lock file nobody can own it: its owner was on the way to removing it.
                let _ = fs::remove_dir(&path);
                continue;
            };
            if lock.try_lock().is_ok() {
                adopted.push(Self { path, _lock: lock });
            }
        }
        Ok(adopted)
    }

    /// The files in it that hold events.
    pub fn event_files(&self) -> io::Result<Vec<PathBuf>> {
        let entries = fs::read_dir(&self.path)?.filter_map(|entry| Some(entry.ok()?.path()));
        Ok(entries.filter(|path| has_extension(path, CHUNK) || has_extension(path, PACKED)).collect())
    }

    /// A path for a new chunk.
    pub fn chunk_path(&self, name: u64) -> PathBuf {
        self.path.join(format!("{name:010}.{CHUNK}"))
    }

    /// A path for the chunks with these numbers, packed.
    pub fn packed_path(&self, first: u64, last: u64) -> PathBuf {
        self.path.join(format!("{first:010}-{last:010}.{PACKED}"))
    }
}

impl Drop for RunDir {
    fn drop(&mut self) {
        // A directory that still holds chunks keeps its lock file too: the next start adopts it.
        let others = fs::read_dir(&self.path).map_or(1, |entries| {
            entries.filter(|entry| entry.as_ref().map_or(true, |entry| entry.file_name() != LOCK)).count()
        });
        if others == 0 {
            let _ = fs::remove_file(self.path.join(LOCK));
            let _ = fs::remove_dir(&self.path);
        }
    }
}

/// The numbers of the chunks in a packed file.
pub(super) fn numbers_in(path: &Path) -> Option<RangeInclusive<u64>> {
    if !has_extension(path, PACKED) {
        return None;
    }
    let (first, last) = path.file_stem()?.to_str()?.split_once('-')?;
    Some(first.parse().ok()?..=last.parse().ok()?)
}

fn has_extension(path: &Path, wanted: &str) -> bool {
    path.extension().is_some_and(|extension| extension == wanted)
}

/// The directory of an API key inside the storage directory. The key itself is not written to disk.
pub(crate) fn home_of(storage_dir: &Path, api_key: &str) -> PathBuf {
    let digest = Sha256::digest(api_key.as_bytes());
    let name: String = digest[..12].iter().map(|byte| format!("{byte:02x}")).collect();
    storage_dir.join(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_adopted_once_it_has_ended_and_no_sooner() {
        let home = tempfile::tempdir().unwrap();
        let run = RunDir::create(home.path()).unwrap();
        fs::write(run.chunk_path(1), b"x").unwrap();
        assert!(RunDir::adopt(home.path()).unwrap().is_empty(), "its lock is held");
        drop(run);
        let adopted = RunDir::adopt(home.path()).unwrap();
        assert_eq!(adopted.len(), 1);
        let files = adopted[0].event_files().unwrap();
        assert_eq!(files.len(), 1);
        fs::remove_file(&files[0]).unwrap();
        drop(adopted);
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0, "an empty run leaves nothing behind");
    }
}
