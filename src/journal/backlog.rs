//! The sequences that wait to be delivered, in order, and who waits for them.
//!
//! Ten thousand may wait, and host threads add to them: nothing here that is done for each event, sequence or wake-up looks
//! at all of them. They are sorted by their place, sessions have an index of theirs, and what is asked for often is
//! counted as it changes.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::{Sequence, Tally};
use crate::identity::unix_millis;
use crate::sync::{Condvar, Mutex};

/// See the module. Its lock is never held across a system call or a wait for one.
#[derive(Default)]
pub(crate) struct Backlog {
    queue: Mutex<Queue>,
    /// Signalled when there may be something to send.
    work: Condvar,
    /// Signalled when something is gone.
    gone: Condvar,
}

/// Where a sequence stands: what comes first is smaller. Those of this run count from 1, those of earlier runs down from 0.
pub(super) type Place = i64;

#[derive(Default)]
struct Queue {
    /// Sorted by place.
    waiting: VecDeque<Ticket>,
    /// The places of each session's, by its replay id.
    sessions: HashMap<Arc<str>, BTreeSet<Place>>,
    /// Those that are not tidied.
    untidied: BTreeMap<Place, Untidied>,
    /// Those in which an append did not end in time: it may still.
    rescued: Vec<Untidied>,
    /// Those that are given up and still here.
    given_up: BTreeSet<Place>,
    last: Place,
    /// Up to here they may be sent.
    released: Place,
    /// Before this, nothing is to be packed.
    pack_from: Place,
    /// Recorded by this run, of what is tidied.
    recorded: Tally,
    /// Events still to be delivered, of what is tidied.
    events: u64,
    /// Something happened that the sender should look at.
    nudged: bool,
    /// Somebody waits for everything to be sent.
    hurry: bool,
    /// What earlier runs left behind is not here yet.
    expecting: bool,
    /// Nothing is worth waiting for any more.
    over: bool,
    /// Some were forgotten: that they do not wait any more does not mean that they are gone.
    forgot: bool,
}

struct Untidied {
    sequence: Arc<Sequence>,
    since: Instant,
}

struct Ticket {
    place: Place,
    sequence: Arc<Sequence>,
    replay_id: Arc<str>,
    /// What of it is in [`Queue::events`].
    events: u64,
    in_flight: bool,
    tidied: bool,
    given_up: bool,
}

impl Backlog {
    /// Adds a sequence behind the others. It may be sent once it is released.
    pub fn push(&self, sequence: Sequence) {
        let mut queue = self.queue.lock();
        queue.last += 1;
        let place = queue.last;
        let sequence = Arc::new(sequence);
        queue.untidied.insert(place, Untidied { sequence: sequence.clone(), since: Instant::now() });
        let ticket = queue.ticket(place, sequence);
        queue.waiting.push_back(ticket);
    }

    /// Whoever waits for everything to be sent waits for [`Self::push_before_all`] first.
    pub fn expect_earlier_runs(&self) {
        self.queue.lock().expecting = true;
    }

    /// Whether what earlier runs left behind is still being read.
    pub fn is_expecting(&self) -> bool {
        self.queue.lock().expecting
    }

    /// Adds what earlier runs left behind, before everything else. From now on it counts against the storage limit, and
    /// not sooner: it can be given up only here.
    pub fn push_before_all(&self, sequences: Vec<Sequence>) {
        let mut queue = self.queue.lock();
        for sequence in sequences.into_iter().rev() {
            sequence.count();
            // Released from the start, and in no need of tidying.
            let place = queue.waiting.front().map_or(0, |first| first.place.min(1) - 1);
            let mut ticket = queue.ticket(place, Arc::new(sequence));
            ticket.tidied = true;
            queue.waiting.push_front(ticket);
            queue.recount(0);
        }
        queue.expecting = false;
        queue.nudged = true;
        drop(queue);
        self.work.notify_all();
        self.gone.notify_all();
    }

    /// Lets everything be sent that is here now.
    pub fn release(&self) {
        let mut queue = self.queue.lock();
        queue.released = queue.last;
        queue.nudged = true;
        drop(queue);
        self.work.notify_all();
    }

    /// Wakes the sender without giving it more.
    pub fn nudge(&self) {
        self.queue.lock().nudged = true;
        self.work.notify_all();
    }

    /// Bytes of events that wait for their release.
    pub fn unreleased_bytes(&self) -> usize {
        let queue = self.queue.lock();
        let unreleased = queue.waiting.iter().rev().take_while(|ticket| ticket.place > queue.released);
        unreleased.map(|ticket| ticket.sequence.bytes()).sum()
    }

    /// Events that wait, released or not.
    pub fn waiting_events(&self) -> u64 {
        let queue = self.queue.lock();
        queue.events + queue.untidied.values().map(|new| new.sequence.waiting()).sum::<u64>()
    }

    /// How many sequences wait.
    pub fn len(&self) -> usize {
        self.queue.lock().waiting.len()
    }

    /// Everything that waits.
    pub fn all(&self) -> Vec<Arc<Sequence>> {
        self.queue.lock().waiting.iter().map(|ticket| ticket.sequence.clone()).collect()
    }

    /// Gives back the room that newly sealed chunks do not need and counts what is in them; only then they
    /// may be sent. While a thread is still writing its event into one of them: how soon to look again. One that does not
    /// end within `patience` is waited for no longer: its thread died, and must not hold up the others.
    pub fn tidy(&self, patience: Duration) -> Option<Duration> {
        let new: Vec<_> = {
            let queue = self.queue.lock();
            queue
                .untidied
                .iter()
                .map(|(place, new)| (*place, new.sequence.clone(), new.since.elapsed()))
                .collect()
        };
        let mut again: Option<Duration> = None;
        for (place, sequence, unsettled) in new {
            if !sequence.is_settled() {
                let is_over = unsettled >= patience;
                // What can't be read now is tried for as long again, some times.
                if !is_over || !sequence.rescue(unsettled >= patience.saturating_mul(6)) {
                    let soon = look_again_after(unsettled);
                    again = Some(again.map_or(soon, |again| again.min(soon)));
                    continue;
                }
                let late = Untidied { sequence: sequence.clone(), since: Instant::now() };
                self.queue.lock().rescued.push(late);
            }
            sequence.trim();
            let tally = sequence.tally();
            let mut queue = self.queue.lock();
            // Another thread may have been here at the same time.
            if queue.untidied.remove(&place).is_none() {
                continue;
            }
            queue.recorded += tally;
            let is_empty = tally.events == 0;
            if let Some(at) = queue.at(place) {
                queue.waiting[at].tidied = true;
                queue.recount(at);
                if is_empty {
                    queue.remove(at);
                }
            }
            let is_released = place <= queue.released;
            queue.nudged |= is_released;
            drop(queue);
            if is_released {
                self.work.notify_all();
            }
            if is_empty {
                self.gone.notify_all();
                // A chunk that nothing was recorded into is nothing to wait with.
                sequence.remove();
            }
        }
        again
    }

    /// Those in which an append did not end in time, and had not by the last look.
    pub fn rescued(&self) -> Vec<Arc<Sequence>> {
        self.queue.lock().rescued.iter().map(|late| late.sequence.clone()).collect()
    }

    /// How soon to look again whether it has: less and less often.
    pub fn late_left(&self) -> Option<Duration> {
        let queue = self.queue.lock();
        queue.rescued.iter().map(|late| look_for_late_after(late.since.elapsed())).min()
    }

    /// Forgets those of them in which every append has ended by now.
    pub fn forget_complete(&self) {
        // Both the look and the end of what is forgotten come outside of the lock: they take longer.
        let is_complete = |sequence: &Arc<Sequence>| sequence.chunk().is_none_or(|chunk| chunk.is_complete());
        let complete: Vec<_> = self.rescued().into_iter().filter(is_complete).collect();
        if !complete.is_empty() {
            let is_open = |late: &Untidied| !complete.iter().any(|it| Arc::ptr_eq(it, &late.sequence));
            self.queue.lock().rescued.retain(is_open);
        }
    }

    /// What was recorded by this run, up to the last seal.
    pub fn recorded(&self) -> Tally {
        let queue = self.queue.lock();
        let mut recorded = queue.recorded;
        queue.untidied.values().for_each(|new| recorded += new.sequence.tally());
        recorded
    }

    /// The first sequence that may be sent and is of none of the sessions `held` back.
    pub fn first_due(&self, held: &[String]) -> Option<Arc<Sequence>> {
        let queue = self.queue.lock();
        let due = queue.waiting.iter().take_while(|ticket| ticket.is_due(queue.released));
        due.filter(|ticket| !ticket.given_up)
            .find(|ticket| !held.iter().any(|held| **held == *ticket.replay_id))
            .map(|ticket| ticket.sequence.clone())
    }

    /// Takes `first` and those behind it that go under the same envelope, up to about `limit` bytes. They are
    /// in flight until [`Self::land`].
    pub fn take_off(&self, first: &Arc<Sequence>, limit: usize) -> Vec<Arc<Sequence>> {
        let mut queue = self.queue.lock();
        let released = queue.released;
        let Some(start) = queue.position(first) else {
            return Vec::new();
        };
        let mut bytes = 0;
        let mut taken = Vec::new();
        for ticket in queue.waiting.range_mut(start..) {
            if !ticket.is_due(released) || !ticket.sequence.goes_with(first) || bytes >= limit {
                break;
            }
            bytes += ticket.sequence.bytes();
            ticket.in_flight = true;
            taken.push(ticket.sequence.clone());
        }
        taken
    }

    /// Ends the flight of what [`Self::take_off`] gave: what is `done` leaves the backlog, the rest waits again.
    pub fn land(&self, taken: &[Arc<Sequence>], done: &[Arc<Sequence>]) {
        let mut queue = self.queue.lock();
        for sequence in done {
            if let Some(at) = queue.position(sequence) {
                queue.remove(at);
            }
        }
        for sequence in taken {
            if let Some(at) = queue.position(sequence) {
                queue.waiting[at].in_flight = false;
                queue.pack_from = queue.pack_from.min(sequence.place());
                queue.recount(at);
            }
        }
        drop(queue);
        self.gone.notify_all();
    }

    /// Ends every flight: what flew waits again.
    pub fn land_all(&self) {
        let mut queue = self.queue.lock();
        queue.waiting.iter_mut().for_each(|ticket| ticket.in_flight = false);
        queue.pack_from = Place::MIN;
    }

    /// When the last chunk that waits of this sequence's session was sealed, in milliseconds since 1970.
    pub fn last_seal_of(&self, sequence: &Sequence) -> u64 {
        let queue = self.queue.lock();
        let replay_id = sequence.envelope().replay_id();
        let places = queue.sessions.get(replay_id.as_str()).into_iter().flatten();
        let same = places.filter_map(|place| Some(&queue.waiting[queue.at(*place)?].sequence));
        let same = same.filter(|other| other.envelope().is_same_replay(sequence.envelope()));
        same.map(|other| unix_millis(other.sealed_at())).max().unwrap_or(0)
    }

    /// Whether somebody asked since the last call that no pause be kept.
    pub fn take_hurry(&self) -> bool {
        std::mem::take(&mut self.queue.lock().hurry)
    }

    /// Gives up the oldest session but `current`, whole. [`Self::take_given_up`] takes it out. Gives its id.
    pub fn give_up_session(&self, current: Option<&str>) -> Option<String> {
        let mut queue = self.queue.lock();
        let may_go = |ticket: &&Ticket| !ticket.given_up && Some(&*ticket.replay_id) != current;
        let id = queue.waiting.iter().find(may_go)?.replay_id.clone();
        for place in queue.sessions.get(&id).cloned().into_iter().flatten() {
            queue.given_up.insert(place);
            if let Some(at) = queue.at(place) {
                queue.waiting[at].given_up = true;
            }
        }
        Some(id.as_ref().to_owned())
    }

    /// Takes out what was given up, except for what is being sent or written right now: that follows.
    pub fn take_given_up(&self) -> Vec<Arc<Sequence>> {
        let mut queue = self.queue.lock();
        let mut taken = Vec::new();
        let given_up: Vec<Place> = queue.given_up.iter().copied().collect();
        for place in given_up {
            let Some(at) = queue.at(place) else { continue };
            if queue.waiting[at].tidied && !queue.waiting[at].in_flight {
                taken.extend(queue.remove(at));
            }
        }
        drop(queue);
        if !taken.is_empty() {
            self.gone.notify_all();
        }
        taken
    }

    /// The first neighbours of one envelope that can be packed together, of at least and at most so many bytes.
    pub fn packable(&self, least: usize, most: usize) -> Option<Vec<Arc<Sequence>>> {
        let mut queue = self.queue.lock();
        let start = queue.waiting.partition_point(|ticket| ticket.place < queue.pack_from);
        let mut group: Vec<Arc<Sequence>> = Vec::new();
        let (mut bytes, mut not_yet) = (0, None);
        for ticket in queue.waiting.range(start..) {
            let sequence = &ticket.sequence;
            let is_ready = ticket.tidied && !ticket.in_flight;
            if !is_ready && not_yet.is_none() {
                not_yet = group.first().map(|first| first.place()).or(Some(ticket.place));
            }
            let fits = is_ready && !ticket.given_up && sequence.can_be_packed();
            let joins = group.last().is_none_or(|last| last.goes_with(sequence));
            if !fits || !joins || bytes + sequence.bytes() > most {
                if bytes >= least {
                    break;
                }
                group.clear();
                bytes = 0;
            }
            if fits {
                bytes += sequence.bytes();
                group.push(sequence.clone());
            }
        }
        // What was passed over is never packed, but for what is not ready yet; those at the end wait for more.
        let open = not_yet.or(group.first().map(|first| first.place()));
        queue.pack_from = open.unwrap_or(queue.last + 1);
        (bytes >= least).then_some(group)
    }

    /// Puts `packed` in the place of `sequences`. `false` when they are not all there any more.
    pub fn replace(&self, sequences: &[Arc<Sequence>], packed: &Arc<Sequence>) -> bool {
        let mut queue = self.queue.lock();
        let Some(start) = sequences.first().and_then(|first| queue.position(first)) else {
            return false;
        };
        let mut there = queue.waiting.range(start..).zip(sequences);
        let usable = |(ticket, sequence): (&Ticket, &Arc<Sequence>)| {
            Arc::ptr_eq(&ticket.sequence, sequence) && !ticket.in_flight && !ticket.given_up
        };
        if queue.waiting.len() - start < sequences.len() || !there.all(usable) {
            return false;
        }
        for sequence in &sequences[1..] {
            if let Some(at) = queue.position(sequence) {
                queue.remove(at);
            }
        }
        packed.set_place(sequences[0].place());
        queue.waiting[start].sequence = packed.clone();
        queue.recount(start);
        true
    }

    /// Forgets everything. What is on disk stays there.
    pub fn clear(&self) {
        self.stop_waiting();
        let mut queue = self.queue.lock();
        queue.forgot |= !queue.waiting.is_empty();
        queue.sessions.clear();
        queue.given_up.clear();
        queue.events = 0;
        let all = (std::mem::take(&mut queue.waiting), std::mem::take(&mut queue.untidied));
        let late = std::mem::take(&mut queue.rescued);
        drop(queue);
        drop(late);
        // Outside the lock: it may cost system calls.
        drop(all);
    }

    /// Whether something was forgotten that had not been delivered.
    pub fn has_forgotten(&self) -> bool {
        self.queue.lock().forgot
    }

    /// Lets nobody wait any longer for anything to be gone: it won't be.
    pub fn stop_waiting(&self) {
        self.queue.lock().over = true;
        self.gone.notify_all();
    }

    /// Waits for something to send, at most until `deadline`.
    pub fn wait_for_work(&self, deadline: Option<Instant>) {
        let mut queue = self.queue.lock();
        let mut is_over = false;
        while !queue.nudged && !is_over {
            (queue, is_over) = self.work.wait_until(queue, deadline);
        }
        queue.nudged = false;
    }

    /// Releases everything that is here now, and lets the sender make haste. Gives the last place of it.
    pub fn release_in_haste(&self) -> i64 {
        let mut queue = self.queue.lock();
        queue.released = queue.last;
        queue.nudged = true;
        queue.hurry = true;
        let last = queue.last;
        drop(queue);
        self.work.notify_all();
        last
    }

    /// Whether everything up to this place is gone, and nothing was forgotten.
    pub fn is_gone(&self, last: i64) -> bool {
        let queue = self.queue.lock();
        queue.is_gone(last) && !queue.forgot
    }

    /// Releases everything that is here now and waits until it is gone. `false` when `deadline`, or the end of all
    /// waiting, came first.
    pub fn wait_until_gone(&self, deadline: Instant) -> bool {
        let last = self.release_in_haste();
        let mut queue = self.queue.lock();
        let mut is_over = false;
        while !queue.over && !queue.is_gone(last) && !is_over {
            (queue, is_over) = self.gone.wait_until(queue, Some(deadline));
        }
        queue.is_gone(last) && !queue.forgot
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

impl Queue {
    fn is_gone(&self, last: Place) -> bool {
        !self.expecting && self.waiting.front().is_none_or(|first| first.place > last)
    }

    fn ticket(&mut self, place: Place, sequence: Arc<Sequence>) -> Ticket {
        let replay_id: Arc<str> = sequence.envelope().replay_id().into();
        self.sessions.entry(replay_id.clone()).or_default().insert(place);
        sequence.set_place(place);
        Ticket { place, sequence, replay_id, events: 0, in_flight: false, tidied: false, given_up: false }
    }

    /// The index of the sequence with this place.
    fn at(&self, place: Place) -> Option<usize> {
        self.waiting.binary_search_by_key(&place, |ticket| ticket.place).ok()
    }

    /// The index of this sequence, if it is still here.
    fn position(&self, sequence: &Arc<Sequence>) -> Option<usize> {
        self.at(sequence.place()).filter(|at| Arc::ptr_eq(&self.waiting[*at].sequence, sequence))
    }

    /// Counts the events of a tidied sequence anew.
    fn recount(&mut self, at: usize) {
        let ticket = &mut self.waiting[at];
        let events = if ticket.tidied { ticket.sequence.waiting() } else { 0 };
        self.events = self.events - ticket.events + events;
        ticket.events = events;
    }

    fn remove(&mut self, at: usize) -> Option<Arc<Sequence>> {
        let ticket = self.waiting.remove(at)?;
        self.events -= ticket.events;
        self.given_up.remove(&ticket.place);
        if let Some(places) = self.sessions.get_mut(&ticket.replay_id) {
            places.remove(&ticket.place);
            if places.is_empty() {
                self.sessions.remove(&ticket.replay_id);
            }
        }
        Some(ticket.sequence)
    }
}

impl Ticket {
    fn is_due(&self, released: Place) -> bool {
        self.place <= released && self.tidied
    }
}

#[cfg(test)]
mod tests {
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
