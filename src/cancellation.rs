//! Keeps `pthread_cancel` out while the library works.
//!
//! A thread that was cancelled ends at the next cancellation point, of which `open`, `write`, `fsync` and what else waits
//! are some. glibc unwinds its stack by force, which must not meet a frame of ours: Rust ends the process there. musl and
//! macOS end the thread without unwinding, and a lock that it holds stays held for good. So a call of ours holds
//! cancellation off, and the thread ends at the first cancellation point of its own afterwards.
//!
//! Asynchronous cancellation (`PTHREAD_CANCEL_ASYNCHRONOUS`) may strike at any instruction, also the one that gives the
//! state back, and before the first of ours. No library can be called under it; the header says so.

use std::marker::PhantomData;

/// As long as this lives, the thread is not cancelled. They nest: each gives back what it found.
pub(crate) struct HeldOff {
    before: system::State,
    /// The state belongs to the thread.
    _not_send: PhantomData<*const ()>,
}

/// Holds cancellation off. Makes no system call, and is no cancellation point itself: it may be called between `fork` and
/// `exec`, and while a thread ends.
pub(crate) fn hold_off() -> HeldOff {
    HeldOff { before: system::disable(), _not_send: PhantomData }
}

/// Holds cancellation off until the thread has ended: in what the standard library does after its function, too.
pub(crate) fn hold_off_for_good() {
    std::mem::forget(hold_off());
}

impl Drop for HeldOff {
    #[cfg_attr(
        not(unix),
        allow(clippy::unit_arg, reason = "without cancellation there is nothing to restore")
    )]
    fn drop(&mut self) {
        system::restore(self.before);
    }
}

/// Android has no cancellation, and Windows nothing like it.
#[cfg(all(unix, not(target_os = "android")))]
mod system {
    use std::ffi::c_int;
    use std::ptr;

    pub type State = c_int;

    const DISABLE: State = if cfg!(target_vendor = "apple") { 0 } else { 1 };

    // POSIX's; the crate libc has it for some systems only.
    unsafe extern "C" {
        fn pthread_setcancelstate(state: c_int, before: *mut c_int) -> c_int;
    }

    pub fn disable() -> State {
        let mut before = DISABLE;
        // SAFETY: `before` has room for the answer, and keeps its value where there is none.
        unsafe { pthread_setcancelstate(DISABLE, &raw mut before) };
        before
    }

    pub fn restore(before: State) {
        // SAFETY: a state that this thread had; nobody wants to know the one that ends here. With deferred cancellation
        // it only sets the state.
        unsafe { pthread_setcancelstate(before, ptr::null_mut()) };
    }
}

#[cfg(not(all(unix, not(target_os = "android"))))]
mod system {
    pub type State = ();

    pub fn disable() -> State {}

    pub fn restore((): State) {}
}
