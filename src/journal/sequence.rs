//! A sequence: the events of one closed chunk, of this run or of an earlier one, waiting to be delivered.

use std::io;
use std::ops::AddAssign;
use std::path::PathBuf;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::SystemTime;

use super::backlog;
use super::chunk::{Chunk, Place, Share, Usage};
use super::packed::Packer;
use super::run::RunDir;
use super::{disk, stored};
use crate::delivery::Envelope;

/// See the module.
pub(crate) struct Sequence {
    envelope: Arc<Envelope>,
    content: Content,
    sealed_at: SystemTime,
    tally: OnceLock<Tally>,
    /// Where it stands in the backlog, which alone sets and reads it.
    place: AtomicI64,
}

/// How much was recorded.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Events.
    pub events: u64,
    /// Their bytes, as the host gave them.
    pub bytes: u64,
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.events += other.events;
        self.bytes += other.bytes;
    }
}

impl<'a> FromIterator<&'a [u8]> for Tally {
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
    pub sequence: Sequence,
}

enum Content {
    Live(Arc<Chunk>),
    Stored(Stored),
    Packed(Packed),
}

/// A file of this run or an earlier one.
struct Stored {
    path: PathBuf,
    delivered: AtomicU64,
    bytes: usize,
    share: Share,
    /// The run that it lies in.
    run: Arc<RunDir>,
}

/// The bytes of a packed file, in memory.
struct Packed {
    file: Vec<u8>,
    delivered: AtomicU64,
    share: Share,
}

impl Sequence {
    /// The events of a chunk that was sealed just now.
    pub fn live(chunk: Arc<Chunk>) -> Self {
        let sealed_at = SystemTime::now();
        Self {
            envelope: chunk.envelope().clone(),
            sealed_at,
            content: Content::Live(chunk),
            tally: OnceLock::new(),
            place: AtomicI64::new(0),
        }
    }

    /// The events of a file; `None` where there is nothing to deliver in it. It counts against the limits from
    /// [`Self::count`] on. The file is cut to what is needed: a process that was killed left a whole chunk, however
    /// little is in it.
    pub(super) fn stored(path: PathBuf, run: Arc<RunDir>, usage: &Arc<Usage>) -> io::Result<Option<Found>> {
        let metadata = std::fs::symlink_metadata(&path)?;
        let Some(header) = stored::Header::read(&path)? else {
            return Ok(None);
        };
        let records = stored::Records::read(&path)?;
        let bytes = stored::trim(&path, records.end).unwrap_or(metadata.len() as usize);
        let delivered = AtomicU64::new(header.delivered);
        let sequence = Self {
            envelope: Arc::new(header.envelope),
            content: Content::Stored(Stored {
                path,
                delivered,
                bytes,
                share: Share::take(usage, Place::Disk, 0),
                run,
            }),
            sealed_at: metadata.modified().unwrap_or_else(|_| SystemTime::now()),
            // Counted here, so that nobody who asks for numbers has to read the file.
            tally: records.iter().collect::<Tally>().into(),
            place: AtomicI64::new(0),
        };
        Ok(Some(Found { number: header.number, damaged: records.damaged, sequence }))
    }

    /// Counts a file that was found against the limits.
    pub(super) fn count(&self) {
        if let Content::Stored(stored) = &self.content {
            stored.share.grow_to(stored.bytes);
        }
    }

    /// Moves its file, which `origin` wrote, into the run `own`. Where that can't be done it stays where it is.
    pub(super) fn move_to(&mut self, own: &Arc<RunDir>, origin: &str) {
        if let Content::Stored(stored) = &mut self.content
            && let Ok(path) = own.take_in(&stored.path, origin)
        {
            stored.path = path;
            stored.run = own.clone();
        }
    }

    /// The undelivered events of some chunks of one envelope, packed: into a file of the run they are in, or in
    /// memory. The chunks are as they were; whoever puts this in their place removes them.
    pub(super) fn pack(sequences: &[Arc<Self>], usage: &Arc<Usage>) -> io::Result<Self> {
        let chunks: Vec<&Arc<Chunk>> = sequences.iter().filter_map(|sequence| sequence.chunk()).collect();
        let (Some(first), Some(last)) = (chunks.first(), chunks.last()) else {
            return Err(io::ErrorKind::InvalidInput.into());
        };
        let mut packer = Packer::new(first.number(), &serde_json::to_vec(first.envelope().as_ref())?);
        let mut tally = Tally::default();
        for sequence in sequences {
            let delivered = sequence.delivered() as usize;
            sequence.with_events(|events| {
                events.skip(delivered).try_for_each(|event| {
                    tally += Tally { events: 1, bytes: event.len() as u64 };
                    packer.push(event)
                })
            })??;
        }
        let file = packer.finish()?;
        let bytes = file.len();
        let delivered = AtomicU64::new(0);
        // What is on disk stays there, even if the disk failed for some of it.
        let content = match chunks.iter().rev().find_map(|chunk| chunk.run()) {
            Some(run) => {
                let path = run.packed_path(first.number(), last.number());
                disk::replace_file(&path, &file)?;
                let share = Share::take(usage, Place::Disk, bytes);
                Content::Stored(Stored { path, delivered, bytes, share, run: run.clone() })
            }
            None => {
                let share = Share::take(usage, Place::Memory, bytes);
                Content::Packed(Packed { file, delivered, share })
            }
        };
        Ok(Self {
            envelope: first.envelope().clone(),
            content,
            sealed_at: sequences.last().map_or_else(SystemTime::now, |last| last.sealed_at),
            tally: tally.into(),
            place: AtomicI64::new(0),
        })
    }

    fn chunk(&self) -> Option<&Arc<Chunk>> {
        match &self.content {
            Content::Live(chunk) => Some(chunk),
            _ => None,
        }
    }

    /// Whether it could take less room.
    pub(super) fn can_be_packed(&self) -> bool {
        self.chunk().is_some()
    }

    /// Where it stands in the backlog.
    pub(super) fn place(&self) -> backlog::Place {
        self.place.load(Ordering::Relaxed)
    }

    /// Gives it its place.
    pub(super) fn set_place(&self, place: backlog::Place) {
        self.place.store(place, Ordering::Relaxed);
    }

    /// Whether both may go in one request.
    pub(super) fn goes_with(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.envelope, &other.envelope) || self.envelope == other.envelope
    }

    /// What its request will say.
    pub fn envelope(&self) -> &Arc<Envelope> {
        &self.envelope
    }

    /// About how many bytes it holds.
    pub fn bytes(&self) -> usize {
        match &self.content {
            Content::Live(chunk) => chunk.used(),
            Content::Stored(stored) => stored.bytes,
            Content::Packed(packed) => packed.file.len(),
        }
    }

    /// Whether every append that began in it has ended.
    pub fn is_settled(&self) -> bool {
        self.chunk().is_none_or(|chunk| chunk.is_settled())
    }

    /// How many of its first events were delivered already.
    pub fn delivered(&self) -> u64 {
        match &self.content {
            Content::Live(chunk) => chunk.delivered(),
            Content::Stored(Stored { delivered, .. }) | Content::Packed(Packed { delivered, .. }) => {
                delivered.load(Ordering::Acquire)
            }
        }
    }

    /// Notes that so many of its first events were delivered.
    pub fn note_delivered(&self, events: u64) {
        match &self.content {
            Content::Live(chunk) => chunk.note_delivered(events),
            Content::Stored(stored) => {
                stored.delivered.store(events, Ordering::Release);
                // Where it can't be noted, a later run sends these events again.
                let _ = stored::note_delivered(&stored.path, events);
            }
            Content::Packed(packed) => packed.delivered.store(events, Ordering::Release),
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
    pub fn tally(&self) -> Tally {
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
        let records = match &self.content {
            Content::Live(chunk) => return Ok(read(&mut chunk.records())),
            Content::Stored(stored) => stored::Records::read(&stored.path)?,
            Content::Packed(packed) => stored::Records::parse(packed.file.clone()),
        };
        Ok(read(&mut records.iter()))
    }

    /// Whether its file was taken away by somebody else, or can't be read and will not soon.
    pub fn is_lost(&self) -> bool {
        match &self.content {
            Content::Stored(stored) => {
                stored::Records::read(&stored.path).is_err_and(|error| !stored::may_pass(&error))
            }
            _ => false,
        }
    }

    /// Counts it no longer, but leaves its file to a later start, which may be able to read it.
    pub fn abandon(&self) {
        if let Content::Stored(stored) = &self.content {
            stored.share.shrink_to(0);
        }
    }

    /// Sees to it that it survives a power cut.
    pub(super) fn sync(&self) {
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
        match &self.content {
            Content::Live(chunk) => chunk.remove(),
            Content::Stored(stored) => {
                let _ = std::fs::remove_file(&stored.path);
                stored.share.shrink_to(0);
            }
            Content::Packed(packed) => packed.share.shrink_to(0),
        }
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
            let fresh = FreshChunk::in_memory(capacity, &Arc::default()).unwrap();
            let chunk = Arc::new(fresh.label(1, &envelope, b"{}"));
            std::thread::scope(|scope| {
                scope.spawn(|| chunk.append(&event));
                while chunk.used() == 0 {
                    std::hint::spin_loop();
                }
                chunk.seal();
                let sequence = Sequence::live(chunk.clone());
                // Who asks for the numbers does not wait until all is there.
                while sequence.tally().events == 0 && !sequence.is_settled() {}
                assert_eq!(sequence.tally().events, 1);
            });
        }
    }
}
