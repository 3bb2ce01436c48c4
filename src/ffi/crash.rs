//! What a crash handler may call.

use super::status::sr_status;
use crate::storage::mark_crash;

/// Notes that this process crashes, so that the next start with the same key and storageDir tells of it: "crashes" in its
/// sr_stats(), and a line of its log. The events need no help: what was recorded is safe already.
///
/// code is for the reader: the number of the signal, say. Of several calls the last one counts.
/// Returns SR_OK; SR_ERROR_NOT_INITIALIZED when nothing is recording with a storageDir. Leaves sr_last_error() as it is.
/// Threads: any; and, as the only function of this library, from a signal handler, of a thread that is anywhere, in this
/// library too. It takes no lock, allocates nothing and touches no file. Blocks: never.
#[unsafe(no_mangle)]
pub extern "C" fn sr_mark_crash(code: i32) -> sr_status {
    if mark_crash(code) { sr_status::SR_OK } else { sr_status::SR_ERROR_NOT_INITIALIZED }
}
