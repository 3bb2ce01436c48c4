//! The same by path, for systems without `openat`.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use super::{Facts, FileKind};

/// See the module above.
pub(in super::super) struct Dir {
    path: PathBuf,
}

impl Dir {
    /// The directory that the host named, made with those it lies in where they are not there yet.
    pub fn storage(path: &Path) -> io::Result<Self> {
        fs::create_dir_all(path)?;
        Self::existing(path)
    }

    /// The same, where it is there.
    pub fn existing(path: &Path) -> io::Result<Self> {
        match fs::metadata(path)?.is_dir() {
            true => Ok(Self { path: path.to_owned() }),
            false => Err(io::ErrorKind::NotADirectory.into()),
        }
    }

    /// Room on its file system: nothing tells here.
    pub fn free_bytes(&self) -> Option<u64> {
        None
    }

    /// Makes a directory in it. One that is there already is taken when it is a real directory.
    pub fn make_private(&self, name: &str) -> io::Result<Self> {
        match fs::create_dir(self.path.join(name)) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
            _ => self.open_private(name),
        }
    }

    /// Opens such a directory.
    pub fn open_private(&self, name: &str) -> io::Result<Self> {
        let path = self.path.join(name);
        match fs::symlink_metadata(&path)?.is_dir() {
            true => Ok(Self { path }),
            false => Err(io::ErrorKind::NotADirectory.into()),
        }
    }

    /// Makes a file that is not there yet.
    pub fn new_file(&self, name: &str) -> io::Result<File> {
        OpenOptions::new().read(true).write(true).create_new(true).open(self.path.join(name))
    }

    /// Opens a file that is there: a real one.
    pub fn open_file(&self, name: &str) -> io::Result<File> {
        match self.facts(name)?.kind {
            FileKind::File => OpenOptions::new().read(true).write(true).open(self.path.join(name)),
            _ => Err(io::ErrorKind::InvalidInput.into()),
        }
    }

    /// What is known of an entry. Links are not followed.
    pub fn facts(&self, name: &str) -> io::Result<Facts> {
        let metadata = fs::symlink_metadata(self.path.join(name))?;
        let kind = match (metadata.is_file(), metadata.is_dir()) {
            (true, _) => FileKind::File,
            (_, true) => FileKind::Dir,
            _ => FileKind::Other,
        };
        Ok(Facts { kind, allocated: metadata.len(), modified: metadata.modified()? })
    }

    /// The names in it, in no order. What is not Unicode is none of ours.
    pub fn names(&self) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in fs::read_dir(&self.path)? {
            names.extend(entry?.file_name().into_string());
        }
        Ok(names)
    }

    /// Moves a file into `to`, in the place of what has that name there.
    pub fn rename(&self, name: &str, to: &Self, new_name: &str) -> io::Result<()> {
        fs::rename(self.path.join(name), to.path.join(new_name))
    }

    pub fn remove_file(&self, name: &str) -> io::Result<()> {
        fs::remove_file(self.path.join(name))
    }

    /// Removes an empty directory.
    pub fn remove_dir(&self, name: &str) -> io::Result<()> {
        fs::remove_dir(self.path.join(name))
    }
}

/// A directory that is not kept open here.
pub(in super::super) struct LongLivedDir;

impl LongLivedDir {
    /// Keeps nothing.
    pub fn of(_: &Dir) -> io::Result<Self> {
        Ok(Self)
    }

    /// It goes by path each time.
    pub fn reopen(&self) -> Option<Dir> {
        None
    }
}
