//! Keeps the store within its limits, and ends what other viewers have begun to delete. Any number of viewers may do so on one store.
//!
//! A look lists the whole store. It is made at the start, and then when a session is due, or when something has arrived where bytes are
//! limited: an idle viewer does not look.

use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::app::App;
use crate::arrival::ArrivalTime;
use crate::deletion::{delete, finish};
use crate::store::{Extent, StoreError, StoredSession};

/// Shortest time between two looks.
const MIN_PAUSE: Duration = Duration::from_secs(60);
/// A look that took long is followed by a pause of so many times that, so that looking takes a twentieth of the time at most.
const PAUSE_PER_LOOK: u32 = 20;
/// Longest time between two looks, where there is a limit: others who share the store may have none.
const MAX_PAUSE: Duration = Duration::from_secs(3_600);

/// Goes on as long as the viewer runs.
pub(crate) async fn keep_within_limits(app: Arc<App>) {
    let mut arrivals = app.index.revisions();
    loop {
        let begun = Instant::now();
        let next = match look(&app).await {
            Ok(next) => next,
            Err(error) => {
                let _ = writeln!(std::io::stderr(), "session-replay-viewer: nothing can be deleted: {error}");
                None
            }
        };
        if !app.retention.is_limited() {
            return;
        }
        sleep(MIN_PAUSE.max(begun.elapsed() * PAUSE_PER_LOOK)).await;
        let due = async {
            let wait = next.map(|due| Duration::from_millis(due.saturating_sub(ArrivalTime::now().millis())));
            sleep(wait.unwrap_or(MAX_PAUSE).min(MAX_PAUSE)).await;
        };
        tokio::select! {
            () = due => {}
            // What arrives now makes the store larger, but nothing older.
            _ = arrivals.changed(), if app.retention.max_bytes.is_some() => {}
        }
    }
}

/// Deletes what has to go, and says when to look again.
async fn look(app: &App) -> Result<Option<u64>, StoreError> {
    // What can't be deleted keeps nothing else from it.
    let mut result = finish(app).await;
    result = app.store.kept.trim().await.and(result);
    if !app.retention.is_limited() {
        return result.map(|()| None);
    }
    let now = ArrivalTime::now().millis();
    let verdict = app.retention.judge(app.store.inventory(Extent::All).await?, now);
    let as_old = |session: &StoredSession| Some(session.last_arrival.saturating_add(1));
    result = delete(app, verdict.expired, as_old).await.map(|_| ()).and(result);
    if let Some(keep) = app.retention.keep {
        result = app.store.kept.forget_before(ArrivalTime::now().minus(keep)).await.and(result);
    }
    result.map(|()| verdict.next)
}
