//! The page of a run's lock file, mapped as long as the run goes on.
//!
//! It says what a later process has to know of the run: whose it is, how its clocks stood, whether it crashed. And on
//! Linux the map keeps the lock of the file it was made over, whatever becomes of the descriptor (but for file systems
//! that lie over others, as in containers: then [`super::owner`] tells).
//!
//! | bytes | what, in words of 8 bytes, little-endian |
//! | --- | --- |
//! | 0..8 | [`MAGIC`] |
//! | 8..40 | the [`Owner`]: process, its beginning, name space, boot |
//! | 40..56 | the [`Identity`] of the file itself: a copy of it says nothing of the copy's run |
//! | 56..64 | a check over these |
//! | 64..72 | how far the wall clock is ahead: see [`ClockStamp`] |
//! | 72..80 | when it crashed, in milliseconds since 1970; 0: it did not |
//! | 80..88 | what `sr_mark_crash` was told |
//! | 88..96 | not 0: the process, which may live on, has let go of the run |

use std::fs::File;
use std::io;
use std::sync::atomic::{AtomicI64, AtomicPtr, AtomicU32, AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime};

use memmap2::{MmapOptions, MmapRaw};
use rapidhash::v3::rapidhash_v3;

use super::age::ClockStamp;
use super::fs::Identity;
use super::owner::Owner;
use crate::model::ids::unix_millis;

/// Size of the file.
pub(super) const PAGE_BYTES: usize = 4_096;
const MAGIC: [u8; 8] = *b"SRLOCK01";
const CHECK_AT: usize = 56;
const AHEAD_AT: usize = 64;
pub(super) const CRASHED_AT: usize = 72;
const CODE_AT: usize = 80;
const LET_GO_AT: usize = 88;

/// What a page says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Told {
    pub owner: Owner,
    /// The file that it was written for.
    pub file: Identity,
    pub clock: ClockStamp,
    pub crash: Option<Crash>,
    /// Its process has let go of it.
    pub is_let_go: bool,
}

/// That a run crashed, as its host's crash handler told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Crash {
    /// Milliseconds since 1970.
    pub at_ms: u64,
    /// A signal's number, or whatever the handler told.
    pub code: i32,
}

impl Told {
    /// What a file's bytes say; `None` for those of an earlier version, which say nothing.
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let word = |at: usize| Some(u64::from_le_bytes(bytes.get(at..at + 8)?.try_into().ok()?));
        if !bytes.starts_with(&MAGIC) || word(CHECK_AT)? != rapidhash_v3(&bytes[..CHECK_AT]) {
            return None;
        }
        let owner = Owner { process: word(8)?, began: word(16)?, namespace: word(24)?, boot: word(32)? };
        let crash = match word(CRASHED_AT)? {
            0 => None,
            at_ms => Some(Crash { at_ms, code: word(CODE_AT)? as i32 }),
        };
        Some(Self {
            owner,
            file: Identity { device: word(40)?, number: word(48)? },
            clock: ClockStamp { boot: owner.boot, ahead: word(AHEAD_AT)? as i64 },
            crash,
            is_let_go: word(LET_GO_AT)? != 0,
        })
    }
}

/// The first bytes of a new page; the rest is zeros.
pub(super) fn head(owner: Owner, file: Identity, clock: Option<ClockStamp>) -> Vec<u8> {
    let mut bytes = MAGIC.to_vec();
    for word in [owner.process, owner.began, owner.namespace, owner.boot, file.device, file.number] {
        bytes.extend_from_slice(&word.to_le_bytes());
    }
    bytes.extend_from_slice(&rapidhash_v3(&bytes).to_le_bytes());
    bytes.extend_from_slice(&clock.map_or(0, |clock| clock.ahead).to_le_bytes());
    bytes
}

/// See the module.
pub(super) struct RunPage(Option<MmapRaw>);

impl RunPage {
    /// Maps the page of this file, which is that long and allocated.
    pub fn over(file: &File) -> io::Result<Self> {
        let raw = MmapOptions::new().len(PAGE_BYTES).map_raw(file)?;
        // A child made by `fork` would keep the lock after its parent died.
        #[cfg(target_os = "linux")]
        raw.advise(memmap2::Advice::DontFork)?;
        Ok(Self(Some(raw)))
    }

    /// Notes how the clocks stand now.
    pub fn stamp(&self, clock: ClockStamp) {
        if let Some(raw) = &self.0 {
            // SAFETY: see `word`; `raw` is borrowed from `self` meanwhile.
            unsafe { word(raw.as_mut_ptr(), AHEAD_AT) }.store(clock.ahead as u64, Ordering::Relaxed);
        }
    }

    /// Notes that this process goes on without the run.
    pub fn let_go(&self) {
        if let Some(raw) = &self.0 {
            // SAFETY: as in `stamp`.
            unsafe { word(raw.as_mut_ptr(), LET_GO_AT) }.store(1, Ordering::Release);
        }
    }

    /// Makes this the page that [`mark_crash`] writes to.
    pub fn take_marks(&self) {
        if let Some(raw) = &self.0 {
            MARKED_BY.store(i64::from(std::process::id()), Ordering::Relaxed);
            MARKED.store(raw.as_mut_ptr(), Ordering::SeqCst);
        }
    }
}

impl Drop for RunPage {
    fn drop(&mut self) {
        let Some(raw) = self.0.take() else { return };
        if !no_more_marks(raw.as_mut_ptr()) {
            // A thread stands in the middle of its mark: the page stays.
            std::mem::forget(raw);
        }
    }
}

/// A word of a page.
///
/// # Safety
/// `page` is a map of [`PAGE_BYTES`] that stays as long as the word is used.
unsafe fn word<'a>(page: *mut u8, at: usize) -> &'a AtomicU64 {
    debug_assert!(at.is_multiple_of(8) && at + 8 <= PAGE_BYTES);
    // SAFETY: inside the map, which begins at a page, so the word is aligned; these words are reached as atomics only. The
    // file is allocated to its whole length, and private to this user, so a store finds memory behind it.
    unsafe { AtomicU64::from_ptr(page.add(at).cast()) }
}

/// The page that marks go to; null: nowhere.
static MARKED: AtomicPtr<u8> = AtomicPtr::new(std::ptr::null_mut());
/// The process that set it: a child of `fork` does not have the page.
static MARKED_BY: AtomicI64 = AtomicI64::new(0);
/// How many threads are in [`mark_crash`].
static MARKING: AtomicU32 = AtomicU32::new(0);

/// Notes in the run's page that the process crashes. May be called from a signal handler: it takes no lock, allocates
/// nothing, and makes no system call but to ask for the time and the process. `false` where no run has a page.
pub(crate) fn mark_crash(code: i32) -> bool {
    MARKING.fetch_add(1, Ordering::SeqCst);
    let page = MARKED.load(Ordering::SeqCst);
    let has_page = !page.is_null() && MARKED_BY.load(Ordering::Relaxed) == i64::from(std::process::id());
    if has_page {
        let at_ms = unix_millis(SystemTime::now()).max(1);
        // SAFETY: whoever takes the page away sees to it first that MARKED is not this page, and waits then until nobody is in
        // here. Both are SeqCst with the count above, so either it sees this thread, or this thread sees another. A child that `fork` made
        // without telling us has another process number, and goes no further.
        let (code_word, crashed_word) = unsafe { (word(page, CODE_AT), word(page, CRASHED_AT)) };
        code_word.store(u64::from(code as u32).to_le(), Ordering::Relaxed);
        crashed_word.store(at_ms.to_le(), Ordering::Release);
    }
    MARKING.fetch_sub(1, Ordering::SeqCst);
    has_page
}

/// Takes this page from [`mark_crash`], if it is the one. `false` where a thread is still in the middle of its mark.
fn no_more_marks(page: *mut u8) -> bool {
    const PATIENCE: Duration = Duration::from_millis(100);
    // Where it is another by now, a thread may have loaded this one before.
    let _ = MARKED.compare_exchange(page, std::ptr::null_mut(), Ordering::SeqCst, Ordering::SeqCst);
    let until = Instant::now() + PATIENCE;
    while MARKING.load(Ordering::SeqCst) != 0 {
        if Instant::now() > until {
            return false;
        }
        std::thread::yield_now();
    }
    true
}

/// For the child of a fork, which does not have the page: a single store.
#[cfg(unix)]
pub(crate) fn leave_page_behind() {
    MARKED.store(std::ptr::null_mut(), Ordering::SeqCst);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(file: &File) -> Option<Told> {
        let mut bytes = vec![0; PAGE_BYTES];
        std::os::unix::fs::FileExt::read_exact_at(file, &mut bytes, 0).unwrap();
        Told::parse(&bytes)
    }

    #[test]
    fn tells_whose_it_is_how_the_clocks_stand_and_that_it_crashed() {
        let file = tempfile::tempfile().unwrap();
        let owner = Owner { process: 1, began: 2, namespace: 3, boot: 4 };
        let identity = Identity { device: 5, number: 6 };
        file.set_len(PAGE_BYTES as u64).unwrap();
        assert_eq!(told(&file), None, "an earlier version's says nothing");
        let clock = ClockStamp { boot: 4, ahead: -7 };
        std::os::unix::fs::FileExt::write_all_at(&file, &head(owner, identity, Some(clock)), 0).unwrap();
        let expected = Told { owner, file: identity, clock, crash: None, is_let_go: false };
        assert_eq!(told(&file), Some(expected));

        let page = RunPage::over(&file).unwrap();
        page.stamp(ClockStamp { boot: 4, ahead: 8 });
        page.take_marks();
        assert!(mark_crash(-11));
        let found = told(&file).unwrap();
        assert_eq!(found.clock.ahead, 8);
        let crash = found.crash.unwrap();
        assert_eq!(crash.code, -11);
        assert!(!found.is_let_go);
        page.let_go();
        assert!(told(&file).unwrap().is_let_go);
        assert!(crash.at_ms.abs_diff(unix_millis(SystemTime::now())) < 60_000);

        for at in 0..64 {
            let mut bytes = head(owner, identity, Some(clock));
            bytes.resize(PAGE_BYTES, 0);
            bytes[at] ^= 1;
            assert_eq!(Told::parse(&bytes), None, "byte {at}");
        }
    }
}
