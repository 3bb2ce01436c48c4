//! The index: all sessions in memory, kept up as things arrive here, and by what other viewers on the same store write down.
//!
//! `state.rs` is the memory, `follow.rs` reads what others did, `record.rs` writes what was done here, `snapshot.rs` makes a start fast.
//! Nothing runs while nobody asks and nothing arrives.

mod damage;
mod facts;
mod follow;
mod key;
mod problems;
mod query;
mod record;
mod sessions;
mod snapshot;
mod state;
mod summary;
mod totals;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64};

use parking_lot::{Mutex, RwLock};
use serde::Serialize;
use tokio::sync::watch;

pub(crate) use query::Query;
pub(crate) use summary::Summary;
pub(crate) use totals::Totals;

use crate::arrival::ArrivalTime;
use crate::replay_id::ReplayId;
use crate::store::{BatchName, Store};
use follow::Follower;
use record::Recorder;
use sessions::Entry;
use state::State;

/// Sessions that are looked at in one go, while nothing can be taken in.
const LOOK_TOGETHER: usize = 1_000;

/// The index of one viewer. A copy is the same index.
#[derive(Debug, Clone)]
pub(crate) struct Index(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    store: Arc<Store>,
    state: RwLock<State>,
    /// The revision, for those who wait for the next.
    revisions: watch::Sender<u64>,
    follower: tokio::sync::Mutex<Follower>,
    recorder: Recorder,
    is_looking_through: AtomicBool,
    /// The revision that the last snapshot has, and when it was written, in microseconds since the epoch.
    snapshot_revision: AtomicU64,
    snapshot_written: AtomicU64,
    /// Processes that died before all was told, until the store was looked through.
    crashed: Mutex<Vec<String>>,
}

/// Which part of the sessions that meet a query.
#[derive(Debug, Clone)]
pub(crate) enum Page {
    /// From this one on.
    At(usize),
    /// The page that holds this session.
    Around(ReplayId),
}

/// A part of the sessions that meet a query.
#[derive(Debug, Serialize)]
pub(crate) struct Found {
    pub(crate) revision: u64,
    /// Whether the whole store has been read; if not, there may be more.
    pub(crate) complete: bool,
    /// How many meet the query.
    pub(crate) total: usize,
    /// Where this part begins.
    pub(crate) offset: usize,
    pub(crate) sessions: Vec<Summary>,
}

/// What has changed since a revision.
#[derive(Debug, Serialize)]
pub(crate) struct Update {
    pub(crate) revision: u64,
    pub(crate) complete: bool,
    /// All sessions.
    pub(crate) total: usize,
    pub(crate) changed: Vec<Summary>,
    /// `<device>/<session>` of each.
    pub(crate) removed: Vec<String>,
    /// What changed is not known: the list has to be asked for again.
    pub(crate) reset: bool,
}

impl Index {
    /// An index that knows nothing until it is loaded.
    pub(crate) fn new(store: Arc<Store>) -> Self {
        // Above the revisions of earlier processes, and small enough for JavaScript.
        let revision = ArrivalTime::now().micros();
        let mut state = State::new(revision);
        // Nobody else can have put anything into a temporary folder.
        if !store.is_shared() {
            state.complete = true;
            state.abandon_look_through();
        }
        Self(Arc::new(Inner {
            store,
            state: RwLock::new(state),
            revisions: watch::Sender::new(revision),
            follower: tokio::sync::Mutex::default(),
            recorder: Recorder::default(),
            is_looking_through: AtomicBool::new(false),
            snapshot_revision: AtomicU64::new(revision),
            snapshot_written: AtomicU64::new(0),
            crashed: Mutex::default(),
        }))
    }

    /// Whether the whole store has been read.
    pub(crate) fn is_complete(&self) -> bool {
        self.0.state.read().complete
    }

    /// Changes with every change of the list, or of a session in it.
    pub(crate) fn revisions(&self) -> watch::Receiver<u64> {
        self.0.revisions.subscribe()
    }

    pub(crate) fn get(&self, id: &ReplayId) -> Option<Summary> {
        self.0.state.read().sessions.get(id).map(|entry| entry.summary(id))
    }

    /// How many batches of a session are known, and the newest.
    pub(crate) fn batches_of(&self, id: &ReplayId) -> Option<(u64, Option<BatchName>)> {
        let state = self.0.state.read();
        state.sessions.get(id).map(|entry| (entry.totals.batches, entry.totals.last_batch.clone()))
    }

    /// The sessions that have batches, and when their first one arrived, in this order.
    pub(crate) fn captured(&self) -> Vec<(ReplayId, u64)> {
        let mut captured = self.look_at_each(|id, entry| {
            let arrived = entry.facts.as_ref().map_or(0, |facts| facts.arrived);
            let first = if arrived > 0 { arrived } else { entry.totals.first_arrival };
            (entry.totals.batches > 0).then(|| (id.clone(), first))
        });
        captured.sort_by_key(|(_, arrived)| *arrived);
        captured
    }

    /// Calls `take` with the id of each session, and whether it has batches.
    pub(crate) fn each_id(&self, mut take: impl FnMut(&ReplayId, bool)) {
        let state = self.0.state.read();
        state.sessions.newest_first().for_each(|(id, entry)| take(id, entry.totals.batches > 0));
    }

    /// All sessions, the one that heard something last first.
    pub(crate) fn all(&self) -> Vec<Summary> {
        self.look_at_each(|id, entry| Some(entry.summary(id)))
    }

    /// What `take` makes of each session, the one that heard something last first. What arrives waits for a few of them, not for all.
    fn look_at_each<T>(&self, take: impl Fn(&ReplayId, &Entry) -> Option<T>) -> Vec<T> {
        let ids: Vec<Arc<ReplayId>> = self.0.state.read().sessions.ids_newest_first().collect();
        let mut taken = Vec::new();
        for some in ids.chunks(LOOK_TOGETHER) {
            let state = self.0.state.read();
            let known = some.iter().filter_map(|id| Some((id, state.sessions.get(id)?)));
            taken.extend(known.filter_map(|(id, entry)| take(id, entry)));
        }
        taken
    }

    /// A page of those that meet the query, the one that heard something last first.
    pub(crate) fn search(&self, query: &Query, page: &Page, limit: usize) -> Found {
        let now = ArrivalTime::now().millis();
        let (total, offset, sessions) = if query.is_empty() {
            let state = self.0.state.read();
            let all = state.sessions.newest_first();
            let offset = match page {
                Page::At(offset) => *offset,
                Page::Around(wanted) => page_of(all.map(|(id, _)| id).position(|id| id == wanted), limit),
            };
            let page = state.sessions.newest_first().skip(offset).take(limit);
            (state.sessions.len(), offset, page.map(|(id, entry)| entry.summary(id)).collect())
        } else {
            let matching = self.look_at_each(|id, entry| entry.meets(query, id, now).then(|| id.clone()));
            let offset = match page {
                Page::At(offset) => *offset,
                Page::Around(wanted) => page_of(matching.iter().position(|id| id == wanted), limit),
            };
            let page = matching.iter().skip(offset).take(limit);
            let state = self.0.state.read();
            let known = page.filter_map(|id| Some(state.sessions.get(id)?.summary(id)));
            (matching.len(), offset, known.collect())
        };
        let state = self.0.state.read();
        Found { revision: state.revision, complete: state.complete, total, offset, sessions }
    }

    /// What changed after a revision; without one that is not known.
    pub(crate) fn since(&self, revision: Option<u64>) -> Update {
        let state = self.0.state.read();
        let mut update = Update {
            revision: state.revision,
            complete: state.complete,
            total: state.sessions.len(),
            changed: Vec::new(),
            removed: Vec::new(),
            reset: false,
        };
        match revision.and_then(|revision| state.changed_since(revision)) {
            None => update.reset = true,
            Some(ids) => ids.iter().for_each(|id| match state.sessions.get(id) {
                Some(entry) => update.changed.push(entry.summary(id)),
                None => update.removed.push(id.to_string()),
            }),
        }
        update
    }

    fn announce(&self) {
        let revision = self.0.state.read().revision;
        self.0.revisions.send_if_modified(|known| std::mem::replace(known, revision.max(*known)) != revision);
    }
}

/// Where the page begins that holds this place.
fn page_of(place: Option<usize>, limit: usize) -> usize {
    place.map_or(0, |place| place - place % limit.max(1))
}
