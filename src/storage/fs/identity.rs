//! Which file it is, whatever it is called.

/// A directory or file: its device and its number there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) struct FileId {
    pub device: u64,
    pub number: u64,
}

/// Which file this is.
#[cfg(unix)]
pub(in super::super) fn id_of(file: impl std::os::fd::AsFd) -> std::io::Result<FileId> {
    let stat = rustix::fs::fstat(file)?;
    #[allow(clippy::unnecessary_cast, reason = "these fields differ in type from system to system")]
    Ok(FileId { device: stat.st_dev as u64, number: stat.st_ino as u64 })
}
