//! One stored batch on its way to a reader. What can't be read is named and passed over: the rest of its session plays all the same.

use std::time::Duration;

use bytes::Bytes;
use tokio::sync::OwnedSemaphorePermit;

use super::lent_text::LentText;
use crate::app::App;
use crate::replay_id::ReplayId;
use crate::store::{BatchName, Content, ListedBatch, StoreError, StoredBatch};

/// Makes the text that a reader gets of a batch, of which so many events are to be skipped.
pub(super) type Write = fn(&ListedBatch, u64, &StoredBatch) -> Result<Written, StoreError>;

/// What a reader gets of a batch.
pub(super) struct Written {
    pub(super) text: String,
    /// What of it could not be read, and why; the rest is there.
    pub(super) left_out: Option<String>,
}

impl From<String> for Written {
    fn from(text: String) -> Self {
        Self { text, left_out: None }
    }
}

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
                let written = write(&listed, skip, &batch)?;
                Ok((written, was_damaged && batch.is_whole()))
            });
            written.await.unwrap_or_else(|error| Err(StoreError::Interrupted(error.to_string())))
        }
        Err(error) => Err(error),
    };
    match text {
        Ok((Written { text, left_out }, is_whole_again)) => {
            if is_whole_again {
                app.index.note_whole(id, &name);
            } else if let Some(why) = left_out.filter(|_| content == Content::Replay) {
                app.index.note_damaged(id, &name, &why);
            }
            Ok(Reading::Text(Bytes::from_owner(LentText::new(text, memory))))
        }
        Err(error) if error.is_gone() => Ok(Reading::Gone),
        Err(error) if error.is_damage() => {
            if content == Content::Replay {
                app.index.note_damaged(id, &name, &error.to_string());
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

/// `{"sequence":"<name>","meta":{…},"events":["…"]}` without a line break in it; with `"left_out":"…"` where some of it could not be read, and null in
/// the place of each event that could not.
pub(super) fn batch_json(listed: &ListedBatch, _: u64, batch: &StoredBatch) -> Result<Written, StoreError> {
    let read = batch.event_strings()?;
    let events: Vec<&str> = read.iter().map(|event| event.as_ref().map_or("null", |text| text)).collect();
    let (meta, damage) = match batch.meta() {
        Ok(meta) => (meta.get().to_owned(), None),
        // Its name tells the one thing of it that a replay needs.
        Err(error) => {
            let arrived = listed.info.arrived.millis();
            (format!(r#"{{"arrived":{arrived}}}"#), Some(format!("its first line can't be read: {error}")))
        }
    };
    let left_out = [damage, unread_events(&read)].into_iter().flatten().collect::<Vec<_>>().join("; ");
    let left_out = Some(left_out).filter(|why| !why.is_empty());
    let told = left_out.as_ref().map(|why| format!(r#","left_out":{}"#, serde_json::json!(why)));
    let text = format!(
        r#"{{"sequence":"{}","meta":{meta}{},"events":[{}]}}"#,
        listed.name,
        told.unwrap_or_default(),
        events.join(",")
    );
    Ok(Written { text, left_out })
}

/// Which events of a batch could not be read, in words: the first by its place in the batch.
pub(super) fn unread_events<T>(read: &[Result<T, String>]) -> Option<String> {
    let mut unread =
        read.iter().enumerate().filter_map(|(place, event)| Some((place, event.as_ref().err()?)));
    let (place, why) = unread.next()?;
    let others = match unread.count() {
        0 => String::new(),
        1 => "; nor can another one be read".to_owned(),
        more => format!("; nor can {more} others be read"),
    };
    Some(format!("event {place} of it, counted from 0, {why}{others}"))
}

/// `{"sequence":"<name>","problem":"…","count":n}`: what stands in the place of a batch that can't be read, of so many events.
pub(super) fn problem_json(listed: &ListedBatch, problem: &str) -> String {
    unreadable(listed, problem).to_string()
}

/// The same for one that may be read the next time.
pub(super) fn unread_json(listed: &ListedBatch, problem: &str) -> String {
    let mut told = unreadable(listed, problem);
    told["retry"] = true.into();
    told.to_string()
}

fn unreadable(listed: &ListedBatch, problem: &str) -> serde_json::Value {
    serde_json::json!({ "sequence": listed.name, "problem": problem, "count": listed.info.stats.events })
}

/// What ends a text that has no place to name a batch in: without it, it would look whole.
pub(super) fn unread_error(why: String) -> StoreError {
    StoreError::Interrupted(format!("a batch can't be read: {why}"))
}
