//! The crash-safe buffer between the threads that record and the one that sends.
//!
//! - [`map`]: the memory of one chunk, and the append into it; [`checksum`]: how damage to it is found
//! - [`chunk`]: a chunk: map, file, envelope; [`quota`]: its share of the storage limit
//! - [`home`]: the directory of an API key; [`fs`]: directories that are opened once; [`held`]: what stays open
//! - [`run_dir`]: the locked directory of this run, and dead ones
//! - [`lock`]: one process at a time; [`run_page`]: what it tells others; [`owner`]: whether it lives
//! - [`recovery`]: what dead runs left behind, taken over by this one; [`age`]: how old it is
//! - [`reader`]: reading what a dead run left behind
//! - [`compact`]: chunks made small, when no server takes them
//! - [`sealed`]: a closed chunk on its way to the server
//! - [`disk`]: room on the disk

mod age;
mod checksum;
mod chunk;
mod compact;
mod disk;
mod fs;
#[cfg(unix)]
mod held;
#[cfg(not(unix))]
#[path = "held_portable.rs"]
mod held;
mod home;
mod lock;
mod map;
mod owner;
mod quota;
mod reader;
mod recovery;
mod run_dir;
mod run_page;
mod sealed;

use std::collections::HashSet;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};

pub(crate) use age::{ClockStamp, age};
pub(crate) use chunk::{Appender, Chunk, FreshChunk};
#[cfg(unix)]
pub(crate) use held::{fork_begins, fork_ends, leave_descriptors_behind};
pub(crate) use recovery::Recovered;
#[cfg(unix)]
pub(crate) use run_page::leave_page_behind;
pub(crate) use run_page::{Crash, mark_crash};
pub(crate) use sealed::{Counts, Position, SealedChunk};

use crate::error::Error;
use crate::model::ids::ApiKey;
use crate::sync::Mutex;
use home::Home;
use quota::{Quota, QuotaReservation};
use run_dir::RunDir;

pub(crate) use map::Append;

/// A storage directory that can't be used must not become a process that eats the memory instead.
const MAX_MEMORY_FALLBACK_BYTES: u64 = 64_000_000;
/// Chunks of events that came late are numbered from here on: behind all others, however many come. They are never packed,
/// for what is packed takes the place of all numbers between its first and its last.
const LATE: u64 = 1 << 62;

/// Makes chunks, within the storage limit, and finds those of earlier runs.
///
/// Where the storage directory fails, chunks are made in memory until it works again.
pub(crate) struct Storage {
    home: Option<Arc<Home>>,
    /// `None` until the first chunk is made, and after [`Storage::close`].
    run: Mutex<Option<Arc<RunDir>>>,
    closed: AtomicBool,
    /// Why events are kept in memory although there is a storage directory.
    problem: Mutex<Option<String>>,
    limit: u64,
    usage: Arc<Quota>,
    names: AtomicU64,
    late: AtomicU64,
    spare: Mutex<Option<FreshChunk>>,
    /// How many threads are making a chunk now.
    making: AtomicUsize,
    /// What went at the start, and was not told of yet.
    at_start: Mutex<Recovered>,
    /// Files that can't be taken over, which were told of.
    told_of: Mutex<HashSet<String>>,
}

impl Storage {
    /// A storage in `storage_dir`, or in memory.
    pub fn open(storage_dir: Option<&Path>, api_key: &ApiKey, limit: u64) -> Self {
        let storage = Self {
            home: storage_dir.map(|dir| Arc::new(Home::of(dir, api_key))),
            run: Mutex::new(None),
            closed: AtomicBool::new(false),
            problem: Mutex::new(None),
            limit,
            usage: Arc::default(),
            names: AtomicU64::new(1),
            late: AtomicU64::new(0),
            spare: Mutex::new(None),
            making: AtomicUsize::new(0),
            at_start: Mutex::default(),
            told_of: Mutex::default(),
        };
        if let Some(home) = &storage.home {
            let run = storage.run_in(home, None).and_then(|run| {
                // A chunk is made later: that there is no room for one is to be told now.
                run.dir()?.has_room(FreshChunk::capacity_for(0))
            });
            storage.note(home, &run);
            let own = storage.run.lock().clone();
            *storage.at_start.lock() = recovery::make_room(home, own.as_ref(), limit);
        }
        storage
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
        self.home.is_some() && self.problem.lock().is_none()
    }

    /// Whether what a chunk in memory holds ends with the process although it was to survive it.
    pub fn has_storage(&self) -> bool {
        self.home.is_some()
    }

    /// Whether another thread is making a chunk, which takes a moment.
    pub fn is_making(&self) -> bool {
        self.making.load(Ordering::Acquire) > 0
    }

    /// A chunk that holds an event of this length: the one that was kept ready, or else a new one, which costs
    /// system calls.
    pub fn fresh(&self, event: usize) -> Result<FreshChunk, Error> {
        match self.ready_chunk() {
            Some(spare) if spare.holds(event) => return Ok(spare),
            Some(spare) => self.put_spare(spare),
            None => {}
        }
        let capacity = FreshChunk::capacity_for(event);
        let share = QuotaReservation::reserve(&self.usage, capacity, self.limit).or_else(|| {
            // One that is ready and too small is in the way.
            self.ready_chunk().map(FreshChunk::remove)?;
            QuotaReservation::reserve(&self.usage, capacity, self.limit)
        });
        let Some(share) = share else {
            return Err(Error::BufferFull { used: self.used_bytes(), limit: self.limit });
        };
        let _making = Making::one_more(&self.making);
        self.make(capacity, share)
    }

    fn make(&self, capacity: usize, mut share: QuotaReservation) -> Result<FreshChunk, Error> {
        if let Some(home) = &self.home {
            let made = self.create_on_disk(home, capacity, share);
            self.note(home, &made.as_ref().map(drop).map_err(|(error, _)| error));
            share = match made {
                Ok(fresh) => return Ok(fresh),
                Err((_, share)) => share,
            };
        }
        let most = if self.home.is_some() { MAX_MEMORY_FALLBACK_BYTES } else { u64::MAX };
        if !share.move_to_memory(most) {
            let problem = self.problem().unwrap_or_default();
            return Err(Error::Storage(format!("{problem}; and enough waits in memory already")));
        }
        FreshChunk::in_memory(capacity, share)
            .map_err(|error| Error::Storage(format!("no memory for events can be had: {error}")))
    }

    fn create_on_disk(
        &self,
        home: &Arc<Home>,
        capacity: usize,
        share: QuotaReservation,
    ) -> Result<FreshChunk, (io::Error, QuotaReservation)> {
        let name = self.names.fetch_add(1, Ordering::Relaxed);
        let run = match self.run_in(home, None) {
            Ok(run) => run,
            Err(error) => return Err((error, share)),
        };
        match FreshChunk::in_file(capacity, &run, name, share) {
            // Somebody removed the directory. Perhaps there may be another.
            Err((error, share)) if error.kind() == io::ErrorKind::NotFound => {
                match self.run_in(home, Some(&run)) {
                    Ok(run) => FreshChunk::in_file(capacity, &run, name, share),
                    Err(error) => Err((error, share)),
                }
            }
            made => made,
        }
    }

    /// The directory of this run, made when there is none yet but the one that is `lost`.
    fn run_in(&self, home: &Arc<Home>, lost: Option<&Arc<RunDir>>) -> io::Result<Arc<RunDir>> {
        let mut current = self.run.lock();
        match &*current {
            Some(run) if lost.is_none_or(|lost| !Arc::ptr_eq(run, lost)) => return Ok(run.clone()),
            _ if self.closed.load(Ordering::Acquire) => return Err(io::ErrorKind::NotFound.into()),
            _ => {}
        }
        let run = Arc::new(RunDir::create(home)?);
        run.take_crash_marks();
        *current = Some(run.clone());
        Ok(run)
    }

    /// Remembers whether the storage directory works.
    fn note<E: std::fmt::Display>(&self, home: &Home, made: &Result<(), E>) {
        *self.problem.lock() = made.as_ref().err().map(|error| {
            format!("the storage directory {} can't be used: {error}", home.storage_dir().display())
        });
    }

    /// Notes how the clocks stand now, for the run that comes after this one.
    pub fn stamp(&self) {
        if let Some(run) = &*self.run.lock() {
            run.stamp();
        }
    }

    /// The chunk that was kept ready, if there is one.
    pub fn ready_chunk(&self) -> Option<FreshChunk> {
        self.spare.lock().take()
    }

    /// Keeps a chunk for the next that needs one.
    pub fn put_spare(&self, fresh: FreshChunk) {
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
            self.put_spare(fresh);
        }
        Ok(())
    }

    /// Whether one chunk more would pass the storage limit.
    pub fn is_full_for(&self, event: usize) -> bool {
        self.used_bytes() + FreshChunk::capacity_for(event) as u64 > self.limit
    }

    /// Finds what dead runs left behind.
    pub fn recover(&self) -> io::Result<Recovered> {
        let Some(home) = &self.home else {
            return Ok(Recovered::default());
        };
        let own = self.run.lock().clone();
        let mut recovered =
            recovery::recover(home, own.as_ref(), &self.usage, self.limit, &mut self.told_of.lock());
        if let Ok(recovered) = &mut recovered {
            recovered.join(std::mem::take(&mut self.at_start.lock()));
        }
        recovered
    }

    /// The undelivered events of some chunks of one envelope, compacted: see [`SealedChunk::compact`].
    pub fn compact(&self, chunks: &[Arc<SealedChunk>]) -> io::Result<SealedChunk> {
        SealedChunk::compact(chunks, &self.usage)
    }

    /// Stores an event once more that came too late for its chunk, in a chunk of its own.
    pub fn store_again(&self, chunk: &Chunk, event: &[u8]) -> Result<SealedChunk, Error> {
        let fresh = self.fresh(event.len())?;
        let label = serde_json::to_vec(chunk.envelope().as_ref())
            .map_err(|error| Error::Internal(error.to_string()))?;
        let number = LATE + self.late.fetch_add(1, Ordering::Relaxed);
        let again = fresh.label(number, chunk.envelope(), &label);
        again.append(event);
        again.seal();
        Ok(SealedChunk::mapped(Arc::new(again)))
    }

    /// Lets go of everything, so that a later run may recover what waits on disk.
    pub fn close(&self) {
        self.closed.store(true, Ordering::Release);
        if let Some(spare) = self.ready_chunk() {
            spare.remove();
        }
        let run = self.run.lock().take();
        drop(run);
    }

    /// Reads a small file kept beside the runs. `None` when there is none, or no directory.
    pub fn read_file(&self, name: &str) -> Option<Vec<u8>> {
        const MAX: u64 = 1 << 20;
        self.home.as_ref()?.dir().and_then(|dir| dir.read(name, MAX)).ok()
    }

    /// Keeps a small file beside the runs, replaced whole.
    pub fn write_file(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        match &self.home {
            Some(home) => home.dir()?.replace_file(name, bytes),
            None => Ok(()),
        }
    }
}

/// One thread that makes a chunk, as long as this lives.
struct Making<'a>(&'a AtomicUsize);

impl<'a> Making<'a> {
    fn one_more(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::Release);
        Self(count)
    }
}

impl Drop for Making<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Release);
    }
}

impl Drop for Storage {
    fn drop(&mut self) {
        self.close();
    }
}

/// The events in a stored file, and how many places in it are damaged.
#[cfg(fuzzing)]
pub(crate) fn events_in_file(bytes: Vec<u8>) -> (Vec<Vec<u8>>, u64) {
    let records = reader::Records::parse(bytes);
    (records.iter().map(<[u8]>::to_vec).collect(), records.damaged)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thread_that_outlives_the_storage_leaves_no_chunk_in_it() {
        let dir = tempfile::tempdir().unwrap();
        let storage = Storage::open(Some(dir.path()), &ApiKey::from_text("key").unwrap(), 4_000_000);
        let late = storage.fresh(0).unwrap();
        storage.close();
        storage.put_spare(late);
        let home = std::fs::read_dir(dir.path()).unwrap().next().unwrap().unwrap().path();
        assert_eq!(std::fs::read_dir(home).unwrap().count(), 0, "its run is gone");
    }
}
