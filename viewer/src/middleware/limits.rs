//! Lets requests to the API begin, or says that there are too many of their kind.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt;

use crate::app::App;
use crate::connection::Connection;

/// Largest body of a request to the API.
const MAX_BODY_BYTES: usize = 2 << 20;
/// How long a client of the API may take to send its body.
const BODY_TIMEOUT: Duration = Duration::from_secs(10);
/// A reply below this is with the system at once, whoever reads it when.
const MAX_UNTRACKED_BYTES: u64 = 65_536;
/// When a client that was turned away should come back, in seconds.
const RETRY_AFTER: HeaderValue = HeaderValue::from_static("5");

/// Lets a feed begin, or says that there are too many.
pub(crate) async fn feed(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    match app.limits.feed(request.extensions().get::<Arc<Connection>>()) {
        Ok(place) => keep_until_read(next.run(request).await, place),
        Err(most) => busy(&format!("{most} live feeds are open already; close some, or ask without /live")),
    }
}

/// Lets a session's events be read, or says that too many are being read.
pub(crate) async fn download(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let Some(place) = app.limits.download() else {
        return busy("too many sessions are being read already");
    };
    keep_until_read(next.run(request).await, place)
}

/// Lets a file be imported, or says that others are.
pub(crate) async fn import(State(app): State<Arc<App>>, mut request: Request, next: Next) -> Response {
    let Some(place) = app.limits.import() else {
        return busy("other files are being imported; try again when they are done");
    };
    request.extensions_mut().insert(Arc::new(place));
    next.run(request).await
}

/// Lets any other request to the API begin, or says that there are too many.
pub(crate) async fn api(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    // Read before it takes a place: a client that takes its time over a body shall not have one.
    let body = match tokio::time::timeout(BODY_TIMEOUT, to_bytes(body, MAX_BODY_BYTES)).await {
        Ok(Ok(body)) => body,
        Ok(Err(_)) => {
            return error(StatusCode::PAYLOAD_TOO_LARGE, "the body is too large, or did not arrive");
        }
        Err(_) => return error(StatusCode::REQUEST_TIMEOUT, "the body did not arrive in time"),
    };
    let Some(place) = app.limits.api() else {
        return busy("too many requests to the API are being answered already");
    };
    keep_until_read(next.run(Request::from_parts(parts, Body::from(body))).await, place)
}

/// Keeps a place until the reply was read, or its reader went away.
fn keep_until_read(response: Response, place: impl Send + 'static) -> Response {
    response.map(|body| {
        let size = http_body::Body::size_hint(&body).exact();
        if size.is_some_and(|bytes| bytes < MAX_UNTRACKED_BYTES) {
            // As a stream it would lose its length.
            return body;
        }
        Body::from_stream(body.into_data_stream().map(move |chunk| {
            let _ = &place;
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
