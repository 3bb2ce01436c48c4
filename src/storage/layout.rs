//! The format of stored files: chunks, and chunks that were compacted into one file.
//!
//! All numbers are little-endian. The header stands twice, so that damage to one copy costs nothing:
//!
//! | bytes | what |
//! | --- | --- |
//! | 0..4096 | header |
//! | 4096..8192 | the same header again |
//! | 8192.. | records, each at a multiple of 8; zeros behind the last |
//!
//! | bytes of a header | what |
//! | --- | --- |
//! | 0..8 | [`CHUNK_MAGIC`], [`INTERACTIONS_MAGIC`], [`HELD_MAGIC`] or [`COMPACTED_MAGIC`]; the last byte is the version of this layout |
//! | 8..16 | the seed of this file's checks |
//! | 16..24 | how many of its first events were delivered, in the low half; a check in the high half |
//! | 24..32 | length of the label in the low half; a check over number and label in the high half |
//! | 32..40 | the chunk's number within its run; of a compacted file, that of its first chunk |
//! | 40..4072 | the label: the envelope of the events, as JSON |
//! | 4040..4072 | what of it is in a request that has no answer, where the label leaves room: an [`InFlight`] and a check |
//! | 4072..4096 | how the clocks stood when the chunk was closed: the machine's start, the distance, a check over both |
//!
//! A record is a head of 8 bytes (its length in the low half, a check over its bytes and its place in the high half) and its
//! bytes: an event in a chunk; in a compacted file a block, which is a deflate stream over some events, each behind its length
//! in 4 bytes. An event of a view's page stands behind its view's number: `@`, the number in decimal (from version 3 on). A head that is zero is a gap: nothing was stored there, or what was is kept elsewhere.
//!
//! The checks are those of [`super::checksum`].

use super::checksum::Check;
use super::clock::ClockStamp;
use crate::model::envelope::EventKind;
use crate::model::in_flight::InFlight;

/// The first bytes of a chunk of this version.
pub(super) const CHUNK_MAGIC: [u8; 8] = *b"SRCHUNK3";
/// The first bytes of a chunk of interactions. The layout is that of a chunk; the version is a later one because a library
/// that knows no interactions must leave it alone, and can read everything else.
pub(super) const INTERACTIONS_MAGIC: [u8; 8] = *b"SRCHUNK4";
/// The first bytes of a chunk, of either kind, of a session that is held: none of it is sent without a trigger. A library that
/// knows of no such sessions must leave it alone. Releasing it is to put the magic of its kind in this one's place.
pub(super) const HELD_MAGIC: [u8; 8] = *b"SRCHUNK5";
/// The first bytes of a compacted file of this version.
pub(super) const COMPACTED_MAGIC: [u8; 8] = *b"SRPACKD3";
/// The earliest version that is read: it is as this one, but has no records of views.
pub(super) const FIRST_VERSION: u8 = b'2';
/// Stored files are a multiple of this long.
pub(super) const PAGE: usize = 4_096;
/// Size of one copy of the header.
pub(super) const HEADER_COPY: usize = 4_096;
/// Where the records begin.
pub(super) const HEADER_BYTES: usize = 2 * HEADER_COPY;
/// As many events a header says were delivered where nothing of the file is to be, whatever is in it.
pub(super) const ALL_EVENTS: u64 = u32::MAX as u64;
pub(super) const SEED_AT: usize = 8;
pub(super) const DELIVERED_AT: usize = 16;
pub(super) const LABEL_HEAD_AT: usize = 24;
pub(super) const NUMBER_AT: usize = 32;
pub(super) const LABEL_AT: usize = 40;
pub(super) const CLOCK_AT: usize = HEADER_COPY - 24;
/// Where the header says what is in flight, if the label does not reach so far.
pub(super) const IN_FLIGHT_AT: usize = CLOCK_AT - 32;
/// Room for the label.
pub(super) const MAX_LABEL_BYTES: usize = CLOCK_AT - LABEL_AT;
/// Bytes of a record's head, and the multiple at which records stand.
pub(super) const RECORD_HEAD: usize = 8;

/// Chunks of late events are numbered from here on: behind all others, however many come. They are never compacted, for a
/// compacted file takes the place of all numbers between its first and its last.
pub(super) const LATE_NUMBERS: u64 = 1 << 62;

/// Chunks of interactions are numbered from here on. They are made beside the chunks of the replay, and never compacted: see
/// [`LATE_NUMBERS`].
pub(super) const INTERACTION_NUMBERS: u64 = 1 << 61;

/// The first bytes of a chunk of this kind.
pub(super) const fn chunk_magic(kind: EventKind) -> [u8; 8] {
    match kind {
        EventKind::Replay => CHUNK_MAGIC,
        EventKind::Interaction => INTERACTIONS_MAGIC,
    }
}

/// A label that says besides which segment of its recording the chunk belongs to: by the number of the segment's first chunk.
pub(super) fn segment_label(label: &[u8], segment: u64) -> Vec<u8> {
    label_with(label, &format!(r#""segment":{segment}"#))
}

/// A label that says besides that the session was over before it was known whether it is held.
pub(super) fn left_label(label: &[u8]) -> Vec<u8> {
    label_with(label, r#""left":true"#)
}

fn label_with(label: &[u8], member: &str) -> Vec<u8> {
    let mut with = label.strip_suffix(b"}").unwrap_or(label).to_vec();
    with.extend_from_slice(format!(",{member}}}").as_bytes());
    with
}

/// Bytes that a record of an event this long takes.
pub(super) const fn record_bytes(event: usize) -> usize {
    RECORD_HEAD + event.next_multiple_of(RECORD_HEAD)
}

/// One copy of a header. The label is at most [`MAX_LABEL_BYTES`] long.
pub(super) fn header(
    magic: [u8; 8],
    check: &Check,
    number: u64,
    label: &[u8],
    clock: Option<ClockStamp>,
) -> Vec<u8> {
    let mut header = header_start(magic, check, number, label);
    header.resize(CLOCK_AT, 0);
    match clock {
        Some(clock) => {
            clock_words(check, clock).iter().for_each(|word| header.extend_from_slice(&word.to_le_bytes()))
        }
        None => header.resize(HEADER_COPY, 0),
    }
    header
}

/// A header without clocks, up to the zeros that are the rest of it.
pub(super) fn header_start(magic: [u8; 8], check: &Check, number: u64, label: &[u8]) -> Vec<u8> {
    assert!(label.len() <= MAX_LABEL_BYTES, "an envelope fits the header");
    // All in one piece of memory: a thread that records waits for it where a chunk ends.
    let mut header = Vec::with_capacity(LABEL_AT + label.len());
    header.extend_from_slice(&magic);
    header.extend_from_slice(&check.seed().to_le_bytes());
    header.extend_from_slice(&check.number(0).to_le_bytes());
    header.extend_from_slice(&[0; 8]);
    header.extend_from_slice(&number.to_le_bytes());
    header.extend_from_slice(label);
    let head = check.label_head(&header[LABEL_HEAD_AT + 8..], label.len());
    header[LABEL_HEAD_AT..][..8].copy_from_slice(&head.to_le_bytes());
    header
}

/// How a header says how the clocks stood.
pub(super) fn clock_words(check: &Check, clock: ClockStamp) -> [u64; 3] {
    let ahead = clock.ahead as u64;
    [clock.boot, ahead, check.words(clock.boot, ahead)]
}

/// How a header says what of a chunk is in flight.
pub(super) fn in_flight_words(check: &Check, in_flight: &InFlight) -> [u64; 4] {
    let [request, events, rest] = in_flight.words();
    [request, events, rest, check.words(check.words(request, events), rest)]
}
