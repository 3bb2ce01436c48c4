//! Live feeds (Server-Sent Events): the sequences of a session as they arrive, and a sign when the list has changed.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::{Stream, stream};
use serde::Deserialize;
use tokio::sync::watch;

use super::feed::Feed;
use super::{ApiError, identity};
use crate::app::App;
use crate::store::StoreError;

/// How often the list is compared with what it was, for the sake of other processes.
const LIST_POLL: Duration = Duration::from_secs(2);
/// Shortest time between two signs that the list has changed.
const LIST_PAUSE: Duration = Duration::from_millis(250);

/// Where a client stopped listening that can't say so in a header.
#[derive(Debug, Deserialize)]
pub(crate) struct Last {
    last: Option<String>,
}

/// `GET …/live`: first everything that is there, then what arrives. Each message is a sequence with its name as id; a
/// client that comes back with `Last-Event-ID`, or with `?last=`, gets what is newer, and some before it once more.
pub(crate) async fn session(
    State(app): State<Arc<App>>,
    path: Path<(String, String)>,
    Query(Last { last }): Query<Last>,
    headers: HeaderMap,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, ApiError> {
    let again = headers.get("last-event-id").and_then(|id| id.to_str().ok());
    let last = again.or(last.as_deref());
    let feed = Feed::new(app, identity(path)?, last);
    let messages = stream::unfold(feed, async |mut feed| {
        let event = match feed.next().await {
            Ok((name, message)) => Event::default().id(name).data(message),
            Err(error) => problem(&error),
        };
        Some((Ok(event), feed))
    });
    Ok(Sse::new(messages).keep_alive(KeepAlive::default()))
}

/// `GET /api/live`: an empty message whenever the list of sessions should be asked for again.
pub(crate) async fn list(State(app): State<Arc<App>>) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let watcher = ListWatcher { wake: app.arrivals.subscribe(), app, known: None };
    let messages = stream::unfold(watcher, async |mut watcher| {
        let event = match watcher.changed().await {
            Ok(()) => Event::default().data("{}"),
            Err(error) => problem(&error),
        };
        Some((Ok(event), watcher))
    });
    Sse::new(messages).keep_alive(KeepAlive::default())
}

/// One client that follows the list.
struct ListWatcher {
    app: Arc<App>,
    wake: watch::Receiver<u64>,
    /// How much there was at the last look.
    known: Option<(usize, usize)>,
}

impl ListWatcher {
    /// Returns at once the first time, and then whenever there is more than at the last look.
    async fn changed(&mut self) -> Result<(), StoreError> {
        loop {
            if self.known.is_some() {
                tokio::time::sleep(LIST_PAUSE).await;
                let _ = tokio::time::timeout(LIST_POLL, self.wake.changed()).await;
            }
            let store = &self.app.store;
            let now = (store.all_sequences().await?.len(), store.refused_sessions().await?.len());
            if self.known.replace(now) != Some(now) {
                return Ok(());
            }
        }
    }
}

fn problem(error: &StoreError) -> Event {
    let text = error.to_string();
    Event::default().event("problem").data(text.replace(['\r', '\n'], " "))
}
