//! Deletes sessions: one, those of a device, those of before a time. With `?dry_run=true` nothing is deleted, and the answer says what
//! would be.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;

use super::error::ApiError;
use super::path::{Ids, Query};
use crate::app::App;
use crate::arrival::ArrivalTime;
use crate::deletion::{Deleted, delete};
use crate::replay_id::DeviceId;
use crate::store::{Extent, StoredSession};

#[derive(Debug, Default, Deserialize)]
pub(crate) struct How {
    #[serde(default)]
    dry_run: bool,
    older_than: Option<u64>,
}

/// `DELETE /api/sessions/<device>/<session>`: what is not there is deleted already.
pub(crate) async fn session(
    State(app): State<Arc<App>>,
    ids: Ids,
    Query(how): Query<How>,
) -> Result<Json<Deleted>, ApiError> {
    let id = ids.replay()?;
    let sessions = app.store.inventory(Extent::Session(&id)).await?;
    carry_out(app, sessions, &how, Requests::None).await
}

/// `DELETE /api/devices/<device>`
pub(crate) async fn device(
    State(app): State<Arc<App>>,
    ids: Ids,
    Query(how): Query<How>,
) -> Result<Json<Deleted>, ApiError> {
    let device = ids.device()?;
    let sessions = app.store.inventory(Extent::Device(&device)).await?;
    carry_out(app, sessions, &how, Requests::Of(device)).await
}

/// `DELETE /api/sessions?older_than=<ms>`: those of which nothing has arrived since then.
pub(crate) async fn older(
    State(app): State<Arc<App>>,
    Query(how): Query<How>,
) -> Result<Json<Deleted>, ApiError> {
    let Some(before) = how.older_than else {
        let message = "older_than=<milliseconds since 1970> is missing: it says which sessions to delete";
        return Err(ApiError::bad(message));
    };
    let mut sessions = app.store.inventory(Extent::All).await?;
    sessions.retain(|session| session.last_arrival < before);
    carry_out(app, sessions, &how, Requests::Before(before)).await
}

/// Which kept requests go along.
enum Requests {
    None,
    Of(DeviceId),
    /// Those of before this time, in milliseconds since the epoch; then of the sessions those that are still as old.
    Before(u64),
}

async fn carry_out(
    app: Arc<App>,
    mut sessions: Vec<StoredSession>,
    how: &How,
    requests: Requests,
) -> Result<Json<Deleted>, ApiError> {
    sessions.sort_unstable_by(|a, b| (b.last_arrival, &b.id).cmp(&(a.last_arrival, &a.id)));
    if how.dry_run {
        return Ok(Json(Deleted::of(&sessions)));
    }
    // Goes on when the one who asked does not wait for it.
    let deleted = tokio::spawn(async move {
        let kept = &app.store.kept;
        let (forgotten, heard_before) = match requests {
            Requests::None => (Ok(()), None),
            Requests::Of(device) => (kept.forget(device.as_str()).await, None),
            Requests::Before(time) => (kept.forget_before(ArrivalTime::from_millis(time)).await, Some(time)),
        };
        let deleted = delete(&app, sessions, |_| heard_before).await?;
        forgotten.map(|()| deleted)
    })
    .await;
    let failed = |error| {
        ApiError::new(StatusCode::INTERNAL_SERVER_ERROR, format!("the deletion did not end: {error}"))
    };
    Ok(Json(deleted.map_err(failed)??))
}
