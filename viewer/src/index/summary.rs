//! A session in a list, and what it is made of.

use serde::Serialize;

use super::facts::{Facts, Told};
use super::problems::{Problem, problems};
use super::totals::Totals;
use crate::replay_id::{DeviceId, ReplayId, SessionId};
use crate::store::BatchName;

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
    /// Milliseconds since the epoch, by the events' own clock; what went astray does not count.
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
    /// Errors in its console, or that nobody handled.
    pub(crate) errors: u64,
    /// The name of the newest batch.
    pub(crate) last_batch: Option<BatchName>,
    #[serde(flatten)]
    pub(crate) told: Told,
    pub(crate) problems: Vec<Problem>,
}

impl Summary {
    pub(super) fn new(id: &ReplayId, totals: &Totals, facts: &Facts) -> Self {
        let stats = &totals.stats;
        let span = totals.span();
        Self {
            device_id: id.device.clone(),
            session_id: id.session.clone(),
            replay_id: id.to_string(),
            batches: totals.batches,
            events: stats.events,
            wire_bytes: totals.wire_bytes,
            decoded_bytes: totals.decoded_bytes,
            first_timestamp: span.start,
            last_timestamp: span.end,
            duration_ms: span.end - span.start,
            first_arrival: totals.first_arrival,
            last_arrival: totals.last_arrival,
            has_full_snapshot: stats.has_full_snapshot(),
            has_meta: stats.has_meta(),
            refused: totals.refused,
            errors: stats.errors,
            last_batch: totals.last_batch.clone(),
            told: facts.told.clone(),
            problems: problems(totals),
        }
    }
}
