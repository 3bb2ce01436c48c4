//! What a host accepted: a mapped file, which outlives it, written as `tests/c/torture.c` says.

use std::fs::File;
use std::path::{Path, PathBuf};

const THREADS: u32 = 4;
const EVENTS: u32 = 8_192;
const ENTRY: usize = 8;

/// One event, by the run of the host, the thread, and its number there.
pub type Event = (u32, u32, u32);

/// What the host was told of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// It died, or was frozen, while it recorded: it may be there or not.
    Nothing,
    /// Accepted, and the promise that it survives the process.
    Stored,
    /// Accepted, and perhaps in memory only: `SR_NEEDS_FULL_SNAPSHOT` stands before `SR_NOT_STORED`.
    NeedsSnapshot,
    /// Accepted, in memory only.
    NotStored,
    /// Not accepted.
    Refused,
}

/// What one entry says.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    pub event: Event,
    pub told: Told,
    /// The first and the last session of the run that it may be of.
    pub sessions: (u32, u32),
}

/// The account of a run.
pub struct Account {
    run: u32,
    path: PathBuf,
}

impl Account {
    /// An empty one.
    pub fn create(folder: &Path, run: u32) -> Self {
        let path = folder.join(format!("account-{run}"));
        let file = File::create(&path).unwrap();
        file.set_len(u64::from(THREADS * EVENTS) * ENTRY as u64).unwrap();
        Self { run, path }
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Every event that was offered until now.
    pub fn read(&self) -> Vec<Entry> {
        let bytes = std::fs::read(&self.path).unwrap();
        let entries = bytes.chunks_exact(ENTRY).enumerate().filter(|(_, entry)| entry[0] != 0);
        let read = entries.map(|(at, entry)| {
            let (thread, number) = (at as u32 / EVENTS, at as u32 % EVENTS);
            let session = |at: usize| u32::from(u16::from_le_bytes([entry[at], entry[at + 1]]));
            let told = match entry[0] {
                1 => Told::Nothing,
                10 => Told::Stored,
                11 => Told::NeedsSnapshot,
                13 => Told::NotStored,
                _ => Told::Refused,
            };
            Entry { event: (self.run, thread, number), told, sessions: (session(4), session(6)) }
        });
        read.collect()
    }
}

/// The text of an event, as the host makes it of its numbers and of how long its padding is.
pub fn text_of((run, thread, number): Event, padding: usize) -> String {
    let mut state = run.wrapping_mul(1_000_003).wrapping_add(thread.wrapping_mul(7_919)).wrapping_add(number);
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state
    };
    next();
    let padding: String = (0..padding).map(|_| char::from(b'a' + ((next() >> 16) % 26) as u8)).collect();
    format!(
        r#"{{"type":5,"timestamp":1732300000000,"data":{{"run":{run},"thread":{thread},"number":{number},"padding":"{padding}"}}}}"#
    )
}
