//! The lock of a run's directory: it tells that the run's process lives.

use std::io::{self, Seek, SeekFrom, Write};

use super::age::ClockStamp;
use super::disk;
use super::fs::{self, Dir};
use super::held::{Held, times_held, without_fork};
use super::owner::Owner;
use super::run_page::{self, PAGE_BYTES, RunPage, Told};

/// The lock's file in a run's directory.
pub(super) const LOCK: &str = "lock";

/// A lock, held as long as this lives.
pub(super) struct Lock {
    held: Held,
    /// Of a run of this process; none of a dead one's that is taken over.
    page: Option<RunPage>,
}

impl Lock {
    /// The directory `run` in `home`, with its lock. It is locked before it comes to where others look for it, so nobody
    /// takes the run over in between.
    pub fn create(home: &Dir, run: &str) -> io::Result<Self> {
        let temporary = fs::temporary_name(LOCK);
        let made = without_fork(|| {
            let _ = home.remove_file(&temporary);
            Self::create_temporary(home, &temporary)
        });
        let made = made.and_then(|lock| {
            Self::name(home, &temporary, run)?;
            Ok(lock)
        });
        if made.is_err() {
            let _ = home.remove_file(&temporary);
            let _ = home.remove_dir(run);
        }
        made
    }

    fn name(home: &Dir, temporary: &str, run: &str) -> io::Result<()> {
        /// Somebody else who looks for dead runs may find the directory empty, and remove it.
        const ATTEMPTS: u32 = 10;
        let mut attempt = 1;
        loop {
            match home.make_private(run).and_then(|run| home.rename(temporary, &run, LOCK)) {
                Err(error) if error.kind() == io::ErrorKind::NotFound && attempt < ATTEMPTS => attempt += 1,
                renamed => return renamed,
            }
        }
    }

    fn create_temporary(home: &Dir, temporary: &str) -> io::Result<Self> {
        // Known before anything else is done with it: see `without_fork`.
        let held = Held::keep(home.new_file(temporary)?)?;
        let mut file = held.file();
        disk::allocate(file, PAGE_BYTES)?;
        let head = run_page::head(Owner::current(), held.identity(), ClockStamp::now());
        file.seek(SeekFrom::Start(0))?;
        file.write_all(&head)?;
        let page = RunPage::over(file)?;
        Ok(Self { held: hold(held)?, page: Some(page) })
    }

    /// Holds the lock of a run that is dead; an error where it is not. And what the run's page tells.
    pub fn take(run: &Dir, run_name: &str) -> io::Result<(Self, Option<Told>)> {
        let lock = without_fork(|| Ok(Self { held: hold(Held::keep(run.open_file(LOCK)?)?)?, page: None }))?;
        let told = Told::parse(&run.read(LOCK, PAGE_BYTES as u64)?);
        // A copy of the file, made with a copy of the whole directory, tells of another run.
        let told = told.filter(|told| told.file == lock.held.identity());
        // This process holds it once by now.
        let goes_on_here = || times_held(lock.held.identity()) > 1;
        match told {
            Some(told) if !told.is_let_go && told.owner.lives(run_name, goes_on_here) => {
                Err(io::ErrorKind::WouldBlock.into())
            }
            told => Ok((lock, told)),
        }
    }

    /// Takes the crash that the page tells of away: it was told.
    pub fn forget_crash(&self) {
        let forgotten = self.held.duplicate().and_then(|mut file| {
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

/// [`io::ErrorKind::WouldBlock`] where somebody else holds it.
fn hold(held: Held) -> io::Result<Held> {
    held.try_lock()?;
    Ok(held)
}

impl Drop for Lock {
    fn drop(&mut self) {
        if let Some(page) = &self.page {
            page.let_go();
        }
        // So that it is held neither by a child that is forked before the descriptor is closed, nor by a page that has to stay.
        if let Ok(file) = self.held.duplicate() {
            let _ = file.unlock();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(target_os = "linux")]
    #[test]
    fn a_run_whose_lock_is_lost_is_its_processs_as_long_as_that_lives() {
        let place = tempfile::tempdir().unwrap();
        let home = Dir::storage(place.path()).unwrap();
        let lock = Lock::create(&home, "run").unwrap();
        let dir = home.open_private("run").unwrap();
        // As on file systems that lie over others, where a map keeps no lock.
        rustix::fs::flock(&lock.held, rustix::fs::FlockOperation::Unlock).unwrap();
        assert_eq!(Lock::take(&dir, "run").err().unwrap().kind(), io::ErrorKind::WouldBlock);
        drop(lock);
        let (_lock, told) = Lock::take(&dir, "run").unwrap();
        assert_eq!(told.unwrap().owner, Owner::current());
    }
}
