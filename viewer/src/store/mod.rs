//! What the viewer keeps: accepted batches, those of interactions apart from those of replays, one marker a session, and requests
//! that left no batch behind.
//!
//! Every object is written once under a name that no other process can choose, so any number of viewers may share a
//! store without talking to each other. `layout.rs` says where what stands.

mod batch_name;
mod batches;
mod changes;
mod delete;
mod error;
mod folders;
mod index_file;
mod kept;
mod layout;
#[cfg(unix)]
mod local;
mod markers;
mod objects;
mod open;
mod refused;
mod retention;

use std::sync::Arc;

use tempfile::TempDir;

pub(crate) use batch_name::{BatchInfo, BatchName};
pub(crate) use batches::{BatchMeta, Batches, ListedBatch, StoredBatch};
pub(crate) use changes::{Change, Changes, ChangesReader};
pub(crate) use delete::StoredSession;
pub(crate) use error::StoreError;
pub(crate) use index_file::IndexFile;
pub(crate) use kept::{KeptOutcome, KeptRequest, KeptRequests};
pub(crate) use markers::{IMPORT_LIBRARY, Markers, SessionMarker};
pub(crate) use objects::Extent;
pub use open::OpenError;
pub(crate) use refused::{MAX_KEPT_REFUSALS, RefusedRequest, RefusedRequests};
pub(crate) use retention::Retention;

use crate::arrival::{ArrivalClock, ArrivalTime};
use crate::config::StoreLocation;
use crate::replay_id::ReplayId;
use layout::Kind;
use objects::Objects;

/// What the events of a batch are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Content {
    /// rrweb events.
    Replay,
    /// Clicks and scroll depth, for heatmaps.
    Interactions,
}

/// A store that is open.
#[derive(Debug)]
pub(crate) struct Store {
    /// Of replays.
    pub(crate) batches: Batches,
    pub(crate) interactions: Batches,
    pub(crate) markers: Markers,
    pub(crate) refused: RefusedRequests,
    pub(crate) changes: Changes,
    pub(crate) index_file: IndexFile,
    pub(crate) kept: KeptRequests,
    clock: ArrivalClock,
    objects: Objects,
    /// Tells this process from others that share the store.
    process: u64,
    /// Deleted with the store, when it is a temporary one.
    folder: Option<TempDir>,
}

impl Store {
    pub(crate) fn open(location: &StoreLocation) -> Result<Self, OpenError> {
        let (objects, folder) = open::open(location)?;
        let process = fastrand::u64(..);
        Ok(Self {
            batches: Batches::new(Kind::Batch, objects.clone(), process),
            interactions: Batches::new(Kind::Interactions, objects.clone(), process),
            markers: Markers::new(objects.clone()),
            refused: RefusedRequests::new(objects.clone(), process),
            changes: Changes::new(objects.clone(), process),
            index_file: IndexFile::new(objects.clone()),
            kept: KeptRequests::new(objects.clone(), process),
            clock: ArrivalClock::default(),
            objects,
            process,
            folder,
        })
    }

    /// The batches of this content.
    pub(crate) fn batches_of(&self, content: Content) -> &Batches {
        match content {
            Content::Replay => &self.batches,
            Content::Interactions => &self.interactions,
        }
    }

    /// Whether other viewers may use it, now or later.
    pub(crate) fn is_shared(&self) -> bool {
        self.folder.is_none()
    }

    /// A time for a request that has just arrived; it is also the beginning of its name.
    pub(crate) fn arrival(&self) -> ArrivalTime {
        self.clock.next()
    }

    /// Keeps an accepted batch, and marks its session as begun if it is the first of its replay. Returns the batch's name.
    pub(crate) async fn add(
        &self,
        id: &ReplayId,
        content: Content,
        info: &BatchInfo,
        meta: &BatchMeta,
        title: Option<String>,
        body: Vec<u8>,
    ) -> Result<BatchName, StoreError> {
        if content == Content::Interactions {
            return self.interactions.add(id, info, meta, body).await;
        }
        let name = self.batches.add(id, info, meta, body).await?;
        self.markers.mark(id, &SessionMarker::new(meta, title)).await?;
        Ok(name)
    }

    /// Makes the marker of a session that is about to be added; `false` when it has one.
    pub(crate) async fn claim(
        &self,
        id: &ReplayId,
        meta: &BatchMeta,
        title: Option<String>,
    ) -> Result<bool, StoreError> {
        self.markers.claim(id, &SessionMarker::new(meta, title)).await
    }

    /// The marker of a session that has batches. Where it is none, or of a later version, its first batch tells the same. It stays as it is:
    /// it is the record that the session began, and whoever wrote it can read it.
    pub(crate) async fn marker_of(&self, id: &ReplayId) -> Result<Option<Arc<SessionMarker>>, StoreError> {
        let forgotten = self.markers.forgotten();
        match self.markers.of(id).await {
            Ok(Some(marker)) => return Ok(Some(marker)),
            Ok(None) => {}
            Err(error) if error.is_damage() => {
                let marker = self.marker_by_batches(id).await?.map(Arc::new);
                if let Some(marker) = &marker {
                    self.markers.remember(id, Arc::clone(marker), forgotten);
                }
                return Ok(marker);
            }
            Err(error) => return Err(error),
        }
        self.remark(id).await
    }
}
