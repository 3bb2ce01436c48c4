//! What a program does beside what it shows: log lines and requests.

use std::ffi::c_char;

use super::arguments::{self, Growing};
use super::boundary::guard;
use super::instance;
use super::log::sr_log_level;
use super::status::sr_status;
use crate::companions::{LogSeverity, RequestInfo};
use crate::error::Error;

/// An HTTP request of the program that has ended, well or not. Set size, zero the rest (in C: = {0}), then set what you know.
/// Later versions may add members at the end.
#[allow(non_camel_case_types)]
#[repr(C)]
#[derive(Clone, Copy)]
pub struct sr_request_info {
    /// sizeof(sr_request_info).
    pub size: u32,
    /// The status of the response, like 200; 0: there was none.
    pub status: u32,
    /// Like "POST", in UTF-8; NULL: "GET". Cut after 32 bytes.
    pub method: *const c_char,
    /// Where it went, in UTF-8. Cut after 8192 bytes. Needed.
    pub url: *const c_char,
    /// When it began, in milliseconds since 1970; 0: as long ago as it took. A time in the future counts as now.
    pub started_ms: i64,
    /// How long it took, in milliseconds.
    pub duration_ms: u64,
    /// The headers that were sent, as HTTP writes them: "Name: value" a line, in UTF-8; NULL: not known.
    pub request_headers: *const c_char,
    /// Those of the response. Of several blocks, each of which begins with its "HTTP/" line, the last one counts.
    pub response_headers: *const c_char,
    /// What was sent; NULL: not known. Kept only where loggingConfig says so ("network", "body"), as is the response's.
    pub request_body: *const c_char,
    /// Its bytes.
    pub request_body_length: usize,
    /// What came back; NULL: not known.
    pub response_body: *const c_char,
    /// Its bytes.
    pub response_body_length: usize,
    /// Why there is no response, in words, in UTF-8; NULL: there is one. Cut after 1024 bytes.
    pub error: *const c_char,
}

// SAFETY: numbers and pointers.
unsafe impl Growing for sr_request_info {
    const FIRST_SIZE: usize = size_of::<Self>();
}

/// Records a line of the program's own log: it stands in the replay as a line of the console. For the sink of your logger.
///
/// level: an sr_log_level; SR_LOG_DEBUG stands as "log", the others under their names. message: in UTF-8, ends in NUL, is copied
/// and cut after 8192 bytes. Secrets in it are masked: docs/guide/logs-and-requests.md has the table.
/// Returns SR_OK and the others as sr_record does; in a program with views never SR_NEEDS_FULL_SNAPSHOT; SR_NOT_CAPTURED also where
/// loggingConfig says so ("console": not enabled, or without this level), and for what is more than 4,000 lines or 2 MB at once and then
/// 200 lines or 200 kB a second: a line in front of a later one says how many were left out. Where loggingConfig says nothing, every
/// line is recorded. While the remote configuration is awaited the option decides, and before it is sent the server's answer does, too.
/// SR_ERROR_INVALID_ARGUMENT for another level.
/// Threads: any; the lines of one thread keep their order. Blocks: as sr_record. While nothing is captured it returns at once.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sr_record_log(level: u32, message: *const c_char) -> sr_status {
    guard(|| {
        instance::with(|replay| {
            // SAFETY: the caller's promise.
            let message = unsafe { arguments::text("message", message)? };
            let severity = severity_of(level)
                .ok_or_else(|| Error::InvalidArgument(format!("level ({level}) is none of sr_log_level")))?;
            replay.record_log(severity, message).map(sr_status::from)
        })
    })
}

/// Records an HTTP request of the program, once it has ended: it stands in the replay as one of a page does. For the place where
/// your program calls its HTTP library.
///
/// What is kept, loggingConfig says ("network"). Where it says nothing, all but the bodies, and of the headers those that are
/// known to be safe; {"network":{"enabled":true}} alone keeps every header. Secrets are masked always: in headers, in the URL, in bodies; docs/guide/logs-and-requests.md has the table.
/// The option interactionConfig.ugcFilterRules holds for the URL.
/// Returns SR_OK and the others as sr_record does; in a program with views never SR_NEEDS_FULL_SNAPSHOT; SR_NOT_CAPTURED also where
/// loggingConfig says so, and for what is more at once than of lines. SR_ERROR_INVALID_ARGUMENT when the URL is NULL or empty.
/// Threads: any; the requests of one thread keep their order. Blocks: as sr_record. While nothing is captured it returns at once.
///
/// request and all that it points to is copied; NULL is refused.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sr_record_request(request: *const sr_request_info) -> sr_status {
    guard(|| {
        instance::with(|replay| {
            // SAFETY: the caller's promise.
            let request = unsafe { arguments::sized("request", request)? };
            // SAFETY: the same.
            let info = unsafe { request_info(&request)? };
            replay.record_request(&info).map(sr_status::from)
        })
    })
}

/// # Safety
/// The texts of the request end in NUL, its bodies have their lengths, and none of them changes while the result is used.
unsafe fn request_info(request: &sr_request_info) -> Result<RequestInfo<'_>, Error> {
    // SAFETY: passed on to the caller.
    let text = |name: &str, text| unsafe { arguments::optional_text(&format!("request.{name}"), text) };
    let body = |name: &str, bytes: *const c_char, length| match bytes.is_null() {
        true => Ok(None),
        // SAFETY: not NULL, so it points to `length` bytes: passed on to the caller.
        false => unsafe { arguments::bytes(&format!("request.{name}"), bytes, length).map(Some) },
    };
    let url = text("url", request.url)?.filter(|url| !url.is_empty());
    Ok(RequestInfo {
        method: text("method", request.method)?.unwrap_or_default(),
        url: url.ok_or_else(|| {
            Error::InvalidArgument("request.url is NULL or empty: say where the request went".to_owned())
        })?,
        started_ms: request.started_ms.max(0),
        duration_ms: request.duration_ms,
        status: request.status,
        request_headers: text("request_headers", request.request_headers)?.unwrap_or_default(),
        response_headers: text("response_headers", request.response_headers)?.unwrap_or_default(),
        request_body: body("request_body", request.request_body, request.request_body_length)?,
        response_body: body("response_body", request.response_body, request.response_body_length)?,
        error: text("error", request.error)?,
    })
}

fn severity_of(level: u32) -> Option<LogSeverity> {
    const ERROR: u32 = sr_log_level::SR_LOG_ERROR as u32;
    const WARN: u32 = sr_log_level::SR_LOG_WARN as u32;
    const INFO: u32 = sr_log_level::SR_LOG_INFO as u32;
    const DEBUG: u32 = sr_log_level::SR_LOG_DEBUG as u32;
    Some(match level {
        ERROR => LogSeverity::Error,
        WARN => LogSeverity::Warn,
        INFO => LogSeverity::Info,
        DEBUG => LogSeverity::Debug,
        _ => return None,
    })
}
