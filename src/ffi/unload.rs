//! Keeps the library loaded where a thread of its own outlives the recorder.

/// A thread of ours hangs in the operating system and will return into this library: unloading the library must
/// not take its code away. (Rivals' hosts have crashed that way.)
#[cfg(unix)]
pub(super) fn stay_loaded() {
    use std::mem::MaybeUninit;

    let mut place = MaybeUninit::<libc::Dl_info>::zeroed();
    // SAFETY: the address is one of this library's, and `place` has room for the answer. All-zero is a valid
    // Dl_info, so it may be read whatever the answer is.
    let place = unsafe {
        libc::dladdr(stay_loaded as *const libc::c_void, place.as_mut_ptr());
        place.assume_init()
    };
    if !place.dli_fname.is_null() {
        // SAFETY: dladdr gave a C string that lives as long as this library. Opening a library that is open only
        // counts its use; that use is never given back.
        unsafe { libc::dlopen(place.dli_fname, libc::RTLD_NOW | libc::RTLD_NODELETE) };
    }
}

#[cfg(not(unix))]
pub(super) fn stay_loaded() {}
