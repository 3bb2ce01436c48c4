//! The session, the device, and the properties that analytics events carry.

use std::ffi::c_char;

use super::arguments::into_c_string;
use super::status::sr_status;
use super::{
    arguments,
    boundary::{CallResult, guard},
    instance,
};
use crate::error::Error;
use crate::model::ids::{DeviceId, InvalidId, SessionId};
use crate::model::privacy::MaskLevel;

/// Sets the id of the current analytics session: milliseconds since 1970, greater than 0. Call it when the analytics
/// library has a session, and again whenever it begins another.
///
/// The same id as before: nothing happens, and it returns SR_OK. Another id: an sr_record that begins after this call
/// has returned belongs to the new session; one that returned before this call began, to the old; one at the same time, to
/// exactly one of them. Returns SR_NEEDS_FULL_SNAPSHOT (take one now), or SR_NOT_CAPTURED when the new session is not captured.
/// Threads: any. Blocks: never; in a program with views (sr_view_place), as sr_record.
#[unsafe(no_mangle)]
pub extern "C" fn sr_set_session_id(session_id_ms: i64) -> sr_status {
    guard(|| set_session(SessionId::from_millis(session_id_ms)))
}

/// As sr_set_session_id, for a session id that is a text: a-z A-Z 0-9 _ - . | @ : = up to 512 bytes.
/// UTF-8, ends in NUL; copied.
///
/// Returns SR_OK, SR_NEEDS_FULL_SNAPSHOT, SR_NOT_CAPTURED; SR_ERROR_INVALID_ARGUMENT for a text that is not allowed.
/// Threads: any. Blocks: never; in a program with views (sr_view_place), as sr_record.
///
/// session_id points to text that ends in NUL; NULL is refused.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sr_set_session_id_string(session_id: *const c_char) -> sr_status {
    guard(|| {
        // SAFETY: the caller's promise.
        let text = unsafe { arguments::text("session_id", session_id)? };
        set_session(SessionId::from_text(text))
    })
}

fn set_session(session: Result<SessionId, InvalidId>) -> Result<sr_status, Error> {
    instance::with(|replay| {
        let session = session.map_err(|error| Error::InvalidArgument(format!("the session id {error}")))?;
        Ok(replay.set_session_id(session).into())
    })
}

/// Sets the device id, the one that the analytics events carry: a-z A-Z 0-9 _ - . | @ : = up to 512 bytes. UTF-8, ends in
/// NUL; copied.
///
/// The same id as before: nothing happens, and it returns SR_OK. Another id begins another replay: returns
/// SR_NEEDS_FULL_SNAPSHOT, or SR_NOT_CAPTURED.
/// Threads: any. Blocks: never; in a program with views (sr_view_place), as sr_record.
///
/// device_id points to text that ends in NUL; NULL is refused.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sr_set_device_id(device_id: *const c_char) -> sr_status {
    guard(|| {
        // SAFETY: the caller's promise.
        let text = unsafe { arguments::text("device_id", device_id)? };
        instance::with(|replay| {
            let device = DeviceId::from_text(text)
                .map_err(|error| Error::InvalidArgument(format!("the device id {error}")))?;
            Ok(replay.set_device_id(device).into())
        })
    })
}

/// Stops recording because the user opted out (true), or resumes it (false). What was recorded before is still
/// delivered.
///
/// Returns SR_OK when nothing changes, SR_NOT_CAPTURED when recording is off now, SR_NEEDS_FULL_SNAPSHOT when it is on
/// again, or SR_NOT_CAPTURED if something else keeps it off.
/// Threads: any. Blocks: never; in a program with views (sr_view_place), as sr_record.
#[unsafe(no_mangle)]
pub extern "C" fn sr_set_opt_out(opt_out: bool) -> sr_status {
    guard(|| instance::with(|replay| Ok(replay.set_opt_out(opt_out).into())))
}

/// The current session id; -1 when there is none or it is not a number, and before sr_init and after sr_shutdown.
///
/// Threads: any. Blocks: never.
#[unsafe(no_mangle)]
pub extern "C" fn sr_get_session_id() -> i64 {
    guard(|| instance::with(|replay| Ok(replay.session_id().and_then(|id| id.as_millis()).unwrap_or(-1))))
}

/// The id of the replay, "<device id>/<session id>"; NULL while one of them is missing, and before sr_init and
/// after sr_shutdown. It is given whether or not the session is captured: for analytics events take
/// sr_get_session_replay_properties().
///
/// Ownership: the caller's, to be freed with sr_string_free.
/// Threads: any. Blocks: never.
#[must_use]
#[unsafe(no_mangle)]
pub extern "C" fn sr_get_session_replay_id() -> *mut c_char {
    guard(|| {
        instance::with(|replay| {
            Ok(replay.session_replay_id().map_or(std::ptr::null_mut(), |id| into_c_string(id.to_string())))
        })
    })
}

/// The properties to add to every analytics event, as a JSON object: {"[Amplitude] Session Replay ID": "…"}, and
/// "[Amplitude] Session Replay Debug" with the option debugMode. Empty, {}, while the session is not captured or
/// the remote configuration is still awaited. NULL only before sr_init and after sr_shutdown.
///
/// Ownership: the caller's, to be freed with sr_string_free.
/// Threads: any. Blocks: never.
#[must_use]
#[unsafe(no_mangle)]
pub extern "C" fn sr_get_session_replay_properties() -> *mut c_char {
    guard(|| {
        instance::with(|replay| {
            Ok(into_c_string(serde_json::Value::Object(replay.session_replay_properties()).to_string()))
        })
    })
}

/// What the recorder in a page must mask and block, as a JSON object: the option privacyConfig merged with the remote
/// configuration, with every member of the browser SDK's privacyConfig. The library itself masks the nodes of views
/// (sr_view_nodes) and no page: pass this to the recorder. While the remote configuration is awaited ("state" in sr_stats() is "waiting-for-remote-config") the
/// result holds only the option: call again afterwards. NULL before sr_init and after sr_shutdown.
///
/// Ownership: the caller's, to be freed with sr_string_free.
/// Threads: any. Blocks: never.
#[must_use]
#[unsafe(no_mangle)]
pub extern "C" fn sr_get_privacy_config() -> *mut c_char {
    guard(|| instance::with(|replay| Ok(into_c_string(replay.privacy_config().to_string()))))
}

/// How much of what an app shows is masked. The stricter a level, the lower its number.
#[allow(non_camel_case_types, clippy::upper_case_acronyms)]
#[repr(u32)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum sr_masking_level {
    /// All text, inputs and images. Frames are only kept with SR_FRAME_MASKS_KNOWN.
    SR_MASK_LEVEL_CONSERVATIVE = 0,
    /// All inputs.
    SR_MASK_LEVEL_MEDIUM = 1,
    /// Passwords.
    SR_MASK_LEVEL_LIGHT = 2,
}

impl CallResult for sr_masking_level {
    /// In doubt everything is masked.
    fn failed(_: &Error) -> Self {
        Self::SR_MASK_LEVEL_CONSERVATIVE
    }
}

/// The level of masking in force: what has to be masked in the pixels that you hand over, of which the library knows only what
/// sr_frame.masks names. Ask when you read a frame, and again when you hand it over, if that is later: the remote configuration may
/// have made it stricter.
///
/// SR_MASK_LEVEL_CONSERVATIVE also while nothing is captured and while the remote configuration is awaited, before sr_init and after
/// sr_shutdown. When it becomes stricter, nodes and titles that are shown are masked at once, and pixels are taken away: hand them
/// over again. When it becomes looser, what may be seen is shown once it is handed over again.
/// Threads: any. Blocks: never.
#[unsafe(no_mangle)]
pub extern "C" fn sr_mask_level() -> sr_masking_level {
    guard(|| {
        instance::with(|replay| {
            Ok(match replay.mask_level() {
                MaskLevel::Conservative => sr_masking_level::SR_MASK_LEVEL_CONSERVATIVE,
                MaskLevel::Medium => sr_masking_level::SR_MASK_LEVEL_MEDIUM,
                MaskLevel::Light => sr_masking_level::SR_MASK_LEVEL_LIGHT,
            })
        })
    })
}

/// Statistics of this recording, as a JSON object: what was recorded, refused, dropped and delivered, what waits, the last
/// error, and, if nothing is captured, why ("state", "advice"). docs/guide/c-api.md explains each member.
/// NULL before sr_init and after sr_shutdown.
///
/// Ownership: the caller's, to be freed with sr_string_free.
/// Threads: any. Blocks: never.
#[must_use]
#[unsafe(no_mangle)]
pub extern "C" fn sr_stats() -> *mut c_char {
    guard(|| instance::with(|replay| Ok(into_c_string(replay.stats().to_string()))))
}
