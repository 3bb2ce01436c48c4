//! Who is called about full snapshots: one call at a time, also where the thread of a recorder that was shut down is inside yet.

use std::sync::Arc;

use crate::callback::Callback;
use crate::sync::{Mutex, MutexGuard};

/// Called with the view whose page has to take a full snapshot; 0: the page that is the whole replay.
pub type SnapshotSink = Arc<dyn Fn(u64) + Send + Sync>;

/// See the module.
#[derive(Default)]
pub(crate) struct SnapshotCallback {
    callback: Callback<SnapshotSink>,
    in_turn: Mutex<()>,
}

/// Nobody else calls meanwhile.
pub(super) struct Turn<'c> {
    of: &'c SnapshotCallback,
    _in_turn: MutexGuard<'c, ()>,
}

impl SnapshotCallback {
    /// As [`Callback::set`].
    pub fn set(&self, sink: Option<SnapshotSink>) {
        self.callback.set(sink);
    }

    /// Whether there is one.
    pub fn is_set(&self) -> bool {
        self.callback.is_set()
    }

    /// `None` while another thread calls: a callback that does not return keeps nobody else.
    pub(super) fn turn(&self) -> Option<Turn<'_>> {
        self.in_turn.try_lock().map(|in_turn| Turn { of: self, _in_turn: in_turn })
    }
}

impl Turn<'_> {
    /// A call each, so that a thread that replaces the callback waits for one, not for all.
    pub fn call(&self, view: u64) {
        self.of.callback.call(|sink| sink(view));
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn one_call_at_a_time_whoever_makes_it() {
        let callback = Arc::new(SnapshotCallback::default());
        let (other, calls) = (callback.clone(), Arc::new(AtomicUsize::new(0)));
        let counted = calls.clone();
        callback.set(Some(Arc::new(move |_| {
            counted.fetch_add(1, Ordering::Relaxed);
            std::thread::scope(|scope| {
                let turn = scope.spawn(|| other.turn().map(|turn| turn.call(2)));
                assert!(turn.join().unwrap().is_none(), "the next recorder's thread waits");
            });
        })));
        callback.turn().unwrap().call(1);
        assert_eq!(calls.load(Ordering::Relaxed), 1);
        assert!(callback.turn().is_some());
    }
}
