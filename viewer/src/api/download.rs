//! `GET …/events.jsonl`: a session's events as a file, one a line. What can't be read has an event in its place that says so: players pass over
//! it, and whoever imports the file sees it in the story.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt, stream};
use serde_json::json;

use super::error::ApiError;
use super::path::Ids;
use super::stored_batch::{Reading, Written, read_batch, unread_error, unread_events};
use crate::app::App;
use crate::replay_id::ReplayId;
use crate::store::{Content, ListedBatch, StoreError, StoredBatch};

/// The tag of the event that names what is not in the file. The page knows it (`web/src/story/moments.ts`).
const LEFT_OUT: &str = "session-replay-viewer/left-out";
/// Most characters of each id in a file's name.
const MAX_ID_CHARS: usize = 60;

pub(crate) async fn events(State(app): State<Arc<App>>, ids: Ids) -> Result<Response, ApiError> {
    let id = ids.replay()?;
    let batches = app.store.batches.list(&id, None).await?;
    if batches.is_empty() {
        return Err(ApiError::new(StatusCode::NOT_FOUND, format!("nothing was received of {id}")));
    }
    let headers = [
        (header::CONTENT_TYPE, "application/x-ndjson".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{}\"", file_name(&id))),
    ];
    let lines = stream::iter(batches).filter_map(move |listed| {
        let (app, id) = (Arc::clone(&app), id.clone());
        async move {
            match read_batch(&app, Content::Replay, &id, listed.clone(), 0, lines_of).await {
                Ok(Reading::Text(lines)) => Some(Ok::<_, StoreError>(lines)),
                Ok(Reading::Damaged(why)) => Some(Ok(left_out(&listed, &why).into())),
                Ok(Reading::Gone) => None,
                Ok(Reading::Unread(why)) => Some(Err(unread_error(why))),
                Err(error) => Some(Err(error)),
            }
        }
    });
    Ok((headers, Body::from_stream(lines)).into_response())
}

fn lines_of(listed: &ListedBatch, _: u64, batch: &StoredBatch) -> Result<Written, StoreError> {
    let read = batch.events()?;
    let foreign = unread_events(&read);
    let mut lines = String::new();
    for event in read.iter().flatten() {
        // JSON has line breaks only between its tokens, where a space says the same.
        if event.contains(['\n', '\r']) {
            lines.push_str(&event.replace(['\n', '\r'], " "));
        } else {
            lines.push_str(event);
        }
        lines.push('\n');
    }
    if let Some(why) = &foreign {
        lines.push_str(&left_out(listed, why));
    }
    Ok(Written { text: lines, left_out: foreign })
}

/// The line of an event (rrweb's type 5, custom) that names a batch of which something is not in the file.
fn left_out(listed: &ListedBatch, why: &str) -> String {
    let arrived = listed.info.arrived.millis() as f64;
    let begin = listed.info.stats.clocks.own(arrived).map_or(arrived, |own| own.start);
    let data = json!({ "tag": LEFT_OUT, "payload": { "sequence": listed.name, "problem": why } });
    format!("{{\"type\":5,\"timestamp\":{begin},\"data\":{data}}}\n")
}

/// A name that is safe in a header and on every file system.
fn file_name(id: &ReplayId) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' };
    let part = |id: &str| id.chars().take(MAX_ID_CHARS).map(plain).collect::<String>();
    format!("replay-{}-{}.jsonl", part(id.device.as_str()), part(id.session.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_are_plain() {
        let long = "x".repeat(512);
        for (device, session, name) in [
            ("device-1", "1732300000000", "replay-device-1-1732300000000.jsonl"),
            ("..", "a|b@c:d=e.f", "replay-__-a_b_c_d_e_f.jsonl"),
            (&long, "1", &format!("replay-{}-1.jsonl", "x".repeat(60))),
        ] {
            assert_eq!(file_name(&ReplayId::new(device, session).unwrap()), name);
        }
    }
}
