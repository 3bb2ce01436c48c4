//! Deletes sessions from the store, and tells whoever looks at the list.

use futures_util::{StreamExt, stream};
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

/// Deletes these sessions; one of which something has arrived since its time in `heard_before` stays. One that can't be deleted keeps no
/// other from it.
pub(crate) async fn delete(
    app: &App,
    sessions: Vec<StoredSession>,
    heard_before: impl Fn(&StoredSession) -> Option<u64>,
) -> Result<Deleted, StoreError> {
    let results: Vec<Result<Option<StoredSession>, StoreError>> = stream::iter(sessions)
        .map(async |session| {
            let heard_before = heard_before(&session);
            // Other viewers learn of it even if this process ends in between.
            let _recording = app.index.begin().await;
            let Some(until) = app.store.delete(&session.id, heard_before).await? else { return Ok(None) };
            app.index.forget(&session.id, until).await;
            Ok(Some(session))
        })
        .buffered(MAX_DELETES)
        .collect()
        .await;
    let mut gone = Vec::new();
    let mut failed = None;
    for result in results {
        match result {
            Ok(session) => gone.extend(session),
            Err(error) => failed = failed.or(Some(error)),
        }
    }
    if let Some(error) = failed {
        // Half of a session would play as if it were whole.
        let _ = finish(app).await;
        return Err(error);
    }
    Ok(Deleted::of(&gone))
}

/// Carries out what viewers have begun to delete and could not end.
pub(crate) async fn finish(app: &App) -> Result<(), StoreError> {
    let begun = app.store.deletions().await?;
    if begun.is_empty() {
        return Ok(());
    }
    let _recording = app.index.begin().await;
    let mut failed = Ok(());
    for (id, name) in begun {
        match app.store.finish_deletion(&id, name).await {
            Ok(Some(until)) => app.index.forget(&id, until).await,
            Ok(None) => {}
            Err(error) => failed = Err(error),
        }
    }
    failed
}
