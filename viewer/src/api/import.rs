//! `POST /api/import?name=…`: a file of events as a session of the device `imported`.

use std::io::{self, Read};
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::{Extension, Json};
use bytes::{Buf, Bytes};
use http_body_util::BodyExt;
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;
use tokio::time::timeout;

use super::error::ApiError;
use super::path::Query;
use crate::app::App;
use crate::arrival::ArrivalTime;
use crate::headers::Headers;
use crate::import::{self, ImportError, Imported, MAX_FILE_BYTES, Spool, SpooledBatch};
use crate::limits::ImportPlace;
use crate::replay_id::{DeviceId, ReplayId, SessionId};
use crate::store::{BatchInfo, BatchMeta, Content, IMPORT_LIBRARY};

/// How long a client may pause while it sends the file.
const PAUSE_TIMEOUT: Duration = Duration::from_secs(10);
/// Parts of the file that wait to be read.
const MAX_PARTS: usize = 4;
/// What the forms of a page can say of what they send. They need no leave to send it anywhere.
const FORMS: [&str; 3] = ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain"];
/// A session that was begun and is not whole after so long has lost its importer.
const ABANDONED: Duration = Duration::from_secs(60);

#[derive(Debug, Deserialize)]
pub(crate) struct Name {
    #[serde(default)]
    name: String,
}

#[derive(Debug, Serialize)]
pub(crate) struct Answer {
    device_id: DeviceId,
    session_id: SessionId,
    events: u64,
    /// It was imported before, and nothing was stored now.
    known: bool,
}

pub(crate) async fn import(
    State(app): State<Arc<App>>,
    Query(Name { name }): Query<Name>,
    Extension(place): Extension<Arc<ImportPlace>>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Answer>, ApiError> {
    check_content_type(&headers)?;
    let imported = read(&app, name, body, &place).await?;
    // Goes on when the client does not wait for it: half of a file is no session.
    let stored = tokio::spawn(async move { store(&app, imported).await }).await;
    Ok(Json(stored.map_err(|error| internal(format!("the import did not end: {error}")))??))
}

fn check_content_type(headers: &HeaderMap) -> Result<(), ApiError> {
    let value = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if !FORMS.contains(&essence.as_str()) {
        return Ok(());
    }
    let message = format!(
        "what a form can send is not taken ({essence}): say `Content-Type: application/octet-stream`"
    );
    Err(ApiError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, message))
}

/// Reads the file while it arrives. What follows a mistake is passed over: a browser hears nothing before it has sent everything.
async fn read(app: &App, name: String, mut body: Body, place: &ImportPlace) -> Result<Imported, ApiError> {
    let (parts, file) = mpsc::channel(MAX_PARTS);
    let max_body_bytes = app.max_body_bytes;
    let reading = tokio::task::spawn_blocking(move || {
        let file = Parts { parts: file, part: Bytes::new() };
        import::read(&name, file, max_body_bytes)
    });
    let mut total = 0;
    let broken = loop {
        let frame = tokio::select! {
            frame = timeout(PAUSE_TIMEOUT, body.frame()) => frame,
            () = place.evicted() => {
                break Some("the file stopped on its way, and others wait for their turn".to_owned());
            }
        };
        let frame = match frame {
            Ok(Some(Ok(frame))) => frame,
            Ok(Some(Err(error))) => break Some(format!("the file did not arrive: {error}")),
            Ok(None) => break None,
            Err(_) => break Some("the file stopped on its way".to_owned()),
        };
        let Ok(part) = frame.into_data() else { continue };
        place.arrived(part.len());
        total += part.len() as u64;
        if total > MAX_FILE_BYTES {
            break Some(format!("it has more than {} GiB", MAX_FILE_BYTES >> 30));
        }
        let _ = parts.send(Ok(part)).await;
    };
    if let Some(why) = broken {
        let _ = parts.send(Err(io::Error::other(why))).await;
    }
    drop(parts);
    place.is_complete();
    let imported = reading.await.map_err(|error| internal(format!("the import did not end: {error}")))?;
    imported.map_err(|error| match error {
        ImportError::Spool(_) => internal(error.to_string()),
        ImportError::Line { .. } | ImportError::File(_) => ApiError::bad(error.to_string()),
    })
}

/// The parts of a body, for one who reads and waits.
struct Parts {
    parts: mpsc::Receiver<io::Result<Bytes>>,
    part: Bytes,
}

impl Read for Parts {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.part.is_empty() {
            match self.parts.blocking_recv() {
                Some(part) => self.part = part?,
                None => return Ok(0),
            }
        }
        let count = self.part.len().min(buffer.len());
        self.part.copy_to_slice(&mut buffer[..count]);
        Ok(count)
    }
}

/// Stores the session, unless it is there.
async fn store(app: &App, imported: Imported) -> Result<Answer, ApiError> {
    let Imported { id, spool } = imported;
    let answer = |known| Answer {
        device_id: id.device.clone(),
        session_id: id.session.clone(),
        events: spool.events,
        known,
    };
    let Some(first) = spool.batches.first() else {
        return Err(ApiError::bad("there are no events in it"));
    };
    // Whoever makes the marker stores the batches.
    let meta = meta_of(&id, app.store.arrival(), first, 0);
    if !app.store.claim(&id, &meta, first.checked.title.clone()).await? {
        let (events, last_arrival) = stored(app, &id).await?;
        if events == spool.events {
            return Ok(answer(true));
        }
        let since = last_arrival.max(app.store.marker_of(&id).await?.map_or(0, |marker| marker.arrived));
        if ArrivalTime::now().minus(ABANDONED).millis() < since {
            return Err(ApiError::new(
                StatusCode::CONFLICT,
                "this file is being imported; try again in a minute",
            ));
        }
        forget(app, &id).await?;
        app.store.claim(&id, &meta, first.checked.title.clone()).await?;
    }
    let answer = answer(false);
    let added = add(app, &id, spool).await;
    let is_whole = added.is_ok() && stored(app, &id).await?.0 == answer.events;
    if !is_whole {
        forget(app, &id).await?;
    }
    added?;
    if !is_whole {
        return Err(ApiError::new(StatusCode::CONFLICT, "the session was deleted while it was imported"));
    }
    Ok(answer)
}

async fn forget(app: &App, id: &ReplayId) -> Result<(), ApiError> {
    let _recording = app.index.begin().await;
    if let Some(until) = app.store.delete(id, None).await? {
        app.index.forget(id, until).await;
    }
    Ok(())
}

/// How many events of a session are stored, and when the last of them arrived.
async fn stored(app: &App, id: &ReplayId) -> Result<(u64, u64), ApiError> {
    let batches = app.store.batches.list(id, None).await?;
    let events = batches.iter().fold(0, |sum: u64, batch| sum.saturating_add(batch.info.stats.events));
    Ok((events, batches.last().map_or(0, |batch| batch.info.arrived.millis())))
}

async fn add(app: &App, id: &ReplayId, mut spool: Spool) -> Result<(), ApiError> {
    for batch in std::mem::take(&mut spool.batches) {
        let read = tokio::task::spawn_blocking(move || {
            let body = spool.read(&batch);
            (spool, batch, body)
        });
        let (returned, batch, body) = read.await.map_err(|error| internal(error.to_string()))?;
        spool = returned;
        let body = body.map_err(|error| internal(error.to_string()))?;
        let arrived = app.store.arrival();
        let bytes = body.len() as u64;
        let meta = meta_of(id, arrived, &batch, bytes);
        let info = BatchInfo { arrived, wire_bytes: bytes, decoded_bytes: bytes, stats: batch.checked.stats };
        let recording = app.index.begin().await;
        let name = app.store.add(id, Content::Replay, &info, &meta, batch.checked.title, body).await?;
        app.index.add_batch(id, name, &recording).await;
    }
    Ok(())
}

fn meta_of(id: &ReplayId, arrived: ArrivalTime, batch: &SpooledBatch, bytes: u64) -> BatchMeta {
    let stats = &batch.checked.stats;
    BatchMeta {
        arrived: arrived.millis(),
        device_id: id.device.clone(),
        session_id: id.session.clone(),
        headers: Headers::from([("x-client-library".to_owned(), IMPORT_LIBRARY.to_owned())]),
        wire_bytes: bytes,
        decoded_bytes: bytes,
        events: stats.events,
        first_timestamp: stats.first_timestamp,
        last_timestamp: stats.last_timestamp,
        problems: batch.checked.problems.clone(),
    }
}

fn internal(message: String) -> ApiError {
    ApiError::new(StatusCode::INTERNAL_SERVER_ERROR, message)
}
