//! What a host hands over with a callback.

use std::ffi::c_void;

/// The host's pointer, handed back to it and never followed.
pub(super) struct UserData(pub *mut c_void);
// SAFETY: the header says that a callback, and so its user_data, is used on threads other than its own.
unsafe impl Send for UserData {}
// SAFETY: as above; the header says of each callback from how many threads at a time it is called. None of ours follows
// the pointer, so nothing here rests on how a callback is left.
unsafe impl Sync for UserData {}
