//! A request that waits for a host that can't be called back, as an event loop in another language, until it is taken.

use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use super::buffer::MmapBuffer;

/// The longest that a request waits to be taken, unless there is less time for it. A host whose loop is busy takes it later;
/// where nobody takes any, what waits is to be compacted, and the next attempt to begin.
pub(super) const MAX_UNTAKEN: Duration = Duration::from_secs(10);

/// What a request is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestKind {
    /// It carries a batch to the ingest server.
    Events,
    /// It fetches the remote configuration.
    Config,
}

impl RequestKind {
    /// As `sr_take_request` writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Events => "events",
            Self::Config => "config",
        }
    }
}

/// A request that waits to be taken.
pub(super) struct Offer {
    pub kind: RequestKind,
    pub method: &'static str,
    pub url: String,
    pub headers: Vec<(&'static str, String)>,
    /// None for `GET`.
    pub body: Option<RequestBody>,
    /// How long the host has for the response, from when it takes the request.
    pub timeout: Duration,
}

/// A request that the host has taken, without its body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakenRequest {
    /// Names this request in [`Transport::respond`](super::Transport::respond); never 0.
    pub id: u64,
    /// What it is for.
    pub kind: RequestKind,
    /// `POST` or `GET`.
    pub method: &'static str,
    /// Where to send it.
    pub url: String,
    /// Header names and values.
    pub headers: Vec<(&'static str, String)>,
    /// In bytes; 0 for `GET`.
    pub body_length: usize,
    /// A response that comes later than this, counted from now, is ignored.
    pub timeout: Duration,
}

impl Offer {
    /// It is taken: what the host is told, and the body that it may read.
    pub fn take(self, id: u64) -> (TakenRequest, Option<RequestBody>) {
        let Self { kind, method, url, headers, body, timeout } = self;
        let body_length = body.as_deref().map_or(0, <[u8]>::len);
        (TakenRequest { id, kind, method, url, headers, body_length, timeout }, body)
    }
}

/// The body of a request: shared with the thread that sends it, not copied.
#[derive(Clone)]
pub struct RequestBody(Arc<MmapBuffer>);

impl RequestBody {
    pub(super) fn new(bytes: &Arc<MmapBuffer>) -> Self {
        Self(bytes.clone())
    }
}

impl Deref for RequestBody {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}
