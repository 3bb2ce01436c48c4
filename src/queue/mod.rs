//! The sealed chunks that wait to be delivered, and who waits for them.
//!
//! - here: the lock, and waiting
//! - [`order`]: what is decided
//! - [`pace`]: how soon to look again at appends that do not end
//! - [`upkeep`]: what is done with chunks while they wait

mod order;
mod pace;
#[cfg(test)]
mod tests;
mod upkeep;

use std::time::{Duration, Instant};

use crate::model::ids::{ReplayId, unix_millis};
use crate::model::in_flight::InFlight;
use crate::storage::{Counts, SealedChunk};
use crate::sync::{Condvar, Mutex, MutexGuard};
use order::{Item, Order, Queued};
use pace::{Patience, look_again_after, look_for_late_events_after};

/// A sealed chunk that waits, or waited, in the queue.
pub(crate) type QueuedChunk = Queued<SealedChunk>;

/// See the module. Its lock is never held across a system call or a wait for one.
#[derive(Default)]
pub(crate) struct Queue {
    state: Mutex<QueueState>,
    /// Signalled when there may be something to send.
    work: Condvar,
    /// Signalled when something is drained.
    drained: Condvar,
    /// Held while events that wait are written anew.
    upkeep: Mutex<()>,
}

#[derive(Default)]
struct QueueState {
    order: Order<SealedChunk>,
    /// Something happened that the sender should look at.
    woken: bool,
    /// Somebody waits for everything to be sent.
    flush_requested: bool,
    /// Up to where somebody waits for everything to be drained; of several, the first.
    awaited: Option<i64>,
    /// Nothing is worth waiting for any more.
    closed: bool,
}

impl QueueState {
    /// Whether somebody waits no longer, who is woken once: each request of many would wake the host's thread otherwise. Who has to wait on
    /// says so again.
    fn take_awaited(&mut self) -> bool {
        self.awaited.take_if(|last| self.order.is_past(*last)).is_some()
    }
}

impl Item for SealedChunk {
    fn replay_id(&self) -> ReplayId {
        self.envelope().replay_id()
    }

    fn bytes(&self) -> usize {
        self.bytes()
    }

    fn counts(&self) -> Counts {
        self.counts()
    }

    fn waiting(&self) -> u64 {
        self.waiting()
    }

    fn sealed_at_ms(&self) -> u64 {
        unix_millis(self.sealed_at())
    }

    fn shares_envelope(&self, other: &Self) -> bool {
        self.shares_envelope(other)
    }

    fn is_of_another_kind(&self, other: &Self) -> bool {
        self.envelope().kind != other.envelope().kind
    }

    fn is_same_recording(&self, other: &Self) -> bool {
        self.envelope().is_same_recording(other.envelope())
    }

    fn can_be_compacted(&self) -> bool {
        self.can_be_compacted()
    }

    fn in_flight(&self) -> Option<InFlight> {
        self.in_flight()
    }
}

impl Queue {
    /// Adds a sealed chunk behind the others. It may be sent once it is finalized and released.
    pub fn push(&self, sealed: SealedChunk) {
        self.state.lock().order.push(sealed, Instant::now());
    }

    /// Whoever waits for everything to be sent waits for [`Self::push_recovered`] first.
    pub fn await_recovery(&self) {
        self.state.lock().order.await_recovery();
    }

    /// Whether what earlier runs left behind is still being read.
    pub fn awaits_recovery(&self) -> bool {
        self.state.lock().order.awaits_recovery()
    }

    /// Adds what earlier runs left behind, before everything else. From now on it counts against the storage limit, and
    /// not sooner: it can be evicted only here.
    pub fn push_recovered(&self, sealed: Vec<SealedChunk>) {
        let mut state = self.state.lock();
        sealed.iter().for_each(SealedChunk::count);
        state.order.push_recovered(sealed);
        state.woken = true;
        drop(state);
        self.work.notify_all();
        self.drained.notify_all();
    }

    /// Lets everything be sent that is here now.
    pub fn release(&self) {
        let mut state = self.state.lock();
        state.order.release();
        state.woken = true;
        drop(state);
        self.work.notify_all();
    }

    /// Finalizes what can be, and lets everything be sent that is here now.
    pub fn finalize_and_release(&self, patience: Duration) {
        self.finalize(patience);
        self.release();
    }

    /// Wakes the sender without giving it more.
    pub fn wake(&self) {
        self.state.lock().woken = true;
        self.work.notify_all();
    }

    /// Bytes of events that wait for their release.
    pub fn unreleased_bytes(&self) -> usize {
        self.state.lock().order.unreleased_bytes()
    }

    /// Events that wait, released or not.
    pub fn waiting_events(&self) -> u64 {
        self.state.lock().order.waiting_events()
    }

    /// Those of them that the host has not deleted.
    pub fn undeleted_events(&self) -> u64 {
        self.state.lock().order.undeleted_events()
    }

    /// How many sealed chunks wait.
    pub fn len(&self) -> usize {
        self.state.lock().order.len()
    }

    /// Everything that waits.
    pub fn all(&self) -> Vec<QueuedChunk> {
        self.state.lock().order.all()
    }

    /// Finalizes newly sealed chunks: gives back the room that they do not need and counts what is in them; only then they
    /// may be sent. While a thread is still writing its event into one of them: how soon to look again. A chunk in which one does
    /// not end within `patience` is salvaged.
    pub fn finalize(&self, patience: Duration) -> Option<Duration> {
        let new = self.state.lock().order.unfinalized(Instant::now());
        let again = |(sealed, unfinished): (QueuedChunk, Duration)| {
            let wait = self.wait_or_salvage(&sealed, unfinished, patience);
            if wait.is_none() {
                self.finalize_chunk(&sealed);
            }
            wait
        };
        new.into_iter().filter_map(again).min()
    }

    /// How soon to look again; `None` where it can be finalized now.
    fn wait_or_salvage(
        &self,
        sealed: &QueuedChunk,
        unfinished: Duration,
        patience: Duration,
    ) -> Option<Duration> {
        if sealed.can_be_finalized() {
            return None;
        }
        match Patience::after(unfinished, patience) {
            Patience::Wait(again) => return Some(again),
            Patience::Salvage { for_good } if !sealed.salvage(for_good) => {
                return Some(look_again_after(unfinished));
            }
            Patience::Salvage { .. } => {}
        }
        self.state.lock().order.add_salvaged(sealed, Instant::now());
        None
    }

    fn finalize_chunk(&self, sealed: &QueuedChunk) {
        sealed.trim();
        let counts = sealed.counts();
        let mut state = self.state.lock();
        // Another thread may have been here at the same time.
        let Some(finalized) = state.order.finalize(sealed, counts) else {
            return;
        };
        state.woken |= finalized.is_released;
        drop(state);
        if finalized.is_released {
            self.work.notify_all();
        }
        if finalized.is_empty {
            self.drained.notify_all();
            // A chunk that nothing was recorded into is nothing to wait with.
            sealed.remove();
        }
    }

    /// How soon to look again for late events of chunks that were salvaged: less and less often.
    pub fn next_late_check(&self) -> Option<Duration> {
        self.state.lock().order.since_salvaged(Instant::now()).map(look_for_late_events_after).min()
    }

    /// What was recorded by this run, up to the last seal.
    pub fn recorded(&self) -> Counts {
        self.state.lock().order.recorded()
    }

    /// The first sealed chunk that may be sent and is of none of the sessions `waiting`.
    pub fn first_due(&self, waiting: &[ReplayId]) -> Option<QueuedChunk> {
        self.state.lock().order.first_due(waiting)
    }

    /// Leases `first` and those of its kind behind it that go under the same envelope, up to about `limit` bytes, until [`Self::ack`].
    pub fn lease(&self, first: &QueuedChunk, limit: usize) -> Vec<QueuedChunk> {
        self.state.lock().order.lease(first, limit)
    }

    /// Leases what was in the request that `first` was in, if that had no answer; or what is left of it, if it was refused.
    pub fn lease_again(&self, first: &QueuedChunk) -> Option<Vec<QueuedChunk>> {
        self.state.lock().order.lease_again(first)
    }

    /// Ends the lease of what [`Self::lease`] gave: what is `done` leaves the queue, the rest waits again.
    pub fn ack(&self, leased: &[QueuedChunk], done: &[QueuedChunk]) {
        let mut state = self.state.lock();
        state.order.ack(leased, done);
        let is_over = state.take_awaited();
        drop(state);
        if is_over {
            self.drained.notify_all();
        }
    }

    /// Ends every lease: what was leased waits again.
    pub fn end_leases(&self) {
        self.state.lock().order.end_leases();
    }

    /// When the last chunk that waits of this sealed chunk's session was sealed, in milliseconds since 1970.
    pub fn last_seal_of(&self, sealed: &SealedChunk) -> u64 {
        self.state.lock().order.last_seal_of(sealed)
    }

    /// Whether somebody asked since the last call that no pause be kept.
    pub fn take_flush_request(&self) -> bool {
        std::mem::take(&mut self.state.lock().flush_requested)
    }

    /// Takes out the chunks that are wanted, as if they had never been here; none that is being sent, or is to go.
    pub fn take_out(&self, is_wanted: impl Fn(&SealedChunk) -> bool) -> Vec<QueuedChunk> {
        let taken = self.state.lock().order.take_out(is_wanted);
        if !taken.is_empty() {
            self.drained.notify_all();
        }
        taken
    }

    /// Evicts the oldest session but `current`, whole. [`Self::take_evicted`] takes it out. Gives its id.
    pub fn evict_session(&self, current: Option<&ReplayId>) -> Option<ReplayId> {
        self.state.lock().order.evict_session(current)
    }

    /// Deletes everything that waits. [`Self::take_evicted`] takes it out; until then nothing of it is sent that is not being
    /// sent right now. Gives what it is.
    pub fn delete_all(&self) -> Vec<QueuedChunk> {
        let mut state = self.state.lock();
        let complete = state.order.forget_all_salvaged();
        let deleted = state.order.delete_all();
        drop(state);
        // Outside the lock: it may cost system calls.
        drop(complete);
        deleted
    }

    /// Whether this one was deleted.
    pub fn is_deleted(&self, queued: &QueuedChunk) -> bool {
        self.state.lock().order.is_deleted(queued)
    }

    /// Nothing that waits is written anew before this is dropped.
    pub fn pause_upkeep(&self) -> MutexGuard<'_, ()> {
        self.upkeep.lock()
    }

    /// Takes out what was evicted, and what was deleted, except for what is being sent or written right now: that follows.
    pub fn take_evicted(&self) -> (Vec<QueuedChunk>, Vec<QueuedChunk>) {
        let (evicted, deleted) = self.state.lock().order.take_evicted();
        if !evicted.is_empty() || !deleted.is_empty() {
            self.drained.notify_all();
        }
        (evicted, deleted)
    }

    /// Forgets everything. What is on disk stays there.
    pub fn clear(&self) {
        self.stop_waiting();
        let all = self.state.lock().order.clear();
        // Outside the lock: it may cost system calls.
        drop(all);
    }

    /// Whether something was forgotten that had not been delivered.
    pub fn has_abandoned(&self) -> bool {
        self.state.lock().order.has_abandoned()
    }

    /// Lets nobody wait any longer for anything to be drained: it won't be.
    pub fn stop_waiting(&self) {
        self.state.lock().closed = true;
        self.drained.notify_all();
    }

    /// Waits for something to send, at most until `deadline`.
    pub fn wait_for_work(&self, deadline: Option<Instant>) {
        let mut state = self.state.lock();
        let mut is_over = false;
        while !state.woken && !is_over {
            (state, is_over) = self.work.wait_until(state, deadline);
        }
        state.woken = false;
    }

    /// Releases everything that is here now, and ends a back-off of the sender. Returns the last position of it.
    pub fn request_flush(&self) -> i64 {
        let mut state = self.state.lock();
        let last = state.order.release();
        state.woken = true;
        state.flush_requested = true;
        drop(state);
        self.work.notify_all();
        last
    }

    /// Whether everything up to this position is drained, and nothing was forgotten.
    pub fn is_drained(&self, last: i64) -> bool {
        self.state.lock().order.is_drained(last)
    }

    /// Releases everything that is here now and waits until it is drained. `false` when `deadline`, or the end of all
    /// waiting, came first.
    pub fn wait_until_drained(&self, deadline: Instant) -> bool {
        let last = self.request_flush();
        let mut state = self.state.lock();
        let mut is_over = false;
        while !state.closed && !state.order.is_past(last) && !is_over {
            state.awaited = Some(state.awaited.map_or(last, |awaited| awaited.min(last)));
            (state, is_over) = self.drained.wait_until(state, Some(deadline));
        }
        state.order.is_drained(last)
    }
}
