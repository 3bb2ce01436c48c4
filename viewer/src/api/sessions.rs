//! `GET /api/sessions` and the details of one session.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use futures_util::{StreamExt, TryStreamExt, stream};
use serde::Serialize;

use super::summary::Summary;
use super::{ApiError, identity};
use crate::app::App;
use crate::identity::Identity;
use crate::store::{RefusedRequest, StoreError};

/// Markers read at once.
const READS_AT_ONCE: usize = 16;

/// A session with what was refused of it.
#[derive(Debug, Serialize)]
pub(crate) struct Details {
    #[serde(flatten)]
    summary: Summary,
    refused_requests: Vec<RefusedRequest>,
}

/// All sessions, the one that heard something last first.
pub(crate) async fn list(State(app): State<Arc<App>>) -> Result<Json<Vec<Summary>>, ApiError> {
    let mut sessions: HashMap<Identity, Summary> = HashMap::new();
    for (identity, stored) in app.store.all_sequences().await? {
        sessions.entry(identity).or_insert_with_key(Summary::new).add(&stored.says);
    }
    for identity in app.store.refused_sessions().await? {
        if let Some(summary) = sessions.get_mut(&identity) {
            summary.refused += 1;
        }
    }
    let mut list: Vec<Summary> = stream::iter(sessions)
        .map(async |(identity, summary)| {
            let first = app.store.first_batch(&identity).await?;
            Ok::<_, StoreError>(summary.finish(first.as_deref()))
        })
        .buffer_unordered(READS_AT_ONCE)
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
    let identity = identity(path)?;
    let mut summary = Summary::new(&identity);
    for stored in app.store.sequences(&identity, None).await? {
        summary.add(&stored.says);
    }
    let refused_requests = app.store.refused(&identity).await?;
    if summary.sequences == 0 && refused_requests.is_empty() {
        return Err(ApiError::new(StatusCode::NOT_FOUND, format!("nothing was received of {identity}")));
    }
    summary.refused = refused_requests.len() as u64;
    let first = app.store.first_batch(&identity).await?;
    Ok(Json(Details { summary: summary.finish(first.as_deref()), refused_requests }))
}
