//! A directory that was opened and checked once. What lies in it is reached through the open directory, by name, never
//! again by a path that somebody may have changed since.
//!
//! - [`system`]: the calls of this operating system; [`identity`]: which file it is; on Windows [`security`]: whose
//! - [`long_lived`]: what stays open as long as a run goes on; [`fork`]: what a child of this process must not get
//! - [`allocation`]: room on the disk; [`later`]: errors that pass

mod allocation;
#[cfg(unix)]
mod fork;
mod identity;
mod later;
#[cfg(unix)]
mod long_lived;
#[cfg(windows)]
#[path = "long_lived_windows.rs"]
mod long_lived;
#[cfg(windows)]
mod security;
#[cfg(unix)]
#[path = "unix.rs"]
mod system;
#[cfg(windows)]
#[path = "windows.rs"]
mod system;

use std::io;
use std::time::SystemTime;

pub(super) use allocation::{GIVES_BACK_MAPPED, allocate, give_back_behind};
#[cfg(unix)]
pub(super) use fork::without_fork;
#[cfg(unix)]
pub(crate) use fork::{fork_begins, fork_ends};
pub(super) use identity::FileId;
pub(super) use later::{impatiently, is_in_use, may_be_forbidden, may_pass, patient_until, patiently};
#[cfg(unix)]
pub(crate) use long_lived::leave_descriptors_behind;
#[cfg(windows)]
pub(super) use long_lived::without_fork;
pub(super) use long_lived::{LongLivedFile, times_open};
pub(super) use system::{Dir, LongLivedDir};

/// What is known of a file without opening it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Facts {
    pub kind: FileKind,
    /// Bytes that it takes on disk. A file may be longer, where nothing is behind a part of it.
    pub allocated: u64,
    pub modified: SystemTime,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FileKind {
    File,
    Dir,
    /// A link, a device, somebody else's file.
    Other,
}

impl Dir {
    /// Whether there is room in it for a file of so many bytes, as far as the system tells; nothing is taken.
    pub fn has_room(&self, bytes: usize) -> io::Result<()> {
        allocation::may_be_so_large(bytes)?;
        match self.free_bytes() {
            Some(free) if free < bytes as u64 => Err(io::ErrorKind::StorageFull.into()),
            _ => Ok(()),
        }
    }

    /// Puts `bytes` where `name` is, whole or not at all.
    pub fn replace_file(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        allocation::may_be_so_large(bytes.len())?;
        let temporary = temporary_name(name);
        let mut file = self.new_file(&temporary)?;
        let written = io::Write::write_all(&mut file, bytes).and_then(|()| file.sync_all());
        drop(file);
        let written = written.and_then(|()| self.rename(&temporary, self, name));
        if written.is_err() {
            let _ = self.remove_file(&temporary);
        }
        written
    }

    /// Reads a small file; no more than `most` bytes of it.
    pub fn read(&self, name: &str, most: u64) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        io::Read::read_to_end(&mut io::Read::take(self.open_file(name)?, most), &mut bytes)?;
        Ok(bytes)
    }

    /// Removes the files in it whose names are `unwanted`.
    pub fn remove_where(&self, unwanted: impl Fn(&str) -> bool) {
        for name in self.names().unwrap_or_default() {
            if unwanted(&name) {
                let _ = self.remove_file(&name);
            }
        }
    }
}

/// Begins the extension of a file that has not got its name yet: see [`Dir::replace_file`].
const TEMPORARY: &str = "tmp-";

/// A name for a file that is to be called `name` once it is whole.
pub(super) fn temporary_name(name: &str) -> String {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    // A child of `fork` goes on with its parent's random numbers.
    format!("{stem}.{TEMPORARY}{}-{:08x}", std::process::id(), fastrand::u32(..))
}

/// Whether a file was to get its name when its process was killed, or is to get it now.
pub(super) fn is_temporary(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, extension)| extension.starts_with(TEMPORARY))
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::os::unix::fs::{PermissionsExt, symlink};
    use std::path::Path;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).expect("it is there").permissions().mode() & 0o777
    }

    #[test]
    fn is_private_and_follows_no_link() {
        let place = tempfile::tempdir().unwrap();
        let storage = Dir::storage(&place.path().join("a/b")).unwrap();
        for made in ["a", "a/b"] {
            assert_eq!(mode(&place.path().join(made)), 0o700);
        }
        let below = |name: &str| place.path().join("a/b").join(name);
        let ours = storage.make_private("ours").unwrap();
        assert_eq!(mode(&below("ours")), 0o700);
        fs::set_permissions(below("ours"), fs::Permissions::from_mode(0o777)).unwrap();
        storage.make_private("ours").unwrap();
        assert_eq!(mode(&below("ours")), 0o700, "closed again");

        allocate(&ours.new_file("file").unwrap(), 10_000).unwrap();
        assert_eq!(mode(&below("ours/file")), 0o600);
        assert_eq!(fs::metadata(below("ours/file")).unwrap().len(), 10_000);

        symlink(below("ours"), below("link")).unwrap();
        assert!(storage.make_private("link").is_err());
        assert!(storage.open_private("link").is_err());
        symlink(below("ours/file"), below("ours/link")).unwrap();
        assert!(ours.open_file("link").is_err());
        assert!(ours.new_file("link").is_err());
        assert_eq!(ours.facts("link").unwrap().kind, FileKind::Other);
        ours.replace_file("link", b"new").unwrap();
        assert_eq!(
            fs::metadata(below("ours/file")).unwrap().len(),
            10_000,
            "the link was replaced, not followed"
        );
    }

    #[test]
    fn what_belongs_to_another_user_is_refused() {
        if !rustix::process::geteuid().is_root() {
            return;
        }
        let place = tempfile::tempdir().unwrap();
        let storage = Dir::storage(place.path()).unwrap();
        storage.make_private("foreign").unwrap();
        let ours = storage.make_private("ours").unwrap();
        drop(ours.new_file("file").unwrap());
        for path in ["foreign", "ours/file"] {
            std::os::unix::fs::chown(place.path().join(path), Some(1), None).unwrap();
        }
        for refused in [storage.make_private("foreign"), storage.open_private("foreign")] {
            let error = refused.err().unwrap().to_string();
            assert!(error.contains("belongs to another user"), "{error}");
        }
        assert!(ours.open_file("file").is_err());
        assert_eq!(ours.facts("file").unwrap().kind, FileKind::Other);
    }

    #[test]
    fn goes_on_in_the_directory_that_was_opened_whatever_takes_its_name() {
        let place = tempfile::tempdir().unwrap();
        let storage = Dir::storage(place.path()).unwrap();
        let ours = storage.make_private("ours").unwrap();
        fs::rename(place.path().join("ours"), place.path().join("moved")).unwrap();
        fs::create_dir(place.path().join("other")).unwrap();
        symlink(place.path().join("other"), place.path().join("ours")).unwrap();
        drop(ours.new_file("file").unwrap());
        assert!(place.path().join("moved/file").exists());
        assert_eq!(fs::read_dir(place.path().join("other")).unwrap().count(), 0);
    }
}
