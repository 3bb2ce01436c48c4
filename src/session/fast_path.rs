//! The fast path of `sr_record`: into the chunk that this thread recorded into last, or nowhere, with the answer that was given last,
//! without asking which session it is and whether it is captured.
//!
//! A thread that took the slow path caches what became of its event there: the chunk it went into, if any, and what was told of it.
//! As long as the one [`FastPath`] of the process publishes that same cached capture, nothing has changed since, and the next event
//! may go the same way. Whoever puts another capture state in place revokes the fast path before that, and seals the chunk after it;
//! so does, without a seal, whoever changes what is told: a full snapshot came, or is missing from now on. So a thread that has met
//! the new state finds the fast path revoked: what it records next never comes before what it recorded there. One that saw it
//! published a moment before finds the chunk sealed, and takes the slow path, or was in time.
//!
//! The published pointer is compared, never followed. A thread that caches a capture keeps its address from being given to
//! another, so where the two are equal they are the same.

use std::cell::RefCell;
use std::ptr;
use std::sync::Arc;

use super::activity::{ActivityTimer, Meets};
use super::captured_session::CapturedSession;
use super::idle_timer::IdleTimer;
use super::no_room::NoRoom;
use super::outcome::Outcome;
use crate::cancellation;
use crate::error::Error;
use crate::model::event;
use crate::page_line::PageLine;
use crate::stats::Stats;
use crate::storage::{Append, Appender, Chunk, FreshChunk, Room};
use crate::sync::atomic::{AtomicPtr, Ordering, thread_local};

/// What becomes of an event without a closer look, and what is told of it.
pub(super) struct CachedCapture {
    target: Target,
    outcome: Outcome,
    /// A full snapshot would change what is told: it takes the slow path.
    awaits_snapshot: bool,
    max_event_bytes: usize,
    /// What an event keeps from timing out, if there is such a thing.
    idle: Option<Arc<IdleTimer>>,
    /// What an event says of the user, where that is asked, and what it meets.
    activity: Option<(Arc<ActivityTimer>, Meets)>,
}

/// Where events go.
enum Target {
    Chunk(Appender),
    /// Nowhere: they are only counted.
    Nowhere(Arc<Stats>),
    /// Nowhere, for want of room, as far as they do not fit into the chunk that there is.
    NoRoom(Box<Full>),
}

/// A chunk that is full, or none, and no room for another.
pub(super) struct Full {
    /// `None` once it was sealed to be delivered.
    pub chunk: Option<Appender>,
    pub session: Arc<CapturedSession>,
    pub no_room: Arc<NoRoom>,
    pub room: Room,
    pub stats: Arc<Stats>,
}

/// What the fast path tells of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FastAnswer {
    /// What a call that went well tells.
    Told(Outcome),
    /// The event is refused: [`buffer_full`] says of how much.
    BufferFull,
}

impl CachedCapture {
    /// Into this chunk, for events up to this size. The outcome is that of an event that tells of no full snapshot.
    pub fn into_chunk(
        chunk: &Chunk,
        outcome: Outcome,
        awaits_snapshot: bool,
        max_event_bytes: usize,
    ) -> Self {
        let target = Target::Chunk(chunk.appender());
        Self { target, outcome, awaits_snapshot, max_event_bytes, idle: None, activity: None }
    }

    /// Not captured: counted here.
    pub fn nowhere(stats: &Arc<Stats>, max_event_bytes: usize) -> Self {
        let target = Target::Nowhere(stats.clone());
        let outcome = Outcome::NotCaptured;
        Self { target, outcome, awaits_snapshot: false, max_event_bytes, idle: None, activity: None }
    }

    /// Refused and counted, whatever it is, as long as there is no room.
    pub fn no_room(full: Full, max_event_bytes: usize) -> Self {
        let target = Target::NoRoom(Box::new(full));
        let outcome = Outcome::NotCaptured;
        Self { target, outcome, awaits_snapshot: false, max_event_bytes, idle: None, activity: None }
    }

    /// Whether nothing that it tells of is recorded, nor did the call go well.
    fn only_refuses(&self) -> bool {
        matches!(self.target, Target::NoRoom(_))
    }

    /// The same, where events are noted by these timers.
    pub fn noted_by(
        self,
        idle: Option<Arc<IdleTimer>>,
        activity: Option<(Arc<ActivityTimer>, Meets)>,
    ) -> Self {
        Self { idle, activity, ..self }
    }

    /// What is told of an event that went the way of the last one. `None`: nothing happened.
    #[inline]
    fn record(&self, event: &[u8]) -> Option<FastAnswer> {
        if event.len() > self.max_event_bytes
            || (self.awaits_snapshot && !event::is_plainly_no_snapshot(event))
            || self.activity.as_ref().is_some_and(|(timer, meets)| !timer.note_if_plain(event, *meets))
            || self.idle.as_ref().is_some_and(|idle| !idle.touch_if_fresh())
        {
            return None;
        }
        match &self.target {
            Target::Chunk(chunk) => {
                matches!(chunk.append(event), Append::Stored { .. }).then_some(FastAnswer::Told(self.outcome))
            }
            Target::Nowhere(stats) => {
                stats.not_captured.add(1);
                Some(FastAnswer::Told(self.outcome))
            }
            Target::NoRoom(full) => full.refuse(event),
        }
    }
}

impl Full {
    fn refuse(&self, event: &[u8]) -> Option<FastAnswer> {
        let is_refused = FreshChunk::is_ordinary(event.len())
            && self.chunk.as_ref().is_none_or(|chunk| chunk.is_full_for(event.len()))
            && self.no_room.holds(self.room.version())
            && self.session.loses_before_snapshot();
        is_refused.then(|| {
            self.stats.refused_buffer_full.add(1);
            FastAnswer::BufferFull
        })
    }
}

thread_local! {
    static CACHED: ThreadCache = const { ThreadCache(RefCell::new(None)) };
}

/// What a thread caches.
struct ThreadCache(RefCell<Option<Arc<CachedCapture>>>);

impl Drop for ThreadCache {
    /// As the thread ends. It may be the last to hold the chunk, whose end makes system calls: a thread that was cancelled
    /// after it had returned from its function must not be unwound through here.
    fn drop(&mut self) {
        let _held_off = cancellation::hold_off();
        drop(self.0.take());
    }
}

/// Publishes which cached capture may be used, if any.
pub(crate) struct FastPath(AtomicPtr<CachedCapture>);

impl FastPath {
    /// With nothing published.
    pub const fn new() -> Self {
        Self(AtomicPtr::new(ptr::null_mut()))
    }

    /// Records an event, if this thread caches the capture that is published, and the event needs no closer look: what is to be told
    /// of it. `None`: nothing happened.
    #[inline]
    pub fn record(&self, event: &[u8]) -> Option<FastAnswer> {
        let [b'{', .., b'}'] = event else {
            return None;
        };
        if PageLine::is_special(event) {
            return None;
        }
        let recorded = CACHED.try_with(|cached| {
            let cached = cached.0.try_borrow().ok()?;
            let cached = cached.as_ref()?;
            let is_published = ptr::eq(self.0.load(Ordering::Acquire), Arc::as_ptr(cached));
            if is_published { cached.record(event) } else { None }
        });
        recorded.ok().flatten()
    }

    /// Whether this one is published.
    pub(super) fn is_published(&self, cached: &Arc<CachedCapture>) -> bool {
        ptr::eq(self.0.load(Ordering::Relaxed), Arc::as_ptr(cached))
    }

    /// Publishes this one.
    pub(super) fn publish(&self, cached: &Arc<CachedCapture>) {
        self.0.store(Arc::as_ptr(cached).cast_mut(), Ordering::Release);
    }

    /// Publishes none. A single store: it may be called in a child right after `fork`.
    pub fn revoke(&self) {
        self.0.store(ptr::null_mut(), Ordering::Release);
    }
}

/// Has this thread cache it.
pub(super) fn cache(cached: &Arc<CachedCapture>) {
    set(Some(cached.clone()));
}

/// Whether this thread caches it.
pub(super) fn is_cached(cached: &Arc<CachedCapture>) -> bool {
    let is_it = |slot: &ThreadCache| {
        slot.0.try_borrow().is_ok_and(|slot| slot.as_ref().is_some_and(|own| Arc::ptr_eq(own, cached)))
    };
    CACHED.try_with(is_it).unwrap_or(false)
}

/// Why this thread's event was refused with [`FastAnswer::BufferFull`].
pub(crate) fn buffer_full() -> Option<Error> {
    let error = |slot: &ThreadCache| match &slot.0.try_borrow().ok()?.as_ref()?.target {
        Target::NoRoom(full) => Some(full.room.buffer_full()),
        _ => None,
    };
    CACHED.try_with(error).ok().flatten()
}

/// Empties the cache of this thread, after a call that failed: its next event takes the slow path, where a call that goes well clears
/// the last error. What only refuses may stay.
pub(crate) fn drop_cached() {
    let may_stay = |slot: &ThreadCache| {
        slot.0.try_borrow().is_ok_and(|slot| slot.as_ref().is_none_or(|cached| cached.only_refuses()))
    };
    if !CACHED.try_with(may_stay).unwrap_or(false) {
        set(None);
    }
}

fn set(cached: Option<Arc<CachedCapture>>) {
    // A thread on its way out has no slot for it any more, and needs none.
    let _ =
        CACHED.try_with(|slot| slot.0.try_borrow_mut().map(|mut slot| std::mem::replace(&mut *slot, cached)));
}
