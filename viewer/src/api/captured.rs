//! `GET /api/events`: one `[Amplitude] Replay Captured` for each session, as the real server makes it.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use futures_util::{StreamExt, TryStreamExt, stream};
use serde_json::{Value, json};

use super::error::ApiError;
use crate::app::App;
use crate::replay_id::ReplayId;
use crate::store::SessionMarker;

/// Markers read at once.
const MAX_READS: usize = 16;

pub(crate) async fn list(State(app): State<Arc<App>>) -> Result<Json<Vec<Value>>, ApiError> {
    let sessions = app.store.markers.sessions().await?;
    let mut markers: Vec<Arc<SessionMarker>> = stream::iter(sessions)
        .map(async |id| app.store.markers.of(&id).await)
        .buffer_unordered(MAX_READS)
        .try_filter_map(async |marker| Ok(marker))
        .try_collect()
        .await?;
    markers.sort_by_key(|marker| marker.arrived);
    Ok(Json(markers.iter().map(|marker| replay_captured(marker)).collect()))
}

fn replay_captured(marker: &SessionMarker) -> Value {
    let id = ReplayId { device: marker.device_id.clone(), session: marker.session_id.clone() };
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
        "time": marker.arrived,
        "event_properties": { "[Amplitude] Session Replay ID": id.to_string() },
    })
}
