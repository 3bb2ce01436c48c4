//! Beginning and end.

use std::ffi::c_char;

use super::status::sr_status;
use super::{arguments, boundary::guard, instance};
use crate::options::Options;

/// The version of the library, like "1.2.3".
///
/// Ownership: static. Threads: any. Blocks: never.
#[unsafe(no_mangle)]
pub extern "C" fn sr_version() -> *const c_char {
    const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), "\0");
    VERSION.as_ptr().cast()
}

/// Starts recording for the whole process.
///
/// api_key: the key of the Amplitude project, UTF-8, ends in NUL.
/// options_json: a JSON object (docs/options.md lists the keys), UTF-8, ends in NUL; NULL for the defaults. With
/// the defaults nothing is captured: "sampleRate" is 0 until it, or the remote configuration, says otherwise.
///
/// Both are copied. Opens no connection: that is left to the library's own two threads (sr-worker, sr-sender).
/// Returns SR_OK; SR_NOT_STORED when storageDir can't be used, so that events are kept in memory;
/// SR_ERROR_INVALID_ARGUMENT for a key or an option that is refused (sr_last_error() names it) or when it was
/// called before.
/// Threads: any. Blocks: while two threads are started and, with a storageDir, some small files made and read; never
/// for the network.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sr_init(api_key: *const c_char, options_json: *const c_char) -> sr_status {
    guard(|| {
        // SAFETY: the caller's promise.
        let (api_key, options) = unsafe {
            (arguments::text("api_key", api_key)?, arguments::optional_text("options_json", options_json)?)
        };
        let options = options.map_or_else(|| Ok(Options::default()), Options::from_json)?;
        instance::start(api_key, options)
    })
}

/// Sends what is recorded and waits until the server has it, at most timeout_ms milliseconds; 0 only starts it
/// and returns at once.
///
/// Returns SR_OK, or SR_ERROR_TIMEOUT: then nothing is dropped and delivery goes on.
/// Threads: any; with more than 0, any but those that the callbacks run on. Blocks: up to timeout_ms.
#[unsafe(no_mangle)]
pub extern "C" fn sr_flush(timeout_ms: u32) -> sr_status {
    guard(|| instance::with(|replay| replay.flush(timeout_ms).map(sr_status::from)))
}

/// Begins what sr_flush does and returns at once: for hosts with an event loop, where nothing may wait. Ask with
/// sr_flush_poll, from a timer, whether it is done.
///
/// Returns a number greater than 0 that names this flush, or -1: sr_last_error() says why.
/// Threads: any. Blocks: never.
#[unsafe(no_mangle)]
pub extern "C" fn sr_flush_begin() -> i64 {
    guard(|| instance::with_ending(|replay| Ok(replay.begin_flush())))
}

/// Asks whether the server has what was recorded before sr_flush_begin or sr_shutdown_begin gave this number.
///
/// Returns SR_OK when it has; SR_ERROR_TIMEOUT while it has not: nothing is dropped and delivery goes on;
/// SR_ERROR_NOT_INITIALIZED when that recorder has ended before.
/// Threads: any. Blocks: never.
#[unsafe(no_mangle)]
pub extern "C" fn sr_flush_poll(flush: i64) -> sr_status {
    guard(|| instance::with_ending(|replay| replay.poll_flush(flush).map(sr_status::from)))
}

/// Begins what sr_shutdown does and returns at once: recording has ended, and every call but sr_flush_begin,
/// sr_flush_poll and sr_shutdown answers as after sr_shutdown, while delivery goes on. Ask with sr_flush_poll whether it
/// is done; then, or when there is no more time, call sr_shutdown(0), before which sr_init is refused.
///
/// Returns a number greater than 0 for sr_flush_poll, or -1: sr_last_error() says why.
/// Threads: any. Blocks: never.
#[unsafe(no_mangle)]
pub extern "C" fn sr_shutdown_begin() -> i64 {
    guard(|| instance::with(|replay| Ok(replay.begin_shutdown())))
}

/// Ends recording, sends what is left, at most timeout_ms milliseconds, stops the library's threads and releases
/// everything. sr_init may be called again afterwards.
///
/// Returns SR_OK, or SR_ERROR_TIMEOUT: then what was not sent waits in storageDir for the next sr_init with the
/// same key and directory; without a storageDir it is lost. While it waits, sr_shutdown(0) from another thread ends
/// its wait; a wait in sr_flush ends with it, and answers SR_ERROR_NOT_INITIALIZED if not all was delivered.
/// The library may be unloaded (dlclose) afterwards. A callback that takes longer than this call waits may still be
/// running then: before what it uses is freed, set it to NULL.
/// Threads: any but those that the callbacks run on.
/// Blocks: up to timeout_ms, and up to 200 ms more to cut off a request that is under way; then files are closed.
#[unsafe(no_mangle)]
pub extern "C" fn sr_shutdown(timeout_ms: u32) -> sr_status {
    guard(|| instance::shut_down(timeout_ms).map(sr_status::from))
}

/// How many recordings sr_init has begun in this process: the number of the latest, 0 before the first. sr_shutdown leaves
/// it as it is. Who began one and notes the number can tell later whether another has taken its place, so that the end
/// of the one is not the end of the other.
///
/// Threads: any. Blocks: never.
#[unsafe(no_mangle)]
pub extern "C" fn sr_start_count() -> u64 {
    // No cancellation point, and nothing that fails.
    instance::starts()
}
