//! Stores what arrived, and tells the index. It goes on when the client goes away in between: what is stored is in lists, too.

use std::sync::Arc;

use tokio::task::JoinHandle;

use crate::app::App;
use crate::arrival::ArrivalTime;
use crate::replay_id::ReplayId;
use crate::store::{BatchInfo, BatchMeta, Content, RefusedRequest, StoreError};

/// An accepted batch, to be stored.
pub(super) struct NewBatch {
    pub(super) id: ReplayId,
    pub(super) content: Content,
    pub(super) info: BatchInfo,
    pub(super) meta: BatchMeta,
    pub(super) title: Option<String>,
    pub(super) body: Vec<u8>,
}

/// Stores an accepted batch.
pub(super) async fn store_batch(app: Arc<App>, batch: NewBatch) -> Result<(), StoreError> {
    let NewBatch { id, content, info, meta, title, body } = batch;
    let recording = app.index.begin().await;
    let name = app.store.add(&id, content, &info, &meta, title, body).await?;
    match content {
        Content::Replay => app.index.add_batch(&id, name, &recording).await,
        Content::Interactions => app.index.touch(&id, &recording),
    }
    Ok(())
}

/// Stores a refused request of a session that could be named; `false` when no more of them are kept.
pub(super) async fn store_refused(
    app: &Arc<App>,
    id: ReplayId,
    arrived: ArrivalTime,
    refused: RefusedRequest,
) -> Result<bool, StoreError> {
    let app = Arc::clone(app);
    to_its_end(async move {
        let recording = app.index.begin().await;
        let name = app.store.refused.add(&id, arrived, &refused).await?;
        if let Some(name) = &name {
            app.index.add_refused(&id, name, &recording).await;
        }
        Ok(name.is_some())
    })
    .await
}

/// A handler is dropped with the connection of its client, wherever it is; a task is not.
async fn to_its_end<T: Send + 'static>(
    storing: impl Future<Output = Result<T, StoreError>> + Send + 'static,
) -> Result<T, StoreError> {
    end_of(tokio::spawn(storing)).await
}

/// What came of storing that goes on by itself.
pub(super) async fn end_of<T>(storing: JoinHandle<Result<T, StoreError>>) -> Result<T, StoreError> {
    storing.await.unwrap_or_else(|error| Err(StoreError::Interrupted(error.to_string())))
}
