//! A sequence: the events of one closed chunk, of this run or of an earlier one, waiting to be delivered.

use std::io;
use std::ops::AddAssign;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::SystemTime;

use super::chunk::{Chunk, Share};
use super::run::RunDir;
use super::stored;
use crate::delivery::Envelope;

/// See the module.
pub(crate) struct Sequence {
    envelope: Arc<Envelope>,
    content: Content,
    sealed_at: SystemTime,
    tally: OnceLock<Tally>,
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

enum Content {
    Live(Arc<Chunk>),
    Stored(StoredChunk),
}

struct StoredChunk {
    path: PathBuf,
    delivered: AtomicU64,
    bytes: usize,
    share: Share,
    _run: Arc<RunDir>,
}

impl Sequence {
    /// The events of a chunk that was sealed just now.
    pub fn live(chunk: Arc<Chunk>) -> Self {
        Self {
            envelope: chunk.envelope().clone(),
            content: Content::Live(chunk),
            sealed_at: SystemTime::now(),
            tally: OnceLock::new(),
        }
    }

    /// The events of a chunk that an earlier run left behind, with its number in that run; `None` where there
    /// is nothing to deliver in it.
    pub(super) fn stored(
        path: PathBuf,
        run: Arc<RunDir>,
        usage: &Arc<AtomicU64>,
    ) -> io::Result<Option<(u64, Self)>> {
        let metadata = std::fs::symlink_metadata(&path)?;
        let bytes = metadata.len() as usize;
        let Some(header) = stored::read_header(&path)? else {
            return Ok(None);
        };
        let sequence = Self {
            envelope: Arc::new(header.envelope),
            content: Content::Stored(StoredChunk {
                path,
                delivered: AtomicU64::new(header.delivered),
                bytes,
                share: Share::take(usage, bytes),
                _run: run,
            }),
            sealed_at: metadata.modified().unwrap_or_else(|_| SystemTime::now()),
            tally: OnceLock::new(),
        };
        Ok(Some((header.number, sequence)))
    }

    /// What its request will say.
    pub fn envelope(&self) -> &Arc<Envelope> {
        &self.envelope
    }

    /// About how many bytes of events it holds.
    pub fn bytes(&self) -> usize {
        match &self.content {
            Content::Live(chunk) => chunk.used(),
            Content::Stored(stored) => stored.bytes,
        }
    }

    /// Whether every append that began in it has ended.
    pub fn is_settled(&self) -> bool {
        match &self.content {
            Content::Live(chunk) => chunk.is_settled(),
            Content::Stored(_) => true,
        }
    }

    /// How many of its first events were delivered already.
    pub fn delivered(&self) -> u64 {
        match &self.content {
            Content::Live(chunk) => chunk.delivered(),
            Content::Stored(stored) => stored.delivered.load(Ordering::Acquire),
        }
    }

    /// Notes that so many of its first events were delivered.
    pub fn note_delivered(&self, events: u64) {
        match &self.content {
            Content::Live(chunk) => chunk.note_delivered(events),
            Content::Stored(stored) => stored.delivered.store(events, Ordering::Release),
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
        let tally = self.with_events(|events| events.collect()).unwrap_or_default();
        if self.is_settled() { *self.tally.get_or_init(|| tally) } else { tally }
    }

    /// Hands its events, in order, to `read`.
    pub fn with_events<T>(&self, read: impl FnOnce(&mut dyn Iterator<Item = &[u8]>) -> T) -> io::Result<T> {
        match &self.content {
            Content::Live(chunk) => Ok(read(&mut chunk.records())),
            Content::Stored(stored) => {
                let records = stored::Records::read(&stored.path)?;
                Ok(read(&mut records.iter()))
            }
        }
    }

    /// Gives back the room it does not need.
    pub fn trim(&self) {
        if let Content::Live(chunk) = &self.content {
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
        }
    }
}
