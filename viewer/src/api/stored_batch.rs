//! One stored batch on its way to a reader. What can't be read is named and passed over: the rest of its session plays all the same.

use bytes::Bytes;
use tokio::sync::OwnedSemaphorePermit;

use super::lent_text::LentText;
use crate::app::App;
use crate::replay_id::ReplayId;
use crate::store::{Content, ListedBatch, StoreError, StoredBatch};

/// Makes the text that a reader gets of a batch, of which so many events are to be left out.
pub(super) type Write = fn(&ListedBatch, u64, &StoredBatch) -> Result<String, StoreError>;

/// What became of a batch that was to be read.
pub(super) enum Reading {
    Text(Bytes),
    /// It can't be read: why.
    Damaged(String),
    /// It was deleted since it was listed.
    Gone,
}

/// Reads a batch, and makes a text of it on a thread that may take its time. One that is damaged is noted in the index.
pub(super) async fn read_batch(
    app: &App,
    content: Content,
    id: &ReplayId,
    listed: ListedBatch,
    skip: u64,
    write: Write,
) -> Result<Reading, StoreError> {
    let memory = reply_memory(app, &listed).await?;
    let name = listed.name.clone();
    let text = match app.store.batches_of(content).read(id, &name).await {
        Ok(batch) => {
            let written = tokio::task::spawn_blocking(move || write(&listed, skip, &batch)).await;
            written.unwrap_or_else(|error| Err(StoreError::Interrupted(error.to_string())))
        }
        Err(error) => Err(error),
    };
    match text {
        Ok(text) => Ok(Reading::Text(Bytes::from_owner(LentText::new(text, memory)))),
        Err(error) if error.is_gone() => Ok(Reading::Gone),
        Err(error) if error.is_damage() => {
            if content == Content::Replay {
                app.index.note_damaged(id, &name);
            }
            Ok(Reading::Damaged(error.to_string()))
        }
        Err(error) => Err(error),
    }
}

/// Memory for a batch: as it is stored, and as it is sent.
pub(super) async fn reply_memory(
    app: &App,
    listed: &ListedBatch,
) -> Result<OwnedSemaphorePermit, StoreError> {
    let bytes = listed.info.decoded_bytes.saturating_mul(2);
    app.limits.replies.take(bytes).await.ok_or(StoreError::Busy)
}

/// `{"sequence":"<name>","meta":{…},"events":["…"]}` without a line break in it.
pub(super) fn batch_json(listed: &ListedBatch, _: u64, batch: &StoredBatch) -> Result<String, StoreError> {
    let tokens = batch.event_tokens()?;
    let events: Vec<&str> = tokens.iter().map(|token| token.get()).collect();
    if events.iter().any(|event| !event.starts_with('"')) {
        return Err(StoreError::Event("is not a string".to_owned()));
    }
    Ok(format!(
        r#"{{"sequence":"{}","meta":{},"events":[{}]}}"#,
        listed.name,
        batch.meta()?.get(),
        events.join(",")
    ))
}

/// `{"sequence":"<name>","problem":"…"}`: what stands in the place of a batch that can't be read.
pub(super) fn problem_json(sequence: &str, problem: &str) -> String {
    serde_json::json!({ "sequence": sequence, "problem": problem }).to_string()
}
