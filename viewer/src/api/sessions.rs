//! `GET /api/sessions` and the details of one session.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use futures_util::{StreamExt, TryStreamExt, stream};
use serde::Serialize;

use super::error::ApiError;
use super::path::replay_id;
use super::summary::Summary;
use super::totals::Totals;
use crate::app::App;
use crate::replay_id::ReplayId;
use crate::store::{RefusedRequest, StoreError};

/// Markers read at once.
const MAX_READS: usize = 16;

/// A session with what was refused of it.
#[derive(Debug, Serialize)]
pub(crate) struct Details {
    #[serde(flatten)]
    summary: Summary,
    refused_requests: Vec<RefusedRequest>,
}

/// All sessions, the one that heard something last first.
pub(crate) async fn list(State(app): State<Arc<App>>) -> Result<Json<Vec<Summary>>, ApiError> {
    let mut sessions: HashMap<ReplayId, Totals> = HashMap::new();
    for (id, listed) in app.store.batches.all().await? {
        sessions.entry(id).or_default().add(&listed.info);
    }
    for id in app.store.refused.sessions().await? {
        if let Some(totals) = sessions.get_mut(&id) {
            totals.refused += 1;
        }
    }
    let mut list: Vec<Summary> = stream::iter(sessions)
        .map(async |(id, totals)| {
            let marker = app.store.marker_of(&id).await?;
            Ok::<_, StoreError>(Summary::new(&id, &totals, marker.as_deref()))
        })
        .buffer_unordered(MAX_READS)
        .try_collect()
        .await?;
    list.sort_unstable_by(|a, b| (b.last_arrival, &b.replay_id).cmp(&(a.last_arrival, &a.replay_id)));
    Ok(Json(list))
}

/// One session; 404 when nothing of it was ever seen.
pub(crate) async fn details(
    State(app): State<Arc<App>>,
    path: Path<(String, String)>,
) -> Result<Json<Details>, ApiError> {
    let id = replay_id(path)?;
    let mut totals = Totals::default();
    for listed in app.store.batches.list(&id, None).await? {
        totals.add(&listed.info);
    }
    let refused_requests = app.store.refused.of(&id).await?;
    if totals.batches == 0 && refused_requests.is_empty() {
        return Err(ApiError::new(StatusCode::NOT_FOUND, format!("nothing was received of {id}")));
    }
    totals.refused = refused_requests.len() as u64;
    let marker = match totals.batches {
        0 => None,
        _ => app.store.marker_of(&id).await?,
    };
    Ok(Json(Details { summary: Summary::new(&id, &totals, marker.as_deref()), refused_requests }))
}
