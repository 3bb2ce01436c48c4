//! The option `rememberOptOut`: that the user opted out, for later starts.
//!
//! A file says so by being there, whatever is in it, so none can be damaged. It is made before the call returns, and outlives
//! the process from then on; `sr-worker` has it written to the disk right after, since that may take long.

use std::io;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::{Duration, Instant};

use super::Sessions;
use crate::options::LogLevel;
use crate::storage::Storage;
use crate::sync::Mutex;

const FILE: &str = "opted-out";

/// What is left to do for the user's choice.
const NOTHING: u8 = 0;
const SYNC: u8 = 1;
const WRITE: u8 = 2;

/// How soon to try again what failed.
const RETRY: Duration = Duration::from_secs(10);

/// See the module.
pub(super) struct OptOutMemory {
    is_on: bool,
    to_do: AtomicU8,
    /// When to try again what failed.
    retry_at: Mutex<Option<Instant>>,
}

impl OptOutMemory {
    pub fn new(is_on: bool) -> Self {
        Self { is_on, to_do: AtomicU8::new(NOTHING), retry_at: Mutex::default() }
    }

    /// Whether the user had opted out. Where there is an error nobody can tell.
    pub fn recall(&self, storage: &Storage) -> io::Result<bool> {
        if self.is_on { storage.has_mark(FILE) } else { Ok(false) }
    }
}

/// Where the file lies, for a message.
pub(super) fn mark_place(storage: &Storage) -> String {
    storage.place_of(FILE).map_or_else(|| FILE.to_owned(), |path| path.display().to_string())
}

impl Sessions {
    /// Remembers for later starts what the user chose last. Where that can't be done now it is tried again.
    pub fn remember_opt_out(&self) -> io::Result<()> {
        if !self.opt_out_memory.is_on {
            return Ok(());
        }
        let written = self.write_choice();
        self.wake_worker();
        written
    }

    /// Where it is remembered, for a message.
    pub fn opt_out_file(&self) -> String {
        mark_place(&self.storage)
    }

    fn write_choice(&self) -> io::Result<()> {
        let memory = &self.opt_out_memory;
        loop {
            let is_opted_out = self.state.lock().is_opted_out();
            let written = self.storage.set_mark(FILE, is_opted_out);
            *memory.retry_at.lock() = written.is_err().then(|| Instant::now() + RETRY);
            memory.to_do.store(if written.is_ok() { SYNC } else { WRITE }, Ordering::Release);
            // Another thread may have told of another choice meanwhile, and written it before this one.
            if self.state.lock().is_opted_out() == is_opted_out {
                return written;
            }
        }
    }

    /// Does what is left of that, on `sr-worker`. How soon to try again, if that is to be.
    pub fn finish_remembering(&self) -> Option<Duration> {
        let memory = &self.opt_out_memory;
        if memory.to_do.load(Ordering::Acquire) == WRITE {
            let wait = memory
                .retry_at
                .lock()
                .map_or(Duration::ZERO, |at| at.saturating_duration_since(Instant::now()));
            if !wait.is_zero() {
                return Some(wait);
            }
            if self.write_choice().is_err() {
                return Some(RETRY);
            }
            self.log.write(LogLevel::Info, || "the user's choice is remembered now".to_owned());
        }
        let synced = memory.to_do.compare_exchange(SYNC, NOTHING, Ordering::AcqRel, Ordering::Relaxed);
        if synced.is_ok() {
            self.storage.sync_marks();
        }
        None
    }
}
