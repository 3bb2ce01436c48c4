//! One chunk: a map with its file, the envelope of its events, and its share of the storage limit.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};

use super::disk;
use super::map::{Append, HEADER_BYTES, Map, PAGE, record_bytes};
use super::run::RunDir;
use crate::delivery::Envelope;

/// Size of a chunk's map. Small, so that little memory is kept warm; chunks of one session that wait are
/// sent together.
const CHUNK_BYTES: usize = 512 * 1_024;

/// A chunk without an envelope, ready to be put in place.
pub(crate) struct FreshChunk {
    map: Map,
    file: Option<ChunkFile>,
    share: Share,
}

/// Where a chunk lies on disk. Holding the run keeps its directory locked. The file itself is not kept open: many
/// chunks may wait, and the host needs its file descriptors.
struct ChunkFile {
    path: PathBuf,
    run: Arc<RunDir>,
}

impl FreshChunk {
    /// Size of the map that an event of this length asks for.
    pub fn capacity_for(event: usize) -> usize {
        CHUNK_BYTES.max((HEADER_BYTES + record_bytes(event)).next_multiple_of(PAGE))
    }

    /// A chunk that ends with the process.
    pub(super) fn in_memory(capacity: usize, usage: &Arc<Usage>) -> io::Result<Self> {
        let map = Map::anonymous(capacity)?;
        Ok(Self { map, file: None, share: Share::take(usage, Place::Memory, capacity) })
    }

    /// A chunk in a new file of the run.
    pub(super) fn in_file(
        capacity: usize,
        run: &Arc<RunDir>,
        name: u64,
        usage: &Arc<Usage>,
    ) -> io::Result<Self> {
        let path = run.chunk_path(name);
        let opened = disk::new_file(&path)?;
        // From here on the file goes when something fails.
        let file = ChunkFile { path, run: run.clone() };
        match disk::allocate(&opened, capacity).and_then(|()| Map::over(&opened, capacity)) {
            Ok(map) => Ok(Self { map, file: Some(file), share: Share::take(usage, Place::Disk, capacity) }),
            Err(error) => {
                file.remove();
                Err(error)
            }
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
    fn remove(&self) {
        let _ = std::fs::remove_file(&self.path);
    }
}

/// A chunk that takes events, or took them and waits to be delivered.
pub(crate) struct Chunk {
    number: u64,
    map: Arc<Map>,
    file: Option<ChunkFile>,
    share: Share,
    envelope: Arc<Envelope>,
    delivered: AtomicU64,
    synced: AtomicBool,
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

    /// Closes it for appends.
    pub fn seal(&self) {
        self.map.seal();
    }

    /// Bytes of records in it.
    pub fn used(&self) -> usize {
        self.map.used()
    }

    /// Whether every append that began has ended.
    pub fn is_settled(&self) -> bool {
        let mut records = self.map.records();
        records.by_ref().for_each(drop);
        records.is_complete()
    }

    /// The events in it.
    pub fn records(&self) -> impl Iterator<Item = &[u8]> {
        self.map.records()
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

    /// Gives back what a sealed chunk did not need.
    pub fn trim(&self) {
        let kept = (HEADER_BYTES + self.map.used()).next_multiple_of(PAGE);
        match &self.file {
            // A file that can't be cut stays as it is: it costs room, nothing else.
            Some(file) => drop(disk::shorten(&file.path, kept as u64)),
            None => self.map.release_from(kept),
        }
        self.share.shrink_to(kept);
    }

    /// Sees to it, once, that a sealed chunk survives a power cut, as far as the disk can promise that.
    pub fn sync(&self) {
        if let Some(file) = &self.file
            && !self.synced.swap(true, Ordering::Relaxed)
        {
            // The map is shared: its pages are the file's.
            let _ = disk::open_file(&file.path).and_then(|file| file.sync_data());
        }
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
        if Arc::strong_count(&self.map) == 1 || !self.is_settled() {
            return;
        }
        self.map.let_go();
    }
}

/// Bytes that wait, against which limits are held.
#[derive(Default)]
pub(super) struct Usage {
    disk: AtomicU64,
    memory: AtomicU64,
}

/// Where bytes wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Disk,
    Memory,
}

impl Usage {
    /// Bytes that wait, wherever.
    pub fn all(&self) -> u64 {
        self.in_memory() + self.disk.load(Ordering::Relaxed)
    }

    /// Bytes that wait in memory.
    pub fn in_memory(&self) -> u64 {
        self.memory.load(Ordering::Relaxed)
    }

    fn of(&self, place: Place) -> &AtomicU64 {
        match place {
            Place::Disk => &self.disk,
            Place::Memory => &self.memory,
        }
    }
}

/// Bytes counted against the limits for as long as this lives.
pub(super) struct Share {
    usage: Arc<Usage>,
    place: Place,
    bytes: AtomicUsize,
}

impl Share {
    /// Counts `bytes`.
    pub fn take(usage: &Arc<Usage>, place: Place, bytes: usize) -> Self {
        usage.of(place).fetch_add(bytes as u64, Ordering::Relaxed);
        Self { usage: usage.clone(), place, bytes: AtomicUsize::new(bytes) }
    }

    /// Counts more from now on; never less.
    pub fn grow_to(&self, bytes: usize) {
        let before = self.bytes.fetch_max(bytes, Ordering::Relaxed);
        self.usage.of(self.place).fetch_add(bytes.saturating_sub(before) as u64, Ordering::Relaxed);
    }

    /// Counts less from now on; never more.
    pub fn shrink_to(&self, bytes: usize) {
        let before = self.bytes.fetch_min(bytes, Ordering::Relaxed);
        self.usage.of(self.place).fetch_sub(before.saturating_sub(bytes) as u64, Ordering::Relaxed);
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        self.shrink_to(0);
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_thread_that_rests_keeps_no_file_from_being_gone() {
        let home = tempfile::tempdir().unwrap();
        let run = Arc::new(RunDir::create(home.path()).unwrap());
        let envelope = Arc::new(Envelope::any());
        let fresh = FreshChunk::in_file(FreshChunk::capacity_for(0), &run, 1, &Arc::default()).unwrap();
        let chunk = fresh.label(1, &envelope, b"{}");
        let is_mapped = || {
            let maps = std::fs::read_to_string("/proc/self/maps").unwrap();
            maps.contains(home.path().to_str().unwrap())
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
