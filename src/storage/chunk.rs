//! One chunk: a map with its file, the envelope of its events, and its share of the storage limit.

use std::fs::File;
use std::io;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use super::age::ClockStamp;
use super::disk;
use super::fs::allocated_file;
use super::map::{Append, HEADER_BYTES, Map, PAGE, record_bytes, system_page};
use super::quota::QuotaReservation;
use super::reader;
use super::run_dir::{self, RunDir};
use crate::model::envelope::Envelope;

/// Size of a chunk's map. Small, so that little memory is kept warm; chunks of one session that wait are
/// sent together.
const CHUNK_BYTES: usize = 512 * 1_024;

/// A chunk without an envelope, ready to be put in place.
pub(crate) struct FreshChunk {
    map: Map,
    file: Option<ChunkFile>,
    share: QuotaReservation,
}

/// Where a chunk lies on disk. Holding the run keeps its directory locked. The file itself is not kept open: many
/// chunks may wait, and the host needs its file descriptors.
#[derive(Clone)]
struct ChunkFile {
    name: String,
    run: Arc<RunDir>,
}

impl FreshChunk {
    /// Size of the map that an event of this length asks for: whole pages, since what is not needed is given back in
    /// pages.
    pub fn capacity_for(event: usize) -> usize {
        CHUNK_BYTES.max((HEADER_BYTES + record_bytes(event)).next_multiple_of(system_page()))
    }

    /// A chunk that ends with the process.
    pub(super) fn in_memory(capacity: usize, share: QuotaReservation) -> io::Result<Self> {
        Ok(Self { map: Map::anonymous(capacity)?, file: None, share })
    }

    /// A chunk in a new file of the run. The share comes back with an error.
    pub(super) fn in_file(
        capacity: usize,
        run: &Arc<RunDir>,
        number: u64,
        share: QuotaReservation,
    ) -> Result<Self, (io::Error, QuotaReservation)> {
        let name = run_dir::chunk_name(number);
        let opened = run.dir().and_then(|dir| allocated_file(&dir, &name, capacity));
        let mapped = opened.and_then(|opened| {
            // From here on the file goes when something fails.
            let file = ChunkFile { name, run: run.clone() };
            Map::over(&opened, capacity).map(|map| (map, file.clone())).inspect_err(|_| file.remove())
        });
        match mapped {
            Ok((map, file)) => Ok(Self { map, file: Some(file), share }),
            Err(error) => Err((error, share)),
        }
    }

    /// Whether an event of this length fits.
    pub fn holds(&self, event: usize) -> bool {
        record_bytes(event) <= self.map.room()
    }

    /// Gives the chunk its envelope and its number: from now on it takes events.
    pub fn label(mut self, number: u64, envelope: &Arc<Envelope>, label: &[u8]) -> Chunk {
        self.map.write_header(number, label);
        Chunk {
            number,
            map: Arc::new(self.map),
            file: self.file,
            share: self.share,
            envelope: envelope.clone(),
            delivered: AtomicU64::new(0),
            synced: AtomicBool::new(false),
            rescued: OnceLock::new(),
            late_from: AtomicUsize::new(HEADER_BYTES),
        }
    }

    /// Gives it back to the system.
    pub fn remove(self) {
        if let Some(file) = &self.file {
            file.remove();
        }
    }
}

impl ChunkFile {
    fn open(&self) -> io::Result<File> {
        self.run.dir()?.open_file(&self.name)
    }

    fn remove(&self) {
        let _ = self.run.dir().and_then(|dir| dir.remove_file(&self.name));
    }
}

/// A chunk that takes events, or took them and waits to be delivered.
pub(crate) struct Chunk {
    number: u64,
    map: Arc<Map>,
    file: Option<ChunkFile>,
    share: QuotaReservation,
    envelope: Arc<Envelope>,
    delivered: AtomicU64,
    synced: AtomicBool,
    /// Its records, once nobody waits any longer for one that a thread began and did not end.
    rescued: OnceLock<reader::Records>,
    /// Up to here records that came late were taken.
    late_from: AtomicUsize,
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

    #[cfg(test)]
    pub fn reserve_only(&self, event: usize) -> usize {
        self.map.reserve_only(event)
    }

    #[cfg(test)]
    pub fn store_late(&self, event: &[u8], offset: usize) {
        self.map.store_late(event, offset);
    }

    /// Closes it for appends.
    pub fn seal(&self) {
        self.map.seal();
    }

    /// Bytes of records in it.
    pub fn used(&self) -> usize {
        self.map.used()
    }

    /// Whether every append that began has ended, or is waited for no longer.
    pub fn is_settled(&self) -> bool {
        self.rescued.get().is_some() || self.is_complete()
    }

    /// Whether every append that began has ended.
    pub fn is_complete(&self) -> bool {
        // Of a rescued one, what came late was taken out up to there.
        let mut records = self.map.records_from(self.late_from.load(Ordering::Relaxed));
        records.by_ref().for_each(drop);
        records.is_complete()
    }

    /// The events in it.
    pub fn records(&self) -> Box<dyn Iterator<Item = &[u8]> + '_> {
        match self.rescued.get() {
            Some(rescued) => Box::new(rescued.iter()),
            None => Box::new(self.map.records()),
        }
    }

    /// Waits no longer for an append that does not end: its thread died in the middle. What others stored behind it is found
    /// by its checks, in the bytes as the system reads them. `false` where they can't be read now; where that is to be
    /// `for_good`, it is what stands before.
    pub fn rescue(&self, for_good: bool) -> bool {
        let read = match &self.file {
            Some(file) => file.run.dir().and_then(|dir| reader::read(&dir, &file.name)),
            None => self.map.read_by_system(),
        };
        let records = match read {
            Ok(bytes) => reader::Records::parse(bytes),
            Err(_) if for_good => self.before_the_gap(),
            Err(_) => return false,
        };
        let _ = self.rescued.set(records);
        true
    }

    /// Its records up to an append that has not ended.
    fn before_the_gap(&self) -> reader::Records {
        let mut records = self.map.records();
        let found = reader::Records::of(records.by_ref());
        self.late_from.store(records.offset(), Ordering::Relaxed);
        found
    }

    /// Hands records to `keep` that came after all, each once, when nobody waited for them any longer. It says which were
    /// kept: the first that was not is handed over again. What was kept is a gap here: the next run, which may find this file
    /// too, is not to find it twice.
    pub fn take_late(&self, mut keep: impl FnMut(&[u8]) -> bool) {
        let Some(rescued) = self.rescued.get() else { return };
        let mut records = self.map.records_from(self.late_from.load(Ordering::Relaxed));
        loop {
            let offset = records.offset();
            let Some(event) = records.next() else { return };
            if !rescued.has_record_at(offset) {
                if !keep(event) {
                    return;
                }
                self.map.erase(offset);
            }
            self.late_from.store(records.offset(), Ordering::Relaxed);
        }
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
            Some(file) => file.open().and_then(|file| disk::give_back_behind(&file, kept as u64)),
            None => {
                self.map.release_from(kept);
                Ok(())
            }
        };
        // What can't be given back costs room, nothing else.
        if given_back.is_ok() {
            self.share.shrink_to(kept);
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
        self.share.shrink_to(0);
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
        if !self.map.let_go() {
            // Not even unmapped: see there.
            std::mem::forget(self.map.clone());
        }
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::super::home::Home;
    use super::*;
    use crate::model::ids::ApiKey;

    #[test]
    fn a_thread_that_rests_keeps_no_file_from_being_gone() {
        let home = tempfile::tempdir().unwrap();
        let run = Arc::new(
            RunDir::create(&Arc::new(Home::of(home.path(), &ApiKey::from_text("key").unwrap()))).unwrap(),
        );
        let envelope = Arc::new(Envelope::any());
        let share = QuotaReservation::of_existing(&Arc::default(), 0);
        let fresh = FreshChunk::in_file(FreshChunk::capacity_for(0), &run, 1, share).ok().unwrap();
        let chunk = fresh.label(1, &envelope, b"{}");
        let is_mapped = || {
            let maps = std::fs::read_to_string("/proc/self/maps").unwrap();
            maps.lines().any(|line| line.contains(home.path().to_str().unwrap()) && line.ends_with(".chunk"))
        };
        let lane = chunk.appender();
        assert_eq!(lane.append(b"{}"), Append::Stored { first: true });
        assert!(is_mapped());
        chunk.seal();
        chunk.remove();
        drop(chunk);
        assert!(!is_mapped());
        assert_eq!(lane.append(b"{}"), Append::Sealed);
    }
}
