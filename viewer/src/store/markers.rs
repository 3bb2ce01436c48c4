//! Sessions' markers, made with the first batch of each. One can be made only once, whoever tries, and so it is also the record of the
//! event `[Amplitude] Replay Captured`, which the server owes exactly once a session.

use std::collections::HashMap;
use std::sync::Arc;

use object_store::PutPayload;
use parking_lot::Mutex;
use serde::{Deserialize, Serialize};

use super::batches::BatchMeta;
use super::error::StoreError;
use super::layout::{Kind, MARKER};
use super::objects::Objects;
use crate::replay_id::{DeviceId, ReplayId, SessionId};
use crate::user_agent;

/// What imported batches say of their library.
pub(crate) const IMPORT_LIBRARY: &str = "import";

/// Most markers kept in memory.
const MAX_MARKERS_IN_MEMORY: usize = 10_000;

/// What is known about a session since its first batch.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct SessionMarker {
    /// When it arrived, in milliseconds since the epoch.
    pub(crate) arrived: u64,
    pub(crate) device_id: DeviceId,
    pub(crate) session_id: SessionId,
    pub(crate) sample_rate: Option<f64>,
    pub(crate) library: Option<String>,
    pub(crate) client_version: Option<String>,
    pub(crate) client_url: Option<String>,
    /// Of the first page that has one. Earlier versions kept neither this nor what follows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) title: Option<String>,
    /// Browser and operating system, in a few words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) system: Option<String>,
}

impl SessionMarker {
    /// Of a session whose first batch this is.
    pub(super) fn new(meta: &BatchMeta, title: Option<String>) -> Self {
        let header = |name: &str| meta.headers.get(name).cloned();
        Self {
            arrived: meta.arrived,
            device_id: meta.device_id.clone(),
            session_id: meta.session_id.clone(),
            sample_rate: header("x-client-sample-rate").and_then(|rate| rate.parse().ok()),
            library: header("x-client-library"),
            client_version: header("x-client-version"),
            client_url: header("x-client-url"),
            title,
            system: header("user-agent").and_then(|text| user_agent::describe(&text)),
        }
    }
}

/// The markers of all sessions.
#[derive(Debug)]
pub(crate) struct Markers {
    objects: Objects,
    seen: Mutex<Seen>,
}

/// Markers already seen. They are written once, so they go stale only where their session is deleted.
#[derive(Debug, Default)]
struct Seen {
    markers: HashMap<ReplayId, Arc<SessionMarker>>,
    /// How often one was forgotten. What was read before is not remembered after: it may be the one that is forgotten.
    forgotten: u64,
}

impl Markers {
    pub(super) fn new(objects: Objects) -> Self {
        Self { objects, seen: Mutex::default() }
    }

    /// Whether a session's marker was made or seen here.
    pub(crate) fn is_known(&self, id: &ReplayId) -> bool {
        self.seen.lock().markers.contains_key(id)
    }

    /// Makes the marker unless it is there.
    pub(super) async fn mark(&self, id: &ReplayId, marker: &SessionMarker) -> Result<(), StoreError> {
        if self.seen.lock().markers.contains_key(id) {
            return Ok(());
        }
        self.claim(id, marker).await.map(|_| ())
    }

    /// Makes the marker; `false` when it is there already.
    pub(super) async fn claim(&self, id: &ReplayId, marker: &SessionMarker) -> Result<bool, StoreError> {
        let payload = PutPayload::from(serde_json::to_vec(marker)?);
        let forgotten = self.forgotten();
        match self.objects.put_once(Kind::Marker, id, MARKER, payload).await {
            Ok(()) => {
                self.remember(id, Arc::new(marker.clone()), forgotten);
                Ok(true)
            }
            // Read, so that the next batch need not try again. Whether it can be read is no matter of the batch's.
            Err(object_store::Error::AlreadyExists { .. }) => {
                let _ = self.of(id).await;
                Ok(false)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Forgets what was seen of a session that was deleted, here or by another viewer: its next batch makes a new marker.
    pub(crate) fn forget(&self, id: &ReplayId) {
        let mut seen = self.seen.lock();
        seen.forgotten += 1;
        seen.markers.remove(id);
    }

    /// The marker of a session; `None` when nothing of it was ever accepted.
    pub(crate) async fn of(&self, id: &ReplayId) -> Result<Option<Arc<SessionMarker>>, StoreError> {
        let forgotten = {
            let seen = self.seen.lock();
            if let Some(marker) = seen.markers.get(id) {
                return Ok(Some(Arc::clone(marker)));
            }
            seen.forgotten
        };
        let object = match self.objects.get(Kind::Marker, id, MARKER).await {
            Ok(object) => object,
            Err(object_store::Error::NotFound { .. }) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let marker: Arc<SessionMarker> = Arc::new(serde_json::from_slice(&object)?);
        self.remember(id, Arc::clone(&marker), forgotten);
        Ok(Some(marker))
    }

    /// How often one was forgotten; asked for before the store is, for `remember`.
    pub(super) fn forgotten(&self) -> u64 {
        self.seen.lock().forgotten
    }

    /// Remembers what the store had, unless one was forgotten since.
    pub(super) fn remember(&self, id: &ReplayId, marker: Arc<SessionMarker>, forgotten: u64) {
        let mut seen = self.seen.lock();
        if seen.forgotten != forgotten {
            return;
        }
        if seen.markers.len() >= MAX_MARKERS_IN_MEMORY {
            seen.markers.clear();
        }
        seen.markers.insert(id.clone(), marker);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::StoreLocation;
    use crate::store::open;

    #[test]
    fn what_was_read_before_a_session_was_forgotten_is_not_remembered_after() {
        let (objects, _folder) = open::open(&StoreLocation::Temporary).unwrap();
        let markers = Markers::new(objects);
        let id = ReplayId::new("d", "s").unwrap();
        let marker = SessionMarker {
            arrived: 1,
            device_id: id.device.clone(),
            session_id: id.session.clone(),
            sample_rate: None,
            library: None,
            client_version: None,
            client_url: None,
            title: None,
            system: None,
        };
        let before = markers.forgotten();
        markers.remember(&id, Arc::new(marker.clone()), before);
        assert!(markers.is_known(&id));
        markers.forget(&id);
        markers.remember(&id, Arc::new(marker.clone()), before);
        assert!(!markers.is_known(&id));
        markers.remember(&id, Arc::new(marker), markers.forgotten());
        assert!(markers.is_known(&id));
    }
}
