//! What the process has before a recorder is there, and after it.

use std::ops::Deref;
use std::sync::Arc;

use arc_swap::ArcSwap;

use crate::sync::Mutex;

/// One value for the whole process, which a forked child replaces.
///
/// An `ArcSwap` points behind the counters of its `Arc`, and with nothing else that points there a leak checker of the host's
/// calls it, and whatever hangs on it, "possibly lost". So it is held a second time, by its beginning.
pub(super) struct ProcessWide<T> {
    current: ArcSwap<T>,
    held: Mutex<Arc<T>>,
}

impl<T: Default> Default for ProcessWide<T> {
    fn default() -> Self {
        let first = Arc::<T>::default();
        Self { current: ArcSwap::new(first.clone()), held: Mutex::new(first) }
    }
}

impl<T> ProcessWide<T> {
    /// Replaces it, in a forked child: in the parent nobody does, so that its threads hold no lock of this.
    pub fn replace_in_child(&self, next: Arc<T>) {
        let mut held = self.held.lock();
        self.current.store(next.clone());
        *held = next;
    }
}

impl<T> Deref for ProcessWide<T> {
    type Target = ArcSwap<T>;

    fn deref(&self) -> &ArcSwap<T> {
        &self.current
    }
}
