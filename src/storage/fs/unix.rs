//! `openat` and its kin.

use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use rustix::fs::{AtFlags, FileType, Mode, OFlags, Stat};
use rustix::io::retry_on_intr;

use super::long_lived::LongLivedFile;
use super::{Facts, FileKind, patiently};

/// See the module above.
pub(in super::super) struct Dir {
    handle: OwnedFd,
    /// For messages.
    path: PathBuf,
}

const DIRECTORY: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::CLOEXEC);
const FILE: OFlags = OFlags::RDWR.union(OFlags::NOFOLLOW).union(OFlags::NONBLOCK).union(OFlags::CLOEXEC);
const NEW_FILE: OFlags = OFlags::RDWR.union(OFlags::CREATE).union(OFlags::EXCL).union(OFlags::CLOEXEC);

impl Dir {
    /// The directory that the host named, made with those it lies in where they are not there yet, then for this user
    /// alone. It may be anybody's, and a link: what we write lies in directories of our own below.
    pub fn storage(path: &Path) -> io::Result<Self> {
        let mut builder = std::fs::DirBuilder::new();
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.recursive(true).create(path)?;
        Self::existing(path)
    }

    /// The same, where it is there.
    pub fn existing(path: &Path) -> io::Result<Self> {
        let handle = retry_on_intr(|| rustix::fs::open(path, DIRECTORY, Mode::empty()))?;
        Ok(Self { handle, path: path.to_owned() })
    }

    /// Room that this user may still fill on its file system, if that is told.
    pub fn free_bytes(&self) -> Option<u64> {
        let stat = rustix::fs::fstatvfs(&self.handle).ok()?;
        // Some file systems tell nothing.
        (stat.f_blocks > 0).then(|| stat.f_bavail.saturating_mul(stat.f_frsize))
    }

    /// Makes a directory in it that only this user may enter. One that is there already is taken when it is a real
    /// directory of this user's, and closed to others if it was not.
    pub fn make_private(&self, name: &str) -> io::Result<Self> {
        match retry_on_intr(|| rustix::fs::mkdirat(&self.handle, name, Mode::RWXU)) {
            Ok(()) | Err(rustix::io::Errno::EXIST) => self.open_private(name),
            Err(error) => Err(error.into()),
        }
    }

    /// Opens such a directory.
    pub fn open_private(&self, name: &str) -> io::Result<Self> {
        let flags = DIRECTORY.union(OFlags::NOFOLLOW);
        let handle = retry_on_intr(|| rustix::fs::openat(&self.handle, name, flags, Mode::empty()))?;
        let path = self.path.join(name);
        let stat = rustix::fs::fstat(&handle)?;
        // Somebody who got there first, in a directory that many may write to, must not own what we write into.
        if !is_ours(&stat) {
            return Err(foreign(&path));
        }
        if stat.st_mode & 0o077 != 0 {
            rustix::fs::fchmod(&handle, Mode::RWXU)?;
        }
        Ok(Self { handle, path })
    }

    /// Makes a file that is not there yet, for this user alone.
    pub fn new_file(&self, name: &str) -> io::Result<File> {
        let mode = Mode::RUSR.union(Mode::WUSR);
        Ok(retry_on_intr(|| rustix::fs::openat(&self.handle, name, NEW_FILE, mode))?.into())
    }

    /// Opens a file that is there: a real one, and this user's.
    pub fn open_file(&self, name: &str) -> io::Result<File> {
        let open = || Ok(retry_on_intr(|| rustix::fs::openat(&self.handle, name, FILE, Mode::empty()))?);
        let handle: OwnedFd = patiently(open)?;
        let stat = rustix::fs::fstat(&handle)?;
        match facts(&stat).kind {
            FileKind::File => Ok(handle.into()),
            _ if !is_ours(&stat) => Err(foreign(&self.path.join(name))),
            _ => Err(io::ErrorKind::InvalidInput.into()),
        }
    }

    /// What is known of an entry. Links are not followed.
    pub fn facts(&self, name: &str) -> io::Result<Facts> {
        Ok(facts(&rustix::fs::statat(&self.handle, name, AtFlags::SYMLINK_NOFOLLOW)?))
    }

    /// The names in it, in no order. What is not UTF-8 is none of ours.
    pub fn names(&self) -> io::Result<Vec<String>> {
        let entries = rustix::fs::Dir::read_from(&self.handle)?;
        let mut names = Vec::new();
        for entry in entries {
            match entry?.file_name().to_str() {
                Ok("." | "..") | Err(_) => {}
                Ok(name) => names.push(name.to_owned()),
            }
        }
        Ok(names)
    }

    /// Moves a file into `to`, in the place of what has that name there.
    pub fn rename(&self, name: &str, to: &Self, new_name: &str) -> io::Result<()> {
        patiently(|| Ok(retry_on_intr(|| rustix::fs::renameat(&self.handle, name, &to.handle, new_name))?))
    }

    /// Has what became of names in it written to the disk, as far as the system can.
    pub fn sync_names(&self) {
        let _ = rustix::fs::fsync(&self.handle);
    }

    pub fn remove_file(&self, name: &str) -> io::Result<()> {
        Ok(retry_on_intr(|| rustix::fs::unlinkat(&self.handle, name, AtFlags::empty()))?)
    }

    /// Removes an empty directory.
    pub fn remove_dir(&self, name: &str) -> io::Result<()> {
        Ok(retry_on_intr(|| rustix::fs::unlinkat(&self.handle, name, AtFlags::REMOVEDIR))?)
    }
}

/// A directory that is kept open, unless the host closes it behind our back.
pub(in super::super) struct LongLivedDir {
    file: LongLivedFile,
    path: PathBuf,
}

impl LongLivedDir {
    /// Keeps this one open.
    pub fn of(dir: &Dir) -> io::Result<Self> {
        Ok(Self { file: LongLivedFile::register(dir.handle.try_clone()?)?, path: dir.path.clone() })
    }

    /// The directory, unless its handle is lost or it was removed.
    pub fn reopen(&self) -> Option<Dir> {
        let handle: OwnedFd = self.file.duplicate().ok()?.into();
        let is_still_there = rustix::fs::fstat(&handle).is_ok_and(|stat| stat.st_nlink > 0);
        is_still_there.then(|| Dir { handle, path: self.path.clone() })
    }
}

fn is_ours(stat: &Stat) -> bool {
    stat.st_uid == rustix::process::geteuid().as_raw()
}

fn foreign(path: &Path) -> io::Error {
    let text = format!("{} belongs to another user", path.display());
    io::Error::new(io::ErrorKind::PermissionDenied, text)
}

#[allow(clippy::unnecessary_cast, reason = "these fields differ in type from system to system")]
fn facts(stat: &Stat) -> Facts {
    let kind = match FileType::from_raw_mode(stat.st_mode) {
        _ if !is_ours(stat) => FileKind::Other,
        FileType::RegularFile => FileKind::File,
        FileType::Directory => FileKind::Dir,
        _ => FileKind::Other,
    };
    let since = Duration::new((stat.st_mtime as i64).max(0) as u64, stat.st_mtime_nsec as u32);
    let modified = SystemTime::UNIX_EPOCH.checked_add(since).unwrap_or(SystemTime::UNIX_EPOCH);
    Facts { kind, allocated: stat.st_blocks as u64 * 512, modified }
}
