//! The memory map of one chunk, and the append that many threads make into it without a lock.
//!
//! Layout, all numbers little-endian; the header stands twice, so that damage to one copy costs nothing:
//!
//! | bytes | what |
//! | --- | --- |
//! | 0..4096 | header |
//! | 4096..8192 | the same header again |
//! | 8192.. | records, each at a multiple of 8 |
//!
//! | bytes of a header | what |
//! | --- | --- |
//! | 0..8 | [`MAGIC`], which names the version of this layout |
//! | 8..16 | the seed of this chunk's checks |
//! | 16..24 | how many of its first events were delivered, in the low half; check in the high half |
//! | 24..32 | length of the label in the low half; check over number and label in the high half |
//! | 32..40 | the chunk's number within its run |
//! | 40..4072 | the label: the envelope of the events, as JSON |
//! | 4072..4096 | how the clocks stood when the chunk was closed: the machine's start, the distance, a check over both |
//!
//! A record is a head of 8 bytes (length of the event in the low half, check in the high half) and the event.
//!
//! Invariants that make this sound:
//! 1. `cursor` hands every range of bytes out at most once, so no two writers share one.
//! 2. A writer fills its range and then stores the head with release order. A reader loads the head with
//!    acquire order and touches the event only when the head is not zero. Nothing is written there again; but a head
//!    becomes zero again when its record came so late that it was kept elsewhere ([`Map::erase`]).
//! 3. The header is written by the one owner, before the map is shared.
//! 4. The file behind a map belongs to this process: its directory is private and locked, and no file that may be
//!    mapped is ever made shorter.

use std::fs::File;
use std::io;
use std::slice;
use std::sync::atomic::{AtomicU64, Ordering};

use memmap2::{MmapMut, MmapOptions, MmapRaw};

use super::age::ClockStamp;
use super::checksum::Check;

/// The first bytes of a chunk of this version.
pub(super) const MAGIC: [u8; 8] = *b"SRCHUNK2";
/// Stored files are a multiple of this long.
pub(super) const PAGE: usize = 4_096;
/// Size of one copy of the header.
pub(super) const HEADER_COPY: usize = 4_096;
/// Where the records begin.
pub(super) const HEADER_BYTES: usize = 2 * HEADER_COPY;
/// Room for the label.
pub(super) const MAX_LABEL_BYTES: usize = CLOCK_AT - LABEL_AT;
pub(super) const SEED_AT: usize = 8;
pub(super) const DELIVERED_AT: usize = 16;
pub(super) const LABEL_HEAD_AT: usize = 24;
pub(super) const NUMBER_AT: usize = 32;
pub(super) const LABEL_AT: usize = 40;
pub(super) const CLOCK_AT: usize = HEADER_COPY - 24;
/// Bytes of a record's head, and the multiple at which records stand.
pub(super) const RECORD_HEAD: usize = 8;

/// How far ahead of the cursor memory is fetched: some events.
#[cfg(target_arch = "x86_64")]
const AHEAD: usize = 1_536;

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
    /// The chunk was closed; its successor is already in place.
    Sealed,
}

/// One chunk's memory.
pub(super) struct Map {
    raw: MmapRaw,
    check: Check,
    /// Bytes handed out behind the header; [`SEALED`] once no more are.
    cursor: AtomicU64,
}

/// The size of a page of this system: 4 KiB on many, 16 or 64 KiB on others. What is given back to it is whole pages.
pub(super) fn system_page() -> usize {
    #[cfg(unix)]
    {
        static BYTES: once_cell::sync::OnceCell<usize> = once_cell::sync::OnceCell::new();
        // SAFETY: it asks for a number.
        let asked = || usize::try_from(unsafe { libc::sysconf(libc::_SC_PAGESIZE) }).unwrap_or(0);
        *BYTES.get_or_init(|| asked().max(PAGE))
    }
    #[cfg(not(unix))]
    PAGE
}

/// Bytes that a record of an event this long takes.
pub(super) const fn record_bytes(event: usize) -> usize {
    RECORD_HEAD + event.next_multiple_of(RECORD_HEAD)
}

/// One copy of a header.
pub(super) fn header(
    magic: [u8; 8],
    check: &Check,
    number: u64,
    label: &[u8],
    clock: Option<ClockStamp>,
) -> Vec<u8> {
    assert!(label.len() <= MAX_LABEL_BYTES, "an envelope fits the header");
    let mut header = Vec::with_capacity(HEADER_COPY);
    let mut numbered = number.to_le_bytes().to_vec();
    numbered.extend_from_slice(label);
    header.extend_from_slice(&magic);
    header.extend_from_slice(&check.seed().to_le_bytes());
    header.extend_from_slice(&check.number(0).to_le_bytes());
    header.extend_from_slice(&check.label_head(&numbered, label.len()).to_le_bytes());
    header.extend_from_slice(&numbered);
    header.resize(CLOCK_AT, 0);
    match clock {
        Some(clock) => {
            clock_words(check, clock).iter().for_each(|word| header.extend_from_slice(&word.to_le_bytes()))
        }
        None => header.resize(HEADER_COPY, 0),
    }
    header
}

/// How a header says how the clocks stood.
pub(super) fn clock_words(check: &Check, clock: ClockStamp) -> [u64; 3] {
    let ahead = clock.ahead as u64;
    [clock.boot, ahead, check.words(clock.boot, ahead)]
}

impl Map {
    /// A map over memory that ends with the process.
    pub fn anonymous(capacity: usize) -> io::Result<Self> {
        large_enough(capacity)?;
        Self::prepare(MmapMut::map_anon(capacity)?)
    }

    /// A map over a file of at least `capacity` bytes, all zero and allocated.
    pub fn over(file: &File, capacity: usize) -> io::Result<Self> {
        large_enough(capacity)?;
        // SAFETY: the file was made by this process a moment ago, in a directory that only this user may
        // enter and that this run holds locked; nobody else writes it or makes it shorter (invariant 4).
        let map = unsafe { MmapOptions::new().len(capacity).map_mut(file)? };
        Self::prepare(map)
    }

    fn prepare(mut map: MmapMut) -> io::Result<Self> {
        // The first store to a page costs a fault. Taken here, the recording thread does not pay it.
        if !populate(&map)? {
            for page in map.chunks_mut(PAGE) {
                page[0] = 0;
            }
        }
        Ok(Self { raw: map.into(), check: Check::random(), cursor: AtomicU64::new(0) })
    }

    /// Bytes for records, heads included.
    pub fn room(&self) -> usize {
        self.raw.len() - HEADER_BYTES
    }

    /// Writes the header. `&mut`: the map is not shared yet (invariant 3).
    pub fn write_header(&mut self, number: u64, label: &[u8]) {
        let header = header(MAGIC, &self.check, number, label, None);
        // SAFETY: `&mut self` says that nobody else uses the map, and the header lies inside it.
        let place = unsafe { slice::from_raw_parts_mut(self.raw.as_mut_ptr(), HEADER_BYTES) };
        place.chunks_mut(HEADER_COPY).for_each(|copy| copy.copy_from_slice(&header));
    }

    /// Notes how many of the first events were delivered, so that a later run does not send them again.
    pub fn note_delivered(&self, events: u64) {
        let word = self.check.number(events).to_le();
        for copy in [0, HEADER_COPY] {
            self.word(copy + DELIVERED_AT).store(word, Ordering::Release);
        }
    }

    /// Notes how the clocks stand now that it is closed: how old it is can be told then, whatever they are set to.
    pub fn stamp(&self, clock: ClockStamp) {
        for copy in [0, HEADER_COPY] {
            for (at, word) in clock_words(&self.check, clock).into_iter().enumerate() {
                self.word(copy + CLOCK_AT + at * 8).store(word.to_le(), Ordering::Release);
            }
        }
    }

    /// Stores one event. Waits for nobody, allocates nothing, makes no system call.
    #[inline]
    pub fn append(&self, event: &[u8]) -> Append {
        let need = record_bytes(event.len()) as u64;
        // Before room is reserved: that waits until what was stored before has left the processor's buffers.
        let check = self.check.event(event);
        let mut start = self.cursor.load(Ordering::Relaxed);
        loop {
            if start & SEALED != 0 {
                return Append::Sealed;
            }
            if start + need > self.room() as u64 {
                return Append::Full;
            }
            match self.cursor.compare_exchange_weak(start, start + need, Ordering::Relaxed, Ordering::Relaxed)
            {
                Ok(_) => break,
                Err(now) => start = now,
            }
        }
        let offset = HEADER_BYTES + start as usize;
        // SAFETY: `cursor` gave offset..offset+need to this call alone (invariant 1), it lies inside the map,
        // and no reader looks at it before the head is stored (invariant 2).
        unsafe {
            let place = self.raw.as_mut_ptr().add(offset + RECORD_HEAD);
            place.copy_from_nonoverlapping(event.as_ptr(), event.len());
        }
        self.word(offset).store(check.head(event.len(), offset).to_le(), Ordering::Release);
        self.fetch_ahead(offset + need as usize, need as usize);
        Append::Stored { first: start == 0 }
    }

    /// Has the processor fetch what the next appends will store to, so that they do not wait for it: about the pages
    /// and lines that `bytes` more take, [`AHEAD`] behind `offset`.
    #[inline]
    fn fetch_ahead(&self, offset: usize, bytes: usize) {
        #[cfg(target_arch = "x86_64")]
        for line in (0..bytes.min(AHEAD)).step_by(64) {
            use std::arch::x86_64::{_MM_HINT_ET0, _mm_prefetch};
            let place = self.raw.as_ptr().wrapping_add(offset + AHEAD + line);
            // SAFETY: a hint: it reads and writes nothing, and may point anywhere.
            unsafe { _mm_prefetch::<_MM_HINT_ET0>(place.cast()) };
        }
        #[cfg(not(target_arch = "x86_64"))]
        let _ = (offset, bytes);
    }

    /// Closes the chunk: no append begins after this returns.
    pub fn seal(&self) {
        self.cursor.fetch_or(SEALED, Ordering::AcqRel);
    }

    /// Gives the pages that lie wholly behind `offset`, which lies behind the last record of a sealed map, back to the system.
    /// What is in a file stays there.
    pub fn release_from(&self, offset: usize) {
        assert!(self.is_sealed() && offset >= HEADER_BYTES + self.used());
        let offset = offset.next_multiple_of(system_page());
        let Some(rest) = self.raw.len().checked_sub(offset).filter(|rest| *rest > 0) else {
            return;
        };
        #[cfg(unix)]
        {
            // SAFETY: the map is sealed, and these are whole pages behind its last record: nobody reads or writes them any
            // more. That pages over memory read as zero from now on changes nothing.
            let _ =
                unsafe { self.raw.unchecked_advise_range(memmap2::UncheckedAdvice::DontNeed, offset, rest) };
        }
        #[cfg(not(unix))]
        let _ = rest;
    }

    /// Lets go of the memory, and of the room on disk that a file keeps as long as it is mapped. Of a sealed map with every
    /// append ended, which nobody reads any more: what appends to it from now on finds it sealed and goes no further. `false`
    /// where the system refuses: then nobody knows what is mapped there now, so `self` must never be dropped.
    #[must_use]
    pub fn let_go(&self) -> bool {
        assert!(self.is_sealed());
        #[cfg(unix)]
        {
            let flags = libc::MAP_FIXED | libc::MAP_PRIVATE | libc::MAP_ANONYMOUS;
            // SAFETY: exactly the range of this map, which nobody reads or writes any more, becomes a range without memory;
            // it is unmapped as before. Where that fails the range may be unmapped already, and another thread's map may lie
            // there by now: the caller sees to it that it is not unmapped a second time.
            let range = unsafe {
                libc::mmap(self.raw.as_mut_ptr().cast(), self.raw.len(), libc::PROT_NONE, flags, -1, 0)
            };
            range != libc::MAP_FAILED
        }
        #[cfg(not(unix))]
        true
    }

    fn is_sealed(&self) -> bool {
        self.cursor.load(Ordering::Acquire) & SEALED != 0
    }

    /// Bytes handed out to records.
    pub fn used(&self) -> usize {
        (self.cursor.load(Ordering::Acquire) & !SEALED) as usize
    }

    /// All its bytes, read by the system as those of a file are: also where a thread may still be writing. Of a map over a
    /// file, the file itself gives the same.
    pub fn read_by_system(&self) -> io::Result<Vec<u8>> {
        #[cfg(target_os = "linux")]
        {
            let mut bytes = vec![0; self.raw.len()];
            let memory = File::open("/proc/self/mem")?;
            std::os::unix::fs::FileExt::read_exact_at(&memory, &mut bytes, self.raw.as_ptr() as u64)?;
            Ok(bytes)
        }
        #[cfg(not(target_os = "linux"))]
        Err(io::ErrorKind::Unsupported.into())
    }

    /// What a thread does that dies in the middle of an append. Where its record would have been.
    #[cfg(test)]
    pub fn reserve_only(&self, event: usize) -> usize {
        HEADER_BYTES + self.cursor.fetch_add(record_bytes(event) as u64, Ordering::Relaxed) as usize
    }

    /// What such a thread does when it was only late.
    #[cfg(test)]
    pub fn store_late(&self, event: &[u8], offset: usize) {
        // SAFETY: `reserve_only` gave the range.
        unsafe {
            self.raw
                .as_mut_ptr()
                .add(offset + RECORD_HEAD)
                .copy_from_nonoverlapping(event.as_ptr(), event.len());
        }
        self.word(offset).store(self.check.record_head(event, offset).to_le(), Ordering::Release);
    }

    /// The records stored so far, in order, up to the first that its thread is still writing.
    pub fn records(&self) -> Records<'_> {
        self.records_from(HEADER_BYTES)
    }

    /// The same from a place on at which a record stands, or the end.
    pub fn records_from(&self, offset: usize) -> Records<'_> {
        Records { map: self, offset, end: HEADER_BYTES + self.used() }
    }

    /// Takes away the record that stands there: a gap is left. Nobody may be reading it.
    pub fn erase(&self, offset: usize) {
        self.word(offset).store(0, Ordering::Release);
    }

    fn word(&self, offset: usize) -> &AtomicU64 {
        assert!(offset.is_multiple_of(8) && offset + 8 <= self.raw.len());
        // SAFETY: inside the map, aligned (the map begins at a page), and after the map is shared these
        // words are only ever reached as atomics.
        unsafe { AtomicU64::from_ptr(self.raw.as_mut_ptr().add(offset).cast()) }
    }
}

/// A map smaller than its header would be written over its end.
fn large_enough(capacity: usize) -> io::Result<()> {
    if capacity > HEADER_BYTES { Ok(()) } else { Err(io::ErrorKind::InvalidInput.into()) }
}

/// Takes the faults of all pages at once, where the system can; `false` where it can't. An error says that a store to them
/// would end the process: the file system gave the file its size, but has no room, or no file any more, behind it.
fn populate(map: &MmapMut) -> io::Result<bool> {
    #[cfg(target_os = "linux")]
    return match map.advise(memmap2::Advice::PopulateWrite) {
        Ok(()) => Ok(true),
        Err(error) => match error.raw_os_error() {
            Some(libc::EFAULT | libc::EHWPOISON | libc::ENOMEM) => Err(error),
            _ => Ok(false),
        },
    };
    #[cfg(not(target_os = "linux"))]
    {
        let _ = map;
        Ok(false)
    }
}

/// See [`Map::records`].
pub(super) struct Records<'a> {
    map: &'a Map,
    offset: usize,
    end: usize,
}

impl Records<'_> {
    /// Where the next one stands, or would.
    pub fn offset(&self) -> usize {
        self.offset
    }

    /// Whether every record up to the end was seen.
    pub fn is_complete(&self) -> bool {
        self.offset == self.end
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        if self.offset >= self.end {
            return None;
        }
        let head = u64::from_le(self.map.word(self.offset).load(Ordering::Acquire));
        if head == 0 {
            return None;
        }
        let length = head as u32 as usize;
        // SAFETY: the head is not zero, so its writer is done and the bytes never change again
        // (invariant 2); the head was stored by `append`, which checked that the range is inside the map.
        let event =
            unsafe { slice::from_raw_parts(self.map.raw.as_ptr().add(self.offset + RECORD_HEAD), length) };
        self.offset += record_bytes(length);
        Some(event)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let mut records = map.records();
        assert_eq!(records.by_ref().count(), 3);
        assert!(records.is_complete());
    }

    #[test]
    fn is_never_smaller_than_its_header() {
        for capacity in [0, 1, PAGE, HEADER_BYTES] {
            assert!(Map::anonymous(capacity).is_err());
            let file = tempfile::tempfile().unwrap();
            file.set_len(4 * PAGE as u64).unwrap();
            assert!(Map::over(&file, capacity).is_err());
        }
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
        map.release_from(HEADER_BYTES + map.used());
        let left: Vec<_> = map.records().map(|event| str::from_utf8(event).unwrap().to_owned()).collect();
        assert_eq!(left, events);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_file_without_room_behind_it_is_an_error_and_no_fault() {
        let file = tempfile::tempfile().unwrap();
        file.set_len(PAGE as u64).unwrap();
        assert!(Map::over(&file, 4 * PAGE).is_err());
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
