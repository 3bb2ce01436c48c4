//! One client that follows the list of sessions.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use crate::app::App;
use crate::store::StoreError;

/// How often the list is compared with what it was, for the sake of other processes.
const POLL: Duration = Duration::from_secs(2);
/// Shortest time between two signs that the list has changed.
const MIN_PAUSE: Duration = Duration::from_millis(250);

pub(super) struct ListFeed {
    app: Arc<App>,
    arrivals: watch::Receiver<u64>,
    /// How many batches, those of interactions, and refused requests there were at the last look.
    counts: Option<[usize; 3]>,
}

impl ListFeed {
    pub(super) fn new(app: Arc<App>) -> Self {
        Self { arrivals: app.arrivals(), app, counts: None }
    }

    /// Returns at once the first time, and then whenever there is more than at the last look.
    pub(super) async fn changed(&mut self) -> Result<(), StoreError> {
        loop {
            if self.counts.is_some() {
                tokio::time::sleep(MIN_PAUSE).await;
                let _ = tokio::time::timeout(POLL, self.arrivals.changed()).await;
            }
            let store = &self.app.store;
            let counts = [
                store.batches.all().await?.len(),
                store.interactions.all().await?.len(),
                store.refused.sessions().await?.len(),
            ];
            if self.counts.replace(counts) != Some(counts) {
                return Ok(());
            }
        }
    }
}
