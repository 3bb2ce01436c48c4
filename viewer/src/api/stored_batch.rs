//! One stored batch on its way to a reader.

use tokio::sync::OwnedSemaphorePermit;

use crate::app::App;
use crate::store::{ListedBatch, StoreError, StoredBatch};

/// Memory for a batch: as it is stored, and as it is sent.
pub(super) async fn reply_memory(
    app: &App,
    listed: &ListedBatch,
) -> Result<OwnedSemaphorePermit, StoreError> {
    let bytes = listed.info.decoded_bytes.saturating_mul(2);
    app.limits.replies.take(bytes).await.ok_or(StoreError::Busy)
}

/// `{"sequence":"<name>","meta":{…},"events":["…"]}` without a line break in it.
pub(super) fn batch_json(listed: &ListedBatch, batch: &StoredBatch) -> Result<String, StoreError> {
    let tokens = batch.event_tokens()?;
    let events: Vec<&str> = tokens.iter().map(|token| token.get()).collect();
    Ok(format!(
        r#"{{"sequence":"{}","meta":{},"events":[{}]}}"#,
        listed.name,
        batch.meta()?.get(),
        events.join(",")
    ))
}
