//! Files that an earlier run left behind, read without trusting a byte of them: chunks, and chunks packed
//! together (see `packed.rs`).

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::Path;

use super::check::Check;
use super::map::{self, HEADER_BYTES, HEADER_COPY, RECORD_HEAD};
use super::{disk, packed};
use crate::delivery::Envelope;

/// Larger than any file that is ever made: what is larger is none of ours.
const MAX_FILE_BYTES: u64 = 16 << 20;

/// What stands at the beginning of a file.
pub(super) struct Header {
    /// Its place among the chunks of its run.
    pub number: u64,
    /// How many of its first events were delivered.
    pub delivered: u64,
    /// The envelope of its events.
    pub envelope: Envelope,
    /// Chunks packed together, not a chunk.
    is_packed: bool,
    check: Check,
}

impl Header {
    /// Reads the header; `None` for a chunk that was never labelled (a spare), or where both copies are damaged.
    pub fn read(path: &Path) -> io::Result<Option<Self>> {
        let mut bytes = Vec::new();
        open(path)?.take(HEADER_BYTES as u64).read_to_end(&mut bytes)?;
        Ok(Self::parse(&bytes))
    }

    fn parse(bytes: &[u8]) -> Option<Self> {
        let copies = bytes.chunks(HEADER_COPY).take(2);
        let mut header = copies.clone().find_map(Self::parse_copy)?;
        let delivered = copies.filter_map(|copy| delivered(copy, &header.check)).max();
        header.delivered = delivered.unwrap_or(0);
        Some(header)
    }

    fn parse_copy(copy: &[u8]) -> Option<Self> {
        let is_packed = copy.starts_with(&packed::MAGIC);
        if !is_packed && !copy.starts_with(&map::MAGIC) {
            return None;
        }
        let check = Check::new(word(copy, map::SEED_AT)?);
        let head = word(copy, map::LABEL_HEAD_AT)?;
        let end = map::LABEL_AT + (head as u32 as usize).min(map::MAX_LABEL_BYTES);
        let numbered = copy.get(map::NUMBER_AT..end)?;
        if check.label_head(numbered, end - map::LABEL_AT) != head {
            return None;
        }
        Some(Self {
            number: word(copy, map::NUMBER_AT)?,
            delivered: 0,
            envelope: serde_json::from_slice(&copy[map::LABEL_AT..end]).ok().filter(Envelope::can_be_sent)?,
            is_packed,
            check,
        })
    }
}

/// Whether a file without a readable header holds anything.
pub(super) fn was_used(path: &Path) -> bool {
    let mut bytes = Vec::new();
    let read = open(path).and_then(|file| file.take(MAX_FILE_BYTES).read_to_end(&mut bytes));
    read.is_ok() && bytes.iter().any(|byte| *byte != 0)
}

fn delivered(copy: &[u8], check: &Check) -> Option<u64> {
    let found = word(copy, map::DELIVERED_AT)?;
    let events = u64::from(found as u32);
    (check.number(events) == found).then_some(events)
}

/// Whether this is the fault of the moment, not of the file.
pub(super) fn may_pass(error: &io::Error) -> bool {
    #[cfg(unix)]
    if let Some(number) = error.raw_os_error() {
        return [libc::EMFILE, libc::ENFILE, libc::ENOMEM, libc::EINTR, libc::EAGAIN].contains(&number);
    }
    matches!(error.kind(), io::ErrorKind::OutOfMemory | io::ErrorKind::Interrupted)
}

/// Cuts off what lies behind the last good record, without making the file younger. Its length from now on.
pub(super) fn trim(path: &Path, end: usize) -> io::Result<usize> {
    let file = open(path)?;
    let metadata = file.metadata()?;
    let (length, kept) = (metadata.len() as usize, end.next_multiple_of(map::PAGE));
    if length <= kept {
        return Ok(length);
    }
    file.set_len(kept as u64)?;
    file.set_modified(metadata.modified()?)?;
    Ok(kept)
}

/// Notes in a file how many of its first events were delivered.
pub(super) fn note_delivered(path: &Path, events: u64) -> io::Result<()> {
    let Some(header) = Header::read(path)? else {
        return Ok(());
    };
    let mut file = open(path)?;
    for copy in [0, HEADER_COPY] {
        file.seek(SeekFrom::Start((copy + map::DELIVERED_AT) as u64))?;
        file.write_all(&header.check.number(events).to_le_bytes())?;
    }
    Ok(())
}

/// The good records of a file.
pub(super) struct Records {
    bytes: Vec<u8>,
    ranges: Vec<Range<usize>>,
    /// How many stretches of other bytes lie between them.
    pub damaged: u64,
    /// Where the last good record of the file ends.
    pub end: usize,
}

impl Records {
    /// Reads the file.
    pub fn read(path: &Path) -> io::Result<Self> {
        let mut bytes = Vec::new();
        open(path)?.take(MAX_FILE_BYTES).read_to_end(&mut bytes)?;
        Ok(Self::parse(bytes))
    }

    /// Finds the records in a file's bytes.
    pub fn parse(bytes: Vec<u8>) -> Self {
        let Some(header) = Header::parse(&bytes) else {
            return Self { bytes: Vec::new(), ranges: Vec::new(), damaged: 1, end: HEADER_BYTES };
        };
        let (ranges, mut damaged) = find_records(&bytes, &header.check);
        // Files are whole pages long: what is missing at the end may have been records.
        let is_cut = bytes.len() < HEADER_BYTES || !bytes.len().is_multiple_of(map::PAGE);
        if is_cut && damaged == 0 {
            damaged = 1;
        }
        let end = ranges.last().map_or(HEADER_BYTES, |range| range.end);
        if header.is_packed {
            let blocks = ranges.iter().map(|range| &bytes[range.clone()]);
            let (bytes, ranges, unreadable) = packed::unpack(blocks);
            return Self { bytes, ranges, damaged: damaged + unreadable, end };
        }
        Self { bytes, ranges, damaged, end }
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

/// Walks over the records. Where one is missing (its thread died before it was whole) or damaged, looks for
/// the next place at which a head fits the bytes behind it: the check holds the place and a seed of the chunk,
/// so an event's own bytes can't be taken for a record.
fn find_records(bytes: &[u8], check: &Check) -> (Vec<Range<usize>>, u64) {
    let mut found = Vec::new();
    let (mut damaged, mut in_damage) = (0, false);
    let mut offset = HEADER_BYTES;
    while let Some(head) = word(bytes, offset) {
        let start = offset + RECORD_HEAD;
        let end = start + head as u32 as usize;
        match bytes.get(start..end) {
            Some(event) if !event.is_empty() && check.record_head(event, offset) == head => {
                found.push(start..end);
                in_damage = false;
                offset += map::record_bytes(event.len());
            }
            _ => {
                // The zeros behind the last record are no damage.
                if head != 0 && !in_damage {
                    in_damage = true;
                    damaged += 1;
                }
                offset += RECORD_HEAD;
            }
        }
    }
    (found, damaged)
}

#[cfg(test)]
mod tests {
    use super::super::map::Map;
    use super::*;

    fn chunk_file(events: &[&str]) -> Vec<u8> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("1.chunk");
        let file = disk::new_file(&path).unwrap();
        disk::allocate(&file, 16_384).unwrap();
        let mut map = Map::over(&file, 16_384).unwrap();
        map.write_header(7, &serde_json::to_vec(&Envelope::any()).unwrap());
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
        assert_eq!(Header::parse(&bytes).unwrap().number, 7);
    }

    #[test]
    fn any_flipped_byte_costs_at_most_the_record_it_is_in() {
        let bytes = chunk_file(&EVENTS);
        let end = HEADER_BYTES + EVENTS.iter().map(|event| map::record_bytes(event.len())).sum::<usize>();
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
