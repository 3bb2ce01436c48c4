//! Lets pages of any origin post replays and ask for configuration, as the ingest does, and nothing else: what was
//! recorded is read by the viewer's own page only.

use axum::Json;
use axum::extract::Request;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// Answers preflights, and opens the answers of the routes it is laid around.
pub(crate) async fn open(request: Request, next: Next) -> Response {
    let preflight = request.method() == Method::OPTIONS;
    let origin = request.headers().get(header::ORIGIN).cloned();
    let asked = request.headers().get(header::ACCESS_CONTROL_REQUEST_HEADERS).cloned();
    let private = request.headers().contains_key("access-control-request-private-network");
    let mut response =
        if preflight { StatusCode::NO_CONTENT.into_response() } else { next.run(request).await };
    let headers = response.headers_mut();
    match origin {
        // A page's last request, its beacon, is made "with credentials", for which browsers take no wildcard. There are
        // none here to give away.
        Some(origin) => {
            headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
            headers.insert(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
            headers.append(header::VARY, HeaderValue::from_static("origin"));
        }
        None => {
            headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
        }
    }
    headers.insert(
        header::ACCESS_CONTROL_EXPOSE_HEADERS,
        HeaderValue::from_static("X-Session-Replay-Event-Skipped"),
    );
    if preflight {
        headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, POST, OPTIONS"));
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, asked.unwrap_or(HeaderValue::from_static("*")));
        headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
        if private {
            headers.insert("access-control-allow-private-network", HeaderValue::from_static("true"));
        }
    }
    response
}

/// Keeps pages of other origins from the control API: from changing anything, and from holding its feeds.
pub(crate) async fn same_origin(request: Request, next: Next) -> Response {
    let headers = request.headers();
    let value = |name: &str| headers.get(name).map(HeaderValue::as_bytes);
    // A foreign page's `<img>` has no Origin, but browsers say that it is foreign. What a link leads to is no harm: the page
    // that had it can't see that.
    let foreign = value("sec-fetch-site").is_some_and(|site| site != b"same-origin" && site != b"none")
        && value("sec-fetch-dest") != Some(b"document");
    let origin = value(header::ORIGIN.as_str());
    // The host is one of ours, or the request would not be here (`middleware/hosts.rs`).
    let host = value(header::HOST.as_str()).unwrap_or_default();
    let ours =
        origin.is_none_or(|origin| origin.strip_prefix(b"http://").is_some_and(|origin| origin == host));
    if ours && !foreign {
        return next.run(request).await;
    }
    let error = "the control API is not open to pages of other origins";
    (StatusCode::FORBIDDEN, Json(serde_json::json!({ "error": error }))).into_response()
}
