//! A file of events that is not mapped: one that an earlier run left behind, or a compacted one of this run.

use std::io::{self, Read, Seek, SeekFrom, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use super::clock::ClockStamp;
use super::fs::{self, Dir};
use super::header::Header;
use super::layout::{
    ALL_EVENTS, CLOCK_AT, DELIVERED_AT, HEADER_BYTES, HEADER_COPY, IN_FLIGHT_AT, PAGE, RECORD_HEAD,
    chunk_magic, clock_words, in_flight_words, record_bytes,
};
use super::quota::QuotaReservation;
use super::records::Records;
use super::run_dir::RunDir;
use crate::model::envelope::EventKind;
use crate::model::in_flight::InFlight;

/// Larger than any file that is ever made: what is larger is none of ours.
const MAX_FILE_BYTES: u64 = 16 << 20;

/// See the module.
pub(super) struct StoredFile {
    name: String,
    /// The run that it lies in.
    run: Arc<RunDir>,
    bytes: usize,
    delivered: AtomicU64,
    /// How many times it was in use by somebody else when it was to be read.
    times_in_use: AtomicU32,
    reservation: QuotaReservation,
}

impl StoredFile {
    /// The file of this name in `run`, of which so many bytes are on disk and so many first events were delivered.
    pub fn new(
        name: String,
        run: Arc<RunDir>,
        bytes: usize,
        delivered: u64,
        reservation: QuotaReservation,
    ) -> Self {
        Self {
            name,
            run,
            bytes,
            delivered: AtomicU64::new(delivered),
            times_in_use: AtomicU32::new(0),
            reservation,
        }
    }

    /// What it takes on disk.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Its records.
    pub fn records(&self) -> io::Result<Records> {
        Ok(Records::parse(read(&self.run.dir()?, &self.name)?))
    }

    /// Whether somebody took it away, or it can't be read and will not soon. That somebody else uses it passes; but not for
    /// ever: others wait behind it.
    pub fn is_lost(&self) -> bool {
        const MAX_TIMES_IN_USE: u32 = 20;
        match self.records() {
            Ok(_) => false,
            Err(error) if fs::is_in_use(&error) => {
                self.times_in_use.fetch_add(1, Ordering::Relaxed) >= MAX_TIMES_IN_USE
            }
            Err(error) => !fs::may_pass(&error),
        }
    }

    /// How many of its first events were delivered.
    pub fn delivered(&self) -> u64 {
        self.delivered.load(Ordering::Acquire)
    }

    /// Notes it, for a later run too. Where it can't be noted, a later run sends these events again.
    pub fn note_delivered(&self, events: u64) {
        self.delivered.store(events, Ordering::Release);
        let _ = self.run.dir().and_then(|dir| note_delivered(&dir, &self.name, events));
    }

    /// Notes for a later run what of it is in a request. Where that can't be noted, a later run may send these events in another.
    pub fn note_in_flight(&self, in_flight: &InFlight) {
        let words = |header: &Header| {
            let words = in_flight_words(&header.check, in_flight);
            header.has_room_for_in_flight.then(|| (IN_FLIGHT_AT, words.map(u64::to_le_bytes).concat()))
        };
        let _ = self.run.dir().and_then(|dir| write_into_header(&dir, &self.name, words));
    }

    /// Notes for a later run alone that nothing of it is to be delivered. `false` where that can neither be noted, nor the file
    /// removed.
    pub fn condemn(&self) -> bool {
        let noted = self.run.dir().and_then(|dir| note_delivered(&dir, &self.name, ALL_EVENTS));
        noted.is_ok() || self.run.remove_now(&self.name)
    }

    /// Counts it against the limits from now on.
    pub fn count(&self) {
        self.reservation.grow_to(self.bytes);
    }

    /// Counts it no longer, but leaves it where it is.
    pub fn abandon(&self) {
        self.reservation.shrink_to(0);
    }

    /// Removes it, which holds so many events. First they are noted as delivered, though that costs more system calls than the
    /// removal, on a thread of the host's where it is evicted: a file that is removed while a scanner has it open is there
    /// again if the power fails before that lets go, and by then it is too late to note anything in it.
    pub fn remove(&self, events: u64) {
        if self.delivered() < events {
            self.note_delivered(events);
        }
        self.run.remove(&self.name, self.reservation.take());
    }

    /// Lets it be sent by any process: it was held. Where that can't be noted, this process sends it all the same.
    pub fn release(&self, kind: EventKind) {
        let _ = self.run.dir().and_then(|dir| {
            let mut file = dir.open_file(&self.name)?;
            for copy in [0, HEADER_COPY] {
                file.seek(SeekFrom::Start(copy as u64))?;
                file.write_all(&chunk_magic(kind))?;
            }
            Ok(())
        });
    }

    /// Stores one event more behind the last.
    pub fn append(&mut self, event: &[u8]) -> io::Result<()> {
        let dir = self.run.dir()?;
        let bytes = read(&dir, &self.name)?;
        let header = Header::parse(&bytes).ok_or(io::ErrorKind::InvalidData)?;
        let length = bytes.len();
        let at = Records::parse(bytes).end.next_multiple_of(RECORD_HEAD);
        let mut record = header.check.record_head(event, at).to_le_bytes().to_vec();
        record.extend_from_slice(event);
        record.resize(record_bytes(event.len()), 0);
        let mut file = dir.open_file(&self.name)?;
        let end = (at + record.len()).next_multiple_of(PAGE);
        if end > length {
            file.set_len(end as u64)?;
        }
        file.seek(SeekFrom::Start(at as u64))?;
        file.write_all(&record)?;
        self.bytes = self.bytes.max(end);
        Ok(())
    }

    /// Moves it, which `origin` wrote, into the run `own`. Where that can't be done it stays where it is. `keeps_death`: that its run
    /// died may be what has it sent, by whatever run.
    pub fn move_to(&mut self, own: &Arc<RunDir>, origin: &str, keeps_death: bool) {
        if let Ok(name) = own.take_in(&self.run, &self.name, origin, keeps_death) {
            self.name = name;
            self.run = own.clone();
        }
    }
}

/// The bytes of a file.
pub(super) fn read(dir: &Dir, name: &str) -> io::Result<Vec<u8>> {
    dir.read(name, MAX_FILE_BYTES)
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
    let kept = end.next_multiple_of(PAGE);
    // Where the system can't, it costs room and nothing else.
    let _ = fs::give_back_behind(&file, kept as u64);
    if let (None, Some(clock)) = (header.clock, clock) {
        for copy in [0, HEADER_COPY] {
            file.seek(SeekFrom::Start((copy + CLOCK_AT) as u64))?;
            for word in clock_words(&header.check, clock) {
                file.write_all(&word.to_le_bytes())?;
            }
        }
    }
    file.set_modified(before.modified)?;
    Ok(usize::try_from(dir.facts(name)?.allocated).unwrap_or(usize::MAX))
}

/// Notes in a file how many of its first events were delivered.
pub(super) fn note_delivered(dir: &Dir, name: &str, events: u64) -> io::Result<()> {
    write_into_header(dir, name, |header| {
        Some((DELIVERED_AT, header.check.number(events).to_le_bytes().to_vec()))
    })
}

/// Writes into both copies of a file's header what `bytes` says, and where. A file without a header stays as it is; none grows
/// younger by that.
fn write_into_header(
    dir: &Dir,
    name: &str,
    bytes: impl FnOnce(&Header) -> Option<(usize, Vec<u8>)>,
) -> io::Result<()> {
    let mut file = dir.open_file(name)?;
    let modified = file.metadata()?.modified();
    let mut head = Vec::with_capacity(HEADER_BYTES + 1);
    (&mut file).take(HEADER_BYTES as u64).read_to_end(&mut head)?;
    let Some((at, bytes)) = Header::parse(&head).as_ref().and_then(bytes) else {
        return Ok(());
    };
    for copy in [0, HEADER_COPY] {
        file.seek(SeekFrom::Start((copy + at) as u64))?;
        file.write_all(&bytes)?;
    }
    modified.and_then(|modified| file.set_modified(modified))
}
