//! `/api/remote-config`: what remote configuration requests are answered with.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;

use super::error::ApiError;
use crate::app::App;

/// `GET`: the whole answer.
pub(crate) async fn get(State(app): State<Arc<App>>) -> Response {
    let json = [(header::CONTENT_TYPE, "application/json")];
    (json, app.remote_config.get()).into_response()
}

/// `PUT`: changes it, and answers with what it is now.
pub(crate) async fn set(State(app): State<Arc<App>>, body: Bytes) -> Result<Response, ApiError> {
    app.remote_config.set(&body).map_err(|error| ApiError::bad(error.to_string()))?;
    Ok(get(State(app)).await)
}
