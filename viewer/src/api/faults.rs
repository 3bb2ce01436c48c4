//! `/api/faults`: which faults there are.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use bytes::Bytes;
use serde_json::{Value, json};

use super::error::ApiError;
use crate::app::App;
use crate::faults::{Fault, FaultSpec};

/// `POST /api/faults`: appends one fault or a list of them.
pub(crate) async fn add(
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
pub(crate) async fn list(State(app): State<Arc<App>>) -> Json<Vec<Fault>> {
    Json(app.faults.all())
}

/// `DELETE /api/faults`
pub(crate) async fn clear(State(app): State<Arc<App>>) -> Json<Value> {
    Json(json!({ "removed": app.faults.clear(None) }))
}

/// `DELETE /api/faults/<id>`
pub(crate) async fn clear_one(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
) -> Result<Json<Value>, ApiError> {
    let id: u64 = id.parse().map_err(|_| ApiError::bad(format!("{id:?} is not the number of a fault")))?;
    match app.faults.clear(Some(id)) {
        0 => Err(ApiError::new(StatusCode::NOT_FOUND, format!("there is no fault {id}"))),
        removed => Ok(Json(json!({ "removed": removed }))),
    }
}
