//! What a host hands over with a callback.

use std::ffi::c_void;

/// The host's pointer, handed back to it and never followed.
pub(super) struct UserData(pub *mut c_void);
// SAFETY: the header says that a callback, and so its user_data, is used on the library's threads.
unsafe impl Send for UserData {}
// SAFETY: as above; a callback is called from one thread at a time.
unsafe impl Sync for UserData {}
