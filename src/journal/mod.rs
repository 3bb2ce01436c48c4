//! The crash-safe buffer between the threads that record and the one that sends.
//!
//! - [`map`]: the memory of one chunk, and the append into it
//! - [`chunk`]: a chunk: map, file, envelope
//! - [`run`]: the locked directory of this run, and the adoption of dead ones
//! - [`stored`]: reading what a dead run left behind
//! - [`sequence`], [`backlog`]: closed chunks on their way to the server
//! - [`disk`]: private files

mod backlog;
mod chunk;
mod disk;
mod map;
mod run;
mod sequence;
mod stored;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use parking_lot::Mutex;

pub(crate) use backlog::Backlog;
pub(crate) use chunk::{Chunk, FreshChunk};
pub(crate) use sequence::{Sequence, Tally};

use crate::error::Error;
use run::RunDir;

pub(crate) use map::Append;

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

    /// Finds what dead runs left behind and puts it before everything else. Gives how many events wait
    /// in it.
    pub fn adopt(&self) -> io::Result<u64> {
        let Some(home) = &self.home else {
            return Ok(0);
        };
        let mut adopted = Vec::new();
        for run in RunDir::adopt(home)? {
            adopted.extend(self.sequences_of(Arc::new(run)));
        }
        let count = adopted.iter().map(Sequence::waiting).sum();
        self.backlog.push_before_all(adopted);
        Ok(count)
    }

    /// What a dead run recorded, in its order. What can't be read stays for a later start.
    fn sequences_of(&self, run: Arc<RunDir>) -> Vec<Sequence> {
        let mut chunks = Vec::new();
        for path in run.chunk_files().unwrap_or_default() {
            match Sequence::stored(path.clone(), run.clone(), &self.usage) {
                Ok(Some((number, sequence))) => {
                    // Counted here, so that nobody who asks for numbers has to read the file.
                    sequence.tally();
                    chunks.push((number, sequence));
                }
                // A spare that was never used, or a header that can't be read: nothing to deliver.
                Ok(None) => drop(std::fs::remove_file(path)),
                Err(_) => {}
            }
        }
        chunks.sort_by_key(|(number, _)| *number);
        chunks.into_iter().map(|(_, sequence)| sequence).collect()
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

fn open_run(storage_dir: &Path, home: &Path) -> Result<RunDir, Error> {
    let failed = |error: io::Error| {
        Error::Storage(format!("the storage directory {} can't be used: {error}", storage_dir.display()))
    };
    std::fs::create_dir_all(storage_dir).map_err(failed)?;
    disk::private_dir(home).map_err(failed)?;
    RunDir::create(home).map_err(failed)
}
