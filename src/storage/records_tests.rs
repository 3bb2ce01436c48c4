//! Chunks and compacted files, whole and damaged.

use std::io::Seek;

use super::super::fs;
use super::super::layout::CHUNK_MAGIC;
use super::super::map::Map;
use super::*;
use crate::model::envelope::Envelope;

fn chunk_file(events: &[&str]) -> Vec<u8> {
    let mut file = tempfile::tempfile().unwrap();
    fs::allocate(&file, 16_384).unwrap();
    let mut map = Map::over(&file, 16_384).unwrap();
    map.write_header(CHUNK_MAGIC, 7, &serde_json::to_vec(&Envelope::any()).unwrap());
    for event in events {
        map.append(event.as_bytes());
    }
    drop(map);
    let mut bytes = Vec::new();
    file.rewind().unwrap();
    std::io::Read::read_to_end(&mut file, &mut bytes).unwrap();
    bytes
}

fn recovered(bytes: &[u8]) -> Vec<String> {
    let records = Records::parse(bytes.to_vec());
    records.iter().map(|event| String::from_utf8(event.to_vec()).unwrap()).collect()
}

const EVENTS: [&str; 4] = ["{\"a\":1}", "{\"b\":22222}", "{\"c\":[]}", "{\"d\":\"longer than the others\"}"];

#[test]
fn reads_what_was_appended() {
    let bytes = chunk_file(&EVENTS);
    assert_eq!(recovered(&bytes), EVENTS);
    assert_eq!(Header::parse(&bytes).unwrap().number, 7);
}

#[test]
fn any_flipped_byte_costs_at_most_the_record_it_is_in() {
    let bytes = chunk_file(&EVENTS);
    let end = HEADER_BYTES + EVENTS.iter().map(|event| record_bytes(event.len())).sum::<usize>();
    for at in 0..end {
        let mut damaged = bytes.clone();
        damaged[at] ^= 0x21;
        let events = recovered(&damaged);
        let lost = EVENTS.len() - events.len();
        assert!(lost <= usize::from(at >= HEADER_BYTES), "byte {at}: {events:?}");
        assert!(events.iter().all(|event| EVENTS.contains(&event.as_str())), "byte {at}: {events:?}");
        assert_eq!(Header::parse(&damaged).unwrap().delivered, 0, "byte {at}");
        assert_eq!(Records::parse(damaged).damaged, lost as u64, "byte {at}");
    }
}

#[test]
fn a_hole_left_by_a_thread_that_died_is_stepped_over() {
    let mut bytes = chunk_file(&EVENTS);
    let second = HEADER_BYTES + record_bytes(EVENTS[0].len());
    bytes[second..second + 8].fill(0);
    assert_eq!(recovered(&bytes), [EVENTS[0], EVENTS[2], EVENTS[3]]);
}

#[test]
fn a_file_cut_anywhere_gives_what_is_whole() {
    let bytes = chunk_file(&EVENTS);
    for length in 0..HEADER_BYTES + 200 {
        let events = recovered(&bytes[..length]);
        assert_eq!(events, EVENTS[..events.len()]);
    }
}

fn many_events() -> Vec<String> {
    (0..3_000).map(|n| format!("{{\"type\":3,\"n\":{n},\"s\":\"{}\"}}", "x".repeat(n % 500))).collect()
}

fn compacted(events: &[String]) -> Vec<u8> {
    let mut compactor = compact::Compactor::new(3, &serde_json::to_vec(&Envelope::any()).unwrap());
    for event in events {
        compactor.push(event.as_bytes()).unwrap();
    }
    compactor.finish().unwrap()
}

fn read(bytes: Vec<u8>) -> (Vec<String>, u64) {
    let records = Records::parse(bytes);
    let events = records.iter().map(|event| String::from_utf8(event.to_vec()).unwrap());
    (events.collect(), records.damaged)
}

#[test]
fn gives_back_what_was_compacted() {
    let events = many_events();
    let bytes = compacted(&events);
    assert!(bytes.len() < events.iter().map(String::len).sum::<usize>() / 5);
    assert_eq!(read(bytes), (events, 0));
}

#[test]
fn damage_costs_a_block() {
    let events = many_events();
    let mut bytes = compacted(&events);
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    let (left, damaged) = read(bytes);
    assert_eq!(damaged, 1);
    assert!(left.len() > events.len() / 2 && left.len() < events.len());
    assert!(left.iter().all(|event| events.contains(event)));
}

#[test]
fn zeros_from_the_end_of_a_block_to_the_end_of_the_file_are_damage() {
    let events = many_events();
    let mut bytes = compacted(&events);
    let (ranges, _) = find_records(&bytes, &Header::parse(&bytes).unwrap().check);
    bytes[ranges[1].end..].fill(0);
    let (left, damaged) = read(bytes);
    assert!(!left.is_empty() && left.len() < events.len());
    assert_eq!(damaged, 1);
}

#[test]
fn a_large_event_is_a_block_of_its_own() {
    let events = vec!["{}".to_owned(), "y".repeat(9_000_000), "{}".to_owned()];
    assert_eq!(read(compacted(&events)), (events, 0));
}

#[test]
fn has_the_header_of_a_chunk() {
    assert_eq!(Header::parse(&compacted(&many_events())).unwrap().number, 3);
}
