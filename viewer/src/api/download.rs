//! `GET …/events.jsonl`: a session's events as a file, one a line.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt, stream};

use super::error::ApiError;
use super::path::Ids;
use super::stored_batch::{Reading, read_batch, unread_error};
use crate::app::App;
use crate::replay_id::ReplayId;
use crate::store::{Content, ListedBatch, StoreError, StoredBatch};

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
            match read_batch(&app, Content::Replay, &id, listed, 0, lines_of).await {
                Ok(Reading::Text(lines)) => Some(Ok::<_, StoreError>(lines)),
                Ok(Reading::Damaged(_) | Reading::Gone) => None,
                Ok(Reading::Unread(why)) => Some(Err(unread_error(why))),
                Err(error) => Some(Err(error)),
            }
        }
    });
    Ok((headers, Body::from_stream(lines)).into_response())
}

fn lines_of(_: &ListedBatch, _: u64, batch: &StoredBatch) -> Result<String, StoreError> {
    let mut lines = String::new();
    for event in batch.events()? {
        // JSON has line breaks only between its tokens, where a space says the same.
        if event.contains(['\n', '\r']) {
            lines.push_str(&event.replace(['\n', '\r'], " "));
        } else {
            lines.push_str(&event);
        }
        lines.push('\n');
    }
    Ok(lines)
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
