//! The log.

use std::ffi::{CString, c_char, c_void};
use std::sync::Arc;

use serde_json::json;

use super::{arguments::into_c_string, boundary::guard, fork, instance, user_data::UserData};
use crate::log::LogSink;
use crate::options::LogLevel;

/// How severe a line of the log is.
#[allow(non_camel_case_types)]
#[allow(clippy::upper_case_acronyms)]
#[repr(i32)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum sr_log_level {
    /// Somebody has to act.
    SR_LOG_ERROR = 1,
    /// Something was refused or dropped.
    SR_LOG_WARN = 2,
    /// Sessions, batches.
    SR_LOG_INFO = 3,
    /// Everything.
    SR_LOG_DEBUG = 4,
}

/// Receives one line of the log: UTF-8, ends in NUL, valid during the call only. Runs on a thread of the library. It has
/// to return: an exception that leaves it ends the process; longjmp out of it and pthread_exit in it are undefined.
#[allow(non_camel_case_types)]
pub type sr_log_callback =
    Option<unsafe extern "C" fn(user_data: *mut c_void, level: sr_log_level, message: *const c_char)>;

/// Sets the log callback; NULL removes it. The option logLevel says which lines it receives. May be called before sr_init;
/// in a forked process, only after sr_init.
///
/// The callback runs on the library's threads, one call at a time, never on a thread of the host. It may call
/// any sr_ function but sr_shutdown, and sr_flush only with 0. When this returns, the previous callback is not
/// called any more, and is not running. Inside a callback of the library's (as listed at sr_set_filter) this does not wait: a call of the
/// previous one may then still be running.
/// Threads: any. Blocks: while the previous callback is running; inside a callback, never.
#[unsafe(no_mangle)]
pub extern "C" fn sr_set_log_callback(callback: sr_log_callback, user_data: *mut c_void) {
    guard(|| {
        fork::refuse_fork()?;
        let user_data = UserData(user_data);
        let sink = callback.map(|callback| -> LogSink {
            Arc::new(move |level, line: &str| {
                let user_data = &user_data;
                let line = CString::new(line.replace('\0', "\u{fffd}")).unwrap_or_default();
                // SAFETY: the host gave this function and pointer for this use, and has not taken them back:
                // the log waits for a running call before it replaces the callback. That it returns, and is not left
                // by an exception or longjmp, is the host's promise (the header); an exception gets no further than
                // here, where "C" ends the process. The thread is ours and can't be cancelled.
                unsafe { callback(user_data.0, level.into(), line.as_ptr()) };
            })
        });
        instance::log().set_sink(sink);
        Ok(())
    });
}

/// The lines of the log since the last call, for hosts that can't be called back (an event loop in another language): a
/// JSON array of {"level": "error" | "warn" | "info" | "debug", "message": text}, oldest first, at most the last 256; NULL
/// when there are none. Lines are kept from the first call on, so call it once before sr_init. While a log callback is
/// set, it receives the lines instead.
///
/// Ownership: the caller's, to be freed with sr_string_free.
/// Threads: any. Blocks: never.
#[must_use]
#[unsafe(no_mangle)]
pub extern "C" fn sr_take_log() -> *mut c_char {
    guard(|| {
        fork::refuse_fork()?;
        let lines = instance::log().take();
        if lines.is_empty() {
            return Ok(std::ptr::null_mut());
        }
        let lines =
            lines.into_iter().map(|(level, message)| json!({ "level": level.as_str(), "message": message }));
        Ok(into_c_string(serde_json::Value::from_iter(lines).to_string()))
    })
}

impl From<LogLevel> for sr_log_level {
    fn from(level: LogLevel) -> Self {
        match level {
            LogLevel::None | LogLevel::Error => Self::SR_LOG_ERROR,
            LogLevel::Warn => Self::SR_LOG_WARN,
            LogLevel::Info => Self::SR_LOG_INFO,
            LogLevel::Debug => Self::SR_LOG_DEBUG,
        }
    }
}
