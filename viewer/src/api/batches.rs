//! A session's batches and events, byte for byte, written out batch by batch so that no session is held in memory whole.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::{StreamExt, stream};
use serde::Deserialize;
use tokio::sync::OwnedSemaphorePermit;

use super::error::ApiError;
use super::path::replay_id;
use super::session_feed::a_little_before;
use super::stored_batch::{batch_json, reply_memory};
use crate::app::App;
use crate::batch::event_string;
use crate::replay_id::ReplayId;
use crate::store::{BatchInfo, Content, ListedBatch, StoreError, StoredBatch};

/// What to leave out.
#[derive(Debug, Deserialize)]
pub(crate) struct After {
    /// So many events from the beginning.
    #[serde(default)]
    after: u64,
}

/// `GET …/events`: a JSON array of the session's events in the order of their arrival.
pub(crate) async fn events(
    State(app): State<Arc<App>>,
    path: Path<(String, String)>,
    Query(After { after }): Query<After>,
) -> Result<Response, ApiError> {
    let id = replay_id(path)?;
    let mut skip = after;
    let mut wanted = Vec::new();
    for listed in app.store.batches.list(&id, None).await? {
        let events = listed.info.stats.events;
        if skip < events {
            wanted.push((listed, skip));
        }
        skip = skip.saturating_sub(events);
    }
    Ok(array(app, id, wanted, |_, skip, batch| {
        let skip = usize::try_from(skip).unwrap_or(usize::MAX);
        let mut events = Vec::new();
        for token in batch.event_tokens()?.into_iter().skip(skip) {
            // The event was checked when it was taken in; a token that fails now was written by someone else.
            let event = event_string(token).map_err(StoreError::Event)?;
            events.push(event.into_owned());
        }
        Ok(events.join(","))
    }))
}

/// Which batches a reader wants.
#[derive(Debug, Deserialize)]
pub(crate) struct From {
    /// The name of the last batch that it has.
    after: Option<String>,
    /// Nothing before that one once more.
    #[serde(default)]
    exact: bool,
}

/// `GET …/batches`: what `…/live` tells of the batches that are there, one a line, without waiting for more. A batch of
/// another viewer may have become visible late, so `after` begins a little before the batch that it names; whoever counts
/// what they have asks for `exact=true`, and again without it where something is missing.
pub(crate) async fn lines(
    State(app): State<Arc<App>>,
    path: Path<(String, String)>,
    Query(From { after, exact }): Query<From>,
) -> Result<Response, ApiError> {
    let id = replay_id(path)?;
    let known = after.as_deref().and_then(BatchInfo::parse);
    let after = known.map(|(name, info)| if exact { name } else { a_little_before(&info) });
    let batches = app.store.batches.list(&id, after.as_ref()).await?;
    let lines = stream::iter(batches).then(move |listed| {
        let (app, id) = (Arc::clone(&app), id.clone());
        async move {
            let memory = reply_memory(&app, &listed).await?;
            let batch = app.store.batches.read(&id, &listed.name).await?;
            let text = batch_json(&listed, &batch)? + "\n";
            Ok::<_, StoreError>(Bytes::from_owner(LentText { text, _memory: memory }))
        }
    });
    let kind = [(header::CONTENT_TYPE, "application/x-ndjson")];
    Ok((kind, Body::from_stream(lines)).into_response())
}

/// `GET …/sequences`: a JSON array of the session's batches: the name, what is known about the request, and the event
/// strings as they stood in its body.
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    path: Path<(String, String)>,
) -> Result<Response, ApiError> {
    let id = replay_id(path)?;
    let batches = app.store.batches.list(&id, None).await?;
    let wanted = batches.into_iter().map(|listed| (listed, 0)).collect();
    Ok(array(app, id, wanted, |listed, _, batch| batch_json(listed, batch)))
}

/// `GET …/interactions`: a JSON array of the session's clicks and scroll depths in the order of their arrival.
pub(crate) async fn interactions(
    State(app): State<Arc<App>>,
    path: Path<(String, String)>,
) -> Result<Response, ApiError> {
    let id = replay_id(path)?;
    let batches = app.store.interactions.list(&id, None).await?;
    let wanted = batches.into_iter().map(|listed| (id.clone(), listed, 0)).collect();
    Ok(array_of(Content::Interactions, app, wanted, write_objects))
}

/// `GET /api/interactions`: those of all sessions.
pub(crate) async fn all_interactions(State(app): State<Arc<App>>) -> Result<Response, ApiError> {
    let mut batches = app.store.interactions.all().await?;
    batches.sort_by(|(_, one), (_, other)| one.name.cmp(&other.name));
    let wanted = batches.into_iter().map(|(id, listed)| (id, listed, 0)).collect();
    Ok(array_of(Content::Interactions, app, wanted, write_objects))
}

fn write_objects(_: &ListedBatch, _: u64, batch: &StoredBatch) -> Result<String, StoreError> {
    let tokens = batch.event_tokens()?;
    let events: Vec<&str> = tokens.iter().map(|token| token.get()).collect();
    Ok(events.join(","))
}

/// A text, and the memory that was lent to it.
struct LentText {
    text: String,
    _memory: OwnedSemaphorePermit,
}

impl AsRef<[u8]> for LentText {
    fn as_ref(&self) -> &[u8] {
        self.text.as_bytes()
    }
}

/// Streams a JSON array whose elements come from batches, one read at a time; `write` makes them, given how many events
/// to skip.
fn array(
    app: Arc<App>,
    id: ReplayId,
    wanted: Vec<(ListedBatch, u64)>,
    write: fn(&ListedBatch, u64, &StoredBatch) -> Result<String, StoreError>,
) -> Response {
    let wanted = wanted.into_iter().map(|(listed, skip)| (id.clone(), listed, skip)).collect();
    array_of(Content::Replay, app, wanted, write)
}

/// The same, of batches of this content.
fn array_of(
    content: Content,
    app: Arc<App>,
    wanted: Vec<(ReplayId, ListedBatch, u64)>,
    write: fn(&ListedBatch, u64, &StoredBatch) -> Result<String, StoreError>,
) -> Response {
    let elements = stream::iter(wanted).then(move |(id, listed, skip)| {
        let app = Arc::clone(&app);
        async move {
            let memory = reply_memory(&app, &listed).await?;
            let batch = app.store.batches_of(content).read(&id, &listed.name).await?;
            // The memory is given back when the text has been sent.
            Ok(Bytes::from_owner(LentText { text: write(&listed, skip, &batch)?, _memory: memory }))
        }
    });
    let separated = elements.enumerate().flat_map(|(index, element)| {
        let separator = Ok(Bytes::from_static(if index == 0 { b"" } else { b"," }));
        stream::iter([separator, element])
    });
    let [begin, end] = [b"[", b"]"].map(|bracket| stream::iter([Ok(Bytes::from_static(bracket))]));
    let body = begin.chain(separated).chain(end).filter(|chunk: &Result<Bytes, StoreError>| {
        // An empty chunk would end the body.
        std::future::ready(chunk.as_ref().map_or(true, |bytes| !bytes.is_empty()))
    });
    let json = [(header::CONTENT_TYPE, "application/json")];
    (json, Body::from_stream(body)).into_response()
}
