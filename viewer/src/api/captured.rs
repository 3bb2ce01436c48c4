//! `GET /api/events`: one `[Amplitude] Replay Captured` for each session, as the real server makes it.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use crate::app::App;
use crate::replay_id::ReplayId;

pub(crate) async fn list(State(app): State<Arc<App>>) -> Json<Vec<Value>> {
    app.index.catch_up().await;
    Json(app.index.captured().iter().map(|(id, arrived)| replay_captured(id, *arrived)).collect())
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
