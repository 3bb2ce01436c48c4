//! The append that many threads make into one chunk's memory without a lock.
//!
//! Invariants that make this sound; `map_loom.rs` holds the first two against every order that the memory model allows:
//! 1. `cursor` hands every range of bytes out at most once, so no two writers share one.
//! 2. A writer fills its range and then stores the record's head with release order. A reader loads the head with
//!    acquire order and touches the event only when the head is not zero. Nothing is written there again; but a head
//!    becomes zero again when its record came so late that it was kept elsewhere ([`Map::erase`]).
//! 3. The header is written by the one owner, before the map is shared.

use std::fs::File;
use std::io;

use super::checksum::Check;
use super::clock::ClockStamp;
use super::layout::{
    self, CLOCK_AT, DELIVERED_AT, HEADER_BYTES, HEADER_COPY, IN_FLIGHT_AT, LABEL_AT, LABEL_HEAD_AT,
    RECORD_HEAD, record_bytes,
};
use super::memory::Memory;
use crate::model::in_flight::InFlight;
use crate::sync::atomic::{AtomicU64, Ordering, fence};

/// Set in `cursor` once the chunk takes no more.
const SEALED: u64 = 1 << 63;

/// What became of an append.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Append {
    /// Stored and safe from the end of this process.
    Stored {
        /// It is the first event of its chunk.
        first: bool,
    },
    /// The rest of the chunk is too small.
    Full,
    /// The chunk was closed. What was done before it was is seen by who goes on from here: its successor is in place.
    Sealed,
}

/// One chunk's memory, and how far it is filled.
pub(super) struct Map {
    memory: Memory,
    check: Check,
    /// Bytes handed out behind the header; [`SEALED`] once no more are.
    cursor: AtomicU64,
}

impl Map {
    /// A map over memory that ends with the process.
    pub fn anonymous(capacity: usize) -> io::Result<Self> {
        Ok(Self::new(Memory::anonymous(capacity)?))
    }

    /// A map over a file of at least `capacity` bytes, all zero and allocated.
    pub fn over(file: &File, capacity: usize) -> io::Result<Self> {
        Ok(Self::new(Memory::over(file, capacity)?))
    }

    fn new(memory: Memory) -> Self {
        Self { memory, check: Check::random(), cursor: AtomicU64::new(0) }
    }

    /// Bytes for records, heads included.
    #[inline]
    pub fn room(&self) -> usize {
        self.memory.len() - HEADER_BYTES
    }

    /// Writes the header. `&mut`: the map is not shared yet (invariant 3).
    pub fn write_header(&mut self, magic: [u8; 8], number: u64, label: &[u8]) {
        // The rest is zero, as all of it was: not touched, since the thread that records is waiting.
        self.memory.write_header(&layout::header_start(magic, &self.check, number, label));
    }

    /// Puts another magic in the place of the one that was written: it says who may read the chunk, and what may be done with it.
    pub fn replace_magic(&self, magic: [u8; 8]) {
        for copy in [0, HEADER_COPY] {
            // As bytes, which have no order of their own.
            self.memory.word(copy).store(u64::from_ne_bytes(magic), Ordering::Release);
        }
    }

    /// Writes another label into the header, for a later run. For the owner alone: nobody in this process reads a label.
    pub fn replace_label(&self, magic: [u8; 8], number: u64, label: &[u8]) {
        for (at, word) in relabelling(&self.check, magic, number, label) {
            // Words, as the others that are stored while the map is shared: none of them is torn. And in this order, whoever
            // kills the process in between.
            self.memory.word(at).store(word, Ordering::Relaxed);
            fence(Ordering::Release);
        }
    }

    /// Notes how many of the first events were delivered, so that a later run does not send them again.
    pub fn note_delivered(&self, events: u64) {
        let word = self.check.number(events).to_le();
        for copy in [0, HEADER_COPY] {
            self.memory.word(copy + DELIVERED_AT).store(word, Ordering::Release);
        }
    }

    /// Notes what of it is in a request, for a later run. Whoever kills the process in between leaves one copy whole, or none: then
    /// the request has not gone out.
    pub fn note_in_flight(&self, in_flight: &InFlight) {
        let label = u64::from_le(self.memory.word(LABEL_HEAD_AT).load(Ordering::Relaxed)) as u32 as usize;
        if LABEL_AT + label > IN_FLIGHT_AT {
            return;
        }
        for copy in [0, HEADER_COPY] {
            for (at, word) in layout::in_flight_words(&self.check, in_flight).into_iter().enumerate() {
                self.memory.word(copy + IN_FLIGHT_AT + at * 8).store(word.to_le(), Ordering::Release);
            }
        }
    }

    /// Whether both copies of the header say that so many were delivered.
    #[cfg(test)]
    pub fn has_noted(&self, events: u64) -> bool {
        let word = self.check.number(events).to_le();
        let is_noted = |copy| self.memory.word(copy + DELIVERED_AT).load(Ordering::Acquire) == word;
        is_noted(0) && is_noted(HEADER_COPY)
    }

    /// Notes how the clocks stand now that it is closed: how old it is can be told then, whatever they are set to.
    pub fn stamp(&self, clock: ClockStamp) {
        for copy in [0, HEADER_COPY] {
            for (at, word) in layout::clock_words(&self.check, clock).into_iter().enumerate() {
                self.memory.word(copy + CLOCK_AT + at * 8).store(word.to_le(), Ordering::Release);
            }
        }
    }

    /// Stores one event. Waits for nobody, allocates nothing, makes no system call.
    #[inline]
    pub fn append(&self, event: &[u8]) -> Append {
        let need = record_bytes(event.len()) as u64;
        if self.is_full_for(need) {
            return Append::Full;
        }
        // Before room is reserved: that waits until what was stored before has left the processor's buffers.
        let check = self.check.event(event);
        let start = match self.reserve(need) {
            Ok(start) => start,
            Err(refused) => return refused,
        };
        let offset = HEADER_BYTES + start as usize;
        // SAFETY: `cursor` gave offset..offset+need to this call alone (invariant 1), it lies inside the memory, and no reader
        // looks at it before the head is stored (invariant 2).
        unsafe { self.memory.write(offset + RECORD_HEAD, event) };
        self.publish(offset, check.head(event.len(), offset));
        self.memory.fetch_ahead(offset + need as usize, need as usize);
        Append::Stored { first: start == 0 }
    }

    /// Stores an event behind a mark, as one record. As [`Self::append`]; for events that are marked the check is made of what
    /// was copied, since the two stand together only there.
    pub fn append_marked(&self, mark: &[u8], event: &[u8]) -> Append {
        let length = mark.len() + event.len();
        let need = record_bytes(length) as u64;
        let start = match self.reserve(need) {
            Ok(start) => start,
            Err(refused) => return refused,
        };
        let offset = HEADER_BYTES + start as usize;
        let content = offset + RECORD_HEAD;
        // SAFETY: `cursor` gave offset..offset+need, in which both parts lie, to this call alone (invariant 1), it lies inside
        // the memory, and no reader looks at it before the head is stored (invariant 2).
        let check = unsafe {
            self.memory.write(content, mark);
            self.memory.write(content + mark.len(), event);
            self.check.event(self.memory.read(content, length))
        };
        self.publish(offset, check.head(length, offset));
        self.memory.fetch_ahead(offset + need as usize, need as usize);
        Append::Stored { first: start == 0 }
    }

    /// Whether the rest is too small for so many bytes, as far as that is known without reserving them: then it is not worth making
    /// a check first. A sealed chunk is none that is full.
    #[inline]
    pub fn is_full_for(&self, bytes: u64) -> bool {
        let start = self.cursor.load(Ordering::Relaxed);
        start & SEALED == 0 && start + bytes > self.room() as u64
    }

    /// Takes a range of so many bytes for the caller alone; says where behind the header it begins.
    #[inline]
    fn reserve(&self, bytes: u64) -> Result<u64, Append> {
        let mut start = self.cursor.load(Ordering::Relaxed);
        loop {
            if start & SEALED != 0 {
                // With `seal`'s release: see `Append::Sealed`.
                fence(Ordering::Acquire);
                return Err(Append::Sealed);
            }
            if start + bytes > self.room() as u64 {
                return Err(Append::Full);
            }
            // Relaxed: the ranges are told apart by the order of the changes to this one word.
            match self.cursor.compare_exchange_weak(
                start,
                start + bytes,
                Ordering::Relaxed,
                Ordering::Relaxed,
            ) {
                Ok(_) => return Ok(start),
                Err(now) => start = now,
            }
        }
    }

    /// Lets readers see the record at `offset`, whose bytes are written.
    #[inline]
    fn publish(&self, offset: usize, head: u64) {
        self.memory.word(offset).store(head.to_le(), Ordering::Release);
    }

    /// Closes the chunk: no append begins after this returns.
    pub fn seal(&self) {
        self.cursor.fetch_or(SEALED, Ordering::Release);
    }

    /// Gives the pages that lie wholly behind `offset`, which lies behind the last record of a sealed map, back to the system.
    /// What is in a file stays there.
    pub fn give_back_behind(&self, offset: usize) {
        assert!(self.is_sealed() && offset >= HEADER_BYTES + self.used());
        // SAFETY: the map is sealed, and this is behind its last record: nobody reads or writes there any more.
        unsafe { self.memory.give_back_behind(offset) };
    }

    /// Lets go of the memory. Of a sealed map with every append ended, which nobody reads any more: what appends to it from
    /// now on finds it sealed and goes no further. `false`: see [`Memory::give_back`].
    #[must_use]
    pub fn give_back(&self) -> bool {
        assert!(self.is_sealed());
        // SAFETY: sealed, so no append begins; those that began have ended and the owner, who calls this, reads no more.
        unsafe { self.memory.give_back() }
    }

    /// Has the system write what is in a map over a file to the disk, and waits for that.
    pub fn sync(&self) -> io::Result<()> {
        self.memory.sync()
    }

    fn is_sealed(&self) -> bool {
        self.cursor.load(Ordering::Relaxed) & SEALED != 0
    }

    /// Bytes handed out to records. What is in them yet their heads say.
    pub fn used(&self) -> usize {
        (self.cursor.load(Ordering::Relaxed) & !SEALED) as usize
    }

    /// All its bytes: see [`Memory::read_by_system`].
    pub fn read_by_system(&self) -> io::Result<Vec<u8>> {
        self.memory.read_by_system()
    }

    /// What a thread does that dies in the middle of an append. Where its record would have been.
    #[cfg(test)]
    pub fn reserve_only(&self, event: usize) -> usize {
        HEADER_BYTES + self.reserve(record_bytes(event) as u64).expect("there is room") as usize
    }

    /// What such a thread does when it was only late.
    #[cfg(test)]
    pub fn store_late(&self, event: &[u8], offset: usize) {
        // SAFETY: `reserve_only` gave the range.
        unsafe { self.memory.write(offset + RECORD_HEAD, event) };
        self.publish(offset, self.check.record_head(event, offset));
    }

    /// The records stored so far, in order, up to the first that its thread is still writing.
    pub fn records(&self) -> MapRecords<'_> {
        self.records_from(HEADER_BYTES)
    }

    /// The same from a place on at which a record stands, or the end.
    pub fn records_from(&self, offset: usize) -> MapRecords<'_> {
        MapRecords { map: self, offset, end: HEADER_BYTES + self.used() }
    }

    /// Takes away the record that stands there: a gap is left. Nobody may be reading it.
    pub fn erase(&self, offset: usize) {
        self.memory.word(offset).store(0, Ordering::Release);
    }
}

/// What is to be stored where, in this order, for a header to have another magic and another label. The magic comes first, into
/// both copies: what it forbids must be forbidden before a label says more. Then the second copy's label: at each moment one copy
/// of the two is whole.
fn relabelling(check: &Check, magic: [u8; 8], number: u64, label: &[u8]) -> Vec<(usize, u64)> {
    let header = layout::header(magic, check, number, label, None);
    // As bytes, which have no order of their own.
    let word = |at: usize| u64::from_ne_bytes(header[at..at + 8].try_into().unwrap_or_default());
    let of_label = |copy: usize| {
        let text = (LABEL_AT..CLOCK_AT).step_by(8);
        text.chain([LABEL_HEAD_AT]).map(move |at| (copy + at, word(at)))
    };
    let magics = [0, HEADER_COPY].map(|copy| (copy, word(0)));
    magics.into_iter().chain(of_label(HEADER_COPY)).chain(of_label(0)).collect()
}

/// See [`Map::records`].
pub(super) struct MapRecords<'a> {
    map: &'a Map,
    offset: usize,
    end: usize,
}

impl MapRecords<'_> {
    /// Where the next one stands, or would.
    pub fn offset(&self) -> usize {
        self.offset
    }

    /// Whether every record up to the end was seen.
    pub fn is_complete(&self) -> bool {
        self.offset == self.end
    }
}

impl<'a> Iterator for MapRecords<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        if self.offset >= self.end {
            return None;
        }
        let head = u64::from_le(self.map.memory.word(self.offset).load(Ordering::Acquire));
        if head == 0 {
            return None;
        }
        let length = head as u32 as usize;
        // SAFETY: the head is not zero, so its writer is done and the bytes never change again (invariant 2); the head was
        // stored by `append`, which checked that the range is inside the memory.
        let event = unsafe { self.map.memory.read(self.offset + RECORD_HEAD, length) };
        self.offset += record_bytes(length);
        Some(event)
    }
}

#[cfg(test)]
mod tests {
    use super::super::header::Header;
    use super::super::layout::{CHUNK_MAGIC, HELD_MAGIC, segment_label};
    use super::*;
    use crate::model::envelope::Envelope;
    use crate::model::sample_rate::SampleRate;

    #[test]
    fn gives_back_what_was_appended() {
        let map = Map::anonymous(HEADER_BYTES + 64).unwrap();
        assert_eq!(map.append(b"{\"a\":1}"), Append::Stored { first: true });
        assert_eq!(map.append(b"{}"), Append::Stored { first: false });
        assert_eq!(map.records().collect::<Vec<_>>(), [&b"{\"a\":1}"[..], b"{}"]);
        assert_eq!(map.append(&[b'x'; 32]), Append::Full);
        assert_eq!(map.append(&[b'x'; 24]), Append::Stored { first: false });
        map.seal();
        assert_eq!(map.append(b"{}"), Append::Sealed);
        assert_eq!(map.append_marked(b"@1,2", b"{}"), Append::Sealed);
        let mut records = map.records();
        assert_eq!(records.by_ref().count(), 3);
        assert!(records.is_complete());
    }

    #[test]
    fn a_marked_event_is_one_record_with_the_check_of_the_whole() {
        let map = Map::anonymous(HEADER_BYTES + 48).unwrap();
        assert_eq!(map.append_marked(b"@12", b"{\"a\":1}"), Append::Stored { first: true });
        assert_eq!(map.append_marked(b"@1", &[b'x'; 15]), Append::Full);
        assert_eq!(map.append_marked(b"@1", &[b'x'; 14]), Append::Stored { first: false });
        assert_eq!(map.records().next(), Some(&b"@12{\"a\":1}"[..]));
        let head = u64::from_le(map.memory.word(HEADER_BYTES).load(Ordering::Acquire));
        assert_eq!(head, map.check.record_head(b"@12{\"a\":1}", HEADER_BYTES));
    }

    #[test]
    fn a_label_is_replaced_so_that_at_each_moment_it_is_known_what_may_be_sent() {
        let before = Envelope { sample_rate: None, ..Envelope::any() };
        let after = Envelope { sample_rate: Some(SampleRate::ALL), undecided: true, ..before.clone() };
        let check = Check::random();
        let label = |envelope: &Envelope| segment_label(&envelope.to_json(), 5);
        let mut header = layout::header(CHUNK_MAGIC, &check, 7, &label(&before), None).repeat(2);
        let mut seen = Vec::new();
        let mut see = |header: &[u8]| {
            let found = Header::parse(header).unwrap();
            assert_eq!((found.number, found.segment), (7, Some(5)), "one copy is whole");
            let state = (found.is_held, found.envelope);
            if seen.last() != Some(&state) {
                seen.push(state);
            }
        };
        see(&header);
        for (at, word) in relabelling(&check, HELD_MAGIC, 7, &label(&after)) {
            header[at..at + 8].copy_from_slice(&word.to_ne_bytes());
            see(&header);
        }
        // Never one that has a rate and is not held: that is one that a trigger released.
        assert_eq!(seen, [(false, before.clone()), (true, before), (true, after.clone())]);
        assert_eq!(header, layout::header(HELD_MAGIC, &check, 7, &label(&after), None).repeat(2));
    }

    #[test]
    fn gives_back_no_page_that_holds_a_record() {
        let map = Map::anonymous(512 * 1_024).unwrap();
        let events: Vec<_> =
            (0..100).map(|n| format!("{{\"n\":{n},\"pad\":\"{}\"}}", "x".repeat(500))).collect();
        for event in &events {
            map.append(event.as_bytes());
        }
        map.seal();
        map.give_back_behind(HEADER_BYTES + map.used());
        let left: Vec<_> = map.records().map(|event| str::from_utf8(event).unwrap().to_owned()).collect();
        assert_eq!(left, events);
    }

    #[test]
    fn many_threads_lose_nothing_and_keep_their_order() {
        const THREADS: usize = 4;
        const EVENTS: usize = 500;
        let map = Map::anonymous(HEADER_BYTES + THREADS * EVENTS * record_bytes(12)).unwrap();
        std::thread::scope(|scope| {
            for thread in 0..THREADS {
                let map = &map;
                scope.spawn(move || {
                    for event in 0..EVENTS {
                        let text = format!("{thread} {event:06}    ");
                        assert!(matches!(map.append(text.as_bytes()), Append::Stored { .. }));
                    }
                });
            }
        });
        let mut next = [0; THREADS];
        for record in map.records() {
            let text = str::from_utf8(record).unwrap();
            let (thread, event) = text.trim().split_once(' ').unwrap();
            let thread: usize = thread.parse().unwrap();
            assert_eq!(event.parse::<usize>().unwrap(), next[thread]);
            next[thread] += 1;
        }
        assert_eq!(next, [EVENTS; THREADS]);
    }
}
