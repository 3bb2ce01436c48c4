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
/// Returns SR_OK, SR_NEEDS_FULL_SNAPSHOT, SR_NOT_CAPTURED; SR_ERROR_INVALID_ARGUMENT for a text that is not allowed,
/// and for "0" and "-1", as for the numbers: they mean "no session".
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
/// delivered, unless sr_delete_stored deletes it. With the option rememberOptOut later starts hold to it, until
/// sr_set_opt_out(false): noted when this returns, so that the end of the process loses it no more; for a power cut some
/// milliseconds later.
///
/// Returns SR_OK when nothing changes, SR_NOT_CAPTURED when recording is off now, SR_NEEDS_FULL_SNAPSHOT when it is on
/// again, or SR_NOT_CAPTURED if something else keeps it off (a pause: sr_pause); SR_ERROR_STORAGE when the choice can't be
/// remembered: it holds for this run, and noting it is tried again.
/// Threads: any. Blocks: never; with rememberOptOut it makes or removes an empty file; in a program with views (sr_view_place), as
/// sr_record.
#[unsafe(no_mangle)]
pub extern "C" fn sr_set_opt_out(opt_out: bool) -> sr_status {
    guard(|| instance::with(|replay| replay.set_opt_out(opt_out).map(sr_status::from)))
}

/// Pauses recording: the host's wish, beside the user's (sr_set_opt_out). Nothing is recorded until sr_resume, and analytics events get
/// no replay properties; what was recorded before is still delivered. A second call changes nothing: one sr_resume
/// ends it. It ends with sr_shutdown, too.
///
/// Returns SR_NOT_CAPTURED; SR_OK when it is paused already.
/// Threads: any. Blocks: never; in a program with views (sr_view_place), as sr_record.
#[unsafe(no_mangle)]
pub extern "C" fn sr_pause() -> sr_status {
    guard(|| instance::with(|replay| Ok(replay.pause().into())))
}

/// Ends what sr_pause began, and no opt-out. Recording goes on in the same session, with a full snapshot.
///
/// Returns SR_NEEDS_FULL_SNAPSHOT (take one now); SR_NOT_CAPTURED if something else keeps recording off ("state" in sr_stats());
/// SR_OK when it is not paused, and in a program whose views (sr_view_place) have no page.
/// Threads: any. Blocks: never; in a program with views, as sr_record.
#[unsafe(no_mangle)]
pub extern "C" fn sr_resume() -> sr_status {
    guard(|| instance::with(|replay| Ok(replay.resume().into())))
}

/// Deletes every event that was recorded with this API key and is not delivered: of this run, of the current session too, and of
/// runs that have ended, which storageDir holds. For "delete what you know of me": opt out first (sr_set_opt_out), or recording
/// goes on with a full snapshot.
///
/// What has left has left: a request that is being made is not called back, but not made again either. Its events stay on the disk, marked as deleted, until it has
/// ended, at the latest until sr_shutdown returns; if the process is killed before, until the next start. What other living
/// processes recorded into the directory, or have taken over from runs that have ended, stays theirs: call this in each. The ids of session and device, a remembered
/// opt-out, the last remote configuration and that targeting chose the current session stay; the rest of what targeting remembers
/// goes. "dropped.deleted" in sr_stats() counts what was deleted.
/// Returns SR_OK; SR_NEEDS_FULL_SNAPSHOT where recording goes on (take one now); SR_ERROR_STORAGE when something in storageDir could
/// be neither removed nor marked as deleted, so that a later start might send it: sr_last_error() says what to do, and the rest is
/// deleted. If the process ends within this call, some of it may be left: call it again.
/// Threads: any. Blocks: while it reads what earlier runs left, if that is not done yet, and removes files: milliseconds for each
/// few megabytes; never for the network.
#[unsafe(no_mangle)]
pub extern "C" fn sr_delete_stored() -> sr_status {
    guard(|| instance::with(|replay| replay.delete_stored().map(sr_status::from)))
}

/// Makes the current session a captured one, if it is held (option onErrorSampleRate): what is kept of it is sent, and what
/// follows. A custom event "session-replay-trigger" is recorded, which tells the reason and how long the session was held. Where the
/// session is captured already, that event is recorded and nothing else happens.
///
/// reason: for the reader of the replay, like "assertion failed"; 1 to 1,000 bytes of UTF-8, ends in NUL; copied.
/// Returns SR_OK, SR_NEEDS_FULL_SNAPSHOT (take one now) or SR_NOT_STORED, as sr_record; SR_NOT_CAPTURED when there is no session
/// that is held or captured: "state" in sr_stats() says why; SR_ERROR_INVALID_ARGUMENT for a reason that is not allowed. While a held
/// session is paused, or its user idle: SR_OK; what is kept is sent, and the session is captured once recording goes on.
/// Threads: any, but not from a signal handler: a crash needs no call, the next start delivers what was held. Blocks: as sr_record.
///
/// reason points to text that ends in NUL; NULL is refused.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sr_capture_now(reason: *const c_char) -> sr_status {
    guard(|| {
        // SAFETY: the caller's promise.
        let reason = unsafe { arguments::text("reason", reason)? };
        instance::with(|replay| replay.capture_now(reason).map(sr_status::from))
    })
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

/// The address of this moment in the replay, for a support ticket or a crash report: the option replayUrlTemplate with its
/// placeholders filled in, percent-encoded. docs/guide/links.md has the templates for Amplitude's app and for the viewer.
///
/// NULL where there is no such address, and sr_last_error() says why: the option is not set, the session is not captured or the
/// remote configuration is still awaited, before sr_init and after sr_shutdown. The address has the device id and the session id
/// in it.
/// Ownership: the caller's, to be freed with sr_string_free.
/// Threads: any, but not in a handler of crashes: keep the address that you got before. Blocks: never.
#[must_use]
#[unsafe(no_mangle)]
pub extern "C" fn sr_get_session_replay_url() -> *mut c_char {
    guard(|| instance::with(|replay| replay.session_replay_url().map(into_c_string)))
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

/// What the recorder in a page is to do, as a JSON object: "privacyConfig" as sr_get_privacy_config gives it; and, where they
/// are on, "loggingConfig" (console, requests, errors) and "interactionConfig" (heatmaps, how addresses are told), of the
/// options and the remote configuration. Pass it to the recorder (`sessionReplayRecorder.setConfig`). While the remote
/// configuration is awaited ("state" in sr_stats() is "waiting-for-remote-config") the result holds only the options: call
/// again afterwards. NULL before sr_init and after sr_shutdown.
///
/// Ownership: the caller's, to be freed with sr_string_free.
/// Threads: any. Blocks: never.
#[must_use]
#[unsafe(no_mangle)]
pub extern "C" fn sr_get_page_config() -> *mut c_char {
    guard(|| instance::with(|replay| Ok(into_c_string(replay.page_config().to_string()))))
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
