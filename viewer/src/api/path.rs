//! Which replay a path speaks of.

use axum::extract::Path;

use super::error::ApiError;
use crate::replay_id::ReplayId;

/// The id in a path of two percent-encoded parts.
pub(super) fn replay_id(Path((device, session)): Path<(String, String)>) -> Result<ReplayId, ApiError> {
    ReplayId::new(&device, &session).map_err(ApiError::bad)
}
