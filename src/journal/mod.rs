//! The crash-safe buffer between the threads that record and the one that sends.
//!
//! - [`map`]: the memory of one chunk, and the append into it; [`check`]: how damage to it is found
//! - [`chunk`]: a chunk: map, file, envelope
//! - [`lock`]: one process at a time
//! - [`run`]: the locked directory of this run, and dead ones
//! - [`adoption`]: what dead runs left behind, taken over by this one
//! - [`stored`]: reading what a dead run left behind
//! - [`packed`]: chunks made small, when no server takes them
//! - [`sequence`], [`backlog`]: closed chunks on their way to the server
//! - [`disk`]: private files

mod adoption;
mod backlog;
mod check;
mod chunk;
mod disk;
mod lock;
mod map;
mod packed;
mod run;
mod sequence;
mod stored;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

pub(crate) use adoption::Adopted;
pub(crate) use backlog::Backlog;
use chunk::Usage;
pub(crate) use chunk::{Appender, Chunk, FreshChunk};
pub(crate) use lock::leave_locks_behind;
pub(crate) use sequence::{Sequence, Tally};

use crate::error::Error;
use crate::sync::Mutex;
use run::RunDir;

pub(crate) use map::Append;

/// A storage directory that can't be used must not become a process that eats the memory instead.
const MOST_IN_MEMORY_INSTEAD: u64 = 64_000_000;
/// Fewer bytes of events are not worth packing yet.
const PACK_AT_LEAST: usize = 256 * 1_024;
/// More are packed into several files.
const PACK_AT_MOST: usize = 4_000_000;

/// Makes chunks, within the storage limit, and finds those of earlier runs.
///
/// Where the storage directory fails, chunks are made in memory until it works again.
pub(crate) struct Journal {
    place: Option<Place>,
    /// `None` until the first chunk is made, and after [`Journal::close`].
    run: Mutex<Option<Arc<RunDir>>>,
    closed: AtomicBool,
    /// Why events are kept in memory although there is a storage directory.
    problem: Mutex<Option<String>>,
    limit: u64,
    usage: Arc<Usage>,
    names: AtomicU64,
    spare: Mutex<Option<FreshChunk>>,
    backlog: Backlog,
}

/// Where a journal lies on disk.
struct Place {
    storage_dir: PathBuf,
    /// The directory of our API key in it.
    home: PathBuf,
}

impl Journal {
    /// A journal in `storage_dir`, or in memory.
    pub fn open(storage_dir: Option<&Path>, api_key: &str, limit: u64) -> Self {
        let journal = Self {
            place: storage_dir.map(|dir| {
                // The host may go to another directory later.
                let storage_dir = std::path::absolute(dir).unwrap_or_else(|_| dir.to_owned());
                Place { home: run::home_of(&storage_dir, api_key), storage_dir }
            }),
            run: Mutex::new(None),
            closed: AtomicBool::new(false),
            problem: Mutex::new(None),
            limit,
            usage: Arc::default(),
            names: AtomicU64::new(1),
            spare: Mutex::new(None),
            backlog: Backlog::default(),
        };
        if let Some(place) = &journal.place {
            let run = journal.run_in(place, None).map(drop);
            journal.note(place, &run);
            journal.backlog.expect_earlier_runs();
        }
        journal
    }

    /// What waits to be delivered.
    pub fn backlog(&self) -> &Backlog {
        &self.backlog
    }

    /// Bytes that count against the storage limit.
    pub fn used_bytes(&self) -> u64 {
        self.usage.all()
    }

    /// Why events are kept in memory although there is a storage directory; `None` while there is no such
    /// trouble.
    pub fn problem(&self) -> Option<String> {
        self.problem.lock().clone()
    }

    /// Whether something waits in memory only.
    pub fn is_in_memory(&self) -> bool {
        self.usage.in_memory() > 0
    }

    /// Whether chunks are files, as far as is known.
    pub fn is_on_disk(&self) -> bool {
        self.place.is_some() && self.problem.lock().is_none()
    }

    /// A chunk that holds an event of this length: the one that was kept ready, or else a new one, which costs
    /// system calls.
    pub fn fresh(&self, event: usize) -> Result<FreshChunk, Error> {
        match self.ready_chunk() {
            Some(spare) if spare.holds(event) => return Ok(spare),
            Some(spare) => self.keep_spare(spare),
            None => {}
        }
        let capacity = FreshChunk::capacity_for(event);
        let used = self.used_bytes();
        if used + capacity as u64 > self.limit {
            return Err(Error::BufferFull { used, limit: self.limit });
        }
        if let Some(place) = &self.place {
            let made = self.create_on_disk(place, capacity);
            self.note(place, &made);
            if let Ok(fresh) = made {
                return Ok(fresh);
            }
            if self.usage.in_memory() + capacity as u64 > MOST_IN_MEMORY_INSTEAD {
                let problem = self.problem().unwrap_or_default();
                return Err(Error::Storage(format!("{problem}; and enough waits in memory already")));
            }
        }
        FreshChunk::in_memory(capacity, &self.usage)
            .map_err(|error| Error::Storage(format!("no memory for events can be had: {error}")))
    }

    fn create_on_disk(&self, place: &Place, capacity: usize) -> io::Result<FreshChunk> {
        let name = self.names.fetch_add(1, Ordering::Relaxed);
        let run = self.run_in(place, None)?;
        match FreshChunk::in_file(capacity, &run, name, &self.usage) {
            // Somebody removed the directory. Perhaps there may be another.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                FreshChunk::in_file(capacity, &self.run_in(place, Some(&run))?, name, &self.usage)
            }
            made => made,
        }
    }

    /// The directory of this run, made when there is none yet but the one that is `lost`.
    fn run_in(&self, place: &Place, lost: Option<&Arc<RunDir>>) -> io::Result<Arc<RunDir>> {
        let mut current = self.run.lock();
        match &*current {
            Some(run) if lost.is_none_or(|lost| !Arc::ptr_eq(run, lost)) => return Ok(run.clone()),
            _ if self.closed.load(Ordering::Acquire) => return Err(io::ErrorKind::NotFound.into()),
            _ => {}
        }
        disk::dir_and_parents(&place.storage_dir)?;
        disk::private_dir(&place.home)?;
        let run = Arc::new(RunDir::create(&place.home)?);
        *current = Some(run.clone());
        Ok(run)
    }

    /// Remembers whether the storage directory works.
    fn note<T>(&self, place: &Place, made: &io::Result<T>) {
        *self.problem.lock() = made.as_ref().err().map(|error| {
            format!("the storage directory {} can't be used: {error}", place.storage_dir.display())
        });
    }

    /// The chunk that was kept ready, if there is one.
    pub fn ready_chunk(&self) -> Option<FreshChunk> {
        self.spare.lock().take()
    }

    /// Keeps a chunk for the next that needs one.
    pub fn keep_spare(&self, fresh: FreshChunk) {
        let surplus = {
            let mut spare = self.spare.lock();
            // After the end nobody takes it any more, and its file would keep the run from being taken over.
            let is_unwanted = spare.is_some() || self.closed.load(Ordering::Acquire);
            if is_unwanted { Some(fresh) } else { spare.replace(fresh) }
        };
        if let Some(surplus) = surplus {
            surplus.remove();
        }
    }

    /// Sees to it that a chunk is ready, so that no recording thread has to make one.
    pub fn prepare_spare(&self) -> Result<(), Error> {
        if self.spare.lock().is_none() {
            let fresh = self.fresh(0)?;
            self.keep_spare(fresh);
        }
        Ok(())
    }

    /// Whether one chunk more would pass the storage limit.
    pub fn is_full_for(&self, event: usize) -> bool {
        self.used_bytes() + FreshChunk::capacity_for(event) as u64 > self.limit
    }

    /// Finds what dead runs left behind and puts it before everything else.
    pub fn adopt(&self) -> io::Result<Adopted> {
        let Some(place) = &self.place else {
            return Ok(Adopted::default());
        };
        let own = self.run.lock().clone();
        let mut adopted = adoption::adopt(&place.home, own.as_ref(), &self.usage);
        let sequences = adopted.as_mut().map(|adopted| std::mem::take(&mut adopted.sequences));
        self.backlog.push_before_all(sequences.unwrap_or_default());
        adopted
    }

    /// Makes what waits take less room, where that is worth it, and survive a power cut: for when no server takes it.
    /// Leaves off where `stopping` says so.
    pub fn settle_down(&self, stopping: impl Fn() -> bool) -> io::Result<()> {
        let packed = self.pack(&stopping);
        self.backlog.all().iter().take_while(|_| !stopping()).for_each(|sequence| sequence.sync());
        packed
    }

    fn pack(&self, stopping: impl Fn() -> bool) -> io::Result<()> {
        while !stopping()
            && let Some(sequences) = self.backlog.packable(PACK_AT_LEAST, PACK_AT_MOST)
        {
            let packed = Arc::new(Sequence::pack(&sequences, &self.usage)?);
            if self.backlog.replace(&sequences, &packed) {
                sequences.iter().for_each(|sequence| sequence.remove());
            } else {
                packed.remove();
                break;
            }
        }
        Ok(())
    }

    /// Lets go of everything, so that a later run may adopt what waits on disk.
    pub fn close(&self) {
        self.closed.store(true, Ordering::Release);
        if let Some(spare) = self.ready_chunk() {
            spare.remove();
        }
        self.backlog.clear();
        let run = self.run.lock().take();
        drop(run);
    }

    /// Reads a small file kept beside the runs. `None` when there is none, or no directory.
    pub fn read_kept(&self, name: &str) -> Option<Vec<u8>> {
        const MOST: u64 = 1 << 20;
        let file = disk::open_file(&self.place.as_ref()?.home.join(name)).ok()?;
        let mut bytes = Vec::new();
        io::Read::read_to_end(&mut io::Read::take(file, MOST), &mut bytes).ok()?;
        Some(bytes)
    }

    /// Keeps a small file beside the runs, replaced whole.
    pub fn keep(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        match &self.place {
            Some(place) => disk::replace_file(&place.home.join(name), bytes),
            None => Ok(()),
        }
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        self.close();
    }
}

/// The events in a stored file, and how many places in it are damaged.
#[cfg(fuzzing)]
pub(crate) fn stored_events(bytes: Vec<u8>) -> (Vec<Vec<u8>>, u64) {
    let records = stored::Records::parse(bytes);
    (records.iter().map(<[u8]>::to_vec).collect(), records.damaged)
}

fn is_older_than(time: SystemTime, age: Duration) -> bool {
    // A time to come is no age: the clock was set back.
    time.elapsed().is_ok_and(|elapsed| elapsed > age)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thread_that_outlives_the_journal_leaves_no_chunk_in_it() {
        let dir = tempfile::tempdir().unwrap();
        let journal = Journal::open(Some(dir.path()), "key", 4_000_000);
        let late = journal.fresh(0).unwrap();
        journal.close();
        journal.keep_spare(late);
        let home = run::home_of(dir.path(), "key");
        assert_eq!(std::fs::read_dir(home).unwrap().count(), 0, "its run is gone");
    }
}
