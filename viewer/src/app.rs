//! What every request shares, and which path leads where.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{any, get, post};
use tokio::sync::{Semaphore, watch};

use crate::config::Config;
use crate::faults::Faults;
use crate::hosts::{self, Hosts};
use crate::remote_config::RemoteConfig;
use crate::request_log::RequestLog;
use crate::store::Store;
use crate::viewer::StartError;
use crate::{api, cors, ingest, page, remote_config};

/// Most request bodies in memory at once.
const BODIES_AT_ONCE: usize = 32;

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
    /// Permits to hold a request body.
    pub(crate) bodies: Semaphore,
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
            bodies: Semaphore::new(BODIES_AT_ONCE),
            max_wire_bytes: config.max_wire_bytes,
            max_body_bytes: config.max_body_bytes,
        })
    }
}

pub(crate) fn router(app: Arc<App>) -> Router {
    let open = Router::new()
        .route("/sessions/v2/track", any(ingest::track))
        .route("/track", any(ingest::track))
        .route("/config/{key}", any(remote_config::answer))
        .layer(from_fn(cors::open));
    let session = Router::new()
        .route("/", get(api::sessions::details))
        .route("/events", get(api::events::of_session))
        .route("/sequences", get(api::events::sequences))
        .route("/live", get(api::live::session));
    let api = Router::new()
        .route("/sessions", get(api::sessions::list))
        .nest("/sessions/{device}/{session}", session)
        .route("/events", get(api::control::captured))
        .route("/requests", get(api::control::requests))
        .route("/live", get(api::live::list))
        .route("/remote-config", get(api::control::remote_config).put(api::control::set_remote_config))
        .route(
            "/faults",
            post(api::control::add_faults).get(api::control::faults).delete(api::control::clear_faults),
        )
        .route("/faults/{id}", axum::routing::delete(api::control::clear_fault))
        .layer(from_fn(cors::same_origin));
    let all = Router::new().merge(open).nest("/api", api).merge(page::routes());
    all.layer(from_fn_with_state(Arc::clone(&app), hosts::guard)).with_state(app)
}
