//! What is in one file that an earlier run left behind.

use std::io;
use std::sync::Arc;

use super::super::clock::ClockStamp;
use super::super::counts::Counts;
use super::super::file_names;
use super::super::fs::{self, Dir};
use super::super::header::{Header, is_later_version};
use super::super::layout::{HEADER_BYTES, HEADER_COPY, PAGE};
use super::super::quota::{Quota, QuotaReservation};
use super::super::records::Records;
use super::super::run_dir::RunDir;
use super::super::sealed::SealedChunk;
use super::super::stored_file::{self, StoredFile};

/// A file that was read.
pub(super) struct FoundFile {
    /// Its place among the chunks of the run that wrote it.
    pub number: u64,
    /// How many damaged places it has.
    pub damaged: u64,
    /// How the clocks stood when it was closed, if that is known.
    pub clock: Option<ClockStamp>,
    /// It is of a session that was held.
    pub is_held: bool,
    /// The number of the first chunk of its segment, if its recording was made of segments.
    pub segment: Option<u64>,
    pub content: Content,
}

/// What is in it.
pub(super) enum Content {
    Events(SealedChunk),
    /// Nothing that could be delivered.
    Nothing,
    /// Who made it knows.
    LaterVersion,
}

/// What would be lost with a file.
pub(super) struct Loss {
    /// How many events are in it, and how many of them were not delivered yet.
    pub events: u64,
    pub waiting: u64,
    /// How many damaged places it has.
    pub damaged: u64,
    /// A later version of this library wrote it.
    pub is_for_later: bool,
}

impl Loss {
    /// With a file that can't be read at all: an event or more.
    pub const UNKNOWN: Self = Self { events: 0, waiting: 0, damaged: 1, is_for_later: false };
}

impl FoundFile {
    /// Reads a file in the directory of `run`. Room that it does not need is given back: a process that was killed left a whole
    /// chunk, however little is in it. `clock` is how the clocks stood at the latest, where the file does not tell.
    pub fn read(
        name: &str,
        run: &Arc<RunDir>,
        clock: Option<ClockStamp>,
        quota: &Arc<Quota>,
    ) -> io::Result<Self> {
        let dir = run.dir()?;
        // Of what the run took in from others, its page knows nothing.
        let is_of_death = match file_names::origin_in(name) {
            None => run.is_of_death(),
            Some(_) => file_names::tells_of_death(name),
        };
        let modified = dir.facts(name)?.modified;
        let bytes = stored_file::read(&dir, name)?;
        let Some(header) = Header::parse(&bytes) else {
            return Ok(Self::without_header(name, &bytes));
        };
        let records = Records::parse(bytes);
        let bytes = match stored_file::trim_and_stamp(&dir, name, &header, records.end, clock) {
            Ok(bytes) => bytes,
            Err(_) => records.end.next_multiple_of(PAGE),
        };
        let reservation = QuotaReservation::of_existing(quota, 0);
        let stored = StoredFile::new(name.to_owned(), run.clone(), bytes, header.delivered, reservation);
        // Counted here, so that nobody who asks for numbers has to read the file.
        let counts = records.iter().collect::<Counts>();
        let is_left_by_death = is_of_death && !header.is_left;
        let mut sealed = SealedChunk::file(stored, header.envelope, modified, counts, is_left_by_death);
        sealed.set_in_flight(header.in_flight);
        Ok(Self {
            number: header.number,
            damaged: records.damaged,
            clock: header.clock.or(clock),
            is_held: header.is_held,
            segment: header.segment,
            content: Content::Events(sealed),
        })
    }

    /// What would be lost with a file: it is read and nothing else.
    pub fn loss(dir: &Dir, name: &str) -> io::Result<Loss> {
        let bytes = stored_file::read(dir, name)?;
        let Some(header) = Header::parse(&bytes) else {
            let Self { content, damaged, .. } = Self::without_header(name, &bytes);
            let is_for_later = matches!(content, Content::LaterVersion);
            return Ok(Loss { events: 0, waiting: 0, damaged, is_for_later });
        };
        let records = Records::parse(bytes);
        let events = records.iter().len() as u64;
        let waiting = events.saturating_sub(header.delivered);
        let damaged = records.damaged;
        Ok(Loss { events, waiting, damaged, is_for_later: false })
    }

    /// Whether a later version of this library wrote a file, as far as its first bytes can be read now.
    pub fn is_for_later(dir: &Dir, name: &str) -> bool {
        fs::impatiently(|| dir.read(name, HEADER_COPY as u64)).is_ok_and(|bytes| is_later_version(&bytes))
    }

    /// Its place among the chunks of the run that wrote it, where that can be read.
    pub fn number(dir: &Dir, name: &str) -> Option<u64> {
        let head = dir.read(name, HEADER_BYTES as u64).ok()?;
        Some(Header::parse(&head)?.number)
    }

    fn without_header(name: &str, bytes: &[u8]) -> Self {
        let was_used = bytes.iter().any(|byte| *byte != 0) || file_names::compacted_numbers(name).is_some();
        let (content, damaged) = match is_later_version(bytes) {
            true => (Content::LaterVersion, 0),
            false => (Content::Nothing, u64::from(was_used)),
        };
        Self { number: 0, damaged, clock: None, is_held: false, segment: None, content }
    }
}
