//! Refused requests, kept so that whoever looks at the session later sees what was wrong with it.

use std::sync::atomic::Ordering;

use futures_util::TryStreamExt;
use object_store::{ObjectStoreExt, PutMode, PutOptions, PutPayload};
use serde::{Deserialize, Serialize};

use super::{Store, StoreError, place};
use crate::identity::Identity;
use crate::request_log::Headers;

/// Most refused requests read back for one session.
const MOST: usize = 100;

/// Most refused requests that one process keeps, so that a client in a loop can't fill the disk.
const MOST_KEPT: u64 = 10_000;

/// A request that was refused, and why.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct RefusedRequest {
    /// When it arrived, in milliseconds since the epoch.
    pub(crate) at: u64,
    pub(crate) status: u16,
    pub(crate) problems: Vec<String>,
    pub(crate) headers: Headers,
}

impl Store {
    /// Keeps a refused request of a session that could at least be named.
    pub(crate) async fn add_refused(
        &self,
        identity: &Identity,
        arrived_us: u64,
        refused: &RefusedRequest,
    ) -> Result<(), StoreError> {
        if self.refused_kept.fetch_add(1, Ordering::Relaxed) >= MOST_KEPT {
            return Ok(());
        }
        let name = format!("{arrived_us:020}-{:016x}", self.process);
        let path = self.path("refused", &format!("{}/{name}", identity.path()));
        let payload = PutPayload::from(serde_json::to_vec(refused)?);
        let once = PutOptions::from(PutMode::Create);
        self.objects.put_opts(&path, payload, once).await?;
        Ok(())
    }

    /// The last refused requests of a session, oldest first.
    pub(crate) async fn refused(&self, identity: &Identity) -> Result<Vec<RefusedRequest>, StoreError> {
        let prefix = self.path("refused", &identity.path());
        let objects = self.objects.list(Some(&prefix));
        let mut paths: Vec<_> = objects.map_ok(|object| object.location).try_collect().await?;
        paths.sort_unstable();
        let newest = paths.split_off(paths.len().saturating_sub(MOST));
        let mut refused = Vec::with_capacity(newest.len());
        for path in newest {
            let object = self.objects.get(&path).await?.bytes().await?;
            refused.push(serde_json::from_slice(&object)?);
        }
        Ok(refused)
    }

    /// The sessions that had refused requests, once for each.
    pub(crate) async fn refused_sessions(&self) -> Result<Vec<Identity>, StoreError> {
        let prefix = self.path("refused", "");
        let mut objects = self.objects.list(Some(&prefix));
        let mut found = Vec::new();
        while let Some(object) = objects.try_next().await? {
            found.extend(place(&object.location).map(|(identity, _)| identity));
        }
        Ok(found)
    }
}
