//! A session in a list.

use serde::Serialize;

use super::problems::{Problem, problems};
use super::totals::Totals;
use crate::replay_id::{DeviceId, ReplayId, SessionId};
use crate::store::SessionMarker;

/// One session, as `GET /api/sessions` shows it.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Summary {
    pub(crate) device_id: DeviceId,
    pub(crate) session_id: SessionId,
    /// `<device>/<session>`.
    pub(crate) replay_id: String,
    #[serde(rename = "sequences")]
    pub(crate) batches: u64,
    pub(crate) events: u64,
    pub(crate) wire_bytes: u64,
    pub(crate) decoded_bytes: u64,
    /// Milliseconds since the epoch, by the events' own clock.
    pub(crate) first_timestamp: f64,
    pub(crate) last_timestamp: f64,
    pub(crate) duration_ms: f64,
    /// Milliseconds since the epoch, by the viewer's clock.
    pub(crate) first_arrival: u64,
    pub(crate) last_arrival: u64,
    pub(crate) has_full_snapshot: bool,
    pub(crate) has_meta: bool,
    /// Requests of this session that were refused.
    pub(crate) refused: u64,
    pub(crate) sample_rate: Option<f64>,
    pub(crate) library: Option<String>,
    pub(crate) client_version: Option<String>,
    pub(crate) client_url: Option<String>,
    pub(crate) problems: Vec<Problem>,
}

impl Summary {
    /// `marker` is missing when no batch of the session was accepted.
    pub(crate) fn new(id: &ReplayId, totals: &Totals, marker: Option<&SessionMarker>) -> Self {
        let stats = &totals.stats;
        Self {
            device_id: id.device.clone(),
            session_id: id.session.clone(),
            replay_id: id.to_string(),
            batches: totals.batches,
            events: stats.events,
            wire_bytes: totals.wire_bytes,
            decoded_bytes: totals.decoded_bytes,
            first_timestamp: stats.first_timestamp,
            last_timestamp: stats.last_timestamp,
            duration_ms: stats.last_timestamp - stats.first_timestamp,
            first_arrival: totals.first_arrival,
            last_arrival: totals.last_arrival,
            has_full_snapshot: stats.has_full_snapshot(),
            has_meta: stats.has_meta(),
            refused: totals.refused,
            sample_rate: marker.and_then(|marker| marker.sample_rate),
            library: marker.and_then(|marker| marker.library.clone()),
            client_version: marker.and_then(|marker| marker.client_version.clone()),
            client_url: marker.and_then(|marker| marker.client_url.clone()),
            problems: problems(totals),
        }
    }
}
