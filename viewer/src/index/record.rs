//! Writes down what was done here, for other viewers on the store: about once a second while things arrive.

use std::mem::take;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use parking_lot::Mutex;

use super::Index;
use super::state::Op;
use crate::arrival::ArrivalTime;
use crate::replay_id::ReplayId;
use crate::store::{BatchInfo, BatchName, Change};

/// How long what was done waits to be written together with what follows.
const WRITE_PAUSE: Duration = Duration::from_secs(1);
/// So many pauses without anything to write end a stretch.
const QUIET_PAUSES: u32 = 3;
/// Each so many pauses it is said again that this process is there.
const RENEW_PAUSES: u32 = 5;

/// Each so many pauses it looks what others did, whoever asks.
const FOLLOW_PAUSES: u32 = 60;

/// What this process has done and not written down.
#[derive(Debug, Default)]
pub(super) struct Recorder {
    pending: Mutex<Change>,
    /// Whether the store knows that this process is busy.
    is_active: AtomicBool,
    /// Held while that is changed.
    activity: tokio::sync::Mutex<()>,
    /// What is being stored, and is not among what is pending yet.
    in_flight: AtomicUsize,
}

/// Something is being stored of which no change tells yet. Others learn of it even if this process dies now.
#[derive(Debug)]
pub(crate) struct Recording(Option<Index>);

impl Drop for Recording {
    fn drop(&mut self) {
        if let Some(Index(inner)) = &self.0 {
            inner.recorder.in_flight.fetch_sub(1, Ordering::AcqRel);
        }
    }
}

impl Index {
    /// To be called before anything is stored or deleted, and kept until it was told here.
    pub(crate) async fn begin(&self) -> Recording {
        let recorder = &self.0.recorder;
        if !self.0.store.is_shared() {
            return Recording(None);
        }
        // In one order with `rest`, which looks at both the other way round.
        recorder.in_flight.fetch_add(1, Ordering::SeqCst);
        let recording = Recording(Some(self.clone()));
        if !recorder.is_active.load(Ordering::SeqCst) {
            let _turn = recorder.activity.lock().await;
            if !recorder.is_active.load(Ordering::SeqCst) {
                // Without the mark, only a death before the change is written goes unnoticed.
                let _ = self.0.store.changes.begin().await;
                recorder.is_active.store(true, Ordering::SeqCst);
                tokio::spawn(self.clone().write_while_active());
            }
        }
        recording
    }

    /// A batch of a replay was stored.
    pub(crate) async fn add_batch(&self, id: &ReplayId, name: BatchName, _recording: &Recording) {
        // As much as its name tells, and no more: all viewers on the store count the same.
        let Some((name, info)) = BatchInfo::parse(name.as_str()) else { return };
        self.record(|change| change.batches.push((id.device.clone(), id.session.clone(), name.clone())));
        let again;
        let lacks_facts = {
            let mut state = self.0.state.write();
            again = state.apply(Op::Batch(id.clone(), name, info));
            state.sessions.lacks_facts(id)
        };
        if let Some(id) = again {
            self.count_again(&id).await;
        }
        if lacks_facts {
            self.read_facts(vec![id.clone().into()]).await;
        }
        self.announce();
    }

    /// A refused request of a session was stored, under this name.
    pub(crate) async fn add_refused(&self, id: &ReplayId, name: &str, _recording: &Recording) {
        self.record(|change| change.refused.push((id.device.clone(), id.session.clone(), name.to_owned())));
        let again = self.0.state.write().apply(Op::Refused(id.clone(), name.to_owned()));
        self.announce();
        if let Some(id) = again {
            self.count_again(&id).await;
        }
    }

    /// A batch of a session turned out to be damaged. Whoever reads it finds out: other viewers are not told.
    pub(crate) fn note_damaged(&self, id: &ReplayId, name: &BatchName, why: &str) {
        // Most often it is known: no need to keep everybody from reading.
        if self.is_damaged(id, name) {
            return;
        }
        let _ = self.0.state.write().apply(Op::Damaged(id.clone(), name.clone(), why.to_owned()));
        self.announce();
    }

    /// Whether a batch was found to be damaged.
    pub(crate) fn is_damaged(&self, id: &ReplayId, name: &BatchName) -> bool {
        self.0.state.read().sessions.get(id).is_some_and(|entry| entry.totals.damage.contains(name))
    }

    /// A batch that was damaged was read whole: somebody brought its file back.
    pub(crate) fn note_whole(&self, id: &ReplayId, name: &BatchName) {
        let _ = self.0.state.write().apply(Op::Whole(id.clone(), name.clone()));
        self.announce();
    }

    /// A session has something that lists do not show.
    pub(crate) fn touch(&self, id: &ReplayId, _recording: &Recording) {
        self.record(|change| change.touched.push((id.device.clone(), id.session.clone())));
        self.note(id);
        self.announce();
    }

    /// All of a session was deleted here that had arrived up to this time. Tells the feeds and the other viewers. Whoever keeps a `begin()` over the
    /// deletion makes sure that they learn of it even if this process dies in between.
    pub(crate) async fn forget(&self, id: &ReplayId, until: ArrivalTime) {
        let _recording = self.begin().await;
        self.0.store.markers.forget(id);
        self.record(|change| {
            change.forgotten.push((id.device.clone(), id.session.clone(), until.to_string()))
        });
        let again = self.0.state.write().apply(Op::Forget(id.clone(), until));
        self.announce();
        if let Some(id) = again {
            self.count_again(&id).await;
        }
    }

    /// A session that is known looks different.
    pub(super) fn note(&self, id: &ReplayId) {
        let mut state = self.0.state.write();
        if state.sessions.get(id).is_some() {
            state.note(id.clone().into());
        }
    }

    fn record(&self, add: impl FnOnce(&mut Change)) {
        if self.0.store.is_shared() {
            add(&mut self.0.recorder.pending.lock());
        }
    }

    /// Writes what is pending as long as there is something, and then says that there is nothing.
    async fn write_while_active(self) {
        let (mut quiet, mut pauses) = (0, 0_u32);
        loop {
            tokio::time::sleep(WRITE_PAUSE).await;
            pauses = pauses.wrapping_add(1);
            let wrote = self.write_pending().await;
            quiet = if wrote { 0 } else { quiet + 1 };
            if pauses % RENEW_PAUSES == 0 {
                // Another viewer may have taken a long write for a death.
                let _ = self.0.store.changes.begin().await;
            }
            if wrote {
                self.write_snapshot_if_due();
            }
            if pauses % FOLLOW_PAUSES == 1 {
                // What it knows of others must not grow old: it goes into snapshots.
                self.catch_up().await;
            }
            if quiet >= QUIET_PAUSES && self.rest().await {
                return;
            }
        }
    }

    /// Says that all is written, unless it is not.
    async fn rest(&self) -> bool {
        let recorder = &self.0.recorder;
        let _turn = recorder.activity.lock().await;
        recorder.is_active.store(false, Ordering::SeqCst);
        let has_more = recorder.in_flight.load(Ordering::SeqCst) > 0 || !recorder.pending.lock().is_empty();
        if has_more || self.0.store.changes.end().await.is_err() {
            recorder.is_active.store(true, Ordering::SeqCst);
            return false;
        }
        true
    }

    /// Whether anything was written.
    async fn write_pending(&self) -> bool {
        // Nobody takes the mark away meanwhile.
        let _turn = self.0.recorder.activity.lock().await;
        let mut change = take(&mut *self.0.recorder.pending.lock());
        if change.is_empty() {
            return false;
        }
        while !change.is_empty() {
            let mut some = change.take_some();
            let at = self.0.store.arrival();
            if self.0.store.changes.write(at, &some).await.is_err() {
                // Written with what follows.
                some.append(change);
                let mut pending = self.0.recorder.pending.lock();
                some.append(take(&mut *pending));
                *pending = some;
                break;
            }
        }
        true
    }

    /// Writes what is left before the process ends.
    pub(crate) async fn close(&self) {
        if self.0.store.is_shared() {
            self.write_pending().await;
            if self.0.recorder.is_active.load(Ordering::Acquire) {
                self.rest().await;
            }
            self.write_snapshot().await;
        }
    }
}
