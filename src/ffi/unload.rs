//! Keeps the library loaded while threads of its own run: unloading it must not take their code away. (Rivals' hosts have
//! crashed that way.)

/// For good, from now on: a thread of ours hangs in the operating system and will return into this library.
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

#[cfg(windows)]
pub(super) use windows::{hold, let_go, stay_loaded};

/// Where the C library keeps what threads with values of this library live in, there is nothing to do.
#[cfg(unix)]
pub(super) fn hold() {}

/// See [`hold`].
#[cfg(unix)]
pub(super) fn let_go() {}

#[cfg(windows)]
mod windows {
    use std::ptr;

    use windows_sys::Win32::Foundation::{FreeLibrary, HMODULE};
    use windows_sys::Win32::System::LibraryLoader::{
        GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS, GET_MODULE_HANDLE_EX_FLAG_PIN,
        GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT, GetModuleHandleExW,
    };

    use super::super::holds::Holds;

    /// The uses of this library that [`hold`] counted.
    static HOLDS: Holds = Holds::none();

    /// For good, from now on.
    pub fn stay_loaded() {
        let _ = module(GET_MODULE_HANDLE_EX_FLAG_PIN);
    }

    /// For one recorder, until its [`let_go`]: a host that unloads the library without shutting down takes no code away from its
    /// threads.
    pub fn hold() {
        HOLDS.hold(|| !module(0).is_null());
    }

    /// The threads of one recorder have ended: if it was the last, the library may go. Only for a thread of the host in a call into
    /// the library, which the host has loaded, then: what this thread runs must not go.
    pub fn let_go() {
        HOLDS.let_go(|| give_back(module(GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT)));
    }

    /// This library, of which that is one more use where the flags don't say otherwise; null where the system does not give it.
    fn module(flags: u32) -> HMODULE {
        let mut module = ptr::null_mut();
        let address = stay_loaded as *const u16;
        // SAFETY: with this flag the name is an address in the module that is meant: that of a function of this library.
        // `module` has room for the answer, and stays null where there is none.
        unsafe {
            GetModuleHandleExW(flags | GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS, address, &raw mut module)
        };
        module
    }

    fn give_back(module: HMODULE) {
        if !module.is_null() {
            // SAFETY: it is this library, whose use was counted for this recorder, and is given back once for it.
            unsafe { FreeLibrary(module) };
        }
    }
}
