//! Stores what arrived, and tells the index. It goes on when the client goes away in between: what is stored is in lists, too.

use std::sync::Arc;

use crate::app::App;
use crate::arrival::ArrivalTime;
use crate::replay_id::ReplayId;
use crate::store::{BatchInfo, BatchMeta, Content, RefusedRequest, StoreError};

/// Stores an accepted batch.
pub(super) async fn store_batch(
    app: &Arc<App>,
    id: ReplayId,
    content: Content,
    info: BatchInfo,
    meta: BatchMeta,
    title: Option<String>,
    body: Vec<u8>,
) -> Result<(), StoreError> {
    let app = Arc::clone(app);
    to_its_end(async move {
        let recording = app.index.begin().await;
        let name = app.store.add(&id, content, &info, &meta, title, body).await?;
        match content {
            Content::Replay => app.index.add_batch(&id, name, &recording).await,
            Content::Interactions => app.index.touch(&id, &recording),
        }
        Ok(())
    })
    .await
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
    tokio::spawn(storing).await.unwrap_or_else(|error| Err(StoreError::Interrupted(error.to_string())))
}
