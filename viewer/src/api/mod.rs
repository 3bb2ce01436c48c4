//! The JSON API: what the page and the tests ask the viewer.

pub(crate) mod control;
pub(crate) mod events;
mod feed;
pub(crate) mod live;
pub(crate) mod sessions;
mod summary;

use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::identity::Identity;
use crate::store::StoreError;

/// A request to the API that can't be answered.
#[derive(Debug)]
pub(crate) struct ApiError {
    status: StatusCode,
    message: String,
}

impl ApiError {
    fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self { status, message: message.into() }
    }

    fn bad(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, error.to_string())
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let body = serde_json::json!({ "error": self.message });
        (self.status, Json(body)).into_response()
    }
}

/// The identity in a path of two percent-encoded parts.
fn identity(Path((device, session)): Path<(String, String)>) -> Result<Identity, ApiError> {
    Identity::new(&device, &session).map_err(ApiError::bad)
}
