//! A sealed chunk: the events of one closed chunk, of this run or of an earlier one, waiting to be delivered.

use std::io;
use std::sync::{Arc, OnceLock};
use std::time::SystemTime;

use super::chunk::Chunk;
use super::compact::Compactor;
use super::counts::Counts;
use super::file_names;
use super::quota::{Quota, QuotaReservation};
use super::records::Records;
use super::stored_file::StoredFile;
use crate::model::envelope::Envelope;
use crate::model::in_flight::InFlight;
use crate::sync::Mutex;
use crate::sync::atomic::{AtomicBool, AtomicU64, Ordering, fence};

/// See the module.
pub(crate) struct SealedChunk {
    envelope: Arc<Envelope>,
    source: Source,
    sealed_at: SystemTime,
    counts: OnceLock<Counts>,
    /// See [`Self::condemn`].
    is_condemned: AtomicBool,
    /// See [`Self::in_flight`].
    in_flight: Mutex<Option<InFlight>>,
    /// See [`Self::is_left_by_death`].
    is_left_by_death: bool,
    /// See [`Self::was_held_at_death`].
    was_held_at_death: bool,
}

/// Where its events are.
enum Source {
    /// In the map of a chunk of this run.
    Mapped(Arc<Chunk>),
    /// In a file.
    File(StoredFile),
    /// In memory, as the bytes of a compacted file.
    Compressed(Compressed),
}

struct Compressed {
    file: Vec<u8>,
    delivered: AtomicU64,
    reservation: QuotaReservation,
}

impl SealedChunk {
    /// Seals a chunk: no append into it begins after this returns.
    pub fn seal(chunk: Arc<Chunk>) -> Self {
        chunk.seal();
        let sealed_at = SystemTime::now();
        Self {
            envelope: chunk.envelope().clone(),
            sealed_at,
            source: Source::Mapped(chunk),
            counts: OnceLock::new(),
            is_condemned: AtomicBool::new(false),
            in_flight: Mutex::default(),
            is_left_by_death: false,
            was_held_at_death: false,
        }
    }

    /// The same events, held from now on, under an envelope that says more than theirs. `None` where they are in no map of this
    /// run.
    pub fn hold(&self, envelope: Envelope) -> Option<Self> {
        let chunk = self.chunk()?;
        chunk.hold(&envelope);
        Some(Self {
            envelope: Arc::new(envelope),
            sealed_at: self.sealed_at,
            source: Source::Mapped(chunk.clone()),
            counts: OnceLock::new(),
            is_condemned: AtomicBool::new(false),
            in_flight: Mutex::default(),
            is_left_by_death: false,
            was_held_at_death: false,
        })
    }

    /// The events of a file that an earlier run left behind. It counts against the limits from [`Self::count`] on.
    pub(super) fn file(
        stored: StoredFile,
        envelope: Envelope,
        sealed_at: SystemTime,
        counts: Counts,
        is_left_by_death: bool,
    ) -> Self {
        let envelope = Arc::new(envelope);
        let is_condemned = AtomicBool::new(false);
        Self {
            envelope,
            source: Source::File(stored),
            sealed_at,
            counts: counts.into(),
            is_condemned,
            in_flight: Mutex::default(),
            is_left_by_death,
            was_held_at_death: false,
        }
    }

    /// The undelivered events of some chunks of one envelope, compacted: into a file of the run they are in, or in
    /// memory. The chunks are as they were; whoever puts this in their place removes them.
    pub(super) fn compact<'a>(
        chunks: impl Iterator<Item = &'a Self> + Clone,
        quota: &Arc<Quota>,
    ) -> io::Result<Self> {
        let mapped: Vec<&Arc<Chunk>> = chunks.clone().filter_map(Self::chunk).collect();
        let (Some(first), Some(last)) = (mapped.first(), mapped.last()) else {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "nothing to compress"));
        };
        let envelope = chunks.clone().next().map_or(first.envelope(), Self::envelope).clone();
        let mut compactor = Compactor::new(first.number(), &envelope.to_json());
        let mut counts = Counts::default();
        let mut sealed_at = None;
        for sealed in chunks {
            let delivered = sealed.delivered() as usize;
            sealed_at = Some(sealed.sealed_at);
            sealed.with_events(|events| {
                events.skip(delivered).try_for_each(|event| {
                    counts += Counts { events: 1, bytes: event.len() as u64 };
                    compactor.push(event)
                })
            })??;
        }
        let file = compactor.finish()?;
        let bytes = file.len();
        // What is on disk stays there, even if the disk failed for some of it.
        let source = match mapped.iter().rev().find_map(|chunk| chunk.run()) {
            Some(run) => {
                let name = file_names::compacted_name(first.number(), last.number());
                let dir = run.dir()?;
                dir.replace_file(&name, &file)?;
                // The chunks are noted as delivered next: a power cut must not keep that and lose this.
                dir.sync_names();
                let reservation = QuotaReservation::of_existing(quota, bytes);
                Source::File(StoredFile::new(name, run.clone(), bytes, 0, reservation))
            }
            None => {
                let reservation = QuotaReservation::of_existing(quota, bytes);
                // It takes the place of more.
                reservation.move_to_memory(u64::MAX);
                Source::Compressed(Compressed { file, delivered: AtomicU64::new(0), reservation })
            }
        };
        let sealed_at = sealed_at.unwrap_or_else(SystemTime::now);
        let is_condemned = AtomicBool::new(false);
        Ok(Self {
            envelope,
            source,
            sealed_at,
            counts: counts.into(),
            is_condemned,
            in_flight: Mutex::default(),
            is_left_by_death: false,
            was_held_at_death: false,
        })
    }

    /// The chunk, of this run.
    pub fn chunk(&self) -> Option<&Arc<Chunk>> {
        match &self.source {
            Source::Mapped(chunk) => Some(chunk),
            _ => None,
        }
    }

    /// The file, if it is one.
    pub(super) fn stored_file(&mut self) -> Option<&mut StoredFile> {
        match &mut self.source {
            Source::File(stored) => Some(stored),
            _ => None,
        }
    }

    /// Lets a file be sent by any process, which was held when its own died.
    pub(super) fn release_file(&mut self) {
        self.was_held_at_death = true;
        let kind = self.envelope.kind;
        if let Some(stored) = self.stored_file() {
            stored.release(kind);
        }
    }

    /// Stores one event more in a file, behind its last.
    pub(super) fn append_to_file(&mut self, event: &[u8]) -> io::Result<()> {
        let mut counts = self.counts();
        self.stored_file().ok_or(io::ErrorKind::Unsupported)?.append(event)?;
        counts += Counts { events: 1, bytes: event.len() as u64 };
        self.counts = counts.into();
        Ok(())
    }

    /// Counts a file that was found against the limits.
    pub fn count(&self) {
        if let Source::File(stored) = &self.source {
            stored.count();
        }
    }

    /// Whether it could take less room.
    pub fn can_be_compacted(&self) -> bool {
        // What is asked for again has to be found as it was.
        self.in_flight().is_none() && self.chunk().is_some_and(|chunk| chunk.can_be_compacted())
    }

    /// Whether both may go in one request. What a death left is decided on by itself: that death may have been its trigger.
    pub fn shares_envelope(&self, other: &Self) -> bool {
        (self.is_left_by_death, self.was_held_at_death) == (other.is_left_by_death, other.was_held_at_death)
            && (Arc::ptr_eq(&self.envelope, &other.envelope) || self.envelope == other.envelope)
    }

    /// Whether an earlier run left it behind that ended without saying so.
    pub fn is_left_by_death(&self) -> bool {
        self.is_left_by_death
    }

    /// Whether its session was held, and the death of the process is why it is sent.
    pub fn was_held_at_death(&self) -> bool {
        self.was_held_at_death
    }

    /// What its request will say.
    pub fn envelope(&self) -> &Arc<Envelope> {
        &self.envelope
    }

    /// About how many bytes it holds.
    pub fn bytes(&self) -> usize {
        match &self.source {
            Source::Mapped(chunk) => chunk.used(),
            Source::File(stored) => stored.bytes(),
            Source::Compressed(compressed) => compressed.file.len(),
        }
    }

    /// Whether it can be finalized: see [`Chunk::can_be_finalized`].
    pub fn can_be_finalized(&self) -> bool {
        self.chunk().is_none_or(|chunk| chunk.can_be_finalized())
    }

    /// Waits no longer for what is unfinished in it: see [`Chunk::salvage`].
    pub fn salvage(&self, for_good: bool) -> bool {
        self.chunk().is_none_or(|chunk| chunk.salvage(for_good))
    }

    /// How many of its first events were delivered already.
    pub fn delivered(&self) -> u64 {
        match &self.source {
            Source::Mapped(chunk) => chunk.delivered(),
            Source::File(stored) => stored.delivered(),
            Source::Compressed(compressed) => compressed.delivered.load(Ordering::Acquire),
        }
    }

    /// Notes that so many of its first events were delivered.
    pub fn note_delivered(&self, events: u64) {
        match &self.source {
            Source::Mapped(chunk) => chunk.note_delivered(events),
            Source::File(stored) => stored.note_delivered(events),
            Source::Compressed(compressed) => compressed.delivered.store(events, Ordering::Release),
        }
        // What was sent while it was deleted may be a part of it. With the fence of `condemn`: either this thread sees that it is
        // condemned, and notes that behind what it has just noted, or all of it is noted behind that by who condemns it. (A store,
        // then a load of another word: only this keeps them in order, on any processor.)
        fence(Ordering::SeqCst);
        if self.is_condemned.load(Ordering::Relaxed) {
            self.note_condemned();
        }
    }

    /// Which of its events are in a request that was made, by this run or an earlier one, and had no answer; or in those that take its
    /// place.
    pub fn in_flight(&self) -> Option<InFlight> {
        self.noted_in_flight()?.once_delivered(self.delivered())
    }

    /// The same, even if it was answered since.
    pub fn noted_in_flight(&self) -> Option<InFlight> {
        *self.in_flight.lock()
    }

    /// Takes over what its file says of that.
    pub(super) fn set_in_flight(&mut self, in_flight: Option<InFlight>) {
        self.in_flight = Mutex::new(in_flight);
    }

    /// Notes it before the request is made, for a later run too.
    pub fn note_in_flight(&self, in_flight: InFlight) {
        *self.in_flight.lock() = Some(in_flight);
        match &self.source {
            Source::Mapped(chunk) => chunk.note_in_flight(&in_flight),
            Source::File(stored) => stored.note_in_flight(&in_flight),
            Source::Compressed(_) => {}
        }
    }

    /// The request had never left this machine. What the file says counts for a later run alone, which may make that, or another.
    pub fn forget_in_flight(&self) {
        *self.in_flight.lock() = None;
    }

    /// It is to be deleted, even if a later run should find it; what is delivered of it until it goes still counts. `false`
    /// where a later run would send it.
    pub fn condemn(&self) -> bool {
        self.is_condemned.store(true, Ordering::Relaxed);
        // Before anything is noted: see `note_delivered`.
        fence(Ordering::SeqCst);
        self.note_condemned()
    }

    fn note_condemned(&self) -> bool {
        match &self.source {
            Source::Mapped(chunk) => chunk.condemn(),
            Source::File(stored) => return stored.condemn(),
            Source::Compressed(_) => {}
        }
        true
    }

    /// How many events in it are still to be delivered.
    pub fn waiting(&self) -> u64 {
        self.counts().events.saturating_sub(self.delivered())
    }

    /// When its last event was recorded, at the latest.
    pub fn sealed_at(&self) -> SystemTime {
        self.sealed_at
    }

    /// How much is in it.
    pub fn counts(&self) -> Counts {
        if let Some(counts) = self.counts.get() {
            return *counts;
        }
        // Asked before: what can be finalized only after the count may hold more than was counted.
        let is_final = self.can_be_finalized();
        let counts = self.with_events(|events| events.collect()).unwrap_or_default();
        if is_final { *self.counts.get_or_init(|| counts) } else { counts }
    }

    /// Hands its events, in order, to `read`.
    pub fn with_events<T>(&self, read: impl FnOnce(&mut dyn Iterator<Item = &[u8]>) -> T) -> io::Result<T> {
        match &self.source {
            Source::Mapped(chunk) => Ok(read(&mut chunk.records())),
            _ => Ok(read(&mut self.read()?.iter())),
        }
    }

    /// Its events, copied: of a file, or what is compacted.
    pub(super) fn read(&self) -> io::Result<Records> {
        match &self.source {
            Source::Mapped(chunk) => Ok(Records::of(chunk.records())),
            Source::File(stored) => stored.records(),
            Source::Compressed(compressed) => Ok(Records::parse(compressed.file.clone())),
        }
    }

    /// Whether its file was taken away by somebody else, or can't be read and will not soon.
    pub fn is_lost(&self) -> bool {
        match &self.source {
            Source::File(stored) => stored.is_lost(),
            _ => false,
        }
    }

    /// Counts it no longer, but leaves its file to a later start, which may be able to read it.
    pub fn abandon(&self) {
        if let Source::File(stored) = &self.source {
            stored.abandon();
        }
    }

    /// Sees to it that it survives a power cut.
    pub fn sync(&self) {
        if let Some(chunk) = self.chunk() {
            chunk.sync();
        }
    }

    /// Gives back the room it does not need.
    pub fn trim(&self) {
        if let Some(chunk) = self.chunk() {
            chunk.trim();
        }
    }

    /// Removes it from the disk. Before, all of it is noted as delivered: the file may stay for a while, and a later run find it.
    pub fn remove(&self) {
        let events = self.counts().events;
        match &self.source {
            Source::Mapped(chunk) => {
                self.note_delivered(events);
                chunk.remove();
            }
            Source::File(stored) => stored.remove(events),
            Source::Compressed(compressed) => compressed.reservation.shrink_to(0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::fresh_chunk::FreshChunk;
    use super::*;

    #[test]
    fn what_is_condemned_stays_so_while_it_is_removed() {
        let reservation = QuotaReservation::of_existing(&Arc::default(), 100_000);
        let fresh = FreshChunk::in_memory(100_000, reservation).unwrap();
        let chunk = Arc::new(fresh.label(1, &Arc::new(Envelope::any()), b"{}"));
        chunk.append(b"{}");
        let sealed = SealedChunk::seal(chunk.clone());
        assert!(sealed.condemn());
        sealed.remove();
        assert!(chunk.is_condemned());
    }

    #[test]
    fn an_event_that_is_still_being_copied_is_counted_once_it_is_there() {
        let envelope = Arc::new(Envelope::any());
        let event = vec![b'x'; 1_000_000];
        for _ in 0..50 {
            let capacity = FreshChunk::capacity_for(event.len());
            let reservation = QuotaReservation::of_existing(&Arc::default(), capacity);
            let fresh = FreshChunk::in_memory(capacity, reservation).unwrap();
            let chunk = Arc::new(fresh.label(1, &envelope, b"{}"));
            std::thread::scope(|scope| {
                scope.spawn(|| chunk.append(&event));
                while chunk.used() == 0 {
                    std::hint::spin_loop();
                }
                let sealed = SealedChunk::seal(chunk.clone());
                // Who asks for the numbers does not wait until all is there.
                while sealed.counts().events == 0 && !sealed.can_be_finalized() {}
                assert_eq!(sealed.counts().events, 1);
            });
        }
    }

    #[test]
    fn what_is_compacted_keeps_the_envelope_that_it_got_later() {
        let early = Arc::new(Envelope { sample_rate: None, ..Envelope::any() });
        let capacity = FreshChunk::capacity_for(0);
        let reservation = QuotaReservation::of_existing(&Arc::default(), capacity);
        let fresh = FreshChunk::in_memory(capacity, reservation).unwrap();
        let chunk = Arc::new(fresh.label_in_segment(1, &early, &early.to_json(), 1, false));
        chunk.append(b"{}");
        let held = SealedChunk::seal(chunk).hold(early.held_as(&Envelope::any())).unwrap();
        let compacted = SealedChunk::compact([&held].into_iter(), &Arc::default()).unwrap();
        assert!(compacted.envelope().sample_rate.is_some() && compacted.envelope().is_undecided());
        assert!(compacted.shares_envelope(&held));
    }

    #[test]
    fn what_a_death_left_goes_in_a_request_of_its_own() {
        let envelope = Arc::new(Envelope::any());
        let sealed = |is_left_by_death, was_held_at_death| {
            let capacity = FreshChunk::capacity_for(0);
            let reservation = QuotaReservation::of_existing(&Arc::default(), capacity);
            let fresh = FreshChunk::in_memory(capacity, reservation).unwrap();
            let chunk = Arc::new(fresh.label(1, &envelope, b"{}"));
            SealedChunk { is_left_by_death, was_held_at_death, ..SealedChunk::seal(chunk) }
        };
        assert!(sealed(true, true).shares_envelope(&sealed(true, true)));
        assert!(!sealed(true, false).shares_envelope(&sealed(false, false)));
        assert!(!sealed(true, false).shares_envelope(&sealed(true, true)));
    }
}
