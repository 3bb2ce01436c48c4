//! A session's events, byte for byte, written out sequence by sequence so that no session is held in memory whole.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::{StreamExt, stream};
use serde::Deserialize;
use tokio::sync::OwnedSemaphorePermit;

use super::{ApiError, identity};
use crate::app::App;
use crate::identity::Identity;
use crate::ingest::event_string;
use crate::store::{Sequence, StoreError, Stored};

/// What to leave out.
#[derive(Debug, Deserialize)]
pub(crate) struct After {
    /// So many events from the beginning.
    #[serde(default)]
    after: u64,
}

/// A JSON array of the session's events in the order of their arrival.
pub(crate) async fn of_session(
    State(app): State<Arc<App>>,
    path: Path<(String, String)>,
    Query(After { after }): Query<After>,
) -> Result<Response, ApiError> {
    let identity = identity(path)?;
    let mut skip = after;
    let mut wanted = Vec::new();
    for stored in app.store.sequences(&identity, None).await? {
        let events = stored.says.facts.events;
        if skip < events {
            wanted.push((stored, skip));
        }
        skip = skip.saturating_sub(events);
    }
    Ok(array(app, identity, wanted, |_, skip, sequence| {
        let skip = usize::try_from(skip).unwrap_or(usize::MAX);
        let mut events = Vec::new();
        for token in sequence.event_tokens()?.into_iter().skip(skip) {
            // The event was checked when it was taken in; a token that fails now was written by someone else.
            let event = event_string(token).map_err(StoreError::Event)?;
            events.push(event.into_owned());
        }
        Ok(events.join(","))
    }))
}

/// A JSON array of the session's sequences: the name, what is known about the request, and the event strings as they
/// stood in its body.
pub(crate) async fn sequences(
    State(app): State<Arc<App>>,
    path: Path<(String, String)>,
) -> Result<Response, ApiError> {
    let identity = identity(path)?;
    let stored = app.store.sequences(&identity, None).await?;
    let wanted = stored.into_iter().map(|stored| (stored, 0)).collect();
    Ok(array(app, identity, wanted, |stored, _, sequence| sequence_json(stored, sequence)))
}

/// `{"sequence":"<name>","meta":{…},"events":["…"]}` without a line break in it.
pub(super) fn sequence_json(stored: &Stored, sequence: &Sequence) -> Result<String, StoreError> {
    let tokens = sequence.event_tokens()?;
    let events: Vec<&str> = tokens.iter().map(|token| token.get()).collect();
    Ok(format!(
        r#"{{"sequence":"{}","meta":{},"events":[{}]}}"#,
        stored.name,
        sequence.meta()?.get(),
        events.join(",")
    ))
}

/// A text, and the room in memory that it takes.
struct Roomy {
    text: String,
    _room: OwnedSemaphorePermit,
}

impl AsRef<[u8]> for Roomy {
    fn as_ref(&self) -> &[u8] {
        self.text.as_bytes()
    }
}

/// Streams a JSON array whose elements come from sequences, one read at a time.
fn array(
    app: Arc<App>,
    identity: Identity,
    wanted: Vec<(Stored, u64)>,
    write: fn(&Stored, u64, &Sequence) -> Result<String, StoreError>,
) -> Response {
    let elements = stream::iter(wanted).then(move |(stored, skip)| {
        let (app, identity) = (Arc::clone(&app), identity.clone());
        async move {
            let room = app.room_for(&stored).await?;
            let sequence = app.store.read(&identity, &stored.name).await?;
            // The room is given back when the text has been sent.
            Ok(Bytes::from_owner(Roomy { text: write(&stored, skip, &sequence)?, _room: room }))
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
