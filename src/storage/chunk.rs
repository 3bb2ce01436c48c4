//! One chunk: a map with its file, the envelope of its events, and what it takes of the storage limit.

use std::fs::File;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering, fence};
use std::time::{Duration, SystemTime};

use super::clock::ClockStamp;
use super::fs;
use super::growth::Growth;
use super::layout::{
    ALL_EVENTS, HEADER_BYTES, HELD_MAGIC, INTERACTION_NUMBERS, PAGE, chunk_magic, left_label, record_bytes,
    segment_label,
};
use super::map::{Append, Map, MapRecords};
use super::quota::QuotaReservation;
use super::records::Records;
use super::run_dir::RunDir;
use super::salvage::Salvage;
use super::stored_file;
use crate::model::envelope::Envelope;
use crate::model::in_flight::InFlight;
use crate::sync::Mutex;

/// Where a chunk lies on disk. Holding the run keeps its directory locked. The file itself is not kept open: many
/// chunks may wait, and the host needs its file descriptors.
pub(super) struct ChunkFile {
    pub name: String,
    pub run: Arc<RunDir>,
}

impl ChunkFile {
    fn open(&self) -> io::Result<File> {
        self.run.dir()?.open_file(&self.name)
    }

    /// Removes it, now or later: see [`RunDir::remove`].
    pub fn remove(&self, reservation: QuotaReservation) {
        self.run.remove(&self.name, reservation);
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
    /// Its file is to be removed once it is not mapped any more.
    is_unwanted: AtomicBool,
    salvage: Salvage,
    growth: Mutex<Growth>,
    hold: Hold,
}

/// What a chunk knows of being held.
#[derive(Default)]
pub(super) struct Hold {
    /// The number of the first chunk of its segment; 0: its recording is not made of segments.
    pub segment: u64,
    /// As its file says.
    pub is_held: AtomicBool,
}

/// A way into a chunk for a thread that may keep it longer than the chunk waits: it does not keep the run's directory.
pub(crate) struct Appender(Arc<Map>);

impl Appender {
    /// Stores one event: see [`Map::append`].
    #[inline]
    pub fn append(&self, event: &[u8]) -> Append {
        self.0.append(event)
    }

    /// Whether an event of this length does not fit any more. Not so of a sealed chunk.
    pub fn is_full_for(&self, event: usize) -> bool {
        self.0.is_full_for(record_bytes(event) as u64)
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
        hold: Hold,
    ) -> Self {
        Self {
            hold,
            number,
            map: Arc::new(map),
            file,
            reservation,
            envelope: envelope.clone(),
            delivered: AtomicU64::new(0),
            synced: AtomicBool::new(false),
            is_unwanted: AtomicBool::new(false),
            salvage: Salvage::new(),
            growth: Mutex::new(Growth::new(SystemTime::now())),
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

    /// The number of the first chunk of its segment; 0: its recording is not made of segments.
    pub fn segment(&self) -> u64 {
        self.hold.segment
    }

    /// Whether nothing of it is to be sent without a trigger.
    pub fn is_held(&self) -> bool {
        self.hold.is_held.load(Ordering::Acquire)
    }

    /// From now on nothing of it is to be sent without a trigger, by no process. It was recorded before that was known, under
    /// an envelope that said less than this one.
    pub(super) fn hold(&self, envelope: &Envelope) {
        let label = segment_label(&envelope.to_json(), self.segment());
        self.map.replace_label(HELD_MAGIC, self.number, &label);
        self.hold.is_held.store(true, Ordering::Release);
    }

    /// Its session is over, and nobody knows yet whether it was held. If it was, it is gone: that this process dies from now on
    /// is no trigger for it.
    pub fn note_left(&self) {
        let label = left_label(&segment_label(&self.envelope.to_json(), self.segment()));
        self.map.replace_label(chunk_magic(self.envelope.kind), self.number, &label);
    }

    /// There was a trigger: from now on it may be sent, by any process.
    pub fn release(&self) {
        self.map.replace_magic(chunk_magic(self.envelope.kind));
        self.hold.is_held.store(false, Ordering::Release);
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

    /// Those from a place in the map on, at which one stands, or the end. `None`: they are not read from there.
    pub(super) fn records_from(&self, offset: usize) -> Option<MapRecords<'_>> {
        self.salvage.records().is_none().then(|| self.map.records_from(offset))
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

    /// Whether it may be compacted with its neighbours: it is of interactions, or of late events, if not.
    pub fn can_be_compacted(&self) -> bool {
        self.number < INTERACTION_NUMBERS
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

    /// Notes for a later run what of it is in a request.
    pub(super) fn note_in_flight(&self, in_flight: &InFlight) {
        self.map.note_in_flight(in_flight);
    }

    /// Notes for a later run alone that nothing of it is to be delivered, whatever still comes. A store into memory.
    pub(super) fn condemn(&self) {
        self.map.note_delivered(ALL_EVENTS);
    }

    /// Whether a later run finds that.
    #[cfg(test)]
    pub fn is_condemned(&self) -> bool {
        self.map.has_noted(ALL_EVENTS)
    }

    /// Sees to it that its file is not much older than what was recorded last: where a store to a map does not change the file's
    /// time, it would be that of the beginning, which may lie days back; and what is too old goes when it is recovered.
    pub fn keep_young(&self) {
        self.keep_young_at(SystemTime::now());
    }

    fn keep_young_at(&self, now: SystemTime) {
        const MAX_LAG: Duration = Duration::from_secs(60 * 60);
        let Some(ChunkFile { name, run }) = &self.file else { return };
        let recorded_at = self.growth.lock().recorded_at(self.map.used(), now);
        // Where that can't be, the next event tries again.
        let _ = run.dir().and_then(|dir| {
            let modified = dir.facts(name)?.modified;
            match recorded_at.duration_since(modified).is_ok_and(|lag| lag > MAX_LAG) {
                true => dir.open_file(name)?.set_modified(recorded_at),
                false => Ok(()),
            }
        });
    }

    /// Gives back what a sealed chunk did not need, and notes when it was sealed.
    pub fn trim(&self) {
        self.keep_young();
        if let Some(clock) = ClockStamp::now() {
            self.map.stamp(clock);
        }
        let kept = (HEADER_BYTES + self.map.used()).next_multiple_of(PAGE);
        let given_back = match &self.file {
            Some(_) if !fs::GIVES_BACK_MAPPED => Err(io::ErrorKind::Unsupported.into()),
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
        let Some(file) = &self.file else { return };
        if !self.synced.swap(true, Ordering::Relaxed) {
            let _ = self.map.sync();
            // There the disk may still keep it in its cache: only this asks it not to.
            #[cfg(target_vendor = "apple")]
            let _ = file.open().and_then(|file| file.sync_data());
            #[cfg(not(target_vendor = "apple"))]
            let _ = file;
        }
    }

    /// Whether what is in it survives the end of the process.
    pub fn is_stored(&self) -> bool {
        self.file.is_some()
    }

    /// Removes its file, at once where the system removes what is mapped, and otherwise with the last reference, as the memory.
    /// Until then it counts.
    pub fn remove(&self) {
        match &self.file {
            Some(file) if !file.run.remove_now(&file.name) => self.is_unwanted.store(true, Ordering::Relaxed),
            _ => self.reservation.shrink_to(0),
        }
    }
}

impl Drop for Chunk {
    /// Nobody reads it any more, but a thread that recorded into it last and then rested may still have the map: it takes no
    /// memory of the process and no room on disk.
    fn drop(&mut self) {
        self.map.seal();
        let is_shared = Arc::strong_count(&self.map) > 1;
        let is_unwanted = *self.is_unwanted.get_mut();
        // What other threads did with the map before they dropped it is done.
        fence(Ordering::Acquire);
        let is_unused = if is_shared { self.is_complete() } else { is_unwanted };
        if is_unused && !self.map.give_back() {
            // Not even unmapped: see there.
            std::mem::forget(self.map.clone());
        }
        if is_unwanted && let Some(file) = &self.file {
            file.remove(self.reservation.take());
        }
    }
}
