//! `GET /api/events`: one `[Amplitude] Replay Captured` for each session, as the real server makes it.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::error::{ApiError, off_the_workers};
use crate::app::App;
use crate::replay_id::ReplayId;

pub(crate) async fn list(State(app): State<Arc<App>>) -> Result<Response, ApiError> {
    app.index.catch_up().await;
    let index = app.index.clone();
    off_the_workers(move || {
        let captured = index.captured();
        let events: Vec<Value> = captured.iter().map(|(id, arrived)| replay_captured(id, *arrived)).collect();
        Json(events).into_response()
    })
    .await
}

fn replay_captured(id: &ReplayId, arrived: u64) -> Value {
    // Analytics knows sessions by number; a session of a custom definition keeps its text.
    let session = id.session.as_str();
    let session_id = match session.parse::<i64>() {
        Ok(number) if number.to_string() == session => Value::from(number),
        _ => Value::from(session),
    };
    json!({
        "event_type": "[Amplitude] Replay Captured",
        "device_id": id.device,
        "session_id": session_id,
        "time": arrived,
        "event_properties": { "[Amplitude] Session Replay ID": id.to_string() },
    })
}
