//! A session's batches and events, byte for byte, written out batch by batch so that no session is held in memory whole. A batch that is
//! damaged ends none of these: what can't be read of it is left out, and named where there is a place for that.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::{StreamExt, stream};
use serde::Deserialize;

use super::error::ApiError;
use super::path::{Ids, Query};
use super::session_feed::a_little_before;
use super::stored_batch::{
    Reading, Write, Written, batch_json, problem_json, read_batch, unread_error, unread_events, unread_json,
};
use crate::app::App;
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
    ids: Ids,
    Query(After { after }): Query<After>,
) -> Result<Response, ApiError> {
    let id = ids.replay()?;
    let mut skip = after;
    let mut wanted = Vec::new();
    for listed in app.store.batches.list(&id, None).await? {
        let events = listed.info.stats.events;
        if skip < events {
            wanted.push((listed, skip));
        }
        skip = skip.saturating_sub(events);
    }
    Ok(array(app, id, wanted, Damaged::LeftOut, |_, skip, batch| {
        let skip = usize::try_from(skip).unwrap_or(usize::MAX);
        let read = batch.events()?;
        let wanted: Vec<&str> = read.iter().skip(skip).flatten().map(AsRef::as_ref).collect();
        Ok(Written { text: wanted.join(","), left_out: unread_events(&read) })
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
    /// The name of the one batch that they want: it could not be read the last time.
    only: Option<String>,
}

/// `GET …/batches`: what `…/live` tells of the batches that are there, one a line, without waiting for more. A batch of
/// another viewer may have become visible late, so `after` begins a little before the batch that it names; whoever counts
/// what they have asks for `exact=true`, and again without it where something is missing. `only` is the name of the one batch that is wanted.
pub(crate) async fn lines(
    State(app): State<Arc<App>>,
    ids: Ids,
    Query(From { after, exact, only }): Query<From>,
) -> Result<Response, ApiError> {
    let id = ids.replay()?;
    let known = after.as_deref().and_then(BatchInfo::parse);
    let after = known.map(|(name, info)| if exact { name } else { a_little_before(&info) });
    let mut batches = app.store.batches.list(&id, after.as_ref()).await?;
    if let Some(only) = only {
        batches.retain(|listed| listed.name.as_str() == only);
    }
    let lines = stream::iter(batches).filter_map(move |listed| {
        let (app, id) = (Arc::clone(&app), id.clone());
        async move {
            let line: Write = |listed, skip, batch| {
                let Written { text, left_out } = batch_json(listed, skip, batch)?;
                Ok(Written { text: text + "\n", left_out })
            };
            match read_batch(&app, Content::Replay, &id, listed.clone(), 0, line).await {
                Ok(Reading::Text(line)) => Some(Ok::<_, StoreError>(line)),
                Ok(Reading::Damaged(why)) => Some(Ok((problem_json(&listed, &why) + "\n").into())),
                Ok(Reading::Unread(why)) => Some(Ok((unread_json(&listed, &why) + "\n").into())),
                Ok(Reading::Gone) => None,
                Err(error) => Some(Err(error)),
            }
        }
    });
    let kind = [(header::CONTENT_TYPE, "application/x-ndjson")];
    Ok((kind, Body::from_stream(lines)).into_response())
}

/// `GET …/sequences`: a JSON array of the session's batches: the name, what is known about the request, and the event
/// strings as they stood in its body.
pub(crate) async fn list(State(app): State<Arc<App>>, ids: Ids) -> Result<Response, ApiError> {
    let id = ids.replay()?;
    let batches = app.store.batches.list(&id, None).await?;
    let wanted = batches.into_iter().map(|listed| (listed, 0)).collect();
    Ok(array(app, id, wanted, Damaged::Named, batch_json))
}

/// `GET …/interactions`: a JSON array of the session's clicks and scroll depths in the order of their arrival.
pub(crate) async fn interactions(State(app): State<Arc<App>>, ids: Ids) -> Result<Response, ApiError> {
    let id = ids.replay()?;
    let batches = app.store.interactions.list(&id, None).await?;
    let wanted = batches.into_iter().map(|listed| (id.clone(), listed, 0)).collect();
    Ok(array_of(Content::Interactions, app, wanted, Damaged::LeftOut, write_objects))
}

/// `GET /api/interactions`: those of all sessions.
pub(crate) async fn all_interactions(State(app): State<Arc<App>>) -> Result<Response, ApiError> {
    let mut batches = app.store.interactions.all().await?;
    batches.sort_by(|(_, one), (_, other)| one.name.cmp(&other.name));
    let wanted = batches.into_iter().map(|(id, listed)| (id, listed, 0)).collect();
    Ok(array_of(Content::Interactions, app, wanted, Damaged::LeftOut, write_objects))
}

/// What stands in the place of a batch that can't be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Damaged {
    /// Its name, and why.
    Named,
    LeftOut,
}

fn write_objects(_: &ListedBatch, _: u64, batch: &StoredBatch) -> Result<Written, StoreError> {
    let tokens = batch.event_tokens()?;
    let events: Vec<&str> = tokens.iter().map(|token| token.get()).collect();
    Ok(events.join(",").into())
}

/// Streams a JSON array whose elements come from batches, one read at a time; `write` makes them, given how many events
/// to skip.
fn array(
    app: Arc<App>,
    id: ReplayId,
    wanted: Vec<(ListedBatch, u64)>,
    damaged: Damaged,
    write: Write,
) -> Response {
    let wanted = wanted.into_iter().map(|(listed, skip)| (id.clone(), listed, skip)).collect();
    array_of(Content::Replay, app, wanted, damaged, write)
}

/// The same, of batches of this content.
fn array_of(
    content: Content,
    app: Arc<App>,
    wanted: Vec<(ReplayId, ListedBatch, u64)>,
    damaged: Damaged,
    write: Write,
) -> Response {
    let elements = stream::iter(wanted).filter_map(move |(id, listed, skip)| {
        let app = Arc::clone(&app);
        async move {
            match read_batch(&app, content, &id, listed.clone(), skip, write).await {
                // Nothing between two commas is no JSON.
                Ok(Reading::Text(text)) => Some(Ok(text)).filter(|text| !is_empty(text)),
                Ok(Reading::Damaged(why)) if damaged == Damaged::Named => {
                    Some(Ok(problem_json(&listed, &why).into()))
                }
                Ok(Reading::Unread(why)) if damaged == Damaged::Named => {
                    Some(Ok(unread_json(&listed, &why).into()))
                }
                Ok(Reading::Unread(why)) => Some(Err(unread_error(why))),
                Ok(Reading::Damaged(_) | Reading::Gone) => None,
                Err(error) => Some(Err(error)),
            }
        }
    });
    let separated = elements.enumerate().flat_map(|(index, element)| {
        let separator = Ok(Bytes::from_static(if index == 0 { b"" } else { b"," }));
        stream::iter([separator, element])
    });
    let [begin, end] = [b"[", b"]"].map(|bracket| stream::iter([Ok(Bytes::from_static(bracket))]));
    // An empty chunk would end the body.
    let body = begin.chain(separated).chain(end).filter(|chunk| std::future::ready(!is_empty(chunk)));
    let json = [(header::CONTENT_TYPE, "application/json")];
    (json, Body::from_stream(body)).into_response()
}

fn is_empty(chunk: &Result<Bytes, StoreError>) -> bool {
    chunk.as_ref().is_ok_and(Bytes::is_empty)
}
