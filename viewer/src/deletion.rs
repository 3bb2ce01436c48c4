//! Deletes sessions from the store, and tells whoever looks at the list.

use futures_util::{StreamExt, TryStreamExt, stream};
use serde::Serialize;

use crate::app::App;
use crate::store::{StoreError, StoredSession};

/// Sessions deleted at once.
const MAX_DELETES: usize = 8;
/// Sessions that are named where only some can be.
const MAX_NAMED: usize = 5;

/// How much it was, or would be.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Deleted {
    pub(crate) sessions: u64,
    /// As they stood in the store.
    pub(crate) bytes: u64,
    /// Some of them, as `<device>/<session>`.
    pub(crate) examples: Vec<String>,
}

impl Deleted {
    pub(crate) fn of(sessions: &[StoredSession]) -> Self {
        Self {
            sessions: sessions.len() as u64,
            bytes: sessions.iter().fold(0, |sum, session| sum.saturating_add(session.bytes)),
            examples: sessions.iter().take(MAX_NAMED).map(|session| session.id.to_string()).collect(),
        }
    }
}

/// Deletes these sessions; those that something has arrived of since `heard_before` stay.
pub(crate) async fn delete(
    app: &App,
    sessions: Vec<StoredSession>,
    heard_before: Option<u64>,
) -> Result<Deleted, StoreError> {
    let gone: Vec<StoredSession> = stream::iter(sessions)
        .map(async |session| {
            // Other viewers learn of it even if this process ends in between.
            let _recording = app.index.begin().await;
            let is_gone = app.store.delete(&session.id, heard_before).await?;
            if is_gone {
                app.index.forget(&session.id).await;
            }
            Ok::<_, StoreError>(is_gone.then_some(session))
        })
        .buffered(MAX_DELETES)
        .try_filter_map(async |session| Ok(session))
        .try_collect()
        .await?;
    Ok(Deleted::of(&gone))
}

/// Carries out what other viewers have begun to delete and could not end.
pub(crate) async fn finish(app: &App) -> Result<(), StoreError> {
    let _recording = app.index.begin().await;
    for id in app.store.finish_deletions().await? {
        app.index.forget(&id).await;
    }
    Ok(())
}
