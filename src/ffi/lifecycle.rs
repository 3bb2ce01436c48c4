//! Start, flush and shutdown.

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
/// options_json: a JSON object (docs/guide/options.md lists the keys), UTF-8, ends in NUL; NULL for the defaults. By
/// default nothing is captured: set "sampleRate" (default 0) here or in the remote configuration.
///
/// Both are copied. Opens no connection: the library's thread sr-sender does that.
/// Returns SR_OK; SR_NOT_STORED when storageDir can't be used, so that events are kept in memory only;
/// SR_ERROR_INVALID_ARGUMENT for an invalid key or option (sr_last_error() names it), or when recording has started
/// already; SR_ERROR_RESOURCES when no thread can be started.
/// Threads: any. Blocks: while it starts two threads and, with a storageDir, creates and reads some small files; where
/// earlier runs left more than storageLimitBytes, about 50 ms more, to count and remove the oldest of it
/// (docs/guide/storage.md); never for the network.
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

/// Sends what is recorded and waits until the server has it, for at most timeout_ms milliseconds. With 0 it only starts
/// the delivery and returns at once.
///
/// Returns SR_OK, or SR_ERROR_TIMEOUT: then nothing is dropped and delivery goes on.
/// Threads: any; with a timeout above 0, any but those that the callbacks run on. Blocks: up to timeout_ms.
#[unsafe(no_mangle)]
pub extern "C" fn sr_flush(timeout_ms: u32) -> sr_status {
    guard(|| instance::with(|replay| replay.flush(timeout_ms).map(sr_status::from)))
}

/// Starts a flush and returns at once: for hosts with an event loop, which must not block. Call sr_flush_poll from a timer
/// to learn whether it is done.
///
/// Returns the id of this flush, greater than 0, or -1 on an error: sr_last_error() says why.
/// Threads: any. Blocks: never.
#[unsafe(no_mangle)]
pub extern "C" fn sr_flush_begin() -> i64 {
    guard(|| instance::with_ending(|replay| Ok(replay.begin_flush())))
}

/// Tells whether the server has everything that was recorded before sr_flush_begin or sr_shutdown_begin returned this id,
/// and every frame that sr_view_frame had taken.
///
/// Returns SR_OK when it has; SR_ERROR_TIMEOUT when it has not yet: nothing is dropped and delivery goes on;
/// SR_ERROR_NOT_INITIALIZED when the recording that returned this id has been shut down.
/// Threads: any. Blocks: never.
#[unsafe(no_mangle)]
pub extern "C" fn sr_flush_poll(flush: i64) -> sr_status {
    guard(|| instance::with_ending(|replay| replay.poll_flush(flush).map(sr_status::from)))
}

/// Starts a shutdown and returns at once: recording has ended but for frames that wait for sr-encoder, and delivery goes on. sr_flush_begin, sr_flush_poll,
/// sr_shutdown, sr_respond, sr_mark_crash and the setters of the log callback and the transport still work; every other
/// call behaves as after sr_shutdown. Call sr_flush_poll to learn whether delivery is done; then, or when you can wait no
/// longer, call sr_shutdown(0). Until then sr_init is refused.
///
/// Returns an id for sr_flush_poll, greater than 0, or -1 on an error: sr_last_error() says why.
/// Threads: any. Blocks: never.
#[unsafe(no_mangle)]
pub extern "C" fn sr_shutdown_begin() -> i64 {
    guard(|| instance::with(|replay| Ok(replay.begin_shutdown())))
}

/// Ends recording, sends what is left for at most timeout_ms milliseconds, stops the library's threads and releases
/// everything. sr_init may be called again afterwards.
///
/// Returns SR_OK, or SR_ERROR_TIMEOUT: then what was not sent waits in storageDir for the next sr_init with the
/// same key and directory; what storageDir does not hold, or without one everything, is lost. While this call waits,
/// sr_shutdown(0) from another thread ends the wait. sr_shutdown also ends a wait in sr_flush, which then returns
/// SR_ERROR_NOT_INITIALIZED if not everything was delivered.
/// After a timeout a callback may still be running: set it to NULL, which waits for it, before you free what it uses.
/// The library may be unloaded (dlclose) afterwards.
/// Threads: any but those that the callbacks run on.
/// Blocks: up to timeout_ms, and up to 200 ms more to cut off a request in progress, 250 ms more to end the image of a frame
/// (sr_view_frame); then files are closed.
#[unsafe(no_mangle)]
pub extern "C" fn sr_shutdown(timeout_ms: u32) -> sr_status {
    guard(|| instance::shut_down(timeout_ms).map(sr_status::from))
}

/// How many times sr_init has started recording in this process: 0 before the first time. sr_shutdown does not change it.
/// Note it after your sr_init: if it is larger later, somebody else has started recording since, and you should not shut
/// that down.
///
/// Threads: any. Blocks: never.
#[unsafe(no_mangle)]
pub extern "C" fn sr_start_count() -> u64 {
    // No cancellation point, and nothing that fails.
    instance::starts()
}
