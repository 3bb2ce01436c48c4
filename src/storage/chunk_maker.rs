//! Where chunks are made: in the storage directory; or in memory without one, and while it fails.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use super::api_key_dir::ApiKeyDir;
use super::fresh_chunk::FreshChunk;
use super::quota::QuotaReservation;
use super::run_dir::RunDir;
use crate::error::Error;
use crate::model::ids::ApiKey;
use crate::sync::Mutex;

/// A storage directory that can't be used must not become a process that eats the memory instead.
const MAX_MEMORY_FALLBACK_BYTES: u64 = 64_000_000;

/// See the module.
pub(super) struct ChunkMaker {
    dir: Option<Arc<ApiKeyDir>>,
    /// `None` until the first chunk is made, and after [`Self::close`].
    run: Mutex<Option<Arc<RunDir>>>,
    /// Why chunks are made in memory although there is a storage directory.
    problem: Mutex<Option<String>>,
    chunks_made: AtomicU64,
    is_closed: AtomicBool,
}

impl ChunkMaker {
    /// Makes this run's directory in `storage_dir`, if there is one; a failure is a [`Self::problem`].
    pub fn open(storage_dir: Option<&Path>, api_key: &ApiKey) -> Self {
        let maker = Self {
            dir: storage_dir.map(|dir| Arc::new(ApiKeyDir::of(dir, api_key))),
            run: Mutex::new(None),
            problem: Mutex::new(None),
            chunks_made: AtomicU64::new(0),
            is_closed: AtomicBool::new(false),
        };
        if let Some(dir) = &maker.dir {
            let run = maker.run_in(dir, None).and_then(|run| {
                // A chunk is made later: that there is no room for one is to be told now.
                run.dir()?.has_room(FreshChunk::capacity_for(0))
            });
            maker.note(dir, &run);
        }
        maker
    }

    /// The directory of the API key, if there is a storage directory.
    pub fn dir(&self) -> Option<&Arc<ApiKeyDir>> {
        self.dir.as_ref()
    }

    /// The directory of this run, if there is one now.
    pub fn run(&self) -> Option<Arc<RunDir>> {
        self.run.lock().clone()
    }

    /// Notes in it how the clocks stand now.
    pub fn stamp(&self) {
        if let Some(run) = &*self.run.lock() {
            run.stamp();
        }
    }

    /// Notes in it that the host has ended the recording.
    pub fn note_end(&self) {
        if let Some(run) = &*self.run.lock() {
            run.note_end();
        }
    }

    /// Why chunks are made in memory although there is a storage directory; `None` while there is no such trouble.
    pub fn problem(&self) -> Option<String> {
        self.problem.lock().clone()
    }

    /// A chunk of this capacity, in a file where that can be had.
    pub fn make(&self, capacity: usize, mut reservation: QuotaReservation) -> Result<FreshChunk, Error> {
        if let Some(dir) = &self.dir {
            let made = self.create_on_disk(dir, capacity, reservation);
            self.note(dir, &made.as_ref().map(drop).map_err(|(error, _)| error));
            reservation = match made {
                Ok(fresh) => return Ok(fresh),
                Err((_, reservation)) => reservation,
            };
        }
        let max_bytes = if self.dir.is_some() { MAX_MEMORY_FALLBACK_BYTES } else { u64::MAX };
        if !reservation.move_to_memory(max_bytes) {
            let problem = self.problem().unwrap_or_default();
            return Err(Error::Storage(format!(
                "{problem}; and 64 MB wait in memory already, the most that is kept there"
            )));
        }
        FreshChunk::in_memory(capacity, reservation)
            .map_err(|error| Error::Storage(format!("no memory for events can be allocated: {error}")))
    }

    fn create_on_disk(
        &self,
        dir: &Arc<ApiKeyDir>,
        capacity: usize,
        reservation: QuotaReservation,
    ) -> Result<FreshChunk, (io::Error, QuotaReservation)> {
        let number = 1 + self.chunks_made.fetch_add(1, Ordering::Relaxed);
        let run = match self.run_in(dir, None) {
            Ok(run) => run,
            Err(error) => return Err((error, reservation)),
        };
        match FreshChunk::in_file(capacity, &run, number, reservation) {
            // Somebody removed the directory. Perhaps there may be another.
            Err((error, reservation)) if error.kind() == io::ErrorKind::NotFound => {
                match self.run_in(dir, Some(&run)) {
                    Ok(run) => FreshChunk::in_file(capacity, &run, number, reservation),
                    Err(error) => Err((error, reservation)),
                }
            }
            made => made,
        }
    }

    /// The directory of this run, made when there is none yet but the one that is `lost`.
    fn run_in(&self, dir: &Arc<ApiKeyDir>, lost: Option<&Arc<RunDir>>) -> io::Result<Arc<RunDir>> {
        let mut current = self.run.lock();
        match &*current {
            Some(run) if lost.is_none_or(|lost| !Arc::ptr_eq(run, lost)) => return Ok(run.clone()),
            _ if self.is_closed.load(Ordering::Acquire) => return Err(io::ErrorKind::NotFound.into()),
            _ => {}
        }
        let run = Arc::new(RunDir::create(dir)?);
        run.take_crash_marks();
        *current = Some(run.clone());
        Ok(run)
    }

    /// Remembers whether the storage directory works.
    fn note<E: std::fmt::Display>(&self, dir: &ApiKeyDir, made: &Result<(), E>) {
        *self.problem.lock() = made.as_ref().err().map(|error| {
            format!("the storage directory {} can't be used: {error}", dir.storage_dir().display())
        });
    }

    /// Lets go of this run's directory, and makes none any more.
    pub fn close(&self) {
        self.is_closed.store(true, Ordering::Release);
        let run = self.run.lock().take();
        // Outside the lock: it removes the directory, if that is empty.
        drop(run);
    }
}
