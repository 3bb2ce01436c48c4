//! The requests this process saw lately, good and bad, for whoever wonders what arrived.

use std::collections::VecDeque;

use axum::http::request::Parts;
use parking_lot::Mutex;
use serde::Serialize;

use crate::arrival::ArrivalTime;
use crate::connection::PeerAddress;
use crate::headers::{Headers, MAX_HEADER_CHARS, headers_to_show, without_key};
use crate::replay_id::ClaimedIds;

/// Most requests remembered.
const MAX_REQUESTS: usize = 1_000;

/// What a request is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum RequestKind {
    /// A batch of events.
    Track,
    /// Remote configuration.
    Config,
    /// A host that the viewer does not answer to.
    Host,
}

/// What became of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Outcome {
    /// Checked, and nothing wrong with it.
    Accepted,
    /// Refused, because something is wrong with it.
    Rejected,
    /// Answered by a fault that a test asked for.
    Faulted,
    /// Right, but the store failed.
    Failed,
}

/// One request, as `GET /api/requests` shows it.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct LoggedRequest {
    /// When it arrived, in milliseconds since the epoch.
    pub(crate) at: u64,
    pub(crate) kind: RequestKind,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: String,
    #[serde(flatten)]
    pub(crate) ids: ClaimedIds,
    /// The address it came from.
    pub(crate) from: Option<String>,
    pub(crate) headers: Headers,
    pub(crate) outcome: Outcome,
    /// The status replied; `None` when the connection was cut or left hanging.
    pub(crate) status: Option<u16>,
    /// What is wrong with the request, in one line.
    pub(crate) error: Option<String>,
    pub(crate) problems: Vec<String>,
    /// The fault that answered.
    pub(crate) fault: Option<u64>,
    /// Whether its events were kept.
    pub(crate) stored: bool,
    pub(crate) wire_bytes: u64,
    pub(crate) decoded_bytes: u64,
    pub(crate) events: u64,
}

impl LoggedRequest {
    /// A request that has just arrived, before anything is known about it.
    pub(crate) fn new(kind: RequestKind, arrived: ArrivalTime, parts: &Parts) -> Self {
        let query = parts.uri.query().unwrap_or_default();
        Self {
            at: arrived.millis(),
            kind,
            method: parts.method.to_string(),
            path: parts.uri.path().chars().take(MAX_HEADER_CHARS).collect(),
            query: without_key(query).chars().take(MAX_HEADER_CHARS).collect(),
            ids: ClaimedIds::default(),
            from: parts.extensions.get::<PeerAddress>().map(|peer| peer.0.to_canonical().to_string()),
            headers: headers_to_show(&parts.headers),
            outcome: Outcome::Accepted,
            status: None,
            error: None,
            problems: Vec::new(),
            fault: None,
            stored: false,
            wire_bytes: 0,
            decoded_bytes: 0,
            events: 0,
        }
    }
}

/// A bounded memory of requests.
#[derive(Debug, Default)]
pub(crate) struct RequestLog {
    requests: Mutex<VecDeque<LoggedRequest>>,
}

impl RequestLog {
    pub(crate) fn add(&self, request: LoggedRequest) {
        let mut requests = self.requests.lock();
        if requests.len() == MAX_REQUESTS {
            requests.pop_front();
        }
        requests.push_back(request);
    }

    /// The requests remembered, oldest first.
    pub(crate) fn all(&self) -> Vec<LoggedRequest> {
        self.requests.lock().iter().cloned().collect()
    }
}
