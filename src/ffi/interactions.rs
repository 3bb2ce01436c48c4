//! Clicks and scroll depth, for heatmaps.

use std::ffi::c_char;

use super::arguments;
use super::boundary::guard;
use super::instance;
use super::status::sr_status;

/// Records a click or a scroll depth for heatmaps, where interactionConfig is on (the option, or the remote configuration). It is
/// no event of the replay, and travels in requests of its own. Pages that the web recorder records tell theirs by themselves.
///
/// event_json: a JSON object of at most 32,000 bytes, in UTF-8; copied. A click: {"type":"click","x":…,"y":…,"selector":…,
/// "viewportWidth":…,"viewportHeight":…,"pageUrl":…,"timestamp":…}, of which the selector may be missing. A scroll:
/// {"type":"scroll","maxScrollX":…,"maxScrollY":…,"maxScrollWidth":…,"maxScrollHeight":…,"viewportWidth":…,"viewportHeight":…,
/// "pageUrl":…,"timestamp":…}. Pixels of CSS from the top left of the page; timestamp in milliseconds since 1970.
/// docs/guide/heatmaps.md says more.
/// Returns SR_OK; SR_NOT_STORED (recorded in memory only); SR_NOT_CAPTURED (not recorded: the session is not captured, or
/// interactionConfig is not on); SR_ERROR_INVALID_JSON when it is not as above, and sr_last_error() names the member;
/// SR_ERROR_EVENT_TOO_LARGE; SR_ERROR_BUFFER_FULL; SR_ERROR_STORAGE.
/// With a storageDir, an interaction for which SR_OK was returned survives as an event does: see sr_record.
/// Threads: any. Blocks: the first of a session and of a batch (30 to 60 s) makes a file with a storageDir.
///
/// event_json points to text that ends in NUL; NULL is refused.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sr_record_interaction(event_json: *const c_char) -> sr_status {
    guard(|| {
        instance::with(|replay| {
            // SAFETY: the caller's promise.
            let interaction = unsafe { arguments::text("event_json", event_json)? };
            replay.record_interaction(interaction).map(sr_status::from)
        })
    })
}
