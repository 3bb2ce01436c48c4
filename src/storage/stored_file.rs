//! A file of events that is not mapped: one that an earlier run left behind, or a compacted one of this run.

use std::io::{self, Seek, SeekFrom, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::clock::ClockStamp;
use super::fs::{self, Dir};
use super::header::{Header, is_later_version};
use super::layout::{CHUNK_MAGIC, CLOCK_AT, DELIVERED_AT, HEADER_BYTES, HEADER_COPY, PAGE, clock_words};
use super::quota::QuotaReservation;
use super::records::Records;
use super::run_dir::RunDir;

/// Larger than any file that is ever made: what is larger is none of ours.
const MAX_FILE_BYTES: u64 = 16 << 20;

/// See the module.
pub(super) struct StoredFile {
    name: String,
    /// The run that it lies in.
    run: Arc<RunDir>,
    bytes: usize,
    delivered: AtomicU64,
    reservation: QuotaReservation,
}

impl StoredFile {
    /// The file of this name in `run`, of which so many bytes are on disk and so many first events were delivered.
    pub fn new(
        name: String,
        run: Arc<RunDir>,
        bytes: usize,
        delivered: u64,
        reservation: QuotaReservation,
    ) -> Self {
        Self { name, run, bytes, delivered: AtomicU64::new(delivered), reservation }
    }

    /// What it takes on disk.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Its records.
    pub fn records(&self) -> io::Result<Records> {
        Ok(Records::parse(read(&self.run.dir()?, &self.name)?))
    }

    /// How many of its first events were delivered.
    pub fn delivered(&self) -> u64 {
        self.delivered.load(Ordering::Acquire)
    }

    /// Notes it, for a later run too. Where it can't be noted, a later run sends these events again.
    pub fn note_delivered(&self, events: u64) {
        self.delivered.store(events, Ordering::Release);
        let _ = self.run.dir().and_then(|dir| note_delivered(&dir, &self.name, events));
    }

    /// Counts it against the limits from now on.
    pub fn count(&self) {
        self.reservation.grow_to(self.bytes);
    }

    /// Counts it no longer, but leaves it where it is.
    pub fn abandon(&self) {
        self.reservation.shrink_to(0);
    }

    /// Removes it.
    pub fn remove(&self) {
        let _ = self.run.dir().and_then(|dir| dir.remove_file(&self.name));
        self.reservation.shrink_to(0);
    }

    /// Moves it, which `origin` wrote, into the run `own`. Where that can't be done it stays where it is.
    pub fn move_to(&mut self, own: &Arc<RunDir>, origin: &str) {
        if let Ok(name) = own.take_in(&self.run, &self.name, origin) {
            self.name = name;
            self.run = own.clone();
        }
    }
}

/// The bytes of a file.
pub(super) fn read(dir: &Dir, name: &str) -> io::Result<Vec<u8>> {
    dir.read(name, MAX_FILE_BYTES)
}

/// Whether a later version of this library made it. One that can't be read is none.
pub(super) fn is_of_a_later_version(dir: &Dir, name: &str) -> bool {
    dir.read(name, CHUNK_MAGIC.len() as u64).is_ok_and(|bytes| is_later_version(&bytes))
}

/// Gives the room behind the last good record back, and notes how the clocks stood where the file does not tell, without
/// making it younger. What it takes on disk from now on.
pub(super) fn trim_and_stamp(
    dir: &Dir,
    name: &str,
    header: &Header,
    end: usize,
    clock: Option<ClockStamp>,
) -> io::Result<usize> {
    let before = dir.facts(name)?;
    let mut file = dir.open_file(name)?;
    let kept = end.next_multiple_of(PAGE);
    // Where the system can't, it costs room and nothing else.
    let _ = fs::give_back_behind(&file, kept as u64);
    if let (None, Some(clock)) = (header.clock, clock) {
        for copy in [0, HEADER_COPY] {
            file.seek(SeekFrom::Start((copy + CLOCK_AT) as u64))?;
            for word in clock_words(&header.check, clock) {
                file.write_all(&word.to_le_bytes())?;
            }
        }
    }
    file.set_modified(before.modified)?;
    Ok(dir.facts(name)?.allocated as usize)
}

/// Notes in a file how many of its first events were delivered.
fn note_delivered(dir: &Dir, name: &str, events: u64) -> io::Result<()> {
    let Some(header) = Header::parse(&dir.read(name, HEADER_BYTES as u64)?) else {
        return Ok(());
    };
    let mut file = dir.open_file(name)?;
    for copy in [0, HEADER_COPY] {
        file.seek(SeekFrom::Start((copy + DELIVERED_AT) as u64))?;
        file.write_all(&header.check.number(events).to_le_bytes())?;
    }
    Ok(())
}
