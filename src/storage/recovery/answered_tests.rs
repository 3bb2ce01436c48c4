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
    let to = if index == 2 { 2 } else { 3 };
    InFlight { request: 7, from: 0, to, until: to, index, encoding }
}

/// A run that left three chunks, with these notes and of each so many events delivered, and was killed.
fn killed_with(noted: [InFlight; 3], delivered: [u64; 3]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let (storage, envelope) = (open(&dir), Arc::new(Envelope::any()));
    for ((number, noted), delivered) in (1..).zip(noted).zip(delivered) {
        let chunk = Arc::new(storage.fresh(0).unwrap().label(number, &envelope, &envelope.to_json()));
        EVENTS.iter().for_each(|event| _ = chunk.append(event));
        let chunk = SealedChunk::seal(chunk);
        chunk.note_in_flight(noted);
        chunk.note_delivered(delivered);
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
    for delivered in [[0, 0, 2], [0, 3, 2], [3, 3, 2]] {
        let dir = killed_with([0, 1, 2].map(part), delivered);
        assert_eq!(waiting(&open(&dir)), (1, vec![(1, None)]), "{delivered:?}");
        assert_eq!(waiting(&open(&dir)), (1, vec![(1, None)]), "{delivered:?}: and by who comes next");
    }
}

#[test]
fn what_was_not_answered_is_in_flight_for_whoever_takes_it_over() {
    let dir = killed_with([0, 1, 2].map(part), [0; 3]);
    for _ in 0..2 {
        let parts = [0, 1, 2].map(|index| (3, Some(part(index))));
        assert_eq!(waiting(&open(&dir)), (9, parts.to_vec()));
    }
}

/// Its first part speaks for itself alone: so does one whose note is that of a request which was made smaller since.
#[test]
fn what_is_delivered_says_nothing_of_what_follows_it() {
    for (noted, waits) in [
        ([part(0), part(1), part(2)], vec![(3, Some(part(1))), (3, Some(part(2)))]),
        ([part(0), part(1).refused(), part(2)], vec![(3, Some(part(1).refused())), (3, Some(part(2)))]),
    ] {
        let dir = killed_with(noted, [3, 0, 0]);
        assert_eq!(waiting(&open(&dir)), (6, waits));
    }
}

#[test]
fn of_a_refused_request_what_is_not_in_flight_is_not_answered_with_the_rest() {
    let dir = killed_with([part(0).refused(), part(1), part(2)], [0, 0, 2]);
    assert_eq!(waiting(&open(&dir)), (4, vec![(3, Some(part(0).refused())), (1, None)]));
}

#[test]
fn of_a_damaged_file_no_more_counts_as_delivered_than_waited_in_it() {
    let noted = [InFlight { to: 5, until: 5, ..part(0) }, part(1), part(2)];
    let dir = killed_with(noted, [0, 0, 2]);
    assert_eq!(waiting(&open(&dir)), (1, vec![(1, None)]));
}
