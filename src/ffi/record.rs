//! Recording events: the calls that a host makes most.

use std::ffi::c_char;

use super::arguments;
use super::boundary::{fail_again, guard, guard_fast, is_last_error};
use super::instance::{self, FAST_PATH};
use super::status::sr_status;
use crate::error::Error;
use crate::recorder::Lines;
use crate::session::fast_path::{self, FastAnswer};

/// Records one rrweb event: a JSON object with a numeric "type" and a numeric "timestamp", in UTF-8. length is in
/// bytes; the text need not end in NUL. It is copied.
///
/// Returns SR_OK; SR_NEEDS_FULL_SNAPSHOT (recorded, but this session has no full snapshot: take one);
/// SR_NOT_STORED (recorded in memory only); SR_NOT_CAPTURED (not recorded, by configuration); SR_ERROR_INVALID_JSON when it
/// does not begin with { and end with }; SR_ERROR_EVENT_TOO_LARGE; SR_ERROR_BUFFER_FULL; SR_ERROR_STORAGE.
/// Whether it is an rrweb event that a player can play is checked later on another thread, which drops an invalid event and
/// counts it in sr_stats() (dropped.invalidEvent). With the option validateOnRecord the check happens in this call, which
/// then returns SR_ERROR_INVALID_JSON. sr_last_error() names the member that is wrong: the types 2 to 6 need an object
/// "data", with an object "node" (type 2), a numeric "source" (type 3), a numeric "width" and "height" (type 4).
/// docs/guide/c-api.md has the rest.
/// With a storageDir, an event for which SR_OK was returned survives exit, kill and crash of the process; not always a
/// power cut.
/// Threads: any number at once; the events of one thread keep their order.
/// Blocks: only when a chunk of the buffer (512 KiB) is full and sr-worker has not prepared the next one: then this call
/// makes one, a file with a storageDir, or, where the buffer is full, waits for the thread that is making one or room for
/// one: at most 0.1 s, on a machine that lets nobody run for longer 0.5 s. Within a chunk nearly every call
/// allocates nothing and makes no system call. A thread's first event in a chunk, and after what is told has changed (a
/// full snapshot came, or is missing), may allocate a little and wake sr-worker.
///
/// event_json points to length bytes; NULL is refused.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sr_record(event_json: *const c_char, length: usize) -> sr_status {
    let recorded = guard_fast(|| {
        // SAFETY: the caller's promise. Nothing from here to the end of the closure is a cancellation point, at which a
        // cancelled thread would be unwound through this frame: a thread-local is read (of which the first use
        // registers its destructor), a pointer compared, bytes copied into a map, atomics stored and, with
        // `sessionTimeoutMs`, `idleTimeoutMs` and while the buffer is full, the clock read, which is none either. An event
        // that is refused writes numbers over the thread's last error, and frees nothing: see `fail_again`. No lock is taken
        // and no function of the host's called: see `FastPath::record` and `Map::append`.
        let event = unsafe { arguments::bytes("event_json", event_json, length) };
        match FAST_PATH.record(event.ok()?)? {
            FastAnswer::Told(outcome) => Some(Ok(outcome.into())),
            // What can't be told here without freeing anything is told by `refuse_full`.
            FastAnswer::BufferFull => {
                Some(fast_path::buffer_full().and_then(fail_again).ok_or_else(fast_path::buffer_full))
            }
        }
    });
    match recorded {
        Some(Ok(status)) => return status,
        Some(Err(error)) => return refuse_full(error),
        None => {}
    }
    if let Some(refusal) = instance::refusal()
        && is_last_error(refusal)
    {
        // A host that records on and on where nobody records pays for a comparison.
        return refusal.into();
    }
    // SAFETY: the caller's promise.
    unsafe { record_slow(event_json, length) }
}

/// The event is refused and counted: it is only told, as the slow path tells it. This thread's last error was another.
#[cold]
#[inline(never)]
fn refuse_full(error: Option<Error>) -> sr_status {
    guard(|| error.map_or(Ok(sr_status::SR_ERROR_BUFFER_FULL), Err))
}

/// The slow path: looks up the session, and tells whatever there is to tell.
///
/// # Safety
/// As `sr_record`.
#[cold]
#[inline(never)]
unsafe fn record_slow(event_json: *const c_char, length: usize) -> sr_status {
    guard(|| {
        instance::with(|replay| {
            // SAFETY: the caller's promise.
            let event = unsafe { arguments::bytes("event_json", event_json, length)? };
            replay.record(event).map(sr_status::from)
        })
    })
}

/// Records many events, one per line (JSON Lines), each as sr_record does; empty lines are skipped. For hosts where each
/// call is expensive, or that receive events in bulk.
///
/// accepted (may be NULL) receives the number of events that were recorded. Stops at the first event that is refused and
/// returns the error. Otherwise returns SR_NEEDS_FULL_SNAPSHOT if a full snapshot is missing after the last event, else
/// SR_NOT_STORED if one of the events is in memory only, else the status of the last event; SR_OK when there is no event. To go on after a refused event, use sr_record_lines_until.
/// Threads: any number at once; the lines of one call keep their order. Blocks: as sr_record.
///
/// json_lines points to length bytes, NULL is refused; accepted points to a size_t or is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sr_record_lines(
    json_lines: *const c_char,
    length: usize,
    accepted: *mut usize,
) -> sr_status {
    // SAFETY: the caller's promise; NULL is allowed for what is not asked.
    unsafe { sr_record_lines_until(json_lines, length, accepted, std::ptr::null_mut()) }
}

/// As sr_record_lines, and tells how many bytes were read; accepted can't tell that, since it does not count events with
/// SR_NOT_CAPTURED. Returns SR_OK and the others as sr_record_lines does.
///
/// end (may be NULL) receives the number of bytes that were read, including the refused event and its line feed: the next
/// event begins at json_lines + end. It is length when no event was refused, and 0 when the call failed before the first.
/// Threads: any number at once; the lines of one call keep their order. Blocks: as sr_record.
///
/// json_lines points to length bytes, NULL is refused; accepted and end point to a size_t each or are NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sr_record_lines_until(
    json_lines: *const c_char,
    length: usize,
    accepted: *mut usize,
    end: *mut usize,
) -> sr_status {
    let mut done = Lines::default();
    let status = guard(|| {
        instance::with(|replay| {
            // SAFETY: the caller's promise.
            let lines = unsafe { arguments::bytes("json_lines", json_lines, length)? };
            replay.record_lines_until(lines, &mut done).map(sr_status::from)
        })
    });
    for (told, number) in [(accepted, done.kept), (end, done.bytes)] {
        if !told.is_null() {
            // SAFETY: not NULL, so it points to a size_t: the caller's promise.
            unsafe { told.write(number) };
        }
    }
    status
}
