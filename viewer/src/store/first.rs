//! The marker of a session's first batch. It can be made only once, whoever tries, and so it is also the record of the
//! event `[Amplitude] Replay Captured`, which the server owes exactly once a session.

use std::sync::Arc;

use futures_util::TryStreamExt;
use object_store::{ObjectStoreExt, PutMode, PutOptions, PutPayload};
use serde::{Deserialize, Serialize};

use super::{MARKERS_IN_MEMORY, SequenceMeta, Store, StoreError, place};
use crate::identity::Identity;

/// What is known about a session since its first batch.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct FirstBatch {
    /// When it arrived, in milliseconds since the epoch.
    pub(crate) arrived: u64,
    pub(crate) device_id: String,
    pub(crate) session_id: String,
    pub(crate) sample_rate: Option<f64>,
    pub(crate) library: Option<String>,
    pub(crate) client_version: Option<String>,
    pub(crate) client_url: Option<String>,
}

impl From<&SequenceMeta> for FirstBatch {
    fn from(meta: &SequenceMeta) -> Self {
        let header = |name: &str| meta.headers.get(name).cloned();
        Self {
            arrived: meta.arrived,
            device_id: meta.device_id.clone(),
            session_id: meta.session_id.clone(),
            sample_rate: header("x-client-sample-rate").and_then(|rate| rate.parse().ok()),
            library: header("x-client-library"),
            client_version: header("x-client-version"),
            client_url: header("x-client-url"),
        }
    }
}

impl Store {
    /// Makes the marker unless it is there.
    pub(super) async fn mark_first(&self, identity: &Identity, first: &FirstBatch) -> Result<(), StoreError> {
        if self.markers.lock().contains_key(identity) {
            return Ok(());
        }
        let path = self.path("sessions", &format!("{}/first", identity.path()));
        let payload = PutPayload::from(serde_json::to_vec(first)?);
        let once = PutOptions::from(PutMode::Create);
        match self.objects.put_opts(&path, payload, once).await {
            Ok(_) => self.remember(identity, Arc::new(first.clone())),
            Err(object_store::Error::AlreadyExists { .. }) => {}
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }

    /// The marker of a session; `None` when nothing of it was ever accepted.
    pub(crate) async fn first_batch(
        &self,
        identity: &Identity,
    ) -> Result<Option<Arc<FirstBatch>>, StoreError> {
        let known = self.markers.lock().get(identity).cloned();
        if known.is_some() {
            return Ok(known);
        }
        let path = self.path("sessions", &format!("{}/first", identity.path()));
        let object = match self.objects.get(&path).await {
            Ok(object) => object.bytes().await?,
            Err(object_store::Error::NotFound { .. }) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let first: Arc<FirstBatch> = Arc::new(serde_json::from_slice(&object)?);
        self.remember(identity, Arc::clone(&first));
        Ok(Some(first))
    }

    /// Every session that ever had a batch accepted, by anyone.
    pub(crate) async fn marked_sessions(&self) -> Result<Vec<Identity>, StoreError> {
        let prefix = self.path("sessions", "");
        let mut sessions = Vec::new();
        let mut objects = self.objects.list(Some(&prefix));
        while let Some(object) = objects.try_next().await? {
            sessions.extend(place(&object.location).map(|(identity, _)| identity));
        }
        Ok(sessions)
    }

    fn remember(&self, identity: &Identity, first: Arc<FirstBatch>) {
        let mut markers = self.markers.lock();
        if markers.len() >= MARKERS_IN_MEMORY {
            markers.clear();
        }
        markers.insert(identity.clone(), first);
    }
}
