//! The fast path in every order that the memory model allows, with real chunks. `make test-loom` runs it. As in `map_loom.rs` the
//! thread of the model itself makes the changes, and others meet them.

use std::sync::Arc;

use loom::sync::Mutex;
use loom::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use loom::thread;

use super::fast_path::{CachedCapture, FastPath, cache};
use super::outcome::Outcome;
use super::watch::Watch;
use crate::storage::{Append, Chunk, SealedChunk, small_chunk};
use crate::sync::atomic::RunCounter;

/// Looked at more closely, so it takes the slow path.
const META: &[u8] = br#"{"type":4,"n":1}"#;
const PLAIN: &[u8] = br#"{"type":3,"n":2}"#;

/// The session of the first chunk has its snapshot; that of the second has not, so nobody publishes a way into it.
const WITH_SNAPSHOT: usize = 0;

/// Two chunks, of which the second takes the place of the first, as `Sessions` has them: the number of the current one stands
/// for its capture state, with the orderings of an `ArcSwap`.
struct Rollover {
    fast_path: FastPath,
    chunks: [Arc<Chunk>; 2],
    cached: [Arc<CachedCapture>; 2],
    current: AtomicUsize,
    state: Mutex<()>,
}

impl Rollover {
    fn new() -> Arc<Self> {
        let chunks = [Arc::new(small_chunk(64)), Arc::new(small_chunk(64))];
        let cached = [0, 1]
            .map(|at: usize| Arc::new(CachedCapture::into_chunk(&chunks[at], Outcome::Done, false, 1_000)));
        let fast_path = FastPath::new();
        // What loom keeps of it begins with the first use: before there is another thread.
        fast_path.revoke();
        Arc::new(Self { fast_path, chunks, cached, current: AtomicUsize::new(0), state: Mutex::new(()) })
    }

    /// `sr_record`.
    fn record(&self, event: &[u8]) {
        if self.fast_path.record(event).is_some() {
            return;
        }
        loop {
            let current = self.current.load(Ordering::Acquire);
            match self.chunks[current].append(event) {
                Append::Stored { .. } if current == WITH_SNAPSHOT => return self.publish(current),
                Append::Stored { .. } => return,
                Append::Sealed => thread::yield_now(),
                Append::Full => panic!("there is room"),
            }
        }
    }

    fn publish(&self, seen: usize) {
        {
            let _state = self.state.lock().unwrap();
            if self.current.load(Ordering::Acquire) != seen {
                return;
            }
            self.fast_path.publish(&self.cached[seen]);
        }
        cache(&self.cached[seen]);
    }

    fn roll_over(&self) {
        let _state = self.state.lock().unwrap();
        self.fast_path.revoke();
        self.current.swap(1, Ordering::AcqRel);
        SealedChunk::seal(self.chunks[0].clone());
    }
}

#[test]
fn loom_events_stay_in_order_over_a_rollover_each_in_one_chunk() {
    let seen = RunCounter::new();
    loom::model(move || {
        let rollover = Rollover::new();
        rollover.fast_path.publish(&rollover.cached[0]);
        let theirs = rollover.clone();
        let thread = thread::spawn(move || {
            cache(&theirs.cached[0]);
            theirs.record(META);
            theirs.record(PLAIN);
        });
        rollover.roll_over();
        thread.join().unwrap();
        let events: Vec<_> = rollover.chunks.iter().flat_map(|chunk| chunk.records()).collect();
        assert_eq!(events, [META, PLAIN]);
        assert!(!rollover.fast_path.is_published(&rollover.cached[0]));
        seen.note(rollover.chunks[0].records().count());
    });
    seen.assert_all(3);
}

#[test]
fn loom_an_event_after_a_rollover_is_in_the_new_chunk() {
    loom::model(|| {
        let rollover = Rollover::new();
        rollover.publish(0);
        let theirs = rollover.clone();
        let thread = thread::spawn(move || theirs.record(META));
        rollover.roll_over();
        rollover.record(PLAIN);
        thread.join().unwrap();
        assert!(rollover.chunks[1].records().any(|event| event == PLAIN));
    });
}

#[test]
fn loom_who_takes_the_fast_path_sees_what_stood_before_it_was_published() {
    let outcomes = RunCounter::new();
    loom::model(move || {
        let rollover = Rollover::new();
        let has_snapshot = Arc::new(AtomicBool::new(false));
        let (theirs, seen) = (rollover.clone(), has_snapshot.clone());
        let thread = thread::spawn(move || {
            cache(&theirs.cached[0]);
            let is_stored = theirs.fast_path.record(PLAIN).is_some();
            if is_stored {
                assert!(seen.load(Ordering::Relaxed));
            }
            outcomes.note(usize::from(is_stored));
        });
        has_snapshot.store(true, Ordering::Relaxed);
        rollover.fast_path.publish(&rollover.cached[0]);
        thread.join().unwrap();
    });
    outcomes.assert_all(2);
}

#[test]
fn loom_who_finds_it_revoked_sees_why() {
    let outcomes = RunCounter::new();
    loom::model(move || {
        let rollover = Rollover::new();
        rollover.fast_path.publish(&rollover.cached[0]);
        let needs_snapshot = Arc::new(AtomicBool::new(false));
        let (theirs, seen) = (rollover.clone(), needs_snapshot.clone());
        let thread = thread::spawn(move || {
            cache(&theirs.cached[0]);
            let is_stored = theirs.fast_path.record(PLAIN).is_some();
            if !is_stored {
                assert!(seen.load(Ordering::Relaxed));
            }
            outcomes.note(usize::from(is_stored));
        });
        needs_snapshot.store(true, Ordering::Relaxed);
        rollover.fast_path.revoke();
        thread.join().unwrap();
    });
    outcomes.assert_all(2);
}

/// A full snapshot comes while another thread finds it missing, and lets its next event take the fast path.
#[test]
fn loom_nobody_is_told_of_a_missing_snapshot_after_it_came() {
    let outcomes = RunCounter::new();
    loom::model(move || {
        let rollover = Rollover::new();
        let chunk = &rollover.chunks[0];
        let asking = Arc::new(CachedCapture::into_chunk(chunk, Outcome::NeedsFullSnapshot, true, 1_000));
        let has_snapshot = Arc::new(AtomicBool::new(false));
        let (theirs, seen, published) = (rollover.clone(), has_snapshot.clone(), asking.clone());
        let thread = thread::spawn(move || {
            if seen.load(Ordering::Relaxed) {
                return;
            }
            let is_published = {
                let _state = theirs.state.lock().unwrap();
                let is_missing = !seen.load(Ordering::Relaxed);
                if is_missing {
                    theirs.fast_path.publish(&published);
                }
                is_missing
            };
            outcomes.note(usize::from(is_published));
        });
        cache(&asking);
        has_snapshot.store(true, Ordering::Relaxed);
        {
            let _state = rollover.state.lock().unwrap();
            rollover.fast_path.revoke();
        }
        assert_eq!(rollover.fast_path.record(PLAIN), None);
        thread.join().unwrap();
        assert_eq!(rollover.fast_path.record(PLAIN), None);
    });
    outcomes.assert_all(2);
}

#[test]
fn loom_what_was_done_while_the_worker_came_by_itself_is_found_before_it_sleeps() {
    let outcomes = RunCounter::new();
    loom::model(move || {
        let watch = Arc::new(Watch::default());
        watch.set(true);
        let is_done = Arc::new(AtomicBool::new(false));
        let (theirs, done) = (watch.clone(), is_done.clone());
        let thread = thread::spawn(move || {
            done.store(true, Ordering::Relaxed);
            theirs.needs_wake()
        });
        assert!(watch.set(false));
        let is_found = is_done.load(Ordering::Relaxed);
        let is_woken = thread.join().unwrap();
        assert!(is_found || is_woken);
        outcomes.note(usize::from(is_found) + usize::from(is_woken) * 2 - 1);
    });
    outcomes.assert_all(3);
}
