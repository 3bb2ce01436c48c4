//! Learns what other viewers did: from their changes while somebody asks, and rarely from a look through the whole store.
//!
//! The store is looked through at the start, after a process died before it told all that it stored, after so long without a look that
//! changes may have been deleted, and else once in a while: a viewer of an earlier version tells nothing.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use futures_util::{StreamExt, stream};

use super::Index;
use super::facts::Facts;
use super::sessions::Sessions;
use super::snapshot::{self, SnapshotWriter};
use super::state::{Op, State};
use crate::arrival::ArrivalTime;
use crate::replay_id::ReplayId;
use crate::store::{BatchInfo, Change, ChangesReader, StoreError};

/// Shortest time between two looks at the changes.
const MIN_PAUSE: Duration = Duration::from_millis(900);
/// How long whoever asks waits for such a look. What is known is answered then.
const MAX_WAIT: Duration = Duration::from_millis(500);
/// A process that said that it is busy and wrote nothing for so long has crashed.
const CRASHED_AFTER: Duration = Duration::from_secs(10);
/// Changes are kept for so long at least.
const KEEP_CHANGES: Duration = Duration::from_secs(600);
/// Without a look for so long, changes may have been missed.
const STALE_AFTER: Duration = Duration::from_secs(300);
/// Shortest time between two looks through the store that nothing calls for.
const MIN_LOOK_PAUSE: Duration = Duration::from_secs(600);
/// When a look through that failed is tried again.
const RETRY_PAUSE: Duration = Duration::from_secs(5);
/// Such looks take no more than this part of the time.
const LOOK_PART: u32 = 500;
/// How often a look through a store of which nothing is known shows what it has found so far.
const SHOW_PAUSE: Duration = Duration::from_secs(2);
/// Shortest time between two snapshots, in microseconds.
const SNAPSHOT_PAUSE: u64 = 300_000_000;
/// How often a session is counted of which more is told meanwhile.
const MAX_COUNTS: u32 = 5;
/// Markers read at once, and how many are taken in together.
const MAX_READS: usize = 16;
const READ_TOGETHER: usize = 500;
/// Sessions of a snapshot that are written in one go, while nothing can be taken in.
const WRITE_TOGETHER: usize = 1_000;

/// How far this viewer is in what others tell.
#[derive(Debug, Default)]
pub(super) struct Follower {
    reader: ChangesReader,
    /// When the changes were read last.
    read: Option<Instant>,
    /// Processes that say that they are busy and have written nothing since.
    suspects: HashMap<String, Instant>,
    /// When the store was looked through last, or might have been, and how long that took.
    looked_through: Option<Instant>,
    took: Duration,
}

impl Index {
    /// Reads the snapshot and what changed since, then what that leaves out. To be called once, at the start.
    pub(crate) async fn load(&self) {
        if !self.0.store.is_shared() {
            return;
        }
        let mut follower = self.0.follower.lock().await;
        let now = ArrivalTime::now();
        let bytes = self.0.store.index_file.read().await;
        let read = tokio::task::spawn_blocking(move || snapshot::read(bytes.as_deref()?));
        let snapshot = read.await.ok().flatten();
        let has_snapshot = snapshot.is_some();
        let at = match snapshot {
            Some((at, sessions)) => {
                // With what arrived here meanwhile.
                let (_, again) = self.0.state.write().end_look_through(sessions);
                self.count_all_again(again).await;
                at
            }
            None => now,
        };
        follower.reader = ChangesReader::from(at);
        // Changes since a snapshot are there until there is a newer one.
        let is_told_all = self.read_changes(&mut follower).await.is_ok() && follower.suspects.is_empty();
        follower.looked_through = Some(Instant::now());
        drop(follower);
        if has_snapshot && is_told_all {
            self.set_complete();
            self.0.snapshot_revision.store(self.0.state.read().revision, Ordering::Relaxed);
        } else {
            self.announce();
            self.look_through(!has_snapshot).await;
        }
    }

    /// Learns what others did since the last look, unless that was a moment ago.
    pub(crate) async fn catch_up(&self) {
        if !self.0.store.is_shared() {
            return;
        }
        if self.0.follower.try_lock().is_err() {
            // Somebody looks already; with a store that hangs, they would only grow more.
            let _ = tokio::time::timeout(MAX_WAIT, self.0.follower.lock()).await;
            return;
        }
        let index = self.clone();
        // A task of its own: whoever asks may go away in the middle of it.
        let look = tokio::spawn(async move {
            let mut follower = index.0.follower.lock().await;
            if follower.read.is_none_or(|read| read.elapsed() >= MIN_PAUSE) {
                let is_stale = follower.read.is_some_and(|read| read.elapsed() > STALE_AFTER);
                // The next look reads what this one could not.
                let _ = index.read_changes(&mut follower).await;
                index.look_through_if_due(&mut follower, is_stale);
            }
        });
        let _ = tokio::time::timeout(MAX_WAIT, look).await;
    }

    async fn read_changes(&self, follower: &mut Follower) -> Result<(), StoreError> {
        follower.read = Some(Instant::now());
        let news = self.0.store.changes.read(&mut follower.reader).await?;
        let is_anything_new = !news.changes.is_empty();
        for change in news.changes {
            self.apply(change).await;
        }
        if is_anything_new {
            self.announce();
            self.write_snapshot_if_due();
        }
        let now = Instant::now();
        follower.suspects.retain(|process, _| news.active.contains(process));
        for process in news.active {
            follower.suspects.entry(process).or_insert(now);
        }
        Ok(())
    }

    async fn apply(&self, change: Change) {
        let (mut again, mut lacking) = (Vec::new(), HashSet::new());
        {
            let mut state = self.0.state.write();
            let id = |device, session| ReplayId { device, session };
            for (device, session, name) in change.batches {
                // Whoever wrote it may have claimed anything.
                if let Some((name, info)) = BatchInfo::parse(name.as_str()) {
                    let id = id(device, session);
                    again.extend(state.apply(Op::Batch(id.clone(), name, info)));
                    if state.sessions.lacks_facts(&id) {
                        lacking.insert(Arc::new(id));
                    }
                }
            }
            for (device, session, name) in change.refused {
                again.extend(state.apply(Op::Refused(id(device, session), name)));
            }
            for (device, session, until) in change.forgotten {
                if let Some(until) = ArrivalTime::parse(&until) {
                    let id = id(device, session);
                    // Its next batch here makes a new marker.
                    self.0.store.markers.forget(&id);
                    again.extend(state.apply(Op::Forget(id, until)));
                }
            }
            for (device, session) in change.touched {
                let id = id(device, session);
                if state.sessions.get(&id).is_some() {
                    state.note(id.into());
                }
            }
        }
        self.count_all_again(again).await;
        self.read_facts(lacking.into_iter().collect()).await;
    }

    /// Counts each of these by what the store has of it.
    async fn count_all_again(&self, mut ids: Vec<ReplayId>) {
        ids.sort_unstable();
        ids.dedup();
        for id in ids {
            self.count_again(&id).await;
        }
    }

    /// Counts one session by what the store has of it.
    pub(crate) async fn count_again(&self, id: &ReplayId) {
        let keys = |state: &State| state.sessions.get(id).map(|entry| entry.keys.clone());
        for try_number in 1..=MAX_COUNTS {
            let before = keys(&self.0.state.read());
            let Ok(batches) = self.0.store.batches.list(id, None).await else { return };
            let Ok(refused) = self.0.store.refused.names(id).await else { return };
            let mut state = self.0.state.write();
            if keys(&state) != before && try_number < MAX_COUNTS {
                // What was told meanwhile may have come after the listing.
                continue;
            }
            let before = state.sessions.remove(id);
            for listed in batches {
                state.sessions.add(id, &listed.name, &listed.info);
            }
            if let Some((_, before)) = before {
                state.sessions.set_damage(id, before.totals.damage);
            }
            for name in refused {
                state.sessions.add_refused(id, &name);
            }
            state.note(id.clone().into());
            break;
        }
        let lacks_facts = self.0.state.read().sessions.lacks_facts(id);
        if lacks_facts {
            self.read_facts(vec![id.clone().into()]).await;
        }
        self.announce();
    }

    fn look_through_if_due(&self, follower: &mut Follower, is_stale: bool) {
        let crashed: Vec<String> = follower
            .suspects
            .iter()
            .filter(|(_, since)| since.elapsed() >= CRASHED_AFTER)
            .map(|(process, _)| process.clone())
            .collect();
        let pause = match self.is_complete() {
            true => MIN_LOOK_PAUSE.max(follower.took.saturating_mul(LOOK_PART)),
            // The store failed.
            false => RETRY_PAUSE,
        };
        let is_due = follower.looked_through.is_none_or(|at| at.elapsed() >= pause);
        if crashed.is_empty() && !is_stale && !is_due {
            return;
        }
        for process in &crashed {
            follower.suspects.remove(process);
        }
        self.0.crashed.lock().extend(crashed);
        follower.looked_through = Some(Instant::now());
        if is_stale {
            self.0.state.write().complete = false;
        }
        let index = self.clone();
        tokio::spawn(async move {
            let began = Instant::now();
            index.look_through(false).await;
            index.0.follower.lock().await.took = began.elapsed();
        });
    }

    /// Looks through the whole store, and takes what it holds in place of what was known. Where nothing is known yet, what is found is shown
    /// on the way.
    async fn look_through(&self, is_first: bool) {
        if self.0.is_looking_through.swap(true, Ordering::AcqRel) {
            return;
        }
        let crashed = std::mem::take(&mut *self.0.crashed.lock());
        let at = ArrivalTime::now();
        let found = if is_first { self.find_first().await } else { self.find_all().await };
        match found {
            Ok(is_different) => {
                let lacking = self.0.state.read().sessions.lacking_facts();
                self.read_facts(lacking).await;
                for process in crashed {
                    // Left over, it calls for another look.
                    let _ = self.0.store.changes.remove_mark(&process).await;
                }
                self.set_complete();
                if is_different {
                    self.write_snapshot_of(at).await;
                }
            }
            Err(_) => self.0.state.write().abandon_look_through(),
        }
        self.0.is_looking_through.store(false, Ordering::Release);
    }

    /// All that the store holds is known.
    fn set_complete(&self) {
        {
            let mut state = self.0.state.write();
            if !std::mem::replace(&mut state.complete, true) {
                state.note_all();
            }
        }
        self.announce();
    }

    /// Whether anything was different.
    async fn find_all(&self) -> Result<bool, StoreError> {
        let store = &self.0.store;
        self.0.state.write().begin_look_through();
        let mut found = Sessions::default();
        store.batches.each(|id, listed| drop(found.add(&id, &listed.name, &listed.info))).await?;
        store.refused.each(|id, name| drop(found.add_refused(&id, &name))).await?;
        let (is_different, again) = {
            let mut state = self.0.state.write();
            // Before their facts are read: they have another marker.
            state.begun_anew(&found).iter().for_each(|id| store.markers.forget(id));
            state.end_look_through(found)
        };
        self.count_all_again(again).await;
        self.announce();
        Ok(is_different)
    }

    /// The same where nothing is known.
    async fn find_first(&self) -> Result<bool, StoreError> {
        let store = &self.0.store;
        self.0.state.write().begin_look_through();
        let mut shown = Instant::now();
        store
            .batches
            .each(|id, listed| {
                let mut state = self.0.state.write();
                state.sessions.add(&id, &listed.name, &listed.info);
                if shown.elapsed() >= SHOW_PAUSE {
                    shown = Instant::now();
                    state.note_all();
                    drop(state);
                    self.announce();
                }
            })
            .await?;
        store.refused.each(|id, name| drop(self.0.state.write().sessions.add_refused(&id, &name))).await?;
        let (is_anything, again) = {
            let mut state = self.0.state.write();
            let again = state.forget_again();
            state.note_all();
            (state.sessions.len() > 0, again)
        };
        self.count_all_again(again).await;
        self.announce();
        Ok(is_anything)
    }

    /// Reads what the first batch of each said. One that can't be read is read with the next change.
    pub(super) async fn read_facts(&self, ids: Vec<Arc<ReplayId>>) {
        let is_few = ids.len() <= super::state::MAX_TOLD;
        let reads = stream::iter(ids).map(async |id| {
            let began_with = self.0.state.read().sessions.first_key(&id);
            let marker = self.0.store.marker_of(&id).await;
            (id, began_with, marker)
        });
        let mut together = reads.buffer_unordered(MAX_READS).ready_chunks(READ_TOGETHER);
        let mut shown = Instant::now();
        while let Some(chunk) = together.next().await {
            let mut state = self.0.state.write();
            for (id, began_with, marker) in chunk {
                let facts = match marker {
                    Ok(Some(marker)) => Facts::from(&*marker),
                    // Its process may have died before it made one.
                    Ok(None) => Facts::default(),
                    Err(_) => continue,
                };
                if let Some(id) = state.set_facts(&id, began_with, facts)
                    && is_few
                {
                    state.note(id);
                }
            }
            if !is_few && shown.elapsed() >= SHOW_PAUSE {
                shown = Instant::now();
                state.note_all();
                drop(state);
                self.announce();
            }
        }
        if !is_few {
            self.0.state.write().note_all();
            self.announce();
        }
    }

    /// Writes a snapshot in the background, if there is something new and the last one was a while ago.
    pub(super) fn write_snapshot_if_due(&self) {
        let now = ArrivalTime::now().micros();
        let written = self.0.snapshot_written.load(Ordering::Relaxed);
        if written == 0 {
            // The first one is due a while after the start.
            self.0.snapshot_written.store(now, Ordering::Relaxed);
        } else if now.saturating_sub(written) >= SNAPSHOT_PAUSE {
            let index = self.clone();
            tokio::spawn(async move { index.write_snapshot().await });
        }
    }

    /// Writes a snapshot if there is something new.
    pub(super) async fn write_snapshot(&self) {
        let is_new = self.0.snapshot_revision.load(Ordering::Relaxed) != self.0.state.read().revision;
        if !is_new || !self.is_complete() {
            return;
        }
        self.0.snapshot_written.store(ArrivalTime::now().micros(), Ordering::Relaxed);
        let mut follower = self.0.follower.lock().await;
        let at = ArrivalTime::now();
        // Without what others did before, those who read the snapshot would not look for it.
        let is_fresh = follower.read.is_some_and(|read| read.elapsed() < STALE_AFTER);
        if is_fresh && self.read_changes(&mut follower).await.is_ok() {
            drop(follower);
            self.write_snapshot_of(at).await;
        }
    }

    /// Writes a snapshot that has everything up to a time, and deletes the changes that nobody needs any more.
    async fn write_snapshot_of(&self, at: ArrivalTime) {
        self.0.snapshot_written.store(ArrivalTime::now().micros(), Ordering::Relaxed);
        let revision = self.0.state.read().revision;
        let index = self.clone();
        let encoded = tokio::task::spawn_blocking(move || index.encode(at)).await;
        let Ok(Ok(bytes)) = encoded else { return };
        if self.0.store.index_file.write(bytes).await.is_ok() {
            self.0.snapshot_revision.store(revision, Ordering::Relaxed);
            let _ = self.0.store.changes.delete_before(at.minus(KEEP_CHANGES)).await;
        }
    }

    fn encode(&self, at: ArrivalTime) -> std::io::Result<Vec<u8>> {
        let ids = self.0.state.read().sessions.ids();
        let mut entries = 0;
        let mut lines = Vec::new();
        for some in ids.chunks(WRITE_TOGETHER) {
            let state = self.0.state.read();
            for id in some {
                if let Some(entry) = state.sessions.get(id) {
                    entries += 1;
                    lines.push((Arc::clone(id), entry.clone()));
                }
            }
        }
        let mut writer = SnapshotWriter::new(at, entries)?;
        for (id, entry) in &lines {
            writer.add(id, entry)?;
        }
        writer.finish()
    }
}
