//! The host's own HTTP, for hosts that can't be called back: they take each request.

use std::ffi::c_char;

use serde_json::{Map, Value, json};

use super::arguments::{self, into_c_string};
use super::boundary::guard;
use super::fork;
use super::instance;
use super::status::sr_status;
use crate::delivery::TakenRequest;
use crate::error::Error;

/// Takes the request that waits for the host to make it: for hosts that can't be called back, as an event loop in another
/// language. The option hostRequests says which requests wait here; sr_set_transport is for all others.
///
/// Returns a JSON object {"id": number, "kind": "events" | "config", "method": "POST" | "GET", "url": text, "headers": object of
/// texts, "bodyLength": bytes, "timeoutMs": milliseconds}; NULL when no request waits. Ask a few times a second, and more often
/// while you wait for sr_flush_poll or for the remote configuration. Each request is given once, and there is one at a time. Get
/// its body with sr_request_body, send exactly these headers, don't follow redirects, and pass the response to sr_respond. It has
/// to come within timeoutMs, which begin with this call; a later one is ignored and counts as none. A request that nobody takes
/// for 10 seconds counts as one whose server can't be reached. While a transport callback is set, it is given all
/// requests. Before sr_init and after sr_shutdown none waits.
/// Ownership: the caller's, to be freed with sr_string_free.
/// Threads: any. Blocks: never.
#[must_use]
#[unsafe(no_mangle)]
pub extern "C" fn sr_take_request() -> *mut c_char {
    guard(|| {
        fork::refuse_fork()?;
        let request = instance::transport().take_request();
        Ok(request.map_or(std::ptr::null_mut(), |request| into_c_string(described(request))))
    })
}

/// Copies the body of a request that sr_take_request gave: bodyLength bytes, which may contain zeros.
///
/// body: room for length bytes, at least for bodyLength of them; NULL with the length 0 is fine for a request without a body.
/// Returns SR_OK; SR_ERROR_TIMEOUT when the request is not in progress any more, as with sr_respond; SR_ERROR_INVALID_ARGUMENT
/// when length is less than bodyLength: then nothing is copied; SR_ERROR_FORKED.
/// Threads: any. Blocks: never.
///
/// body is NULL or points to length bytes, which nobody else uses during the call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sr_request_body(request_id: u64, body: *mut c_char, length: usize) -> sr_status {
    guard(|| {
        fork::refuse_fork()?;
        let request = instance::transport().request_body(request_id);
        let bytes = request.ok_or(Error::NoSuchRequest(request_id))?;
        // SAFETY: the caller's promise.
        unsafe { arguments::copy_out("body", bytes.as_deref().unwrap_or_default(), body, length)? };
        Ok(sr_status::SR_OK)
    })
}

fn described(request: TakenRequest) -> String {
    let TakenRequest { id, kind, method, url, headers, body_length, timeout } = request;
    let headers: Map<String, Value> =
        headers.into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect();
    let timeout_ms = u32::try_from(timeout.as_millis()).unwrap_or(u32::MAX);
    json!({
        "id": id,
        "kind": kind.as_str(),
        "method": method,
        "url": url,
        "headers": headers,
        "bodyLength": body_length,
        "timeoutMs": timeout_ms,
    })
    .to_string()
}
