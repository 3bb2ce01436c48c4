//! The header of a stored file, read without trusting a byte of it.

use super::checksum::Check;
use super::clock::ClockStamp;
use super::layout::{
    CLOCK_AT, COMPACTED_MAGIC, DELIVERED_AT, FIRST_VERSION, HEADER_COPY, HELD_MAGIC, IN_FLIGHT_AT, LABEL_AT,
    LABEL_HEAD_AT, MAX_LABEL_BYTES, NUMBER_AT, SEED_AT, clock_words, in_flight_words,
};
use crate::model::envelope::Envelope;
use crate::model::in_flight::InFlight;

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
    /// It is of a session that is held: nothing of it is sent without a trigger.
    pub is_held: bool,
    /// The number of the first chunk of its segment, if its recording is made of segments.
    pub segment: Option<u64>,
    /// Its session was over for the run that recorded it before it was known whether it is held.
    pub is_left: bool,
    /// Which of its events are in a request that had no answer when this was read.
    pub in_flight: Option<InFlight>,
    /// Whether the label leaves room for that.
    pub has_room_for_in_flight: bool,
    /// Its records are blocks of several chunks' events, not events.
    pub is_compacted: bool,
    /// The checks of this file.
    pub check: Check,
}

impl Header {
    /// The header of these bytes; `None` for a chunk that was never labelled (a spare), or where both copies are damaged.
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let mut copies = bytes.chunks(HEADER_COPY).take(2);
        let mut header = copies.clone().find_map(Self::parse_copy)?;
        let delivered = copies.clone().filter_map(|copy| delivered(copy, &header.check)).max();
        header.delivered = delivered.unwrap_or(0);
        // Whoever releases it is killed before the second copy says so: it is released.
        header.is_held = !header.is_compacted
            && copies.clone().filter(|copy| is_chunk(copy)).all(|copy| copy.starts_with(&HELD_MAGIC));
        if header.has_room_for_in_flight {
            header.in_flight = copies.clone().find_map(|copy| in_flight(copy, &header.check));
        }
        header.clock = copies.find_map(|copy| clock(copy, &header.check));
        Some(header)
    }

    fn parse_copy(copy: &[u8]) -> Option<Self> {
        let is_compacted = is_readable(copy, &COMPACTED_MAGIC);
        if !is_compacted && !is_chunk(copy) {
            return None;
        }
        let check = Check::new(word(copy, SEED_AT)?);
        let head = word(copy, LABEL_HEAD_AT)?;
        let end = LABEL_AT + (head as u32 as usize).min(MAX_LABEL_BYTES);
        let numbered = copy.get(NUMBER_AT..end)?;
        if check.label_head(numbered, end - LABEL_AT) != head {
            return None;
        }
        let label = &copy[LABEL_AT..end];
        let told: Told = serde_json::from_slice(label).unwrap_or_default();
        Some(Self {
            number: word(copy, NUMBER_AT)?,
            delivered: 0,
            envelope: serde_json::from_slice(label).ok()?,
            clock: None,
            is_held: false,
            segment: told.segment,
            is_left: told.left,
            in_flight: None,
            has_room_for_in_flight: end <= IN_FLIGHT_AT,
            is_compacted,
            check,
        })
    }
}

/// What a label tells beside the envelope.
#[derive(Default, serde::Deserialize)]
struct Told {
    segment: Option<u64>,
    #[serde(default)]
    left: bool,
}

/// Whether these are the bytes of a chunk that this library reads.
fn is_chunk(bytes: &[u8]) -> bool {
    is_readable(bytes, &HELD_MAGIC)
}

/// Whether these are the bytes of a file that a later version of this library made, as its magic tells: see
/// [`HELD_MAGIC`], the last that is read. It may mean anything, so it is left alone.
pub(super) fn is_later_version(bytes: &[u8]) -> bool {
    [HELD_MAGIC, COMPACTED_MAGIC]
        .iter()
        .any(|magic| version_of(bytes, magic).is_some_and(|version| version > magic[7]))
}

/// Whether these are the bytes of a file of this kind, of a version that this library reads.
fn is_readable(bytes: &[u8], magic: &[u8; 8]) -> bool {
    version_of(bytes, magic).is_some_and(|version| (FIRST_VERSION..=magic[7]).contains(&version))
}

/// The version of these bytes, if they are a file's of this kind.
fn version_of(bytes: &[u8], magic: &[u8; 8]) -> Option<u8> {
    bytes.strip_prefix(&magic[..7])?.first().copied()
}

/// How the clocks stood, where a header tells.
fn clock(copy: &[u8], check: &Check) -> Option<ClockStamp> {
    let [boot, ahead, found] = [0, 8, 16].map(|at| word(copy, CLOCK_AT + at));
    let clock = ClockStamp { boot: boot?, ahead: ahead? as i64 };
    (clock_words(check, clock)[2] == found?).then_some(clock)
}

/// What is in flight, where a header tells.
fn in_flight(copy: &[u8], check: &Check) -> Option<InFlight> {
    let [request, events, rest, found] = [0, 8, 16, 24].map(|at| word(copy, IN_FLIGHT_AT + at));
    let in_flight = InFlight::from_words([request?, events?, rest?])?;
    (in_flight_words(check, &in_flight)[3] == found?).then_some(in_flight)
}

fn delivered(copy: &[u8], check: &Check) -> Option<u64> {
    let found = word(copy, DELIVERED_AT)?;
    let events = u64::from(found as u32);
    (check.number(events) == found).then_some(events)
}

/// The word at this place, if the bytes reach so far.
pub(super) fn word(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(bytes.get(at..at + 8)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::super::fs;
    use super::super::layout::{CHUNK_MAGIC, HEADER_BYTES};
    use super::super::map::Map;
    use crate::model::in_flight::Encoding;
    use std::io::{Read, Seek};

    use super::*;

    #[test]
    fn a_later_versions_file_is_known_by_its_magic_and_no_damage_passes_for_one() {
        for (magic, later) in [
            (&b"SRCHUNK6"[..], true),
            (b"SRCHUNK5", false),
            (b"SRPACKD4", true),
            (b"SRPACKD9", true),
            (b"SRCHUNKA and more", true),
            (b"SRCHUNK4", false),
            (b"SRCHUNK3", false),
            (b"SRCHUNK2", false),
            (b"SRCHUNK1", false),
            (b"SRPACKD3", false),
            (b"SRCHUNK", false),
            (b"srchunk3", false),
            (b"", false),
            (&[0; 8], false),
        ] {
            assert_eq!(is_later_version(magic), later, "{magic:?}");
        }
    }

    #[test]
    fn a_file_of_the_version_before_is_read_and_no_earlier_one() {
        let label = serde_json::to_vec(&Envelope::any()).unwrap();
        for (magic, is_read) in [
            (*b"SRCHUNK3", true),
            (*b"SRCHUNK2", true),
            (*b"SRPACKD2", true),
            (*b"SRCHUNK4", true),
            (*b"SRCHUNK1", false),
            (*b"SRCHUNK5", true),
            (*b"SRCHUNK6", false),
            (*b"SRPACKD4", false),
        ] {
            let header = super::super::layout::header(magic, &Check::random(), 7, &label, None);
            assert_eq!(Header::parse(&header.repeat(2)).is_some(), is_read, "{magic:?}");
        }
    }

    #[test]
    fn a_closed_chunk_tells_how_the_clocks_stood() {
        let file = tempfile::tempfile().unwrap();
        fs::allocate(&file, 16_384).unwrap();
        let mut map = Map::over(&file, 16_384).unwrap();
        map.write_header(CHUNK_MAGIC, 7, &serde_json::to_vec(&Envelope::any()).unwrap());
        let header = || {
            let mut bytes = vec![0; HEADER_BYTES];
            (&file).rewind().unwrap();
            (&file).read_exact(&mut bytes).unwrap();
            bytes
        };
        assert_eq!(Header::parse(&header()).unwrap().clock, None);
        let clock = ClockStamp { boot: 9, ahead: -5 };
        map.stamp(clock);
        assert_eq!(Header::parse(&header()).unwrap().clock, Some(clock));
        for at in [CLOCK_AT, CLOCK_AT + 9, CLOCK_AT + 17] {
            let mut damaged = header();
            damaged[at] ^= 1;
            assert_eq!(Header::parse(&damaged).unwrap().clock, Some(clock), "the other copy tells");
            damaged[HEADER_COPY + at] ^= 1;
            assert_eq!(Header::parse(&damaged).unwrap().clock, None);
        }
    }

    #[test]
    fn a_chunk_tells_what_of_it_is_in_flight_where_its_label_leaves_room() {
        let encoding = Encoding { gzip_level: 5, merges_clicks: true };
        let in_flight = InFlight { request: 9, from: 3, to: 8, until: 11, index: 1, encoding };
        let envelope = Envelope::any();
        let label = serde_json::to_vec(&envelope).unwrap();
        for (room, told) in [
            (LABEL_AT + label.len(), true),
            (IN_FLIGHT_AT, true),
            (IN_FLIGHT_AT + 1, false),
            (CLOCK_AT, false),
        ] {
            let mut label = label.clone();
            label.resize(room - LABEL_AT, b' ');
            let file = tempfile::tempfile().unwrap();
            fs::allocate(&file, 16_384).unwrap();
            let mut map = Map::over(&file, 16_384).unwrap();
            map.write_header(CHUNK_MAGIC, 7, &label);
            let header = || {
                let mut bytes = vec![0; HEADER_BYTES];
                (&file).rewind().unwrap();
                (&file).read_exact(&mut bytes).unwrap();
                bytes
            };
            assert_eq!(Header::parse(&header()).unwrap().in_flight, None);
            map.note_in_flight(&in_flight);
            let noted = Header::parse(&header()).expect("its label is whole");
            assert_eq!(noted.in_flight, told.then_some(in_flight), "{room}");
            assert_eq!((noted.number, &noted.envelope), (7, &envelope));
            for at in (IN_FLIGHT_AT..CLOCK_AT).filter(|_| told) {
                let mut damaged = header();
                damaged[at] ^= 1;
                assert_eq!(
                    Header::parse(&damaged).unwrap().in_flight,
                    Some(in_flight),
                    "the other copy tells"
                );
                damaged[HEADER_COPY + at] ^= 1;
                assert_eq!(Header::parse(&damaged).unwrap().in_flight, None, "{at}");
            }
        }
    }
}
