//! The ingest endpoint: checks a batch as Amplitude would, keeps it, and says what is wrong with it.

mod body;
mod event;
mod head;
mod playable;
mod read;
mod refusal;

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::{Request as HttpRequest, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};

use body::Checked;
pub(crate) use body::{event_string, event_tokens};
pub(crate) use playable::Unplayable;
use refusal::Refusal;

use crate::app::App;
use crate::faults::{Cut, Plan, Target, cut};
use crate::identity::Identity;
use crate::request_log::{Headers, Outcome, Request, headers_to_show};
use crate::store::{RefusedRequest, SequenceFacts, SequenceMeta, SequenceName};

/// A batch that passed every check.
struct Batch {
    identity: Identity,
    facts: SequenceFacts,
    /// The first events that rrweb's player would throw on.
    unplayable: Vec<String>,
    wire_bytes: u64,
    body: Vec<u8>,
}

/// `POST /sessions/v2/track` and `POST /track`.
pub(crate) async fn track(State(app): State<Arc<App>>, request: HttpRequest) -> Response {
    let arrived_us = app.store.arrival();
    let (parts, body) = request.into_parts();
    let (device_id, session_id) = head::ids(&parts.uri);
    let headers = headers_to_show(&parts.headers);
    let mut record = Request::new("track", arrived_us / 1_000, &parts, headers.clone());
    record.device_id = device_id;
    record.session_id = session_id;
    let fault = app.faults.take(Target::Track, &record.device_id, &record.session_id);
    record.fault = fault.as_ref().map(|fault| fault.id);

    if let Some(fault) = fault.as_ref().filter(|f| f.spec.cut == Some(Cut::Before)) {
        record.outcome = Outcome::Faulted;
        app.log.add(record);
        return fault.answer(&app, &parts, cut()).await;
    }

    let keep = fault.as_ref().is_none_or(|fault| fault.spec.stores());
    let honest = match check(&app, &parts, body).await {
        Ok(batch) => {
            record.took(&batch);
            accept(&app, arrived_us, headers, batch, keep, &mut record).await
        }
        Err(refusal) => refuse(&app, arrived_us, headers, &refusal, &mut record).await,
    };
    let Some(fault) = fault else {
        app.log.add(record);
        return honest;
    };
    record.outcome = Outcome::Faulted;
    record.status = match fault.plan(honest.status().as_u16()) {
        Plan::Reply(status) => Some(status),
        Plan::Silence => None,
    };
    app.log.add(record);
    fault.answer(&app, &parts, honest).await
}

/// Everything the ingest would check, from the method to the last event.
async fn check(app: &Arc<App>, parts: &Parts, body: Body) -> Result<Batch, Refusal> {
    let head = head::check(&parts.method, &parts.uri, &parts.headers)?;
    let (wire, _room) = read::read(body, app.max_wire_bytes, &app.limits.bodies).await?;
    // Unpacked, a body is large whatever came over the wire; so many at once and no more.
    let _turn = app.limits.checks.acquire().await;
    let wire_bytes = wire.len() as u64;
    let limit = app.max_body_bytes;
    let checked = tokio::task::spawn_blocking(move || {
        let body = match head.gzip {
            true => body::decompress(&wire, limit)?,
            false if wire.len() > limit => return Err(body::too_large(limit)),
            false => wire,
        };
        let checked = body::check(&body, body::version(head.beacon))?;
        Ok((checked, body))
    });
    let (Checked { facts, unplayable }, body) = checked.await.map_err(|error| {
        Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, format!("the check did not end: {error}"))
    })??;
    Ok(Batch { identity: head.identity, facts, unplayable, wire_bytes, body })
}

async fn accept(
    app: &App,
    arrived_us: u64,
    headers: Headers,
    batch: Batch,
    keep: bool,
    record: &mut Request,
) -> Response {
    record.outcome = Outcome::Accepted;
    record.status = Some(StatusCode::OK.as_u16());
    if !keep {
        return Json(serde_json::json!({})).into_response();
    }
    let decoded_bytes = batch.body.len() as u64;
    let meta = SequenceMeta {
        arrived: arrived_us / 1_000,
        device_id: batch.identity.device_id().to_owned(),
        session_id: batch.identity.session_id().to_owned(),
        headers,
        wire_bytes: batch.wire_bytes,
        decoded_bytes,
        events: batch.facts.events,
        first_timestamp: batch.facts.first_timestamp,
        last_timestamp: batch.facts.last_timestamp,
        problems: batch.unplayable,
    };
    let name = SequenceName { arrived_us, wire_bytes: batch.wire_bytes, decoded_bytes, facts: batch.facts };
    match app.store.add(&batch.identity, &name, &meta, batch.body).await {
        Ok(()) => {
            record.stored = true;
            app.arrivals.send_modify(|count| *count += 1);
            Json(serde_json::json!({})).into_response()
        }
        Err(error) => {
            // A client keeps what gets a 5xx and tries again, which is what a full disk calls for.
            let status = StatusCode::INTERNAL_SERVER_ERROR;
            record.outcome = Outcome::Failed;
            record.status = Some(status.as_u16());
            record.error = Some(error.to_string());
            let body = serde_json::json!({ "error": error.to_string() });
            (status, Json(body)).into_response()
        }
    }
}

async fn refuse(
    app: &App,
    arrived_us: u64,
    headers: Headers,
    refusal: &Refusal,
    record: &mut Request,
) -> Response {
    record.outcome = Outcome::Rejected;
    record.status = Some(refusal.status.as_u16());
    record.error = Some(refusal.problems.join("; "));
    record.problems.clone_from(&refusal.problems);
    if let Ok(identity) = Identity::new(&record.device_id, &record.session_id) {
        let refused = RefusedRequest {
            at: arrived_us / 1_000,
            status: refusal.status.as_u16(),
            problems: refusal.problems.clone(),
            headers,
        };
        if let Err(error) = app.store.add_refused(&identity, arrived_us, &refused).await {
            record.problems.push(error.to_string());
        }
        app.arrivals.send_modify(|count| *count += 1);
    }
    (refusal.status, Json(refusal.body())).into_response()
}

impl Request {
    fn took(&mut self, batch: &Batch) {
        self.wire_bytes = batch.wire_bytes;
        self.decoded_bytes = batch.body.len() as u64;
        self.events = batch.facts.events;
        self.problems.clone_from(&batch.unplayable);
    }
}
