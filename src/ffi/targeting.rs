//! Targeting: rules of the remote configuration that choose sessions.

use std::ffi::c_char;

use super::boundary::guard;
use super::status::sr_status;
use super::{arguments, instance};

/// Evaluates the rules of the remote configuration (sr_targeting_config) with what you know now: an analytics event, user
/// properties, the address of the page that is shown. Call it with each of these, as it happens. Events that go through
/// sr_segment_process are evaluated there. A session that once matched stays captured, also after a restart within two days.
///
/// context_json: UTF-8, ends in NUL; copied. A JSON object, all members of which are optional:
/// {"event": {"event_type": "Bought", "event_properties": {…}, "time": 1732300000000}, "userProperties": {…}, "page": {"url": "…"}}.
/// "time" is in milliseconds since 1970: without it the event does not count among the event types of the session. User properties
/// are added to those that were given before; an address replaces the one before. An "$identify" event of Amplitude's gives its "user_properties". NULL or
/// "": evaluates with what was given before.
/// Returns SR_OK while the session is captured, as by sampling where the remote configuration has no rules, or while
/// that is awaited; SR_NOT_CAPTURED: not captured, or not yet, also where it is held ("targeting" in sr_stats() says which rule decided);
/// SR_NEEDS_FULL_SNAPSHOT: the recording begins with this call, take one. SR_ERROR_INVALID_JSON; SR_ERROR_INVALID_ARGUMENT for a member that it has
/// not, or of another type (those of "event", too; null counts as absent), for more than 262,144 bytes, and for more than 128 levels.
/// Threads: any. Blocks: never; in a program with views (sr_view_place), as sr_record.
///
/// context_json points to text that ends in NUL, or is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sr_evaluate_targeting(context_json: *const c_char) -> sr_status {
    guard(|| {
        instance::with(|replay| {
            // SAFETY: the caller's promise.
            let context = unsafe { arguments::optional_text("context_json", context_json)? };
            replay.evaluate_targeting(context.unwrap_or_default()).map(sr_status::from)
        })
    })
}
