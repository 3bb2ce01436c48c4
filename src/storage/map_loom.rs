//! The append of [`super::map`] in every order that the memory model allows. `make test-loom` runs it.
//!
//! The thread of the model itself makes the changes, and others meet them: loom tries another order of two steps only where it
//! saw the later thread's step right after the change, not after a load of its own.

use std::sync::Arc;

use loom::sync::atomic::{AtomicUsize, Ordering};
use loom::thread;

use super::layout::{HEADER_BYTES, record_bytes};
use super::map::{Append, Map};
use super::small_chunk;
use crate::sync::atomic::RunCounter;

const ONE: &[u8] = br#"{"n":1,"and":"more"}"#;
const TWO: &[u8] = br#"{"n":2}"#;

/// A map with room for these.
fn map_for(events: &[&[u8]]) -> Arc<Map> {
    let room: usize = events.iter().map(|event| record_bytes(event.len())).sum();
    Arc::new(Map::anonymous(HEADER_BYTES + room).unwrap())
}

fn append_in_thread(map: &Arc<Map>, event: &'static [u8]) -> thread::JoinHandle<Append> {
    let map = map.clone();
    thread::spawn(move || map.append(event))
}

#[test]
fn loom_a_reader_sees_whole_events_or_none() {
    let seen = RunCounter::new();
    loom::model(move || {
        let map = map_for(&[ONE, TWO]);
        let theirs = map.clone();
        let reader = thread::spawn(move || {
            let events: Vec<_> = theirs.records().collect();
            assert_eq!(events, [ONE, TWO][..events.len()]);
            seen.note(events.len());
        });
        map.append(ONE);
        map.append(TWO);
        reader.join().unwrap();
    });
    seen.assert_all(3);
}

#[test]
fn loom_no_two_writers_share_a_range_and_one_of_them_is_first() {
    loom::model(|| {
        // One of three does not fit.
        let map = map_for(&[TWO, TWO]);
        let threads = [TWO, TWO].map(|event| append_in_thread(&map, event));
        let mut appended = vec![map.append(TWO)];
        appended.extend(threads.map(|thread| thread.join().unwrap()));
        for (kind, count) in
            [(Append::Stored { first: true }, 1), (Append::Stored { first: false }, 1), (Append::Full, 1)]
        {
            assert_eq!(appended.iter().filter(|append| **append == kind).count(), count, "{kind:?}");
        }
        assert_eq!(map.records().count(), 2);
    });
}

#[test]
fn loom_nothing_is_stored_behind_a_seal_and_nothing_before_it_is_lost() {
    let seen = RunCounter::new();
    loom::model(move || {
        let map = map_for(&[ONE, TWO]);
        let threads = [ONE, TWO].map(|event| append_in_thread(&map, event));
        map.seal();
        let used = map.used();
        let appended = threads.map(|thread| thread.join().unwrap());
        let stored = appended.iter().filter(|append| matches!(append, Append::Stored { .. })).count();
        assert_eq!(map.used(), used, "no append began after it");
        let mut records = map.records();
        assert_eq!(records.by_ref().count(), stored);
        assert!(records.is_complete());
        seen.note(stored);
    });
    seen.assert_all(3);
}

#[test]
fn loom_who_finds_it_sealed_sees_its_successor() {
    let seen = RunCounter::new();
    loom::model(move || {
        let map = map_for(&[TWO]);
        let successor = Arc::new(AtomicUsize::new(0));
        let (theirs, theirs_too) = (map.clone(), successor.clone());
        let thread = thread::spawn(move || {
            let is_sealed = theirs.append(TWO) == Append::Sealed;
            if is_sealed {
                assert_eq!(theirs_too.load(Ordering::Relaxed), 1);
            }
            seen.note(usize::from(is_sealed));
        });
        successor.store(1, Ordering::Relaxed);
        map.seal();
        thread.join().unwrap();
    });
    seen.assert_all(2);
}

#[test]
fn loom_what_a_thread_still_writes_to_is_not_given_back() {
    let seen = RunCounter::new();
    loom::model(move || {
        let chunk = small_chunk(record_bytes(TWO.len()));
        let appender = chunk.appender();
        let thread = thread::spawn(move || {
            seen.note(usize::from(appender.append(TWO) == Append::Sealed));
            appender
        });
        drop(chunk);
        // It outlives the chunk, as what a thread that rests has cached does.
        drop(thread.join().unwrap());
    });
    seen.assert_all(2);
}
