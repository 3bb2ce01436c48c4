//! Faults, remote configuration, recent requests and the events the server makes itself.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::{StreamExt, TryStreamExt, stream};
use serde_json::{Value, json};

use super::ApiError;
use crate::app::App;
use crate::faults::{Fault, FaultSpec};
use crate::request_log::Request;
use crate::store::FirstBatch;

/// Markers read at once.
const READS_AT_ONCE: usize = 16;

/// `GET /api/requests`: what this process saw lately, oldest first.
pub(crate) async fn requests(State(app): State<Arc<App>>) -> Json<Vec<Request>> {
    Json(app.log.all())
}

/// `GET /api/events`: one `[Amplitude] Replay Captured` for each session.
pub(crate) async fn captured(State(app): State<Arc<App>>) -> Result<Json<Vec<Value>>, ApiError> {
    let sessions = app.store.marked_sessions().await?;
    let mut firsts: Vec<Arc<FirstBatch>> = stream::iter(sessions)
        .map(async |identity| app.store.first_batch(&identity).await)
        .buffer_unordered(READS_AT_ONCE)
        .try_filter_map(async |first| Ok(first))
        .try_collect()
        .await?;
    firsts.sort_by_key(|first| first.arrived);
    Ok(Json(firsts.iter().map(|first| replay_captured(first)).collect()))
}

fn replay_captured(first: &FirstBatch) -> Value {
    let replay_id = format!("{}/{}", first.device_id, first.session_id);
    // Analytics knows sessions by number; a session of a custom definition keeps its text.
    let session_id = match first.session_id.parse::<i64>() {
        Ok(number) if number.to_string() == first.session_id => Value::from(number),
        _ => Value::from(first.session_id.as_str()),
    };
    json!({
        "event_type": "[Amplitude] Replay Captured",
        "device_id": first.device_id,
        "session_id": session_id,
        "time": first.arrived,
        "event_properties": { "[Amplitude] Session Replay ID": replay_id },
    })
}

/// `GET /api/remote-config`: what remote configuration requests are answered with.
pub(crate) async fn remote_config(State(app): State<Arc<App>>) -> Response {
    let json = [(header::CONTENT_TYPE, "application/json")];
    (json, app.remote_config.get()).into_response()
}

/// `PUT /api/remote-config`: changes it.
pub(crate) async fn set_remote_config(
    State(app): State<Arc<App>>,
    body: Bytes,
) -> Result<Response, ApiError> {
    app.remote_config.set(&body).map_err(|error| ApiError::bad(error.to_string()))?;
    Ok(remote_config(State(app)).await)
}

/// `POST /api/faults`: appends one fault or a list of them.
pub(crate) async fn add_faults(
    State(app): State<Arc<App>>,
    body: Bytes,
) -> Result<(StatusCode, Json<Vec<Fault>>), ApiError> {
    let is_list = body.trim_ascii_start().starts_with(b"[");
    let parsed: Result<Vec<FaultSpec>, _> = if is_list {
        serde_json::from_slice(&body)
    } else {
        serde_json::from_slice(&body).map(|one| vec![one])
    };
    let specs = parsed.map_err(|error| ApiError::bad(format!("not a fault: {error}")))?;
    for (index, spec) in specs.iter().enumerate() {
        spec.check().map_err(|problem| ApiError::bad(format!("fault {index}: {problem}")))?;
    }
    let added = app.faults.add(specs).ok_or_else(|| ApiError::bad("too many faults; clear some"))?;
    Ok((StatusCode::CREATED, Json(added)))
}

/// `GET /api/faults`: all faults, spent ones included, with their hits.
pub(crate) async fn faults(State(app): State<Arc<App>>) -> Json<Vec<Fault>> {
    Json(app.faults.all())
}

/// `DELETE /api/faults`
pub(crate) async fn clear_faults(State(app): State<Arc<App>>) -> Json<Value> {
    Json(json!({ "removed": app.faults.clear(None) }))
}

/// `DELETE /api/faults/<id>`
pub(crate) async fn clear_fault(
    State(app): State<Arc<App>>,
    Path(id): Path<u64>,
) -> Result<Json<Value>, ApiError> {
    match app.faults.clear(Some(id)) {
        0 => Err(ApiError::new(StatusCode::NOT_FOUND, format!("there is no fault {id}"))),
        removed => Ok(Json(json!({ "removed": removed }))),
    }
}
