//! The fast path of `sr_record`: straight into the chunk that this thread recorded into last, without asking which
//! session it is and whether it is captured.
//!
//! A thread that took the slow path caches the chunk it recorded into. As long as the one [`FastPath`] of the process
//! publishes that same cached chunk, nothing has changed since, and the next event may go straight in. Whoever puts
//! another capture state in place revokes the fast path before that, and seals the chunk after it. So a thread that has
//! met the new state finds the fast path revoked: what it records next never comes before what it recorded there. One
//! that saw it published a moment before finds the chunk sealed, and takes the slow path, or was in time.
//!
//! The published pointer is compared, never followed. A thread that caches a chunk keeps its address from being given to
//! another, so where the two are equal they are the same.

use std::cell::RefCell;
use std::ptr;
use std::sync::Arc;

use crate::cancellation;
use crate::page_line::PageLine;
use crate::storage::{Append, Appender, Chunk};
use crate::sync::atomic::{AtomicPtr, Ordering, thread_local};

/// A chunk of a session that has its full snapshot, so that an event that is stored is all there is to say.
pub(super) struct CachedChunk {
    chunk: Appender,
    max_event_bytes: usize,
}

impl CachedChunk {
    /// Into this chunk, for events up to this size.
    pub fn new(chunk: &Chunk, max_event_bytes: usize) -> Arc<Self> {
        Arc::new(Self { chunk: chunk.appender(), max_event_bytes })
    }
}

thread_local! {
    static CACHED: ThreadCache = const { ThreadCache(RefCell::new(None)) };
}

/// What a thread caches.
struct ThreadCache(RefCell<Option<Arc<CachedChunk>>>);

impl Drop for ThreadCache {
    /// As the thread ends. It may be the last to hold the chunk, whose end makes system calls: a thread that was cancelled
    /// after it had returned from its function must not be unwound through here.
    fn drop(&mut self) {
        let _held_off = cancellation::hold_off();
        drop(self.0.take());
    }
}

/// Publishes which cached chunk may be used, if any.
pub(crate) struct FastPath(AtomicPtr<CachedChunk>);

impl FastPath {
    /// With nothing published.
    pub const fn new() -> Self {
        Self(AtomicPtr::new(ptr::null_mut()))
    }

    /// Records an event, if this thread caches the chunk that is published, and the event needs no closer look. `false`:
    /// nothing happened.
    #[inline]
    pub fn record(&self, event: &[u8]) -> bool {
        let [b'{', .., b'}'] = event else {
            return false;
        };
        if PageLine::is_special(event) {
            return false;
        }
        let is_recorded = CACHED.try_with(|cached| {
            let Ok(cached) = cached.0.try_borrow() else {
                return false;
            };
            cached.as_ref().is_some_and(|cached| {
                ptr::eq(self.0.load(Ordering::Acquire), Arc::as_ptr(cached))
                    && event.len() <= cached.max_event_bytes
                    && matches!(cached.chunk.append(event), Append::Stored { .. })
            })
        });
        is_recorded.unwrap_or(false)
    }

    /// Whether this cached chunk is the published one.
    pub(super) fn is_published(&self, cached: &Arc<CachedChunk>) -> bool {
        ptr::eq(self.0.load(Ordering::Relaxed), Arc::as_ptr(cached))
    }

    /// Publishes this cached chunk.
    pub(super) fn publish(&self, cached: &Arc<CachedChunk>) {
        self.0.store(Arc::as_ptr(cached).cast_mut(), Ordering::Release);
    }

    /// Publishes none. A single store: it may be called in a child right after `fork`.
    pub fn revoke(&self) {
        self.0.store(ptr::null_mut(), Ordering::Release);
    }
}

/// Has this thread cache it.
pub(super) fn cache(cached: &Arc<CachedChunk>) {
    set(Some(cached.clone()));
}

/// Whether this thread caches it.
pub(super) fn is_cached(cached: &Arc<CachedChunk>) -> bool {
    let is_it = |slot: &ThreadCache| {
        slot.0.try_borrow().is_ok_and(|slot| slot.as_ref().is_some_and(|own| Arc::ptr_eq(own, cached)))
    };
    CACHED.try_with(is_it).unwrap_or(false)
}

/// Empties the cache of this thread: its next event takes the slow path.
pub(crate) fn drop_cached() {
    set(None);
}

fn set(cached: Option<Arc<CachedChunk>>) {
    // A thread on its way out has no slot for it any more, and needs none.
    let _ =
        CACHED.try_with(|slot| slot.0.try_borrow_mut().map(|mut slot| std::mem::replace(&mut *slot, cached)));
}
