//! Events on their way to Segment.

use std::ffi::{c_char, c_void};

use super::arguments::give;
use super::status::sr_status;
use super::user_data::UserData;
use super::{arguments, boundary::call, instance};
use crate::segment::SessionGetter;

/// Takes an event for Segment (a JSON object as Segment's libraries and HTTP API have it: "type" "track", "page",
/// "screen", "identify", "group" or "alias") before it is sent: follows the session and the device that it tells of,
/// and gives it back to be sent in its place. The option segment says which of Segment's three integrations with
/// Amplitude is used; docs/segment.md shows each.
///
/// A track, page or screen event gets the properties of sr_get_session_replay_properties(), but never in place of one
/// that it has. Every other byte of it stays as it is. A session in an event counts when it is later than the current
/// one. "anonymousId" becomes the device id, unless one was given with sr_set_device_id or the option deviceId.
/// When a session began, the next sr_record answers SR_NEEDS_FULL_SNAPSHOT.
///
/// event_json: UTF-8, ends in NUL; copied.
/// Returns NULL when it is not a JSON object, and before sr_init and after sr_shutdown: then send the event as it is.
/// Ownership: the caller's, to be freed with sr_string_free.
/// Threads: any. Blocks: never, but for the getter of sr_set_segment_session_getter.
///
/// event_json is NULL or points to text that ends in NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sr_segment_process(event_json: *const c_char) -> *mut c_char {
    call(|| {
        instance::with(|replay| {
            // SAFETY: the caller's promise.
            let event = unsafe { arguments::text("event_json", event_json)? };
            Ok(give(replay.process_segment_event(event)?))
        })
    })
}

/// Tells the session id of the analytics library: milliseconds since 1970; 0 or less when there is none.
#[allow(non_camel_case_types)]
pub type sr_session_getter = Option<unsafe extern "C" fn(user_data: *mut c_void) -> i64>;

/// Sets who is asked for the session id at each sr_segment_process, with the option segment {"mode":
/// "classic-device"}: there no event tells of a session. NULL: nobody, as after sr_init. Call it after sr_init.
///
/// The getter runs on the threads that call sr_segment_process, several at once if they do. It may call any sr_
/// function but this one and sr_shutdown. When this returns, the getter before is not running and is not called any
/// more. sr_shutdown lets go of it, but does not wait for it: to do so, set it to NULL before.
/// Returns SR_OK; SR_ERROR_NOT_INITIALIZED; SR_ERROR_INVALID_ARGUMENT from inside a getter.
/// Threads: any. Blocks: while the getter before is running.
#[unsafe(no_mangle)]
pub extern "C" fn sr_set_segment_session_getter(
    getter: sr_session_getter,
    user_data: *mut c_void,
) -> sr_status {
    call(|| {
        let user_data = UserData(user_data);
        let getter = getter.map(|getter| -> SessionGetter {
            Box::new(move || {
                let user_data = &user_data;
                // SAFETY: the host gave this function and pointer for this use, and has not taken them back: a
                // getter that runs is waited for before it is replaced.
                unsafe { getter(user_data.0) }
            })
        });
        instance::with(|replay| replay.set_session_getter(getter).map(sr_status::from))
    })
}
