//! What a run's page says, and where.
//!
//! | bytes | what, in words of 8 bytes, little-endian |
//! | --- | --- |
//! | 0..8 | [`MAGIC`] |
//! | 8..40 | the [`Process`]: its number, its beginning, name space, boot |
//! | 40..56 | the [`FileId`] of the file itself: a copy of it says nothing of the copy's run |
//! | 56..64 | a check over these |
//! | 64..72 | how far the wall clock is ahead: see [`ClockStamp`] |
//! | 72..80 | when it crashed, in milliseconds since 1970; 0: it did not |
//! | 80..88 | what `sr_mark_crash` was told |
//! | 88..96 | not 0: the process, which may live on, has closed the run |
//! | 96..104 | not 0: its host has ended the recording, so what is held is not to be sent |

use std::sync::atomic::AtomicU64;

use rapidhash::v3::rapidhash_v3;

use super::super::clock::ClockStamp;
use super::super::fs::FileId;
use super::super::process::Process;

/// Size of the file.
pub(in super::super) const PAGE_BYTES: usize = 4_096;
const MAGIC: [u8; 8] = *b"SRLOCK01";
const CHECK_AT: usize = 56;
pub(super) const AHEAD_AT: usize = 64;
pub(in super::super) const CRASHED_AT: usize = 72;
pub(super) const CODE_AT: usize = 80;
pub(super) const CLOSED_AT: usize = 88;
pub(super) const ENDED_AT: usize = 96;

/// What a page says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) struct PageContent {
    pub process: Process,
    /// The file that it was written for.
    pub file: FileId,
    pub clock: ClockStamp,
    pub crash: Option<Crash>,
    /// Its process has closed it.
    pub is_closed: bool,
    /// Its host has ended the recording.
    pub is_ended: bool,
}

/// That a run crashed, as its host's crash handler told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Crash {
    /// Milliseconds since 1970.
    pub at_ms: u64,
    /// A signal's number, or whatever the handler told.
    pub code: i32,
}

impl PageContent {
    /// What a file's bytes say; `None` for those of an earlier version, which say nothing.
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let word = |at: usize| Some(u64::from_le_bytes(bytes.get(at..at + 8)?.try_into().ok()?));
        if !bytes.starts_with(&MAGIC) || word(CHECK_AT)? != rapidhash_v3(&bytes[..CHECK_AT]) {
            return None;
        }
        let process = Process { number: word(8)?, began: word(16)?, namespace: word(24)?, boot: word(32)? };
        let crash = match word(CRASHED_AT)? {
            0 => None,
            at_ms => Some(Crash { at_ms, code: word(CODE_AT)? as i32 }),
        };
        Some(Self {
            process,
            file: FileId { device: word(40)?, number: word(48)? },
            clock: ClockStamp { boot: process.boot, ahead: word(AHEAD_AT)? as i64 },
            crash,
            is_closed: word(CLOSED_AT)? != 0,
            is_ended: word(ENDED_AT)? != 0,
        })
    }
}

/// The first bytes of a new page; the rest is zeros.
pub(in super::super) fn head(process: Process, file: FileId, clock: Option<ClockStamp>) -> Vec<u8> {
    let mut bytes = MAGIC.to_vec();
    for word in [process.number, process.began, process.namespace, process.boot, file.device, file.number] {
        bytes.extend_from_slice(&word.to_le_bytes());
    }
    bytes.extend_from_slice(&rapidhash_v3(&bytes).to_le_bytes());
    bytes.extend_from_slice(&clock.map_or(0, |clock| clock.ahead).to_le_bytes());
    bytes
}

/// A word of a page.
///
/// # Safety
/// `page` is a map of [`PAGE_BYTES`] that stays as long as the word is used.
pub(super) unsafe fn word<'a>(page: *mut u8, at: usize) -> &'a AtomicU64 {
    debug_assert!(at.is_multiple_of(8) && at + 8 <= PAGE_BYTES);
    // SAFETY: inside the map, which begins at a page, so the word is aligned; these words are reached as atomics only. The
    // file is allocated to its whole length, and private to this user, so a store finds memory behind it.
    unsafe { AtomicU64::from_ptr(page.add(at).cast()) }
}
