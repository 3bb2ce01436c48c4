//! Errors that say "later" and not "damaged": the system has no room for the moment, or somebody else uses the file. On Windows
//! that is daily bread: virus scanners, indexers and backups open what was written a moment ago.

use std::cell::Cell;
use std::io;
use std::time::{Duration, Instant};

/// How long is waited between attempts, in milliseconds: a scanner takes some, and no caller may wait for long.
const PAUSES_MS: [u64; 5] = [1, 2, 4, 8, 16];

/// Whether this is the fault of the moment, not of the file.
pub(in super::super) fn may_pass(error: &io::Error) -> bool {
    #[cfg(unix)]
    const PASSING: [i32; 5] = [libc::EMFILE, libc::ENFILE, libc::ENOMEM, libc::EINTR, libc::EAGAIN];
    // ERROR_TOO_MANY_OPEN_FILES
    #[cfg(windows)]
    const PASSING: [i32; 1] = [4];
    #[cfg(not(any(unix, windows)))]
    const PASSING: [i32; 0] = [];
    let is_passing = |number| PASSING.contains(&number);
    is_in_use(error)
        || error.raw_os_error().is_some_and(is_passing)
        || matches!(error.kind(), io::ErrorKind::OutOfMemory | io::ErrorKind::Interrupted)
}

/// Whether somebody uses the file in a way that excludes this use.
pub(in super::super) fn is_in_use(error: &io::Error) -> bool {
    #[cfg(unix)]
    const IN_USE: [i32; 2] = [libc::EBUSY, libc::ETXTBSY];
    // ERROR_ACCESS_DENIED, which a scanner causes as well as a lack of rights; ERROR_SHARING_VIOLATION, ERROR_LOCK_VIOLATION,
    // ERROR_DELETE_PENDING, ERROR_USER_MAPPED_FILE.
    #[cfg(windows)]
    const IN_USE: [i32; 5] = [5, 32, 33, 303, 1_224];
    #[cfg(not(any(unix, windows)))]
    const IN_USE: [i32; 0] = [];
    error.raw_os_error().is_some_and(|number| IN_USE.contains(&number))
}

/// Whether that may as well be a lack of rights, which stays: Windows gives one error for both.
pub(in super::super) fn may_be_forbidden(error: &io::Error) -> bool {
    cfg!(windows) && error.raw_os_error() == Some(5)
}

thread_local! {
    /// Until when this thread waits for others; `None` where it has all the time.
    static PATIENT_UNTIL: Cell<Option<Instant>> = const { Cell::new(None) };
}

/// Does something with a file, and again, for some hundredths of a second, where somebody else uses it; but not after the end of
/// this thread's patience.
pub(in super::super) fn patiently<T>(mut attempt: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    for pause in PAUSES_MS {
        let pause = Duration::from_millis(pause);
        match attempt() {
            Err(error) if is_in_use(&error) && may_wait(pause) => std::thread::sleep(pause),
            result => return result,
        }
    }
    attempt()
}

fn may_wait(pause: Duration) -> bool {
    PATIENT_UNTIL.get().is_none_or(|until| Instant::now() + pause <= until)
}

/// Has this thread wait for nobody after `until`, however many files `work` finds in use.
pub(in super::super) fn patient_until<T>(until: Instant, work: impl FnOnce() -> T) -> T {
    /// Also where `work` panics.
    struct Before(Option<Instant>);
    impl Drop for Before {
        fn drop(&mut self) {
            PATIENT_UNTIL.set(self.0);
        }
    }
    let until = PATIENT_UNTIL.get().map_or(until, |before| before.min(until));
    let _before = Before(PATIENT_UNTIL.replace(Some(until)));
    work()
}

/// Has `work` wait for nobody.
pub(in super::super) fn impatiently<T>(work: impl FnOnce() -> T) -> T {
    patient_until(Instant::now(), work)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    const BUSY: i32 = libc::EBUSY;
    #[cfg(windows)]
    const BUSY: i32 = 32;

    #[test]
    fn what_somebody_else_uses_is_tried_again_and_not_for_ever() {
        let busy = || io::Error::from_raw_os_error(BUSY);
        let mut attempts = 0;
        let mut fails = |times: u32, error: fn() -> io::Error| {
            attempts = 0;
            let result = patiently(|| {
                attempts += 1;
                if attempts <= times { Err(error()) } else { Ok(()) }
            });
            (result.is_ok(), attempts)
        };
        assert_eq!(fails(0, || io::Error::from_raw_os_error(BUSY)), (true, 1));
        assert_eq!(fails(3, || io::Error::from_raw_os_error(BUSY)), (true, 4));
        assert_eq!(fails(u32::MAX, || io::Error::from_raw_os_error(BUSY)), (false, 6));
        assert_eq!(fails(u32::MAX, || io::ErrorKind::NotFound.into()), (false, 1), "that does not pass");
        assert!(may_pass(&busy()) && !may_pass(&io::ErrorKind::NotFound.into()));
    }

    #[test]
    fn a_thread_that_has_no_time_left_waits_for_nobody() {
        let attempts = || {
            let mut attempts = 0;
            let _ = patiently(|| {
                attempts += 1;
                Err::<(), _>(io::Error::from_raw_os_error(BUSY))
            });
            attempts
        };
        let far = Instant::now() + Duration::from_secs(3_600);
        assert_eq!(patient_until(far, attempts), 6);
        assert_eq!(impatiently(attempts), 1);
        assert_eq!(impatiently(|| patient_until(far, attempts)), 1, "it gets no more time by asking");
        assert_eq!(attempts(), 6, "it has all the time again");
    }
}
