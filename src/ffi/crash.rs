//! The call for crash handlers.

use super::status::sr_status;
use crate::storage::mark_crash;

/// For a crash handler: marks the current run as crashed. The next start with the same key and storageDir reports it:
/// "crashes" in its sr_stats(), and a line of its log. Events need no such call: what was recorded is safe already.
///
/// code is any number for the reader, for example that of the signal. Of several calls the last one counts.
/// Returns SR_OK; SR_ERROR_NOT_INITIALIZED when nothing is recording with a storageDir. Does not change sr_last_error().
/// Threads: any. It is the only function of this library that may be called from a signal handler, also one that
/// interrupted this library: it takes no lock, allocates nothing and makes no system call. Blocks: never.
#[unsafe(no_mangle)]
pub extern "C" fn sr_mark_crash(code: i32) -> sr_status {
    if mark_crash(code) { sr_status::SR_OK } else { sr_status::SR_ERROR_NOT_INITIALIZED }
}
