//! A page of this process, as those see it who record its events: without a lock, but for its full snapshots.

use std::sync::Arc;

use crate::error::Error;
use crate::model::event::ViewMark;
use crate::session::{Outcome, Stretch};
use crate::sync::Mutex;
use crate::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use crate::views::ids::{DocumentIds, Numbers, ViewIds};

/// The page in a view.
///
/// Its recorder counts the nodes of each document from 1, so the library has to know which document an event is of: the one
/// whose full snapshot was recorded last. Where that was refused, or is on its way behind its Meta event, events are of no
/// document: they are recorded, and no player finds a node of theirs.
#[derive(Debug)]
pub(in crate::views) struct Page {
    pub ids: ViewIds,
    numbers: Arc<Numbers>,
    /// The stretch of the recording in which its frame is there; 0: in none.
    stretch: AtomicU64,
    /// Since when, in milliseconds since 1970.
    since: AtomicU64,
    /// The document that events are of.
    document: AtomicU32,
    /// The stretch in which that one's full snapshot was recorded; 0: in none.
    snapshot_in: AtomicU64,
    /// Held while a full snapshot is recorded: the document that events are of is then the one that was recorded last.
    begins: Mutex<()>,
}

impl Page {
    /// A page without a document.
    pub fn new(ids: ViewIds, numbers: Arc<Numbers>) -> Self {
        Self {
            ids,
            numbers,
            stretch: AtomicU64::new(0),
            since: AtomicU64::new(0),
            document: AtomicU32::new(DocumentIds::NONE.0),
            snapshot_in: AtomicU64::new(0),
            begins: Mutex::default(),
        }
    }

    /// Its frame is there in this stretch, since this time.
    pub fn note_frame_in(&self, stretch: u64, time: u64) {
        if self.stretch.load(Ordering::Relaxed) != stretch {
            // Release: who reads the new time of an old stretch then finds that another stretch has begun. See `mark`.
            self.since.store(time, Ordering::Release);
            self.stretch.store(stretch, Ordering::Release);
        }
    }

    /// Whether what a player shows of it lacks a full snapshot.
    pub fn lacks_snapshot(&self) -> bool {
        !self.has_snapshot_in(self.stretch.load(Ordering::Relaxed))
    }

    /// Whether it took its full snapshot in this stretch.
    pub fn has_snapshot_in(&self, stretch: u64) -> bool {
        self.snapshot_in.load(Ordering::Relaxed) == stretch
    }

    /// Records an event of the document of now. `None`: the scene has to be told first, nothing is recorded.
    pub fn record(
        &self,
        record: impl FnOnce(Stretch, ViewMark) -> Result<Option<Outcome>, Error>,
    ) -> Result<Option<Outcome>, Error> {
        // Read before the event is recorded, and stored after the full snapshot was: so an event comes behind its own.
        let document = self.document.load(Ordering::Acquire);
        let (stretch, mark) = self.mark(document);
        let outcome = record(Stretch::of_number(stretch), mark)?;
        Ok(outcome.map(|outcome| match outcome {
            Outcome::NotCaptured => outcome,
            _ if self.has_snapshot_in(stretch) => outcome,
            _ => Outcome::NeedsFullSnapshot,
        }))
    }

    /// Records the Meta event, which comes right before a full snapshot: what follows is of another document.
    pub fn record_meta(
        &self,
        record: impl FnOnce(Stretch, ViewMark) -> Result<Option<Outcome>, Error>,
    ) -> Result<Option<Outcome>, Error> {
        self.end_document();
        let (stretch, mark) = self.mark(DocumentIds::NONE.0);
        // It asks for nothing: a host that took a full snapshot in answer to it would never come out again.
        record(Stretch::of_number(stretch), mark)
    }

    /// Records a full snapshot: a document with ids of its own begins.
    pub fn record_document(
        &self,
        record: impl FnOnce(Stretch, ViewMark) -> Result<Option<Outcome>, Error>,
    ) -> Result<Option<Outcome>, Error> {
        let _turn = self.begins.lock();
        let Some(document) = self.numbers.next() else {
            self.end_document();
            return Err(Error::InvalidArgument(
                "no more documents of pages can be told apart in this process: call sr_shutdown and sr_init"
                    .to_owned(),
            ));
        };
        let (stretch, mark) = self.mark(document);
        let recorded = record(Stretch::of_number(stretch), mark);
        match recorded {
            Ok(Some(outcome)) if outcome != Outcome::NotCaptured => {
                self.snapshot_in.store(stretch, Ordering::Relaxed);
                self.document.store(document, Ordering::Release);
            }
            // What follows builds on it, and must not be played in the document before.
            _ => self.end_document(),
        }
        recorded
    }

    /// Its full snapshot was taken, and is not recorded: it is not asked for another at each event.
    pub fn note_dropped_document(&self) {
        self.end_document();
        self.snapshot_in.store(self.stretch.load(Ordering::Relaxed), Ordering::Relaxed);
    }

    fn end_document(&self) {
        self.snapshot_in.store(0, Ordering::Relaxed);
        self.document.store(DocumentIds::NONE.0, Ordering::Release);
    }

    /// The stretch in which its frame is there, and the mark of an event of this document. Where another stretch begins
    /// meanwhile the two may not fit; then nothing is recorded in the one that is told.
    fn mark(&self, document: u32) -> (u64, ViewMark) {
        let stretch = self.stretch.load(Ordering::Acquire);
        (stretch, ViewMark::of_page(self.ids.0, document, self.since.load(Ordering::Acquire)))
    }
}

#[cfg(all(test, loom))]
#[path = "live_loom.rs"]
mod loom_model;
