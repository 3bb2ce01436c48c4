//! `GET /api/why/<device>[/<session>]`: why there may be no replay, as a list of checks in the order in which one can fail.

mod checks;
mod facts;
mod gather;
mod guide;

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Serialize;

use super::error::ApiError;
use super::path::Ids;
use crate::app::App;
use crate::store::KeptOutcome;
use checks::{Check, checks};
use facts::BadRequest;

/// Most requests shown, the newest.
const MAX_SHOWN: usize = 50;

/// What is known about a device, or one session of it.
#[derive(Debug, Serialize)]
pub(crate) struct Why {
    device_id: String,
    session_id: Option<String>,
    /// Accepted batches, and their bytes as decoded.
    #[serde(rename = "sequences")]
    batches: u64,
    decoded_bytes: u64,
    checks: Vec<Check>,
    /// Those that were refused, faulted or failed, newest first.
    requests: Vec<Shown>,
}

#[derive(Debug, Serialize)]
struct Shown {
    at: u64,
    session_id: String,
    outcome: KeptOutcome,
    status: Option<u16>,
    problems: Vec<String>,
    fault: Option<String>,
    from: Option<String>,
}

impl From<BadRequest> for Shown {
    fn from(request: BadRequest) -> Self {
        let BadRequest { at, session_id, outcome, status, problems, fault, from, .. } = request;
        Self { at, session_id, outcome, status, problems, fault, from }
    }
}

pub(crate) async fn device(State(app): State<Arc<App>>, ids: Ids) -> Result<Json<Why>, ApiError> {
    why(&app, ids.device, None).await
}

pub(crate) async fn session(State(app): State<Arc<App>>, ids: Ids) -> Result<Json<Why>, ApiError> {
    why(&app, ids.device, Some(ids.session.unwrap_or_default())).await
}

/// The ids may be anything: what is wrong with them is the first check.
async fn why(app: &App, device: String, session: Option<String>) -> Result<Json<Why>, ApiError> {
    let facts = gather::facts(app, &device, session.as_deref()).await?;
    let checks = checks(&facts);
    let (batches, decoded_bytes) = (facts.totals.batches, facts.totals.decoded_bytes);
    let requests = facts.requests.into_iter().rev().take(MAX_SHOWN).map(Shown::from).collect();
    Ok(Json(Why { device_id: device, session_id: session, batches, decoded_bytes, checks, requests }))
}
