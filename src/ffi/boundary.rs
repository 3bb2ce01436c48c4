//! Where Rust ends: no panic crosses, and every failure leaves a sentence behind.

use std::cell::RefCell;
use std::ffi::{CStr, CString, c_char};
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::status::sr_status;
use crate::cancellation;
use crate::error::{Error, panic_message};
use crate::redact::redact;
use crate::session::fast_path;
use crate::views::NOT_NOW_MS;

/// What a function returns when its call failed.
pub(super) trait CallResult {
    /// The value for this failure.
    fn failed(error: &Error) -> Self;
}

impl CallResult for sr_status {
    fn failed(error: &Error) -> Self {
        error.into()
    }
}

impl CallResult for u32 {
    /// For `sr_view_next_frame_ms`: whoever asks on and on in a loop must not keep a processor busy.
    fn failed(_: &Error) -> Self {
        NOT_NOW_MS
    }
}

impl CallResult for i64 {
    fn failed(_: &Error) -> Self {
        -1
    }
}

impl CallResult for bool {
    fn failed(_: &Error) -> Self {
        false
    }
}

impl CallResult for *mut c_char {
    fn failed(_: &Error) -> Self {
        std::ptr::null_mut()
    }
}

impl CallResult for () {
    fn failed(_: &Error) {}
}

/// Runs the body of one exported function. Every one of them is in it but `sr_version`, `sr_start_count`,
/// `sr_last_error`, `sr_mark_crash` and the fast path of `sr_record`: those reach no cancellation point.
pub(super) fn guard<T: CallResult>(body: impl FnOnce() -> Result<T, Error>) -> T {
    let _held_off = cancellation::hold_off();
    let result = catch_unwind(AssertUnwindSafe(body)).unwrap_or_else(|panic| {
        Err(Error::Internal(format!(
            "session-replay failed inside ({}): please report this; recording goes on",
            panic_message(&*panic)
        )))
    });
    match result {
        Ok(answer) => {
            set_last_error(None);
            answer
        }
        Err(error) => {
            // A thread on the fast path has no last error to clear: see `record`.
            fast_path::drop_cached();
            fail(error)
        }
    }
}

/// The result of a call that failed, whose last error this is.
pub(super) fn fail<T: CallResult>(error: Error) -> T {
    let failed = T::failed(&error);
    set_last_error(Some(error));
    failed
}

/// The same for the fast path, where that frees nothing: the last error was the same with other numbers, and nobody has asked
/// for its sentence. `None`: nothing happened.
pub(super) fn fail_again<T: CallResult>(error: Error) -> Option<T> {
    let replace = |last: &RefCell<LastError>| {
        let mut last = last.try_borrow_mut().ok()?;
        let frees_nothing =
            last.text.is_none() && matches!(last.error, None | Some(Error::BufferFull { .. }));
        frees_nothing.then(|| {
            let failed = T::failed(&error);
            last.error = Some(error);
            failed
        })
    };
    LAST_ERROR.try_with(replace).ok().flatten()
}

thread_local! {
    static LAST_ERROR: RefCell<LastError> = const { RefCell::new(LastError { error: None, text: None }) };
}

/// The last error of a thread. Most are never asked for, and some come with every event: the sentence is made when it is.
struct LastError {
    error: Option<Error>,
    text: Option<CString>,
}

/// Runs the fast path of a call, which may decline. It must reach no cancellation point: it does not pay for holding
/// cancellation off.
#[inline]
pub(super) fn guard_fast<T>(body: impl FnOnce() -> Option<T>) -> Option<T> {
    catch_unwind(AssertUnwindSafe(body)).unwrap_or(None)
}

fn set_last_error(error: Option<Error>) {
    // A thread on its way out has no place for it any more; nobody will ask.
    let _ = LAST_ERROR.try_with(|last| last.replace(LastError { error, text: None }));
}

/// Whether the last call of this thread failed with this error: it may fail so again without a further step.
#[inline]
pub(super) fn is_last_error(error: &Error) -> bool {
    LAST_ERROR
        .try_with(|last| last.try_borrow().is_ok_and(|last| last.error.as_ref() == Some(error)))
        .unwrap_or(false)
}

fn said_by(error: &Error) -> CString {
    let said = error.to_string().replace('\0', "\u{fffd}");
    CString::new(redact(&said).as_ref()).unwrap_or_default()
}

/// The last error of this thread: a sentence that says what is wrong and what to do; "" after a call that succeeded.
///
/// Ownership: the library's. Valid until the next sr_ call on the same thread. UTF-8, never NULL.
/// Threads: each has its own. Blocks: never.
#[unsafe(no_mangle)]
pub extern "C" fn sr_last_error() -> *const c_char {
    const NOTHING: &CStr = c"";
    let text = || {
        let text = |last: &RefCell<LastError>| {
            let LastError { error, text } = &mut *last.try_borrow_mut().ok()?;
            let error = error.as_ref()?;
            Some(text.get_or_insert_with(|| said_by(error)).as_ptr())
        };
        LAST_ERROR.try_with(text).ok().flatten()
    };
    guard_fast(text).unwrap_or(NOTHING.as_ptr())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn last_error() -> String {
        // SAFETY: what sr_last_error gives is a C string until the next call on this thread.
        unsafe { CStr::from_ptr(sr_last_error()) }.to_str().unwrap().to_owned()
    }

    #[test]
    fn a_panic_becomes_an_answer() {
        let status: sr_status = guard(|| panic!("boom {}", 1));
        assert_eq!(status, sr_status::SR_ERROR_INTERNAL);
        assert!(last_error().contains("boom 1"));
        let ok: sr_status = guard(|| Ok(sr_status::SR_OK));
        assert_eq!(ok, sr_status::SR_OK);
        assert_eq!(last_error(), "");
    }
}
