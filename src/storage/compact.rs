//! Chunks compacted into one file: what waits for a server takes a tenth of the room.
//!
//! A compacted file is laid out like a chunk (see [`super::layout`]), under a magic of its own; its records are blocks, each
//! a deflate stream over some events. So damage costs a block, not the file, and one reader finds the records of both.

use std::io::{self, Read, Write};
use std::ops::Range;

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;

use super::checksum::Check;
use super::clock::ClockStamp;
use super::layout::{self, COMPACTED_MAGIC, PAGE, record_bytes};

/// A block is closed when it holds so many bytes of events.
const BLOCK_BYTES: usize = 128 * 1_024;
/// More than a file ever holds: it is closed by the event that passes its size. Deflated, a thousand times as much would
/// fit into one that somebody made up.
const MAX_IN_A_FILE: usize = 16_000_000;

/// Compacts events, handed in with [`Compactor::push`], into the bytes of a file.
pub(super) struct Compactor {
    check: Check,
    file: Vec<u8>,
    block: DeflateEncoder<Vec<u8>>,
    in_block: usize,
}

impl Compactor {
    /// An empty file with this number and label.
    pub fn new(number: u64, label: &[u8]) -> Self {
        let check = Check::random();
        let header = layout::header(COMPACTED_MAGIC, &check, number, label, ClockStamp::now());
        Self { check, file: [header.clone(), header].concat(), block: encoder(), in_block: 0 }
    }

    /// Adds an event.
    pub fn push(&mut self, event: &[u8]) -> io::Result<()> {
        self.block.write_all(&(event.len() as u32).to_le_bytes())?;
        self.block.write_all(event)?;
        self.in_block += event.len();
        if self.in_block >= BLOCK_BYTES { self.close_block() } else { Ok(()) }
    }

    /// The whole file.
    pub fn finish(mut self) -> io::Result<Vec<u8>> {
        if self.in_block > 0 {
            self.close_block()?;
        }
        self.file.resize(self.file.len().next_multiple_of(PAGE), 0);
        Ok(self.file)
    }

    pub(super) fn close_block(&mut self) -> io::Result<()> {
        let block = std::mem::replace(&mut self.block, encoder()).finish()?;
        let offset = self.file.len();
        self.file.extend_from_slice(&self.check.record_head(&block, offset).to_le_bytes());
        self.file.extend_from_slice(&block);
        self.file.resize(offset + record_bytes(block.len()), 0);
        self.in_block = 0;
        Ok(())
    }
}

/// The events of some blocks: their bytes, where in them each event lies, and how many blocks were unreadable.
pub(super) fn expand<'a>(blocks: impl Iterator<Item = &'a [u8]>) -> (Vec<u8>, Vec<Range<usize>>, u64) {
    let (mut bytes, mut ranges, mut unreadable) = (Vec::new(), Vec::new(), 0);
    for block in blocks {
        let start = bytes.len();
        let room = (MAX_IN_A_FILE - start) as u64;
        if DeflateDecoder::new(block).take(room).read_to_end(&mut bytes).is_err() {
            unreadable += 1;
        }
        let mut at = start;
        while let Some(length) = bytes.get(at..at + 4) {
            let length = u32::from_le_bytes([length[0], length[1], length[2], length[3]]) as usize;
            // A length that is made up may go beyond every address, where those have 32 bits.
            let event = at + 4..(at + 4).saturating_add(length);
            if event.end > bytes.len() {
                break;
            }
            at = event.end;
            ranges.push(event);
        }
    }
    (bytes, ranges, unreadable)
}

fn encoder() -> DeflateEncoder<Vec<u8>> {
    DeflateEncoder::new(Vec::new(), Compression::fast())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_made_up_to_swell_do_not() {
        let mut encoder = encoder();
        encoder.write_all(&vec![0; 100 * MAX_IN_A_FILE]).unwrap();
        let block = encoder.finish().unwrap();
        let (bytes, _, unreadable) = expand([&block[..], &block[..]].into_iter());
        assert!(bytes.len() <= MAX_IN_A_FILE && unreadable == 0, "{} {unreadable}", bytes.len());
    }

    #[test]
    fn a_length_made_up_to_wrap_around_is_no_event() {
        for length in [u32::MAX, u32::MAX - 3, u32::MAX - 7, u32::MAX / 2, 9] {
            let mut encoder = encoder();
            encoder
                .write_all(&[&2_u32.to_le_bytes()[..], b"{}", &length.to_le_bytes(), b"rest"].concat())
                .unwrap();
            let block = encoder.finish().unwrap();
            let (_, ranges, _) = expand(std::iter::once(&block[..]));
            assert_eq!((ranges.len(), &ranges[0]), (1, &(4..6)), "{length}");
        }
    }
}
