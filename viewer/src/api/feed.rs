//! One client that follows one session: what it was sent, and what comes next.

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, watch};

use super::events::sequence_json;
use crate::app::App;
use crate::identity::Identity;
use crate::store::{SequenceName, StoreError, Stored};

/// How often the store is asked for what another process received.
const POLL: Duration = Duration::from_secs(1);
/// A sequence of another process may become visible after one that arrived later, so each look goes so far back.
const SLACK_US: u64 = 60_000_000;

/// The place of one client in a session.
pub(super) struct Feed {
    app: Arc<App>,
    identity: Identity,
    wake: watch::Receiver<u64>,
    looked: bool,
    /// Listed and not yet sent.
    pending: VecDeque<Stored>,
    /// Names up to this one are not looked at any more.
    from: Option<String>,
    /// Names above `from` that were listed before.
    seen: HashSet<String>,
    /// Room for the sequence that the client is reading.
    room: Option<OwnedSemaphorePermit>,
}

impl Feed {
    /// Starts at the beginning, or a little before the sequence named `last`.
    pub(super) fn new(app: Arc<App>, identity: Identity, last: Option<&str>) -> Self {
        let last = last.and_then(SequenceName::parse);
        Self {
            wake: app.arrivals.subscribe(),
            app,
            identity,
            looked: false,
            pending: VecDeque::new(),
            from: last.map(|name| name_at(name.arrived_us.saturating_sub(SLACK_US))),
            seen: HashSet::new(),
            room: None,
        }
    }

    /// The next sequence: its name and itself as one line of JSON. Waits until there is one. Only one is held in
    /// memory at a time, however long the session is, and not too many of all clients together.
    pub(super) async fn next(&mut self) -> Result<(String, String), StoreError> {
        // Being asked for the next one means that the one before was sent.
        self.room = None;
        loop {
            if let Some(stored) = self.pending.front() {
                self.room = Some(self.app.room_for(stored).await?);
            }
            if let Some(stored) = self.pending.pop_front() {
                let sequence = self.app.store.read(&self.identity, &stored.name).await?;
                let message = sequence_json(&stored, &sequence)?;
                return Ok((stored.name, message));
            }
            if std::mem::replace(&mut self.looked, true) {
                // Woken by what arrives here; what arrives elsewhere is found at the next look.
                let _ = tokio::time::timeout(POLL, self.wake.changed()).await;
            }
            self.look().await?;
        }
    }

    async fn look(&mut self) -> Result<(), StoreError> {
        let from = self.from.as_deref();
        let listed = self.app.store.sequences(&self.identity, from).await?;
        if let Some(newest) = listed.last() {
            let from = name_at(newest.says.arrived_us.saturating_sub(SLACK_US));
            self.seen.retain(|name| *name > from);
            self.from = self.from.take().max(Some(from));
        }
        for stored in listed {
            if self.seen.insert(stored.name.clone()) {
                self.pending.push_back(stored);
            }
        }
        Ok(())
    }
}

/// What the names of sequences that arrived at this time begin with.
fn name_at(arrived_us: u64) -> String {
    format!("{arrived_us:020}")
}
