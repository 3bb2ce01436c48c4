//! Writes a file of a folder on the thread that has what it holds, in as few system calls as it takes.

use std::ffi::OsString;
use std::fs::{File, OpenOptions, remove_file, rename};
use std::io::{self, IoSlice, Write};
use std::path::{Path, PathBuf};

use object_store::PutPayload;

/// Writes a file whose name nobody else chooses. As the `object_store` crate does it, too: under a name that is in no list, and then renamed, so that whoever
/// looks finds all of it or nothing, whenever this process is killed.
pub(super) fn write(path: &Path, payload: &PutPayload) -> io::Result<()> {
    let staged = staged(path);
    let file = OpenOptions::new().write(true).create_new(true).open(&staged)?;
    let written = fill(file, payload).and_then(|()| rename(&staged, path));
    if written.is_err() {
        let _ = remove_file(&staged);
    }
    written
}

/// `<name>#1`: what ends like that is on its way to all who list a folder, of earlier versions, too.
fn staged(path: &Path) -> PathBuf {
    let mut staged = OsString::from(path);
    staged.push("#1");
    staged.into()
}

fn fill(mut file: File, payload: &PutPayload) -> io::Result<()> {
    let parts: Vec<IoSlice<'_>> = payload.iter().map(|part| IoSlice::new(part)).collect();
    // Most often all that there is.
    let mut written = file.write_vectored(&parts)?;
    for part in &parts {
        let begun = written.min(part.len());
        file.write_all(&part[begun..])?;
        written -= begun;
    }
    // Some file systems, those on a network, say only then that there was no room.
    nix::unistd::close(file).map_err(io::Error::from)
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;

    fn payload() -> PutPayload {
        [Bytes::from_static(b"{}\n"), Bytes::new(), Bytes::from(vec![b'x'; 3 << 20])].into_iter().collect()
    }

    #[test]
    fn a_file_is_there_whole_and_nothing_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("name");
        write(&path, &payload()).unwrap();
        let bytes = std::fs::read(&path).unwrap();
        assert_eq!((bytes.len(), &bytes[..4]), (3 + (3 << 20), &b"{}\nx"[..]));
        let names: Vec<_> =
            folder.path().read_dir().unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(names, ["name"]);
    }

    #[test]
    fn what_can_not_be_written_leaves_nothing_and_takes_nothing_away() {
        let folder = tempfile::tempdir().unwrap();
        assert!(write(&folder.path().join("no-folder/name"), &payload()).is_err());
        // A folder in the place of the file: the last step fails.
        let taken = folder.path().join("taken");
        std::fs::create_dir_all(taken.join("inside")).unwrap();
        assert!(write(&taken, &payload()).is_err());
        assert!(taken.join("inside").is_dir() && !folder.path().join("taken#1").exists());
        // Somebody else is writing it.
        std::fs::write(folder.path().join("other#1"), "theirs").unwrap();
        assert!(write(&folder.path().join("other"), &payload()).is_err());
        assert_eq!(std::fs::read(folder.path().join("other#1")).unwrap(), b"theirs");
    }
}
