//! Memory that is lent to whoever holds much of it.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How long a reply waits for others to be read.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Bytes that may be in memory at once, counted in KiB.
#[derive(Debug)]
pub(crate) struct MemoryBudget {
    free: Arc<Semaphore>,
    total: u32,
}

impl MemoryBudget {
    pub(super) fn new(bytes: usize) -> Self {
        let total = kib(bytes);
        Self { free: Arc::new(Semaphore::new(total as usize)), total }
    }

    /// Room for so many bytes, if there is any.
    pub(crate) fn try_take(&self, bytes: usize) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.free).try_acquire_many_owned(kib(bytes)).ok()
    }

    /// Room for so many bytes, as soon as there is any; `None` when it takes too long. What is larger than everything
    /// takes everything.
    pub(crate) async fn take(&self, bytes: u64) -> Option<OwnedSemaphorePermit> {
        let wanted = kib(usize::try_from(bytes).unwrap_or(usize::MAX)).min(self.total);
        let room = Arc::clone(&self.free).acquire_many_owned(wanted);
        tokio::time::timeout(TIMEOUT, room).await.ok()?.ok()
    }
}

fn kib(bytes: usize) -> u32 {
    u32::try_from(bytes.div_ceil(1024)).unwrap_or(u32::MAX >> 3).min(u32::MAX >> 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn memory_is_lent_and_comes_back() {
        let memory = MemoryBudget::new(10 * 1024);
        let most = memory.take(u64::MAX).await.unwrap();
        assert!(memory.try_take(1).is_none());
        drop(most);
        let some = memory.try_take(9 * 1024 + 1).unwrap();
        assert!(memory.try_take(1).is_none());
        drop(some);
        assert!(memory.try_take(1).is_some());
    }
}
