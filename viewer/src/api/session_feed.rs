//! One client that follows one session: what it was sent, and what comes next.

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::watch;
use tokio::time::{Instant, sleep, timeout};

use super::stored_batch::{Reading, batch_json, read_batch};
use crate::app::App;
use crate::replay_id::ReplayId;
use crate::store::{BatchInfo, BatchName, Content, ListedBatch, StoreError};

/// How often it is looked what other viewers received.
const POLL: Duration = Duration::from_secs(1);
/// How often the store is asked, whatever the index says: a viewer of an earlier version tells nothing.
const LOOK_PAUSE: Duration = Duration::from_secs(30);
/// A batch of another process may become visible after one that arrived later, so each look goes so far back.
const SLACK: Duration = Duration::from_secs(60);

/// How many batches of a session the index knows, and the newest.
type Known = Option<(u64, Option<BatchName>)>;

/// Where one client is in a session.
pub(super) struct SessionFeed {
    app: Arc<App>,
    id: ReplayId,
    revisions: watch::Receiver<u64>,
    /// When the store was asked last, and what the index said then: how many batches, and the newest.
    looked: Option<(Instant, Known)>,
    /// Listed and not yet sent.
    pending: VecDeque<ListedBatch>,
    /// Names up to this one are not looked at any more.
    after: Option<BatchName>,
    /// Names above `after` that were listed before.
    seen: HashSet<BatchName>,
    /// What the client is reading, with the memory that is lent to it.
    sent: Option<Bytes>,
}

/// What a client is sent.
pub(super) struct Message {
    pub(super) sequence: BatchName,
    /// The batch as one line of JSON, or why it can't be read.
    pub(super) batch: Result<Bytes, String>,
}

impl SessionFeed {
    /// Starts at the beginning, or a little before the batch named `last`.
    pub(super) fn new(app: Arc<App>, id: ReplayId, last: Option<&str>) -> Self {
        let last = last.and_then(BatchInfo::parse);
        Self {
            revisions: app.index.revisions(),
            app,
            id,
            looked: None,
            pending: VecDeque::new(),
            after: last.map(|(_, info)| a_little_before(&info)),
            seen: HashSet::new(),
            sent: None,
        }
    }

    /// The next batch. Waits until there is one. Only one is held in memory at a time, however long the session is, and not too many of
    /// all clients together.
    pub(super) async fn next(&mut self) -> Result<Message, StoreError> {
        // Being asked for the next one means that the one before was sent.
        self.sent = None;
        loop {
            while let Some(listed) = self.pending.front().cloned() {
                let sequence = listed.name.clone();
                let reading = read_batch(&self.app, Content::Replay, &self.id, listed, 0, batch_json).await;
                if reading.is_err() {
                    // The store does not answer. It is asked again, and not at once.
                    sleep(POLL).await;
                }
                let reading = reading?;
                self.pending.pop_front();
                let batch = match reading {
                    Reading::Text(text) => {
                        self.sent = Some(text.clone());
                        Ok(text)
                    }
                    Reading::Damaged(why) | Reading::Unread(why) => Err(why),
                    Reading::Gone => continue,
                };
                return Ok(Message { sequence, batch });
            }
            self.wait_for_news().await;
            self.look().await?;
        }
    }

    /// Returns when the index knows another batch than at the last look.
    async fn wait_for_news(&mut self) {
        loop {
            let known = self.app.index.batches_of(&self.id);
            match &self.looked {
                Some((at, then)) if *then == known && at.elapsed() < LOOK_PAUSE => {}
                _ => {
                    self.looked = Some((Instant::now(), known));
                    return;
                }
            }
            if timeout(POLL, self.revisions.changed()).await.is_err() {
                self.app.index.catch_up().await;
            }
        }
    }

    async fn look(&mut self) -> Result<(), StoreError> {
        let batches = self.app.store.batches.list(&self.id, self.after.as_ref()).await?;
        if let Some(newest) = batches.last() {
            let after = a_little_before(&newest.info);
            self.seen.retain(|name| *name > after);
            self.after = self.after.take().max(Some(after));
        }
        for listed in batches {
            if self.seen.insert(listed.name.clone()) {
                self.pending.push_back(listed);
            }
        }
        Ok(())
    }
}

/// Where to look again after this batch, so that no late one is missed.
pub(super) fn a_little_before(info: &BatchInfo) -> BatchName {
    BatchName::first_at(info.arrived.minus(SLACK))
}
