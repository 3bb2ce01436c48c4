//! One stored batch on its way to a reader. What can't be read is named and passed over: the rest of its session plays all the same.

use std::time::Duration;

use bytes::Bytes;
use tokio::sync::OwnedSemaphorePermit;

use super::lent_text::LentText;
use crate::app::App;
use crate::replay_id::ReplayId;
use crate::store::{BatchName, Content, ListedBatch, StoreError, StoredBatch};

/// Makes the text that a reader gets of a batch, of which so many events are to be left out.
pub(super) type Write = fn(&ListedBatch, u64, &StoredBatch) -> Result<String, StoreError>;

/// How often a batch is asked for that the store can't give, and the pause between.
const MAX_TRIES: u32 = 3;
const RETRY_PAUSE: Duration = Duration::from_millis(100);

/// What became of a batch that was to be read.
pub(super) enum Reading {
    Text(Bytes),
    /// It can't be read: why.
    Damaged(String),
    /// The store answers, but does not give this one: why. It may be whole, and be read the next time.
    Unread(String),
    /// It was deleted since it was listed.
    Gone,
}

/// Reads a batch, and makes a text of it on a thread that may take its time. One that is damaged is noted in the index, until it is read whole.
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
    let was_damaged = content == Content::Replay && app.index.is_damaged(id, &name);
    let text = match read_object(app, content, id, &name).await {
        Ok(batch) => {
            let written = tokio::task::spawn_blocking(move || {
                let text = write(&listed, skip, &batch)?;
                Ok((text, was_damaged && batch.meta().is_ok() && batch.events().is_ok()))
            });
            written.await.unwrap_or_else(|error| Err(StoreError::Interrupted(error.to_string())))
        }
        Err(error) => Err(error),
    };
    match text {
        Ok((text, is_whole_again)) => {
            if is_whole_again {
                app.index.note_whole(id, &name);
            }
            Ok(Reading::Text(Bytes::from_owner(LentText::new(text, memory))))
        }
        Err(error) if error.is_gone() => Ok(Reading::Gone),
        Err(error) if error.is_damage() => {
            if content == Content::Replay {
                app.index.note_damaged(id, &name);
            }
            Ok(Reading::Damaged(error.to_string()))
        }
        // Whether the others can be read: a store that is down lists nothing either.
        Err(error @ StoreError::Objects(_))
            if app.store.batches_of(content).list(id, Some(&name)).await.is_ok() =>
        {
            Ok(Reading::Unread(error.to_string()))
        }
        Err(error) => Err(error),
    }
}

/// Asks a few times: too many files may be open for a moment.
async fn read_object(
    app: &App,
    content: Content,
    id: &ReplayId,
    name: &BatchName,
) -> Result<StoredBatch, StoreError> {
    for _ in 1..MAX_TRIES {
        match app.store.batches_of(content).read(id, name).await {
            Err(error @ StoreError::Objects(_)) if !error.is_gone() => tokio::time::sleep(RETRY_PAUSE).await,
            read => return read,
        }
    }
    app.store.batches_of(content).read(id, name).await
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

/// The same for one that may be read the next time.
pub(super) fn unread_json(sequence: &str, problem: &str) -> String {
    serde_json::json!({ "sequence": sequence, "problem": problem, "retry": true }).to_string()
}

/// What ends a text that has no place to name a batch in: without it, it would look whole.
pub(super) fn unread_error(why: String) -> StoreError {
    StoreError::Interrupted(format!("a batch can't be read: {why}"))
}
