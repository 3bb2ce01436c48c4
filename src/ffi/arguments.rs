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

/// Copies `bytes` to where the host has room for `length` bytes. With less room than that, nothing is copied.
///
/// # Safety
/// `room` is NULL or points to `length` bytes that may be written, and that nobody else uses during the call.
pub(super) unsafe fn copy_out(
    name: &str,
    bytes: &[u8],
    room: *mut c_char,
    length: usize,
) -> Result<(), Error> {
    if bytes.is_empty() {
        return Ok(());
    }
    if room.is_null() || length < bytes.len() {
        let has = if room.is_null() { 0 } else { length };
        return Err(Error::InvalidArgument(format!(
            "{name} has room for {has} bytes: {} are needed",
            bytes.len()
        )));
    }
    // SAFETY: not NULL, and at least as long as `bytes`, so the caller lets that be written; and what is ours is not the host's.
    unsafe { std::ptr::copy_nonoverlapping(bytes.as_ptr(), room.cast::<u8>(), bytes.len()) };
    Ok(())
}

/// A struct that begins with its size, in bytes, as a `uint32_t`, so that it can grow.
///
/// # Safety
/// It is a `#[repr(C)]` struct of numbers and pointers.
pub(super) unsafe trait Growing: Copy {
    /// Its size in the first header that had it: with a later member, `offset_of!` that.
    const FIRST_SIZE: usize;
}

/// A struct that begins with its size: members that the caller's header did not have yet are 0, those that are not known here
/// yet are passed over.
///
/// # Safety
/// `given` is NULL or points to as many bytes as its first member says, which do not change during the call.
pub(super) unsafe fn sized<T: Growing>(name: &str, given: *const T) -> Result<T, Error> {
    if given.is_null() {
        return Err(Error::InvalidArgument(format!("{name} is NULL: pass a struct")));
    }
    // SAFETY: not NULL, so a uint32_t stands there: the caller says so.
    let size = unsafe { given.cast::<u32>().read_unaligned() } as usize;
    let known = size_of::<T>();
    // Larger than any later version: it was not set.
    if !(T::FIRST_SIZE..=known + MAX_GROWTH).contains(&size) {
        return Err(Error::InvalidArgument(format!(
            "{name}.size is {size}: set it to the sizeof of its type ({known} here)"
        )));
    }
    let mut read = std::mem::MaybeUninit::<T>::zeroed();
    // SAFETY: no more bytes than `size`, which stand there, and than `read` has; a T is numbers and pointers (`Growing`), of
    // which every pattern of bits is one.
    unsafe {
        std::ptr::copy_nonoverlapping(given.cast::<u8>(), read.as_mut_ptr().cast::<u8>(), size.min(known));
        Ok(read.assume_init())
    }
}

/// How much longer a struct of a later header may be.
const MAX_GROWTH: usize = 1_024;

fn check_count(name: &str, count: usize) -> Result<(), Error> {
    match count > MAX_LIST {
        true => Err(Error::InvalidArgument(format!("{count} {name} are too many: {MAX_LIST} are the most"))),
        false => Ok(()),
    }
}

/// An array of structs that each begin with their size, the same for all.
///
/// # Safety
/// `given` is NULL or points to `count` such structs, side by side; each as [`sized`] asks.
pub(super) unsafe fn sized_list<T: Growing>(
    name: &str,
    given: *const T,
    count: usize,
) -> Result<Vec<T>, Error> {
    if count == 0 {
        return Ok(Vec::new());
    }
    check_count(name, count)?;
    // SAFETY: passed on to the caller.
    unsafe { sized(&format!("{name}[0]"), given)? };
    // SAFETY: the first was read a moment ago.
    let stride = unsafe { given.cast::<u32>().read_unaligned() };
    let mut list = Vec::with_capacity(count);
    for at in 0..count {
        // SAFETY: `count` structs of this size stand side by side: the caller says so, of each its size is compared.
        let (one, size) = unsafe {
            let one = given.byte_add(at * stride as usize);
            (one, one.cast::<u32>().read_unaligned())
        };
        if size != stride {
            return Err(Error::InvalidArgument(format!(
                "{name}[{at}].size is {size}, and that of the first is {stride}: set all to the sizeof of their type"
            )));
        }
        // SAFETY: as above.
        list.push(unsafe { sized(name, one)? });
    }
    Ok(list)
}

/// A struct that never grows.
///
/// # Safety
/// It is a `#[repr(C)]` struct of numbers, without gaps.
pub(super) unsafe trait Plain: Copy {}

/// An array of such structs.
///
/// # Safety
/// `given` is NULL or points to `count` of them, which do not change during the call, by no thread and no signal handler.
pub(super) unsafe fn plain_list<T: Plain>(
    name: &str,
    given: *const T,
    count: usize,
) -> Result<Vec<T>, Error> {
    if count == 0 {
        return Ok(Vec::new());
    }
    check_count(name, count)?;
    if given.is_null() {
        return Err(Error::InvalidArgument(format!("{name} is NULL: pass {count} of them, or a count of 0")));
    }
    // SAFETY: not NULL, so `count` of them stand there: the caller says so. Each is numbers (`Plain`), and may lie anywhere.
    Ok((0..count).map(|at| unsafe { given.add(at).read_unaligned() }).collect())
}

/// No list is longer.
const MAX_LIST: usize = 1_000_000;

#[cold]
fn no_bytes(name: &str, is_null: bool, length: usize) -> Error {
    Error::InvalidArgument(match is_null {
        true => format!("{name} is NULL: pass the bytes and their number"),
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

#[cfg(test)]
mod tests {
    use super::*;

    /// A struct that has grown by one member.
    #[repr(C)]
    #[derive(Clone, Copy, Debug, PartialEq)]
    struct Grown {
        size: u32,
        one: u32,
        later: u64,
    }

    // SAFETY: numbers alone.
    unsafe impl Growing for Grown {
        const FIRST_SIZE: usize = std::mem::offset_of!(Grown, later);
    }

    #[test]
    fn a_struct_of_an_earlier_header_is_read_with_zeros_behind_and_a_longer_one_up_to_its_end() {
        for (size, expected) in
            [(0, None), (7, None), (8, Some(0)), (16, Some(9)), (24, Some(9)), (u32::MAX, None)]
        {
            // Two, side by side, of which the second begins where the first says that it ends.
            let mut words = [0_u64; 6];
            let stride = (size as usize / 8).clamp(1, 3);
            for at in [0, stride] {
                words[at] = u64::from(size) | 5 << 32;
                if stride > 1 {
                    words[at + 1] = 9;
                }
            }
            let given = words.as_ptr().cast::<Grown>();
            let expected = expected.map(|later| Grown { size, one: 5, later });
            // SAFETY: the words are longer than what is read.
            let (one, list) = unsafe { (sized("a", given).ok(), sized_list("a", given, 2).ok()) };
            assert_eq!(one, expected, "{size}");
            assert_eq!(list, expected.map(|it| vec![it, it]), "{size}");
        }
    }
}
