//! The requests this process saw lately, good and bad, for whoever wonders what arrived.

use std::collections::{BTreeMap, VecDeque};

use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use parking_lot::Mutex;
use serde::Serialize;

/// Most requests remembered.
const MOST: usize = 1_000;
/// Most headers remembered of one request.
const MOST_HEADERS: usize = 24;
/// Longest header value remembered.
const LONGEST_HEADER: usize = 2_000;

/// Headers worth showing, by lower-case name. The API key is masked.
pub(crate) type Headers = BTreeMap<String, String>;

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
pub(crate) struct Request {
    /// When it arrived, in milliseconds since the epoch.
    pub(crate) at: u64,
    /// `track` or `config`.
    pub(crate) kind: &'static str,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) device_id: String,
    pub(crate) session_id: String,
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

impl Request {
    /// A request that has just arrived, before anything is known about it.
    pub(crate) fn new(kind: &'static str, at: u64, parts: &Parts, headers: Headers) -> Self {
        let query = parts.uri.query().unwrap_or_default();
        Self {
            at,
            kind,
            method: parts.method.to_string(),
            path: parts.uri.path().chars().take(LONGEST_HEADER).collect(),
            query: without_key(query).chars().take(LONGEST_HEADER).collect(),
            device_id: String::new(),
            session_id: String::new(),
            headers,
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
    requests: Mutex<VecDeque<Request>>,
}

impl RequestLog {
    pub(crate) fn add(&self, request: Request) {
        let mut requests = self.requests.lock();
        if requests.len() == MOST {
            requests.pop_front();
        }
        requests.push_back(request);
    }

    /// The requests remembered, oldest first.
    pub(crate) fn all(&self) -> Vec<Request> {
        self.requests.lock().iter().cloned().collect()
    }
}

/// The query with its API key masked: a beacon has it there.
fn without_key(query: &str) -> String {
    let pieces = query.split('&').map(|piece| match piece.split_once('=') {
        Some(("api_key", _)) => "api_key=***",
        _ => piece,
    });
    pieces.collect::<Vec<_>>().join("&")
}

/// The headers of a request that are worth showing.
pub(crate) fn headers_to_show(headers: &HeaderMap) -> Headers {
    let shown = |name: &str| {
        name.starts_with("x-")
            || ["accept", "content-encoding", "content-length", "content-type", "origin", "user-agent"]
                .contains(&name)
    };
    let mut kept: Headers = headers
        .iter()
        .filter(|(name, _)| shown(name.as_str()))
        .take(MOST_HEADERS)
        .map(|(name, value)| {
            let text = String::from_utf8_lossy(value.as_bytes());
            let text = text.chars().take(LONGEST_HEADER).collect();
            (name.as_str().to_owned(), text)
        })
        .collect();
    if let Some(value) = headers.get(header::AUTHORIZATION) {
        kept.insert("authorization".to_owned(), masked(value.as_bytes()));
    }
    kept
}

/// The scheme and at most the last four characters of the key.
fn masked(value: &[u8]) -> String {
    let text = String::from_utf8_lossy(value);
    let Some(key) = text.strip_prefix("Bearer ") else {
        return "****".to_owned();
    };
    let length = key.chars().count();
    let tail: String = key.chars().skip(length.saturating_sub(4)).collect();
    if length > 8 { format!("Bearer ****{tail}") } else { "Bearer ****".to_owned() }
}
