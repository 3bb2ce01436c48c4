//! Locks.
//!
//! They are the standard library's: each lives in its own memory. Those that keep a table of waiting threads for the whole
//! process (parking_lot's) take a child made by `fork` for its parent: the table names threads that it does not have, at
//! addresses where its own threads are, and wake-ups get lost.

pub(crate) mod atomic;

use std::ops::{Deref, DerefMut};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{PoisonError, TryLockError};
use std::time::Instant;

/// As the standard library's, without poison: what was left half done by a panic is set right by whoever catches it.
#[derive(Debug, Default)]
pub(crate) struct Mutex<T> {
    mutex: std::sync::Mutex<T>,
    /// See [`Handed`].
    handed: AtomicBool,
}

/// Holds a [`Mutex`].
pub(crate) struct MutexGuard<'a, T> {
    // Dropped in this order.
    handed: Handed<'a>,
    guard: std::sync::MutexGuard<'a, T>,
}

/// What the standard library does where threads wait for a lock, ThreadSanitizer does not see: it comes without
/// instrumentation. This tells it, for the price of a store, that who has the lock knows what the one before did.
struct Handed<'a>(&'a AtomicBool);

impl Handed<'_> {
    fn take(&self) {
        self.0.load(Ordering::Acquire);
    }

    fn give(&self) {
        self.0.store(true, Ordering::Release);
    }
}

impl Drop for Handed<'_> {
    fn drop(&mut self) {
        self.give();
    }
}

impl<T> Mutex<T> {
    pub const fn new(value: T) -> Self {
        Self { mutex: std::sync::Mutex::new(value), handed: AtomicBool::new(false) }
    }

    pub fn lock(&self) -> MutexGuard<'_, T> {
        let guard = self.mutex.lock().unwrap_or_else(PoisonError::into_inner);
        let handed = Handed(&self.handed);
        handed.take();
        MutexGuard { handed, guard }
    }

    /// The same, if nobody holds it now.
    pub fn try_lock(&self) -> Option<MutexGuard<'_, T>> {
        let guard = match self.mutex.try_lock() {
            Ok(guard) => guard,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => return None,
        };
        let handed = Handed(&self.handed);
        handed.take();
        Some(MutexGuard { handed, guard })
    }
}

impl<T> Deref for MutexGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.guard
    }
}

impl<T> DerefMut for MutexGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.guard
    }
}

/// As the standard library's, for what waits with a [`Mutex`].
#[derive(Debug, Default)]
pub(crate) struct Condvar(std::sync::Condvar);

impl Condvar {
    pub fn notify_all(&self) {
        self.0.notify_all();
    }

    pub fn wait<'a, T>(&self, guard: MutexGuard<'a, T>) -> MutexGuard<'a, T> {
        self.wait_until(guard, None).0
    }

    /// Waits at most so long; without a deadline, as long as it takes. Tells besides whether the time is over.
    pub fn wait_until<'a, T>(
        &self,
        guard: MutexGuard<'a, T>,
        deadline: Option<Instant>,
    ) -> (MutexGuard<'a, T>, bool) {
        let MutexGuard { handed, guard } = guard;
        handed.give();
        let (guard, is_over) = match deadline {
            None => (self.0.wait(guard).unwrap_or_else(PoisonError::into_inner), false),
            Some(deadline) => {
                let left = deadline.saturating_duration_since(Instant::now());
                let (guard, result) =
                    self.0.wait_timeout(guard, left).unwrap_or_else(PoisonError::into_inner);
                (guard, result.timed_out())
            }
        };
        handed.take();
        (MutexGuard { handed, guard }, is_over)
    }
}
