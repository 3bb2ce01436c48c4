//! `GET /api/requests`: what this process saw lately, oldest first.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;

use crate::app::App;
use crate::request_log::LoggedRequest;

pub(crate) async fn list(State(app): State<Arc<App>>) -> Json<Vec<LoggedRequest>> {
    Json(app.log.all())
}
