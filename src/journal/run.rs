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
//!         <numbers>.run-<…>.<kind>     the same of another run, which died: see adoption.rs
//! ```

use std::fs;
use std::io;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use sha2::{Digest, Sha256};

use super::adoption::MOST_AGE;
use super::lock::Lock;
use super::{disk, is_older_than, stored};
use crate::identity::unix_millis;

const LOCK: &str = "lock";
const PREFIX: &str = "run-";
/// A run's directory before it is locked.
const UNNAMED: &str = "new-";
const CHUNK: &str = "chunk";
const PACKED: &str = "packed";

/// A run's directory, ours as long as this lives. Dropped, it goes when it is empty, and is left to the next
/// start otherwise.
pub(super) struct RunDir {
    path: PathBuf,
    _lock: Lock,
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
        let unnamed = home.join(format!("{UNNAMED}{name}"));
        let path = home.join(format!("{PREFIX}{name}"));
        disk::private_dir(&unnamed)?;
        match lock_new(&unnamed).and_then(|lock| fs::rename(&unnamed, &path).map(|()| lock)) {
            Ok(lock) => Ok(Self { path, _lock: lock }),
            Err(error) => {
                // It is tried again with every chunk: nothing may pile up.
                remove_empty(&unnamed);
                Err(error)
            }
        }
    }

    /// The directories of all runs, oldest first.
    pub fn all(home: &Path) -> io::Result<Vec<PathBuf>> {
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
        sweep(home);
        Ok(paths)
    }

    /// Those of these directories whose runs ended, locked for us; and whether there may be more later: others, but `own`,
    /// go on.
    pub fn adopt(paths: &[PathBuf], own: Option<&Self>) -> (Vec<Self>, bool) {
        let (mut adopted, mut others) = (Vec::new(), false);
        for path in paths {
            let lock = match disk::open_file(&path.join(LOCK)) {
                Ok(lock) => lock,
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    // Its owner was on the way to removing it. Or somebody took the lock away: then nobody can tell
                    // whether its owner lives, so it stays until what is in it is too old for anybody.
                    remove_where(path, |file| is_older(file, MOST_AGE));
                    let _ = fs::remove_dir(path);
                    continue;
                }
                Err(error) => {
                    others |= stored::may_pass(&error);
                    continue;
                }
            };
            if let Ok(lock) = Lock::hold(lock) {
                // A file that was to get its name when the process was killed. Nobody else writes here now.
                remove_where(path, is_temporary);
                adopted.push(Self { path: path.clone(), _lock: lock });
            } else {
                others |= own.is_none_or(|own| own.path != *path);
            }
        }
        (adopted, others)
    }

    /// The files in it that hold events.
    pub fn event_files(&self) -> io::Result<Vec<PathBuf>> {
        let entries = fs::read_dir(&self.path)?.filter_map(|entry| Some(entry.ok()?.path()));
        Ok(entries.filter(|path| has_extension(path, CHUNK) || has_extension(path, PACKED)).collect())
    }

    /// The run that wrote a file in here: this one, or another, whose files this one took in.
    pub fn origin_of(&self, file: &Path) -> String {
        let name = |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned());
        let stem = file.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        match stem.split_once('.') {
            Some((_, origin)) => origin.to_owned(),
            None => name(&self.path).unwrap_or_default(),
        }
    }

    /// Moves a file of `origin` in here. Its new path.
    pub fn take_in(&self, file: &Path, origin: &str) -> io::Result<PathBuf> {
        let text = |part: Option<&std::ffi::OsStr>| part.and_then(|part| part.to_str()).map(str::to_owned);
        let (Some(stem), Some(extension)) = (text(file.file_stem()), text(file.extension())) else {
            return Err(io::ErrorKind::InvalidInput.into());
        };
        let numbers = stem.split_once('.').map_or(&*stem, |(numbers, _)| numbers);
        let path = self.path.join(format!("{numbers}.{origin}.{extension}"));
        fs::rename(file, &path)?;
        Ok(path)
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
            remove_empty(&self.path);
        }
    }
}

fn lock_new(folder: &Path) -> io::Result<Lock> {
    Lock::hold(disk::new_file(&folder.join(LOCK))?)
}

/// Removes a run's directory that holds nothing but, perhaps, its lock.
fn remove_empty(path: &Path) {
    let _ = fs::remove_file(path.join(LOCK));
    let _ = fs::remove_dir(path);
}

/// Removes what processes that were killed on their way to a name left behind. What is younger may still get there.
fn sweep(home: &Path) {
    const AGE: Duration = Duration::from_secs(60 * 60);
    let is_old = |path: &Path| is_older(path, AGE);
    remove_where(home, |path| is_temporary(path) && is_old(path));
    for entry in fs::read_dir(home).into_iter().flatten().flatten() {
        let path = entry.path();
        if entry.file_name().as_encoded_bytes().starts_with(UNNAMED.as_bytes()) && is_old(&path) {
            remove_empty(&path);
        }
    }
}

fn is_older(path: &Path, age: Duration) -> bool {
    let modified = fs::symlink_metadata(path).and_then(|metadata| metadata.modified());
    modified.is_ok_and(|modified| is_older_than(modified, age))
}

fn remove_where(folder: &Path, unwanted: impl Fn(&Path) -> bool) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if unwanted(&entry.path()) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// See [`disk::replace_file`].
fn is_temporary(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.as_encoded_bytes().starts_with(b"tmp-"))
}

/// The numbers of the chunks in a packed file.
pub(super) fn numbers_in(path: &Path) -> Option<RangeInclusive<u64>> {
    if !has_extension(path, PACKED) {
        return None;
    }
    let (first, last) = path.file_stem()?.to_str()?.split('.').next()?.split_once('-')?;
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
    use std::fs::File;

    fn adopt(home: &Path, own: Option<&RunDir>) -> (Vec<RunDir>, bool) {
        RunDir::adopt(&RunDir::all(home).unwrap(), own)
    }

    #[test]
    fn a_run_is_adopted_once_it_has_ended_and_no_sooner() {
        let home = tempfile::tempdir().unwrap();
        let run = RunDir::create(home.path()).unwrap();
        fs::write(run.chunk_path(1), b"x").unwrap();
        let (adopted, others) = adopt(home.path(), None);
        assert!(adopted.is_empty() && others, "its lock is held");
        assert!(!adopt(home.path(), Some(&run)).1, "it is no other's");
        drop(run);
        let (adopted, others) = adopt(home.path(), None);
        assert!(!others);
        assert_eq!(adopted.len(), 1);
        let files = adopted[0].event_files().unwrap();
        assert_eq!(files.len(), 1);
        fs::remove_file(&files[0]).unwrap();
        drop(adopted);
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0, "an empty run leaves nothing behind");
    }

    #[test]
    fn without_its_lock_a_run_is_nobodys_until_it_is_too_old() {
        let home = tempfile::tempdir().unwrap();
        let run = RunDir::create(home.path()).unwrap();
        let chunk = run.chunk_path(1);
        fs::write(&chunk, b"x").unwrap();
        fs::remove_file(run.path.join(LOCK)).unwrap();
        assert!(adopt(home.path(), None).0.is_empty());
        assert!(chunk.exists(), "its owner may live");
        let long_ago = SystemTime::now() - MOST_AGE - Duration::from_secs(60);
        File::open(&chunk).unwrap().set_modified(long_ago).unwrap();
        assert!(adopt(home.path(), None).0.is_empty());
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0);
    }

    #[test]
    fn what_a_killed_process_left_half_made_goes() {
        let home = tempfile::tempdir().unwrap();
        let long_ago = SystemTime::now() - Duration::from_secs(100_000);
        let aged = |path: &Path| File::open(path).unwrap().set_modified(long_ago).unwrap();
        let run = RunDir::create(home.path()).unwrap();
        fs::write(run.path.join("7-8.tmp-01"), b"half").unwrap();
        drop(run);
        for name in ["state.tmp-01", "state.tmp-02"] {
            fs::write(home.path().join(name), b"half").unwrap();
        }
        fs::create_dir(home.path().join("new-1")).unwrap();
        fs::write(home.path().join("new-1/lock"), b"").unwrap();
        aged(&home.path().join("state.tmp-01"));
        aged(&home.path().join("new-1"));
        drop(adopt(home.path(), None));
        let left: Vec<_> =
            fs::read_dir(home.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(left, ["state.tmp-02"], "this one may still be on its way");
    }
}
