//! What is in one file that an earlier run left behind.

use std::io;
use std::sync::Arc;

use super::super::clock::ClockStamp;
use super::super::counts::Counts;
use super::super::file_names;
use super::super::header::{Header, is_later_version};
use super::super::layout::PAGE;
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
        Ok(Self {
            number: header.number,
            damaged: records.damaged,
            clock: header.clock.or(clock),
            content: Content::Events(SealedChunk::file(stored, header.envelope, modified, counts)),
        })
    }

    fn without_header(name: &str, bytes: &[u8]) -> Self {
        let was_used = bytes.iter().any(|byte| *byte != 0) || file_names::compacted_numbers(name).is_some();
        let (content, damaged) = match is_later_version(bytes) {
            true => (Content::LaterVersion, 0),
            false => (Content::Nothing, u64::from(was_used)),
        };
        Self { number: 0, damaged, clock: None, content }
    }
}
