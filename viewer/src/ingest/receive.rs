//! A request's body, off the wire: bounded in size and in time, and in memory together with all the others.

use std::time::Duration;

use axum::body::Body;
use axum::http::StatusCode;
use http_body_util::BodyExt;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::timeout;

use super::refusal::Refusal;
use crate::limits::MemoryBudget;

/// How long a client may take to send its body.
const WHOLE_TIMEOUT: Duration = Duration::from_secs(30);
/// How long it may pause in between.
const PAUSE_TIMEOUT: Duration = Duration::from_secs(10);

/// The body, and the room in memory that it takes. It grows with the body, so that many clients who are slow to send theirs
/// take little, and nobody else waits for them.
pub(super) async fn receive(
    body: Body,
    limit: usize,
    memory: &MemoryBudget,
) -> Result<(Vec<u8>, Option<OwnedSemaphorePermit>), Refusal> {
    let late = |_| Refusal::new(StatusCode::REQUEST_TIMEOUT, "the body did not arrive in time".to_owned());
    timeout(WHOLE_TIMEOUT, frames(body, limit, memory)).await.map_err(late)?
}

async fn frames(
    mut body: Body,
    limit: usize,
    memory: &MemoryBudget,
) -> Result<(Vec<u8>, Option<OwnedSemaphorePermit>), Refusal> {
    let late = |_| Refusal::new(StatusCode::REQUEST_TIMEOUT, "the body stopped on its way".to_owned());
    let broken = |error| Refusal::bad(format!("the body did not arrive: {error}"));
    let mut bytes = Vec::new();
    let mut room: Option<OwnedSemaphorePermit> = None;
    while let Some(frame) = timeout(PAUSE_TIMEOUT, body.frame()).await.map_err(late)? {
        let Ok(data) = frame.map_err(broken)?.into_data() else {
            continue;
        };
        if bytes.len() + data.len() > limit {
            return Err(Refusal::too_large(limit));
        }
        while bytes.len() + data.len() > room.as_ref().map_or(0, |room| room.num_permits() * 1024) {
            let more = memory.try_take(data.len()).ok_or_else(|| {
                let why = "too many bodies are on their way at once; try again".to_owned();
                Refusal::new(StatusCode::SERVICE_UNAVAILABLE, why)
            })?;
            match &mut room {
                Some(room) => room.merge(more),
                None => room = Some(more),
            }
        }
        bytes.extend_from_slice(&data);
    }
    Ok((bytes, room))
}
