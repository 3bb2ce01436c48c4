//! Events on their way to Segment.

use std::ffi::{c_char, c_void};

use super::arguments::into_c_string;
use super::status::sr_status;
use super::user_data::UserData;
use super::{arguments, boundary::guard, instance};
use crate::recorder::SessionReplay;
use crate::segment::{DeviceGetter, GetterCall, SessionGetter, call_getters};

/// Processes an event before it is sent to Segment: makes its session and device the current ones (see below), adds the
/// session replay properties, and returns the event to send instead. The event is a JSON object as Segment's libraries and HTTP API have
/// it: "type" is "track", "page", "screen", "identify", "group" or "alias"; the body of an HTTP API call needs no type. The
/// option segment says which of Segment's three integrations with Amplitude is used; docs/guide/segment.md shows each.
///
/// A track, page or screen event gets the properties of the replay of its own device and session if that is captured.
/// Properties that are there stay. Those of another replay are never added: an event without a device, or of an earlier
/// session that this run did not capture, gets none. Every other byte of the event stays as it is. A session in an event becomes the current one if it is later. The device of an event is "context.device.id" or else
/// "anonymousId", unless one was set with sr_set_device_id or the option deviceId. After a session began, the next
/// sr_record returns SR_NEEDS_FULL_SNAPSHOT.
///
/// event_json: UTF-8, ends in NUL; copied.
/// Returns NULL when it is not a JSON object, and before sr_init and after sr_shutdown: then send the event as it is.
/// Ownership: the caller's, to be freed with sr_string_free.
/// Threads: any. Blocks: only while the getters of sr_set_segment_session_getter and sr_set_segment_device_getter run; in a program with views
/// (sr_view_place), as sr_record where the event begins another session.
///
/// event_json points to text that ends in NUL; NULL is refused.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn sr_segment_process(event_json: *const c_char) -> *mut c_char {
    // The getters are called outside of every `guard`: with the thread's own state of cancellation, no
    // recorder borrowed, no lock held, and no frame on the stack that a thread which is cancelled inside one can't be
    // unwound through.
    let ids = call_getters(
        || getter_call(SessionReplay::session_getter_call),
        || getter_call(SessionReplay::device_getter_call),
    );
    guard(|| {
        instance::with(|replay| {
            // SAFETY: the caller's promise.
            let event = unsafe { arguments::text("event_json", event_json)? };
            Ok(into_c_string(replay.process_segment_event_with_ids(event, ids)?))
        })
    })
}

fn getter_call<F>(of: impl FnOnce(&SessionReplay) -> Option<GetterCall<F>>) -> Option<GetterCall<F>> {
    let mut getter_call = None;
    guard(|| {
        getter_call = instance::running()?.as_deref().and_then(of);
        Ok(())
    });
    getter_call
}

/// As sr_segment_process, for a caller that knows the analytics session and device of the event: these are used instead of
/// those in the event or from the getters, whatever the option segment says. For programs with several analytics
/// instances, and for bindings.
///
/// session_id: milliseconds since 1970; 0 or less: the event has no session.
/// device_id: UTF-8, ends in NUL; copied. NULL: the event has no device, and so gets no replay, unless the host set one.
/// Everything else is as with sr_segment_process, but no getter is called.
/// Ownership: the caller's, to be freed with sr_string_free.
/// Threads: any. Blocks: never; in a program with views (sr_view_place), as sr_record where the event begins another session.
///
/// event_json points to text that ends in NUL, NULL is refused; device_id points to such a text or is NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sr_segment_process_for(
    event_json: *const c_char,
    session_id: i64,
    device_id: *const c_char,
) -> *mut c_char {
    guard(|| {
        instance::with(|replay| {
            // SAFETY: the caller's promise.
            let event = unsafe { arguments::text("event_json", event_json)? };
            // SAFETY: as above.
            let device = unsafe { arguments::optional_text("device_id", device_id)? };
            Ok(into_c_string(replay.process_segment_event_for(event, session_id, device)?))
        })
    })
}

/// Returns the session id of the analytics library: milliseconds since 1970; 0 or less when there is none. Runs on the
/// thread that calls sr_segment_process, with that thread's own cancellation state. It must return, or end its thread
/// (pthread_exit, pthread_cancel). longjmp and exceptions out of it are undefined.
#[allow(non_camel_case_types)]
pub type sr_session_getter = Option<unsafe extern "C-unwind" fn(user_data: *mut c_void) -> i64>;

/// Sets the getter that each sr_segment_process calls for the session id. Only for the option segment {"mode":
/// "classic-device"}, whose events carry no session. NULL removes the getter. Call this after each sr_init, which begins
/// without one.
///
/// The getter runs on the threads that call sr_segment_process, several at once if they do. It may call any sr_
/// function but this one, sr_set_segment_device_getter and sr_shutdown. When this returns, the previous getter is not
/// running and is not called any more. sr_shutdown removes it but does not wait for it: to wait, set it to NULL before.
/// Returns SR_OK; SR_ERROR_NOT_INITIALIZED; SR_ERROR_INVALID_ARGUMENT from inside a getter.
/// Threads: any. Blocks: while the previous getter is running; inside a callback, never.
#[unsafe(no_mangle)]
pub extern "C" fn sr_set_segment_session_getter(
    getter: sr_session_getter,
    user_data: *mut c_void,
) -> sr_status {
    guard(|| {
        let user_data = UserData(user_data);
        let getter = getter.map(|getter| -> SessionGetter {
            Box::new(move || {
                let user_data = &user_data;
                // SAFETY: the host gave this function and pointer for this use, and has not taken them back: a
                // getter that runs is waited for before it is replaced. It may never come back, since the host may
                // cancel its thread inside it: where that unwinds (glibc), it unwinds frames that expect it, up to the
                // "C-unwind" of sr_segment_process; where it does not, the thread's end gives back what the thread
                // held. That nothing else leaves it, no longjmp, is the host's promise: see the header.
                unsafe { getter(user_data.0) }
            })
        });
        instance::with(|replay| replay.set_session_getter(getter).map(sr_status::from))
    })
}

/// Writes the device id of the analytics library, in UTF-8, into buffer, which has room for size bytes, and returns its
/// length in bytes, as snprintf does; 0 when there is none. A length of size or more is no device id. It runs and
/// may end as an sr_session_getter does.
#[allow(non_camel_case_types)]
pub type sr_device_getter =
    Option<unsafe extern "C-unwind" fn(user_data: *mut c_void, buffer: *mut c_char, size: usize) -> usize>;

/// Sets the getter that each sr_segment_process calls for the device id, with the option segment {"mode":
/// "classic-device"}: there the analytics library has a device id of its own, which changes when a user logs out. Its
/// value is used instead of the event's own, unless one was set with sr_set_device_id or the option deviceId. NULL removes
/// it. Call it after sr_init, which begins without one.
///
/// The rules of sr_set_segment_session_getter hold here, too. This getter is called second.
/// Returns SR_OK; SR_ERROR_NOT_INITIALIZED; SR_ERROR_INVALID_ARGUMENT from inside a getter.
/// Threads: any. Blocks: while the previous getter is running; inside a callback, never.
#[unsafe(no_mangle)]
pub extern "C" fn sr_set_segment_device_getter(
    getter: sr_device_getter,
    user_data: *mut c_void,
) -> sr_status {
    guard(|| {
        let user_data = UserData(user_data);
        let getter = getter.map(|getter| -> DeviceGetter {
            Box::new(move || {
                let user_data = &user_data;
                let mut buffer = [0_u8; DEVICE_BUFFER];
                // SAFETY: the host gave this function and pointer for this use, and has not taken them back: a
                // getter that runs is waited for before it is replaced. How it may be left: as above. The buffer has the room that it is told.
                let length = unsafe { getter(user_data.0, buffer.as_mut_ptr().cast(), buffer.len()) };
                let device = buffer.get(..length).filter(|_| length < DEVICE_BUFFER)?;
                Some(str::from_utf8(device).ok()?.to_owned())
            })
        });
        instance::with(|replay| replay.set_device_getter(getter).map(sr_status::from))
    })
}

/// The longest device id, and its NUL.
const DEVICE_BUFFER: usize = crate::model::ids::MAX_ID_BYTES + 1;
