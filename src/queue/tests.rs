//! The queue with chunks of the real storage, in memory and on disk.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::{Queue, QueuedChunk};
use crate::model::envelope::Envelope;
use crate::model::ids::{ApiKey, SessionId};
use crate::storage::{SealedChunk, Storage};

fn open(storage_dir: Option<&Path>, limit: u64) -> Storage {
    Storage::open(storage_dir, &ApiKey::from_text("key").unwrap(), limit)
}

fn delivered(queue: &Queue) -> Vec<Vec<u8>> {
    let events = |sealed: &QueuedChunk| {
        sealed.with_events(|events| events.map(<[u8]>::to_vec).collect::<Vec<_>>()).unwrap()
    };
    queue.all().iter().flat_map(events).collect()
}

#[test]
fn a_thread_that_dies_in_the_middle_of_an_append_holds_up_nobody_for_long() {
    let dir = tempfile::tempdir().unwrap();
    // What lies in memory only, behind a gap, can be read on Linux alone.
    let in_memory = cfg!(target_os = "linux").then_some(None);
    for storage_dir in in_memory.into_iter().chain([Some(dir.path())]) {
        let (storage, queue) = (open(storage_dir, 4_000_000), Queue::default());
        let envelope = Arc::new(Envelope::any());
        let label = serde_json::to_vec(&*envelope).unwrap();
        let chunk = Arc::new(storage.fresh(0).unwrap().label(1, &envelope, &label));
        let events = ["{\"n\":1}", "{\"n\":2,\"pad\":\"------------\"}", "{\"n\":3}"];
        chunk.append(events[0].as_bytes());
        let gap = chunk.reserve_only(events[1].len());
        chunk.append(events[2].as_bytes());
        queue.push(SealedChunk::seal(chunk.clone()));
        // How soon it is looked at again is a matter of how long that took: see `pace`.
        assert!(queue.finalize(Duration::from_secs(60)).is_some(), "it is waited for");
        assert_eq!(queue.finalize(Duration::ZERO), None, "it is waited for no longer");
        assert_eq!(delivered(&queue), [events[0].as_bytes(), events[2].as_bytes()]);
        assert_eq!(queue.recorded().events, 2);
        queue.store_late_events(&storage);
        assert_eq!(delivered(&queue).len(), 2, "nothing came late");
        assert!(!chunk.take_late_events(|_| true), "more may come");

        // It lived after all.
        chunk.store_late(events[1].as_bytes(), gap);
        queue.store_late_events(&storage);
        queue.store_late_events(&storage);
        assert_eq!(queue.finalize(Duration::ZERO), None);
        assert_eq!(delivered(&queue), [0, 2, 1].map(|at| events[at].as_bytes()), "once");
        assert_eq!(queue.state.lock().order.salvaged().len(), 0);
    }
}

fn big(n: u32) -> Vec<u8> {
    let noise: String = (0..250_000).map(|_| fastrand::alphanumeric()).collect();
    format!("{{\"n\":{n},\"pad\":\"{noise}\"}}").into_bytes()
}

fn names(queue: &Queue) -> Vec<String> {
    let mut all: Vec<String> = delivered(queue)
        .iter()
        .map(|event| String::from_utf8_lossy(&event[..12.min(event.len())]).into_owned())
        .collect();
    all.sort();
    all
}

#[test]
fn what_came_late_after_its_chunk_was_compacted_survives_the_next_start() {
    let dir = tempfile::tempdir().unwrap();
    let (storage, queue) = (open(Some(dir.path()), 64_000_000), Queue::default());
    let envelope = Arc::new(Envelope::any());
    let label = serde_json::to_vec(&*envelope).unwrap();
    let chunk = Arc::new(storage.fresh(0).unwrap().label(1, &envelope, &label));
    chunk.append(&big(1));
    let late = b"{\"late\":1}";
    let gap = chunk.reserve_only(late.len());
    chunk.append(&big(2)[..200_000]);
    queue.push(SealedChunk::seal(chunk.clone()));
    queue.finalize(Duration::ZERO);
    queue.compact_and_sync(&storage, || false).unwrap();
    chunk.store_late(late, gap);
    queue.store_late_events(&storage);
    queue.finalize(Duration::ZERO);
    let before = names(&queue);
    drop(chunk);
    drop(queue);
    storage.close();
    let next = Queue::default();
    next.push_recovered(open(Some(dir.path()), 64_000_000).recover(None).unwrap().sealed);
    assert_eq!(names(&next), before);
}

#[test]
fn what_came_late_is_compacted_with_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let (storage, queue) = (open(Some(dir.path()), 64_000_000), Queue::default());
    let envelope = Arc::new(Envelope::any());
    let label = serde_json::to_vec(&*envelope).unwrap();
    let mut other = Envelope::any();
    other.session_id = SessionId::from_millis(2).unwrap();
    let other = Arc::new(other);
    let other_label = serde_json::to_vec(&*other).unwrap();
    let one = Arc::new(storage.fresh(0).unwrap().label(1, &envelope, &label));
    one.append(b"{\"first\":1}");
    let late = b"{\"late\":1}";
    let gap = one.reserve_only(late.len());
    queue.push(SealedChunk::seal(one.clone()));
    queue.finalize(Duration::ZERO);
    let two = Arc::new(storage.fresh(0).unwrap().label(2, &other, &other_label));
    two.append(b"{\"other\":1}");
    queue.push(SealedChunk::seal(two.clone()));
    queue.finalize(Duration::ZERO);
    one.store_late(late, gap);
    queue.store_late_events(&storage);
    let three = Arc::new(storage.fresh(0).unwrap().label(3, &envelope, &label));
    three.append(&big(3));
    three.append(&big(4)[..100_000]);
    queue.push(SealedChunk::seal(three.clone()));
    queue.finalize(Duration::ZERO);
    queue.compact_and_sync(&storage, || false).unwrap();
    let before = names(&queue);
    drop((one, two, three));
    drop(queue);
    storage.close();
    let next = Queue::default();
    next.push_recovered(open(Some(dir.path()), 64_000_000).recover(None).unwrap().sealed);
    assert_eq!(names(&next), before);
}

#[test]
fn a_dead_append_does_not_keep_the_run_from_being_taken_over() {
    let dir = tempfile::tempdir().unwrap();
    let (storage, queue) = (open(Some(dir.path()), 64_000_000), Queue::default());
    let envelope = Arc::new(Envelope::any());
    let label = serde_json::to_vec(&*envelope).unwrap();
    let one = Arc::new(storage.fresh(0).unwrap().label(1, &envelope, &label));
    one.append(b"{\"first\":1}");
    one.reserve_only(10);
    queue.push(SealedChunk::seal(one.clone()));
    queue.finalize(Duration::ZERO);
    drop(one);
    queue.clear();
    storage.close();
    let next = open(Some(dir.path()), 64_000_000);
    assert_eq!(next.recover(None).unwrap().events, 1);
}

#[test]
fn what_was_deleted_while_a_compaction_waited_is_not_written_anew() {
    let dir = tempfile::tempdir().unwrap();
    let (storage, queue) = (open(Some(dir.path()), 64_000_000), Queue::default());
    let envelope = Arc::new(Envelope::any());
    let label = serde_json::to_vec(&*envelope).unwrap();
    for number in 1..=2 {
        let chunk = storage.fresh(0).unwrap().label(number, &envelope, &label);
        chunk.append(&big(1));
        queue.push(SealedChunk::seal(Arc::new(chunk)));
    }
    queue.finalize(Duration::ZERO);
    // What would be written has no place. (The directory itself can't be removed on Windows: chunks are mapped in it.)
    let only_dir = |below: &std::path::Path| {
        let mut entries = std::fs::read_dir(below).unwrap().map(|entry| entry.unwrap().path());
        entries.find(|path| path.is_dir()).unwrap()
    };
    std::fs::create_dir(only_dir(&only_dir(dir.path())).join("0000000001-0000000002.packed")).unwrap();
    let deleting = queue.pause_upkeep();
    let (has_begun, begun) = std::sync::mpsc::channel();
    std::thread::scope(|scope| {
        let compacting = scope.spawn(|| {
            queue.compact_and_sync(&storage, || {
                let _ = has_begun.send(());
                false
            })
        });
        begun.recv().unwrap();
        // Time to choose what to compact, for one that does not wait before it does.
        std::thread::sleep(Duration::from_millis(100));
        assert_eq!(queue.delete_all().len(), 2);
        drop(deleting);
        compacting.join().unwrap().expect("nothing is left to compact");
    });
}

#[test]
fn what_comes_late_to_a_chunk_that_was_deleted_is_not_stored_again() {
    let (storage, queue) = (open(None, 4_000_000), Queue::default());
    let envelope = Arc::new(Envelope::any());
    let chunk = Arc::new(storage.fresh(0).unwrap().label(1, &envelope, &envelope.to_json()));
    chunk.append(b"{\"n\":1}");
    let late = b"{\"late\":1}";
    let gap = chunk.reserve_only(late.len());
    queue.push(SealedChunk::seal(chunk.clone()));
    assert_eq!(queue.delete_all().len(), 1);
    assert_eq!(queue.finalize(Duration::ZERO), None);
    queue.take_evicted().1.iter().for_each(|sealed| sealed.remove());
    chunk.store_late(late, gap);
    queue.store_late_events(&storage);
    assert_eq!(queue.len(), 0);
}

#[test]
fn who_waits_is_woken_when_the_last_of_what_it_waits_for_is_drained() {
    let (storage, queue) = (open(None, 4_000_000), Queue::default());
    let envelope = Arc::new(Envelope::any());
    for number in 1..=2 {
        let chunk = storage.fresh(0).unwrap().label(number, &envelope, &envelope.to_json());
        chunk.append(b"{}");
        queue.push(SealedChunk::seal(Arc::new(chunk)));
    }
    queue.finalize_and_release(Duration::ZERO);
    let queue = &queue;
    let ack_first = |count: usize| {
        let leased = queue.lease(&queue.first_due(&[]).unwrap(), usize::MAX);
        queue.ack(&leased, &leased[..count]);
    };
    std::thread::scope(|scope| {
        let far = Instant::now() + Duration::from_secs(3_600);
        let waiting = scope.spawn(move || queue.wait_until_drained(far));
        let awaited = || queue.state.lock().awaited;
        while awaited() != Some(2) {
            std::thread::yield_now();
        }
        ack_first(0);
        ack_first(1);
        assert_eq!(awaited(), Some(2), "it sleeps on");
        ack_first(1);
        assert!(waiting.join().unwrap());
        assert_eq!(awaited(), None);
    });
}
