//! The same on Windows, by path: it has no `openat`. So that nobody puts another directory in the place of one that was checked,
//! that of the API key stays open, which keeps its name; what lies in it only this user may change.
//!
//! Nothing here follows a symbolic link or a junction.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::windows::ffi::OsStrExt;
use std::os::windows::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use windows_sys::Win32::Storage::FileSystem::{
    FILE_FLAG_BACKUP_SEMANTICS, FILE_FLAG_OPEN_REPARSE_POINT, FILE_LIST_DIRECTORY, FILE_READ_ATTRIBUTES,
    FILE_SHARE_READ, FILE_SHARE_WRITE, GetDiskFreeSpaceExW, READ_CONTROL, WRITE_DAC,
};

use super::{Facts, FileKind, patiently, security};

/// See the module above.
pub(in super::super) struct Dir {
    path: PathBuf,
}

impl Dir {
    /// The directory that the host named, made with those it lies in where they are not there yet. Those inherit who may enter them:
    /// the host, or its installer, may keep other things there, for others too. It may be anybody's, and a link: what we write
    /// lies in directories of our own below.
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

    /// Room that this user may still fill on its file system, if that is told.
    pub fn free_bytes(&self) -> Option<u64> {
        let path = wide(&self.path);
        let (mut free, nothing) = (0, std::ptr::null_mut());
        // SAFETY: the path ends in a zero, and `free` has room for the answer.
        let told = unsafe { GetDiskFreeSpaceExW(path.as_ptr(), &raw mut free, nothing, nothing) };
        (told != 0).then_some(free)
    }

    /// Makes a directory in it that only this user, and the system itself, may enter. One that is there already is taken when
    /// it is a real directory of this user's, and closed to others if it was not.
    pub fn make_private(&self, name: &str) -> io::Result<Self> {
        match security::create_private(&self.path.join(name)) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
            _ => self.open_private(name),
        }
    }

    /// Opens such a directory.
    pub fn open_private(&self, name: &str) -> io::Result<Self> {
        let path = self.path.join(name);
        let asking = FILE_READ_ATTRIBUTES | READ_CONTROL;
        let handle = patiently(|| opening_itself().access_mode(asking).open(&path))?;
        if !check_directory(&handle, &path)?.is_private {
            let changing = FILE_READ_ATTRIBUTES | READ_CONTROL | WRITE_DAC;
            security::make_private(&opening_itself().access_mode(changing).open(&path)?)?;
        }
        Ok(Self { path })
    }

    /// Makes a file that is not there yet; it is for those who may enter the directory.
    pub fn new_file(&self, name: &str) -> io::Result<File> {
        OpenOptions::new().read(true).write(true).create_new(true).open(self.path.join(name))
    }

    /// Opens a file that is there: a real one, and this user's.
    pub fn open_file(&self, name: &str) -> io::Result<File> {
        let path = self.path.join(name);
        let file = patiently(|| opening_itself().read(true).write(true).open(&path))?;
        if !file.metadata()?.is_file() {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        if !security::access_of(&file)?.is_ours {
            return Err(foreign(&path));
        }
        Ok(file)
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
        patiently(|| fs::rename(self.path.join(name), to.path.join(new_name)))
    }

    /// The system's journal holds names.
    pub fn sync_names(&self) {}

    pub fn remove_file(&self, name: &str) -> io::Result<()> {
        fs::remove_file(self.path.join(name))
    }

    /// Removes an empty directory.
    pub fn remove_dir(&self, name: &str) -> io::Result<()> {
        fs::remove_dir(self.path.join(name))
    }
}

/// A directory that is kept open, so that its name stays its own: it is neither renamed nor removed meanwhile.
pub(in super::super) struct LongLivedDir {
    path: PathBuf,
    _handle: File,
}

impl LongLivedDir {
    /// Keeps this one open. Only from now on its name is its own, so it is checked once more.
    pub fn of(dir: &Dir) -> io::Result<Self> {
        let shared = FILE_SHARE_READ | FILE_SHARE_WRITE;
        // Who has only attributes open takes part in no sharing.
        let access = FILE_LIST_DIRECTORY | FILE_READ_ATTRIBUTES | READ_CONTROL;
        let handle = opening_itself().access_mode(access).share_mode(shared).open(&dir.path)?;
        check_directory(&handle, &dir.path)?;
        Ok(Self { path: dir.path.clone(), _handle: handle })
    }

    /// The directory.
    pub fn reopen(&self) -> Option<Dir> {
        Some(Dir { path: self.path.clone() })
    }
}

/// Opens a directory or a file, never what a link leads to.
fn opening_itself() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.custom_flags(FILE_FLAG_BACKUP_SEMANTICS | FILE_FLAG_OPEN_REPARSE_POINT);
    options
}

/// Whether what is open is a real directory, and this user's. A link to one is none.
fn check_directory(handle: &File, path: &Path) -> io::Result<security::Access> {
    if !handle.metadata()?.is_dir() {
        return Err(io::ErrorKind::NotADirectory.into());
    }
    let access = security::access_of(handle)?;
    if access.is_ours { Ok(access) } else { Err(foreign(path)) }
}

/// A path as the system's own functions take it. Behind `\\?\` it may be as long as it likes, whatever the host's manifest says; the
/// standard library does the same. Of an absolute path without `..`, which is what [`std::path::absolute`] makes.
pub(super) fn wide(path: &Path) -> Vec<u16> {
    /// A directory's may have 247 units: it leaves room for a short name.
    const MAX_UNITS: usize = 247;
    let units = |text: &str| text.encode_utf16().collect::<Vec<u16>>();
    let mut path: Vec<u16> = path.as_os_str().encode_wide().collect();
    let begins = |text: &str| path.starts_with(&units(text));
    if path.len() > MAX_UNITS && !begins(r"\\?\") && !begins(r"\\.\") {
        path = match begins(r"\\") {
            true => [units(r"\\?\UNC\"), path.split_off(2)].concat(),
            false => [units(r"\\?\"), path].concat(),
        };
    }
    path.push(0);
    path
}

fn foreign(path: &Path) -> io::Error {
    let text = format!("{} belongs to another user", path.display());
    io::Error::new(io::ErrorKind::PermissionDenied, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_private(path: &Path) -> bool {
        let options = FILE_READ_ATTRIBUTES | READ_CONTROL;
        let handle = opening_itself().access_mode(options).open(path).unwrap();
        let access = security::access_of(&handle).unwrap();
        access.is_ours && access.is_private
    }

    #[test]
    fn what_we_make_only_this_user_may_read_and_what_was_open_is_closed() {
        let place = tempfile::tempdir().unwrap();
        let storage = Dir::storage(&place.path().join("a/b")).unwrap();
        // What lies above is not closed to others: it inherits what the one above it says.
        let outer = is_private(place.path());
        assert_eq!(
            [place.path().join("a"), place.path().join("a/b")].map(|made| is_private(&made)),
            [outer; 2]
        );
        let ours = storage.make_private("ours").unwrap();
        drop(ours.new_file("file").unwrap());
        assert!(is_private(&ours.path));
        fs::create_dir(storage.path.join("open")).unwrap();
        storage.make_private("open").unwrap();
        assert!(is_private(&storage.path.join("open")));
    }

    #[test]
    fn the_key_directory_keeps_its_name_while_it_is_used() {
        let place = tempfile::tempdir().unwrap();
        let storage = Dir::storage(place.path()).unwrap();
        let ours = storage.make_private("ours").unwrap();
        let kept = LongLivedDir::of(&ours).unwrap();
        assert!(fs::rename(place.path().join("ours"), place.path().join("moved")).is_err());
        assert_eq!(kept.reopen().unwrap().path, place.path().join("ours"));
        drop(kept);
        fs::rename(place.path().join("ours"), place.path().join("moved")).unwrap();
    }

    #[test]
    fn a_path_may_be_as_long_as_it_likes() {
        let place = tempfile::tempdir().unwrap();
        let deep = (0..9)
            .fold(place.path().to_owned(), |path, _| path.join("fifty-characters-of-a-name-".repeat(2)));
        assert!(deep.as_os_str().len() > 450);
        let storage = Dir::storage(&deep).unwrap();
        assert!(storage.free_bytes().is_some());
        let ours = storage.make_private("ours").unwrap();
        let _kept = LongLivedDir::of(&ours).unwrap();
        ours.replace_file("file", b"long").unwrap();
        ours.rename("file", &storage, "other").unwrap();
        assert_eq!(storage.read("other", 100).unwrap(), b"long");
        assert_eq!(storage.facts("other").unwrap().kind, FileKind::File);
        let names: std::collections::BTreeSet<String> = storage.names().unwrap().into_iter().collect();
        assert_eq!(names, ["other", "ours"].map(str::to_owned).into());
        storage.remove_file("other").unwrap();
        assert!(is_private(&ours.path));
    }

    #[test]
    fn a_long_path_is_told_as_the_system_wants_it() {
        let name = "x".repeat(250);
        let told = |path: &str| String::from_utf16(&wide(Path::new(path))).unwrap();
        for (path, wanted) in [
            (r"C:\short".to_owned(), "C:\\short\0".to_owned()),
            (format!(r"C:\{name}"), format!("\\\\?\\C:\\{name}\0")),
            (format!(r"\\server\share\{name}"), format!("\\\\?\\UNC\\server\\share\\{name}\0")),
            (format!(r"\\?\C:\{name}"), format!("\\\\?\\C:\\{name}\0")),
        ] {
            assert_eq!(told(&path), wanted);
        }
    }

    #[test]
    fn no_link_is_followed() {
        let place = tempfile::tempdir().unwrap();
        let storage = Dir::storage(place.path()).unwrap();
        let ours = storage.make_private("ours").unwrap();
        drop(ours.new_file("file").unwrap());
        let (to_file, to_dir) = (ours.path.join("link"), place.path().join("other"));
        let junction = place.path().join("junction");
        let _ = std::os::windows::fs::symlink_file(ours.path.join("file"), &to_file);
        let _ = std::os::windows::fs::symlink_dir(&ours.path, &to_dir);
        let make = ["/c", "mklink", "/j", junction.to_str().unwrap(), ours.path.to_str().unwrap()];
        let _ = std::process::Command::new("cmd").args(make).output();
        // Who may make which links, the system says; Wine makes none.
        for (link, dir) in [(to_dir, "other"), (junction, "junction")] {
            if link.is_symlink() {
                assert!(storage.open_private(dir).is_err() && storage.make_private(dir).is_err());
                assert_eq!(storage.facts(dir).unwrap().kind, FileKind::Other);
            }
        }
        if to_file.is_symlink() {
            assert!(ours.open_file("link").is_err() && ours.new_file("link").is_err());
            assert_eq!(ours.facts("link").unwrap().kind, FileKind::Other);
        }
    }
}
