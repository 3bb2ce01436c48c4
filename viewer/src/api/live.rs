//! Live feeds (Server-Sent Events): the batches of a session as they arrive, and a sign when the list has changed.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::{Stream, stream};
use serde::Deserialize;

use super::error::ApiError;
use super::list_feed::ListFeed;
use super::path::{Ids, Query};
use super::session_feed::{Message, SessionFeed};
use crate::app::App;

/// Where a client stopped listening that can't say so in a header.
#[derive(Debug, Deserialize)]
pub(crate) struct Last {
    last: Option<String>,
}

/// `GET …/live`: first everything that is there, then what arrives. Each message is a batch with its name as id; a
/// client that comes back with `Last-Event-ID`, or with `?last=`, gets what is newer, and some before it once more.
pub(crate) async fn session(
    State(app): State<Arc<App>>,
    ids: Ids,
    Query(Last { last }): Query<Last>,
    headers: HeaderMap,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, ApiError> {
    let again = headers.get("last-event-id").and_then(|id| id.to_str().ok());
    let last = again.or(last.as_deref());
    let feed = SessionFeed::new(app, ids.replay()?, last);
    let messages = stream::unfold(feed, async |mut feed| {
        let event = match feed.next().await {
            Ok(Message { sequence, batch: Ok(batch) }) => {
                Event::default().id(sequence.as_str()).data(String::from_utf8_lossy(&batch))
            }
            Ok(Message { sequence, batch: Err(why) }) => {
                failure(&format!("request {sequence} is left out: {why}")).id(sequence.as_str())
            }
            Err(error) => failure(&error.to_string()),
        };
        Some((Ok(event), feed))
    });
    Ok(Sse::new(messages).keep_alive(KeepAlive::default()))
}

/// `GET /api/live`: what has changed in the list of sessions, whenever something has. The first message is there at once. Each has the revision as
/// id; a client that comes back with `Last-Event-ID`, or with `?last=`, gets what changed since, or is told to ask for the list again.
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    Query(Last { last }): Query<Last>,
    headers: HeaderMap,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let again = headers.get("last-event-id").and_then(|id| id.to_str().ok());
    let known = again.or(last.as_deref()).and_then(|id| id.parse().ok());
    let messages = stream::unfold(ListFeed::new(app, known), async |mut feed| {
        let update = feed.next().await;
        let event = Event::default().id(update.revision.to_string());
        let message = event.json_data(&update).unwrap_or_else(|error| failure(&error.to_string()));
        Some((Ok(message), feed))
    });
    Sse::new(messages).keep_alive(KeepAlive::default())
}

fn failure(text: &str) -> Event {
    Event::default().event("problem").data(text.replace(['\r', '\n'], " "))
}
