//! Sets events aside as the batches that they will be stored as, in a file that has no name and is gone with the process.

use std::fs::File;
use std::io::{BufWriter, Read, Seek, SeekFrom, Write};

use super::ImportError;
use crate::batch::{self, CheckedBatch, Version};

/// A batch is closed when it has so many bytes: large enough that a long session has few, small enough that a page gets it in pieces.
const BATCH_BYTES: usize = 1_000_000;

const BEGIN: &str = r#"{"version":1,"events":["#;
const END: &str = "]}";

/// A batch that was set aside.
#[derive(Debug)]
pub(crate) struct SpooledBatch {
    pub(crate) checked: CheckedBatch,
    offset: u64,
    bytes: usize,
}

/// All batches of a file.
#[derive(Debug)]
pub(crate) struct Spool {
    pub(crate) batches: Vec<SpooledBatch>,
    pub(crate) events: u64,
    /// Of the events' texts, in their order.
    pub(super) hash: u64,
    file: File,
}

impl Spool {
    /// The body of one of its batches.
    pub(crate) fn read(&mut self, batch: &SpooledBatch) -> std::io::Result<Vec<u8>> {
        let mut body = vec![0; batch.bytes];
        self.file.seek(SeekFrom::Start(batch.offset))?;
        self.file.read_exact(&mut body)?;
        Ok(body)
    }
}

/// Takes events, and makes batches of them.
#[derive(Debug)]
pub(super) struct Spooler {
    max_body_bytes: usize,
    file: BufWriter<File>,
    written: u64,
    batches: Vec<SpooledBatch>,
    events: u64,
    hash: Fnv,
    body: Vec<u8>,
    /// The line of the newest event.
    line: u64,
}

impl Spooler {
    pub(super) fn new(max_body_bytes: usize) -> Result<Self, ImportError> {
        Ok(Self {
            max_body_bytes,
            file: BufWriter::new(tempfile::tempfile().map_err(failed)?),
            written: 0,
            batches: Vec::new(),
            events: 0,
            hash: Fnv::default(),
            body: Vec::new(),
            line: 0,
        })
    }

    /// Adds an event that was checked.
    pub(super) fn add(&mut self, line: u64, event: &str) -> Result<(), ImportError> {
        let token = serde_json::to_vec(event).map_err(|error| ImportError::Spool(error.to_string()))?;
        let alone = BEGIN.len() + token.len() + END.len();
        if alone > self.max_body_bytes {
            let problem = format!(
                "the event is too large: stored it has {alone} bytes; {} are allowed",
                self.max_body_bytes
            );
            return Err(ImportError::line(line, problem));
        }
        if !self.body.is_empty()
            && self.body.len() + 1 + token.len() + END.len() > BATCH_BYTES.min(self.max_body_bytes)
        {
            self.close()?;
        }
        self.body.extend_from_slice(if self.body.is_empty() { BEGIN.as_bytes() } else { b"," });
        self.body.extend_from_slice(&token);
        self.hash.add(event.as_bytes());
        self.hash.add(b"\n");
        self.events += 1;
        self.line = line;
        Ok(())
    }

    pub(super) fn finish(mut self) -> Result<Spool, ImportError> {
        self.close()?;
        if self.events == 0 {
            return Err(ImportError::File("there are no events in it".to_owned()));
        }
        let file = self.file.into_inner().map_err(|error| failed(error.into_error()))?;
        Ok(Spool { batches: self.batches, events: self.events, hash: self.hash.0, file })
    }

    fn close(&mut self) -> Result<(), ImportError> {
        if self.body.is_empty() {
            return Ok(());
        }
        self.body.extend_from_slice(END.as_bytes());
        // Each event was checked already; this is what counts them, as it does for what an SDK sends.
        let checked = batch::check(&self.body, Version::Batch, true)
            .map_err(|problem| ImportError::line(self.line, problem))?;
        self.file.write_all(&self.body).map_err(failed)?;
        self.batches.push(SpooledBatch { checked, offset: self.written, bytes: self.body.len() });
        self.written += self.body.len() as u64;
        self.body.clear();
        Ok(())
    }
}

fn failed(error: std::io::Error) -> ImportError {
    ImportError::Spool(error.to_string())
}

/// FNV-1a. It has to be the same in every version, and need not withstand an enemy: whoever imports could as well delete.
#[derive(Debug)]
struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Fnv {
    fn add(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_set_aside_in_batches_of_a_bounded_size() {
        let mut spooler = Spooler::new(20_000_000).unwrap();
        let event =
            |n: usize, size: usize| format!(r#"{{"type":5,"timestamp":{n},"data":"{}"}}"#, "x".repeat(size));
        let sizes = [10, 600_000, 600_000, 3_000_000, 10, 10];
        for (n, size) in sizes.into_iter().enumerate() {
            spooler.add(n as u64, &event(n, size)).unwrap();
        }
        let mut spool = spooler.finish().unwrap();
        let batches = std::mem::take(&mut spool.batches);
        let counts: Vec<_> = batches.iter().map(|batch| batch.checked.stats.events).collect();
        assert_eq!((counts.as_slice(), spool.events), ([2, 1, 1, 2].as_slice(), 6));
        let mut n = 0;
        for batch in &batches {
            let body = spool.read(batch).unwrap();
            for token in batch::event_tokens(&body).unwrap() {
                assert_eq!(batch::event_string(token).unwrap(), event(n, sizes[n]));
                n += 1;
            }
        }
        assert_eq!(n, 6);
    }

    #[test]
    fn the_hash_is_that_of_every_version() {
        let mut hash = Fnv::default();
        hash.add(b"foobar");
        assert_eq!(hash.0, 0x8594_4171_f739_67e8);
    }
}
