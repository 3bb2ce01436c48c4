//! What the viewer keeps: accepted batches, one marker a session, and refused requests.
//!
//! Every object is written once under a name that no other process can choose, so any number of viewers may share a
//! store without talking to each other. `layout.rs` says where what stands.

mod batch_name;
mod batches;
mod error;
mod folders;
mod layout;
mod markers;
mod objects;
mod open;
mod refused;

use tempfile::TempDir;

pub(crate) use batch_name::{BatchInfo, BatchName};
pub(crate) use batches::{BatchMeta, Batches, ListedBatch, StoredBatch};
pub(crate) use error::StoreError;
pub(crate) use markers::{Markers, SessionMarker};
pub use open::OpenError;
pub(crate) use refused::{RefusedRequest, RefusedRequests};

use crate::arrival::{ArrivalClock, ArrivalTime};
use crate::config::StoreLocation;
use crate::replay_id::ReplayId;

/// A store that is open.
#[derive(Debug)]
pub(crate) struct Store {
    pub(crate) batches: Batches,
    pub(crate) markers: Markers,
    pub(crate) refused: RefusedRequests,
    clock: ArrivalClock,
    /// Deleted with the store, when it is a temporary one.
    _folder: Option<TempDir>,
}

impl Store {
    pub(crate) fn open(location: &StoreLocation) -> Result<Self, OpenError> {
        let (objects, folder) = open::open(location)?;
        // Tells this process from others that share the store.
        let process = fastrand::u64(..);
        Ok(Self {
            batches: Batches::new(objects.clone(), process),
            markers: Markers::new(objects.clone()),
            refused: RefusedRequests::new(objects, process),
            clock: ArrivalClock::default(),
            _folder: folder,
        })
    }

    /// A time for a request that has just arrived; it is also the beginning of its name.
    pub(crate) fn arrival(&self) -> ArrivalTime {
        self.clock.next()
    }

    /// Keeps an accepted batch, and marks its session as begun if it is the first.
    pub(crate) async fn add(
        &self,
        id: &ReplayId,
        info: &BatchInfo,
        meta: &BatchMeta,
        body: Vec<u8>,
    ) -> Result<(), StoreError> {
        self.batches.add(id, info, meta, body).await?;
        self.markers.mark(id, &SessionMarker::from(meta)).await
    }
}
