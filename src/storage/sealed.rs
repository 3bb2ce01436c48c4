//! A sealed chunk: the events of one closed chunk, of this run or of an earlier one, waiting to be delivered.

use std::io;
use std::ops::AddAssign;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::SystemTime;

use super::age::ClockStamp;
use super::chunk::Chunk;
use super::compact::Compactor;
use super::quota::{Quota, QuotaReservation};
use super::run_dir::{self, RunDir};
use super::{LATE, map, reader};
use crate::model::envelope::Envelope;

/// Where a sealed chunk stands in the queue: what comes first is smaller. Those of this run count from 1, those of earlier
/// runs down from 0.
pub(crate) type Position = i64;

/// See the module.
pub(crate) struct SealedChunk {
    envelope: Arc<Envelope>,
    source: Source,
    sealed_at: SystemTime,
    tally: OnceLock<Counts>,
    /// Where it stands in the queue, which alone sets and reads it.
    position: AtomicI64,
}

/// How much was recorded.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// Events.
    pub events: u64,
    /// Their bytes, as the host gave them.
    pub bytes: u64,
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.events += other.events;
        self.bytes += other.bytes;
    }
}

impl<'a> FromIterator<&'a [u8]> for Counts {
    fn from_iter<I: IntoIterator<Item = &'a [u8]>>(events: I) -> Self {
        events.into_iter().fold(Self::default(), |tally, event| Self {
            events: tally.events + 1,
            bytes: tally.bytes + event.len() as u64,
        })
    }
}

/// A file that an earlier run left behind.
pub(super) struct Found {
    /// Its place among the chunks of the run that wrote it.
    pub number: u64,
    /// How many damaged places it has.
    pub damaged: u64,
    /// How the clocks stood when it was closed, if that is known.
    pub clock: Option<ClockStamp>,
    pub content: Content,
}

/// What is in it.
pub(super) enum Content {
    Events(SealedChunk),
    /// Nothing that could be delivered.
    Nothing,
    /// Who made it knows.
    LaterVersion,
}

enum Source {
    Mapped(Arc<Chunk>),
    File(StoredFile),
    Compressed(Compressed),
}

/// A file of this run or an earlier one.
struct StoredFile {
    name: String,
    delivered: AtomicU64,
    bytes: usize,
    share: QuotaReservation,
    /// The run that it lies in.
    run: Arc<RunDir>,
}

/// The bytes of a packed file, in memory.
struct Compressed {
    file: Vec<u8>,
    delivered: AtomicU64,
    share: QuotaReservation,
}

impl SealedChunk {
    /// The events of a chunk that was sealed just now.
    pub fn mapped(chunk: Arc<Chunk>) -> Self {
        let sealed_at = SystemTime::now();
        Self {
            envelope: chunk.envelope().clone(),
            sealed_at,
            source: Source::Mapped(chunk),
            tally: OnceLock::new(),
            position: AtomicI64::new(0),
        }
    }

    /// The events of a file in the directory of `run`. It counts against the limits from [`Self::count`] on. Room that it
    /// does not need is given back: a process that was killed left a whole chunk, however little is in it. `clock` is how
    /// the clocks stood at the latest, where the file does not tell.
    pub(super) fn file(
        name: &str,
        run: &Arc<RunDir>,
        clock: Option<ClockStamp>,
        usage: &Arc<Quota>,
    ) -> io::Result<Found> {
        let dir = run.dir()?;
        let modified = dir.facts(name)?.modified;
        let bytes = reader::read(&dir, name)?;
        let nothing = |content, damaged| Found { number: 0, damaged, clock: None, content };
        let Some(header) = reader::Header::parse(&bytes) else {
            let was_used = bytes.iter().any(|byte| *byte != 0) || run_dir::numbers_in(name).is_some();
            return Ok(match reader::is_later_version(&bytes) {
                true => nothing(Content::LaterVersion, 0),
                false => nothing(Content::Nothing, u64::from(was_used)),
            });
        };
        let records = reader::Records::parse(bytes);
        let bytes = match reader::trim_and_stamp(&dir, name, &header, records.end, clock) {
            Ok(bytes) => bytes,
            Err(_) => records.end.next_multiple_of(map::PAGE),
        };
        let (number, clock) = (header.number, header.clock.or(clock));
        let sequence = Self {
            envelope: Arc::new(header.envelope),
            source: Source::File(StoredFile {
                name: name.to_owned(),
                delivered: AtomicU64::new(header.delivered),
                bytes,
                share: QuotaReservation::of_existing(usage, 0),
                run: run.clone(),
            }),
            sealed_at: modified,
            // Counted here, so that nobody who asks for numbers has to read the file.
            tally: records.iter().collect::<Counts>().into(),
            position: AtomicI64::new(0),
        };
        Ok(Found { number, damaged: records.damaged, clock, content: Content::Events(sequence) })
    }

    /// Counts a file that was found against the limits.
    pub fn count(&self) {
        if let Source::File(stored) = &self.source {
            stored.share.grow_to(stored.bytes);
        }
    }

    /// Moves its file, which `origin` wrote, into the run `own`. Where that can't be done it stays where it is.
    pub(super) fn move_to(&mut self, own: &Arc<RunDir>, origin: &str) {
        if let Source::File(stored) = &mut self.source
            && let Ok(name) = own.take_in(&stored.run, &stored.name, origin)
        {
            stored.name = name;
            stored.run = own.clone();
        }
    }

    /// The undelivered events of some chunks of one envelope, packed: into a file of the run they are in, or in
    /// memory. The chunks are as they were; whoever puts this in their place removes them.
    pub(super) fn compact(sequences: &[Arc<Self>], usage: &Arc<Quota>) -> io::Result<Self> {
        let chunks: Vec<&Arc<Chunk>> = sequences.iter().filter_map(|sequence| sequence.chunk()).collect();
        let (Some(first), Some(last)) = (chunks.first(), chunks.last()) else {
            return Err(io::ErrorKind::InvalidInput.into());
        };
        let mut packer = Compactor::new(first.number(), &serde_json::to_vec(first.envelope().as_ref())?);
        let mut tally = Counts::default();
        for sequence in sequences {
            let delivered = sequence.delivered() as usize;
            sequence.with_events(|events| {
                events.skip(delivered).try_for_each(|event| {
                    tally += Counts { events: 1, bytes: event.len() as u64 };
                    packer.push(event)
                })
            })??;
        }
        let file = packer.finish()?;
        let bytes = file.len();
        let delivered = AtomicU64::new(0);
        // What is on disk stays there, even if the disk failed for some of it.
        let source = match chunks.iter().rev().find_map(|chunk| chunk.run()) {
            Some(run) => {
                let name = run_dir::packed_name(first.number(), last.number());
                run.dir()?.replace_file(&name, &file)?;
                let share = QuotaReservation::of_existing(usage, bytes);
                Source::File(StoredFile { name, delivered, bytes, share, run: run.clone() })
            }
            None => {
                let share = QuotaReservation::of_existing(usage, bytes);
                // It takes the place of more.
                share.move_to_memory(u64::MAX);
                Source::Compressed(Compressed { file, delivered, share })
            }
        };
        Ok(Self {
            envelope: first.envelope().clone(),
            source,
            sealed_at: sequences.last().map_or_else(SystemTime::now, |last| last.sealed_at),
            tally: tally.into(),
            position: AtomicI64::new(0),
        })
    }

    /// The chunk, of this run.
    pub fn chunk(&self) -> Option<&Arc<Chunk>> {
        match &self.source {
            Source::Mapped(chunk) => Some(chunk),
            _ => None,
        }
    }

    /// Whether it could take less room.
    pub fn can_be_compacted(&self) -> bool {
        self.chunk().is_some_and(|chunk| chunk.number() < LATE)
    }

    /// Where it stands in the queue.
    pub fn position(&self) -> Position {
        self.position.load(Ordering::Relaxed)
    }

    /// Gives it its place.
    pub fn set_position(&self, position: Position) {
        self.position.store(position, Ordering::Relaxed);
    }

    /// Whether both may go in one request.
    pub fn shares_envelope(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.envelope, &other.envelope) || self.envelope == other.envelope
    }

    /// What its request will say.
    pub fn envelope(&self) -> &Arc<Envelope> {
        &self.envelope
    }

    /// About how many bytes it holds.
    pub fn bytes(&self) -> usize {
        match &self.source {
            Source::Mapped(chunk) => chunk.used(),
            Source::File(stored) => stored.bytes,
            Source::Compressed(packed) => packed.file.len(),
        }
    }

    /// Whether every append that began in it has ended.
    pub fn is_settled(&self) -> bool {
        self.chunk().is_none_or(|chunk| chunk.is_settled())
    }

    /// Waits no longer for an append in it that does not end: see [`Chunk::rescue`].
    pub fn rescue(&self, for_good: bool) -> bool {
        self.chunk().is_none_or(|chunk| chunk.rescue(for_good))
    }

    /// How many of its first events were delivered already.
    pub fn delivered(&self) -> u64 {
        match &self.source {
            Source::Mapped(chunk) => chunk.delivered(),
            Source::File(StoredFile { delivered, .. }) | Source::Compressed(Compressed { delivered, .. }) => {
                delivered.load(Ordering::Acquire)
            }
        }
    }

    /// Notes that so many of its first events were delivered.
    pub fn note_delivered(&self, events: u64) {
        match &self.source {
            Source::Mapped(chunk) => chunk.note_delivered(events),
            Source::File(stored) => {
                stored.delivered.store(events, Ordering::Release);
                // Where it can't be noted, a later run sends these events again.
                let _ = stored.run.dir().and_then(|dir| reader::note_delivered(&dir, &stored.name, events));
            }
            Source::Compressed(packed) => packed.delivered.store(events, Ordering::Release),
        }
    }

    /// How many events in it are still to be delivered.
    pub fn waiting(&self) -> u64 {
        self.tally().events.saturating_sub(self.delivered())
    }

    /// When its last event was recorded, at the latest.
    pub fn sealed_at(&self) -> SystemTime {
        self.sealed_at
    }

    /// What is in it.
    pub fn tally(&self) -> Counts {
        if let Some(tally) = self.tally.get() {
            return *tally;
        }
        // Asked before: what is settled only after the count may hold more than was counted.
        let is_settled = self.is_settled();
        let tally = self.with_events(|events| events.collect()).unwrap_or_default();
        if is_settled { *self.tally.get_or_init(|| tally) } else { tally }
    }

    /// Hands its events, in order, to `read`.
    pub fn with_events<T>(&self, read: impl FnOnce(&mut dyn Iterator<Item = &[u8]>) -> T) -> io::Result<T> {
        let records = match &self.source {
            Source::Mapped(chunk) => return Ok(read(&mut chunk.records())),
            Source::File(stored) => stored.records()?,
            Source::Compressed(packed) => reader::Records::parse(packed.file.clone()),
        };
        Ok(read(&mut records.iter()))
    }

    /// Whether its file was taken away by somebody else, or can't be read and will not soon.
    pub fn is_lost(&self) -> bool {
        match &self.source {
            Source::File(stored) => stored.records().is_err_and(|error| !reader::may_pass(&error)),
            _ => false,
        }
    }

    /// Counts it no longer, but leaves its file to a later start, which may be able to read it.
    pub fn abandon(&self) {
        if let Source::File(stored) = &self.source {
            stored.share.shrink_to(0);
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

    /// Removes it from the disk.
    pub fn remove(&self) {
        match &self.source {
            Source::Mapped(chunk) => chunk.remove(),
            Source::File(stored) => {
                let _ = stored.run.dir().and_then(|dir| dir.remove_file(&stored.name));
                stored.share.shrink_to(0);
            }
            Source::Compressed(packed) => packed.share.shrink_to(0),
        }
    }
}

impl StoredFile {
    fn records(&self) -> io::Result<reader::Records> {
        reader::Records::read(&self.run.dir()?, &self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::super::FreshChunk;
    use super::*;

    #[test]
    fn an_event_that_is_still_being_copied_is_counted_once_it_is_there() {
        let envelope = Arc::new(Envelope::any());
        let event = vec![b'x'; 1_000_000];
        for _ in 0..50 {
            let capacity = FreshChunk::capacity_for(event.len());
            let share = QuotaReservation::of_existing(&Arc::default(), capacity);
            let fresh = FreshChunk::in_memory(capacity, share).unwrap();
            let chunk = Arc::new(fresh.label(1, &envelope, b"{}"));
            std::thread::scope(|scope| {
                scope.spawn(|| chunk.append(&event));
                while chunk.used() == 0 {
                    std::hint::spin_loop();
                }
                chunk.seal();
                let sequence = SealedChunk::mapped(chunk.clone());
                // Who asks for the numbers does not wait until all is there.
                while sequence.tally().events == 0 && !sequence.is_settled() {}
                assert_eq!(sequence.tally().events, 1);
            });
        }
    }
}
