//! The host's filter.

use std::ffi::{c_char, c_void};

use super::arguments;
use super::boundary::guard;
use super::fork;
use super::instance;
use super::status::sr_status;
use super::user_data::UserData;
use crate::error::Error;
use crate::filter::{self, FilterFn};

/// What a filter says about an event.
#[allow(non_camel_case_types, clippy::upper_case_acronyms)]
#[allow(dead_code, reason = "only C makes a verdict")]
#[repr(i32)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum sr_filter_verdict {
    /// It is not recorded. Every value but SR_FILTER_KEEP means this.
    SR_FILTER_DROP = 0,
    /// It is recorded; where the filter called sr_filter_replace, that event is, in its place.
    SR_FILTER_KEEP = 1,
}

/// Looks at one event before it is stored: length bytes of JSON in UTF-8 as they were recorded, without a NUL at the end, valid
/// during the call only. Returns an sr_filter_verdict. It has to return: an exception that leaves it ends the process; longjmp
/// out of it and pthread_exit in it are undefined.
#[allow(non_camel_case_types)]
pub type sr_filter_callback =
    Option<unsafe extern "C" fn(user_data: *mut c_void, event_json: *const c_char, length: usize) -> i32>;

/// Sets a filter that keeps, drops or replaces each event before it is stored, in memory or on disk; NULL removes it. It outlives
/// sr_shutdown. Call it before sr_init, so that it sees the first event. A forked process has the
/// filter of its parent, and may set another before its own sr_init.
///
/// The filter runs on the thread that records, in the call that records, on as many threads at once as record, and with no lock
/// of the library held. It sees what is captured: the events of sr_record, sr_record_lines, sr_record_lines_until and
/// sr_view_record, those that sr_record_custom, sr_record_log and sr_record_request make (secrets are masked by then), and clicks
/// and scroll depths, of sr_record_interaction too, as a custom event with the tag "session-replay-interaction". It does not see
/// what the library makes of views, frames, nodes, pointer and keys, of which each event builds on those before: leave out there
/// what must not be seen.
/// A call whose event is dropped returns SR_NOT_CAPTURED, and "filtered" in sr_stats() counts it. After a full snapshot that is
/// dropped the replay can't be drawn until another is recorded: the library asks for one at once, and after each that is dropped, too,
/// later: after 5 s, 10 s, up to 5 min. Keep the Meta event (type 4) that comes before a full snapshot.
/// It may call any sr_ function but sr_shutdown; calls that record events there (sr_capture_now is one) are refused with
/// SR_ERROR_INVALID_ARGUMENT, since nothing would filter them.
/// While a filter is set, sr_record takes a slower way: docs/guide/performance.md has the figures. Without one it costs nothing.
/// When this returns, the previous filter is not called any more, and is not running. Inside a callback of the library's (filter, log,
/// snapshot, transport, getter) this does not wait, since two that replace each other would wait for ever: a call of the previous
/// filter may then still be running.
/// sr_shutdown does not wait for it.
/// Returns SR_OK. Threads: any. Blocks: while the previous filter is running; inside a callback, never.
#[unsafe(no_mangle)]
pub extern "C" fn sr_set_filter(callback: sr_filter_callback, user_data: *mut c_void) -> sr_status {
    guard(|| {
        let user_data = UserData(user_data);
        let filter = callback.map(|callback| -> FilterFn {
            std::sync::Arc::new(move |event: &[u8]| {
                let user_data = &user_data;
                // SAFETY: the host gave this function and pointer for this use, and has not taken them back: the filter
                // waits for a running call before it replaces the callback. That it returns, and is not left by an
                // exception or longjmp, is the host's promise (the header); an exception gets no further than here, where
                // "C" ends the process. Cancellation of the host's thread is held off by `guard`.
                let verdict = unsafe { callback(user_data.0, event.as_ptr().cast(), event.len()) };
                verdict == sr_filter_verdict::SR_FILTER_KEEP as i32
            })
        });
        if fork::is_forked() {
            instance::set_filter_in_child(filter);
            return Ok(sr_status::SR_OK);
        }
        instance::hooks().filter.set(filter);
        if let Some(replay) = instance::running()?.as_deref() {
            replay.meet_filter();
        }
        Ok(sr_status::SR_OK)
    })
}

/// Inside a filter: gives the event that is recorded in place of the one that the filter was called with, if it then returns
/// SR_FILTER_KEEP. It is copied: yours stays yours. Of several calls the last counts.
///
/// The replacement is an event of the same "type", which a player can play (the check of validateOnRecord). It may be larger than
/// the event, up to the option maxSingleEventSizeBytes: beyond that the call that records returns SR_ERROR_EVENT_TOO_LARGE. The
/// timestamp of those that the library makes, as of a line of the log, stays the library's.
/// Returns SR_OK; SR_ERROR_INVALID_JSON when it is no such event; SR_ERROR_INVALID_ARGUMENT when it is of another type, and
/// outside of a filter. After an error neither the event nor the replacement is recorded, whatever the filter returns, unless
/// another call succeeds.
/// Threads: that of the filter. Blocks: never.
///
/// event_json points to length bytes, which need not end in NUL; NULL is refused.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sr_filter_replace(event_json: *const c_char, length: usize) -> sr_status {
    guard(|| {
        // SAFETY: the caller's promise. Without bytes the event is not to be kept either.
        match unsafe { arguments::bytes("event_json", event_json, length) } {
            Ok(event) => filter::replace(event).map(sr_status::from),
            Err(error) => Err(filter::replace(&[]).err().map_or(error, |refusal| match refusal {
                Error::InvalidArgument(_) => refusal,
                _ => Error::InvalidArgument(
                    "event_json is NULL: pass an event; neither is recorded".to_owned(),
                ),
            })),
        }
    })
}
