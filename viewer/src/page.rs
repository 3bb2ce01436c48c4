//! The web page: one document for every address, and its script. Both are part of the program.

use axum::Router;
use axum::http::{HeaderName, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

const DOCUMENT: &str = include_str!(concat!(env!("OUT_DIR"), "/web/index.html"));
const STYLE: &str = include_str!(concat!(env!("OUT_DIR"), "/web/dist/app.css"));
const SCRIPT: &str = include_str!(concat!(env!("OUT_DIR"), "/web/dist/app.js"));
/// The worker that holds the live feed for all windows of a browser.
const FEED_SCRIPT: &str = include_str!(concat!(env!("OUT_DIR"), "/web/dist/feed.js"));
/// Where the document takes the style sheet.
const STYLE_PLACEHOLDER: &str = "/* the bundled style sheet goes here */";

/// What the page and everything in it may load. The replay's frame has no address of its own and so inherits this, and
/// it is what keeps a replayed page off the network: it may show styles, pictures, fonts and media that the recording
/// itself carries, and nothing else. The frame's sandbox forbids scripts; this does, too, but for our own files, which
/// is why the style sheet is in the document: `style-src` needs no address. `frame-src 'none'` also stops a replayed
/// `<meta http-equiv="refresh">`, and `base-uri 'none'` a replayed `<base>`.
const POLICY: &str = "default-src 'none'; script-src 'self'; worker-src 'self'; \
    style-src 'unsafe-inline'; img-src data: blob:; font-src data:; media-src data: blob:; connect-src 'self'; \
    frame-src 'none'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

pub(crate) fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new()
        .route("/", get(document))
        .route("/sessions/{device}/{session}", get(document))
        .route("/assets/app.js", get(async || script(SCRIPT)))
        .route("/assets/feed.js", get(async || script(FEED_SCRIPT)))
}

async fn document() -> Response {
    let html = DOCUMENT.replacen(STYLE_PLACEHOLDER, STYLE, 1);
    with_policy("text/html; charset=utf-8", html)
}

fn script(text: &'static str) -> Response {
    with_policy("text/javascript; charset=utf-8", text)
}

fn with_policy(kind: &'static str, body: impl IntoResponse) -> Response {
    let headers: [(HeaderName, &'static str); 6] = [
        (header::CONTENT_TYPE, kind),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::CACHE_CONTROL, "no-cache"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_DNS_PREFETCH_CONTROL, "off"),
    ];
    (headers, body).into_response()
}
