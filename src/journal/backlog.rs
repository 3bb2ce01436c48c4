//! The sequences that wait to be delivered, in order, and who waits for them.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Instant;

use parking_lot::{Condvar, Mutex};

use super::{Sequence, Tally};
use crate::identity::unix_millis;

/// See the module. Its lock is never held across a system call or a wait for one.
#[derive(Default)]
pub(crate) struct Backlog {
    queue: Mutex<Queue>,
    /// Signalled when there may be something to send.
    work: Condvar,
    /// Signalled when something is gone.
    gone: Condvar,
}

#[derive(Default)]
struct Queue {
    waiting: VecDeque<Ticket>,
    last: u64,
    /// Tickets up to this one may be sent.
    released: u64,
    recorded: Tally,
    /// Something happened that the sender should look at.
    nudged: bool,
    /// Somebody waits for everything to be sent.
    hurry: bool,
    /// Nothing is worth waiting for any more.
    over: bool,
    /// Some were forgotten: that they do not wait any more does not mean that they are gone.
    forgot: bool,
    untidied: usize,
}

struct Ticket {
    number: u64,
    sequence: Arc<Sequence>,
    in_flight: bool,
    tidied: bool,
    given_up: bool,
}

impl Backlog {
    /// Adds a sequence behind the others. It may be sent once it is released.
    pub fn push(&self, sequence: Sequence) {
        let mut queue = self.queue.lock();
        queue.last += 1;
        let number = queue.last;
        queue.untidied += 1;
        queue.waiting.push_back(Ticket::new(number, sequence));
    }

    /// Adds what earlier runs left behind, before everything else.
    pub fn push_before_all(&self, sequences: Vec<Sequence>) {
        let mut queue = self.queue.lock();
        for sequence in sequences.into_iter().rev() {
            // Their number is 0: released from the start.
            queue.waiting.push_front(Ticket::new(0, sequence));
        }
        queue.nudged = true;
        self.work.notify_all();
    }

    /// Lets everything be sent that is here now.
    pub fn release(&self) {
        let mut queue = self.queue.lock();
        queue.released = queue.last;
        queue.nudged = true;
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
        let released = queue.released;
        queue
            .waiting
            .iter()
            .rev()
            .take_while(|ticket| ticket.number > released)
            .map(|t| t.sequence.bytes())
            .sum()
    }

    /// Events that wait, released or not.
    pub fn waiting_events(&self) -> u64 {
        self.all().iter().map(|sequence| sequence.waiting()).sum()
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
    /// may be sent. `false` while a thread is still writing its event into one of them.
    pub fn tidy(&self) -> bool {
        let new: Vec<Arc<Sequence>> = {
            let queue = self.queue.lock();
            let untidied = queue.waiting.iter().rev().filter(|ticket| !ticket.tidied).take(queue.untidied);
            untidied.map(|ticket| ticket.sequence.clone()).collect()
        };
        let mut all_settled = true;
        for sequence in new {
            if !sequence.is_settled() {
                all_settled = false;
                continue;
            }
            sequence.trim();
            let tally = sequence.tally();
            let mut queue = self.queue.lock();
            queue.recorded += tally;
            queue.untidied -= 1;
            queue.nudged = true;
            if let Some(at) = queue.position(&sequence) {
                queue.waiting[at].tidied = true;
            }
            self.work.notify_all();
        }
        all_settled
    }

    /// What was recorded by this run, up to the last seal.
    pub fn recorded(&self) -> Tally {
        let queue = self.queue.lock();
        let mut recorded = queue.recorded;
        for ticket in queue.waiting.iter().filter(|ticket| !ticket.tidied) {
            recorded += ticket.sequence.tally();
        }
        recorded
    }

    /// The first sequence that may be sent and is of none of the sessions `held` back.
    pub fn first_due(&self, held: &[String]) -> Option<Arc<Sequence>> {
        let queue = self.queue.lock();
        let due = queue.waiting.iter().take_while(|ticket| ticket.is_due(queue.released));
        due.filter(|ticket| !ticket.given_up)
            .find(|ticket| held.is_empty() || !held.contains(&ticket.sequence.envelope().replay_id()))
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
        for ticket in queue.waiting.iter_mut().skip(start) {
            if !ticket.is_due(released) || ticket.sequence.envelope() != first.envelope() {
                break;
            }
            if bytes >= limit {
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
        for sequence in taken {
            if let Some(at) = queue.position(sequence) {
                queue.waiting[at].in_flight = false;
            }
        }
        for sequence in done {
            if let Some(at) = queue.position(sequence) {
                queue.waiting.remove(at);
            }
        }
        self.gone.notify_all();
    }

    /// Ends every flight: what flew waits again.
    pub fn land_all(&self) {
        self.queue.lock().waiting.iter_mut().for_each(|ticket| ticket.in_flight = false);
    }

    /// When the last chunk that waits of this sequence's session was sealed, in milliseconds since 1970.
    pub fn last_seal_of(&self, sequence: &Sequence) -> u64 {
        let queue = self.queue.lock();
        let same = queue
            .waiting
            .iter()
            .filter(|ticket| ticket.sequence.envelope().is_same_replay(sequence.envelope()));
        same.map(|ticket| unix_millis(ticket.sequence.sealed_at())).max().unwrap_or(0)
    }

    /// Whether somebody asked since the last call that no pause be kept.
    pub fn take_hurry(&self) -> bool {
        std::mem::take(&mut self.queue.lock().hurry)
    }

    /// Gives up the oldest session that `may_go` agrees to, whole. [`Self::take_given_up`] takes it out. Gives
    /// its id.
    pub fn give_up_session(&self, may_go: impl Fn(&Sequence) -> bool) -> Option<String> {
        let mut queue = self.queue.lock();
        let oldest = queue.waiting.iter().find(|ticket| !ticket.given_up && may_go(&ticket.sequence))?;
        let id = oldest.sequence.envelope().replay_id();
        for ticket in &mut queue.waiting {
            ticket.given_up |= ticket.sequence.envelope().replay_id() == id;
        }
        Some(id)
    }

    /// Takes out what was given up, except for what is being sent or written right now: that follows.
    pub fn take_given_up(&self) -> Vec<Arc<Sequence>> {
        let mut queue = self.queue.lock();
        let mut taken = Vec::new();
        queue.waiting.retain(|ticket| {
            let goes = ticket.given_up && ticket.tidied && !ticket.in_flight;
            if goes {
                taken.push(ticket.sequence.clone());
            }
            !goes
        });
        if !taken.is_empty() {
            self.gone.notify_all();
        }
        taken
    }

    /// The first neighbours of one envelope that can be packed together, of at least and at most so many bytes.
    pub fn packable(&self, least: usize, most: usize) -> Option<Vec<Arc<Sequence>>> {
        let queue = self.queue.lock();
        let mut group: Vec<Arc<Sequence>> = Vec::new();
        let mut bytes = 0;
        for ticket in &queue.waiting {
            let sequence = &ticket.sequence;
            let fits = ticket.tidied && !ticket.in_flight && !ticket.given_up && sequence.can_be_packed();
            let joins = group.last().is_none_or(|last| last.envelope() == sequence.envelope());
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
        let last = start + sequences.len() - 1;
        queue.waiting.drain(start..last);
        queue.waiting[start].sequence = packed.clone();
        true
    }

    /// Forgets everything. What is on disk stays there.
    pub fn clear(&self) {
        self.stop_waiting();
        let waiting = {
            let mut queue = self.queue.lock();
            queue.forgot |= !queue.waiting.is_empty();
            std::mem::take(&mut queue.waiting)
        };
        // Outside the lock: it may cost system calls.
        drop(waiting);
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
        while !queue.nudged {
            match deadline {
                None => self.work.wait(&mut queue),
                Some(deadline) => {
                    if self.work.wait_until(&mut queue, deadline).timed_out() {
                        break;
                    }
                }
            }
        }
        queue.nudged = false;
    }

    /// Releases everything that is here now and waits until it is gone. `false` when `deadline`, or the end of all
    /// waiting, came first.
    pub fn wait_until_gone(&self, deadline: Instant) -> bool {
        let mut queue = self.queue.lock();
        queue.released = queue.last;
        queue.nudged = true;
        queue.hurry = true;
        self.work.notify_all();
        let last = queue.last;
        let is_gone = |queue: &Queue| !queue.waiting.iter().any(|ticket| ticket.number <= last);
        while !queue.over && !is_gone(&queue) {
            if self.gone.wait_until(&mut queue, deadline).timed_out() {
                break;
            }
        }
        is_gone(&queue) && !queue.forgot
    }
}

impl Queue {
    /// Where a sequence stands: near the front or the back, as a rule.
    fn position(&self, sequence: &Arc<Sequence>) -> Option<usize> {
        self.waiting.iter().position(|ticket| Arc::ptr_eq(&ticket.sequence, sequence))
    }
}

impl Ticket {
    fn new(number: u64, sequence: Sequence) -> Self {
        Self {
            number,
            sequence: Arc::new(sequence),
            in_flight: false,
            given_up: false,
            // What an earlier run left behind needs no tidying.
            tidied: number == 0,
        }
    }

    fn is_due(&self, released: u64) -> bool {
        self.number <= released && self.tidied
    }
}
