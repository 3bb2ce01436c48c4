//! What the journal asks of the file system: private, and never by way of a symbolic link.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io;
use std::path::Path;

/// Makes a directory that only this user may enter. One that is there already is taken when it is a real
/// directory of this user's, and closed to others if it was not.
pub(super) fn private_dir(path: &Path) -> io::Result<()> {
    match private_builder().create(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            let metadata = fs::symlink_metadata(path)?;
            if metadata.is_dir() { make_private(path, &metadata) } else { Err(error) }
        }
        result => result,
    }
}

/// Makes a directory, and those it lies in, where they are not there yet: then for this user alone.
pub(super) fn dir_and_parents(path: &Path) -> io::Result<()> {
    private_builder().recursive(true).create(path)
}

fn private_builder() -> DirBuilder {
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
}

/// Somebody who got there first, in a directory that many may write to, must not own what we write into.
#[cfg(unix)]
fn make_private(path: &Path, metadata: &fs::Metadata) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};

    if metadata.uid() != rustix::process::geteuid().as_raw() {
        let text = format!("{} belongs to another user", path.display());
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, text));
    }
    if metadata.mode() & 0o077 != 0 {
        fs::set_permissions(path, fs::Permissions::from_mode(0o700))?;
    }
    Ok(())
}

#[cfg(not(unix))]
fn make_private(_: &Path, _: &fs::Metadata) -> io::Result<()> {
    Ok(())
}

/// Makes a file that is not there yet, for this user alone.
pub(super) fn new_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Opens a file that is there, but no symbolic link to one.
pub(super) fn open_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, libc::O_NOFOLLOW | libc::O_NONBLOCK);
    options.open(path)
}

/// Cuts a file to this length; never makes it longer.
pub(super) fn shorten(path: &Path, bytes: u64) -> io::Result<()> {
    let file = open_file(path)?;
    if file.metadata()?.len() > bytes { file.set_len(bytes) } else { Ok(()) }
}

/// Puts `bytes` where `path` is, whole or not at all.
pub(super) fn replace_file(path: &Path, bytes: &[u8]) -> io::Result<()> {
    may_be_so_large(bytes.len())?;
    let temporary = path.with_extension(format!("tmp-{:08x}", fastrand::u32(..)));
    let mut file = new_file(&temporary)?;
    let written = io::Write::write_all(&mut file, bytes)
        .and_then(|()| file.sync_all())
        .and_then(|()| fs::rename(&temporary, path));
    if written.is_err() {
        let _ = fs::remove_file(&temporary);
    }
    written
}

/// Gives a new file its whole size on disk now, so that a full disk is an error here and not a fault at
/// some later store to the map.
pub(super) fn allocate(file: &File, bytes: usize) -> io::Result<()> {
    may_be_so_large(bytes)?;
    #[cfg(target_os = "linux")]
    {
        use rustix::fs::{FallocateFlags, fallocate};
        use rustix::io::retry_on_intr;
        // A host's timers and profilers interrupt it with their signals.
        let allocated = retry_on_intr(|| fallocate(file, FallocateFlags::empty(), 0, bytes as u64));
        match allocated {
            Err(rustix::io::Errno::OPNOTSUPP | rustix::io::Errno::NOSYS) => {}
            result => result?,
        }
    }
    write_zeros(file, bytes)
}

/// Written and not left to the map's first stores: the system then makes its pages many at a time, which costs half. In
/// pieces of this size: a store to a page looks at all that were made with it.
fn write_zeros(mut file: &File, bytes: usize) -> io::Result<()> {
    static ZEROS: [u8; 64 * 1_024] = [0; 64 * 1_024];
    let mut left = bytes;
    while left > 0 {
        let piece = left.min(ZEROS.len());
        io::Write::write_all(&mut file, &ZEROS[..piece])?;
        left -= piece;
    }
    Ok(())
}

/// Whether a file may have this size (`ulimit -f`). Trying it out would bring the host a SIGXFSZ, which ends it.
fn may_be_so_large(bytes: usize) -> io::Result<()> {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, getrlimit};
        if getrlimit(Resource::Fsize).current.is_some_and(|limit| bytes as u64 > limit) {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
    }
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::{PermissionsExt, symlink};

    #[test]
    fn is_private_and_follows_no_link() {
        let dir = tempfile::tempdir().unwrap();
        let ours = dir.path().join("ours");
        private_dir(&ours).unwrap();
        private_dir(&ours).unwrap();
        assert_eq!(fs::metadata(&ours).unwrap().permissions().mode() & 0o777, 0o700);
        let foreign = match rustix::process::geteuid().is_root() {
            true => {
                let path = dir.path().join("foreign");
                fs::create_dir(&path).unwrap();
                std::os::unix::fs::chown(&path, Some(1), None).unwrap();
                path
            }
            false => "/".into(),
        };
        let error = private_dir(&foreign).unwrap_err().to_string();
        assert!(error.contains("belongs to another user"), "{error}");
        let file = ours.join("file");
        allocate(&new_file(&file).unwrap(), 10_000).unwrap();
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::metadata(&file).unwrap().len(), 10_000);

        fs::set_permissions(&ours, fs::Permissions::from_mode(0o777)).unwrap();
        private_dir(&ours).unwrap();
        assert_eq!(fs::metadata(&ours).unwrap().permissions().mode() & 0o777, 0o700, "closed again");
        dir_and_parents(&dir.path().join("a/b")).unwrap();
        for made in ["a", "a/b"] {
            assert_eq!(fs::metadata(dir.path().join(made)).unwrap().permissions().mode() & 0o777, 0o700);
        }

        symlink(&ours, dir.path().join("link")).unwrap();
        assert!(private_dir(&dir.path().join("link")).is_err());
        symlink(&file, ours.join("link")).unwrap();
        assert!(open_file(&ours.join("link")).is_err());
        assert!(new_file(&ours.join("link")).is_err());
        replace_file(&ours.join("link"), b"new").unwrap();
        assert_eq!(fs::metadata(&file).unwrap().len(), 10_000, "the link was replaced, not followed");
    }
}
