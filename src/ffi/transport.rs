//! The host's own HTTP client.

use std::collections::HashMap;
use std::ffi::{CString, c_char, c_void};
use std::sync::Arc;

use super::arguments;
use super::boundary::guard;
use super::fork;
use super::instance;
use super::status::sr_status;
use super::user_data::UserData;
use crate::delivery::{HostHttp, HostRequest, HostResponse, SKIPPED};
use crate::error::Error;

/// An HTTP request for the host to make. Later versions may add members at the end.
///
/// Everything in it belongs to the library and is valid during the callback only: copy what you need longer.
#[allow(non_camel_case_types)]
#[repr(C)]
pub struct sr_request {
    /// The id to pass to sr_respond. Never 0, never reused in this process.
    pub id: u64,
    /// "POST" or "GET".
    pub method: *const c_char,
    /// The URL.
    pub url: *const c_char,
    /// The headers as a JSON object of texts, like {"Content-Type": "application/json"}. Send exactly these.
    pub headers_json: *const c_char,
    /// The body: body_length bytes, which may contain zeros; NULL when there is none.
    pub body: *const c_char,
    /// Length of body in bytes.
    pub body_length: usize,
    /// Milliseconds within which the response must come. A later one is ignored and counts as none.
    pub timeout_ms: u32,
}

/// Makes an HTTP request, or starts it: pass the response to sr_respond, from any thread, now or later. Runs on the thread
/// sr-sender. It has to return: an exception that leaves it ends the process; longjmp out of it and pthread_exit in it are
/// undefined.
#[allow(non_camel_case_types)]
pub type sr_transport_callback =
    Option<unsafe extern "C" fn(user_data: *mut c_void, request: *const sr_request)>;

/// Sets the callback that makes the library's HTTP requests, for example with Electron's net or through a proxy that asks
/// for a password; NULL: the library makes them itself, the default. Call it before sr_init if the library must not make
/// even the first request; in a forked process, only after sr_init.
///
/// The callback runs on the thread sr-sender, one call at a time, and should return soon: sr_shutdown waits for it,
/// at most for the timeout of sr_shutdown.
/// It may call any sr_ function but sr_shutdown, and sr_flush only with 0. There is one request at a time.
/// Don't follow redirects. When this returns, the previous callback is not called any more, and is not running. Inside
/// a callback of the library's (as listed at sr_set_filter) this does not wait: a call of the previous one may then still be running.
/// Returns SR_OK, or SR_ERROR_FORKED. Threads: any. Blocks: while the previous callback is running; inside a callback, never.
#[unsafe(no_mangle)]
pub extern "C" fn sr_set_transport(callback: sr_transport_callback, user_data: *mut c_void) -> sr_status {
    guard(|| {
        fork::refuse_fork()?;
        let user_data = UserData(user_data);
        let http = callback.map(|callback| -> HostHttp {
            Arc::new(move |request| {
                let user_data = &user_data;
                let strings = Strings::of(request);
                let request = strings.request(request);
                // SAFETY: the host gave this function and pointer for this use, and has not taken them back:
                // the transport waits for a running call before it replaces the callback. That it returns, and is
                // not left by an exception or longjmp, is the host's promise (the header); an exception gets no
                // further than here, where "C" ends the process. The thread is ours and can't be cancelled.
                unsafe { callback(user_data.0, &raw const request) };
            })
        });
        instance::transport().set_http(http);
        Ok(sr_status::SR_OK)
    })
}

/// Passes the response to a request of the transport callback.
///
/// request_id: the id of the request. http_status: the status code of the server, 100 to 599; 0 when there was no
/// response: then body may hold the reason, UTF-8. headers_json: the headers of the response as a JSON object, names in any
/// case; NULL when there are none. body: body_length bytes, of which the first megabyte is read; NULL when there is none.
/// All is copied. If the body broke off, pass 0. If you can't tell, pass the headers: a body that is shorter than its
/// Content-Length (without a Content-Encoding) never leads to a drop.
///
/// Returns SR_OK; SR_ERROR_TIMEOUT when the request is not in progress any more, because it timed out, the recording was
/// shut down, or a response was passed before; SR_ERROR_INVALID_ARGUMENT; SR_ERROR_FORKED.
/// Threads: any, also from inside the callback. Blocks: never.
///
/// headers_json is NULL or points to text that ends in NUL; body is NULL or points to body_length bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sr_respond(
    request_id: u64,
    http_status: u32,
    headers_json: *const c_char,
    body: *const c_char,
    body_length: usize,
) -> sr_status {
    guard(|| {
        fork::refuse_fork()?;
        // SAFETY: the caller's promise.
        let (headers, body) = unsafe {
            let headers = arguments::optional_text("headers_json", headers_json)?;
            let body = match body.is_null() && body_length == 0 {
                true => &[],
                false => arguments::bytes("body", body, body_length)?,
            };
            (headers, body)
        };
        let response = host_response(http_status, headers, body)?;
        match instance::transport().respond(request_id, response) {
            true => Ok(sr_status::SR_OK),
            false => Err(Error::NoSuchRequest(request_id)),
        }
    })
}

fn host_response(status: u32, headers: Option<&str>, body: &[u8]) -> Result<HostResponse, Error> {
    const MAX: usize = 1 << 20;
    let body = &body[..body.len().min(MAX)];
    let headers = headers.map(Headers::parse).transpose()?.unwrap_or_default();
    let is_whole =
        headers.promise().is_none_or(|promised| promised <= body.len() as u64 || body.len() == MAX);
    match u16::try_from(status) {
        Ok(0) => Ok(HostResponse::Failed(match body {
            [] => "sr_respond was given the status 0".to_owned(),
            said => String::from_utf8_lossy(said).into_owned(),
        })),
        Ok(status @ 100..=599) => Ok(HostResponse::Received {
            status,
            skipped: headers.get(SKIPPED),
            body: body.to_vec(),
            is_whole,
        }),
        _ => {
            Err(Error::InvalidArgument(format!("http_status must be 0 or from 100 to 599, but is {status}")))
        }
    }
}

/// The headers of a response, with their names in any case.
#[derive(Default)]
struct Headers(HashMap<String, serde_json::Value>);

impl Headers {
    fn parse(json: &str) -> Result<Self, Error> {
        serde_json::from_str(json).map(Self).map_err(|error| {
            Error::InvalidArgument(format!("headers_json is not a JSON object of headers: {error}"))
        })
    }

    fn get(&self, name: &str) -> Option<String> {
        let (_, value) = self.0.iter().find(|(known, _)| known.eq_ignore_ascii_case(name))?;
        Some(match value {
            serde_json::Value::String(text) => text.clone(),
            // Some clients give a list of values, some a number.
            serde_json::Value::Array(values) => {
                values.iter().find_map(|v| v.as_str()).unwrap_or("").to_owned()
            }
            other => other.to_string(),
        })
    }

    /// The length that the body must have. Of one that was packed, the client tells what is in it, not what came.
    fn promise(&self) -> Option<u64> {
        let is_plain = self.get("content-encoding").is_none_or(|how| how.eq_ignore_ascii_case("identity"));
        if is_plain { self.get("content-length")?.trim().parse().ok() } else { None }
    }
}

/// The texts of a request, as C wants them.
struct Strings {
    method: CString,
    url: CString,
    headers: CString,
}

impl Strings {
    fn of(request: &HostRequest) -> Self {
        let text = |text: &str| CString::new(text.replace('\0', "")).unwrap_or_default();
        let headers: serde_json::Map<_, _> =
            request.headers.iter().map(|(name, value)| ((*name).to_owned(), value.as_str().into())).collect();
        Self {
            method: text(request.method),
            url: text(request.url),
            headers: text(&serde_json::Value::from(headers).to_string()),
        }
    }

    fn request(&self, request: &HostRequest) -> sr_request {
        let body = match request.body {
            [] => std::ptr::null(),
            body => body.as_ptr().cast(),
        };
        sr_request {
            id: request.id,
            method: self.method.as_ptr(),
            url: self.url.as_ptr(),
            headers_json: self.headers.as_ptr(),
            body,
            body_length: request.body.len(),
            timeout_ms: u32::try_from(request.timeout.as_millis()).unwrap_or(u32::MAX),
        }
    }
}
