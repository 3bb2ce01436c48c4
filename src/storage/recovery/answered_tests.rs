//! A process that is killed while it notes that a request was answered, and one that was killed before.

use std::sync::Arc;

use crate::model::envelope::Envelope;
use crate::model::ids::ApiKey;
use crate::model::in_flight::{Encoding, InFlight};
use crate::storage::{SealedChunk, Storage};

const EVENTS: [&[u8]; 3] = [b"{\"n\":1}", b"{\"n\":2}", b"{\"n\":3}"];

fn open(dir: &tempfile::TempDir) -> Storage {
    Storage::open(Some(dir.path()), &ApiKey::from_text("key").unwrap(), 64_000_000)
}

/// The request: all of two chunks, and the first two events of a third.
fn part(index: u16) -> InFlight {
    let encoding = Encoding { gzip_level: 5, merges_clicks: false };
    InFlight { batch: 7, from: 0, to: if index == 2 { 2 } else { 3 }, index, parts: 3, encoding }
}

/// A run that made the request, noted so many of its parts as delivered, the last first, and was killed.
fn killed_behind(parts_delivered: usize) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let (storage, envelope) = (open(&dir), Arc::new(Envelope::any()));
    let mut sealed = Vec::new();
    for (number, index) in (1..).zip(0..3) {
        let chunk = Arc::new(storage.fresh(0).unwrap().label(number, &envelope, &envelope.to_json()));
        EVENTS.iter().for_each(|event| _ = chunk.append(event));
        let chunk = SealedChunk::seal(chunk);
        chunk.note_in_flight(part(index));
        sealed.push((chunk, u64::from(part(index).to)));
    }
    for (chunk, events) in sealed.iter().rev().take(parts_delivered) {
        chunk.note_delivered(*events);
    }
    dir
}

/// What waits in each file, and what is in flight of it.
fn waiting(storage: &Storage) -> (u64, Vec<(u64, Option<InFlight>)>) {
    let recovered = storage.recover(None).unwrap();
    (recovered.events, recovered.sealed.iter().map(|sealed| (sealed.waiting(), sealed.in_flight())).collect())
}

#[test]
fn what_was_answered_is_delivered_however_little_of_that_was_noted() {
    for parts_delivered in 1..=3 {
        let dir = killed_behind(parts_delivered);
        assert_eq!(waiting(&open(&dir)), (1, vec![(1, None)]), "{parts_delivered}");
        assert_eq!(waiting(&open(&dir)), (1, vec![(1, None)]), "{parts_delivered}: and by who comes next");
    }
}

#[test]
fn what_was_not_answered_is_in_flight_for_whoever_takes_it_over() {
    let dir = killed_behind(0);
    for _ in 0..2 {
        let parts = [0, 1, 2].map(|index| (3, Some(part(index))));
        assert_eq!(waiting(&open(&dir)), (9, parts.to_vec()));
    }
}
