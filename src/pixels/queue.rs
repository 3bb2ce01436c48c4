//! The way from the host's threads to the encoder: two frames, and never a wait for who hands one over.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::ALL_FRAMES;
use super::slot::Slot;
use super::view::View;
use crate::sync::{Condvar, Mutex};

/// Frames that wait or are encoded: what a kill can take.
const MAX_FRAMES: usize = 2;
/// After so long without a frame their memory is given back.
const IDLE: Duration = Duration::from_secs(10);

/// See the module.
#[derive(Default)]
pub(super) struct Queue {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    /// Emptied, for the next frames.
    free: Vec<Slot>,
    waiting: VecDeque<Taken>,
    /// Frames that a host's thread fills, that wait, or that are encoded.
    in_use: usize,
    /// Frames that were handed over, ever: the number of the last.
    handed_over: u64,
    /// The last that was given out, or is lost.
    done: u64,
    ends: bool,
}

/// A frame on its way.
struct Taken {
    number: u64,
    view: Arc<View>,
    /// When the host handed it over.
    at: Instant,
    slot: Slot,
}

/// A place in the queue. It is given back when this is dropped, also by a panic.
pub(super) struct Place<'q> {
    queue: &'q Queue,
    /// Of the frame in it; 0: none was handed over.
    number: u64,
    slot: Option<Slot>,
}

impl Queue {
    /// A place, if one is free.
    pub fn reserve(&self) -> Option<Place<'_>> {
        let mut state = self.state.lock();
        if state.in_use >= MAX_FRAMES || state.ends {
            return None;
        }
        state.in_use += 1;
        let slot = state.free.pop();
        drop(state);
        Some(Place { queue: self, number: 0, slot: Some(slot.unwrap_or_default()) })
    }

    /// Whether no place is free.
    pub fn is_full(&self) -> bool {
        self.state.lock().in_use >= MAX_FRAMES
    }

    /// Waits until every frame that is handed over by now is done, at the latest until `deadline`. Whether it is.
    pub fn wait_until_done(&self, deadline: Instant) -> bool {
        let mut state = self.state.lock();
        let (last, mut is_late) = (state.handed_over, false);
        while state.done < last && !is_late {
            (state, is_late) = self.changed.wait_until(state, Some(deadline));
        }
        state.done >= last
    }

    /// Whether no frame is under way.
    #[cfg(test)]
    pub fn is_idle(&self) -> bool {
        self.state.lock().in_use == 0
    }

    /// Holds its lock.
    #[cfg(test)]
    pub fn hold(&self) -> impl Sized + '_ {
        self.state.lock()
    }

    /// How many frames were handed over and are not done.
    pub fn waiting(&self) -> u64 {
        let state = self.state.lock();
        state.handed_over - state.done
    }

    /// The last frame that was handed over, unless it is done.
    pub fn under_way(&self) -> Option<u64> {
        let state = self.state.lock();
        (state.done < state.handed_over).then_some(state.handed_over)
    }

    /// The last frame that is done; [`ALL_FRAMES`] where none follows.
    pub fn done(&self) -> u64 {
        let state = self.state.lock();
        if state.is_over() { ALL_FRAMES } else { state.done }
    }

    /// On the encoder's thread: waits for the next frame; with it, when the host handed it over. `None`: it is the end, and none waits any more.
    pub fn next(&self) -> Option<(Place<'_>, Arc<View>, Instant)> {
        let mut state = self.state.lock();
        let mut idle_at = Some(Instant::now() + IDLE);
        loop {
            if let Some(Taken { number, view, at, slot }) = state.waiting.pop_front() {
                return Some((Place { queue: self, number, slot: Some(slot) }, view, at));
            }
            // A host's thread may still hand one over.
            if state.is_over() {
                return None;
            }
            let (after, is_idle) = self.changed.wait_until(state, idle_at);
            state = after;
            if is_idle && state.waiting.is_empty() {
                idle_at = None;
                state.free.iter_mut().for_each(|slot| slot.shrink());
            }
        }
    }

    /// No more frames are taken. What waits is still encoded.
    pub fn end(&self) {
        self.state.lock().ends = true;
        self.changed.notify_all();
    }
}

impl State {
    /// No frame is under way, and none is taken any more.
    fn is_over(&self) -> bool {
        self.ends && self.in_use == 0
    }
}

impl Place<'_> {
    /// What is in it.
    pub fn slot(&mut self) -> &mut Slot {
        // Taken out only by what takes the place itself.
        self.slot.get_or_insert_default()
    }

    /// Hands it to the encoder.
    pub fn push(mut self, view: Arc<View>, at: Instant) {
        if let Some(slot) = self.slot.take() {
            let mut state = self.queue.state.lock();
            state.handed_over += 1;
            let number = state.handed_over;
            state.waiting.push_back(Taken { number, view, at, slot });
            drop(state);
            self.queue.changed.notify_all();
        }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        if let Some(slot) = self.slot.take() {
            let mut state = self.queue.state.lock();
            state.in_use -= 1;
            state.done = state.done.max(self.number);
            state.free.push(slot);
            // Of a frame in which nothing changed nobody has to hear: to wake the encoder takes as long as to compare such a frame.
            if self.number > 0 || state.is_over() {
                self.queue.changed.notify_all();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_frames_are_taken_and_a_third_only_when_one_is_done() {
        let queue = Queue::default();
        let view = Arc::new(View::new(1));
        for _ in 0..2 {
            queue.reserve().unwrap().push(view.clone(), Instant::now());
        }
        assert!(queue.is_full());
        assert!(queue.reserve().is_none());
        let (place, ..) = queue.next().unwrap();
        assert!(queue.reserve().is_none(), "what is encoded counts, too");
        drop(place);
        assert!(!queue.is_full());
        drop(queue.reserve().unwrap());
        assert!(!queue.is_full(), "a place that was not needed is free again");
    }

    #[test]
    fn at_the_end_what_waits_is_still_handed_out_and_nothing_more_is_taken() {
        let queue = Queue::default();
        queue.reserve().unwrap().push(Arc::new(View::new(1)), Instant::now());
        queue.end();
        assert!(queue.reserve().is_none());
        assert!(queue.next().is_some());
        assert!(queue.next().is_none());
    }

    #[test]
    fn what_is_handed_over_is_done_in_its_order_and_everything_at_the_end() {
        let (queue, view) = (Queue::default(), Arc::new(View::new(1)));
        let push = || queue.reserve().unwrap().push(view.clone(), Instant::now());
        assert_eq!((queue.under_way(), queue.done()), (None, 0));
        let reserved = queue.reserve().unwrap();
        assert_eq!(queue.under_way(), None, "a host's thread still compares it");
        reserved.push(view.clone(), Instant::now());
        push();
        let (place, ..) = queue.next().unwrap();
        assert_eq!((queue.under_way(), queue.done(), queue.waiting()), (Some(2), 0, 2), "it is encoded");
        drop(place);
        assert_eq!((queue.under_way(), queue.done()), (Some(2), 1));
        let reserved = queue.reserve().unwrap();
        queue.end();
        drop(queue.next().unwrap());
        assert_eq!((queue.under_way(), queue.done()), (None, 2), "one may follow");
        reserved.push(view.clone(), Instant::now());
        drop(queue.next().expect("what was begun before the end is handed out"));
        assert_eq!((queue.under_way(), queue.done()), (None, ALL_FRAMES));
        assert!(queue.next().is_none());
    }

    /// The system counts how often a thread went to sleep.
    #[cfg(target_os = "linux")]
    #[test]
    fn a_place_that_was_not_needed_wakes_nobody() {
        let queue = Queue::default();
        let (tell, told) = std::sync::mpsc::channel();
        std::thread::scope(|scope| {
            scope.spawn(|| {
                tell.send(std::fs::canonicalize("/proc/thread-self").unwrap()).unwrap();
                assert!(queue.next().is_none());
            });
            let status = told.recv().unwrap().join("status");
            let sleeps = || {
                let status = std::fs::read_to_string(&status).unwrap();
                let of = |name| status.lines().find_map(|line| line.strip_prefix(name)).unwrap().trim();
                of("State:").starts_with('S').then(|| of("voluntary_ctxt_switches:").parse::<u64>().unwrap())
            };
            let once_asleep = || std::iter::repeat_with(sleeps).find_map(|sleeps| sleeps).unwrap();
            let before = once_asleep();
            for _ in 0..100 {
                drop(queue.reserve().unwrap());
                once_asleep();
            }
            let after = once_asleep();
            queue.end();
            // It looks around by itself once it was idle for long.
            assert!(after - before <= 1, "{before} {after}");
        });
    }

    #[test]
    fn a_place_is_used_again_with_its_memory() {
        let queue = Queue::default();
        let mut place = queue.reserve().unwrap();
        place.slot().pixels.reserve(1_000);
        drop(place);
        assert!(queue.reserve().unwrap().slot().pixels.capacity() >= 1_000);
    }
}
