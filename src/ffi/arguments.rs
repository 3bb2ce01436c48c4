//! From what C passes to Rust values, and back. The only place where a host's pointer is followed.

use std::ffi::{CStr, CString, c_char};
use std::slice;

use super::boundary::guard;
use crate::error::Error;

/// Text that ends in NUL.
///
/// # Safety
/// `text` is NULL or points to bytes that end in NUL and do not change during the call, by no thread and no signal handler.
pub(super) unsafe fn text<'a>(name: &str, text: *const c_char) -> Result<&'a str, Error> {
    // SAFETY: passed on to the caller.
    match unsafe { optional_text(name, text) }? {
        Some(text) => Ok(text),
        None => Err(Error::InvalidArgument(format!("{name} is NULL: pass a text that ends in NUL"))),
    }
}

/// Text that ends in NUL, or none.
///
/// # Safety
/// As [`text`].
pub(super) unsafe fn optional_text<'a>(name: &str, text: *const c_char) -> Result<Option<&'a str>, Error> {
    if text.is_null() {
        return Ok(None);
    }
    // SAFETY: not NULL, so it ends in NUL and does not change: the caller says so.
    let text = unsafe { CStr::from_ptr(text) };
    match text.to_str() {
        Ok(text) => Ok(Some(text)),
        Err(error) => Err(Error::InvalidArgument(format!(
            "{name} is not UTF-8 (byte {}): convert it first",
            error.valid_up_to()
        ))),
    }
}

/// Bytes with their length.
///
/// # Safety
/// `bytes` is NULL or points to `length` bytes that do not change during the call, by no thread and no signal handler.
#[inline]
pub(super) unsafe fn bytes<'a>(name: &str, bytes: *const c_char, length: usize) -> Result<&'a [u8], Error> {
    if bytes.is_null() || isize::try_from(length).is_err() {
        return Err(no_bytes(name, bytes.is_null(), length));
    }
    // SAFETY: not NULL, so it points to `length` bytes that do not change: the caller says so.
    Ok(unsafe { slice::from_raw_parts(bytes.cast(), length) })
}

#[cold]
fn no_bytes(name: &str, is_null: bool, length: usize) -> Error {
    Error::InvalidArgument(match is_null {
        true => format!("{name} is NULL: pass a text and its length"),
        false => {
            format!("the length of {name} ({length}) is impossible: was a negative number cast to size_t?")
        }
    })
}

/// Gives a string to C, to be given back to `sr_string_free`.
pub(super) fn into_c_string(text: impl Into<String>) -> *mut c_char {
    let text = CString::new(text.into()).unwrap_or_else(|found| {
        let text = String::from_utf8_lossy(&found.into_vec()).replace('\0', "\u{fffd}");
        CString::new(text).unwrap_or_default()
    });
    text.into_raw()
}

/// Frees a string that an sr_ call returned as char*. NULL is fine, and leaves sr_last_error() as it is. Each string is
/// freed once.
///
/// Threads: any, also after sr_shutdown. Blocks: never.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sr_string_free(string: *mut c_char) {
    // A binding that frees whatever it was returned can still ask why that was NULL.
    if string.is_null() {
        return;
    }
    guard(|| {
        // SAFETY: it came from `into_c_string` and was not freed before: the caller says so.
        drop(unsafe { CString::from_raw(string) });
        Ok(())
    });
}
