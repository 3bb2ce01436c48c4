//! Files that an earlier run left behind, read without trusting a byte of them: chunks, and chunks packed
//! together (see `compact.rs`).

use std::io::{self, Seek, SeekFrom, Write};
use std::ops::Range;

use super::age::ClockStamp;
use super::checksum::Check;
use super::fs::Dir;
use super::map::{self, HEADER_BYTES, HEADER_COPY, RECORD_HEAD};
use super::{compact, disk};
use crate::model::envelope::Envelope;

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
    /// How the clocks stood when it was closed; `None` where its process was killed before.
    pub clock: Option<ClockStamp>,
    /// Chunks packed together, not a chunk.
    is_packed: bool,
    check: Check,
}

impl Header {
    /// The header of these bytes; `None` for a chunk that was never labelled (a spare), or where both copies are damaged.
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let mut copies = bytes.chunks(HEADER_COPY).take(2);
        let mut header = copies.clone().find_map(Self::parse_copy)?;
        let delivered = copies.clone().filter_map(|copy| delivered(copy, &header.check)).max();
        header.delivered = delivered.unwrap_or(0);
        header.clock = copies.find_map(|copy| clock(copy, &header.check));
        Some(header)
    }

    fn parse_copy(copy: &[u8]) -> Option<Self> {
        let is_packed = copy.starts_with(&compact::MAGIC);
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
            envelope: serde_json::from_slice(&copy[map::LABEL_AT..end]).ok()?,
            clock: None,
            is_packed,
            check,
        })
    }
}

/// The bytes of a file.
pub(super) fn read(dir: &Dir, name: &str) -> io::Result<Vec<u8>> {
    dir.read(name, MAX_FILE_BYTES)
}

/// Whether these are the bytes of a file that a later version of this library made, as its magic tells: see
/// [`map::MAGIC`]. It may mean anything, so it is left alone.
pub(super) fn is_later_version(bytes: &[u8]) -> bool {
    [map::MAGIC, compact::MAGIC].iter().any(|magic| {
        let (name, version) = magic.split_at(magic.len() - 1);
        bytes.strip_prefix(name).and_then(<[u8]>::first).is_some_and(|other| *other > version[0])
    })
}

/// The same of a file, of which no more is read than that. One that can't be read is none.
pub(super) fn is_of_a_later_version(dir: &Dir, name: &str) -> bool {
    dir.read(name, map::MAGIC.len() as u64).is_ok_and(|bytes| is_later_version(&bytes))
}

/// How the clocks stood, where a header tells.
fn clock(copy: &[u8], check: &Check) -> Option<ClockStamp> {
    let [boot, ahead, found] = [0, 8, 16].map(|at| word(copy, map::CLOCK_AT + at));
    let clock = ClockStamp { boot: boot?, ahead: ahead? as i64 };
    (map::clock_words(check, clock)[2] == found?).then_some(clock)
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

/// Gives the room behind the last good record back, and notes how the clocks stood where the file does not tell, without
/// making it younger. What it takes on disk from now on.
pub(super) fn trim_and_stamp(
    dir: &Dir,
    name: &str,
    header: &Header,
    end: usize,
    clock: Option<ClockStamp>,
) -> io::Result<usize> {
    let before = dir.facts(name)?;
    let mut file = dir.open_file(name)?;
    let kept = end.next_multiple_of(map::PAGE);
    // Where the system can't, it costs room and nothing else.
    let _ = disk::give_back_behind(&file, kept as u64);
    if let (None, Some(clock)) = (header.clock, clock) {
        for copy in [0, HEADER_COPY] {
            file.seek(SeekFrom::Start((copy + map::CLOCK_AT) as u64))?;
            for word in map::clock_words(&header.check, clock) {
                file.write_all(&word.to_le_bytes())?;
            }
        }
    }
    file.set_modified(before.modified)?;
    Ok(dir.facts(name)?.allocated as usize)
}

/// Notes in a file how many of its first events were delivered.
pub(super) fn note_delivered(dir: &Dir, name: &str, events: u64) -> io::Result<()> {
    let Some(header) = Header::parse(&dir.read(name, HEADER_BYTES as u64)?) else {
        return Ok(());
    };
    let mut file = dir.open_file(name)?;
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
    pub fn read(dir: &Dir, name: &str) -> io::Result<Self> {
        Ok(Self::parse(read(dir, name)?))
    }

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
        let is_cut = bytes.len() < HEADER_BYTES || !bytes.len().is_multiple_of(map::PAGE);
        if is_cut && damaged == 0 {
            damaged = 1;
        }
        let end = ranges.last().map_or(HEADER_BYTES, |range| range.end);
        if header.is_packed {
            let blocks = ranges.iter().map(|range| &bytes[range.clone()]);
            let (bytes, ranges, unreadable) = compact::unpack(blocks);
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
        let mut file = tempfile::tempfile().unwrap();
        disk::allocate(&file, 16_384).unwrap();
        let mut map = Map::over(&file, 16_384).unwrap();
        map.write_header(7, &serde_json::to_vec(&Envelope::any()).unwrap());
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
    fn a_later_versions_file_is_known_by_its_magic_and_no_damage_passes_for_one() {
        for (magic, later) in [
            (&b"SRCHUNK3"[..], true),
            (b"SRPACKD9", true),
            (b"SRCHUNKA and more", true),
            (b"SRCHUNK2", false),
            (b"SRCHUNK1", false),
            (b"SRPACKD2", false),
            (b"SRCHUNK", false),
            (b"srchunk3", false),
            (b"", false),
            (&[0; 8], false),
        ] {
            assert_eq!(is_later_version(magic), later, "{magic:?}");
        }
    }

    #[test]
    fn a_closed_chunk_tells_how_the_clocks_stood() {
        let file = tempfile::tempfile().unwrap();
        disk::allocate(&file, 16_384).unwrap();
        let mut map = Map::over(&file, 16_384).unwrap();
        map.write_header(7, &serde_json::to_vec(&Envelope::any()).unwrap());
        let header = || {
            let mut bytes = vec![0; HEADER_BYTES];
            std::os::unix::fs::FileExt::read_exact_at(&file, &mut bytes, 0).unwrap();
            bytes
        };
        assert_eq!(Header::parse(&header()).unwrap().clock, None);
        let clock = ClockStamp { boot: 9, ahead: -5 };
        map.stamp(clock);
        assert_eq!(Header::parse(&header()).unwrap().clock, Some(clock));
        for at in [map::CLOCK_AT, map::CLOCK_AT + 9, map::CLOCK_AT + 17] {
            let mut damaged = header();
            damaged[at] ^= 1;
            assert_eq!(Header::parse(&damaged).unwrap().clock, Some(clock), "the other copy tells");
            damaged[HEADER_COPY + at] ^= 1;
            assert_eq!(Header::parse(&damaged).unwrap().clock, None);
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
