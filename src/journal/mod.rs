//! The crash-safe buffer between the threads that record and the one that sends.
//!
//! - [`map`]: the memory of one chunk, and the append into it
//! - [`chunk`]: a chunk: map, file, envelope
//! - [`run`]: the locked directory of this run, and the adoption of dead ones
//! - [`stored`]: reading what a dead run left behind
//! - [`packed`]: chunks made small, when no server takes them
//! - [`sequence`], [`backlog`]: closed chunks on their way to the server
//! - [`disk`]: private files

mod backlog;
mod chunk;
mod disk;
mod map;
mod packed;
mod run;
mod sequence;
mod stored;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use parking_lot::Mutex;

pub(crate) use backlog::Backlog;
pub(crate) use chunk::{Chunk, FreshChunk};
pub(crate) use sequence::{Sequence, Tally};

use crate::error::Error;
use run::RunDir;

pub(crate) use map::Append;

/// `protocol.md`: "stored data older than 3 days is dropped at start".
const MOST_AGE: Duration = Duration::from_secs(3 * 24 * 60 * 60);
/// Fewer bytes of events are not worth packing yet.
const PACK_AT_LEAST: usize = 256 * 1_024;
/// More are packed into several files.
const PACK_AT_MOST: usize = 4_000_000;

/// What earlier runs left behind.
#[derive(Default)]
pub(crate) struct Adopted {
    /// Events to be delivered.
    pub events: u64,
    /// Events that were too old.
    pub expired: u64,
    /// Damaged places, each of which had been an event or more.
    pub damaged: u64,
    sequences: Vec<Sequence>,
}

/// Makes chunks, within the storage limit, and finds those of earlier runs.
pub(crate) struct Journal {
    home: Option<PathBuf>,
    /// `None` in memory, and after [`Journal::close`].
    run: Mutex<Option<Arc<RunDir>>>,
    limit: u64,
    usage: Arc<AtomicU64>,
    names: AtomicU64,
    spare: Mutex<Option<FreshChunk>>,
    backlog: Backlog,
}

impl Journal {
    /// A journal in `storage_dir`, or in memory.
    pub fn open(storage_dir: Option<&Path>, api_key: &str, limit: u64) -> Result<Self, Error> {
        let home = storage_dir.map(|dir| run::home_of(dir, api_key));
        let run = match (storage_dir, &home) {
            (Some(dir), Some(home)) => Some(Arc::new(open_run(dir, home)?)),
            _ => None,
        };
        Ok(Self {
            home,
            run: Mutex::new(run),
            limit,
            usage: Arc::default(),
            names: AtomicU64::new(1),
            spare: Mutex::new(None),
            backlog: Backlog::default(),
        })
    }

    /// What waits to be delivered.
    pub fn backlog(&self) -> &Backlog {
        &self.backlog
    }

    /// Bytes that count against the storage limit.
    pub fn used_bytes(&self) -> u64 {
        self.usage.load(Ordering::Relaxed)
    }

    /// A chunk that holds an event of this length: the one that was kept ready, or else a new one, which costs
    /// system calls.
    pub fn fresh(&self, event: usize) -> Result<FreshChunk, Error> {
        let spare = self.spare.lock().take();
        match spare {
            Some(spare) if spare.holds(event) => return Ok(spare),
            Some(spare) => self.keep_spare(spare),
            None => {}
        }
        let capacity = FreshChunk::capacity_for(event);
        let used = self.used_bytes();
        if used + capacity as u64 > self.limit {
            return Err(Error::BufferFull { used, limit: self.limit });
        }
        let name = self.names.fetch_add(1, Ordering::Relaxed);
        let run = self.run.lock().clone();
        FreshChunk::create(capacity, run.as_ref(), name, &self.usage)
            .map_err(|error| Error::Storage(format!("no room for events can be had: {error}")))
    }

    /// Keeps a chunk for the next that needs one.
    pub fn keep_spare(&self, fresh: FreshChunk) {
        let surplus = {
            let mut spare = self.spare.lock();
            if spare.is_some() { Some(fresh) } else { spare.replace(fresh) }
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
        let mut adopted = Adopted::default();
        if let Some(home) = &self.home {
            for run in RunDir::adopt(home)? {
                self.adopt_run(run, &mut adopted);
            }
        }
        self.backlog.push_before_all(std::mem::take(&mut adopted.sequences));
        Ok(adopted)
    }

    /// What a dead run recorded, in its order. What can't be read stays for a later start.
    fn adopt_run(&self, run: RunDir, adopted: &mut Adopted) {
        let run = Arc::new(run);
        let files = run.event_files().unwrap_or_default();
        // Packed, but killed before the chunks themselves were removed.
        let packed: Vec<_> = files.iter().filter_map(|path| run::numbers_in(path)).collect();
        let mut sequences = Vec::new();
        for path in files {
            let is_chunk = run::numbers_in(&path).is_none();
            match Sequence::stored(path.clone(), run.clone(), &self.usage) {
                Ok(Some((number, sequence)))
                    if is_chunk && packed.iter().any(|range| range.contains(&number)) =>
                {
                    sequence.remove();
                }
                Ok(Some((_, sequence))) if is_older_than(sequence.sealed_at(), MOST_AGE) => {
                    adopted.expired += sequence.waiting();
                    sequence.remove();
                }
                Ok(Some((number, sequence))) => {
                    adopted.damaged += sequence.damaged();
                    // Counted here, so that nobody who asks for numbers has to read the file.
                    adopted.events += sequence.waiting();
                    sequences.push((number, sequence));
                }
                // A spare that was never used, or a header that can't be read: nothing to deliver.
                Ok(None) => {
                    adopted.damaged += u64::from(stored::was_used(&path));
                    let _ = std::fs::remove_file(path);
                }
                Err(_) => {}
            }
        }
        sequences.sort_by_key(|(number, _)| *number);
        adopted.sequences.extend(sequences.into_iter().map(|(_, sequence)| sequence));
    }

    /// Makes what waits take less room, where that is worth it: for when no server takes it.
    pub fn pack(&self) -> io::Result<()> {
        while let Some(sequences) = self.backlog.packable(PACK_AT_LEAST, PACK_AT_MOST) {
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
        if let Some(spare) = self.spare.lock().take() {
            spare.remove();
        }
        self.backlog.clear();
        let run = self.run.lock().take();
        drop(run);
    }

    /// Reads a small file kept beside the runs. `None` when there is none, or no directory.
    pub fn read_kept(&self, name: &str) -> Option<Vec<u8>> {
        const MOST: u64 = 1 << 20;
        let file = disk::open_file(&self.home.as_ref()?.join(name)).ok()?;
        let mut bytes = Vec::new();
        io::Read::read_to_end(&mut io::Read::take(file, MOST), &mut bytes).ok()?;
        Some(bytes)
    }

    /// Keeps a small file beside the runs, replaced whole.
    pub fn keep(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        match &self.home {
            Some(home) => disk::replace_file(&home.join(name), bytes),
            None => Ok(()),
        }
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        self.close();
    }
}

fn is_older_than(time: SystemTime, age: Duration) -> bool {
    // A time to come is no age: the clock was set back.
    time.elapsed().is_ok_and(|elapsed| elapsed > age)
}

fn open_run(storage_dir: &Path, home: &Path) -> Result<RunDir, Error> {
    let failed = |error: io::Error| {
        Error::Storage(format!("the storage directory {} can't be used: {error}", storage_dir.display()))
    };
    std::fs::create_dir_all(storage_dir).map_err(failed)?;
    disk::private_dir(home).map_err(failed)?;
    RunDir::create(home).map_err(failed)
}
