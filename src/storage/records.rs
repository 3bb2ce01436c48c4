//! The records of a stored file, read without trusting a byte of it: those of a chunk, and the events in the blocks of a
//! compacted file (see [`super::compact`]).

use std::ops::Range;

use super::checksum::Check;
use super::compact;
use super::header::{Header, word};
use super::layout::{HEADER_BYTES, PAGE, RECORD_HEAD, record_bytes};

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
    /// These, and none of a file's.
    pub fn of<'a>(events: impl Iterator<Item = &'a [u8]>) -> Self {
        let (mut bytes, mut ranges) = (Vec::new(), Vec::new());
        for event in events {
            ranges.push(bytes.len()..bytes.len() + event.len());
            bytes.extend_from_slice(event);
        }
        Self { bytes, ranges, damaged: 0, end: HEADER_BYTES }
    }

    /// Finds the records in a file's bytes.
    pub fn parse(bytes: Vec<u8>) -> Self {
        let Some(header) = Header::parse(&bytes) else {
            return Self { bytes: Vec::new(), ranges: Vec::new(), damaged: 1, end: HEADER_BYTES };
        };
        let (ranges, mut damaged) = find_records(&bytes, &header.check);
        // Files are whole pages long: what is missing at the end may have been records.
        let is_cut = bytes.len() < HEADER_BYTES || !bytes.len().is_multiple_of(PAGE);
        let end = ranges.last().map_or(HEADER_BYTES, |range| range.end);
        // A compacted file ends with the page of its last block: further zeros were blocks.
        let is_zeroed = header.is_compacted && bytes.len() > end.next_multiple_of(PAGE);
        if (is_cut || is_zeroed) && damaged == 0 {
            damaged = 1;
        }
        if header.is_compacted {
            let blocks = ranges.iter().map(|range| &bytes[range.clone()]);
            let (bytes, ranges, unreadable) = compact::expand(blocks);
            return Self { bytes, ranges, damaged: damaged + unreadable, end };
        }
        Self { bytes, ranges, damaged, end }
    }

    /// Whether a record stands there.
    pub fn has_record_at(&self, offset: usize) -> bool {
        self.ranges.binary_search_by_key(&(offset + RECORD_HEAD), |range| range.start).is_ok()
    }

    /// The events, in the order in which they were recorded.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &[u8]> {
        self.ranges.iter().map(|range| &self.bytes[range.clone()])
    }
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
        // A length that is made up may go beyond every address, where those have 32 bits.
        let end = start.saturating_add(head as u32 as usize);
        match bytes.get(start..end) {
            Some(event) if !event.is_empty() && check.record_head(event, offset) == head => {
                found.push(start..end);
                in_damage = false;
                offset += record_bytes(event.len());
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
#[path = "records_tests.rs"]
mod tests;
