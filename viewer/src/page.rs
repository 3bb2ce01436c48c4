//! placeholder
use crate::app::App;
use axum::Router;
use std::sync::Arc;
pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
}
