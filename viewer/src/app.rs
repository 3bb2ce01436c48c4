//! What every request shares, and which path leads where.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::http::StatusCode;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{any, get, post};
use tokio::sync::{OwnedSemaphorePermit, watch};

use crate::config::Config;
use crate::faults::Faults;
use crate::hosts::{self, Hosts};
use crate::limits::{self, Limits};
use crate::remote_config::RemoteConfig;
use crate::request_log::RequestLog;
use crate::store::{Store, StoreError, Stored};
use crate::viewer::StartError;
use crate::{api, cors, ingest, page, remote_config};

/// The state of one viewer.
#[derive(Debug)]
pub(crate) struct App {
    pub(crate) store: Store,
    pub(crate) hosts: Hosts,
    pub(crate) faults: Faults,
    pub(crate) remote_config: RemoteConfig,
    pub(crate) log: RequestLog,
    /// Counts what was accepted or refused here; live feeds wait for it to change.
    pub(crate) arrivals: watch::Sender<u64>,
    pub(crate) limits: Limits,
    pub(crate) max_wire_bytes: usize,
    pub(crate) max_body_bytes: usize,
}

impl App {
    /// `bound` is the address that is listened on.
    pub(crate) fn new(config: &Config, bound: SocketAddr) -> Result<Self, StartError> {
        Ok(Self {
            store: Store::open(&config.store)?,
            hosts: Hosts::new(bound, &config.allowed_hosts)?,
            faults: Faults::default(),
            remote_config: RemoteConfig::new(config.remote_config.as_deref())?,
            log: RequestLog::default(),
            arrivals: watch::Sender::new(0),
            limits: Limits::new(config.max_wire_bytes),
            max_wire_bytes: config.max_wire_bytes,
            max_body_bytes: config.max_body_bytes,
        })
    }
}

impl App {
    /// Room in memory for a sequence on its way to a reader: as it is stored, and as it is sent.
    pub(crate) async fn room_for(&self, stored: &Stored) -> Result<OwnedSemaphorePermit, StoreError> {
        let bytes = stored.says.decoded_bytes.saturating_mul(2);
        self.limits.replies.take(bytes).await.ok_or(StoreError::Busy)
    }
}

pub(crate) fn router(app: Arc<App>) -> Router {
    let open = Router::new()
        .route("/sessions/v2/track", any(ingest::track))
        .route("/track", any(ingest::track))
        .route("/config/{key}", any(remote_config::answer))
        .layer(from_fn(cors::open))
        .layer(from_fn_with_state(Arc::clone(&app), hosts::guard_from_pages));
    let feeds = Router::new()
        .route("/live", get(api::live::list))
        .route("/sessions/{device}/{session}/live", get(api::live::session))
        .layer(from_fn_with_state(Arc::clone(&app), limits::feed));
    let downloads = Router::new()
        .route("/sessions/{device}/{session}/events", get(api::events::of_session))
        .route("/sessions/{device}/{session}/sequences", get(api::events::sequences))
        .layer(from_fn_with_state(Arc::clone(&app), limits::download));
    let api = Router::new()
        .route("/sessions", get(api::sessions::list))
        .route("/sessions/{device}/{session}", get(api::sessions::details))
        .route("/events", get(api::control::captured))
        .route("/requests", get(api::control::requests))
        .route("/remote-config", get(api::control::remote_config).put(api::control::set_remote_config))
        .route(
            "/faults",
            post(api::control::add_faults).get(api::control::faults).delete(api::control::clear_faults),
        )
        .route("/faults/{id}", axum::routing::delete(api::control::clear_fault))
        .layer(from_fn_with_state(Arc::clone(&app), limits::api))
        .merge(feeds)
        .merge(downloads)
        .layer(from_fn(cors::same_origin));
    let ours = Router::new()
        .nest("/api", api)
        .merge(page::routes())
        .fallback(async || StatusCode::NOT_FOUND)
        .layer(from_fn_with_state(Arc::clone(&app), hosts::guard));
    ours.merge(open).with_state(app)
}
