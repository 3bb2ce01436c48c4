//! One chunk: a map with its file, the envelope of its events, and what it takes of the storage limit.

use std::fs::File;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use super::clock::ClockStamp;
use super::fs;
use super::layout::{HEADER_BYTES, LATE_NUMBERS, PAGE};
use super::map::{Append, Map};
use super::quota::QuotaReservation;
use super::records::Records;
use super::run_dir::RunDir;
use super::salvage::Salvage;
use super::stored_file;
use crate::model::envelope::Envelope;

/// Where a chunk lies on disk. Holding the run keeps its directory locked. The file itself is not kept open: many
/// chunks may wait, and the host needs its file descriptors.
#[derive(Clone)]
pub(super) struct ChunkFile {
    pub name: String,
    pub run: Arc<RunDir>,
}

impl ChunkFile {
    fn open(&self) -> io::Result<File> {
        self.run.dir()?.open_file(&self.name)
    }

    /// Removes it.
    pub fn remove(&self) {
        let _ = self.run.dir().and_then(|dir| dir.remove_file(&self.name));
    }
}

/// A chunk that takes events, or took them and waits to be delivered.
pub(crate) struct Chunk {
    number: u64,
    map: Arc<Map>,
    file: Option<ChunkFile>,
    reservation: QuotaReservation,
    envelope: Arc<Envelope>,
    delivered: AtomicU64,
    synced: AtomicBool,
    salvage: Salvage,
}

/// A way into a chunk for a thread that may keep it longer than the chunk waits: it does not keep the run's directory.
pub(crate) struct Appender(Arc<Map>);

impl Appender {
    /// Stores one event: see [`Map::append`].
    #[inline]
    pub fn append(&self, event: &[u8]) -> Append {
        self.0.append(event)
    }
}

impl Chunk {
    /// A chunk over this map, whose header is written.
    pub(super) fn new(
        number: u64,
        map: Map,
        file: Option<ChunkFile>,
        reservation: QuotaReservation,
        envelope: &Arc<Envelope>,
    ) -> Self {
        Self {
            number,
            map: Arc::new(map),
            file,
            reservation,
            envelope: envelope.clone(),
            delivered: AtomicU64::new(0),
            synced: AtomicBool::new(false),
            salvage: Salvage::new(),
        }
    }

    /// A way to append that outlives the chunk.
    pub fn appender(&self) -> Appender {
        Appender(self.map.clone())
    }

    /// The envelope of its events.
    pub fn envelope(&self) -> &Arc<Envelope> {
        &self.envelope
    }

    /// Its place among the chunks of its run.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// The run that its file belongs to.
    pub(super) fn run(&self) -> Option<&Arc<RunDir>> {
        self.file.as_ref().map(|file| &file.run)
    }

    /// Stores one event: see [`Map::append`].
    pub fn append(&self, event: &[u8]) -> Append {
        self.map.append(event)
    }

    /// Stores one event behind a mark: see [`Map::append_marked`].
    pub fn append_marked(&self, mark: &[u8], event: &[u8]) -> Append {
        self.map.append_marked(mark, event)
    }

    #[cfg(test)]
    pub fn reserve_only(&self, event: usize) -> usize {
        self.map.reserve_only(event)
    }

    #[cfg(test)]
    pub fn store_late(&self, event: &[u8], offset: usize) {
        self.map.store_late(event, offset);
    }

    /// Closes it for appends: see [`super::SealedChunk::seal`].
    pub(super) fn seal(&self) {
        self.map.seal();
    }

    /// Bytes of records in it.
    pub fn used(&self) -> usize {
        self.map.used()
    }

    /// Whether it can be finalized: it is complete, or was salvaged. These words are those of [`super::salvage`].
    pub fn can_be_finalized(&self) -> bool {
        self.salvage.records().is_some() || self.is_complete()
    }

    /// Whether every append that began has ended.
    pub fn is_complete(&self) -> bool {
        self.salvage.is_complete(&self.map)
    }

    /// The events in it.
    pub fn records(&self) -> Box<dyn Iterator<Item = &[u8]> + '_> {
        match self.salvage.records() {
            Some(salvaged) => Box::new(salvaged.iter()),
            None => Box::new(self.map.records()),
        }
    }

    /// Waits no longer for what is unfinished in it; the rest is found in its bytes as the system reads them. `false` where
    /// they can't be read now; where that is to be `for_good`, what stands before the first gap is all there is.
    pub fn salvage(&self, for_good: bool) -> bool {
        let read = match &self.file {
            Some(file) => file.run.dir().and_then(|dir| stored_file::read(&dir, &file.name)),
            None => self.map.read_by_system(),
        };
        match read {
            Ok(bytes) => self.salvage.set(Records::parse(bytes)),
            Err(_) if for_good => self.salvage.set_what_is_before_the_gap(&self.map),
            Err(_) => return false,
        }
        true
    }

    /// Hands late events to `keep`: see [`Salvage::take_late_events`].
    #[must_use]
    pub fn take_late_events(&self, keep: impl FnMut(&[u8]) -> bool) -> bool {
        self.salvage.take_late_events(&self.map, keep)
    }

    /// Whether it holds late events of other chunks.
    pub fn is_of_late_events(&self) -> bool {
        self.number >= LATE_NUMBERS
    }

    /// How many of its first events were delivered.
    pub fn delivered(&self) -> u64 {
        self.delivered.load(Ordering::Acquire)
    }

    /// Notes it, for a later run too.
    pub fn note_delivered(&self, events: u64) {
        self.delivered.store(events, Ordering::Release);
        self.map.note_delivered(events);
    }

    /// Gives back what a sealed chunk did not need, and notes when it was sealed.
    pub fn trim(&self) {
        if let Some(clock) = ClockStamp::now() {
            self.map.stamp(clock);
        }
        let kept = (HEADER_BYTES + self.map.used()).next_multiple_of(PAGE);
        let given_back = match &self.file {
            Some(file) => file.open().and_then(|file| fs::give_back_behind(&file, kept as u64)),
            None => {
                self.map.give_back_behind(kept);
                Ok(())
            }
        };
        // What can't be given back costs room, nothing else.
        if given_back.is_ok() {
            self.reservation.shrink_to(kept);
        }
    }

    /// Sees to it, once, that a sealed chunk survives a power cut, as far as the disk can promise that.
    pub fn sync(&self) {
        if let Some(file) = &self.file
            && !self.synced.swap(true, Ordering::Relaxed)
        {
            // The map is shared: its pages are the file's.
            let _ = file.open().and_then(|file| file.sync_data());
        }
    }

    /// Whether what is in it survives the end of the process.
    pub fn is_stored(&self) -> bool {
        self.file.is_some()
    }

    /// Removes its file. The memory goes with the last reference.
    pub fn remove(&self) {
        if let Some(file) = &self.file {
            file.remove();
        }
        self.reservation.shrink_to(0);
    }
}

impl Drop for Chunk {
    /// Nobody reads it any more, but a thread that recorded into it last and then rested may still have the map: it takes no
    /// memory of the process and no room on disk.
    fn drop(&mut self) {
        self.map.seal();
        if Arc::strong_count(&self.map) == 1 || !self.is_complete() {
            return;
        }
        if !self.map.give_back() {
            // Not even unmapped: see there.
            std::mem::forget(self.map.clone());
        }
    }
}
