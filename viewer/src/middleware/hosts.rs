//! Turns away requests for hosts that the viewer does not answer to.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::app::App;
use crate::arrival::ArrivalTime;
use crate::connection::LocalAddress;
use crate::request_log::{LoggedRequest, Outcome, RequestKind};

/// Turns away whoever asks for another host.
pub(crate) async fn known_hosts(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let local = request.extensions().get::<LocalAddress>().map(|local| local.0);
    match app.hosts.check(request.version(), request.uri(), request.headers(), local) {
        Ok(()) => next.run(request).await,
        Err((status, error)) => turn_away(&app, request, status, error),
    }
}

/// The same for what speaks the protocol, but only where a page asks. An SDK outside of a browser can't be led astray by a
/// name, and knows the viewer by many: `10.0.2.2`, `host.docker.internal`, the name of a container.
pub(crate) async fn known_hosts_for_pages(app: State<Arc<App>>, request: Request, next: Next) -> Response {
    let is_page = ["origin", "sec-fetch-site"].iter().any(|name| request.headers().contains_key(*name));
    if is_page { known_hosts(app, request, next).await } else { next.run(request).await }
}

fn turn_away(app: &App, request: Request, status: StatusCode, error: String) -> Response {
    // Whoever pointed a page here by another name finds out why nothing arrives.
    let (parts, _) = request.into_parts();
    let mut record = LoggedRequest::new(RequestKind::Host, ArrivalTime::now(), &parts);
    record.outcome = Outcome::Rejected;
    record.status = Some(status.as_u16());
    record.error = Some(error.clone());
    app.log.add(record);
    (status, Json(serde_json::json!({ "error": error, "problems": [error] }))).into_response()
}
