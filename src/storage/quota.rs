//! How many bytes wait, against which the limits are held: looking whether there is room and taking it are one step.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};

use crate::error::Error;

/// Bytes that wait.
#[derive(Default)]
pub(super) struct Quota {
    all: AtomicU64,
    /// Of them, those in memory.
    memory: AtomicU64,
    /// See [`Self::room_version`].
    room: AtomicU64,
}

impl Quota {
    /// Bytes that wait, wherever.
    pub fn all(&self) -> u64 {
        self.all.load(Ordering::Relaxed)
    }

    /// Another number once there may be more room than there was.
    pub fn room_version(&self) -> u64 {
        self.room.load(Ordering::Acquire)
    }

    /// There may be more room.
    pub fn note_room(&self) {
        self.room.fetch_add(1, Ordering::Release);
    }

    /// Bytes that wait in memory.
    pub fn in_memory(&self) -> u64 {
        self.memory.load(Ordering::Relaxed)
    }
}

/// How much room there is.
pub(crate) struct Room {
    quota: Arc<Quota>,
    limit: u64,
}

impl Room {
    pub(super) fn of(quota: &Arc<Quota>, limit: u64) -> Self {
        Self { quota: quota.clone(), limit }
    }

    /// Another number once there may be more room than there was.
    pub fn version(&self) -> u64 {
        self.quota.room_version()
    }

    /// What is told where there is none.
    pub fn buffer_full(&self) -> Error {
        Error::BufferFull { used: self.quota.all(), limit: self.limit }
    }
}

/// Adds where the sum is at most `limit`.
fn add_within(sum: &AtomicU64, bytes: u64, limit: u64) -> bool {
    let within = |sum: u64| sum.checked_add(bytes).filter(|sum| *sum <= limit);
    sum.fetch_update(Ordering::Relaxed, Ordering::Relaxed, within).is_ok()
}

/// Bytes counted against the limits for as long as this lives. On disk, unless they are moved to memory.
pub(super) struct QuotaReservation {
    quota: Arc<Quota>,
    bytes: AtomicUsize,
    in_memory: AtomicBool,
}

impl QuotaReservation {
    /// Counts `bytes`, if all that waits is at most `limit` then.
    pub fn reserve(quota: &Arc<Quota>, bytes: usize, limit: u64) -> Option<Self> {
        add_within(&quota.all, bytes as u64, limit).then(|| Self::counted(quota, bytes))
    }

    /// Counts `bytes`, whatever the limit: they are there already.
    pub fn of_existing(quota: &Arc<Quota>, bytes: usize) -> Self {
        quota.all.fetch_add(bytes as u64, Ordering::Relaxed);
        Self::counted(quota, bytes)
    }

    fn counted(quota: &Arc<Quota>, bytes: usize) -> Self {
        Self { quota: quota.clone(), bytes: AtomicUsize::new(bytes), in_memory: AtomicBool::new(false) }
    }

    /// Counts them as in memory, if those are at most `limit` then.
    pub fn move_to_memory(&self, limit: u64) -> bool {
        let bytes = self.bytes.load(Ordering::Relaxed) as u64;
        let has_room = add_within(&self.quota.memory, bytes, limit);
        if has_room {
            self.in_memory.store(true, Ordering::Relaxed);
        }
        has_room
    }

    /// Counts more from now on; never less.
    pub fn grow_to(&self, bytes: usize) {
        let before = self.bytes.fetch_max(bytes, Ordering::Relaxed);
        self.each_sum(|sum| {
            sum.fetch_add(bytes.saturating_sub(before) as u64, Ordering::Relaxed);
        });
    }

    /// Counts less from now on; never more.
    pub fn shrink_to(&self, bytes: usize) {
        let before = self.bytes.fetch_min(bytes, Ordering::Relaxed);
        self.each_sum(|sum| {
            sum.fetch_sub(before.saturating_sub(bytes) as u64, Ordering::Relaxed);
        });
        if before > bytes {
            self.quota.note_room();
        }
    }

    /// Moves what is counted to another reservation; nothing is left here.
    pub fn take(&self) -> Self {
        Self {
            quota: self.quota.clone(),
            bytes: AtomicUsize::new(self.bytes.swap(0, Ordering::Relaxed)),
            in_memory: AtomicBool::new(self.in_memory.load(Ordering::Relaxed)),
        }
    }

    /// One that counts nothing, against the same limits.
    pub fn nothing(&self) -> Self {
        Self::counted(&self.quota, 0)
    }

    fn each_sum(&self, change: impl Fn(&AtomicU64)) {
        change(&self.quota.all);
        if self.in_memory.load(Ordering::Relaxed) {
            change(&self.quota.memory);
        }
    }
}

impl Drop for QuotaReservation {
    fn drop(&mut self) {
        self.shrink_to(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_threads_never_take_more_than_there_is() {
        let quota = Arc::<Quota>::default();
        let most = AtomicU64::new(0);
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    for _ in 0..2_000 {
                        let reservation = QuotaReservation::reserve(&quota, 40, 100);
                        most.fetch_max(quota.all(), Ordering::Relaxed);
                        drop(reservation);
                    }
                });
            }
        });
        assert!(most.into_inner() <= 80);
        assert_eq!(quota.all(), 0);
    }

    #[test]
    fn memory_counts_twice_and_goes_twice() {
        let quota = Arc::<Quota>::default();
        let one = QuotaReservation::reserve(&quota, 60, 100).unwrap();
        assert!(one.move_to_memory(80));
        let other = QuotaReservation::reserve(&quota, 30, 100).unwrap();
        assert!(!other.move_to_memory(80), "too much in memory");
        assert!(QuotaReservation::reserve(&quota, 11, 100).is_none());
        assert_eq!((quota.all(), quota.in_memory()), (90, 60));
        one.shrink_to(10);
        assert_eq!((quota.all(), quota.in_memory()), (40, 10));
        one.grow_to(20);
        let taken = one.take();
        drop(one);
        assert_eq!((quota.all(), quota.in_memory()), (50, 20));
        let version = quota.room_version();
        taken.shrink_to(20);
        assert_eq!(quota.room_version(), version, "no room was made");
        drop((taken, other));
        assert_ne!(quota.room_version(), version);
        assert_eq!((quota.all(), quota.in_memory()), (0, 0));
    }
}
