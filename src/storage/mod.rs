//! The crash-safe buffer between the threads that record and the one that sends.
//!
//! In memory: [`memory`] is that of one chunk, [`map`] the append into it, [`chunk`] both with a file and an envelope.
//! [`fresh_chunk`] is one that has none yet, [`chunk_maker`] makes it, [`spare`] are those that are kept ready, [`salvage`] what becomes of appends that do not
//! end, [`sealed`] a closed chunk on its way to the server, [`sealed_reader`] how that is read part by part, [`counts`] what is in it, [`growth`] when it grew last,
//! [`quota`] the storage limit, [`underway`] what another thread is about to have done.
//!
//! On disk: [`layout`] is the format, [`checksum`] how damage to it is found, [`header`] and [`records`] how it is read,
//! [`compact`] how chunks are made small when no server takes them, [`stored_file`] a file that is not mapped.
//!
//! Where: [`api_key_dir`] and [`run_dir`] are the directories, [`file_names`] what lies in them, [`fs`] how it is reached,
//! [`removals`] what is to go and can't yet. A run is
//! its process's by its [`lock`] and its [`run_page`]; [`process`] tells whether that lives, [`clock`] how old a file is, and
//! [`recovery`] recovers what dead runs left behind.

mod api_key_dir;
mod checksum;
mod chunk;
mod chunk_maker;
mod clock;
mod compact;
mod counts;
mod file_names;
mod fresh_chunk;
mod fs;
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzzed;
mod growth;
mod header;
mod layout;
mod lock;
mod map;
#[cfg(all(test, loom))]
mod map_loom;
#[cfg(not(all(test, loom)))]
mod memory;
#[cfg(all(test, loom))]
#[path = "memory_loom.rs"]
mod memory;
mod process;
mod quota;
mod records;
mod recovery;
mod removals;
mod run_dir;
mod run_page;
mod salvage;
mod sealed;
#[cfg(all(test, loom))]
mod sealed_loom;
mod sealed_reader;
mod spare;
mod stored_file;
mod underway;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

pub(crate) use chunk::{Appender, Chunk};
pub(crate) use clock::{ClockStamp, age};
pub(crate) use counts::Counts;
pub(crate) use fresh_chunk::FreshChunk;
#[cfg(unix)]
pub(crate) use fs::{fork_begins, fork_ends, leave_descriptors_behind};
pub(crate) use map::Append;
pub(crate) use quota::Room;
pub(crate) use recovery::Recovered;
#[cfg(unix)]
pub(crate) use run_page::leave_page_behind;
pub(crate) use run_page::{Crash, mark_crash};
pub(crate) use sealed::SealedChunk;
pub(crate) use sealed_reader::SealedReader;

use crate::error::Error;
use crate::model::envelope::Envelope;
use crate::model::ids::ApiKey;
use crate::sync::Mutex;
use chunk_maker::ChunkMaker;
use layout::{INTERACTION_NUMBERS, LATE_NUMBERS};
use quota::{Quota, QuotaReservation};
use recovery::ReportedFiles;
use spare::Spare;
pub(crate) use spare::SparesWanted;
use underway::{InTheMiddle, Underway};

/// Makes chunks, within the storage limit, and finds those of earlier runs.
///
/// Where the storage directory fails, chunks are made in memory until it works again.
pub(crate) struct Storage {
    maker: ChunkMaker,
    limit: u64,
    quota: Arc<Quota>,
    late_events: AtomicU64,
    spare: Spare,
    /// One for an event larger than any that fits the others, such as the full snapshot of a large page.
    large_spare: Spare,
    /// The length of the last such event; 0: there was none.
    large_event: AtomicUsize,
    /// See [`Self::making_room`].
    making_room: Underway,
    /// See [`Self::take_evicted_at_start`].
    evicted_at_start: Mutex<Recovered>,
    reported: Mutex<ReportedFiles>,
}

/// How long a start makes room, where earlier runs left more than the limit: a host waits for it.
const MAX_ROOM_AT_START: Duration = Duration::from_millis(50);

impl Storage {
    /// A storage in `storage_dir`, or in memory.
    pub fn open(storage_dir: Option<&Path>, api_key: &ApiKey, limit: u64) -> Self {
        let maker = ChunkMaker::open(storage_dir, api_key);
        let until = Instant::now() + MAX_ROOM_AT_START;
        let evicted = maker.dir().map(|dir| {
            let make_room =
                || recovery::make_room(dir, maker.run().as_ref(), limit, &|| Instant::now() >= until);
            fs::patient_until(until, make_room)
        });
        Self {
            maker,
            limit,
            quota: Arc::default(),
            late_events: AtomicU64::new(0),
            spare: Spare::default(),
            large_spare: Spare::default(),
            large_event: AtomicUsize::new(0),
            making_room: Underway::default(),
            evicted_at_start: Mutex::new(evicted.unwrap_or_default()),
            reported: Mutex::default(),
        }
    }

    /// Bytes that count against the storage limit.
    pub fn used_bytes(&self) -> u64 {
        self.quota.all()
    }

    /// Why events are kept in memory although there is a storage directory; `None` while there is no such
    /// trouble.
    pub fn problem(&self) -> Option<String> {
        self.maker.problem()
    }

    /// Whether something waits in memory only.
    pub fn is_in_memory(&self) -> bool {
        self.quota.in_memory() > 0
    }

    /// Whether chunks are files, as far as is known.
    pub fn is_on_disk(&self) -> bool {
        self.has_storage() && self.maker.problem().is_none()
    }

    /// Whether what a chunk in memory holds ends with the process although it was to survive it.
    pub fn has_storage(&self) -> bool {
        self.maker.dir().is_some()
    }

    /// Whether another thread is making a chunk for ordinary events, which takes a moment.
    pub fn is_making(&self) -> bool {
        self.spare.is_making()
    }

    /// Nobody waits any more for who is making a chunk or room now: it was waited for in vain.
    pub fn give_up_waiting(&self) {
        self.spare.give_up_waiting();
        self.making_room.give_up();
    }

    /// This thread gives room back, as long as what this gives lives.
    pub fn making_room(&self) -> InTheMiddle<'_> {
        self.making_room.begin()
    }

    /// Whether another thread is giving room back, which takes a moment.
    pub fn is_making_room(&self) -> bool {
        self.making_room.is_any()
    }

    /// A chunk that holds an event of this length: the one that was kept ready, or else a new one, which costs
    /// system calls.
    pub fn fresh(&self, event: usize) -> Result<FreshChunk, Error> {
        if !FreshChunk::is_ordinary(event) {
            return self.fresh_large(event);
        }
        match self.take_spare() {
            Some(spare) if spare.holds(event) => return Ok(spare),
            Some(spare) => self.put_spare(spare),
            None => self.spare.note_missed(),
        }
        self.make(FreshChunk::capacity_for(event))
    }

    fn fresh_large(&self, event: usize) -> Result<FreshChunk, Error> {
        self.large_event.store(event, Ordering::Relaxed);
        match self.large_spare.take() {
            Some(ready) if ready.holds(event) => return Ok(ready),
            Some(too_small) => too_small.remove(),
            None => self.large_spare.note_missed(),
        }
        self.make_for(&self.large_spare, FreshChunk::capacity_for(event))
    }

    /// A chunk for interactions. None is kept ready: they are few.
    pub fn fresh_for_interactions(&self) -> Result<FreshChunk, Error> {
        self.make(FreshChunk::capacity_for_interactions())
    }

    /// The number in its run of a chunk of interactions that is the `n`th chunk.
    pub fn interactions_number(n: u64) -> u64 {
        INTERACTION_NUMBERS + n
    }

    fn make(&self, capacity: usize) -> Result<FreshChunk, Error> {
        self.make_for(&self.spare, capacity)
    }

    /// `kind`: whose chunks are of this size. Only who needs one of them waits for it.
    fn make_for(&self, kind: &Spare, capacity: usize) -> Result<FreshChunk, Error> {
        let reserve = || QuotaReservation::reserve(&self.quota, capacity, self.limit);
        let reservation = reserve().or_else(|| {
            // What is ready and too small is in the way; so is what could not be removed before.
            self.spare.keep(0);
            self.large_spare.keep(0);
            self.remove_waiting();
            reserve()
        });
        let Some(reservation) = reservation else {
            return Err(self.room().buffer_full());
        };
        let _making = kind.making();
        self.maker.make(capacity, reservation)
    }

    /// Another number once there may be more room than there was.
    pub fn room_version(&self) -> u64 {
        self.quota.room_version()
    }

    /// How much room there is, for who outlives this.
    pub fn room(&self) -> Room {
        Room::of(&self.quota, self.limit)
    }

    /// Whether something is to be removed later: by [`Self::remove_waiting`], when its time comes.
    pub fn awaits_removal(&self) -> bool {
        self.maker.run().is_some_and(|run| run.awaits_removal())
    }

    /// Removes what could not be removed before. How soon to try again, if something is left.
    pub fn remove_waiting(&self) -> Option<Duration> {
        self.maker.run()?.remove_waiting()
    }

    /// Notes how the clocks stand now, for the run that comes after this one.
    pub fn stamp(&self) {
        self.maker.stamp();
    }

    /// Notes that the host has ended the recording, for the run that comes after this one: it sends nothing of what is held.
    pub fn note_end(&self) {
        self.maker.note_end();
    }

    /// How many chunks were wanted so far.
    pub fn spares_wanted(&self) -> SparesWanted {
        self.spare.wanted()
    }

    /// A chunk that was kept ready, if there is one.
    pub fn take_spare(&self) -> Option<FreshChunk> {
        self.spare.take()
    }

    /// Keeps a chunk for the next that needs one.
    pub fn put_spare(&self, fresh: FreshChunk) {
        self.spare.put(fresh);
        self.quota.note_room();
    }

    /// Sees to it that so many chunks are ready, so that no recording thread has to make one; but no more than one where they would
    /// take much of the limit.
    pub fn prepare_spares(&self, wanted: usize) -> Result<(), Error> {
        let capacity = FreshChunk::capacity_for(0);
        let more = wanted.saturating_sub(self.spare.count()) as u64 * capacity as u64;
        let has_room = self.used_bytes() + more <= self.limit / 2;
        let wanted = if has_room { wanted } else { wanted.min(1) };
        self.spare.keep(wanted);
        while self.spare.count() < wanted && !self.spare.is_closed() {
            self.put_spare(self.make(capacity)?);
        }
        Ok(())
    }

    /// Removes what is ready but one chunk: for who needs the room.
    pub fn keep_spares_few(&self) {
        self.large_spare.keep(0);
        self.spare.keep(1);
    }

    /// Whether a chunk is ready.
    pub fn has_spare(&self) -> bool {
        self.spare.count() > 0
    }

    /// How many chunks for large events were wanted so far.
    pub fn large_spares_wanted(&self) -> SparesWanted {
        self.large_spare.wanted()
    }

    /// Sees to it that a chunk is ready for an event somewhat larger than the last large one, or that none is.
    pub fn prepare_large_spare(&self, is_wanted: bool) -> Result<(), Error> {
        let event = self.large_event.load(Ordering::Relaxed);
        if !is_wanted || event == 0 {
            self.large_spare.keep(0);
            return Ok(());
        }
        let capacity = FreshChunk::capacity_for(event + event / 8);
        let is_ready = self.large_spare.count() > 0;
        let more = if is_ready { 0 } else { capacity as u64 };
        if self.used_bytes() + more > self.limit / 2 {
            self.large_spare.keep(0);
        } else if !is_ready && !self.large_spare.is_closed() {
            let fresh = self.make_for(&self.large_spare, capacity)?;
            self.large_spare.put(fresh);
        }
        Ok(())
    }

    /// Whether one chunk more would pass the storage limit.
    pub fn is_full_for(&self, event: usize) -> bool {
        self.used_bytes() + FreshChunk::capacity_for(event) as u64 > self.limit
    }

    /// What was evicted when this was opened, once.
    pub fn take_evicted_at_start(&self) -> Recovered {
        std::mem::take(&mut self.evicted_at_start.lock())
    }

    /// Whether there is a directory, which other runs may share.
    pub fn has_dir(&self) -> bool {
        self.maker.dir().is_some()
    }

    /// Finds what dead runs left behind. `held_window`: how much at least is to be sent of what was held by one whose process died;
    /// `None`: nothing.
    pub fn recover(&self, held_window: Option<Duration>) -> io::Result<Recovered> {
        let Some(dir) = self.maker.dir() else {
            return Ok(Recovered::default());
        };
        let own = self.maker.run();
        let mut reported = self.reported.lock();
        recovery::recover(dir, own.as_ref(), &self.quota, self.limit, held_window, &mut reported)
    }

    /// The undelivered events of some chunks of one envelope, compacted: see [`SealedChunk::compact`].
    pub fn compact<'a>(
        &self,
        chunks: impl Iterator<Item = &'a SealedChunk> + Clone,
    ) -> io::Result<SealedChunk> {
        SealedChunk::compact(chunks, &self.quota)
    }

    /// Stores a late event of this chunk once more, in a chunk of its own.
    pub fn store_late_event(&self, chunk: &Chunk, event: &[u8]) -> Result<SealedChunk, Error> {
        self.store_alone(chunk.envelope(), event)
    }

    /// Stores an event under this envelope, in a chunk of its own.
    pub fn store_alone(&self, envelope: &Arc<Envelope>, event: &[u8]) -> Result<SealedChunk, Error> {
        let fresh = self.fresh(event.len())?;
        let number = LATE_NUMBERS + self.late_events.fetch_add(1, Ordering::Relaxed);
        let alone = fresh.label(number, envelope, &envelope.to_json());
        alone.append(event);
        Ok(SealedChunk::seal(Arc::new(alone)))
    }

    /// Lets go of everything, so that a later run may recover what waits on disk.
    pub fn close(&self) {
        self.spare.close();
        self.large_spare.close();
        self.maker.close();
    }

    /// Reads a small file kept beside the runs. `None` when there is none, or no directory.
    pub fn read_file(&self, name: &str) -> Option<Vec<u8>> {
        const MAX_BYTES: u64 = 1 << 20;
        self.maker.dir()?.open().and_then(|dir| dir.read(name, MAX_BYTES)).ok()
    }

    /// Whether this mark stands beside the runs. An error where nobody can tell.
    pub fn has_mark(&self, name: &str) -> io::Result<bool> {
        let Some(dir) = self.maker.dir() else { return Ok(false) };
        match dir.open().and_then(|dir| dir.facts(name)) {
            Ok(_) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Where a file beside the runs lies, for a message.
    pub fn place_of(&self, name: &str) -> Option<PathBuf> {
        self.maker.dir().map(|dir| dir.place_of(name))
    }

    /// Sets a mark beside the runs, or takes it away: an empty file. That outlives the process from now on, and a power cut once
    /// [`Self::sync_marks`] returned.
    pub fn set_mark(&self, name: &str, is_set: bool) -> io::Result<()> {
        use io::ErrorKind::{AlreadyExists, NotFound};
        let Some(dir) = self.maker.dir() else { return Ok(()) };
        let set = match is_set {
            true => dir.create()?.new_file(name).map(drop),
            false => dir.open().and_then(|dir| fs::patiently(|| dir.remove_file(name))),
        };
        match set {
            Err(error) if error.kind() == if is_set { AlreadyExists } else { NotFound } => Ok(()),
            set => set,
        }
    }

    /// Has the marks written to the disk.
    pub fn sync_marks(&self) {
        if let Some(Ok(dir)) = self.maker.dir().map(|dir| dir.open()) {
            dir.sync_names();
        }
    }

    /// Has it written to the disk which files of this run are gone.
    pub fn sync_removals(&self) {
        if let Some(Ok(dir)) = self.maker.run().map(|run| run.dir()) {
            dir.sync_names();
        }
    }

    /// Keeps a small file beside the runs, replaced whole.
    pub fn write_file(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        match self.maker.dir() {
            Some(dir) => dir.open()?.replace_file(name, bytes),
            None => Ok(()),
        }
    }
}

impl Drop for Storage {
    fn drop(&mut self) {
        self.close();
    }
}

/// A chunk in memory with room for records of so many bytes, heads included.
#[cfg(all(test, loom))]
pub(crate) fn small_chunk(record_bytes: usize) -> Chunk {
    let envelope = Arc::new(crate::model::envelope::Envelope::any());
    let reservation = QuotaReservation::of_existing(&Arc::default(), 0);
    let fresh = FreshChunk::in_memory(layout::HEADER_BYTES + record_bytes, reservation);
    fresh.expect("there is memory").label(1, &envelope, b"{}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chunk_is_kept_ready_for_an_event_as_large_as_the_last_large_one() {
        let storage = Storage::open(None, &ApiKey::from_text("key").unwrap(), 64_000_000);
        let large = 2_000_000;
        storage.prepare_large_spare(true).unwrap();
        assert_eq!(storage.used_bytes(), 0, "nobody knows how large");
        let made = storage.fresh(large).unwrap();
        let one = storage.used_bytes();
        storage.prepare_large_spare(true).unwrap();
        storage.prepare_large_spare(true).unwrap();
        let with_ready = storage.used_bytes();
        assert!(with_ready > 2 * one && with_ready < 3 * one);
        let ready = storage.fresh(large + large / 10).unwrap();
        assert!(ready.holds(large + large / 10));
        assert_eq!(storage.used_bytes(), with_ready, "it was the one that was ready");
        assert_eq!(storage.large_spares_wanted(), SparesWanted { taken: 1, missed: 1 });
        storage.prepare_large_spare(true).unwrap();
        storage.prepare_large_spare(false).unwrap();
        assert_eq!(storage.used_bytes(), with_ready, "it is not wanted any more");
        drop((made, ready));
        assert_eq!(storage.used_bytes(), 0);
    }

    #[test]
    fn a_chunk_for_a_large_event_goes_once_half_of_the_room_is_taken() {
        let storage = Storage::open(None, &ApiKey::from_text("key").unwrap(), 8_000_000);
        let large = storage.fresh(1_000_000).unwrap();
        storage.prepare_large_spare(true).unwrap();
        assert_eq!(storage.large_spare.count(), 1);
        let taken: Vec<_> = (0..4).map(|_| storage.fresh(0).unwrap()).collect();
        storage.prepare_large_spare(true).unwrap();
        assert_eq!(storage.large_spare.count(), 0);
        drop((large, taken));
        storage.prepare_large_spare(true).unwrap();
        assert_eq!(storage.large_spare.count(), 1, "there is room again");
    }

    #[test]
    fn nobody_waits_for_a_chunk_of_another_size() {
        let storage = Storage::open(None, &ApiKey::from_text("key").unwrap(), 8_000_000);
        for (kind, expected) in [(&storage.large_spare, false), (&storage.spare, true)] {
            let making = kind.making();
            assert_eq!(storage.is_making(), expected);
            drop(making);
        }
    }

    #[test]
    fn as_many_chunks_are_ready_as_are_wanted_but_few_where_room_is_scarce() {
        let storage = Storage::open(None, &ApiKey::from_text("key").unwrap(), 8_000_000);
        storage.prepare_spares(3).unwrap();
        let three = storage.used_bytes();
        storage.prepare_spares(1).unwrap();
        assert_eq!(storage.used_bytes() * 3, three);
        let taken: Vec<_> = (0..8).map(|_| storage.fresh(0).unwrap()).collect();
        assert_eq!(storage.spares_wanted(), SparesWanted { taken: 1, missed: 7 });
        storage.prepare_spares(3).unwrap();
        assert_eq!(storage.used_bytes(), three / 3 * 9, "half of what there is is taken");
        drop(taken);
    }

    #[test]
    fn a_thread_that_outlives_the_storage_leaves_no_chunk_in_it() {
        let dir = tempfile::tempdir().unwrap();
        let storage = Storage::open(Some(dir.path()), &ApiKey::from_text("key").unwrap(), 4_000_000);
        let late = storage.fresh(0).unwrap();
        storage.close();
        storage.put_spare(late);
        let key_dir = std::fs::read_dir(dir.path()).unwrap().next().unwrap().unwrap().path();
        assert_eq!(std::fs::read_dir(key_dir).unwrap().count(), 0, "its run is gone");
    }
}
