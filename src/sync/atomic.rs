//! The atomics of the lock-free part: the standard library's; and in its model, under `cfg(loom)`, loom's, which try every order
//! that the memory model allows. `make test-loom` runs it.

#[cfg(not(all(test, loom)))]
mod imp {
    pub(crate) use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicU32, AtomicU64, Ordering, fence};
    pub(crate) use std::thread_local;
}

#[cfg(all(test, loom))]
mod imp {
    pub(crate) use loom::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering, fence};

    /// As the standard library's, of a constant.
    macro_rules! thread_local_of_loom {
        ($(#[$attribute:meta])* static $name:ident: $type:ty = const { $initial:expr };) => {
            loom::thread_local! { $(#[$attribute])* static $name: $type = $initial; }
        };
    }
    pub(crate) use thread_local_of_loom as thread_local;

    /// Counts how the runs of a model ended, so that one that looked at too little does not pass. Not part of the model.
    #[derive(Clone, Copy)]
    pub(crate) struct RunCounter(&'static [std::sync::atomic::AtomicU64; 4]);

    impl RunCounter {
        pub fn new() -> Self {
            Self(Box::leak(Box::default()))
        }

        /// One more run ended like this.
        pub fn note(self, end: usize) {
            self.0[end].fetch_add(1, Ordering::Relaxed);
        }

        /// Each of so many ends was met.
        pub fn assert_all(self, ends: usize) {
            assert!(self.0[..ends].iter().all(|end| end.load(Ordering::Relaxed) > 0), "{:?}", self.0);
        }
    }

    /// As loom's, but made in a constant: what loom keeps of it begins with its first use in a model.
    pub(crate) struct AtomicPtr<T> {
        initial: std::sync::atomic::AtomicPtr<T>,
        modelled: std::sync::OnceLock<loom::sync::atomic::AtomicPtr<T>>,
    }

    impl<T> AtomicPtr<T> {
        pub const fn new(initial: *mut T) -> Self {
            let initial = std::sync::atomic::AtomicPtr::new(initial);
            Self { initial, modelled: std::sync::OnceLock::new() }
        }

        fn modelled(&self) -> &loom::sync::atomic::AtomicPtr<T> {
            let initial = self.initial.load(Ordering::Relaxed);
            self.modelled.get_or_init(|| loom::sync::atomic::AtomicPtr::new(initial))
        }

        pub fn load(&self, order: Ordering) -> *mut T {
            self.modelled().load(order)
        }

        pub fn store(&self, pointer: *mut T, order: Ordering) {
            self.modelled().store(pointer, order);
        }
    }
}

pub(crate) use imp::*;
