//! The list of sessions, and what is known about one.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::error::{ApiError, off_the_workers};
use super::path::Ids;
use crate::app::App;
use crate::index::Summary;
use crate::store::RefusedRequest;

/// A session with what was refused of it.
#[derive(Debug, Serialize)]
pub(crate) struct Details {
    #[serde(flatten)]
    summary: Summary,
    refused_requests: Vec<RefusedRequest>,
}

/// All sessions, the one that heard something last first.
pub(crate) async fn list(State(app): State<Arc<App>>) -> Result<Response, ApiError> {
    app.index.catch_up().await;
    let index = app.index.clone();
    off_the_workers(move || Json(index.all()).into_response()).await
}

/// One session; 404 when nothing of it was ever seen.
pub(crate) async fn details(State(app): State<Arc<App>>, ids: Ids) -> Result<Json<Details>, ApiError> {
    // Nothing can have been received of what can't be an id; the page then says why.
    let id = ids.replay().map_err(|error| error.with_status(StatusCode::NOT_FOUND))?;
    app.index.catch_up().await;
    if app.index.get(&id).is_none() && !app.index.is_complete() {
        app.index.count_again(&id).await;
    }
    let Some(summary) = app.index.get(&id) else {
        return Err(ApiError::new(StatusCode::NOT_FOUND, format!("nothing was received of {id}")));
    };
    let refused_requests = if summary.refused > 0 { app.store.refused.of(&id).await? } else { Vec::new() };
    Ok(Json(Details { summary, refused_requests }))
}
