//! Refused requests, kept so that whoever looks at the session later sees what was wrong with it.

use std::sync::atomic::{AtomicU64, Ordering};

use object_store::PutPayload;
use serde::{Deserialize, Serialize};

use super::error::StoreError;
use super::layout::Kind;
use super::objects::{Extent, Objects};
use crate::arrival::ArrivalTime;
use crate::headers::Headers;
use crate::replay_id::{DeviceId, ReplayId};

/// Most refused requests read back for one session.
const MAX_READ: usize = 100;

/// Most refused requests that one process keeps, so that a client in a loop can't fill the disk.
pub(crate) const MAX_KEPT_REFUSALS: u64 = 10_000;

/// A request that was refused, and why.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct RefusedRequest {
    /// When it arrived, in milliseconds since the epoch.
    pub(crate) at: u64,
    pub(crate) status: u16,
    pub(crate) problems: Vec<String>,
    pub(crate) headers: Headers,
}

/// The refused requests of all sessions.
#[derive(Debug)]
pub(crate) struct RefusedRequests {
    objects: Objects,
    process: u64,
    /// How many this process has kept.
    kept: AtomicU64,
}

impl RefusedRequests {
    pub(super) fn new(objects: Objects, process: u64) -> Self {
        Self { objects, process, kept: AtomicU64::new(0) }
    }

    /// Keeps a refused request of a session that could at least be named; returns its name, or none when no more of them are kept.
    pub(crate) async fn add(
        &self,
        id: &ReplayId,
        arrived: ArrivalTime,
        refused: &RefusedRequest,
    ) -> Result<Option<String>, StoreError> {
        if self.kept.fetch_add(1, Ordering::Relaxed) >= MAX_KEPT_REFUSALS {
            return Ok(None);
        }
        let name = format!("{arrived}-{:016x}", self.process);
        let payload = PutPayload::from(serde_json::to_vec(refused)?);
        self.objects.put_once(Kind::Refused, id, &name, payload).await?;
        Ok(Some(name))
    }

    /// The last refused requests of a session, oldest first.
    pub(crate) async fn of(&self, id: &ReplayId) -> Result<Vec<RefusedRequest>, StoreError> {
        let mut names = self.objects.names(Kind::Refused, id, None).await?;
        let newest = names.split_off(names.len().saturating_sub(MAX_READ));
        let mut refused = Vec::with_capacity(newest.len());
        for name in newest {
            refused.extend(self.read(id, &name).await);
        }
        Ok(refused)
    }

    /// One of them; `None` for what can't be read or is someone else's, which says nothing and hides nothing (they are counted by their names),
    /// and for what was deleted meanwhile.
    async fn read(&self, id: &ReplayId, name: &str) -> Option<RefusedRequest> {
        let object = self.objects.get(Kind::Refused, id, name).await.ok()?;
        serde_json::from_slice(&object).ok()
    }

    /// The names of all refused requests of a session.
    pub(crate) async fn names(&self, id: &ReplayId) -> Result<Vec<String>, StoreError> {
        Ok(self.objects.names(Kind::Refused, id, None).await?)
    }

    /// Calls `take` with the session and the name of each.
    pub(crate) async fn each(&self, take: impl FnMut(ReplayId, String)) -> Result<(), StoreError> {
        Ok(self.objects.each(Kind::Refused, take).await?)
    }

    /// The last refused requests of a device with their sessions, oldest first.
    pub(crate) async fn of_device(
        &self,
        device: &DeviceId,
    ) -> Result<Vec<(ReplayId, RefusedRequest)>, StoreError> {
        let mut names = self.objects.all(Kind::Refused, Extent::Device(device)).await?;
        names.sort_unstable_by(|(_, one), (_, other)| one.cmp(other));
        let newest = names.split_off(names.len().saturating_sub(MAX_READ));
        let mut refused = Vec::with_capacity(newest.len());
        for (id, name) in newest {
            refused.extend(self.read(&id, &name).await.map(|request| (id, request)));
        }
        Ok(refused)
    }
}
