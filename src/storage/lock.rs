//! The lock of a run's directory: it tells that the run's process lives.

use std::io::{self, Read, Seek, SeekFrom, Write};

use super::clock::ClockStamp;
use super::fs::{self, Dir, LongLivedFile, times_open, without_fork};
use super::process::Process;
use super::run_page::{self, PAGE_BYTES, PageContent, RunPage};

/// The lock's file in a run's directory.
pub(super) const LOCK: &str = "lock";

/// A lock, held as long as this lives.
pub(super) struct RunLock {
    file: LongLivedFile,
    /// Of a run of this process; none of a dead one that is recovered.
    page: Option<RunPage>,
}

impl RunLock {
    /// The directory `run` in `parent`, with its lock. It is locked before it comes to where others look for it, so nobody
    /// takes the run over in between.
    pub fn create(parent: &Dir, run: &str) -> io::Result<Self> {
        let temporary = fs::temporary_name(LOCK);
        let made = without_fork(|| {
            let _ = parent.remove_file(&temporary);
            Self::create_temporary(parent, &temporary)
        });
        let made = made.and_then(|lock| {
            Self::name(parent, &temporary, run)?;
            Ok(lock)
        });
        if made.is_err() {
            let _ = parent.remove_file(&temporary);
            let _ = parent.remove_dir(run);
        }
        made
    }

    fn name(parent: &Dir, temporary: &str, run: &str) -> io::Result<()> {
        /// Somebody else who looks for dead runs may find the directory empty, and remove it.
        const MAX_ATTEMPTS: u32 = 10;
        let mut attempt = 1;
        loop {
            match parent.make_private(run).and_then(|run| parent.rename(temporary, &run, LOCK)) {
                Err(error) if error.kind() == io::ErrorKind::NotFound && attempt < MAX_ATTEMPTS => {
                    attempt += 1
                }
                renamed => return renamed,
            }
        }
    }

    fn create_temporary(parent: &Dir, temporary: &str) -> io::Result<Self> {
        // Known before anything else is done with it: see `without_fork`.
        let lock = LongLivedFile::register(parent.new_file(temporary)?)?;
        let mut file = lock.file();
        fs::allocate(file, PAGE_BYTES)?;
        let head = run_page::head(Process::current(), lock.id(), ClockStamp::now());
        file.seek(SeekFrom::Start(0))?;
        file.write_all(&head)?;
        let page = RunPage::over(file)?;
        lock.try_lock()?;
        Ok(Self { file: lock, page: Some(page) })
    }

    /// Takes the lock of a run that is dead; [`io::ErrorKind::WouldBlock`] where it is not. And what the run's page says.
    pub fn take(run: &Dir, run_name: &str) -> io::Result<(Self, Option<PageContent>)> {
        let lock = without_fork(|| {
            let file = LongLivedFile::register(run.open_file(LOCK)?)?;
            file.try_lock()?;
            Ok(Self { file, page: None })
        })?;
        let content = PageContent::parse(&lock.read()?);
        // A copy of the file, made with a copy of the whole directory, tells of another run.
        let content = content.filter(|content| content.file == lock.file.id());
        // This process has it open once by now.
        let goes_on_here = || times_open(lock.file.id()) > 1;
        match content {
            Some(content) if !content.is_closed && content.process.lives(run_name, goes_on_here) => {
                Err(io::ErrorKind::WouldBlock.into())
            }
            content => Ok((lock, content)),
        }
    }

    /// What the file says. Through the handle that locked it: Windows lets no other read it.
    fn read(&self) -> io::Result<Vec<u8>> {
        let mut file = self.file.duplicate()?;
        file.seek(SeekFrom::Start(0))?;
        let mut bytes = Vec::new();
        file.take(PAGE_BYTES as u64).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// Takes the crash that the page tells of away: it was told.
    pub fn forget_crash(&self) {
        let forgotten = self.file.duplicate().and_then(|mut file| {
            file.seek(SeekFrom::Start(run_page::CRASHED_AT as u64))?;
            file.write_all(&0_u64.to_le_bytes())
        });
        // Where that can't be, it is told again.
        drop(forgotten);
    }

    /// The run's page, if it is one of this process.
    pub fn page(&self) -> Option<&RunPage> {
        self.page.as_ref()
    }
}

impl Drop for RunLock {
    fn drop(&mut self) {
        if let Some(page) = &self.page {
            page.close();
        }
        // So that it is held neither by a child that is forked before the descriptor is closed, nor by a page that has to stay.
        if let Ok(file) = self.file.duplicate() {
            let _ = file.unlock();
        }
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_run_whose_lock_is_lost_is_its_processs_as_long_as_that_lives() {
        let place = tempfile::tempdir().unwrap();
        let parent = Dir::storage(place.path()).unwrap();
        let lock = RunLock::create(&parent, "run").unwrap();
        let dir = parent.open_private("run").unwrap();
        // As on file systems that lie over others, where a map keeps no lock.
        rustix::fs::flock(&lock.file, rustix::fs::FlockOperation::Unlock).unwrap();
        assert_eq!(RunLock::take(&dir, "run").err().unwrap().kind(), io::ErrorKind::WouldBlock);
        drop(lock);
        let (_lock, content) = RunLock::take(&dir, "run").unwrap();
        assert_eq!(content.unwrap().process, Process::current());
    }
}
