//! What the process has before a recorder is there, and after it.

use std::ops::Deref;
use std::sync::Arc;

use arc_swap::ArcSwap;
use once_cell::race::OnceBox;

use crate::sync::Mutex;

/// One value for the whole process, which is made when it is first asked for, and a forked child replaces. Nobody waits for who is
/// making it: a child that is forked meanwhile would wait forever.
pub(super) struct ProcessWide<T>(OnceBox<Held<T>>);

/// An `ArcSwap` points behind the counters of its `Arc`, and with nothing else that points there a leak checker of the host's
/// calls it, and whatever hangs on it, "possibly lost". So it is held a second time, by its beginning.
struct Held<T> {
    current: ArcSwap<T>,
    held: Mutex<Arc<T>>,
}

impl<T: Default> ProcessWide<T> {
    pub const fn new() -> Self {
        Self(OnceBox::new())
    }

    fn get(&self) -> &Held<T> {
        self.0.get_or_init(|| {
            let first = Arc::<T>::default();
            Box::new(Held { current: ArcSwap::new(first.clone()), held: Mutex::new(first) })
        })
    }

    /// Replaces it, in a forked child: in the parent nobody does.
    pub fn replace_in_child(&self, next: Arc<T>) {
        let Held { current, held } = self.get();
        current.store(next.clone());
        match held.try_lock() {
            Some(mut held) => *held = next,
            // By another thread of such a child, of which this is a child in turn, perhaps: then it stays for good.
            None => std::mem::forget(next),
        }
    }
}

impl<T: Default> Deref for ProcessWide<T> {
    type Target = ArcSwap<T>;

    fn deref(&self) -> &ArcSwap<T> {
        &self.get().current
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
    use std::sync::mpsc;
    use std::thread;
    use std::time::Duration;

    use super::*;

    static MAKING: AtomicUsize = AtomicUsize::new(0);
    static MAY_END: AtomicBool = AtomicBool::new(false);
    static WIDE: ProcessWide<Slow> = ProcessWide::new();

    /// The first who makes one is slow: as good as one that a forked child does not have.
    struct Slow;

    impl Default for Slow {
        fn default() -> Self {
            if MAKING.fetch_add(1, Ordering::SeqCst) == 0 {
                while !MAY_END.load(Ordering::SeqCst) {
                    thread::yield_now();
                }
            }
            Self
        }
    }

    #[test]
    fn nobody_waits_for_who_is_in_the_middle_of_making_it() {
        let first = thread::spawn(|| Arc::as_ptr(&WIDE.load_full()) as usize);
        while MAKING.load(Ordering::SeqCst) == 0 {
            thread::yield_now();
        }
        let (done, is_done) = mpsc::channel();
        thread::spawn(move || done.send(Arc::as_ptr(&WIDE.load_full()) as usize));
        let second = is_done.recv_timeout(Duration::from_secs(10));
        MAY_END.store(true, Ordering::SeqCst);
        assert_eq!(second, Ok(first.join().unwrap()), "both have the same");
    }
}
