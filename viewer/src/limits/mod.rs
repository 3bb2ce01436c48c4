//! How much of each kind may go on at once, so that clients who hold one thing for long leave the others be.

mod imports;
mod memory;

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

pub(crate) use imports::ImportPlace;
pub(crate) use memory::MemoryBudget;

use crate::connection::Connection;
use imports::ImportPlaces;

/// Most connections, where the system lets a process have enough files.
const MAX_CONNECTIONS: usize = 512;
/// Files that are kept for everything else.
const OTHER_FILES: usize = 64;
/// Most bytes of request bodies in memory at once, as they came over the wire.
const MAX_BODY_BYTES_HELD: usize = 512 << 20;
/// Most request bodies that are unpacked and checked at once.
const MAX_CHECKS: usize = 8;
/// Most requests that are being kept at once. More only wait where the store hangs.
const MAX_KEEPING: usize = 64;
/// Most bytes of stored events in memory at once, on their way to whoever reads them.
const MAX_REPLY_BYTES_HELD: usize = 256 << 20;

/// The limits of one viewer.
#[derive(Debug)]
pub(crate) struct Limits {
    max_connections: usize,
    feeds: Arc<Semaphore>,
    downloads: Arc<Semaphore>,
    api: Arc<Semaphore>,
    imports: ImportPlaces,
    /// Requests that a fault keeps waiting.
    held: Arc<Semaphore>,
    checks: Arc<Semaphore>,
    /// Requests that are being kept for "why is there no replay?".
    keeping: Arc<Semaphore>,
    pub(crate) bodies: MemoryBudget,
    pub(crate) replies: MemoryBudget,
}

impl Limits {
    pub(crate) fn new(max_wire_bytes: usize) -> Self {
        let max_connections = connections_for(open_files());
        let share = |part: usize| Arc::new(Semaphore::new(max_connections / part));
        Self {
            max_connections,
            feeds: share(8),
            downloads: share(8),
            api: share(8),
            imports: ImportPlaces::default(),
            held: share(4),
            checks: Arc::new(Semaphore::new(MAX_CHECKS)),
            keeping: Arc::new(Semaphore::new(MAX_KEEPING)),
            bodies: MemoryBudget::new(MAX_BODY_BYTES_HELD.max(max_wire_bytes)),
            replies: MemoryBudget::new(MAX_REPLY_BYTES_HELD),
        }
    }

    pub(crate) fn max_connections(&self) -> usize {
        self.max_connections
    }

    /// A place among the live feeds, or how many there may be.
    pub(crate) fn feed(&self, connection: Option<&Arc<Connection>>) -> Result<Protected, usize> {
        Protected::take(&self.feeds, connection).ok_or(self.max_connections / 8)
    }

    /// A place among the sessions that are being read; `None` when there are enough of them.
    pub(crate) fn download(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.downloads).try_acquire_owned().ok()
    }

    /// A place among all other requests to the API; `None` when there are enough of them.
    pub(crate) fn api(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.api).try_acquire_owned().ok()
    }

    /// A place among the files that are imported; `None` when there are enough of them.
    pub(crate) fn import(&self) -> Option<ImportPlace> {
        self.imports.take()
    }

    /// A place among the requests that a fault keeps waiting; `None` when there are enough of them.
    pub(crate) fn hold(&self, connection: Option<&Arc<Connection>>) -> Option<Protected> {
        Protected::take(&self.held, connection)
    }

    /// A place among the requests that are being kept; `None` when there are enough of them.
    pub(crate) fn keep(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.keeping).try_acquire_owned().ok()
    }

    /// The turn to unpack and check a body. Unpacked, a body is large whatever came over the wire.
    pub(crate) async fn check(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.checks).acquire_owned().await.ok()
    }
}

/// A place, and a connection that is not evicted while it has that: its kind has a limit of its own.
#[derive(Debug)]
pub(crate) struct Protected {
    _permit: OwnedSemaphorePermit,
    connection: Option<Arc<Connection>>,
}

impl Protected {
    fn take(places: &Arc<Semaphore>, connection: Option<&Arc<Connection>>) -> Option<Self> {
        let permit = Arc::clone(places).try_acquire_owned().ok()?;
        let connection = connection.cloned();
        if let Some(connection) = &connection {
            connection.protect(true);
        }
        Some(Self { _permit: permit, connection })
    }
}

impl Drop for Protected {
    fn drop(&mut self) {
        if let Some(connection) = &self.connection {
            connection.protect(false);
        }
    }
}

/// As many connections as leave files for the store: each reply may read some.
fn connections_for(open_files: usize) -> usize {
    (open_files.saturating_sub(OTHER_FILES) / 2).clamp(16, MAX_CONNECTIONS)
}

/// How many files this process may have open.
#[cfg(unix)]
fn open_files() -> usize {
    use rustix::process::{Resource, getrlimit};
    let limit = getrlimit(Resource::Nofile).current;
    limit.and_then(|files| usize::try_from(files).ok()).unwrap_or(usize::MAX)
}

/// How many files this process may have open: as many as it likes.
#[cfg(not(unix))]
fn open_files() -> usize {
    usize::MAX
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_leave_files_for_the_store() {
        for (files, connections) in
            [(0, 16), (64, 16), (256, 96), (1_024, 480), (2_000, 512), (usize::MAX, 512)]
        {
            assert_eq!(connections_for(files), connections, "{files}");
        }
    }
}
