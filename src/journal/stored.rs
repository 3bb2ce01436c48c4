//! A chunk file that an earlier run left behind, read without trusting a byte of it.

use std::fs::File;
use std::io::{self, Read};
use std::ops::Range;
use std::path::Path;

use super::disk;
use super::map::{self, HEADER_BYTES, RECORD_HEAD};
use crate::delivery::Envelope;

/// Larger than any chunk that is ever made: what is larger is none of ours.
const MAX_FILE_BYTES: u64 = 16 << 20;

/// What stands at the beginning of a chunk file.
pub(super) struct Header {
    /// Its place among the chunks of its run.
    pub number: u64,
    /// How many of its first events were delivered.
    pub delivered: u64,
    /// The envelope of its events.
    pub envelope: Envelope,
    seed: u64,
}

/// Reads the header; `None` for a chunk that was never labelled (a spare) or is damaged there.
pub(super) fn read_header(path: &Path) -> io::Result<Option<Header>> {
    let mut bytes = Vec::new();
    open(path)?.take(HEADER_BYTES as u64).read_to_end(&mut bytes)?;
    Ok(parse_header(&bytes))
}

/// The good records of a chunk file, and how many bytes of others lie between them.
pub(super) struct Records {
    bytes: Vec<u8>,
    ranges: Vec<Range<usize>>,
}

impl Records {
    /// Reads the file.
    pub fn read(path: &Path) -> io::Result<Self> {
        let mut bytes = Vec::new();
        open(path)?.take(MAX_FILE_BYTES).read_to_end(&mut bytes)?;
        let ranges = parse_header(&bytes).map_or_else(Vec::new, |header| find_records(&bytes, header.seed));
        Ok(Self { bytes, ranges })
    }

    /// The events, in the order in which they were recorded.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &[u8]> {
        self.ranges.iter().map(|range| &self.bytes[range.clone()])
    }
}

fn open(path: &Path) -> io::Result<File> {
    let file = disk::open_file(path)?;
    if file.metadata()?.is_file() { Ok(file) } else { Err(io::ErrorKind::InvalidInput.into()) }
}

fn word(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(bytes.get(at..at + 8)?.try_into().ok()?))
}

fn parse_header(bytes: &[u8]) -> Option<Header> {
    if !bytes.starts_with(&map::MAGIC) {
        return None;
    }
    let seed = word(bytes, map::SEED_AT)?;
    let head = word(bytes, map::LABEL_HEAD_AT)?;
    let (length, check) = (head as u32 as usize, (head >> 32) as u32);
    let label = bytes.get(map::LABEL_AT..map::LABEL_AT.checked_add(length)?)?;
    if length > map::MAX_LABEL_BYTES || map::label_check(label, seed) != check {
        return None;
    }
    Some(Header {
        number: word(bytes, map::NUMBER_AT)?,
        delivered: word(bytes, map::DELIVERED_AT)?,
        envelope: serde_json::from_slice(label).ok()?,
        seed,
    })
}

/// Walks over the records. Where one is missing (its thread died before it was whole) or damaged, looks for
/// the next place at which a head fits the bytes behind it: the check holds the place and a seed of the chunk,
/// so an event's own bytes can't be taken for a record.
fn find_records(bytes: &[u8], seed: u64) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut offset = HEADER_BYTES;
    while let Some(head) = word(bytes, offset) {
        let start = offset + RECORD_HEAD;
        let end = start + head as u32 as usize;
        match bytes.get(start..end) {
            Some(event) if !event.is_empty() && map::record_head(event, seed, offset) == head => {
                found.push(start..end);
                offset += map::record_bytes(event.len());
            }
            _ => offset += RECORD_HEAD,
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::map::Map;
    use super::*;
    use crate::options::Options;

    fn chunk_file(events: &[&str]) -> Vec<u8> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("1.chunk");
        let file = disk::new_file(&path).unwrap();
        disk::allocate(&file, 16_384).unwrap();
        let mut map = Map::over(&file, 16_384).unwrap();
        let envelope = Envelope::new(
            &Options::default(),
            &crate::identity::DeviceId::from_text("d").unwrap(),
            &crate::identity::SessionId::from_millis(1).unwrap(),
            Some(1.0),
            std::time::SystemTime::now(),
        );
        map.write_label(7, &serde_json::to_vec(&envelope).unwrap());
        for event in events {
            map.append(event.as_bytes());
        }
        drop(map);
        std::fs::read(&path).unwrap()
    }

    fn recovered(bytes: &[u8]) -> Vec<String> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("1.chunk");
        std::fs::write(&path, bytes).unwrap();
        let records = Records::read(&path).unwrap();
        records.iter().map(|event| String::from_utf8(event.to_vec()).unwrap()).collect()
    }

    const EVENTS: [&str; 4] =
        ["{\"a\":1}", "{\"b\":22222}", "{\"c\":[]}", "{\"d\":\"longer than the others\"}"];

    #[test]
    fn reads_what_was_appended() {
        let bytes = chunk_file(&EVENTS);
        assert_eq!(recovered(&bytes), EVENTS);
        assert_eq!(parse_header(&bytes).unwrap().number, 7);
    }

    #[test]
    fn any_flipped_byte_costs_at_most_the_record_it_is_in() {
        let bytes = chunk_file(&EVENTS);
        let end = HEADER_BYTES + EVENTS.iter().map(|event| map::record_bytes(event.len())).sum::<usize>();
        for at in HEADER_BYTES..end {
            let mut damaged = bytes.clone();
            damaged[at] ^= 0x21;
            let events = recovered(&damaged);
            assert!(events.len() >= EVENTS.len() - 1, "byte {at}: {events:?}");
            assert!(events.iter().all(|event| EVENTS.contains(&event.as_str())), "byte {at}: {events:?}");
        }
    }

    #[test]
    fn a_hole_left_by_a_thread_that_died_is_stepped_over() {
        let mut bytes = chunk_file(&EVENTS);
        let second = HEADER_BYTES + map::record_bytes(EVENTS[0].len());
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
}
