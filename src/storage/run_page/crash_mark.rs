//! The mark that a crash handler leaves in the page of its run.

use std::sync::atomic::{AtomicI64, AtomicPtr, AtomicU32, Ordering};
use std::time::{Duration, Instant, SystemTime};

use super::layout::{CODE_AT, CRASHED_AT, word};
use crate::model::ids::unix_millis;

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
        // here. Both are SeqCst with the count above, so either it sees this thread, or this thread sees another. A child that
        // `fork` made without telling us has another process number, and goes no further.
        let (code_word, crashed_word) = unsafe { (word(page, CODE_AT), word(page, CRASHED_AT)) };
        code_word.store(u64::from(code as u32).to_le(), Ordering::Relaxed);
        crashed_word.store(at_ms.to_le(), Ordering::Release);
    }
    MARKING.fetch_sub(1, Ordering::SeqCst);
    has_page
}

/// Makes this the page that [`mark_crash`] writes to, until [`take_from_marks`].
pub(super) fn give_to_marks(page: *mut u8) {
    MARKED_BY.store(i64::from(std::process::id()), Ordering::Relaxed);
    MARKED.store(page, Ordering::SeqCst);
}

/// Takes this page from [`mark_crash`], if it is the one. `false` where a thread is still in the middle of its mark.
pub(super) fn take_from_marks(page: *mut u8) -> bool {
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
