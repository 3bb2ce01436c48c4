//! Room on the disk: taken whole before it is needed, and given back without making a mapped file shorter.

use std::fs::File;
use std::io;

/// Gives a new file its whole size on disk now, so that a full disk is an error here and not a fault at
/// some later store to the map.
pub(in super::super) fn allocate(file: &File, bytes: usize) -> io::Result<()> {
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
    const PIECE: usize = 64 * 1_024;
    // Not a constant: it would lie in the library's file.
    let mut zeros = Vec::new();
    zeros.try_reserve_exact(bytes.min(PIECE)).map_err(|_| io::ErrorKind::OutOfMemory)?;
    zeros.resize(bytes.min(PIECE), 0);
    let mut left = bytes;
    while left > 0 {
        let piece = left.min(PIECE);
        io::Write::write_all(&mut file, &zeros[..piece])?;
        left -= piece;
    }
    Ok(())
}

/// Whether a file may have this size (`ulimit -f`). Trying it out would bring the host a SIGXFSZ, which ends it.
pub(in super::super) fn may_be_so_large(bytes: usize) -> io::Result<()> {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, getrlimit};
        if getrlimit(Resource::Fsize).current.is_some_and(|limit| bytes as u64 > limit) {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
    }
    #[cfg(not(unix))]
    let _ = bytes;
    Ok(())
}

/// Whether room of a file that is mapped can be given back.
pub(in super::super) const GIVES_BACK_MAPPED: bool = cfg!(target_os = "linux");

/// Gives the room behind the first `kept` bytes of a file back. Where the system can, the file stays as long as it is:
/// somebody may have it mapped, and a map that reaches behind the end of its file ends its process. Zeros are read there
/// from then on. Windows shortens no file that is mapped, so there it gets shorter. An error where the room can't be given
/// back.
pub(in super::super) fn give_back_behind(file: &File, kept: u64) -> io::Result<()> {
    let length = file.metadata()?.len();
    let Some(rest) = length.checked_sub(kept).filter(|rest| *rest > 0) else {
        return Ok(());
    };
    #[cfg(target_os = "linux")]
    {
        use rustix::fs::{FallocateFlags, fallocate};
        let flags = FallocateFlags::PUNCH_HOLE | FallocateFlags::KEEP_SIZE;
        Ok(rustix::io::retry_on_intr(|| fallocate(file, flags, kept, rest))?)
    }
    #[cfg(windows)]
    {
        let _ = rest;
        file.set_len(kept)
    }
    #[cfg(not(any(target_os = "linux", windows)))]
    {
        let _ = rest;
        Err(io::ErrorKind::Unsupported.into())
    }
}

#[cfg(all(test, windows))]
mod tests {
    use super::*;

    #[test]
    fn gives_room_back_by_cutting() {
        let file = tempfile::tempfile().unwrap();
        allocate(&file, 512 * 1_024).unwrap();
        give_back_behind(&file, 8_192).unwrap();
        assert_eq!(file.metadata().unwrap().len(), 8_192);
        give_back_behind(&file, 1 << 40).unwrap();
        assert_eq!(file.metadata().unwrap().len(), 8_192);
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;
    use std::os::unix::fs::MetadataExt;

    #[test]
    fn gives_room_back_and_leaves_the_length() {
        let file = tempfile::tempfile().unwrap();
        allocate(&file, 512 * 1_024).unwrap();
        assert!(file.metadata().unwrap().blocks() >= 1_024);
        give_back_behind(&file, 8_192).unwrap();
        let metadata = file.metadata().unwrap();
        assert!(metadata.len() == 512 * 1_024 && metadata.blocks() <= 32, "{metadata:?}");
        give_back_behind(&file, 1 << 40).unwrap();
    }
}
