//! The order of what waits, and what is decided about it. Pure: it knows no lock, no clock, no file, and nothing of what waits but
//! an [`Item`].
//!
//! Ten thousand may wait, and host threads add to them: nothing here that is done for each event, item or wake-up looks at all
//! of them. They are sorted by their position, sessions have an index of theirs, and what is asked for often is counted as it
//! changes.
//!
//! - here: in which order items wait, which may be sent, which are leased
//! - [`resend`]: which are leased together once more, since a request for them had no answer
//! - [`finalization`]: new items, until it is known what is in them
//! - [`eviction`]: whole sessions that are evicted
//! - [`compaction`]: neighbours that are worth compacting

mod compaction;
mod eviction;
mod finalization;
mod resend;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::ops::Deref;
use std::sync::Arc;
use std::time::Instant;

use crate::model::ids::ReplayId;
use crate::model::in_flight::InFlight;
use crate::storage::Counts;

/// Where an item stands: what comes first is smaller. Those of this run count from 1, those of earlier runs down from 0.
pub(super) type Position = i64;

/// What may wait.
pub(crate) trait Item {
    /// Whose replay it belongs to.
    fn replay_id(&self) -> ReplayId;
    /// About how many bytes it holds.
    fn bytes(&self) -> usize;
    /// How much was recorded into it.
    fn counts(&self) -> Counts;
    /// How many events of it are still to be delivered.
    fn waiting(&self) -> u64;
    /// When it was sealed, in milliseconds since 1970.
    fn sealed_at_ms(&self) -> u64;
    /// Whether both may go in one request.
    fn shares_envelope(&self, other: &Self) -> bool;
    /// Whether the two go their own ways: the one is not held up by the other, nor parts its neighbours.
    fn is_of_another_kind(&self, other: &Self) -> bool;
    /// Whether both are of one session, however much of it was known.
    fn is_same_recording(&self, other: &Self) -> bool;
    /// Whether it could take less room.
    fn can_be_compacted(&self) -> bool;
    /// What of it was in a request that had no answer.
    fn in_flight(&self) -> Option<InFlight>;
}

/// An item that waits, or waited, at its position.
pub(crate) struct Queued<T> {
    position: Position,
    item: Arc<T>,
}

impl<T> Queued<T> {
    /// What waits.
    pub fn item(&self) -> &Arc<T> {
        &self.item
    }
}

impl<T> Clone for Queued<T> {
    fn clone(&self) -> Self {
        Self { position: self.position, item: self.item.clone() }
    }
}

impl<T> Deref for Queued<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.item
    }
}

/// See the module.
pub(super) struct Order<T> {
    /// Sorted by position.
    entries: VecDeque<Entry<T>>,
    /// The positions of each session's.
    sessions: HashMap<ReplayId, BTreeSet<Position>>,
    /// Those that are not finalized.
    unfinalized: BTreeMap<Position, Since<T>>,
    /// Those that were salvaged: events may still come late.
    salvaged: Vec<Since<T>>,
    /// Those that are to go and still here.
    evicted: BTreeSet<Position>,
    last: Position,
    /// Up to here they may be sent.
    released: Position,
    /// Before this, nothing is to be compacted.
    compact_from: Position,
    /// Recorded by this run, of what is finalized.
    recorded: Counts,
    /// Events still to be delivered, of what is finalized.
    events: u64,
    /// What earlier runs left behind is not here yet.
    awaits_recovery: bool,
    /// Some were forgotten: that they do not wait any more does not mean that they are drained.
    has_abandoned: bool,
}

struct Entry<T> {
    queued: Queued<T>,
    replay_id: ReplayId,
    /// What of it is in [`Order::events`].
    events: u64,
    is_leased: bool,
    is_finalized: bool,
    /// It is to go.
    is_evicted: bool,
    /// It is, since the host deleted it.
    is_deleted: bool,
}

/// An item, and since when it is in the list where this stands.
struct Since<T> {
    queued: Queued<T>,
    since: Instant,
}

impl<T> Default for Order<T> {
    fn default() -> Self {
        Self {
            entries: VecDeque::new(),
            sessions: HashMap::new(),
            unfinalized: BTreeMap::new(),
            salvaged: Vec::new(),
            evicted: BTreeSet::new(),
            last: 0,
            released: 0,
            compact_from: 0,
            recorded: Counts::default(),
            events: 0,
            awaits_recovery: false,
            has_abandoned: false,
        }
    }
}

impl<T: Item> Order<T> {
    /// Adds an item behind the others. It may be sent once it is finalized and released.
    pub fn push(&mut self, item: T, now: Instant) {
        self.last += 1;
        let entry = self.entry(self.last, item);
        self.unfinalized.insert(self.last, Since { queued: entry.queued.clone(), since: now });
        self.entries.push_back(entry);
    }

    /// [`Self::push_recovered`] is to come: nothing is drained before.
    pub fn await_recovery(&mut self) {
        self.awaits_recovery = true;
    }

    /// Whether it is still to come.
    pub fn awaits_recovery(&self) -> bool {
        self.awaits_recovery
    }

    /// Adds what earlier runs left behind, before everything else: finalized, and released from the start.
    pub fn push_recovered(&mut self, items: Vec<T>) {
        for item in items.into_iter().rev() {
            let position = self.entries.front().map_or(0, |first| first.queued.position.min(1) - 1);
            let mut entry = self.entry(position, item);
            entry.is_finalized = true;
            self.entries.push_front(entry);
            self.recount(0);
        }
        self.awaits_recovery = false;
    }

    /// Lets everything be sent that is here now. The last position of it.
    pub fn release(&mut self) -> Position {
        self.released = self.last;
        self.last
    }

    /// Bytes of what waits for its release.
    pub fn unreleased_bytes(&self) -> usize {
        let unreleased = self.entries.iter().rev().take_while(|entry| entry.queued.position > self.released);
        unreleased.map(|entry| entry.queued.bytes()).sum()
    }

    /// Events that wait, released or not.
    pub fn waiting_events(&self) -> u64 {
        self.events + self.unfinalized.values().map(|new| new.queued.waiting()).sum::<u64>()
    }

    /// Those of them that the host has not deleted: what is deleted while it is leased goes when that ends.
    pub fn undeleted_events(&self) -> u64 {
        let deleted = self.evicted.iter().filter_map(|position| {
            let entry = &self.entries[self.index_at(*position)?];
            let unfinalized = self.unfinalized.get(position).map_or(0, |new| new.queued.waiting());
            entry.is_deleted.then(|| entry.events + unfinalized)
        });
        self.waiting_events().saturating_sub(deleted.sum())
    }

    /// How many items wait.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Everything that waits.
    pub fn all(&self) -> Vec<Queued<T>> {
        self.entries.iter().map(|entry| entry.queued.clone()).collect()
    }

    /// The first item that may be sent and is of none of the sessions `waiting`.
    pub fn first_due(&self, waiting: &[ReplayId]) -> Option<Queued<T>> {
        let due = self.entries.iter().take_while(|entry| entry.is_due(self.released));
        due.filter(|entry| !entry.is_evicted)
            .find(|entry| !waiting.contains(&entry.replay_id))
            .map(|entry| entry.queued.clone())
    }

    /// Leases `first` and those of its kind behind it that go under the same envelope, up to about `limit` bytes, until [`Self::ack`].
    pub fn lease(&mut self, first: &Queued<T>, limit: usize) -> Vec<Queued<T>> {
        let released = self.released;
        let Some(start) = self.index_of(first) else {
            return Vec::new();
        };
        let mut bytes = 0;
        let mut leased = Vec::new();
        for entry in self.entries.range_mut(start..) {
            if entry.queued.is_of_another_kind(first) || entry.is_evicted {
                continue;
            }
            if !entry.is_due(released) || !entry.queued.shares_envelope(first) || bytes >= limit {
                break;
            }
            // What was in another request is in that one again.
            if !leased.is_empty() && entry.queued.in_flight().is_some() {
                break;
            }
            bytes += entry.queued.bytes();
            entry.is_leased = true;
            leased.push(entry.queued.clone());
        }
        leased
    }

    /// Ends the lease of what [`Self::lease`] gave: what is `done` goes, the rest waits again.
    pub fn ack(&mut self, leased: &[Queued<T>], done: &[Queued<T>]) {
        for queued in done {
            if let Some(at) = self.index_of(queued) {
                self.remove(at);
            }
        }
        for queued in leased {
            if let Some(at) = self.index_of(queued) {
                self.entries[at].is_leased = false;
                self.compact_from = self.compact_from.min(queued.position);
                self.recount(at);
            }
        }
    }

    /// Takes out the items that are wanted, as if they had never been here; none that is leased, or is to go.
    pub fn take_out(&mut self, is_wanted: impl Fn(&T) -> bool) -> Vec<Queued<T>> {
        let wanted = |entry: &&Entry<T>| !entry.is_leased && !entry.is_evicted && is_wanted(&entry.queued);
        let positions: Vec<_> =
            self.entries.iter().filter(wanted).map(|entry| entry.queued.position).collect();
        let mut taken = Vec::new();
        for position in positions {
            let Some(at) = self.index_at(position) else { continue };
            // What an earlier run recorded was never counted as this one's.
            if self.unfinalized.remove(&position).is_none() && position > 0 {
                self.recorded -= self.entries[at].queued.counts();
            }
            taken.extend(self.remove(at));
        }
        taken
    }

    /// Ends every lease: what was leased waits again.
    pub fn end_leases(&mut self) {
        self.entries.iter_mut().for_each(|entry| entry.is_leased = false);
        self.compact_from = Position::MIN;
    }

    /// When the last item that waits of this one's session was sealed, in milliseconds since 1970.
    pub fn last_seal_of(&self, item: &T) -> u64 {
        let positions = self.sessions.get(&item.replay_id()).into_iter().flatten();
        let same = positions.filter_map(|position| Some(&self.entries[self.index_at(*position)?].queued));
        let same = same.filter(|other| other.is_same_recording(item));
        same.map(|other| other.sealed_at_ms()).max().unwrap_or(0)
    }

    /// Whether nothing waits up to this position.
    pub fn is_past(&self, last: Position) -> bool {
        !self.awaits_recovery && self.entries.front().is_none_or(|first| first.queued.position > last)
    }

    /// Whether everything up to this position is drained, and nothing was forgotten.
    pub fn is_drained(&self, last: Position) -> bool {
        self.is_past(last) && !self.has_abandoned
    }

    /// Whether something was forgotten that had not been delivered.
    pub fn has_abandoned(&self) -> bool {
        self.has_abandoned
    }

    /// Forgets everything; gives what was here, for the caller to drop.
    pub fn clear(&mut self) -> Self {
        let emptied = Self {
            last: self.last,
            released: self.released,
            compact_from: self.compact_from,
            recorded: self.recorded,
            awaits_recovery: self.awaits_recovery,
            has_abandoned: self.has_abandoned || !self.entries.is_empty(),
            ..Self::default()
        };
        std::mem::replace(self, emptied)
    }

    fn entry(&mut self, position: Position, item: T) -> Entry<T> {
        let replay_id = item.replay_id();
        self.sessions.entry(replay_id.clone()).or_default().insert(position);
        let queued = Queued { position, item: Arc::new(item) };
        Entry {
            queued,
            replay_id,
            events: 0,
            is_leased: false,
            is_finalized: false,
            is_evicted: false,
            is_deleted: false,
        }
    }

    /// The index of the item with this position.
    fn index_at(&self, position: Position) -> Option<usize> {
        self.entries.binary_search_by_key(&position, |entry| entry.queued.position).ok()
    }

    /// The index of this item, if it is still here.
    fn index_of(&self, queued: &Queued<T>) -> Option<usize> {
        self.index_at(queued.position).filter(|at| Arc::ptr_eq(&self.entries[*at].queued.item, &queued.item))
    }

    /// Counts the events of a finalized item anew.
    fn recount(&mut self, at: usize) {
        let entry = &mut self.entries[at];
        let events = if entry.is_finalized { entry.queued.waiting() } else { 0 };
        self.events = self.events - entry.events + events;
        entry.events = events;
    }

    fn remove(&mut self, at: usize) -> Option<Queued<T>> {
        let entry = self.entries.remove(at)?;
        let position = entry.queued.position;
        self.events -= entry.events;
        self.evicted.remove(&position);
        if let Some(positions) = self.sessions.get_mut(&entry.replay_id) {
            positions.remove(&position);
            if positions.is_empty() {
                self.sessions.remove(&entry.replay_id);
            }
        }
        Some(entry.queued)
    }
}

impl<T> Entry<T> {
    fn is_due(&self, released: Position) -> bool {
        self.queued.position <= released && self.is_finalized
    }
}
