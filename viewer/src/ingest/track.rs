//! `POST /sessions/v2/track` and `POST /track`: checks a batch as Amplitude would, keeps it, and says what is wrong with it.

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};

use super::decompress::decompress;
use super::head;
use super::receive::receive;
use super::refusal::Refusal;
use super::reply::reply;
use super::storing::{store_batch, store_refused};
use crate::app::App;
use crate::arrival::ArrivalTime;
use crate::batch::{self, CheckedBatch};
use crate::connection::cut;
use crate::faults::{Cut, Target};
use crate::replay_id::{ClaimedIds, ReplayId};
use crate::request_log::{LoggedRequest, Outcome, RequestKind};
use crate::store::{BatchInfo, BatchMeta, Content, MAX_KEPT_REFUSALS, RefusedRequest};

/// A request that passed every check.
struct Accepted {
    id: ReplayId,
    content: Content,
    batch: CheckedBatch,
    wire_bytes: u64,
    /// Decoded.
    body: Vec<u8>,
}

pub(crate) async fn track(State(app): State<Arc<App>>, request: Request) -> Response {
    let arrived = app.store.arrival();
    let (parts, body) = request.into_parts();
    let mut record = LoggedRequest::new(RequestKind::Track, arrived, &parts);
    record.ids = ClaimedIds::of(&parts.uri);
    let fault = app.faults.take(Target::Track, &record.ids);
    if fault.as_ref().is_some_and(|fault| fault.spec.cut == Some(Cut::Before)) {
        return reply(&app, &parts, record, fault, cut()).await;
    }
    let keep = fault.as_ref().is_none_or(|fault| fault.spec.stores());
    let honest = match check(&app, &parts, body).await {
        Ok(accepted) => accept(&app, arrived, accepted, keep, &mut record).await,
        Err(refusal) => refuse(&app, arrived, &refusal, &mut record).await,
    };
    reply(&app, &parts, record, fault, honest).await
}

/// Everything the ingest would check, from the method to the last event.
async fn check(app: &App, parts: &Parts, body: Body) -> Result<Accepted, Refusal> {
    let head = head::check(&parts.method, &parts.uri, &parts.headers)?;
    let (wire, _memory) = receive(body, app.max_wire_bytes, &app.limits.bodies).await?;
    let _turn = app.limits.check().await;
    let wire_bytes = wire.len() as u64;
    let limit = app.max_body_bytes;
    // Only the marker of a session tells the title, and that is made once.
    let wants_title = !app.store.markers.is_known(&head.id);
    let checked = tokio::task::spawn_blocking(move || {
        let body = match head.gzip {
            true => decompress(&wire, limit)?,
            false if wire.len() > limit => return Err(Refusal::too_large(limit)),
            false => wire,
        };
        let batch = match head.content {
            Content::Replay => batch::check(&body, head.version, wants_title),
            Content::Interactions => batch::interactions::check(&body),
        };
        Ok((batch.map_err(Refusal::bad)?, body))
    });
    let (batch, body) = checked.await.map_err(|error| {
        Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, format!("the check did not end: {error}"))
    })??;
    Ok(Accepted { id: head.id, content: head.content, batch, wire_bytes, body })
}

async fn accept(
    app: &Arc<App>,
    arrived: ArrivalTime,
    accepted: Accepted,
    keep: bool,
    record: &mut LoggedRequest,
) -> Response {
    let Accepted { id, content, batch: CheckedBatch { stats, problems, title }, wire_bytes, body } = accepted;
    let decoded_bytes = body.len() as u64;
    record.outcome = Outcome::Accepted;
    record.wire_bytes = wire_bytes;
    record.decoded_bytes = decoded_bytes;
    record.events = stats.events;
    record.problems.clone_from(&problems);
    if !keep {
        return Json(serde_json::json!({})).into_response();
    }
    let meta = BatchMeta {
        arrived: arrived.millis(),
        device_id: id.device.clone(),
        session_id: id.session.clone(),
        headers: record.headers.clone(),
        wire_bytes,
        decoded_bytes,
        events: stats.events,
        first_timestamp: stats.first_timestamp,
        last_timestamp: stats.last_timestamp,
        problems,
    };
    let info = BatchInfo { arrived, wire_bytes, decoded_bytes, stats };
    match store_batch(app, id, content, info, meta, title, body).await {
        Ok(()) => {
            record.stored = true;
            Json(serde_json::json!({})).into_response()
        }
        Err(error) => {
            record.outcome = Outcome::Failed;
            record.error = Some(error.to_string());
            let body = serde_json::json!({ "error": error.to_string() });
            // A client keeps what gets a 5xx and tries again, which is what a full disk calls for.
            (StatusCode::INTERNAL_SERVER_ERROR, Json(body)).into_response()
        }
    }
}

async fn refuse(
    app: &Arc<App>,
    arrived: ArrivalTime,
    refusal: &Refusal,
    record: &mut LoggedRequest,
) -> Response {
    record.outcome = Outcome::Rejected;
    record.error = Some(refusal.problems.join("; "));
    record.problems.clone_from(&refusal.problems);
    if let Ok(id) = record.ids.check() {
        let refused = RefusedRequest {
            at: arrived.millis(),
            status: refusal.status.as_u16(),
            problems: refusal.problems.clone(),
            headers: record.headers.clone(),
        };
        match store_refused(app, id, arrived, refused).await {
            Ok(true) => {}
            Ok(false) => record.problems.push(format!(
                "this refusal is not kept in the store, nor counted: {MAX_KEPT_REFUSALS} of this process are; start it again to keep more"
            )),
            Err(error) => record.problems.push(error.to_string()),
        }
    }
    (refusal.status, Json(refusal.body())).into_response()
}
