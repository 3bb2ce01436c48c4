//! A session that is captured, or held: whether its full snapshot is there, and which stretch of its recording is the one of now.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering, fence};
use std::time::{Duration, Instant};

use super::held_segments::HeldSegments;
use super::outcome::Outcome;
use crate::model::envelope::Envelope;
use crate::model::event;

/// A session that is captured, or held.
pub(super) struct CapturedSession {
    /// It is sent only if there is a trigger.
    pub is_held: bool,
    /// Its recording is made of segments: it is held, or may be.
    pub segments: Option<Arc<HeldSegments>>,
    pub envelope: Arc<Envelope>,
    /// The envelope as it is written into chunks.
    pub label: Vec<u8>,
    /// A [`SnapshotState`].
    snapshot: AtomicU8,
    stretch: AtomicU64,
    /// The stretch in which the full snapshot that is missing now, or was last, came to be missing.
    want: AtomicU64,
    /// How often something was lost, so that who records a full snapshot finds what was lost beside it.
    losses: AtomicU64,
    began: Instant,
}

/// Whether the stretch has its full snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum SnapshotState {
    /// The host is asked for it.
    Missing = 0,
    There = 1,
    /// The host took it, and its filter dropped it. It is not asked again at once.
    Dropped = 2,
}

/// A part of a recording without a gap: what is recorded in it may build on what was recorded in it before. Another begins
/// with each session that is captured, and where something that the rest builds on was lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stretch(u64);

impl Stretch {
    /// The stretch of this number; there is none of number 0.
    pub const fn of_number(number: u64) -> Self {
        Self(number)
    }

    /// As a number that is never 0.
    pub fn number(self) -> u64 {
        self.0
    }

    fn next() -> u64 {
        static STRETCHES: AtomicU64 = AtomicU64::new(0);
        1 + STRETCHES.fetch_add(1, Ordering::Relaxed)
    }
}

impl CapturedSession {
    pub fn new(envelope: Envelope) -> Self {
        let stretch = Stretch::next();
        Self {
            is_held: false,
            segments: None,
            label: envelope.to_json(),
            envelope: Arc::new(envelope),
            snapshot: AtomicU8::new(SnapshotState::Missing as u8),
            stretch: AtomicU64::new(stretch),
            want: AtomicU64::new(stretch),
            losses: AtomicU64::new(0),
            began: Instant::now(),
        }
    }

    /// The same, held or not, with a recording that is made of these segments.
    pub fn in_segments(self, segments: Arc<HeldSegments>, is_held: bool) -> Self {
        Self { is_held, segments: Some(segments), ..self }
    }

    /// The same session under another envelope: its sample rate is known now, or there was a trigger.
    pub fn with_envelope(&self, envelope: Envelope, is_held: bool) -> Self {
        Self {
            is_held,
            snapshot: AtomicU8::new(self.snapshot.load(Ordering::Relaxed)),
            stretch: AtomicU64::new(self.stretch().0),
            want: AtomicU64::new(self.want()),
            began: self.began,
            segments: self.segments.clone(),
            ..Self::new(envelope)
        }
    }

    /// Whether its recording goes on in these segments.
    pub fn is_of(&self, segments: &Arc<HeldSegments>) -> bool {
        self.segments.as_ref().is_some_and(|own| Arc::ptr_eq(own, segments))
    }

    /// The segments of its recording, while it is held or may be.
    pub fn current_segments(&self) -> Option<&HeldSegments> {
        self.segments.as_deref().filter(|_| self.is_held || self.envelope.sample_rate.is_none())
    }

    /// How long it has been recorded by this run.
    pub fn age(&self) -> Duration {
        self.began.elapsed()
    }

    /// Whether the host need not be asked for one now.
    pub fn has_snapshot(&self) -> bool {
        self.snapshot.load(Ordering::Relaxed) != SnapshotState::Missing as u8
    }

    /// Whether the full snapshot that what is recorded now builds on is there.
    pub fn is_whole(&self) -> bool {
        self.snapshot_state() == SnapshotState::There
    }

    pub fn snapshot_state(&self) -> SnapshotState {
        match self.snapshot.load(Ordering::Relaxed) {
            0 => SnapshotState::Missing,
            1 => SnapshotState::There,
            _ => SnapshotState::Dropped,
        }
    }

    /// How often something was lost so far. To be asked before a full snapshot is recorded: see [`Self::outcome_of`].
    pub fn losses(&self) -> u64 {
        self.losses.load(Ordering::Acquire)
    }

    /// An event is refused: whether nothing builds on it, since the full snapshot is still missing. `false`: one is there, and another
    /// has to be required for this event.
    pub fn loses_before_snapshot(&self) -> bool {
        self.note_loss();
        !self.has_snapshot()
    }

    fn note_loss(&self) {
        self.losses.fetch_add(1, Ordering::Relaxed);
        // With the fence of `outcome_of`: either the snapshot is seen here, or this loss there.
        fence(Ordering::SeqCst);
    }

    pub fn require_snapshot(&self) {
        self.note_loss();
        let next = Stretch::next();
        self.stretch.store(next, Ordering::Relaxed);
        // One that was missing before is still the same want, however much more is lost.
        if self.snapshot.swap(SnapshotState::Missing as u8, Ordering::Relaxed) != SnapshotState::Missing as u8
        {
            self.want.store(next, Ordering::Relaxed);
        }
    }

    /// The host's filter dropped the full snapshot that the host took.
    pub fn note_dropped_snapshot(&self) {
        self.snapshot.store(SnapshotState::Dropped as u8, Ordering::Relaxed);
    }

    /// A number for the full snapshot that is missing now, or was last.
    pub fn want(&self) -> u64 {
        self.want.load(Ordering::Relaxed)
    }

    /// The part of the recording that what is recorded now belongs to.
    pub fn stretch(&self) -> Stretch {
        Stretch(self.stretch.load(Ordering::Relaxed))
    }

    /// What to tell the host about an event of which the fast path knows that it is no full snapshot, nor the Meta event before one.
    pub fn plain_outcome(snapshot: SnapshotState) -> Outcome {
        match snapshot {
            SnapshotState::Missing => Outcome::NeedsFullSnapshot,
            SnapshotState::There | SnapshotState::Dropped => Outcome::Done,
        }
    }

    /// What to tell the host about the event that was just recorded; `losses` as before that.
    pub fn outcome_of(&self, event: &[u8], losses: u64) -> Outcome {
        let before = self.snapshot_state();
        if before == SnapshotState::There {
            return Outcome::Done;
        }
        match event::kind_of(event) {
            Some(event::FULL_SNAPSHOT) => {
                self.snapshot.store(SnapshotState::There as u8, Ordering::Relaxed);
                fence(Ordering::SeqCst);
                if self.losses() != losses {
                    // Another thread's event may come after what the snapshot shows. The next event asks for another.
                    self.require_snapshot();
                }
                Outcome::Done
            }
            // Right before every full snapshot rrweb emits a Meta event. Asking for a snapshot in answer to it
            // would make the host take one inside the other, without end.
            Some(event::META) => Outcome::Done,
            _ => Self::plain_outcome(before),
        }
    }
}
