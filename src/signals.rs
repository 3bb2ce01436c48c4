//! The host's signals are for the host's threads: ours inherit a mask that keeps its handlers off them.
//!
//! Three kinds, each with its own answer:
//! - What an instruction or a system call of the thread itself raises stays open ([`FAULTS`]): blocked, it would end the
//!   process without the host's handler, which may be a crash reporter or the broker of a sandbox.
//! - What others send is blocked, SIGPROF and the real-time signals included: a handler that runs here would interrupt
//!   system calls of ours, on a stack that the host did not size, and a profiler would count us as its host.
//! - The signals that glibc and musl use inside (cancellation, setuid) stay open: `sigfillset` and `pthread_sigmask` leave
//!   them out by themselves.
//!
//! SIGPIPE and SIGXFSZ are raised by system calls, too, and stay blocked: then the call fails with an error, which we
//! handle, and nobody is killed.

#[cfg(unix)]
pub(crate) use unix::SignalsBlocked;

#[cfg(not(unix))]
pub(crate) struct SignalsBlocked;

#[cfg(not(unix))]
impl SignalsBlocked {
    pub fn here() -> Self {
        Self
    }
}

#[cfg(unix)]
mod unix {
    use std::mem::MaybeUninit;
    use std::ptr;

    /// Raised by an instruction or a system call of the thread itself: blocked, they would end the process unheard.
    /// SIGSYS is what a seccomp filter answers with.
    const FAULTS: &[libc::c_int] = &[
        libc::SIGSEGV,
        libc::SIGBUS,
        libc::SIGILL,
        libc::SIGFPE,
        libc::SIGTRAP,
        libc::SIGABRT,
        libc::SIGSYS,
        #[cfg(any(
            target_vendor = "apple",
            target_os = "freebsd",
            target_os = "netbsd",
            target_os = "openbsd",
            target_os = "dragonfly"
        ))]
        libc::SIGEMT,
    ];

    /// As long as this lives no signal but a fault of its own is delivered to this thread, nor ever to the threads that
    /// it starts.
    pub(crate) struct SignalsBlocked {
        before: libc::sigset_t,
        /// The mask belongs to the thread.
        _not_send: std::marker::PhantomData<*const ()>,
    }

    impl SignalsBlocked {
        pub fn here() -> Self {
            // SAFETY: sigfillset gives `all` a value before it is read; `before` is given one by pthread_sigmask, and
            // is valid all-zero too, should that fail.
            unsafe {
                let mut all = MaybeUninit::<libc::sigset_t>::zeroed();
                let mut before = MaybeUninit::<libc::sigset_t>::zeroed();
                libc::sigfillset(all.as_mut_ptr());
                for &fault in FAULTS {
                    libc::sigdelset(all.as_mut_ptr(), fault);
                }
                libc::pthread_sigmask(libc::SIG_BLOCK, all.as_ptr(), before.as_mut_ptr());
                Self { before: before.assume_init(), _not_send: std::marker::PhantomData }
            }
        }
    }

    impl Drop for SignalsBlocked {
        fn drop(&mut self) {
            // SAFETY: the mask that this thread had.
            unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, &raw const self.before, ptr::null_mut()) };
        }
    }
}
