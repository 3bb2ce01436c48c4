//! The sealed chunks that wait to be delivered, in order, and who waits for them.
//!
//! Ten thousand may wait, and host threads add to them: nothing here that is done for each event, sealed chunk or wake-up looks
//! at all of them. They are sorted by their position, sessions have an index of theirs, and what is asked for often is
//! counted as it changes.

#[cfg(test)]
mod tests;
mod upkeep;

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::model::ids::{ReplayId, unix_millis};
use crate::storage::{Counts, Position, SealedChunk};
use crate::sync::{Condvar, Mutex};

/// See the module. Its lock is never held across a system call or a wait for one.
#[derive(Default)]
pub(crate) struct Queue {
    queue: Mutex<Order>,
    /// Signalled when there may be something to send.
    work: Condvar,
    /// Signalled when something is drained.
    drained: Condvar,
}

#[derive(Default)]
struct Order {
    /// Sorted by position.
    waiting: VecDeque<Entry>,
    /// The positions of each session's, by its replay id.
    sessions: HashMap<ReplayId, BTreeSet<Position>>,
    /// Those that are not finalized.
    unfinalized: BTreeMap<Position, Unfinalized>,
    /// Those in which an append did not end in time: it may still.
    stalled: Vec<Unfinalized>,
    /// Those that are given up and still here.
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
    /// Something happened that the sender should look at.
    woken: bool,
    /// Somebody waits for everything to be sent.
    flush_requested: bool,
    /// What earlier runs left behind is not here yet.
    awaits_recovery: bool,
    /// Nothing is worth waiting for any more.
    closed: bool,
    /// Some were forgotten: that they do not wait any more does not mean that they are drained.
    abandoned: bool,
}

struct Unfinalized {
    sealed: Arc<SealedChunk>,
    since: Instant,
}

struct Entry {
    position: Position,
    sealed: Arc<SealedChunk>,
    replay_id: ReplayId,
    /// What of it is in [`Order::events`].
    events: u64,
    leased: bool,
    finalized: bool,
    evicted: bool,
}

impl Queue {
    /// Adds a sealed chunk behind the others. It may be sent once it is released.
    pub fn push(&self, sealed: SealedChunk) {
        let mut queue = self.queue.lock();
        queue.last += 1;
        let position = queue.last;
        let sealed = Arc::new(sealed);
        queue.unfinalized.insert(position, Unfinalized { sealed: sealed.clone(), since: Instant::now() });
        let entry = queue.entry(position, sealed);
        queue.waiting.push_back(entry);
    }

    /// Whoever waits for everything to be sent waits for [`Self::push_recovered`] first.
    pub fn await_recovery(&self) {
        self.queue.lock().awaits_recovery = true;
    }

    /// Whether what earlier runs left behind is still being read.
    pub fn awaits_recovery(&self) -> bool {
        self.queue.lock().awaits_recovery
    }

    /// Adds what earlier runs left behind, before everything else. From now on it counts against the storage limit, and
    /// not sooner: it can be given up only here.
    pub fn push_recovered(&self, sealed: Vec<SealedChunk>) {
        let mut queue = self.queue.lock();
        for sealed in sealed.into_iter().rev() {
            sealed.count();
            // Released from the start, and in no need of tidying.
            let position = queue.waiting.front().map_or(0, |first| first.position.min(1) - 1);
            let mut entry = queue.entry(position, Arc::new(sealed));
            entry.finalized = true;
            queue.waiting.push_front(entry);
            queue.recount(0);
        }
        queue.awaits_recovery = false;
        queue.woken = true;
        drop(queue);
        self.work.notify_all();
        self.drained.notify_all();
    }

    /// Lets everything be sent that is here now.
    pub fn release(&self) {
        let mut queue = self.queue.lock();
        queue.released = queue.last;
        queue.woken = true;
        drop(queue);
        self.work.notify_all();
    }

    /// Wakes the sender without giving it more.
    pub fn wake(&self) {
        self.queue.lock().woken = true;
        self.work.notify_all();
    }

    /// Bytes of events that wait for their release.
    pub fn unreleased_bytes(&self) -> usize {
        let queue = self.queue.lock();
        let unreleased = queue.waiting.iter().rev().take_while(|entry| entry.position > queue.released);
        unreleased.map(|entry| entry.sealed.bytes()).sum()
    }

    /// Events that wait, released or not.
    pub fn waiting_events(&self) -> u64 {
        let queue = self.queue.lock();
        queue.events + queue.unfinalized.values().map(|new| new.sealed.waiting()).sum::<u64>()
    }

    /// How many sealed chunks wait.
    pub fn len(&self) -> usize {
        self.queue.lock().waiting.len()
    }

    /// Everything that waits.
    pub fn all(&self) -> Vec<Arc<SealedChunk>> {
        self.queue.lock().waiting.iter().map(|entry| entry.sealed.clone()).collect()
    }

    /// Gives back the room that newly sealed chunks do not need and counts what is in them; only then they
    /// may be sent. While a thread is still writing its event into one of them: how soon to look again. One that does not
    /// end within `patience` is waited for no longer: its thread died, and must not hold up the others.
    pub fn finalize(&self, patience: Duration) -> Option<Duration> {
        let new: Vec<_> = {
            let queue = self.queue.lock();
            queue
                .unfinalized
                .iter()
                .map(|(position, new)| (*position, new.sealed.clone(), new.since.elapsed()))
                .collect()
        };
        let mut again: Option<Duration> = None;
        for (position, sealed, unsettled) in new {
            if !sealed.is_settled() {
                let is_over = unsettled >= patience;
                // What can't be read now is tried for as long again, some times.
                if !is_over || !sealed.rescue(unsettled >= patience.saturating_mul(6)) {
                    let soon = look_again_after(unsettled);
                    again = Some(again.map_or(soon, |again| again.min(soon)));
                    continue;
                }
                let late = Unfinalized { sealed: sealed.clone(), since: Instant::now() };
                self.queue.lock().stalled.push(late);
            }
            sealed.trim();
            let tally = sealed.tally();
            let mut queue = self.queue.lock();
            // Another thread may have been here at the same time.
            if queue.unfinalized.remove(&position).is_none() {
                continue;
            }
            queue.recorded += tally;
            let is_empty = tally.events == 0;
            if let Some(at) = queue.index_at(position) {
                queue.waiting[at].finalized = true;
                queue.recount(at);
                if is_empty {
                    queue.remove(at);
                }
            }
            let is_released = position <= queue.released;
            queue.woken |= is_released;
            drop(queue);
            if is_released {
                self.work.notify_all();
            }
            if is_empty {
                self.drained.notify_all();
                // A chunk that nothing was recorded into is nothing to wait with.
                sealed.remove();
            }
        }
        again
    }

    /// Those in which an append did not end in time, and had not by the last look.
    pub fn stalled(&self) -> Vec<Arc<SealedChunk>> {
        self.queue.lock().stalled.iter().map(|late| late.sealed.clone()).collect()
    }

    /// How soon to look again whether it has: less and less often.
    pub fn next_late_check(&self) -> Option<Duration> {
        let queue = self.queue.lock();
        queue.stalled.iter().map(|late| look_for_late_after(late.since.elapsed())).min()
    }

    /// Forgets those of them in which every append has ended by now.
    pub fn forget_complete(&self) {
        // Both the look and the end of what is forgotten come outside of the lock: they take longer.
        let is_complete = |sealed: &Arc<SealedChunk>| sealed.chunk().is_none_or(|chunk| chunk.is_complete());
        let complete: Vec<_> = self.stalled().into_iter().filter(is_complete).collect();
        if !complete.is_empty() {
            let is_open = |late: &Unfinalized| !complete.iter().any(|it| Arc::ptr_eq(it, &late.sealed));
            self.queue.lock().stalled.retain(is_open);
        }
    }

    /// What was recorded by this run, up to the last seal.
    pub fn recorded(&self) -> Counts {
        let queue = self.queue.lock();
        let mut recorded = queue.recorded;
        queue.unfinalized.values().for_each(|new| recorded += new.sealed.tally());
        recorded
    }

    /// The first sealed chunk that may be sent and is of none of the sessions `held` back.
    pub fn first_due(&self, held: &[ReplayId]) -> Option<Arc<SealedChunk>> {
        let queue = self.queue.lock();
        let due = queue.waiting.iter().take_while(|entry| entry.is_due(queue.released));
        due.filter(|entry| !entry.evicted)
            .find(|entry| !held.contains(&entry.replay_id))
            .map(|entry| entry.sealed.clone())
    }

    /// Takes `first` and those behind it that go under the same envelope, up to about `limit` bytes. They are
    /// in flight until [`Self::ack`].
    pub fn lease(&self, first: &Arc<SealedChunk>, limit: usize) -> Vec<Arc<SealedChunk>> {
        let mut queue = self.queue.lock();
        let released = queue.released;
        let Some(start) = queue.index_of(first) else {
            return Vec::new();
        };
        let mut bytes = 0;
        let mut taken = Vec::new();
        for entry in queue.waiting.range_mut(start..) {
            if !entry.is_due(released) || !entry.sealed.shares_envelope(first) || bytes >= limit {
                break;
            }
            bytes += entry.sealed.bytes();
            entry.leased = true;
            taken.push(entry.sealed.clone());
        }
        taken
    }

    /// Ends the flight of what [`Self::lease`] gave: what is `done` leaves the queue, the rest waits again.
    pub fn ack(&self, taken: &[Arc<SealedChunk>], done: &[Arc<SealedChunk>]) {
        let mut queue = self.queue.lock();
        for sealed in done {
            if let Some(at) = queue.index_of(sealed) {
                queue.remove(at);
            }
        }
        for sealed in taken {
            if let Some(at) = queue.index_of(sealed) {
                queue.waiting[at].leased = false;
                queue.compact_from = queue.compact_from.min(sealed.position());
                queue.recount(at);
            }
        }
        drop(queue);
        self.drained.notify_all();
    }

    /// Ends every flight: what flew waits again.
    pub fn release_leases(&self) {
        let mut queue = self.queue.lock();
        queue.waiting.iter_mut().for_each(|entry| entry.leased = false);
        queue.compact_from = Position::MIN;
    }

    /// When the last chunk that waits of this sealed chunk's session was sealed, in milliseconds since 1970.
    pub fn last_seal_of(&self, sealed: &SealedChunk) -> u64 {
        let queue = self.queue.lock();
        let replay_id = sealed.envelope().replay_id();
        let positions = queue.sessions.get(&replay_id).into_iter().flatten();
        let same = positions.filter_map(|position| Some(&queue.waiting[queue.index_at(*position)?].sealed));
        let same = same.filter(|other| other.envelope().is_same_recording(sealed.envelope()));
        same.map(|other| unix_millis(other.sealed_at())).max().unwrap_or(0)
    }

    /// Whether somebody asked since the last call that no pause be kept.
    pub fn take_flush_request(&self) -> bool {
        std::mem::take(&mut self.queue.lock().flush_requested)
    }

    /// Gives up the oldest session but `current`, whole. [`Self::take_evicted`] takes it out. Gives its id.
    pub fn evict_session(&self, current: Option<&ReplayId>) -> Option<ReplayId> {
        let mut queue = self.queue.lock();
        let may_go = |entry: &&Entry| !entry.evicted && Some(&entry.replay_id) != current;
        let id = queue.waiting.iter().find(may_go)?.replay_id.clone();
        for position in queue.sessions.get(&id).cloned().into_iter().flatten() {
            queue.evicted.insert(position);
            if let Some(at) = queue.index_at(position) {
                queue.waiting[at].evicted = true;
            }
        }
        Some(id)
    }

    /// Takes out what was given up, except for what is being sent or written right now: that follows.
    pub fn take_evicted(&self) -> Vec<Arc<SealedChunk>> {
        let mut queue = self.queue.lock();
        let mut taken = Vec::new();
        let evicted: Vec<Position> = queue.evicted.iter().copied().collect();
        for position in evicted {
            let Some(at) = queue.index_at(position) else { continue };
            if queue.waiting[at].finalized && !queue.waiting[at].leased {
                taken.extend(queue.remove(at));
            }
        }
        drop(queue);
        if !taken.is_empty() {
            self.drained.notify_all();
        }
        taken
    }

    /// The first neighbours of one envelope that can be compacted together, of at least and at most so many bytes.
    pub fn compactable(&self, least: usize, most: usize) -> Option<Vec<Arc<SealedChunk>>> {
        let mut queue = self.queue.lock();
        let start = queue.waiting.partition_point(|entry| entry.position < queue.compact_from);
        let mut group: Vec<Arc<SealedChunk>> = Vec::new();
        let (mut bytes, mut not_yet) = (0, None);
        for entry in queue.waiting.range(start..) {
            let sealed = &entry.sealed;
            let is_ready = entry.finalized && !entry.leased;
            if !is_ready && not_yet.is_none() {
                not_yet = group.first().map(|first| first.position()).or(Some(entry.position));
            }
            let fits = is_ready && !entry.evicted && sealed.can_be_compacted();
            let joins = group.last().is_none_or(|last| last.shares_envelope(sealed));
            if !fits || !joins || bytes + sealed.bytes() > most {
                if bytes >= least {
                    break;
                }
                group.clear();
                bytes = 0;
            }
            if fits {
                bytes += sealed.bytes();
                group.push(sealed.clone());
            }
        }
        // What was passed closed is never compacted, but for what is not ready yet; those at the end wait for more.
        let open = not_yet.or(group.first().map(|first| first.position()));
        queue.compact_from = open.unwrap_or(queue.last + 1);
        (bytes >= least).then_some(group)
    }

    /// Puts `compacted` in the position of `sealed chunks`. `false` when they are not all there any more.
    pub fn replace(&self, sealed: &[Arc<SealedChunk>], compacted: &Arc<SealedChunk>) -> bool {
        let mut queue = self.queue.lock();
        let Some(start) = sealed.first().and_then(|first| queue.index_of(first)) else {
            return false;
        };
        let mut there = queue.waiting.range(start..).zip(sealed);
        let usable = |(entry, sealed): (&Entry, &Arc<SealedChunk>)| {
            Arc::ptr_eq(&entry.sealed, sealed) && !entry.leased && !entry.evicted
        };
        if queue.waiting.len() - start < sealed.len() || !there.all(usable) {
            return false;
        }
        for sealed in &sealed[1..] {
            if let Some(at) = queue.index_of(sealed) {
                queue.remove(at);
            }
        }
        compacted.set_position(sealed[0].position());
        queue.waiting[start].sealed = compacted.clone();
        queue.recount(start);
        true
    }

    /// Forgets everything. What is on disk stays there.
    pub fn clear(&self) {
        self.stop_waiting();
        let mut queue = self.queue.lock();
        queue.abandoned |= !queue.waiting.is_empty();
        queue.sessions.clear();
        queue.evicted.clear();
        queue.events = 0;
        let all = (std::mem::take(&mut queue.waiting), std::mem::take(&mut queue.unfinalized));
        let late = std::mem::take(&mut queue.stalled);
        drop(queue);
        drop(late);
        // Outside the lock: it may cost system calls.
        drop(all);
    }

    /// Whether something was forgotten that had not been delivered.
    pub fn has_abandoned(&self) -> bool {
        self.queue.lock().abandoned
    }

    /// Lets nobody wait any longer for anything to be drained: it won't be.
    pub fn stop_waiting(&self) {
        self.queue.lock().closed = true;
        self.drained.notify_all();
    }

    /// Waits for something to send, at most until `deadline`.
    pub fn wait_for_work(&self, deadline: Option<Instant>) {
        let mut queue = self.queue.lock();
        let mut is_over = false;
        while !queue.woken && !is_over {
            (queue, is_over) = self.work.wait_until(queue, deadline);
        }
        queue.woken = false;
    }

    /// Releases everything that is here now, and lets the sender make haste. Gives the last position of it.
    pub fn request_flush(&self) -> i64 {
        let mut queue = self.queue.lock();
        queue.released = queue.last;
        queue.woken = true;
        queue.flush_requested = true;
        let last = queue.last;
        drop(queue);
        self.work.notify_all();
        last
    }

    /// Whether everything up to this position is drained, and nothing was forgotten.
    pub fn is_drained(&self, last: i64) -> bool {
        let queue = self.queue.lock();
        queue.is_drained(last) && !queue.abandoned
    }

    /// Releases everything that is here now and waits until it is drained. `false` when `deadline`, or the end of all
    /// waiting, came first.
    pub fn wait_until_drained(&self, deadline: Instant) -> bool {
        let last = self.request_flush();
        let mut queue = self.queue.lock();
        let mut is_over = false;
        while !queue.closed && !queue.is_drained(last) && !is_over {
            (queue, is_over) = self.drained.wait_until(queue, Some(deadline));
        }
        queue.is_drained(last) && !queue.abandoned
    }
}

/// An append takes less than a microsecond, or its thread was interrupted, or died: the longer it takes the less often it is
/// worth looking.
fn look_again_after(unsettled: Duration) -> Duration {
    (unsettled / 4).clamp(Duration::from_millis(1), Duration::from_secs(1))
}

/// The same of one that is waited for no longer.
fn look_for_late_after(waited: Duration) -> Duration {
    (waited / 4).clamp(Duration::from_secs(1), Duration::from_secs(60))
}

impl Order {
    fn is_drained(&self, last: Position) -> bool {
        !self.awaits_recovery && self.waiting.front().is_none_or(|first| first.position > last)
    }

    fn entry(&mut self, position: Position, sealed: Arc<SealedChunk>) -> Entry {
        let replay_id = sealed.envelope().replay_id();
        self.sessions.entry(replay_id.clone()).or_default().insert(position);
        sealed.set_position(position);
        Entry { position, sealed, replay_id, events: 0, leased: false, finalized: false, evicted: false }
    }

    /// The index of the sealed chunk with this position.
    fn index_at(&self, position: Position) -> Option<usize> {
        self.waiting.binary_search_by_key(&position, |entry| entry.position).ok()
    }

    /// The index of this sealed chunk, if it is still here.
    fn index_of(&self, sealed: &Arc<SealedChunk>) -> Option<usize> {
        self.index_at(sealed.position()).filter(|at| Arc::ptr_eq(&self.waiting[*at].sealed, sealed))
    }

    /// Counts the events of a finalized sealed chunk anew.
    fn recount(&mut self, at: usize) {
        let entry = &mut self.waiting[at];
        let events = if entry.finalized { entry.sealed.waiting() } else { 0 };
        self.events = self.events - entry.events + events;
        entry.events = events;
    }

    fn remove(&mut self, at: usize) -> Option<Arc<SealedChunk>> {
        let entry = self.waiting.remove(at)?;
        self.events -= entry.events;
        self.evicted.remove(&entry.position);
        if let Some(positions) = self.sessions.get_mut(&entry.replay_id) {
            positions.remove(&entry.position);
            if positions.is_empty() {
                self.sessions.remove(&entry.replay_id);
            }
        }
        Some(entry.sealed)
    }
}

impl Entry {
    fn is_due(&self, released: Position) -> bool {
        self.position <= released && self.finalized
    }
}

#[cfg(test)]
mod pace_tests {
    use super::*;

    #[test]
    fn an_append_that_does_not_end_is_looked_at_less_and_less_often() {
        for (unsettled_ms, again_ms) in [(0, 1), (3, 1), (400, 100), (4_000, 1_000), (4_000_000, 1_000)] {
            let again = look_again_after(Duration::from_millis(unsettled_ms));
            assert_eq!(again, Duration::from_millis(again_ms), "{unsettled_ms}");
        }
        for (waited, again) in [(0, 1), (40, 10), (4_000, 60)] {
            assert_eq!(look_for_late_after(Duration::from_secs(waited)), Duration::from_secs(again));
        }
    }
}
