//! One client that follows the list of sessions.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use crate::app::App;
use crate::index::Update;

/// How often it is looked what other viewers received, while somebody listens.
const POLL: Duration = Duration::from_secs(1);
/// Shortest time between two messages. What changes meanwhile is told together.
const MIN_PAUSE: Duration = Duration::from_millis(250);

/// Where one client is. It holds no message: one that reads slowly is told more at once.
pub(super) struct ListFeed {
    app: Arc<App>,
    revisions: watch::Receiver<u64>,
    /// The revision that the client knows.
    known: Option<u64>,
    is_begun: bool,
}

impl ListFeed {
    /// For a client that knows the list as it was at this revision.
    pub(super) fn new(app: Arc<App>, known: Option<u64>) -> Self {
        Self { revisions: app.index.revisions(), app, known, is_begun: false }
    }

    /// Returns at once the first time, and then whenever something has changed.
    pub(super) async fn next(&mut self) -> Update {
        if std::mem::replace(&mut self.is_begun, true) {
            tokio::time::sleep(MIN_PAUSE).await;
            self.wait().await;
        } else {
            self.app.index.catch_up().await;
        }
        self.revisions.mark_unchanged();
        let update = self.app.index.since(self.known);
        self.known = Some(update.revision);
        update
    }

    /// Until there is a revision that the client does not know.
    async fn wait(&mut self) {
        while self.known.is_some_and(|known| *self.revisions.borrow_and_update() <= known) {
            if tokio::time::timeout(POLL, self.revisions.changed()).await.is_err() {
                self.app.index.catch_up().await;
            }
        }
    }
}
