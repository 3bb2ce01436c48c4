//! `POST /sessions/v2/track` and `POST /track`: checks a batch as Amplitude would, keeps it, and says what is wrong with it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};

use super::decompress::decompress;
use super::head::{self, Head};
use super::receive::receive;
use super::refusal::Refusal;
use super::reply::reply;
use super::storing::{NewBatch, end_of, store_batch, store_refused};
use crate::app::App;
use crate::arrival::ArrivalTime;
use crate::batch::{self, CheckedBatch};
use crate::blocking::{self, Progress};
use crate::connection::cut;
use crate::faults::{Cut, Target};
use crate::headers::Headers;
use crate::replay_id::ClaimedIds;
use crate::request_log::{LoggedRequest, Outcome, RequestKind};
use crate::store::{BatchInfo, BatchMeta, Content, MAX_KEPT_REFUSALS, RefusedRequest, StoreError};

/// A request that passed every check.
struct Accepted {
    wire_bytes: u64,
    decoded_bytes: u64,
    events: u64,
    problems: Vec<String>,
    /// `None` where a fault keeps it from being stored.
    stored: Option<Result<(), StoreError>>,
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
    let kept_headers = keep.then(|| record.headers.clone());
    let honest = match take(&app, arrived, &parts, body, kept_headers).await {
        Ok(accepted) => accept(accepted, &mut record),
        Err(refusal) => refuse(&app, arrived, &refusal, &mut record).await,
    };
    reply(&app, &parts, record, fault, honest).await
}

/// Checks everything the ingest would, from the method to the last event, and stores what passes with these headers.
async fn take(
    app: &Arc<App>,
    arrived: ArrivalTime,
    parts: &Parts,
    body: Body,
    kept_headers: Option<Headers>,
) -> Result<Accepted, Refusal> {
    let head = head::check(&parts.method, &parts.uri, &parts.headers)?;
    let (wire, memory) = receive(body, app.max_wire_bytes, &app.limits.bodies).await?;
    let turn = app.limits.check().await;
    let shared = Arc::clone(app);
    let client = Arc::new(());
    let waits = Arc::downgrade(&client);
    // In one go on one thread: to hand a small body over to the next one costs more than to check and write it. Once storing has begun it ends whether or
    // not the client waits.
    let taken = tokio::task::spawn_blocking(move || {
        let app = shared;
        let (wire_bytes, checked) = (wire.len() as u64, check(&app, &head, wire));
        drop((memory, turn));
        let (CheckedBatch { stats, problems, title }, body) = checked?;
        let (events, decoded_bytes) = (stats.events, body.len() as u64);
        // Whoever has given up by now has been answered nothing, and sends it again.
        let storing = kept_headers.filter(|_| waits.strong_count() > 0).map(|headers| {
            let Head { id, content, .. } = head;
            let meta = BatchMeta {
                arrived: arrived.millis(),
                device_id: id.device.clone(),
                session_id: id.session.clone(),
                headers,
                wire_bytes,
                decoded_bytes,
                events,
                first_timestamp: stats.first_timestamp,
                last_timestamp: stats.last_timestamp,
                problems: problems.clone(),
            };
            let info = BatchInfo { arrived, wire_bytes, decoded_bytes, stats };
            let storing = store_batch(app, NewBatch { id, content, info, meta, title, body });
            catch_unwind(AssertUnwindSafe(|| blocking::run(storing)))
                .unwrap_or_else(|_| Progress::Done(Err(StoreError::Interrupted("a panic".to_owned()))))
        });
        Ok((Accepted { wire_bytes, decoded_bytes, events, problems, stored: None }, storing))
    });
    let (mut accepted, storing) = taken.await.map_err(|error| {
        Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, format!("the check did not end: {error}"))
    })??;
    drop(client);
    accepted.stored = match storing {
        None => None,
        Some(Progress::Done(stored)) => Some(stored),
        Some(Progress::Task(storing)) => Some(end_of(storing).await),
    };
    Ok(accepted)
}

/// What is in a body, and the body decoded.
fn check(app: &App, head: &Head, wire: Vec<u8>) -> Result<(CheckedBatch, Vec<u8>), Refusal> {
    let limit = app.max_body_bytes;
    let body = match head.gzip {
        true => decompress(&wire, limit)?,
        false if wire.len() > limit => return Err(Refusal::too_large(limit)),
        false => wire,
    };
    let batch = match head.content {
        // Only the marker of a session tells the title, and that is made once.
        Content::Replay => batch::check(&body, head.version, !app.store.markers.is_known(&head.id)),
        Content::Interactions => batch::interactions::check(&body),
    };
    Ok((batch.map_err(Refusal::bad)?, body))
}

fn accept(accepted: Accepted, record: &mut LoggedRequest) -> Response {
    let Accepted { wire_bytes, decoded_bytes, events, problems, stored } = accepted;
    record.outcome = Outcome::Accepted;
    record.wire_bytes = wire_bytes;
    record.decoded_bytes = decoded_bytes;
    record.events = events;
    record.problems = problems;
    record.stored = matches!(stored, Some(Ok(())));
    let Some(Err(error)) = stored else { return Json(serde_json::json!({})).into_response() };
    record.outcome = Outcome::Failed;
    record.error = Some(error.to_string());
    let body = serde_json::json!({ "error": error.to_string() });
    // A client keeps what gets a 5xx and tries again, which is what a full disk calls for.
    (StatusCode::INTERNAL_SERVER_ERROR, Json(body)).into_response()
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
