//! Which path leads where, and what it passes on its way.

use std::sync::Arc;

use axum::Router;
use axum::http::StatusCode;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{any, delete, get, post};

use crate::app::App;
use crate::middleware::{hosts, limits, origins};
use crate::{api, ingest, page};

/// All routes of a viewer.
pub(crate) fn router(app: Arc<App>) -> Router {
    let open = Router::new()
        .route("/sessions/v2/track", any(ingest::track))
        .route("/track", any(ingest::track))
        .route("/config/{key}", any(ingest::remote_config))
        .layer(from_fn(origins::open))
        .layer(from_fn_with_state(Arc::clone(&app), hosts::known_hosts_for_pages));
    let feeds = Router::new()
        .route("/live", get(api::live::list))
        .route("/sessions/{device}/{session}/live", get(api::live::session))
        .layer(from_fn_with_state(Arc::clone(&app), limits::feed));
    let downloads = Router::new()
        .route("/sessions/{device}/{session}/events", get(api::batches::events))
        .route("/sessions/{device}/{session}/batches", get(api::batches::lines))
        .route("/sessions/{device}/{session}/events.jsonl", get(api::download::events))
        .route("/sessions/{device}/{session}/sequences", get(api::batches::list))
        .route("/sessions/{device}/{session}/interactions", get(api::batches::interactions))
        .route("/interactions", get(api::batches::all_interactions))
        .layer(from_fn_with_state(Arc::clone(&app), limits::download));
    let imports = Router::new()
        .route("/import", post(api::import::import))
        .layer(from_fn_with_state(Arc::clone(&app), limits::import));
    let api = Router::new()
        .route("/sessions", get(api::sessions::list).delete(api::delete::older))
        .route("/sessions/{device}/{session}", get(api::sessions::details).delete(api::delete::session))
        .route("/devices/{device}", delete(api::delete::device))
        .route("/search", get(api::search::page))
        .route("/events", get(api::captured::list))
        .route("/why/{device}", get(api::why::device))
        .route("/why/{device}/{session}", get(api::why::session))
        .route("/requests", get(api::requests::list))
        .route("/remote-config", get(api::remote_config::get).put(api::remote_config::set))
        .route("/faults", post(api::faults::add).get(api::faults::list).delete(api::faults::clear))
        .route("/faults/{id}", delete(api::faults::clear_one))
        .layer(from_fn_with_state(Arc::clone(&app), limits::api))
        .merge(feeds)
        .merge(downloads)
        .merge(imports)
        .layer(from_fn(origins::same_origin));
    // In JSON, as everything else.
    let api = api.fallback(api::error::not_found).method_not_allowed_fallback(api::error::not_allowed);
    let ours = Router::new()
        .nest("/api", api)
        .merge(page::routes())
        .fallback(async || StatusCode::NOT_FOUND)
        .layer(from_fn_with_state(Arc::clone(&app), hosts::known_hosts));
    ours.merge(open).with_state(app)
}
