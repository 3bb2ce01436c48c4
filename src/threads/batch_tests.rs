//! A request that is made again where its first chunk is missing, for the moment or for good.

use std::sync::Arc;

use super::{Batch, Extent, Workspace};
use crate::model::envelope::Envelope;
use crate::model::ids::ApiKey;
use crate::model::in_flight::{Encoding, InFlight};
use crate::model::page_config::PageConfig;
use crate::queue::{Queue, QueuedChunk};
use crate::storage::{SealedChunk, Storage};

const ENCODING: Encoding = Encoding { gzip_level: 5, merges_clicks: false };
const EVENT: &[u8] = br#"{"type":5,"timestamp":1,"data":{"tag":"t","payload":1}}"#;

/// Chunks of one event each, that were in one request.
fn in_flight(storage: &Storage, queue: &Queue, indexes: &[u16]) {
    let envelope = Arc::new(Envelope::any());
    for index in indexes {
        let number = u64::from(*index) + 1;
        let chunk = Arc::new(storage.fresh(0).unwrap().label(number, &envelope, &envelope.to_json()));
        chunk.append(EVENT);
        let sealed = SealedChunk::seal(chunk);
        sealed.note_in_flight(InFlight {
            request: 7,
            from: 0,
            to: 1,
            until: 1,
            index: *index,
            encoding: ENCODING,
        });
        queue.push(sealed);
    }
    queue.finalize(std::time::Duration::MAX);
    queue.release();
}

/// What is noted once it was made again.
fn noted_again(indexes: &[u16]) -> Vec<InFlight> {
    let storage = Storage::open(None, &ApiKey::from_text("key").unwrap(), 64_000_000);
    let queue = Queue::default();
    in_flight(&storage, &queue, indexes);
    let first = queue.first_due(&[]).unwrap();
    let leased = queue.lease_again(&first).unwrap();
    assert_eq!(leased.len(), indexes.len());
    let config = PageConfig::default();
    let mut workspace = Workspace::default();
    let on_invalid = |_: &[u8], error: &dyn std::fmt::Display| panic!("{error}");
    let batch =
        Batch::of_replay(&leased, Extent::AsBefore, ENCODING, &config, &mut workspace, on_invalid).unwrap();
    batch.note_in_flight(Extent::AsBefore, ENCODING);
    leased.iter().filter_map(|sealed: &QueuedChunk| sealed.in_flight()).collect()
}

#[test]
fn a_request_that_is_whole_keeps_its_number() {
    let noted: Vec<_> = noted_again(&[0, 1]).iter().map(|noted| (noted.request, noted.index)).collect();
    assert_eq!(noted, [(7, 0), (7, 1)]);
}

#[test]
fn a_part_without_the_first_becomes_a_request_of_its_own() {
    let noted = noted_again(&[1, 2]);
    assert_eq!(noted.iter().map(|noted| noted.index).collect::<Vec<_>>(), [0, 1]);
    assert_ne!(noted[0].request, 7, "it would say of the first what it does not know");
    assert_eq!(noted[0].request, noted[1].request);
    assert!(noted.iter().all(|noted| (noted.from, noted.to, noted.until) == (0, 1, 1)));
}
