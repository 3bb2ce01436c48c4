//! How much of each kind may go on at once, so that clients who hold one thing for long leave the others be.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::app::App;
use crate::connections::Connection;

/// Most connections, where the system lets a process have enough files.
const MAX_CONNECTIONS: usize = 512;
/// Files that are kept for everything else.
const OTHER_FILES: usize = 64;
/// Most bytes of request bodies in memory at once, as they came over the wire.
const MAX_BODY_BYTES_HELD: usize = 512 << 20;
/// Most request bodies that are unpacked and checked at once.
const MAX_CHECKS: usize = 8;
/// Most bytes of stored events in memory at once, on their way to whoever reads them.
const MAX_REPLY_BYTES_HELD: usize = 256 << 20;
/// Largest body of a request to the API.
const MAX_API_BODY: usize = 2 << 20;
/// How long a client of the API may take to send its body.
const API_BODY_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a reply waits for others to be read.
const MEMORY_TIMEOUT: Duration = Duration::from_secs(30);
/// When a client that was turned away should come back, in seconds.
const RETRY_AFTER: HeaderValue = HeaderValue::from_static("5");

/// The limits of one viewer.
#[derive(Debug)]
pub(crate) struct Limits {
    pub(crate) connections: usize,
    feeds: Arc<Semaphore>,
    downloads: Arc<Semaphore>,
    api: Arc<Semaphore>,
    /// Requests that a fault keeps waiting.
    held: Arc<Semaphore>,
    /// Permits to unpack and check a body.
    pub(crate) checks: Semaphore,
    pub(crate) bodies: Memory,
    pub(crate) replies: Memory,
}

impl Limits {
    pub(crate) fn new(max_wire_bytes: usize) -> Self {
        let connections = connections_for(open_files());
        Self {
            connections,
            feeds: Arc::new(Semaphore::new(connections / 8)),
            downloads: Arc::new(Semaphore::new(connections / 8)),
            api: Arc::new(Semaphore::new(connections / 8)),
            held: Arc::new(Semaphore::new(connections / 4)),
            checks: Semaphore::new(MAX_CHECKS),
            bodies: Memory::new(MAX_BODY_BYTES_HELD.max(max_wire_bytes)),
            replies: Memory::new(MAX_REPLY_BYTES_HELD),
        }
    }

    /// A place among the requests that a fault keeps waiting; `None` when there are enough of them.
    pub(crate) fn hold(&self, connection: Option<&Arc<Connection>>) -> Option<Reserved> {
        let permit = Arc::clone(&self.held).try_acquire_owned().ok()?;
        Some(Reserved::new(connection, permit))
    }
}

/// A connection that others can't push out: its kind has a limit of its own.
#[derive(Debug)]
pub(crate) struct Reserved {
    _permit: OwnedSemaphorePermit,
    connection: Option<Arc<Connection>>,
}

impl Reserved {
    fn new(connection: Option<&Arc<Connection>>, permit: OwnedSemaphorePermit) -> Self {
        let connection = connection.cloned();
        if let Some(connection) = &connection {
            connection.reserve(true);
        }
        Self { _permit: permit, connection }
    }
}

impl Drop for Reserved {
    fn drop(&mut self) {
        if let Some(connection) = &self.connection {
            connection.reserve(false);
        }
    }
}

/// Bytes that may be in memory at once, counted in KiB.
#[derive(Debug)]
pub(crate) struct Memory {
    free: Arc<Semaphore>,
    total: u32,
}

impl Memory {
    fn new(bytes: usize) -> Self {
        let total = kib(bytes);
        Self { free: Arc::new(Semaphore::new(total as usize)), total }
    }

    /// Room for so many bytes, if there is any.
    pub(crate) fn try_take(&self, bytes: usize) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.free).try_acquire_many_owned(kib(bytes)).ok()
    }

    /// Room for so many bytes, as soon as there is any; `None` when it takes too long. What is larger than everything
    /// takes everything.
    pub(crate) async fn take(&self, bytes: u64) -> Option<OwnedSemaphorePermit> {
        let wanted = kib(usize::try_from(bytes).unwrap_or(usize::MAX)).min(self.total);
        let room = Arc::clone(&self.free).acquire_many_owned(wanted);
        tokio::time::timeout(MEMORY_TIMEOUT, room).await.ok()?.ok()
    }
}

fn kib(bytes: usize) -> u32 {
    u32::try_from(bytes.div_ceil(1024)).unwrap_or(u32::MAX >> 3).min(u32::MAX >> 3)
}

/// Lets a feed begin, or says that there are too many.
pub(crate) async fn feed(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let Ok(permit) = Arc::clone(&app.limits.feeds).try_acquire_owned() else {
        let most = app.limits.connections / 8;
        return busy(&format!("{most} live feeds are open already; close some, or ask without /live"));
    };
    let reserved = Reserved::new(request.extensions().get::<Arc<Connection>>(), permit);
    keep_until_read(next.run(request).await, reserved)
}

/// Lets a session's events be read, or says that too many are being read.
pub(crate) async fn download(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let Ok(permit) = Arc::clone(&app.limits.downloads).try_acquire_owned() else {
        return busy("too many sessions are being read already");
    };
    keep_until_read(next.run(request).await, permit)
}

/// Lets any other request to the API begin, or says that there are too many.
pub(crate) async fn api(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    // Read before it takes a place: a client that takes its time over a body shall not have one.
    let body = match tokio::time::timeout(API_BODY_TIMEOUT, to_bytes(body, MAX_API_BODY)).await {
        Ok(Ok(body)) => body,
        Ok(Err(_)) => {
            return error(StatusCode::PAYLOAD_TOO_LARGE, "the body is too large, or did not arrive");
        }
        Err(_) => return error(StatusCode::REQUEST_TIMEOUT, "the body did not arrive in time"),
    };
    let Ok(permit) = Arc::clone(&app.limits.api).try_acquire_owned() else {
        return busy("too many requests to the API are being answered already");
    };
    keep_until_read(next.run(Request::from_parts(parts, Body::from(body))).await, permit)
}

/// Keeps something until the reply was read, or its reader went away.
fn keep_until_read(response: Response, kept: impl Send + 'static) -> Response {
    response.map(|body| {
        let size = http_body::Body::size_hint(&body).exact();
        if size.is_some_and(|bytes| bytes < 65_536) {
            // So little is with the system at once; as a stream it would lose its length.
            return body;
        }
        Body::from_stream(body.into_data_stream().map(move |chunk| {
            let _ = &kept;
            chunk
        }))
    })
}

fn busy(why: &str) -> Response {
    let mut response = error(StatusCode::SERVICE_UNAVAILABLE, why);
    response.headers_mut().insert(header::RETRY_AFTER, RETRY_AFTER);
    response
}

fn error(status: StatusCode, why: &str) -> Response {
    // Whoever was turned away shall not keep the connection.
    let close = [(header::CONNECTION, "close")];
    (status, close, Json(serde_json::json!({ "error": why }))).into_response()
}

/// As many connections as leave files for the store: each reply may read some.
fn connections_for(open_files: usize) -> usize {
    (open_files.saturating_sub(OTHER_FILES) / 2).clamp(16, MAX_CONNECTIONS)
}

/// How many files this process may have open.
#[cfg(unix)]
fn open_files() -> usize {
    use rustix::process::{Resource, getrlimit};
    let limit = getrlimit(Resource::Nofile).current;
    limit.and_then(|files| usize::try_from(files).ok()).unwrap_or(usize::MAX)
}

/// How many files this process may have open: as many as it likes.
#[cfg(not(unix))]
fn open_files() -> usize {
    usize::MAX
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_leave_files_for_the_store() {
        for (files, connections) in
            [(0, 16), (64, 16), (256, 96), (1_024, 480), (2_000, 512), (usize::MAX, 512)]
        {
            assert_eq!(connections_for(files), connections, "{files}");
        }
    }

    #[tokio::test]
    async fn memory_is_lent_and_comes_back() {
        let memory = Memory::new(10 * 1024);
        let most = memory.take(u64::MAX).await.unwrap();
        assert!(memory.try_take(1).is_none());
        drop(most);
        let some = memory.try_take(9 * 1024 + 1).unwrap();
        assert!(memory.try_take(1).is_none());
        drop(some);
        assert!(memory.try_take(1).is_some());
    }
}
