//! The short cut of `sr_record`: straight into the chunk that this thread recorded into last, without asking which
//! session it is and whether it is captured.
//!
//! A thread that recorded the long way remembers the chunk as its *lane*. As long as the one *door* of the process
//! shows that same lane, nothing has changed since, and the next event may go the same way. Whoever puts another
//! snapshot in place shuts the door before that, and seals the chunk after it. So a thread that has met the new snapshot
//! finds the door shut: what it records next never comes before what it recorded there. One that saw the door open a
//! moment before finds the chunk sealed, and goes the long way, or was in time.
//!
//! The door's pointer is compared, never followed. A thread that holds a lane keeps its address from being given to
//! another, so where the two are equal they are the same.

use std::cell::RefCell;
use std::ptr;
use std::sync::Arc;
use std::sync::atomic::{AtomicPtr, Ordering};

use crate::cancellation;
use crate::journal::{Append, Appender, Chunk};
use crate::page_status::is_for_status;

/// A chunk of a session that has its full snapshot, so that an event that is stored is all there is to say.
pub(super) struct Lane {
    chunk: Appender,
    most_bytes: usize,
}

impl Lane {
    /// Into this chunk, for events up to this size.
    pub fn new(chunk: &Chunk, most_bytes: usize) -> Arc<Self> {
        Arc::new(Self { chunk: chunk.appender(), most_bytes })
    }
}

thread_local! {
    static LANE: Entered = const { Entered(RefCell::new(None)) };
}

/// The lane of a thread.
struct Entered(RefCell<Option<Arc<Lane>>>);

impl Drop for Entered {
    /// As the thread ends. It may be the last to hold the chunk, whose end makes system calls: a thread that was cancelled
    /// after it had returned from its function must not be unwound through here.
    fn drop(&mut self) {
        let _held_off = cancellation::hold_off();
        drop(self.0.take());
    }
}

/// Shows which lane may be used, if any.
pub(crate) struct Door(AtomicPtr<Lane>);

impl Door {
    /// Shut.
    pub const fn new() -> Self {
        Self(AtomicPtr::new(ptr::null_mut()))
    }

    /// Keeps an event, if this thread has the lane that the door shows, and the event needs no closer look. `false`:
    /// nothing happened.
    #[inline]
    pub fn record(&self, event: &[u8]) -> bool {
        let [b'{', .., b'}'] = event else {
            return false;
        };
        if is_for_status(event) {
            return false;
        }
        let kept = LANE.try_with(|lane| {
            let Ok(lane) = lane.0.try_borrow() else {
                return false;
            };
            lane.as_ref().is_some_and(|lane| {
                ptr::eq(self.0.load(Ordering::Acquire), Arc::as_ptr(lane))
                    && event.len() <= lane.most_bytes
                    && matches!(lane.chunk.append(event), Append::Stored { .. })
            })
        });
        kept.unwrap_or(false)
    }

    /// Whether it shows this lane.
    pub(super) fn shows(&self, lane: &Arc<Lane>) -> bool {
        ptr::eq(self.0.load(Ordering::Relaxed), Arc::as_ptr(lane))
    }

    /// Shows this lane.
    pub(super) fn open(&self, lane: &Arc<Lane>) {
        self.0.store(Arc::as_ptr(lane).cast_mut(), Ordering::Release);
    }

    /// Shows none. A single store: it may be called in a child right after `fork`.
    pub fn shut(&self) {
        self.0.store(ptr::null_mut(), Ordering::Release);
    }
}

/// Makes this lane the thread's.
pub(super) fn enter(lane: &Arc<Lane>) {
    set(Some(lane.clone()));
}

/// Whether this lane is the thread's.
pub(super) fn is_entered(lane: &Arc<Lane>) -> bool {
    let is_it = |place: &Entered| {
        place
            .0
            .try_borrow()
            .is_ok_and(|place| place.as_ref().is_some_and(|entered| Arc::ptr_eq(entered, lane)))
    };
    LANE.try_with(is_it).unwrap_or(false)
}

/// Takes the lane from the thread: its next event goes the long way.
pub(crate) fn leave() {
    set(None);
}

fn set(lane: Option<Arc<Lane>>) {
    // A thread on its way out has no place for it any more, and needs none.
    let _ =
        LANE.try_with(|place| place.0.try_borrow_mut().map(|mut place| std::mem::replace(&mut *place, lane)));
}
